"""What a run comes to: numbers, what was not understood, and the exit code."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audit_utils import tables
from audit_utils.dictionary import RESULTS

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")

DONE, FOUND, UNUSABLE, INCOMPLETE = 0, 1, 2, 3
"""Exit codes: done; findings as severe as `--fail-on`; wrong call or unusable input; a run that
finished though some document or check failed."""

_SECOND = re.compile(r"\d{4}-[0-9a-f]{8}-\d+")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Result:
    """What a folder of tables came to.

    `findings` counts by severity, `problems` are lines `file:line: message`, `notices` are
    worth knowing and no failure, `broken` are rules that could not be run to their end.
    """

    documents: int
    forms: int
    indicators: int
    findings: Mapping[str, int]
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def exit_code(self, fail_on: Severity | Literal["never"] = "never") -> int:
        """The exit code; an incomplete run says so even when it has findings."""
        if self.problems or self.broken:
            return INCOMPLETE if self.documents else UNUSABLE
        counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on != "never" else ()
        return FOUND if any(self.findings.get(severity) for severity in counted) else DONE


@dataclass(frozen=True, slots=True)
class YearResult:
    """A year of a run; `failures` are its steps that broke, `index` the page to open."""

    year: int
    result: Result
    failures: tuple[str, ...] = ()
    index: Path | None = None

    def exit_code(self, fail_on: Severity | Literal["never"] = "never") -> int:
        """The exit code of this year."""
        code = self.result.exit_code(fail_on)
        return (
            max(code, INCOMPLETE if self.result.documents else UNUSABLE) if self.failures else code
        )


def exit_code(years: Sequence[YearResult], fail_on: Severity | Literal["never"] = "never") -> int:
    """The exit code of a run: unusable only when no year could be used."""
    codes = {year.exit_code(fail_on) for year in years}
    if codes == {UNUSABLE}:
        return UNUSABLE
    return INCOMPLETE if codes & {UNUSABLE, INCOMPLETE} else max(codes, default=DONE)


NOTHING = Result(0, 0, 0, {})


def of(folder: Path, source: Path | None = None) -> Result:
    """The result of the tables in a folder; documents are shown as files of `source`."""
    names = [name for name in RESULTS if (folder / f"{name}.parquet").is_file()]
    read = tables.read(folder) | tables.read(folder, names)
    return of_tables(read, source or Path())


def of_tables(read: tables.Tables, source: Path) -> Result:
    """The result of tables; checks and findings may be missing."""
    checks = read["checks"].to_pylist() if "checks" in read else []
    found = read["findings"].column("severity").to_pylist() if "findings" in read else []
    broken = sorted({(row["rule"], row["reason"]) for row in checks if row["outcome"] == "error"})
    return Result(
        documents=read["documents"].num_rows,
        forms=read["projects"].num_rows,
        indicators=read["indicators"].num_rows,
        findings=Counter(found),
        problems=tuple(_problem(row, source) for row in read["problems"].to_pylist()),
        notices=tuple(_notices(read, source)),
        broken=tuple(f"rule {rule}: {reason}" for rule, reason in broken),
    )


def _problem(row: Mapping[str, object], source: Path) -> str:
    line = f":{row['line_start']}" if row["line_start"] else ""
    text = str(row["text"] or "")
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return f"{source / str(row['document'])}{line}: {row['message']}" + (
        f": {shown}" if text else ""
    )


def _notices(read: tables.Tables, source: Path) -> list[str]:
    without = [row for row in read["documents"].to_pylist() if not row["forms"]]
    second = [row for row in read["projects"].to_pylist() if _SECOND.fullmatch(row["project_id"])]
    return [f"{source / row['document']}: holds no form" for row in without] + [
        f"{source / row['document']}:{row['line_start']}: another form of the same project, "
        f"kept as {row['project_id']}"
        for row in second
    ]
