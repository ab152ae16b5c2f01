"""expect_group_split: the weights of a form are split between its groups as they should be."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, Ints, row_name, valid
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import clauses, listed, named
from audit_utils.precision import EXACT, Comparison, Outcome, compare, half_up, in_words, plain

_ZERO, _ONE = Decimal(0), Decimal(1)
Sums = Mapping[str, Decimal]
"""Group -> the sum of its points."""

_BESIDE = ""
"""Stands for the cell beside the groups, among them."""


class ExpectGroupSplit(AuditExpectation):
    """Expect the sums of a column by group to be those of `split`, a group without rows 0.

    Args:
        value: the summed column.
        by: the column that tells the group of a row.
        split: group -> its sum; a group that is not named there has none.
        beside: a cell elsewhere that has its own share.
        beside_is: what that share is.
        decimals: the sums are compared at so many decimals.

    A project with a number or a group missing cannot be evaluated.
    """

    value: str
    by: str
    split: dict[str, Any]
    beside: str
    beside_is: int | float | dict[str, str]
    decimals: int = 0

    texts: ClassVar[tuple[str, ...]] = ("sums",)

    def columns(self) -> Iterable[str]:
        return [self.value, self.by, self.beside]

    def judge(self, frame: Frame) -> Iterable[Places]:
        numbers = frame.column(self.value).to_pylist()
        groups = frame.column(self.by).to_pylist()
        first = frame.first_rows
        beside = frame.column(self.beside).take(first).to_pylist()
        sums = [_sums(groups, numbers, frame.members(project)) for project in range(len(first))]
        has_rows = np.zeros(len(first), bool)
        has_rows[frame.codes[frame.present]] = True

        def explain(project: int) -> Note:
            own, share = sums[project], beside[project]
            if own is None or share is None or not has_rows[project]:
                return Note(self._lacking(frame, project))
            found = {_BESIDE: share, **own}
            return Note(
                self._reason(frame, found),
                self._in_words(frame, self._due()),
                None,
                {"sums": self._in_words(frame, found)},
                self._working(frame, project, found),
            )

        yield Places(
            self.value,
            first,
            coded(
                self._outcome(own, share) if rows else "cannot_evaluate"
                for own, share, rows in zip(sums, beside, has_rows.tolist(), strict=True)
            ),
            explain,
            self._blank(frame),
            of_project=True,
            absent=frame.absent(self.columns()),
        )

    def _due(self) -> Sums:
        shares = {group: Decimal(str(points)) for group, points in self.split.items()}
        return {_BESIDE: Decimal(str(self.beside_is)), **shares}

    def _outcome(self, own: Sums | None, share: Decimal | None) -> Outcome:
        if own is None or share is None:
            return "cannot_evaluate"
        found = {one.outcome for one in self._compared({_BESIDE: share, **own}).values()}
        return "fail" if "fail" in found else "rounding" if "rounding" in found else "pass"

    def _compared(self, found: Sums) -> Mapping[str, Comparison]:
        """Each group beside what it should be."""
        due, unit = self._due(), _ONE.scaleb(-self.decimals)
        return {
            group: compare(due.get(group, _ZERO), found.get(group, _ZERO), _ONE, unit)
            for group in dict.fromkeys([*due, *found])
        }

    def _reason(self, frame: Frame, found: Sums) -> str:
        """Which groups are rounded, and how; nothing where one of them fails."""
        compared, unit = self._compared(found), _ONE.scaleb(-self.decimals)
        if any(one.outcome == "fail" for one in compared.values()):
            return ""
        return clauses(
            _(
                "{name} {value}，{reason}",
                name=self._named(frame, group),
                value=plain(found[group]),
                reason=in_words(one, plain(half_up(found[group], _ONE, unit))),
            )
            for group, one in compared.items()
            if one.outcome == "rounding"
        )

    def _blank(self, frame: Frame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The projects that print none of the numbers."""
        printed = np.zeros(len(frame.projects), bool)
        printed[frame.codes[~frame.blank([self.value], np.arange(len(frame)))]] = True
        return ~printed & frame.blank([self.beside], frame.first_rows)

    def _lacking(self, frame: Frame, project: int) -> str:
        rows = frame.members(project)
        found = [frame.lacking([self.beside], int(rows[0]))]
        if not frame.present[rows].any():
            found.append(_("没有指标"))
        else:
            found += [frame.lacking([self.value], int(row), named=True) for row in rows]
            unknown = rows[~valid(frame.column(self.by).take(rows))]
            found += [frame.lacking([self.by], int(row), named=True) for row in unknown]
        return clauses(found)

    def _working(self, frame: Frame, project: int, found: Sums) -> str:
        """Each group as the sum of its rows, beside what it should be."""
        kind, due = frame.kind(self.value), self._due()
        rows: dict[str, list[str]] = defaultdict(list)
        for row in frame.members(project).tolist():
            points = frame.number(self.value, row) or _ZERO
            term = working.term(working.number(points, kind), row_name(frame.row(row)))
            rows[frame.text(self.by, row) or ""].append(term)
        lines = []
        for group in dict.fromkeys([*due, *found]):
            name, points = self._named(frame, group), found.get(group, _ZERO)
            if len(rows[group]) > 1:
                shown = working.measure(points, kind)
                lines.append(working.equation(name, working.total(rows[group]), shown))
            lines.append(working.due_to_be(name, points, due.get(group, _ZERO), kind))
        return working.steps(*lines)

    def _in_words(self, frame: Frame, sums: Sums) -> str:
        return listed(
            f"{self._named(frame, group)} {plain(points)}" for group, points in sums.items()
        )

    def _named(self, frame: Frame, group: str) -> str:
        return named(group) if group else frame.part_name(self.beside)


def _sums(groups: list[str | None], numbers: list[Decimal | None], rows: Ints) -> Sums | None:
    """The sum of each group, None when a group or a number is missing."""
    found: dict[str, Decimal] = {}
    for row in rows.tolist():
        group, number = groups[row], numbers[row]
        if group is None or number is None:
            return None
        found[group] = EXACT.add(found.get(group, _ZERO), number)
    return found
