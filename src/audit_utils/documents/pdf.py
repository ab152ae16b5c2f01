"""PDF: ruled tables read by their lines, text by its place; pages without forms as text.

PDFium opens the file; it runs no scripts, follows no links and decodes no pictures here.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]

from audit_utils.documents import joining, limits, pdfpage, ruling, writing
from audit_utils.documents.assembly import Item, Text, assemble
from audit_utils.documents.grid import Grid
from audit_utils.documents.pdfpage import Stroke
from audit_utils.documents.text import CONTROL
from audit_utils.errors import AuditError
from audit_utils.forms import labels
from audit_utils.records import Problem

_PASSWORD = 4
"""PDFium's number for a password that it lacks."""
_WORDS = re.compile("项目名称|[一二三]级指标|绩效目标|自评|指标值|资金总额|预算数")
"""What a page shows that may hold a part of a form."""
_NUMBER = re.compile(
    r"\d{1,4}|[-—–－·•]\s*\d{1,4}\s*[-—–－·•]|\d{1,4}\s*/\s*\d{1,4}|第\s*\d+\s*页.{0,12}"
)
_UNREADABLE = re.compile("[\ufffd\ufffe\uffff\ue000-\uf8ff]")
_MOST_UNREADABLE = 0.2
"""Part of the characters whose font does not tell what they are."""


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a PDF, the number of its pages, and the pages that could not be read.

    Raises AuditError for one that is damaged, locked, without text, or beyond the limits.
    """
    document = _open(data, path)
    try:
        limits.check(len(document), limits.PAGES, "pages", path)
        reader = _Reader(path)
        for number in range(1, len(document) + 1):
            page = _page(document, number)
            if page:
                try:
                    reader.page(number, page)
                finally:
                    page.close()
            else:
                reader.unreadable(number)
        reader.end(len(document))
        return assemble(reader.items), len(document), reader.problems
    finally:
        document.close()


def _open(data: bytes, path: Path) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
        if len(document):
            return document
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            message = "the file is locked with a password; save it without one"
            raise AuditError(message, path) from error
    raise AuditError("the file is damaged: it cannot be read as PDF", path)


def _page(document: Any, number: int) -> Any:
    try:
        return document[number - 1]
    except pypdfium2.PdfiumError:
        return None


class _Reader:
    """Goes through the pages; a table that stands at the end of one is kept open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.items: list[Item] = []
        self.problems: list[Problem] = []
        self._open: joining.Sheet | None = None
        self._characters = 0
        self._unreadable = 0
        self._cells = 0

    def page(self, number: int, page: Any) -> None:
        glyphs = pdfpage.glyphs(page)
        text = "".join(glyph.text for glyph in glyphs)
        shown = len("".join(text.split()))
        self._characters += shown
        self._unreadable += len(_UNREADABLE.findall(text))
        if not shown and pdfpage.has_picture(page):
            self._tell("the page is a picture without text: it is not read", number)
        ruled = bool(_WORDS.search(text)) or self._open is not None
        strokes = self._strokes(page) if ruled else []
        shows = writing.page(glyphs, ruling.lattices(strokes))
        self._add(number, shows)

    def _strokes(self, page: Any) -> list[Stroke]:
        strokes: list[Stroke] = []
        for stroke in pdfpage.strokes(page):
            strokes.append(stroke)
            limits.check(len(strokes), limits.STROKES, "lines drawn on a page", self.path)
        return strokes

    def unreadable(self, number: int) -> None:
        self._close()
        self._tell("the page is damaged: it is not read", number)

    def end(self, pages: int) -> None:
        self._close()
        if not self._characters:
            message = "the PDF holds no text, only pictures (a scan); only text can be read"
            raise AuditError(message, self.path)
        if self._unreadable > _MOST_UNREADABLE * self._characters:
            message = "the fonts of the PDF do not tell which characters they draw"
            raise AuditError(message, self.path)

    def _tell(self, message: str, page: int) -> None:
        self.problems.append(Problem(message, 1, 1, page))

    def _add(self, number: int, shows: writing.Page) -> None:
        """The tables and lines of a page, in their order."""
        lines = [(y, _clean(text)) for y, text in shows.outside]
        lines = [(y, text) for y, text in _without_numbers(lines) if text]
        tables = [
            (lattice.ys[0], sheet)
            for lattice, written in zip(shows.lattices, shows.written, strict=True)
            for sheet in joining.sheets(lattice, written, number)
        ]
        for place, (y, table) in enumerate(tables):
            before = [text for height, text in lines if height <= y]
            lines = [(height, text) for height, text in lines if height > y]
            if place == 0 and self._open and not before and joining.fits(self._open, table):
                joining.join(self._open, table)
            else:
                self._close()
                self.items += [Text(text, number) for text in before]
                self._open = table
        if lines or not tables:
            self._close()
            self.items += [Text(text, number) for _, text in lines]

    def _close(self) -> None:
        """The open table is whole."""
        if self._open:
            boxes = joining.boxes(self._open)
            self._cells += len(boxes)
            limits.check(self._cells, limits.CELLS, "cells", self.path)
            self.items.append(boxes)
            self._open = None


def _clean(text: str) -> str:
    return CONTROL.sub("", text)


def _without_numbers(lines: Sequence[tuple[float, str]]) -> Iterator[tuple[float, str]]:
    """The lines without the number of the page, at its top or bottom."""
    for place, (y, text) in enumerate(lines):
        outer = place in (0, len(lines) - 1)
        if not (outer and (_NUMBER.fullmatch(text) or labels.PAGE_NUMBER.fullmatch(text))):
            yield y, text
