"""The sections of the index: a year at a glance, and the way to each project."""

from collections import Counter
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from audit_utils import values
from audit_utils.precision import IN_WORDS, Comparison, compare, habit
from audit_utils.report import text
from audit_utils.report.data import Project, Year
from audit_utils.report.html import Html, render
from audit_utils.report.sections import settings
from audit_utils.report.wording import told

MONEY = ("annual_budget", "executed", "annual_request")


def summary(year: Year) -> Html:
    """What the year holds and what was found: totals of money, findings and outcomes."""
    severities: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for project in year.projects:
        severities += project.severities
        outcomes += project.outcomes
    return render(
        "year_summary",
        year=year,
        forms=_forms(year),
        severities=severities,
        outcomes=outcomes,
        checks=outcomes.total(),
        touched=sum(1 for project in year.projects if project.findings),
        critical=sum(1 for project in year.projects if project.severities["critical"]),
        habit=_habit(year),
    )


def _habit(year: Year) -> str:
    """The one way of rounding that explains all printed execution rates."""
    count, modes = habit(filter(None, map(_rate_compared, year.projects)))
    if not count:
        return ""
    if not modes:
        return f"没有一种舍入方式能解释全部 {count} 个印出的执行率。"
    ways = [IN_WORDS[mode] for mode in (("half-up",) if "half-up" in modes else modes)]
    return f"全部 {count} 个印出的执行率都与「{'」「'.join(ways)}」一致。"


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
            forms.append({"label": label, "count": len(projects), **_shown(totals)})
    return forms


def _total(projects: Iterable[Project], column: str) -> Decimal:
    amounts = (project.funds.get("total", {}).get(column) for project in projects)
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _shown(totals: dict[str, Decimal]) -> dict[str, str]:
    budget, executed = totals["annual_budget"], totals["executed"]
    rate = text.rate(executed / budget) if budget else ""
    return {column: text.money(total or None) for column, total in totals.items()} | {"rate": rate}


def projects(year: Year, without_page: Collection[str] = ()) -> Html:
    """Every project with its money, score and findings; those with the gravest come first."""
    groups = [
        {"label": label, "form": form, "rows": [_row(one, without_page) for one in chosen]}
        for form, label in text.FORMS.items()
        if (chosen := [one for one in _gravest(year) if one.row["form"] == form])
    ]
    return render("year_projects", groups=groups, several_units=_several_units(year))


def _gravest(year: Year) -> list[Project]:
    def weight(project: Project) -> list[int]:
        return [-project.severities[code] for code in text.SEVERITIES]

    return sorted(year.projects, key=weight)


def _several_units(year: Year) -> bool:
    return len({project.row["unit"] for project in year.projects}) > 1


def _row(project: Project, without_page: Collection[str]) -> dict[str, Any]:
    total = project.funds.get("total", {})
    return {
        "project": project,
        "page": project.id not in without_page,
        "rules": sorted({finding["rule"] for finding in project.findings}),
        "money": {column: text.money(total.get(column)) for column in MONEY},
        "rate": project.printed("funds", "total", "execution_rate") or "",
        "score": project.printed("projects", "0", "total_score") or "",
        "open": project.outcomes["cannot_evaluate"] + project.outcomes["error"],
        "inferred": sum(1 for cell in project.cells.values() if cell["inferred"]),
        "unread": len(project.problems),
    }


def rules(year: Year) -> Html:
    """Every rule with its outcomes over all projects: what failed most comes first."""
    counts: dict[str, Counter[str]] = {}
    for project in year.projects:
        for check in project.checks:
            counts.setdefault(check["rule"], Counter())[check["outcome"]] += 1
    rows = [
        {
            "code": code,
            "rule": year.rules.get(code),
            "outcomes": outcomes,
            "total": outcomes.total(),
        }
        for code, outcomes in sorted(counts.items(), key=lambda item: (-item[1]["fail"], item[0]))
    ]
    return render("year_rules", rows=rows)


def parameters(year: Year) -> Html:
    """The parameters in force, where each comes from, and which rules use it."""
    return settings(year.settings.values(), list(year.rules.values()))


def documents(year: Year) -> Html:
    """Every document that was read, and what could not be read in it."""
    names = {project.id: project.row["name"] for project in year.projects}
    problems = [
        problem
        | {
            "lines": text.lines(problem),
            "message": told(problem["message"]),
            "project": names.get(problem["project_id"]),
        }
        for problem in year.problems
    ]
    return render("year_documents", documents=year.documents, problems=problems, FORMS=text.FORMS)
