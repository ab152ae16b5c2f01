"""Groups whose label's box ends too early: what geometry settles, and what it does not."""

import grids
import pytest

from audit_utils.forms.content import REFUSED
from audit_utils.forms.grid import indicators, read_forms
from audit_utils.records import Cell

TOP = """\
项目支出绩效自评表
项目名称 | < | 防汛经费 | < | < | <
一级指标 | 二级指标 | 三级指标 | 指标值 | 实际完成值 | 分值
产出指标 | 数量指标 | 甲 | 1个 | 1个 | 20
^ | ^ | 乙 | 2个 | 2个 | 20
"""
END = """\
效益指标 | 社会效益指标 | 丁 | 4个 | 4个 | 20
^ | ^ | 戊 | 5个 | 5个 | 20
总分 | < | < | < | < | 100
"""


def levels(middle: str, key: str = "level1") -> list[tuple[str | None, str]]:
    """What the group of each row says, and its note."""
    (form,), problems = read_forms(grids.read_tables(TOP + middle + END))
    assert not problems
    found: list[Cell] = [row[key] for row in form.indicators]
    return [(cell.printed, cell.note) for cell in found]


FIRST, LAST = ("产出指标", ""), ("效益指标", "")


def test_a_box_that_begins_inside_of_a_name_goes_on() -> None:
    middle = "^ | 质量指标 | 丙 | 3个 | 3个 | 20\n | ^ | ^ | ^ | ^ | ^\n"
    assert levels(middle) == [FIRST] * 3 + [LAST] * 2
    middle += "^ | ^ | 己 | 6个 | 6个 | 1\n"
    assert levels(middle) == [FIRST] * 4 + [LAST] * 2


def test_a_group_that_lies_across_two_is_in_the_first() -> None:
    middle = "^ | 质量指标 | 丙 | 3个 | 3个 | 10\n | ^ | 己 | 3个 | 3个 | 10\n"
    assert levels(middle) == [FIRST] * 4 + [LAST] * 2


def test_an_empty_box_between_rows_is_a_group_without_a_label() -> None:
    middle = " | 质量指标 | 丙 | 3个 | 3个 | 20\n"
    assert levels(middle) == [FIRST] * 2 + [(None, indicators.NOTE_GROUP)] + [LAST] * 2


def test_an_empty_box_on_the_page_that_a_group_runs_on_to_is_taken_for_its_rest() -> None:
    cut = "--- page 2\n^ | ^ | 丙 | 3个 | 3个 | 10\n | | 己 | 3个 | 3个 | 10\n"
    note = indicators.NOTE_BREAK
    assert levels(cut) == [FIRST] * 3 + [("产出指标", note)] + [LAST] * 2
    assert levels(cut, "level2")[2:4] == [("数量指标", ""), ("数量指标", note)]


def test_dots_in_the_place_of_a_label_are_no_label() -> None:
    middle = "…… | …… | 丙 | 3个 | 3个 | 20\n"
    for key in ("level1", "level2"):
        assert levels(middle, key)[2] == (None, indicators.NOTE_GROUP)


def test_where_each_row_repeats_its_labels_an_empty_box_is_no_label() -> None:
    middle = "产出指标 |  | 丙 | 3个 | 3个 | 20\n"
    flat = TOP.replace("^", "产出指标", 1).replace("^", "数量指标", 1) + middle
    (form,), _ = read_forms(
        grids.read_tables(flat + END.replace("^ | ^", "效益指标 | 社会效益指标"))
    )
    found = form.indicators[2]["level2"]
    assert (found.printed, found.note) == (None, indicators.NOTE_GROUP)


def test_the_group_of_the_execution_rate_ends_where_one_of_the_usual_kinds_begins() -> None:
    flat = TOP.replace("^", "", 1).replace("^", "", 1).replace("产出指标", "预算执行率", 1)
    flat = flat.replace("数量指标", "预算执行率") + " | 数量指标 | 丙 | 3个 | 3个 | 20\n"
    forms, problems = read_forms(grids.read_tables(flat + END.replace("^ | ^", " | ")))
    assert not forms
    assert [p.message for p in problems] == [REFUSED + indicators.TWICE]
    flat = flat.replace(" |  | 乙 | 2个 | 2个 | 20\n", "")
    (form,), _ = read_forms(grids.read_tables(flat + END.replace("^ | ^", " | ")))
    assert form.indicators[0]["level1"].note == indicators.NOTE_GROUP
    assert form.indicators[0]["name"].printed == "丙"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("年度绩效指标", "年度绩效指标", 1),
        ("年度绩效目标1", "年度绩效目标2", 1),
        ("绩效指标", "", 0),
        ("", "甲", 0),
    ],
)
def test_two_tables_are_one_where_the_same_stands_beside_them(
    one: str, other: str, count: int
) -> None:
    head = "{} | 一级指标 | 二级指标 | 三级指标 | 指标值\n^ | 产出指标 | 数量指标 | {} | 1个\n"
    name = "项目名称 | 防汛经费 | < | < | <\n"
    text = f"项目支出绩效目标表\n{name}{head.format(one, '甲')}{head.format(other, '乙')}"
    forms, problems = read_forms(grids.read_tables(text))
    assert len(forms) == count
    assert bool(problems) == (not count)
