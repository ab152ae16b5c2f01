"""The two real documents, cell by cell."""

from collections import Counter
from pathlib import Path

import pytest
from truth import read_cells, read_truth, truth_cells, wrong_cells

from audit_utils import documents

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "data" / "gold"
DOCUMENTS = {
    "self_evaluation_2022": ROOT / "data/raw/2022/shanghai-health-inspection.txt",
    "target_declaration_2024": ROOT / "data/raw/2024/songjiang-health-inspection.txt",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_cell_is_as_printed(name: str) -> None:
    truth = read_truth(GOLD / f"{name}.json")
    assert wrong_cells(truth, documents.read(DOCUMENTS[name]).forms) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_left_unread(name: str) -> None:
    assert documents.read(DOCUMENTS[name]).problems == ()


def test_the_transcription_is_whole() -> None:
    evaluations, declarations = (read_truth(GOLD / f"{name}.json") for name in DOCUMENTS)
    assert (len(evaluations), len(declarations)) == (19, 10)
    assert sum(len(form["indicators"]) for form in evaluations + declarations) == 459
    assert len(truth_cells(evaluations)) + len(truth_cells(declarations)) > 3500


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_form_stands_on_the_lines_of_the_transcription(name: str) -> None:
    truth = [(form["line_start"], form["line_end"]) for form in read_truth(GOLD / f"{name}.json")]
    forms = documents.read(DOCUMENTS[name]).forms
    assert [(form.line_start, form.line_end) for form in forms] == truth


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_cell_stands_on_lines_that_print_it(name: str) -> None:
    path = DOCUMENTS[name]
    lines = path.read_text("utf-8").split("\n")
    for address, cell in read_cells(documents.read(path).forms).items():
        if cell.printed is None:
            continue
        place = "".join("".join(lines[cell.line_start - 1 : cell.line_end]).split())
        label = address[2] in ("level1", "level2")  # level 1 follows from level 2
        assert label or not Counter(cell.printed) - Counter(place), address


def test_what_plain_text_leaves_open_is_marked() -> None:
    cells = read_cells(documents.read(DOCUMENTS["self_evaluation_2022"]).forms)
    lone = [
        form for form in (2, 6, 11, *range(13, 20)) if cells[form, "", "objective_actual"].inferred
    ]
    assert lone == [2, 6, 11, *range(13, 20)]
    assert not cells[1, "", "objective_actual"].inferred
    assert cells[10, "1", "level2"].inferred, "its label stands on the next page"
    assert cells[2, "carryover", "executed"].inferred, "a third number where others have two"
    assert not cells[1, "1", "score"].inferred


def test_few_cells_are_inferred() -> None:
    for path in DOCUMENTS.values():
        cells = read_cells(documents.read(path).forms).values()
        assert sum(cell.inferred for cell in cells) < 0.06 * len(cells)
