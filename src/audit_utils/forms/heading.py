"""The head of a table of indicators: which column holds what, by its labels alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from audit_utils.documents.grid import GridCell
from audit_utils.forms.area import Account, Area
from audit_utils.forms.extents import head_row
from audit_utils.forms.vocabulary import OBJECTIVES, Vocabulary, label

PART = "indicator_columns"
TWICE = ("level2", "name", "target")
"""Columns that a declaration may print for the whole period and for the year."""
DEEP = frozenset({"level1", "level2", "name", "target", "actual", "weight", "score"})


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
            bottom = _bottom(area, row, words)
            columns = _columns(area, row, bottom, words)
            found.append(Heading(row, bottom, tuple(_of_the_year(area, row, columns, words))))
    return found


def _bottom(area: Area, row: int, words: Vocabulary) -> int:
    """The last row of a head: as deep as its cells, and below them rows of labels only."""
    deep = [cell.bottom for cell in area.starting[row] if words.meaning(PART, cell.text) in DEEP]
    bottom = max(deep, default=row)
    while below := area.starting.get(bottom + 1):
        if not all(words.meaning(PART, cell.text) for cell in below):
            break
        bottom += 1
    return bottom


def _columns(area: Area, top: int, bottom: int, words: Vocabulary) -> list[Column]:
    columns: list[Column] = []
    for place in range(1, area.right + 1):
        cells = [cell for row in range(top, bottom + 1) if (cell := area.at(row, place))]
        if not cells or cells[-1].row < top:
            continue
        own = cells[-1]
        if columns and columns[-1].cell == own and columns[-1].last == place - 1:
            columns[-1] = Column(columns[-1].key, columns[-1].first, place, own)
        elif place >= _first_column(area, top, words):
            columns.append(Column(words.meaning(PART, own.text), place, place, own))
    return columns


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
    """The column of the first label that only a table of indicators has."""
    return next(cell.column for cell in area.starting[top] if words.meaning(PART, cell.text))


def check(heading: Heading, area: Area, account: Account) -> None:
    """Account for the head's labels; two columns of one meaning cannot be read."""
    for row in range(heading.top, heading.bottom + 1):
        account.take(*(c for c in area.starting.get(row, ()) if c.column >= heading.left))
    often = Counter(column.key for column in heading.columns)
    for column in heading.columns:
        if often[column.key] > 1 and column.key not in ("", "aside", "period"):
            account.refuse(f"several columns of indicators mean {column.key}", column.cell)
