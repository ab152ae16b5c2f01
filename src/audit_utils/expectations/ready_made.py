"""The judgement of an expectation that Great Expectations brings itself.

Those that look at rows (column, column pair and multicolumn map expectations) can stand in
a suite as they are.  A row in which one of their columns is empty cannot be evaluated,
unless emptiness is what the expectation looks for.
"""

from typing import Any

import numpy as np
import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    ColumnPairMapExpectation,
    Expectation,
    MulticolumnMapExpectation,
)

from audit_utils.expectations.frame import Frame, Ints, with_text
from audit_utils.expectations.judgement import Judgement, Note, Places, judge, outcomes
from audit_utils.language import _
from audit_utils.phrases import listed

LOOKS_AT_ROWS = (ColumnMapExpectation, ColumnPairMapExpectation, MulticolumnMapExpectation)


def columns(expectation: Expectation) -> list[str]:
    """The columns that it looks at, the judged one first."""
    kwargs = expectation.configuration.kwargs
    named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return [*named, *kwargs.get("column_list", [])]


def judgement(expectation: Expectation, unexpected: list[int], data: pd.DataFrame) -> Judgement:
    """The judgement that follows from the numbers of the unexpected rows."""
    frame, looked_at = Frame(data), columns(expectation)
    rows = _domain(expectation, frame)
    failed = np.isin(rows, unexpected)
    unknown = frame.missing(looked_at, rows) & ~failed

    def explain(number: int) -> Note:
        row = int(rows[number])
        if unknown[number]:
            return Note(frame.lacking(looked_at, row))
        cells = (with_text(frame.label(path), frame.text(path, row) or "") for path in looked_at)
        return Note(working=_("查看{cell}", cell=listed(cells)))

    found = outcomes(failed, unknown)
    blank, absent = frame.blank(looked_at, rows), frame.absent(looked_at)
    return judge(frame, [Places(looked_at[0], rows, found, explain, blank, absent=absent)])


def _domain(expectation: Expectation, frame: Frame) -> Ints:
    """The rows that its row_condition leaves, without stand-in rows."""
    condition = expectation.configuration.kwargs.get("row_condition")
    if condition is None:
        return np.flatnonzero(frame.present)
    engine = PandasExecutionEngine(batch_data_dict={"all": frame.data.reset_index(drop=True)})
    parser = expectation.configuration.kwargs.get("condition_parser")
    kwargs: dict[str, Any] = {
        "batch_id": "all",
        "row_condition": condition,
        "condition_parser": parser,
    }
    data, _, _ = engine.get_compute_domain(kwargs, MetricDomainTypes.TABLE)
    rows: Ints = data.index.to_numpy(np.int64)
    return rows[frame.present[rows]]
