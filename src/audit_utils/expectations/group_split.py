"""expect_group_split: the weights of a form are split between its groups as they should be."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np

from audit_utils.expectations.frame import Frame, Ints, row_name, valid
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.precision import EXACT, Outcome, compare, plain

_ZERO, _ONE = Decimal(0), Decimal(1)
Sums = Mapping[str, Decimal]
"""Group -> the sum of its points."""


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
            found = {self._label(frame): share, **own}
            return Note("", _in_words(self._due(frame)), None, {"sums": _in_words(found)})

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
        )

    def _label(self, frame: Frame) -> str:
        return "预算执行" if self.beside.startswith("funds.") else frame.label(self.beside)

    def _due(self, frame: Frame) -> Sums:
        shares = {group: Decimal(str(points)) for group, points in self.split.items()}
        return {self._label(frame): Decimal(str(self.beside_is)), **shares}

    def _outcome(self, own: Sums | None, share: Decimal | None) -> Outcome:
        if own is None or share is None:
            return "cannot_evaluate"
        pairs = [
            (Decimal(str(self.beside_is)), share),
            *(
                (Decimal(str(self.split.get(group, 0))), own.get(group, _ZERO))
                for group in {*self.split, *own}
            ),
        ]
        unit = _ONE.scaleb(-self.decimals)
        found = {compare(due, sum_, _ONE, unit).outcome for due, sum_ in pairs}
        return "fail" if "fail" in found else "rounding" if "rounding" in found else "pass"

    def _blank(self, frame: Frame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The projects that print none of the numbers."""
        printed = np.zeros(len(frame.projects), bool)
        printed[frame.codes[~frame.blank([self.value], np.arange(len(frame)))]] = True
        return ~printed & frame.blank([self.beside], frame.first_rows)

    def _lacking(self, frame: Frame, project: int) -> str:
        rows = frame.members(project)
        found = [frame.lacking([self.beside], int(rows[0]))]
        if not frame.present[rows].any():
            found.append("没有指标")
        else:
            found += [frame.lacking([self.value], int(row), named=True) for row in rows]
            unknown = rows[~valid(frame.column(self.by).take(rows))]
            names = "、".join(row_name(frame.row(int(row))) for row in unknown)
            found += [f"缺少：{names}{frame.label(self.by)}"] if names else []
        return "；".join(text for text in found if text)


def _sums(groups: list[str | None], numbers: list[Decimal | None], rows: Ints) -> Sums | None:
    """The sum of each group, None when a group or a number is missing."""
    found: dict[str, Decimal] = {}
    for row in rows.tolist():
        group, number = groups[row], numbers[row]
        if group is None or number is None:
            return None
        found[group] = EXACT.add(found.get(group, _ZERO), number)
    return found


def _in_words(sums: Sums) -> str:
    return "、".join(f"{group} {plain(points)}" for group, points in sums.items())
