"""expect_change_within: a number differs from another by no more than a share of that."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from audit_utils.expectations.frame import Frame
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
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
            return Note(f"{label}为 0，" + ("无法计算幅度" if value else "没有可比的变动"))
        change = EXACT.subtract(value, base)
        limit = plain(EXACT.multiply(self._share, Decimal(100)))
        texts = {"change": _percent(change, base.copy_abs())}
        return Note("", f"与{label}相差不超过 {limit}%", change, texts)


def _percent(change: Decimal, base: Decimal) -> str:
    """The change in percent with its sign; with as many decimals as tell it from nothing."""
    rounded = plain(EXACT.multiply(half_up(change, base, _PERCENT), Decimal(100)))
    return f"+{rounded}%" if change > 0 else f"{rounded}%"
