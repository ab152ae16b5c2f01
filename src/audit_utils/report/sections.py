"""The sections of a project's report, in the order in which a reviewer reads them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from importlib.metadata import version
from itertools import groupby
from typing import Any

from audit_utils import values
from audit_utils.dictionary import TABLES
from audit_utils.parameters import Setting
from audit_utils.report import text
from audit_utils.report.data import Project, Row
from audit_utils.report.html import Html, render
from audit_utils.report.wording import told
from audit_utils.rulebook import Rule

HEAD = (
    "name", "department", "unit", "nature", "category", "start_date", "end_date", "project_total",
)  # fmt: skip
MONEY = {
    "self_evaluation": (
        "initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score",
    ),
    "target_declaration": ("annual_request",),
}  # fmt: skip
OBJECTIVES = {
    "self_evaluation": ("objective_expected", "objective_actual"),
    "target_declaration": ("objective_overall", "objective_annual"),
}
INDICATORS = {
    "self_evaluation": ("name", "target", "actual", "weight", "score"),
    "target_declaration": ("name", "target"),
}
TOTALS = ("total_weight", "total_score")
PACKAGES = ("audit-utils", "great-expectations", "pandas", "pyarrow", "papermill", "nbconvert")

_COLUMNS = {
    (table.name, column.name): column for table in TABLES.values() for column in table.columns
}


def verdict(project: Project) -> Html:
    """What came out: one sentence, findings by severity, outcomes that add up."""
    return render(
        "verdict",
        project=project,
        form=text.FORMS[project.row["form"]],
        level=_level(project),
        inferred=sum(1 for cell in project.cells.values() if cell["inferred"]),
        sentence="".join(_sentences(project)),
        score=project.printed("projects", "0", "total_score"),
        findings=_findings(project),
    )


def _level(project: Project) -> str:
    """The gravest severity found, `none`, or `open` when no rule was evaluated."""
    found = [code for code in text.SEVERITIES if project.severities[code]]
    return found[0] if found else "none" if project.evaluated else "open"


def _sentences(project: Project) -> list[str]:
    counts, outcomes = project.severities, project.outcomes
    said = []
    if not project.evaluated:
        said.append("没有一条规则得到评价，不能作出结论。")
    elif counts["critical"]:
        said.append(f"这张表有 {counts['critical']} 处严重疑点，更正或说明之前不宜采用印出的数字。")
    elif counts["warning"] or counts["info"]:
        said.append(f"没有严重疑点；有 {counts.total()} 处需要询问或留意。")
    else:
        said.append("已评价的规则全部成立，没有疑点。")
    if outcomes["cannot_evaluate"] and project.evaluated:
        said.append(f"{outcomes['cannot_evaluate']} 条规则缺少可比的数据，无法评价。")
    if outcomes["error"]:
        said.append(f"{outcomes['error']} 条规则检查出错，结论不完整。")
    if project.problems:
        said.append(f"另有 {len(project.problems)} 处内容未能读取。")
    return said


def head(project: Project) -> Html:
    """Who and when, as printed: the columns of the table projects that the form has."""
    cells = [
        (
            _COLUMNS["projects", column].zh.removesuffix("（申报表）"),
            _cell(project, "projects", "0", column),
        )
        for column in HEAD
        if ("projects", "0", column) in project.cells
    ]
    shown = {*HEAD, *TOTALS, *OBJECTIVES[project.row["form"]]}
    pairs = [cells[:1], *(cells[at : at + 2] for at in range(1, len(cells), 2))]
    return render("head", pairs=pairs, others=_row_findings(project, "projects", "0", shown))


def money(project: Project) -> Html:
    """The fund table as printed, with amounts in yuan where the form prints another unit."""
    columns = MONEY[project.row["form"]]
    rows = [
        {
            "label": text.SOURCES[source],
            "cells": [_cell(project, "funds", source, column) for column in columns],
            "others": _row_findings(project, "funds", source, columns),
        }
        for source in text.SOURCES
        if source in project.funds
    ]
    return render(
        "money",
        columns=[_COLUMNS["funds", column] for column in columns],
        rows=rows,
        others=_others(project, "funds", project.funds),
    )


def objectives(project: Project) -> Html:
    """The two objectives of the form, as printed."""
    return render(
        "objectives",
        cells=[
            (_COLUMNS["projects", column].zh, _cell(project, "projects", "0", column))
            for column in OBJECTIVES[project.row["form"]]
        ],
    )


def indicators(project: Project) -> Html:
    """The indicator table with its merged levels; findings beside the row they are about."""
    form = project.row["form"]
    rows = [_indicator(project, row, INDICATORS[form]) for row in project.indicators]
    _merge_levels(rows)
    return render(
        "indicators",
        rows=rows,
        scored=form == "self_evaluation",
        totals=[_cell(project, "projects", "0", column) for column in TOTALS],
        others=_others(project, "indicators", {str(row["ordinal"]) for row in project.indicators}),
    )


def _indicator(project: Project, row: Row, columns: Iterable[str]) -> dict[str, Any]:
    ordinal = str(row["ordinal"])
    cells = [_cell(project, "indicators", ordinal, column) for column in columns]
    for cell in cells:
        cell["kind"] = "number" if cell["column"] in ("weight", "score") else "words"
        cell["lost"] = text.number(_lost(row)) if cell["column"] == "score" else ""
    return {
        "all_levels": [
            _cell(project, "indicators", ordinal, column) for column in ("level1", "level2")
        ],
        "cells": cells,
        "reason": _cell(project, "indicators", ordinal, "deviation_reason"),
        "findings": _row_findings(project, "indicators", ordinal),
        "line": _span(row),
    }


def _lost(row: Row) -> Any:
    """Points that the indicator did not win; None when there are none."""
    weight, score = row["weight"], row["score"]
    return weight - score if weight is not None and score is not None and score < weight else None


def _merge_levels(rows: list[dict[str, Any]]) -> None:
    """Keep the level cells of the first row of each group only, with the rows it spans."""
    for row in rows:
        row["levels"] = []
    for depth in (1, 2):
        for _, group in groupby(rows, key=lambda row: _path(row, depth)):
            members = list(group)
            cells = [row["all_levels"][depth - 1] for row in members]
            noted = next((cell["note"] for cell in cells if cell["note"]), None)
            flag = any(cell["findings"] for cell in cells)
            members[0]["levels"].append(
                cells[0] | {"span": len(members), "note": noted, "flag": flag}
            )


def _path(row: dict[str, Any], depth: int) -> list[str | None]:
    return [cell["printed"] for cell in row["all_levels"][:depth]]


def findings(project: Project) -> Html:
    """Every finding: criteria, condition, expected, difference, cause, basis and place."""
    return render("findings", findings=_findings(project))


def rules(project: Project) -> Html:
    """Every rule of the form with its outcome, places and reason: what failed comes first."""
    found = defaultdict(list)
    for finding in project.findings:
        found[finding["rule"]].append(finding)
    checks = [
        check
        | {
            "about": project.rules.get(check["rule"]),
            "findings": found[check["rule"]],
        }
        for check in project.checks
    ]
    return render("rules", checks=checks)


def parameters(project: Project) -> Html:
    """The parameters in force that the rules of the form use, and where each comes from."""
    form = project.row["form"]
    return settings(
        project.settings.values(),
        [rule for rule in project.rules.values() if rule.form == form],
        "../",
    )


def settings(chosen: Iterable[Setting], used_by: Collection[Rule], folder: str = "") -> Html:
    """Those of the parameters that one of the rules uses, with its value and its origin."""
    rows = [
        {
            "setting": one,
            "value": text.parameter(one.parameter.unit, one.value),
            "default": text.parameter(one.parameter.unit, one.parameter.default),
            "rules": [rule.code for rule in used_by if one.parameter.name in rule.parameters],
        }
        for one in chosen
    ]
    return render("parameters", rows=[row for row in rows if row["rules"]], folder=folder)


def unsettled(project: Project) -> Html:
    """Cells that plain text did not settle, by the reason why, and text that was not read."""
    inferred = [cell for cell in project.cells.values() if cell["inferred"]]
    notes: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for cell in inferred:
        where = _where(project, cell["table"], cell["row"], cell["column"])
        notes[told(cell["note"] or "未说明")].append({"where": where, "line": _span(cell)})
    problems = [
        problem | {"lines": text.lines(problem), "message": told(problem["message"])}
        for problem in project.problems
    ]
    return render("unsettled", count=len(inferred), inferred=list(notes.items()), problems=problems)


def provenance(project: Project) -> Html:
    """Where everything on the page comes from, and how to make it again."""
    return render(
        "provenance", project=project, versions=[(name, version(name)) for name in PACKAGES]
    )


# ---- pieces


def _cell(project: Project, table: str, row: str, column: str) -> dict[str, Any]:
    """A cell as printed, why it was inferred, and the findings that point at it."""
    known = project.cells.get((table, row, column), {})
    printed = known.get("printed")
    return {
        "column": column,
        "printed": printed,
        "note": told(known.get("note") or ""),
        "value": _converted(project, table, row, column, printed),
        "findings": project.places.get((table, row, column), []),
    }


def _converted(
    project: Project, table: str, row: str, column: str, printed: str | None
) -> str | None:
    """The amount in yuan where the form prints it in another unit."""
    source: Row = project.funds.get(row, {}) if table == "funds" else project.row
    if printed is None or _COLUMNS[table, column].type != "amount":
        return None
    value = source.get(column)
    return None if value is None or value == values.amount(printed) else text.money(value)


def _findings(project: Project) -> list[Row]:
    """The findings with what a reader needs beside their columns."""
    return [
        finding
        | {
            "title": _title(project, finding["rule"]),
            "difference": text.signed(finding["difference"]),
            "where": _where(project, finding["table"], finding["row"], finding["column"]),
            "lines": text.lines(finding),
        }
        for finding in project.findings
    ]


def _title(project: Project, code: str) -> str:
    rule = project.rules.get(code)
    return rule.title.zh if rule else code


def _row_findings(project: Project, table: str, row: str, but: Collection[str] = ()) -> list[Row]:
    """Findings about a row, but for those that cells of these columns carry."""
    return [
        finding
        for place, here in project.places.items()
        if place[:2] == (table, row) and place[2] not in but
        for finding in here
    ]


def _others(project: Project, table: str, rows: Collection[str]) -> list[Row]:
    """Findings about the table as a whole: those that stand at none of its rows."""
    return [
        finding
        for finding in project.findings
        if finding["table"] == table and finding["row"] not in rows
    ]


def _where(project: Project, table: str, row: str | None, column: str) -> str:
    """A place in words: `指标 3「...」得分`."""
    title = _COLUMNS[table, column].zh if (table, column) in _COLUMNS else column
    if row is None:
        return f"{text.TABLES.get(table, table)}·{title}"
    if table == "indicators":
        name = text.shorten(project.printed(table, row, "name") or "", 24)
        return f"指标 {row}「{name}」{title}"
    if table == "funds":
        return f"{text.SOURCES.get(row, row)}·{title}"
    return title


def _span(row: Row) -> str:
    first, last = row["line_start"], row["line_end"]
    return f"{first}" if first == last else f"{first}–{last}"
