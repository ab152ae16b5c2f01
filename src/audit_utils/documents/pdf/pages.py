"""What a PDF page shows: its characters and the straight lines drawn on it, with places.

PDFium takes the page apart.  Places are in points, x to the right and y downwards as the
page is seen; the corner they count from does not matter.
"""

import ctypes
import math
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from audit_utils.documents import limits
from audit_utils.documents.pdf import spoken
from audit_utils.documents.pdf.fonts import address, shapeless
from audit_utils.documents.pdf.ways import Heights, Matrix, Turn, Way, turned, way_of
from audit_utils.radicals import characters

_DEEPEST = 12
"""Drawings inside of drawings."""
_MOST = 20_000
"""Things drawn on a page that are looked at for pictures."""
_THIN = 3.0
"""A filled box that is no wider is a line."""
_SPACE, _HYPHEN, _LAST_CONTROL = 0x20, 0x02, 0x1F
_WITHOUT_INK = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_STRAIGHT = 1.0
"""How far the ends of a line may be out of line with each other."""

_SAME: Matrix = (1, 0, 0, 1, 0, 0)
Edges = tuple[float, float, float, float]
"""Left, bottom, right and top of what is seen of a page, in its own axes."""
ENDLESS: Edges = (-math.inf, -math.inf, math.inf, math.inf)


class Glyph(NamedTuple):
    """A character in its box, which is as high as its font and as wide as the character.

    `drawn` tells the texts apart that are drawn one after another; `way` is the direction
    of its line as the page is seen, in degrees against the clock, None for a slanted one.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    drawn: int = 0
    way: int | None = 0


class Stroke(NamedTuple):
    """A line from (x0, y0) to (x1, y1), horizontal or vertical, x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float


_TURNS: dict[int, Turn] = {
    0: lambda x, y: (x, -y),
    90: lambda x, y: (y, x),
    180: lambda x, y: (-x, y),
    270: lambda x, y: (-y, -x),
}
"""How a page is turned -> from its own axes to those of its reader."""


def seen(edges: Edges, turned: int) -> Edges:
    """Left, top, right and bottom of what is seen of a page, where its characters stand."""
    turn = _TURNS[turned]
    (x0, y0), (x1, y1) = turn(edges[0], edges[1]), turn(edges[2], edges[3])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


class Text(NamedTuple):
    """The characters of a page in the order in which they are drawn, blanks included.

    One that its font does not tell is U+FFFD.  `unseen` counts those that are left out,
    because they are drawn without ink or where the page was cropped; `shapeless` counts
    texts in fonts without shapes, of which PDFium drops single characters.  `turned` is how
    the page has to be turned to read it, in degrees with the clock; `misspoken` whether the
    page gives other texts for its own than it draws, which are not taken then.
    """

    glyphs: list[Glyph]
    unseen: int
    shapeless: int
    turned: int
    misspoken: bool


def count(page: Any) -> int:
    """How many things a page draws, not counted what they draw themselves."""
    return int(pdfium.FPDFPage_CountObjects(page))


def text(page: Any, path: Path, edges: Edges = ENDLESS) -> Text:
    """What a page says within these edges; AuditError for more than the limit."""
    limits.check(count(page), limits.DRAWN, "things drawn on a page", path)
    drawn = list(_texts(page))
    ways = [way_of(matrix) for _, matrix in drawn]
    turn = turned(ways, page.get_rotation())
    order = {
        address(text): Way(
            place, None if way is None else (way - turn) % 360, math.hypot(*matrix[2:4])
        )
        for place, ((text, matrix), way) in enumerate(zip(drawn, ways, strict=True))
        if _inked(text)
    }
    texts = [text for text, _ in drawn]
    found, unseen, said = _found(page, path, _TURNS[turn], order, edges)
    marks = spoken.spoken(texts)
    misspoken = False
    if marks:
        spoken.forget(marks)
        own = _found(page, path, _TURNS[turn], order, edges)
        misspoken = not spoken.same((one.text for one in found), (one.text for one in own[0]))
        if misspoken:
            found, unseen, said = own
    silent = [text for text in texts if address(text) not in said]
    return Text(found, unseen, shapeless(silent, texts) if silent else 0, turn, misspoken)


def _found(
    page: Any, path: Path, turn: Turn, order: dict[int, Way], edges: Edges
) -> tuple[list[Glyph], int, set[int]]:
    text_page = page.get_textpage()
    try:
        characters = text_page.count_chars()
        limits.check(characters, limits.GLYPHS, "characters on a page", path)
        found, unseen, said = _glyphs(text_page.raw, turn, order, edges)
    finally:
        text_page.close()
    found.sort(key=attrgetter("drawn"))
    return found, unseen, said


def _glyphs(
    text_page: Any, turn: Turn, order: dict[int, Way], edges: Edges
) -> tuple[list[Glyph], int, set[int]]:
    """Each character with the place of its text among those drawn (PDFium sorts by line).

    Also how many are not seen, and which texts have any characters at all.
    """
    heights, (left, bottom, right, top) = Heights(text_page, turn), edges
    found: list[Glyph] = []
    said: set[int] = set()
    unseen = 0
    box = pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code == _SPACE and pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if code == _HYPHEN and pdfium.FPDFText_IsHyphen(text_page, index) == 1:
            code = ord("-")  # at the end of a line PDFium tells a hyphen by this number
        unknown = pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1
        if code <= _LAST_CONTROL and not unknown:
            continue
        drawn = pdfium.FPDFText_GetTextObject(text_page, index)
        if not drawn or not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        said.add(at := address(drawn))
        own = order.get(at)
        if own is None or not (
            left <= (box.left + box.right) / 2 <= right
            and bottom <= (box.bottom + box.top) / 2 <= top
        ):
            unseen += not chr(code).isspace()
            continue
        x0, y0 = turn(box.left, box.top)
        x1, y1 = turn(box.right, box.bottom)
        x0, x1 = (x0, x1) if x0 <= x1 else (x1, x0)
        y0, y1 = (y0, y1) if y0 <= y1 else (y1, y0)
        if own.way == 0:
            y0, y1 = heights.of(index, y0, y1, own.scale)
        letter = "\ufffd" if unknown or 0xD800 <= code < 0xE000 else characters(chr(code))
        found.append(Glyph(letter, x0, y0, x1, y1, own.place, own.way))
    return found, unseen, said


def size(page: Any) -> tuple[float, float]:
    """Width and height of what is seen of a page, however it is turned."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    return box.right - box.left, box.top - box.bottom


def _inked(drawn: Any) -> bool:
    return pdfium.FPDFTextObj_GetTextRenderMode(drawn) not in _WITHOUT_INK


def _texts(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """The texts drawn on a page, each with its matrix."""
    for place in range(count(page)):
        yield from _texts_in(pdfium.FPDFPage_GetObject(page.raw, place), _SAME, 0)


def _texts_in(drawn: Any, outer: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    kind = _kind(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        yield drawn, _times(_matrix(drawn), outer)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        matrix = _times(_matrix(drawn), outer)
        for place in range(pdfium.FPDFFormObj_CountObjects(drawn)):
            yield from _texts_in(pdfium.FPDFFormObj_GetObject(drawn, place), matrix, depth + 1)


def has_picture(page: Any) -> bool:
    """Whether a page draws what may show text: pictures, or curves, of which letters are made.

    Straight lines alone are the boxes of a table; a great many of them draw something.
    """
    things = count(page)
    drawn = (pdfium.FPDFPage_GetObject(page, place) for place in range(min(things, _MOST)))
    return things > _MOST or any(_may_show(one, 0) for one in drawn)


def _may_show(drawn: Any, depth: int) -> bool:
    kind = _kind(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        inside = range(pdfium.FPDFFormObj_CountObjects(drawn))
        return any(_may_show(pdfium.FPDFFormObj_GetObject(drawn, n), depth + 1) for n in inside)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        segments = range(pdfium.FPDFPath_CountSegments(drawn))
        kinds = (pdfium.FPDFPath_GetPathSegment(drawn, n) for n in segments)
        return any(pdfium.FPDFPathSegment_GetType(n) == pdfium.FPDF_SEGMENT_BEZIERTO for n in kinds)
    return bool(kind != pdfium.FPDF_PAGEOBJ_TEXT)


def _kind(drawn: Any) -> int:
    return int(pdfium.FPDFPageObj_GetType(drawn))


# ---- lines


class Picture(NamedTuple):
    """The box of a picture, or of a filled shape with curves, which may be a letter."""

    x0: float
    y0: float
    x1: float
    y1: float
    shape: bool


def drawn(page: Any, turned: int) -> Iterator[Stroke | Picture]:
    """The horizontal and vertical lines of a page, the sides of boxes among them; its pictures."""
    turn = _TURNS[turned]
    count = pdfium.FPDFPage_CountObjects(page)
    for place in range(count):
        for one in _drawn(pdfium.FPDFPage_GetObject(page.raw, place), _SAME, 0):
            (left, top), (right, bottom) = turn(one.x0, one.y0), turn(one.x1, one.y1)
            if left > right:
                left, right = right, left
            if top > bottom:
                top, bottom = bottom, top
            if isinstance(one, Stroke):
                yield Stroke(left, top, right, bottom)
            else:
                yield Picture(left, top, right, bottom, one.shape)


def _drawn(drawn: Any, outer: Matrix, depth: int) -> Iterator[Stroke | Picture]:
    kind = _kind(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield from _path(drawn, _times(_matrix(drawn), outer))
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        a, b, c, d, e, f = _times(_matrix(drawn), outer)
        yield _picture([(e, f), (a + e, b + f), (c + e, d + f), (a + c + e, b + d + f)], False)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        matrix = _times(_matrix(drawn), outer)
        for place in range(pdfium.FPDFFormObj_CountObjects(drawn)):
            yield from _drawn(pdfium.FPDFFormObj_GetObject(drawn, place), matrix, depth + 1)


def _matrix(drawn: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    k, m, n, p, q, r = outer
    return (a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p,
            e * k + f * n + q, e * m + f * p + r)  # fmt: skip


_Point = tuple[float, float]


def _path(path: Any, matrix: Matrix) -> Iterator[Stroke | Picture]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    outlines, bends = _outlines(path, matrix)
    for points in outlines:
        if stroke.value:
            yield from filter(_straight, map(_between, points, points[1:]))
        else:
            yield from _thin(points)
    if bends and fill.value:
        yield _picture(bends, True)


def _outlines(path: Any, matrix: Matrix) -> tuple[list[list[_Point]], list[_Point]]:
    """The points of each straight part of a path, a closed one ends where it begins; its bends."""
    x, y = ctypes.c_float(), ctypes.c_float()
    outlines: list[list[_Point]] = []
    points: list[_Point] = []
    bends: list[_Point] = []
    a, b, c, d, e, f = matrix
    for place in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, place)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if not math.isfinite(point[0] + point[1]):
            return outlines, bends
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                bends.append(point)
            outlines.append(points)
            points = []
        points.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    outlines.append(points)
    return [points for points in outlines if len(points) > 1], bends


def _picture(points: list[_Point], shape: bool) -> Picture:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Picture(min(xs), min(ys), max(xs), max(ys), shape)


def _between(one: _Point, other: _Point) -> Stroke:
    (x0, y0), (x1, y1) = one, other
    return Stroke(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _straight(stroke: Stroke) -> bool:
    return min(stroke.x1 - stroke.x0, stroke.y1 - stroke.y0) <= _STRAIGHT


def _thin(points: list[_Point]) -> Iterator[Stroke]:
    """The line that a thin filled box is."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if y1 - y0 <= _THIN and y1 - y0 <= x1 - x0:
        yield Stroke(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    elif x1 - x0 <= _THIN:
        yield Stroke((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
