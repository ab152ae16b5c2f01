"""Pictures on the pages of a PDF that may show what nobody can read: scans, seals, outlines."""

from collections.abc import Sequence

from audit_utils.documents.pdf.pages import Picture
from audit_utils.documents.pdf.ruling import Lattice

_MOST = 0.4
"""Part of a page with little text that makes a picture the page."""
_LETTERS = 4
"""Shapes with curves in a table that may be a word."""
_LETTER = 40.0
"""Points that a letter is high and wide, at most."""


def unread(
    pictures: Sequence[Picture],
    lattices: Sequence[Lattice],
    size: tuple[float, float],
    *,
    few: bool,
) -> str:
    """What to tell of the pictures of a page that has little text, or tables; may be nothing."""
    wide, high = size
    covered = max((_area(one) for one in pictures if not one.shape), default=0.0)
    if few and covered > _MOST * wide * high:
        return "most of the page is a picture: what that shows is not read"
    within = [one for one in pictures if any(_lies_in(one, lattice) for lattice in lattices)]
    letters = [one for one in within if one.shape and max(_sides(one)) <= _LETTER]
    if any(not one.shape for one in within):
        return "a picture lies on a table: what it shows is not read"
    if len(letters) >= _LETTERS:
        return "shapes in a table may be letters: they are not read"
    return ""


def _sides(picture: Picture) -> tuple[float, float]:
    return picture.x1 - picture.x0, picture.y1 - picture.y0


def _area(picture: Picture) -> float:
    wide, high = _sides(picture)
    return wide * high


def _lies_in(picture: Picture, lattice: Lattice) -> bool:
    x, y = (picture.x0 + picture.x1) / 2, (picture.y0 + picture.y1) / 2
    return lattice.xs[0] <= x <= lattice.xs[-1] and lattice.ys[0] <= y <= lattice.ys[-1]
