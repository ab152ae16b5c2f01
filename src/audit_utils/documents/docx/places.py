"""Where the cells of a table of Word stand: by the columns they span, else by their widths."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from audit_utils.documents.docx.xml import attribute, children, number, value

_WIDEST = 1 << 10
"""Columns that one cell may span."""
_NEAR = 40
"""Widths that differ by no more than this end at the same line: 0.7 mm, as Word measures."""


class Placed(NamedTuple):
    """A cell with its first column and its span; `down`: merged with others below or above."""

    cell: Any
    column: int
    span: int
    down: str = ""
    covered: tuple[Any, ...] = ()
    """Cells beside it that are merged with it."""


class _Cell(NamedTuple):
    element: Any
    span: int
    width: int
    down: str
    along: str


class _Row(NamedTuple):
    """Cells with the columns, and the width, left out before them and behind them."""

    before: int
    indent: int
    rest: int
    cells: tuple[_Cell, ...]


def placed(rows: Sequence[tuple[Any, Sequence[Any]]]) -> list[list[Placed]]:
    """The cells of each row; a row is its element `trPr`, or None, and its cells."""
    read = [_row(children(properties), cells) for properties, cells in rows]
    edges = [_spanned(row) for row in read]
    if len({row[-1] for row in edges}) > 1:  # not all programs write how far a cell spans
        edges = _measured(read) or edges
    return [list(_joined(row, ends)) for row, ends in zip(read, edges, strict=True)]


def _row(properties: dict[str, Any], cells: Sequence[Any]) -> _Row:
    before = min(number(value(properties.get("gridBefore"))), _WIDEST)
    indent, rest = (_width(properties.get(name)) for name in ("wBefore", "wAfter"))
    read = (_cell(cell, children(cell.find("{*}tcPr"))) for cell in cells)
    return _Row(before, indent, rest, tuple(cell for cell in read if cell is not None))


def _cell(element: Any, properties: dict[str, Any]) -> _Cell | None:
    if "cellDel" in properties:
        return None
    span = max(1, min(number(value(properties.get("gridSpan")), 1), _WIDEST))
    down, along = (_merge(properties.get(name)) for name in ("vMerge", "hMerge"))
    return _Cell(element, span, _width(properties.get("tcW")), down, along)


def _merge(found: Any) -> str:
    """How a cell is merged with the one above or before it: restart, continue or not."""
    return "" if found is None else value(found) or "continue"


def _width(element: Any) -> int:
    known = element is not None and attribute(element, "type") in ("dxa", "")
    return number(attribute(element, "w")) if known else 0


def _spanned(row: _Row) -> list[int]:
    edges = [row.before]
    for cell in row.cells:
        edges.append(edges[-1] + cell.span)
    return edges


def _measured(rows: Sequence[_Row]) -> list[list[int]] | None:
    """The edges of the cells by their widths; None where these do not fit together."""
    if not all(cell.width for row in rows for cell in row.cells):
        return None
    if any(row.before and not row.indent for row in rows):
        return None
    edges: list[list[int]] = []
    for row in rows:
        ends = [row.indent]
        for cell in row.cells:
            ends.append(ends[-1] + cell.width)
        edges.append(ends)
    ends = [row[-1] + one.rest for row, one in zip(edges, rows, strict=True)]
    if max(ends) - min(ends) > _NEAR:
        return None
    lines = _lines(sorted(end for row in edges for end in row))
    columns = [[bisect_right(lines, end) - 1 for end in row] for row in edges]
    apart = all(a < b for row in columns for a, b in pairwise(row))
    return columns if apart else None


def _lines(edges: Sequence[int]) -> list[int]:
    """The lines between columns: the first of the edges that lie close together."""
    lines: list[int] = []
    last = -_NEAR - 1
    for edge in edges:
        if edge - last > _NEAR:
            lines.append(edge)
        last = edge
    return lines


def _joined(row: _Row, edges: Sequence[int]) -> Iterator[Placed]:
    """The cells of a row, those merged along it as one."""
    waiting: Placed | None = None
    for cell, start, end in zip(row.cells, edges, edges[1:], strict=False):
        if cell.along == "continue" and waiting:
            covered = (*waiting.covered, cell.element)
            waiting = waiting._replace(span=end + 1 - waiting.column, covered=covered)
            continue
        if waiting:
            yield waiting
        waiting = Placed(cell.element, start + 1, end - start, cell.down)
    if waiting:
        yield waiting
