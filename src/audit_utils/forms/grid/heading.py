"""The head of a table of indicators: which column holds what, by its labels alone."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from audit_utils.forms.grid.area import Account, Area
from audit_utils.forms.grid.extents import head_row
from audit_utils.forms.grid.labelled import year_alone
from audit_utils.forms.labelfile import OBJECTIVES
from audit_utils.forms.labels import fold, label
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell

PART = "indicator_columns"
TWICE = ("level2", "name", "target")
"""Columns that a declaration may print for the whole period and for the year."""
DEEP = frozenset({"level1", "level2", "name", "target", "actual", "weight", "score"})
BELOW_ACTUAL = {"target": "actual", "target_unit": "actual_unit"}
"""What 值 and 单位 mean below 全年实际值, where the target has columns of its own."""
ABOVE = "a text above labels of columns that is not known: it may be another year"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what it holds (empty: unknown), where, and its label's cell."""

    key: str
    first: int
    last: int
    cell: GridCell

    @property
    def percent(self) -> bool:
        """Whether its label says that its numbers are percent."""
        return label(self.cell.text).unit == "%"


@dataclass(frozen=True)
class Heading:
    """The head of the indicators: its rows and its columns, from the left."""

    top: int
    bottom: int
    columns: tuple[Column, ...]
    above: tuple[GridCell, ...] = ()
    """Labels that stand above those of columns and that are not known."""

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """What a column holds -> the first column that does."""
        return {column.key: column for column in reversed(self.columns)}

    def column(self, key: str) -> Column | None:
        """The column that holds something, None if there is none."""
        return self.by_key.get(key)

    @property
    def left(self) -> int:
        """The first of its columns; what stands left of it are the form's own words."""
        return self.columns[0].first


def find_headings(area: Area, words: Vocabulary) -> list[Heading]:
    """All heads of indicators in an area: a page may repeat it."""
    found: list[Heading] = []
    for row in sorted(area.starting):
        if head_row(area, row, words) and not (found and row <= found[-1].bottom):
            found.append(_heading(area, row, words))
    return found


def _heading(area: Area, row: int, words: Vocabulary) -> Heading:
    """The head of which a row holds the labels of the levels."""
    top, bottom = _top(area, row, words), _bottom(area, row, words)
    stacks = _stacks(area, top, bottom, _first_column(area, row, words))
    columns = _columns(stacks, words)
    above = dict.fromkeys(c for _, cells in stacks for c in cells[:-1] if not _known(c, words))
    return Heading(top, bottom, tuple(_of_the_year(area, top, columns, words)), tuple(above))


def _known(cell: GridCell, words: Vocabulary) -> bool:
    """Whether a text may stand above labels: a label itself, or the part's own words."""
    return bool(words.meaning(PART, cell.text) or words.meaning("sides", cell.text))


def _top(area: Area, row: int, words: Vocabulary) -> int:
    """The first row of a head: that of labels which reach down into the row of the levels.

    Where a sheet merges nothing, they stand in the row above it, and nothing else does.
    """
    left = _first_column(area, row, words)
    reaching = [c for c in area.within(row, left, area.right) if words.meaning(PART, c.text)]
    above = area.starting.get(row - 1, ())
    if not area.merged and len(above) > 1 and all(_known(cell, words) for cell in above):
        return row - 1
    return min((cell.row for cell in reaching), default=row)


def _bottom(area: Area, row: int, words: Vocabulary) -> int:
    """The last row of a head: as deep as its cells, and below them rows of labels only."""
    deep = [cell.bottom for cell in area.starting[row] if words.meaning(PART, cell.text) in DEEP]
    bottom = max(deep, default=row)
    while below := area.starting.get(bottom + 1):
        if not all(words.meaning(PART, cell.text) for cell in below):
            break
        bottom += 1
    return bottom


def _stacks(area: Area, top: int, bottom: int, left: int) -> list[tuple[int, tuple[GridCell, ...]]]:
    """The columns of a head from a place on, each with its labels from the top."""
    found = []
    for place in range(left, area.right + 1):
        covering = (area.at(row, place) for row in range(top, bottom + 1))
        cells = tuple(dict.fromkeys(cell for cell in covering if cell and cell.row >= top))
        if cells:
            found.append((place, cells))
    return found


def _columns(stacks: Sequence[tuple[int, tuple[GridCell, ...]]], words: Vocabulary) -> list[Column]:
    own = {cells[-1]: words.meaning(PART, cells[-1].text) for _, cells in stacks}
    own |= dict.fromkeys((cell for _, cells in stacks for cell in cells[:-1]), "")
    columns: list[Column] = []
    for place, cells in stacks:
        if columns and columns[-1].cell == cells[-1] and columns[-1].last == place - 1:
            columns[-1] = replace(columns[-1], last=place)
        else:
            columns.append(Column(_meaning(cells, own, words), place, place, cells[-1]))
    return columns


def _meaning(cells: Sequence[GridCell], own: Mapping[GridCell, str], words: Vocabulary) -> str:
    """What a column holds by its lowest label, unless a label above it says whose that is:
    上年 over 指标值, 全年实际值 over 值.
    """
    lowest = cells[-1]
    key = own[lowest]
    for upper in (cell for cell in cells[:-1] if not words.meaning("sides", cell.text)):
        above = words.meaning(PART, upper.text)
        if above in ("aside", "period"):
            return above
        under = {k for c, k in own.items() if upper.column <= c.column and c.right <= upper.right}
        others = [k for c, k in own.items() if c.right < upper.column or upper.right < c.column]
        if above == "actual" and above not in under and key in others:
            key = BELOW_ACTUAL.get(key, key)
    return key


def _of_the_year(area: Area, top: int, columns: list[Column], words: Vocabulary) -> list[Column]:
    """The columns, those of the whole period told from those of the year.

    Where both are named alike, the period's stand below 中期目标, the year's below 年度目标.
    """
    overall, annual = (_goal(area, top, key, words) for key in OBJECTIVES["target_declaration"])
    often = Counter(column.key for column in columns)
    if not overall or not annual or not any(often[key] == 2 for key in TWICE):
        return columns
    return [
        replace(column, key="period")
        if column.key in TWICE and overall.column <= column.first and column.last <= overall.right
        else column
        for column in columns
    ]


def _goal(area: Area, top: int, meaning: str, words: Vocabulary) -> GridCell | None:
    """The last label of an objective above a head that has a text below it, not beside it."""
    part = "objectives.target_declaration"
    found = (c for row in range(top) for c in area.starting.get(row, ()))
    named = [c for c in found if words.meaning(part, c.text) == meaning and c.rows == 1]
    return named[-1] if named else None


def _first_column(area: Area, top: int, words: Vocabulary) -> int:
    """The column of the first label of a column; 长期绩效指标 stands beside the whole table."""
    meanings = ((cell.column, words.meaning(PART, cell.text)) for cell in area.starting[top])
    return next(column for column, key in meanings if key not in ("", "period"))


AMOUNT = re.compile(r"[\d.,%]+")
TIME = re.compile("[年月季期前去上次]|累计|预计|调整|截至|历史|计划|批复|基准")
LONGEST_LABEL = 12
BARE_YEAR = re.compile(r"(?:19|20)\d\d")


def check(heading: Heading, area: Area, account: Account, year: int | None) -> None:
    """Account for the head's labels; two columns of one meaning cannot be read, nor what
    stands below a label that may be that of another year.
    """
    for row in range(heading.top, heading.bottom + 1):
        account.take(*(c for c in area.starting.get(row, ()) if c.column >= heading.left))
    for cell in heading.above:
        if year_alone(cell.text) != year:
            account.refuse(ABOVE, cell)
    often = Counter(column.key for column in heading.columns)
    for column in heading.columns:
        if often[column.key] > 1 and column.key not in ("", "aside", "period"):
            account.refuse(f"several columns of indicators mean {column.key}", column.cell)


def check_above(
    labels: Sequence[GridCell], area: Area, words: Vocabulary, account: Account, year: int | None
) -> None:
    """Refuse what stands right above some of the labels of a head and that nobody knows: it
    may say that they are those of another year.  The value of a label that begins the row, and
    a sentence, say so only if they speak of a time.
    """
    top = min((label.row for label in labels), default=0)
    first, last = (f(c.column for c in labels) for f in (min, max)) if labels else (0, 0)
    opening = [cell for cell in area.starting.get(top - 1, ()) if cell.column < first]
    paired = any(not words.meaning("sides", cell.text) for cell in opening)
    for cell in dict.fromkeys(area.at(top - 1, c) for c in range(first, area.right + 1)):
        if cell is None or cell.column > last or cell.bottom >= top:
            continue
        if AMOUNT.fullmatch(fold(cell.text)) and not BARE_YEAR.fullmatch(fold(cell.text)):
            continue
        whole = cell.column <= first and last <= cell.right
        printed = year_alone(cell.text)
        unknown = cell not in account.taken and not words.meaning("sides", cell.text)
        timeless = not TIME.search(cell.text) and (paired or len(cell.text) > LONGEST_LABEL)
        if not whole and (printed != year if printed else unknown and not timeless):
            account.refuse(ABOVE, cell)
