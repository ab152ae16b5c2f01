"""What the sheets of a workbook share: their texts, styles, and the day they count from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from audit_utils.documents import scripts, symbols
from audit_utils.documents.archive import Archive
from audit_utils.documents.xlsx import formats

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
_TRUE = frozenset({"1", "true", "on"})
_WHITE = frozenset({("rgb", "FFFFFFFF"), ("rgb", "00FFFFFF"), ("rgb", "FFFFFF"), ("theme", "0"),
                    ("indexed", "1"), ("indexed", "9")})  # fmt: skip


class Style(NamedTuple):
    """Number format of a cell, and whether its text is as white as the paper or struck out."""

    code: str = "General"
    white: bool = False
    struck: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets share; `stale`: the values of formulas are to be computed anew."""

    texts: tuple[str, ...] = ()
    struck: frozenset[str] = frozenset()
    """Texts of which a part is struck out."""
    styles: tuple[Style, ...] = ()
    date1904: bool = False
    stale: bool = False

    def style(self, number: str | None) -> Style:
        """The style with this number; a broken one keeps nobody from the cell."""
        place = whole(number)
        return self.styles[place] if place < len(self.styles) else Style()


def read(archive: Archive, main: str, root: Any) -> Book:
    """What the workbook says beside its list of sheets."""
    parts = {one.kind: one.part for one in archive.relations(main) if one.part in archive}
    properties, calculation = root.find("{*}workbookPr"), root.find("{*}calcPr")
    texts: list[str] = []
    struck: set[str] = set()
    if "sharedStrings" in parts:
        for one in archive.elements(parts["sharedStrings"], ("si",)):
            texts.append(text_of(one))
            if next(one.iter("{*}strike"), None) is not None:
                struck.add(texts[-1])
    return Book(
        texts=tuple(texts),
        struck=frozenset(struck),
        styles=tuple(_styles(archive.xml(parts["styles"]))) if "styles" in parts else (),
        date1904=properties is not None and is_true(properties.get("date1904")),
        stale=calculation is not None and is_true(calculation.get("fullCalcOnLoad")),
    )


def _styles(root: Any) -> Iterator[Style]:
    own = {
        one.get("numFmtId"): one.get("formatCode", "")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts = [_font(font) for font in root.iterfind("{*}fonts/{*}font")]
    plain = [_is_plain(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    for one in root.iterfind("{*}cellXfs/{*}xf"):
        number, font, fill = one.get("numFmtId", "0"), one.get("fontId"), whole(one.get("fillId"))
        code = own.get(number) or formats.BUILT_IN.get(whole(number), "General")
        style = fonts[whole(font)] if whole(font) < len(fonts) else Style()
        on_white = plain[fill] if fill < len(plain) else True
        yield style._replace(code=code, white=style.white and on_white)


def _font(element: Any) -> Style:
    """What a font says of the cells in it."""
    name, struck = element.find("{*}name"), element.find("{*}strike")
    return Style(
        white=_is_white(element.find("{*}color")),
        struck=struck is not None and is_true(struck.get("val", "1")),
        font="" if name is None else name.get("val", ""),
    )


def _is_white(color: Any) -> bool:
    """Without a tint, which darkens it."""
    return color is not None and not color.get("tint") and _named(color.attrib.items())


def _is_plain(fill: Any) -> bool:
    pattern = fill.find("{*}patternFill")
    if pattern is None:  # a gradient
        return False
    if pattern.get("patternType", "none") == "none":
        return True
    return pattern.get("patternType") == "solid" and _is_white(pattern.find("{*}fgColor"))


def _named(attributes: Iterable[tuple[str, str]]) -> bool:
    return any((name, value.upper()) in _WHITE for name, value in attributes)


def text_of(element: Any) -> str:
    """Text of a string in its runs, without the pronunciation that may stand above it."""
    pieces = []
    for node in element.iterchildren("{*}t", "{*}r"):
        if name_of(node) == "t":
            pieces.append(node.text or "")
            continue
        text = "".join(one.text or "" for one in node.iterchildren("{*}t"))
        place = node.find("{*}rPr/{*}vertAlign")
        font = node.find("{*}rPr/{*}rFont")
        if font is not None:
            text = symbols.shown(text, font.get("val", ""))
        is_raised = place is not None and place.get("val") == "superscript"
        pieces.append(scripts.raised(text) if is_raised else text)
    return unescaped("".join(pieces))


def unescaped(text: str) -> str:
    """What `_x000D_` and the like stand for; control characters show nothing."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text)


def name_of(element: Any) -> str:
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def whole(text: str | None) -> int:
    """A number of the file; 0 for what is none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def is_true(text: str | None) -> bool:
    return text in _TRUE


def is_zero(element: Mapping[str, str], name: str) -> bool:
    """Whether a height or a width is nothing at all."""
    return element.get(name, "1").strip("0.") == "" and element.get(name) not in ("", ".")
