"""The rows of indicators below their head, and the total row that ends them.

A cell belongs to the column under whose label it stands.  A level is the merged cell that
covers the row; an empty box below a label goes on with it.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from audit_utils import values
from audit_utils.documents.grid import GridCell
from audit_utils.forms.area import Account, Area, blank, make, text_of
from audit_utils.forms.heading import Heading
from audit_utils.forms.labelled import REMARK
from audit_utils.forms.vocabulary import Vocabulary, fold
from audit_utils.records import Cell

LEVELS = ("level1", "level2")
NOTE_GROUP = "no group label is printed"
NOTE_BREAK = "behind a page break the group's box is empty: the label above it is taken"
SINGLE = ("weight", "score")
"""Numbers that are added up: one cell cannot stand for several rows."""
VALUES = ("name", "target", "actual", "weight", "score", "deviation_reason")
OWN = (*VALUES, "operator", "target_unit")
NUMBERED = re.compile(r"(?:指标|目标)\s*[0-9０-９]{1,2}\s*[:：.、]\s*")
NUMBER = re.compile(r"(?:指标|目标)?[(（]?[0-9０-９]{1,2}[)）]?[:：.、]?")
"""A row that is numbered and not filled in."""
BARE = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
OPERATORS = re.compile(
    r"[<>=≤≥≦≧＜＞＝]{1,2}|大于等于|小于等于|大于|小于|等于|不低于|不高于|不超过"
)


@dataclass(slots=True)
class Rows:
    """What the table of indicators holds, and the row where its part of the form ends."""

    indicators: list[dict[str, Cell]] = field(default_factory=list)
    total: dict[str, Cell] = field(default_factory=dict)
    execution: dict[str, Cell] = field(default_factory=dict)
    bottom: int = 0
    ended: bool = False
    """Whether a total row ends the table."""


@dataclass(frozen=True)
class Reader:
    """What reading the indicators of one form takes."""

    area: Area
    heading: Heading
    words: Vocabulary
    account: Account

    def cells(self, key: str, row: int) -> list[GridCell]:
        """The cells with text of a column in a row."""
        column = self.heading.column(key)
        return self.area.within(row, column.first, column.last) if column else []

    def cell(self, key: str, row: int) -> GridCell | None:
        """The one cell of a column in a row; one that other columns share is refused."""
        found = self.cells(key, row)
        if len(found) > 1:
            self.account.refuse(f"several cells stand below the label of {key}", found[1])
        for cell in found[:1]:
            if self._shared(cell):
                self.account.refuse("one cell stands below the labels of several columns", cell)
        return found[0] if found else None

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

    def _shared(self, cell: GridCell) -> bool:
        """Whether a cell stands below several labels, and is not one label for all of them."""
        below = [c for c in self.heading.columns if c.first <= cell.right and cell.column <= c.last]
        keys = {column.key for column in below}
        if keys <= {*LEVELS, "name"} and self.words.meaning("execution", cell.text):
            return False
        group = keys <= set(LEVELS) and self.words.meaning("level1", cell.text)
        return len(below) > 1 and not group


def read_rows(reader: Reader) -> Rows:
    """All rows below the head, down to the total row or to what follows the table."""
    area, words = reader.area, reader.words
    rows = Rows(bottom=area.bottom)
    levels: dict[str, GridCell] = {}
    for row in range(reader.heading.bottom + 1, area.bottom + 1):
        cells = [c for c in area.starting.get(row, ()) if c.column >= reader.heading.left]
        first = next(iter(area.starting.get(row, ())), None)
        if first and words.meaning("total", first.text):
            rows.total = _total(reader, row, first)
            rows.bottom, rows.ended = row, True
            break
        if first and _ends(first, reader):
            rows.bottom = row - 1
            break
        _level(reader, row, levels)
        if not any(_own(reader, cell) for cell in cells):
            continue
        _row(reader, row, levels, rows)
    return rows


def _ends(cell: GridCell, reader: Reader) -> bool:
    """Whether a row belongs to what follows the table: a conclusion, a note, a signature."""
    text = cell.text
    words = reader.words
    before = fold(text).partition(":")[0]
    name = reader.heading.column("name")
    if name and cell.column >= name.first:
        return False
    return bool(
        words.meaning("aside", before) or words.meaning("aside", text) or REMARK.match(fold(text))
    )


def _own(reader: Reader, cell: GridCell) -> bool:
    """Whether a cell stands below the label of a column that every row fills for itself."""
    columns = (column for key in OWN if (column := reader.heading.column(key)))
    return any(column.first <= cell.column <= column.last for column in columns)


def _level(reader: Reader, row: int, levels: dict[str, GridCell]) -> None:
    """Keep the labels of the levels that hold for a row; a new level 1 ends the level 2 above.

    An empty box goes on with the label above it, unless the column merges its cells: then
    it is a group of its own, without a label.  A box that begins inside of a cell that its
    group must hold whole begins no group, nor, as far as can be told, one behind a page
    break that the group above it crosses.
    """
    for key in LEVELS:
        cell = reader.cell(key, row)
        if cell and levels.get(key) != cell:
            levels[key] = cell
            reader.account.take(cell)
            if key == "level1":
                levels.pop("level2", None)
        elif key in levels and not (
            cell or _goes_on(reader, key, row) or _behind_break(reader, key, row, levels[key])
        ):
            levels.pop(key)


def _goes_on(reader: Reader, key: str, row: int) -> bool:
    """Whether an empty box of a level goes on with the label above it: its column merges no
    cells, or it begins where a level below it or a name goes on.
    """
    if key not in reader.merging:
        return True
    box = _box(reader, key, row)
    inner = ("level2", "name") if key == "level1" else ("name",)
    return box is not None and any(
        cell.row < box.row for other in inner for cell in reader.cells(other, box.row)
    )


def _behind_break(reader: Reader, key: str, row: int, group: GridCell) -> bool:
    """Whether an empty box of a level stands on a later page than the label above it."""
    box = _box(reader, key, row)
    return box is not None and box.row == group.bottom + 1 and box.page > group.page


def _box(reader: Reader, key: str, row: int) -> GridCell | None:
    """The cell of a column in a row, an empty one too."""
    column = reader.heading.column(key)
    return reader.area.cover.get((row, column.first)) if column else None


def _row(reader: Reader, row: int, levels: dict[str, GridCell], rows: Rows) -> None:
    """Enter a row as an indicator, as the points of the execution rate, or as a filler."""
    found = {key: cell for key in OWN if (cell := reader.cell(key, row))}
    reader.account.take(*found.values())
    title = text_of(found["name"].text) if "name" in found else None
    if _is_execution(reader, levels, title):
        rows.execution |= {key: make(reader.area, [found[key]]) for key in SINGLE if key in found}
        return
    title = None if title is None or NUMBER.fullmatch(title) else text_of(_bare(title))
    if title is None and all(
        text_of(cell.text) is None for key, cell in found.items() if key != "name"
    ):
        return
    if _is_shifted(reader, row, title, found):
        reader.account.refuse("a row of indicators without a name", next(iter(found.values())))
    for key in SINGLE:
        if key in found and found[key].row < row:
            reader.account.refuse(f"one cell is the {key} of several rows", found[key])
    rows.indicators.append(_cells(reader, levels, found))


def _is_shifted(reader: Reader, row: int, title: str | None, found: dict[str, GridCell]) -> bool:
    """Whether a row has no name, or a group's label in its place: its cells may be shifted.

    Points alone, in a group of the usual kinds, are those of an indicator not filled in.
    """
    if title:
        groups = (reader.words.meaning(key, title) for key in LEVELS)
        return title.endswith("指标") and any(groups)
    return bool(found.keys() - {"name", *SINGLE}) or not _in_known_group(reader, row)


def _in_known_group(reader: Reader, row: int) -> bool:
    """Whether a group's printed label covers a row: without a name it may be anything else."""
    cells = [(key, cell) for key in LEVELS for cell in reader.cells(key, row)]
    return bool(cells) and all(reader.words.meaning(key, cell.text) for key, cell in cells)


def _is_execution(reader: Reader, levels: dict[str, GridCell], title: str | None) -> bool:
    """Whether a row gives points for the execution rate, which is no indicator.

    Its group is called so, or a row of no group; an indicator of that name in a group of the
    usual kinds is one.
    """
    texts = [cell.text for cell in levels.values()] or [title or ""]
    return any(reader.words.meaning("execution", text) for text in texts)


def _cells(
    reader: Reader, levels: dict[str, GridCell], found: dict[str, GridCell]
) -> dict[str, Cell]:
    """The cells of an indicator by column; a column that the table lacks is absent."""
    area, heading, words = reader.area, reader.heading, reader.words
    beside = max(found.values(), key=lambda cell: cell.row)
    cells: dict[str, Cell] = {}
    for key in LEVELS:
        if column := heading.column(key):
            group = levels.get(key)
            if group and text_of(group.text):
                sure = group.bottom >= beside.row or _goes_on(reader, key, beside.row)
                note = "" if sure else NOTE_BREAK
                cells[key] = make(area, [group], reading=_usual(words, key, group), note=note)
            else:
                cells[key] = blank(area, beside, column.first, NOTE_GROUP)
    for key in VALUES:
        if column := heading.column(key):
            cells[key] = _value(reader, key, found) or blank(area, beside, column.first)
    return cells


def _value(reader: Reader, key: str, found: dict[str, GridCell]) -> Cell | None:
    """The cell of a column that every row fills for itself, None where it does not."""
    if key == "target":
        return _target(reader, found)
    own = found.get(key)
    if own is None:
        return None
    unit = found.get("target_unit")
    if key == "actual" and unit and text_of(unit.text) and BARE.fullmatch(fold(own.text)):
        # The row prints its unit once, for the target and for what was reached.
        return make(reader.area, [own], reading=f"{text_of(own.text)}{text_of(unit.text)}")
    return make(reader.area, [own], reading=_reading(key, own.text))


def _usual(words: Vocabulary, key: str, cell: GridCell) -> str:
    """The usual word for a group's label where the form prints another; empty if it does not."""
    usual = words.meaning(key, cell.text)
    return "" if usual == text_of(cell.text) else usual


def _bare(name: str) -> str:
    """A name without the numbering in front of it: 指标1：."""
    found = NUMBERED.match(name)
    return name[found.end() :] if found else name


def _reading(key: str, text: str) -> str:
    """A name without its numbering; points in percent as points of 100."""
    printed = text_of(text) or ""
    if key == "name":
        return _bare(printed) if _bare(printed) != printed else ""
    if key in SINGLE and printed.endswith(("%", "％")) and values.percent(printed) is not None:
        return printed[:-1]
    return ""


def _target(reader: Reader, found: dict[str, GridCell]) -> Cell | None:
    """The target; sign, value and unit that stand in three cells are read as one text.

    Nothing is added to it: its address names the cells in the order they are read.
    """
    sign, value, unit = (found.get(key) for key in ("operator", "target", "target_unit"))
    if sign and not OPERATORS.fullmatch(fold(sign.text)):
        if not reader.words.meaning("qualities", sign.text) and text_of(sign.text) is not None:
            reader.account.refuse("neither a sign nor a kind of target", sign)
        sign = None
    if value is None or text_of(value.text) is None:
        return None
    if sign and OPERATORS.match(fold(value.text)):
        sign = None
    if unit and (text_of(unit.text) is None or _has_unit(value.text, unit.text)):
        unit = None
    return make(reader.area, [cell for cell in (sign, value, unit) if cell])


def _has_unit(value: str, unit: str) -> bool:
    """Whether a value prints its unit itself, or is a word that takes none."""
    return values.number(OPERATORS.sub("", fold(value))) is None or fold(value).endswith(fold(unit))


def _total(reader: Reader, row: int, label: GridCell) -> dict[str, Cell]:
    """The total row: the totals stand below the labels of weight and score."""
    reader.account.take(label)
    cells = {}
    for key, column in (("weight", "total_weight"), ("score", "total_score")):
        place = reader.heading.column(key)
        found = [cell for cell in reader.cells(key, row) if cell != label]
        if place is None:
            continue
        other = [c for c in found if c.column < place.first or c.right > place.last]
        if other or len(found) > 1:
            if found[0] not in reader.account.taken:
                reader.account.tell("the total row has other columns than the table", found[0])
            continue
        reader.account.take(*found)
        cells[column] = (
            make(reader.area, found[:1], reading=_reading(key, found[0].text))
            if found
            else blank(reader.area, label, place.first)
        )
    return cells
