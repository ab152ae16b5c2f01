"""The page of the whole rulebook: what every rule asks for, examples, and what it found."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_utils import batches, cases, rulebook
from audit_utils.cases import Case, CaseFile
from audit_utils.language import Language
from audit_utils.parameters import Setting
from audit_utils.report import data, text
from audit_utils.report.html import Html, render
from audit_utils.rulebook import Rule

SHOWN = {"pass": 3, "fail": 3, "rounding": 2, "cannot_evaluate": 2, "not_applicable": 1}
"""How many examples of each outcome stand on the page; the case file has them all."""
PROJECTS = 20
FORCES = {"binding": "应当遵守", "guidance": "指导性", "form": ""}
OWN = {"year": "年度", "money_unit": "金额单位"}


@dataclass(frozen=True)
class Book:
    """All rules with their cases and the parameters in force, and the year they were used on."""

    year: data.Year
    rules: list[Rule]
    settings: Mapping[str, Setting]
    files: Mapping[str, CaseFile]
    clean: Mapping[str, Mapping[str, Any]]

    def of(self, form: str) -> list[Rule]:
        """The rules of one form in the order of their codes."""
        return sorted((rule for rule in self.rules if rule.form == form), key=lambda r: r.code)


def load(
    processed: Path | str,
    year: int,
    expectations: Path | str,
    examples: Path | str,
    language: Language | None = None,
) -> Book:
    """The rulebook of `expectations` with the results of a year and the cases in `examples`.

    `language` is as for `data.load`.  A rule without a case file has no examples.
    AuditError: tables or rules that cannot be used.
    """
    folder, suites = Path(examples), Path(expectations)
    files = [cases.read(path)[0] for path in cases.paths(folder)]
    forms = {file.form for file in files if file}
    known = data.load(processed, year, expectations, language)
    return Book(
        year=known,
        rules=rulebook.rules(suites),
        settings=known.settings,
        files={file.rule: file for file in files if file},
        clean={form: cases.clean(folder, form) for form in forms},
    )


def head(book: Book) -> Html:
    """What the page is about, and the number of rules by severity."""
    return render(
        "rules_head",
        year=book.year.year,
        count=len(book.rules),
        severities=Counter(rule.severity for rule in book.rules),
        examples=sum(len(file.cases) for file in book.files.values()),
        unverified=sum(1 for rule in book.rules if not rule.basis.verified),
        forms=[(label, len(book.of(form))) for form, label in text.FORMS.items()],
    )


def contents(book: Book) -> Html:
    """Every rule in one line, with what it came to this year."""
    groups = [
        {
            "label": label,
            "used": any(project.row["form"] == form for project in book.year.projects),
            "rows": [
                {"rule": rule, "outcomes": _outcomes(book, rule.code)} for rule in book.of(form)
            ],
        }
        for form, label in text.FORMS.items()
    ]
    return render("rules_contents", groups=groups, broken=list(_broken(book)))


def _outcomes(book: Book, code: str) -> Counter[str]:
    return Counter(
        check["outcome"]
        for project in book.year.projects
        for check in project.checks
        if check["rule"] == code
    )


def _broken(book: Book) -> Iterator[tuple[str, str]]:
    """Codes of the year's results that no entry of the suites has, with what was said."""
    known = {rule.code for rule in book.rules}
    told: dict[str, str] = {}
    for project in book.year.projects:
        for check in project.checks:
            if check["rule"] not in known:
                told.setdefault(check["rule"], check["reason"] or "")
    yield from sorted(told.items())


def parameters(book: Book) -> Html:
    """The thresholds in force, where each comes from, and which rules use it."""
    rows = [
        {
            "setting": one,
            "value": text.parameter(one.parameter.unit, one.value),
            "default": text.parameter(one.parameter.unit, one.parameter.default),
            "rules": sorted(rule.code for rule in book.rules if name in rule.parameters),
        }
        for name, one in book.settings.items()
    ]
    return render("rules_parameters", rows=rows)


def rules(book: Book, form: str) -> Html:
    """Each rule of a form: criteria, basis, parameters, examples, and where it failed."""
    return render("rules_book", rules=[_rule(book, rule) for rule in book.of(form)])


def _rule(book: Book, rule: Rule) -> dict[str, Any]:
    found = [
        (project, number)
        for project in book.year.projects
        if (number := sum(1 for one in project.findings if one["rule"] == rule.code))
    ]
    return {
        "rule": rule,
        "force": FORCES[rule.basis.force],
        "settings": [
            {"name": one.parameter.text.zh, "own": one.own,
             "value": text.parameter(one.parameter.unit, one.value)}
            for name in rule.parameters if (one := book.settings.get(name))
        ],
        "outcomes": _outcomes(book, rule.code),
        "findings": sum(number for _, number in found),
        "found": found[:PROJECTS],
        "touched": len(found),
        "examples": list(_examples(book, rule)),
        "cases": len(book.files[rule.code].cases) if rule.code in book.files else 0,
        "written": json.dumps(
            {"type": rule.expectation, "kwargs": rule.kwargs}, ensure_ascii=False, indent=1
        ),
    }  # fmt: skip


# ---- examples


def _examples(book: Book, rule: Rule) -> Iterator[dict[str, Any]]:
    """The first few examples of each outcome, those that pass first."""
    file = book.files.get(rule.code)
    of_outcome: dict[str, list[Case]] = {outcome: [] for outcome in SHOWN}
    for case in file.cases if file else ():
        of_outcome[case.outcomes[-1]].append(case)
    for outcome, some in of_outcome.items():
        for case in some[: SHOWN[outcome]]:
            yield {
                "outcome": outcome,
                "differs": list(_differences(case, book.clean[rule.form])),
                "told": list(_told(case)),
            }


def _told(case: Case) -> Iterator[str]:
    """What the rule says to the example, as far as its case file has it."""
    for finding in case.findings or ():
        due = finding.get("expected") or ""
        as_due = due if due.startswith("应") else f"应为 {due}" if due else ""
        if pieces := [one for one in (finding.get("condition"), as_due) if one]:
            yield "；".join(pieces)
    if case.reason:
        yield case.reason


def _differences(case: Case, clean: Mapping[str, Any]) -> Iterator[str]:
    """How the forms of a case differ from the one without any fault, in words."""
    for path, printed in case.change.items():
        yield _change(path.split("."), printed, clean)
    for path in case.without:
        yield _lack(path.split("."))
    for path in case.inferred:
        yield f"推定：{_name(path.split('.'))}"
    for other in case.also:
        pieces = "；".join(_change(path.split("."), text, clean) for path, text in other.items())
        yield f"另有一张表{f'：{pieces}' if pieces else '，填得一样'}"
    for name, given in case.parameters.items():
        yield f"参数 {name} 设为 {given}"


def _change(path: list[str], printed: Any, clean: Mapping[str, Any]) -> str:
    if path[0] in OWN:
        return f"{OWN[path[0]]} {clean[path[0]]} → {printed}"
    if isinstance(printed, dict):
        return f"增加一项指标：{'，'.join(_filled(printed.values()))}"
    row: Any = clean[path[0]]
    for key in path[1:-1]:
        row = _at(row, key)
    before = row.get(path[-1]) if row else None
    return f"{_name(path)}{_shown(before)} → {_shown(printed)}"


def _at(rows: Any, key: str) -> Any:
    """A row of the clean form; None for an indicator that the case itself adds."""
    if isinstance(rows, list):
        return rows[int(key) - 1] if int(key) <= len(rows) else None
    return rows.get(key)


def _filled(texts: Iterable[Any]) -> Iterator[str]:
    return (str(text) for text in texts if text is not None)


def _shown(printed: Any) -> str:
    return "（空）" if printed is None else f"“{printed}”"


def _name(path: list[str]) -> str:
    """A cell as the forms call it."""
    table, *rows, column = path
    name = batches.label(batches.address(column, table))
    if rows == ["total"] and column in ("weight", "score"):
        return f"预算执行{name}"
    if table == "indicators":
        return f"第 {rows[0]} 项{name}" if rows else f"各项{name}"
    if rows and rows[0] != "total":
        return f"{batches.SOURCES[rows[0]]}·{name}"
    return name


def _lack(path: list[str]) -> str:
    if len(path) == 1:
        return "没有指标"
    if path[0] == "funds" and len(path) == 2:
        return f"没有“{batches.SOURCES[path[1]]}”一行"
    if path[0] == "indicators" and path[1].isdigit() and len(path) == 2:
        return f"没有第 {path[1]} 项指标"
    if path[0] == "indicators" and len(path) == 2:
        return f"指标表没有“{_name(path).removeprefix('各项')}”一栏"
    return f"没有“{_name(path)}”一格"
