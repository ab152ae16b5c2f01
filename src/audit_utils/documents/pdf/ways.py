"""Which way the texts of a PDF page run, and how high their characters are."""

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

Matrix = tuple[float, float, float, float, float, float]
Turn = Callable[[float, float], tuple[float, float]]

_ASCENT = 0.85
"""Part of a font's height that stands above the line on which letters stand."""
_EXACT = 0.1
"""Part of a font's height by which a character may be higher or lower than its font."""
_SLANTED = 3.0
"""Degrees that a line of text may be off and still be upright."""


class Way(NamedTuple):
    """A text among those of a page: its place, the direction of its line, how it is scaled.

    The direction is in degrees against the clock, None for a slanted line.
    """

    place: int
    way: int | None
    scale: float


def turned(ways: Iterable[int | None], usual: int) -> int:
    """How a page has to be turned to be read: as most of its texts are written."""
    often = Counter(way for way in ways if way is not None)
    return often.most_common(1)[0][0] if often else usual


def way_of(matrix: Matrix) -> int | None:
    """The direction of a line of text: 0, 90, 180 or 270 degrees, None if it is slanted."""
    angle = math.degrees(math.atan2(matrix[1], matrix[0]))
    way = 90 * round(angle / 90)
    return way % 360 if abs(angle - way) < _SLANTED else None


class Heights:
    """Makes characters as high as their fonts: of some PDFium tells the height of their ink."""

    def __init__(self, text_page: Any, turn: Turn) -> None:
        self._page = text_page
        self._turn = turn
        self._usual = 0.0

    def of(self, index: int, y0: float, y1: float, scale: float) -> tuple[float, float]:
        """Top and bottom of a character between these."""
        if not self._fits(y1 - y0):
            self._usual = pdfium.FPDFText_GetFontSize(self._page, index) * scale
            if not self._fits(y1 - y0):
                x, y = ctypes.c_double(), ctypes.c_double()
                pdfium.FPDFText_GetCharOrigin(self._page, index, x, y)
                _, base = self._turn(x.value, y.value)
                return base - _ASCENT * self._usual, base + (1 - _ASCENT) * self._usual
        return y0, y1

    def _fits(self, height: float) -> bool:
        return (1 - _EXACT) * self._usual <= height <= (1 + _EXACT) * self._usual
