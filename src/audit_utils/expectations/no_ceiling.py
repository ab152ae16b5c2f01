"""expect_no_ceiling: what is to be produced is not asked for as a ceiling."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from audit_utils import units, values
from audit_utils.expectations.frame import Frame, row_name
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
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
                unread = (
                    f"无法识别：{row_name(frame.row(row))}{frame.label(self.text)}“{texts[number]}”"
                )
                return Note(frame.lacking([self.name], row, named=True) or unread)
            return Note("", "不少于某一数量（≥），或等于（=）")

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

    def _is_money(self, unit: str | None) -> bool:
        return units.scaled((unit or "").split("/")[0])[1] == _MONEY

    def _is_staff(self, name: str, unit: str | None) -> bool:
        return unit in self.persons and bool(mark(name, self.staff, self.no_staff))
