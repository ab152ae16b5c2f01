"""The two objective columns, printed one after the other as lines of text.

First comes the left column, then the right one; where a page breaks inside the row, the
same again.  The columns differ in width, so a line tells by where it was cut to which it
belongs.  A lone text belongs to the column that is as wide as it is: always inferred.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import mode
from typing import NamedTuple

from audit_utils.forms.labelfile import OBJECTIVES
from audit_utils.forms.text.fragments import Fragment, Ledger, em, empty_cell
from audit_utils.forms.text.sharing import SURE
from audit_utils.forms.text.wrapping import Width, learn
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Cell, FormKind

NOTE_LONE = "one text under two headings: its column is inferred from the width of its lines"
NOTE_SPLIT = "plain text does not settle where the first text ends and the second begins"
SURE_OVER_PAGES = 8.0
"""`SURE` where a page break runs through the row: each page is cut on its own."""
ENDS = frozenset("。；！.;!")

Pieces = tuple[Fragment, ...]


class TextLine(NamedTuple):
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


def read_objectives(
    pieces: Sequence[Fragment],
    kind: FormKind,
    widths: tuple[Width, Width],
    ledger: Ledger,
    lone: int,
) -> dict[str, Cell]:
    """The cells of the two columns.

    A lone text whose lines do not tell its column goes to the left (0) or the right one (1).
    """
    if not pieces:
        return {}
    texts = below_headings(pieces, kind)
    ledger.label(pieces[: len(pieces) - len(texts)])
    left, right, note = split_objectives(texts, widths, lone)
    return {
        column: ledger.cell(side, note) if side else empty_cell(pieces[0], note)
        for column, side in zip(OBJECTIVES[kind], (left, right), strict=True)
    }


def below_headings(pieces: Sequence[Fragment], kind: FormKind) -> Sequence[Fragment]:
    """The fragments behind the headings at the section's start."""
    words, start = vocabulary(), 0
    for column in OBJECTIVES[kind]:
        printed = pieces[start].text if start < len(pieces) else ""
        start += column in words.meanings(f"objectives.{kind}", printed)
    return pieces[start:]


def learn_widths(sections: Sequence[Sequence[Fragment]], kind: FormKind) -> tuple[Width, Width]:
    """Widths of the left and the right column, from forms where both are clearly there.

    Where no form has both, the one width that there is stands for either.
    """
    left: list[str] = []
    right: list[str] = []
    texts = [text_lines(below_headings(section, kind)) for section in sections]
    for lines in texts:
        at = clear_cut(lines)
        if at:
            left += [line.text for line in lines[: at - 1]]
            right += [line.text for line in lines[at:-1]]
    if not left:
        left = right = [line.text for lines in texts for line in lines[:-1]]
    return learn(left, 1), learn(right, 1)


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
    learnt = widths[0] != widths[1]
    if not learnt and all(len(line.pieces) == 2 for line in lines):
        left, right = (tuple(line.pieces[side] for line in lines) for side in (0, 1))
        return left, right, NOTE_SPLIT
    ranked = rank_cuts(lines, widths)
    sides: tuple[list[Fragment], list[Fragment]] = ([], [])
    for (begin, end), cut in zip(page_bounds(lines), ranked[0][1], strict=True):
        for side, part in zip(sides, (lines[begin:cut], lines[cut:end]), strict=True):
            side.extend(piece for line in part for piece in line.pieces)
    if not (sides[0] and sides[1]):
        return lone(lines, widths, lone_side)
    enough = SURE if lines[0].page == lines[-1].page else SURE_OVER_PAGES
    sure = learnt and (len(ranked) == 1 or ranked[1][0] - ranked[0][0] >= enough)
    return tuple(sides[0]), tuple(sides[1]), "" if sure else NOTE_SPLIT


Cuts = tuple[int, ...]
"""For each page, the index of the first line of the right column."""


def page_bounds(lines: Sequence[TextLine]) -> list[tuple[int, int]]:
    """First line and end of each page."""
    starts = [i for i, line in enumerate(lines) if not i or lines[i - 1].page != line.page]
    return list(pairwise([*starts, len(lines)]))


def rank_cuts(lines: Sequence[TextLine], widths: tuple[Width, Width]) -> list[tuple[float, Cuts]]:
    """The two lightest ways to cut each page between the columns.

    A state is the last line so far of either column: where it was cut by the column's
    width the column goes on on the next page, else it does not.
    """
    odd = [running(lines, width) for width in widths]
    states: dict[tuple[int, int], list[tuple[float, Cuts]]] = {(-1, -1): [(0.0, ())]}
    for begin, end in page_bounds(lines):
        reached: dict[tuple[int, int], list[tuple[float, Cuts]]] = {}
        for last, paths in states.items():
            for cut in range(begin, end + 1):
                parts = ((begin, cut), (cut, end))
                weight = boundary_weight(lines, begin, cut, end, widths)
                for side, (start, stop) in enumerate(parts):
                    if start < stop:
                        weight += odd[side][stop - 1] - odd[side][start]
                        weight += too_wide(lines[stop - 1], widths[side])
                        weight += seam_weight(lines, last[side], start, widths[side])
                state = tuple(
                    stop - 1 if start < stop else before
                    for (start, stop), before in zip(parts, last, strict=True)
                )
                bucket = reached.setdefault((state[0], state[1]), [])
                bucket.extend((weight + before, (*cuts, cut)) for before, cuts in paths)
        states = {state: sorted(paths)[:2] for state, paths in reached.items()}
    closed = [
        (weight + end_weight(lines, last, widths), cuts)
        for last, paths in states.items()
        for weight, cuts in paths
    ]
    return sorted(closed)[:2]


def running(lines: Sequence[TextLine], width: Width) -> list[float]:
    """Running sum of how odd it is that a column goes on from each line to the next."""
    odd = [0.0]
    style = mode(line.gap for line in lines)
    for line, following in pairwise(lines):
        odd.append(odd[-1] + line_weight(line, following, width, style) + too_wide(line, width))
    return odd


def too_wide(line: TextLine, width: Width) -> float:
    """How odd a line is that is wider than its column."""
    return min(8.0, 4 * width.exceeds(line.text)) if width.known else 0.0


def seam_weight(lines: Sequence[TextLine], last: int, start: int, width: Width) -> float:
    """How odd it is that a column goes on from a page to a later one."""
    if last < 0 or not width.known or width.full(lines[last].text, lines[start].text):
        return 0.0
    return 6.0


def end_weight(lines: Sequence[TextLine], last: tuple[int, int], widths: Sequence[Width]) -> float:
    """How odd the end is: a column without text, or one that stops at the end of a page."""
    weight = 0.0
    for index, width in zip(last, widths, strict=True):
        if index < 0:
            weight += 4
        elif (
            lines[index].page != lines[-1].page
            and width.known
            and width.full(lines[index].text, "一")
        ):
            weight += 6
    return weight


def lone(
    lines: Sequence[TextLine], widths: tuple[Width, Width], side: int
) -> tuple[Pieces, Pieces, str]:
    """One text: it goes to the column that its lines fill, else to the usual one."""
    pieces = tuple(piece for line in lines for piece in line.pieces)
    if all(width.known for width in widths) and widths[0] != widths[1]:
        width = max(em(line.text) for line in lines)
        left, right = (abs(width - column.em) for column in widths)
        if len(lines) > 1 or any(width > column.em + 1 for column in widths):
            side = 0 if left < right else 1
    return (pieces, (), NOTE_LONE) if side == 0 else ((), pieces, NOTE_LONE)


def boundary_weight(
    lines: Sequence[TextLine], begin: int, cut: int, end: int, widths: Sequence[Width]
) -> float:
    """How odd it would be that the left column ends, and the right one begins, at a cut."""
    if not begin < cut < end:
        return 0.0
    line, following = lines[cut - 1], lines[cut]
    weight = 0.0 if following.gap else 2.0
    if end == len(lines) and line.text[-1] not in ENDS:
        weight += 1
    if end == len(lines) and any(
        width.known and width.full(line.text, following.text) for width in widths
    ):
        weight += 5
    return weight


def line_weight(line: TextLine, following: TextLine, width: Width, style: bool) -> float:
    """How odd it would be that a column goes on from a line to the following one."""
    if following.pieces[0].line == line.pieces[0].line:
        return 9.0
    weight = 0.0 if following.gap == style or following.pieces[0].breaks else 0.5
    if width.known and not width.full(line.text, following.text):
        weight += min(6.0, 0.5 + 1.5 * max(0.0, width.shortage(line.text) - 1))
    return weight
