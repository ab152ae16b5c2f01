"""What a form of another layout does not have at all is not missing: the rules say so."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import grids
import pytest

from audit_utils import findings, language, suites, tables
from audit_utils.forms.grid import read_forms
from audit_utils.records import Document, Form

ROOT = Path(__file__).parents[2]
GRIDS = ROOT / "tests" / "forms" / "grids"
SOURCES = "表中没有“当年财政拨款”、“上年结转资金”、“其他资金”、“财政专户管理资金”、“单位资金”各行"


@cache
def loaded() -> list[suites.Suite]:
    return suites.load(ROOT / "expectations")


def checked(
    forms: tuple[Form, ...], kind: str
) -> tuple[Mapping[str, dict[str, Any]], list[dict[str, Any]]]:
    """The checks of the first form by rule, and the findings."""
    document = Document(f"form.{kind}", "0" * 64, 1, 1, forms[:1], kind=kind)
    checks, found = findings.check(tables.build([document]), loaded())
    return {check["rule"]: check for check in checks.to_pylist()}, found.to_pylist()


@cache
def of(layout: str, kind: str = "xlsx") -> Any:
    return checked(read_forms(grids.read(GRIDS / f"{layout}.txt"))[0], kind)


LAYOUTS: dict[str, dict[str, tuple[str, str | None]]] = {
    "hubei": {  # no weights, no initial budget, no sources, no objectives, no reasons
        "CO01": ("pass", "表中没有“分值”一栏"),
        "CO02": ("not_applicable", "表中没有“预期目标”、“实际完成情况”一栏"),
        "CO03": ("pass", None),
        "FU01": ("not_applicable", f"表中没有“年初预算数”一栏；{SOURCES}"),
        "FU02": ("pass", None),
        "FU03": ("pass", None),
        "FU04": ("not_applicable", "表中没有“年初预算数”一栏"),
        "WE01": ("not_applicable", "表中没有“总分值”、“分值”一栏"),
        "WE02": ("not_applicable", "表中没有“分值”一栏"),
        "WE03": ("not_applicable", "表中没有“分值”一栏"),
        "SC01": ("pass", None),
        "SC02": ("pass", None),
        "SC03": ("not_applicable", "表中没有“分值”一栏"),
        "SC04": ("not_applicable", "表中没有“分值”一栏"),
        "SC05": ("not_applicable", "表中没有“分值”一栏"),
        "SC06": ("not_applicable", "表中没有“分值”一栏"),
        "SC07": ("not_applicable", "表中没有“偏差原因分析及改进措施”、“分值”一栏"),
        "SC09": ("not_applicable", "表中没有“分值”一栏"),
        "IN01": ("pass", None),
        "IN03": ("fail", None),  # 200万: a magnitude, and no unit
        "IN05": ("not_applicable", "表中没有“分值”一栏"),
    },
    "hebei": {  # no department, no totals, no initial budget, no reasons
        "CO01": ("pass", "表中没有“主管部门”、“总得分”一栏"),
        "FU04": ("not_applicable", "表中没有“年初预算数”一栏"),
        "WE01": ("not_applicable", "表中没有“总分值”一栏"),
        "WE02": ("fail", None),
        "SC01": ("not_applicable", "表中没有“总得分”一栏"),
        "SC03": ("pass", None),
        "SC06": ("fail", None),
        "SC07": ("not_applicable", "表中没有“偏差原因分析及改进措施”一栏"),
        "SC08": ("fail", None),
        "SC09": ("not_applicable", "表中没有“总得分”一栏"),
    },
    "money_beside_labels": {  # the execution has no weight and no score, the indicators have
        "WE01": ("not_applicable", "表中没有“预算执行分值”一栏"),
        "WE02": ("not_applicable", "表中没有“预算执行分值”一栏"),
        "SC01": ("not_applicable", "表中没有“预算执行得分”一栏"),
        "SC02": ("not_applicable", "表中没有“预算执行得分”、“预算执行分值”一栏"),
        "SC03": ("pass", None),
        "SC09": ("pass", None),  # of the indicators alone
    },
    "renamed_labels": {  # the execution has a score and no weight
        "CO01": ("pass", None),
        "SC02": ("not_applicable", "表中没有“预算执行分值”一栏"),
        "SC09": ("not_applicable", "表中没有“预算执行分值”一栏"),
    },
    "anhui": {  # has every column: what is empty there is missing
        "CO01": ("fail", None),
        "SC04": ("cannot_evaluate", "缺少：第3项年度指标值、第3项实际完成值"),
    },
    "weight_first": {
        "FU01": ("pass", "表中没有“年初预算数”一栏"),
        "FU04": ("not_applicable", "表中没有“年初预算数”一栏"),
    },
    "mengcheng_declaration": {
        "CO11": ("fail", "表中没有“开始日期”、“结束日期”一栏"),  # 主管部门 is there, and empty
        "CO12": ("pass", "表中没有“年度总体目标”一栏"),
        "DA01": ("not_applicable", "表中没有“开始日期”、“结束日期”一栏"),
    },
    "page_breaks_declaration": {"FU11": ("not_applicable", SOURCES)},
}


@pytest.mark.parametrize(
    ("layout", "rule"), [(layout, rule) for layout, due in LAYOUTS.items() for rule in due]
)
def test_a_rule_on_a_layout(layout: str, rule: str) -> None:
    check = of(layout)[0][rule]
    assert (check["outcome"], check["reason"]) == LAYOUTS[layout][rule]


@pytest.mark.parametrize("path", sorted(GRIDS.glob("*.txt")), ids=lambda path: path.stem)
def test_no_finding_names_a_column_that_its_form_does_not_have(path: Path) -> None:
    forms, _ = read_forms(grids.read(path))
    for form in forms:
        own = {("projects", column) for column in form.head} | {("projects", "form")}
        own |= {("funds", column) for row in form.funds.values() for column in row}
        own |= {("indicators", column) for row in form.indicators for column in row}
        judged = {(one["table"], one["column"]) for one in checked((form,), "xlsx")[1]}
        assert judged <= own


def test_plain_text_has_one_layout_so_what_is_not_there_is_missing() -> None:
    checks, found = of("hubei", "text")
    assert checks["FU04"]["outcome"] == "cannot_evaluate"
    weights = [one["row"] for one in found if (one["rule"], one["column"]) == ("CO01", "weight")]
    assert weights == ["1", "2", "3", "4"]


def test_a_form_beside_one_of_another_layout_is_judged_as_alone() -> None:
    documents = [
        Document(f"{name}.xlsx", "0" * 64, 1, 1, read_forms(grids.read(GRIDS / f"{name}.txt"))[0],
                 kind="xlsx")
        for name in ("anhui", "hubei")
    ]  # fmt: skip
    built = tables.build(documents)
    ids = {row["document"]: row["project_id"] for row in built["projects"].to_pylist()}
    together = findings.check(built, loaded())[0].to_pylist()
    for name in ("anhui", "hubei"):
        found = {one["rule"]: one for one in together if one["project_id"] == ids[f"{name}.xlsx"]}
        assert found == of(name)[0]


def test_a_form_without_any_money_has_no_columns_of_it() -> None:
    form = read_forms(grids.read(GRIDS / "anhui.txt"))[0][0]
    checks, found = checked((replace(form, funds={}),), "docx")
    money = "表中没有“全年预算数”、“全年执行数”一栏"
    assert (checks["CO01"]["outcome"], checks["CO01"]["reason"]) == ("fail", money)
    assert {one["table"] for one in found if one["rule"] == "CO01"} == {"projects", "indicators"}
    assert checks["FU03"]["outcome"] == "not_applicable"
    assert checks["SC09"]["outcome"] == "pass"  # no points for the execution: the indicators alone


def test_a_form_without_indicators_has_their_columns_all_the_same() -> None:
    form = read_forms(grids.read(GRIDS / "anhui.txt"))[0][0]
    checks, _ = checked((replace(form, indicators=()),), "docx")
    assert checks["CO03"]["outcome"] == "fail"
    assert checks["SC01"]["reason"] == "没有可以相加的行"


def test_the_reasons_in_english() -> None:
    language.use("en")
    try:
        checks, money = (
            checked(read_forms(grids.read(GRIDS / f"{name}.txt"))[0], "xlsx")[0]
            for name in ("hubei", "money_beside_labels")
        )
    finally:
        language.use("zh")
    assert checks["FU04"]["reason"] == "The form has no column “Initial budget”"
    assert checks["WE01"]["reason"] == "The form has no columns “Total weight”, “Weight”"
    assert (
        "; The form has none of the rows “Current-year fiscal funds”, " in checks["FU01"]["reason"]
    )
    assert money["WE01"]["reason"] == "The form has no column “Weight of the execution”"
