"""expect_cells_settled: no cell of a form had to be inferred."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar

import numpy as np

from audit_utils.batches import Address, label
from audit_utils.expectations.frame import Bools, Frame, bools, row_name
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation

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
        return [self.column, "table", "row", "column"]

    def judge(self, frame: Frame) -> Iterable[Places]:
        inferred = bools(frame.column(self.column))
        some = np.zeros(len(frame.projects), bool)
        some[frame.codes[inferred]] = True

        def explain(project: int) -> Note:
            cells = _cells(frame, project, inferred)
            words = list(_in_words(cells))
            more = "等" if len(words) > _SHOWN else ""
            texts = {"count": str(len(cells)), "cells": "；".join(words[:_SHOWN]) + more}
            return Note("", "对照原件核对", None, texts)

        found = outcomes(some, np.zeros(len(some), bool))
        yield Places(self.form, frame.first_rows, found, explain, of_project=True)


def _cells(frame: Frame, project: int, inferred: Bools) -> list[dict[str, Any]]:
    rows = frame.members(project)
    chosen = rows[inferred[rows]].tolist()
    names = ("table", "row", "column")
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
        name = row_name(first[1])
        if first is not last:
            name = f"第{first[1]}至{last[1]}项"
        yield name + "、".join(first[2])
        start = at


def _follows(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """True for the next indicator with the same columns."""
    table, row, columns = one
    return (table, columns) == (other[0], other[2]) and (
        table == "indicators" and int(row) + 1 == int(other[1])
    )


def _label(cell: dict[str, Any]) -> str:
    return label(Address(cell["table"], None, cell["column"]))
