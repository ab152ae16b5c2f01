"""expect_group_to_contain: every project has at least one row of each kind."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, bools, valid
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import listed, named


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
        has = {member: frame.with_any(bools(pc.equal(column, member))) for member in self.members}
        unknown = frame.with_any(frame.present & ~valid(column))
        complete = np.logical_and.reduce(list(has.values()))

        def explain(project: int) -> Note:
            lacks = [member for member in self.members if not has[member][project]]
            if unknown[project]:
                return Note(frame.without_value(self.column, project))
            there = [member for member in self.members if member not in lacks]
            texts = {
                "there": listed(map(named, there)) or _("（无）"),
                "lacks": listed(map(named, lacks)),
            }
            rows = frame.members(project)
            counts = Counter(column.take(rows).drop_null().to_pylist())
            wanted = {member: counts[member] for member in self.members}
            shown = _("各类指标：{counts}", counts=working.counted(wanted))
            return Note(expected=texts["lacks"], values=texts, working=shown)

        found = outcomes(~complete, ~complete & unknown)
        absent = frame.absent([self.column])
        yield Places(self.column, frame.first_rows, found, explain, of_project=True, absent=absent)
