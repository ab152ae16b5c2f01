"""What became of the findings between two runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audit_utils import tables
from audit_utils.errors import AuditError
from audit_utils.language import DEFAULT

CHANGES = ("new", "gone", "changed")


def between(old: Sequence[Path], new: Sequence[Path]) -> list[dict[str, Any]]:
    """The findings that differ between two runs, a row each, by finding_id.

    Each row has `change` (one of CHANGES), `finding_id`, `severity`, and `columns`: the
    columns that differ with their `old` and `new` value (empty unless changed).  The
    folders are those of tables.  AuditError: no findings there, or in two languages.
    """
    if len({_language(folder) for folder in (*old, *new)}) > 1:
        raise AuditError("the findings of the two runs are written in different languages")
    then, now = _findings(old), _findings(new)
    rows = [_row(one, then.get(one), now.get(one)) for one in sorted({*then, *now})]
    found = [row for row in rows if row["change"] != "changed" or row["columns"]]
    return sorted(found, key=lambda row: CHANGES.index(row["change"]))


def _language(folder: Path) -> str:
    return str(tables.read_about(folder).get("language", DEFAULT))


def _findings(folders: Sequence[Path]) -> dict[str, Mapping[str, Any]]:
    read = (tables.read(folder, ["findings"])["findings"] for folder in folders)
    return {row["finding_id"]: row for table in read for row in table.to_pylist()}


def _row(
    finding: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> dict[str, Any]:
    known = new or old or {}
    differ = [name for name in known if old and new and old[name] != new[name]]
    return {
        "change": "new" if old is None else "gone" if new is None else "changed",
        "finding_id": finding,
        "severity": known["severity"],
        "columns": {name: {"old": old[name], "new": new[name]} for name in differ if old and new},
    }
