"""csv as people save it: signs, encodings, titles, and rows that lost their merged cells."""

from pathlib import Path

import pytest

from audit_utils import documents
from audit_utils.documents import csv
from audit_utils.documents.kinds import drawn_as

HERE = Path("x")
RAGGED = (
    "a form that is not understood and was not read: "
    "rows of values that are not of one length: which cells were merged is not known"
)
FORM = [
    "项目支出绩效自评表,,,",
    "项目名称,河道保洁,,",
    "主管部门,市水务局,实施单位,河道管理所",
    "一级指标,二级指标,三级指标,年度指标值",
    "产出指标,数量指标,保洁河道,≥5条",
]


def read(path: Path, data: bytes) -> list[tuple[str, str, int]]:
    path.write_bytes(data)
    document = documents.read(path)
    assert (document.kind, document.problems) == ("csv", ())
    grid, _, _ = csv.read(data, path)
    return [(cell.text, cell.address, cell.line) for cell in grid.tables[0].cells]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_signs_encodings_and_line_ends(codec: str, sign: str, end: str, tmp_path: Path) -> None:
    text = end.join(["甲,乙,丙", '1,"2,\n3",4', "5,6,7"]).replace(",", sign)
    cells = read(tmp_path / "a.txt", text.encode(codec))
    assert cells[4][0] == f"2{sign}\n3"
    assert cells[-1] == ("7", "C3", 4)


def test_a_declared_sign_is_no_row(tmp_path: Path) -> None:
    cells = read(tmp_path / "a", "sep=;\r\n甲;乙;1,5,5\r\n1;2;3\r\n4;5;6\r\n".encode())
    assert cells[2:4] == [("1,5,5", "C1", 2), ("1", "A2", 3)]


def test_titles_and_notes_stand_alone(tmp_path: Path) -> None:
    text = "附表\n\n（2022年度）\n甲,乙,丙\n1,2,3\n4,5,6\n7,8,9\n注：无\n"
    cells = read(tmp_path / "a", text.encode())
    assert [cells[n] for n in (0, 1, 2, -1)] == [
        ("附表", "A1", 1), ("（2022年度）", "A3", 3), ("甲", "A4", 4), ("注：无", "A8", 8),
    ]  # fmt: skip


def test_numbers_kept_as_text_lose_their_cover_and_targets_keep_their_sign(tmp_path: Path) -> None:
    cells = read(tmp_path / "a", b'="100",=100%,=5\n1,2,3\n4,5,6\n')
    assert [text for text, *_ in cells[:3]] == ["100", "=100%", "=5"]


@pytest.mark.parametrize("sign", [",", "\t"])
def test_a_form_whose_rows_are_not_whole_is_told(sign: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(line.rstrip(",").replace(",", sign) for line in FORM), "utf-8")
    document = documents.read(path)
    assert (document.kind, document.forms) == ("csv", ())
    assert [(p.message, p.line_start) for p in document.problems] == [(RAGGED, 2)]


@pytest.mark.parametrize(
    "text",
    ["1,050,000\n2,000,000\n一、概述\n二、项目\n三、说明\n", "甲,乙\n1,2\n3,4\n",
     "项目名称 河道\n" * 3, "甲,乙,丙\n1,2\n3\n"],
    ids=["amounts", "two columns", "blanks", "no form"],
)  # fmt: skip
def test_what_is_no_csv(text: str) -> None:
    assert drawn_as(text) == "text"
