"""The money of a form: amounts below the labels of columns, or beside the labels of sources.

A unit is looked for where the amount stands: in the cell itself, in the label of its
column, of its row, of the part (项目资金（万元）), at last in the form's first lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit_utils import values
from audit_utils.forms.grid.area import Account, Area, blank, make, text_of
from audit_utils.forms.grid.labelled import MONEY, is_label, value_of
from audit_utils.forms.labelfile import OF_PROJECT
from audit_utils.forms.labels import fold, label
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import Cell, FormKind, MoneyUnit

AMOUNTS = frozenset({"initial_budget", "annual_budget", "executed"})
UNITS = ("元", "万元")
"""Units that a whole form may have; any other is read with each amount."""
RATED = ("weight", "execution_rate", "score")
NOTE_UNIT = "no unit of money is printed: taken as yuan"
NO_SOURCE = "the tables have no such source of money: its amount would be missing from the sums"


@dataclass(slots=True)
class Money:
    """Cells of the funds, and the money of the whole project that a declaration prints."""

    unit: MoneyUnit = "元"
    funds: dict[str, dict[str, Cell]] = field(default_factory=dict)
    project: dict[str, Cell] = field(default_factory=dict)
    entered: dict[tuple[str, str], GridCell] = field(default_factory=dict)
    """Source and column -> the cell that was entered there."""


@dataclass(frozen=True, slots=True)
class Head:
    """The label of a column of amounts."""

    key: str
    cell: GridCell


@dataclass(frozen=True)
class Reader:
    """What reading the money of one form takes."""

    area: Area
    rows: Sequence[int]
    words: Vocabulary
    kind: FormKind
    account: Account
    unit: str
    """The unit printed for the whole form or this part of it, empty if none is."""

    def amount(self, cell: GridCell, *labels: GridCell) -> Cell:
        """An amount with its unit; the nearest label that prints one counts."""
        found = next((unit for beside in labels if (unit := unit_of(beside.text))), self.unit)
        own = values.amount(cell.text) is not None and any(c in cell.text for c in "元万亿")
        note = "" if found or own else NOTE_UNIT
        if own or found == "" or (found == self.unit and found in UNITS):
            return make(self.area, [cell], note=note)
        return make(self.area, [cell], reading=f"{cell.text}{found}", note=note)


def unit_of(text: str) -> str:
    """The unit of money in a label's brackets, or behind 单位：, empty if there is none."""
    unit = label(text).unit
    return "" if unit == "%" else unit


def unit_of_form(texts: Sequence[str], sides: Sequence[str]) -> str:
    """The unit that stands at the part's side, else in the form's first lines."""
    for text in sides:
        if unit := unit_of(text):
            return unit
    for text in texts:
        for part in (text, *text.split()):
            found = MONEY.fullmatch(fold(part)) or MONEY.search(fold(part).rpartition("单位:")[2])
            if found and ("单位" in part or found[0] == fold(part)):
                return found[1]
    return ""


def find_heads(area: Area, rows: Sequence[int], words: Vocabulary) -> tuple[list[Head], int]:
    """The labels of the columns of amounts, and the last row that holds any.

    A row with two such labels and no number is a head; the row below it may be one too.
    """
    heads: list[Head] = []
    bottom = 0
    for row in rows:
        cells = area.starting.get(row, ())
        found = [Head(words.meaning("fund_columns", c.text), c) for c in cells]
        found = [head for head in found if head.key]
        numbers = any(values.number(cell.text) is not None for cell in cells)
        if numbers or (heads and row > bottom + 1):
            if heads:
                break
            continue
        if len(found) > 1:
            heads += found
            bottom = max(bottom, *(head.cell.bottom for head in found))
    return heads, bottom


def read_columns(reader: Reader, heads: Sequence[Head], bottom: int, money: Money) -> None:
    """Amounts that stand below the labels of their columns, a source a row."""
    area, account = reader.area, reader.account
    account.take(*(head.cell for head in heads))
    if lone := _lone_row(reader, heads, bottom):
        _open(reader, money.funds.setdefault("total", {}), heads, lone[0])
        for cell in lone:
            if head := _head_of(cell, heads):
                _enter(reader, money, ("total", lone[0]), head, cell)
        return
    among = True
    for row in (row for row in reader.rows if row > bottom):
        source: tuple[str, GridCell] | None = None
        cells = area.starting.get(row, ())
        for cell in cells:
            key = _source(cell, reader.words, heads)
            head = _head_of(cell, heads)
            if key and not (source and head and head.key == "aside"):
                source = (key, cell)
                account.take(cell)
                _open(reader, money.funds.setdefault(key, {}), heads, cell)
            elif source and head:
                _enter(reader, money, source, head, cell)
        if source is None:
            among = among and not any(is_label(c.text, reader.words, reader.kind) for c in cells)
            if among and (unknown := _unknown(cells, heads)):
                account.refuse(NO_SOURCE, unknown)


def _unknown(cells: Sequence[GridCell], heads: Sequence[Head]) -> GridCell | None:
    """What names a row with amounts of which no cell is known as a source; None without any."""
    for place, cell in enumerate(cells):
        head = _head_of(cell, heads)
        if head and head.key in AMOUNTS and values.amount(cell.text) is not None:
            return cells[max(place - 1, 0)]
    return None


def _lone_row(reader: Reader, heads: Sequence[Head], bottom: int) -> list[GridCell]:
    """The one row of amounts below the heads where no row names a source: it is the total."""
    area, words = reader.area, reader.words
    texts = [c for row in reader.rows if row > bottom for c in area.starting.get(row, ())]
    if any(_source(cell, words, heads) for cell in texts):
        return []
    own = [c for c in area.starting.get(bottom + 1, ()) if c not in reader.account.taken]
    numbers = [values.number(cell.text) is not None for cell in own]
    return own if numbers and all(numbers) and all(_head_of(cell, heads) for cell in own) else []


def _source(cell: GridCell, words: Vocabulary, heads: Sequence[Head]) -> str:
    """The source that a row's label names: 预算数 below 预算安排情况 is the total."""
    if key := words.meaning("sources", cell.text):
        return key
    return "total" if words.meaning("fund_columns", cell.text) and _head_of(cell, heads) else ""


def _head_of(cell: GridCell, heads: Sequence[Head]) -> Head | None:
    """The lowest label above a cell."""
    above = [
        head
        for head in heads
        if head.cell.column <= cell.column <= head.cell.right and head.cell.bottom < cell.row
    ]
    return max(above, key=lambda head: head.cell.row, default=None)


def _open(reader: Reader, fund: dict[str, Cell], heads: Sequence[Head], beside: GridCell) -> None:
    """A source's row has all columns that the head has: empty until a cell fills them."""
    for head in heads:
        if head.key != "aside":
            fund.setdefault(head.key, blank(reader.area, beside, head.cell.column))


def _enter(
    reader: Reader, money: Money, source: tuple[str, GridCell], head: Head, cell: GridCell
) -> None:
    """Enter a cell where its row and its column meet; of two the one that is no amount is told."""
    key, beside = source
    reader.account.take(cell)
    if head.key == "aside":
        return
    fund = money.funds[key]
    if fund[head.key].printed is not None:
        first = money.entered[key, head.key]
        other = first if values.amount(first.text) is None else cell
        reader.account.refuse(f"two cells could be {head.key} of {key}", other)
    money.entered[key, head.key] = cell
    if is_label(cell.text, reader.words, reader.kind) and text_of(cell.text):
        reader.account.refuse("a label stands where an amount is due", cell)
    if head.key in AMOUNTS:
        fund[head.key] = reader.amount(cell, head.cell, beside)
    else:
        fund[head.key] = make(reader.area, [cell], reading=reading(cell, head))


def reading(cell: GridCell, head: Head) -> str:
    """The text of a rate with the percent sign that only its column prints."""
    bare = values.number(cell.text) is not None and not fold(cell.text).endswith("%")
    percent = head.key == "execution_rate" and label(head.cell.text).unit == "%"
    return f"{cell.text}%" if percent and bare else ""


def read_beside(reader: Reader, money: Money) -> None:
    """Amounts of the year that stand beside the labels of columns (self-evaluation)."""
    area, account, words = reader.area, reader.account, reader.words
    for cell in account.left(area, reader.rows):
        key = words.meaning("fund_columns", cell.text)
        beside = value_of(area, cell, words, reader.kind) if key in (*AMOUNTS, *RATED) else None
        if beside is None:
            continue
        total = money.funds.setdefault("total", {})
        if key in total:
            account.refuse(f"two cells could be {key} of total", beside)
        account.take(cell, beside)
        found = make(area, [beside], reading=reading(beside, Head(key, cell)))
        total[key] = reader.amount(beside, cell) if key in AMOUNTS else found


def read_pairs(reader: Reader, money: Money) -> None:
    """Amounts of a declaration beside the labels of their sources, or below a row of labels."""
    area, account = reader.area, reader.account
    found = [
        (cell, meanings)
        for cell in account.left(area, reader.rows)
        if (meanings := reader.words.meanings("request", cell.text))
    ]
    totals = _totals(found)
    above = {cell.row for cell, _ in found if _is_amount(_below(area, cell))}
    for cell, meanings in found:
        key = _meaning(cell, meanings, totals)
        if not key:
            continue
        value = value_of(area, cell, reader.words, reader.kind)
        if cell.row in above:
            if value:
                account.refuse(NO_SOURCE, value)
            value = _below(area, cell)
        account.take(cell, *([value] if value else []))
        entry = _entry(reader, cell, value)
        whole = key.startswith(OF_PROJECT)
        rows = money.project if whole else money.funds.setdefault(key, {})
        column = key if whole else "annual_request"
        if column in rows and rows[column].printed != entry.printed:
            account.refuse(f"{key} is printed twice, with different amounts", cell)
        rows.setdefault(column, entry)
        _refuse_unknown(reader, cell)


def _below(area: Area, cell: GridCell) -> GridCell | None:
    """The cell below a label, as wide as the label; None where there is none."""
    below = area.cover.get((cell.bottom + 1, cell.column))
    alike = below and (below.column, below.columns) == (cell.column, cell.columns)
    return below if alike else None


def _is_amount(cell: GridCell | None) -> bool:
    return cell is not None and values.amount(cell.text) is not None


def _entry(reader: Reader, cell: GridCell, value: GridCell | None) -> Cell:
    """The amount of a label; empty where nothing is printed."""
    if value is None:
        return blank(reader.area, cell, cell.right + 1)
    if not value.text.strip():
        return blank(reader.area, value, value.column)
    return reader.amount(value, cell)


def _refuse_unknown(reader: Reader, cell: GridCell) -> None:
    """Refuse a label with an amount that stands below a source and is known as none."""
    below = reader.area.at(cell.bottom + 1, cell.column)
    if below is None or below.row not in reader.rows or _is_amount(below):
        return
    if is_label(below.text, reader.words, reader.kind):
        return
    if _is_amount(value_of(reader.area, below, reader.words, reader.kind)):
        reader.account.refuse(NO_SOURCE, below)


Found = Sequence[tuple[GridCell, tuple[str, ...]]]


def _totals(found: Found) -> list[tuple[GridCell, str]]:
    """The totals of the project and of the year, with what each is."""
    totals = []
    for cell, meanings in found:
        own = [key for key in meanings if key in ("total", "project_total")]
        totals += [(cell, key) for key in own]
    return totals


def _meaning(
    cell: GridCell, meanings: Sequence[str], totals: Sequence[tuple[GridCell, str]]
) -> str:
    """Whether a source belongs to the project's total or to the year's: to the one it stands

    below, that is the nearest total at its left, and of those the last one above it.
    """
    before = [
        (total.column, total.row, key)
        for total, key in totals
        if total.column <= cell.column and total.row <= cell.row
    ]
    side = max(before, default=(0, 0, "total"))[2]
    of_project = [key for key in meanings if key.startswith(OF_PROJECT)]
    of_year = [key for key in meanings if not key.startswith(OF_PROJECT)]
    chosen = of_project if side == "project_total" else of_year
    return chosen[0] if chosen else ""
