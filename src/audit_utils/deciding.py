"""Writes a decision at the end of the file of its year; what people wrote there stays as it is."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import yaml

from audit_utils import decisions, files, tables
from audit_utils.decisions import Decision, Disposition
from audit_utils.errors import AuditError

_HEAD = (
    "# Decisions about findings. `audit-utils decide` adds entries; people review and edit them.\n"
)


def decide(
    finding: str,
    folders: Sequence[Path],
    expectations: Path,
    *,
    disposition: Disposition,
    reason: str,
    who: str,
    date: datetime.date,
    until: datetime.date | None = None,
) -> Decision:
    """Record a decision about a finding of these folders of tables; return it with its place.

    AuditError: there is no such finding, it is decided already, or the decision is none.
    """
    year = _year(finding, folders)
    for option, text in (("--reason", reason), ("--who", who)):
        if not text.strip() or not decisions.writable(text):
            raise AuditError(f"{option} is no text")
    if until and until < date:
        raise AuditError(f"--until {until} is before the date of the decision, {date}")
    file = decisions.path(expectations, year)
    return add(Decision(disposition, reason.strip(), who.strip(), date, until, finding), file)


def _year(finding: str, folders: Sequence[Path]) -> int:
    """The year of a finding that is there."""
    for folder in folders:
        if (folder / "findings.parquet").is_file():
            found = tables.read(folder, ["findings"])["findings"]
            row = pc.index(found["finding_id"], finding).as_py()
            if row >= 0:
                return int(found["project_id"][row].as_py()[:4])
    looked = ", ".join(map(str, folders)) or "no folder of tables"
    raise AuditError(f"there is no finding {finding} (looked in {looked})")


def add(decision: Decision, file: Path) -> Decision:
    """Append a decision about one finding to the file; return it with its place there.

    The file is written whole or not at all, and several at once lose nothing.  AuditError: the
    finding is decided already, or the file is such that an entry at its end would not be read
    back as it is meant.
    """
    with files.alone(file):
        return _add(decision, file)


def _add(decision: Decision, file: Path) -> Decision:
    data = _bytes(file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AuditError("cannot be read as UTF-8", file) from error
    known, wrong = decisions.parse(text, file)
    for other in known:
        if decision.overlaps(other):
            raise AuditError(f"{decision.finding} is {other.disposition} already", file, other.line)
    entry = _entry(decision, text)
    now, wrong_now = decisions.parse(text + entry, file)
    as_meant = now and [*known, replace(decision, file=now[-1].file, line=now[-1].line)]
    if now != as_meant or list(map(str, wrong)) != list(map(str, wrong_now)):
        raise AuditError("an entry cannot be added at its end: write it by hand", file)
    files.write(file.parent, {file.name: data + entry.encode()})
    return now[-1]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", file) from error


def _entry(decision: Decision, before: str) -> str:
    """The text of an entry as it follows the text of the file, with the same ends of lines."""
    said = {
        "finding": decision.finding,
        "disposition": decision.disposition,
        "reason": _quoted(decision.reason),
        "who": _quoted(decision.who),
        "date": decision.date,
        "until": decision.until,
    }
    lines = [f"{key}: {value}\n" for key, value in said.items() if value]
    start = (_HEAD if not before else "" if before.endswith("\n") else "\n") + "\n"
    margin = " " * _margin(before)
    text = start + margin + "- " + (margin + "  ").join(lines)
    return text.replace("\n", "\r\n") if "\r\n" in before else text


def _quoted(text: str) -> str:
    """Text in double quotes on one line, whatever is in it."""
    return yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf")).strip()


def _margin(text: str) -> int:
    """How far the entries of a file are indented."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return 0
    return int(root.start_mark.column) if isinstance(root, yaml.SequenceNode) else 0
