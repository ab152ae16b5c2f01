"""Sources of money from the printed row to the page: none is lost, and no sum goes without it."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import bs4
import grids
import pytest
import reporting

from audit_utils import findings, language, suites, summary, tables
from audit_utils.dictionary import SOURCES, TABLES
from audit_utils.forms.grid import read_forms
from audit_utils.forms.labelfile import PARTS
from audit_utils.records import Document
from audit_utils.report import data, figures, form, sections

GRIDS = Path(__file__).parent / "forms" / "grids"
PARTS_OF_TOTAL = [source for source in SOURCES if source != "total"]


def document(layout: str) -> Document:
    read, problems = read_forms(grids.read(GRIDS / f"{layout}.txt"))
    return Document(f"{layout}.xlsx", "0" * 64, 1, 1, read, problems, kind="xlsx")


@pytest.fixture
def evaluated(tmp_path: Path) -> data.Project:
    return reporting.write(tmp_path, 2023, [document("sichuan_own_money")]).projects[0]


@pytest.fixture
def declared(tmp_path: Path) -> data.Project:
    return reporting.write(tmp_path, 2025, [document("declaration_own_money")]).projects[0]


@cache
def outcomes(layout: str) -> dict[str, tuple[str, int]]:
    built = tables.build([document(layout)])
    checks, _ = findings.check(built, suites.load(reporting.EXPECTATIONS))
    return {one["rule"]: (one["outcome"], one["applied"]) for one in checks.to_pylist()}


def rows(page: str) -> list[list[str]]:
    """The texts of each row of the page's money."""
    top = bs4.BeautifulSoup(page, "lxml").select("div.form table")[0]
    return [
        ["".join(cell.get_text().split()) for cell in row.find_all(["td", "th"])]
        for row in top.select("tr")
    ]


# ---- the names


def test_the_names_that_scripts_know_come_first() -> None:
    assert list(SOURCES)[:4] == ["total", "current_year_fiscal", "carryover", "other"]


def test_every_source_has_labels_in_both_forms() -> None:
    assert set(PARTS["sources"]) == set(SOURCES)
    assert set(PARTS["request"]) >= set(SOURCES)
    assert {one for one in PARTS["request"] if one.startswith("project_")} == {
        name for name, _title in form.WHOLE.values()
    }


def summed(entries: Any) -> Iterator[list[str]]:
    for entry in entries["expectations"]:
        if entry["type"] == "expect_group_sums_to_equal_totals":
            yield entry["kwargs"]["where"]["source"]


@pytest.mark.parametrize("kind", ["self_evaluation", "target_declaration"])
def test_all_sources_but_the_total_are_summed(kind: str) -> None:
    path = reporting.EXPECTATIONS / kind / "funds.json"
    assert list(summed(json.loads(path.read_text("utf-8")))) == [PARTS_OF_TOTAL]


def test_the_data_package_names_the_sources() -> None:
    funds = tables.datapackage(["funds"])["resources"][0]["schema"]["fields"]
    source = next(one for one in funds if one["name"] == "source")
    assert source["constraints"] == {"enum": list(SOURCES)}
    assert all(code in source["description_zh"] for code in SOURCES)
    assert all(name in source["description_zh"] for name in SOURCES.values())
    limited = [c.name for table in TABLES.values() for c in table.columns if c.values]
    assert limited == ["source"]


# ---- from the form to the rules


def test_their_amounts_are_in_the_tables(evaluated: data.Project) -> None:
    assert list(evaluated.funds) == [
        "total", "current_year_fiscal", "fiscal_account", "unit_funds", "other",
    ]  # fmt: skip
    assert evaluated.funds["fiscal_account"]["annual_budget"] == Decimal("388900")
    assert evaluated.funds["unit_funds"]["annual_budget"] == Decimal("30000")


def test_a_form_without_such_rows_has_none_in_the_tables() -> None:
    funds = tables.build([document("weight_first")])["funds"].to_pylist()
    assert [row["source"] for row in funds] == ["total", "current_year_fiscal", "other"]


def test_sums_count_them() -> None:
    assert outcomes("sichuan_own_money")["FU01"] == ("pass", 2)
    assert outcomes("declaration_own_money")["FU11"] == ("pass", 1)


NO_SOURCE = (
    "a form that is not understood and was not read: the tables have no such source of money: "
    "its amount would be missing from the sums"
)


@pytest.mark.parametrize(
    ("layout", "printed"),
    [
        ("sources_by_level", ["其中：中央财政资金", "省级资金", "市县资金"]),
        ("declaration_subsidy", ["上级补助"]),
    ],
)
def test_sources_that_the_tables_do_not_have_are_named(layout: str, printed: list[str]) -> None:
    found = document(layout)
    assert found.forms == ()
    assert [problem.text for problem in found.problems] == printed
    assert {problem.message for problem in found.problems} == {NO_SOURCE}
    told = summary.of_tables(tables.build([found]), Path).problems
    assert [one.rpartition(": ")[2] for one in told] == printed, "each on a line of its own"


def test_a_row_of_sources_above_their_amounts() -> None:
    text = (GRIDS / "declaration_sichuan.txt").read_text("utf-8")
    for name in ("财政拨款", "其他资金"):
        read, problems = read_forms(grids.read_tables(text.replace(name, "上级补助")))
        assert read == ()
        assert [(one.text, one.message) for one in problems] == [("上级补助", NO_SOURCE)]
    read, _ = read_forms(grids.read_tables(text.replace("| 5.00", "| ")))
    other = read[0].funds["other"]["annual_request"]
    assert (other.printed, other.address) == (None, "F4")


def test_a_reason_that_reads_as_a_source_is_none() -> None:
    text = (GRIDS / "sichuan_own_money.txt").read_text("utf-8").replace("1.年中追加。", "单位资金")
    read, _ = read_forms(grids.read_tables(text))
    funds = read[0].funds
    assert list(funds) == [
        "total", "current_year_fiscal", "fiscal_account", "unit_funds", "other",
    ]  # fmt: skip
    assert funds["unit_funds"]["annual_budget"].printed == "3.00"


def test_of_two_texts_for_one_amount_the_one_that_is_none_is_told() -> None:
    text = (GRIDS / "hebei.txt").read_text("utf-8").replace("执行数 | 6.84", "甲乙丙丁 | 6.84")
    read, problems = read_forms(grids.read_tables(text))
    assert read == ()
    assert [one.text for one in problems] == ["甲乙丙丁"]


@pytest.mark.parametrize("name", ["中央财政资金", "省级资金", "市县资金", "地方资金", "上级补助"])
@pytest.mark.parametrize("layout", ["sichuan_filled", "weight_first", "luan_declaration"])
def test_no_form_is_read_without_one_of_its_sources(layout: str, name: str) -> None:
    """Wherever the row stands: among the others, or the last of them."""
    lines = (GRIDS / f"{layout}.txt").read_text("utf-8").splitlines()
    of_money = [n for n, line in enumerate(lines) if "其他资金" in line or "财政" in line]
    for number in (n for n in of_money if lines[n].startswith("^")):
        cells = [part.strip() for part in lines[number].split("|")]
        place = next(n for n, text in enumerate(cells) if "资金" in text or "拨款" in text)
        amounts = ["5.00" if text not in ("<", "^") else text for text in cells[place + 1 :]]
        changed = [*lines]
        changed[number] = " | ".join([*cells[:place], name, *amounts])
        read, problems = read_forms(grids.read_tables("\n".join(changed)))
        assert read == (), changed[number]
        assert name in [problem.text for problem in problems]


# ---- what a reader sees


def test_the_page_shows_them_as_printed(evaluated: data.Project) -> None:
    shown = rows(sections.form(evaluated).markup)
    sources = [row for row in shown if row[0] in SOURCES.values()]
    assert [row[0] for row in sources] == [
        "年度资金总额", "当年财政拨款", "财政专户管理资金", "单位资金", "其他资金",
    ]  # fmt: skip
    assert sources[2][1:4] == ["38.93＝389,300.00元", "38.89＝388,900.00元", "38.89＝388,900.00元"]


def test_the_page_shows_the_money_of_the_whole_project_beside_that_of_the_year(
    declared: data.Project,
) -> None:
    shown = [row for row in rows(sections.form(declared).markup) if len(row) > 3]
    assert ["财政专户管理资金", "90.00", "财政专户管理资金"] in [row[:3] for row in shown]
    assert ["单位资金", "60.00", "单位资金"] in [row[:3] for row in shown]


def test_money_of_the_whole_project_alone_is_not_lost(tmp_path: Path) -> None:
    text = (GRIDS / "declaration_own_money.txt").read_text("utf-8")
    text = text.replace("单位自有资金 | 19.50", " | ").replace("120.00", "100.50")
    read, _ = read_forms(grids.read_tables(text))
    one = Document("a.xlsx", "0" * 64, 1, 1, read, kind="xlsx")
    project = reporting.write(tmp_path, 2025, [one]).projects[0]
    assert "unit_funds" not in project.funds
    assert ["单位资金", "60.00"] in [row[:2] for row in rows(sections.form(project).markup)]


def test_the_figure_shares_the_bar_out(evaluated: data.Project, declared: data.Project) -> None:
    page = bs4.BeautifulSoup(figures.money(evaluated).markup, "html.parser")
    assert len(page.select("path.bar, path.bar-2, path.bar-3")) == 3
    assert "财政专户管理资金 388,900.00、单位资金 30,000.00" in page.get_text()
    page = bs4.BeautifulSoup(figures.money(declared).markup, "html.parser")
    assert "单位资金" in [one.get_text() for one in page.select("svg text")]


def test_they_have_their_english() -> None:
    with language.speaking("en"):
        assert all(language._(name) != name for name in SOURCES.values())
