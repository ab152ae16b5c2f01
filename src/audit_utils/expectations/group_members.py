"""expect_group_to_contain: every project has at least one row of each kind."""

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from audit_utils.expectations.frame import Bools, Frame, bools, row_name, valid
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation


class ExpectGroupToContain(AuditExpectation):
    """Expect each of `members` at least once in `column` among the rows of every project.

    Args:
        column: the column that tells the kind of a row.
        members: the kinds that a project has to have.

    A project that lacks one, but has rows whose kind is not known, cannot be evaluated.
    """

    column: str
    members: list[str]

    texts: ClassVar[tuple[str, ...]] = ("there", "lacks")

    def columns(self) -> Iterable[str]:
        return [self.column]

    def judge(self, frame: Frame) -> Iterable[Places]:
        column = frame.column(self.column)
        has = {member: _projects(frame, bools(pc.equal(column, member))) for member in self.members}
        unknown = _projects(frame, frame.present & ~valid(column))
        complete = np.logical_and.reduce(list(has.values()))

        def explain(project: int) -> Note:
            lacks = [member for member in self.members if not has[member][project]]
            if unknown[project]:
                return Note(self._unknown(frame, project))
            there = [member for member in self.members if member not in lacks]
            texts = {"there": "、".join(there) or "（无）", "lacks": "、".join(lacks)}
            return Note(expected=texts["lacks"], values=texts)

        found = outcomes(~complete, ~complete & unknown)
        yield Places(self.column, frame.first_rows, found, explain, of_project=True)

    def _unknown(self, frame: Frame, project: int) -> str:
        rows = frame.members(project)
        rows = rows[~valid(frame.column(self.column).take(rows))]
        names = "、".join(row_name(frame.row(int(row))) for row in rows)
        return f"缺少：{names}{frame.label(self.column)}"


def _projects(frame: Frame, rows: Bools) -> Bools:
    """The projects to which any of these rows belongs."""
    found = np.zeros(len(frame.projects), bool)
    found[frame.codes[rows]] = True
    return found
