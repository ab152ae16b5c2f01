"""The sections of a project's report, in the order in which a reviewer reads them.

Each has its own heading, but for the verdict, which opens the page.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from itertools import groupby
from typing import Any

from audit_utils import language
from audit_utils.language import _
from audit_utils.phrases import listed
from audit_utils.report import places, quotes, text, working
from audit_utils.report.data import Project, Row, settled
from audit_utils.report.form import Form, lay_out
from audit_utils.report.html import Html, render
from audit_utils.report.wording import told

PACKAGES = ("audit-utils", "great-expectations", "pandas", "pyarrow", "papermill", "nbconvert")
IN_SIGHT = 6
"""Lines up to which a quote stands open."""


SHORT = {"zh": 24, "en": 60}
"""Characters of what is expected, in the margin of the form."""


def verdict(project: Project) -> Html:
    """What came out: one sentence, findings by severity, outcomes that add up."""
    return render(
        "verdict",
        project=project,
        form=_(text.FORMS[project.row["form"]]),
        level=_level(project),
        inferred=sum(1 for cell in project.cells.values() if cell["inferred"]),
        sentence=_sentence(project),
        score=project.printed("projects", "0", "total_score"),
        groups=_by_rule(project),
    )


def _level(project: Project) -> str:
    """The gravest severity that is open, `none`, or `open` when no rule was evaluated."""
    found = [code for code in text.SEVERITIES if project.severities[code]]
    return found[0] if found else "none" if project.evaluated else "open"


def _sentence(project: Project) -> str:
    return ("" if language.current() == "zh" else " ").join(_sentences(project))


def _sentences(project: Project) -> list[str]:
    counts, outcomes = project.severities, project.outcomes
    said = []
    if not project.evaluated:
        said.append(_("没有一条规则得到评价，不能作出结论。"))
    elif n := counts["critical"]:
        said.append(_("这张表有 {n} 处严重疑点，更正或说明之前不宜采用印出的数字。", n=n))
    elif n := counts.total():
        said.append(_("没有严重疑点；有 {n} 处需要询问或留意。", n=n))
    elif project.settled:
        said.append(_("查出的疑点都已有处理意见，没有待处理的疑点。"))
    else:
        said.append(_("已评价的规则全部成立，没有疑点。"))
    if project.evaluated and (n := outcomes["cannot_evaluate"]):
        said.append(_("{n} 条规则缺少可比的数据，无法评价。", n=n))
    if n := outcomes["error"]:
        said.append(_("{n} 条规则检查出错，结论不完整。", n=n))
    if n := len(project.problems):
        said.append(_("另有 {n} 处内容未能读取。", n=n))
    return said


def pictures(*figures: Html) -> Html:
    """Figures side by side; those that have nothing to show are left out."""
    return render("pictures", figures=[one.markup for one in figures if one.markup])


def form(project: Project) -> Html:
    """The form as printed, findings at their cells and beside them, inferred cells with the why."""
    laid_out = lay_out(project)
    return render(
        "form",
        project=project,
        form=laid_out,
        briefs={one["number"]: _brief(project, one) for one in project.findings},
        letters=_letters(project, laid_out),
        inferred=_inferred(project),
        problems=[
            problem | {"lines": text.lines(problem), "message": told(problem["message"])}
            for problem in project.problems
        ],
    )


def _brief(project: Project, finding: Row) -> dict[str, Any]:
    """A finding in a few words, for the margin of the form; what is expected if it is grave."""
    expected = finding["expected"] or "" if finding["severity"] != "info" else ""
    return {
        "title": _title(project, finding["rule"]),
        "expected": text.shorten(expected, SHORT[language.current()]),
        "decision": _decision(finding),
    }


def _inferred(project: Project) -> dict[str, list[str]]:
    """Why cells are inferred -> which cells: columns of the indicators with their rows."""
    found: defaultdict[str, defaultdict[tuple[str, str], list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for (table, row, column), cell in project.cells.items():
        if cell["inferred"]:
            found[told(cell["note"] or "未说明")][table, column].append(row)
    return {
        note: [_cells(project, table, column, rows) for (table, column), rows in cells.items()]
        for note, cells in found.items()
    }


def _cells(project: Project, table: str, column: str, rows: Sequence[str]) -> str:
    if table != "indicators":
        return listed(places.where(project, table, row, column) for row in rows)
    name = places.label(table, column)
    return _("第 {rows} 项{column}", rows=places.fold([int(row) for row in rows]), column=name)


def _letters(project: Project, laid_out: Form) -> dict[str, str]:
    """The letter of each reason why a cell is inferred, a, b, c; numbers after z."""
    return {
        note: chr(ord("a") + number) if number < 26 else str(number)
        for number, note in enumerate(_inferred(project))
    }


def findings(project: Project) -> Html:
    """Every finding by rule: what is asked for and why, then each place with its working."""
    groups = [
        group | {"findings": [_finding(project, one) for one in group["findings"]]}
        for group in _by_rule(project)
    ]
    quoted_at = _quoted_at([one for group in groups for one in group["findings"]])
    return render("findings", groups=groups, project=project, quoted_at=quoted_at)


def _quoted_at(found: Sequence[Row]) -> dict[int, int]:
    """Findings with many lines, all of which an earlier one quotes -> the earlier one."""
    quoted: dict[int, set[tuple[int, int]]] = {}
    known: dict[int, int] = {}
    for one in found:
        own = {(line["page"], line["line"]) for line in one["lines"]}
        if one["in_sight"]:
            continue
        if earlier := next((number for number, lines in quoted.items() if own <= lines), None):
            known[one["number"]] = earlier
        else:
            quoted[one["number"]] = own
    return known


def _by_rule(project: Project) -> list[dict[str, Any]]:
    """The findings of each rule, with what the rule says of all of them."""
    ordered = groupby(project.findings, key=lambda one: (one["severity"], one["rule"]))
    groups = [(severity, code, list(members)) for (severity, code), members in ordered]
    return [
        {
            "severity": severity,
            "rule": code,
            "title": _title(project, code),
            "criteria": members[0]["criteria"],
            "basis": members[0]["basis"],
            "findings": members,
        }
        for severity, code, members in groups
    ]


def _title(project: Project, code: str) -> str:
    rule = project.rules.get(code)
    return rule.title.said if rule else code


def _finding(project: Project, finding: Row) -> Row:
    """The finding with what a reader needs beside its columns."""
    lines = quotes.quoted(project.lines, working.quoted(project, finding) or [finding])
    return finding | {
        "where": places.where(project, finding["table"], finding["row"], finding["column"]),
        "difference": places.difference(finding),
        "inputs": working.inputs(project, finding),
        "steps": (finding["working"] or "").splitlines(),
        "lines": lines,
        "in_sight": len(lines) <= IN_SIGHT,
        "span": places.span(finding),
        "page": text.page(finding),
        "settled": settled(finding),
        "decided": _decision(finding),
    }


def _decision(finding: Row) -> str:
    """The word of the decision; empty without one."""
    decision = finding["decision"]
    return _(text.DISPOSITIONS[decision.disposition]) if decision else ""


def rules(project: Project) -> Html:
    """Every rule of the form by its outcome, with the reason; what asks for a reader first."""
    checks = [check | {"about": project.rules.get(check["rule"])} for check in project.checks]
    grouped = groupby(checks, key=lambda check: check["outcome"])
    return render(
        "rules",
        groups=[(outcome, list(members)) for outcome, members in grouped],
        articles={group["rule"]: place for place, group in enumerate(_by_rule(project), start=1)},
    )


def parameters(project: Project) -> Html:
    """The parameters in force that the rules of the form use, and where each comes from."""
    form = project.row["form"]
    used_by = [rule for rule in project.rules.values() if rule.form == form]
    rows: list[dict[str, Any]] = [
        {
            "setting": one,
            "value": text.parameter(one.parameter.unit, one.value),
            "default": text.parameter(one.parameter.unit, one.parameter.default),
            "rules": [rule.code for rule in used_by if one.parameter.name in rule.parameters],
        }
        for one in project.settings.values()
    ]
    rows = [row for row in rows if row["rules"]]
    return render("parameters", rows=rows, own=sum(row["setting"].own for row in rows))


def provenance(project: Project) -> Html:
    """Where everything on the page comes from, and how to make it again."""
    versions = [(name, _version(name)) for name in PACKAGES]
    option = "".join(f" --language {one}" for one in language.parameter().values())
    return render("provenance", project=project, versions=versions, option=option)


@cache
def _version(package: str) -> str:
    return version(package)
