"""Truth as JSON against what the reader gets out of a document: cells by address."""

import json
from pathlib import Path
from typing import Any

from audit_utils.records import Cell, Form

NOT_PRINTED = {"form", "seq", "line_start", "line_end", "source", "ordinal", "year"}
TABLES = {"funds", "indicators", "funds_total_side"}

Address = tuple[int, str, str]


def read_truth(path: Path) -> list[dict[str, Any]]:
    """The forms of a transcription."""
    forms: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return forms


def truth_cells(forms: list[dict[str, Any]]) -> dict[Address, str | None]:
    """(form, row, column) -> printed text; empty cells too."""
    cells: dict[Address, str | None] = {}
    for form in forms:
        rows = {"": form}
        rows |= {fund["source"]: fund for fund in form.get("funds", ())}
        rows |= {str(row["ordinal"]): row for row in form.get("indicators", ())}
        for row, columns in rows.items():
            for column in columns.keys() - NOT_PRINTED - TABLES:
                cells[form["seq"], row, column] = columns[column]
        for side, printed in (form.get("funds_total_side") or {}).items():
            cells[form["seq"], "", f"project_{side}"] = printed
    return cells


def read_cells(forms: tuple[Form, ...]) -> dict[Address, Cell]:
    """The same addresses of forms as read."""
    cells: dict[Address, Cell] = {}
    for form in forms:
        rows = {"": form.head, **form.funds}
        rows |= {str(ordinal): row for ordinal, row in enumerate(form.indicators, 1)}
        for row, columns in rows.items():
            cells.update({(form.seq, row, column): cell for column, cell in columns.items()})
    return cells


def wrong_cells(
    truth: list[dict[str, Any]], forms: tuple[Form, ...]
) -> list[tuple[Address, str | None, str | None, bool]]:
    """(address, got, expected, inferred) of every cell that differs, on either side."""
    expected, got = truth_cells(truth), read_cells(forms)
    empty = Cell(None, 0, 0, 0)
    return [
        (address, cell.printed, expected.get(address), cell.inferred)
        for address in sorted(expected.keys() | got.keys())
        if (cell := got.get(address, empty)).printed != expected.get(address)
    ]
