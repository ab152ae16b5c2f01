"""Pieces -> what stands around the indicators: labels with their values, objectives, notes."""

from collections.abc import Sequence

from audit_utils.documents.sequence.amounts import read_money
from audit_utils.documents.sequence.pieces import (
    VALUE,
    MisfitError,
    Piece,
    Walk,
    check_whole,
    head_label,
    known,
)
from audit_utils.documents.sequence.rowing import is_remark
from audit_utils.forms.grid.labelled import MONEY, YEAR
from audit_utils.forms.labels import fold

_PAIR = 2
_MOST = 8
"""Labels one behind the other: those of two objectives, and words at their side."""
OBJECTIVE = "which objective this text belongs to is not known"


def read_opening(walk: Walk, end: int) -> Piece | None:
    """Read all above the head of the indicators, and lay it.

    Returns the form's own word at the side of the indicators, if there is one.
    """
    side = None
    while walk.at < end:
        side = None
        if walk.is_empty():
            walk.at += 1
        elif _is_alone(walk):
            _lay_alone(walk)
        elif read_money(walk):
            pass
        elif _goal(walk) or walk.means("sides"):
            side = _goals(walk, end)
        else:
            _pair(walk)
    return side


def read_closing(walk: Walk) -> None:
    """Read the notes and signatures below the indicators, and lay them."""
    while (piece := walk.peek()) is not None:
        if piece.empty and piece.closed:
            walk.at += 1
        elif piece.closed and walk.means("aside"):
            _lay_note(walk)
        elif piece.closed and is_remark(walk, piece):
            walk.begin_block(at_left=True)
            walk.put(walk.take(), 1)
        else:
            return


def _lay_alone(walk: Walk) -> None:
    piece = walk.take()
    if not walk.words.title(piece.text):
        check_whole(walk.words, piece)
    walk.begin_block()
    walk.put(piece, 1)


def _lay_note(walk: Walk) -> None:
    walk.begin_block(at_left=True)
    walk.put(walk.take(), 1)
    piece = walk.peek()
    if piece is None or piece.empty or piece.first or not piece.closed:
        return
    if not known(walk.words, piece.text) and not is_remark(walk, piece):
        walk.put(walk.take(), 2)


def _is_alone(walk: Walk) -> bool:
    """Whether a piece says all by itself: label and value in one, a year, a unit of money."""
    piece = walk.peek()
    assert piece
    text = fold(piece.text)
    if head_label(walk.words, piece.text) and not walk.means("head"):
        return True
    before, colon, after = text.partition(":")
    signed = bool(colon and after and walk.words.meaning("aside", before))
    return signed or bool(YEAR.fullmatch(text) or MONEY.fullmatch(text) or walk.words.title(text))


def _pair(walk: Walk) -> None:
    """A label with its value beside it; one that no column takes may have none."""
    parts = ("head", "aside", "fund_columns", "request")
    if not any(walk.means(part) for part in parts):
        raise MisfitError(VALUE, walk.take())
    aside = not walk.means("head") and walk.means("aside")
    walk.begin_block()
    walk.put(walk.take(), 1)
    behind = walk.peek()
    if not (aside and behind and known(walk.words, behind.text)):
        walk.put(walk.value(), 2)


# --- objectives --------------------------------------------------------------------------


def _goal(walk: Walk) -> str:
    return walk.means(f"objectives.{walk.kind}")


def _goals(walk: Walk, end: int) -> Piece | None:
    """Labels of objectives with their texts: one beside its label, or two below theirs.

    Words of the form's own may stand before them.  Returns the last of those where the head
    of the indicators follows.
    """
    labels: list[Piece] = []
    meanings: list[str] = []
    while walk.at < end and (_goal(walk) or _is_side(walk, not labels)):
        meanings.append(_goal(walk))
        labels.append(walk.take())
        if len(labels) > _MOST:
            raise MisfitError(OBJECTIVE, labels[0])
    pair = len(meanings) > 1 and all(meanings[-2:]) and meanings[-1] != meanings[-2]
    if pair and len(labels) == _PAIR and walk.words.meaning("sides", labels[0].text):
        raise MisfitError(OBJECTIVE, labels[0])  # it may be the word at the side of two labels
    texts = _texts(walk, end, 1 + pair) if meanings[-1] else []
    own = len(labels) - len(texts)
    _check_sides(walk, labels[:own], meanings, end)
    side = labels[own - 1] if not texts and walk.at == end else None
    for piece in labels[: own - bool(side)]:
        walk.begin_block()
        walk.put(piece, 1)
    walk.begin_block()
    for place, (label, text) in enumerate(zip(labels[own:], texts, strict=True)):
        walk.put(label, 1 + place)
        walk.put(text, *((1 + place,) if pair else (2,)), below=int(pair))
    return side


def _is_side(walk: Walk, first: bool) -> bool:
    """Whether a word at the side stands here, and not that of the money behind others."""
    ahead = 2 if walk.is_empty(1) else 1
    money = any(walk.means(part, ahead) for part in ("fund_columns", "request"))
    return bool(walk.means("sides")) and (first or not money)


def _texts(walk: Walk, end: int, most: int) -> Sequence[Piece]:
    """The texts behind labels, one or two; empty ones too."""
    place = walk.at
    while place < end and not (
        walk.pieces[place].spare or known(walk.words, walk.pieces[place].text)
    ):
        place += 1
    found = walk.pieces[walk.at : place]
    chosen = found[:most]
    if len(found) > most:
        if not walk.loose:
            raise MisfitError(OBJECTIVE, found[most])
        chosen = _without_ends(walk, found, most)
    for piece in found[: found.index(chosen[-1]) + 1] if chosen else ():
        walk.value(below=piece is chosen[0])
    return chosen


def _without_ends(walk: Walk, found: Sequence[Piece], most: int) -> Sequence[Piece]:
    """The texts among pieces of which some empty ones are the ends of cells."""
    filled = [piece for piece in found if not piece.empty]
    if most == 1 and filled in ([], [found[0]]):
        return found[:1]
    parted = len(found) <= 2 * most and filled == list(found[::2])
    if most == 1 or not parted or _is_fragment(walk, filled[-1]):
        raise MisfitError(OBJECTIVE, found[most])
    return filled


def _is_fragment(walk: Walk, piece: Piece) -> bool:
    """Whether a text may be what is left of a label."""
    text = fold(piece.text)
    labels = (label for words in walk.words.parts.values() for label in words)
    return any(_is_left(text, label) for label in labels if len(text) <= len(label))


def _is_left(text: str, label: str) -> bool:
    """Whether a text has nothing but characters of a label, in their order."""
    rest = iter(label)
    return all(sign in rest for sign in text)


def _check_sides(walk: Walk, sides: Sequence[Piece], meanings: Sequence[str], end: int) -> None:
    """A word at the side that could be an objective's label needs another one behind it."""
    for place, piece in enumerate(sides):
        if not walk.words.meaning("sides", piece.text):
            raise MisfitError(OBJECTIVE, piece)
        last = place + 1 == len(meanings) and walk.at == end
        if meanings[place] and meanings[place] not in meanings[place + 1 :] and not last:
            raise MisfitError(OBJECTIVE, piece)
