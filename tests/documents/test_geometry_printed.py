"""Forms as a browser prints them, in many styles: right as their tables are, or not read."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import grids
import printed
import pypdfium2
import pytest
from truth import read_cells

from audit_utils.documents import pdf
from audit_utils.documents.pdf.writing import BEYOND, CROSSES
from audit_utils.forms.grid import read_forms
from audit_utils.grid import Table
from audit_utils.records import Form, Problem

FOLDER = Path(__file__).parents[1] / "forms" / "grids"
CASES = ("anhui", "hubei", "luan_declaration", "several_tables", "standard_declaration")

LONG = {"width": "297mm", "height": "1200mm"}
"""Paper on which no page ends inside of a form."""

Read = tuple[tuple[Form, ...], tuple[Problem, ...]]
Cells = dict[tuple[int, str, str], str | None]


@cache
def tables() -> list[Table]:
    """All forms, one after another in one document."""
    return [table for name in CASES for table in grids.read(FOLDER / f"{name}.txt")]


@cache
def expected() -> Cells:
    return cells(read_forms(tables()))


def cells(read: Read) -> Cells:
    return {address: cell.printed for address, cell in read_cells(read[0]).items()}


def read(data: bytes) -> Read:
    return read_forms(pdf.read(data, Path("x.pdf"))[0].tables)


def is_whole(read: Read) -> bool:
    """Whether all cells are right, and none of them is inferred."""
    inferred = any(cell.inferred for cell in read_cells(read[0]).values())
    return cells(read) == expected() and not inferred


@pytest.mark.parametrize("style", printed.STYLES)
def test_styles(browser: Any, style: str) -> None:
    html = printed.page(tables(), printed.STYLES[style])
    assert is_whole(read(printed.pdf(browser, html, **LONG)))


@pytest.mark.parametrize("style", printed.TEXTS_ONLY)
def test_without_boxes_nothing_is_read(browser: Any, style: str) -> None:
    html = printed.page(tables(), printed.TEXTS_ONLY[style])
    assert read(printed.pdf(browser, html, **LONG))[0] == ()


PAPERS: dict[str, dict[str, Any]] = {
    "landscape": {"landscape": True},
    "small": {"width": "150mm", "height": "120mm"},
    "smaller": {"width": "170mm", "height": "95mm"},
    "scaled": {"scale": 0.6},
}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("rows", ["auto", "avoid"])
def test_paper(browser: Any, paper: str, rows: str) -> None:
    """What a page's end cuts is read, or the form is not; never a wrong cell."""
    html = printed.page(tables(), f"tr {{ break-inside: {rows} }}")
    found = read(printed.pdf(browser, html, **PAPERS[paper]))
    seqs = {form.seq for form in found[0]}
    assert cells(found) == {key: text for key, text in expected().items() if key[0] in seqs}
    assert len(seqs) > len(CASES) / 2, "most of them are read, on the smallest paper too"


def turned(data: bytes, turn: int) -> bytes:
    """The pages shown turned, as where a table across was set on pages along."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.set_rotation(turn)
    return saved(document)


def cropped(data: bytes, points: int) -> bytes:
    document = pypdfium2.PdfDocument(data)
    for page in document:
        width, height = page.get_size()
        page.set_cropbox(points, points, width - points, height - points)
    return saved(document)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("change", [
    lambda data: turned(data, 90), lambda data: turned(data, 180), lambda data: turned(data, 270),
    lambda data: cropped(data, 20),
], ids=["90", "180", "270", "cropped"])  # fmt: skip
def test_pages_turned_and_cropped(browser: Any, change: Callable[[bytes], bytes]) -> None:
    assert is_whole(read(change(printed.pdf(browser, printed.page(tables()), **LONG))))


def test_texts_on_their_side(browser: Any) -> None:
    side = "td:first-child:not([rowspan='1']) { writing-mode: sideways-lr }"
    assert is_whole(read(printed.pdf(browser, printed.page(tables(), side), **LONG)))


def test_texts_that_run_over_their_cells(browser: Any) -> None:
    style = "table { table-layout: fixed } td { white-space: nowrap }"
    html = printed.page(grids.read(FOLDER / "anhui.txt"), style)
    forms, problems = read(printed.pdf(browser, html))
    assert forms == ()
    assert any(problem.message.endswith(CROSSES) for problem in problems)


def test_a_table_that_the_page_cuts_off(browser: Any) -> None:
    html = printed.page(grids.read(FOLDER / "anhui.txt"))
    forms, problems = read(cropped(printed.pdf(browser, html), 60))
    assert forms == ()
    assert any(problem.message.endswith(BEYOND) for problem in problems)
