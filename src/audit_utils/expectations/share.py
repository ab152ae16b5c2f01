"""expect_share_of_rows: some rows of a project make up a share of all."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pyarrow as pa

from audit_utils.expectations import working
from audit_utils.expectations.conditions import Condition, Reader, columns, evaluate, exact
from audit_utils.expectations.frame import Bools, Frame, row_name
from audit_utils.expectations.judgement import CODE, Codes, Note, Places
from audit_utils.expectations.rows import prints_none
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import clauses, listed
from audit_utils.precision import EXACT, half_up, plain


class ExpectShareOfRows(AuditExpectation):
    """Expect the rows of a condition to have at least a share of the sum of all rows.

    Args:
        value: column that is summed; without it the rows are counted.
        place: column that a finding names.
        part: condition of the rows that make up the share (conditions.py).
        at_least: the share, from 0 to 1.

    A project with an empty value cannot be evaluated; one without rows, without any value,
    or with a sum of 0 has nothing to divide.
    """

    place: str
    part: Condition
    at_least: int | float | dict[str, str]
    value: str | None = None

    texts: ClassVar[tuple[str, ...]] = ("part", "whole", "share")

    def columns(self) -> Iterable[str]:
        own = [self.place, *columns(self.part)]
        return list(dict.fromkeys([*own, *([self.value] if self.value else [])]))

    def judge(self, frame: Frame) -> Iterable[Places]:
        least = exact(self.at_least)
        whole = summed(frame, self.value, frame.present)
        chosen = frame.present & evaluate(self.part, Reader(frame)).true
        part = summed(frame, self.value, chosen)
        found = [
            CODE["not_applicable"] if not of
            else CODE["fail"] if own < EXACT.multiply(of, least) else CODE["pass"]
            for own, of in zip(part, whole, strict=True)
        ]  # fmt: skip
        unknown = incomplete(frame, [self.value] if self.value else [])

        def explain(project: int) -> Note:
            if unknown[project]:
                return Note(self._lacking(frame, project))
            if not whole[project]:
                return Note()
            share = half_up(EXACT.multiply(part[project], Decimal(100)), whole[project], _TENTH)
            texts = {"part": plain(part[project]), "whole": plain(whole[project])}
            bound = plain(EXACT.multiply(least, Decimal(100)))
            expected = _("不低于 {least}%", least=bound)
            shown = self._working(frame, project, chosen, least)
            return Note("", expected, None, texts | {"share": f"{plain(share)}%"}, shown)

        outcomes: Codes = np.array(found, np.int8)
        outcomes[unknown] = CODE["cannot_evaluate"]
        blank = prints_none(frame, [self.value or self.place])
        absent = frame.absent([self.value or self.place])
        yield Places(
            self.place, frame.first_rows, outcomes, explain, blank, of_project=True, absent=absent
        )

    def _lacking(self, frame: Frame, project: int) -> str:
        rows = frame.members(project)
        paths = [self.value] if self.value else []
        missing = rows[frame.missing(paths, rows)].tolist()
        return clauses(frame.lacking(paths, row, named=True) for row in missing)

    def _working(self, frame: Frame, project: int, chosen: Bools, least: Decimal) -> str:
        """Part and whole with their terms, and the share against the least one."""
        rows = frame.members(project)
        every = rows[frame.present[rows]].tolist()
        own = rows[chosen[rows]].tolist()
        part, whole = self._sum(frame, own), self._sum(frame, every)
        bound = EXACT.multiply(least, whole)
        return working.steps(
            self._line(frame, _("部分"), own, part),
            self._line(frame, _("全部"), every, whole),
            working.equation(
                _("占比"),
                f"{working.number(part)} ÷ {working.number(whole)}",
                working.quotient(Fraction(part) / Fraction(whole), _THOUSANDTH),
            ),
            working.equation(
                _("下限"),
                f"{working.number(least)} × {working.number(whole)}",
                working.number(bound),
            ),
            _("{fact}，低于下限", fact=working.fact(part, bound)),
        )

    def _sum(self, frame: Frame, rows: list[int]) -> Decimal:
        total = Decimal(0)
        for row in rows:
            total = EXACT.add(total, self._counts(frame, row))
        return total

    def _counts(self, frame: Frame, row: int) -> Decimal:
        """What a row counts."""
        return frame.number(self.value, row) or Decimal(0) if self.value else Decimal(1)

    def _line(self, frame: Frame, name: str, rows: list[int], sum_: Decimal) -> str:
        """The rows that are added up, or counted."""
        names = [row_name(frame.row(row)) for row in rows]
        if not self.value:
            listing = listed(names) or _("（无）")
            return _("{name} {n} 项：{rows}", name=name, n=len(rows), rows=listing)
        numbers = [working.number(self._counts(frame, row)) for row in rows]
        terms = working.total(map(working.term, numbers, names))
        return working.equation(name, terms, working.number(sum_))


def summed(frame: Frame, value: str | None, rows: Bools) -> list[Decimal]:
    """The sum of a column over these rows, or their number, by project."""
    size, codes = len(frame.projects), frame.codes[rows]
    if not value:
        return [Decimal(count) for count in np.bincount(codes, minlength=size).tolist()]
    column = frame.column(value).filter(pa.array(rows))
    grouped = pa.table({"project": codes, "value": column}).group_by("project")
    sums = [Decimal(0)] * size
    columns = grouped.aggregate([("value", "sum")]).columns
    for project, number in zip(*(column.to_pylist() for column in columns), strict=True):
        sums[project] = number or Decimal(0)
    return sums


def incomplete(frame: Frame, values: Iterable[str]) -> Bools:
    """The projects in which a row lacks one of the values."""
    rows = np.flatnonzero(frame.present)
    found = np.zeros(len(frame.projects), bool)
    found[frame.codes[rows[frame.missing(values, rows)]]] = True
    return found


_TENTH = Decimal("0.1")
_THOUSANDTH = Decimal("0.001")
