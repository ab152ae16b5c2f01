"""Characters on a page -> runs: texts on one line, as they are drawn one after another.

A line may run across the page, up or down it (the label at the side of a table), or be
slanted (a watermark).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import inf
from operator import attrgetter
from statistics import median

from audit_utils.documents.pdf.pages import Glyph
from audit_utils.documents.pdf.ruling import Lattice

_GAP = 0.6
"""Part of the font's height that parts two texts on one line."""
_BACK = 0.7
"""Part of the font's height by which a sign may be drawn closer to the one before it: 。（."""
_WORDS = 0.18
"""Part of the font's height that parts two Latin words drawn without a blank."""
_SIDES = 1.0
"""Points that part texts on the two sides of a line, at least."""

_Sides = tuple[float, float, float, float]
_TURNS: dict[int, Callable[[float, float, float, float], _Sides]] = {
    90: lambda x0, y0, x1, y1: (-y1, x0, -y0, x1),
    180: lambda x0, y0, x1, y1: (-x1, -y1, -x0, -y0),
    270: lambda x0, y0, x1, y1: (y0, -x1, y1, -x0),
}
"""Direction of a line -> its box as one sees it who turns the page to read it."""


@dataclass(slots=True)
class Run:
    """Characters drawn one after another on one line.

    `way` is the direction of the line, in degrees against the clock, None for a slanted
    one; `crosses` tells that a text goes on behind the side of a box, `touching` where texts
    touch that are drawn apart.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    way: int | None = 0
    crosses: bool = False
    touching: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def runs(glyphs: Iterable[Glyph], lattices: Sequence[Lattice]) -> Iterator[Run]:
    """The runs of a page in the order in which they are drawn, placed on the page."""
    for way, group in groupby(glyphs, attrgetter("way")):
        if way == 0:
            yield from _upright(group, lattices)
        elif way is None:
            for _, text in groupby(group, attrgetter("drawn")):
                yield from _slanted(list(text))
        else:
            turned = (_turned(glyph, way) for glyph in group)
            yield from (upright(replace(run, way=way), -way) for run in _upright(turned, ()))


def upright(run: Run, way: int | None = None) -> Run:
    """A run where it stands for one who turns the page to read it."""
    turn = _TURNS.get((run.way or 0) if way is None else way % 360)
    if turn is None:
        return run
    x0, y0, x1, y1 = turn(run.x0, run.y0, run.x1, run.y1)
    return replace(run, x0=x0, y0=y0, x1=x1, y1=y1)


def _turned(glyph: Glyph, way: int) -> Glyph:
    return Glyph(glyph.text, *_TURNS[way](*glyph[1:5]), glyph.drawn)


def _slanted(text: Sequence[Glyph]) -> Iterator[Run]:
    shown = "".join(glyph.text for glyph in text).strip()
    if shown:
        x0, y0 = min(glyph.x0 for glyph in text), min(glyph.y0 for glyph in text)
        x1, y1 = max(glyph.x1 for glyph in text), max(glyph.y1 for glyph in text)
        yield Run(shown, x0, y0, x1, y1, None)


def _upright(glyphs: Iterable[Glyph], lattices: Sequence[Lattice]) -> Iterator[Run]:
    """Characters that follow one another on a line, up to a gap or the side of a box."""
    run: Run | None = None
    gaps: list[float] = []
    last, blank = 0, False
    for text, x0, y0, x1, y1, drawn, _ in glyphs:
        if text.isspace() or text == "\u200b":
            blank = True
            continue
        crosses = False
        if run:
            height = min(y1 - y0, run.y1 - run.y0)
            gap = x0 - run.x1
            beside = (
                min(y1, run.y1) - max(y0, run.y0) > height / 2
                and -_BACK * height < gap < height * (_GAP * 2 if blank else _GAP)
            )  # fmt: skip
            if beside and not _parted(run.x1, x0, (y0 + y1) / 2, lattices):
                if drawn != last and abs(gap) < _SIDES:
                    run.touching += (x0,)
                gaps.append(inf if blank else gap)
                run.text += text
                run.x1, run.y0, run.y1 = max(run.x1, x1), min(run.y0, y0), max(run.y1, y1)
                last, blank = drawn, False
                continue
            crosses = beside and drawn == last and not blank
            run.crosses |= crosses
            yield _spaced(run, gaps)
        run, gaps, last, blank = Run(text, x0, y0, x1, y1, crosses=crosses), [], drawn, False
    if run:
        yield _spaced(run, gaps)


def _parted(x0: float, x1: float, y: float, lattices: Sequence[Lattice]) -> bool:
    """Whether the side of a box stands between two characters."""
    if x1 - x0 < _SIDES:
        return False
    low, high = x0 - _SIDES, x1 + _SIDES
    for lattice in lattices:
        if lattice.ys[0] <= y <= lattice.ys[-1]:
            if bisect_left(lattice.xs, low) == bisect_right(lattice.xs, high):
                continue
            if any(low <= box.x1 <= high and box.y0 <= y <= box.y1 for box in lattice.boxes):
                return True
    return False


def _spaced(run: Run, gaps: Sequence[float]) -> Run:
    """A run with a blank where one is drawn, or where a gap is wider than between letters."""
    wide = run.height * _WORDS
    if gaps and max(gaps) > wide:
        wide += max(0.0, median([gap for gap in gaps if gap < inf] or [0.0]))
        text = run.text[0]
        for char, gap in zip(run.text[1:], gaps, strict=True):
            parted = gap == inf or (gap > wide and text[-1].isascii() and char.isascii())
            text += " " + char if parted else char
        run.text = text
    return run
