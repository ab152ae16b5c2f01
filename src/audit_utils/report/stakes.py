"""How big a finding is: the share of a project's points or money that is at stake."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audit_utils.dictionary import TABLES
from audit_utils.report import text
from audit_utils.report.data import Project, Row

_TYPES = {
    (table.name, column.name): column.type for table in TABLES.values() for column in table.columns
}


def share(project: Project, finding: Row) -> Decimal | None:
    """What is at stake, as a share of the project (1 is all of it); None where nothing tells.

    A difference in points is a share of the total weight, one in yuan of the project's money,
    one of the execution rate is a share already.  Where there is none it is the weight of the
    indicator, or of the row of money, that the finding stands at.
    """
    kind = _TYPES.get((finding["table"], finding["column"]))
    difference: Decimal | None = finding["difference"]
    if difference is not None and kind == "points":
        return _quotient(difference, points(project))
    if difference is not None and kind == "amount":
        return _quotient(difference, money(project))
    if difference is not None and kind == "rate":
        return abs(difference)
    return _quotient(_weight(project, finding), points(project)) or None


def _quotient(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return abs(part) / whole if part is not None and whole else None


def _weight(project: Project, finding: Row) -> Decimal | None:
    """The weight of the row that a finding stands at."""
    if finding["table"] == "indicators":
        return _weights(project).get(finding["row"] or "")
    if finding["table"] == "funds":
        weight: Decimal | None = project.funds.get(finding["row"] or "", {}).get("weight")
        return weight
    return None


def _weights(project: Project) -> dict[str, Decimal]:
    return {str(row["ordinal"]): row["weight"] for row in project.indicators if row["weight"]}


def points(project: Project) -> Decimal | None:
    """The points to win as printed."""
    total: Decimal | None = project.row["total_weight"]
    return total


def money(project: Project) -> Decimal | None:
    """The project's money: its budget after adjustments, or what a declaration asks for."""
    total: Row = project.funds.get("total", {})
    amount: Decimal | None = total.get("annual_budget") or total.get("annual_request")
    return amount


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its project and the share of it that is at stake."""

    project: Project
    finding: Row
    share: Decimal | None


def ordered(projects: Iterable[Project]) -> list[Found]:
    """All findings with what is at stake, the biggest first.

    The gravest come first, among them those with the largest share, then those of the
    project with the most money.
    """
    found = [
        Found(project, finding, share(project, finding))
        for project in projects
        for finding in project.findings
    ]
    return sorted(found, key=_size)


def _size(one: Found) -> tuple[Any, ...]:
    severity = list(text.SEVERITIES).index(one.finding["severity"])
    return severity, -(one.share or 0), -(money(one.project) or 0), one.finding["finding_id"]


def said(stake: Decimal | None) -> str:
    """The share in percent, whole ones but for the smallest; empty for None."""
    if stake is None:
        return ""
    percent = stake * 100
    return f"{percent:,.0f}%" if percent >= 10 else f"{percent:.2g}%"
