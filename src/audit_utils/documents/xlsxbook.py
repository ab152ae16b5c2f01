"""What the sheets of a workbook share: their texts, styles, and the day they count from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from audit_utils.documents import formats, scripts
from audit_utils.documents.archive import Archive

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = dict.fromkeys({*range(32)} - {9, 10})
_TRUE = frozenset({"1", "true", "on"})
_WHITE = frozenset({("rgb", "FFFFFFFF"), ("rgb", "00FFFFFF"), ("rgb", "FFFFFF"), ("theme", "0"),
                    ("indexed", "1"), ("indexed", "9")})  # fmt: skip


class Style(NamedTuple):
    """Number format of a cell, and whether its text is as white as the paper."""

    code: str = "General"
    white: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets share; `stale`: the values of formulas are to be computed anew."""

    texts: tuple[str, ...] = ()
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
    texts = archive.elements(parts["sharedStrings"], ("si",)) if "sharedStrings" in parts else ()
    return Book(
        texts=tuple(map(text_of, texts)),
        styles=tuple(_styles(archive.xml(parts["styles"]))) if "styles" in parts else (),
        date1904=properties is not None and is_true(properties.get("date1904")),
        stale=calculation is not None and is_true(calculation.get("fullCalcOnLoad")),
    )


def _styles(root: Any) -> Iterator[Style]:
    own = {
        one.get("numFmtId"): one.get("formatCode", "")
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    white = [_is_white(font.find("{*}color")) for font in root.iterfind("{*}fonts/{*}font")]
    plain = [_is_plain(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    for one in root.iterfind("{*}cellXfs/{*}xf"):
        number = one.get("numFmtId", "0")
        code = own.get(number) or formats.BUILT_IN.get(whole(number), "General")
        unseen = _at(white, one.get("fontId"), False) and _at(plain, one.get("fillId"), True)
        yield Style(code, unseen)


def _at(known: list[bool], number: str | None, default: bool) -> bool:
    place = whole(number)
    return known[place] if place < len(known) else default


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
        is_raised = place is not None and place.get("val") == "superscript"
        pieces.append(scripts.raised(text) if is_raised else text)
    return unescaped("".join(pieces))


def unescaped(text: str) -> str:
    """What `_x000D_` and the like stand for; control characters show nothing."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)


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
