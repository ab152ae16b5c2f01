"""Forms out of tables: layouts of other places with their truth, and what always holds."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import grids
import pytest
from hypothesis import given
from hypothesis import strategies as st
from truth import read_cells, truth_cells

from audit_utils.documents.grid import Table
from audit_utils.forms.grid import read_forms
from audit_utils.records import Cell, Form

FOLDER = Path(__file__).parent / "grids"
CASES = sorted(FOLDER.glob("*.txt"))
EXTRA = {"money_unit", "readings"}


def truth_of(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return truth


def printed(forms: tuple[Form, ...]) -> dict[tuple[int, str, str], str | None]:
    return {address: cell.printed for address, cell in read_cells(forms).items()}


def test_there_are_cases() -> None:
    assert len(CASES) > 10
    assert {path.stem for path in CASES} == {path.stem for path in FOLDER.glob("*.json")}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_cell_is_right(path: Path) -> None:
    truth = truth_of(path)
    expected = truth_cells([
        {key: value for key, value in form.items() if key not in EXTRA} for form in truth["forms"]
    ])
    forms, _ = read_forms(grids.read(path))
    assert printed(forms) == expected
    assert not any(cell.inferred for cell in read_cells(forms).values())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_form_year_unit_and_readings(path: Path) -> None:
    forms, _ = read_forms(grids.read(path))
    for form, expected in zip(forms, truth_of(path)["forms"], strict=True):
        assert form.kind == expected["form"]
        assert form.year == expected["year"]
        assert form.money_unit == expected["money_unit"]
        cells = {f"{row}.{column}": c for (_, row, column), c in read_cells((form,)).items()}
        for place, reading in expected.get("readings", {}).items():
            assert cells[place].reading == reading


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_told(path: Path) -> None:
    _, problems = read_forms(grids.read(path))
    told = [[problem.address, problem.message] for problem in problems]
    assert told == truth_of(path)["problems"]
