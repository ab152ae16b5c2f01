"""One trait of the text a case: a document in cases/, beside it what it says.

A new case is a new pair of files.  `NAME.json` gives the printed cells by form, row and
column ("2|3|name"), the inferred ones and the problems; columns it does not name are not
looked at.
"""

import json
from pathlib import Path

import pytest
from truth import read_cells

from audit_utils import documents

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def test_there_are_cases() -> None:
    assert CASES


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_text_is_read_as_told(path: Path) -> None:
    told = json.loads(path.with_suffix(".json").read_text("utf-8"))
    document = documents.read(path)
    cells = {"|".join(map(str, at)): cell for at, cell in read_cells(document.forms).items()}
    assert [form.kind for form in document.forms] == told["forms"]
    assert {at: cells[at].printed for at in told["cells"]} == told["cells"]
    assert [at for at in told.get("inferred", ()) if not cells[at].inferred] == []
    assert [[p.line_start, p.message] for p in document.problems] == told.get("problems", [])


def test_a_year_in_the_title_is_the_year_of_the_form(tmp_path: Path) -> None:
    text = (CASES[0].parent / "lines_total_apart.txt").read_text("utf-8")
    path = tmp_path / "a.txt"
    title = "松岭县2021年项目支出绩效自评表"
    path.write_text(text.replace("项目支出绩效自评表\n（2022年度）", title), "utf-8")
    assert [form.year for form in documents.read(path).forms] == [2021]
    path.write_text(text.replace("项目支出绩效自评表", title), "utf-8")
    assert [form.year for form in documents.read(path).forms] == [2022]
