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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from audit_utils.forms.fragments import Fragment
from audit_utils.forms.wrapping import Width, learn

NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
VALUE = re.compile(
    r"^(?:[<>=≤≥＜＞＝]|(?:不低于|不少于|不超过|不高于|不多于|至少|超过|高于|低于|少于)\d)"
    r"|^\d[\d,.]*(?:[%％‰]|\D{1,4})?$"
    r"|^\d[\d.]*[%％]?[-~～—至]\d[\d.]*[%％]?\D{0,3}$"
    r"|^\d{4}[年.]"
    r"|^\d[\d.,]*\D{0,3}(?:以上|以下|以内|[/／].{1,3})$"
)
CONTINUES = frozenset("，。、；：）)】》”’%％,;")
OPENING, CLOSING = "（([【《“", "）)]】》”"
NOTHING = frozenset(("无", "/"))
SURE = 2.5
"""A split is settled when the next best one weighs this much more."""

IMPOSSIBLE = inf
UNCOUNTED = 15.0
"""How odd a row without weight and score is."""
NOTE_SPLIT = "plain text does not settle where this cell ends"
NOTE_UNCOUNTED = "the row prints no weight and score"

Pieces = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the document has taught about its columns."""

    name: Width = Width()
    target: Width = Width()
    actual: Width = Width()
    reason: Width = Width()
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()


def anchors(pieces: Sequence[Fragment]) -> list[int]:
    """Index of each weight: the last but one in a run of bare numbers."""
    found = []
    run = 0
    for index in range(len(pieces) + 1):
        if index < len(pieces) and NUMBER.match(pieces[index].text):
            run += 1
            continue
        if run >= 2:
            found.append(index - 2)
        run = 0
    return found


def text(pieces: Sequence[Fragment]) -> str:
    """The fragments' text, joined."""
    return "".join(piece.text for piece in pieces)


def wrap_weight(pieces: Sequence[Fragment], width: Width) -> float:
    """How odd it would be that these fragments are the lines of one cell."""
    weight = 0.0
    for line, following in zip(pieces, pieces[1:], strict=False):
        if not following.first:
            weight += 60
        elif not width.known:
            weight += 1.5
        elif not width.full(line.text, following.text):
            weight += 6
    if width.known:
        weight += sum(8 for piece in pieces if width.exceeds(piece.text))
    joined = text(pieces)
    opened = sum(map(joined.count, OPENING))
    weight += 1.5 * abs(opened - sum(map(joined.count, CLOSING)))
    return weight + (4 if joined[0] in CONTINUES else 0)


def name_weight(pieces: Sequence[Fragment], columns: Columns) -> float:
    """How odd these fragments would be as an indicator's name."""
    if not pieces:
        return 30
    joined = text(pieces)
    weight = wrap_weight(pieces, columns.name)
    if VALUE.match(joined):
        weight += 8
    if joined in columns.words:
        weight += 3
    return weight - (2 if joined in columns.names else 0)


def value_weight(pieces: Sequence[Fragment], width: Width, columns: Columns) -> float:
    """How odd these fragments would be as a target or an actual value."""
    if not pieces:
        return 10
    joined = text(pieces)
    weight = wrap_weight(pieces, width)
    if VALUE.match(joined):
        weight -= 2
    elif any(VALUE.match(piece.text) for piece in pieces[1:]):
        weight += 4
    if joined in columns.names:
        weight += 3
    return weight - (2 if joined in columns.words else 0)


def reason_weight(pieces: Sequence[Fragment], columns: Columns, due: bool) -> float:
    """How odd these fragments would be as a deviation reason (it may be missing)."""
    if not pieces:
        return 4 if due else 0
    if text(pieces) in NOTHING:
        return 0
    weight = wrap_weight(pieces, columns.reason)
    if text(pieces) in columns.reasons:
        weight -= 2
    if any(VALUE.match(piece.text) for piece in pieces):
        weight += 3
    return weight + (0 if due else 7)



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
        """Whether weight and score are printed."""
        return "score" in self.cells

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


@dataclass(frozen=True, slots=True)
class Segment:
    """The fragments up to a pair of weight and score (none after the last row)."""

    start: int
    pieces: Pieces
    numbers: Pieces


@dataclass(frozen=True, slots=True)
class Part:
    """A cell that may take fragments: of the row before, of a row without numbers, or of the row."""

    owner: Literal["before", "uncounted", "own"]
    column: str
    weigh: Callable[[int, int], float]


Path = tuple[float, tuple[int, ...]]


def segments(pieces: Sequence[Fragment]) -> list[Segment]:
    """Cut a table's fragments behind each pair of weight and score."""
    cuts, begin = [], 0
    for anchor in anchors(pieces):
        cuts.append(Segment(begin, tuple(pieces[begin:anchor]), tuple(pieces[anchor : anchor + 2])))
        begin = anchor + 2
    return [*cuts, Segment(begin, tuple(pieces[begin:]), ())]


def cheapest(size: int, parts: Sequence[Part]) -> list[Path]:
    """The two lightest ways to share out fragments among cells in order.

    Returns (weight, ends): part k gets the fragments ends[k-1]:ends[k].
    """
    states: list[list[Path]] = [[(0.0, ())], *([] for _ in range(size))]
    for number, part in enumerate(parts, 1):
        reached: list[list[Path]] = [[] for _ in range(size + 1)]
        for start, paths in enumerate(states):
            ends = range(start if number < len(parts) else size, size + 1)
            for end in ends if paths else ():
                weight = part.weigh(start, end)
                if weight < IMPOSSIBLE:
                    reached[end] += [(before + weight, (*path, end)) for before, path in paths]
        states = [sorted(paths)[:2] for paths in reached]
    return states[size]


def own_parts(owner: Literal["own", "uncounted"], pieces: Pieces, columns: Columns) -> list[Part]:
    """Name, target and actual value of a row."""
    return [
        Part(owner, "name", lambda i, j: name_weight(pieces[i:j], columns)),
        Part(owner, "target", lambda i, j: value_weight(pieces[i:j], columns.target, columns)),
        Part(owner, "actual", lambda i, j: value_weight(pieces[i:j], columns.actual, columns)),
    ]


def rest_parts(pieces: Pieces, before: Row, columns: Columns) -> list[Part]:
    """What a page break cut off the row before: it goes on at the top of the next page."""
    page = before.cells["score"][0].page if before.counted else before.page

    def rest(column: str, weigh: Callable[[Pieces], float]) -> Part:
        known = before.cells.get(column, ())
        base = weigh(known)

        def weight(i: int, j: int) -> float:
            if i == j:
                return 0.0
            return IMPOSSIBLE if pieces[i].page <= page else weigh(known + pieces[i:j]) - base + 1

        return Part("before", column, weight)

    return [
        rest("name", lambda cell: name_weight(cell, columns)),
        rest("target", lambda cell: value_weight(cell, columns.target, columns)),
        rest("actual", lambda cell: value_weight(cell, columns.actual, columns)),
        rest("deviation_reason", lambda cell: reason_weight(cell, columns, before.reason_due)),
    ]


def plan(segment: Segment, before: Row | None, columns: Columns) -> list[Part]:
    """The cells that a segment may hold, in reading order."""
    pieces, parts = segment.pieces, []
    if before:
        due = before.reason_due
        parts.append(Part("before", "deviation_reason", lambda i, j: reason_weight(pieces[i:j], columns, due)))
        if pieces and pieces[-1].page > before.page:
            parts += rest_parts(pieces, before, columns)
    return parts + own_parts("own", pieces, columns) if segment.numbers else parts


def split_segment(segment: Segment, before: Row | None, columns: Columns) -> tuple[list[Row], float]:
    """The rows that a segment opens (mostly one), and by how much the split is the lightest.

    The row before is given its deviation reason and what a page break cut off it.
    """
    pieces = segment.pieces
    parts = plan(segment, before, columns)
    ranked = cheapest(len(pieces), parts)
    if pieces and (not ranked or ranked[0][0] > UNCOUNTED):
        at = len(parts) - (3 if segment.numbers else 0)
        longer = [*parts[:at], *own_parts("uncounted", pieces, columns), *parts[at:]]
        other = cheapest(len(pieces), longer)
        if other and (not ranked or other[0][0] + UNCOUNTED < ranked[0][0]):
            parts, ranked = longer, other
    return share_out(segment, parts, ranked, before)


def share_out(
    segment: Segment, parts: Sequence[Part], ranked: Sequence[Path], before: Row | None
) -> tuple[list[Row], float]:
    """Give the fragments to the rows as the lightest split says."""
    owners = {"before": before, "uncounted": Row(segment.start), "own": Row(segment.start)}
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
        begin, other_begin = end, other_end
    if segment.numbers:
        owners["own"].add("weight", segment.numbers[:1])
        owners["own"].add("score", segment.numbers[1:])
    return [row for owner, row in owners.items() if owner != "before" and row and row.cells], margin


def read_rows(pieces: Sequence[Fragment], columns: Columns) -> list[tuple[Row, float]]:
    """All rows of a table's fragments, each with how sure its split is."""
    rows: list[tuple[Row, float]] = []
    for segment in segments(pieces):
        if segment.pieces or segment.numbers:
            opened, margin = split_segment(segment, rows[-1][0] if rows else None, columns)
            rows += [(row, margin) for row in opened]
    return rows


def learn_columns(tables: Sequence[Sequence[Fragment]]) -> Columns:
    """Widths and words of a document's columns, from the rows that leave no doubt.

    First the widths of names (a name ends where a value begins), then the rest.
    """
    columns = Columns(name=learn(line for table in tables for line in cut_names(table)))
    rows = [row for table in tables for row, margin in read_rows(table, columns) if margin >= SURE]

    def texts(*names: str) -> frozenset[str]:
        return frozenset(text(row.cells[name]) for row in rows for name in names if name in row.cells)

    def width(name: str) -> Width:
        return learn(piece.text for row in rows for piece in row.cells.get(name, ())[:-1])

    return Columns(
        width("name"),
        width("target"),
        width("actual"),
        width("deviation_reason"),
        names=texts("name"),
        words=texts("target", "actual"),
        reasons=texts("deviation_reason"),
    )


def cut_names(table: Sequence[Fragment]) -> Iterator[str]:
    """Lines of names that go on, where a row holds a name, a value and an actual value only."""
    for segment in segments(table):
        pieces = segment.pieces
        values = [index for index, piece in enumerate(pieces) if VALUE.match(piece.text)]
        if len(pieces) in (4, 5) and values[:1] == [len(pieces) - 2] and segment.numbers:
            yield from (piece.text for piece in pieces[: len(pieces) - 3])
