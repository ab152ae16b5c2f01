"""expect_cells_to_be_filled: the cells that a form has to fill are filled."""

from collections.abc import Iterable

import numpy as np
import pyarrow.compute as pc

from audit_utils.batches import address
from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, Ints, bools, of_row
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _


class ExpectCellsToBeFilled(AuditExpectation):
    """Expect something to be printed in each of these cells, in a frame of cells.

    Args:
        cells: paths; one with a table alone (`indicators.name`) means every row of it.
    """

    cells: list[str]

    def columns(self) -> Iterable[str]:
        return self.cells

    def judge(self, frame: Frame) -> Iterable[Places]:
        printed = frame.column("printed")
        empty = ~bools(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(printed)), 0))
        for path in self.cells:
            place = address(path, "cells")
            where = {"table": place.table, "column": place.column}
            rows = np.flatnonzero(frame.matches(where | ({"row": place.row} if place.row else {})))
            found = outcomes(empty[rows], frame.nowhere[rows])

            def explain(number: int, path: str = path, rows: Ints = rows) -> Note:
                row = frame.row(int(rows[number]))
                cell = of_row(row if row != "total" else None, frame.label(path))
                return Note(expected=_("应填写"), working=working.nothing_printed(cell))

            yield Places(path, rows, found, explain, absent=frame.absent([path]))
