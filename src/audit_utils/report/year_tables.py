"""The tables of the index: findings, decisions, projects."""

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

from audit_utils.language import _
from audit_utils.report import stakes, text
from audit_utils.report.data import Project, Row, Year
from audit_utils.report.html import Html, render
from audit_utils.report.listing import KEPT, Cell, Column, Listing, show
from audit_utils.report.places import difference, span, where
from audit_utils.report.stakes import Found

NAME, WORDS = 60, 90
"""Characters of a name, and of what a finding says, that stand in a table."""


T = TypeVar("T")
Pages = Collection[str]
"""The ids of projects that have no page."""


def column(head: str, rows: Iterable[T], cell: Callable[[T], Cell], **more: Any) -> Column:
    return Column(head, [cell(row) for row in rows], **more)


# ---- findings


def findings(year: Year, without_page: Pages = ()) -> Html:
    """All findings, the biggest first, each with the command that decides about it."""

    def rule(one: Found) -> Cell:
        return _rule(year, one.finding["rule"])

    def link(one: Found) -> Cell:
        return to_project(one.project, without_page, one.finding)

    found = stakes.ordered(year.projects)
    kept = found[:KEPT]
    columns = [
        column(_("级别"), kept, lambda one: _severity(one.finding), choice=True),
        column(_("规则"), kept, rule, kind="code", choice=True),
        column(_("项目"), kept, link, kind="name"),
        *_units(year, [one.project for one in kept]),
        column(_("现状"), kept, lambda one: words(one.finding["condition"]), style="wide"),
        column(_("应为"), kept, lambda one: words(one.finding["expected"]), style="place"),
        column(_("差额"), kept, lambda one: _difference(one.finding), kind="number"),
        column(_("占比"), kept, lambda one: _rate(one.share), kind="number",
                note=_("涉及的分值或资金占该项目的比例")),
        column(_("位置"), kept, _place, style="place"),
        column(_("行"), kept, lambda one: lines(one.finding, several=len(year.documents) > 1),
                kind="code"),
        column(_("处理意见"), kept, lambda one: _decided(one.finding), choice=True, style="short"),
        column(_("命令"), kept, lambda one: _command(one.finding), kind="command",
                note=_("记录处理意见的命令，填上理由和姓名后运行")),
    ]  # fmt: skip
    return show(Listing("findings", _("全部疑点"), columns, len(found), rest(year, "findings")))


def _severity(finding: Row) -> Cell:
    label = text.SEVERITIES[finding["severity"]]
    rank = list(text.SEVERITIES).index(label.code)
    return Cell(f"{label.symbol} {label.word}", f"severity {label.code}", key=rank)


def _rule(year: Year, code: str) -> Cell:
    rule = year.rules.get(code)
    return Cell(code, "", f"rules.html#{quote(code)}", rule.title.said if rule else "")


def words(said: str | None) -> Cell:
    return Cell(text.shorten(" ".join((said or "").split()), WORDS))


def _difference(finding: Row) -> Cell:
    return Cell(difference(finding), key=finding["difference"])


def _place(one: Found) -> Cell:
    finding = one.finding
    return Cell(where(one.project, finding["table"], finding["row"], finding["column"]))


def lines(row: Row, *, several: bool) -> Cell:
    """Where a row stands, with the document where there are several."""
    place = (row["document"], row["page"] or 0, row["line_start"] or 0)
    return Cell(text.lines(row) if several else span(row), key=place)


def _rate(value: Decimal | None) -> Cell:
    return Cell(stakes.said(value), key=value)


def _decided(finding: Row) -> Cell:
    decision = finding["decision"]
    return Cell(_(text.DISPOSITIONS[decision.disposition]) if decision else _("待处理"))


def _command(finding: Row) -> Cell:
    return Cell(finding["finding_id"])


# ---- projects


def gravest(year: Year) -> list[Project]:
    """The projects, those with the gravest open findings first."""
    return sorted(
        year.projects, key=lambda one: [-one.severities[code] for code in text.SEVERITIES]
    )


def by_form(year: Year) -> dict[str, list[Project]]:
    """The projects of each kind of form that the year has, the gravest first."""
    groups = {
        form: [one for one in gravest(year) if one.row["form"] == form] for form in text.FORMS
    }
    return {form: chosen for form, chosen in groups.items() if chosen}


def projects(year: Year, without_page: Pages = ()) -> Html:
    """Every project with its money, score and findings, a table for each kind of form."""
    tables = [show(_projects(year, *group, without_page)) for group in by_form(year).items()]
    return together("projects", tables or [nothing()])


def nothing() -> Html:
    """What stands in place of tables of projects where a year has none."""
    return render("year_nothing")


def together(name: str, tables: Iterable[Html]) -> Html:
    """Several tables as one section."""
    return Html(name, "".join(table.markup for table in tables))


def _projects(year: Year, form: str, chosen: Sequence[Project], without_page: Pages) -> Listing:
    kept = chosen[:KEPT]
    columns = [
        column(_("序号"), kept, lambda one: count(one.row["seq"]), kind="number"),
        *names(year, kept, without_page),
        *(_evaluated(kept) if form == "self_evaluation" else _declared(kept)),
        *(_found(kept, code) for code in text.SEVERITIES),
        column(_("已处理"), kept, lambda one: count(len(one.settled)), kind="number"),
        column(_("未评价"), kept, lambda one: count(_open(one)), kind="number",
                note=_("无法评价或检查出错的规则")),
        column(_("推定"), kept, lambda one: count(_inferred(one)), kind="number",
                note=_("由程序推定的单元格")),
        column(_("未读"), kept, lambda one: count(len(one.problems)), kind="number",
                note=_("未能读取的内容")),
    ]  # fmt: skip
    return Listing(
        f"projects-{form}", _(text.FORMS[form]), columns, len(chosen), rest(year, "projects")
    )


def names(
    year: Year, kept: Sequence[Project], without_page: Pages, total: str = ""
) -> list[Column]:
    """The projects by name, and their units; `total` stands below the names."""
    named = column(
        _("项目"), kept, lambda one: to_project(one, without_page), kind="name", total=total
    )
    return [named, *_units(year, kept)]


def _units(year: Year, of: Iterable[Project]) -> list[Column]:
    """The unit of each project, where the year has more than one."""
    if len({project.row["unit"] for project in year.projects}) < 2:
        return []
    return [column(_("单位"), of, _unit, choice=True)]


def _unit(project: Project) -> Cell:
    return Cell(text.shorten(project.row["unit"] or _("未填"), NAME))


def _evaluated(kept: Sequence[Project]) -> list[Column]:
    return [
        column(_("全年预算（元）"), kept, lambda one: _money(one, "annual_budget"), kind="number"),
        column(_("全年执行（元）"), kept, lambda one: _money(one, "executed"), kind="number"),
        column(_("执行率"), kept, lambda one: _printed(one, "funds", "total", "execution_rate"),
                kind="number"),
        column(_("总得分"), kept, lambda one: _printed(one, "projects", "0", "total_score"),
                kind="number"),
    ]  # fmt: skip


def _declared(kept: Sequence[Project]) -> list[Column]:
    return [
        column(_("年度申请（元）"), kept, lambda one: _money(one, "annual_request"), kind="number"),
        column(_("指标"), kept, lambda one: count(len(one.indicators)), kind="number"),
    ]


def _found(kept: Sequence[Project], severity: str) -> Column:
    label = text.SEVERITIES[severity]
    return column(
        label.word, kept,
        lambda one: count(one.severities[severity], f"severity {severity}"), kind="number",
    )  # fmt: skip


def _money(project: Project, column: str) -> Cell:
    amount = project.funds.get("total", {}).get(column)
    return Cell(text.money(amount), key=amount)


def _printed(project: Project, table: str, row: str, column: str) -> Cell:
    """What the form prints, sorted by its value."""
    source = project.row if table == "projects" else project.funds.get(row, {})
    printed = project.printed(table, row, column)
    value = source.get(column)
    return Cell(printed or "", key=Decimal("-Infinity") if value is None else value)


def count(number: int, style: str = "") -> Cell:
    return Cell(f"{number:,}", style if number else "blank", key=number)


def _open(project: Project) -> int:
    return project.outcomes["cannot_evaluate"] + project.outcomes["error"]


def _inferred(project: Project) -> int:
    return sum(1 for cell in project.cells.values() if cell["inferred"])


# ---- decisions


def decided(year: Year, without_page: Pages = ()) -> Html:
    """The findings that a decision is in force about: what, why, who, when, until when."""
    rows = [one for one in stakes.ordered(year.projects) if one.finding["decision"]]
    kept = rows[:KEPT]
    columns = [
        column(_("处理意见"), kept, lambda one: _decided(one.finding), choice=True),
        column(_("理由"), kept, lambda one: words(one.finding["decision"].reason)),
        column(_("谁"), kept, lambda one: Cell(one.finding["decision"].who), choice=True),
        column(_("日期"), kept, lambda one: _date(one.finding["decision"].date)),
        column(_("有效至"), kept, lambda one: _date(one.finding["decision"].until)),
        column(_("级别"), kept, lambda one: _severity(one.finding), choice=True),
        column(_("规则"), kept, lambda one: _rule(year, one.finding["rule"]), kind="code"),
        column(
            _("项目"),
            kept,
            lambda one: to_project(one.project, without_page, one.finding),
            kind="name",
        ),
        column(_("现状"), kept, lambda one: words(one.finding["condition"])),
        column(_("记在"), kept, lambda one: Cell(one.finding["decision"].place), kind="code"),
    ]
    return show(Listing("decided", _("已处理的疑点"), columns, len(rows), rest(year, "findings")))


def _date(day: Any) -> Cell:
    return Cell(day.isoformat() if day else "")


# ---- cells


def to_project(project: Project, without_page: Pages, finding: Row | None = None) -> Cell:
    """The name of a project, which leads to its page or to a finding there."""
    name = text.shorten(" ".join((project.row["name"] or project.id).split()), NAME)
    if project.id in without_page:
        return Cell(_("{name}（报告未能生成）", name=name))
    return Cell(name, "", address(project, finding["number"] if finding else None))


def address(project: Project, number: int | None) -> str:
    anchor = f"#f{number}" if number else ""
    return f"projects/{quote(project.id)}.html{anchor}"


def rest(year: Year, table: str) -> str:
    return f"processed/{year.year}/{table}.parquet"
