"""Characters on a page -> lines of text, each in the box of a table or outside of all.

Characters come in the order in which they are drawn, so that what one cell shows stays
together even where a text runs over the edge of its box into others.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from audit_utils.documents.pdf.pages import ENDLESS as EVERYWHERE
from audit_utils.documents.pdf.pages import Edges, Glyph
from audit_utils.documents.pdf.ruling import Box, Lattice
from audit_utils.documents.pdf.runs import Run, runs, upright

CROSSES = "a text runs over the side of its cell"
BEYOND = "a cell reaches beyond the edge of the page"
OVER = "two texts are drawn one over the other"

_STEP = 2.2
"""Heights of the font from one line of a paragraph to the next, at most."""
_RAGGED = 2.5
"""Heights of the font that a full line may lack."""
_ALIGNED = 2.5
"""Points by which lines of a paragraph may begin apart."""
_OVER = 0.3
"""Part of the font's height by which texts on one line may run into each other."""
_SIDE = 1.5
"""Points from the side of a box within which two texts that touch may be of two boxes."""
_PARAGRAPH = 3
"""Lines that it takes to know a paragraph that runs over its box."""


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of a box from top to bottom; `full` if the last one fills its width.

    `doubt` tells why the lines may not be those of the box, empty if they are.
    """

    lines: tuple[str, ...]
    full: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: tables with the text of each box, and lines outside of them.

    `written` has the texts of the boxes of `lattices`; `outside` are lines with the
    height that they stand at; `beside` are those beside a table, or slanted
    across the page; `flanked` tells that there is one beside a table.
    """

    lattices: tuple[Lattice, ...]
    written: tuple[tuple[Written, ...], ...]
    outside: tuple[tuple[float, str], ...]
    beside: tuple[str, ...] = ()
    flanked: bool = False


def page(glyphs: Iterable[Glyph], lattices: Sequence[Lattice], seen: Edges = EVERYWHERE) -> Page:
    """Put every character in its box, or on a line outside of all tables.

    `seen` are the left, top, right and bottom of what is seen of the page.
    """
    fields = [_fields(lattice) for lattice in lattices]
    inside: dict[_Place, list[Run]] = {}
    outside: list[Run] = []
    slanted: list[str] = []
    last: _Place | None = None
    for paragraph in _paragraphs(runs(glyphs, lattices)):
        for run, point in _with_places(paragraph, lattices):
            if run.way is None:
                slanted.append(run.text)
                continue
            place = _place(point, lattices, fields) or _place_at_end(run, lattices, fields)
            if place is None and last and _hangs(run, last, inside[last], lattices):
                place = last
            if place is None:
                outside.append(run)
            else:
                inside.setdefault(place, []).append(run)
                last = place
    written = tuple(
        tuple(
            _written(inside.get((number, place), []), box, seen)
            for place, box in enumerate(one.boxes)
        )
        for number, one in enumerate(lattices)
    )
    lines = [(line[0].y0, _joined(line)) for line in _lines(outside)]
    beside = [text for y, text in lines if any(one.ys[0] < y < one.ys[-1] for one in lattices)]
    lines = [line for line in lines if line[1] not in beside]
    every = (*beside, *slanted)
    return Page(tuple(lattices), written, tuple(lines), every, flanked=bool(beside))


# ---- places


_Place = tuple[int, int]
"""Number of a table on the page, and of a box in it."""


def _fields(lattice: Lattice) -> dict[tuple[int, int], int]:
    """Row and column of each field -> the box that it is a part of."""
    return {
        (row, column): place
        for place, box in enumerate(lattice.boxes)
        for row in range(box.top, box.bottom + 1)
        for column in range(box.left, box.right + 1)
    }


def _place(
    point: tuple[float, float],
    lattices: Sequence[Lattice],
    fields: Sequence[dict[tuple[int, int], int]],
) -> _Place | None:
    """The box that holds a point; that of a table inside of another counts."""
    x, y = point
    for number in range(len(lattices) - 1, -1, -1):
        lattice = lattices[number]
        field = bisect_right(lattice.ys, y) - 1, bisect_right(lattice.xs, x) - 1
        place = fields[number].get(field)
        if place is not None:
            return number, place
    return None


def _place_at_end(
    run: Run, lattices: Sequence[Lattice], fields: Sequence[dict[tuple[int, int], int]]
) -> _Place | None:
    """The box in which a run begins or ends that has its middle outside of all tables."""
    _, y = run.middle
    return _place((run.x0, y), lattices, fields) or _place((run.x1, y), lattices, fields)


def _hangs(run: Run, place: _Place, held: Sequence[Run], lattices: Sequence[Lattice]) -> bool:
    """Whether a line below a table is the next one of a text that a page's end cuts.

    The text stands in a box of the last row, and its line above fills that box.
    """
    lattice = lattices[place[0]]
    box = lattice.boxes[place[1]]
    last = held[-1]
    inside = box.x0 <= run.x0 and run.x1 <= box.x1 and abs(run.height - last.height) < 1
    if box.bottom != len(lattice.ys) - 2 or not inside:
        return False
    if abs(run.y0 - last.y0) < run.height / 2:
        return last.middle[1] > box.y1
    line = [one for one in held if abs(one.y0 - last.y0) < last.height / 2]
    width = max(one.x1 for one in line) - min(one.x0 for one in line)
    return (
        0 < run.y0 - last.y0 < _STEP * run.height
        and box.x1 - box.x0 - width < 2 * _RAGGED * run.height
    )


# ---- paragraphs


def _paragraphs(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Lines drawn one below the other from the same left edge."""
    paragraph: list[Run] = []
    for run in runs:
        if paragraph and not _goes_on(paragraph, run):
            yield paragraph
            paragraph = []
        paragraph.append(run)
    if paragraph:
        yield paragraph


def _goes_on(paragraph: Sequence[Run], run: Run) -> bool:
    last = paragraph[-1]
    left = min(one.x0 for one in paragraph[:2])
    return (
        abs(run.x0 - left) < _ALIGNED + (2.5 * run.height if len(paragraph) == 1 else 0)
        and abs(run.height - last.height) < 1
        and 0.6 * run.height < run.y0 - last.y0 < _STEP * run.height
    )


def _with_places(
    paragraph: Sequence[Run], lattices: Sequence[Lattice]
) -> Iterator[tuple[Run, tuple[float, float]]]:
    """Each line with the point that tells its box: of all together, where they run over."""
    over = len(paragraph) >= _PARAGRAPH and _runs_over(paragraph, lattices)
    middle = _middle(paragraph)
    for run in paragraph:
        yield run, middle if over else run.middle


def _middle(paragraph: Sequence[Run]) -> tuple[float, float]:
    return median(run.middle[0] for run in paragraph), (paragraph[0].y0 + paragraph[-1].y1) / 2


def _runs_over(paragraph: Sequence[Run], lattices: Sequence[Lattice]) -> bool:
    """Whether a paragraph runs over its box: it leaves the table, or a line crosses lines."""
    x, y = _middle(paragraph)
    for lattice in lattices:
        for box in lattice.boxes:
            if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1:
                top, bottom = paragraph[0].middle[1], paragraph[-1].middle[1]
                edges = {one.y0 for one in lattice.boxes if one.x0 <= x <= one.x1}
                edges |= {one.y1 for one in lattice.boxes if one.x0 <= x <= one.x1}
                leaves = top < lattice.ys[0] or bottom > lattice.ys[-1]
                return (top < box.y0 or bottom > box.y1) and (
                    leaves or any(_crosses(run, edge) for run in paragraph for edge in edges)
                )
    return False


def _crosses(run: Run, edge: float) -> bool:
    slack = run.height / 4
    return run.y0 + slack < edge < run.y1 - slack


# ---- lines


def _written(held: Sequence[Run], box: Box, seen: Edges) -> Written:
    cut = _is_cut_off(box, seen)
    if not held:
        return Written((), full=False, doubt=BEYOND if cut else "")
    lines = list(_lines([upright(run) for run in held if run.way == held[0].way]))
    lines += _lines([upright(run) for run in held if run.way != held[0].way])
    widths = [max(run.x1 for run in line) - min(run.x0 for run in line) for line in lines]
    widest = max(widths) if len(lines) > 1 else box.x1 - box.x0
    full = widest - widths[-1] < _RAGGED * lines[-1][-1].height
    return Written(tuple(map(_joined, lines)), full, BEYOND if cut else _doubt(held, lines, box))


def _lines(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Runs that stand side by side, from top to bottom, each from left to right."""
    line: list[Run] = []
    for run in sorted(runs, key=lambda one: one.middle[1]):
        if line and run.middle[1] - line[0].middle[1] > min(run.height, line[0].height) / 2:
            yield sorted(line, key=lambda one: one.x0)
            line = []
        line.append(run)
    if line:
        yield sorted(line, key=lambda one: one.x0)


def _joined(line: Sequence[Run]) -> str:
    return " ".join(run.text for run in line)


# ---- doubts


def _is_cut_off(box: Box, seen: Edges) -> bool:
    left, top, right, bottom = seen
    beyond = min(box.x0 - left, box.y0 - top, right - box.x1, bottom - box.y1)
    return beyond < -_SIDE


def _doubt(held: Sequence[Run], lines: Iterable[Sequence[Run]], box: Box) -> str:
    """Why a text may not be that of its box: it crosses a side of it, or another text."""
    for run in held:
        beyond = run.height if len(held) > 1 or not run.text[-1].isalnum() else 0
        if run.crosses or run.x0 < box.x0 - beyond or run.x1 > box.x1 + beyond:
            return CROSSES
        if any(min(abs(box.x0 - x), abs(box.x1 - x)) < _SIDE for x in run.touching):
            return CROSSES
    for line in lines:
        for one, other in pairwise(line):
            if other.x0 < one.x1 - _OVER * min(one.height, other.height):
                return OVER
    return ""
