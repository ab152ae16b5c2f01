"""Forms out of tables: layouts of other places with their truth, and what always holds."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import grids
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from truth import read_cells, truth_cells

from audit_utils.forms.grid import read_forms
from audit_utils.grid import GridCell, Table
from audit_utils.records import Form, Problem

FOLDER = Path(__file__).parent / "grids"
CASES = sorted(FOLDER.glob("*.txt"))
NO_COLUMN = {"money_unit", "readings"}
UNKNOWN = "甲乙丙丁"
"""A text that is no label anywhere."""

Read = tuple[tuple[Form, ...], tuple[Problem, ...]]
Place = tuple[int, str, str, str, int]


def truth_of(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return truth


def printed(read: Read) -> dict[tuple[int, str, str], str | None]:
    return {address: cell.printed for address, cell in read_cells(read[0]).items()}


def test_there_are_cases() -> None:
    assert len(CASES) > 15
    assert {path.stem for path in CASES} == {path.stem for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_cell_is_right(path: Path) -> None:
    forms = truth_of(path)["forms"]
    expected = truth_cells(
        [{key: value for key, value in form.items() if key not in NO_COLUMN} for form in forms]
    )
    read = read_forms(grids.read(path))
    assert printed(read) == expected
    assert not any(cell.inferred for cell in read_cells(read[0]).values())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_kind_year_unit_and_what_values_are_read_from(path: Path) -> None:
    forms, _ = read_forms(grids.read(path))
    for form, expected in zip(forms, truth_of(path)["forms"], strict=True):
        head = (form.kind, form.seq, form.year, form.money_unit)
        assert head == tuple(expected[key] for key in ("form", "seq", "year", "money_unit"))
        cells = {f"{row}.{column}": c for (_, row, column), c in read_cells((form,)).items()}
        for place, reading in expected.get("readings", {}).items():
            assert cells[place].reading == reading


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_told(path: Path) -> None:
    _, problems = read_forms(grids.read(path))
    told = [[problem.address, problem.message] for problem in problems]
    assert told == truth_of(path)["problems"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CASES), st.integers(0, 30), st.integers(0, 30))
def test_a_form_may_stand_anywhere(path: Path, rows: int, columns: int) -> None:
    tables = grids.read(path)
    assert printed(read_forms(grids.moved(tables, rows, columns))) == printed(read_forms(tables))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CASES), st.lists(st.integers(0, 9), min_size=1, max_size=3))
def test_blank_columns_change_nothing(path: Path, places: list[int]) -> None:
    tables = grids.read(path)
    wider: Sequence[Table] = tables
    for place in places:
        wider = grids.widened(wider, place)
    assert printed(read_forms(wider)) == printed(read_forms(tables))


def changed(tables: Sequence[Table], text: str) -> Iterator[tuple[GridCell, list[Table]]]:
    """Each cell with text, and the tables with another text in its place."""
    for number, table in enumerate(tables):
        for index, cell in enumerate(table.cells):
            if cell.text.strip():
                cells = list(table.cells)
                cells[index] = replace(cell, text=text)
                rest = tables[number + 1 :]
                yield cell, [*tables[:number], replace(table, cells=tuple(cells)), *rest]


def places(read: Read) -> dict[Place, tuple[str, str]]:
    """Cells with text by what they are and where they are printed, whatever their ordinal."""
    return {
        (seq, "indicators" if row.isdigit() else row, column, cell.address, cell.line_start): (
            cell.printed,
            cell.reading,
        )
        for (seq, row, column), cell in read_cells(read[0]).items()
        if cell.printed is not None
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_unknown_text_never_changes_what_another_cell_says(path: Path) -> None:
    """In a value's place it is the value; in a label's place it is told, or nothing is read."""
    tables = grids.read(path)
    before = read_forms(tables)
    for cell, other in changed(tables, UNKNOWN):
        after = read_forms(other)
        if len(after[0]) < len(before[0]) or len(after[1]) > len(before[1]):
            continue
        was, now = places(before), places(after)
        same_row = {place for place in was if place[4] == cell.line}  # empty: a filler
        different = {place for place in was.keys() | now.keys() if was.get(place) != now.get(place)}
        if any(UNKNOWN in text for text, _ in now.values()):
            moved = [p for p in different & same_row if was.get(p, "")[:1] != now.get(p, "")[:1]]
            assert all(cell.address in place[3].split("+") for place in moved), cell
        else:  # a label or a value that no column takes
            assert not different, cell
