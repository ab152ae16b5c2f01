"""Points that are due under the rulebook, beside those that a form prints.

The total due is that of SC09: for the execution its weight x rate, for a missed quantified
target the points pro rata (SC05), for all others the points printed; divided by the sum of
the weights, times 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from audit_utils.comparison import CEILINGS, compare, due_points
from audit_utils.dictionary import TABLES
from audit_utils.parameters import Setting
from audit_utils.report.data import Project, Row, Year

QUANTIFIED = ("quantity", "range")

_READ = ("target", "actual", "target_kind", "actual_kind", "target_unit", "actual_unit",
         "target_operator", "target_value", "actual_value")  # fmt: skip
_SCHEMA = pa.schema([TABLES["indicators"].schema.field(name) for name in _READ])


@dataclass(frozen=True, slots=True)
class Part:
    """Points of the execution or of a level 1; None where one of its rows prints none."""

    label: str
    execution: bool
    weight: Decimal | None
    won: Decimal | None
    due: Fraction | None


def compared(rows: Sequence[Row]) -> list[Row]:
    """The rows of indicators with the columns of `comparison.COLUMNS`."""
    found = compare(pa.Table.from_pylist(rows, schema=_SCHEMA)).to_pylist()
    return [row | one for row, one in zip(rows, found, strict=True)]


def formula(settings: Mapping[str, Setting]) -> str:
    """The year's formula for ceilings; the usual one where it is none (the rule tells that)."""
    found = settings["ceiling_formula"].value
    return str(found) if found in CEILINGS else CEILINGS[0]


def share(row: Row, ceiling: str) -> Fraction | None:
    """What a compared row reached of its target; of a ceiling by the formula `ceiling`."""
    target, actual = row["target_compared"], row["actual_compared"]
    if target is None or actual is None:
        return None
    found = due_points(Decimal(1), target, actual, row["target_operator"], ceiling)
    return found and Fraction(found[0]) / Fraction(found[1])


def parts(project: Project) -> list[Part]:
    """The execution, where it gives points, and each level 1 as the form prints them."""
    groups: dict[str, list[Row]] = {}
    for row in compared(project.indicators):
        groups.setdefault(row["level1"] or "", []).append(row)
    ceiling = formula(project.settings)
    return [*_execution(project), *(_level(label, rows, ceiling) for label, rows in groups.items())]


def totals(year: Year) -> Mapping[str, Fraction]:
    """The total due of each project that has one, by its id."""
    rows = compared([row for project in year.projects for row in project.indicators])
    own: dict[str, list[Row]] = {}
    for row in rows:
        own.setdefault(row["project_id"], []).append(row)
    ceiling = formula(year.settings)
    found = {
        project.id: _total([*_execution(project), _level("", own[project.id], ceiling)])
        for project in year.projects
        if project.id in own
    }
    return {project_id: total for project_id, total in found.items() if total is not None}


def _total(found: Iterable[Part]) -> Fraction | None:
    due, whole = Fraction(0), Fraction(0)
    for part in found:
        if part.due is None or part.weight is None:
            return None
        due, whole = due + part.due, whole + Fraction(part.weight)
    return due / whole * 100 if whole > 0 else None


def _execution(project: Project) -> list[Part]:
    total = project.funds.get("total", {})
    score, weight, rate = (total.get(name) for name in ("score", "weight", "execution_rate"))
    if score is None and weight is None:
        return []
    due = None if weight is None or rate is None else min(Fraction(weight) * Fraction(rate), weight)
    return [Part("预算执行", True, weight, score, None if due is None else Fraction(due))]


def _level(label: str, rows: Sequence[Row], ceiling: str) -> Part:
    return Part(
        label,
        False,
        _sum(row["weight"] for row in rows),
        _sum(row["score"] for row in rows),
        _due(rows, ceiling),
    )


def _sum(points: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for one in points:
        if one is None:
            return None
        total += one
    return total


def _due(rows: Iterable[Row], ceiling: str) -> Fraction | None:
    total = Fraction(0)
    for row in rows:
        if row["score"] is None or row["weight"] is None:
            return None
        missed = row["target_kind"] in QUANTIFIED and row["attainment"] == "missed"
        reached = share(row, ceiling) if missed else None
        total += Fraction(row["score"]) if reached is None else reached * Fraction(row["weight"])
    return total
