"""docx: paragraphs and tables of the body, in their order.

The parts are read directly: pictures, links, macros, fields and other embedded things stay
closed.  Tracked changes are read as accepted, and that is told; so are footnotes, which
stand behind everything else.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from audit_utils.documents import limits, nesting
from audit_utils.documents.archive import Archive
from audit_utils.documents.assembly import Box, Item, Text, assemble
from audit_utils.documents.grid import Grid
from audit_utils.records import Problem

_SKIPPED = frozenset({
    "del", "moveFrom", "Fallback", "pPr", "rPr", "tcPr", "trPr", "tblPr", "txbxContent",
    "instrText", "delText",
})  # fmt: skip
"""Elements whose text is not shown, or stands a second time."""
_BREAKS = frozenset({"br", "cr"})
_TRACKED = ("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo")
_WIDEST = 1 << 10


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a text document; its pages are not known: it counts as one.

    Raises AuditError for a document that is damaged or beyond the limits.
    """
    archive = Archive(data, path)
    main = next((p for p in archive.related("").values() if p.endswith("document.xml")), "")
    body = archive.xml(main or "word/document.xml").find("{*}body")
    if body is None:
        raise archive.damaged("it has no body")
    grid = assemble([*_items(body, path), *_footnotes(archive)])
    limits.check(sum(len(table.cells) for table in grid.tables), limits.CELLS, "cells", path)
    tracked = next((True for _ in body.iter(*_TRACKED)), False)
    message = "the document has tracked changes: they are read as if accepted"
    return grid, 1, [Problem(message, 1, 1, 1)] if tracked else []


def _items(element: Any, path: Path, depth: int = 0) -> Iterator[Item]:
    """Lines of text and tables, in their order."""
    limits.check(depth, limits.LEVELS, "levels of tables", path)
    for child in _blocks(element):
        if _name(child) == "p":
            yield from (Text(line) for line in _lines(child))
            for box in child.iter("{*}txbxContent"):
                if not any(_name(above) == "Fallback" for above in box.iterancestors()):
                    yield from _items(box, path, depth + 1)
        else:
            yield from _table(child, path, depth)


def _blocks(element: Any) -> Iterator[Any]:
    """The paragraphs and tables right inside of an element, through what only wraps them."""
    for child in element.iterchildren("*"):
        name = _name(child)
        if name in ("p", "tbl"):
            yield child
        elif name not in _SKIPPED and name != "sectPr":
            yield from _blocks(child)


def _lines(paragraph: Any) -> list[str]:
    """What a paragraph shows, a string a line; blank lines left out."""
    lines = "".join(_pieces(paragraph)).split("\n")
    return [line for line in lines if line.strip()]


def _pieces(element: Any) -> Iterator[str]:
    for child in element.iterchildren("*"):
        name = _name(child)
        if name == "t":
            yield child.text or ""
        elif name == "tab":
            yield " "
        elif name in _BREAKS:
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name not in _SKIPPED:
            yield from _pieces(child)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


# ---- tables


def _table(table: Any, path: Path, depth: int) -> Iterator[Item]:
    """A table; one that only lays out others is what its cells hold, one after another."""
    boxes: list[Box] = []
    inner: list[Item] = []
    open_boxes: dict[int, int] = {}
    for row, element in enumerate(_rows(table), 1):
        column = 1 + _number(element.find("{*}trPr/{*}gridBefore"))
        for cell in _cells(element):
            span = max(1, min(_number(cell.find("{*}tcPr/{*}gridSpan"), 1), _WIDEST))
            merged = cell.find("{*}tcPr/{*}vMerge")
            if (
                merged is not None
                and _value(merged, "continue") != "restart"
                and column in open_boxes
            ):
                place = open_boxes[column]
                boxes[place] = boxes[place]._replace(rows=row - boxes[place].row + 1)
            else:
                items = list(_items(cell, path, depth + 1))
                inner += items
                open_boxes[column] = len(boxes)
                boxes.append(Box(nesting.flat(items), row, column, 1, span))
            column += span
    yield from nesting.outer(boxes, inner)


def _rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren("*"):
        if _name(child) == "tr":
            if child.find("{*}trPr/{*}del") is None:
                yield child
        elif _name(child) not in _SKIPPED:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row.iterchildren("*"):
        if _name(child) == "tc":
            yield child
        elif _name(child) not in _SKIPPED:
            yield from _cells(child)


def _number(element: Any, default: int = 0) -> int:
    value = _value(element, "") if element is not None else ""
    return int(value) if value.isdecimal() else default


def _value(element: Any, default: str) -> str:
    """The `w:val` of an element."""
    values: Iterable[tuple[str, str]] = element.attrib.items()
    return next((value for name, value in values if name.endswith("}val")), default)


def _footnotes(archive: Archive) -> Iterator[Text]:
    if "word/footnotes.xml" in archive.names:
        for paragraph in archive.xml("word/footnotes.xml").iter("{*}p"):
            yield from (Text(line) for line in _lines(paragraph))
