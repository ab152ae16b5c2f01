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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Literal

from audit_utils.forms.fragments import Fragment, em
from audit_utils.forms.wrapping import Width, learn, word

NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
VALUE = re.compile(
    r"^(?:[<>=≤≥＜＞＝]|(?:不低于|不少于|不超过|不高于|不多于|至少|超过|高于|低于|少于)\d)"
    r"|^\d[\d,.]*(?:[%％‰]|\D{1,4})?$"
    r"|^\d[\d.]*[%％]?[-~～—至]\d[\d.]*[%％]?\D{0,3}$"
    r"|^\d{4}[年.]"
    r"|^\d[\d.,]*\D{0,3}(?:以上|以下|以内|[/／].{1,3})$"
)
SCRIPTS_MEET = re.compile(r"[\u4e00-\u9fff][0-9A-Za-z]|[0-9A-Za-z%][\u4e00-\u9fff]")
OPERATOR = re.compile(r"^[<>=≤≥＜＞＝]")
CONTINUES = frozenset("，。、；：）)】》”’%％,;")
OPENING, CLOSING = "（([【《“", "）)]】》”"
ONE_CHARACTER = frozenset("优良中差好高低无有是否")
"""Words of one character that are whole values, not the last line of one."""
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
    """What the document has taught about its columns; texts are those of two rows or more."""

    name: Width = Width()
    target: Width = Width()
    actual: Width = Width()
    reason: Width = Width()
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    spaced: bool = False
    """Whether a blank stands between Chinese text and digits or Latin letters."""


def anchors(pieces: Sequence[Fragment]) -> list[int]:
    """Index of each weight: the last but one in a run of bare numbers.

    At the end of a page the numbers of a row may stand whose other cells are on the next.
    """
    found = []
    run = 0
    for index in range(len(pieces) + 1):
        if index < len(pieces) and NUMBER.match(pieces[index].text):
            run += 1
            continue
        if run == 4 and index < len(pieces) and two_rows(pieces[index - 4 : index + 1]):
            found.append(index - 4)
        if run >= 2:
            found.append(index - 2)
        run = 0
    return found


def two_rows(pieces: Sequence[Fragment]) -> bool:
    """Whether four numbers are two lines of two at the end of a page."""
    return [piece.first for piece in pieces[:4]] == [True, False] * 2 and pieces[4].page > pieces[3].page


def text(pieces: Sequence[Fragment]) -> str:
    """The fragments' text, joined."""
    return "".join(piece.text for piece in pieces)


def letters_apart(pieces: Iterable[Fragment]) -> bool:
    """Whether a text sets digits and Chinese characters apart, as some typesetting does."""
    apart = close = 0
    before = None
    for piece in pieces:
        close += len(SCRIPTS_MEET.findall(piece.text))
        apart += before is not None and not piece.first and scripts_meet(before, piece)
        before = piece
    return apart > close


def scripts_meet(left: Fragment, right: Fragment) -> bool:
    """Whether Chinese text and a digit or Latin letter stand side by side."""
    return bool(SCRIPTS_MEET.match(left.text[-1] + right.text[0]))


def wrap_weight(cell: Pieces, following: Fragment | None, width: Width, columns: Columns) -> float:
    """How odd it would be that these fragments are the lines of one cell and no more."""
    weight = same_line_weight(cell, columns.spaced)
    lines = cell_lines(cell)
    for line, after in pairwise(lines):
        if not width.known:
            weight += 1.5 + 6 * max(0.0, 1 - em(line) / (columns.name.em or 10))
        elif not width.full(line, after):
            weight += 6
    if width.known:
        weight += sum(8 for line in lines if width.exceeds(line))
        if following and following.first and width.full(lines[-1], following.text):
            weight += 1
    joined = text(cell)
    if joined[0] in CONTINUES:
        weight += 4
    return weight + bracket_weight(joined)


def same_line_weight(cell: Pieces, spaced: bool) -> float:
    """Two fragments on one line are two cells, unless scripts are set apart inside a cell."""
    together = [(left, right) for left, right in pairwise(cell) if not right.first]
    return sum(0.5 if spaced and scripts_meet(*pair) else 60 for pair in together)


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
    depth = lowest = 0
    for char in joined:
        depth += (char in OPENING) - (char in CLOSING)
        lowest = min(lowest, depth)
    return -8.0 * lowest + 1.5 * max(0, depth - lowest)


def name_weight(cell: Pieces, following: Fragment | None, columns: Columns) -> float:
    """How odd these fragments would be as an indicator's name."""
    if not cell:
        return 30
    joined = text(cell)
    weight = wrap_weight(cell, following, columns.name, columns)
    if VALUE.match(joined):
        weight += 8
    weight += sum(5 for piece in cell[1:] if VALUE.match(piece.text) and piece.first)
    if joined in columns.words:
        weight += 3
    return weight - (2 if joined in columns.names else 0)


def target_weight(cell: Pieces, following: Fragment | None, columns: Columns) -> float:
    """How odd these fragments would be as a target."""
    return value_weight(cell, following, columns.target, columns) if cell else 12


def actual_weight(cell: Pieces, following: Fragment | None, columns: Columns) -> float:
    """How odd these fragments would be as an actual value: it carries no operator."""
    if not cell:
        return 10
    odd = 12 if OPERATOR.match(cell[0].text) else 0
    return value_weight(cell, following, columns.actual, columns) + odd


def value_weight(cell: Pieces, following: Fragment | None, width: Width, columns: Columns) -> float:
    """How odd these fragments would be as a value of either kind."""
    joined = text(cell)
    weight = wrap_weight(cell, following, width, columns)
    if VALUE.match(joined):
        weight -= 2
    elif any(VALUE.match(piece.text) for piece in cell[1:]):
        weight += 4
    if joined[0] in OPENING:
        weight += 6
    if len(joined) == 1 and not joined.isdigit() and joined not in ONE_CHARACTER:
        weight += 12
    if joined in columns.names:
        weight += 3
    return weight - (2 if joined in columns.words else 0)


def reason_weight(cell: Pieces, following: Fragment | None, columns: Columns, due: bool) -> float:
    """How odd these fragments would be as a deviation reason (it may be missing)."""
    if not cell:
        return 4 if due else 0
    joined = text(cell)
    if joined in NOTHING:
        return 0
    weight = wrap_weight(cell, following, columns.reason, columns)
    if joined in columns.reasons:
        weight -= 2
    if any(VALUE.match(piece.text) for piece in cell):
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
    wall: int | None = None
    """How many pieces stand above a group's label on its page: a new row begins below."""


@dataclass(frozen=True, slots=True)
class Table:
    """The fragments of an indicator table, and the places of the labels taken out of it."""

    pieces: Pieces
    labels: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A cell that may take fragments: of the row before, of a row without numbers, or of the row."""

    owner: Literal["before", "uncounted", "own"]
    column: str
    weigh: Callable[[int, int], float]


Path = tuple[float, tuple[int, ...]]


def segments(table: Table) -> list[Segment]:
    """Cut a table's fragments behind each pair of weight and score."""
    cuts, begin = [], 0
    for anchor in [*anchors(table.pieces), len(table.pieces)]:
        pieces, numbers = table.pieces[begin:anchor], table.pieces[anchor : anchor + 2]
        cuts.append(Segment(begin, pieces, numbers, find_wall(table, begin, anchor)))
        begin = anchor + 2
    return cuts


def find_wall(table: Table, begin: int, end: int) -> int | None:
    """How many of the fragments stand above a label, on the page that they share with it."""
    for index in range(end - 1, max(begin, 1) - 1, -1):
        if index in table.labels and table.pieces[index - 1].page == table.pieces[index].page:
            return index - begin
    return None


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


def own_parts(owner: Literal["own", "uncounted"], segment: Segment, columns: Columns) -> list[Part]:
    """Name, target and actual value of a row, none of which stands above the wall."""
    pieces, wall = segment.pieces, segment.wall if owner == "own" else None

    def own(column: str, weigh: Callable[[Pieces, Fragment | None, Columns], float]) -> Part:
        def weight(i: int, j: int) -> float:
            if wall is not None and i < j and i < wall:
                return IMPOSSIBLE
            return weigh(pieces[i:j], pieces[j] if j < len(pieces) else None, columns)

        return Part(owner, column, weight)

    return [own("name", name_weight), own("target", target_weight), own("actual", actual_weight)]


def reason_part(segment: Segment, before: Row, columns: Columns) -> Part:
    """The deviation reason of the row before, which ends at the wall."""
    pieces, wall, due = segment.pieces, segment.wall, before.reason_due

    def weight(i: int, j: int) -> float:
        if wall is not None and j > wall:
            return IMPOSSIBLE
        following = pieces[j] if j < len(pieces) and j != wall else None
        return reason_weight(pieces[i:j], following, columns, due)

    return Part("before", "deviation_reason", weight)


def rest_parts(segment: Segment, before: Row, columns: Columns) -> list[Part]:
    """What a page break cut off the row before: it goes on at the top of the next page."""
    pieces = segment.pieces
    page = before.cells["score"][0].page if before.counted else before.page

    def rest(column: str, weigh: Callable[[Pieces, Fragment | None, Columns], float]) -> Part:
        known = before.cells.get(column, ())
        base = weigh(known, None, columns)

        def weight(i: int, j: int) -> float:
            if i == j:
                return 0.0
            if pieces[i].page <= page or segment.wall is not None and j > segment.wall:
                return IMPOSSIBLE
            following = pieces[j] if j < len(pieces) else None
            return weigh(known + pieces[i:j], following, columns) - base + 1

        return Part("before", column, weight)

    def rest_of_reason(cell: Pieces, following: Fragment | None, columns: Columns) -> float:
        return reason_weight(cell, following, columns, before.reason_due)

    return [
        rest("name", name_weight),
        rest("target", target_weight),
        rest("actual", actual_weight),
        rest("deviation_reason", rest_of_reason),
    ]


def plan(segment: Segment, before: Row | None, columns: Columns) -> list[Part]:
    """The cells that a segment may hold, in reading order."""
    parts = []
    if before:
        parts.append(reason_part(segment, before, columns))
        if segment.pieces and segment.pieces[-1].page > before.page:
            parts += rest_parts(segment, before, columns)
    return parts + own_parts("own", segment, columns) if segment.numbers else parts


def split_segment(segment: Segment, before: Row | None, columns: Columns) -> tuple[list[Row], float]:
    """The rows that a segment opens (mostly one), and by how much the split is the lightest.

    The row before is given its deviation reason and what a page break cut off it.
    """
    pieces = segment.pieces
    parts = plan(segment, before, columns)
    ranked = cheapest(len(pieces), parts)
    if pieces and (not ranked or ranked[0][0] > UNCOUNTED):
        at = len(parts) - (3 if segment.numbers else 0)
        longer = [*parts[:at], *own_parts("uncounted", segment, columns), *parts[at:]]
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


def read_rows(table: Table, columns: Columns) -> list[tuple[Row, float]]:
    """All rows of a table's fragments, each with how sure its split is."""
    rows: list[tuple[Row, float]] = []
    for segment in segments(table):
        if segment.pieces or segment.numbers:
            opened, margin = split_segment(segment, rows[-1][0] if rows else None, columns)
            rows += [(row, margin) for row in opened]
    return rows


def learn_columns(tables: Sequence[Table], spaced: bool) -> Columns:
    """Widths and words of a document's columns, from the rows that leave no doubt.

    First the widths of names (a name ends where a value begins), then the rest.
    """
    names = learn(line for table in tables for line in cut_names(table))
    columns = Columns(name=names, spaced=spaced)
    rows = [row for table in tables for row, margin in read_rows(table, columns) if margin >= SURE]

    def texts(*names: str) -> frozenset[str]:
        seen = Counter(text(row.cells[name]) for row in rows for name in names if name in row.cells)
        return frozenset(word for word, often in seen.items() if often > 1)

    def cut(*names: str) -> list[str]:
        cells = [row.cells.get(name, ()) for row in rows for name in names]
        lines = [pair for cell in cells if one_page(cell) for pair in pairwise(cell_lines(cell))]
        return [line for line, following in lines if len(word(following)) == 1]

    values = [line for line in cut("target", "actual") if em(line) * 2 > names.em]
    return Columns(
        learn(cut("name")),
        learn(values),
        learn(values),
        learn(cut("deviation_reason")),
        names=texts("name"),
        words=texts("target", "actual"),
        reasons=whole(texts("deviation_reason")),
        spaced=spaced,
    )


def whole(reasons: frozenset[str]) -> frozenset[str]:
    """The texts that are not the beginning of another: those may have been cut too early."""
    ordered = sorted(reasons)
    cut = {text for text, following in pairwise(ordered) if following.startswith(text)}
    return reasons - cut


def one_page(cell: Pieces) -> bool:
    """Whether no page break runs through a cell."""
    return all(piece.page == cell[0].page for piece in cell)


def cut_names(table: Table) -> Iterator[str]:
    """Lines of names that go on, where a row holds a name, a value and an actual value only."""
    for segment in segments(table):
        pieces = segment.pieces
        values = [index for index, piece in enumerate(pieces) if VALUE.match(piece.text)]
        if len(pieces) in (4, 5) and values[:1] == [len(pieces) - 2] and segment.numbers:
            yield from (piece.text for piece in pieces[: len(pieces) - 3])
