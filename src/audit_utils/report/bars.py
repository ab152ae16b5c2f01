"""Rows of words with bars below them, and what a figure is beside its drawings.

A figure says in its caption what is drawn and, for those who cannot see it, every number
in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audit_utils.language import _
from audit_utils.precision import half_up
from audit_utils.report import drawing, fonts, text
from audit_utils.report.drawing import WIDTH, Box, Drawing, Word
from audit_utils.report.html import Html, render

ROW, BAR = 34.0, 6.0
"""Pixels from row to row, and of a bar."""

Bars = Sequence[tuple[str, float, float]]
"""Look, place and width of the bars of a row, in pixels."""

Axis = Sequence[tuple[str, Fraction | int, str]]
"""Words above the rows, their place as a share of the width, and by what they hang."""

_PAINTED = (
    "track", "bar", "bar-2", "bar-3", "bar-4", "bar-5", "over", "short", "lost", "rule",
)  # fmt: skip
"""Looks; what is painted first stands behind."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: words on the left, muted ones behind them, words on the right, bars below."""

    label: str
    note: str
    value: str
    bars: Bars

    @property
    def said(self) -> str:
        """The row in words."""
        return " ".join(part for part in (self.label, self.value, self.note) if part)


@dataclass(frozen=True, slots=True)
class Figure:
    """Drawings, each with its numbers in words, and what stands below them."""

    name: str
    title: str
    legend: str
    drawn: Sequence[tuple[Drawing, str]]
    notes: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.drawn and not self.notes

    @property
    def words(self) -> str:
        """All that is written in the drawings."""
        return "".join(word.text for one, _said in self.drawn for word in one.words)


NOTHING = Figure("", "", "", ())


def figure(
    name: str,
    title: str,
    legend: str,
    panels: Sequence[Sequence[Line]],
    notes: Sequence[str] = (),
    axis: Axis = (),
) -> Figure:
    """Rows in one panel or several beside each other; empty without rows and notes.

    Muted words for which a row has no room go to the notes.
    """
    left = [line for panel in panels for line in panel if line.note and _room(line) < 0]
    notes = [*(f"{line.label}{_('：')}{line.note}" for line in left), *notes]
    drawn = [(rows(panel, axis), _("；").join(line.said for line in panel)) for panel in panels]
    return Figure(name, title, legend, drawn, notes)


def shown(*figures: Figure) -> list[Html]:
    """The figures, empty ones too, with one font: the first that is drawn brings it for all."""
    words = "".join(one.words for one in figures)
    first = next((one for one in figures if not one.empty), NOTHING)
    family = f"figure-{first.name}"
    face = fonts.face(family, words)
    return [_shown(one, family, face if one is first else "") for one in figures]


def _shown(one: Figure, family: str, font: str) -> Html:
    if one.empty:
        return Html("figure", "")
    svgs = [
        drawing.svg(drawn, f"{one.name}-{place}", one.title, said)
        for place, (drawn, said) in enumerate(one.drawn, start=1)
    ]
    return render("figure", figure=one, family=family, font=font, drawings=svgs)


def rows(lines: Sequence[Line], axis: Axis = ()) -> Drawing:
    """The rows below each other, under the words of the axis if there are any."""
    top = 16.0 if axis else 0.0
    boxes: list[Box] = []
    words = [Word(float(x) * WIDTH, 11, name, "note", anchor) for name, x, anchor in axis]
    for place, line in enumerate(lines):
        base = top + place * ROW
        boxes += (_bar(look, x, base + 20, width) for look, x, width in line.bars if width > 0)
        words += _said(line, base + 14)
    boxes.sort(key=lambda box: _PAINTED.index(box.look))
    return Drawing(top + len(lines) * ROW, boxes, words)


def _bar(look: str, x: float, y: float, width: float) -> Box:
    outside = 3 if look == "rule" else 0
    return Box(look, x, y - outside, width, BAR + 2 * outside)


def _said(line: Line, y: float) -> Iterable[Word]:
    """The words of a row; the label is cut where it would meet the value."""
    label = fonts.fitted(" ".join(line.label.split()), drawing.SIZE, _before(line))
    yield Word(0, y, label)
    if line.note and _room(line) >= 0:
        yield Word(fonts.width(label, drawing.SIZE) + 8, y, line.note, "note")
    yield Word(WIDTH, y, line.value, "value", "end")


def _before(line: Line) -> float:
    """What the value leaves of a row, in pixels."""
    return WIDTH - fonts.width(line.value, drawing.SIZE) - 12


def _room(line: Line) -> float:
    """What label, muted words and value leave of a row; less than nothing where they do not fit."""
    used = fonts.width(line.label, drawing.SIZE) + 8 + fonts.width(line.note, drawing.SMALL)
    return _before(line) - used


# ---- numbers


def length(amount: Decimal | Fraction | None, largest: Decimal) -> float:
    """The bar of an amount, in pixels; what is below zero has none."""
    return max(float(Fraction(amount or 0) / Fraction(largest)), 0.0) * WIDTH


def percent(share: Fraction) -> str:
    """In percent with one decimal, and more where 100 % would not be true."""
    for digits in (1, 2, 4, 6):
        printed = rounded(share * 100, digits)
        if (printed == 100) == (share == 1):
            break
    return f"{text.number(printed)}%"


def rounded(value: Fraction, digits: int) -> Decimal:
    """Half up, to so many decimals."""
    unit = Decimal(1).scaleb(-digits)
    return half_up(Decimal(value.numerator), Decimal(value.denominator), unit)
