"""A document with the labels of a form and without a form says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from audit_utils import documents
from audit_utils.documents import traces
from audit_utils.records import Document, Problem, Quote

LABELS = "项目名称 甲 主管部门 乙 年初预算数 全年执行数 一级指标 二级指标 三级指标 年度指标值"
CORPUS = Path(__file__).parents[1] / "data" / "corpus" / "013"


def document(*lines: str) -> Document:
    quotes = tuple(Quote(1, number, line) for number, line in enumerate(lines, 1))
    return Document("x", "", 0, 1, lines=quotes)


@pytest.mark.parametrize("lines", [(LABELS,), tuple(LABELS.split()), (LABELS.replace("", " "),)])
def test_labels_without_a_form_are_told(lines: tuple[str, ...]) -> None:
    (problem,) = traces.told(document("标题", *lines)).problems
    assert problem.message == "the document shows the labels of a form, and none was read"
    assert (problem.line_start, problem.line_end) == (1, len(lines) + 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "各单位要填报项目名称和主管部门，年初预算数以批复为准。",
        "评价指标体系分为一级指标、二级指标和三级指标，指标值由单位填写。",
    ],
)
def test_other_texts_are_not(text: str) -> None:
    assert traces.told(document(text)).problems == ()


def test_what_was_read_or_told_already_is_not_told_again() -> None:
    told = replace(document(LABELS), problems=(Problem("something", 1, 1, 1),))
    assert traces.told(told) is told
    whole = documents.read(CORPUS / "raw.xlsx")
    assert whole.forms
    assert traces.told(whole) is whole


def test_a_page_that_has_lost_its_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(f"<html><body><p>{LABELS}</p></body></html>", "utf-8")
    assert len(documents.read(path).problems) == 1


def test_a_report_that_speaks_of_forms_shows_none(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    lines = (
        "绩效自评覆盖一级指标、二级指标和三级指标，年度指标值与实际完成值见附件。",
        "项目名称、主管部门和实施单位由单位填报；全年预算数500万元，全年执行数490万元。",
        "项目名称 采购品目 数量",
    )
    path.write_text("\n".join(lines), "utf-8")
    assert documents.read(path).problems == ()
