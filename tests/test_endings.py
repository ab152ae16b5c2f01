"""How documents end: what names a form and holds none is no form, and says so."""

import os
from pathlib import Path
from typing import get_args

import handed
import pytest

from audit_utils import (
    commands,
    documents,
    endings,
    manifest,
    pipeline,
    sources,
    summary,
    terminal,
)

LIST = [
    "<table><tr><td>单位名称<td>项目名称<td>合计<td>财政拨款<td>其他资金"
    "<tr><td>市水务局<td>河道保洁<td>5<td>5<td>0</table>",
    "<table><tr><td>项目名称<td>项目类别<td>财政拨款<td>上年结转资金<td>其他资金"
    "<tr><td>河道保洁<td>特定目标<td>5<td>0<td>0</table>",
    "<table><tr><td>项目名称<td>采购品目<td>数量<td>单价<tr><td>设备<td>电脑<td>1<td>5</table>",
]
CONTENTS = (
    "<p>目录<p>附件1：部门整体支出绩效自评表………………30<p>附件2：项目支出绩效自评表………35"
    "<p>项目支出绩效自评表详见附件，一级指标包括产出指标、效益指标。<p>整体绩效情况良好，得分95分。"
)
SCORES = (
    "<p>绩效评价指标体系评分表<table><tr><td>一级指标<td>二级指标<td>三级指标<td>分值<td>得分"
    "<tr><td>决策<td>项目立项<td>立项依据<td>3<td>3</table>"
)
OTHER = "a form of another kind, for which there are no rules"


def problems(path: Path, page: str) -> list[str]:
    path.write_text(f"<html><body>{page}</body></html>", "utf-8")
    return [problem.message for problem in documents.read(path).problems]


@pytest.mark.parametrize("table", LIST, ids=["a list of units", "a list of kinds", "purchases"])
@pytest.mark.parametrize("above", ["", CONTENTS], ids=["alone", "behind a table of contents"])
def test_lists_of_projects_are_no_forms(table: str, above: str, tmp_path: Path) -> None:
    assert problems(tmp_path / "a.html", above + table) == []


def test_a_sheet_of_scores_is_of_another_kind(tmp_path: Path) -> None:
    assert problems(tmp_path / "a.html", SCORES) == [OTHER]


@pytest.mark.parametrize(
    "rows",
    [
        [["2022年度项目支出绩效自评表"], ["市水务局"], ["2023年3月"]],
        [["目录"], ["附表1", "收入支出决算总表"], ["附表2", "项目支出绩效目标表"]],
        [["项目支出绩效自评表", "3"], ["收入支出决算总表", "5"]],
    ],
    ids=["a cover", "contents", "contents with pages"],
)
def test_titles_in_sheets_are_no_forms(rows: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(handed.xlsx({"封面": handed.rows(*rows)}))
    assert documents.read(path).problems == ()


def told(path: Path, page: str) -> tuple[str, tuple[str, ...]]:
    path.write_text(page, "utf-8")
    made = pipeline.tables_of([path], path.parent / "out")
    (row,) = summary.by_document(made, [path.name])
    return row["ended"], summary.of_tables(made, path.parent.joinpath).notices


def test_a_title_without_its_form_is_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    page = "<html><p>附件：2022年项目支出绩效自评表</p><img src=a.png></html>"
    only = f"{path}: holds no form, only the title of one: 附件：2022年项目支出绩效自评表"
    assert told(path, page) == ("no form", (only,))
    page = "<html><p>项目支出绩效自评表见附件。</p></html>"
    assert told(path, page) == ("no form", (f"{path}: holds no form",))


def test_a_title_in_a_text_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    only = f"{path}:2: holds no form, only the title of one: 项目支出绩效目标申报表"
    assert told(path, "目录\n项目支出绩效目标申报表\n") == ("no form", (only,))


def test_a_sentence_that_refers_to_a_form_is_no_title(tmp_path: Path) -> None:
    for text in (
        "详见本单位的项目绩效目标表",
        "绩效目标：另见绩效目标申报表",
        "见项目支出绩效自评表",
    ):
        path = tmp_path / "a.txt"
        assert told(path, f"七、绩效目标\n{text}\n") == ("no form", (f"{path}: holds no form",))


def test_a_run_counts_every_document_by_how_it_ended(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("没有表\n", "utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    made = pipeline.tables_of([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out")
    result = summary.of_tables(made, tmp_path.joinpath)
    assert result.ended == {"no form": 1, "not understood": 1}
    assert set(commands.ENDED) == set(get_args(endings.Ended))


def test_what_systems_put_beside_documents_is_none(tmp_path: Path) -> None:
    names = ("a.txt", "~$a.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store", ".~lock.a.xlsx#")
    for name in names:
        (tmp_path / name).write_text("x")
    assert [path.name for path in sources.read(tmp_path).documents] == ["a.txt"]


def test_a_name_that_is_no_text_stands_in_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "raw" / "2022").mkdir(parents=True)
    (tmp_path / "raw" / "2022" / os.fsdecode(b"\xd6.txt")).write_text("x")
    where = {name: tmp_path / name for name in ("raw", "processed", "reports", "notebooks")}
    manifest.write(2022, where | {"expectations": tmp_path / "expectations"})
    assert r"raw/2022/\\xd6.txt" in (tmp_path / "reports" / "2022" / "manifest.json").read_text()


def test_long_names_leave_the_table_narrow(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_rows([{"document": "长" * 80 + ".xlsx", "forms": 1}], "text")
    line = capsys.readouterr().out.splitlines()[1]
    assert line.startswith("长长长")
    assert "…" in line
    assert ".xlsx  1" in line
    assert len(line.encode("gb18030")) < 90
