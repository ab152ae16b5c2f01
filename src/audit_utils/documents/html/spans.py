"""Where the cells of an html table stand, by the rules that browsers follow."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from audit_utils.documents import limits
from audit_utils.documents.html.elements import CELLS, SECTIONS, Element

_NOT_SHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
_BLANK = re.compile(r"visibility\s*:\s*(?:hidden|collapse)", re.I)
_SPAN = re.compile(r"\s*\+?(\d{1,9})")
_WIDEST, _TALLEST = 1000, 65534
"""What browsers make of wider and taller cells."""


class Placed(NamedTuple):
    """A cell with its place; `over` if it lies over another one."""

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    over: bool


def is_hidden(element: Element) -> bool:
    """Whether an element is left out as if it were not there."""
    return "hidden" in element.attributes or bool(_NOT_SHOWN.search(_style(element)))


def is_blank(element: Element) -> bool:
    """Whether an element keeps its place and shows nothing."""
    return bool(_BLANK.search(_style(element)))


def _style(element: Element) -> str:
    return element.attributes.get("style", "")


def placed(table: Element, path: Path) -> Iterator[Placed]:
    """The cells of a table itself, row by row.

    A cell that is taller than its part of the table ends with it.
    """
    taken: set[tuple[int, int]] = set()
    top = 1
    for section in _sections(table):
        rows = [row for row in section.children("tr") if not is_hidden(row)]
        for row, element in enumerate(rows, top):
            column = 1
            for cell in element.children(*CELLS):
                if is_hidden(cell):
                    continue
                while (row, column) in taken:
                    column += 1
                left = top + len(rows) - row
                tall = min(_span(cell, "rowspan", _TALLEST) or left, left)
                wide = _span(cell, "colspan", _WIDEST) or 1
                limits.check(len(taken) + tall * wide, limits.CELLS, "cells", path)
                own = set(product(range(row, row + tall), range(column, column + wide)))
                yield Placed(cell, row, column, tall, wide, not taken.isdisjoint(own))
                taken |= own
                column += wide
        top += len(rows)


def _sections(table: Element) -> list[Element]:
    """The parts of a table as shown: the head first, the foot last, wherever they are written."""
    parts = [part for part in table.children(*SECTIONS) if not is_hidden(part)]
    heads = [part for part in parts if part.name == "thead"][:1]
    feet = [part for part in parts if part.name == "tfoot"][:1]
    return [*heads, *(part for part in parts if part not in heads + feet), *feet]


def _span(cell: Element, name: str, most: int) -> int:
    """A span as written; 0 stands for all rows that follow."""
    found = _SPAN.match(cell.attributes.get(name, ""))
    return min(int(found[1]), most) if found else 1
