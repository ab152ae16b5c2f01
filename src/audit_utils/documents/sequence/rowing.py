"""Pieces -> the table of indicators: a row begins with a group's label or with its name.

The head fixes the columns.  A row that begins with a label of level 1 fills all of them, one
that begins with a label of level 2 all but the first, any other begins with the name.  A
group ends where a label stands, so a cell too many or too few shows there at the latest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audit_utils import values
from audit_utils.documents.sequence.pieces import (
    BROKEN_ROW,
    ENDS,
    LABEL,
    MOST,
    NO_NUMBER,
    TOO_MANY,
    VALUE,
    MisfitError,
    Piece,
    Walk,
    check_cell,
    check_value,
    is_number,
    known,
)
from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.records import FormKind

PART = "indicator_columns"
NUMBERS = ("weight", "score")
EVALUATED = frozenset({"actual", "score"})
MOST_COLUMNS = 40
UNIT = 4
"""Characters of the longest unit that a name cannot begin with."""
OFTEN = frozenset({"aside", "period"})
LEVELS = ("level1", "level2")
NO_TOTAL = "no total row: where the indicators end is not known"
NO_END = "where the indicators end is not known"
OTHER_GROUP = "this label stands below another group than usual: a label may be missing"
NO_NAME = "a row of indicators without a name"
MIXED = "points in percent stand among others"
NO_GROUP = "a row of indicators without the label of its group"
STRANGE = "the first columns of the indicators are not those of levels and name"
TOTAL_LOST = "the total is empty, its column is not"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of indicators: how many columns the cells of its groups cover, and its own cells."""

    covered: int
    cells: Sequence[Piece]


@dataclass
class Block:
    """What the table of indicators is made of."""

    side: Piece | None
    heads: list[Piece] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    total: list[Piece] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many columns of groups stand in front of the name; 0 if they cannot be merged."""
        place = self.keys.index("name")
        return place if tuple(self.keys[:place]) in (LEVELS, LEVELS[:1], LEVELS[1:]) else 0

    @property
    def points(self) -> int:
        """The first column of points: the label of the total row covers those before it."""
        return min(self.keys.index(key) for key in NUMBERS if key in self.keys)


def head_at(pieces: Sequence[Piece], words: Vocabulary) -> int | None:
    """Where the head of the indicators begins: at the first label of a level or of the name."""
    first = {*LEVELS, "name"}
    for place, piece in enumerate(pieces):
        if words.meaning(PART, piece.text) in first:
            keys = heads_of(pieces[place : place + MOST_COLUMNS], words)
            if len(first.intersection(keys)) > 1:
                return place
    return None


def heads_of(pieces: Sequence[Piece], words: Vocabulary) -> list[str]:
    """What the columns mean whose labels stand at the front of the pieces."""
    keys: list[str] = []
    for piece in pieces:
        if not (key := words.meaning(PART, piece.text)):
            break
        keys.append(key)
    return keys


def kind_of(keys: Sequence[str]) -> FormKind:
    """A form with actual values or scores evaluates."""
    return "self_evaluation" if EVALUATED & set(keys) else "target_declaration"


def read_block(walk: Walk, side: Piece | None) -> None:
    """Read the indicators from their head to their end, and lay them."""
    behind = walk.pieces[walk.at : walk.at + MOST_COLUMNS]
    block = Block(side, keys=heads_of(behind, walk.words))
    block.heads = [walk.take() for _ in block.keys]
    _check_heads(block)
    while not _ends(walk, block):
        block.rows.append(_row(walk, block))
        if len(block.rows) > MOST:
            raise MisfitError(TOO_MANY, block.rows[-1].cells[0])
    if not block.rows:
        raise MisfitError(ENDS, block.heads[-1])
    _check_percent(block)
    _check_end(walk, block)
    _lay(walk, block)


def _check_heads(block: Block) -> None:
    for place, (key, piece) in enumerate(zip(block.keys, block.heads, strict=True)):
        if key in block.keys[:place] and key not in OFTEN:
            raise MisfitError(f"several columns of indicators mean {key}", piece)
        if place and piece.first:
            raise MisfitError(BROKEN_ROW, piece)
    for key in ("name", "target"):
        if key not in block.keys:
            raise MisfitError(f"no column of {key}", block.heads[0])
    if not block.depth and block.keys[0] != "level1":
        raise MisfitError(STRANGE, block.heads[0])


# --- rows --------------------------------------------------------------------------------


def _ends(walk: Walk, block: Block) -> bool:
    """Whether the table has ended: at its total row, at a label that is no group's, at the end."""
    while (piece := walk.peek()) and piece.spare:
        walk.at += 1
    if walk.means("total"):
        _total(walk, block)
        return True
    if piece is None or not piece.closed:
        return True
    group = any(walk.means(level) for level in LEVELS) or walk.means("execution")
    return not group and (known(walk.words, piece.text) or is_remark(walk, piece))


def is_remark(walk: Walk, piece: Piece) -> bool:
    """Whether a piece is a note, or a label that is set aside with its value."""
    text = fold(piece.text)
    before, colon, _ = text.partition(":")
    return bool(walk.words.remark(text) or (colon and walk.words.meaning("aside", before)))


def _row(walk: Walk, block: Block) -> Row:
    covered = _covered(walk, block)
    first = walk.at
    cells: list[Piece] = []
    for key in block.keys[covered:]:
        piece = walk.take()
        if len(cells) and piece.first:
            raise MisfitError(BROKEN_ROW, piece)
        _check(walk, key, piece)
        cells.append(piece)
    if walk.pieces[first].first is False or _goes_on(walk):
        raise MisfitError(BROKEN_ROW, walk.pieces[first])
    _check_name(walk, cells, block.keys.index("name") - covered)
    return Row(covered, cells)


def _goes_on(walk: Walk) -> bool:
    """Whether the row that the text shows goes on behind the cells that are due."""
    piece = walk.peek()
    return piece is not None and piece.first is False and not piece.spare


def _covered(walk: Walk, block: Block) -> int:
    """How many columns the cells of the groups above cover, told by what the row begins with."""
    piece = walk.peek()
    assert piece
    depth, keys = block.depth, block.keys
    if walk.means("execution") and walk.means("execution", 1):
        return 0
    if keys[0] == "level1" and walk.means("level1") and (depth == 1 or walk.means("level2", 1)):
        _check_twice(walk)
        return 0
    if not depth:
        raise MisfitError(NO_GROUP, piece)
    if "level2" in keys and walk.means("level2"):
        if keys[0] == "level1":
            _check_group(walk, block)
        return keys.index("level2")
    if not block.rows or walk.means("execution"):  # a group of its own, or a name
        raise MisfitError(NO_GROUP, piece)
    return depth


def _check_twice(walk: Walk) -> None:
    """One label twice is a group in its usual group, or a label that was doubled."""
    first, second = walk.peek(), walk.peek(1)
    if first is None or second is None or fold(first.text) != fold(second.text):
        return
    if walk.words.groups.get(walk.means("level2", 1)) != walk.means("level1"):
        raise MisfitError(OTHER_GROUP, second)


def _check_group(walk: Walk, block: Block) -> None:
    """A label of level 2 alone goes on with the group above it: that must be its usual one."""
    above = next((row.cells[0] for row in reversed(block.rows) if not row.covered), None)
    own = walk.words.meaning("level1", above.text) if above else ""
    if not own or walk.words.groups.get(walk.means("level2")) != own:
        piece = walk.peek()
        assert piece
        raise MisfitError(OTHER_GROUP, piece)


def _check(walk: Walk, key: str, piece: Piece) -> None:
    """Whether a piece can stand in a column."""
    words = walk.words
    if key in LEVELS:
        if not (words.meaning(key, piece.text) or words.meaning("execution", piece.text)):
            raise MisfitError(LABEL if known(words, piece.text) else VALUE, piece)
        return
    if key == "period" and words.meaning("level2", piece.text):
        return
    if key == "name" and words.meaning("execution", piece.text):
        return
    if key == "deviation_reason":
        check_value(words, piece)
    else:
        check_cell(words, piece)
    if key in NUMBERS and not is_points(piece.text):
        raise MisfitError(NO_NUMBER.format(column=key), piece)
    if key == "deviation_reason" and is_points(piece.text) and not values.empty(piece.text):
        raise MisfitError(VALUE, piece)


def is_points(text: str) -> bool:
    """Whether a text can stand in a column of points."""
    return is_number("points", text) or is_number("percent", text)


def _check_percent(block: Block) -> None:
    """A column of points has a percent sign in all of its cells, or in none."""
    for key in NUMBERS:
        if key in block.keys:
            cells = [cell for row in block.rows for cell in _below(block, row, key)]
            filled = [cell for cell in cells if not values.empty(cell.text)]
            percent = [cell for cell in filled if values.percent(cell.text) is not None]
            if percent and len(percent) < len(filled):
                raise MisfitError(MIXED, percent[0])


def _check_name(walk: Walk, cells: Sequence[Piece], place: int) -> None:
    """A row has a name, which is no quantity, or is not filled in at all."""
    name = cells[place]
    if walk.words.meaning("execution", cells[0].text):
        return
    if values.empty(name.text):
        if not all(values.empty(cell.text) for cell in cells[place + 1 :]):
            raise MisfitError(NO_NAME, name)
    elif _is_quantity(name.text):
        raise MisfitError(NO_NAME, name)


def _is_quantity(text: str) -> bool:
    """Whether a text is a target and no name; a name may begin with a number: 7岁以下儿童管理率."""
    found = values.quantity(text)
    unit = found.unit or ""
    return found.kind in ("quantity", "range") and bool(found.operator or len(unit) <= UNIT)


# --- the end -----------------------------------------------------------------------------


def _total(walk: Walk, block: Block) -> None:
    """The total row: below the columns of points stand numbers, below others nothing.

    Where a text ends, empty paragraphs behind the last number may have been left out.
    """
    label = walk.take()
    if not set(NUMBERS) & set(block.keys) or label.first is False:
        raise MisfitError(NO_TOTAL, label)
    block.total = [label]
    for place, key in enumerate(block.keys[block.points :], block.points):
        if walk.loose and walk.peek() is None and not set(NUMBERS) & set(block.keys[place:]):
            break
        piece = walk.value()
        good = is_points(piece.text) if key in NUMBERS else values.empty(piece.text)
        if not good:
            raise MisfitError(NO_NUMBER.format(column=key) if key in NUMBERS else VALUE, piece)
        column = [cell for row in block.rows for cell in _below(block, row, key)]
        if key in NUMBERS and values.empty(piece.text) and any(map(_filled, column)):
            raise MisfitError(TOTAL_LOST, piece)
        block.total.append(piece)
    if _goes_on(walk):
        raise MisfitError(BROKEN_ROW, label)


def _below(block: Block, row: Row, key: str) -> Sequence[Piece]:
    place = block.keys.index(key) - row.covered
    return row.cells[place : place + 1]


def _filled(piece: Piece) -> bool:
    return not values.empty(piece.text)


def _check_end(walk: Walk, block: Block) -> None:
    """Whether what follows can be no row of the table."""
    piece = walk.peek()
    if walk.kind == "self_evaluation":
        if not block.total:
            raise MisfitError(NO_TOTAL, piece or walk.pieces[-1])
        if piece and not piece.empty and is_points(piece.text):
            raise MisfitError(NO_END, piece)
        return
    if block.total:
        raise MisfitError(NO_END, block.total[0])
    if block.rows[-1].cells[0].first is not None or (piece is None and not walk.loose):
        return
    # The text does not say where rows end: what follows the table could look like two more cells.
    for row in reversed(block.rows):
        if row.covered < block.depth or not block.depth:
            return
        (target,) = _below(block, row, "target")
        found = values.quantity(target.text)
        if found.kind not in ("quantity", "range") or not (found.operator or found.unit == "%"):
            raise MisfitError(NO_END, row.cells[0])


# --- laying ------------------------------------------------------------------------------


def _lay(walk: Walk, block: Block) -> None:
    """Lay the table: the form's own word at its side, groups over all of their rows."""
    walk.begin_block()
    if block.side:
        walk.put(block.side, 1, rows=len(block.rows) + 1)
    for place, piece in enumerate(block.heads):
        walk.put(piece, 2 + place)
    for number, row in enumerate(block.rows):
        walk.row += 1
        for place, piece in enumerate(row.cells, row.covered):
            walk.put(piece, 2 + place, rows=_height(block, number, place))
    if block.total:
        walk.row += 1
        label, *rest = block.total
        walk.put(label, 2, columns=block.points)
        for place, piece in enumerate(rest, block.points):
            walk.put(piece, 2 + place)


def _height(block: Block, number: int, column: int) -> int:
    """How many rows a cell covers: a group's goes down to the next cell of its column."""
    if column >= block.depth:
        return 1
    below = block.rows[number + 1 :]
    return 1 + next((n for n, row in enumerate(below) if row.covered <= column), len(below))
