"""The transcription in `data/gold` as records, for tests that need a document and no parser."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit_utils.records import Cell, Document, Form, Row

FOLDER = Path(__file__).parent / "data" / "gold"
_NO_CELL = {"form", "seq", "line_start", "line_end", "year", "funds", "indicators", "ordinal",
            "source", "funds_total_side"}  # fmt: skip


def document(year: int) -> Document:
    """The document of 2022 (19 self-evaluations) or 2024 (10 declarations)."""
    (path,) = FOLDER.glob(f"*_{year}.json")
    return from_json(json.loads(path.read_text("utf-8")), f"{path.stem}.txt", year)


def from_json(forms: list[dict[str, Any]], name: str, year: int | None) -> Document:
    """Forms as the transcription writes them -> a Document."""
    records = tuple(form(entry, year) for entry in forms)
    return Document(name, "0" * 64, 1, 1, records)


def form(entry: Mapping[str, Any], year: int | None) -> Form:
    """One form; every cell stands on the lines of its form."""
    lines = (entry["line_start"], entry["line_end"])
    printed_year = int(entry["year"]) if entry.get("year") else year
    return Form(
        kind=entry["form"],
        seq=entry["seq"],
        year=printed_year,
        money_unit=entry.get("money_unit", "元"),
        head=_row(entry, lines),
        funds={fund["source"]: _row(fund, lines) for fund in entry["funds"]},
        indicators=tuple(_row(indicator, lines) for indicator in entry["indicators"]),
        line_start=lines[0],
        line_end=lines[1],
    )


def _row(entry: Mapping[str, Any], lines: tuple[int, int]) -> Row:
    return {
        column: Cell(printed, *lines, page=1)
        for column, printed in entry.items()
        if column not in _NO_CELL
    }
