"""The cells of one form by row and column, and the account of what became of each.

Rows and columns are those of the form: tables that it is spread over stand one below the
other, and a column without any text is left out, so that a blank one means nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from audit_utils.forms.marks import DASHES
from audit_utils.forms.text.fragments import Fragment, join
from audit_utils.grid import GridCell
from audit_utils.records import Cell, Problem

FILLERS = frozenset("…. ·。")
"""Dots that fill a row or a cell that holds nothing."""


@dataclass(frozen=True)
class Area:
    """Cells that do not overlap, sorted by row, then column."""

    cells: tuple[GridCell, ...]

    @cached_property
    def cover(self) -> Mapping[tuple[int, int], GridCell]:
        """The cell that covers a row and column."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.bottom + 1)
            for column in range(cell.column, cell.right + 1)
        }

    @cached_property
    def starting(self) -> Mapping[int, Sequence[GridCell]]:
        """Row -> the cells that start there and hold some text, from the left."""
        rows: dict[int, list[GridCell]] = {}
        for cell in self.cells:
            if cell.text.strip():
                rows.setdefault(cell.row, []).append(cell)
        return rows

    @cached_property
    def merged(self) -> bool:
        """Whether any cell spans several rows or columns."""
        return any(cell.rows > 1 or cell.columns > 1 for cell in self.cells)

    @cached_property
    def lines(self) -> Mapping[int, int]:
        """Row -> line of the document."""
        return {cell.row: cell.line for cell in self.cells}

    @cached_property
    def pages(self) -> Mapping[int, int]:
        """Row -> page."""
        return {cell.row: cell.page for cell in self.cells}

    @cached_property
    def bottom(self) -> int:
        """The last row."""
        return max((cell.bottom for cell in self.cells), default=0)

    @cached_property
    def right(self) -> int:
        """The last column."""
        return max((cell.right for cell in self.cells), default=0)

    def at(self, row: int, column: int) -> GridCell | None:
        """The cell that covers a place, None if there is none or it is empty."""
        cell = self.cover.get((row, column))
        return cell if cell and cell.text.strip() else None

    def within(self, row: int, first: int, last: int) -> list[GridCell]:
        """The cells with text that cover some of the columns in a row, from the left."""
        found = (self.at(row, column) for column in range(first, last + 1))
        return list(dict.fromkeys(cell for cell in found if cell))


@dataclass(slots=True)
class Account:
    """What became of a form's cells: taken as a cell or a label; what was told; what forbids.

    A form with any `refused` is not read at all.
    """

    taken: set[GridCell] = field(default_factory=set)
    told: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def take(self, *cells: GridCell) -> None:
        """Enter cells as accounted for."""
        self.taken.update(cells)

    def tell(self, message: str, cell: GridCell) -> None:
        """Enter a cell that nobody understood and that nothing else depends on."""
        self.taken.add(cell)
        self.told.append(problem(message, cell))

    def refuse(self, message: str, cell: GridCell) -> None:
        """Enter why the form cannot be read, and where that shows."""
        self.taken.add(cell)
        self.refused.append(problem(message, cell))

    def left(self, area: Area, rows: Iterable[int]) -> list[GridCell]:
        """The cells with text that start in some rows and are not accounted for."""
        return [
            cell for row in rows for cell in area.starting.get(row, ()) if cell not in self.taken
        ]


def problem(message: str, cell: GridCell) -> Problem:
    """What is wrong, at the place of a cell."""
    return Problem(message, cell.line, cell.line, cell.page, cell.text, None, cell.address)


def text_of(text: str) -> str | None:
    """A cell's text as the tables keep it: lines joined; None for nothing, a dash or dots."""
    pieces = [
        Fragment(word, number, 1, place == 0, False, False)
        for number, line in enumerate(text.split("\n"))
        for place, word in enumerate(line.split())
    ]
    joined = join(pieces) if pieces else ""
    return None if DASHES.issuperset(joined) or FILLERS.issuperset(joined) else joined


def make(area: Area, cells: Sequence[GridCell], *, reading: str = "", note: str = "") -> Cell:
    """The record of one cell, or of several that are read together in their order."""
    first, last = cells[0], cells[-1]
    return Cell(
        text_of("\n".join(cell.text for cell in cells)),
        first.line,
        last.line_end or area.lines.get(last.bottom, last.line),
        first.page,
        note or next((cell.note for cell in cells if cell.note), ""),
        "+".join(cell.address for cell in cells if cell.address),
        reading,
    )


def blank(area: Area, beside: GridCell, column: int = 0, note: str = "") -> Cell:
    """The record of an empty cell in a row; its own box gives the place where there is one."""
    box = area.cover.get((beside.row, column), beside)
    own = box if box.row == beside.row and box.line_end else beside
    return Cell(None, own.line, own.line, own.page, note, box.address)


def stack(tables: Iterable[Sequence[GridCell]]) -> Area:
    """An area of tables that stand one below the other, without rows and columns of no text."""
    parts = [_without_gaps(table) for table in tables]
    filled = {cell.column for part in parts for cell in part if cell.text.strip()}
    places = {column: place for place, column in enumerate(sorted(filled), 1)}
    cells: list[GridCell] = []
    below = 0
    for part in parts:
        shift = below + 1 - min((cell.row for cell in part), default=1)
        cells += _moved(part, shift, places)
        below = max((cell.bottom for cell in cells), default=0)
    return Area(tuple(cells))


def _without_gaps(cells: Sequence[GridCell]) -> list[GridCell]:
    """The cells of a table without the rows in which none begins, blank ones of a sheet."""
    rows = {row: place for place, row in enumerate(sorted({cell.row for cell in cells}), 1)}
    last = max((cell.bottom for cell in cells), default=0)
    if len(rows) == last:
        return list(cells)
    return [
        replace(
            cell,
            row=rows[cell.row],
            rows=sum(row in rows for row in range(cell.row, cell.bottom + 1)),
        )
        for cell in cells
    ]


def _moved(cells: Iterable[GridCell], shift: int, places: Mapping[int, int]) -> Iterator[GridCell]:
    """The cells some rows lower, their columns numbered anew; those that have none are gone."""
    for cell in cells:
        own = [places[c] for c in range(cell.column, cell.right + 1) if c in places]
        if not own:
            continue
        if shift or own[0] != cell.column or len(own) != cell.columns:
            cell = replace(cell, row=cell.row + shift, column=own[0], columns=len(own))
        yield cell
