"""Titles above tables: whose they are, and what is told of a table that shows no name."""

from dataclasses import replace

import grids
import pytest

from audit_utils.forms.content import REFUSED
from audit_utils.forms.grid import REPEATED, read_forms

NAMELESS = "a part of a form that cannot be read: no cell says 项目名称"
TABLE = "项目 | 行次 | 决算数\n一般公共预算财政拨款收入 | 1 | 35.20\n"


def told(text: str) -> list[str]:
    forms, problems = read_forms(grids.read_tables(text + TABLE))
    assert not forms
    return [problem.message for problem in problems]


@pytest.mark.parametrize("between", ["第一部分 收入支出决算总表\n单位：万元", "本部门概况如下。"])
def test_a_table_of_contents_names_no_form(between: str) -> None:
    assert told(f"目录\n附件 项目支出绩效自评表\n{between}\n") == []


def test_a_title_right_above_a_table_is_its_own() -> None:
    assert told("项目支出绩效自评表\n（2022年度）\n单位：万元\n") == [NAMELESS]


def test_a_title_in_the_table_is_its_own() -> None:
    assert told("收入支出决算总表\n项目支出绩效自评表 | < | <\n") == [NAMELESS]


def test_a_part_of_a_form_is_told_whatever_stands_above_it() -> None:
    part = "一级指标 | 二级指标 | 三级指标\n产出指标 | 数量指标 | 甲\n"
    assert told(f"附件 项目支出绩效自评表\n收入支出决算总表\n{part}") == [NAMELESS]


def test_texts_of_merged_cells_in_each_cell_are_the_one_reason() -> None:
    rows = (
        "项目名称 | 项目名称 | 防汛经费 | 防汛经费\n一级指标 | 二级指标 | 三级指标 | 指标值\n"
        "产出指标 | 数量指标 | 甲 | 1个\n"
    )
    forms, problems = read_forms(grids.read_tables(f"项目支出绩效目标申报表\n{rows}"))
    assert not forms
    assert [problem.message for problem in problems] == [REFUSED + REPEATED]


def test_of_two_names_one_below_the_other_each_begins_a_form() -> None:
    rows = "项目名称 | 甲 | < | <\n项目名称 | 乙 | < | <\n"
    head = "一级指标 | 二级指标 | 三级指标 | 指标值\n产出指标 | 数量指标 | 丙 | 1个\n"
    forms, _ = read_forms(grids.read_tables(f"项目支出绩效目标申报表\n{rows}{head}"))
    assert [form.head["name"].printed for form in forms] == ["乙"]


def test_a_table_with_the_title_above_the_name_begins_the_form() -> None:
    title = "项目支出绩效目标申报表\n（2024年度）\n主管部门 | 教育局 | < | <\n"
    head = "一级指标 | 二级指标 | 三级指标 | 指标值\n"
    form = f"项目名称 | 甲 | < | <\n{head}产出指标 | 数量指标 | 丙 | 1个\n"
    one, other = grids.read_tables(f"{title}----\n{form}")
    (found,), problems = read_forms([one, replace(other, before=())])
    assert (found.year, found.head["department"].printed) == (2024, "教育局")
    assert not problems


def test_a_table_titled_as_of_another_kind_makes_the_form_below_it_one() -> None:
    title = "部门整体支出绩效自评表\n单位名称 | 教育局 | < | < | <\n"
    head = "一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值\n"
    form = f"项目名称 | 甲 | < | < | <\n{head}产出指标 | 数量指标 | 丙 | 1个 | 1个\n"
    one, other = grids.read_tables(f"{title}----\n{form}")
    forms, problems = read_forms([one, replace(other, before=())])
    assert not forms
    assert [problem.message for problem in problems] == [
        f"{REFUSED}it is of another kind, for which there are no rules"
    ]
