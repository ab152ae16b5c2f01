"""The tables of documents in the index: what became of each, and what could not be read."""

from collections.abc import Sequence

from audit_utils import endings
from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.data import Project, Row, Year
from audit_utils.report.html import Html
from audit_utils.report.listing import KEPT, Cell, Column, Listing, show
from audit_utils.report.wording import told
from audit_utils.report.year_tables import column, count, lines, rest, to_project, words

ORDER: tuple[endings.Ended, ...] = (
    "not understood", "partly understood", "no form", "copy", "read"
)  # fmt: skip
"""How documents end, the worst first."""


def documents(year: Year) -> Html:
    """Every document and what became of it, those with trouble first, with the first reason."""
    reasons: dict[str, list[str]] = {}
    for problem in year.problems:
        reasons.setdefault(problem["document"], []).append(problem["message"])
    known = {row["document"]: row for row in year.documents}
    ends = {
        name: endings.ended(known.get(name), len(reasons.get(name, ())))
        for name in {*known, *reasons}
    }
    names = sorted(ends, key=lambda name: (ORDER.index(ends[name]), name))
    kept = names[:KEPT]
    rows = [known.get(name, {"document": name}) for name in kept]
    columns = [
        column(_("文件"), rows, lambda one: Cell(one["document"]), kind="name"),
        column(_("类型"), rows, lambda one: Cell(one.get("kind") or ""), choice=True,
               style="short"),
        column(_("结果"), rows, lambda one: _ended(ends[one["document"]], one), choice=True,
               style="short"),
        column(_("表数"), rows, lambda one: _known(one.get("forms")), kind="number"),
        column(_("表种"), rows, lambda one: Cell(_(text.FORMS.get(one.get("form") or "", ""))),
               style="place"),
        *_copies(rows),
        column(_("页数"), rows, lambda one: _known(one.get("pages")), kind="number"),
        column(_("未读"), rows, lambda one: count(len(reasons.get(one["document"], ()))),
               kind="number"),
        column(_("未读原因"), rows, lambda one: _why(reasons.get(one["document"], ()), one),
               style="place"),
        column(_("SHA-256"), rows, lambda one: Cell((one.get("sha256") or "")[:16]), kind="code",
               note=_("前 16 位；完整的在工作底稿里")),
    ]  # fmt: skip
    return show(Listing("documents", _("文件"), columns, len(names), rest(year, "documents")))


def _ended(ended: endings.Ended, document: Row) -> Cell:
    """What became of a document, the worst first."""
    said = {
        "not understood": _("未能读懂"),
        "partly understood": _("部分读入"),
        "no form": _("只有表名，没有绩效表") if "title" in document else _("没有绩效表"),
        "copy": _("以其他文件为准"),
        "read": _("已读入"),
    }
    style = "trouble" if ended.endswith("understood") else ""
    return Cell(said[ended], style, key=ORDER.index(ended))


def _why(reasons: Sequence[str], document: Row) -> Cell:
    """The first thing that could not be read; the title of a document that has no more."""
    return words(told(reasons[0]) if reasons else document.get("title"))


def _known(number: int | None) -> Cell:
    """A count; nothing for a document that could not be used."""
    return Cell("", key=-1) if number is None else count(number)


def _copies(rows: Sequence[Row]) -> list[Column]:
    """Forms that other documents show better, where there are any."""
    if not any(row.get("copies") for row in rows):
        return []
    return [
        column(_("重复表数"), rows, lambda one: _known(one.get("copies")), kind="number"),
        column(_("以何文件为准"), rows, lambda one: Cell(one.get("copy_of") or ""), style="place"),
    ]


def problems(year: Year) -> Html:
    """What could not be read, with document, lines and project; whole documents first."""
    projects = {project.id: project for project in year.projects}
    refused = year.refused
    found = sorted(year.problems, key=lambda one: one["document"] not in refused)
    kept = found[:KEPT]
    columns = [
        column(_("位置"), kept, lambda one: lines(one, several=True), kind="code"),
        column(_("文字"), kept, lambda one: words(one["text"])),
        column(_("问题"), kept, lambda one: words(told(one["message"])), choice=True),
        column(_("项目"), kept, lambda one: _of(projects.get(one["project_id"])), kind="name"),
    ]
    return show(Listing("problems", _("未能读取"), columns, len(found), rest(year, "problems")))


def _of(project: Project | None) -> Cell:
    return to_project(project, ()) if project else Cell("")
