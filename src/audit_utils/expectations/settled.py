"""expect_cells_settled: no cell of a form had to be inferred."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar

import numpy as np

from audit_utils.batches import Address, label
from audit_utils.expectations import working
from audit_utils.expectations.frame import Bools, Frame, bools, of_row
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.phrases import clauses, listed
from audit_utils.report import wording

_SHOWN = 30
"""Groups of cells that a note names: a hostile form could have any number."""


class ExpectCellsSettled(AuditExpectation):
    """Expect no cell of a form to be inferred, in a frame of cells.

    Args:
        column: the column that tells whether a cell is.
        form: path of the cell that stands for the form as a whole.

    One place a form: which cells were inferred is said in its note.
    """

    column: str
    form: str

    texts: ClassVar[tuple[str, ...]] = ("count", "cells")

    def columns(self) -> Iterable[str]:
        return [self.column, "table", "row", "column", "note"]

    def judge(self, frame: Frame) -> Iterable[Places]:
        inferred = bools(frame.column(self.column))
        some = np.zeros(len(frame.projects), bool)
        some[frame.codes[inferred]] = True

        def explain(project: int) -> Note:
            cells = _cells(frame, project, inferred)
            words = list(_in_words(cells))
            more = _("等") if len(words) > _SHOWN else ""
            texts = {"count": str(len(cells)), "cells": clauses(words[:_SHOWN]) + more}
            return Note("", _("对照原件核对"), None, texts, _working(cells))

        found = outcomes(some, np.zeros(len(some), bool))
        yield Places(self.form, frame.first_rows, found, explain, of_project=True)


def _cells(frame: Frame, project: int, inferred: Bools) -> list[dict[str, Any]]:
    rows = frame.members(project)
    chosen = rows[inferred[rows]].tolist()
    names = ("table", "row", "column", "note")
    return [{name: frame.column(name)[row].as_py() for name in names} for row in chosen]


def _in_words(cells: list[dict[str, Any]]) -> Iterator[str]:
    """`预期目标、实际完成情况；第3至5项一级指标、二级指标`."""
    by_row = [
        (table, row, tuple(dict.fromkeys(_label(cell) for cell in group)))
        for (table, row), group in groupby(cells, key=lambda cell: (cell["table"], cell["row"]))
    ]
    start = 0
    for at in range(1, len(by_row) + 1):
        if at < len(by_row) and _follows(by_row[at - 1], by_row[at]):
            continue
        first, last = by_row[start], by_row[at - 1]
        column = listed(first[2])
        if first is last:
            yield of_row(first[1], column) if first[1] != "total" else column
        else:
            rows = _("第{first}至{last}项", first=first[1], last=last[1])
            yield _("{row}{column}", row=rows, column=column)
        start = at


def _working(cells: list[dict[str, Any]]) -> str:
    """Why the cells were inferred: a line for each reason."""
    reasons: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        reasons.setdefault(cell["note"] or "", []).append(cell)
    lines = []
    for note, some in reasons.items():
        words = list(_in_words(some))
        more = _("等") if len(words) > _SHOWN else ""
        where = clauses(words[:_SHOWN]) + more
        lines.append(_("{cells}：{reason}", cells=where, reason=wording.told(note)))
    return working.steps(*lines)


def _follows(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """True for the next indicator with the same columns."""
    table, row, columns = one
    return (table, columns) == (other[0], other[2]) and (
        table == "indicators" and int(row) + 1 == int(other[1])
    )


def _label(cell: dict[str, Any]) -> str:
    return label(Address(cell["table"], None, cell["column"]))
