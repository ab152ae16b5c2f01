"""What a run comes to: numbers, what was not understood, and the exit code."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from audit_utils import endings, files, tables
from audit_utils.decisions import SETTLED
from audit_utils.dictionary import RESULTS
from audit_utils.forms.grid import LABELS
from audit_utils.precision import OUTCOMES

Severity = Literal["critical", "warning", "info"]
FailOn = Severity | Literal["never"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")

DONE, FOUND, UNUSABLE, INCOMPLETE = 0, 1, 2, 3
"""Exit codes: done; findings as severe as `--fail-on`; wrong call or unusable input; a run that
finished though some document or check failed."""

FindDocument = Callable[[str], Path]
"""Finds a document by its name."""

_SECOND = re.compile(r"\d{4}-[0-9a-f]{8}-\d+")
_SHOWN = 60
_LINES = ("text", "paragraphs", "pipes", "")
"""Kinds of documents of which people count the lines."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a folder of tables came to.

    `findings` counts by severity (None: not checked), `problems` are lines
    `file:line: message`, `notices` are worth knowing and no failure, `broken` are rules and
    decisions that could not be used.  `settled` counts by severity the findings of which
    the decision leaves nothing to do, `ended` counts the documents by how they ended, those
    that could not be used among them.
    """

    documents: int
    forms: int
    indicators: int
    findings: Mapping[str, int] | None
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    settled: Mapping[str, int] = field(default_factory=dict)
    ended: Mapping[str, int] = field(default_factory=dict)

    @property
    def read(self) -> bool:
        """False when there is nothing to tell, good or bad."""
        return bool(self.documents or self.problems)

    def exit_code(self, fail_on: FailOn = "never") -> int:
        """The exit code; an incomplete run says so even when it has findings.

        A finding that is accepted, or a false positive, does not count for `fail_on`.
        """
        if self.problems or self.broken:
            return INCOMPLETE if self.documents else UNUSABLE
        counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on != "never" else ()
        found = self.findings or {}
        left = (found.get(one, 0) - self.settled.get(one, 0) for one in counted)
        return FOUND if any(left) else DONE


@dataclass(frozen=True, slots=True)
class YearResult:
    """A year of a run; `failures` are its steps that broke, `index` the page to open."""

    year: int
    result: Result
    failures: tuple[str, ...] = ()
    index: Path | None = None

    def exit_code(self, fail_on: FailOn = "never") -> int:
        """The exit code of this year."""
        code = self.result.exit_code(fail_on)
        return (
            max(code, INCOMPLETE if self.result.documents else UNUSABLE) if self.failures else code
        )


def exit_code(years: Sequence[YearResult], fail_on: FailOn = "never") -> int:
    """The exit code of a run: unusable only when no year could be used."""
    codes = {year.exit_code(fail_on) for year in years}
    if codes == {UNUSABLE}:
        return UNUSABLE
    return INCOMPLETE if codes & {UNUSABLE, INCOMPLETE} else max(codes, default=DONE)


NOTHING = Result(0, 0, 0, None)
"""The result of a year that failed before anything was read."""


def of(folder: Path, source: Path | None = None) -> Result:
    """The result of the tables in a folder; documents are shown as files of `source`."""
    names = [name for name in RESULTS if (folder / f"{name}.parquet").is_file()]
    read = tables.read(folder) | tables.read(folder, names)
    return of_tables(read, (source or Path()).joinpath)


def of_tables(read: tables.Tables, path: FindDocument) -> Result:
    """The result of tables; `path` finds a document by its name; results may be missing."""
    checks = read["checks"].to_pylist() if "checks" in read else []
    broken = sorted({(row["rule"], row["reason"]) for row in checks if row["outcome"] == "error"})
    return Result(
        documents=read["documents"].num_rows,
        forms=read["projects"].num_rows,
        indicators=read["indicators"].num_rows,
        findings=Counter(read["findings"]["severity"].to_pylist()) if checks else None,
        settled=_with(read, SETTLED),
        problems=tuple(_problems(read, path)),
        notices=tuple(_notices(read, path)),
        broken=tuple(f"rule {rule}: {reason}" for rule, reason in broken),
        ended=Counter(row["ended"] for row in by_document(read, _names(read))),
    )


def _with(read: tables.Tables, dispositions: Sequence[str]) -> Counter[str]:
    """The findings with one of these dispositions, by severity."""
    if "findings" not in read:
        return Counter()
    columns = (read["findings"][name].to_pylist() for name in ("severity", "disposition"))
    return Counter(one for one, decided in zip(*columns, strict=True) if decided in dispositions)


def _problems(read: tables.Tables, path: FindDocument) -> Iterator[str]:
    """A line for each kind of problem in a document, at the first place where it stands.

    Labels that are not known have a line each: a steward may add them.
    """
    kinds = {row["document"]: row["kind"] for row in read["documents"].to_pylist()}
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in read["problems"].to_pylist():
        label = row["text"] if row["message"].endswith(LABELS) else ""
        groups.setdefault((row["document"], row["message"], label), []).append(row)
    for (document, message, _), rows in groups.items():
        text = " ".join((rows[0]["text"] or "").split())
        place = f"{_file(path, document)}{_place(rows[0], kinds.get(document, ''))}"
        shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        yield f"{place}: {message}{': ' if shown else ''}{shown}{_more(rows)}"


def _file(path: FindDocument, document: str) -> str:
    return files.as_text(str(path(document)))


def _place(row: Mapping[str, Any], kind: str) -> str:
    """`:12` in a text, `: page 3, 表2!C4` in a PDF, `: 自评表!C4` in another file with cells."""
    page = f"page {row['page']}" if kind == "pdf" and row["page"] else ""
    if page or row.get("address"):
        return ": " + ", ".join(filter(None, (page, row.get("address"))))
    return f":{row['line_start']}" if row["line_start"] and kind in _LINES else ""


def _notices(read: tables.Tables, path: FindDocument) -> Iterator[str]:
    troubled = set(read["problems"].column("document").to_pylist())
    titles = endings.titles(read["documents"], read["lines"])
    for row in read["documents"].to_pylist():
        if row["copies"]:
            said = f"{row['copies']} of its forms are read from {row['copy_of']} instead"
            yield f"{_file(path, row['document'])}: {said}"
        elif not row["forms"] and row["document"] not in troubled:
            title = titles.get(row["document"])
            place = _place({**title, "line_start": title["line"]}, row["kind"]) if title else ""
            only = f", only the title of one: {title['text'].strip()}" if title else ""
            yield f"{_file(path, row['document'])}{place}: holds no form{only}"
    for (document,), rows in _grouped(read["projects"], "document"):
        undated = [row for row in rows if row["year"] is None]
        second = [row for row in rows if _SECOND.fullmatch(row["project_id"])]
        if undated:
            place = f"{_file(path, document)}:{_line(undated)}"
            yield f"{place}: the form prints no year{_more(undated)}"
        if second:
            kept = f"another form of the same project, kept as {second[0]['project_id']}"
            yield f"{_file(path, document)}:{_line(second)}: {kept}{_more(second)}"


def _grouped(
    table: pa.Table, *columns: str
) -> Iterable[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups.items()


def _line(rows: Sequence[Mapping[str, Any]]) -> int:
    return int(rows[0]["line_start"])


def _more(rows: Sequence[object]) -> str:
    return f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""


def _names(read: tables.Tables) -> set[str]:
    """All documents: those that could not be used stand among the problems only."""
    named = (read[table].column("document").to_pylist() for table in ("documents", "problems"))
    return set().union(*named)


def by_document(read: tables.Tables, names: Iterable[str]) -> list[dict[str, Any]]:
    """What became of each document, a row each.

    kind of file, kind and number of its forms (null: could not be read), number of problems,
    and how it ended: `read`, `copy` (another document shows its forms better),
    `no form`, `not understood`, or `partly understood`.
    """
    known = {row["document"]: row for row in read["documents"].to_pylist()}
    problems = Counter(read["problems"].column("document").to_pylist())
    return [
        {
            "document": name,
            "kind": known[name]["kind"] if name in known else None,
            "form": known[name]["form"] if name in known else None,
            "forms": known[name]["forms"] if name in known else None,
            "problems": problems[name],
            "ended": endings.ended(known.get(name), problems[name]),
        }
        for name in sorted(names)
    ]


def outcomes(folder: Path) -> list[dict[str, Any]]:
    """How many projects each rule ended with which outcome, a row a rule."""
    checks = tables.read(folder, ["checks"])["checks"].to_pylist()
    counted = Counter((row["rule"], row["outcome"]) for row in checks)
    return [
        {"rule": rule} | {outcome: counted[rule, outcome] for outcome in OUTCOMES}
        for rule in sorted({row["rule"] for row in checks})
    ]
