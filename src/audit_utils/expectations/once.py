"""expect_values_once: what names a thing stands once among its like."""

from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pyarrow as pa

from audit_utils.expectations.frame import Frame, Ints, row_name, with_text
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import listed


class ExpectValuesOnce(AuditExpectation):
    """Expect each value of a column to stand once among the rows that share other columns.

    Args:
        once: the column -> the columns that its rows have in common.  For a cell of the
            project (`projects.name`) the projects are compared with one another.

    The first of several equal rows passes, each further one fails.  A row without a value
    cannot be evaluated; empty common columns equal one another.
    """

    once: dict[str, list[str]]

    texts: ClassVar[tuple[str, ...]] = ("first",)

    def columns(self) -> Iterable[str]:
        shared = [path for paths in self.once.values() for path in paths]
        return [path for path in [*self.once, *shared] if path != "project_id"]

    def judge(self, frame: Frame) -> Iterable[Places]:
        for path, shared in self.once.items():
            yield self._judge(frame, path, shared)

    def _judge(self, frame: Frame, path: str, shared: list[str]) -> Places:
        rows = frame.places(path)
        first = _first_like(frame, [path, *shared], rows)
        repeated = first != np.arange(len(rows))

        def explain(number: int) -> Note:
            like, row = int(rows[first[number]]), int(rows[number])
            if not repeated[number]:
                return Note(frame.lacking([path], row, named=True))
            project = frame.projects[frame.codes[like]]
            name = _("项目{id}", id=project) if "." in path else row_name(frame.row(like))
            shown = _working(frame, [*shared, path], row, name)
            return Note(expected=_("只出现一次"), values={"first": name}, working=shown)

        found = outcomes(repeated, frame.missing([path], rows))
        absent = frame.absent([path])
        return Places(path, rows, found, explain, of_project="." in path, absent=absent)


def _working(frame: Frame, paths: list[str], row: int, other: str) -> str:
    """What a place has in common with another one."""
    same = (
        with_text(frame.label(path), frame.text(path, row))
        for path in paths
        if path != "project_id"
    )
    return _("与{other}相同：{same}", other=other, same=listed(same))


def _first_like(frame: Frame, paths: list[str], rows: Ints) -> Ints:
    """For each of the rows the number of the first one with the same values."""
    key = np.zeros(len(rows), np.int64)
    for path in paths:
        column = frame.column(path).take(pa.array(rows))
        codes = column.dictionary_encode(null_encoding="encode").indices.to_numpy()
        _, key = np.unique(key * (len(rows) + 1) + codes, return_inverse=True)
    _, first, like = np.unique(key, return_index=True, return_inverse=True)
    found: Ints = first[like].astype(np.int64)
    return found
