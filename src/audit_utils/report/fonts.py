"""The font of the figures: Noto Sans SC (Open Font License), and as much of it as a page needs.

A machine may have no Chinese font, neither where a figure is drawn nor where it is read.  So
matplotlib measures with the font of a package, and a page carries the glyphs of its figures.
"""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from itertools import accumulate

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

PATH = pylopdf_fonts_zh_cn.sans_path()

EM = 125
"""Units of a glyph on a page: a third smaller than with the font's 1000, and no pixel different."""

_ASCENT, _DESCENT = 110, 15  # of EM
_CHANGED = 3_849_984_000  # 2026-01-01 in seconds since 1904: a fixed time, same bytes
_WIDER = 1.2  # DejaVu's digits beside those of this font
_MISSING = ".notdef"


def warm(characters: Iterable[str]) -> None:
    """Read the glyphs of these characters once, before processes are forked."""
    for character in sorted(set(characters)):
        _glyph(character)


def lacks(character: str) -> bool:
    """Whether the font has no glyph for the character."""
    return ord(character) not in _names()


def width(text: str, size: float) -> float:
    """How wide a line of text may be drawn; ASCII as wide as a wide font of a page draws it."""
    return sum(_widths(text)) * size / EM


def fitted(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room."""
    if width(text, size) <= room:
        return text
    room -= width("…", size)
    ends = accumulate(_widths(text))
    return text[: sum(end * size / EM <= room for end in ends)] + "…"


def _widths(text: str) -> list[float]:
    return [_glyph(one)[1] * (_WIDER if one.isascii() else 1) for one in text]


def face(family: str, text: str) -> str:
    """The CSS rule of a font with the glyphs of the text; empty when it needs none.

    ASCII is left to the font of the page, and so is what the font lacks.
    """
    needed = sorted({one for one in text if not one.isascii() and not lacks(one)})
    if not needed:
        return ""
    data = b64encode(_woff(family, "".join(needed))).decode()
    return f"@font-face{{font-family:{family};src:url(data:font/woff;base64,{data})}}"


@cache
def _woff(family: str, characters: str) -> bytes:
    """A font of these characters; their glyphs are named by their place in it."""
    glyphs = {f"g{place}": _glyph(one) for place, one in enumerate(characters, start=1)}
    outlines = {_MISSING: (b"\x0e", EM), **glyphs}  # endchar: nothing is drawn
    builder = FontBuilder(EM, isTTF=False)
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap(dict(zip(map(ord, characters), glyphs, strict=True)))
    strings = {name: T2CharString(bytecode=outline) for name, (outline, _) in outlines.items()}
    builder.setupCFF(family, {}, strings, {})
    builder.setupHorizontalMetrics({name: (width, 0) for name, (_, width) in outlines.items()})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=-_DESCENT)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=-_DESCENT, usWinAscent=EM)
    builder.setupPost(keepGlyphNames=False)
    return _saved(builder.font)


def _saved(font: TTFont) -> bytes:
    font["head"].created = font["head"].modified = _CHANGED
    font.recalcTimestamp = False
    font.recalcBBoxes = False  # would draw every glyph again
    font.flavor = "woff"  # WOFF2 is 8 % smaller, and takes ten times as long to write
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


@cache
def _glyph(character: str) -> tuple[bytes, int]:
    """Outline (a Type 2 charstring) and advance in EM; those of nothing if the font lacks it."""
    if lacks(character):
        return b"\x0e", EM
    glyph = _source().getGlyphSet()[_names()[ord(character)]]
    scale = EM / _source()["head"].unitsPerEm
    pen = T2CharStringPen(None, None)
    glyph.draw(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    outline = pen.getCharString()
    outline.compile()
    return outline.bytecode, round(glyph.width * scale)


@cache
def _source() -> TTFont:
    """The whole font, read from memory: forked processes would share the place in a file."""
    return TTFont(BytesIO(PATH.read_bytes()), lazy=True)


@cache
def _names() -> dict[int, str]:
    return dict(_source().getBestCmap())
