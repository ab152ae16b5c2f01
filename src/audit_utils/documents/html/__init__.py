"""html: the texts and tables of a page, with cells that span rows and columns.

Scripts, styles and what the page hides are left out; nothing is run, nothing is fetched.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from audit_utils.documents import limits, nesting
from audit_utils.documents.assembly import Box, Item, Text, assemble, quotes
from audit_utils.documents.html import elements
from audit_utils.documents.html.elements import INLINE, Element
from audit_utils.documents.html.spans import is_blank, is_hidden, placed
from audit_utils.documents.scripts import raised
from audit_utils.documents.text import CONTROL, decode
from audit_utils.grid import Grid
from audit_utils.records import Problem, Quote

_SKIPPED = frozenset({
    "script", "style", "head", "noscript", "template", "svg", "math", "object", "title",
    "datalist", "audio", "video", "canvas",
})  # fmt: skip
_FRAMES = frozenset({"frame", "iframe"})
_AS_WRITTEN = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NO_TEXT = frozenset({"hidden", "button", "submit", "reset", "image", "file", "password"})
"""Fields that show no value."""
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_CUT_TABLE = "the file ends inside of a table: it is cut off, and the table is not read"
_CUT = "the page has no end (</html>): the file may be cut off"
_STRUCK = "text that is struck out is read as it stands"
_STRIKING = frozenset({"del", "s", "strike"})
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.I)
_ONLY_FRAMES = "the page only shows other pages (frames); save those"


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a page; AuditError for one that is no html or beyond the limits."""
    root = elements.parse(CONTROL.sub("", _decoded(data, path)), path)
    page = _Page(path)
    grid = assemble(page.items(root))
    limits.check(sum(len(table.cells) for table in grid.tables), limits.CELLS, "cells", path)
    shown = quotes(grid)
    last = shown[-1] if shown else Quote(1, 1, "")
    messages = [_CUT_TABLE] if page.cut else [_CUT] if root.cut else []
    messages += [_ONLY_FRAMES] if page.frames and not shown else []
    told = [Problem(one, last.line, last.line, 1, last.text) for one in messages]
    return grid, 1, [*told, *(_struck(page.struck, shown) if page.struck else ())]


def _struck(text: str, shown: Sequence[Quote]) -> Iterator[Problem]:
    """What is told of the first text that is struck out, at the line that shows it."""
    line = next((one for one in shown if text in one.text), shown[0] if shown else Quote(1, 1, ""))
    yield Problem(_STRUCK, line.line, line.line, line.page, text)


def _is_struck(element: Element) -> bool:
    """Whether a line goes through what an element shows."""
    style = element.attributes.get("style", "")
    return element.name in _STRIKING or bool(_LINE_THROUGH.search(style))


def _texts(element: Element) -> Iterator[str]:
    """The texts of an element and of what it holds."""
    for one in element.content:
        yield from [one] if isinstance(one, str) else _texts(one)


def _decoded(data: bytes, path: Path) -> str:
    """The text of a page; what it declares counts less than what its bytes are."""
    declared = _CHARSET.search(data[:8192])
    if declared and declared[1].lower().startswith(b"big5"):
        with suppress(UnicodeError):
            return data.decode("big5hkscs")
    return decode(data, path)


class _Flow:
    """Lines and tables as they come; text is gathered until its line ends."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._pieces: list[str] = []

    def text(self, text: str) -> None:
        self._pieces.append(_INVISIBLE.sub("", text))

    def end_line(self) -> None:
        line = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if line:
            self.items.append(Text(line))


@dataclass
class _Page:
    """A walk through a page; `cut` if the file ends in a table, `frames` if it has frames.

    `struck` is the first text that is struck out.
    """

    path: Path
    cut: bool = False
    frames: bool = False
    struck: str = ""

    def items(self, element: Element, depth: int = 0) -> list[Item]:
        """What an element shows, as lines of text and tables."""
        limits.check(depth, limits.LEVELS, "levels of tables", self.path)
        flow = _Flow()
        self._walk(element, flow, depth)
        flow.end_line()
        return flow.items

    def _walk(self, element: Element, flow: _Flow, depth: int, as_written: bool = False) -> None:
        style = element.attributes.get("style", "")
        as_written |= element.name in ("pre", "textarea") or bool(_AS_WRITTEN.search(style))
        for child in element.content:
            if isinstance(child, Element):
                self._enter(child, flow, depth, as_written)
                continue
            first, *others = child.split("\n") if as_written else [child]
            flow.text(first)
            for line in others:
                flow.end_line()
                flow.text(line)

    def _enter(self, child: Element, flow: _Flow, depth: int, as_written: bool) -> None:
        self.frames |= child.name in _FRAMES
        if child.name in _SKIPPED | _FRAMES or is_hidden(child) or is_blank(child):
            return
        if not self.struck and _is_struck(child):
            self.struck = " ".join("".join(_texts(child)).split())
        block = child.name not in INLINE
        if block:
            flow.end_line()
        if child.name == "table":
            flow.items += self._table(child, depth)
        elif child.name == "input":
            flow.text(_filled_in(child))
        elif child.name == "sup":
            flow.text(raised(nesting.flat(self.items(child, depth + 1))))
        elif child.name == "select":
            self._walk(_chosen(child), flow, depth)
        else:
            self._walk(child, flow, depth, as_written)
        if block:
            flow.end_line()

    def _table(self, table: Element, depth: int) -> Iterator[Item]:
        """A table; as texts where the file ends in it, or cells lie one over another."""
        boxes: list[Box] = []
        inner: list[Item] = []
        over = False
        for cell, row, column, rows, columns, lies_over in placed(table, self.path):
            items = [] if is_blank(cell) else self.items(cell, depth + 1)
            inner += items
            boxes.append(Box(nesting.flat(items), row, column, rows, columns))
            over |= lies_over
        for caption in table.children("caption"):
            yield from [] if is_hidden(caption) else self.items(caption, depth + 1)
        for item in nesting.outer(boxes, inner):
            if item is boxes and (table.cut or over):
                self.cut |= table.cut
                yield from (Text(line) for box in boxes for line in box.text.split("\n") if line)
            else:
                yield item


def _filled_in(field: Element) -> str:
    """What a field of a page shows."""
    kind = field.attributes.get("type", "").lower()
    if kind in ("checkbox", "radio"):
        return "☑" if "checked" in field.attributes else "☐"
    return "" if kind in _NO_TEXT else field.attributes.get("value", "")


def _chosen(field: Element) -> Element:
    """The option that a list shows: the one chosen, else the first."""
    groups = [field, *field.children("optgroup")]
    options = [option for group in groups for option in group.children("option")]
    chosen = [option for option in options if "selected" in option.attributes]
    return next(iter([*reversed(chosen), *options]), Element("option"))
