"""expect_value_between: a number lies between two bounds."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit_utils.expectations import working
from audit_utils.expectations.frame import Bools, Frame, bools
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.precision import EXACT

Bound = str | int | float | dict[str, str] | None
"""A column, a number, a suite parameter (`{"$PARAMETER": name}`), or nothing."""


_LIMITS = {"≥": "下限", "≤": "上限"}


class ExpectValueBetween(AuditExpectation):
    """Expect low <= value <= high in every row of `where`.

    Args:
        value: column of the number.
        low, high: a column, a number, or nothing.
        where: column -> the value, or the values, that the rows to look at have.
        unless: column; a text in any row of it excuses the project.
        empty: texts that count as nothing there.

    A row in which the value or a bound is missing cannot be evaluated.
    """

    value: str
    low: Bound = None
    high: Bound = None
    where: dict[str, Any] | None = None
    unless: str | None = None
    empty: Sequence[str] | dict[str, str] = ()

    def columns(self) -> Iterable[str]:
        return [*self._needed(), *(self.where or {}), *([self.unless] if self.unless else [])]

    def _needed(self) -> list[str]:
        return [path for path in (self.value, self.low, self.high) if isinstance(path, str)]

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows = frame.places(self.value, self.where)
        value = frame.column(self.value)
        outside = (_is(pc.less, value, frame, self.low) | _is(pc.greater, value, frame, self.high))[
            rows
        ]
        excused = frame.any_text(self.unless, self.empty)[frame.codes[rows]]
        yield Places(
            self.value,
            rows,
            outcomes(outside & ~excused, frame.missing(self._needed(), rows)),
            lambda number: self._explain(frame, int(rows[number])),
            frame.blank(self._needed(), rows),
            of_project="." in self.value,
            absent=frame.absent(self._needed()),
        )

    def _explain(self, frame: Frame, row: int) -> Note:
        lacking = frame.lacking(self._needed(), row)
        value = frame.number(self.value, row)
        if lacking or value is None:
            return Note(lacking)
        for sign, bound in (("≥", self.low), ("≤", self.high)):
            limit = _number(frame, bound, row)
            if limit is not None and (value < limit if sign == "≥" else value > limit):
                text = frame.text(bound, row) if isinstance(bound, str) else None
                text = text or frame.express(limit, self.value, row)
                difference = EXACT.subtract(value, limit)
                shown = self._working(frame, row, sign, bound, (value, limit))
                return Note("", f"{sign} {text}", difference, working=shown)
        return Note()

    def _working(
        self, frame: Frame, row: int, sign: str, bound: Bound, numbers: tuple[Decimal, Decimal]
    ) -> str:
        kind = frame.kind(self.value)
        value, limit = (working.figure(number, kind) for number in numbers)
        named = frame.label(bound) if isinstance(bound, str) else _(_LIMITS[sign])
        read = [path for path in self._needed() if kind != "rate"]
        return working.steps(
            *(working.reading(frame, path, row) for path in read),
            working.asked(
                f"{frame.label(self.value)} {value}",
                sign,
                f"{named} {limit}",
                working.fact(*numbers, kind),
            ),
            working.by(EXACT.subtract(*numbers), kind),
            _("全表没有写明{column}", column=frame.label(self.unless)) if self.unless else "",
        )


def _is(compare: Any, value: pa.Array, frame: Frame, bound: Bound) -> Bools:
    """Where the value is less or greater than the bound; nowhere without one."""
    if bound is None:
        return frame.nowhere
    other = frame.column(bound) if isinstance(bound, str) else pa.scalar(_exact(bound))
    return bools(compare(value, other))


def _number(frame: Frame, bound: Bound, row: int) -> Decimal | None:
    if bound is None or isinstance(bound, str):
        return frame.number(bound, row) if bound else None
    return _exact(bound)


def _exact(number: Any) -> Decimal:
    """A number of the suite as it is written there: 0.3 is three tenths."""
    return Decimal(str(number))
