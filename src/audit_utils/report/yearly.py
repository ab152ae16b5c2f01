"""The sections of the index: a year at a glance, and the way to each finding."""

from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from audit_utils import values
from audit_utils.errors import AuditError
from audit_utils.language import _
from audit_utils.precision import IN_WORDS, Comparison, compare, habit
from audit_utils.report import document_tables, places, stakes, text, year_tables
from audit_utils.report.data import Project, Year, settled
from audit_utils.report.html import Html, render
from audit_utils.report.wording import told

MONEY = ("annual_budget", "executed", "annual_request")
FILES = {"findings.xlsx": "工作底稿（Excel）", "rules.html": "审核规则手册"}
"""What lies beside the page."""
BIGGEST = 10
VALUE = 80
"""Characters of a parameter's value that are shown unfolded."""


def summary(year: Year, files: Collection[str] = ()) -> Html:
    """What the year holds and what was found: totals of money, findings and outcomes.

    `files` are the names of others that lie beside the page.
    """
    open_findings: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    for project in year.projects:
        open_findings += project.severities
        outcomes += project.outcomes
        touched.update(project.severities.keys() | ({"any"} if project.severities else set()))
    return render(
        "year_summary",
        year=year,
        forms=_forms(year),
        severities=open_findings,
        settled=_settled(year),
        outcomes=outcomes,
        touched=touched,
        habit=_habit(year),
        troubles=len(year.stale) + len(year.review.errors),
        files=[(name, _(said)) for name, said in FILES.items() if name in files],
    )


def _settled(year: Year) -> Counter[str]:
    """The number of findings with each disposition that leaves nothing to do."""
    return Counter(
        finding["decision"].disposition for project in year.projects for finding in project.settled
    )


def _habit(year: Year) -> str:
    """The ways of rounding that explain all printed execution rates."""
    count, modes = habit(filter(None, map(_rate_compared, year.projects)))
    if not count:
        return ""
    if not modes:
        return _("没有一种舍入方式能解释全部 {n} 个印出的执行率。", n=count)
    ways = [IN_WORDS[mode] for mode in (("half-up",) if "half-up" in modes else modes)]
    said = _("」「").join(map(_, ways))
    return _("全部 {n} 个印出的执行率都与「{ways}」一致。", n=count, ways=said)


def _rate_compared(project: Project) -> Comparison | None:
    """The printed execution rate against executed / annual budget; None where one is missing."""
    total = project.funds.get("total", {})
    rate, executed, budget = map(total.get, ("execution_rate", "executed", "annual_budget"))
    if rate is None or executed is None or not budget:
        return None
    unit = values.last_digit(project.printed("funds", "total", "execution_rate"), rate)
    return compare(rate, executed, budget, unit)


def _forms(year: Year) -> list[dict[str, Any]]:
    """For each kind of form: its projects and their money."""
    forms = []
    for form, label in text.FORMS.items():
        projects = [project for project in year.projects if project.row["form"] == form]
        if projects:
            totals = {column: _total(projects, column) for column in MONEY}
            forms.append({"label": _(label), "count": len(projects), **_shown(totals)})
    return forms


def _total(projects: Iterable[Project], column: str) -> Decimal:
    amounts = (project.funds.get("total", {}).get(column) for project in projects)
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _shown(totals: dict[str, Decimal]) -> dict[str, str]:
    budget, executed = totals["annual_budget"], totals["executed"]
    rate = text.rate(executed / budget) if budget else ""
    return {column: text.money(total or None) for column, total in totals.items()} | {"rate": rate}


def biggest(year: Year, without_page: Collection[str] = ()) -> Html:
    """The findings with the most at stake that no decision has settled."""
    found = [one for one in stakes.ordered(year.projects) if not settled(one.finding)]
    rows = [
        {
            "finding": one.finding,
            "title": rule.title.said if (rule := year.rules.get(one.finding["rule"])) else "",
            "name": one.project.row["name"] or one.project.id,
            "page": ""
            if one.project.id in without_page
            else year_tables.address(one.project, one.finding["number"]),
            "stake": stakes.said(one.share),
            "share": min(one.share or Decimal(0), Decimal(1)),
            "difference": places.difference(one.finding),
            "lines": text.lines(one.finding),
        }
        for one in found[:BIGGEST]
    ]
    return render("year_biggest", rows=rows, open=len(found), checked=_checked(year))


def _checked(year: Year) -> bool:
    return any(project.evaluated for project in year.projects)


def rules(year: Year) -> Html:
    """Every rule with its outcomes over all projects: what failed most comes first."""
    counts: dict[str, Counter[str]] = {}
    for project in year.projects:
        for check in project.checks:
            counts.setdefault(check["rule"], Counter())[check["outcome"]] += 1
    rows = [
        {"code": code, "rule": year.rules.get(code), "outcomes": one, "total": one.total()}
        for code, one in sorted(counts.items(), key=lambda item: (-item[1]["fail"], item[0]))
    ]
    return render("year_rules", rows=rows)


def parameters(year: Year) -> Html:
    """The parameters that the year sets differently; how many have their default."""
    rows = [
        {
            "name": one.parameter.name,
            "title": one.parameter.text.said,
            "value": text.parameter(one.parameter.unit, one.value),
            "default": text.parameter(one.parameter.unit, one.parameter.default),
        }
        for one in year.settings.values()
        if one.own
    ]
    return render("year_parameters", rows=rows, usual=len(year.settings) - len(rows), long=VALUE)


def decisions(year: Year, without_page: Collection[str] = ()) -> Html:
    """The findings that are decided about, and the decisions that have nothing to decide."""
    stale = [{"decision": one.decision, "why": _(text.LEFT_OVER[one.why])} for one in year.stale]
    some = any(one["decision"] for project in year.projects for one in project.findings)
    trouble = render(
        "year_decisions",
        some=some,
        stale=stale,
        errors=list(map(_told, year.review.errors)),
        year=year.year,
    )
    decided = [year_tables.decided(year, without_page)] if some else []
    return year_tables.together("decisions", [trouble, *decided])


def _told(error: AuditError) -> str:
    """What is wrong with an entry, and where: the folder of the machine is nobody's business."""
    file = Path(error.path or "").name
    place = f"{file}:{error.line}" if error.line else file
    return f"{place}: {told(error.message)}"


def documents(year: Year) -> Html:
    """Every document and what became of it, and what could not be read."""
    unread = document_tables.problems(year) if year.problems else render("year_all_read")
    return year_tables.together("documents", [document_tables.documents(year), unread])
