"""The total row of a table of indicators."""

import re
from collections.abc import Sequence

from audit_utils import values
from audit_utils.forms.grid.area import Account, Area, blank, make, text_of
from audit_utils.forms.grid.body import Reader
from audit_utils.forms.grid.labelled import value_of
from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import Cell, FormKind

SCORED = re.compile("自评|得分")
"""What a label says beside which the total score stands; 总分 and 合计 may be anything's."""
TOTALS = {"weight": "total_weight", "score": "total_score"}
OTHER = "the total row has other columns than the table"
SHIFTED = "a number of the total row stands below no label of points"
TEXT = "text in the total row that is no total"


def read_total(reader: Reader, row: int) -> dict[str, Cell]:
    """The totals stand below the labels of weight and score, or behind 自评总分：."""
    first, *others = reader.area.starting[row]
    reader.account.take(first)
    cells = {}
    for key, column in TOTALS.items():
        place = reader.heading.column(key)
        found = [cell for cell in reader.cells(key, row) if cell != first]
        if place is None:
            continue
        shared = [c for c in found if c.column < place.first or c.right > place.last]
        if shared and found == others and not reader.heading.column("weight"):
            shared = []  # one merged cell behind the label: there is but one column of points
        if shared or len(found) > 1:
            if found[0] not in reader.account.taken:
                reader.account.tell(OTHER, found[0])
            continue
        reader.account.take(*found)
        cells[column] = (
            make(reader.area, found, reading=reader.points(key, found[0]))
            if found
            else blank(reader.area, first, place.first)
        )
    for cell in others:
        _other(reader, cell)
    return cells | _inside(reader, first, cells)


def _other(reader: Reader, cell: GridCell) -> None:
    """A cell of the total row that is neither total: a grade, a dash, or a shifted number.

    What stands below a label that is not known, or that the tables do not take, is left.
    """
    below = (c.key for c in reader.heading.columns if c.first <= cell.column <= c.last)
    if cell in reader.account.taken or next(below, "") in ("", "aside", "period"):
        return
    if text_of(cell.text) is None:
        reader.account.take(cell)
    elif values.number(cell.text) is not None:
        reader.account.refuse(SHIFTED, cell)
    else:
        reader.account.tell(TEXT, cell)


def _inside(reader: Reader, label: GridCell, cells: dict[str, Cell]) -> dict[str, Cell]:
    """The total score where the label's own cell prints it: 自评总分：90分."""
    _, colon, printed = fold(label.text).partition(":")
    if not colon or values.points(printed) is None:
        return {}
    if reader.heading.column("weight") or cells.get("total_score", Cell(None, 0, 0, 0)).printed:
        reader.account.tell(OTHER, label)
        return {}
    found = make(reader.area, [label])
    text = text_of(label.text.replace("：", ":").partition(":")[2])
    return {
        "total_score": Cell(text, found.line_start, found.line_end, found.page, "", found.address)
    }


def read_beside(
    area: Area, rows: Sequence[int], words: Vocabulary, kind: FormKind, account: Account
) -> dict[str, Cell]:
    """The total score beside a label outside of the indicators: 自评总分 | 97.5."""
    cells: dict[str, Cell] = {}
    for label in account.left(area, rows):
        scored = SCORED.search(fold(label.text)) and words.meaning("total", label.text)
        value = value_of(area, label, words, kind) if scored else None
        if value and values.points(text_of(value.text)) is not None:
            account.take(label, value)
            cells.setdefault("total_score", make(area, [value]))
    return cells
