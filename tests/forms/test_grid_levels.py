"""Groups whose label's box ends too early: what geometry settles, and what it does not."""

import grids

from audit_utils.forms import indicators
from audit_utils.forms.grid import read_forms
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
