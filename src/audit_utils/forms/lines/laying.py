"""Words laid out as cells of a table, row by row, for the reader of grids."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit_utils.forms.lines.printed import Word
from audit_utils.forms.lines.rows import UnsettledError
from audit_utils.grid import GridCell

__all__ = ["RIGHT", "Sheet", "UnsettledError", "lines_of"]

RIGHT = 40
"""The last column of a table that is laid out; those without text are left out later."""


@dataclass
class Sheet:
    """A table that grows downwards; `row` is the last row that was begun."""

    cells: list[GridCell] = field(default_factory=list)
    row: int = 0

    def begin(self) -> int:
        """Begin a row."""
        self.row += 1
        return self.row

    def put(
        self,
        words: Sequence[Word],
        column: int,
        columns: int = 1,
        *,
        row: int = 0,
        rows: int = 1,
        text: str | None = None,
        note: str = "",
    ) -> None:
        """Put a cell; `words` give its place, and its text unless that is given."""
        self.cells.append(
            GridCell(
                text=_joined(words) if text is None else text,
                row=row or self.row,
                column=column,
                rows=rows,
                columns=columns,
                line=words[0].line,
                line_end=words[-1].last,
                note=note,
            )
        )

    def sorted(self) -> tuple[GridCell, ...]:
        """The cells by row, then column."""
        return tuple(sorted(self.cells, key=lambda cell: (cell.row, cell.column)))


def _joined(words: Sequence[Word]) -> str:
    """The text of a cell: lines stay lines."""
    text = ""
    for word in words:
        text += ("\n" if word.opens else " ") + word.text if text else word.text
    return text


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """The words by line."""
    lines: list[list[Word]] = []
    for word in words:
        if word.opens or not lines:
            lines.append([])
        lines[-1].append(word)
    return lines
