"""The rows of indicators below their head, and the total row that ends them.

A cell belongs to the column under whose label it stands.  A level is the merged cell that
covers the row; an empty box below a label goes on with it.
"""

import re
from dataclasses import dataclass, field, replace

from audit_utils import values
from audit_utils.forms.grid.area import blank, make, text_of
from audit_utils.forms.grid.body import NUMBER, SINGLE, Reader
from audit_utils.forms.grid.course import LEVELS
from audit_utils.forms.grid.totals import read_total
from audit_utils.forms.labels import fold
from audit_utils.forms.marks import BARE, BRACKETED_POINTS, OPERATORS
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import Cell

UNKNOWN_LEVEL = "a level 1 that is not known: rules about the usual ones do not count it"
NOTE_GROUP = "no group label is printed"
SUBTOTAL = "a subtotal among the indicators: it is no indicator"
SHIFTED = "a row of indicators with cells that may be shifted"
TWICE = "several rows give points for the execution rate"
SWAPPED = "labels of level 1 and level 2 stand in each other's columns"
NOTE_BREAK = "behind a page break the group's box is empty: the label above it is taken"
NAME, REASON = "name", "deviation_reason"
VALUES = (NAME, "target", "actual", *SINGLE, REASON)
OWN = (*VALUES, "operator", "target_unit", "actual_unit")
NUMBERED = re.compile(r"(?:指标|目标)\s*[0-9０-９]{1,2}\s*[:：.、]\s*")


@dataclass(slots=True)
class Rows:
    """What the table of indicators holds, and the row where its part of the form ends."""

    indicators: list[dict[str, Cell]] = field(default_factory=list)
    total: dict[str, Cell] = field(default_factory=dict)
    execution: dict[str, Cell] = field(default_factory=dict)
    bottom: int = 0
    notes: frozenset[int] = frozenset()
    """Rows between the others that are no indicators."""
    ended: bool = False
    """Whether a total row ends the table."""


def read_rows(reader: Reader) -> Rows:
    """All rows below the head, down to the total row or to what follows the table."""
    area, found = reader.area, reader.course
    rows = Rows(bottom=found.bottom, notes=found.notes)
    levels: dict[str, GridCell] = {}
    for row in range(reader.heading.bottom + 1, found.bottom + 1):
        cells = [c for c in area.starting.get(row, ()) if c.column >= reader.heading.left]
        if row == found.total:
            rows.total = read_total(reader, row)
            rows.ended = True
        elif row in found.subtotals:
            reader.account.tell(SUBTOTAL, area.starting[row][0])
            reader.account.take(*area.starting[row])
        elif row not in found.notes:
            _level(reader, row, levels)
            if any(_own(reader, cell) for cell in cells):
                _row(reader, row, levels, rows)
    return rows


def _own(reader: Reader, cell: GridCell) -> bool:
    """Whether a cell stands below the label of a column that every row fills for itself."""
    columns = (column for key in OWN if (column := reader.heading.column(key)))
    return any(column.first <= cell.column <= column.last for column in columns)


def _level(reader: Reader, row: int, levels: dict[str, GridCell]) -> None:
    """Keep the labels of the levels that hold for a row; a new level 1 ends the level 2 above.

    The points of a group may stand in a cell of their own below its label.  An empty box goes
    on with the label above it, unless the column merges its cells: then
    it is a group of its own, without a label.  A box that begins inside of a cell that its
    group must hold whole begins no group, nor, as far as can be told, one behind a page
    break that the group above it crosses.
    """
    for key in LEVELS:
        cell = reader.cell(key, row)
        if cell and key in levels and BRACKETED_POINTS.fullmatch(fold(cell.text)):
            reader.account.take(cell)
            levels[key] = replace(levels[key], rows=cell.bottom - levels[key].row + 1)
        elif cell and levels.get(key) != cell:
            levels[key] = cell
            reader.account.take(cell)
            if key == "level1":
                levels.pop("level2", None)
                _check_known(reader, cell)
        elif key in levels and not (
            cell or _goes_on(reader, key, row) or _behind_break(reader, key, row, levels[key])
        ):
            levels.pop(key)


def _check_known(reader: Reader, cell: GridCell) -> None:
    """Tell a level 1 that no label names: rules that look for the usual ones do not know it."""
    parts = ("level1", "level2", "further_levels", "execution", "qualities")
    if text_of(cell.text) and not any(reader.words.meaning(part, cell.text) for part in parts):
        reader.account.tell(UNKNOWN_LEVEL, cell)


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
    found = _in_one(reader, row)
    found |= {key: cell for key in OWN if key not in found and (cell := reader.cell(key, row))}
    reader.account.take(*found.values())
    title = text_of(found["name"].text) if "name" in found else None
    if _is_execution(reader, levels, title):
        if rows.execution:
            reader.account.refuse(TWICE, found.get(NAME) or next(iter(found.values())))
        rows.execution |= {key: make(reader.area, [found[key]]) for key in SINGLE if key in found}
        return
    title = None if title is None or NUMBER.fullmatch(title) else text_of(_bare(title))
    if title is None and all(
        text_of(cell.text) is None for key, cell in found.items() if key != "name"
    ):
        return
    if _is_nameless(reader, row, title, found):
        first = reader.area.starting.get(row) or tuple(found.values())
        reader.account.refuse("a row of indicators without a name", first[0])
    elif _is_shifted(reader, found):
        reader.account.refuse(SHIFTED, found["name"])
    if _is_swapped(reader, levels):
        reader.account.refuse(SWAPPED, levels["level1"])
    for key in SINGLE:
        if key in found and found[key].row < row:
            reader.account.refuse(f"one cell is the {key} of several rows", found[key])
    rows.indicators.append(_cells(reader, levels, found))


def _in_one(reader: Reader, row: int) -> dict[str, GridCell]:
    """Sign, value and unit of a target that stand in cells of their own below one label."""
    cells = reader.cells("target", row)
    if len(cells) < 2 or any(reader.heading.column(key) for key in ("operator", "target_unit")):
        return {}
    signed = bool(OPERATORS.fullmatch(fold(cells[0].text)))
    parts = dict(zip(("operator", "target", "target_unit")[not signed :], cells, strict=False))
    value, unit = parts.get("target"), parts.get("target_unit")
    whole = value is not None and len(parts) == len(cells)
    if not whole or not value or values.number(value.text) is None:
        return {}
    return {} if unit and values.number(unit.text) is not None else parts


def _is_nameless(reader: Reader, row: int, title: str | None, found: dict[str, GridCell]) -> bool:
    """Whether a row has no name, or a group's label in its place: its cells may be shifted.

    Points alone, in a group of the usual kinds, are those of an indicator not filled in.
    """
    if title:
        groups = (reader.words.meaning(key, title) for key in LEVELS)
        return title.endswith("指标") and any(groups)
    return bool(found.keys() - {"name", *SINGLE}) or not _in_known_group(reader, row)


def _is_shifted(reader: Reader, found: dict[str, GridCell]) -> bool:
    """Whether cells of a row may be one column off: a target in the name's place, a number in
    that of a unit, or in that of the reason while another cell is empty or is no number of points.
    """
    texts = {key: fold(cell.text) for key, cell in found.items()}
    bare = {key: OPERATORS.sub("", text) for key, text in texts.items()}
    if bare.get(NAME) != texts.get(NAME) and values.number(bare.get(NAME)) is not None:
        return True
    if any(values.number(bare.get(key)) is not None for key in ("target_unit", "actual_unit")):
        return True
    due = [key for key in ("target", "actual", *SINGLE) if reader.heading.column(key)]
    missing = any(key not in found for key in due)
    wrong = any(key in found and values.points(texts[key]) is None for key in SINGLE)
    return bool(BARE.fullmatch(texts.get(REASON, ""))) and (missing or wrong)


def _is_swapped(reader: Reader, levels: dict[str, GridCell]) -> bool:
    """Whether each of the two levels holds a label of the other one alone."""

    def of(text: str) -> set[str]:
        return {key for key in LEVELS if reader.words.meaning(key, text)}

    return all(
        key in levels and of(levels[key].text) == {other}
        for key, other in zip(LEVELS, reversed(LEVELS), strict=True)
    )


def _in_known_group(reader: Reader, row: int) -> bool:
    """Whether a group's printed label covers a row: without a name it may be anything else."""
    cells = [(key, cell) for key in LEVELS for cell in reader.cells(key, row)]
    return bool(cells) and all(reader.words.meaning(key, cell.text) for key, cell in cells)


def _is_execution(reader: Reader, levels: dict[str, GridCell], title: str | None) -> bool:
    """Whether a row gives points for the execution rate, which is no indicator.

    Its group is called so, or a row of no group; an indicator of that name in a group of the
    usual kinds is one.
    """
    if _in_usual_group(reader, levels):
        return False
    texts = [cell.text for cell in levels.values()] or [title or ""]
    return any(reader.words.meaning("execution", text) for text in texts)


def _in_usual_group(reader: Reader, levels: dict[str, GridCell]) -> bool:
    group = levels.get("level2")
    return bool(group and reader.words.meaning("level2", group.text))


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
            if group and key == "level1" and _in_usual_group(reader, levels):
                # The rate's own group ends where a group of the usual kinds begins.
                group = None if words.meaning("execution", group.text) else group
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
    if key == "actual":
        return _actual(reader, own, found)
    reading = reader.points(key, own) if key in SINGLE else _reading(key, own.text)
    return make(reader.area, [own], reading=reading)


def _actual(reader: Reader, own: GridCell, found: dict[str, GridCell]) -> Cell:
    """What was reached, with the unit of its own column, else with that of the row's target."""
    own_unit, unit = found.get("actual_unit"), found.get("target_unit")
    if own_unit and text_of(own_unit.text) and not _has_unit(own.text, own_unit.text):
        return make(reader.area, [own, own_unit])
    if unit and text_of(unit.text) and not own_unit and BARE.fullmatch(fold(own.text)):
        # The row prints its unit once, for the target and for what was reached.
        return make(reader.area, [own], reading=f"{text_of(own.text)}{text_of(unit.text)}")
    return make(reader.area, [own])


def _usual(words: Vocabulary, key: str, cell: GridCell) -> str:
    """The usual word for a group's label where the form prints another; empty if it does not."""
    usual = words.meaning(key, cell.text)
    return "" if usual == text_of(cell.text) else usual


def _bare(name: str) -> str:
    """A name without the numbering in front of it: 指标1：."""
    found = NUMBERED.match(name)
    return name[found.end() :] if found else name


def _reading(key: str, text: str) -> str:
    """A name without its numbering."""
    printed = text_of(text) or ""
    return _bare(printed) if key == NAME and _bare(printed) != printed else ""


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
