"""Indicator rows of a self-evaluation out of fragments in reading order.

A row prints, cell by cell, name, target, actual value, weight, score, deviation reason;
each cell prints a fragment a line.  Weight and score are two bare numbers side by side:
they anchor a row.  What stands between two anchors is the reason of the row before and
name, target and actual value of the row itself; where one ends and the next begins is
told by the column's width (a cell goes on only after a full line), by what a value looks
like, and by the words of other rows.  Every split is weighed; where a second one weighs
nearly as little, the cells that differ are marked as inferred.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from audit_utils.forms.text.fragments import Fragment
from audit_utils.forms.text.sharing import IMPOSSIBLE, SURE, Part, Path, Shapes, cheapest, shapes
from audit_utils.forms.text.weights import (
    CONTINUES,
    NOTHING,
    OPENING,
    OPERATOR,
    Columns,
    Pieces,
    Shape,
    actual_weight,
    bracket_weight,
    is_value,
    name_weight,
    reason_weight,
    shape,
    target_weight,
    text,
)

NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$", re.ASCII)
CHINESE_NUMBER = re.compile(r"^[零一二两三四五六七八九十百]+分?$")
DIGITS = frozenset("-0123456789")
UNCOUNTED = 15.0
"""How odd a row without weight and score is."""
NOTE_SPLIT = "plain text does not settle where this cell ends"
NOTE_REASON = "text behind a row that lost no points: taken as its deviation reason"
NOTE_UNCOUNTED = "the row prints no weight and score"


def anchors(pieces: Sequence[Fragment]) -> list[int]:
    """Index of each weight: the last but one in a run of bare numbers.

    At the end of a page the numbers of a row may stand whose other cells are on the next.
    """
    found = []
    run = 0
    for index in range(len(pieces) + 1):
        if index < len(pieces) and is_number(pieces[index].text):
            run += 1
            continue
        if run == 4 and index < len(pieces) and two_rows(pieces[index - 4 : index + 1]):
            found.append(index - 4)
        if run >= 2:
            found.append(index - 2)
        run = 0
    return found


def is_number(printed: str) -> bool:
    """Whether a text is a bare number, as weights and scores are."""
    return printed[0] in DIGITS and bool(NUMBER.match(printed))


def two_rows(pieces: Sequence[Fragment]) -> bool:
    """Whether four numbers are two lines of two at the end of a page."""
    return [piece.first for piece in pieces[:4]] == [True, False] * 2 and pieces[4].page > pieces[
        3
    ].page


@dataclass(slots=True)
class Row:
    """The fragments of one row by column; `start` is its first fragment's index."""

    start: int
    cells: dict[str, Pieces] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def add(self, column: str, pieces: Pieces) -> None:
        """Give more fragments to a column."""
        self.cells[column] = self.cells.get(column, ()) + pieces

    @property
    def counted(self) -> bool:
        """Whether weight and score are printed as numbers."""
        weight, score = self.cells.get("weight"), self.cells.get("score")
        if not weight or not score:
            return False
        return is_number(weight[0].text) and is_number(score[0].text)

    @property
    def page(self) -> int:
        """The page on which the row begins."""
        return min(pieces[0].page for pieces in self.cells.values())

    @property
    def reason_due(self) -> bool:
        """Whether the form is likely to give a reason: points lost, or none to win."""
        if not self.counted:
            return False
        weight, score = (float(self.cells[column][0].text) for column in ("weight", "score"))
        return score < weight or weight == 0


class Segment(NamedTuple):
    """The fragments up to a pair of weight and score (none after the last row)."""

    start: int
    pieces: Pieces
    numbers: Pieces
    wall: int | None = None
    """How many pieces stand above a group's label on its page: a new row begins below."""
    first_wall: int | None = None
    """How many stand above the first such label: the row before ends there."""


@dataclass(frozen=True, slots=True)
class Table:
    """The fragments of an indicator table, and the places of the labels taken out of it."""

    pieces: Pieces
    labels: frozenset[int] = frozenset()


def segments(table: Table) -> list[Segment]:
    """Cut a table's fragments behind each pair of weight and score."""
    cuts, begin = [], 0
    for anchor in [*anchors(table.pieces), len(table.pieces)]:
        pieces, numbers = table.pieces[begin:anchor], table.pieces[anchor : anchor + 2]
        walls = find_walls(table, begin, anchor)
        first, last = (walls[0], walls[-1]) if walls else (None, None)
        cuts.append(Segment(begin, pieces, numbers, last, first))
        begin = anchor + 2
    return cuts


def find_walls(table: Table, begin: int, end: int) -> list[int]:
    """How many of the fragments stand above each label, on the page that they share with it."""
    return [
        index - begin
        for index in range(max(begin, 1), end)
        if index in table.labels and table.pieces[index - 1].page == table.pieces[index].page
    ]


Weight = Callable[[Shape | None, Fragment | None, Columns], float]


def own_parts(
    owner: Literal["own", "uncounted"], segment: Segment, shape_of: Shapes, columns: Columns
) -> list[Part]:
    """Name, target and actual value of a row, none of which stands above the wall."""
    pieces, wall = (*segment.pieces, None), segment.wall if owner == "own" else None

    def own(column: str, weigh: Weight) -> Part:
        def weight(i: int, j: int) -> float:
            if wall is not None and i < j and i < wall:
                return IMPOSSIBLE
            return weigh(shape_of(i, j), pieces[j], columns)

        return Part(owner, column, weight)

    return [own("name", name_weight), own("target", target_weight), own("actual", actual_weight)]


def number_part(segment: Segment, column: str, empty: float) -> Part:
    """Weight or score of a row that does not print both as numbers."""

    def weight(i: int, j: int) -> float:
        if j - i != 1:
            return empty if i == j else IMPOSSIBLE
        printed = segment.pieces[i].text
        if is_number(printed):
            return 0.0
        return 2.0 if CHINESE_NUMBER.match(printed) else IMPOSSIBLE

    return Part("uncounted", column, weight)


def reason_part(segment: Segment, before: Row, shape_of: Shapes, columns: Columns) -> Part:
    """The deviation reason of the row before, which ends at the first wall."""
    pieces, wall, due = (*segment.pieces, None), segment.first_wall, before.reason_due

    def weight(i: int, j: int) -> float:
        if wall is not None and j > wall:
            return IMPOSSIBLE
        return reason_weight(shape_of(i, j), None if j == wall else pieces[j], columns, due)

    return Part("before", "deviation_reason", weight)


def rest_parts(segment: Segment, before: Row, columns: Columns) -> list[Part]:
    """What a page break cut off the row before: it goes on at the top of the next page."""
    pieces, due = segment.pieces, before.reason_due
    page = before.cells["score"][0].page if before.counted else before.page

    def rest(column: str, weigh: Weight) -> Part:
        known = before.cells.get(column, ())
        base = weigh(shape(known, columns.blank), None, columns)

        def weight(i: int, j: int) -> float:
            if i == j:
                return 0.0
            if pieces[i].page <= page or (segment.wall is not None and j > segment.wall):
                return IMPOSSIBLE
            following = pieces[j] if j < len(pieces) else None
            return weigh(shape(known + pieces[i:j], columns.blank), following, columns) - base + 1

        return Part("before", column, weight)

    def rest_of_reason(cell: Shape | None, following: Fragment | None, columns: Columns) -> float:
        return reason_weight(cell, following, columns, due)

    return [
        rest("name", name_weight),
        rest("target", target_weight),
        rest("actual", actual_weight),
        rest("deviation_reason", rest_of_reason),
    ]


def plan(
    segment: Segment, before: Row | None, columns: Columns, uncounted: bool = False
) -> list[Part]:
    """The cells that a segment may hold, in reading order; `uncounted`: a row without numbers."""
    shape_of = shapes(segment.pieces, columns.blank)
    parts = []
    if before:
        parts.append(reason_part(segment, before, shape_of, columns))
        if segment.pieces and segment.pieces[-1].page > before.page:
            parts += rest_parts(segment, before, columns)
    if uncounted:
        parts += own_parts("uncounted", segment, shape_of, columns)
        parts += [number_part(segment, "weight", 2), number_part(segment, "score", 1)]
    if segment.numbers:
        parts += own_parts("own", segment, shape_of, columns)
    return parts


def split_segment(
    segment: Segment, before: Row | None, columns: Columns
) -> tuple[list[Row], float]:
    """The rows that a segment opens (mostly one), and by how much the split is the lightest.

    The row before is given its deviation reason and what a page break cut off it.
    """
    if row := plain_row(segment, before, columns):
        return [row], SURE
    pieces = segment.pieces
    parts = plan(segment, before, columns)
    ranked = cheapest(len(pieces), parts)
    if pieces and (not ranked or ranked[0][0] > UNCOUNTED):
        longer = plan(segment, before, columns, uncounted=True)
        other = cheapest(len(pieces), longer)
        if other and (not ranked or other[0][0] + UNCOUNTED < ranked[0][0]):
            parts, ranked = longer, other
    return share_out(segment, parts, ranked, before)


def plain_row(segment: Segment, before: Row | None, columns: Columns) -> Row | None:
    """The row of a segment that can be split in one way only: lines of a name, two values.

    A short cut for most rows, to the same result as weighing; None for all others.
    """
    pieces = segment.pieces
    if not segment.numbers or len(pieces) < 3 or segment.wall:
        return None
    if before and not is_closed(before, pieces, columns):
        return None
    name, (target, actual) = pieces[:-2], pieces[-2:]
    if not is_plain_name(name, columns) or not are_plain_values(name, target, actual, columns):
        return None
    cells = {"name": name, "target": (target,), "actual": (actual,)}
    return Row(segment.start, cells | {"weight": segment.numbers[:1], "score": segment.numbers[1:]})


def is_closed(before: Row, pieces: Pieces, columns: Columns) -> bool:
    """Whether the row before takes none of the fragments: no reason, no rest over the page."""
    if before.reason_due or pieces[0].text in NOTHING:
        return False
    if pieces[-1].page <= before.page:
        return True
    whole = before.cells.keys() >= {"name", "target", "actual"}
    return whole and not columns.name.full(before.cells["name"][-1].text, pieces[0].text)


def is_plain_name(name: Pieces, columns: Columns) -> bool:
    """Whether these are the lines of one name beyond doubt: full ones, none like a value."""
    return not bracket_weight(text(name)) and all(
        following.first
        and not is_value(following.text)
        and columns.name.full(line.text, following.text)
        for line, following in pairwise(name)
    )


def are_plain_values(name: Pieces, target: Fragment, actual: Fragment, columns: Columns) -> bool:
    """Whether two fragments behind a name are target and actual value beyond doubt."""
    if OPERATOR.match(actual.text) or (len(actual.text) == 1 and not actual.text.isdigit()):
        return False
    if bracket_weight(target.text) or bracket_weight(actual.text):
        return False
    if is_value(target.text):
        return not actual.first or is_value(actual.text)
    if actual.first or target.text[0] in CONTINUES + OPENING:
        return False
    cut = columns.target
    return len(name) == 1 or (cut.known and not cut.full(name[-1].text, target.text))


def share_out(
    segment: Segment, parts: Sequence[Part], ranked: Sequence[Path], before: Row | None
) -> tuple[list[Row], float]:
    """Give the fragments to the rows as the lightest split says."""
    own, uncounted = Row(segment.start), Row(segment.start)
    owners = {"before": before, "uncounted": uncounted, "own": own}
    weight, ends = ranked[0]
    margin = ranked[1][0] - weight if len(ranked) > 1 else IMPOSSIBLE
    others = ranked[1][1] if margin < SURE else ends
    begin = other_begin = 0
    for part, end, other_end in zip(parts, ends, others, strict=True):
        row = owners[part.owner]
        assert row is not None
        if end > begin:
            row.start = row.start if row.cells else segment.start + begin
            row.add(part.column, segment.pieces[begin:end])
        if (begin, end) != (other_begin, other_end):
            row.notes[part.column] = NOTE_SPLIT
        elif begin < end and part.column == "deviation_reason" and not is_expected(row):
            row.notes[part.column] = NOTE_REASON
        begin, other_begin = end, other_end
    if uncounted.cells:  # where it ends and the row itself begins is a guess
        own.notes |= dict.fromkeys(("name", "target", "actual"), NOTE_SPLIT)
    if segment.numbers:
        own.add("weight", segment.numbers[:1])
        own.add("score", segment.numbers[1:])
    return [row for owner, row in owners.items() if owner != "before" and row and row.cells], margin


def is_expected(row: Row) -> bool:
    """Whether the row's reason is one that a form gives: points are lost, or it says 无."""
    return row.reason_due or text(row.cells["deviation_reason"]) in NOTHING


def read_rows(table: Table, columns: Columns) -> list[tuple[Row, float]]:
    """All rows of a table's fragments, each with how sure its split is."""
    rows: list[tuple[Row, float]] = []
    for segment in segments(table):
        if segment.pieces or segment.numbers:
            opened, margin = split_segment(segment, rows[-1][0] if rows else None, columns)
            rows += [(row, margin) for row in opened]
    return rows
