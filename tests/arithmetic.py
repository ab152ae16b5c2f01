"""Works out what a working says, by itself: equations and comparisons in plain text.

Knows nothing of the package.  A number that ends in `…` is one with more decimals: an
interval that begins with those shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

NUMBER = r"[+-]?\d[\d,]*(?:\.\d+)?…?%?"
_TOKEN = re.compile(rf"({NUMBER}|[()]|[-+×÷])\s*")
_EXPRESSION = rf"\(*{NUMBER}(?:\)*\s[-+×÷]\s\(*{NUMBER})*\)*"
_LEFT = re.compile(rf"(?<![\d.,…%])({_EXPRESSION})\s?$")
_RIGHT = re.compile(rf"^({_EXPRESSION})")
_FACT = re.compile(rf"(?<![\d.,…%-])({NUMBER}) ([<>≤≥]) ({NUMBER})(?![\d.,…%？?-])")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d) ([<>≤≥]) (\d{4}-\d\d-\d\d)(?!\s?[？?])")
_DUE = re.compile(
    rf"({NUMBER})(?:，应为|, due) ({NUMBER})(?:(?:，相差|: difference) ({NUMBER})|，相符|: agrees)"
)
_QUOTED = re.compile(r"“[^“”]*”")
_NOTE = re.compile(r"（[^（）]*）|\([^()]*[^\W\d_][^()]*\)|\(\)")
_ROWS = re.compile(r"Items? \d+(?: to \d+)?")
_HOLDS = {
    "<": lambda left, right: left < right, ">": lambda left, right: left > right,
    "≤": lambda left, right: left <= right, "≥": lambda left, right: left >= right,
}  # fmt: skip


@dataclass(frozen=True)
class Interval:
    low: Fraction
    high: Fraction

    def meets(self, other: "Interval") -> bool:
        return self.low <= other.high and other.low <= self.high


def claims(working: str) -> Iterator[tuple[str, bool]]:
    """Every equation and comparison of numbers in a working, and whether it is right."""
    for line in working.splitlines():
        text = bare(line)
        yield from _equations(text)
        for told, due, difference in _DUE.findall(text):
            apart = evaluate(difference or "0")
            claim = f"{told} - {due} = {difference or 0}"
            yield claim, evaluate(f"{told} - {due}").meets(apart)
        for left, sign, right in _DAYS.findall(text):
            yield f"{left} {sign} {right}", _HOLDS[sign](left, right)
        for left, sign, right in _FACT.findall(_DAYS.sub("", text)):
            low, high = value(left), value(right)
            yield f"{left} {sign} {right}", _HOLDS[sign](low.low, high.low)


def differences(working: str) -> set[Fraction]:
    """The numbers with a sign, or after the word for a difference."""
    pattern = rf"(?:相差 |[Dd]ifference )({NUMBER})|= ([+-]\d[\d,.]*)"
    found = re.findall(pattern, "\n".join(map(bare, working.splitlines())))
    return {value(one or other).low for one, other in found}


def bare(line: str) -> str:
    """A line without what is printed and without notes in brackets."""
    text = _ROWS.sub("item", line)
    while (shorter := _NOTE.sub("", _QUOTED.sub("", text))) != text:
        text = shorter
    return re.sub(r"\s+", " ", text)


def _equations(text: str) -> Iterator[tuple[str, bool]]:
    sides = text.split(" = ")
    for before, after in pairwise(sides):
        left, right = _LEFT.search(before), _RIGHT.search(after)
        if left and right:
            claim = f"{left[1]} = {right[1]}"
            yield claim, evaluate(left[1]).meets(evaluate(right[1]))


def value(number: str) -> Interval:
    digits = number.replace(",", "").rstrip("%")
    scale = 100 if number.endswith("%") else 1
    shown = Fraction(digits.rstrip("…"))
    more = Fraction(0)
    if digits.endswith("…"):
        more = Fraction(1, 10 ** len(digits.rstrip("…").partition(".")[2]))
    ends = (shown, shown - more if digits.startswith("-") else shown + more)
    return Interval(min(ends) / scale, max(ends) / scale)


def evaluate(expression: str) -> Interval:
    """The value of an expression with + - × ÷ and brackets."""
    tokens = [found for found in _TOKEN.findall(re.sub(r"([()])", r" \1 ", expression)) if found]
    result, rest = _sum(tokens)
    assert not rest, expression
    return result


def _sum(tokens: list[str]) -> tuple[Interval, list[str]]:
    left, tokens = _product(tokens)
    while tokens and tokens[0] in "+-":
        sign, (right, rest) = tokens[0], _product(tokens[1:])
        if sign == "-":
            right = Interval(-right.high, -right.low)
        left, tokens = Interval(left.low + right.low, left.high + right.high), rest
    return left, tokens


def _product(tokens: list[str]) -> tuple[Interval, list[str]]:
    left, tokens = _one(tokens)
    while tokens and tokens[0] in "×÷":
        sign, (right, rest) = tokens[0], _one(tokens[1:])
        if sign == "÷":
            right = Interval(1 / right.high, 1 / right.low)
        corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
        left, tokens = Interval(min(corners), max(corners)), rest
    return left, tokens


def _one(tokens: list[str]) -> tuple[Interval, list[str]]:
    if tokens[0] == "(":
        inside, rest = _sum(tokens[1:])
        assert rest[0] == ")"
        return inside, rest[1:]
    return value(tokens[0]), tokens[1:]
