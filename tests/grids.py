"""Tables written as text, for tests of the reader of grids.

项目名称 | < | 防汛经费       a row, cells between bars
<        the cell goes on from the left, `^` from above; `⏎` is a line break in a cell
text     without a bar: a line above the table that follows
--- page 2                  what follows stands on page 2, in the same table
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from audit_utils.grid import GridCell, Table
from audit_utils.records import Quote

PAGE = re.compile(r"--- page (\d+)")


def read_tables(text: str) -> list[Table]:
    """The tables of a text; a line without a bar between rows begins the next one."""
    tables: list[Table] = []
    before: list[Quote] = []
    rows: list[tuple[int, int, list[str]]] = []
    page = 1
    for number, line in enumerate(text.splitlines(), 1):
        if found := PAGE.fullmatch(line):
            page = int(found[1])
        elif "|" in line:
            rows.append((number, page, [part.strip() for part in line.split("|")]))
        elif line.strip():
            if rows:
                tables.append(Table(tuple(_cells(rows)), tuple(before)))
                rows, before = [], []
            before.append(Quote(page, number, line))
    return [*tables, Table(tuple(_cells(rows)), tuple(before))]


def _cells(rows: Sequence[tuple[int, int, list[str]]]) -> Iterator[GridCell]:
    for row, (line, page, texts) in enumerate(rows, 1):
        for column, text in enumerate(texts, 1):
            if text in ("<", "^"):
                continue
            columns = _run(texts[column:], "<")
            below = [other[column - 1] if column <= len(other) else "" for *_, other in rows[row:]]
            yield GridCell(
                text.replace("⏎", "\n"),
                row,
                column,
                1 + _run(below, "^"),
                1 + columns,
                page,
                line,
                f"{chr(64 + column)}{row}",
            )


def _run(texts: Sequence[str], mark: str) -> int:
    """How many of the texts from the first on are the mark."""
    return next((i for i, text in enumerate(texts) if text != mark), len(texts))


def read(path: Path) -> list[Table]:
    return read_tables(path.read_text("utf-8"))


def moved(tables: Sequence[Table], rows: int, columns: int) -> list[Table]:
    """The tables with all cells some rows lower and some columns to the right."""
    return [
        replace(table, cells=tuple(_moved(cell, rows, columns) for cell in table.cells))
        for table in tables
    ]


def _moved(cell: GridCell, rows: int, columns: int) -> GridCell:
    return replace(cell, row=cell.row + rows, column=cell.column + columns)


def widened(tables: Sequence[Table], behind: int) -> list[Table]:
    """The tables with one blank column more behind a column; merged cells that reach over it

    get wider.
    """
    return [
        replace(table, cells=tuple(_widened(cell, behind) for cell in table.cells))
        for table in tables
    ]


def _widened(cell: GridCell, behind: int) -> GridCell:
    if cell.column > behind:
        return replace(cell, column=cell.column + 1)
    return replace(cell, columns=cell.columns + 1) if cell.right > behind else cell


def spread(table: Table, behind: int) -> Table:
    """The table with one blank row more behind a row; merged cells over it get taller."""
    return replace(table, cells=tuple(_spread(cell, behind) for cell in table.cells))


def _spread(cell: GridCell, behind: int) -> GridCell:
    if cell.row > behind:
        return replace(cell, row=cell.row + 1)
    return replace(cell, rows=cell.rows + 1) if cell.bottom > behind else cell


def of_cells(table: Table, cells: Iterable[GridCell]) -> Table:
    """The table with other cells, in their order."""
    return replace(table, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))
