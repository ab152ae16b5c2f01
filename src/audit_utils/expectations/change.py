"""expect_change_within: a number differs from another by no more than a share of that."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.precision import EXACT, Outcome, half_up, plain

_PERCENT = Decimal("0.0001")


class ExpectChangeWithin(AuditExpectation):
    """Expect abs(value - base) <= share x base.

    Args:
        value, base: columns of the two numbers.
        share: the greatest change, 0.3 for 30 %.
        where: column -> the value, or the values, that the rows to look at have.

    A row in which a number is missing cannot be evaluated, nor one with something where the
    base is 0; nothing after nothing does not apply.
    """

    value: str
    base: str
    share: int | float | dict[str, str]
    where: dict[str, Any] | None = None

    texts: ClassVar[tuple[str, ...]] = ("change",)

    def columns(self) -> Iterable[str]:
        return [self.value, self.base, *(self.where or {})]

    @property
    def _share(self) -> Decimal:
        return Decimal(str(self.share))

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows = frame.places(self.value, self.where)
        numbers = zip(
            *(frame.column(path).take(rows).to_pylist() for path in (self.value, self.base)),
            strict=True,
        )
        yield Places(
            self.value,
            rows,
            coded(self._outcome(value, base) for value, base in numbers),
            lambda number: self._explain(frame, int(rows[number])),
            frame.blank([self.value, self.base], rows),
            of_project="." in self.value,
            absent=frame.absent([self.value, self.base]),
        )

    def _outcome(self, value: Decimal | None, base: Decimal | None) -> Outcome:
        if value is None or base is None:
            return "cannot_evaluate"
        if not base:
            return "cannot_evaluate" if value else "not_applicable"
        return "pass" if self._over(value, base) <= 0 else "fail"

    def _over(self, value: Decimal, base: Decimal) -> Decimal:
        """How far the change is above what is allowed."""
        change = EXACT.subtract(value, base).copy_abs()
        return EXACT.subtract(change, EXACT.multiply(self._share, base.copy_abs()))

    def _explain(self, frame: Frame, row: int) -> Note:
        value, base = frame.number(self.value, row), frame.number(self.base, row)
        if value is None or base is None:
            return Note(frame.lacking([self.value, self.base], row))
        label = frame.label(self.base)
        if not base:
            if value:
                return Note(_("{base}为 0，无法计算幅度", base=label))
            return Note(_("{base}为 0，没有可比的变动", base=label))
        change = EXACT.subtract(value, base)
        limit = plain(EXACT.multiply(self._share, Decimal(100)))
        texts = {"change": _percent(change, base.copy_abs())}
        expected = _("与{base}相差不超过 {limit}%", base=label, limit=limit)
        return Note("", expected, change, texts, self._working(frame, row, value, base))

    def _working(self, frame: Frame, row: int, value: Decimal, base: Decimal) -> str:
        kind = frame.kind(self.value)
        change, size = EXACT.subtract(value, base), base.copy_abs()
        limit = EXACT.multiply(self._share, size)
        names = [frame.label(path) for path in (self.value, self.base)]
        numbers = [working.number(one, kind) for one in (value, base)]
        share = Fraction(change.copy_abs()) / Fraction(size)
        return working.steps(
            *(working.reading(frame, path, row) for path in (self.value, self.base)),
            working.equation(
                _("调整"), " - ".join(names), " - ".join(numbers), working.apart(change, kind)
            ),
            working.equation(
                _("幅度"),
                f"{working.number(change.copy_abs(), kind)} ÷ {working.number(size, kind)}",
                working.quotient(share, _PERCENT),
            ),
            working.equation(
                _("上限"),
                f"{working.number(self._share)} × {working.number(size, kind)}",
                working.measure(limit, kind),
            ),
            _("{fact}，超过上限", fact=working.fact(change.copy_abs(), limit, kind)),
        )


def _percent(change: Decimal, base: Decimal) -> str:
    """The change in percent with its sign; with as many decimals as tell it from nothing."""
    rounded = plain(EXACT.multiply(half_up(change, base, _PERCENT), Decimal(100)))
    return f"+{rounded}%" if change > 0 else f"{rounded}%"
