"""PDF: boxes by their lines, text by its place, tables over pages, what cannot be read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import handed
import pytest
from handed import box, text_at

from audit_utils.documents import pdf
from audit_utils.documents.assembly import Text
from audit_utils.documents.pdf import joining
from audit_utils.documents.pdf.flow import BETWEEN, Shown, items
from audit_utils.documents.pdf.joining import Part, Sheet
from audit_utils.documents.pdf.pages import Glyph, Stroke
from audit_utils.documents.pdf.ruling import lattices
from audit_utils.documents.pdf.writing import page
from audit_utils.errors import AuditError
from audit_utils.grid import Grid

HERE = Path("x.pdf")


@pytest.fixture(autouse=True)
def any_page_may_hold_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """The font of these documents has no Chinese, which else tells where to look for tables."""
    monkeypatch.setattr(pdf, "_WORDS", re.compile("."))


def read(data: bytes) -> Grid:
    return pdf.read(data, HERE)[0]


def placed(grid: Grid, number: int = 0) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.rows, c.columns) for c in grid.tables[number].cells]


# ---- one page


GRID = box(50, 500, 150, 520) + box(150, 500, 250, 520) + box(50, 460, 150, 500)
GRID += box(150, 480, 250, 500) + box(150, 460, 250, 480)
LABELS = text_at(60, 507, "one") + text_at(160, 507, "two") + text_at(60, 478, "tall")
LABELS += text_at(160, 487, "upper") + text_at(160, 467, "lower")
CELLS = [("one", 1, 1, 1, 1), ("two", 1, 2, 1, 1), ("tall", 2, 1, 2, 1), ("upper", 2, 2, 1, 1),
         ("lower", 3, 2, 1, 1)]  # fmt: skip


def test_boxes_and_merged_cells() -> None:
    grid = read(handed.pdf(text_at(60, 550, "Title") + GRID + LABELS + text_at(60, 400, "after")))
    assert placed(grid) == CELLS
    assert [quote.text for quote in grid.tables[0].before] == ["Title"]
    assert [quote.text for quote in grid.after] == ["after"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(turn: int) -> None:
    turns = {90: "0 1 -1 0 580 0 cm ", 180: "-1 0 0 -1 400 600 cm ", 270: "0 -1 1 0 -300 600 cm "}
    content = "q " + turns[turn] + GRID + LABELS + "Q"
    assert placed(read(handed.pdf(content, page=f"/Rotate {turn}"))) == CELLS


def test_lines_drawn_as_thin_boxes_and_apart() -> None:
    across = "".join(f"50 {y} 200 0.5 re f " for y in (460, 500, 520)) + "150 480 100 0.5 re f "
    down = "".join(f"{x} 460 0.5 60 re f " for x in (50, 150, 250))
    assert placed(read(handed.pdf(across + down + LABELS))) == CELLS


def test_outer_sides_need_not_be_drawn() -> None:
    across = "".join(f"50 {y} m 250 {y} l S " for y in (460, 500, 520)) + "150 480 m 250 480 l S "
    assert placed(read(handed.pdf(across + "150 460 m 150 520 l S " + LABELS))) == CELLS


def test_lines_nobody_sees_and_lone_boxes_make_no_table() -> None:
    clip = "50 460 200 60 re W n "
    assert read(handed.pdf(clip + box(40, 450, 260, 530) + LABELS)).tables == ()


def test_wrapped_lines_and_words() -> None:
    content = (
        GRID
        + text_at(60, 490, "first line")
        + text_at(60, 478, "second (x)".replace("(", "\\(").replace(")", "\\)"))
    )
    assert placed(read(handed.pdf(content)))[2][0] == "first line\nsecond (x)"


def test_page_numbers_are_no_text() -> None:
    content = GRID + LABELS + text_at(195, 20, "- 3 -")
    assert read(handed.pdf(content)).after == ()


def test_a_paragraph_that_runs_over_its_box_stays_whole() -> None:
    lines = [Stroke(0, y, 100, y) for y in (0, 30, 60, 90)]
    lines += [Stroke(x, 0, x, 90) for x in (0, 100)]
    long = [Glyph("长", 2, 10.0 * n, 12, 10.0 * n + 9) for n in range(-1, 9)]
    short = [Glyph("短", 50, 70, 60, 79)]
    shows = page(long + short, lattices(lines))
    assert [written.lines for written in shows.written[0]] == [(), ("长",) * 10, ("短",)]


# ---- tables over pages


Row = Sequence[str | None]
"""Texts of the cells of a row; None where the cell above goes on."""


def sheet(rows: Sequence[Row], number: int, *, full: bool = False) -> Sheet:
    """A table of columns 100 points wide, ten characters each."""
    parts: list[Part] = []
    for row, texts in enumerate(rows):
        for place, text in enumerate(texts):
            if text is None:
                above = next(p for p in reversed(parts) if p.x0 == 100 * place)
                above.bottom = row
            else:
                lines = tuple(text.split("\n")) if text else ()
                parts.append(
                    Part(
                        100 * place, 100 * place + 100, row, row, number, lines, full and bool(text)
                    )
                )
    width = 100 * len(rows[0])
    return Sheet(parts, len(rows), number, 0, width, [number] * len(rows), begins=False)


def joined(upper: Sequence[Row], lower: Sequence[Row], *, full: bool = False) -> list[list[str]]:
    above = sheet(upper, 1, full=full)
    joining.join(above, sheet(lower, 2))
    rows: list[list[str]] = [[] for _ in range(above.rows)]
    for part in sorted(above.parts, key=lambda one: one.x0):
        for row in range(part.top, part.bottom + 1):
            rows[row].append("".join(part.lines))
    return rows


HEAD: Row = ("一级指标", "三级指标", "指标值", "分值", "原因")


def test_rows_of_two_pages_stay_two() -> None:
    first, second = ("产出指标", "甲", ">=1", "5", ""), ("效益指标", "乙", ">=2", "6", "晚")
    assert joined([HEAD, first], [second]) == [list(HEAD), list(first), list(second)]


def test_a_merged_cell_goes_on() -> None:
    rows = joined([HEAD, ("产出指标", "甲", ">=1", "5", "")], [("", "乙", ">=2", "6", "")])
    assert [row[0] for row in rows] == ["一级指标", "产出指标", "产出指标"]


def test_a_label_may_stand_on_the_later_page_only() -> None:
    rows = joined([HEAD, ("", "甲", ">=1", "5", "")], [("产出指标", "乙", ">=2", "6", "晚")])
    assert [row[0] for row in rows] == ["一级指标", "产出指标", "产出指标"]
    assert [row[4] for row in rows] == ["原因", "", "晚"]


def test_a_row_that_is_cut_is_one() -> None:
    upper: list[Row] = [HEAD, ("产出指标", "丙", "3", "7", ""), (None, "甲的前", "", "", "")]
    lower: list[Row] = [("", "一半", ">=1", "5", ""), (None, "乙", ">=2", "6", "")]
    assert joined(upper, lower)[1:] == [
        ["产出指标", "丙", "3", "7", ""],
        ["产出指标", "甲的前一半", ">=1", "5", ""],
        ["产出指标", "乙", ">=2", "6", ""],
    ]


def test_two_numbers_are_never_one() -> None:
    upper = [HEAD, ("产出指标", "甲的名称有八个字", "已完成", "5", "")]
    lower = [("", "乙的名称也有八个字", "", "6", "")]
    assert len(joined(upper, lower, full=True)) == 3


def test_texts_that_break_off_go_on() -> None:
    upper = [("预期目标", "实际完成情况"), ("第一段文字没有写完", "另一段也没有写完整")]
    lower = [("它的后半段", "也有后半段"), ("一级指标", "二级指标")]
    assert joined(upper, lower, full=True)[1] == [
        "第一段文字没有写完它的后半段",
        "另一段也没有写完整也有后半段",
    ]
    assert len(joined(upper, lower)) == 4


def test_a_text_printed_on_both_pages_is_one() -> None:
    rows = joined([("目标", "总体"), ("目标", "一二三")], [("目标", "一二三"), ("绩效", "四")])
    assert rows == [["目标", "总体"], ["目标", "一二三"], ["绩效", "四"]]


def test_heads_printed_again_are_left_out() -> None:
    rows = joined([HEAD, ("产出指标", "甲", ">=1", "5", "")], [HEAD, ("", "乙", ">=2", "6", "")])
    assert [row[1] for row in rows] == ["三级指标", "甲", "乙"]


def test_a_table_goes_on_only_on_the_next_page_and_to_the_same_right_edge() -> None:
    above = sheet([HEAD], 1)
    assert joining.fits(above, sheet([HEAD], 2))
    assert not joining.fits(above, sheet([HEAD], 3))
    assert not joining.fits(above, sheet([HEAD[:4]], 2))


FIRST: Row = ("产出指标", "甲", ">=1", "5", "")
SECOND: Row = ("", "乙", ">=2", "6", "晚")
BOTH = [list(HEAD), list(FIRST), ["产出指标", *SECOND[1:]]]


def test_empty_rows_at_the_end_of_a_page_are_parts_of_rows() -> None:
    empty: Row = (None, "", "", "", "")
    assert joined([HEAD, FIRST, empty], [SECOND]) == BOTH
    assert joined([HEAD, FIRST], [("", "", "", "", ""), SECOND]) == BOTH


def test_merged_cells_at_the_left_may_have_no_lines_on_the_later_page() -> None:
    above, below = sheet([HEAD, FIRST], 1), sheet([SECOND], 2)
    below.parts = below.parts[1:]
    below.x0 = 100
    assert joining.fits(above, below)
    joining.join(above, below)
    assert [part.bottom for part in above.parts if part.text == "产出指标"] == [2]


def test_empty_cells_without_a_line_between_them_are_several() -> None:
    wide = ("一级指标", "二级指标", "三级指标", "分值")
    above, below = (
        sheet([wide, ("产出指标", "数量指标", "甲", "5")], 1),
        sheet([("", "", "乙", "6")], 2),
    )
    below.parts = [replace(below.parts[0], x1=200.0), *below.parts[2:]]
    joining.join(above, below)
    assert {part.text: part.bottom for part in above.parts if part.top == 1} == {
        "产出指标": 2, "数量指标": 2, "甲": 1, "5": 1,
    }  # fmt: skip


def test_a_table_goes_on_over_pages_of_a_document() -> None:
    grid = read(handed.pdf(GRID + LABELS, GRID + LABELS.replace("one", "three")))
    assert len(grid.tables) == 1
    assert [c.page for c in grid.tables[0].cells] == [1] * 5 + [2] * 5
    assert [c.address for c in grid.tables[0].cells][-1] == "表1!B6"


def test_a_line_below_a_table_is_no_part_of_it() -> None:
    line = "150 455.5 m 350 455.5 l S 150 455.5 m 150 465 l S "
    assert len(read(handed.pdf(GRID + LABELS, line + GRID + LABELS)).tables) == 1


@pytest.mark.parametrize(
    ("heads", "doubt"),
    [(("Report 1 of 2", "Report 2 of 2"), ""), (("Chapter one", "Chapter two"), BETWEEN)],
    ids=["a running head", "texts of their own"],
)
def test_only_running_heads_may_stand_between(heads: tuple[str, str], doubt: str) -> None:
    pages = (text_at(60, 580, head) + GRID + LABELS + text_at(60, 30, "foot") for head in heads)
    grid = read(handed.pdf(*pages))
    assert len(grid.tables) == 1
    assert {cell.doubt for cell in grid.tables[0].cells} == {"", doubt}
    assert [quote.text for quote in grid.tables[0].before] == [heads[0]]
    assert [quote.text for quote in grid.after] == [*([heads[1]] if doubt else ()), "foot"]


def test_the_title_of_a_form_is_no_running_head() -> None:
    assert titled("项目支出绩效自评表", "项目支出绩效目标申报表", [HEAD, FIRST]) == [{""}, {""}]


def test_a_title_printed_again_stands_above_rows_but_not_above_a_head() -> None:
    title = "项目支出绩效自评表"
    assert titled(title, title, [FIRST]) == [{""}]
    assert titled(title, title, [HEAD, FIRST]) == [{"", BETWEEN}]


def titled(first: str, second: str, below: Sequence[Row]) -> list[set[str]]:
    """The doubts of each table, where these titles stand above those of two pages."""
    upper, lower = sheet([HEAD, FIRST], 1), sheet(below, 2)
    pages = [Shown(1, ((50, upper),), ((10, first),)), Shown(2, ((50, lower),), ((10, second),))]
    found = [item for item in items(pages, HERE) if not isinstance(item, Text)]
    return [{cell.doubt for cell in table} for table in found]


# ---- what cannot be read


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (handed.pdf(box(0, 0, 9, 9)),
         "the PDF holds no text, only pictures (a scan); only text can be read"),
        (b"%PDF-1.7\nnothing", "the file is damaged: it cannot be read as PDF"),
        (handed.pdf(), "the file is damaged: it cannot be read as PDF"),
        (handed.pdf("", trailer="/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
                    f"/O <{'00' * 32}> /U <{'11' * 32}> >>"),
         "the file is locked with a password; save it without one"),
    ],
    ids=["scan", "no PDF", "no page", "locked"],
)  # fmt: skip
def test_refused(data: bytes, message: str) -> None:
    with pytest.raises(AuditError) as caught:
        read(data)
    assert caught.value.message == message


def test_a_page_that_is_a_picture_is_told() -> None:
    curve = "9 9 m 9 20 20 20 20 9 c f "
    _, pages, problems = pdf.read(
        handed.pdf(text_at(9, 9, "text"), curve, box(0, 0, 9, 9), ""), HERE
    )
    assert pages == 4
    assert [(p.page, p.message) for p in problems] == [
        (2, "the page shows no text, only a picture: it is not read")
    ]


@pytest.mark.parametrize(
    ("text", "refused", "told"),
    [
        ("a" * 90 + "\xe1" * 2, False, 0),
        ("a" * 90 + "\xe1" * 6, False, 1),
        ("a" * 90 + "\xe1" * 30, True, 0),
    ],
)
def test_characters_that_fonts_do_not_tell(text: str, refused: bool, told: int) -> None:
    data = handed.pdf(text_at(9, 9, text, 3))
    if refused:
        with pytest.raises(AuditError, match="fonts of the PDF do not tell"):
            read(data)
    else:
        assert len(pdf.read(data, HERE)[2]) == told


def test_scripts_and_links_of_a_pdf_are_left_alone() -> None:
    catalog = "/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\)) >>"
    assert placed(read(handed.pdf(GRID + LABELS, catalog=catalog))) == CELLS
