"""What is drawn over the cells of a sheet, or printed around them: told, not read."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from audit_utils.documents.archive import Archive

LARGE = 3_600_000
"""Width and height of a picture that may well show a form: 10 cm, as Office measures."""
_CODES = re.compile(r'&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|&\d+|&[A-Za-z]|&&')


class Floating(NamedTuple):
    """A message, the text that floats, and the row and column of the cell below it."""

    message: str
    text: str
    place: tuple[int, int]


def over(archive: Archive, part: str) -> Iterator[Floating]:
    """Text boxes and large pictures over the cells of a sheet."""
    for relation in archive.relations(part):
        if relation.kind != "drawing" or relation.part not in archive:
            continue
        for anchor in archive.xml(relation.part).iterchildren("*"):
            start = anchor.find("{*}from")
            place = (_number(start, "row") + 1, _number(start, "col") + 1)
            if text := _text(anchor):
                yield Floating("a text box over the sheet says this: it is not read", text, place)
            elif any(_is_large(one) for one in anchor.iter("{*}ext")) and _has_picture(anchor):
                yield Floating("a large picture over the sheet is not read", "", place)


def _number(start: Any, name: str) -> int:
    found = "" if start is None else start.findtext(f"{{*}}{name}", "")
    return int(found) if found.isdecimal() and len(found) < 8 else 0


def _text(anchor: Any) -> str:
    shown = (
        node.text or ""
        for node in anchor.iter("{*}t")
        if not any(above.tag.endswith("}Fallback") for above in node.iterancestors())
    )
    return " ".join("".join(shown).split())


def _has_picture(anchor: Any) -> bool:
    return anchor.find(".//{*}pic") is not None


def _is_large(extent: Any) -> bool:
    sizes = extent.get("cx", ""), extent.get("cy", "")
    return all(size.isdecimal() and int(size[:12]) >= LARGE for size in sizes)


def margins(codes: str) -> Iterator[str]:
    """The texts above and below a printed page, without page numbers and other codes."""
    for text in _CODES.sub("\n", codes).split("\n"):
        if text.strip():
            yield text.strip()
