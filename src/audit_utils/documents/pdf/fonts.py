"""Fonts that a PDF names and does not hold: texts in them may have no shape on this machine.

PDFium says nothing of a text of one character without a shape.
"""

import ctypes
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium


def address(drawn: Any) -> int:
    """What tells one text or font of a page from another."""
    return ctypes.addressof(drawn.contents)


def shapeless(silent: Sequence[Any], texts: Sequence[Any]) -> int:
    """How many of these texts are in fonts that the file does not hold and nobody has here."""
    fonts = {address(font) for font in map(_foreign_font, silent) if font}
    if not fonts:
        return 0
    shaped = {address(font) for font in map(_foreign_font, filter(_is_high, texts)) if font}
    return sum(bool(font) and address(font) not in shaped for font in map(_foreign_font, silent))


def _foreign_font(drawn: Any) -> Any:
    """The font of a text, unless the file holds it."""
    font = pdfium.FPDFTextObj_GetFont(drawn)
    return font if font and pdfium.FPDFFont_GetIsEmbedded(font) == 0 else None


def _is_high(drawn: Any) -> bool:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    found = pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    return bool(found) and top.value > bottom.value
