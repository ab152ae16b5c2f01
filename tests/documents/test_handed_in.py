"""The made-up documents as workbook, text document and PDF: their cells say everything."""

from pathlib import Path

import pytest
from truth import read_cells, read_truth, truth_cells

from audit_utils import documents
from audit_utils.records import Document

CORPUS = Path(__file__).parents[1] / "data" / "corpus"
CASES = sorted(path for path in CORPUS.glob("*/raw.*") if path.suffix != ".txt")


def name(path: Path) -> str:
    return f"{path.parent.name} {path.suffix[1:]}"


@pytest.fixture(scope="module", params=CASES, ids=name)
def case(request: pytest.FixtureRequest) -> tuple[Path, Document]:
    return request.param, documents.read(request.param)


def test_there_are_cases() -> None:
    assert {path.suffix for path in CASES} == {".xlsx", ".docx", ".pdf"}
    assert len(CASES) >= 12


def test_every_cell_is_right(case: tuple[Path, Document]) -> None:
    path, document = case
    got = {address: cell.printed for address, cell in read_cells(document.forms).items()}
    assert got == truth_cells(read_truth(path.parent / "truth.json"))


def test_nothing_is_inferred_or_left_unread(case: tuple[Path, Document]) -> None:
    _, document = case
    assert document.problems == ()
    assert not any(cell.inferred for cell in read_cells(document.forms).values())


def test_every_cell_has_its_address_and_its_printed_line(case: tuple[Path, Document]) -> None:
    path, document = case
    lines = {(quote.page, quote.line): "".join(quote.text.split()) for quote in document.lines}
    assert len(lines) == len(document.lines)
    for cell in read_cells(document.forms).values():
        assert cell.address or not cell.printed
        if cell.printed and path.suffix != ".pdf":  # of a PDF, a cell may begin a page earlier
            assert "".join(cell.printed.split())[:8] in lines[cell.page, cell.line_start]


def test_the_kind_is_told_from_the_content(case: tuple[Path, Document], tmp_path: Path) -> None:
    path, document = case
    assert document.kind == path.suffix[1:]
    renamed = tmp_path / "文件.txt"
    renamed.write_bytes(path.read_bytes())
    assert documents.read(renamed).forms == document.forms
