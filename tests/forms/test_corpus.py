"""Made-up documents with known truth: other places, widths, words, breaks."""

from pathlib import Path

import pytest
from truth import read_truth, truth_cells, wrong_cells

from audit_utils import documents

CASES = sorted((Path(__file__).parents[1] / "data" / "corpus").glob("*/raw.txt"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 8


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_every_wrong_cell_is_marked_as_inferred(path: Path) -> None:
    truth = read_truth(path.parent / "truth.json")
    wrong = wrong_cells(truth, documents.read(path).forms)
    assert [cell for cell in wrong if not cell[3]] == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_nothing_is_left_unread(path: Path) -> None:
    assert documents.read(path).problems == ()


def test_cells_and_forms_that_are_right() -> None:
    cells = wrong_count = forms = wrong_forms = 0
    for path in CASES:
        truth = read_truth(path.parent / "truth.json")
        wrong = wrong_cells(truth, documents.read(path).forms)
        cells += len(truth_cells(truth))
        wrong_count += len(wrong)
        forms += len(truth)
        wrong_forms += len({address[0] for address, *_ in wrong})
    assert wrong_count <= 0.005 * cells
    assert wrong_forms <= 0.15 * forms
