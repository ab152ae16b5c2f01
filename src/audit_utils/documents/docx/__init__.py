"""docx: paragraphs and tables of the body, in their order, with the heads and feet of pages.

The parts are read directly: pictures, links, macros and other embedded things stay closed.
Tracked changes are read as accepted, and that is told; footnotes stand behind everything else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from audit_utils.documents import limits, nesting
from audit_utils.documents.archive import Archive
from audit_utils.documents.assembly import Box, Item, Text, assemble
from audit_utils.documents.docx import numbering, places, styles
from audit_utils.documents.docx.places import Placed
from audit_utils.documents.docx.runs import SKIPPED, Writer, alternative
from audit_utils.documents.docx.xml import attribute, children, is_on, name_of
from audit_utils.grid import Grid
from audit_utils.records import Problem

_TRACKED = ("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo", "{*}cellIns", "{*}cellDel")
_STYLED = ("{*}pStyle", "{*}rStyle", "{*}numPr")
_PAGES = re.compile(r"[\s\d\-—–―‐·/／.,，第页共总计]*")
"""Nothing but the number of the page."""


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a text document; its pages are not known: it counts as one.

    Raises AuditError for a document that is damaged or beyond the limits.
    """
    archive = Archive(data, path)
    main = archive.main("word/document.xml")
    body = archive.xml(main).find("{*}body")
    if body is None:
        raise archive.damaged("it has no body")
    story = _Story(archive, main, body)
    grid = assemble([*story.sections(body), *story.notes()])
    limits.check(sum(len(table.cells) for table in grid.tables), limits.CELLS, "cells", path)
    story.look(body)
    return grid, 1, [Problem(message, 1, 1, 1, text) for message, text in story.told.items()]


class _Story:
    """What is read one after another: its fields and lists go on from paragraph to paragraph."""

    def __init__(self, archive: Archive, main: str, body: Any) -> None:
        self.archive = archive
        self.relations = {one.id: one for one in archive.relations(main)}
        self._kinds = {one.kind: one.part for one in self.relations.values()}
        self._writer = Writer()
        if next(body.iter(*_STYLED), None) is None:
            return
        if (listed := self._part("numbering")) is not None:
            self._writer.numbering = numbering.read(listed)
        if (styled := self._part("styles")) is not None:
            self._writer.styles = styles.read(styled)

    @property
    def told(self) -> dict[str, str]:
        return self._writer.told

    def _part(self, kind: str) -> Any:
        part = self._kinds.get(kind, "")
        return self.archive.xml(part) if part in self.archive else None

    # ---- in the order of the pages

    def sections(self, body: Any) -> Iterator[Item]:
        """The sections one after another, each below its head and above its foot."""
        ends = [
            one for one in body.iter("{*}sectPr") if name_of(one.getparent()) in ("pPr", "body")
        ]
        self._writer.follow(body)
        begun: set[str] = set()
        section = iter(ends)
        end = next(section, None)
        yield from self._margin(end, "headerReference", begun)
        for block in _blocks(body):
            yield from self._block(block, 0)
            if end is not None and block.find("{*}pPr/{*}sectPr") is end:
                yield from self._margin(end, "footerReference", begun)
                end = next(section, None)
                yield from self._margin(end, "headerReference", begun)
        yield from self._margin(end, "footerReference", begun)

    def _margin(self, section: Any, kind: str, begun: set[str]) -> Iterator[Item]:
        """The head or foot of the pages of a section, once; page numbers are left out."""
        if section is None:
            return
        first = is_on(section.find("{*}titlePg"))
        for reference in section.iterchildren(f"{{*}}{kind}"):
            part = self.relations.get(attribute(reference, "id"))
            if part is None or part.part in begun or part.part not in self.archive:
                continue
            if attribute(reference, "type") == "first" and not first:
                continue
            begun.add(part.part)
            root = self.archive.xml(part.part)
            self._writer.follow(root)
            for item in self._items(root):
                if not isinstance(item, Text) or not _PAGES.fullmatch(item.text):
                    yield item

    def notes(self) -> Iterator[Item]:
        for kind in ("footnotes", "endnotes"):
            root = self._part(kind)
            if root is not None:
                self._writer.follow(root)
                for note in root.iterchildren("{*}footnote", "{*}endnote"):
                    yield from self._items(note)

    def look(self, body: Any) -> None:
        """Tell what the body has beside text that is read as it stands."""
        if next(body.iter(*_TRACKED), None) is not None:
            self._writer.tell("the document has tracked changes: they are read as if accepted")
        for hint in body.iter("{*}showingPlcHdr"):
            control = next(hint.iterancestors("{*}sdt"), None)
            if control is not None and is_on(hint):
                text = "".join(one.text or "" for one in control.iter("{*}t"))
                self._writer.tell("a field to fill in still shows its hint", text)

    # ---- blocks

    def _items(self, element: Any, depth: int = 0) -> Iterator[Item]:
        """Lines of text and tables, in their order."""
        limits.check(depth, limits.LEVELS, "levels of tables", self.archive.path)
        for block in _blocks(element):
            yield from self._block(block, depth)

    def _block(self, block: Any, depth: int) -> Iterator[Item]:
        if name_of(block) == "tbl":
            yield from self._table(block, depth)
        elif name_of(block) == "p":
            yield from map(Text, self._writer.lines(block))
            if next(block.iter("{*}txbxContent"), None) is not None:
                for box in _text_boxes(block):
                    yield from self._items(box, depth + 1)
        else:
            part = self.relations.get(attribute(block, "id"))
            message = "a document of another kind is put in: it is not read"
            self._writer.tell(message, part.part if part else "")

    # ---- tables

    def _table(self, table: Any, depth: int) -> Iterator[Item]:
        """A table; one that only lays out others is what its cells hold, one after another."""
        rows = places.placed([*self._rows(table)])
        boxes: list[Box] = []
        inner: list[Item] = []
        above: dict[int, int] = {}
        for row, cells in enumerate(rows, 1):
            above = self._row(cells, row, above, boxes, inner, depth)
        yield from nesting.outer(boxes, inner)

    def _rows(self, table: Any) -> Iterator[tuple[Any, list[Any]]]:
        """The rows that are shown: what is said of each, and its cells."""
        for element in _inside(table, "tr"):
            found = element.find("{*}trPr")
            properties = children(found)
            if "del" in properties:
                continue
            if is_on(properties.get("hidden")):
                self._writer.tell("a hidden row of a table is left out", _words(element))
                continue
            yield found, [*_inside(element, "tc")]

    def _row(
        self,
        cells: Sequence[Placed],
        row: int,
        above: Mapping[int, int],
        boxes: list[Box],
        inner: list[Item],
        depth: int,
    ) -> dict[int, int]:
        """Add the cells of a row; the column where each merged one begins -> its box."""
        merged: dict[int, int] = {}
        for cell, column, span, down, covered in cells:
            box = above.get(column)
            if down == "continue" and box is not None and boxes[box].columns == span:
                boxes[box] = boxes[box]._replace(rows=row - boxes[box].row + 1)
                merged[column] = box
                self._cover(cell)
            else:
                items = list(self._items(cell, depth + 1))
                inner += items
                if down:
                    merged[column] = len(boxes)
                boxes.append(Box(nesting.flat(items), row, column, 1, span))
            for one in covered:
                self._cover(one)
        return merged

    def _cover(self, cell: Any) -> None:
        """Tell what a merged cell hides."""
        if text := _words(cell).strip():
            self._writer.tell("merged cells hide what a cell holds: it is left out", text)


def _blocks(element: Any) -> Iterator[Any]:
    """The paragraphs and tables right inside of an element, through what only wraps them."""
    for child in element.iterchildren("*"):
        name = name_of(child)
        if name in ("p", "tbl", "altChunk"):
            yield child
        elif name == "AlternateContent":
            yield from _blocks(alternative(child))
        elif name not in SKIPPED:
            yield from _blocks(child)


def _inside(element: Any, wanted: str) -> Iterator[Any]:
    """The rows of a table, or the cells of a row, through what only wraps them."""
    for child in element.iterchildren("*"):
        name = name_of(child)
        if name == wanted:
            yield child
        elif name == "AlternateContent":
            yield from _inside(alternative(child), wanted)
        elif name not in SKIPPED and name not in ("tbl", "tr", "tc", "p"):
            yield from _inside(child, wanted)


def _text_boxes(element: Any) -> Iterator[Any]:
    """The boxes of text that are tied to a paragraph, each once."""
    for child in element.iterchildren("*"):
        name = name_of(child)
        if name == "txbxContent":
            yield child
        elif name == "AlternateContent":
            yield from _text_boxes(alternative(child))
        elif name not in SKIPPED:
            yield from _text_boxes(child)


def _words(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter("{*}t"))
