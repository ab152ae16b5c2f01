"""expect_no_ceiling: what is to be produced is not asked for as a ceiling."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from audit_utils import units, values
from audit_utils.expectations import working
from audit_utils.expectations.attainment import SIGNS
from audit_utils.expectations.frame import Frame, of_row, with_text
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.precision import Outcome
from audit_utils.words import mark, stem

_CEILINGS = ("<=", "<")
_MONEY = "元"


class ExpectNoCeiling(AuditExpectation):
    """Expect no quantity with <= or < in the rows of `where`, but for costs and staff.

    Args:
        text: column of the printed targets.
        name: column of what is counted.
        costs: words in a name that mark a cost or a price; so does a unit of money.
        staff, no_staff: words that mark a number of staff, and phrases that do not, where
            the unit is one of `persons`.
        where: column -> the value, or the values, that the rows to look at have.

    A ceiling on something without a name cannot be evaluated, nor what looks like a number
    and is none.  Rows without a number are not looked at.
    """

    text: str
    name: str
    costs: Sequence[str] | dict[str, str]
    staff: Sequence[str] | dict[str, str]
    no_staff: Sequence[str] | dict[str, str]
    persons: Sequence[str]
    where: dict[str, Any] | None = None

    def columns(self) -> Iterable[str]:
        return [self.text, self.name, *(self.where or {})]

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows = frame.places(self.text, self.where)
        texts = frame.column(self.text).take(rows).to_pylist()
        names = frame.column(self.name).take(rows).to_pylist()
        outcome = lru_cache(maxsize=8192)(self._outcome)
        found = [outcome(text, name) for text, name in zip(texts, names, strict=True)]

        def explain(number: int) -> Note:
            row = int(rows[number])
            if found[number] == "cannot_evaluate":
                cell = of_row(frame.row(row), frame.label(self.text))
                unread = _("无法识别：{names}", names=with_text(cell, texts[number]))
                return Note(frame.lacking([self.name], row, named=True) or unread)
            if found[number] != "fail":
                return Note()
            shown = self._working(frame, texts[number], names[number])
            return Note("", _("不少于某一数量（≥），或等于（=）"), working=shown)

        yield Places(self.text, rows, coded(found), explain)

    def _outcome(self, text: str | None, name: str | None) -> Outcome:
        target = values.quantity(text)
        if target.kind not in ("quantity", "range"):
            return "cannot_evaluate" if values.misprinted(text) else "not_applicable"
        if target.operator not in _CEILINGS or self._is_money(target.unit):
            return "pass"
        if name is None:
            return "cannot_evaluate"
        item = stem(name)  # not 中央资金 in a remark behind it
        return "pass" if mark(item, self.costs) or self._is_staff(item, target.unit) else "fail"

    def _working(self, frame: Frame, text: str, name: str) -> str:
        target = values.quantity(text)
        read = working.with_unit(working.number(target.value or Decimal(0)), target.unit)
        sign = SIGNS[target.operator or "<="]
        return working.steps(
            working.read_as(frame.label(self.text), text, f"{sign} {read}"),
            _("“{sign}”是上限，计量单位“{unit}”不是金额", sign=sign, unit=target.unit or ""),
            _("“{name}”不含表示成本、价格的词，也不是用人数", name=stem(name)),
        )

    def _is_money(self, unit: str | None) -> bool:
        return units.scaled((unit or "").split("/")[0])[1] == _MONEY

    def _is_staff(self, name: str, unit: str | None) -> bool:
        return unit in self.persons and bool(mark(name, self.staff, self.no_staff))
