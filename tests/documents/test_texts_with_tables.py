"""docx, html, csv and bars: tables with their places, and the texts between them."""

from collections.abc import Mapping
from pathlib import Path

import handed
import pytest
from handed import cell, docx, paragraph, table

from audit_utils import documents
from audit_utils.documents import csv, html, pipes
from audit_utils.documents import docx as docx_reader
from audit_utils.documents.assembly import quotes
from audit_utils.errors import AuditError
from audit_utils.grid import Grid

HERE = Path("x")
Placed = tuple[str, int, int, int, int]


def placed(grid: Grid, number: int = 0) -> list[Placed]:
    return [(c.text, c.row, c.column, c.rows, c.columns) for c in grid.tables[number].cells]


def word(body: str, more: Mapping[str, str] | None = None) -> Grid:
    return docx_reader.read(docx(body, more), HERE)[0]


def web(page: str) -> Grid:
    return html.read(page.encode(), HERE)[0]


# ---- docx


def test_docx_merged_cells() -> None:
    body = table(
        [cell("甲", '<w:gridSpan w:val="2"/>'), cell("乙", '<w:vMerge w:val="restart"/>')],
        ["丙", "丁", cell("", "<w:vMerge/>")],
    )
    assert placed(word(body)) == [
        ("甲", 1, 1, 1, 2), ("乙", 1, 3, 2, 1), ("丙", 2, 1, 1, 1), ("丁", 2, 2, 1, 1),
    ]  # fmt: skip


def test_docx_texts_stand_before_their_table() -> None:
    grid = word(
        paragraph("标题")
        + table(["甲"])
        + paragraph("（2022年度）")
        + table(["乙"])
        + paragraph("尾")
    )
    assert [[quote.text for quote in one.before] for one in grid.tables] == [
        ["标题"],
        ["（2022年度）"],
    ]
    assert [quote.text for quote in grid.after] == ["尾"]
    assert [c.address for one in grid.tables for c in one.cells] == ["表1!A1", "表2!A1"]
    assert [(q.line, q.text) for q in quotes(grid)] == [
        (1, "标题"), (2, "甲"), (3, "（2022年度）"), (4, "乙"), (5, "尾"),
    ]  # fmt: skip


def test_docx_breaks_and_controls() -> None:
    run = "<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t></w:r></w:p>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('四')}</w:sdtContent></w:sdt>"
    assert placed(word(table([cell(run + control)])))[0][0] == "一\n二 三\n四"


def test_docx_tracked_changes_are_read_as_accepted_and_told() -> None:
    old, new = "<w:r><w:delText>旧</w:delText></w:r>", "<w:r><w:t>新</w:t></w:r>"
    changed = f"<w:p><w:del>{old}</w:del><w:ins>{new}</w:ins></w:p>"
    grid, _, problems = docx_reader.read(docx(table([cell(changed)])), HERE)
    assert placed(grid)[0][0] == "新"
    assert [p.message for p in problems] == [
        "the document has tracked changes: they are read as if accepted"
    ]


def test_docx_footnotes_stand_at_the_end() -> None:
    note = f"<w:footnote>{paragraph('注')}</w:footnote>"
    notes = {"footnotes": f"<w:footnotes {handed.W}>{note}</w:footnotes>"}
    grid, _, _ = docx_reader.read(docx(table(["甲"]), parts=notes), HERE)
    assert [quote.text for quote in grid.after] == ["注"]


def test_docx_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('框')}</w:txbxContent>"
    both = f'<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>'  # fmt: skip  # noqa: E501
    assert [quote.text for quote in word(both).after] == ["框"]


def test_docx_a_small_table_in_a_cell_is_its_text_and_a_large_one_the_content() -> None:
    small = table(["甲", cell(table(["1", "2"]))], ["乙", "丙"])
    assert [one[0] for one in placed(word(small))] == ["甲", "1 2", "乙", "丙"]
    large = table([cell(paragraph("标题") + table(["1", "2"], ["3", "4"]))])
    grid = word(large)
    assert [one[0] for one in placed(grid)] == ["1", "2", "3", "4"]
    assert [quote.text for quote in grid.tables[0].before] == ["标题"]


def test_a_form_outside_of_tables_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x"
    lines = ("目录", "项目名称 河道保洁", "项目资金 5", "一级指标 二级指标 三级指标", "产出")
    path.write_bytes(docx("".join(map(paragraph, lines)) + table(["甲", "乙"])))
    message = "a form without the lines of a table: which text is which cell is not known"
    told = [(p.message, p.line_start, p.text) for p in documents.read(path).problems]
    assert (message, 2, "项目名称 河道保洁") in told
    glued = paragraph("项目名称河道主管部门水务局绩效指标一级指标二级指标三级指标产出指标")
    path.write_bytes(docx(glued + table(["甲", "乙"])))
    assert message in [problem.message for problem in documents.read(path).problems]
    path.write_bytes(docx("".join(map(paragraph, ("三级指标说明", "项目名称：河道保洁")))))
    assert documents.read(path).problems == ()


# ---- html


def test_html_spans() -> None:
    page = (
        "<table><tr><td rowspan=2>甲<td colspan='2'>乙<tr><td>丙<td>丁<tr><td rowspan=0>戊</table>"
    )
    assert placed(web(page)) == [
        ("甲", 1, 1, 2, 1), ("乙", 1, 2, 1, 2), ("丙", 2, 2, 1, 1), ("丁", 2, 3, 1, 1),
        ("戊", 3, 1, 1, 1),
    ]  # fmt: skip


def test_html_texts_entities_and_what_is_hidden() -> None:
    page = """<html><head><title>x</title><style>y</style></head><body><script>z</script>
      <p>标题 <b>一</b></p><div style="display: none">藏</div><!-- c -->
      <table><caption>说明</caption>
      <tr><td>&ge;90&#37;<br>二&nbsp;三</td><td hidden>藏</td></tr></table>
      <p>尾</p></body></html>"""
    grid = web(page)
    assert [quote.text for quote in grid.tables[0].before] == ["标题 一", "说明"]
    assert placed(grid) == [("≥90%\n二 三", 1, 1, 1, 1)]
    assert [quote.text for quote in grid.after] == ["尾"]


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "GB18030", "utf-8", "no-such", "rot13"])
def test_html_charset(charset: str) -> None:
    codec = "utf-8" if charset in ("utf-8", "no-such", "rot13") else "gb18030"
    page = f'<meta charset="{charset}"><table><tr><td>绩效</table>'.encode(codec)
    assert placed(html.read(page, HERE)[0])[0][0] == "绩效"


def test_html_a_page_laid_out_in_a_table_is_its_contents() -> None:
    page = "<table><tr><td>导航<td>标题<table><tr><td>1<td>2<tr><td>3<td>4</table></table>"
    grid = web(page)
    assert [one[0] for one in placed(grid)] == ["1", "2", "3", "4"]
    assert [quote.text for quote in grid.tables[0].before] == ["导航", "标题"]


def test_html_of_no_known_encoding_is_refused() -> None:
    with pytest.raises(AuditError, match="neither UTF-8 nor GB18030"):
        html.read(b"<html>\xff\xff\xff", HERE)


# ---- csv and bars


def test_csv_lines_and_addresses() -> None:
    grid, _, _ = csv.read('甲,"乙\n乙",\n\n丙,,丁\n戊,己,庚\n'.encode(), HERE)
    assert [(c.text, c.address, c.line) for c in grid.tables[0].cells] == [
        ("甲", "A1", 1), ("乙\n乙", "B1", 1), ("丙", "A3", 4), ("丁", "C3", 4),
        ("戊", "A4", 5), ("己", "B4", 5), ("庚", "C4", 5),
    ]  # fmt: skip


def test_bars_with_rules_and_texts() -> None:
    text = "标题\n| 甲 | 乙 |\n|:---|---:|\n| 丙 | a\\|b |\n| | 丁<br>戊 |\n尾\n"
    grid, _, problems = pipes.read(text.encode(), HERE)
    assert placed(grid) == [
        ("甲", 1, 1, 1, 1), ("乙", 1, 2, 1, 1), ("丙", 2, 1, 1, 1), ("a|b", 2, 2, 1, 1),
        ("", 3, 1, 1, 1), ("丁\n戊", 3, 2, 1, 1),
    ]  # fmt: skip
    assert [quote.text for quote in grid.tables[0].before] == ["标题"]
    assert problems == []


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("甲 | 1 |\n乙 | 2\n丙 | 3 | 4\n",
         "rows with bars (|) that are not whole: which cells were merged is not known", 1),
        ("项目名称 | 甲 | |||\n主管部门 | 乙 | 实施单位 | 丙 | ||\n丁 | 1 | |||\n",
         "a form that is not understood and was not read: "
         "no head of indicators (一级指标, 二级指标, 三级指标)", 1),
        ("项目名称 |\n甲 |\n主管部门 |\n乙 |\n实施单位 |\n丙 |\n",
         "a form that is not understood and was not read: "
         "no head of indicators (一级指标, 二级指标, 三级指标)", 1),
    ],
    ids=["rows of different length", "rows filled up", "a cell a line"],
)  # fmt: skip
def test_bars_that_lost_their_merged_cells_and_show_no_form(
    text: str, message: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text, "utf-8")
    document = documents.read(path)
    assert (document.kind, document.forms) == ("pipes", ())
    assert [(p.message, p.line_start) for p in document.problems] == [(message, line)]
