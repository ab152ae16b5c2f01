"""Reports: every printed cell and every finding is on the page, and no document writes markup."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
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
from audit_utils import rulebook, tables
from audit_utils.dictionary import RECORDS, RESULTS
from audit_utils.errors import AuditError
from audit_utils.records import Problem
from audit_utils.report import data, figures, sections, text, wording, yearly
from audit_utils.report.html import Html, style
from audit_utils.report.publishing import publish

RULES = sum(1 for rule in rulebook.rules(EXPECTATIONS) if rule.form == "self_evaluation")
OUTCOMES = ["rounding", "not_applicable", "cannot_evaluate", "error"]


def soup(markup: str) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(markup, "html.parser")


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
    year = reporting.write(tmp_path, 2022)
    tables.write({}, tmp_path / "2022", {"parameters": {"execution_rate": 0.9}})
    year = data.load(tmp_path, 2022, EXPECTATIONS)
    for page in (sections.parameters(year.projects[0]), yearly.parameters(year)):
        heads = soup(page.markup).select("tbody tr th code")
        rows = {head.get_text(): head.find_parent("tr") for head in heads}
        own, usual = (str(rows[name]) for name in ("execution_rate", "budget_adjustment"))
        assert "90%" in own
        assert "audit.yml" in own
        assert "默认 80%" in own
        assert "30%" in usual
        assert "audit.yml" not in usual
        assert "FU04" in usual


def test_a_report_has_the_parameters_of_its_form_alone(both: dict[int, data.Year]) -> None:
    defaults = rulebook.parameters(EXPECTATIONS)
    for year, form in ((2022, "self_evaluation"), (2024, "target_declaration")):
        page = soup(sections.parameters(both[year].projects[0]).markup)
        shown = [code.get_text() for code in page.select("th code")]
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
    for module in Path(audit_utils.forms.__path__[0]).glob("*.py"):
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
    parts = (sections.head, sections.money, sections.objectives, sections.indicators)
    seen = 0
    for year in both.values():
        for one in year.projects:
            shown = flat("".join(words(part(one)) for part in parts))
            for cell in one.cells.values():
                seen += 1
                assert cell["printed"] is None or flat(cell["printed"]) in shown
    assert seen == sum(len(one.cells) for year in both.values() for one in year.projects)


def test_merged_levels_span_the_rows_of_their_groups(both: dict[int, data.Year]) -> None:
    for year in both.values():
        for one in year.projects:
            body = soup(sections.indicators(one).markup).tbody
            assert body
            spans = [int(str(cell["rowspan"])) for cell in body.select("th[rowspan]")]
            assert sum(spans) == 2 * len(one.indicators)  # each of the two levels spans all rows


def test_a_row_of_indicators_reads_as_printed(project: data.Project) -> None:
    row = soup(sections.indicators(project).markup).select("tbody tr")[1]
    assert [cell.get_text(strip=True) for cell in row.select("td")][:5] == [
        "全市典型案例评选数", "=20", "20", "5", "5",
    ]  # fmt: skip


def test_what_is_wrong_stands_beside_the_row_and_points_to_its_finding(
    project: data.Project,
) -> None:
    rows = soup(sections.indicators(project).markup).select("tbody tr")
    marked = {number: row.select("a.mark") for number, row in enumerate(rows, 1)}
    assert [number for number, marks in marked.items() if marks] == [2]
    (mark,) = marked[2]
    assert "CO04" in mark.get_text()
    article = soup(sections.findings(project).markup).select_one(str(mark["href"]))
    assert article
    assert "CO04" in article.get_text()


def test_a_finding_about_a_whole_table_stands_below_it(project: data.Project) -> None:
    others = soup(sections.indicators(project).markup).select("p.others a.mark")
    assert ["CO03" in mark.get_text() for mark in others] == [True]


def test_a_finding_about_the_head_or_the_money_stands_in_its_cell(project: data.Project) -> None:
    for section, code, label in (
        (sections.head, "CO01", "市卫生健康委员会"),
        (sections.money, "SC02", "9.36"),
    ):
        (cell,) = soup(section(project).markup).select("td.flag")
        assert label in cell.get_text()
        assert code in cell.get_text()


def test_every_mark_leads_to_a_finding_and_every_finding_is_marked(project: data.Project) -> None:
    page = [part(project) for part in (sections.head, sections.money, sections.indicators)]
    marks = {str(mark["href"]) for html in page for mark in soup(html.markup).select("a.mark")}
    articles = soup(sections.findings(project).markup).select("article")
    assert marks == {f"#{article['id']}" for article in articles}
    assert len(marks) == len(project.findings) == 4


def test_a_finding_says_everything_about_itself(project: data.Project) -> None:
    article = soup(sections.findings(project).markup).select("article")[0].get_text(" ", strip=True)
    for part in ("严重", "SC02", "SC02 的标准", "得分 9.36", "9.64", "-0.28", "网络问题",
                 "财预〔2020〕10号 依据待核", "a.txt:12-14", "第 3 页", "待复核",
                 "SC02-funds-total-score", "年度资金总额·得分"):  # fmt: skip
        assert part in article
    assert "（依据待核）" not in article


def test_a_finding_on_inferred_cells_says_so(project: data.Project) -> None:
    articles = soup(sections.findings(project).markup).select("article")
    assert ["推定" in article.get_text() for article in articles].count(True) == 1


def test_a_finding_without_a_reason_of_the_form_says_so(project: data.Project) -> None:
    assert words(sections.findings(project)).count("表中未说明") == 3


def test_findings_come_by_severity_and_are_numbered(project: data.Project) -> None:
    assert [one["rule"] for one in project.findings] == ["SC02", "CO03", "CO04", "CO01"]
    assert [one["number"] for one in project.findings] == [1, 2, 3, 4]


def test_every_rule_has_its_outcome_and_reason_and_failures_come_first(
    project: data.Project,
) -> None:
    rows = soup(sections.rules(project).markup).select("tbody tr")
    assert len(rows) == len(project.checks) == RULES
    assert [row["class"][0] for row in rows][:4] == ["fail"] * 4
    for outcome in OUTCOMES:
        assert f"原因：{outcome}" in words(sections.rules(project))


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
    assert "规则文件有误" in words(yearly.rules(year))


def test_inferred_cells_are_marked_where_they_stand_and_listed_with_their_note(
    tmp_path: Path,
) -> None:
    note = "plain text does not settle where this cell ends"
    (one,) = reporting.write(
        tmp_path, 2022, [reporting.document(reporting.form(note=note))]
    ).projects
    table = soup(sections.indicators(one).markup)
    assert len(table.select("sup.inferred")) == 7  # two levels and five cells that are printed
    assert {str(mark["title"]) for mark in table.select("sup.inferred")} == {
        "推定：纯文本看不出这一格到哪里为止"
    }
    listed = words(sections.unsettled(one))
    assert "推定的单元格（8 个）" in listed
    assert "指标 1「培训人次」指标值" in listed or "指标 1「培训人次」年度指标值" in listed


def test_what_could_not_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    problems = (Problem("text outside of any form", 88, 89, 2, "（续表）", 1),
                Problem("text outside of any form", 7, 7, 1, "题外话", None))  # fmt: skip
    year = reporting.write(
        tmp_path, 2022, [reporting.document(reporting.form(), problems=problems)]
    )
    assert "a.txt:88-89 「（续表）」不在任何表内的文字" in words(
        sections.unsettled(year.projects[0])
    )
    assert "题外话" not in words(sections.unsettled(year.projects[0]))
    assert "题外话" in words(yearly.documents(year))


def test_money_in_another_unit_is_shown_as_printed_and_in_yuan(tmp_path: Path) -> None:
    (one,) = reporting.write(tmp_path, 2022, [reporting.document(reporting.form())]).projects
    cells = [cell.get_text() for cell in soup(sections.money(one).markup).select("tr.total td")]
    assert cells[:2] == ["5.8＝ 58,000.00 元", "5.8万"]
    assert cells[3:] == ["10", "100%", "10"]


def test_points_that_were_lost_are_shown(tmp_path: Path) -> None:
    (one,) = reporting.write(tmp_path, 2022, [reporting.document(reporting.form())]).projects
    assert "89−1" in words(sections.indicators(one))


def test_provenance_names_the_document_and_no_machine(project: data.Project) -> None:
    told = words(sections.provenance(project))
    for part in ("self_evaluation_2022.txt", "0" * 64, "第 1–161 行", "audit-utils", project.id):
        assert part in told
    assert str(Path.cwd()) not in told


# ---- the index


def test_the_index_counts_the_year(both: dict[int, data.Year]) -> None:
    told = words(yearly.summary(both[2022]))
    assert "19 个项目中有 1 个查出疑点，其中 1 个有严重疑点" in told
    assert "18,862,946.00 元" in told
    assert re.findall(r"共 (\d+) 条次", told) == [str(19 * RULES)]


def test_the_index_names_the_habit_of_rounding(both: dict[int, data.Year]) -> None:
    told = words(yearly.summary(both[2022]))
    assert "全部 19 个印出的执行率都与「进位」一致" in told
    assert "执行率都与" not in words(yearly.summary(both[2024])), "declarations print no rate"


def test_the_index_lists_every_project_gravest_first(both: dict[int, data.Year]) -> None:
    rows = soup(yearly.projects(both[2022]).markup).select("tbody tr")
    assert len(rows) == 19
    first = rows[0].get_text(" ", strip=True).split()
    assert first[:6] == [
        "1",
        "执法办案及能力提升",
        "1,981,900.00",
        "1,909,740.24",
        "96.36%",
        "99.36",
    ]
    assert first[6:9] == ["1", "2", "1"]
    link = rows[0].a
    assert link
    assert link["href"] == f"projects/{both[2022].projects[0].id}.html"


def test_a_project_without_a_page_has_no_link(both: dict[int, data.Year]) -> None:
    missing = both[2024].projects[4].id
    table = soup(yearly.projects(both[2024], [missing]).markup)
    assert len(table.select("a")) == 9
    assert "报告未能生成" in table.get_text()


def test_the_outcomes_of_a_rule_add_up_to_the_projects(both: dict[int, data.Year]) -> None:
    rows = soup(yearly.rules(both[2022]).markup).select("tbody tr")
    assert len(rows) == RULES
    for row in rows:
        counts = [int(cell.get_text()) for cell in row.select("td.number")]
        assert sum(counts[:-1]) == counts[-1] == 19


def test_a_year_without_any_form_has_an_index(tmp_path: Path) -> None:
    year = reporting.write(tmp_path, 2022, [reporting.document(name="a letter.txt")])
    assert "没有一条规则得到评价" in words(yearly.summary(year))
    assert "没有读到任何表" in words(yearly.projects(year))
    assert "没有绩效表" in words(yearly.documents(year))
    assert figures.year_money(year).markup == ""


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
        sections.verdict(one), sections.head(one), sections.money(one), sections.objectives(one),
        sections.indicators(one), sections.findings(one), sections.rules(one),
        sections.unsettled(one), sections.provenance(one), figures.points(one),
        yearly.summary(year), yearly.projects(year), yearly.rules(year), yearly.documents(year),
        figures.year_money(year),
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
        assert len(page.encode()) < (400_000 if path.stem == "rules" else 100_000)
        assert markup(page).bad == []
        assert not re.search(
            r"https?:|@import|url\(", page.replace("http://www.w3.org/2000/svg", "")
        )
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
            assert table.caption
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
        for head in page.select("article.finding:not(.rule) h3, table.rules tbody th"):
            (to,) = head.select("a")
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
    assert len(index.select("table.projects a")) == 1


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
    selectors = [
        one.strip() for group in re.findall(r"([^{}]+)\{", rules) for one in group.split(",")
    ]
    assert len(selectors) > 50
    assert all(one.startswith((".audit", "body.audit")) for one in selectors)


def test_gold_has_what_these_tests_look_for() -> None:
    assert len(gold.document(2022).forms) == 19
