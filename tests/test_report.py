"""Reports: every printed cell and every finding is on the page, and no document writes markup."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import bs4
import gold
import notebook
import pyarrow as pa
import pytest
import reporting
from reporting import EXPECTATIONS, NOTEBOOKS, finding

import audit_utils.forms
from audit_utils import documents, rulebook, tables
from audit_utils.dictionary import RECORDS, RESULTS
from audit_utils.errors import AuditError
from audit_utils.records import Problem, Quote
from audit_utils.report import data, sections, text, wording
from audit_utils.report.html import Html, style
from audit_utils.report.publishing import publish

RULES = sum(1 for rule in rulebook.rules(EXPECTATIONS) if rule.form == "self_evaluation")
OUTCOMES = ["rounding", "not_applicable", "cannot_evaluate", "error"]


def soup(markup: str) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(markup, "lxml")


def words(html: Html) -> str:
    return soup(html.markup).get_text()


def flat(printed: str) -> str:
    return re.sub(r"\s+", "", printed)


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tables of `both` lie."""
    return tmp_path_factory.mktemp("processed")


@pytest.fixture(scope="module")
def both(processed: Path) -> dict[int, data.Year]:
    """The two real years, transcribed, with a finding or two."""
    first = reporting.write(processed, 2022).projects[0].id
    found = {
        first: [
            finding("SC02", "funds", "total", "score", condition="得分 9.36", expected="9.64",
                    difference=Decimal("-0.28"), cause="网络问题", severity="critical"),
            finding("CO04", "indicators", "2", "name", severity="warning", inferred=True),
            finding("CO03", "indicators", None, "level1", severity="warning"),
            finding("CO01", "projects", "0", "department", severity="info"),
        ]
    }  # fmt: skip
    outcomes = {first: dict(zip(["FU01", "FU02", "FU03", "SC03"], OUTCOMES, strict=True))}
    return {
        2022: reporting.write(processed, 2022, found=found, outcomes=outcomes),
        2024: reporting.write(processed, 2024),
    }


@pytest.fixture
def project(both: dict[int, data.Year]) -> data.Project:
    """The project with the findings."""
    return both[2022].projects[0]


# ---- parameters


def test_parameters_in_force_are_told_with_their_origin(tmp_path: Path) -> None:
    reporting.write(tmp_path, 2022)
    tables.write({}, tmp_path / "2022", {"parameters": {"execution_rate": 0.9}})
    year = data.load(tmp_path, 2022, EXPECTATIONS)
    page = soup(sections.parameters(year.projects[0]).markup)
    rows = {code.get_text(): code.find_parent("li") for code in page.select("li code")}
    own, usual = (str(rows[name]) for name in ("execution_rate", "budget_adjustment"))
    assert "<b>" in own
    assert "90%" in own
    assert "audit.yml" in own
    assert "默认 80%" in own
    assert "30%" in usual
    assert "audit.yml" not in usual
    assert "FU04" in usual
    assert "其中本年另设 1 个" in page.get_text()


def test_a_report_has_the_parameters_of_its_form_alone(both: dict[int, data.Year]) -> None:
    defaults = rulebook.parameters(EXPECTATIONS)
    for year, form in ((2022, "self_evaluation"), (2024, "target_declaration")):
        page = soup(sections.parameters(both[year].projects[0]).markup)
        shown = [code.get_text() for code in page.select("li code")]
        rules = [rule for rule in rulebook.rules(EXPECTATIONS) if rule.form == form]
        used = {name for rule in rules for name in rule.parameters}
        assert shown == [name for name in defaults if name in used]


# ---- words


@pytest.mark.parametrize(
    ("value", "shown"),
    [("10.000000", "10"), ("0.000000", "0"), ("-0.280000", "-0.28"), ("1234567", "1,234,567"),
     ("100", "100"), ("1E+3", "1,000")],
)  # fmt: skip
def test_a_number_is_shown_without_the_zeros_of_its_column(value: str, shown: str) -> None:
    assert text.number(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("585900.000000", "585,900.00"), ("0", "0.00"), ("0.125", "0.125"), ("-3", "-3.00")],
)
def test_money_has_at_least_two_decimals(value: str, shown: str) -> None:
    assert text.money(Decimal(value)) == shown


def test_a_difference_has_its_sign() -> None:
    assert [text.signed(Decimal(one)) for one in ("10.00", "-0.28", "0")] == ["+10", "-0.28", "0"]


def test_what_is_not_there_is_shown_as_nothing() -> None:
    assert [show(None) for show in (text.number, text.money, text.rate, text.signed)] == [""] * 4


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a\x00b\x1f", "a␀b␟"), ("\u202egnp.exe", "⟦U+202E⟧gnp.exe"),
     ("\ufeff\u200b", "⟦U+FEFF⟧⟦U+200B⟧"),
     ("\x7f\x9b", "⟦U+007F⟧⟦U+009B⟧"), ("一\n二\t三", "一\n二\t三"), ("עברית", "עברית")],
)  # fmt: skip
def test_characters_that_show_nothing_are_made_visible(value: str, shown: str) -> None:
    assert text.visible(value) == shown


def sentences() -> Iterator[str]:
    """Notes and messages that stand as constants in the modules that read forms."""
    for module in Path(audit_utils.forms.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if (
                isinstance(node, ast.Assign)
                and str(getattr(node.targets[0], "id", ""))[:4] == "NOTE"
            ):
                yield ast.literal_eval(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("leftover", "roblem")
            ):
                constants = [one.value for one in node.args if isinstance(one, ast.Constant)]
                yield from (value for value in constants if isinstance(value, str) and " " in value)


def test_every_note_and_message_of_the_reader_has_its_chinese() -> None:
    found = set(sentences())
    assert len(found) > 12
    assert [one for one in found if wording.chinese(one) == one] == []


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        ("execution_rate is not a rate in percent", "「执行率」不是百分比"),
        (
            "the form prints the year 2021, it was filed under 2022",
            "表上印的是 2021 年，文件放在 2022 年",
        ),
        ("text outside of any form", "不在任何表内的文字"),
        (
            "the form is cut off or laid out in an unknown way: no 总分, no 指标",
            "表不完整或版式未知，缺少：总分、指标",
        ),
        ("something {new}", "something {new}"),
    ],
)
def test_messages_are_told_in_chinese_where_that_is_known(message: str, chinese: str) -> None:
    assert wording.chinese(message) == chinese


# ---- the sections of a project


def test_every_printed_cell_of_every_form_is_on_its_page(both: dict[int, data.Year]) -> None:
    seen = 0
    for year in both.values():
        for one in year.projects:
            shown = [
                flat(cell.get_text()) for cell in soup(sections.form(one).markup).select("td, th")
            ]
            for cell in one.cells.values():
                seen += 1
                assert cell["printed"] is None or any(
                    one.startswith(flat(cell["printed"])) for one in shown
                )
    assert seen == sum(len(one.cells) for year in both.values() for one in year.projects)


def grid(table: bs4.Tag) -> list[list[str | None]]:
    """The texts of a table's cells where they stand on paper, spans spelled out."""
    rows: list[list[str | None]] = []
    open_cells: dict[int, tuple[int, str]] = {}
    for row in table.select("tr"):
        cells = iter(row.find_all(["td", "th"], recursive=False))
        line: list[str | None] = []
        while True:
            left, text_of = open_cells.get(len(line), (0, ""))
            if left:
                open_cells[len(line)] = (left - 1, text_of)
                line.append(text_of)
                continue
            if (cell := next(cells, None)) is None:
                break
            for _ in range(int(str(cell.get("colspan") or 1))):
                down = int(str(cell.get("rowspan") or 1))
                open_cells[len(line)] = (down - 1, flat(cell.get_text()))
                line.append(flat(cell.get_text()))
        rows.append(line)
    return rows


def test_the_form_has_the_shape_of_the_printed_one(both: dict[int, data.Year]) -> None:
    for year, width in ((2022, 9 + 2), (2024, 7 + 2)):
        for one in both[year].projects:
            top, rows = soup(sections.form(one).markup).select("div.form table")
            for part in (top, rows):
                assert {len(line) for line in grid(part)} == {width}, "every row fills its columns"
                assert len(part.select("col")) == width
            levels = [line[1:3] for line in grid(rows)[1 : 1 + len(one.indicators)]]
            printed = [
                [flat(row["level1"] or "（未分组）"), flat(row["level2"] or "（未分组）")]
                for row in one.indicators
            ]
            assert levels == printed, "merged cells own the rows of their groups"


def test_a_row_of_indicators_reads_as_printed(project: data.Project) -> None:
    rows = soup(sections.form(project).markup).select("table.indicators tbody tr")
    columns = ("name", "target", "actual", "weight", "score", "deviation_reason")
    for number, row in enumerate(rows, start=1):
        printed = [project.printed("indicators", str(number), column) for column in columns]
        cells = row.select("td:not(.l):not(.n)")
        assert [mark_free(cell) for cell in cells] == [one or "" for one in printed]
    money = soup(sections.form(project).markup).select("table:not(.indicators) tr")
    (total,) = [row for row in money if row.th and row.th.get_text() == "年度资金总额"]
    printed = [mark_free(cell) for cell in total.select("td.r")]
    assert printed == ["585900.00", "1981900.00", "1909740.24", "10", "96.36%", "9.36"]


def mark_free(cell: bs4.Tag) -> str:
    return "".join(cell.find_all(string=True, recursive=False)).strip()


CELLS = {
    1: ("SC02", "9.36"), 2: ("CO03", "一级指标"), 3: ("CO04", "全市典型案例评选数"),
    4: ("CO01", "上海市卫生健康委员会"),
}  # fmt: skip
"""Number of a finding, its rule, and what its cell holds."""


def test_a_finding_is_marked_in_its_cell_with_its_severity_and_number(
    project: data.Project,
) -> None:
    page = soup(sections.form(project).markup)
    for number, (code, printed) in CELLS.items():
        one = project.findings[number - 1]
        assert one["rule"] == code
        (mark,) = page.select(f"#m{number}")
        assert mark.get_text() == f"{text.SEVERITIES[one['severity']].symbol}{number}"
        assert mark["href"] == f"#f{number}"
        assert text.SEVERITIES[one["severity"]].word in str(mark["aria-label"])
        cell = mark.find_parent(["td", "th"])
        assert cell
        assert "flag" in str(cell["class"])
        assert mark_free(cell) == printed


def test_a_finding_stands_in_the_margin_of_its_row(project: data.Project) -> None:
    page = soup(sections.form(project).markup)
    for number in CELLS:
        row = page.select(f"#m{number}")[0].find_parent("tr")
        assert row
        (note,) = row.select(".n")
        assert f"{number} " in note.get_text()
        assert rulebook_title(project.findings[number - 1]["rule"]) in note.get_text()


def rulebook_title(code: str) -> str:
    return next(rule.title.zh for rule in rulebook.rules(EXPECTATIONS) if rule.code == code)


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (("projects", "0", "form"), "项目支出绩效自评表（2022 年度）"),
        (("projects", "0", "year"), "项目支出绩效自评表（2022 年度）"),
        (("funds", None, "executed"), "全年执行数"),
        (("indicators", None, "weight"), "分值"),
        (("indicators", "1", "level2"), "数量指标"),
        (("indicators", "1", "deviation_reason"), ""),
        (("projects", "0", "total_weight"), "100"),
        (("indicators", "99", "score"), "项目支出绩效自评表（2022 年度）"),
    ],
)
def test_no_finding_is_without_a_mark(
    place: tuple[str, str | None, str], cell: str, tmp_path: Path
) -> None:
    document = reporting.document(reporting.form())
    plain = reporting.write(tmp_path, 2022, [document]).projects[0]
    (one,) = reporting.write(
        tmp_path, 2022, [document], found={plain.id: [finding("SC01", *place)]}
    ).projects
    page = soup(sections.form(one).markup)
    (mark,) = page.select("a.m")
    assert mark_free(mark.parent) == cell  # type: ignore[arg-type]
    assert "总得分合计" in page.select_one(".n p").get_text()  # type: ignore[union-attr]


def test_every_mark_leads_to_a_finding_and_back(project: data.Project) -> None:
    marks = soup(sections.form(project).markup).select("a.m")
    places = soup(sections.findings(project).markup).select(".one")
    assert {str(mark["href"]) for mark in marks} == {f"#{place['id']}" for place in places}
    assert {f"#{mark['id']}" for mark in marks} == {
        str(place.select("h4 a")[0]["href"]) for place in places
    }
    assert len(marks) == len(places) == len(project.findings) == 4


def test_a_finding_says_everything_about_itself(project: data.Project) -> None:
    article = soup(sections.findings(project).markup).select("article")[0].get_text(" ", strip=True)
    for part in ("严重", "SC02", "SC02 的标准", "得分 9.36", "9.64", "-0.28 分", "网络问题",
                 "财预〔2020〕10号 依据待核", "第 12–14 行", "第 3 页", "年度资金总额·得分",
                 "audit-utils decide SC02-funds-total-score"):  # fmt: skip
        assert part in article
    assert "（依据待核）" not in article


def test_findings_of_one_rule_stand_together(tmp_path: Path) -> None:
    document = reporting.document(reporting.form())
    plain = reporting.write(tmp_path, 2022, [document]).projects[0]
    places = (("SC05", "1", 9), ("SC04", "1", 3), ("SC05", None, 1))
    found = [
        finding(code, "indicators", row, "score", line_start=line) for code, row, line in places
    ]
    (one,) = reporting.write(tmp_path, 2022, [document], found={plain.id: found}).projects
    assert [(one["rule"], one["row"]) for one in one.findings] == [
        ("SC05", None), ("SC05", "1"), ("SC04", "1"),
    ]  # fmt: skip
    articles = soup(sections.findings(one).markup).select("article")
    assert [len(article.select(".one")) for article in articles] == [2, 1]


def test_a_finding_on_inferred_cells_says_so(project: data.Project) -> None:
    places = soup(sections.findings(project).markup).select(".one")
    assert ["推定" in place.get_text() for place in places].count(True) == 1


def test_an_indicator_without_a_reason_says_so(project: data.Project) -> None:
    places = soup(sections.findings(project).markup).select(".one")
    said = [one["rule"] for one, place in zip(project.findings, places, strict=True)
            if "表中未说明" in place.get_text()]  # fmt: skip
    assert said == ["CO04"], "the form has no place for a reason elsewhere"


def test_findings_come_by_severity_and_are_numbered(project: data.Project) -> None:
    assert [one["rule"] for one in project.findings] == ["SC02", "CO03", "CO04", "CO01"]
    assert [one["number"] for one in project.findings] == [1, 2, 3, 4]


def test_every_rule_has_its_outcome_and_reason_and_failures_come_first(
    project: data.Project,
) -> None:
    page = soup(sections.rules(project).markup)
    failed = [link.get_text() for link in page.select("p a.rule")]
    assert sorted(failed) == sorted(one["rule"] for one in project.findings)
    others = [str(one["class"][0]) for one in page.select("details")]
    assert others == ["error", "cannot_evaluate", "rounding", "pass", "not_applicable"]
    assert len(page.select("li")) + len(failed) == len(project.checks) == RULES
    for outcome in OUTCOMES:
        assert f"原因：{outcome}" in page.select(f"details.{outcome}")[0].get_text()


def test_the_counts_of_the_verdict_add_up(project: data.Project) -> None:
    verdict = words(sections.verdict(project))
    (whole,) = re.findall(r"规则 (\d+) 条", verdict)
    counts = [
        int(re.findall(rf"{label.word} (\d+)", verdict)[0]) for label in text.OUTCOMES.values()
    ]
    assert sum(counts) == int(whole) == RULES
    assert counts == [RULES - 8, 4, 1, 1, 1, 1]


def sentence(project: data.Project) -> str:
    return str(soup(sections.verdict(project).markup).select_one(".sentence"))


@pytest.mark.parametrize(
    ("outcome", "severity", "level", "said"),
    [
        ("pass", "critical", "critical", "1 处严重疑点"),
        ("pass", "warning", "warning", "没有严重疑点；有 1 处"),
        ("pass", "info", "info", "没有严重疑点；有 1 处"),
        ("pass", None, "none", "没有疑点"),
        ("cannot_evaluate", None, "open", "没有一条规则得到评价"),
        ("not_applicable", None, "open", "没有一条规则得到评价"),
        ("error", None, "open", f"{RULES} 条规则检查出错，结论不完整"),
    ],
)
def test_the_verdict_in_a_sentence(
    outcome: str, severity: str | None, level: str, said: str, tmp_path: Path
) -> None:
    plain = reporting.write(tmp_path, 2022, [reporting.document(reporting.form())]).projects[0]
    found = [finding("SC01", "projects", "0", "total_score", severity=severity)] if severity else []
    (one,) = reporting.write(
        tmp_path, 2022, [reporting.document(reporting.form())],
        found={plain.id: found}, outcomes={plain.id: dict.fromkeys(plain_codes(plain), outcome)},
    ).projects  # fmt: skip
    assert said in sentence(one)
    assert f'class="verdict {level}"' in sections.verdict(one).markup


def plain_codes(project: data.Project) -> list[str]:
    return [check["rule"] for check in project.checks]


def test_a_rule_that_cannot_be_read_keeps_its_place(tmp_path: Path) -> None:
    reporting.write(tmp_path, 2022, [reporting.document(reporting.form())])
    rules = tmp_path / "expectations" / "self_evaluation"
    rules.mkdir(parents=True)
    suite = json.loads((EXPECTATIONS / "self_evaluation" / "funds.json").read_text("utf-8"))
    suite["expectations"][0]["severity"] = "terrible"
    (rules / "funds.json").write_text(json.dumps(suite))
    year = data.load(tmp_path, 2022, rules.parent)
    assert "规则文件有误" in words(sections.rules(year.projects[0]))


def test_inferred_cells_are_marked_where_they_stand_and_the_reason_is_text(tmp_path: Path) -> None:
    note = "plain text does not settle where this cell ends"
    form = reporting.form(note=note)
    other = "the group crosses a page break: its label may own rows of the page before"
    row = form.indicators[0]
    form = replace(form, indicators=({**row, "level2": replace(row["level2"], note=other)},))
    (one,) = reporting.write(tmp_path, 2022, [reporting.document(form)]).projects
    page = soup(sections.form(one).markup)
    marks = page.select("a.i")
    assert [mark.get_text() for mark in marks] == ["推a", "推b", *["推a"] * 6]
    for mark in marks:
        (reason,) = page.select(str(mark["href"]))
        assert mark.get_text() == reason.get_text()
    reasons = [reason.get_text().strip() for reason in page.select(".notes dd")]
    assert reasons[0].startswith("纯文本看不出这一格到哪里为止")
    assert "第 1 项一级指标；第 1 项三级指标" in reasons[0]
    assert reasons[1] == "分组跨页，标签可能也管上一页的行 第 1 项二级指标"


def test_a_merged_cell_names_the_rows_that_are_inferred(tmp_path: Path) -> None:
    form = reporting.form()
    row, note = form.indicators[0], "no group label is printed"
    sure, unsure = ({**row, "level1": replace(row["level1"], note=one)} for one in ("", note))
    form = replace(form, indicators=(unsure, unsure, sure, unsure))
    (one,) = reporting.write(tmp_path, 2022, [reporting.document(form)]).projects
    (mark,) = soup(sections.form(one).markup).select("th a.i")
    assert mark.get_text() == "推a 1–2、4"


def test_what_could_not_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    problems = (Problem("text outside of any form", 88, 89, 2, "（续表）", 1),
                Problem("text outside of any form", 7, 7, 1, "题外话", None))  # fmt: skip
    year = reporting.write(
        tmp_path, 2022, [reporting.document(reporting.form(), problems=problems)]
    )
    told = words(sections.form(year.projects[0]))
    assert "a.txt:88-89 「（续表）」不在任何表内的文字" in told
    assert "题外话" not in told


def test_money_in_another_unit_is_shown_as_printed_and_in_yuan(tmp_path: Path) -> None:
    (one,) = reporting.write(tmp_path, 2022, [reporting.document(reporting.form())]).projects
    cells = [cell.get_text() for cell in soup(sections.form(one).markup).select("td.r")]
    assert cells[:2] == ["5.8＝ 58,000.00 元", "5.8万"]
    assert cells[3:6] == ["10", "100%", "10"]


def test_cells_of_sheets_are_named_in_the_place_of_lines(tmp_path: Path) -> None:
    form = reporting.form()
    row = {
        column: replace(cell, address=f"{letter}12")
        for letter, (column, cell) in zip("ABCDEFGH", form.indicators[0].items(), strict=True)
    }
    document = reporting.document(replace(form, indicators=(row,)))
    document = replace(
        document, kind="xlsx", lines=(Quote(1, 20, "上一排"), Quote(1, 21, "培训人次 | ≥12(人次)"))
    )
    plain = reporting.write(tmp_path, 2022, [document]).projects[0]
    found = [finding("SC05", "indicators", "1", "score", address="G12", page=1)]
    (one,) = reporting.write(tmp_path, 2022, [document], found={plain.id: found}).projects
    margin = soup(sections.form(one).markup).select("table.indicators tbody .l")[0].get_text()
    assert margin.split() == ["1", "C12:G12"]
    (place,) = soup(sections.findings(one).markup).select(".one")
    inputs = place.select("table tr:has(th[scope=row])")
    assert [row.select("td")[-1].get_text() for row in inputs] == ["G12", "D12", "E12", "F12"]
    assert "G12" in place.get_text()
    assert "第 1 页" not in place.get_text()
    assert [line.get_text() for line in place.select("dl + dl ol li")] == ["培训人次 | ≥12(人次)"]


def test_a_sum_quotes_all_that_is_added_up_once(tmp_path: Path) -> None:
    document = documents.read(next((reporting.ROOT / "data" / "raw" / "2022").glob("*.txt")))
    first = reporting.write(tmp_path, 2022, [document]).projects[0]
    found = [
        finding("SC01", "projects", "0", "total_score"),
        finding("WE01", "projects", "0", "total_weight"),
        finding("WE02", "indicators", None, "weight", severity="warning"),
    ]
    one = reporting.write(tmp_path, 2022, [document], found={first.id: found}).projects[0]
    due = {
        line
        for (table, row, column), cell in one.cells.items()
        if column == "score" and table in ("indicators", "funds") and row in ("total", *"123456789")
        for line in range(cell["line_start"], cell["line_end"] + 1)
    }
    sums, weights, levels = soup(sections.findings(one).markup).select(".one")
    assert len(due) > 6
    assert due <= set(numbers(sums))
    for other in (weights, levels):
        assert numbers(other) == []
        (link,) = other.select("dl + dl a")
        assert link["href"] == "#f1"
        assert "见疑点 1" in link.get_text()


def numbers(place: bs4.Tag) -> list[int]:
    """The numbers of the quoted lines, those spelled out and those counted on."""
    found: list[int] = []
    for line in place.select("dl + dl ol li"):
        found.append(int(str(line["value"])) if line.has_attr("value") else found[-1] + 1)
    return found


DECISION = """\
- finding: {finding}
  disposition: {disposition}
  reason: 单位已说明 <b>
  who: 王敏
  date: 2023-04-18
  until: 2023-12-31
"""


@pytest.mark.parametrize(
    ("disposition", "said", "open_", "settled"),
    [("false_positive", "误报", 0, 1), ("to_correct", "待更正", 1, 0)],
)
def test_decisions_are_shown_and_counted_apart(
    disposition: str, said: str, open_: int, settled: int, tmp_path: Path
) -> None:
    document = reporting.document(reporting.form())
    plain = reporting.write(tmp_path, 2022, [document]).projects[0]
    found = [
        finding("SC01", "projects", "0", "total_score"),
        finding("CO05", "projects", "0", "name"),
    ]
    reporting.write(tmp_path, 2022, [document], found={plain.id: found})
    rules = tmp_path / "expectations"
    shutil.copytree(EXPECTATIONS, rules)
    (rules / "accepted").mkdir(exist_ok=True)
    (rules / "accepted" / "2022.yml").write_text(
        DECISION.format(finding=found[0]["finding_id"], disposition=disposition), "utf-8"
    )
    (one,) = data.load(tmp_path, 2022, rules).projects
    assert one.severities["critical"] == 1 + open_
    assert len(one.settled) == settled
    verdict = soup(sections.verdict(one).markup)
    assert f"{1 + open_} 处严重疑点" in verdict.get_text()
    apart = [
        tile.get_text(strip=True)
        for tile in verdict.select(".tiles li")
        if "已处理" in tile.get_text()
    ]
    assert apart == ["1◇ 已处理"] * settled
    decided, other = (
        next(place for place in soup(sections.findings(one).markup).select(".one")
             if code in place.get_text())
        for code in ("SC01-projects", "CO05-projects")
    )  # fmt: skip
    for part in (
        said,
        "单位已说明 <b>",
        "王敏",
        "2023-04-18",
        "有效至 2023-12-31",
        "accepted/2022.yml:1",
    ):
        assert part in decided.get_text()
    assert ("done" in str(decided["class"])) == bool(settled)
    assert other.select(".decision") == []
    number = next(x["number"] for x in one.findings if x["rule"] == "SC01")
    form = soup(sections.form(one).markup)
    (mark,) = form.select(f"#m{number}")
    assert said in str(mark["aria-label"])
    assert "done" in str(mark["class"])
    assert f"◇ {said}" in mark.find_parent("tr").select(".n")[0].get_text()  # type: ignore[union-attr]


def test_provenance_names_the_document_and_no_machine(project: data.Project) -> None:
    told = words(sections.provenance(project))
    for part in ("self_evaluation_2022.txt", "0" * 64, "第 1–161 行", "audit-utils run 2022",
                 "pandas", project.id):  # fmt: skip
        assert part in told
    assert str(Path.cwd()) not in told


# ---- hostile documents

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}",
    "</title><h1>",
    "{{ 7 * 7 }}{% raw %}",
    "![x](http://example.com/x.png)",
    "[x](javascript:alert(1))",
    "## 标题\n\n---",
    "&lt;b&gt;&#60;",
    "<!-- -->]]>",
    "$\\alpha$ \\(x\\)",
    "\u202e\u2066\x00\x1b[31m\x85",
    "x" * 2000,
]


class _Markup(HTMLParser):
    """The tags and attributes of a page, with what would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.bad: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        links = [value for name, value in attrs if name in ("href", "src", "style") and value]
        loads = [link for link in links if re.search(r"//|script:|url\(", link)]
        handlers = [name for name, _ in attrs if name.startswith("on")]
        outside = tag in ("script", "img", "iframe", "object", "embed", "link", "base", "form")
        self.bad += [*loads, *handlers, *([tag] if outside else [])]


def markup(page: str) -> _Markup:
    parsed = _Markup()
    parsed.feed(page)
    return parsed


def all_sections(year: data.Year) -> str:
    (one,) = year.projects
    parts = [
        sections.verdict(one), sections.form(one), sections.findings(one), sections.rules(one),
        sections.parameters(one), sections.provenance(one),
    ]  # fmt: skip
    return "".join(part.markup for part in parts)


def year_of(words: str, folder: Path) -> data.Year:
    """A year in which everything that comes from a document is these words."""
    form = reporting.form(
        note=words, name=words, department=words, unit=words, objective_expected=words,
        objective_actual=words, i_level1=words, i_level2=words, i_name=words, i_target=words,
        i_actual=words, i_deviation_reason=words,
    )  # fmt: skip
    problems = (Problem(words, 1, 2, 1, words, 1),)
    documents = [reporting.document(form, name=words, problems=problems)]
    (plain,) = reporting.write(folder, 2022, documents).projects
    columns = ("condition", "expected", "criteria", "basis", "cause", "document", "finding_id")
    one = finding("SC02", "indicators", "1", "name", **dict.fromkeys(columns, words))
    return reporting.write(folder, 2022, documents, found={plain.id: [one]})


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_a_document_is_shown_as_text(words: str, tmp_path: Path) -> None:
    page = all_sections(year_of(words, tmp_path / "hostile"))
    harmless = all_sections(year_of("无害", tmp_path / "plain"))
    assert markup(page).bad == []
    assert markup(page).tags == markup(harmless).tags
    assert flat(text.visible(words)) in flat(soup(page).get_text())


# ---- publishing


@pytest.fixture(scope="module")
def published(
    both: dict[int, data.Year], processed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The pages of the two years of `both`."""
    folder = tmp_path_factory.mktemp("reports")
    for year in both:
        assert publish(year, processed, folder, NOTEBOOKS, EXPECTATIONS) == []
    return folder


def test_each_project_has_a_page_and_its_executed_notebook(
    published: Path, both: dict[int, data.Year]
) -> None:
    for year, known in both.items():
        there = {path.name for path in (published / str(year) / "projects").iterdir()}
        assert there == {f"{one.id}.{kind}" for one in known.projects for kind in ("html", "ipynb")}
        assert {path.name for path in (published / str(year)).iterdir()} == {
            "projects", "index.html", "index.ipynb", "rules.html", "rules.ipynb",
        }  # fmt: skip


def pages(published: Path) -> list[Path]:
    found = sorted(published.rglob("*.html"))
    assert len(found) == 33
    return found


def test_a_page_stands_alone(published: Path) -> None:
    for path in pages(published):
        page = path.read_text("utf-8")
        if path.parent.name == "projects":
            assert len(page.encode()) < 80 * 1024
        if path.stem != "index":  # test_index.py looks at its form and script
            assert markup(page).bad == []
        own = page.replace("http://www.w3.org/2000/svg", "").replace("url(data:font/woff;", "")
        assert not re.search(r"https?:|@import|url\(", own)
        assert "default-src 'none'" in page


def test_a_page_is_well_formed_for_people_who_do_not_see_it(published: Path) -> None:
    for path in pages(published):
        page = soup(path.read_text("utf-8"))
        assert page.html
        assert page.html["lang"] == "zh-CN"
        assert len(page.select("h1")) == len(page.select("main")) == 1
        assert page.title
        assert page.title.get_text()
        ids = [str(element["id"]) for element in page.select("[id]")]
        assert len(ids) == len(set(ids))
        for link in page.select('a[href^="#"]'):
            assert str(link["href"])[1:] in ids
        for table in page.select("table"):
            # others stand under a head of their own: a term of a list, a summary
            named = table.caption or table.has_attr("aria-label")
            assert named or table.find_parent(["dd", "details"])
            assert all(head.has_attr("scope") for head in table.select("th"))
        levels = [int(head.name[1]) for head in page.select("h1, h2, h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_links_of_the_index_and_back_lead_somewhere(published: Path) -> None:
    for path in pages(published):
        for link in soup(path.read_text("utf-8")).select('a[href]:not([href^="#"])'):
            name, _, anchor = str(link["href"]).partition("#")
            assert (path.parent / name).is_file()
            assert not anchor or anchor in anchors(path.parent / name)


@cache
def anchors(path: Path) -> set[str]:
    """The places of a page that links can lead to."""
    return {str(element["id"]) for element in soup(path.read_text("utf-8")).select("[id]")}


def test_every_rule_and_finding_leads_to_the_rulebook(published: Path) -> None:
    for path in pages(published):
        page, here = soup(path.read_text("utf-8")), path.parent.name == "projects"
        link = "../rules.html#" if here else "rules.html#"
        for to in page.select("article.finding:not(.rule) h3 a, ul.rules a.rule"):
            own = "#" if path.stem == "rules" else link
            assert str(to["href"]) == f"{own}{to.get_text()}"


def test_two_runs_write_the_same_bytes(
    published: Path, both: dict[int, data.Year], processed: Path, tmp_path: Path
) -> None:
    publish(2024, processed, tmp_path, NOTEBOOKS, EXPECTATIONS, jobs=1)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 24
    for path in files:
        if path.suffix == ".html":
            assert path.read_bytes() == (published / path.relative_to(tmp_path)).read_bytes()


def test_nothing_that_a_report_needs_imports_great_expectations(
    both: dict[int, data.Year], processed: Path, tmp_path: Path
) -> None:
    program = """
import sys
from pathlib import Path
from audit_utils.report.publishing import publish
folders = [Path(one) for one in sys.argv[1:5]]
assert publish(2024, *folders, ids=[sys.argv[5]]) == []
print("great_expectations" in sys.modules)
"""
    folders = [str(folder) for folder in (processed, tmp_path, NOTEBOOKS, EXPECTATIONS)]
    call = [sys.executable, "-c", program, *folders, both[2024].projects[0].id]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_some_projects_can_be_published_alone(
    both: dict[int, data.Year], processed: Path, tmp_path: Path
) -> None:
    one = both[2024].projects[3].id
    calls: list[tuple[int, int]] = []
    publish(2024, processed, tmp_path, NOTEBOOKS, EXPECTATIONS, ids=[one],
            progress=lambda done, total: calls.append((done, total)))  # fmt: skip
    assert [path.stem for path in (tmp_path / "2024" / "projects").glob("*.html")] == [one]
    assert calls == [(1, 3), (2, 3), (3, 3)]
    index = soup((tmp_path / "2024" / "index.html").read_text("utf-8"))
    links = {str(link["href"]).partition("#")[0] for link in index.select('a[href^="projects/"]')}
    assert links == {f"projects/{one}.html"}


def test_a_project_that_is_not_there_is_refused(
    both: dict[int, data.Year], processed: Path, tmp_path: Path
) -> None:
    with pytest.raises(AuditError, match="no project 2024-00000000"):
        publish(2024, processed, tmp_path, NOTEBOOKS, EXPECTATIONS, ids=["2024-00000000"])


def test_a_year_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"documents\.parquet"):
        publish(2022, tmp_path, tmp_path / "reports", NOTEBOOKS, EXPECTATIONS)


def test_an_id_that_is_no_file_name_is_refused(tmp_path: Path) -> None:
    reporting.write(tmp_path, 2022, [reporting.document(reporting.form())])
    made = tables.read(tmp_path / "2022", [*RECORDS, *RESULTS])
    place = made["projects"].column_names.index("project_id")
    for bad in ("../../2022-0123abcd", "2022-0123abcd.html", "", "2022-0123abcd\n"):
        column = pa.array([bad], pa.string())
        made["projects"] = made["projects"].set_column(place, "project_id", column)
        tables.write(made, tmp_path / "2022")
        with pytest.raises(AuditError, match="it names files"):
            publish(2022, tmp_path, tmp_path / "reports", NOTEBOOKS, EXPECTATIONS)
    assert not (tmp_path / "reports").exists()


def test_pages_of_projects_that_are_gone_are_removed_and_nothing_else(tmp_path: Path) -> None:
    reporting.write(tmp_path, 2022, [reporting.document(reporting.form())])
    folder = tmp_path / "reports" / "2022" / "projects"
    folder.mkdir(parents=True)
    for name in (
        "2022-0123abcd.html",
        "2022-0123abcd-2.ipynb",
        "my notes.html",
        "2022-0123abcd.txt",
    ):
        (folder / name).write_text("")
    publish(2022, tmp_path, tmp_path / "reports", NOTEBOOKS, EXPECTATIONS)
    left = {path.name for path in folder.iterdir() if path.stat().st_size == 0}
    assert left == {"my notes.html", "2022-0123abcd.txt"}


def broken_notebooks(folder: Path, *cells: str) -> Path:
    """Notebooks as ours, with a report that breaks."""
    folder.mkdir()
    defaults = 'year = 2022\nproject_id = ""\nprocessed = ""\nexpectations = ""'
    notebook.write(folder / "03_report.ipynb", *cells, defaults=defaults)
    for name in ("rules.ipynb", "index.ipynb"):
        (folder / name).write_bytes((NOTEBOOKS / name).read_bytes())
    return folder


@pytest.mark.parametrize(
    "harm", ["raise ValueError('broken')", "import os\nos._exit(7)"], ids=["raises", "exits"]
)
def test_a_notebook_that_fails_is_told_and_the_others_go_on(
    harm: str, both: dict[int, data.Year], processed: Path, tmp_path: Path
) -> None:
    bad = both[2024].projects[2].id
    source = f"if project_id == {bad!r}:\n    " + harm.replace("\n", "\n    ")
    books = broken_notebooks(tmp_path / "notebooks", source)
    reports = tmp_path / "reports"
    stale = reports / "2024" / "projects" / f"{bad}.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("of an earlier run")
    (failure,) = publish(2024, processed, reports, books, EXPECTATIONS)
    assert str(failure).startswith(f"03_report.ipynb, cell 2 'c1' (project {bad}): ")
    assert not stale.exists()
    assert (
        "ended its process" in str(failure) or "broken" in stale.with_suffix(".ipynb").read_text()
    )
    assert len(list(stale.parent.glob("*.html"))) == 9
    index = soup((reports / "2024" / "index.html").read_text("utf-8"))
    assert "报告未能生成" in index.get_text()


def test_a_notebook_that_cannot_be_used_stops_before_anything_is_written(
    both: dict[int, data.Year], processed: Path, tmp_path: Path
) -> None:
    books = broken_notebooks(tmp_path / "notebooks", "1")
    (books / "index.ipynb").write_text("{")
    with pytest.raises(AuditError, match=r"index\.ipynb: is no notebook"):
        publish(2024, processed, tmp_path / "reports", books, EXPECTATIONS)
    assert not (tmp_path / "reports").exists()


def test_tables_are_read_once_and_again_when_they_change(tmp_path: Path) -> None:
    first = reporting.write(tmp_path, 2022, [reporting.document(reporting.form())])
    assert data.load(tmp_path, 2022, EXPECTATIONS) is first
    again = reporting.write(tmp_path, 2022, [reporting.document(reporting.form(name="另一个"))])
    assert again.projects[0].row["name"] == "另一个"


def test_the_look_of_a_notebook_by_hand_is_that_of_the_page() -> None:
    rules = re.sub(r"@media[^{]*\{|@page[^{]*\{[^}]*\{[^}]*\}[^}]*\}|/\*.*?\*/", "",
                   style().markup.removeprefix("<style>"), flags=re.DOTALL)  # fmt: skip
    for _ in range(3):  # brackets in brackets
        rules = re.sub(r"\([^(){}]*\)(?=[^{}]*\{)", "", rules)
    selectors = [
        one.strip() for group in re.findall(r"([^{}]+)\{", rules) for one in group.split(",")
    ]
    assert len(selectors) > 50
    assert all(one.startswith((".audit", "body.audit")) for one in selectors)


def test_gold_has_what_these_tests_look_for() -> None:
    assert len(gold.document(2022).forms) == 19
