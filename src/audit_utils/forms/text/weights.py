"""How odd it would be that some fragments are a cell of a column.

Three things speak: the column's width (a cell goes on only after a full line), what a
value looks like, and the texts of other rows.  Weights are small numbers: about 2 for
what would be unusual, 5 and more for what hardly happens, negative for what is likely.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from audit_utils.forms.text.fragments import Fragment, em
from audit_utils.forms.text.wrapping import UNKNOWN, Width

VALUE = re.compile(
    r"^(?:[<>=≤≥＜＞＝]|(?:不低于|不少于|不超过|不高于|不多于|至少|超过|高于|低于|少于)\d)"
    r"|^\d[\d,.]*(?:[%％‰]|\D{1,4})?$"
    r"|^\d[\d.]*[%％]?[-~～—至]\d[\d.]*[%％]?\D{0,3}$"
    r"|^\d{4}[年.]"
    r"|^\d[\d.,]*\D{0,3}(?:以上|以下|以内|[/／].{1,3})$"
)
SCRIPTS_MEET = re.compile(r"[\u4e00-\u9fff][0-9A-Za-z]|[0-9A-Za-z%][\u4e00-\u9fff]")
OPERATOR = re.compile(r"^[<>=≤≥＜＞＝]")
CONTINUES = "，。、；：）)】》”’%％,;"
OPENING, CLOSING = "（([【《“", "）)]】》”"
BRACKETS = frozenset(OPENING + CLOSING)
ONE_CHARACTER = frozenset("优良中差好高低无有是否")
"""Words of one character that are whole values, not the last line of one."""
NOTHING = frozenset(("无", "/"))
TWO_CELLS = 60.0
"""How odd it would be that two fragments on one line are one cell."""
BLANK_USUAL, BLANK_UNKNOWN = 0.5, 8.0
"""The same where scripts meet: in a document that sets them apart, and in one that does not say."""

Pieces = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the document has taught about its columns; texts are those of two rows or more."""

    name: Width = UNKNOWN
    target: Width = UNKNOWN
    actual: Width = UNKNOWN
    reason: Width = UNKNOWN
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    blank: float = BLANK_UNKNOWN
    """How odd a blank between Chinese text and a digit or Latin letter is inside a cell."""


class Shape(NamedTuple):
    """Fragments as one cell: its text, its lines, and how odd it is in any column.

    `value` tells whether it looks like a value, `values_behind` whether a later line does.
    """

    text: str
    lines: Sequence[str]
    value: bool
    values_behind: int
    odd: float


def shape(cell: Pieces, blank: float) -> Shape | None:
    """The shape of some fragments; None for none."""
    if not cell:
        return None
    odd = same_line_weight(cell, blank)
    lines = cell_lines(cell)
    joined = text(cell)
    behind = sum(is_value(line) for line in lines[1:])
    odd += bracket_weight(joined) + (4 if joined[0] in CONTINUES else 0)
    return Shape(joined, lines, is_value(joined), behind, odd)


def text(pieces: Sequence[Fragment]) -> str:
    """The fragments' text, joined."""
    return "".join([piece.text for piece in pieces])


@lru_cache(maxsize=1 << 15)
def is_value(printed: str) -> bool:
    """Whether a text looks like a target or an actual value rather than a name or a word."""
    return bool(VALUE.match(printed))


def scripts_meet(left: Fragment, right: Fragment) -> bool:
    """Whether Chinese text and a digit or Latin letter stand side by side."""
    return bool(SCRIPTS_MEET.match(left.text[-1] + right.text[0]))


def same_line_weight(cell: Pieces, blank: float) -> float:
    """Two fragments on one line are two cells, unless scripts are set apart inside a cell."""
    weight = 0.0
    for left, right in pairwise(cell):
        if not right.first:
            weight += blank if scripts_meet(left, right) else TWO_CELLS
    return weight


def cell_lines(cell: Pieces) -> list[str]:
    """A cell's lines, fragments of one line joined."""
    lines: list[str] = []
    for piece in cell:
        if piece.first or not lines:
            lines.append(piece.text)
        else:
            lines[-1] += " " + piece.text
    return lines


def bracket_weight(joined: str) -> float:
    """A bracket that is closed only is not to be; one that is opened only may be cut off."""
    if BRACKETS.isdisjoint(joined):
        return 0.0
    depth = lowest = 0
    for char in joined:
        depth += (char in OPENING) - (char in CLOSING)
        lowest = min(lowest, depth)
    return -8.0 * lowest + 1.5 * max(0, depth - lowest)


def wrap_weight(cell: Shape, following: Fragment | None, width: Width, columns: Columns) -> float:
    """How odd it would be that these lines are one cell of a column and no more."""
    weight = cell.odd
    if weight >= TWO_CELLS:
        return weight
    if not width.known:
        room = columns.name.em or 10
        return weight + sum(1.5 + 6 * max(0.0, 1 - em(line) / room) for line in cell.lines[:-1])
    for line, after in pairwise(cell.lines):
        if not width.full(line, after):
            weight += 6
    for line in cell.lines:
        if width.exceeds(line):
            weight += 8
    if following and following.first and width.full(cell.lines[-1], following.text):
        weight += 1
    return weight


def name_weight(cell: Shape | None, following: Fragment | None, columns: Columns) -> float:
    """How odd a cell would be as an indicator's name."""
    if not cell:
        return 30
    weight = wrap_weight(cell, following, columns.name, columns)
    weight += 8 * cell.value + 5 * cell.values_behind + 8 * (len(cell.text) == 1)
    if cell.text in columns.words:
        weight += 3
    return weight - (2 if cell.text in columns.names else 0)


def target_weight(cell: Shape | None, following: Fragment | None, columns: Columns) -> float:
    """How odd a cell would be as a target."""
    return value_weight(cell, following, columns.target, columns) if cell else 12


def actual_weight(cell: Shape | None, following: Fragment | None, columns: Columns) -> float:
    """How odd a cell would be as an actual value: it carries no operator."""
    if not cell:
        return 10
    odd = 12 if OPERATOR.match(cell.text) else 0
    return value_weight(cell, following, columns.actual, columns) + odd


def value_weight(cell: Shape, following: Fragment | None, width: Width, columns: Columns) -> float:
    """How odd a cell would be as a value of either kind."""
    weight = wrap_weight(cell, following, width, columns)
    if cell.value:
        weight -= 2
    elif cell.values_behind:
        weight += 4
    if cell.text[0] in OPENING:
        weight += 6
    if len(cell.text) == 1 and not cell.text.isdigit() and cell.text not in ONE_CHARACTER:
        weight += 12
    if cell.text in columns.names:
        weight += 3
    return weight - (2 if cell.text in columns.words else 0)


def reason_weight(
    cell: Shape | None, following: Fragment | None, columns: Columns, due: bool
) -> float:
    """How odd a cell would be as a deviation reason (it may be missing)."""
    if not cell:
        return 4 if due else 0
    if cell.text in NOTHING:
        return 0
    weight = wrap_weight(cell, following, columns.reason, columns)
    if cell.text in columns.reasons:
        weight -= 2
    if cell.values_behind or is_value(cell.lines[0]):
        weight += 3
    return weight + (0 if due else 7)
