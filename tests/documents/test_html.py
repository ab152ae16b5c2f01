"""html as people get it: saved pages, Word, Excel, broken tags, pages cut off."""

from pathlib import Path

import pytest

from audit_utils import documents
from audit_utils.documents import html
from audit_utils.documents.assembly import quotes
from audit_utils.grid import Grid
from audit_utils.records import Problem

HERE = Path("x")
Placed = tuple[str, int, int, int, int]
CUT_TABLE = "the file ends inside of a table: it is cut off, and the table is not read"
CUT = "the page has no end (</html>): the file may be cut off"


def web(page: str | bytes) -> tuple[Grid, list[Problem]]:
    grid, _, problems = html.read(page if isinstance(page, bytes) else page.encode(), HERE)
    return grid, problems


def placed(page: str | bytes) -> list[Placed]:
    (table,) = web(page)[0].tables
    return [(c.text, c.row, c.column, c.rows, c.columns) for c in table.cells]


def texts(page: str | bytes) -> list[str]:
    return [quote.text for quote in quotes(web(page)[0])]


# ---- tags that were forgotten, or stand where they must not: cells as Chromium shows them


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td><b>甲<td><center>乙<tr><td><h3>丙<td><li>丁", [(1, 1), (1, 2), (2, 1), (2, 2)]),
        ("<tr><td><a href=x>甲<td>乙<tr><td><span><p>丙<td>丁", [(1, 1), (1, 2), (2, 1), (2, 2)]),
        ("<td>甲<td>乙<tr><td>丙<td>丁", [(1, 1), (1, 2), (2, 1), (2, 2)]),
        ("<tr><td>甲</tr></td><td>乙</td></tr><td>丙<td>丁", [(1, 1), (2, 1), (3, 1), (3, 2)]),
        ("<form><tr><td>甲<td>乙</tr></form><tr><td>丙<td>丁</form>",
         [(1, 1), (1, 2), (2, 1), (2, 2)]),
        ("<tfoot><tr><td>丁<thead><tr><td>甲<tbody><tr><td>乙<tr><td>丙",
         [(1, 1), (2, 1), (3, 1), (4, 1)]),
        ("<tr><td>甲<tr style='display:none'><td>藏<tr hidden><td>藏<tr><td>乙<td>丙<td>丁",
         [(1, 1), (2, 1), (2, 2), (2, 3)]),
        ("<tr><td>甲<td style='DISPLAY: none'>藏<td>乙<td>丙<td>丁",
         [(1, 1), (1, 2), (1, 3), (1, 4)]),
        ("<tr><td>甲<td>乙</td></td></b><td>丙</span><td>丁", [(1, 1), (1, 2), (1, 3), (1, 4)]),
    ],
    ids=["open blocks and letters", "open links", "no row", "ends in another order", "a form",
         "head and foot", "hidden rows", "a hidden cell", "ends of nothing"],
)  # fmt: skip
def test_each_text_stands_in_its_cell(rows: str, expected: list[tuple[int, int]]) -> None:
    cells = [(text, row, column) for text, row, column, *_ in placed(f"<table>{rows}</table>")]
    assert cells == [(t, *place) for t, place in zip("甲乙丙丁", expected, strict=True)]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("rowspan=2", (2, 1)), ("rowspan=0", (3, 1)), ("rowspan=99999", (3, 1)),
        ("rowspan=x", (1, 1)), ("rowspan=-2", (1, 1)), ("rowspan=' 2.9'", (2, 1)),
        ("colspan=2", (1, 2)), ("colspan=0", (1, 1)), ("colspan=5000", (1, 1000)),
        ("colspan=2px", (1, 2)), ("ROWSPAN=2 colspan='2'", (2, 2)),
    ],
)  # fmt: skip
def test_spans_as_browsers_read_them(span: str, expected: tuple[int, int]) -> None:
    rows = f"<tr><td {span}>甲<tr><td>乙<tr><td>丙<tbody><tr><td>丁"
    cells = placed(f"<table>{rows}</table>")
    assert cells[0] == ("甲", 1, 1, *expected)
    assert cells[-1][1:3] == (4, 1)  # no cell reaches into another part of the table


def test_a_cell_that_shows_nothing_keeps_its_place() -> None:
    page = "<table><tr><td style='visibility:hidden'>藏<td>甲<tr style='visibility:collapse'><td>乙"
    assert placed(f"{page}</table>")[:2] == [("", 1, 1, 1, 1), ("甲", 1, 2, 1, 1)]


def test_what_stands_between_the_cells_is_shown_above() -> None:
    page = "<table>甲<tr><td>1</td>乙</tr><div>丙</div><tr><td>2</td></tr></table>丁"
    assert texts(page) == ["甲乙", "丙", "1", "2", "丁"]


def test_cells_that_lie_one_over_another_are_told(tmp_path: Path) -> None:
    rows = (
        "<tr><td>项目名称<td>河道保洁<td rowspan=2>甲<tr><td colspan=3>单位"
        "<tr><td>一级指标<td>二级指标<td>三级指标"
    )
    path = tmp_path / "a.html"
    path.write_text(f"<html><table>{rows}</table></html>", "utf-8")
    document = documents.read(path)
    assert document.forms == ()
    assert "which text is which cell is not known" in document.problems[0].message


# ---- what is shown


def test_word_and_excel() -> None:
    page = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
    <!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><style>p{mso-x:1}</style></head>
    <body><p class=MsoNormal><![if !supportLists]><span>一、</span><![endif]>自评表<o:p></o:p></p>
    <table><![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=9></td></tr>
    <![endif]><tr><td x:num="1234.5">1,234.50</td><td x:str style='mso-ignore:colspan'>甲<span
    style='display:none'>藏</span><span style='mso-spacerun:yes'>&nbsp; </span>10<sup><span>4</span>
    </sup></td></tr></table></body></html>"""
    grid, problems = web(page)
    assert [quote.text for quote in grid.tables[0].before] == ["一、自评表"]
    assert [cell.text for cell in grid.tables[0].cells] == ["1,234.50", "甲 10⁴"]
    assert problems == []


def test_lines_and_what_cannot_be_seen() -> None:
    page = (
        "<p>甲<br>乙<p>丙<template>藏</template><noscript>藏</noscript><script>'<td>'</script>"
        "<div hidden>藏</div><pre>丁\n  戊</pre><div style='white-space: pre-wrap'>己\n庚</div>"
        "项目\u200b名\u00ad称\u2060"
    )
    assert texts(page) == ["甲", "乙", "丙", "丁", "戊", "己", "庚", "项目名称"]


def test_fields_show_what_was_filled_in() -> None:
    page = (
        "<table><tr><td><input value='12'>万元<td><input type=radio checked>是<input type=radio>否"
        "<td><select><option>甲<option selected>乙</select><td><textarea>一\n二</textarea>"
        "<td><input type=hidden value=藏><input type=submit value=藏></table>"
    )
    assert [cell[0] for cell in placed(page)] == ["12万元", "☑是☐否", "乙", "一\n二", ""]


@pytest.mark.parametrize("first", [0, 100], ids=["little around it", "more around it than in it"])
def test_a_form_inside_of_a_layout_is_the_content(first: int) -> None:
    form = "<tr><td>项目名称<td>甲<tr><td>一级指标<td>二级指标"
    links = "<td>链接" * first
    page = f"<table><tr>{links}<tr><td>标题<table>{form}</table></table>"
    tables = web(page)[0].tables
    assert [cell.text for cell in tables[0].cells][:2] == ["项目名称", "甲"]


# ---- encodings


@pytest.mark.parametrize("declared", ["gb2312", "utf-8", "iso-8859-1", "unicode", "big5", ""])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_bytes_count_more_than_what_is_declared(declared: str, codec: str, tmp_path: Path) -> None:
    page = f"<html><meta charset='{declared}'><table><tr><td>绩效自评表<td>产出指标</table></html>"
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(codec))
    document = documents.read(path)
    if (declared, codec) != ("big5", "gb18030"):
        assert [line.text for line in document.lines] == ["绩效自评表 | 产出指标"]
    assert document.kind == "html"


def test_big5() -> None:
    assert texts("<meta charset=big5><p>績效自評表".encode("big5")) == ["績效自評表"]


# ---- what is missing


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><table><tr><td>甲<td>乙</table></html>", None),
        ("<table><tr><td>甲<td>乙</table>", None),
        ("<html><table><tr><td>甲<td>乙</body>", None),
        ("<html><p>甲</p><table><tr><td>乙</table>", CUT),
        ("<html><p>甲</p><p>乙</p><td wid", CUT),
        ("<html><p>甲</p><p>乙</p><!-- ", CUT),
        ("<html><table><tr><td>甲<td>乙", CUT_TABLE),
        ("<table><tr><td>甲<td>乙", CUT_TABLE),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><t", CUT_TABLE),
    ],
)
def test_a_page_that_is_cut_off_is_told(page: str, message: str | None) -> None:
    grid, problems = web(page)
    assert [(p.message, p.text[-1:]) for p in problems] == ([(message, "乙")] if message else [])
    assert bool(grid.tables) == (message != CUT_TABLE and "<table>" in page)


def test_forms_before_the_cut_are_kept() -> None:
    grid, problems = web("<table><tr><td><table><tr><td>1<td>2</table>甲<table><tr><td>3<td>4")
    assert [[cell.text for cell in table.cells] for table in grid.tables] == [["1", "2"]]
    assert [problem.message for problem in problems] == [CUT_TABLE]


def test_frames_hold_no_text_of_their_own() -> None:
    page = "<html><head></head><frameset><frame src='a.files/sheet001.htm'></frameset></html>"
    message = "the page only shows other pages (frames); save those"
    assert [problem.message for problem in web(page)[1]] == [message]
    assert web("<html><body><p>甲<iframe src=x></iframe></body></html>")[1] == []


@pytest.mark.parametrize("sign", ["<a ", "<!--", "<a b='", "<td>", "<", "<p><font>", "&"])
def test_hostile_pages_end_soon(sign: str) -> None:
    web(f"<html>{sign * 20_000}")


# ---- what is struck out


@pytest.mark.parametrize(
    "cell",
    [
        "<del>25台</del>28台",
        "<p><s><b>25</b>台</s></p>28台",
        "<span style='color:red; text-decoration: line-through'>25台</span>28台",
        "<i><strike></strike></i><strike>25台</strike>28台",
    ],
)
def test_text_that_is_struck_out_is_told(cell: str) -> None:
    _, problems = web(f"<html><table><tr><td>甲<td>{cell}<tr><td>丙<td>丁</table></html>")
    struck = ("text that is struck out is read as it stands", "25台", 1)
    assert [(one.message, one.text, one.line_start) for one in problems] == [struck]
    assert not web("<html><table><tr><td>甲<td style='text-decoration:underline'>乙</table>")[1][
        :-1
    ]
