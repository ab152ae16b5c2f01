"""expect_value_to_equal_product: a printed number is the product or quotient of others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, Ints
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import listed
from audit_utils.precision import EXACT, Comparison, compare, half_up, in_words, product

Numbers = Mapping[str, Decimal | None]
"""Column -> its number in one row."""


class ExpectValueToEqualProduct(AuditExpectation):
    """Expect value = factors multiplied / divisors multiplied, at the precision of the print.

    Args:
        value: column of the printed number.
        factors, divisors: columns.
        at_most: column that the product never exceeds (points: their weight).
        decimals: the number counts as printed with at least so many decimals.
        where: column -> the value, or the values, that the rows to look at have.

    Half-up rounding of the exact quotient has to give the printed number; less than one unit
    of its last digit apart is `rounding`.  A row with a missing value cannot be evaluated,
    nor one that divides something by nothing; nothing divided by nothing does not apply.
    """

    value: str
    factors: tuple[str, ...]
    divisors: tuple[str, ...] = ()
    at_most: str | None = None
    decimals: int = 0
    where: dict[str, Any] | None = None

    def columns(self) -> Iterable[str]:
        return [*self._needed(), *(self.where or {})]

    def _needed(self) -> list[str]:
        cap = [self.at_most] if self.at_most else []
        return list(dict.fromkeys([self.value, *self.factors, *self.divisors, *cap]))

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows = frame.places(self.value, self.where)
        compared = [
            self._compare(frame, row, numbers)
            for row, numbers in zip(rows.tolist(), self._numbers(frame, rows), strict=True)
        ]
        yield Places(
            self.value,
            rows,
            coded(comparison.outcome for comparison in compared),
            lambda number: self._explain(frame, int(rows[number]), compared[number]),
            frame.blank(self._needed(), rows),
            of_project="." in self.value,
            absent=frame.absent(self._needed()),
        )

    def _numbers(self, frame: Frame, rows: Ints) -> Iterator[Numbers]:
        columns = {path: frame.column(path).take(rows).to_pylist() for path in self._needed()}
        for position in range(len(rows)):
            yield {path: column[position] for path, column in columns.items()}

    def _compare(self, frame: Frame, row: int, numbers: Numbers) -> Comparison:
        known = {path: number for path, number in numbers.items() if number is not None}
        if len(known) < len(numbers):
            return Comparison("cannot_evaluate")
        numerator, denominator = self._due(known)
        if denominator == 0:
            return Comparison("cannot_evaluate" if numerator else "not_applicable")
        printed = known[self.value]
        if EXACT.multiply(printed, denominator) == numerator:  # no need to look at the text
            return Comparison("pass")
        unit = frame.unit(self.value, row, self.decimals)
        return compare(printed, numerator, denominator, unit)

    def _due(self, known: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
        """The number that is due, as numerator and denominator."""
        numerator = product(known[path] for path in self.factors)
        denominator = product(known[path] for path in self.divisors)
        if self.at_most and denominator:
            cap = EXACT.multiply(known[self.at_most], denominator)
            numerator = min(numerator, cap) if denominator > 0 else max(numerator, cap)
        return numerator, denominator

    def _explain(self, frame: Frame, row: int, comparison: Comparison) -> Note:
        divisors = listed(frame.label(path) for path in self.divisors)
        if comparison.outcome == "not_applicable":
            return Note(_("{divisors}为 0，没有可核对的比率", divisors=divisors))
        if comparison.outcome == "cannot_evaluate":
            lacking = frame.lacking(self._needed(), row)
            return Note(lacking or _("{divisors}为 0，无法计算", divisors=divisors))
        known = {path: frame.number(path, row) or Decimal(0) for path in self._needed()}
        due = half_up(*self._due(known), frame.unit(self.value, row, self.decimals))
        expected = frame.express(due, self.value, row)
        difference = EXACT.subtract(known[self.value], due)
        reason = in_words(comparison, expected)
        shown = working.steps(self._working(frame, row, known), reason)
        return Note(reason, expected, difference, working=shown)

    def _working(self, frame: Frame, row: int, known: Mapping[str, Decimal]) -> str:
        terms = (*self.factors, *self.divisors)
        exact = Fraction(product(known[path] for path in self.factors)) / Fraction(
            product(known[path] for path in self.divisors)
        )
        unit = frame.unit(self.value, row, self.decimals)
        numerator, denominator = self._due(known)
        return working.steps(
            *(working.reading(frame, path, row) for path in terms),
            working.equation(
                frame.label(self.value),
                self._formula([frame.label(path) for path in terms]),
                self._formula([working.number(known[path], frame.kind(path)) for path in terms]),
                working.quotient(exact, unit),
            ),
            self._capped(frame, row, exact),
            working.against(
                frame, self.value, row, Fraction(numerator) / Fraction(denominator), unit
            ),
        )

    def _formula(self, terms: Sequence[str]) -> str:
        """Names or numbers of factors and divisors, with the signs between."""
        size = len(self.factors)
        return " ÷ ".join([" × ".join(terms[:size]), *terms[size:]])

    def _capped(self, frame: Frame, row: int, exact: Fraction) -> str:
        """That the product exceeds the number that it may not, if it does."""
        cap = frame.number(self.at_most, row) if self.at_most else None
        if self.at_most is None or cap is None or exact <= cap:
            return ""
        return working.capped(frame.label(self.at_most), cap)
