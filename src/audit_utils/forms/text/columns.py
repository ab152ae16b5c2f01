"""Widths and words of a document's columns, learnt from the rows that leave no doubt."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from audit_utils.forms.text.fragments import Fragment, em
from audit_utils.forms.text.rows import Table, read_rows, segments
from audit_utils.forms.text.sharing import SURE
from audit_utils.forms.text.weights import (
    BLANK_UNKNOWN,
    BLANK_USUAL,
    SCRIPTS_MEET,
    TWO_CELLS,
    Columns,
    Pieces,
    cell_lines,
    is_value,
    scripts_meet,
    text,
)
from audit_utils.forms.text.wrapping import learn, word

SAMPLE = 12
"""About so many forms are enough to learn a document's columns."""


def learn_columns(tables: Sequence[Table], blank: float) -> Columns:
    """Widths and words of a document's columns, from the rows that leave no doubt.

    First the widths of names (a name ends where a value begins), then the rest.
    """
    sample = tables[:: max(1, -(-len(tables) // SAMPLE))]
    names = learn(line for table in sample for line in cut_names(table))
    columns = Columns(name=names, blank=blank)
    rows = [row for table in sample for row, margin in read_rows(table, columns) if margin >= SURE]

    def texts(*names: str) -> frozenset[str]:
        seen = Counter(text(row.cells[name]) for row in rows for name in names if name in row.cells)
        return frozenset(word for word, often in seen.items() if often > 1)

    def cut(*names: str) -> list[str]:
        cells = [row.cells.get(name, ()) for row in rows for name in names]
        lines = [pair for cell in cells if one_page(cell) for pair in pairwise(cell_lines(cell))]
        return [line for line, following in lines if len(word(following)) == 1]

    values = [line for line in cut("target", "actual") if em(line) * 2 > names.em]
    return Columns(
        learn(cut("name")),
        learn(values),
        learn(values),
        learn(cut("deviation_reason")),
        names=texts("name"),
        words=texts("target", "actual"),
        reasons=whole(texts("deviation_reason")),
        blank=blank,
    )


def whole(reasons: frozenset[str]) -> frozenset[str]:
    """The texts that are not the beginning of another: those may have been cut too early."""
    ordered = sorted(reasons)
    cut = {text for text, following in pairwise(ordered) if following.startswith(text)}
    return reasons - cut


def one_page(cell: Pieces) -> bool:
    """Whether no page break runs through a cell."""
    return all(piece.page == cell[0].page for piece in cell)


def cut_names(table: Table) -> Iterator[str]:
    """Lines of names that go on, where a row holds a name, a value and an actual value only."""
    for segment in segments(table):
        pieces = segment.pieces
        values = [index for index, piece in enumerate(pieces) if is_value(piece.text)]
        if len(pieces) in (4, 5) and values[:1] == [len(pieces) - 2] and segment.numbers:
            yield from (piece.text for piece in pieces[: len(pieces) - 3])


def blank_weight(pieces: Iterable[Fragment]) -> float:
    """How odd a blank is where Chinese text meets a digit or Latin letter, as a text shows."""
    apart = close = 0
    before = None
    for piece in pieces:
        close += len(SCRIPTS_MEET.findall(piece.text))
        apart += before is not None and not piece.first and scripts_meet(before, piece)
        before = piece
    if apart == close == 0:
        return BLANK_UNKNOWN
    return BLANK_USUAL if apart > close else TWO_CELLS
