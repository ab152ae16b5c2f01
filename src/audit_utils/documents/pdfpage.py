"""What a PDF page shows: its characters and the straight lines drawn on it, with places.

PDFium takes the page apart.  Places are in points, x to the right and y downwards as the
page is seen; the corner they count from does not matter.
"""

import ctypes
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_DEEPEST = 12
"""Drawings inside of drawings."""
_THIN = 3.0
"""A filled box that is no wider is a line."""
_STRAIGHT = 1.0
"""How far the ends of a line may be out of line with each other."""

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


class Glyph(NamedTuple):
    """A character in its box, which is as high as its font and as wide as the character."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


class Stroke(NamedTuple):
    """A line from (x0, y0) to (x1, y1), horizontal or vertical, x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float


_Turn = Callable[[float, float], tuple[float, float]]
_TURNS: dict[int, _Turn] = {
    0: lambda x, y: (x, -y),
    90: lambda x, y: (y, x),
    180: lambda x, y: (-x, y),
    270: lambda x, y: (-y, -x),
}
"""Rotation of a page -> from its own axes to those of its reader."""


def glyphs(page: Any) -> list[Glyph]:
    """The characters of a page in the order in which they are drawn, blanks included."""
    turn = _TURNS[page.get_rotation()]
    order = {_address(text): place for place, text in enumerate(_texts(page))}
    text_page = page.get_textpage()
    try:
        found = sorted(_glyphs(text_page, turn, order), key=lambda one: one[0])
    finally:
        text_page.close()
    return [glyph for _, glyph in found]


def _glyphs(
    text_page: Any, turn: _Turn, order: dict[int | None, int]
) -> Iterator[tuple[int, Glyph]]:
    """Each character with the place of its text among those drawn; PDFium sorts by line."""
    box = pdfium.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code <= 0x1F or pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            x0, y0 = turn(box.left, box.top)
            x1, y1 = turn(box.right, box.bottom)
            text = chr(code) if not 0xD800 <= code < 0xE000 else "\ufffd"
            place = order.get(_address(pdfium.FPDFText_GetTextObject(text_page, index)), 0)
            yield place, Glyph(text, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _address(drawn: Any) -> int | None:
    return ctypes.cast(drawn, ctypes.c_void_p).value


def _texts(page: Any) -> Iterator[Any]:
    for place in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _texts_in(pdfium.FPDFPage_GetObject(page, place), 0)


def _texts_in(drawn: Any, depth: int) -> Iterator[Any]:
    kind = _kind(drawn)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        yield drawn
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
        for place in range(pdfium.FPDFFormObj_CountObjects(drawn)):
            yield from _texts_in(pdfium.FPDFFormObj_GetObject(drawn, place), depth + 1)


def has_picture(page: Any) -> bool:
    """Whether a page draws what may show text: pictures, or curves, of which letters are made.

    Straight lines alone are the boxes of a table.
    """
    count = pdfium.FPDFPage_CountObjects(page)
    return any(_may_show(pdfium.FPDFPage_GetObject(page, place), 0) for place in range(count))


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


def strokes(page: Any) -> Iterator[Stroke]:
    """The horizontal and vertical lines of a page, the sides of boxes among them."""
    turn = _TURNS[page.get_rotation()]
    count = pdfium.FPDFPage_CountObjects(page)
    for place in range(count):
        for x0, y0, x1, y1 in _drawn(pdfium.FPDFPage_GetObject(page, place), _SAME, 0):
            (left, top), (right, bottom) = turn(x0, y0), turn(x1, y1)
            yield Stroke(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _drawn(drawn: Any, outer: Matrix, depth: int) -> Iterator[Stroke]:
    kind = _kind(drawn)
    if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM) or depth > _DEEPEST:
        return
    matrix = _times(_matrix(drawn), outer)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield from _path(drawn, matrix)
        return
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


def _path(path: Any, matrix: Matrix) -> Iterator[Stroke]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    for points in _outlines(path, matrix):
        if stroke.value:
            yield from filter(_straight, map(_between, points, points[1:]))
        else:
            yield from _thin(points)


def _outlines(path: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The points of each part of a path; a closed one ends where it begins."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    a, b, c, d, e, f = matrix
    for place in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, place)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if not all(map(math.isfinite, point)):
            return
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _between(one: tuple[float, float], other: tuple[float, float]) -> Stroke:
    (x0, y0), (x1, y1) = one, other
    return Stroke(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _straight(stroke: Stroke) -> bool:
    return min(stroke.x1 - stroke.x0, stroke.y1 - stroke.y0) <= _STRAIGHT


def _thin(points: list[tuple[float, float]]) -> Iterator[Stroke]:
    """The line that a thin filled box is."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    if y1 - y0 <= _THIN and y1 - y0 <= x1 - x0:
        yield Stroke(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    elif x1 - x0 <= _THIN:
        yield Stroke((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)
