"""The page of the rulebook: every rule with its criteria, examples, and where it failed."""

import json
import shutil
from pathlib import Path

import bs4
import pytest
import reporting
from reporting import EXPECTATIONS, ROOT, finding

from audit_utils import cases, rulebook, tables
from audit_utils.report import examples, rule_page, text
from audit_utils.report.html import Html

CASES = ROOT / "tests" / "rules"


def soup(html: Html) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(html.markup, "html.parser")


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year 2022 with two findings of SC01 in its first project."""
    folder = tmp_path_factory.mktemp("processed")
    first = reporting.write(folder, 2022).projects[0].id
    twice = [finding("SC01", "projects", row, "total_score") for row in ("0", "1")]
    reporting.write(folder, 2022, found={first: twice})
    return folder


@pytest.fixture(scope="module")
def book(processed: Path) -> rule_page.Book:
    return rule_page.load(processed, 2022, EXPECTATIONS, CASES)


def article(book: rule_page.Book, code: str) -> bs4.Tag:
    (rule,) = (rule for rule in book.rules if rule.code == code)
    (found,) = soup(rule_page.rules(book, rule.form)).select(f"article#{code}")
    return found


def test_every_rule_has_its_article_and_its_line(book: rule_page.Book) -> None:
    codes = sorted(rule.code for rule in rulebook.rules(EXPECTATIONS))
    forms = ("self_evaluation", "target_declaration")
    articles = [
        one for form in forms for one in soup(rule_page.rules(book, form)).select("article")
    ]
    assert sorted(str(one["id"]) for one in articles) == codes
    lines = soup(rule_page.contents(book)).select("tbody th")
    assert sorted(one.get_text() for one in lines) == codes


def test_an_article_says_what_its_entry_says(book: rule_page.Book) -> None:
    for rule in book.rules:
        words = article(book, rule.code).get_text()
        for told in (rule.title, rule.criteria, rule.not_applicable, rule.cannot_evaluate):
            assert told.zh in words
        assert rule.basis.source in words
        assert ("依据待核" in words) == (not rule.basis.verified)
        assert rule.expectation in words


def test_examples_that_pass_and_that_fail_come_from_the_cases(book: rule_page.Book) -> None:
    for rule in book.rules:
        rows = article(book, rule.code).select(".examples tbody tr")
        outcomes = [row.td.get_text() for row in rows if row.td]
        assert "✓ 通过" in outcomes
        assert "✗ 不通过" in outcomes
    words = article(book, "SC01").get_text()
    assert "总得分“99.83” → “100”" in words
    assert "应为 99.83" in words
    assert "四舍五入应为 99.82；按进位则一致" in words


def test_where_a_rule_failed_is_told_and_linked(book: rule_page.Book) -> None:
    project = book.year.projects[0]
    assert f"1 个项目，2 处：{project.row['name']} ×2" in article(book, "SC01").get_text()
    (link,) = article(book, "SC01").select("a")
    assert link["href"] == f"projects/{project.id}.html"
    assert article(book, "SC02").select("a") == []
    assert "这一年没有这种表" in article(book, "FU11").get_text()


CHANGES = [
    ({"change": {"indicators.1.score": "5"}}, "第 1 项得分“15” → “5”"),
    ({"change": {"funds.total.score": None}}, "预算执行得分“9.83” → （空）"),
    ({"change": {"funds.other.initial_budget": "1"}}, "其他资金·年初预算数“0.00” → “1”"),
    ({"change": {"money_unit": "万元"}}, "金额单位 元 → 万元"),
    ({"change": {"indicators.6": {"name": "甲", "score": "1", "weight": None}}},
     "增加一项指标：甲、1"),
    ({"change": {"indicators.6": {"name": "甲"}, "indicators.6.score": "1"}},
     "第 6 项得分（空） → “1”"),
    ({"without": ["indicators"]}, "没有指标"),
    ({"without": ["indicators.2"]}, "没有第 2 项指标"),
    ({"without": ["indicators.score"]}, "指标表没有“得分”一栏"),
    ({"without": ["funds.other"]}, "没有“其他资金”一行"),
    ({"without": ["projects.total_score"]}, "没有“总得分”一格"),
    ({"inferred": ["indicators.2.level1"]}, "推定：第 2 项一级指标"),
    ({"also": [{}]}, "另有一张表，填得一样"),
    ({"also": [{"projects.name": "乙"}]}, "另有一张表：项目名称“基层卫生服务能力提升” → “乙”"),
    ({"parameters": {"most": 1}}, "参数 most 设为 1"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "told"), CHANGES, ids=[told for _, told in CHANGES])
def test_an_example_is_told_in_the_words_of_the_form(entry: dict[str, object], told: str) -> None:
    clean = cases.clean(CASES, "self_evaluation")
    outcome = ["pass"] * (1 + ("also" in entry))
    case = cases._case("SC01", clean, {"name": "x", "outcome": outcome} | entry, 1)
    assert list(examples.differences(case, clean))[-1] == told


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [("rate", 0.3, "30%"), ("rate", 1.3, "130%"), ("points", 10, "10 分"), ("words", "甲", "甲"),
     ("words", ["甲", "乙"], "甲、乙"),
     ("points", {"产出": 50, "效益": 30}, "产出 50 分、效益 30 分")],
)  # fmt: skip
def test_a_parameter_is_shown_as_people_write_it(unit: str, value: object, shown: str) -> None:
    assert text.parameter(unit, value) == shown


def test_a_value_of_the_year_is_told_with_its_default(tmp_path: Path) -> None:
    reporting.write(tmp_path, 2022, [reporting.document(reporting.form())])
    tables.write({}, tmp_path / "2022", {"parameters": {"execution_rate": 0.9}})
    book = rule_page.load(tmp_path, 2022, EXPECTATIONS, CASES)
    (own,) = soup(rule_page.parameters(book)).select("tr.own")
    assert "90%" in own.get_text()
    assert "本年的 audit.yml默认 80%" in own.get_text()


def test_a_rule_without_cases_and_one_that_cannot_be_read_keep_their_places(
    tmp_path: Path, processed: Path
) -> None:
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    path = tmp_path / "expectations" / "self_evaluation" / "funds.json"
    suite = json.loads(path.read_text("utf-8"))
    codes = [entry["meta"]["code"] for entry in suite["expectations"]]
    del suite["expectations"][0]["severity"]
    path.write_text(json.dumps(suite), "utf-8")
    book = rule_page.load(processed, 2022, path.parents[1], tmp_path / "no cases")
    (broken,) = soup(rule_page.contents(book)).select("li")
    assert broken["id"] == codes[0]
    assert article(book, codes[1]).select(".examples") == []
