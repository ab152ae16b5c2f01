"""The cells below a head of indicators, by row and column."""

import re
from dataclasses import dataclass
from functools import cached_property

from audit_utils import values
from audit_utils.forms.grid import course
from audit_utils.forms.grid.area import Account, Area, text_of
from audit_utils.forms.grid.course import LEVELS
from audit_utils.forms.grid.heading import Heading
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell

NUMBER = re.compile(r"(?:指标|目标)?[(（]?[0-9０-９]{1,2}[)）]?[:：.、]?")
"""The number of a row; alone, of one that is not filled in."""
SINGLE = ("weight", "score")
"""Numbers that are added up: one cell cannot stand for several rows."""


@dataclass(frozen=True)
class Reader:
    """What reading the indicators of one form takes."""

    area: Area
    heading: Heading
    words: Vocabulary
    account: Account

    def cells(self, key: str, row: int) -> list[GridCell]:
        """The cells with text of a column in a row; the number in front of a name is none."""
        column = self.heading.column(key)
        found = self.area.within(row, column.first, column.last) if column else []
        if key == "name" and len(found) > 1 and NUMBER.fullmatch(found[0].text):
            self.account.take(found.pop(0))
        return found

    def cell(self, key: str, row: int) -> GridCell | None:
        """The one cell of a column in a row; one that other columns share is refused."""
        found = self.cells(key, row)
        if len(found) > 1:
            self.account.refuse(f"several cells stand below the label of {key}", found[1])
        for cell in found[:1]:
            if self._shared(cell):
                self.account.refuse("one cell stands below the labels of several columns", cell)
        return found[0] if found else None

    def points(self, key: str, cell: GridCell) -> str:
        """What points are read from, empty for their own text: 50% are 50 points of 100, where
        the whole column prints them so.
        """
        printed = text_of(cell.text) or ""
        return printed[:-1] if key in self._percent and _is_percent(printed) else ""

    @cached_property
    def course(self) -> course.Course:
        """Which of the rows are none of an indicator."""
        return course.course(self.area, self.heading, self.words)

    @cached_property
    def merging(self) -> frozenset[str]:
        """The levels of which any label covers several rows."""
        columns = [(key, self.heading.column(key)) for key in LEVELS]
        return frozenset(
            key
            for cell in self.area.cells
            if cell.rows > 1 and cell.row > self.heading.bottom and cell.text.strip()
            for key, column in columns
            if column and column.first <= cell.column <= column.last
        )

    @cached_property
    def _percent(self) -> frozenset[str]:
        """The columns of points of which every number is a percentage."""
        rows = range(self.heading.bottom + 1, self.course.bottom + 1)
        found = {key: [c.text for row in rows for c in self.cells(key, row)] for key in SINGLE}
        numbers = {
            key: [t for t in texts if values.number(t) is not None] for key, texts in found.items()
        }
        return frozenset(key for key, texts in numbers.items() if all(map(_is_percent, texts)))

    def _shared(self, cell: GridCell) -> bool:
        """Whether a cell stands below several labels, and is not one label for all of them."""
        below = [c for c in self.heading.columns if c.first <= cell.right and cell.column <= c.last]
        keys = {column.key for column in below}
        if keys <= {*LEVELS, "name"} and self.words.meaning("execution", cell.text):
            return False
        group = keys <= set(LEVELS) and self.words.meaning("level1", cell.text)
        return len(below) > 1 and not group


def _is_percent(text: str) -> bool:
    return values.percent(text_of(text)) is not None
