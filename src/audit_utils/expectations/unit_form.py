"""expect_units_well_formed: the unit behind a number is one of a list, or a ratio of such."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from audit_utils import units, values
from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, with_text
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import named
from audit_utils.precision import Outcome


class ExpectUnitsWellFormed(AuditExpectation):
    """Expect the unit of each quantity to be well formed (units.py).

    Args:
        text: column of the printed quantities; words, dates and empty cells do not count.
        units: the units there are.

    Zero needs no unit.  What looks like a number and is none cannot be evaluated.
    """

    text: str
    units: Sequence[str] | dict[str, str]

    texts: ClassVar[tuple[str, ...]] = ("unit",)

    def columns(self) -> Iterable[str]:
        return [self.text]

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows = frame.places(self.text)
        texts = frame.column(self.text).take(rows).to_pylist()
        known = frozenset(self.units)

        @lru_cache(maxsize=8192)
        def outcome(text: str | None) -> Outcome:
            return _outcome(text, known)

        def explain(number: int) -> Note:
            text = texts[number]
            if outcome(text) == "not_applicable":
                return Note()
            if outcome(text) == "cannot_evaluate":
                cell = with_text(frame.label(self.text), text)
                return Note(_("无法识别：{names}", names=cell))
            printed = values.unit_text(text) or ""
            shown = _working(frame.label(self.text), text or "", printed)
            unit = named(printed) if printed else _("（无）")
            return Note("", _due(printed, known), None, {"unit": unit}, shown)

        yield Places(self.text, rows, coded(outcome(text) for text in texts), explain)


def _outcome(text: str | None, known: frozenset[str]) -> Outcome:
    printed = values.unit_text(text)
    if printed is None:
        return "cannot_evaluate" if values.misprinted(text) else "not_applicable"
    if not printed and not values.quantity(text).value:
        return "pass"
    return "pass" if units.well_formed(units.bare(printed), known) else "fail"


def _due(printed: str, known: frozenset[str]) -> str:
    if not units.bare(printed):
        return _("写明计量单位")
    mended = units.mended(printed, known)
    if mended:
        return _("计量单位为 {unit}", unit=mended)
    return _("计量单位表中的单位，或其比值")


def _working(name: str, text: str, printed: str) -> str:
    """What stands behind the number, and that the list does not have it."""
    number = working.number(values.quantity(text).value or Decimal(0))
    if not units.bare(printed):
        return _(
            "{cell}：数值 {number} 之后没有计量单位", cell=with_text(name, text), number=number
        )
    return working.steps(
        _("{cell}：数值 {number}，计量单位“{unit}”", cell=with_text(name, text), number=number,
          unit=printed),
        _("“{unit}”不在计量单位表中，也不是其中两个单位之比", unit=units.bare(printed)),
    )  # fmt: skip
