"""html: the texts and tables of a page, with cells that span rows and columns.

Scripts, styles and what the page hides are left out; nothing is run, nothing is fetched.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from audit_utils.documents import limits, nesting
from audit_utils.documents.assembly import Box, Item, Text, assemble
from audit_utils.documents.grid import Grid
from audit_utils.documents.text import CONTROL
from audit_utils.errors import AuditError
from audit_utils.records import Problem

_SKIPPED = frozenset({
    "script", "style", "head", "noscript", "template", "svg", "math", "iframe", "object",
    "select", "textarea", "title",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd",
    "label", "mark", "nobr", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "tt", "u", "var", "wbr",
})  # fmt: skip
"""Elements that do not begin a line."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
_WIDEST = 1 << 10


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a page; AuditError for one that is no html or beyond the limits."""
    try:
        parser = html.HTMLParser(
            no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
        )
        root = html.document_fromstring(_decoded(data, path), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise AuditError("the file is damaged: it cannot be read as html", path) from error
    grid = assemble(_items(root, path))
    limits.check(sum(len(table.cells) for table in grid.tables), limits.CELLS, "cells", path)
    return grid, 1, []


def _decoded(data: bytes, path: Path) -> str:
    declared = _CHARSET.search(data[:8192])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    for encoding in (_CHINESE.get(name, name), "utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
        if isinstance(text, str):
            return CONTROL.sub("", text)
    raise AuditError("the file is neither UTF-8 nor GB18030 text", path)


class _Flow:
    """Lines and tables as they come; text is gathered until its line ends."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._pieces: list[str] = []

    def text(self, text: str | None) -> None:
        self._pieces.append(text or "")

    def end_line(self) -> None:
        line = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if line:
            self.items.append(Text(line))


def _items(element: Any, path: Path, depth: int = 0) -> list[Item]:
    limits.check(depth, limits.LEVELS, "levels of tables", path)
    flow = _Flow()
    _walk(element, flow, path, depth)
    flow.end_line()
    return flow.items


def _walk(element: Any, flow: _Flow, path: Path, depth: int) -> None:
    flow.text(element.text)
    for child in element:
        name = child.tag if isinstance(child.tag, str) else ""
        if name and name not in _SKIPPED and not _is_hidden(child):
            if name == "table":
                flow.end_line()
                flow.items += _table(child, path, depth)
            elif name in _INLINE:
                _walk(child, flow, path, depth)
            else:
                flow.end_line()
                _walk(child, flow, path, depth)
                flow.end_line()
        flow.text(child.tail)


def _is_hidden(element: Any) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


# ---- tables


def _table(table: Any, path: Path, depth: int) -> Iterator[Item]:
    boxes: list[Box] = []
    inner: list[Item] = []
    captions = [one for one in table.iterchildren("caption") if not _is_hidden(one)]
    rows = list(_rows(table))
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(rows, 1):
        column = 1
        for cell in element.iterchildren("td", "th"):
            if _is_hidden(cell):
                continue
            while (row, column) in taken:
                column += 1
            tall = min(_span(cell, "rowspan") or len(rows), len(rows) - row + 1)
            wide = min(_span(cell, "colspan") or 1, _WIDEST)
            limits.check(len(taken) + tall * wide, limits.CELLS, "cells", path)
            taken |= {(row + down, column + right) for down in range(tall) for right in range(wide)}
            items = _items(cell, path, depth + 1)
            inner += items
            boxes.append(Box(nesting.flat(items), row, column, tall, wide))
            column += wide
    for caption in captions:
        yield from _items(caption, path, depth + 1)
    yield from nesting.outer(boxes, inner)


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table itself: those of its sections too, not those of tables inside."""
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if not _is_hidden(child):
            yield from [child] if child.tag == "tr" else _rows(child)


def _span(cell: Any, name: str) -> int:
    """A span as written; 0 stands for all that follow."""
    found = re.match(r"\s*(\d{1,6})", cell.get(name, "1"))
    return int(found[1]) if found else 1
