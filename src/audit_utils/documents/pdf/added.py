"""What lies on the pages of a PDF beside what they draw: form fields with their values, notes.

Filled-in fields are part of a form and are read where they stand.  What somebody has put
on a page later (notes, stamps) is told where it shows text, and not read.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from audit_utils.documents import limits
from audit_utils.documents.pdf import streams
from audit_utils.documents.pdf.objects import Objects, Stream

_HIDDEN, _PRINTED, _OFF_SCREEN = 2, 4, 32
_DEEPEST = 20
_MOST = 50
"""Drawings inside of a note that are looked at."""
_SHOWS_TEXT = re.compile(rb"(?:[)>\]])\s*(?:T[jJ]|['\"])(?![A-Za-z])")
_NOT_WORDS = re.compile(r"[\W_]+")


class Added(NamedTuple):
    """The annotations of a page, in their order: which are fields to be read with the page.

    `values` are the values of its text fields, `notes` says whether others show text.
    """

    fields: tuple[bool, ...] = ()
    values: tuple[str, ...] = ()
    notes: bool = False

    def missing(self, text: str) -> list[str]:
        """The values that are no part of what a page shows."""
        shown = _NOT_WORDS.sub("", text)
        return [value for value in self.values if _NOT_WORDS.sub("", value) not in shown]


def added(page: dict[str, Any], objects: Objects) -> Added:
    """What lies on a page."""
    notes = [objects.entries(one) for one in objects.items(page.get("Annots"))]
    if not notes:
        return Added()
    fields = tuple(_is_field(one, objects) for one in notes)
    values = (_value(one, objects) for one, field in zip(notes, fields, strict=True) if field)
    shows = any(_shows_text(one, objects) for one in notes if one.get("Subtype") != "Widget")
    return Added(fields, tuple(filter(None, values)), shows)


def draw_fields(page: Any, fields: tuple[bool, ...]) -> None:
    """Make the fields part of what the page draws; it is to be opened again after that."""
    for place in reversed(range(len(fields))):
        if not fields[place]:
            pdfium.FPDFPage_RemoveAnnot(page, place)
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)


def _is_field(note: dict[str, Any], objects: Objects) -> bool:
    kind = next(_inherited(note, "FT", objects), None)
    return note.get("Subtype") == "Widget" and kind in ("Tx", "Ch", "Btn") and not _hidden(note)


def _hidden(note: dict[str, Any]) -> bool:
    flags = int(note["F"]) if isinstance(note.get("F"), float) else 0
    return bool(flags & _HIDDEN or (flags & _OFF_SCREEN and not flags & _PRINTED))


def _value(field: dict[str, Any], objects: Objects) -> str:
    """The text in a text field or choice."""
    if next(_inherited(field, "FT", objects), None) == "Btn":
        return ""
    value = next(_inherited(field, "V", objects), b"")
    return as_text(value).strip() if isinstance(value, bytes) else ""


def as_text(value: bytes) -> str:
    """A string of a PDF."""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    return value.decode("latin-1")


def _inherited(field: dict[str, Any], key: str, objects: Objects) -> Iterator[Any]:
    """What a field has under a key, or the fields that it is a part of."""
    for _ in range(_DEEPEST):
        if key in field:
            yield objects.get(field[key])
        field = objects.entries(field.get("Parent"))


def _shows_text(note: dict[str, Any], objects: Objects) -> bool:
    if _hidden(note) or note.get("Subtype") in ("Link", "Popup", "Text"):
        return False
    written = objects.get(note.get("Contents"))
    if note.get("Subtype") == "FreeText" and isinstance(written, bytes) and written.strip():
        return True
    looks = objects.entries(note.get("AP")).get("N")
    state = note.get("AS")
    if not isinstance(objects.get(looks), Stream) and isinstance(state, str):
        looks = objects.entries(looks).get(state)
    return _draws_text(looks, objects, set())


def _draws_text(value: Any, objects: Objects, seen: set[int]) -> bool:
    drawing = objects.get(value)
    if not isinstance(drawing, Stream) or drawing.entries.get("Subtype") == "Image":
        return False
    if id(drawing) in seen:
        return False
    seen.add(id(drawing))
    try:
        content = streams.unpacked(drawing, objects, limits.CONTENT_MB * limits.MB)
    except (streams.DamagedError, streams.TooLargeError):
        return True
    if content is None or _SHOWS_TEXT.search(content):
        return True
    called = objects.entries(objects.entries(drawing.entries.get("Resources")).get("XObject"))
    return len(seen) < _MOST and any(_draws_text(one, objects, seen) for one in called.values())
