"""Lines drawn on a page -> tables: the boxes between the lines, in rows and columns.

Lines that touch make one table.  Its lines cut the page into small fields; fields without
a line between them are one box, and that is what a merged cell is.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from audit_utils.documents.pdf.pages import Stroke

_NEAR = 4.0
"""Points that two lines may lie apart and still be one; no row is as low."""
_REACH = 2.5
"""Points that two lines may lie apart and still meet; a line below a word ends sooner."""
_DOT = 3.0
"""What is no longer is a dot, and may be a part of a line in any direction."""
_SAME = 1.0
"""Points that the pieces of one line may be out of line."""
_DASH, _LONGEST_DASH = 8.0, 12.0
"""Points that two dashes of a line may lie apart, and be long."""
_SLIVER = 6.0
"""Points by which lines may reach beyond the outermost one that crosses them."""
_SHORT = 4.0
"""What is no longer belongs to a letter or a mark."""


class Box(NamedTuple):
    """A cell of a ruled table: rows and columns count from 0, `bottom` and `right` included."""

    x0: float
    y0: float
    x1: float
    y1: float
    top: int
    left: int
    bottom: int
    right: int


class Lattice(NamedTuple):
    """A ruled table on one page: where its columns and rows end, and its boxes by row."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]


class _Line(NamedTuple):
    """A horizontal line at a height, or a vertical one at a distance from the left."""

    at: float
    start: float
    end: float


def lattices(strokes: Iterable[Stroke], before: Lattice | None = None) -> list[Lattice]:
    """The ruled tables of a page from top to bottom; a lone box is none.

    `before` is the last table of the page before: what goes on with it may be a part of one
    row, which has lines at its sides only.
    """
    across: list[_Line] = []
    down: list[_Line] = []
    dots: list[Stroke] = []
    for stroke in set(strokes):
        x0, y0, x1, y1 = stroke
        if x1 - x0 < _DOT and y1 - y0 < _DOT:
            dots.append(stroke)
        elif x1 - x0 >= y1 - y0:
            across.append(_Line((y0 + y1) / 2, x0, x1))
        else:
            down.append(_Line((x0 + x1) / 2, y0, y1))
    across += _dotted(_Line((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in dots)
    down += _dotted(_Line((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in dots)
    groups = list(_touching(list(_merged(across)), list(_merged(down))))
    found = [_lattice(*group) for group in groups if all(group)]
    if before and not found:
        found = _inner_part([line for group in groups for line in group[1]], before)
    return sorted((one for one in found if len(one.boxes) > 1), key=lambda one: one.ys[0])


def _inner_part(down: list[_Line], before: Lattice) -> list[Lattice]:
    """The middle part of a row that runs over three pages: the sides of its cells alone."""
    if len({(round(line.start), round(line.end)) for line in down}) != 1:
        return []
    if any(abs(before.xs[_index(before.xs, line.at)] - line.at) > _NEAR for line in down):
        return []
    ends = (before.xs[0], before.xs[-1])
    xs = _clusters([*(line.at for line in down), *ends])
    ys = (down[0].start, down[0].end)
    boxes = (Box(x0, ys[0], x1, ys[1], 0, n, 0, n) for n, (x0, x1) in enumerate(pairwise(xs)))
    return [Lattice(tuple(xs), ys, tuple(boxes))]


def _merged(lines: list[_Line]) -> Iterator[_Line]:
    """Lines one after another on the same height as one; short ones left out."""
    heights = _clusters((line.at for line in lines), _SAME)
    on: dict[int, list[_Line]] = defaultdict(list)
    for line in lines:
        on[_index(heights, line.at)].append(line)
    for index, members in on.items():
        yield from _chained(heights[index], members)


def _dotted(dots: Iterable[_Line]) -> Iterator[_Line]:
    """The lines that dots on one height make."""
    on: dict[int, list[_Line]] = defaultdict(list)
    for dot in dots:
        on[round(dot.at * 2)].append(dot)
    for members in on.values():
        yield from _chained(members[0].at, members)


def _chained(at: float, members: Iterable[_Line]) -> Iterator[_Line]:
    """Lines one after another as one: dashes lie further apart than pieces of a line."""
    ordered = sorted(members, key=lambda one: one.start)
    start, end, last = ordered[0].start, ordered[0].end, ordered[0]
    for line in ordered[1:]:
        dashes = max(last.end - last.start, line.end - line.start) < _LONGEST_DASH
        if line.start > end + (_DASH if dashes else _NEAR):
            if end - start > _SHORT:
                yield _Line(at, start, end)
            start = line.start
        end, last = max(end, line.end), line
    if end - start > _SHORT:
        yield _Line(at, start, end)


def _clusters(values: Iterable[float], near: float = _NEAR) -> list[float]:
    """Sorted values; of those that follow one another closely the first."""
    found: list[float] = []
    last = -inf
    for value in sorted(values):
        if value - last > near:
            found.append(value)
        last = value
    return found


def _index(clusters: Sequence[float], value: float) -> int:
    """Which of the clusters is nearest."""
    place = bisect_left(clusters, value)
    near = [one for one in (place - 1, place) if 0 <= one < len(clusters)]
    return min(near, key=lambda one: abs(clusters[one] - value))


def _touching(across: list[_Line], down: list[_Line]) -> Iterable[tuple[list[_Line], list[_Line]]]:
    """Groups of lines that hang together."""
    down = sorted(down)
    places = [line.at for line in down]
    parents = list(range(len(across) + len(down)))
    for number, line in enumerate(across):
        first = bisect_left(places, line.start - _REACH)
        for other in range(first, bisect_right(places, line.end + _REACH)):
            if down[other].start - _REACH <= line.at <= down[other].end + _REACH:
                _unite(parents, number, len(across) + other)
    groups: dict[int, tuple[list[_Line], list[_Line]]] = defaultdict(lambda: ([], []))
    for number, line in enumerate(across):
        groups[_root(parents, number)][0].append(line)
    for number, line in enumerate(down, len(across)):
        groups[_root(parents, number)][1].append(line)
    return groups.values()


def _root(parents: list[int], one: int) -> int:
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one


def _unite(parents: list[int], one: int, other: int) -> None:
    parents[_root(parents, other)] = _root(parents, one)


def _lattice(across: list[_Line], down: list[_Line]) -> Lattice:
    """The boxes between lines that hang together; outer sides need not be drawn."""
    xs, ys = _places(down, across), _places(across, down)
    rows, columns = len(ys) - 1, len(xs) - 1
    right_of = [[False] * columns for _ in range(rows)]
    below = [[False] * columns for _ in range(rows)]
    for line in down:
        column = _index(xs, line.at) - 1
        for row in _covered(ys, line) if column >= 0 else ():
            right_of[row][column] = True
    for line in across:
        row = _index(ys, line.at) - 1
        for column in _covered(xs, line) if row >= 0 else ():
            below[row][column] = True
    parents = list(range(rows * columns))
    for row in range(rows):
        for column in range(columns):
            field = row * columns + column
            if column + 1 < columns and not right_of[row][column]:
                _unite(parents, field, field + 1)
            if row + 1 < rows and not below[row][column]:
                _unite(parents, field, field + columns)
    return Lattice(tuple(xs), tuple(ys), tuple(_boxes(parents, xs, ys)))


def _places(lines: Sequence[_Line], others: Sequence[_Line]) -> list[float]:
    """Where lines stand, and where those that cross them end with open sides beyond them all."""
    stand = [line.at for line in lines]
    low, high = min(stand) - _SLIVER, max(stand) + _SLIVER
    ends = (end for line in others for end in line[1:])
    return _clusters(
        [*stand, *(e for e in ends if min(stand) < e < max(stand) or not low < e < high)]
    )


def _covered(places: Sequence[float], line: _Line) -> range:
    """The fields along a line that it runs past, by their middle."""
    middles = [(one + other) / 2 for one, other in pairwise(places)]
    return range(bisect_left(middles, line.start), bisect_right(middles, line.end))


def _boxes(parents: list[int], xs: Sequence[float], ys: Sequence[float]) -> Iterator[Box]:
    """United fields that make a rectangle; others are no cells but the outside of a table."""
    columns = len(xs) - 1
    fields: dict[int, list[int]] = defaultdict(list)
    for field in range(len(parents)):
        fields[_root(parents, field)].append(field)
    boxes = []
    for members in fields.values():
        rows = [field // columns for field in members]
        across = [field % columns for field in members]
        top, bottom, left, right = min(rows), max(rows), min(across), max(across)
        if len(members) == (bottom - top + 1) * (right - left + 1):
            box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1], top, left, bottom, right)
            boxes.append(Box(*box))
    yield from sorted(boxes, key=lambda box: (box.top, box.left))
