"""Which rows below a head of indicators are none: subtotals, notes, the total that ends them.

Where the table ends is told by what goes on in it: below a subtotal or a note there may be
more groups, and between the last group and the total a note.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audit_utils.forms.grid.area import Area
from audit_utils.forms.grid.heading import Heading
from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell

LEVELS = ("level1", "level2")


@dataclass(frozen=True, slots=True)
class Course:
    """The rows below a head: the last one of the table, its total row (0: it has none), the
    subtotals in it, and the notes in it.
    """

    bottom: int
    total: int
    subtotals: frozenset[int]
    notes: frozenset[int]


def course(area: Area, heading: Heading, words: Vocabulary) -> Course:
    """What the rows below a head of indicators are.

    The last total below all groups is the table's, one above any of them a group's.
    """
    last = max(_groups(area, heading, words), default=0)
    total, closing = 0, 0
    subtotals, notes = set(), set()
    for row in range(heading.bottom + 1, area.bottom + 1):
        cells = area.starting.get(row, ())
        kind = _kind(cells[0], heading, words) if cells else ""
        if row > last and (total or closing) and kind not in ("total", "subtotal", "note"):
            if cells:
                break
        elif kind == "total" and row > last:
            subtotals |= {total} if total else set()
            total = row
        elif kind in ("total", "subtotal"):
            subtotals.add(row)
        elif kind == "note":
            notes.add(row)
            closing = closing or (row if row > last and not total else 0)
    bottom = total or (closing - 1 if closing else area.bottom)
    return Course(
        bottom,
        total,
        frozenset(row for row in subtotals if row < bottom),
        frozenset(row for row in notes if row < bottom),
    )


def _groups(area: Area, heading: Heading, words: Vocabulary) -> Iterator[int]:
    """The rows where the label of a group of the usual kinds begins; in a table without
    groups, the rows with a name and a target.
    """
    columns = {key: column for key in LEVELS if (column := heading.column(key))}
    name, target = heading.column("name"), heading.column("target")
    for row in range(heading.bottom + 1, area.bottom + 1):
        cells = area.starting.get(row, ())
        if columns:
            groups = (
                words.meaning(key, cell.text) or words.meaning("execution", cell.text)
                for key, column in columns.items()
                for cell in cells
                if column.first <= cell.column <= column.last
            )
            if any(groups):
                yield row
        elif name and target:
            places = {cell.column for cell in cells}
            if {name.first, target.first} <= places and not _kind(cells[0], heading, words):
                yield row


def _kind(cell: GridCell, heading: Heading, words: Vocabulary) -> str:
    """What the first cell of a row says that it is, empty for a row of an indicator."""
    before = fold(cell.text).partition(":")[0]
    for kind in ("total", "subtotal"):
        if words.meaning(kind, before):
            return kind
    name = heading.column("name")
    if name and cell.column >= name.first:
        return ""
    aside = words.meaning("aside", before) or words.meaning("aside", cell.text)
    return "note" if aside or words.remark(cell.text) else ""
