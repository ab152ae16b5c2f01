"""Workbooks: what a sheet shows, where, and what it hides."""

from pathlib import Path

import handed
import pytest

from audit_utils.documents import xlsx
from audit_utils.errors import AuditError
from audit_utils.grid import GridCell

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
        ('<c r="A1" t="b"><v>true</v></c>', "TRUE"),
        ('<c r="A1" t="b"><v>0</v></c>', "FALSE"),
        ('<c r="A1" t="d" s="3"><v>2022-12-31T00:00:00</v></c>', "2022/12/31"),
        ('<c r="A1" t="d"><v>2022-12-31</v></c>', "2022-12-31"),
        ('<c r="A1" t="str"><f>B1</f><v>一_x000D_二</v></c>', "一\n二"),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', ""),
        ('<c r="a1"><v>5</v></c>', "5"),
        ('<c r="A1" t="inlineStr"><is><t>_xD83D__xDE00__x0007_</t></is></c>', "😀"),
        ('<c r="A1" t="inlineStr"><is><r><t>10</t></r><r><rPr><vertAlign val="superscript"/>'
         "</rPr><t>4</t></r></is></c>", "10⁴"),
        ('<c r="A1" t="inlineStr"><is><r><rPr><rFont val="Wingdings 2"/></rPr><t>R</t></r>'
         "<r><t>是</t></r></is></c>", "☑是"),
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
        (data('<c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'),
         [("表!A1", "a picture stands in this cell: it is not read")]),
        (data('<c r="A1"><f t="shared" si="0"/><v/></c>'),
         [("表!A1", "a formula without a value: open the workbook, compute it and save it")]),
        (data('<c r="A1" t="s"><v>x</v></c>'),
         [("表!A1", "the file does not hold the text of this cell")]),
        (data('<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>'),
         [("表!A1", "the file holds this cell twice, with different values: the last is taken")]),
        (data('<c r="A1"><v>1</v></c><c r="A1"><v>1</v></c>'), []),
        ('<cols><col min="1" max="1" width="0"/></cols>' + data('<c r="A1"><v>1</v></c>'),
         [("表!A1", "column A is hidden: what it holds is left out")]),
        ('<sheetData><row ht="0"><c r="A1"><v>1</v></c></row></sheetData>',
         [("表!A1", "row 1 is hidden: what it holds is left out")]),
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


def test_a_formula_without_a_value_is_shown_and_is_no_value() -> None:
    assert [cell.text for cell in cells(data("<c><f>SUM(B1:C1)</f></c>"))] == ["=SUM(B1:C1)"]


def test_formulas_still_to_be_computed_keep_their_values_to_themselves() -> None:
    sheet = data("<c><f>1+1</f><v>0</v></c><c><v>3</v></c>")
    listed = '<sheets><sheet name="表" sheetId="1" r:id="s1"/></sheets>'
    book = f'<workbook {handed.S} {handed.R}>{listed}<calcPr fullCalcOnLoad="1"/></workbook>'
    grid, _, problems = xlsx.read(handed.xlsx({"表": sheet}, more={"xl/workbook.xml": book}), HERE)
    assert [cell.text for cell in grid.tables[0].cells] == ["=1+1", "3"]
    assert [(one.address, one.message) for one in problems] == [
        (
            "表!A1",
            "a formula that is still to be computed: open the workbook, compute it and save it",
        )
    ]


def test_what_merged_cells_hide_is_told_unless_it_is_shown() -> None:
    merged = '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'
    hide = "merged cells hide what this cell holds: it is left out"
    assert told(handed.rows(["甲", "甲", "藏"]) + merged) == [("表!C1", hide)]
    assert told(handed.rows(["甲", "甲", "甲"]) + merged) == []
    assert told(handed.rows(["", "藏", "藏"]) + merged) == [("表!B1", hide)]


def test_merged_areas_that_overlap_are_told_and_do_not_count() -> None:
    areas = ("B2:C4", "A3:D3", "D1:D2")
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    sheet = handed.rows(["甲"], ["", "乙"], ["丙"]) + f"<mergeCells>{merged}</mergeCells>"
    assert [(c.text, c.row, c.column, c.rows, c.columns) for c in cells(sheet)] == [
        ("甲", 1, 1, 1, 1), ("", 1, 4, 2, 1), ("乙", 2, 2, 3, 2), ("丙", 3, 1, 1, 1),
    ]  # fmt: skip
    message = "merged cells overlap others: they are read as single cells"
    assert told(sheet) == [("表!A3", message)]


LOOKS = (
    '<fonts><font/><font><color rgb="FFFFFFFF"/></font><font><strike/></font>'
    '<font><name val="Wingdings 2"/></font></fonts><fills><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF0070C0"/>'
    '</patternFill></fill></fills><cellXfs><xf/><xf fontId="1"/><xf fontId="1" fillId="1"/>'
    '<xf fontId="2"/><xf fontId="3"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("style", "text", "shown", "messages"),
    [
        (1, "甲", "甲",
         ["the text of this cell is white on white: it is read as if it could be seen"]),
        (2, "甲", "甲", []),
        (3, "甲", "甲", ["text that is struck out is read as it stands"]),
        (4, "R", "☑", []),
        (4, "m", "④", []),
        (4, "H", "\ufffd", ["a symbol of the font Wingdings 2 is not known"]),
    ],
)  # fmt: skip
def test_how_a_cell_looks(style: int, text: str, shown: str, messages: list[str]) -> None:
    stored = f'<c s="{style}" t="inlineStr"><is><t>{text}</t></is></c>'
    grid, _, problems = xlsx.read(handed.xlsx({"表": data(stored)}, styles=LOOKS), HERE)
    assert [cell.text for cell in grid.tables[0].cells] == [shown]
    assert [one.message for one in problems] == messages


def test_a_part_that_is_struck_out_in_the_cell_itself_is_told() -> None:
    parts = "<r><rPr><strike/></rPr><t>25</t></r><r><t>28</t></r>"
    stored = f'<c t="inlineStr"><is>{parts}</is></c>'
    grid, _, problems = xlsx.read(handed.xlsx({"表": data(stored)}), HERE)
    assert [cell.text for cell in grid.tables[0].cells] == ["2528"]
    assert [one.message for one in problems] == ["text that is struck out is read as it stands"]


def test_a_format_that_shows_nothing_is_told_but_for_zeros() -> None:
    styles = '<numFmts><numFmt numFmtId="164" formatCode=";;;"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs>'  # fmt: skip  # noqa: E501
    sheet = data("<c><v>5</v></c><c><v>0</v></c>" + '<c t="inlineStr"><is><t>甲</t></is></c>')
    grid, _, problems = xlsx.read(handed.xlsx({"表": sheet}, styles=styles), HERE)
    assert [cell.text for cell in grid.tables[0].cells] == ["", "", ""]
    message = "the number format hides what this cell holds"
    assert [(one.address, one.message) for one in problems] == [
        ("表!A1", message),
        ("表!C1", message),
    ]


def test_a_sheet_may_show_no_zeros() -> None:
    view = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    sheet = view + data("<c><v>0</v></c><c><v>0.5</v></c>")
    assert [cell.text for cell in cells(sheet)] == ["", "0.5"]


def test_what_floats_over_a_sheet_is_told() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/"
    at = "<x:from><x:col>1</x:col><x:row>4</x:row></x:from>"
    box = f"<x:twoCellAnchor>{at}<x:sp><a:t>单位：万元</a:t></x:sp></x:twoCellAnchor>"
    large = '<x:oneCellAnchor><x:ext cx="5000000" cy="5000000"/><x:pic/></x:oneCellAnchor>'
    small = '<x:oneCellAnchor><x:ext cx="900000" cy="900000"/><x:pic/></x:oneCellAnchor>'
    spaces = f'xmlns:x="{space}spreadsheetDrawing" xmlns:a="{space}main"'
    drawing = f"<x:wsDr {spaces}>{box}{large}{small}</x:wsDr>"
    link = '<Relationship Id="d" Type="r/drawing" Target="../drawings/drawing1.xml"/>'
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": handed.relations(link),
        "xl/drawings/drawing1.xml": drawing,
    }
    _, _, problems = xlsx.read(handed.xlsx({"表": handed.rows(["甲"])}, more=more), HERE)
    assert [(one.address, one.message, one.text) for one in problems] == [
        ("表!B5", "a text box over the sheet says this: it is not read", "单位：万元"),
        ("表!A1", "a large picture over the sheet is not read", ""),
    ]


def test_heads_of_printed_pages_are_told_when_they_speak_of_the_form() -> None:
    head = '&amp;C&amp;"宋体,加粗"&amp;16项目支出绩效自评表&amp;R单位：万元&amp;L附件2'
    foot = "第 &amp;P 页"
    margins = (
        f"<headerFooter><oddHeader>{head}</oddHeader><oddFooter>{foot}</oddFooter></headerFooter>"
    )
    _, _, problems = xlsx.read(handed.xlsx({"表": handed.rows(["甲"]) + margins}), HERE)
    message = "the head or foot of the printed page says this: it is not read"
    assert [(one.message, one.text) for one in problems] == [
        (message, "项目支出绩效自评表"),
        (message, "单位：万元"),
    ]


def test_charts_on_sheets_of_their_own_hold_no_cells() -> None:
    link = '<Relationship Id="s1" Type="r/chartsheet" Target="chartsheets/sheet1.xml"/>'
    link += '<Relationship Id="s2" Type="r/worksheet" Target="worksheets/sheet1.xml"/>'
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="s{n}"/>' for n in (1, 2))
    more = {
        "xl/_rels/workbook.xml.rels": handed.relations(link),
        "xl/workbook.xml": f"<workbook {handed.S} {handed.R}><sheets>{listed}</sheets></workbook>",
        "xl/chartsheets/sheet1.xml": "<chartsheet/>",
    }
    grid, sheets, problems = xlsx.read(handed.xlsx({"表": handed.rows(["甲"])}, more=more), HERE)
    assert (sheets, [cell.address for cell in grid.tables[0].cells]) == (2, ["2!A1"])
    assert problems == []


def test_a_sheet_listed_twice_is_damaged() -> None:
    link = "".join(
        f'<Relationship Id="s{n}" Type="r/worksheet" Target="worksheets/sheet1.xml"/>'
        for n in (1, 2)
    )
    book = handed.xlsx(
        {"甲": handed.rows(["一"]), "乙": handed.rows(["二"])},
        more={"xl/_rels/workbook.xml.rels": handed.relations(link)},
    )
    with pytest.raises(AuditError, match="it lists a sheet twice"):
        xlsx.read(book, HERE)


def test_prefixes_and_names_of_elements_elsewhere_mean_nothing() -> None:
    space = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    anchor = '<y:row xmlns:y="y">7</y:row><y:col xmlns:y="y" hidden="1" min="1" max="9"/>'
    rows = "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData>"
    sheet = f"<x:worksheet {space}>{rows}<x:controls>{anchor}</x:controls></x:worksheet>"
    book = handed.xlsx({"表": ""}, more={"xl/worksheets/sheet1.xml": sheet})
    grid, _, problems = xlsx.read(book, HERE)
    assert [(c.text, c.address) for c in grid.tables[0].cells] == [("1", "表!A1")]
    assert problems == []


def test_empty_cells_with_borders_are_no_damage() -> None:
    assert told('<dimension ref="A1:B2"/>' + data('<c r="A1" s="1"/>')) == []
