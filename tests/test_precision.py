"""The comparison at printed precision, against fractions."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_utils import precision

CENT = Decimal("0.01")
ALL = ("half-up", "up", "down", "half-even")


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "outcome", "modes"),
    [
        ("9.64", "9.636", "1", "pass", ("half-up", "up", "half-even")),
        ("9.63", "9.636", "1", "rounding", ("down",)),
        ("9.64", "9.6301", "1", "rounding", ("up",)),
        ("9.36", "9.636", "1", "fail", ()),
        ("9.65", "9.64", "1", "fail", ()),
        ("0.02", "0.025", "1", "rounding", ("down", "half-even")),
        ("0.03", "0.025", "1", "pass", ("half-up", "up")),
        ("0.04", "0.035", "1", "pass", ("half-up", "up", "half-even")),
        ("0.33", "1", "3", "pass", ("half-up", "down", "half-even")),
        ("0.67", "2", "3", "pass", ("half-up", "up", "half-even")),
        ("-0.03", "-0.025", "1", "pass", ("half-up", "up")),
        ("-0.02", "-0.025", "1", "rounding", ("down", "half-even")),
        ("0.33", "-1", "-3", "pass", ("half-up", "down", "half-even")),
        ("0", "0", "5", "pass", ALL),
    ],
)
def test_compare(
    printed: str, numerator: str, denominator: str, outcome: str, modes: tuple[str, ...]
) -> None:
    found = precision.compare(Decimal(printed), Decimal(numerator), Decimal(denominator), CENT)
    assert (found.outcome, found.modes) == (outcome, modes)


NUMBERS = st.decimals(min_value=-(10**17), max_value=10**17, places=6)
UNITS = st.integers(-4, 6).map(lambda exponent: Decimal(1).scaleb(-exponent))


def rounded(value: Fraction, mode: str) -> int:
    """A fraction to a whole number; halves and directions as in the decimal module."""
    size, sign = abs(value), -1 if value < 0 else 1
    return (
        sign
        * {
            "half-up": math.floor(size + Fraction(1, 2)),
            "up": math.ceil(size),
            "down": math.floor(size),
            "half-even": round(size),
        }[mode]
    )


@given(NUMBERS, NUMBERS.filter(bool), UNITS, st.integers(-2, 2))
def test_the_outcome_follows_from_rounding_the_exact_fraction(
    numerator: Decimal, denominator: Decimal, unit: Decimal, away: int
) -> None:
    value = Fraction(numerator) / Fraction(denominator) / Fraction(unit)
    units = math.floor(value) + away
    printed = precision.EXACT.multiply(Decimal(units), unit)
    found = precision.compare(printed, numerator, denominator, unit)
    assert found.modes == tuple(mode for mode in ALL if rounded(value, mode) == units)
    expected = "pass" if rounded(value, "half-up") == units else "fail"
    if expected == "fail" and abs(value - units) < 1:
        expected = "rounding"
    assert found.outcome == expected


@given(NUMBERS, NUMBERS.filter(bool), UNITS)
def test_half_up_gives_what_compare_lets_pass(
    numerator: Decimal, denominator: Decimal, unit: Decimal
) -> None:
    due = precision.half_up(numerator, denominator, unit)
    assert precision.compare(due, numerator, denominator, unit).outcome == "pass"


def test_what_cannot_be_compared_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        precision.compare(CENT, CENT, Decimal(0), CENT)
    with pytest.raises(ValueError, match="no unit"):
        precision.compare(CENT, CENT, CENT, Decimal(0))


@pytest.mark.parametrize(
    ("value", "text"),
    [("9.640000", "9.64"), ("100", "100"), ("1E+4", "10000"), ("0.00", "0"), ("-0.280", "-0.28")],
)
def test_plain(value: str, text: str) -> None:
    assert precision.plain(Decimal(value)) == text


def test_a_rounding_names_the_ways_that_explain_it() -> None:
    comparison = precision.compare(Decimal("0.02"), Decimal("0.025"), Decimal(1), CENT)
    assert precision.in_words(comparison, "0.03") == (
        "四舍五入应为 0.03；按舍去尾数或四舍六入五成双则一致"
    )
    assert precision.in_words(precision.Comparison("pass"), "0.03") == ""


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], (0, ())),
        ([("1", "3", "0.34"), ("1", "8", "0.13")], (2, ("up",))),
        ([("1", "4", "0.25"), ("2", "3", "0.67")], (2, ("half-up", "up", "half-even"))),
        ([("1", "3", "0.34"), ("2", "3", "0.66")], (2, ())),
    ],
    ids=["none", "up only", "half-up among others", "no one way"],
)
def test_a_habit_explains_all_numbers(
    numbers: list[tuple[str, str, str]], expected: tuple[int, tuple[str, ...]]
) -> None:
    unit = Decimal("0.01")
    comparisons = [
        precision.compare(Decimal(printed), Decimal(top), Decimal(bottom), unit)
        for top, bottom, printed in numbers
    ]
    assert precision.habit(comparisons) == expected
