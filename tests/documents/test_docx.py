"""Text documents: what Word shows of them, and what is told because it is not read."""

from pathlib import Path

import handed
import pytest
from handed import cell, docx, paragraph, table

from audit_utils.documents import docx as reader
from audit_utils.documents.assembly import quotes
from audit_utils.documents.docx.numbering import written
from audit_utils.grid import Grid

HERE = Path("x.docx")
MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
Read = tuple[list[str], list[tuple[str, str]]]


def read(body: str, **parts: str) -> Read:
    """The lines that a document shows, and what is told of it."""
    grid, _, problems = reader.read(docx(body, parts=parts), HERE)
    return [one.text for one in quotes(grid)], [(one.message, one.text) for one in problems]


def placed(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rows, c.columns) for t in grid.tables for c in t.cells]


def cells(body: str) -> list[tuple[str, int, int, int, int]]:
    return placed(reader.read(docx(body), HERE)[0])


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def run(content: str, properties: str = "") -> str:
    text = content if content.startswith("<") else f"<w:t>{content}</w:t>"
    return f"<w:r><w:rPr>{properties}</w:rPr>{text}</w:r>"


def mark(kind: str, data: str = "") -> str:
    return run(f'<w:fldChar w:fldCharType="{kind}">{data}</w:fldChar>')


def field(instruction: str, result: str, data: str = "") -> str:
    asked = run(f"<w:instrText>{instruction}</w:instrText>")
    shown = mark("separate") + result if result else ""
    return mark("begin", data) + asked + shown + mark("end")


def tick(state: str) -> str:
    return f"<w:ffData><w:checkBox><w:default w:val='0'/>{state}</w:checkBox></w:ffData>"


# ---- what is shown


CHOICE = (
    '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/>'
    "</w:ddList></w:ffData>"
)
FRACTION = (
    f"<m:oMath {MATH}><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
    "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
)
POWER = (
    f"<m:oMath {MATH}><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e>"
    "<m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath>"
)
RUBY = f"<w:r><w:ruby><w:rt>{run('pin')}</w:rt><w:rubyBase>{run('拼')}</w:rubyBase></w:ruby></w:r>"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (run("<w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t>"), ["a-bc"]),
        (run("<w:t>a</w:t><w:tab/><w:t>b</w:t><w:cr/><w:t>c</w:t>"), ["a b", "c"]),
        (run("甲") + "<w:hyperlink r:id='x'>" + run("链接") + "</w:hyperlink>", ["甲链接"]),
        (f"<w:smartTag>{run('甲')}</w:smartTag><w:proofErr/>{run('乙')}", ["甲乙"]),
        (f"<w:fldSimple w:instr='SEQ x'>{run('7')}</w:fldSimple>", ["7"]),
        (field(" PAGE ", run("3")) + run("页"), ["3页"]),
        (field(f"IF {field('MERGEFIELD x', run('x'))} = 1", run("结果")), ["结果"]),
        (field("FORMCHECKBOX", "", tick("<w:checked/>")) + run("是"), ["☒是"]),
        (field("FORMCHECKBOX", "", tick("<w:checked w:val='0'/>")) + run("否"), ["☐否"]),
        (field("FORMDROPDOWN", "", CHOICE), ["良"]),
        (run('<w:sym w:font="Wingdings" w:char="F0FE"/>') + run("是"), ["☑是"]),
        (run('<w:sym w:font="Symbol" w:char="F0B3"/>') + run("90%"), ["≥90%"]),
        (run("R", '<w:rFonts w:ascii="Wingdings 2"/>') + run("是"), ["☑是"]),
        (run("\uf0a3", '<w:rFonts w:ascii="Wingdings 2"/>') + run("否"), ["□否"]),
        (run("10") + run("4", '<w:vertAlign w:val="superscript"/>') + run("元"), ["10⁴元"]),
        (run("100") + run('<w:footnoteReference w:id="2"/>'), ["100"]),
        (FRACTION, ["1/2"]),
        (POWER, ["10⁴"]),
        (RUBY, ["拼"]),
    ],
)
def test_what_a_paragraph_shows(content: str, shown: list[str]) -> None:
    assert read(p(content)) == (shown, [])


@pytest.mark.parametrize(
    ("content", "shown", "told"),
    [
        (run("甲") + run("藏", "<w:vanish/>") + run("乙", '<w:vanish w:val="0"/>'), ["甲乙"],
         [("hidden text is left out", "藏")]),
        (run("白", '<w:color w:val="FFFFFF"/>') + run("黑"), ["白黑"],
         [("text that is white on white is read as if it could be seen", "白")]),
        (run("白", '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F4E79"/>'), ["白"], []),
        (run("旧", "<w:strike/>") + run("新"), ["旧新"],
         [("text that is struck out is read as it stands", "旧")]),
        (field("eq \\o\\ac(○,√)", "") + run("是"), ["是"],
         [("a field without its result is left out", "eq \\o\\ac(○,√)")]),
        (mark("begin") + run("<w:instrText>x</w:instrText>") + run("甲"), ["甲"],
         [("a field has no end: all of its text is read", "")]),
        (run('<w:sym w:font="Webdings" w:char="F061"/>'), ["\ufffd"],
         [("a symbol of the font Webdings is not known", "\ufffd")]),
        (f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>", ["新"],
         [("the document has tracked changes: they are read as if accepted", "")]),
        ("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("单击此处")
         + "</w:sdtContent></w:sdt>", ["单击此处"],
         [("a field to fill in still shows its hint", "单击此处")]),
        (run('<w:object><o:OLEObject xmlns:o="o" ProgID="Excel.Sheet.12"/></w:object>'), [],
         [("an object of another program is put in: it is not read", "Excel.Sheet.12")]),
        (run('<w:drawing><x:inline xmlns:x="x"><x:extent cx="5000000" cy="7000000"/><x:pic/>'
             "</x:inline></w:drawing>"), [], [("a large picture is not read", "")]),
    ],
)  # fmt: skip
def test_what_is_told_of_a_paragraph(
    content: str, shown: list[str], told: list[tuple[str, str]]
) -> None:
    assert read(p(content)) == (shown, told)


def test_small_pictures_are_not_told() -> None:
    seal = '<x:inline xmlns:x="x"><x:extent cx="1000000" cy="1000000"/><x:pic/></x:inline>'
    assert read(p(run(f"<w:drawing>{seal}</w:drawing>") + run("甲"))) == (["甲"], [])


def test_another_kind_of_document_that_is_put_in_is_told() -> None:
    assert read('<w:altChunk r:id="aFChunk"/>', aFChunk="<html/>") == (
        [],
        [("a document of another kind is put in: it is not read", "word/aFChunk.xml")],
    )


def test_text_boxes_are_read_once_with_the_tables_in_them() -> None:
    inside = f"<w:txbxContent>{table(['甲', '乙'])}{paragraph('框')}</w:txbxContent>"
    choice = f"<mc:Choice>{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>"
    box = f'<mc:AlternateContent xmlns:mc="mc">{choice}</mc:AlternateContent>'
    assert read(p(run(box) + run("段"))) == (["段", "甲 | 乙", "框"], [])


# ---- automatic numbers


def lists(kind: str, text: str) -> str:
    first = f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
    second = '<w:start w:val="1"/><w:lvlText w:val="%1.%2"/><w:isLgl/><w:suff w:val="nothing"/>'
    return (
        f'<w:numbering {handed.W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">{first}'
        f'</w:lvl><w:lvl w:ilvl="1">{second}</w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
    )


def item(text: str, listed: int = 1, level: int = 0) -> str:
    content = run(text) if text else ""
    return p(content, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{listed}"/></w:numPr>')


def test_automatic_numbers_are_shown() -> None:
    body = (
        item("甲") + item("a", level=1) + item("b", level=1) + item("乙") + item("c", level=1)
        + table([cell(item("")), cell(item("丁"))]) + item("戊", listed=2) + item("己", listed=0)
    )  # fmt: skip
    assert read(body, numbering=lists("chineseCounting", "指标%1：")) == (
        ["指标一： 甲", "1.1a", "1.2b", "指标二： 乙", "2.1c", "指标三：  | 指标四： 丁",
         "指标五： 戊", "己"], [],
    )  # fmt: skip


def test_a_style_may_number_its_paragraphs_and_hide_text() -> None:
    styles = (
        f'<w:styles {handed.W}><w:style w:type="paragraph" w:styleId="L"><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:styleId="M">'
        '<w:basedOn w:val="L"/></w:style><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr>'
        "</w:style></w:styles>"
    )
    body = p(run("甲"), '<w:pStyle w:val="L"/>')
    body += p(run("乙") + run("藏", '<w:rStyle w:val="H"/>'), '<w:pStyle w:val="M"/>')
    assert read(body, numbering=lists("decimal", "%1."), styles=styles) == (
        ["1. 甲", "2. 乙"],
        [("hidden text is left out", "藏")],
    )


@pytest.mark.parametrize(
    ("count", "kind", "text"),
    [
        (12, "decimal", "12"), (3, "decimalZero", "03"), (14, "lowerRoman", "xiv"),
        (28, "upperLetter", "BB"), (11, "chineseCountingThousand", "十一"),
        (105, "chineseCountingThousand", "一百〇五"), (10, "ideographDigital", "一〇"),
        (3, "ideographTraditional", "丙"), (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "21"), (2, "decimalEnclosedParen", "⑵"),
        (12, "chineseLegalSimplified", "壹拾贰"), (3, "decimalFullWidth", "３"),
        (7, "none", ""), (7, "hebrew1", "7"), (0, "upperRoman", "0"),
    ],
)  # fmt: skip
def test_numbers_of_lists(count: int, kind: str, text: str) -> None:
    assert written(count, kind) == text


# ---- heads, feet and notes


def test_heads_and_feet_of_pages_stand_around_their_section() -> None:
    def margin(*lines: str) -> str:
        return f"<w:hdr {handed.W}>{''.join(map(paragraph, lines))}</w:hdr>"

    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:headerReference '
        'w:type="first" r:id="header2"/><w:footerReference w:type="default" r:id="footer1"/>'
        "</w:sectPr>"
    )
    body = paragraph("甲") + p("", section) + paragraph("乙") + section
    parts = {
        "header1": margin("（2022年度）"),
        "header2": margin("首页"),
        "footer1": margin("第 1 页 共 3 页", "填表人：张"),
    }
    assert read(body, **parts) == (["（2022年度）", "甲", "填表人：张", "乙"], [])


def test_endnotes_stand_at_the_end() -> None:
    notes = f"<w:endnotes {handed.W}><w:endnote>{paragraph('注')}</w:endnote></w:endnotes>"
    assert read(paragraph("甲"), endnotes=notes) == (["甲", "注"], [])


# ---- tables


def test_cells_are_merged_down_along_the_same_columns_only() -> None:
    start, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    gap = table([cell("甲", start), "1"], ["乙", "2"], [cell("丙", goes_on), "3"])
    assert cells(gap)[4] == ("丙", 3, 1, 1, 1)
    wide = table([cell("甲", '<w:gridSpan w:val="2"/>' + start)], [cell("乙", goes_on), "2"])
    assert cells(wide) == [("甲", 1, 1, 1, 2), ("乙", 2, 1, 1, 1), ("2", 2, 2, 1, 1)]


def wide(text: str, width: int, more: str = "") -> str:
    return cell(text, f'<w:tcW w:w="{width}" w:type="dxa"/>{more}')


def test_widths_say_where_cells_stand_when_their_spans_do_not() -> None:
    uneven = table(
        [wide("甲", 2010), wide("1", 990)], [wide("乙", 1000), wide("丙", 1000), wide("2", 1000)]
    )
    assert cells(uneven) == [
        ("甲", 1, 1, 1, 2), ("1", 1, 3, 1, 1),
        ("乙", 2, 1, 1, 1), ("丙", 2, 2, 1, 1), ("2", 2, 3, 1, 1),
    ]  # fmt: skip
    short = table([wide("甲", 1000)], [wide("乙", 1000), wide("丙", 1000)])
    assert cells(short) == [("甲", 1, 1, 1, 1), ("乙", 2, 1, 1, 1), ("丙", 2, 2, 1, 1)]
    spanned = table([wide("甲", 900, '<w:gridSpan w:val="2"/>')], [wide("乙", 1), wide("丙", 1)])
    assert cells(spanned)[0] == ("甲", 1, 1, 1, 2)


def test_what_merged_cells_hide_is_told() -> None:
    down = table(
        [cell("甲", '<w:vMerge w:val="restart"/>'), "1"],
        [cell("藏", '<w:vMerge w:val="continue"/>'), "2"],
    )
    told = [("merged cells hide what a cell holds: it is left out", "藏")]
    assert read(down) == (["甲 | 1", "2"], told)
    along = table([cell("甲", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), "丙"])
    assert cells(along) == [("甲", 1, 1, 1, 2), ("丙", 1, 3, 1, 1)]


def test_rows_and_cells_in_controls_deleted_or_hidden() -> None:
    held = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    rows = held.format(f"<w:tr>{held.format(cell('甲'))}{cell('删', '<w:cellDel/>')}</w:tr>")
    rows += f"<w:tr><w:trPr><w:del/></w:trPr>{cell('删')}</w:tr>"
    rows += f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('藏')}</w:tr>"
    rows += f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("乙")}</w:tr>'
    grid, _, problems = reader.read(docx(f"<w:tbl>{rows}</w:tbl>"), HERE)
    assert placed(grid) == [("甲", 1, 1, 1, 1), ("乙", 2, 2, 1, 1)]
    assert [(one.message, one.text) for one in problems] == [
        ("a hidden row of a table is left out", "藏"),
        ("the document has tracked changes: they are read as if accepted", ""),
    ]


def test_the_main_part_is_the_one_that_the_file_names() -> None:
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
    link = f'<Relationship Id="a" Type="{kind}" Target="/word/Text.xml"/>'
    space = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    text = f'<w:document xmlns:w="{space}"><w:body>{paragraph("甲")}</w:body></w:document>'
    parts = {"_rels/.rels": handed.relations(link), "word/text.xml": text}
    grid, _, _ = reader.read(handed.packed(parts), HERE)
    assert [one.text for one in quotes(grid)] == ["甲"]
