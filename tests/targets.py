"""Targets against what was reached, calculated from the transcription with plain fractions.

Knows neither the suites nor the package; reads what the real documents print, no more.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

RULES = ("WE03", "SC04", "SC05", "SC06", "SC07", "SC08", "SC09",
         "IN01", "IN02", "IN03", "IN04", "IN05")  # fmt: skip
GRADES = ((90, "优"), (80, "良"), (60, "中"), (-math.inf, "差"))

Outcome = tuple[str, str | None, str]
"""Rule, row, outcome."""


@dataclass(frozen=True)
class Value:
    """`>=85人次` -> >=, 85, 人次; words have no number."""

    operator: str
    number: Fraction | None
    unit: str


def value(text: str) -> Value:
    found = re.fullmatch(r"(>=|<=|>|<|=)?([0-9.]+)(\D*)", text)
    if not found:
        return Value("", None, "")
    return Value(found[1] or "", Fraction(found[2]), found[3])


@dataclass(frozen=True)
class Row:
    """An indicator."""

    ordinal: str
    target: Value
    actual: Value
    texts: tuple[str, str]
    weight: Fraction
    score: Fraction
    reason: bool

    @property
    def quantitative(self) -> bool:
        return self.target.number is not None

    @property
    def comparable(self) -> bool:
        target, actual = self.target, self.actual
        if target.number is None:
            return actual.number is None or (actual.number == 0 and not actual.unit)
        if actual.number is None:
            return False
        if actual.number == 0 and not actual.unit:
            return True
        units = {target.unit, actual.unit}
        return len(units) == 1 or ("" in units and not any(unit.endswith("/月") for unit in units))

    @property
    def missed(self) -> bool:
        wanted, got = self.target.number, self.actual.number
        if got is None:
            return False
        if wanted is None:
            return got == 0
        return not {"<=": got <= wanted, "<": got < wanted, ">": got > wanted}.get(
            self.target.operator, got >= wanted
        )

    @property
    def met(self) -> bool:
        return not self.missed and (self.quantitative or self.texts[0] == self.texts[1])

    @property
    def due(self) -> Fraction:
        """Points of a missed quantitative target."""
        wanted, got = self.target.number or Fraction(0), self.actual.number or Fraction(0)
        part, whole = (wanted, got) if "<" in self.target.operator else (got, wanted)
        return self.weight * part / whole


def rows_of(form: dict[str, Any]) -> list[Row]:
    return [
        Row(
            str(row["ordinal"]),
            value(row["target"]),
            value(row["actual"]),
            (row["target"], row["actual"]),
            Fraction(row["weight"]),
            Fraction(row["score"]),
            bool(row["deviation_reason"]),
        )
        for row in form["indicators"]
    ]


def calculated(form: dict[str, Any]) -> Iterator[Outcome]:
    """The outcome of each place; a rule without any does not apply."""
    rows = rows_of(form)
    for rule in RULES:
        yield rule, None, "not_applicable"
    for row in rows:
        yield from _always(row)
        yield from _of_comparable(row) if row.comparable else _of_others(row)
    yield "SC09", "0", _grades(form, rows)
    quantified = sum(row.weight for row in rows if row.quantitative)
    yield "IN05", None, _holds(2 * quantified >= sum(row.weight for row in rows))


def _holds(fine: bool) -> str:
    return "pass" if fine else "fail"


def _always(row: Row) -> Iterator[Outcome]:
    target, actual, number = row.target, row.actual, row.ordinal
    yield "IN01", number, _holds(row.comparable)
    if row.quantitative and target.operator:
        yield "IN02", number, _holds(row.texts[0] != row.texts[1])
    if row.quantitative or actual.number is not None:
        for side in (target, actual):  # two places: either cell can lack its unit
            yield "IN03", number, _holds(bool(side.unit) or not side.number)


def _of_others(row: Row) -> Iterator[Outcome]:
    for rule in ("SC04", "SC05", "SC06", "SC07", "SC08"):
        yield rule, row.ordinal, "cannot_evaluate"
    if row.target.operator == "=":
        yield "IN04", row.ordinal, "cannot_evaluate"
    if row.weight == 0:
        yield "WE03", row.ordinal, "cannot_evaluate"


def _of_comparable(row: Row) -> Iterator[Outcome]:
    number, short = row.ordinal, row.score < row.weight
    if row.weight == 0:
        yield "WE03", number, _holds(not row.missed)
    if row.quantitative and row.missed and row.weight > 0:
        yield "SC04", number, _holds(short)
    if row.quantitative and row.missed and short:
        yield "SC05", number, _pro_rata(row)
    if row.met:
        yield "SC06", number, _holds(not short)
    if row.missed or short:
        yield "SC07", number, _holds(row.reason)
    if row.quantitative and "<" not in row.target.operator:
        wanted, got = row.target.number or Fraction(0), row.actual.number or Fraction(0)
        yield "SC08", number, _holds(10 * got <= 13 * wanted or row.reason)
        if row.target.operator == "=" and not row.missed:
            yield "IN04", number, _holds(got == wanted)


def _half_up(number: Fraction, digits: int) -> Fraction:
    return Fraction(math.floor(number * 10**digits + Fraction(1, 2)), 10**digits)


def _pro_rata(row: Row) -> str:
    if row.score == _half_up(row.due, 2):
        return "pass"
    near = abs(row.score - row.due) < Fraction(1, 100)
    return "rounding" if near or row.score == _half_up(row.due, 0) else "fail"


def _grades(form: dict[str, Any], rows: list[Row]) -> str:
    total = next(fund for fund in form["funds"] if fund["source"] == "total")
    rate = Fraction(total["execution_rate"].rstrip("%")) / 100
    weight = Fraction(total["weight"])
    due = min(weight, weight * rate) + sum(
        row.due if row.quantitative and row.comparable and row.missed else row.score for row in rows
    )
    recomputed = 100 * due / (weight + sum(row.weight for row in rows))
    return _holds(_grade(Fraction(form["total_score"])) == _grade(recomputed))


def _grade(points: Fraction) -> str:
    return next(name for start, name in GRADES if points >= start)
