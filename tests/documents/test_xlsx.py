"""Workbooks: what a sheet shows, where, and what it hides."""

from pathlib import Path

import handed
import pytest

from audit_utils.documents import xlsx
from audit_utils.documents.grid import GridCell
from audit_utils.errors import AuditError

HERE = Path("x.xlsx")
FORMATS = (
    '<numFmts><numFmt numFmtId="164" formatCode="[DBNum1]0"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="4"/><xf numFmtId="14"/>'
    '<xf numFmtId="164"/></cellXfs>'
)


HIDDEN = '<sheetData><row r="4" hidden="1">{}</row></sheetData>'


def cells(sheet: str) -> list[GridCell]:
    grid, _, _ = xlsx.read(handed.xlsx({"表": sheet}, styles=FORMATS), HERE)
    return [cell for table in grid.tables for cell in table.cells]


def told(sheet: str) -> list[tuple[str, str]]:
    _, _, problems = xlsx.read(handed.xlsx({"表": sheet}, styles=FORMATS), HERE)
    return [(problem.address, problem.message) for problem in problems]


def data(*stored: str) -> str:
    return "<sheetData><row>" + "".join(stored) + "</row></sheetData>"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('<c r="A1" s="1"><v>0.963</v></c>', "96.30%"),
        ('<c r="A1" s="1"><v>0.96299999999999997</v></c>', "96.30%"),
        ('<c r="A1" s="2"><v>1234567.891</v></c>', "1,234,567.89"),
        ('<c r="A1" s="3"><v>44926</v></c>', "2022/12/31"),
        ('<c r="A1"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="A1" t="s"><v>1</v></c>', "第二"),
        ('<c r="A1" t="str"><f>B1</f><v>算出</v></c>', "算出"),
        ('<c r="A1" s="1"><f>B1/C1</f><v>0.5</v></c>', "50.00%"),
        ('<c r="A1" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="A1" t="inlineStr"><is><r><t>≥</t></r><r><t>90%</t></r><rPh><t>x</t></rPh></is></c>',
         "≥90%"),
        ('<c r="A1" t="inlineStr"><is><t>一_x000D_\n二</t></is></c>', "一\n二"),
        ('<c r="A1" s="999"><v>5</v></c>', "5"),
    ],
)  # fmt: skip
def test_what_a_cell_shows(stored: str, shown: str) -> None:
    grid, _, problems = xlsx.read(
        handed.xlsx({"表": data(stored)}, styles=FORMATS, texts=("第一", "第二")), HERE
    )
    assert [cell.text for table in grid.tables for cell in table.cells] == [shown]
    assert problems == []


def test_merged_areas_hide_what_they_cover() -> None:
    sheet = handed.rows(["甲", "藏", "丙"], ["藏", "藏", "丁"])
    sheet += '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="D1:D2"/></mergeCells>'
    assert [(c.text, c.row, c.column, c.rows, c.columns) for c in cells(sheet)] == [
        ("甲", 1, 1, 2, 2), ("丙", 1, 3, 1, 1), ("", 1, 4, 2, 1), ("丁", 2, 3, 1, 1),
    ]  # fmt: skip


def test_sheets_are_pages_and_addresses_name_them() -> None:
    book = handed.xlsx(
        {"甲": handed.rows(["一"]), "空": "<sheetData/>", "乙": handed.rows([], ["", "二"])}
    )
    grid, pages, _ = xlsx.read(book, HERE)
    shown = [(c.address, c.page, c.line) for t in grid.tables for c in t.cells]
    assert (pages, shown) == (3, [("甲!A1", 1, 1), ("乙!B2", 3, 2)])


def test_cells_without_references_stand_one_after_another() -> None:
    sheet = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"  # fmt: skip  # noqa: E501
    assert [(c.row, c.column) for c in cells(sheet)] == [(1, 1), (1, 2), (2, 1)]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (data('<c r="B1"><f>A1*2</f></c>'),
         [("表!B1", "a formula without a value: open the workbook, compute it and save it")]),
        (data('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
         [("表!A1", "the cell shows an error")]),
        (data('<c r="A1" t="s"><v>77</v></c>'),
         [("表!A1", "the file does not hold the text of this cell")]),
        (data('<c r="A1" s="4"><v>7</v></c>'),
         [("表!A1", "the number format [DBNum1]0 is not known: the plain value is taken")]),
        (HIDDEN.format('<c r="A4"><v>1</v></c><c r="B4"><v>2</v></c>'),
         [("表!A4", "row 4 is hidden: what it holds is left out")]),
        ('<cols><col min="2" max="3" hidden="1"/></cols>' + data('<c r="C1"><v>1</v></c>'),
         [("表!C1", "column C is hidden: what it holds is left out")]),
        (HIDDEN.format('<c r="A4" t="inlineStr"><is><t> </t></is></c>'), []),
    ],
)  # fmt: skip
def test_what_is_told_of_a_sheet(sheet: str, expected: list[tuple[str, str]]) -> None:
    assert told(sheet) == expected


def test_hidden_rows_and_columns_are_left_out() -> None:
    sheet = '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
    sheet += '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    sheet += '<row r="2" hidden="1"><c r="A2"><v>4</v></c></row></sheetData>'
    assert [cell.text for cell in cells(sheet)] == ["1", "3"]


def test_a_hidden_sheet_is_told_when_it_shows_a_form() -> None:
    form, other = handed.rows(["项目 名称", "河道"]), handed.rows(["选项"])
    states = {"表": "hidden", "名单": "veryHidden"}
    grid, _, problems = xlsx.read(handed.xlsx({"表": form, "名单": other}, states=states), HERE)
    assert grid.tables == ()
    assert [p.message for p in problems] == [
        "the sheet 表 is hidden and shows a form: it is not read"
    ]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"xl/workbook.xml": "no XML"},
        {"xl/workbook.xml": f"<workbook {handed.S}><sheets><sheet name='a'/></sheets></workbook>"},
    ],
)
def test_a_damaged_workbook_is_refused(parts: dict[str, str]) -> None:
    with pytest.raises(AuditError, match="the file is damaged"):
        xlsx.read(handed.packed(parts), HERE)


def test_a_sheet_that_has_lost_its_cells_is_told() -> None:
    sheets = {
        "自评表": '<dimension ref="A1:I40"/><sheetData/>',
        "Sheet2": '<dimension ref="A1"/><sheetData/>',
    }
    _, _, problems = xlsx.read(handed.xlsx(sheets), Path("x.xlsx"))
    assert [(problem.message, problem.page) for problem in problems] == [
        ("the sheet 自评表 shows no cell but should have A1:I40", 1)
    ]


def test_a_part_that_is_no_sheet_is_damaged() -> None:
    with pytest.raises(AuditError, match=r"part xl/worksheets/sheet1[.]xml is no sheet"):
        xlsx.read(handed.xlsx({"自评表": "<Properties/>"}), Path("x.xlsx"))


def test_a_workbook_without_sheets_is_damaged() -> None:
    with pytest.raises(AuditError, match="the file is damaged: it lists no sheet"):
        xlsx.read(handed.xlsx({}), Path("x.xlsx"))
