"""The two objective columns, printed one after the other as lines of text.

First comes the left column, then the right one; where a page breaks inside the row, the
same again.  The columns differ in width, so a line tells by where it was cut to which it
belongs.  A lone text belongs to the column that is as wide as it is: always inferred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mode

from audit_utils.forms.fragments import Fragment, em
from audit_utils.forms.rows import IMPOSSIBLE, SURE, Part, cheapest
from audit_utils.forms.wrapping import Width, learn

NOTE_LONE = "one text under two headings: its column is inferred from the width of its lines"
NOTE_SPLIT = "plain text does not settle where the first text ends and the second begins"
ENDS = frozenset("。；！.;!")

Pieces = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of an objective: its fragments and its text with inner blanks."""

    pieces: Pieces
    text: str

    @property
    def page(self) -> int:
        """Page of the line."""
        return self.pieces[0].page

    @property
    def gap(self) -> bool:
        """Whether a blank line stands before (not at a page's start, where it says nothing)."""
        return self.pieces[0].gap


def text_lines(pieces: Sequence[Fragment]) -> list[TextLine]:
    """Fragments put together again by line."""
    grouped = (tuple(group) for _, group in groupby(pieces, key=lambda piece: piece.line))
    return [TextLine(group, " ".join(piece.text for piece in group)) for group in grouped]


def learn_widths(sections: Sequence[Sequence[Fragment]]) -> tuple[Width, Width]:
    """Widths of the left and the right column, from forms where both are clearly there.

    Where no form has both, the one width that there is stands for either.
    """
    left: list[str] = []
    right: list[str] = []
    for section in sections:
        lines = text_lines(section)
        at = clear_cut(lines)
        if at:
            left += [line.text for line in lines[: at - 1]]
            right += [line.text for line in lines[at:-1]]
    if not left:
        left = right = [line.text for section in sections for line in text_lines(section)[:-1]]
    return learn(left), learn(right)


def clear_cut(lines: Sequence[TextLine]) -> int:
    """Where one column's lines end and another's, of another width, begin (0: nowhere)."""
    widths = [em(line.text) for line in lines]
    best, at = 1.0, 0
    for cut in range(2, len(lines) - 1):
        left, right = widths[: cut - 1], widths[cut:-1]
        if abs(max(left) - max(right)) < 2 or max(widths[cut - 1 : cut]) > max(left) + 1:
            continue
        odd = sum(max(left) - width for width in left) + sum(max(right) - width for width in right)
        if widths[-1] <= max(right) + 1 and odd / len(lines) < best:
            best, at = odd / len(lines), cut
    return at


def split_lines(lines: Sequence[TextLine], widths: Sequence[Width]) -> list[TextLine]:
    """Lines that are too wide for either column hold one cell of each: cut at the blank."""
    room = max(width.em for width in widths)
    parted: list[TextLine] = []
    for line in lines:
        cut = fitting_cut(line.pieces, widths) if room and em(line.text) > room + 1 else 0
        halves = [line.pieces[:cut], line.pieces[cut:]] if cut else [line.pieces]
        parted += [TextLine(half, " ".join(piece.text for piece in half)) for half in halves]
    return parted


def fitting_cut(pieces: Pieces, widths: Sequence[Width]) -> int:
    """The blank at which a line falls into two texts that fit their columns (0: none)."""
    left, right = widths
    for cut in range(len(pieces) - 1, 0, -1):
        texts = (" ".join(piece.text for piece in half) for half in (pieces[:cut], pieces[cut:]))
        if not left.exceeds(next(texts)) and not right.exceeds(next(texts)):
            return cut
    return 0


def split_objectives(
    pieces: Sequence[Fragment], widths: tuple[Width, Width], lone_side: int = 0
) -> tuple[Pieces, Pieces, str]:
    """Fragments of the left and the right column, and why they are inferred (empty: sure)."""
    lines = split_lines(text_lines(pieces), widths)
    if not lines:
        return (), (), ""
    pages = sorted({line.page for line in lines})
    parts = [part for page in pages for part in column_parts(lines, widths, page, pages[0])]
    ranked = cheapest(len(lines), parts)
    if not ranked:
        return tuple(pieces), (), NOTE_SPLIT
    sides: tuple[list[Fragment], list[Fragment]] = ([], [])
    begin = 0
    for number, end in enumerate(ranked[0][1]):
        sides[number % 2].extend(piece for line in lines[begin:end] for piece in line.pieces)
        begin = end
    if not (sides[0] and sides[1]):
        return lone(lines, widths, lone_side)
    sure = len(ranked) == 1 or ranked[1][0] - ranked[0][0] >= SURE
    return tuple(sides[0]), tuple(sides[1]), "" if sure else NOTE_SPLIT


def lone(lines: Sequence[TextLine], widths: tuple[Width, Width], side: int) -> tuple[Pieces, Pieces, str]:
    """One text: it goes to the column that its lines fill, else to the usual one."""
    pieces = tuple(piece for line in lines for piece in line.pieces)
    if all(width.known for width in widths) and widths[0] != widths[1]:
        width = max(em(line.text) for line in lines)
        left, right = (abs(width - column.em) for column in widths)
        if len(lines) > 1 or any(width > column.em + 1 for column in widths):
            side = 0 if left < right else 1
    return ((pieces, ()) if side == 0 else ((), pieces)) + (NOTE_LONE,)


def column_parts(
    lines: Sequence[TextLine], widths: Sequence[Width], page: int, first_page: int
) -> list[Part]:
    """The left and the right column of a page as cells that may take its lines."""
    style = mode(line.gap for line in lines)
    parts = []
    for width in widths:
        odd = [0.0]
        for line, following in zip(lines, lines[1:], strict=False):
            odd.append(odd[-1] + line_weight(line, following, width, style))
        wide = [0.0]
        for line in lines:
            wide.append(wide[-1] + (8 if width.known and width.exceeds(line.text) else 0))

        def weigh(i: int, j: int, odd: list[float] = odd, wide: list[float] = wide) -> float:
            if i == j:
                return 4.0 if page == first_page else 0.0
            if lines[i].page != page or lines[j - 1].page != page:
                return IMPOSSIBLE
            adjoining = boundary_weight(lines[i - 1], lines[i], widths) if i else 0.0
            ending = 0.0 if lines[j - 1].text[-1] in ENDS or lines[j - 1] is last_of(lines, page) else 1.0
            return odd[j - 1] - odd[i] + wide[j] - wide[i] + adjoining + ending

        parts.append(Part("own", "", weigh))
    return parts


def boundary_weight(line: TextLine, following: TextLine, widths: Sequence[Width]) -> float:
    """How odd it would be that one column ends with a line and the other begins behind it."""
    if line.page != following.page:
        return 0.0
    weight = 0.0 if following.gap else 2.0
    if any(width.known and width.full(line.text, following.text) for width in widths):
        weight += 5
    return weight


def last_of(lines: Sequence[TextLine], page: int) -> TextLine:
    """The last line on a page."""
    return [line for line in lines if line.page == page][-1]


def line_weight(line: TextLine, following: TextLine, width: Width, style: bool) -> float:
    """How odd it would be that a column goes on from a line to the following one."""
    if line.page != following.page:
        return 0.0
    if following.pieces[0].line == line.pieces[0].line:
        return 9.0
    weight = 0.0 if following.gap == style or following.pieces[0].breaks else 0.5
    if width.known and not width.full(line.text, following.text):
        weight += 6
    return weight
