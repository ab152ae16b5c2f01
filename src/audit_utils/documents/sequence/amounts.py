"""Pieces -> the part with the money: below the heads of columns, or beside labels.

The label of a source is followed by one cell for each column of the head.  A declaration
prints an amount beside each label, the project's and the year's side by side or in turn.
"""

from collections.abc import Sequence

from audit_utils import values
from audit_utils.documents.sequence.pieces import (
    BROKEN_ROW,
    LABEL,
    NO_NUMBER,
    VALUE,
    MisfitError,
    Piece,
    Walk,
    check_value,
    is_number,
    known,
)
from audit_utils.forms.grid.money import AMOUNTS
from audit_utils.forms.labels import label

COLUMNS, SOURCES, REQUEST = "fund_columns", "sources", "request"
TOTALS = frozenset({"total", "project_total"})
_SEVERAL = 2
PROJECT = "project_"
"""How the meaning of a source of the whole project begins."""
Row = tuple[Piece | None, list[Piece]]
"""The label of a source, and the cells behind it."""
COUNT = "the row has {count} cells where {due} are due"
TWICE = "two cells could be {column} of total"
AGAIN = "money stands in two parts of the form"
TWO_SIDES = "which of two totals this source belongs to is not known"


def read_money(walk: Walk) -> bool:
    """Read the part with the money and lay it, if it begins here."""
    ahead = _behind_side(walk)
    columns = walk.means(COLUMNS, ahead) and walk.means(COLUMNS, ahead + 1)
    declared = walk.kind == "target_declaration"
    if not (walk.means(REQUEST, ahead) if declared else columns):
        return False
    if walk.money:
        raise MisfitError(AGAIN, walk.take())
    walk.money = True
    (_pairs if declared else _columns)(walk)
    return True


def _behind_side(walk: Walk) -> int:
    """How far ahead the first label stands behind the part's own word and an empty corner."""
    ahead = 1 if walk.means("sides") and not walk.means(COLUMNS) else 0
    return ahead + 1 if ahead and walk.is_empty(ahead) else ahead


def _side(walk: Walk) -> Piece | None:
    """The part's own word, taken together with the empty corner behind it."""
    ahead = _behind_side(walk)
    taken = [walk.take() for _ in range(ahead)]
    return taken[0] if taken else None


# --- below heads -------------------------------------------------------------------------


def _columns(walk: Walk) -> None:
    side = _side(walk)
    heads: list[Piece] = []
    while walk.means(COLUMNS):
        heads.append(walk.take())
    corner = heads.pop(0) if walk.words.meaning(COLUMNS, heads[0].text) == "aside" else None
    keys = [walk.words.meaning(COLUMNS, head.text) for head in heads]
    for place, (key, head) in enumerate(zip(keys, heads, strict=True)):
        if key != "aside" and key in keys[:place]:
            raise MisfitError(TWICE.format(column=key), head)
        if head.first and (side or corner or place):
            raise MisfitError(BROKEN_ROW, head)
    rows = _rows(walk, heads, keys)
    walk.begin_block()
    for piece, column in ((side, 1), (corner, 2)):
        if piece:
            walk.put(piece, column, rows=1 if piece is corner else len(rows) + 1)
    _lay(walk, [(None, heads)])
    _lay(walk, rows)


def _lay(walk: Walk, rows: Sequence[Row]) -> None:
    """Lay rows one below the other; what only the first one has goes down through all."""
    short = min(len(cells) for _, cells in rows)
    for source, cells in rows:
        if source:
            walk.put(source, 2)
        for place, piece in enumerate(cells):
            walk.put(piece, 3 + place, rows=len(rows) if place >= short else 1)
        walk.row += 1


def _rows(walk: Walk, heads: Sequence[Piece], keys: Sequence[str]) -> list[Row]:
    """The rows of the sources with their cells; one without any label is the total's."""
    rows: list[Row] = []
    while walk.means(SOURCES):
        source = walk.take()
        if source.first is False:
            raise MisfitError(BROKEN_ROW, source)
        rows.append((source, _cells(walk, source)))
    if not rows and (piece := walk.peek()):
        rows.append((None, _cells(walk, piece)))
    _check_counts(rows, keys, walk)
    for _, cells in rows:
        for key, head, piece in zip(keys, heads, cells, strict=False):
            if not _fits(key, head, piece):
                raise MisfitError(NO_NUMBER.format(column=key), piece)
    return rows


def _fits(key: str, head: Piece, piece: Piece) -> bool:
    """Whether a piece can stand in a column."""
    if key == "aside":
        return True
    if key == "execution_rate":
        bare = label(head.text).unit == "%" or values.points(piece.text) == 0
        return is_number("points" if bare else "percent", piece.text)
    return is_number("amount" if key in AMOUNTS else "points", piece.text)


def _cells(walk: Walk, source: Piece) -> list[Piece]:
    """The cells behind a source, up to the next label."""
    found: list[Piece] = []
    while (piece := walk.peek()) and not known(walk.words, piece.text) and not piece.spare:
        if piece.first and piece is not source:
            break
        check_value(walk.words, piece)
        found.append(walk.take())
    while (piece := walk.peek()) and piece.spare:
        walk.at += 1
    if not found:
        raise MisfitError(LABEL, source)
    return found


def _check_counts(rows: Sequence[Row], keys: Sequence[str], walk: Walk) -> None:
    """Every row has a cell for each column.

    All but the first may lack the last ones, if these cells of the first row go down through
    all of them: one row that is shorter may as well have lost a cell.
    """
    counts = [len(cells) for _, cells in rows]
    due = {len(keys)}
    several = len(counts) > _SEVERAL or walk.pieces[0].first is not None
    if several and len(set(counts[1:])) == 1 and not AMOUNTS & set(keys[counts[1] :]):
        due.add(counts[1])
    for number, (source, cells) in enumerate(rows):
        if len(cells) not in (due if number else {len(keys)}):
            message = COUNT.format(count=len(cells), due=len(keys))
            raise MisfitError(message, source or cells[0])


# --- beside labels -----------------------------------------------------------------------


def _pairs(walk: Walk) -> None:
    side = _side(walk)
    walk.begin_block()
    if side:
        walk.put(side, 1)
    ahead = (walk.peek(place) for place in (0, 2))
    first, second = (walk.words.meanings(REQUEST, p.text) if p else () for p in ahead)
    if TOTALS & set(first) and TOTALS & set(second):
        _two_sides(walk, first, second, beside=side is not None)
        return
    while walk.means(REQUEST):
        walk.put(walk.take(), 2)
        walk.put(_amount(walk), 3)
        walk.row += 1


def _amount(walk: Walk) -> Piece:
    piece = walk.value()
    if not is_number("amount", piece.text):
        raise MisfitError(VALUE, piece)
    return piece


def _two_sides(walk: Walk, left: Sequence[str], right: Sequence[str], *, beside: bool) -> None:
    """The project's money at one side, the year's at the other: rows of two labels."""
    sides = [any(key.startswith(PROJECT) for key in totals) for totals in (left, right)]
    if sides[0] == sides[1]:
        raise MisfitError(TWO_SIDES, walk.take())
    while walk.means(REQUEST) or (walk.is_empty() and walk.is_empty(1) and walk.means(REQUEST, 2)):
        start = walk.at
        kinds = []
        for place, of_project in enumerate(sides):
            source = walk.take()
            if source.first not in (None, place == 0 and not beside):
                raise MisfitError(BROKEN_ROW, source)
            beside = False
            meanings = walk.words.meanings(REQUEST, source.text)
            own = [key for key in meanings if key.startswith(PROJECT) == of_project]
            if not own and not source.empty:
                raise MisfitError(TWO_SIDES if meanings else VALUE, source)
            amount = _amount(walk)
            if source.empty and not amount.empty:
                raise MisfitError(VALUE, amount)
            walk.put(source, 2 + 2 * place)
            walk.put(amount, 3 + 2 * place)
            kinds += [_family(key) for key in own]
        if len(set(kinds)) > 1:
            raise MisfitError(TWO_SIDES, walk.pieces[start])
        walk.row += 1


def _family(key: str) -> str:
    """What a source is, of the project or of the year."""
    return key.removeprefix(PROJECT).removeprefix("current_year_")
