"""expect_units_well_formed: the unit behind a number is one of a list, or a ratio of such."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar

from audit_utils import units, values
from audit_utils.expectations.frame import Frame
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
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
                return Note(f"无法识别：{frame.label(self.text)}“{text}”")
            printed = values.unit_text(text) or ""
            return Note("", _due(printed, known), None, {"unit": printed or "（无）"})

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
        return "写明计量单位"
    mended = units.mended(printed, known)
    return f"计量单位为 {mended}" if mended else "计量单位表中的单位，或其比值"
