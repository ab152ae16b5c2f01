"""expect_group_if_named: projects of a kind have an indicator of a kind."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, valid
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import listed
from audit_utils.precision import Outcome
from audit_utils.words import mark


class ExpectGroupIfNamed(AuditExpectation):
    """Expect a row of one of the kinds in every project whose name has one of the words.

    Args:
        name: path of the project's name.
        words, but_not: words that mark such a project, and phrases that do not.
        any_of: column -> the kinds; one row of any of them is enough.

    A project without such a row, but with rows whose kinds are not known, cannot be
    evaluated, nor one without a name.
    """

    name: str
    words: Sequence[str] | dict[str, str]
    but_not: Sequence[str] | dict[str, str]
    any_of: dict[str, list[str]]

    texts: ClassVar[tuple[str, ...]] = ("word",)

    def columns(self) -> Iterable[str]:
        return [*self.any_of, self.name]

    def judge(self, frame: Frame) -> Iterable[Places]:
        names = frame.column(self.name).take(frame.first_rows).to_pylist()
        words = [mark(name or "", self.words, self.but_not) for name in names]
        matches = [frame.matches({path: kinds}) for path, kinds in self.any_of.items()]
        has = frame.with_any(np.logical_or.reduce(matches))
        lacking = [~valid(frame.column(path)) for path in self.any_of]
        unknown = frame.with_any(frame.present & np.logical_and.reduce(lacking))

        def outcome(project: int) -> Outcome:
            if names[project] is None:
                return "cannot_evaluate"
            if not words[project]:
                return "not_applicable"
            if has[project]:
                return "pass"
            return "cannot_evaluate" if unknown[project] else "fail"

        def explain(project: int) -> Note:
            if names[project] is None:
                return Note(_("缺少：{names}", names=frame.label(self.name)))
            if words[project] and unknown[project]:
                return Note(frame.without_value(next(iter(self.any_of)), project))
            shown = self._working(frame, project, names[project], words[project])
            return Note("", _("至少一项成本指标"), None, {"word": words[project]}, shown)

        path = next(iter(self.any_of))
        found = coded(outcome(project) for project in range(len(names)))
        yield Places(path, frame.first_rows, found, explain, of_project=True)

    def _working(self, frame: Frame, project: int, name: str, word: str) -> str:
        rows = frame.members(project)
        rows = rows[frame.present[rows]].tolist()
        lines = [
            _("{column}“{text}”含“{word}”", column=frame.label(self.name), text=name, word=word)
        ]
        for path, kinds in self.any_of.items():
            there = Counter(frame.text(path, row) or "" for row in rows)
            lines.append(
                _(
                    "{column}有：{there}；其中{wanted} 0 项",
                    column=frame.label(path),
                    there=working.counted(there),
                    wanted=listed(f"“{kind}”" for kind in kinds),
                )
            )
        return working.steps(*lines)
