"""The index of a year: what it counts and lists, and its tables in a real browser."""

import base64
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import bs4
import pytest
import reporting
from pages import Opened
from reporting import EXPECTATIONS, NOTEBOOKS, finding

from audit_utils import decisions, language, tables
from audit_utils.dictionary import RESULTS
from audit_utils.records import Problem
from audit_utils.report import data, heat, listing, stakes, text, year_tables, yearly
from audit_utils.report.html import Html
from audit_utils.report.listing import Cell, Column, Listing
from audit_utils.report.publishing import publish

YEAR = 2022
ANGRY = "</script><img src=x onerror=alert(1)>"
TURNED = "\u202e甲\u2066乙"
UNITS = {"培训": "甲所", "检查": "乙所", ANGRY: TURNED}
SCORE = ("projects", "0", "total_score")

Row = dict[str, Any]

FINDINGS: dict[str, list[Row]] = {
    "培训": [
        finding("SC01", *SCORE, difference=Decimal(-10)),
        finding("FU04", "funds", "total", "annual_budget", difference=Decimal(29000),
                severity="warning"),
        finding("IN01", "indicators", "1", "actual", severity="warning"),
        finding("IN03", "indicators", "1", "actual", severity="info", line_start=20),
        finding("IN03", "indicators", "1", "target", severity="info", line_start=21),
    ],
    "检查": [
        finding("SC01", *SCORE, difference=Decimal(2)),
        finding("WE02", "indicators", None, "weight", severity="warning", condition=ANGRY),
        finding("FU05", "funds", "total", "execution_rate", severity="warning",
                difference=Decimal("-0.25")),
    ],
}  # fmt: skip
OUTCOMES = {
    "检查": {"FU02": "rounding", "SC04": "cannot_evaluate", "SC05": "not_applicable"},
    ANGRY: {"FU02": "error"},
}
ACCEPTED = """\
- {finding: 检查-0, disposition: accepted, reason: "%s", who: 王敏, date: 2023-04-18}
- {finding: 检查-1, disposition: to_correct, reason: 单位同意, who: 李雷, date: 2023-04-19}
- {finding: gone-1, disposition: accepted, reason: 没有了, who: 王敏, date: 2023-01-01}
- {finding: 检查-2, disposition: accepted, reason: 过期, who: 王敏, date: 2020-01-01, until: 2020-02-01}
- {finding: 培训-1, disposition: maybe, reason: 错, who: 王敏, date: 2023-01-01}
"""  # noqa: E501


def soup(page: Html | Path) -> bs4.BeautifulSoup:
    markup = page.read_text("utf-8") if isinstance(page, Path) else page.markup
    return bs4.BeautifulSoup(markup, "html.parser")


def words(page: Html) -> str:
    return " ".join(soup(page).get_text(" ").split())


def rows(page: Html | Path, name: str) -> list[dict[str, str]]:
    """The rows of a table of the page: head -> text."""
    table = soup(page).select_one(f"#{name} table")
    assert table, name
    heads = [head.get_text() for head in table.select(".heads th")]
    found = [row.select("td, th") for row in table.select("tbody tr")]
    return [dict(zip(heads, (one.get_text() for one in row), strict=True)) for row in found]


def documents() -> list[Any]:
    """Three forms of three units in two documents, and a letter."""
    told = Problem("text outside of any form", 41, 41, 1, "文件外的话")
    first, second, third = (
        reporting.form(seq, name=name, unit=unit, total_score=f"{90 + seq}")
        for seq, (name, unit) in enumerate(UNITS.items(), start=1)
    )
    return [
        reporting.document(first, second, name="甲.txt"),
        reporting.document(third, name=f"{TURNED}.txt", problems=(told,)),
        reporting.document(name="信.txt"),
    ]


def write(folder: Path) -> data.Year:
    """The year of these documents with findings, outcomes and decisions."""
    ids = {one.row["name"]: one.id for one in reporting.write(folder, YEAR, documents()).projects}
    found = {
        ids[name]: [one | {"finding_id": f"{name}-{n}"} for n, one in enumerate(mine)]
        for name, mine in FINDINGS.items()
    }
    outcomes = {ids[name]: given for name, given in OUTCOMES.items()}
    reporting.write(folder, YEAR, documents(), found=found, outcomes=outcomes)
    tables.write({}, folder / str(YEAR), {decisions.AS_OF: "2023-05-01"})
    shutil.copytree(EXPECTATIONS, folder / "expectations")
    file = decisions.path(folder / "expectations", YEAR)
    file.parent.mkdir()
    file.write_text(ACCEPTED % ANGRY, "utf-8")
    return data.load(folder, YEAR, folder / "expectations")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def year(folder: Path) -> data.Year:
    return write(folder)


@pytest.fixture(scope="module")
def index(year: data.Year, folder: Path) -> Path:
    """The page itself, with the others of the year beside it."""
    reports = folder / "reports"
    (folder / "tests").mkdir()
    shutil.copytree(EXPECTATIONS.parent / "tests" / "rules", folder / "tests" / "rules")
    assert publish(YEAR, folder, reports, NOTEBOOKS, folder / "expectations") == []
    return reports / str(YEAR) / "index.html"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> data.Year:
    """The real year as transcribed, with a finding."""
    processed = tmp_path_factory.mktemp("real")
    first = reporting.write(processed, YEAR).projects[0].id
    found = {first: [finding("SC02", "funds", "total", "score", difference=Decimal("-0.28"))]}
    return reporting.write(processed, YEAR, found=found)


# ---- at a glance


def test_the_index_counts_the_year(real: data.Year) -> None:
    told = words(yearly.summary(real))
    assert "19 个项目中有 1 个查出疑点，其中 1 个有严重疑点" in told
    assert "18,862,946.00 元" in told
    outcomes = Counter(check["outcome"] for one in real.projects for check in one.checks)
    said = {code: f"{label.symbol} {label.word}" for code, label in text.OUTCOMES.items()}
    assert f"共 {outcomes.total()} 条次 ＝" in told
    assert all(f"{said[code]} {outcomes[code]}" in told for code in said)


def test_the_index_names_the_habit_of_rounding(real: data.Year, tmp_path: Path) -> None:
    assert "全部 19 个印出的执行率都与「进位」一致" in words(yearly.summary(real))
    declared = reporting.write(tmp_path, 2024)
    assert "执行率都与" not in words(yearly.summary(declared)), "declarations print no rate"


def test_what_is_decided_is_counted_apart(year: data.Year) -> None:
    """8 findings; one is accepted, one is to be corrected, which leaves it open."""
    tiles = [one.get_text(" ", strip=True) for one in soup(yearly.summary(year)).select("li")]
    assert tiles[:4] == ["1 ■ 严重", "4 ▲ 关注", "2 ● 提示", "1 ◇ 已处理"]
    assert "3 个项目中有 2 个查出疑点，其中 1 个有严重疑点" in words(yearly.summary(year))


def test_what_asks_for_attention_is_said_at_the_top(year: data.Year) -> None:
    page = soup(yearly.summary(year))
    assert [link.get_text() for link in page.select("a.trouble")] == [
        "1 处内容未能读取", "3 条过期、无对应或有误",
    ]  # fmt: skip


def test_files_beside_the_page_are_named(year: data.Year) -> None:
    links = soup(yearly.summary(year, ["findings.xlsx"])).select(".byline a")
    assert [link["href"] for link in links] == ["findings.xlsx"]


# ---- the biggest findings


@pytest.mark.parametrize(
    ("place", "difference", "share"),
    [
        (SCORE, "-10", "0.1"),
        (("indicators", "1", "score"), "1.35", "0.0135"),
        (("funds", "total", "annual_budget"), "-29000", "0.5"),
        (("funds", "total", "execution_rate"), "-0.25", "0.25"),
        (("indicators", "1", "actual"), "254", "0.9"),
        (("indicators", "1", "actual"), None, "0.9"),
        (("funds", "total", "annual_budget"), None, "0.1"),
        (("indicators", None, "weight"), None, None),
        (("indicators", "7", "weight"), None, None),
        (("projects", "0", "name"), None, None),
    ],
    ids=["points", "points of an indicator", "money", "rate", "people: weight of the indicator",
         "no difference: weight of the indicator", "no difference: weight of the money",
         "whole table", "no such row", "head"],
)  # fmt: skip
def test_what_is_at_stake(
    place: tuple[str, str | None, str], difference: str | None, share: str | None, tmp_path: Path
) -> None:
    """Total weight 100, budget 58,000 yuan, weights 10 and 90."""
    (one,) = reporting.write(tmp_path, YEAR, [reporting.document(reporting.form())]).projects
    row = finding("X", *place, difference=Decimal(difference) if difference else None)
    assert stakes.share(one, row) == (Decimal(share) if share else None)


@pytest.mark.parametrize(("lost", "row"), [("total_weight", "0"), ("i_weight", "1")])
def test_without_weights_nothing_is_at_stake(lost: str, row: str, tmp_path: Path) -> None:
    form = reporting.form(1, "", **{lost: "不详"})
    (one,) = reporting.write(tmp_path, YEAR, [reporting.document(form)]).projects
    assert stakes.share(one, finding("X", "indicators", row, "actual", difference=None)) is None


@pytest.mark.parametrize(
    ("share", "said"),
    [("1", "100%"), ("0.1", "10%"), ("0.0994", "9.9%"), ("0.0028", "0.28%"),
     ("10000", "1,000,000%"), ("0", "0%")],
)  # fmt: skip
def test_a_share_in_words(share: str, said: str) -> None:
    assert stakes.said(Decimal(share)) == said


def test_the_biggest_come_first_and_what_is_settled_does_not(year: data.Year) -> None:
    """By severity, then share: 0.9 (weight), 0.5 (money), 0.25 (rate), none."""
    items = soup(yearly.biggest(year)).select("li")
    told = [tuple(one.get_text() for one in item.select(".rule, .stake")) for item in items]
    assert told == [("SC01", "10%"), ("IN01", "90%"), ("FU04", "50%"), ("FU05", "25%"),
                    ("WE02", "—"), ("IN03", "90%"), ("IN03", "90%")]  # fmt: skip


def test_each_of_the_biggest_leads_to_its_finding(index: Path) -> None:
    links = [str(link["href"]) for link in soup(index).select(".biggest .what a:last-child")]
    assert len(links) == 7
    for link in links:
        path, _, anchor = link.partition("#")
        assert soup(index.parent / path).find(id=anchor), link


def test_of_the_same_stake_the_project_with_more_money_comes_first(tmp_path: Path) -> None:
    forms = [reporting.form(1, name="小"), reporting.form(2, name="大")]
    richer = reporting._cells({"annual_budget": "99万"}, 9)
    forms[1] = replace(forms[1], funds={"total": {**forms[1].funds["total"], **richer}})
    documents = [reporting.document(*forms)]
    ids = {one.row["name"]: one.id for one in reporting.write(tmp_path, YEAR, documents).projects}
    found = {ids[name]: [finding("SC01", *SCORE, difference=Decimal(1), finding_id=f"{n}")]
             for n, name in enumerate(ids)}  # fmt: skip
    year = reporting.write(tmp_path, YEAR, documents, found=found)
    assert [one.project.row["name"] for one in stakes.ordered(year.projects)] == ["大", "小"]


# ---- rules by project


def test_the_heat_map_has_the_outcome_of_every_check(year: data.Year) -> None:
    shown = {row["项目"]: row for row in rows(heat.heat(year), "heat-self_evaluation")}
    assert list(shown) == ["培训", "检查", ANGRY], "the gravest first"
    for project in year.projects:
        for check in project.checks:
            count = sum(1 for one in project.findings if one["rule"] == check["rule"])
            symbol = text.OUTCOMES[check["outcome"]].symbol
            said = f"{symbol}{count}" if count > 1 else symbol
            assert shown[project.row["name"]][check["rule"]] == said


def test_the_heat_map_counts_the_fails_of_each_rule(year: data.Year) -> None:
    table = soup(heat.heat(year))
    heads = [head.get_text() for head in table.select(".heads th.outcome")]
    below = [int(cell.get_text()) for cell in table.select(".below td.outcome")]
    failed = Counter(
        check["rule"] for one in year.projects for check in one.checks if check["outcome"] == "fail"
    )
    assert dict(zip(heads, below, strict=True)) == {code: failed[code] for code in heads}
    severities = [year.rules[code].severity for code in heads]
    assert severities == sorted(severities, key=list(text.SEVERITIES).index)
    groups = [(one.get_text(), int(str(one["colspan"]))) for one in table.select("th.group")]
    counts = Counter(severities)
    assert groups == [(f"{text.SEVERITIES[code].symbol} {text.SEVERITIES[code].word}", counts[code])
                      for code in text.SEVERITIES]  # fmt: skip


def test_a_fail_leads_to_its_first_finding_and_is_said_in_words(year: data.Year) -> None:
    page = soup(heat.heat(year))
    (first,) = [one for one in page.select("td.fail a") if one.get_text() == "✗2"]
    project = next(one for one in year.projects if one.row["name"] == "培训")
    number = next(one["number"] for one in project.findings if one["rule"] == "IN03")
    assert first["href"] == f"projects/{project.id}.html#f{number}"
    assert first["aria-label"] == "IN03 不通过，2 处"
    decided = page.select("td.decided a")
    assert [one["aria-label"] for one in decided] == ["SC01 不通过，1 处，已处理"]
    told = {one["aria-label"] for one in page.select("tbody td.outcome:not(.fail)")}
    assert told == {"通过", "舍入差异", "不适用", "无法评价", "检查出错"}


def test_a_project_without_a_page_has_no_link(year: data.Year) -> None:
    missing = next(one for one in year.projects if one.row["name"] == "培训")
    sections = (heat.heat, year_tables.projects, year_tables.findings, yearly.biggest)
    for page in (section(year, [missing.id]) for section in sections):
        assert not [one for one in soup(page).select("a") if missing.id in str(one["href"])]
    assert "培训（报告未能生成）" in words(year_tables.projects(year, [missing.id]))


def test_a_rule_that_no_suite_has_stands_last(tmp_path: Path) -> None:
    (one,) = reporting.write(tmp_path, YEAR, [reporting.document(reporting.form())]).projects
    checks = tables.read(tmp_path / str(YEAR), ["checks"])["checks"].to_pylist()
    more = tables.of_rows("checks", [*checks, reporting.check(one.id, "AA99", "error")])
    tables.write({"checks": more}, tmp_path / str(YEAR))
    table = soup(heat.heat(data.load(tmp_path, YEAR, EXPECTATIONS)))
    last = table.select(".heads th")[-1]
    assert (last.get_text(), last["title"]) == ("AA99", "规则文件有误")
    assert table.select("tbody tr td")[-1].get_text() == "!"


# ---- the lists


def test_every_finding_is_listed_with_what_the_tables_say(year: data.Year) -> None:
    listed = rows(year_tables.findings(year), "findings")
    known = {one["finding_id"]: one for each in year.projects for one in each.findings}
    commands = [re.fullmatch(r"audit-utils decide (\S+) .*复制", row["命令"]) for row in listed]
    ids = [one[1] for one in commands if one]
    assert sorted(ids) == sorted(known)
    for row, finding_id in zip(listed, ids, strict=True):
        table = known[finding_id]
        assert row["规则"] == table["rule"]
        assert row["现状"] == table["condition"]
        assert row["级别"][0] == text.SEVERITIES[table["severity"]].symbol
        assert row["行"] == "a.txt:" + f"{table['line_start']}-{table['line_end']}"
    assert {row["单位"] for row in listed} == {"甲所", "乙所"}
    said = {ids[n]: row["处理意见"] for n, row in enumerate(listed) if row["处理意见"] != "待处理"}
    assert said == {"检查-0": "接受", "检查-1": "待更正"}


def test_every_project_is_listed_with_what_is_printed(real: data.Year) -> None:
    listed = rows(year_tables.projects(real), "projects-self_evaluation")
    assert len(listed) == 19
    first = listed[0]
    assert (first["序号"], first["项目"], first["严重"]) == ("1", "执法办案及能力提升", "1")
    assert (first["执行率"], first["总得分"]) == ("96.36%", "99.36")
    money = {one.row["name"]: one.funds["total"] for one in real.projects}
    for row in listed:
        assert row["全年预算（元）"] == text.money(money[row["项目"]]["annual_budget"])
        assert row["全年执行（元）"] == text.money(money[row["项目"]]["executed"])
    assert "单位" not in first, "one unit needs no column"


def test_the_counts_of_projects_leave_out_what_is_settled(year: data.Year) -> None:
    listed = {
        row["项目"]: row for row in rows(year_tables.projects(year), "projects-self_evaluation")
    }
    assert [listed["检查"][one] for one in ("严重", "关注", "提示", "已处理")] == [
        "0",
        "2",
        "0",
        "1",
    ]
    assert listed["检查"]["未评价"] == "1"
    assert listed[ANGRY]["未评价"] == "1"
    assert {name: row["未读"] for name, row in listed.items()} == {
        "培训": "0",
        "检查": "0",
        ANGRY: "0",
    }


def test_the_outcomes_of_a_rule_add_up_to_the_projects(real: data.Year) -> None:
    lines = soup(yearly.rules(real)).select("tbody tr")
    assert len(lines) == sum(1 for one in real.rules.values() if one.form == "self_evaluation")
    for line in lines:
        counts = [int(cell.get_text()) for cell in line.select("td.number")]
        assert sum(counts[:-1]) == counts[-1] == 19


def test_decisions_are_listed_with_who_why_and_when(year: data.Year) -> None:
    listed = rows(yearly.decisions(year), "decided")
    heads = ("处理意见", "理由", "谁", "日期", "有效至")
    assert [tuple(row[head] for head in heads) for row in listed] == [
        ("接受", ANGRY, "王敏", "2023-04-18", ""),
        ("待更正", "单位同意", "李雷", "2023-04-19", ""),
    ]
    assert [row["记在"] for row in listed] == ["accepted/2022.yml:1", "accepted/2022.yml:2"]


def test_decisions_that_decide_nothing_are_trouble(year: data.Year) -> None:
    told = [
        one.get_text(" ", strip=True) for one in soup(yearly.decisions(year)).select("#stale li")
    ]
    assert told[0].startswith("没有对应的疑点 accepted/2022.yml:3 gone-1 没有了")
    assert told[1].startswith("已过有效期 accepted/2022.yml:4 检查-2 过期")
    names = "accepted, false_positive, to_correct"
    assert told[2] == f"有误 2022.yml:5: `disposition` 应为其中之一：{names}"
    assert "需要清理的处理意见（3 条）" in words(yearly.decisions(year))


def test_every_document_is_listed_with_what_became_of_it(year: data.Year) -> None:
    shown = text.visible(TURNED) + ".txt"
    listed = rows(yearly.documents(year), "documents")
    assert {row["文件"]: (row["结果"], row["表数"], row["未读"]) for row in listed} == {
        "甲.txt": ("已读入", "2", "0"),
        shown: ("部分读入", "1", "1"),
        "信.txt": ("没有绩效表", "0", "0"),
    }
    assert {row["文件"]: row["未读原因"] for row in listed if row["未读原因"]} == {
        shown: "不在任何表内的文字"
    }
    assert listed[0]["文件"] == shown, "trouble comes first"
    (problem,) = rows(yearly.documents(year), "problems")
    assert (problem["位置"], problem["文字"]) == (f"{shown}:41", "文件外的话")
    assert problem["问题"] == "不在任何表内的文字"


def test_messages_are_in_the_language_of_the_page(year: data.Year) -> None:
    with language.speaking("en"):
        shown = words(yearly.documents(year)) + words(yearly.decisions(year))
    assert "text outside of any form" in shown
    assert "2022.yml:5: `disposition` is none of" in shown


def test_parameters_of_the_year_are_shown_and_long_ones_folded(tmp_path: Path) -> None:
    reporting.write(tmp_path, YEAR)
    own = {"parameters": {"execution_rate": 0.9, "units": ["个" * 9] * 40}}
    tables.write({}, tmp_path / str(YEAR), own)
    year = data.load(tmp_path, YEAR, EXPECTATIONS)
    page = soup(yearly.parameters(year))
    lines = {line.code.get_text(): line for line in page.select("tbody tr")}  # type: ignore[union-attr]
    assert set(lines) == {"execution_rate", "units"}
    assert lines["execution_rate"].get_text(" ", strip=True).endswith("90% 80%")
    assert lines["units"].select("details")
    assert f"其余 {len(year.settings) - 2} 个参数取默认值" in page.get_text()


# ---- years without much


def everything(year: data.Year) -> list[Html]:
    return [yearly.summary(year), yearly.biggest(year), heat.heat(year), year_tables.findings(year),
            yearly.decisions(year), year_tables.projects(year), yearly.rules(year),
            yearly.parameters(year), yearly.documents(year)]  # fmt: skip


def test_a_year_without_findings(tmp_path: Path) -> None:
    year = reporting.write(tmp_path, YEAR, [reporting.document(reporting.form())])
    told = " ".join(map(words, everything(year)))
    assert "1 个项目都没有查出疑点。" in told
    assert "没有待处理的疑点。" in told
    assert "还没有记录处理意见" in told
    assert "第 0–0 行，共 0 行" in told
    assert "所有文字都已读入" in told


def test_a_year_of_which_all_findings_are_settled(tmp_path: Path) -> None:
    documents = [reporting.document(reporting.form())]
    (one,) = reporting.write(tmp_path, YEAR, documents).projects
    reporting.write(tmp_path, YEAR, documents, found={one.id: [finding("SC01", *SCORE)]})
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    file = decisions.path(tmp_path / "expectations", YEAR)
    file.parent.mkdir()
    file.write_text(f"- {{rule: SC01, project: {one.id}, disposition: false_positive, reason: 误, "
                    "who: 王敏, date: 2023-01-01}\n")  # fmt: skip
    year = data.load(tmp_path, YEAR, tmp_path / "expectations")
    assert "查出的疑点都已处理。" in words(yearly.summary(year))
    assert rows(yearly.decisions(year), "decided")[0]["处理意见"] == "误报"


@pytest.mark.parametrize("readable", [True, False], ids=["a letter", "nothing that can be read"])
def test_a_year_without_any_form(readable: bool, tmp_path: Path) -> None:
    told = Problem("text outside of any form", 3, 4, 1, "<b>x</b>")
    one = reporting.document(name="信.txt", problems=() if readable else (told,))
    year = reporting.write(tmp_path, YEAR, [one])
    page = " ".join(map(words, everything(year)))
    assert "没有一条规则得到评价" in page
    assert "这一年没有读到任何表" in page
    (row,) = rows(yearly.documents(year), "documents")
    assert row["结果"] == ("没有绩效表" if readable else "未能读懂")
    assert ("信.txt:3-4 <b>x</b>" in page) is not readable
    assert publish(YEAR, tmp_path, tmp_path / "out", NOTEBOOKS, EXPECTATIONS) == []


def test_a_document_that_could_not_be_used_is_listed(tmp_path: Path) -> None:
    reporting.write(tmp_path, YEAR, [reporting.document(reporting.form())])
    lost = tables.of_rows("problems", [{"document": "坏.pdf", "message": "the file is empty"}])
    package = tables.read(tmp_path / str(YEAR)) | {"problems": lost}
    results = tables.read(tmp_path / str(YEAR), RESULTS)
    tables.write(package | results, tmp_path / str(YEAR))
    year = data.load(tmp_path, YEAR, EXPECTATIONS)
    first = rows(yearly.documents(year), "documents")[0]
    assert (first["文件"], first["结果"]) == ("坏.pdf", "未能读懂")
    assert rows(yearly.documents(year), "problems")[0]["问题"] == "文件是空的"


# ---- tables of many rows


def numbers(count: int) -> Listing:
    """Numbers that sort otherwise than their texts, each third one blank."""
    values = [Cell("" if n % 3 == 2 else str(n * 7 % 110), key=n * 7 % 110) for n in range(count)]
    return Listing("many", "数", [Column("数", values, kind="number")], count)


def test_what_is_left_out_is_told_with_where_it_is() -> None:
    few = Listing("few", "少", numbers(20).columns, 90, "processed/2022/findings.parquet")
    assert "另有 70 行未收入：processed/2022/findings.parquet" in words(listing.show(few))
    assert "未收入" not in words(listing.show(numbers(20)))


@pytest.mark.parametrize("section", [heat.heat, year_tables.findings, year_tables.projects])
def test_a_table_keeps_no_more_rows_than_it_says(
    section: Any, year: data.Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (heat, year_tables):
        monkeypatch.setattr(module, "KEPT", 1)
    page = section(year)
    table = soup(page).select_one(".listing")
    assert table
    assert len(table.select("tbody tr")) == 1
    everything = 8 if section is year_tables.findings else 3
    assert f"本页收入前 1 行，另有 {everything - 1} 行未收入：processed/2022/" in words(page)


def test_the_rows_beyond_the_first_are_there_for_the_script_alone() -> None:
    page = soup(listing.show(numbers(listing.SHOWN + 1)))
    assert len(page.select("tbody tr")) == listing.SHOWN
    assert f"不运行脚本时只列前 {listing.SHOWN} 行" in page.get_text()


def test_text_of_a_document_cannot_end_the_data() -> None:
    made = Listing("x", "x", [Column("x", [Cell("</script><!--<script>")])], 1)
    assert "<" not in made.json()


def test_the_page_lets_its_own_script_run_and_no_other(index: Path) -> None:
    page = soup(index)
    (script,) = page.select("script:not([type])")
    digest = base64.b64encode(hashlib.sha256(script.get_text().encode()).digest()).decode()
    policy = str(page.select_one("meta[http-equiv]")["content"])  # type: ignore[index]
    assert f"script-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert policy.count("unsafe") == policy.count("style-src 'unsafe-inline'") == 1
    assert not [one for one in page.find_all() for name in one.attrs if name.startswith("on")]


# ---- in a browser


@pytest.fixture
def opened(index: Path, browser: Any) -> Iterator[Opened]:
    """The index of the year; it must stay quiet whatever is done to it."""
    with Opened(browser, index) as page:
        page.page.set_default_timeout(5000)
        yield page
        assert page.noise == [index.as_uri()]


@pytest.fixture
def many(browser: Any, tmp_path: Path, index: Path) -> Iterator[Opened]:
    """The page with one table of many rows in place of its own."""
    page = soup(index)
    main = page.select_one("main")
    assert main
    main.clear()
    main.append(bs4.BeautifulSoup(listing.show(numbers(250)).markup, "html.parser"))
    (tmp_path / "many.html").write_text(str(page), "utf-8")
    with Opened(browser, tmp_path / "many.html") as one:
        yield one


def shown(opened: Opened, name: str, head: str) -> list[str]:
    """A column of a table as it is on the screen."""
    at = opened.page.locator(f"#{name} .heads th").all_inner_texts()
    at = [one.strip(" \u2009↑↓\n") for one in at]
    cells = f"#{name} tbody tr > :nth-child({at.index(head) + 1})"
    return [str(one) for one in opened.page.locator(cells).all_inner_texts()]


def count(opened: Opened, name: str) -> str:
    return str(opened.page.locator(f"#{name} .count").inner_text())


def sort(opened: Opened, name: str, head: str) -> str | None:
    """Click on a head; the order that it has then."""
    (button,) = [
        one for one in opened.page.locator(f"#{name} .sort").all()
        if one.inner_text().strip(" \u2009↑↓") == head
    ]  # fmt: skip
    button.click()
    order: str | None = button.locator("xpath=..").get_attribute("aria-sort")
    return order


def test_the_script_writes_rows_as_the_page_does(opened: Opened) -> None:
    """Every table sorted and unsorted again has the rows that it had."""
    rows = """[...document.querySelectorAll('tbody')]
        .map(one => one.innerHTML.replace(/>\\s+</g, '><').trim())"""
    before = opened.page.evaluate(rows)
    for table in opened.page.locator(".listing").all():
        for _ in range(3):
            table.locator(".sort").first.click()
    assert opened.page.evaluate(rows) == before
    assert len(before) > 4


def test_a_table_sorts_up_down_and_back(many: Opened) -> None:
    before = shown(many, "many", "数")
    assert sort(many, "many", "数") == "ascending"
    values = sorted(n * 7 % 110 for n in range(250) if n % 3 != 2)
    assert [int(one) for one in shown(many, "many", "数")] == values[: listing.VIEW]
    assert sort(many, "many", "数") == "descending"
    assert [int(one) for one in shown(many, "many", "数")] == values[: -listing.VIEW - 1 : -1]
    for _ in range(4):
        many.page.locator(".pager [data-step='1']").click()
    assert set(shown(many, "many", "数")) == {""}, "blanks stand last either way"
    assert sort(many, "many", "数") is None
    assert shown(many, "many", "数") == before


def test_a_long_table_is_shown_page_by_page(many: Opened) -> None:
    assert len(shown(many, "many", "数")) == listing.VIEW
    assert count(many, "many") == f"第 1–{listing.VIEW} 行，共 250 行"


@pytest.mark.parametrize(
    ("asked", "left"),
    [("培训", 5), ("培训 SC01", 1), ("sc01", 2), ("ＳＣ０１", 2), ("甲所 乙所", 0), (ANGRY[:12], 1),
     ("", 8), ("培训-3", 1)],
    ids=["name", "two words", "small letters", "wide letters", "never both", "markup", "nothing",
         "id of a finding"],
)  # fmt: skip
def test_a_search_leaves_the_rows_with_all_words(asked: str, left: int, opened: Opened) -> None:
    opened.page.locator("#findings [type=search]").fill(asked)
    assert len(shown(opened, "findings", "规则")) == left
    assert count(opened, "findings") == f"第 {min(left, 1)}–{left} 行，共 {left} 行"


@pytest.mark.parametrize(
    ("head", "value", "rules"),
    [("级别", "■ 严重", ["SC01", "SC01"]), ("规则", "IN03", ["IN03", "IN03"]),
     ("单位", "乙所", ["SC01", "FU05", "WE02"]), ("处理意见", "接受", ["SC01"])],
)  # fmt: skip
def test_rows_are_chosen_by_a_column(
    head: str, value: str, rules: list[str], opened: Opened
) -> None:
    label = opened.page.locator("#findings label").filter(has_text=re.compile(rf"^\s*{head}"))
    label.locator("select").select_option(label=value)
    assert shown(opened, "findings", "规则") == rules
    opened.page.locator("#findings [type=reset]").click()
    opened.page.locator("#findings tbody tr:nth-child(8)").wait_for()


@pytest.mark.parametrize(
    ("rule", "outcome", "names"),
    [("", "fail", ["培训", "检查"]), ("", "rounding", ["检查"]), ("FU02", "error", [ANGRY]),
     ("FU02", "fail", []), ("SC01", "", ["培训", "检查", ANGRY]),
     ("SC05", "not_applicable", ["检查"])],
)  # fmt: skip
def test_projects_are_chosen_by_the_outcome_of_a_rule(
    rule: str, outcome: str, names: list[str], opened: Opened
) -> None:
    table = opened.page.locator("#heat-self_evaluation")
    options = table.locator("[data-across=rule] option").all_inner_texts()
    at = next(n for n, one in enumerate(options) if one.startswith(rule)) if rule else 0
    show_tools(opened, "heat-self_evaluation")
    table.locator("[data-across=rule]").select_option(index=at)
    table.locator("[data-across=outcome]").select_option(outcome)
    assert shown(opened, "heat-self_evaluation", "项目") == names


def show_tools(opened: Opened, name: str) -> None:
    """The tools of a small table, which a reader does not need."""
    opened.page.evaluate(f"document.querySelector('#{name} .tools').hidden = false")


def test_the_heat_map_sorts_by_the_outcomes_of_a_rule(opened: Opened) -> None:
    assert sort(opened, "heat-self_evaluation", "FU02") == "ascending"
    assert shown(opened, "heat-self_evaluation", "FU02") == ["!", "≈", "✓"]


def test_heads_are_reached_and_pressed_by_the_keyboard(opened: Opened) -> None:
    first = opened.page.locator("#findings .sort").first
    opened.page.locator("#findings [type=reset]").focus()
    for _ in range(2):  # the region that scrolls, then the first head
        opened.page.keyboard.press("Tab")
    assert first.evaluate("one => one === document.activeElement")
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("#findings [aria-sort=ascending]").count() == 1
    opened.page.keyboard.press("Space")
    assert opened.page.locator("#findings [aria-sort=descending]").count() == 1


def test_enter_in_the_search_does_not_leave_the_page(opened: Opened) -> None:
    opened.page.locator("#findings [type=search]").fill("培训")
    opened.page.keyboard.press("Enter")
    assert len(shown(opened, "findings", "规则")) == 5


COMMAND = 'audit-utils decide 培训-0 --disposition accepted --reason "" --who ""'


def test_a_command_is_copied(opened: Opened) -> None:
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.page.locator("#findings .copy").first.click()
    opened.page.locator("#findings .copy", has_text="已复制").wait_for()
    assert opened.page.evaluate("navigator.clipboard.readText()") == COMMAND


def test_a_command_is_selected_where_nothing_may_be_copied(opened: Opened) -> None:
    opened.page.evaluate("void (navigator.clipboard.writeText = async () => { throw 'no' })")
    opened.page.locator("#findings .copy").first.click()
    opened.page.locator("#findings .copy", has_text="Ctrl+C").wait_for()
    assert opened.page.evaluate("getSelection().toString()") == COMMAND


def test_hostile_words_are_text(opened: Opened) -> None:
    """In the page and in rows that the script has written."""
    opened.page.locator("#findings [type=search]").fill("script")
    sort(opened, "heat-self_evaluation", "项目")
    sort(opened, "projects-self_evaluation", "项目")
    assert opened.page.locator("img").count() == 0
    assert ANGRY in shown(opened, "heat-self_evaluation", "项目")
    assert ANGRY in shown(opened, "projects-self_evaluation", "项目")
    assert shown(opened, "findings", "现状") == [ANGRY]
    page = opened.page.content()
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)


def test_without_a_script_all_rows_are_there_and_no_tools(index: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(index.as_uri())
    assert page.locator("#findings tbody tr").count() == 8
    assert page.locator("#findings tbody a").first.is_visible()
    for tool in (".tools", ".pager", ".copy"):
        assert not any(one.is_visible() for one in page.locator(tool).all())
    context.close()


def test_paper_gets_as_many_rows_as_the_page_has(
    index: Path, browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no tools; the screen has its own number again afterwards."""
    monkeypatch.setattr(listing, "VIEW", 10)
    page = soup(index)
    main = page.select_one("main")
    assert main
    main.clear()
    main.append(bs4.BeautifulSoup(listing.show(numbers(30)).markup, "html.parser"))
    (tmp_path / "paper.html").write_text(str(page), "utf-8")
    with Opened(browser, tmp_path / "paper.html") as opened:
        assert len(shown(opened, "many", "数")) == 10
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        opened.page.emulate_media(media="print")
        assert len(shown(opened, "many", "数")) == 30
        assert not opened.page.locator(".tools").is_visible()
        head = opened.page.locator("#many thead")
        assert head.evaluate("one => getComputedStyle(one).display") == "table-header-group"
        opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert len(shown(opened, "many", "数")) == 10
        opened.page.emulate_media(media="screen")
        next_page = opened.page.locator(".pager [data-step='1']")
        next_page.click()
        assert count(opened, "many") == "第 11–20 行，共 30 行"
        next_page.click()
        assert next_page.is_disabled()
        opened.page.locator(".pager [data-step='-1']").click()
        assert count(opened, "many") == "第 11–20 行，共 30 行"
