"""Texts that a PDF gives in place of those that it draws (ActualText), for reading aloud.

They are the better text where a font draws one shape for several characters, and a wrong
one where they say other things than are printed.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pypdfium2.raw as pdfium

_KEY = b"ActualText"
_SOFT = "\u00ad\u200b"


def spoken(texts: Iterable[Any]) -> list[tuple[Any, Any]]:
    """The texts that have another one in their place, each with the mark that says so."""
    found: list[tuple[Any, Any]] = []
    for drawn in texts:
        for place in range(pdfium.FPDFPageObj_CountMarks(drawn)):
            mark = pdfium.FPDFPageObj_GetMark(drawn, place)
            if pdfium.FPDFPageObjMark_GetParamValueType(mark, _KEY) != pdfium.FPDF_OBJECT_UNKNOWN:
                found.append((drawn, mark))
    return found


def forget(marks: Sequence[tuple[Any, Any]]) -> None:
    """Take the marks away; the file stays as it is."""
    for drawn, mark in marks:
        pdfium.FPDFPageObj_RemoveMark(drawn, mark)


_LOOKALIKES = frozenset([*map(chr, range(0x2E80, 0x2FE0)), *"戶〜⋯─―・•‧∙"])
"""Signs whose shape fonts share with others: radicals, and those of 户 ~ … — ·."""


def same(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two readings of a page have the same characters, blanks and ligatures aside.

    Fonts may tell a character as another of its shape: 戶 for 户.
    """
    left, right = _letters(one), _letters(other)
    more, less = left - right, right - left
    alike = any(_LOOKALIKES.issuperset(part) for part in (more, less))
    return more.total() == less.total() and alike


def _letters(texts: Iterable[str]) -> Counter[str]:
    whole = unicodedata.normalize("NFKC", "".join(texts))
    return Counter(letter for letter in whole if not letter.isspace() and letter not in _SOFT)
