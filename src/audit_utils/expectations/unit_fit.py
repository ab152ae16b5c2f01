"""expect_units_to_fit_names: a unit is one that the name of the indicator asks for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from audit_utils import units, values
from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, of_row, with_text
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import named
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
        yield self._judge(frame, self.text, self._ends(frame, self.fitting), self._unit)
        yield self._judge(frame, self.group, self._ends(frame, self.no_group), self._group)

    def _ends(self, frame: Frame, ends: Iterable[str]) -> list[str]:
        """For each row the longest of the ends that its name has; each name is looked at once."""
        names = frame.column(self.name).dictionary_encode("encode")
        longest_first = sorted(ends, key=len, reverse=True)
        any_end, nothing = tuple(longest_first), tuple(self.but_not)
        found = []
        for name in names.dictionary.to_pylist():
            core = stem(name) if name and any(end in name for end in any_end) else ""
            due = core.endswith(any_end) and not core.endswith(nothing)
            found.append(next(end for end in longest_first if core.endswith(end)) if due else "")
        return [found[code] for code in names.indices.to_pylist()]

    def _judge(
        self, frame: Frame, path: str, ends: list[str], outcome: Callable[[str, str], Outcome]
    ) -> Places:
        rows = frame.places(path)
        texts = frame.column(path).take(rows).to_pylist()
        due = [ends[row] for row in rows.tolist()]
        found: list[Outcome] = [
            outcome(end, text) if end and text else "not_applicable"
            for end, text in zip(due, texts, strict=True)
        ]

        def explain(number: int) -> Note:
            if found[number] == "not_applicable":
                return Note()
            row = int(rows[number])
            if found[number] == "cannot_evaluate":
                cell = of_row(frame.row(row), frame.label(path))
                return Note(_("无法识别：{cell}的计量单位", cell=with_text(cell, texts[number])))
            name = frame.text(self.name, row) or ""
            return self._misfit(path, due[number], texts[number], name)

        return Places(path, rows, coded(found), explain)

    def _misfit(self, path: str, end: str, text: str, name: str) -> Note:
        seen = _("“{name}”以“{end}”结尾", name=stem(name), end=end)
        if path == self.group:
            group = named(text)
            misfit = {"misfit": _("是“{end}”，却列在{group}下", end=end, group=group)}
            asks = _("以“{end}”结尾的，不列在{group}下", end=end, group=group)
            expected = _("不列在{group}下", group=group)
            return Note("", expected, None, misfit, working.steps(seen, asks))
        unit = values.quantity(text).unit or _("（无）")
        misfit = {"misfit": _("计量单位为 {unit}（{text}）", unit=unit, text=text)}
        fitting = _(" 或 ").join(self.fitting[end])
        expected = _("“{end}”的计量单位为 {units}", end=end, units=fitting)
        shown = working.steps(
            seen, expected, _("“{text}”的计量单位为 {unit}", text=text, unit=unit)
        )
        return Note("", expected, None, misfit, shown)

    def _unit(self, end: str, text: str) -> Outcome:
        target = values.quantity(text)
        if target.kind not in ("quantity", "range"):
            return "cannot_evaluate" if values.misprinted(text) else "not_applicable"
        if not target.unit and not target.value:
            return "pass"  # zero needs no unit
        printed = units.bare(values.unit_text(text) or "")
        if not units.well_formed(printed, self.units):
            return "cannot_evaluate"
        first = printed.split("/")[0]
        return "pass" if {first, units.scaled(first)[1]} & {*self.fitting[end]} else "fail"

    def _group(self, end: str, group: str) -> Outcome:
        return "fail" if group in self.no_group[end] else "pass"
