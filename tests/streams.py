"""Forms as rows of cells, merged ones once, and the four ways in which text gives them.

A form out of its transcription is laid out as self-evaluations and declarations are printed:
each row holds the cells that begin in it, empty ones too.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from audit_utils.grid import Table

Rows = list[list[str]]
Truth = Mapping[str, Any]

SOURCES = {
    "total": "年度资金总额", "current_year_fiscal": "其中：当年财政拨款",
    "carryover": "上年结转资金", "other": "其他资金",
}  # fmt: skip
MONEY = ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score")
MONEY_LABELS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
EVALUATED = ("name", "target", "actual", "weight", "score", "deviation_reason")
EVALUATED_LABELS = (
    "三级指标", "年度\n指标值", "实际\n完成值", "分值", "得分", "偏差原因分析及\n改进措施",
)  # fmt: skip


def laid_out(form: Truth) -> Rows:
    """A form as it is printed, a row a list of the cells that begin in it."""
    return _evaluation(form) if form["form"] == "self_evaluation" else _declaration(form)


def _evaluation(form: Truth) -> Rows:
    rows = [
        ["项目名称", *_of(form, "name")],
        ["主管部门", *_of(form, "department"), "实施单位", *_of(form, "unit")],
        ["项目资金\n( 元 )", "", *MONEY_LABELS],
        *([SOURCES[fund["source"]], *_of(fund, *MONEY)] for fund in form["funds"]),
        ["年度\n总体\n目标", "预期目标", "实际完成情况"],
        _of(form, "objective_expected", "objective_actual"),
        ["绩\n效\n指\n标", "一级指标", "二级指标", *EVALUATED_LABELS],
        *_indicators(form, EVALUATED),
    ]
    return [*rows, ["总分", *_of(form, "total_weight", "total_score"), ""]]


def _declaration(form: Truth) -> Rows:
    year = {fund["source"]: fund["annual_request"] or "" for fund in form["funds"]}
    side = {key: text or "" for key, text in form["funds_total_side"].items()}
    fiscal, carryover = year["current_year_fiscal"], year["carryover"]
    total, request = form["project_total"] or "", year["total"]
    return [
        ["项目名称", *_of(form, "name"), "项目性质", *_of(form, "nature"),
         "项目类别", *_of(form, "category")],
        ["主管部门", *_of(form, "department"), "实施单位", *_of(form, "unit")],
        ["计划开始日期", *_of(form, "start_date"), "计划完成日期", *_of(form, "end_date")],
        ["项目资金\n（元）", "项目资金总额", total, "年度资金申请总额", request],
        ["其中：财政资金", side["fiscal"], "", ""],
        ["", "", "其中：当年财政拨款", fiscal],
        ["", "", "上年结转资金", carryover],
        ["其他资金", side["other"], "其他资金", year["other"]],
        ["项目\n绩效\n目标", "项目总目标", "年度总体目标"],
        _of(form, "objective_overall", "objective_annual"),
        ["绩效\n指标", "一级指标", "二级指标", "三级指标", "年度(/项目)指标值"],
        *_indicators(form, ("name", "target")),
    ]  # fmt: skip


def _of(cells: Truth, *columns: str) -> list[str]:
    return [cells[column] or "" for column in columns]


def _indicators(form: Truth, columns: Sequence[str]) -> Rows:
    rows = []
    above: tuple[str, str] | None = None
    for row in form["indicators"]:
        group = (row["level1"], row["level2"])
        same = 0 if above is None or group[0] != above[0] else 1 + (group == above)
        rows.append([*group[same:], *_of(row, *columns)])
        above = group
    return rows


def starting(table: Table) -> Rows:
    """The cells of a table, each in the row where it begins, empty ones too."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return [rows[row] for row in sorted(rows)]


# --- four ways of writing ----------------------------------------------------------------


def listed(rows: Rows) -> str:
    """A cell a line, a bar behind it."""
    return "".join(f"{cell} |\n" if cell else "|\n" for row in rows for cell in row)


def alternating(rows: Rows) -> str:
    """Cell and bar on lines of their own."""
    return "".join(f"{cell}\n|\n" if cell else "|\n" for row in rows for cell in row)


def paragraphs(rows: Rows) -> str:
    """A cell a paragraph; an empty one is a paragraph of a blank."""
    return "".join(f"{cell or chr(0xA0)}\n\n" for row in rows for cell in row)


def filled(rows: Rows) -> str:
    """A row a line, filled up with bars to the same number."""
    width = max(map(len, rows)) + 2
    lines = []
    for row in rows:
        cells = "".join(f"{cell} | " for cell in row)
        lines.append(f"{cells}{'|' * (width - len(row))}\n")
    return "".join(lines)


WAYS: Mapping[str, Callable[[Rows], str]] = {
    "listed": listed, "alternating": alternating, "paragraphs": paragraphs, "filled": filled,
}  # fmt: skip
TITLES = {
    "self_evaluation": "项目支出绩效自评表",
    "target_declaration": "项目支出绩效目标申报表",
}


def document(forms: Sequence[tuple[Sequence[str], Rows]], way: str) -> str:
    """Forms one behind the other, each below the lines of its title."""
    gap = "\n\n" if way == "paragraphs" else "\n"
    return "".join(
        "".join(f"{line}{gap}" for line in above) + WAYS[way](rows) for above, rows in forms
    )
