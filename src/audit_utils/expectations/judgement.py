"""What a rule says about the places of a frame, and the sums of it by project.

An expectation looks at *places* (a cell of a row, or of a group of rows) and gives each
one an outcome.  What there is to say about a place (expected value, difference, reason) is
only worked out for those that somebody will read: failures, roundings, and the first place
of a project that could not be evaluated.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from audit_utils.expectations.frame import Absent, Bools, Frame, Ints
from audit_utils.language import _
from audit_utils.phrases import clauses, listed
from audit_utils.precision import OUTCOMES, Outcome

Codes = npt.NDArray[np.int8]
"""Outcomes as their number in OUTCOMES."""

CODE: Mapping[Outcome, int] = {outcome: code for code, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True)
class Note:
    """What there is to say about one place.

    `expected` and `reason` are text for the auditor, in the language in use, `difference` is
    printed - expected in the unit of the column, `values` are texts for the rule's condition,
    `working` is the calculation with its numbers, a step a line (working.py).
    """

    reason: str = ""
    expected: str = ""
    difference: Decimal | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    working: str = ""


Explain = Callable[[int], Note]
"""Number of a place -> what there is to say about it."""


@dataclass(frozen=True)
class Places:
    """Places of one column that a rule looked at.

    `column` is the path of the judged cell, `rows` the row of the frame that each place
    stands on, `outcomes` its outcome (as in CODE), `blank` tells where none of the values
    that the rule needs is printed.  A place `of_project` is one of the project as a whole;
    it stands on the project's first row and not for that row.  `absent` are the columns that
    the rule needs and some forms do not have (Frame.absent): there is nothing to check there.
    """

    column: str
    rows: Ints
    outcomes: Codes
    explain: Explain
    blank: Bools | None = None
    of_project: bool = False
    absent: Absent = field(default_factory=dict)


def outcomes(fail: Bools, unknown: Bools) -> Codes:
    """pass, or fail where `fail` says so, but cannot_evaluate wherever `unknown` does."""
    found = np.where(fail, CODE["fail"], CODE["pass"])
    return np.where(unknown, CODE["cannot_evaluate"], found).astype(np.int8)


def coded(found: Iterable[Outcome]) -> Codes:
    """Outcomes as their numbers."""
    return np.fromiter((CODE[outcome] for outcome in found), np.int8)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of one rule.

    `tally` has one row a project: project_id, a count for each outcome, and the reason of
    its worst outcome where that is neither a failure nor a pass, and which columns the form
    does not have, so that nothing was looked at there.  `places` has one row for each failure
    and rounding: project_id, row, column, outcome, reason, expected, difference, values,
    working.
    """

    tally: pd.DataFrame
    places: pd.DataFrame


_COLUMNS = (
    "project_id", "row", "column", "outcome", "reason", "expected", "difference", "values",
    "working",
)  # fmt: skip


def judge(frame: Frame, all_places: Iterable[Places]) -> Judgement:
    """Sum the places up by project."""
    size = len(frame.projects) * len(OUTCOMES)
    counts = np.zeros(size, np.int64)
    reasons: dict[int, tuple[int, str]] = {}
    absent: dict[int, dict[str, None]] = defaultdict(dict)
    rows: list[tuple[Any, ...]] = []
    for given in all_places:
        _forgive_blanks(frame, given)
        places, left_out = _leave_out(frame, given, absent)
        codes = frame.codes[places.rows]
        counts += np.bincount(codes * len(OUTCOMES) + places.outcomes, minlength=size)
        _add_reasons(reasons, places, codes, ~left_out)
        rows.extend(_worth_reading(frame, places))
    tally = pd.DataFrame(counts.reshape(-1, len(OUTCOMES)), columns=list(OUTCOMES))
    tally.insert(0, "project_id", frame.projects)
    texts = _reasons(counts.reshape(-1, len(OUTCOMES)), reasons, absent)
    tally["reason"] = pd.Series(texts, dtype=object)
    return Judgement(tally, pd.DataFrame(rows, columns=list(_COLUMNS), dtype=object))


def _forgive_blanks(frame: Frame, places: Places) -> None:
    """Turn places into not_applicable in forms that print none of the values at any place.

    One blank row among others is a value that is missing; a form without the whole column
    has nothing to check.
    """
    if places.blank is None:
        return
    codes = frame.codes[places.rows]
    has_some = np.zeros(len(frame.projects), bool)
    has_some[codes[~places.blank]] = True
    nothing = ~has_some[codes] & (places.outcomes == CODE["cannot_evaluate"])
    places.outcomes[nothing] = CODE["not_applicable"]


def _leave_out(
    frame: Frame, places: Places, absent: dict[int, dict[str, None]]
) -> tuple[Places, Bools]:
    """Places that need a column that the form does not have are not_applicable; which are.

    What passes without it passes.  The names of the columns are added to `absent`, by project.
    """
    codes = frame.codes[places.rows]
    left_out = np.zeros(len(codes), bool)
    for path, projects in places.absent.items():
        here = projects[codes] & (places.outcomes != CODE["pass"])
        left_out |= here
        for project in np.unique(codes[here]).tolist():
            absent[project][frame.column_name(path)] = None
    if not left_out.any():
        return places, left_out
    found = np.where(left_out, CODE["not_applicable"], places.outcomes).astype(np.int8)
    return replace(places, outcomes=found), left_out


def _no_column(names: Sequence[str]) -> str:
    shown = listed(f"“{name}”" for name in names)
    return _("表中没有{names}一栏", names=shown, n=len(names))


def _reasons(
    counts: Ints, reasons: Mapping[int, tuple[int, str]], absent: Mapping[int, Mapping[str, None]]
) -> dict[int, str]:
    """What there is to say about the outcome of each project."""
    worst = (counts > 0).argmax(axis=1).tolist()
    texts = {project: text for project, (code, text) in reasons.items() if code == worst[project]}
    for project, names in absent.items():
        if worst[project] in (CODE["fail"], CODE["pass"], CODE["not_applicable"]):
            texts[project] = clauses([_no_column(list(names)), texts.get(project, "")])
    return texts


def _add_reasons(
    reasons: dict[int, tuple[int, str]], places: Places, codes: Ints, among: Bools
) -> None:
    """Keep the reason of each project's worst outcome; of equals the first."""
    for code in (CODE["cannot_evaluate"], CODE["rounding"], CODE["not_applicable"]):
        chosen = np.flatnonzero((places.outcomes == code) & among)
        projects, first = np.unique(codes[chosen], return_index=True)
        for project, number in zip(projects.tolist(), chosen[first].tolist(), strict=True):
            if project not in reasons or reasons[project][0] > code:
                reasons[project] = (code, places.explain(number).reason)


def _worth_reading(frame: Frame, places: Places) -> Iterable[tuple[Any, ...]]:
    worst = (places.outcomes == CODE["fail"]) | (places.outcomes == CODE["rounding"])
    for number in np.flatnonzero(worst).tolist():
        note = places.explain(number)
        position = int(places.rows[number])
        row = None if places.of_project else frame.row(position)
        project = frame.projects[frame.codes[position]]
        outcome = OUTCOMES[places.outcomes[number]]
        yield (project, row, places.column, outcome, note.reason, note.expected,
               note.difference, dict(note.values), note.working)  # fmt: skip
