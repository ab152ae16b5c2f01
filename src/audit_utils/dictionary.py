"""The data dictionary: every column of every table, in the order it is written.

The one place for names, types, units and descriptions; tables, the data package, the
tests and the reports are made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

Type = Literal["string", "integer", "boolean", "amount", "rate", "points", "number"]

ARROW: dict[Type, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "amount": pa.decimal128(24, 6),
    "rate": pa.decimal128(18, 8),
    "points": pa.decimal128(18, 6),
    "number": pa.decimal128(24, 6),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type, its unit (empty: none) and what it holds.

    `values` are all that it can hold, with their Chinese; empty where that is not limited.
    """

    name: str
    type: Type
    unit: str
    en: str
    zh: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in order, and the columns that make up its key."""

    name: str
    description_en: str
    description_zh: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the table."""
        return pa.schema([(column.name, ARROW[column.type]) for column in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)


def _text(name: str, en: str, zh: str) -> Column:
    return Column(name, "string", "", en, zh)


def _count(name: str, en: str, zh: str) -> Column:
    return Column(name, "integer", "", en, zh)


def _yuan(name: str, en: str, zh: str) -> Column:
    return Column(name, "amount", "yuan", en, zh)


def _points(name: str, en: str, zh: str) -> Column:
    return Column(name, "points", "points", en, zh)


def _number(name: str, en: str, zh: str) -> Column:
    return Column(name, "number", "", en, zh)


SOURCES = {
    "total": "年度资金总额",
    "current_year_fiscal": "当年财政拨款",
    "carryover": "上年结转资金",
    "other": "其他资金",
    "fiscal_account": "财政专户管理资金",
    "unit_funds": "单位资金",
}
"""Source of money, a row of funds -> what forms call it; all others add up to the total."""

_PROJECT = _text("project_id", "the project: year, hash of form, unit and name", "项目编号")
_DOCUMENT = _text("document", "file name of the document", "文件名")
_FORM = _text("form", "self_evaluation or target_declaration", "表种")
_PAGE = _count("page", "page of the document, from 1", "页码")
_LINES = (
    _count("line_start", "first line in the document, from 1", "起始行"),
    _count("line_end", "last line in the document", "结束行"),
)
_ADDRESS = _text(
    "address", "cell of the sheet or table, such as C12; null in plain text", "单元格位置"
)
_INFERRED = Column(
    "inferred", "boolean", "", "true when the text alone does not settle the cell", "是否推定"
)

_DOCUMENTS = Table(
    "documents",
    "Documents that were read, one a row",
    "读取的文件，一行一份",
    ("document",),
    (
        _DOCUMENT,
        _text("sha256", "SHA-256 of the file", "文件的 SHA-256"),
        _text("form", "kind of its forms, null when it holds none", "表种，无表为空"),
        _count("forms", "number of forms in it", "表数"),
        Column("bytes", "integer", "bytes", "size of the file", "字节数"),
        _count("pages", "number of pages, or of sheets", "页数"),
        _text(
            "kind",
            "kind of file: text, paragraphs, pipes, csv, html, xlsx, docx or pdf",
            "文件种类",
        ),
        _count("copies", "further forms in it that another document shows better", "重复表数"),
        _text("copy_of", "the documents that show them better, null without", "以何文件为准"),
    ),
)

_PROJECTS = Table(
    "projects",
    "Projects: one form of one unit in one year",
    "项目，一行一张表",
    ("project_id",),
    (
        _PROJECT,
        _FORM,
        _count("year", "budget year", "年度"),
        _DOCUMENT,
        _count("seq", "number of the form in its document, from 1", "表在文件中的序号"),
        _text("name", "name of the project", "项目名称"),
        _text("department", "supervising department", "主管部门"),
        _text("unit", "implementing unit", "实施单位"),
        _text("nature", "nature of the project (declaration)", "项目性质"),
        _text("category", "category of the project (declaration)", "项目类别"),
        _text("start_date", "start as yyyy-mm-dd (declaration)", "开始日期"),
        _text("end_date", "end as yyyy-mm-dd (declaration)", "结束日期"),
        _text("objective_expected", "expected objective (self-evaluation)", "预期目标"),
        _text("objective_actual", "what was reached (self-evaluation)", "实际完成情况"),
        _text("objective_overall", "overall objective (declaration)", "项目总目标"),
        _text("objective_annual", "objective of the year (declaration)", "年度总体目标"),
        _yuan("project_total", "total of the whole project (declaration)", "项目总额"),
        _points("total_weight", "printed total of the weights", "总分值"),
        _points("total_score", "printed total of the scores", "总得分"),
        *_LINES,
    ),
)

_FUNDS = Table(
    "funds",
    "Money of a project, one source a row",
    "项目资金，一行一个来源",
    ("project_id", "source"),
    (
        _PROJECT,
        Column("source", "string", "", "where the money comes from; the others add up to total",
               "资金来源", SOURCES),
        _yuan("initial_budget", "budget at the start of the year", "年初预算数"),
        _yuan("annual_budget", "budget after adjustments", "全年预算数"),
        _yuan("executed", "spent in the year", "全年执行数"),
        _points("weight", "points to win for the execution rate", "分值"),
        Column("execution_rate", "rate", "0-1", "executed / annual_budget, as printed", "执行率"),
        _points("score", "points won for the execution rate", "得分"),
        _yuan("annual_request", "money asked for (declaration)", "年度资金申请"),
        *_LINES,
    ),
)  # fmt: skip

_INDICATORS = Table(
    "indicators",
    "Indicators of a project, one a row",
    "绩效指标，一行一项",
    ("project_id", "ordinal"),
    (
        _PROJECT,
        _count("ordinal", "number of the indicator in its form, from 1", "序号"),
        _text("level1", "level 1: output, benefit, satisfaction, cost", "一级指标"),
        _text("level2", "level 2 group", "二级指标"),
        _text("name", "the indicator itself", "三级指标"),
        _text("target", "target as printed", "年度指标值"),
        _text("target_kind", "quantity, range, date, word or empty", "指标值类型"),
        _text("target_operator", ">=, >, <=, <, = or null", "指标值运算符"),
        _number("target_value", "number as printed, lower end of a range; a date as yyyymmdd",
                "指标值数值"),
        _number("target_high", "upper end of a range", "指标值上限"),
        _text("target_unit", "unit as printed", "指标值单位"),
        _text("actual", "actual value as printed", "实际完成值"),
        _text("actual_kind", "quantity, range, date, word or empty", "完成值类型"),
        _text("actual_operator", ">=, >, <=, <, = or null", "完成值运算符"),
        _number("actual_value", "number as printed; a date as yyyymmdd", "完成值数值"),
        _text("actual_unit", "unit as printed", "完成值单位"),
        _points("weight", "points to win", "分值"),
        _points("score", "points won", "得分"),
        _text("deviation_reason", "why the target was missed", "偏差原因分析及改进措施"),
        *_LINES,
    ),
)  # fmt: skip

_CELLS = Table(
    "cells",
    "The ledger: every printed cell and where it stands",
    "单元格台账：每个印出的单元格及其位置",
    ("project_id", "table", "row", "column"),
    (
        _PROJECT,
        _text("table", "projects, funds or indicators", "所在表"),
        _text("row", "0, the source, or the ordinal", "所在行"),
        _text("column", "column of that table", "所在列"),
        _text("printed", "the text exactly as printed, null when nothing is", "印出的文字"),
        _DOCUMENT,
        _PAGE,
        *_LINES,
        _INFERRED,
        _text("note", "why the cell is inferred", "推定理由"),
        _ADDRESS,
    ),
)

_PROBLEMS = Table(
    "problems",
    "What could not be read or used",
    "未能读取或使用的内容",
    (),
    (
        _DOCUMENT,
        _text("project_id", "the project, null outside of a form", "项目编号，表外为空"),
        *_LINES,
        _PAGE,
        _text("text", "the text in question as printed", "有关文字"),
        _text("message", "what is wrong", "问题"),
        _ADDRESS,
    ),
)

_TEXT = Table(
    "lines",
    "What the documents print: every line, or row of a sheet or table, that holds something",
    "文件原文：有内容的每一行，或表格的每一排",
    ("document", "page", "line"),
    (
        _DOCUMENT,
        _PAGE,
        _count("line", "line in the document, or row of the sheet or table, from 1", "行号"),
        _text("text", "the line as it stands; the cells of a row with | between", "原文"),
    ),
)

_CHECKS = Table(
    "checks",
    "What became of every rule for every project of its form",
    "每条规则对每个项目的结果",
    ("rule", "project_id"),
    (
        _text("rule", "code of the rule", "规则编号"),
        _PROJECT,
        _text("outcome", "pass, fail, rounding, not_applicable, cannot_evaluate or error", "结果"),
        _count("applied", "places that were looked at", "检查处数"),
        _count("passed", "places that hold", "通过处数"),
        _text("reason", "why it does not apply (in part), could not be evaluated or broke", "原因"),
    ),
)

_FINDINGS = Table(
    "findings",
    "Findings: one for each place where a rule does not hold",
    "审计发现，一行一处",
    ("finding_id",),
    (
        _text("finding_id", "the same from run to run", "发现编号"),
        _text("rule", "code of the rule", "规则编号"),
        _text("severity", "critical, warning or info", "严重程度"),
        _PROJECT,
        _text("table", "projects, funds or indicators", "所在表"),
        _text("row", "0, the source, or the ordinal", "所在行"),
        _text("column", "column of that table", "所在列"),
        _text("criteria", "what the rule asks for", "标准"),
        _text("condition", "what is printed", "现状"),
        _text("expected", "what should be there", "应为"),
        _number("difference", "printed - expected, in the unit of the column", "差额"),
        _text("cause", "the reason that the form gives", "原因"),
        _text("basis", "law or guidance behind the rule", "依据"),
        _DOCUMENT,
        _PAGE,
        *_LINES,
        _INFERRED,
        _text("disposition", "accepted, false_positive or to_correct; null when undecided",
              "处理意见"),
        _text("working", "the calculation with its numbers, a step a line", "验算"),
        _ADDRESS,
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _DOCUMENTS, _PROJECTS, _FUNDS, _INDICATORS, _CELLS, _PROBLEMS, _TEXT, _CHECKS, _FINDINGS,
    )
}  # fmt: skip

RECORDS = ("documents", "projects", "funds", "indicators", "cells", "problems", "lines")
"""The tables that are made from documents."""

RESULTS = ("checks", "findings")
"""The tables that the rules make from those."""


# ---- what is no file of its own, and has its columns in the workbook

_DECISIONS = Table(
    "decisions",
    "Decisions of reviewers, as accepted/<year>.yml holds them, that no finding follows",
    "没有生效的处理意见",
    (),
    (
        _text("disposition", "accepted, false_positive or to_correct", "处理意见"),
        _text("reason", "why", "理由"),
        _text("who", "who decided", "处理人"),
        _text("date", "day of the decision", "日期"),
        _text("until", "its last day, empty when it has none", "有效至"),
        _text("place", "where it is written, file and line", "所在文件"),
        _text("finding", "the finding, or the rule and the project, that it is about", "对象"),
        _text("why", "why no finding follows it", "未生效原因"),
    ),
)

_RULES = Table(
    "rules",
    "The rules, and how many projects each ended with which outcome",
    "规则及其各种结果的项目数",
    ("rule",),
    (
        _text("rule", "code of the rule", "规则编号"),
        _text("severity", "critical, warning or info", "严重程度"),
        _FORM,
        _text("title", "what the rule is about", "规则名称"),
        _text("criteria", "what the rule asks for", "标准"),
        _text("basis", "law or guidance behind the rule", "依据"),
        _text("parameters", "its parameters and their values in force", "参数"),
        _count("fail", "projects for which it does not hold", "不通过"),
        _count("error", "projects for which the check broke", "检查出错"),
        _count("cannot_evaluate", "projects for which a value is missing", "无法评价"),
        _count("rounding", "projects where the way of rounding explains it", "舍入差异"),
        _count("pass", "projects for which it holds", "通过"),
        _count("not_applicable", "projects that have nothing to check", "不适用"),
    ),
)

_COUNTS = Table(
    "counts",
    "Findings of a project",
    "项目的疑点数",
    ("project_id",),
    (
        _count("critical", "critical findings, but for those settled", "严重疑点"),
        _count("warning", "findings of severity warning, but for those settled", "关注疑点"),
        _count("info", "findings of severity info, but for those settled", "提示疑点"),
        _count("decided", "findings that are accepted or false positives", "已处理"),
    ),
)

_PARAMETERS = Table(
    "parameters",
    "Thresholds of the rules in force, and versions of the programs",
    "生效的规则参数与程序版本",
    ("name",),
    (
        _text("name", "name of the parameter or the program", "名称"),
        _text("value", "value in force, or version", "值"),
        _text("default", "value without audit.yml", "默认值"),
        _text("meaning", "what it is", "含义"),
        _text("source", "where the default comes from", "出处"),
    ),
)

_SHEETS = Table(
    "sheets",
    "The sheets of the workbook",
    "工作底稿的各表",
    ("sheet",),
    (
        _text("sheet", "name of the sheet", "工作表"),
        _count("rows", "rows below the head", "行数"),
        _text("description", "what it holds", "内容"),
    ),
)

WORKBOOK: dict[str, Table] = {
    table.name: table for table in (_DECISIONS, _RULES, _COUNTS, _PARAMETERS, _SHEETS)
}
