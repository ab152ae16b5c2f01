"""PDF: ruled tables read by their lines, text by its place; pages without forms as text.

PDFium opens the file; it runs no scripts, follows no links and decodes no pictures here.
"""

import re
from pathlib import Path
from typing import Any

import pypdfium2

from audit_utils.documents import joining, limits, pdfpage, ruling, writing
from audit_utils.documents.assembly import assemble
from audit_utils.documents.flow import Shown, items
from audit_utils.documents.grid import Grid
from audit_utils.documents.pdfpage import Stroke
from audit_utils.documents.text import CONTROL
from audit_utils.errors import AuditError
from audit_utils.records import Problem

_PASSWORD = 4
"""PDFium's number for a password that it lacks."""
_WORDS = re.compile(
    "项\\s*目\\s*名\\s*称|[一二三]\\s*级\\s*指\\s*标|绩\\s*效|指标值|资金总额|预算数"
)
"""What a page shows that may hold a part of a form."""
_UNREADABLE = re.compile(
    "[\ufffd\ufffe\uffff\ue000-\uf8ff"
    "\x80-\xb6\xb8-\u036f\u2018-\u201b\u201e-\u2023\u2030-\u203a\u20a0-\u20cf]"
)
"""Characters that a font draws without telling what they are, or takes for Western ones."""
_MOST_UNREADABLE = 0.2
_MANY_UNREADABLE, _LEAST_UNREADABLE = 0.02, 5
"""Part of the characters of a document that makes it no text; of a page that is told."""


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
                reader.damaged(number)
        return reader.grid(), len(document), reader.problems
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
    """Goes through the pages, and looks for tables where a form may be or go on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages: list[Shown] = []
        self.problems: list[Problem] = []
        self._characters = 0
        self._unreadable = 0

    def page(self, number: int, page: Any) -> None:
        glyphs = pdfpage.glyphs(page)
        text = "".join(glyph.text for glyph in glyphs)
        shown = len("".join(text.split()))
        unreadable = len(_UNREADABLE.findall(text))
        self._characters += shown
        self._unreadable += unreadable
        if not shown and pdfpage.has_picture(page):
            self._tell("the page shows no text, only a picture: it is not read", number)
        if unreadable >= max(_LEAST_UNREADABLE, _MANY_UNREADABLE * shown):
            self._tell("fonts of the page do not tell which characters they draw", number)
        goes_on = bool(self.pages and self.pages[-1].sheets)
        strokes = self._strokes(page) if goes_on or _WORDS.search(text) else []
        self.pages.append(_shown(number, writing.page(glyphs, ruling.lattices(strokes))))

    def _strokes(self, page: Any) -> list[Stroke]:
        strokes: list[Stroke] = []
        for stroke in pdfpage.strokes(page):
            strokes.append(stroke)
            limits.check(len(strokes), limits.STROKES, "lines drawn on a page", self.path)
        return strokes

    def damaged(self, number: int) -> None:
        self._tell("the page is damaged: it is not read", number)

    def _tell(self, message: str, page: int) -> None:
        self.problems.append(Problem(message, 1, 1, page))

    def grid(self) -> Grid:
        """The grid of all pages; AuditError when they show no text."""
        if not self._characters:
            message = "the PDF holds no text, only pictures (a scan); only text can be read"
            raise AuditError(message, self.path)
        if self._unreadable > _MOST_UNREADABLE * self._characters:
            message = "the fonts of the PDF do not tell which characters they draw"
            raise AuditError(message, self.path)
        return assemble(items(self.pages, self.path))


def _shown(number: int, page: writing.Page) -> Shown:
    lines = ((height, CONTROL.sub("", text).strip()) for height, text in page.outside)
    sheets = (
        (lattice.ys[0], sheet)
        for lattice, written in zip(page.lattices, page.written, strict=True)
        for sheet in joining.sheets(lattice, written, number)
    )
    return Shown(number, tuple(sheets), tuple(line for line in lines if line[1]))
