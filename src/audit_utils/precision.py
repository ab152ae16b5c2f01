"""Outcomes, and the one comparison that forgives rounding.

A printed number is compared at the precision it is printed with.  It agrees when half-up
rounding of the computed value gives it; it is `rounding` when it does not, but differs by
less than one unit of its last printed digit, so that another way of rounding explains it;
anything more is a failure.  All of it in exact decimals: nothing here divides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from typing import Literal

from audit_utils.language import _

Outcome = Literal["fail", "error", "cannot_evaluate", "rounding", "pass", "not_applicable"]

OUTCOMES: tuple[Outcome, ...] = (
    "fail",
    "error",
    "cannot_evaluate",
    "rounding",
    "pass",
    "not_applicable",
)
"""Worst first: the worst outcome of a rule's places is its outcome for the project."""

Mode = Literal["half-up", "up", "down", "half-even"]
MODES: tuple[Mode, ...] = ("half-up", "up", "down", "half-even")

EXACT = Context(prec=400, traps=[Inexact])
"""Exact or an exception: products of a few 24-digit columns need far less."""

_ROUND = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing a printed number gave, and the ways of rounding that explain it."""

    outcome: Outcome
    modes: tuple[Mode, ...] = ()


def product(factors: Iterable[Decimal]) -> Decimal:
    """The exact product; 1 of nothing."""
    result = Decimal(1)
    for factor in factors:
        result = EXACT.multiply(result, factor)
    return result


def compare(
    printed: Decimal, numerator: Decimal, denominator: Decimal, unit: Decimal
) -> Comparison:
    """Compare `printed` with numerator / denominator; `unit` is one of its last digit.

    Raises ZeroDivisionError for a denominator of zero and ValueError for a unit that is not
    positive.
    """
    if denominator == 0:
        raise ZeroDivisionError("a quotient of nothing has no value")
    if unit <= 0:
        raise ValueError(f"{unit} is no unit of a last digit")
    if denominator < 0:
        numerator, denominator = numerator.copy_negate(), denominator.copy_negate()
    # Everything times the denominator; `over` is how far the computed value lies above.
    one = EXACT.multiply(unit, denominator)
    over = EXACT.subtract(numerator, EXACT.multiply(printed, denominator))
    modes = _modes(over, one, numerator, even=_is_even(printed, unit))
    if "half-up" in modes:
        return Comparison("pass", modes)
    return Comparison("rounding" if over.copy_abs() < one else "fail", modes)


def _is_even(printed: Decimal, unit: Decimal) -> bool:
    return EXACT.remainder(printed, EXACT.multiply(unit, Decimal(2))) == 0


def _modes(over: Decimal, one: Decimal, value: Decimal, *, even: bool) -> tuple[Mode, ...]:
    """The ways of rounding that give the printed number; away from zero counts as up."""
    away = over if value >= 0 else over.copy_negate()
    distance = away.copy_abs()
    to_half = EXACT.add(distance, distance).compare(one)
    explained: dict[Mode, bool] = {
        "half-up": to_half < 0 or (to_half == 0 and away < 0),
        "up": away <= 0 and distance < one,
        "down": away >= 0 and distance < one,
        "half-even": to_half < 0 or (to_half == 0 and even),
    }
    return tuple(mode for mode in MODES if explained[mode])


def half_up(numerator: Decimal, denominator: Decimal, unit: Decimal) -> Decimal:
    """numerator / denominator, rounded half-up to whole units: what should be printed."""
    scaled = _ROUND.divide(numerator, EXACT.multiply(denominator, unit))
    return EXACT.multiply(scaled.to_integral_value(ROUND_HALF_UP), unit)


def plain(value: Decimal) -> str:
    """The number without an exponent and without zeros at its end: `9.64`, `100`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


IN_WORDS: dict[Mode, str] = {
    "half-up": "四舍五入",
    "up": "进位",
    "down": "舍去尾数",
    "half-even": "四舍六入五成双",
}


def in_words(comparison: Comparison, due: str) -> str:
    """For a rounding: what half-up would give, and which ways explain the printed number."""
    if comparison.outcome != "rounding":
        return ""
    ways = _("或").join(_(IN_WORDS[mode]) for mode in comparison.modes)
    return _("四舍五入应为 {due}；按{ways}则一致", due=due, ways=ways)


def habit(comparisons: Iterable[Comparison]) -> tuple[int, tuple[Mode, ...]]:
    """How many numbers were compared, and the ways of rounding that explain all of them.

    A document rounds in one way throughout: a way that explains all its numbers is its habit.
    """
    explained = [set(comparison.modes) for comparison in comparisons]
    common = set(MODES).intersection(*explained) if explained else set()
    return len(explained), tuple(mode for mode in MODES if mode in common)
