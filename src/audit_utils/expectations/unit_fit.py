"""expect_units_to_fit_names: a unit is one that the name of the indicator asks for."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from audit_utils import units, values
from audit_utils.expectations.frame import Frame, row_name
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.precision import Outcome
from audit_utils.words import stem


class ExpectUnitsToFitNames(AuditExpectation):
    """Expect the unit, and the group, that the end of an indicator's name asks for.

    Args:
        name: column of the names; remarks in brackets at their end do not count.
        text: column of the printed quantities.
        group: column of the groups.
        fitting: end of a name -> the units that it takes, the longest end first.
        no_group: end of a name -> the groups that it does not stand in.
        but_not: ends of names that ask for nothing.
        units: the units there are; a unit that is none of them cannot be evaluated.

    Two places a row: the unit of a quantity, and the group.  A ratio fits by its first part.
    """

    name: str
    text: str
    group: str
    fitting: dict[str, Any]
    no_group: dict[str, list[str]]
    but_not: Sequence[str] | dict[str, str]
    units: Sequence[str] | dict[str, str]

    texts: ClassVar[tuple[str, ...]] = ("misfit",)

    def columns(self) -> Iterable[str]:
        return [self.text, self.group, self.name]

    def judge(self, frame: Frame) -> Iterable[Places]:
        yield self._judge(frame, self.text, lru_cache(maxsize=8192)(self._unit))
        yield self._judge(frame, self.group, self._group)

    def _judge(self, frame: Frame, path: str, outcome: Any) -> Places:
        rows = frame.places(path)
        texts = frame.column(path).take(rows).to_pylist()
        names = frame.column(self.name).take(rows).to_pylist()
        found: list[Outcome] = [
            outcome(name, text) for name, text in zip(names, texts, strict=True)
        ]

        def explain(number: int) -> Note:
            name, text = names[number] or "", texts[number]
            if found[number] == "not_applicable":
                return Note()
            if found[number] == "cannot_evaluate":
                row = row_name(frame.row(int(rows[number])))
                return Note(f"无法识别：{row}{frame.label(path)}“{text}”的计量单位")
            if path == self.group:
                words = {"misfit": f"是“{self._end(name, self.no_group)}”，却列在{text}下"}
                return Note("", f"不列在{text}下", None, words)
            end = self._end(name, self.fitting)
            words = {"misfit": f"计量单位为 {values.quantity(text).unit}（{text}）"}
            return Note("", f"“{end}”的计量单位为 {' 或 '.join(self.fitting[end])}", None, words)

        return Places(path, rows, coded(found), explain)

    def _unit(self, name: str | None, text: str | None) -> Outcome:
        end = self._end(name, self.fitting)
        target = values.quantity(text)
        if not end or target.kind not in ("quantity", "range"):
            return "cannot_evaluate" if end and values.misprinted(text) else "not_applicable"
        if not target.unit and not target.value:
            return "pass"  # zero needs no unit
        printed = units.bare(values.unit_text(text) or "")
        if not units.well_formed(printed, self.units):
            return "cannot_evaluate"
        first = printed.split("/")[0]
        return "pass" if {first, units.scaled(first)[1]} & {*self.fitting[end]} else "fail"

    def _group(self, name: str | None, group: str | None) -> Outcome:
        end = self._end(name, self.no_group)
        if not end or group is None:
            return "not_applicable"
        return "fail" if group in self.no_group[end] else "pass"

    def _end(self, name: str | None, ends: Iterable[str]) -> str:
        """The end of the name that asks for something, empty when none does."""
        core = stem(name or "")
        if core.endswith(tuple(self.but_not)):
            return ""
        return next((end for end in sorted(ends, key=len, reverse=True) if core.endswith(end)), "")
