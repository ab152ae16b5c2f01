"""Whether a PDF is whole: its pages, what each of them is told to draw, and its fonts.

PDFium draws of a damaged page what it can and says nothing; so the streams that it draws
are looked at beside it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any

import pypdfium2.raw as pdfium

from audit_utils.documents import limits
from audit_utils.documents.pdf import content as pdfcontent
from audit_utils.documents.pdf import streams
from audit_utils.documents.pdf.layers import hidden_layers, is_hidden
from audit_utils.documents.pdf.objects import Objects, Ref, Stream
from audit_utils.documents.pdf.pages import ENDLESS, Edges
from audit_utils.documents.pdf.streams import DamagedError, TooLargeError

_DEEPEST = 40
"""Groups of pages inside of groups."""
_NODES = 3
"""How many groups there are for a page, at most."""
_INHERITED = ("Resources", "MediaBox", "CropBox")
_SIDES = 4
_CROPPED = 1.0
"""Points that a page is cropped by, at least."""
_CALL = 50
"""Bytes that calling a drawing counts for, however small it is."""
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_BEGINS = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\b")


class Fault(IntEnum):
    """What may be wrong with a page, the worst last."""

    NONE = 0
    FONTS = 1
    LACKS = 2
    WRITTEN = 3
    HIDDEN = 4
    LARGE = 5
    LOST = 6


_Drawn = tuple[Fault, int]
"""The worst fault, and the bytes that are drawn."""
_Content = tuple[Fault, Counter[tuple[str, str]], int]
"""The same, with the names that are called and how often."""


class Inspection:
    """Looks at the pages of a document, each as it is asked for."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.root = objects.entries(objects.trailer.get("Root"))
        self._looked = 0
        self.pages = list(self._leaves(self.root.get("Pages"), {}, frozenset()))
        self._hidden = hidden_layers(self.root, objects)
        self._contents: dict[tuple[int, ...], _Content] = {}
        self._forms: dict[tuple[int, int], _Drawn] = {}
        self._fonts: dict[int, bool] = {}

    def _leaves(
        self, node: Any, inherited: dict[str, Any], above: frozenset[int]
    ) -> Iterator[dict[str, Any]]:
        """The pages below a node, in their order; a group inside of itself is left out."""
        entries = self.objects.entries(node)
        number = node.number if isinstance(node, Ref) else 0
        self._looked += 1
        if number in above or len(above) > _DEEPEST or self._looked > _NODES * limits.PAGES:
            return
        kids = self.objects.get(entries.get("Kids"))
        if not isinstance(kids, list):
            yield inherited | entries
            return
        handed_on = inherited | {key: entries[key] for key in _INHERITED if key in entries}
        for kid in kids:
            yield from self._leaves(kid, handed_on, above | {number})

    def all_there(self, document: Any, data: bytes) -> bool:
        """Whether the pages that PDFium opens are those that are listed, and those in the file.

        A file whose pages are listed in good order may hold others, which were taken out.
        """
        held = len(self.pages)
        if not pdfium.FPDF_DocumentHasValidCrossReferenceTable(document):
            held = max(held, pages_in(data))
        return held == len(document)

    def entries(self, number: int) -> dict[str, Any]:
        """The dictionary of a page, with what it inherits; empty where there is none."""
        return self.pages[number - 1] if number <= len(self.pages) else {}

    def edges(self, number: int) -> Edges:
        """What is seen of a page that was cropped; no end to others, whose text may run over."""
        entries = self.entries(number)
        whole, seen = (self._box(entries.get(key)) for key in ("MediaBox", "CropBox"))
        if not whole or not seen:
            return ENDLESS
        inner = (*map(max, seen[:2], whole[:2]), *map(min, seen[2:], whole[2:]))
        cropped = max(abs(one - other) for one, other in zip(inner, whole, strict=True))
        return (inner[0], inner[1], inner[2], inner[3]) if cropped > _CROPPED else ENDLESS

    def _box(self, value: Any) -> list[float]:
        """Left, bottom, right and top."""
        sides = [self.objects.get(side) for side in self.objects.items(value)]
        if len(sides) != _SIDES or not all(isinstance(side, float) for side in sides):
            return []
        left, bottom, right, top = sides
        return [min(left, right), min(bottom, top), max(left, right), max(bottom, top)]

    def page(self, number: int) -> Fault:
        """What is wrong with a page."""
        page = self.entries(number)
        resources = self.objects.entries(page.get("Resources"))
        return self._drawn(self.objects.items(page.get("Contents")), resources, 0)[0]

    # ---- what is drawn

    def _drawn(self, parts: Sequence[Any], resources: dict[str, Any], depth: int) -> _Drawn:
        """What is wrong with streams, one after another, and with what they call; its size."""
        worst, calls, size = self._content(parts)
        if depth > _DEEPEST:
            return Fault.LARGE, size
        if self._shows_hidden(resources):
            worst = max(worst, Fault.HIDDEN)
        for (kind, name), times in sorted(calls.items()):
            value = self.objects.entries(resources.get(kind)).get(name)
            fault, more = self._called(kind, value, resources, depth)
            worst = max(worst, fault)
            size += times * (more + _CALL) if kind == "XObject" else 0
        return (max(worst, Fault.LARGE) if size > limits.CONTENT_MB * limits.MB else worst), size

    def _called(self, kind: str, value: Any, resources: dict[str, Any], depth: int) -> _Drawn:
        entries = self.objects.entries(value)
        if not entries:
            return Fault.LACKS, 0
        if kind == "Font":
            return (Fault.NONE if self._tells(entries) else Fault.FONTS), 0
        if is_hidden(entries.get("OC"), self._hidden, self.objects):
            return Fault.HIDDEN, 0
        if entries.get("Subtype") != "Form":
            return Fault.NONE, 0
        own = self.objects.entries(entries["Resources"]) if "Resources" in entries else resources
        key = id(entries), id(own)
        if key not in self._forms:
            self._forms[key] = Fault.NONE, 0  # one that calls itself is drawn once
            self._forms[key] = self._drawn([value], own, depth + 1)
        return self._forms[key]

    def _content(self, parts: Sequence[Any]) -> _Content:
        key = tuple(part.number if isinstance(part, Ref) else id(part) for part in parts)
        if key not in self._contents:
            self._contents[key] = self._looked_at(parts)
        return self._contents[key]

    def _looked_at(self, parts: Sequence[Any]) -> _Content:
        contents: list[bytes] = []
        left = limits.CONTENT_MB * limits.MB
        known = True
        try:
            for part in parts:
                stream = self.objects.get(part)
                if not isinstance(stream, Stream):
                    return Fault.LOST, Counter(), 0
                content = streams.unpacked(stream, self.objects, left)
                known &= content is not None
                contents.append(content or b"")
                left -= len(contents[-1])
        except DamagedError:
            return Fault.LOST, Counter(), 0
        except TooLargeError:
            return Fault.LARGE, Counter(), 0
        whole = b"\n".join(contents)
        written = not known or pdfcontent.sound(whole)
        return Fault.NONE if written else Fault.WRITTEN, pdfcontent.named(whole), len(whole)

    def _shows_hidden(self, resources: dict[str, Any]) -> bool:
        if not self._hidden:
            return False
        listed = self.objects.entries(resources.get("Properties")).values()
        return any(is_hidden(one, self._hidden, self.objects) for one in listed)

    def _tells(self, font: dict[str, Any]) -> bool:
        """Whether a font and the table of its characters are whole, as far as it has them."""
        parts = self.objects.items(font.get("DescendantFonts"))
        if font.get("Subtype") == "Type0" and not any(map(self.objects.entries, parts)):
            return False
        table = font.get("ToUnicode")
        if not isinstance(table, Ref):
            return True
        if table.number not in self._fonts:
            self._fonts[table.number] = self._unpacks(self.objects.get(table))
        return self._fonts[table.number]

    def _unpacks(self, stream: Any) -> bool:
        if not isinstance(stream, Stream):
            return isinstance(stream, str)
        try:
            streams.unpacked(stream, self.objects, limits.CONTENT_MB * limits.MB)
        except (DamagedError, TooLargeError):
            return False
        return True


def pages_in(data: bytes) -> int:
    """How many pages a file holds, whether its tree of pages lists them or not."""
    found: set[bytes] = set()
    places = [(begins.start(), begins[1]) for begins in _BEGINS.finditer(data)]
    at = 0
    for page in _PAGE.finditer(data):
        while at + 1 < len(places) and places[at + 1][0] < page.start():
            at += 1
        if places and places[at][0] < page.start():
            found.add(places[at][1])
    return len(found)
