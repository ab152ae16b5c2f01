"""The tables of a year as a report needs them: rows of one project, found by its id."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from audit_utils import decisions, endings, rulebook, tables
from audit_utils.decisions import Leftover, Review
from audit_utils.dictionary import RECORDS, RESULTS
from audit_utils.errors import AuditError
from audit_utils.language import DEFAULT, Language, current, use
from audit_utils.parameters import Setting, in_force
from audit_utils.report.quotes import Source
from audit_utils.report.text import OUTCOMES, SEVERITIES

Row = dict[str, Any]


@dataclass(frozen=True)
class Project:
    """One project: its row in each table (columns as in the data dictionary).

    `funds` maps a source to its row, `cells` maps (table, row, column) to a cell of the
    ledger, `rules` maps the code of a rule to the rule, `settings` the name of a parameter to
    its value in force.  `findings` stand in the order of severity, those of one rule together
    and as printed, and have two columns more: their `number` on the page, and the `decision`
    in force or None.  `source` has the lines of all documents.
    """

    row: Row
    document: Row
    funds: Mapping[str, Row]
    indicators: list[Row]
    cells: Mapping[tuple[str, str, str], Row]
    problems: list[Row]
    checks: list[Row]
    findings: list[Row]
    rules: Mapping[str, rulebook.Rule]
    settings: Mapping[str, Setting]
    source: Source

    @property
    def id(self) -> str:
        """The project_id."""
        return str(self.row["project_id"])

    @cached_property
    def severities(self) -> Counter[str]:
        """Number of findings of each severity that nothing settles."""
        return Counter(one["severity"] for one in self.findings if not settled(one))

    @cached_property
    def settled(self) -> list[Row]:
        """The findings that a decision settles; counted apart from the others."""
        return [one for one in self.findings if settled(one)]

    @cached_property
    def lines(self) -> list[Row]:
        """The raw lines of the form: page, line and text of each."""
        first, last = self.row["line_start"] or 0, self.row["line_end"] or 0
        starts = [(cell["page"] or 0, cell["line_start"]) for cell in self.cells.values()]
        ends = [(cell["page"] or 0, cell["line_end"]) for cell in self.cells.values()]
        if not any(cell["address"] for cell in self.cells.values()):
            starts, ends = [(0, first)], [(0, last)]
        return self.source.between(self.row["document"], min(starts), max(ends))

    @cached_property
    def outcomes(self) -> Counter[str]:
        """Number of rules with each outcome; they add up to the rules of the form."""
        return Counter(check["outcome"] for check in self.checks)

    @property
    def evaluated(self) -> int:
        """Number of rules that came to a verdict."""
        return sum(self.outcomes[code] for code in ("pass", "fail", "rounding"))

    @cached_property
    def places(self) -> Mapping[tuple[str, str | None, str], list[Row]]:
        """The findings at each (table, row, column); a row of None is the whole table."""
        places = defaultdict(list)
        for finding in self.findings:
            places[finding["table"], finding["row"], finding["column"]].append(finding)
        return places

    def printed(self, table: str, row: str, column: str) -> str | None:
        """What the form prints in a cell; None where it prints nothing."""
        cell = self.cells.get((table, row, column))
        return cell["printed"] if cell else None


@dataclass(frozen=True)
class Year:
    """All projects of a year in the order of their documents, and what concerns them all.

    A document that holds nothing of a form but its title has a column more, `title`.
    """

    year: int
    documents: list[Row]
    projects: list[Project]
    problems: list[Row]
    rules: Mapping[str, rulebook.Rule]
    settings: Mapping[str, Setting]
    review: Review = field(default_factory=Review)

    @property
    def stale(self) -> tuple[Leftover, ...]:
        """The decisions that are out of date or match nothing, with place and why."""
        return self.review.stale

    @property
    def refused(self) -> frozenset[str]:
        """The documents that could not be used at all: they have no row in `documents`."""
        read = {document["document"] for document in self.documents}
        return frozenset(problem["document"] for problem in self.problems) - read

    def project(self, project_id: str) -> Project:
        """The project of that id; AuditError when the year has none."""
        for project in self.projects:
            if project.id == project_id:
                return project
        raise AuditError(f"no project {project_id} in the tables of {self.year}")


def load(
    processed: Path | str, year: int, expectations: Path | str, language: Language | None = None
) -> Year:
    """The tables in `processed/<year>` with the rules in `expectations`, for pages in `language`.

    Read again only when a file has changed, so that the children of a process that has
    them need not read them at all.  Everything said from now on is in that language (None:
    the one in use).  AuditError: a table is missing or not as it should be, or its findings
    are written in another language.
    """
    folder = Path(processed).resolve() / str(year)
    use(language or current())
    written = tables.read_about(folder).get("language", DEFAULT)
    if written != current():
        raise AuditError(f"the findings are written in {written}, not in {current()}", folder)
    rules = Path(expectations).resolve()
    return _load(folder, year, rules, _stamp(_sources(folder, year, rules)))


def _sources(folder: Path, year: int, rules: Path) -> Iterator[Path]:
    """The files that a page is made from."""
    yield from folder.glob("*.parquet")
    yield from folder.glob("*.json")
    yield from rules.rglob("*.json")
    yield from (path for path in [decisions.path(rules, year)] if path.is_file())


def _stamp(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    stats = [(str(path), path.stat()) for path in sorted(paths)]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=2)
def _load(folder: Path, year: int, expectations: Path, stamp: object) -> Year:
    read = tables.read(folder, RECORDS + RESULTS)
    rows = {name: table.to_pylist() for name, table in read.items() if name != "lines"}
    rules = {rule.code: rule for rule in rulebook.rules(expectations)}
    about = tables.read_about(folder)
    settings = in_force(rulebook.parameters(expectations), about.get("parameters", {}))
    day = decisions.day_of(about)
    review = decisions.review([decisions.path(expectations, year)], rows["findings"], day)
    for row in rows["findings"]:
        row["decision"] = review.decided.get(row["finding_id"])
    documents = {row["document"]: row for row in rows["documents"]}
    for row in (*rows["findings"], *rows["problems"]):
        row["document_kind"] = documents.get(row["document"], {}).get("kind")
    for name, line in endings.titles(read["documents"], read["lines"]).items():
        documents[name]["title"] = line["text"]
    source = Source(read["lines"])
    groups = {
        name: _grouped(rows[name])
        for name in ("funds", "indicators", "cells", "problems", "checks", "findings")
    }
    projects = [
        _project(row, documents[row["document"]], groups, rules, settings, source)
        for row in rows["projects"]
    ]
    return Year(year, rows["documents"], projects, rows["problems"], rules, settings, review)


def _grouped(rows: Iterable[Row]) -> Mapping[str | None, list[Row]]:
    groups: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["project_id"]].append(row)
    return groups


def _project(
    row: Row,
    document: Row,
    groups: Mapping[str, Mapping[str | None, list[Row]]],
    rules: Mapping[str, rulebook.Rule],
    settings: Mapping[str, Setting],
    source: Source,
) -> Project:
    own = {name: group.get(row["project_id"], []) for name, group in groups.items()}
    return Project(
        row=row,
        document=document,
        funds={fund["source"]: fund for fund in own["funds"]},
        indicators=own["indicators"],
        cells={(cell["table"], cell["row"], cell["column"]): cell for cell in own["cells"]},
        problems=own["problems"],
        checks=sorted(own["checks"], key=lambda check: (_rank(check), check["rule"])),
        findings=[
            finding | {"number": number}
            for number, finding in enumerate(_ordered(own["findings"]), start=1)
        ],
        rules=rules,
        settings=settings,
        source=source,
    )


def _rank(check: Row) -> int:
    """What asks for a reader first: failures, then what broke or could not be told."""
    order = ("fail", "error", "cannot_evaluate", "rounding", "pass", "not_applicable")
    return order.index(check["outcome"]) if check["outcome"] in OUTCOMES else len(order)


def _ordered(findings: Iterable[Row]) -> list[Row]:
    """The gravest first, those of one rule together, as printed."""
    findings = sorted(findings, key=lambda one: (one["line_start"] or 0, one["finding_id"]))
    first: dict[str, int] = {}
    for number, finding in enumerate(findings):
        first.setdefault(finding["rule"], number)
    severities = list(SEVERITIES)
    return sorted(findings, key=lambda one: (severities.index(one["severity"]), first[one["rule"]]))


def settled(finding: Row) -> bool:
    """Whether a decision leaves nothing to do about a finding: accepted, or no finding at all."""
    decision = finding["decision"]
    return decision is not None and decision.disposition in decisions.SETTLED
