"""Text that gives a table's cells one after the other: read whole and right, or told why not."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import streams
from truth import read_cells, read_truth, truth_cells

from audit_utils import documents
from audit_utils.documents import sequence
from audit_utils.documents.sequence import amounts, bars, framing, pieces, rowing
from audit_utils.documents.text import decode
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Cell, Document, Form
from audit_utils.report import wording

HERE = Path(__file__).parent
FOLDER = HERE / "streams"
CORPUS = HERE.parent / "data" / "corpus"
CASES = sorted(FOLDER.glob("*.txt"))
REFUSED = "a form that is not understood and was not read: "
LEVELS = ("level1", "level2")
NO_WEIGHT = pieces.NO_NUMBER.format(column="weight")


def read(text: str, folder: Path) -> Document:
    path = folder / "x.txt"
    path.write_text(text, "utf-8")
    return documents.read(path)


def places(cells: dict[str, Cell]) -> dict[str, list[Any]]:
    return {key: [cell.printed, cell.line_start, cell.line_end] for key, cell in cells.items()}


# --- documents with every cell expected, and where it stands --------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_cell_is_right_and_in_its_place(path: Path) -> None:
    document = documents.read(path)
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert document.kind == expected["kind"]
    assert [
        {
            "form": form.kind,
            "seq": form.seq,
            "year": form.year,
            "money_unit": form.money_unit,
            "line_start": form.line_start,
            "line_end": form.line_end,
            "head": places(dict(form.head)),
            "funds": {source: places(dict(row)) for source, row in form.funds.items()},
            "indicators": [places(dict(row)) for row in form.indicators],
        }
        for form in document.forms
    ] == expected["forms"]
    assert [[p.line_start, p.message] for p in document.problems] == expected["problems"]
    assert not any(cell.inferred for cell in read_cells(document.forms).values())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_line_is_kept(path: Path) -> None:
    """But for page numbers and the bars themselves; in their order, at their numbers."""
    document = documents.read(path)
    assert [q.line for q in document.lines] == sorted(q.line for q in document.lines)
    shown = "".join("".join(quote.text.replace("|", "").split()) for quote in document.lines)
    raw = decode(path.read_bytes(), path).replace("- 2 -", "").replace("|", "")
    assert shown == "".join(raw.split())


# --- forms of known truth, written in each way ----------------------------------------------


def written(forms: Sequence[dict[str, Any]], way: str) -> str:
    above = "（2022年度）"
    return streams.document(
        [([streams.TITLES[form["form"]], above], streams.laid_out(form)) for form in forms], way
    )


@pytest.mark.parametrize("way", streams.WAYS)
@pytest.mark.parametrize("name", ["003", "011", "014", "018"])
def test_forms_written_in_any_way_are_read_whole(name: str, way: str, tmp_path: Path) -> None:
    forms = read_truth(CORPUS / name / "truth.json")
    text = written(forms, way)
    document = read(text, tmp_path)
    got = read_cells(document.forms)
    assert {address: cell.printed for address, cell in got.items()} == truth_cells(forms)
    assert not any(cell.inferred for cell in got.values())
    lines = text.split("\n")
    for cell in got.values():
        source = "".join("".join(lines[cell.line_start - 1 : cell.line_end]).split())
        assert "".join((cell.printed or "").split()) in source


# --- damaged documents ----------------------------------------------------------------------


def changed(text: str) -> Iterator[tuple[str, str]]:
    """The text with one line gone, or twice; and that line."""
    lines = text.split("\n")[:-1]
    for number, line in enumerate(lines):
        yield line, "\n".join([*lines[:number], *lines[number + 1 :], ""])
        yield line, "\n".join([*lines[: number + 1], *lines[number:], ""])


def is_sound(form: Form, known: Form, line: str, way: str) -> bool:
    """Whether a form says nothing that is not in the other: cells may be gone, none is new.

    A group whose label is gone altogether looks like a part of the one above it.
    """
    words = vocabulary()
    labels = any(words.meaning(level, part.strip()) for level in LEVELS for part in line.split("|"))
    cells = {
        (source, key): cell for source, row in known.funds.items() for key, cell in row.items()
    }
    cells |= {("", key): cell for key, cell in known.head.items()}
    got = {(source, key): cell for source, row in form.funds.items() for key, cell in row.items()}
    got |= {("", key): cell for key, cell in form.head.items()}
    rows = list(known.indicators)
    return (
        all(
            cell.printed is None or (key in cells and cells[key].printed == cell.printed)
            for key, cell in got.items()
        )
        and all(
            any(
                all(
                    cell.printed in (None, other[key].printed) or (labels and key in LEVELS)
                    for key, cell in row.items()
                )
                for other in rows
            )
            for row in form.indicators
        )
        and (way == "filled" or len(form.indicators) == len(rows))
    )


@pytest.mark.parametrize("way", streams.WAYS)
@pytest.mark.parametrize(("folder", "seq"), [("003", 0), ("011", 1)])
def test_a_line_gone_or_doubled_never_makes_a_wrong_value(
    folder: str, seq: int, way: str, tmp_path: Path
) -> None:
    form = {**read_truth(CORPUS / folder / "truth.json")[seq], "seq": 1}
    text = written([form], way)
    (known,) = read(text, tmp_path).forms
    refused = 0
    for line, other in changed(text):
        document = read(other, tmp_path)
        refused += not document.forms
        assert document.forms or document.problems, line
        assert all(is_sound(one, known, line, way) for one in document.forms), line
    assert refused > 10


@pytest.mark.parametrize("way", streams.WAYS)
def test_a_self_evaluation_that_is_cut_off_is_not_read(way: str, tmp_path: Path) -> None:
    form = {**read_truth(CORPUS / "018" / "truth.json")[0], "seq": 1}
    lines = written([form], way).split("\n")
    ends = len(lines) - (3 if way == "filled" else 8)
    for end in range(len(lines) // 2, ends):
        assert read("\n".join(lines[:end]), tmp_path).forms == ()


SELF = "项目名称\n河道保洁\n主管部门\n水务局\n实施单位\n河道所\n项目资金（元）\n\n年初预算数\n全年预算数\n全年执行数\n执行率\n年度资金总额\n5\n6\n3\n50%\n其中：财政拨款\n5\n6\n3\n50%\n年度总体目标\n预期目标\n实际完成情况\n保洁\n已保洁\n一级指标\n二级指标\n三级指标\n指标值\n完成值\n分值\n得分\n产出指标\n数量指标\n河道条数\n≥3条\n3条\n40\n40\n河道长度\n20公里\n20公里\n20\n20\n成本指标\n每公里成本\n≤1元\n1元\n10\n10\n效益指标\n社会效益指标\n环境改善\n明显\n明显\n30\n30\n总分\n100\n100"  # noqa: E501
CELLS = SELF.split("\n")
"""The cells of a small form in their order."""


def replaced(old: str, *new: str) -> list[str]:
    """The cells with others in the place of one (the last of its text)."""
    place = len(CELLS) - 1 - CELLS[::-1].index(old)
    return [*CELLS[:place], *new, *CELLS[place + 1 :]]


@pytest.mark.parametrize(
    ("cells", "line", "message"),
    [
        (replaced("河道条数"), 41, pieces.NO_NUMBER.format(column="score")),
        (replaced("河道条数", "河道条数", "河道条数"), 40, NO_WEIGHT),
        (replaced("≤1元", "≤1元", "≤1元"), 51, NO_WEIGHT),
        (replaced("1元"), 52, pieces.LABEL),
        (replaced("产出指标"), 35, rowing.OTHER_GROUP),
        (replaced("效益指标"), 53, rowing.OTHER_GROUP),
        (replaced("成本指标", "成本指标", "成本指标"), 48, rowing.OTHER_GROUP),
        (replaced("总分"), 61, pieces.ENDS),
        (CELLS[:-1], 61, pieces.ENDS),
        ([*CELLS[:-2], "", "100"], 61, rowing.TOTAL_LOST),
        ([*CELLS, "100"], 63, rowing.NO_END),
        (CELLS[:-3], 59, rowing.NO_TOTAL),
        (replaced("20", "良好"), 46, pieces.NO_NUMBER.format(column="score")),
        (replaced("40", "40%"), 41, rowing.MIXED),
        (replaced("河道长度", ""), 42, rowing.NO_NAME),
        (replaced("河道长度", "社会效益指标"), 42, rowing.OTHER_GROUP),
        (replaced("≥3条", "≥3条\n40"), 38, pieces.TOGETHER),
        (replaced("河道长度", "总分\n河道长度"), 42, pieces.TOGETHER),
        (replaced("已保洁", "已保洁", "已保洁"), 28, framing.OBJECTIVE),
        (replaced("已保洁"), 24, framing.OBJECTIVE),
        (replaced("预期目标", "备用", "预期目标"), 25, "several texts could be objective_expected"),
        (replaced("3", "3", "3"), 18, "the row has 5 cells where 4 are due"),
        (replaced("3", "三"), 21, pieces.NO_NUMBER.format(column="executed")),
        (replaced("水务局"), 4, pieces.LABEL),
        (replaced("完成值", "指标值"), 32, "several columns of indicators mean target"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)  # fmt: skip
def test_what_does_not_fit_is_told_at_its_line(
    cells: list[str], line: int, message: str, tmp_path: Path
) -> None:
    document = read(streams.listed([cells]), tmp_path)
    assert document.forms == ()
    assert [(p.line_start, p.message) for p in document.problems] == [(line, REFUSED + message)]


@pytest.mark.parametrize("module", [amounts, bars, framing, pieces, rowing, sequence])
def test_every_reason_is_there_in_chinese(module: ModuleType) -> None:
    texts = (value for key, value in vars(module).items() if key.isupper())
    reasons = [
        text for text in texts if isinstance(text, str) and text.count(" ") > 2 and text != REFUSED
    ]
    assert reasons
    for reason in reasons:
        message = reason.format(column="score", count=3, due=4)
        assert re.search("[\u4e00-\u9fff]", wording.chinese(message)), message


def test_the_small_form_is_read(tmp_path: Path) -> None:
    (form,) = read(streams.listed([CELLS]), tmp_path).forms
    assert [row["level2"].printed for row in form.indicators] == [
        "数量指标", "数量指标", "成本指标", "社会效益指标",
    ]  # fmt: skip
    assert form.head["total_weight"].printed == "100"


def test_blanks_at_the_end_of_a_text_may_be_left_out(tmp_path: Path) -> None:
    form = {**read_truth(CORPUS / "018" / "truth.json")[0], "seq": 1}
    (known,) = read(written([form], "paragraphs"), tmp_path).forms
    (other,) = read(written([form], "paragraphs").strip(), tmp_path).forms
    assert other.head["total_score"] == known.head["total_score"]
    assert truth_cells([form]) == {
        address: cell.printed for address, cell in read_cells((other,)).items()
    }
    assert read(written([form], "paragraphs").strip()[:-5].strip(), tmp_path).forms == ()


def test_the_year_above_a_form_is_no_part_of_the_label_below(tmp_path: Path) -> None:
    cells = """项目支出绩效目标申报表 （2023年度） 项目名称 村级卫生室设备 项目资金 （万元）
        年度资金申请总额 8.6 其中：当年财政拨款 8.6 年度总体目标 设备配齐。
        一级指标 二级指标 三级指标 年度指标值 产出指标 数量指标 配备卫生室数 =6家"""
    (form,) = read("\n\n".join(cells.split()) + "\n", tmp_path).forms
    assert (form.year, form.money_unit) == (2023, "万元")
    assert form.head["name"].printed == "村级卫生室设备"
