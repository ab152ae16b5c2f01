"""PDF: ruled tables read by their lines, text by its place; pages without forms as text.

PDFium opens the file; it runs no scripts, follows no links and decodes no pictures here.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from audit_utils.documents import limits
from audit_utils.documents.assembly import assemble
from audit_utils.documents.pdf import joining, pages, ruling, writing
from audit_utils.documents.pdf.added import Added, added, draw_fields
from audit_utils.documents.pdf.flow import Shown, items
from audit_utils.documents.pdf.objects import Objects
from audit_utils.documents.pdf.pages import Picture, Stroke
from audit_utils.documents.pdf.pictures import unread
from audit_utils.documents.pdf.ruling import Lattice
from audit_utils.documents.pdf.sound import Fault, Inspection
from audit_utils.documents.text import CONTROL
from audit_utils.errors import AuditError
from audit_utils.grid import Grid
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
_FEW = 200
"""Characters of a page that may be no more than the margin of a picture."""
_MANY = 20_000
"""Things drawn on a page that are no longer looked at for pictures."""
_SCAN = "the PDF holds no text, only pictures (a scan); only text can be read"
_XFA = "the PDF is an XFA form, which makes its pages when it is opened; print it to a new PDF"
_TOLD = {
    Fault.FONTS: "fonts of the page do not tell which characters they draw",
    Fault.LACKS: "the page draws with a font or picture that the file does not hold",
    Fault.WRITTEN: "the page is damaged: what it shows may be read in part",
    Fault.HIDDEN: "parts of the page are hidden (layers): it is not read; print it to a new PDF",
    Fault.LARGE: f"the page draws more than {limits.CONTENT_MB} MB, the limit: it is not read",
    Fault.LOST: "the page is damaged: it is not read",
}
_NOTHING = {
    Fault.HIDDEN: "pages of the PDF are hidden in part (layers); print it to a new PDF",
    **dict.fromkeys(
        (Fault.LACKS, Fault.WRITTEN, Fault.LOST),
        "the file is damaged: what its pages show cannot be read",
    ),
}
"""What is said of a document without any text that could be read."""
_MOST_UNREADABLE = 0.2
_MANY_UNREADABLE, _LEAST_UNREADABLE = 0.02, 5
"""Part of the characters of a document that makes it no text; of a page that is told."""


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a PDF, the number of its pages, and the pages that could not be read.

    Raises AuditError for one that is damaged, locked, without text, or beyond the limits.
    """
    document = _open(data, path)
    try:
        count = len(document)
        limits.check(count, limits.PAGES, "pages", path)
        reader = _Reader(document, path)
        reader.whole(data)
        for number in range(1, count + 1):
            reader.page(number)
        return reader.grid(), count, reader.problems
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


class _Reader:
    """Goes through the pages, and looks for tables where a form may be or go on."""

    def __init__(self, document: Any, path: Path) -> None:
        self.path = path
        self.pages: list[Shown] = []
        self.problems: list[Problem] = []
        self._document = document
        self._inspection = Inspection(Objects(document))
        self._characters = 0
        self._unreadable = 0
        self._before: Lattice | None = None
        self._worst = Fault.NONE

    def whole(self, data: bytes) -> None:
        """What there is to tell of the document before its pages."""
        if pdfium.FPDF_GetFormType(self._document) == pdfium.FORMTYPE_XFA_FULL:
            raise AuditError(_XFA, self.path)
        if not self._inspection.all_there(self._document, data):
            self._tell("the list of pages is damaged: pages may be missing", 1)
        if pdfium.FPDFDoc_GetAttachmentCount(self._document):
            self._tell("other files are packed in this one: they are not read", 1)

    def page(self, number: int) -> None:
        fault = self._inspection.page(number)
        self._worst = max(self._worst, fault)
        if fault in _TOLD:
            self._tell(_TOLD[fault], number)
        if fault >= Fault.HIDDEN:
            return
        lies_on = added(self._inspection.entries(number), self._inspection.objects)
        try:
            with _opened(self._document, number, lies_on) as page:
                edges = self._inspection.edges(number)
                text = pages.text(page, self.path, edges)
                self._read(number, page, text, edges)
        except pypdfium2.PdfiumError:
            self._worst = Fault.LOST
            self._tell(_TOLD[Fault.LOST], number)
            return
        said = "".join(glyph.text for glyph in text.glyphs)
        for value in lies_on.missing(said):
            self._tell("a field has a value that the page does not show", number, value)
        if lies_on.notes:
            self._tell("a note or stamp on the page shows text: it is not read", number)

    def _read(self, number: int, page: Any, text: pages.Text, edges: pages.Edges) -> None:
        said = "".join(glyph.text for glyph in text.glyphs)
        shown = len("".join(said.split()))
        self._characters += shown
        self._check(number, said, shown)
        ruled = bool(self.pages and self.pages[-1].sheets) or bool(_WORDS.search(said))
        strokes, pictures = (
            self._drawn(page, text.turned) if ruled or self._small(page, shown) else ([], [])
        )
        lattices = ruling.lattices(strokes, self._before) if ruled and shown else []
        self._before = lattices[-1] if lattices else None
        seen = pages.seen(edges, text.turned)
        self.pages.append(_shown(number, writing.page(text.glyphs, lattices, seen)))
        if text.shapeless:
            self._tell("text in a font that the file does not hold may be missing", number)
        if text.misspoken:
            self._tell("the page gives other texts than it draws: those it draws are read", number)
        if text.unseen:
            self._tell("text that the page does not show is left out", number)
        if not shown and pages.has_picture(page):
            self._tell("the page shows no text, only a picture: it is not read", number)
        elif message := unread(pictures, lattices, pages.size(page), few=shown < _FEW):
            self._tell(message, number)

    def _small(self, page: Any, shown: int) -> bool:
        """Whether pictures may be all that a page shows beside a little text."""
        return shown < _FEW and pages.count(page) < _MANY

    def _check(self, number: int, said: str, shown: int) -> None:
        """Tell of fonts that do not tell which characters they draw."""
        unreadable = len(_UNREADABLE.findall(said))
        self._unreadable += unreadable
        if "\ufffd" in said or unreadable >= max(_LEAST_UNREADABLE, _MANY_UNREADABLE * shown):
            self._tell(_TOLD[Fault.FONTS], number)

    def _drawn(self, page: Any, turned: int) -> tuple[list[Stroke], list[Picture]]:
        limits.check(pages.count(page), limits.STROKES, "lines drawn on a page", self.path)
        strokes: list[Stroke] = []
        pictures: list[Picture] = []
        for one in pages.drawn(page, turned):
            if isinstance(one, Stroke):
                strokes.append(one)
            else:
                pictures.append(one)
            drawn = len(strokes) + len(pictures)
            limits.check(drawn, limits.STROKES, "lines drawn on a page", self.path)
        return strokes, pictures

    def _tell(self, message: str, page: int, text: str = "") -> None:
        problem = Problem(message, 1, 1, page, text)
        if problem not in self.problems[-5:]:
            self.problems.append(problem)

    def grid(self) -> Grid:
        """The grid of all pages; AuditError when they show no text."""
        if not self._characters:
            if self._worst is Fault.LARGE:
                unit = "MB of drawing on a page"
                raise limits.over(limits.CONTENT_MB, unit, self.path)
            raise AuditError(_NOTHING.get(self._worst, _SCAN), self.path)
        if self._unreadable > _MOST_UNREADABLE * self._characters:
            message = "the fonts of the PDF do not tell which characters they draw"
            raise AuditError(message, self.path)
        return assemble(items(self.pages, self.path))


@contextmanager
def _opened(document: Any, number: int, lies_on: Added) -> Iterator[Any]:
    """A page with the fields that lie on it drawn."""
    page = document[number - 1]
    if any(lies_on.fields):
        try:
            draw_fields(page, lies_on.fields)
        finally:
            page.close()
        page = document[number - 1]
    try:
        yield page
    finally:
        page.close()


def _shown(number: int, page: writing.Page) -> Shown:
    lines = ((height, CONTROL.sub("", text).strip()) for height, text in page.outside)
    sheets = (
        (lattice.ys[0], sheet)
        for lattice, written in zip(page.lattices, page.written, strict=True)
        for sheet in joining.sheets(lattice, written, number)
    )
    return Shown(
        number,
        tuple(sheets),
        tuple(line for line in lines if line[1]),
        page.beside,
        flanked=page.flanked,
    )
