"""The pages of the real projects: marks in their cells, workings and quotes that can be traced."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import bs4
import pytest
from reporting import EXPECTATIONS, ROOT

from audit_utils import pipeline
from audit_utils.report import data, places, sections
from audit_utils.report.publishing import publish

YEARS = {2022: "shanghai-health-inspection.txt", 2024: "songjiang-health-inspection.txt"}


def soup(markup: str) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(markup, "lxml")


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables and findings of both real years."""
    folder = tmp_path_factory.mktemp("project")
    for year in YEARS:
        pipeline.make_tables(year, ROOT / "data" / "raw", folder, 1)
        pipeline.make_findings(year, folder, EXPECTATIONS)
    return folder


@pytest.fixture(scope="module")
def projects(processed: Path) -> list[data.Project]:
    """All projects that have findings."""
    years = [data.load(processed, year, EXPECTATIONS) for year in YEARS]
    return [project for year in years for project in year.projects if project.findings]


def own_text(cell: bs4.Tag) -> str:
    return re.sub(r"\s+", "", "".join(cell.find_all(string=True, recursive=False)))


def each_place(projects: list[data.Project]) -> Iterator[tuple[data.Project, data.Row, bs4.Tag]]:
    """Each finding with its place among the findings of its page."""
    for project in projects:
        page = soup(sections.findings(project).markup)
        for finding in project.findings:
            (place,) = page.select(f"#f{finding['number']}")
            yield project, finding, place


def test_every_finding_is_marked_in_the_cell_that_it_is_about(projects: list[data.Project]) -> None:
    seen = 0
    for project in projects:
        page = soup(sections.form(project).markup)
        for finding in project.findings:
            (mark,) = page.select(f"#m{finding['number']}")
            cell = mark.find_parent(["td", "th", "caption"])
            assert cell
            table, row, column = (finding[name] for name in ("table", "row", "column"))
            if row is None:
                expected = places.label(table, column)
            elif column == "form":
                expected = "项目支出绩效" + ("自" if project.row["total_score"] else "目标申")
            else:
                expected = project.printed(table, row, column) or ""
            assert own_text(cell).startswith(re.sub(r"\s+", "", expected))
            seen += 1
    assert seen > 150


def test_quoted_lines_are_those_of_the_document(projects: list[data.Project]) -> None:
    raw = {
        name: (ROOT / "data" / "raw" / str(year) / name).read_text("utf-8").split("\n")
        for year, name in YEARS.items()
    }
    quoted = 0
    for _, finding, place in each_place(projects):
        lines = numbered(place.select("dl + dl ol li") or quoted_before(place))
        for number, line in lines.items():
            assert line == raw[finding["document"]][number - 1].strip() != ""
            quoted += 1
        numbers = set(lines)
        assert numbers, "every finding quotes what it rests on"
        if finding["row"] is not None and finding["column"] != "form":
            assert numbers & set(range(finding["line_start"], finding["line_end"] + 1))
    assert quoted > 500


def quoted_before(place: bs4.Tag) -> list[bs4.Tag]:
    """The lines of the finding to which one refers that quotes none itself."""
    (link,) = place.select("dl + dl dd a[href^='#f']")
    page = place.find_parents()[-1]
    return page.select(f"{link['href']} dl + dl ol li")


def numbered(lines: Sequence[bs4.Tag]) -> dict[int, str]:
    """The items of a list by their numbers: one without a number follows the one before."""
    found: dict[int, str] = {}
    number = 0
    for line in lines:
        number = int(str(line.get("value") or number + 1))
        found[number] = line.get_text().strip()
    return found


def test_what_is_read_stands_beside_what_is_printed(projects: list[data.Project]) -> None:
    numbers = 0
    for project, _, place in each_place(projects):
        printed_there = {cell["printed"] or "（空）" for cell in project.cells.values()}
        for row in place.select("table tr:has(th[scope=row])"):
            printed, parsed, _line = (cell.get_text().strip() for cell in row.select("td"))
            assert printed in printed_there
            amounts = re.findall(r"\d[\d,]*(?:\.\d+)?", parsed)
            if parsed and amounts and "日期" not in parsed:
                assert Decimal(amounts[0].replace(",", "")) in values(project)
                numbers += 1
    assert numbers > 150


def values(project: data.Project) -> set[Decimal]:
    """All numbers in the tables of a project."""
    rows = [project.row, *project.funds.values(), *project.indicators]
    return {value for row in rows for value in row.values() if isinstance(value, Decimal)}


def test_a_working_is_shown_step_by_step(projects: list[data.Project]) -> None:
    worked = 0
    for _, finding, place in each_place(projects):
        steps = [step.get_text().strip() for step in place.select("dl:first-of-type ol li")]
        assert steps == (finding["working"] or "").splitlines()
        worked += bool(steps)
    assert worked > 100


def test_columns_of_a_rule_are_what_a_finding_rests_on(projects: list[data.Project]) -> None:
    expected = {
        "SC05": {"得分", "分值", "年度指标值", "实际完成值"},
        "FU04": {"全年预算数", "年初预算数"},
        "SC02": {"得分", "分值", "执行率"},
        "SC01": {"总得分", "年度资金总额·得分"},
    }
    seen = set()
    for _, finding, place in each_place(projects):
        if finding["rule"] in expected:
            heads = {head.get_text() for head in place.select("table th[scope=row]")}
            assert heads == expected[finding["rule"]]
            seen.add(finding["rule"])
    assert {"SC05", "FU04", "SC01"} <= seen


def test_criteria_basis_and_difference_are_those_of_the_finding(
    projects: list[data.Project],
) -> None:
    for _, finding, place in each_place(projects):
        article = place.find_parent("article")
        assert article
        criteria = article.select(".criteria")[0].get_text()
        assert finding["criteria"] in criteria
        assert ("依据待核" in criteria) == ("依据待核" in finding["basis"])
        assert article.select("h3 a")[0]["href"] == f"../rules.html#{finding['rule']}"
        told = place.get_text()
        assert finding["condition"] in told
        assert f"audit-utils decide {finding['finding_id']}" in told
        if finding["difference"] is not None:
            (shown,) = re.findall(r"差额([-+]?[\d,.]+)", told)
            factor = 100 if finding["column"] == "execution_rate" else 1
            assert Decimal(shown.replace(",", "")) == finding["difference"] * factor


def test_the_lines_of_a_project_are_those_of_its_form(projects: list[data.Project]) -> None:
    for project in projects:
        numbers = [line["line"] for line in project.lines]
        assert numbers == sorted(set(numbers))
        assert project.row["line_start"] <= numbers[0]
        assert numbers[-1] <= project.row["line_end"]
        assert len(numbers) > 20


def test_the_largest_page_keeps_its_size(
    processed: Path, projects: list[data.Project], tmp_path: Path
) -> None:
    largest = max(projects, key=lambda one: len(one.findings) * 3 + len(one.indicators))
    notebooks = ROOT / "notebooks"
    year = largest.row["year"]
    publish(year, processed, tmp_path, notebooks, EXPECTATIONS, ids=[largest.id])
    page = (tmp_path / str(year) / "projects" / f"{largest.id}.html").read_bytes()
    assert len(page) < 80 * 1024
