"""Project by rule: what became of every rule for every project, on one look."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from audit_utils.language import _
from audit_utils.precision import OUTCOMES
from audit_utils.report import text
from audit_utils.report.data import Project, Row, Year, settled
from audit_utils.report.html import Html, render
from audit_utils.report.listing import KEPT, Cell, Column, Listing, show
from audit_utils.report.year_tables import Pages, address, by_form, names, nothing, rest, together


def heat(year: Year, without_page: Pages = ()) -> Html:
    """What became of each rule for each project, a table for each kind of form."""
    tables = [show(_heat(year, *group, without_page)) for group in by_form(year).items()]
    return together("heat", [render("year_legend"), *tables] if tables else [nothing()])


def _heat(year: Year, form: str, chosen: Sequence[Project], without_page: Pages) -> Listing:
    kept = chosen[:KEPT]
    codes = _codes(year, form, chosen)
    places = [_places(project, project.id not in without_page) for project in kept]
    counts = Counter(
        check["rule"] for one in chosen for check in one.checks if check["outcome"] == "fail"
    )
    columns = [
        *names(year, kept, without_page, _("不通过的项目")),
        *(
            Column(
                code,
                [place.get(code, Cell("")) for place in places],
                kind="outcome",
                note=rule.title.said if (rule := year.rules.get(code)) else _("规则文件有误"),
                total=text.number(Decimal(counts[code])),
            )
            for code in codes
        ),
    ]
    return Listing(
        f"heat-{form}", _("{form}：项目与规则", form=_(text.FORMS[form])), columns, len(chosen),
        rest(year, "checks"), _groups(year, codes, len(columns) - len(codes)),
    )  # fmt: skip


def _codes(year: Year, form: str, projects: Iterable[Project]) -> list[str]:
    """The rules of a form, the gravest first; last those that no entry of the suites has."""
    known = sorted(
        (rule for rule in year.rules.values() if rule.form == form),
        key=lambda rule: (list(text.SEVERITIES).index(rule.severity), rule.code),
    )
    used = {check["rule"] for project in projects for check in project.checks}
    return [rule.code for rule in known] + sorted(used - year.rules.keys())


def _groups(year: Year, codes: Iterable[str], before: int) -> list[tuple[str, str, int]]:
    """The severities over their rules; nothing over the columns before them."""
    spans = Counter(rule.severity if (rule := year.rules.get(code)) else "" for code in codes)
    labels = [("", "", before)]
    for code, label in text.SEVERITIES.items():
        if spans[code]:
            labels.append((f"{label.symbol} {label.word}", code, spans[code]))
    return [*labels, ("", "", spans[""])] if spans[""] else labels


def _places(project: Project, page: bool) -> dict[str, Cell]:
    """For each rule its outcome as a cell: a fail leads to its first finding."""
    found: dict[str, list[Row]] = {}
    for finding in project.findings:
        found.setdefault(finding["rule"], []).append(finding)
    return {
        check["rule"]: _outcome(project, check, found.get(check["rule"], []), page)
        for check in project.checks
    }


def _outcome(project: Project, check: Row, findings: Sequence[Row], page: bool) -> Cell:
    outcome = check["outcome"]
    label = text.OUTCOMES[outcome]
    rank = OUTCOMES.index(outcome)
    if not findings:
        return Cell(label.symbol, outcome, label=label.word, key=(rank, 0))
    count, decided = len(findings), all(map(settled, findings))
    said = _("{rule} {outcome}，{n} 处", rule=check["rule"], outcome=label.word, n=count)
    return Cell(
        f"{label.symbol}{count}" if count > 1 else label.symbol,
        f"{outcome} {findings[0]['severity']}{' decided' if decided else ''}",
        address(project, findings[0]["number"]) if page else "",
        said + (_("，已处理") if decided else ""),
        key=(rank, -count),
    )
