"""Texts and tables in the order of a document -> its grid, with lines and addresses."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from audit_utils.grid import Grid, GridCell, Table
from audit_utils.records import Quote


class Text(NamedTuple):
    """A line of text outside of all tables."""

    text: str
    page: int = 1


class Box(NamedTuple):
    """A cell that knows its place in its table only."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    page: int = 1
    doubt: str = ""


Item = Text | Sequence[Box]


def assemble(items: Iterable[Item]) -> Grid:
    """The grid: rows and texts counted through the document, addresses like `表2!C4`."""
    tables: list[Table] = []
    texts: list[Quote] = []
    line = 0
    for item in items:
        if isinstance(item, Text):
            line += 1
            texts.append(Quote(item.page, line, item.text))
        elif item:
            cells = tuple(_placed(item, len(tables) + 1, line))
            line = max(cell.line for cell in cells)
            tables.append(Table(cells, tuple(texts)))
            texts = []
    return Grid(tuple(tables), tuple(texts))


def _placed(boxes: Sequence[Box], number: int, line: int) -> Iterator[GridCell]:
    ordered = sorted(boxes, key=attrgetter("row", "column"))
    lines = {row: line + place for place, row in enumerate(sorted({box.row for box in boxes}), 1)}
    for box in ordered:
        address = f"表{number}!{column_name(box.column)}{box.row}"
        yield GridCell(*box[:6], line=lines[box.row], address=address, doubt=box.doubt)


def column_name(column: int) -> str:
    """1 -> A, 26 -> Z, 27 -> AA."""
    name = ""
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def quotes(grid: Grid) -> tuple[Quote, ...]:
    """Every row of a table (its cells joined with ` | `) and every text, in their order."""
    texts = [table.before for table in grid.tables] + [grid.after]
    rows = [tuple(_rows(table)) for table in grid.tables] + [()]
    return tuple(chain.from_iterable(chain(*pair) for pair in zip(texts, rows, strict=True)))


def _rows(table: Table) -> Iterator[Quote]:
    for (page, line), cells in groupby(table.cells, attrgetter("page", "line")):
        text = " | ".join(" ".join(cell.text.split("\n")) for cell in cells)
        if text.strip(" |"):
            yield Quote(page, line, text)
