"""What the sheets of the working paper hold: columns as the dictionary has them, and rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from audit_utils import decisions, dictionary, manifest
from audit_utils.decisions import Decision, Leftover
from audit_utils.dictionary import Column
from audit_utils.errors import AuditError
from audit_utils.language import _, current
from audit_utils.precision import OUTCOMES
from audit_utils.report import text
from audit_utils.report.data import Project, Row, Year
from audit_utils.report.wording import told

_TABLES = dictionary.TABLES | {f"workbook {n}": one for n, one in dictionary.WORKBOOK.items()}
_NAMES = {
    "findings": "疑点", "checks": "检查", "projects": "项目", "indicators": "指标",
    "rules": "规则", "sources": "来源",
}  # fmt: skip
_SHOWN = 60
"""Characters of a parameter beside its rule; all of it stands among the sources."""


@dataclass(frozen=True, slots=True)
class Word:
    """A code in the reader's word; the code chooses its colour."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a page beside the workbook."""

    text: str
    page: str


Value = str | int | Decimal | bool | date | Word | Link | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet: what the dictionary says of it, and how wide it may become.

    `key` finds its value in a row; `printed` says whether it belongs to the printed pages.
    """

    column: Column
    widest: int
    key: str
    printed: bool = True

    @property
    def head(self) -> str:
        """The head of the column in the language in use."""
        return (
            self.column.zh if current() == "zh" else self.column.name.replace("_", " ").capitalize()
        )

    @property
    def note(self) -> str:
        """What stands behind the head: the name in the tables, and the English description."""
        unit = f" ({self.column.unit})" if self.column.unit else ""
        return f"{self.column.name}{unit}\n{self.column.en}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the working paper; the rows come one by one, with the keys of the fields."""

    name: str
    description: str
    fields: tuple[Field, ...]
    rows: Callable[[], Iterable[Mapping[str, Value]]]


def field(table: str, name: str, widest: int = 12, key: str = "", printed: bool = True) -> Field:
    """The field of a column that the dictionary has in this table."""
    (column,) = (one for one in _TABLES[table].columns if one.name == name)
    return Field(column, widest, key or name, printed)


def named(sheet: str) -> str:
    """The name of a sheet in the language in use; in English that of its table."""
    return _NAMES[sheet] if current() == "zh" else sheet.capitalize()


def said(table: str) -> str:
    """What a table holds, in the language in use."""
    known = _TABLES[table]
    return known.description_zh if current() == "zh" else known.description_en


def _beside(table: str, *names: str, widest: int = 12) -> tuple[Field, ...]:
    """Fields that stand to the right of what is printed."""
    return tuple(field(table, name, widest, printed=False) for name in names)


def sheets(year: Year) -> list[Sheet]:
    """The sheets that are one table each: findings, checks, projects, indicators, rules."""
    makers = (_findings, _checks, _projects, _indicators, _rules)
    return [make(year) for make in makers]


# ---- findings and checks


def _findings(year: Year) -> Sheet:
    decided = "workbook decisions"
    return Sheet(
        named("findings"),
        said("findings"),
        (
            field("findings", "severity", 8),
            field("findings", "rule", 7),
            field("projects", "name", 20, "project"),
            field("findings", "condition", 38),
            field("findings", "expected", 14),
            field("findings", "difference", 14),
            field("findings", "cause", 18),
            field("findings", "criteria", 28),
            field("findings", "document", 18),
            field("findings", "page", 6),
            field("findings", "line_start", 8),
            field(decided, "disposition", 10),
            field(decided, "reason", 20),
            field(decided, "who", 10),
            field(decided, "date", 11),
            field(decided, "until", 11),
            *_beside("findings", "line_end", "address"),
            *_beside("findings", "working", "basis", widest=50),
            *_beside("findings", "inferred", "table", "row", "column", widest=20),
            *_beside("findings", "finding_id", "project_id", widest=60),
        ),
        lambda: (_finding(project, one) for project in year.projects for one in project.findings),
    )


def _finding(project: Project, finding: Row) -> Mapping[str, Value]:
    return finding | {
        "severity": severity(finding["severity"]),
        "project": Link(_name(project), f"projects/{project.id}.html#f{finding['number']}"),
        **_decided(finding["decision"]),
    }


def _decided(decision: Decision | None) -> dict[str, Value]:
    if decision is None:
        return dict.fromkeys(("disposition", "reason", "who", "date", "until"))
    return {
        "disposition": Word(decision.disposition, _(text.DISPOSITIONS[decision.disposition])),
        "reason": decision.reason,
        "who": decision.who,
        "date": decision.date,
        "until": decision.until,
    }


def _name(project: Project) -> str:
    return str(project.row["name"] or project.id)


def severity(code: str) -> Word:
    """The word of a severity."""
    return Word(code, text.SEVERITIES[code].word)


def _checks(year: Year) -> Sheet:
    return Sheet(
        named("checks"),
        said("checks"),
        (
            field("projects", "name", 34, "project"),
            field("checks", "rule", 7),
            field("workbook rules", "title", 34),
            field("checks", "outcome", 12),
            field("checks", "applied", 8),
            field("checks", "passed", 8),
            field("checks", "reason", 60),
            *_beside("checks", "project_id", widest=20),
        ),
        lambda: (_check(year, project, one) for project in year.projects for one in project.checks),
    )


def _check(year: Year, project: Project, check: Row) -> Mapping[str, Value]:
    rule = year.rules.get(check["rule"])
    label = text.OUTCOMES.get(check["outcome"])
    outcome = Word(check["outcome"], label.word if label else check["outcome"])
    return check | {
        "project": _name(project),
        "title": rule.title.said if rule else None,
        "outcome": outcome,
    }


# ---- projects and indicators


def _projects(year: Year) -> Sheet:
    money = ("initial_budget", "annual_budget", "executed", "annual_request")
    counts = ("critical", "warning", "info", "decided")
    return Sheet(
        named("projects"),
        said("projects"),
        (
            field("projects", "name", 36, "project"),
            field("projects", "unit", 30),
            field("projects", "form", 22),
            *(field("funds", name, 20) for name in money),
            field("funds", "execution_rate", 10),
            field("funds", "weight", 8),
            field("funds", "score", 8),
            field("projects", "total_weight", 8),
            field("projects", "total_score", 8),
            *(field("workbook counts", name, 8) for name in counts),
            *_beside("projects", "year", "department", "nature", "category", widest=24),
            *_beside("projects", "start_date", "end_date"),
            *_beside("projects", "project_total", widest=20),
            *_beside("projects", "objective_expected", "objective_actual", widest=50),
            *_beside("projects", "objective_overall", "objective_annual", widest=50),
            *_beside("projects", "document", "seq", "line_start", "line_end", widest=30),
            *_beside("projects", "project_id", widest=20),
        ),
        lambda: map(_project, year.projects),
    )


def _project(project: Project) -> Mapping[str, Value]:
    total = project.funds.get("total", {})
    return {
        **{name: total.get(name) for name in dictionary.TABLES["funds"].names},
        **project.row,
        "project": Link(_name(project), f"projects/{project.id}.html"),
        "form": _(text.FORMS[project.row["form"]]),
        "start_date": _day(project.row["start_date"]),
        "end_date": _day(project.row["end_date"]),
        **{code: project.severities[code] for code in text.SEVERITIES},
        "decided": len(project.settled),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _indicators(year: Year) -> Sheet:
    target = ("kind", "operator", "value", "high", "unit")
    actual = ("kind", "operator", "value", "unit")
    return Sheet(
        named("indicators"),
        said("indicators"),
        (
            field("projects", "name", 26, "project"),
            field("indicators", "ordinal", 6),
            field("indicators", "level1", 12),
            field("indicators", "level2", 18),
            field("indicators", "name", 30),
            field("indicators", "target", 20),
            field("indicators", "actual", 20),
            field("indicators", "weight", 8),
            field("indicators", "score", 8),
            field("indicators", "deviation_reason", 36),
            *_beside("indicators", *(f"target_{one}" for one in target)),
            *_beside("indicators", *(f"actual_{one}" for one in actual)),
            *_beside("indicators", "line_start", "line_end"),
            *_beside("indicators", "project_id", widest=20),
        ),
        lambda: (
            indicator | {"project": _name(project)}
            for project in year.projects
            for indicator in project.indicators
        ),
    )


# ---- rules


def _rules(year: Year) -> Sheet:
    rules = "workbook rules"
    return Sheet(
        named("rules"),
        said("workbook rules"),
        (
            field(rules, "rule", 7),
            field(rules, "severity", 8),
            field(rules, "form", 22),
            field(rules, "title", 24),
            field(rules, "criteria", 46),
            field(rules, "basis", 30),
            field(rules, "parameters", 30),
            *(field(rules, code, 9) for code in OUTCOMES),
        ),
        lambda: _rule_rows(year),
    )


def _rule_rows(year: Year) -> Iterator[Mapping[str, Value]]:
    outcomes: dict[str, Counter[str]] = {}
    for project in year.projects:
        for check in project.checks:
            outcomes.setdefault(check["rule"], Counter())[check["outcome"]] += 1
    for code in sorted({*year.rules, *outcomes}):
        rule, counts = year.rules.get(code), outcomes.get(code, Counter())
        known: dict[str, Value] = dict.fromkeys(dictionary.WORKBOOK["rules"].names)
        if rule:
            known |= {
                "severity": severity(rule.severity),
                "form": _(text.FORMS[rule.form]),
                "title": rule.title.said,
                "criteria": rule.criteria.said,
                "basis": str(rule.basis),
                "parameters": _in_force(year, rule.parameters),
            }
        yield known | {"rule": code} | {one: counts[one] for one in OUTCOMES}


def _in_force(year: Year, names: Iterable[str]) -> str:
    settings = [year.settings[name] for name in names if name in year.settings]
    return "\n".join(
        f"{one.parameter.name} = "
        + text.shorten(text.parameter(one.parameter.unit, one.value), _SHOWN)
        for one in settings
    )


# ---- sources: several short tables on one sheet


def sources(year: Year, others: Iterable[Mapping[str, Value]]) -> list[Sheet]:
    """Where it all comes from: documents, problems, stale decisions, parameters, sheets.

    `others` are rows about the other sheets.
    """
    about = ("disposition", "who", "date", "until", "place")
    return [
        _source("documents", ("document", "sha256", "form", "kind", "forms", "pages", "bytes"),
                map(_document, year.documents)),
        _source("problems", ("document", "message", "text", "page", "line_start", "line_end",
                             "address", "project_id"), map(_problem, year.problems)),
        _source("workbook decisions", ("finding", "why", "reason", *about),
                [*map(_stale, year.stale), *map(_broken, year.review.errors)]),
        _source("workbook parameters", ("name", "value", "meaning", "default"),
                [*_settings(year), *_versions(year)]),
        _source("workbook sheets", ("sheet", "description", "rows"), others),
    ]  # fmt: skip


def _source(table: str, names: Iterable[str], rows: Iterable[Mapping[str, Value]]) -> Sheet:
    """A short table; the widths of its columns fit the others on its sheet."""
    widths = (34, 66, 36, 20, 14, 12, 12, 30)
    fields = (field(table, *one) for one in zip(names, widths, strict=False))
    return Sheet(said(table), "", tuple(fields), lambda: rows)


def _document(document: Row) -> Mapping[str, Value]:
    return document | {"form": _(text.FORMS[document["form"]]) if document["form"] else None}


def _problem(problem: Row) -> Mapping[str, Value]:
    return problem | {"message": told(problem["message"])}


def _stale(left: Leftover) -> Mapping[str, Value]:
    one = left.decision
    about = " ".join(filter(None, (one.finding, one.rule, one.project, one.row)))
    why = _(text.LEFT_OVER[left.why])
    return _decided(one) | {"finding": about, "place": one.place, "why": why}


def _broken(error: AuditError) -> Mapping[str, Value]:
    file = Path(error.path or "")
    line = f":{error.line}" if error.line else ""
    return {"why": told(error.message), "place": f"{file.parent.name}/{file.name}{line}"}


def _settings(year: Year) -> Iterator[Mapping[str, Value]]:
    for setting in year.settings.values():
        known = setting.parameter
        yield {
            "name": known.name,
            "meaning": known.text.said,
            "value": text.parameter(known.unit, setting.value),
            "default": text.parameter(known.unit, known.default) if setting.own else None,
        }


def _versions(year: Year) -> Iterator[Mapping[str, Value]]:
    if year.review.day:
        meaning = _("有期限的处理意见以这一天为准")
        yield {"name": decisions.AS_OF, "meaning": meaning, "value": year.review.day.isoformat()}
    for name, version in manifest.versions().items():
        yield {"name": name, "meaning": _("程序版本"), "value": version}
