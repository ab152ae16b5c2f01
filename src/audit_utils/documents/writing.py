"""Characters on a page -> lines of text, each in the box of a table or outside of all.

Characters come in the order in which they are drawn, so that what one cell shows stays
together even where a text runs over the edge of its box into others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from audit_utils.documents.pdfpage import Glyph
from audit_utils.documents.ruling import Box, Lattice

_GAP = 0.6
"""Part of the font's height that parts two texts on one line."""
_WORDS = 0.18
"""Part of the font's height that parts two Latin words drawn without a blank."""
_SIDES = 1.0
"""Points that part texts on the two sides of a line, at least."""
_STEP = 2.2
"""Heights of the font from one line of a paragraph to the next, at most."""
_RAGGED = 2.5
"""Heights of the font that a full line may lack."""
_ALIGNED = 2.5
"""Points by which lines of a paragraph may begin apart."""
_PARAGRAPH = 3
"""Lines that it takes to know a paragraph that runs over its box."""


@dataclass(slots=True)
class Run:
    """Characters drawn one after another on one line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of a box from top to bottom; `full` if the last one fills its width."""

    lines: tuple[str, ...]
    full: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows: tables with the text of each box, and lines outside of them.

    `written` has the texts of the boxes of `lattices`; `outside` are lines with the
    height that they stand at.
    """

    lattices: tuple[Lattice, ...]
    written: tuple[tuple[Written, ...], ...]
    outside: tuple[tuple[float, str], ...]


def page(glyphs: Iterable[Glyph], lattices: Sequence[Lattice]) -> Page:
    """Put every character in its box, or on a line outside of all tables."""
    boxes = [(number, place, box) for number, one in enumerate(lattices)
             for place, box in enumerate(one.boxes)]  # fmt: skip
    inside: dict[tuple[int, int], list[Run]] = {}
    outside: list[Run] = []
    for paragraph in _paragraphs(_runs(glyphs, lattices)):
        for run, (x, y) in _with_places(paragraph, lattices):
            held = [
                (number, place)
                for number, place, box in boxes
                if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
            ]
            if held:
                inside.setdefault(held[-1], []).append(run)
            else:
                outside.append(run)
    written = tuple(
        tuple(_written(inside.get((number, place), []), box) for place, box in enumerate(one.boxes))
        for number, one in enumerate(lattices)
    )
    lines = tuple((line[0].y0, _joined(line)) for line in _lines(outside))
    return Page(tuple(lattices), written, lines)


# ---- runs


def _runs(glyphs: Iterable[Glyph], lattices: Sequence[Lattice]) -> Iterator[Run]:
    """Characters that follow one another on a line, up to a gap or the line of a column."""
    run: Run | None = None
    blank = False
    for text, x0, y0, x1, y1 in glyphs:
        if text.isspace() or text == "\u200b":
            blank = True
            continue
        height = min(y1 - y0, run.height) if run else 0
        gap = x0 - run.x1 if run else 0
        follows = (
            run is not None
            and min(y1, run.y1) - max(y0, run.y0) > height / 2
            and -height / 2 < gap < height * (_GAP * 2 if blank else _GAP)
            and not _parted(run.x1, x0, (y0 + y1) / 2, lattices)
        )
        if run is None or not follows:
            if run:
                yield run
            run = Run(text, x0, y0, x1, y1)
        else:
            words = run.text[-1].isascii() and text.isascii() and gap > height * _WORDS
            run.text += " " + text if blank or words else text
            run.x1, run.y0, run.y1 = max(run.x1, x1), min(run.y0, y0), max(run.y1, y1)
        blank = False
    if run:
        yield run


def _parted(x0: float, x1: float, y: float, lattices: Sequence[Lattice]) -> bool:
    """Whether the side of a box stands between two characters."""
    if x1 - x0 < _SIDES:
        return False
    return any(
        x0 - 1 <= box.x1 <= x1 + 1 and box.y0 <= y <= box.y1
        for lattice in lattices
        if lattice.ys[0] <= y <= lattice.ys[-1]
        for box in lattice.boxes
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


def _written(runs: Sequence[Run], box: Box) -> Written:
    lines = list(_lines(runs))
    if not lines:
        return Written((), full=False)
    widths = [max(run.x1 for run in line) - min(run.x0 for run in line) for line in lines]
    widest = max(widths) if len(lines) > 1 else box.x1 - box.x0
    full = widest - widths[-1] < _RAGGED * lines[-1][-1].height
    return Written(tuple(map(_joined, lines)), full)


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
