"""expect_group_sums_to_equal_totals: what is printed as a total is the sum of its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from audit_utils.dictionary import SOURCES
from audit_utils.expectations import working
from audit_utils.expectations.frame import Bools, Frame, Ints, row_name
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import clauses, listed
from audit_utils.precision import EXACT, Comparison, compare, half_up, in_words

ONE = Decimal(1)


class ExpectGroupSumsToEqualTotals(AuditExpectation):
    """Expect each printed total of a project to be the sum of its parts.

    Args:
        sums: path of a total -> its parts: a column of the frame is summed over the rows of
            the project, a cell elsewhere (`funds.total.weight`) is added once.
        equals: the number that both the sum and the total have to be as well.
        empty_is_zero: empty cells count as nothing, as long as one part is printed.
        decimals: the total counts as printed with at least so many decimals.
        where: column -> the value, or the values, that the summed rows have.

    The sum has to give the printed total by half-up rounding; less than one unit of its last
    digit apart is `rounding`.  Without a total, or with a part missing, a project cannot be
    evaluated; a form that has none of the rows of `where` has nothing to add up.
    """

    sums: dict[str, list[str]]
    equals: int | float | dict[str, str] | None = None
    empty_is_zero: bool = False
    decimals: int = 0
    where: dict[str, Any] | None = None

    texts: ClassVar[tuple[str, ...]] = ("sum", "parts")

    def columns(self) -> Iterable[str]:
        parts = [part for parts in self.sums.values() for part in parts]
        return [*self.sums, *parts, *(self.where or {})]

    def judge(self, frame: Frame) -> Iterable[Places]:
        for total, parts in self.sums.items():
            yield self._judge(frame, _Sum(frame, total, parts, self.where, self.empty_is_zero))

    def _judge(self, frame: Frame, sums: "_Sum") -> Places:
        totals = frame.column(sums.total).take(frame.first_rows).to_pylist()
        compared = [
            self._compare(frame, sums, project, total) for project, total in enumerate(totals)
        ]
        return Places(
            sums.total,
            frame.first_rows,
            coded(comparison.outcome for comparison in compared),
            lambda project: self._explain(frame, sums, project, compared[project]),
            sums.blank(),
            of_project=True,
            absent=frame.absent([sums.total, *sums.parts]),
        )

    def _compare(
        self, frame: Frame, sums: "_Sum", project: int, total: Decimal | None
    ) -> Comparison:
        found = sums.sums[project]
        if sums.lacks_rows(project):
            return Comparison("not_applicable")
        if total is None or found is None:
            return Comparison("cannot_evaluate")
        if self.equals is not None and total != self._equals:
            return Comparison("fail")
        if total == found:  # no need to look at the text
            return Comparison("pass")
        unit = frame.unit(sums.total, int(frame.first_rows[project]), self.decimals)
        return compare(total, found, ONE, unit)

    @property
    def _equals(self) -> Decimal:
        return Decimal(str(self.equals))

    def _explain(self, frame: Frame, sums: "_Sum", project: int, comparison: Comparison) -> Note:
        row = int(frame.first_rows[project])
        total, found = frame.number(sums.total, row), sums.sums[project]
        if sums.lacks_rows(project):
            return Note(sums.no_rows())
        if total is None or found is None:
            return Note(sums.lacking(project))
        expected, difference = found, EXACT.subtract(total, found)
        if self.equals is not None:
            expected = self._equals
            difference = EXACT.subtract(found if found != expected else total, expected)
        unit = frame.unit(sums.total, row, self.decimals)
        rounded = frame.express(half_up(found, ONE, unit), sums.total, row)
        due = frame.express(expected, sums.total, row)
        texts = {
            "sum": frame.express(found, sums.total, row),
            "parts": sums.parts_in_words(project),
        }
        reason = in_words(comparison, rounded)
        shown = working.steps(self._working(frame, sums, project, found, comparison), reason)
        return Note(reason, due, difference, texts, shown)

    def _working(
        self, frame: Frame, sums: "_Sum", project: int, found: Decimal, comparison: Comparison
    ) -> str:
        row, kind = int(frame.first_rows[project]), frame.kind(sums.total)
        name = _("{column}之和", column=frame.label(sums.parts[-1]))
        lines = [
            *sums.readings(project),
            working.equation(
                name, working.total(sums.terms(project)), working.measure(found, kind)
            ),
        ]
        total = frame.number(sums.total, row) or Decimal(0)
        if self.equals is not None:
            for what, value in ((name, found), (frame.label(sums.total), total)):
                lines.append(working.due_to_be(what, value, self._equals, kind))
        else:
            difference = working.apart(EXACT.subtract(total, found), kind)
            shown = working.measure(found, kind)
            lines.append(working.beside(shown, frame.text(sums.total, row), difference))
        if comparison.outcome == "rounding":
            unit = frame.unit(sums.total, row, self.decimals)
            as_printed = unit == frame.unit(sums.total, row)
            due = half_up(found, ONE, unit)
            lines.append(working.rounded(due, unit, kind, as_printed=as_printed))
        return working.steps(*lines)


@dataclass(frozen=True)
class _Sum:
    """A printed total and the sum of its parts for each project of the frame."""

    frame: Frame
    total: str
    parts: list[str]
    where: Mapping[str, Any] | None
    empty_is_zero: bool

    @cached_property
    def _own(self) -> list[str]:
        return [part for part in self.parts if "." not in part]

    @cached_property
    def _cells(self) -> list[str]:
        return [part for part in self.parts if "." in part]

    @cached_property
    def _summed(self) -> Bools:
        return self.frame.present & self.frame.matches(self.where)

    @cached_property
    def _rows(self) -> Ints:
        return np.flatnonzero(self._summed)

    @cached_property
    def sums(self) -> list[Decimal | None]:
        """The sum of all parts by project, None where one is missing."""
        first = self.frame.first_rows
        cells = [self.frame.column(part).take(first).to_pylist() for part in self._cells]
        columns = [*cells, *(self._sums_of(part) for part in self._own)]
        return [_add(numbers) for numbers in zip(*columns, strict=True)]

    def _sums_of(self, part: str) -> list[Decimal | None]:
        """The sum of one column over the rows of each project."""
        codes = self.frame.codes[self._rows]
        column = self.frame.column(part).take(self._rows)
        grouped = pa.table({"project": codes, "part": column}).group_by("project")
        summed = grouped.aggregate([("part", "sum")])
        found: list[Decimal | None] = [None] * len(self.frame.projects)
        for project, number in zip(*(c.to_pylist() for c in summed.columns), strict=True):
            found[project] = number
        for project in np.unique(codes[self._incomplete(part, self._rows)]).tolist():
            found[project] = None
        return found

    def _incomplete(self, part: str, rows: Ints) -> Bools:
        missing = self.frame.missing([part], rows)
        return missing & ~self.frame.blank([part], rows) if self.empty_is_zero else missing

    def blank(self) -> Bools:
        """The projects in which neither the total nor any part is printed."""
        printed = np.zeros(len(self.frame.projects), bool)
        if self._own:
            rows = self._rows[~self.frame.blank(self._own, self._rows)]
            printed[self.frame.codes[rows]] = True
        first = self.frame.first_rows
        return ~printed & self.frame.blank([self.total, *self._cells], first)

    def lacks_rows(self, project: int) -> bool:
        """Whether the form has none of the rows that `where` asks for."""
        return bool(self.where) and not len(self._of(project))

    def no_rows(self) -> str:
        """That the form does not have them: `表中没有“当年财政拨款”、“其他资金”各行`."""
        wanted = np.ravel([*(self.where or {}).values()]).tolist()
        names = (_(SOURCES[row]) if row in SOURCES else str(row) for row in wanted)
        return _("表中没有{names}各行", names=listed(f"“{name}”" for name in names))

    def lacking(self, project: int) -> str:
        """Why there is no sum, or no total."""
        row = int(self.frame.first_rows[project])
        found = [self.frame.lacking([self.total, *self._cells], row)]
        rows = self._of(project)
        if self._own and not len(rows):
            found.append(_("没有可以相加的行"))
        for part in self._own:
            empty = rows[self._incomplete(part, rows)] if len(rows) else rows
            found += [self.frame.lacking([part], row, named=True) for row in empty.tolist()]
            if len(rows) and not len(empty) and self.frame.missing([part], rows).all():
                found.append(_("{column}均未填", column=self.frame.label(part)))
        return clauses(found)

    def _of(self, project: int) -> Ints:
        rows = self.frame.members(project)
        return rows[self._summed[rows]]

    def terms(self, project: int) -> Iterable[str]:
        """The parts with what each stands for: `10（预算执行）`, `15（第1项）`."""
        for part, row, name in self._places(project):
            value = self.frame.number(part, row) or Decimal(0)
            yield working.term(working.number(value, self.frame.kind(part)), name)

    def readings(self, project: int) -> Iterable[str]:
        """What was read from the parts and the total where that is not what is printed."""
        for part, row, name in self._places(project):
            yield working.reading(self.frame, part, row, name)
        yield working.reading(self.frame, self.total, int(self.frame.first_rows[project]))

    def _places(self, project: int) -> Iterable[tuple[str, int, str]]:
        """Path, row and name of each part."""
        first = int(self.frame.first_rows[project])
        yield from ((part, first, self.frame.part_name(part)) for part in self._cells)
        rows = self._of(project).tolist()
        yield from (
            (part, row, row_name(self.frame.row(row))) for part in self._own for row in rows
        )

    def parts_in_words(self, project: int) -> str:
        """The parts as printed: `10 + 5 + 5`."""
        texts = [self.frame.text(part, row) for part, row, _name in self._places(project)]
        return " + ".join(text for text in texts if text is not None)


def _add(numbers: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for number in numbers:
        if number is None:
            return None
        total = EXACT.add(total, number)
    return total
