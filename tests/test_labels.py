"""A label that is not known: told as printed with its place, and read once the file has it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from audit_utils import cli, suitecheck, tables
from audit_utils.forms import vocabulary

ROOT = Path(__file__).parents[1]
ROWS = [
    ["项目名称", "农村公路养护", "主管部门", "市交通运输局", "实施单位", "公路养护中心", ""],
    ["", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额", "500.00", "500.00", "480.00", "10", "96.00%", "9.6"],
    ["其中：拨入资金", "500.00", "500.00", "480.00", "-", "-", "-"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", "全年办结数", "分值", "得分"],
    ["产出指标", "数量指标", "养护里程", "≥120公里", "120公里", "50", "50"],
    ["效益指标", "社会效益指标", "通行保障率", "≥95%", "96%", "30", "30"],
    ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "93%", "10", "10"],
    ["总分", "", "", "", "", "100", "99.6"],
]

Captured = pytest.CaptureFixture[str]


def write(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A document with a table."""
    title = "<p>项目支出绩效自评表（2023年度）</p><p>单位：万元</p>"
    table = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    path = folder / "养护.html"
    path.write_text(f"<html><body>{title}<table>{table}</table></body></html>", "utf-8")
    return path


def add(folder: Path, text: str, part: str, meaning: str) -> Path:
    """A copy of the file of labels of which one line has one text more."""
    before = vocabulary.PATH.read_text("utf-8").splitlines()
    known = json.loads("\n".join(before))[part][meaning][0]
    start = next(n for n, line in enumerate(before) if line.startswith(f'  "{part}"'))
    place = next(n for n in range(start, len(before)) if before[n].startswith(f'    "{meaning}"'))
    after = [*before]
    after[place] = after[place].replace(f'["{known}"', f'["{known}", "{text}"')
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    path = folder / f"with {text}.json"
    path.write_text("\n".join(after), "utf-8")
    return path


def read(document: Path, capsys: Captured) -> tuple[int, list[str]]:
    """The exit code, and what is told on stderr."""
    code = cli.main(["tables", str(document), "--out", str(document.parent / "tables")])
    return code, capsys.readouterr().err.splitlines()


def test_a_steward_adds_what_a_message_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    document = write(tmp_path, ROWS)
    code, told = read(document, capsys)
    assert code == 3
    assert [one.partition("表1!")[2] for one in told if one.endswith("全年办结数")] == [
        "E5: a form that is not understood and was not read: no column of actual: 全年办结数",
        "E5: a form that is not understood and was not read: "
        "a label of indicators that is not known: 全年办结数",
    ]
    assert [one.partition("表1!")[2] for one in told if one.endswith("其中：拨入资金")] == [
        "A4: a form that is not understood and was not read: the tables have no such source "
        "of money: its amount would be missing from the sums: 其中：拨入资金"
    ]

    more = add(tmp_path, "全年办结数", "indicator_columns", "actual")
    monkeypatch.setattr(vocabulary, "PATH", more)
    assert suitecheck.check(ROOT / "expectations", ROOT / "tests" / "rules").troubles == ()
    code, told = read(document, capsys)
    assert code == 3
    assert "全年办结数" not in "".join(told)

    more = add(tmp_path, "拨入资金", "sources", "current_year_fiscal")
    monkeypatch.setattr(vocabulary, "PATH", more)
    assert read(document, capsys) == (0, [])
    found = tables.read(tmp_path / "tables")
    assert found["indicators"]["actual"].to_pylist() == ["120公里", "96%", "93%"]
    assert [row["source"] for row in found["funds"].to_pylist()] == ["total", "current_year_fiscal"]


KNOWN = [
    [text.replace("拨入资金", "财政拨款").replace("全年办结数", "实际完成值") for text in row]
    for row in ROWS
]
PLACES = [
    (row, column)
    for row, texts in enumerate(KNOWN)
    for column, text in enumerate(texts)
    if any(words[text] for words in vocabulary.vocabulary().known.values())
    and text not in ("产出指标", "效益指标", "满意度指标", *vocabulary.vocabulary().groups)
]


def test_the_document_is_read_where_all_is_known(tmp_path: Path, capsys: Captured) -> None:
    assert read(write(tmp_path, KNOWN), capsys) == (0, [])
    assert len(PLACES) > 15


@pytest.mark.parametrize(("row", "column"), PLACES)
def test_no_label_is_unknown_without_a_word(
    tmp_path: Path, capsys: Captured, row: int, column: int
) -> None:
    rows = [[*texts] for texts in KNOWN]
    rows[row][column] = "甲乙丙丁"
    code, told = read(write(tmp_path, rows), capsys)
    assert code == 3
    assert "甲乙丙丁" in "".join(told)
