"""What in a table of indicators no column took: told, or reason not to read the form."""

from collections.abc import Mapping, Sequence

from audit_utils.forms.grid.area import problem
from audit_utils.forms.grid.body import SINGLE, Reader
from audit_utils.forms.grid.course import LEVELS
from audit_utils.forms.grid.heading import Column
from audit_utils.forms.grid.indicators import Rows
from audit_utils.grid import GridCell

PERIOD = "indicators of the whole period are printed too: those of the year are read"
CUT_OFF = "no total row: the form may be cut off"
BESIDE = "text beside the indicators that is no label of the form"
AMONG = "text among the indicators that belongs to no column"
FURTHER = "a column of indicators that no column of the tables takes"
UNKNOWN = "a label of indicators that is not known"


def check(reader: Reader, rows: Rows) -> None:
    """Account for all that the rows have left."""
    heading, account = reader.heading, reader.account
    known = {column.key: column for column in heading.columns}
    inside = (row for row in range(heading.top, rows.bottom + 1) if row not in rows.notes)
    for cell in account.left(reader.area, inside):
        if cell.column < heading.left:
            _beside(reader, cell)
        else:
            _below(reader, cell, _column_of(heading.columns, cell), known)
    for column in heading.columns:
        if column.key == "":
            tell = account.tell if _is_further(column, known) else account.refuse
            tell(UNKNOWN, column.cell)
    if not rows.ended and any(heading.column(key) for key in SINGLE) and heading.column("actual"):
        cells = (cell for cell in reader.area.cells if cell.row <= rows.bottom)
        account.told.append(problem(CUT_OFF, max(cells, key=lambda cell: cell.row)))


def _beside(reader: Reader, cell: GridCell) -> None:
    """Left of the table stand words of the form itself."""
    if reader.words.meaning("sides", cell.text):
        reader.account.take(cell)
    else:
        reader.account.refuse(BESIDE, cell)


def _below(
    reader: Reader, cell: GridCell, column: Column | None, known: Mapping[str, Column]
) -> None:
    """A cell below a label that the tables do not take, or below none."""
    account = reader.account
    if column and column.key == "aside":
        account.take(cell)
        if any(reader.words.meaning(key, cell.text) and key not in known for key in LEVELS):
            account.refuse(UNKNOWN, column.cell)
    elif column and column.key == "period":
        account.take(cell)
        if not reader.words.meaning("level2", cell.text) and not _told(reader, PERIOD):
            account.told.append(problem(PERIOD, cell))
    elif column and column.key == "" and _is_further(column, known):
        account.tell(FURTHER, cell)
    else:
        account.refuse(AMONG, cell)


def _told(reader: Reader, message: str) -> bool:
    return any(told.message == message for told in reader.account.told)


def _is_further(column: Column, columns: Mapping[str, Column]) -> bool:
    """Whether a column of an unknown label is none of those that the tables take.

    All of them are known, and it stands behind the target: before it, it may be a level.
    """
    found = set(columns)
    evaluated = {"level1", "name", "target", "actual", "weight", "score"} <= found
    declared = {"level1", "level2", "name", "target"} <= found
    whole = evaluated or (declared and not found & {"actual", "weight", "score"})
    return whole and column.first > columns["target"].last


def _column_of(columns: Sequence[Column], cell: GridCell) -> Column | None:
    return next((c for c in columns if c.first <= cell.column <= c.last), None)
