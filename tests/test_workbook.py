"""The working paper: every value of its own type and equal to the tables, safe, ready to print."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import reporting

from audit_utils import decisions, dictionary, language, pipeline, tables
from audit_utils.errors import AuditError
from audit_utils.records import Problem
from audit_utils.report import data, sheets, text, workbook

SHEETS = ["疑点", "检查", "项目", "指标", "规则", "来源"]
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "http://example.com/x",
    "javascript:alert(1)", "007", "1e5", "_x0041_", "a\x01b\x0bc\x1f", "a\u202eb", "\ufeffa",
    "a\nb\tc", "a\rb", " blank ", "<b>&amp;", "😀" * 3, "'quoted", "{{ 7 * 7 }}", "TRUE", "#REF!",
]  # fmt: skip


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> data.Year:
    """The real year with some findings, two of them decided, and a stale decision."""
    folder = tmp_path_factory.mktemp("year")
    expectations = folder / "expectations"
    shutil.copytree(reporting.EXPECTATIONS, expectations, ignore=shutil.ignore_patterns("accepted"))
    first = reporting.write(folder, 2022).projects[0].id
    findings = [
        reporting.finding("SC02", "funds", "total", "score", difference=Decimal("-0.28"),
                          expected="9.64", working="9.36\n10 × 96.36%"),
        reporting.finding("IN03", "indicators", "2", "target", severity="info", inferred=True,
                          cause="原因"),
        reporting.finding("IN03", "indicators", "3", "target", severity="warning", page=None),
    ]  # fmt: skip
    outcomes = {first: {"FU02": "rounding", "SC04": "cannot_evaluate", "WE03": "error"}}
    reporting.write(folder, 2022, found={first: findings}, outcomes=outcomes)
    tables.write({}, folder / "2022", {decisions.AS_OF: "2023-05-01"})
    file = decisions.path(expectations, 2022)
    file.parent.mkdir()
    file.write_text(
        f"- {{rule: SC02, project: {first}, disposition: accepted, reason: '=见函', who: 王, "
        "date: 2023-04-18, until: 2099-12-31}\n"
        "- {finding: IN03-indicators-2-target, disposition: to_correct, reason: r, who: w, "
        "date: 2023-04-19}\n"
        "- {finding: gone, disposition: accepted, reason: r, who: w, date: 2023-04-19}\n"
        "- {finding: broken}\n",
        "utf-8",
    )
    return data.load(folder, 2022, expectations)


def opened(made: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made))


@pytest.fixture(scope="module")
def book(year: data.Year) -> Any:
    return opened(workbook.make(year))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet of one table, by the names in the notes of the heads."""
    head, *others = sheet.iter_rows()
    names = [cell.comment.text.split("\n")[0].split(" ")[0] for cell in head]
    keys = [f"{name} {names[:at].count(name)}" if name in names[:at] else name
            for at, name in enumerate(names)]  # fmt: skip
    return [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in others]


def hostile(tmp_path: Path, texts: list[str]) -> data.Year:
    """A year whose only project has these texts for the names of its indicators and findings."""
    indicator = reporting.form().indicators[0]
    cell = indicator["name"]
    form = reporting.form(name=texts[0])
    forms = [replace(form, indicators=tuple(
        {**indicator, "name": replace(cell, printed=one)} for one in texts))]  # fmt: skip
    document = reporting.document(*forms, problems=(Problem("told", 1, 1, 1, texts[0]),))
    project = reporting.write(tmp_path, 2022, [document]).projects[0].id
    findings = [reporting.finding("SC02", "indicators", str(at), "name", condition=one)
                for at, one in enumerate(texts)]  # fmt: skip
    return reporting.write(tmp_path, 2022, [document], found={project: findings})


# ---- what stands where


def test_the_sheets_and_their_heads(book: Any) -> None:
    assert book.sheetnames == SHEETS
    for name in SHEETS[:-1]:
        for cell in book[name][1]:
            column, _, described = cell.comment.text.partition("\n")
            assert cell.value
            assert described
            known = [one for table in (dictionary.TABLES | dictionary.WORKBOOK).values()
                     for one in table.columns if one.name == column.split(" ")[0]]  # fmt: skip
            assert cell.value in {one.zh for one in known}
            assert described in {one.en for one in known}


def test_in_english_sheets_and_heads_have_the_names_of_tables_and_columns(
    year: data.Year,
) -> None:
    with language.speaking("en"):
        made = opened(workbook.make(year))
    assert made.sheetnames == [
        "Findings", "Checks", "Projects", "Indicators", "Rules", "Sources",
    ]  # fmt: skip
    heads = [cell.value for cell in made.worksheets[0][1]]
    assert heads[:4] == ["Severity", "Rule", "Name", "Condition"]
    assert "Finding id" in heads


def test_findings_are_those_of_the_tables(book: Any, year: data.Year) -> None:
    found = [one for project in year.projects for one in project.findings]
    shown = rows(book["疑点"])
    assert len(shown) == len(found) == 3
    plain = ("rule", "condition", "expected", "cause", "criteria", "document", "page", "line_start",
             "basis", "working", "line_end", "address", "table", "row", "column", "finding_id",
             "project_id")  # fmt: skip
    assert {cells["name"] for cells in shown} == {year.projects[0].row["name"]}
    for one, cells in zip(found, shown, strict=True):
        assert {name: cells[name] for name in plain} == {name: one[name] for name in plain}
        assert cells["severity"] == text.SEVERITIES[one["severity"]].word
        assert cells["inferred"] == ("是" if one["inferred"] else "否")
    assert shown[0]["difference"] == -0.28


def test_decisions_stand_beside_their_findings(book: Any) -> None:
    names = ("rule", "disposition", "reason", "who", "date", "until")
    assert [tuple(row[name] for name in names) for row in rows(book["疑点"])] == [
        ("SC02", "接受", "=见函", "王", datetime(2023, 4, 18), datetime(2099, 12, 31)),
        ("IN03", None, None, None, None, None),
        ("IN03", "待更正", "r", "w", datetime(2023, 4, 19), None),
    ]
    (choice,) = book["疑点"].data_validations.dataValidation
    assert (choice.type, choice.formula1) == ("list", '"接受,误报,待更正"')
    assert str(choice.sqref) == "L2:L4"


def test_a_finding_leads_to_its_place_on_the_page(book: Any, year: data.Year) -> None:
    (project, *_) = year.projects
    links = [cell.hyperlink for cell in book["疑点"]["C"][1:]]
    assert [(one.target, one.location) for one in links] == [
        (f"projects/{project.id}.html", f"f{finding['number']}") for finding in project.findings
    ]


def test_checks_are_those_of_the_tables(book: Any, year: data.Year) -> None:
    found = [one for project in year.projects for one in project.checks]
    shown = rows(book["检查"])
    names = ("rule", "project_id", "applied", "passed", "reason")
    assert [tuple(row[name] for name in names) for row in shown] == [
        tuple(one[name] for name in names) for one in found
    ]
    assert {row["outcome"] for row in shown} == {
        "不通过",
        "通过",
        "舍入差异",
        "无法评价",
        "检查出错",
    }


def test_money_scores_and_counts_are_numbers(book: Any, year: data.Year) -> None:
    shown = rows(book["项目"])
    assert len(shown) == 19
    for project, cells in zip(year.projects, shown, strict=True):
        total = project.funds["total"]
        for name in ("initial_budget", "annual_budget", "executed", "execution_rate", "score"):
            assert Decimal(str(cells[name])) == total[name]
        assert Decimal(str(cells["total_score"])) == project.row["total_score"]
        assert cells["project_id"] == project.id
        assert cells["name"] == project.row["name"]
    counts = ("critical", "warning", "info", "decided")
    assert [shown[0][name] for name in counts] == [0, 1, 1, 1]
    assert [shown[1][name] for name in counts] == [0, 0, 0, 0]
    formats = {cell.number_format for cell in book["项目"][2]}
    assert {"#,##0.00####", "0.00####%", "0.00####", "0"} <= formats


def test_dates_are_dates(tmp_path: Path) -> None:
    declared = reporting.write(tmp_path, 2024)
    made = opened(workbook.make(declared))
    for project, cells in zip(declared.projects, rows(made["项目"]), strict=True):
        assert cells["start_date"].date() == date.fromisoformat(project.row["start_date"])
        assert Decimal(str(cells["annual_request"])) == project.funds["total"]["annual_request"]


def test_indicators_are_those_of_the_tables(book: Any, year: data.Year) -> None:
    found = [one for project in year.projects for one in project.indicators]
    shown = rows(book["指标"])
    assert len(shown) == len(found) == 279
    for one, cells in zip(found, shown, strict=True):
        for name in ("ordinal", "level1", "target", "actual", "target_kind", "deviation_reason"):
            assert cells[name] == one[name]
        assert cells["name 1"] == one["name"]
        for name in ("weight", "score", "target_value", "actual_value"):
            assert (None if cells[name] is None else Decimal(str(cells[name]))) == one[name]


def test_rules_with_their_outcomes(book: Any, year: data.Year) -> None:
    shown = {row["rule"]: row for row in rows(book["规则"])}
    assert shown.keys() == year.rules.keys()
    assert shown["SC01"]["criteria"] == year.rules["SC01"].criteria.zh
    outcomes = ("fail", "error", "cannot_evaluate", "rounding", "pass", "not_applicable")
    assert [shown["FU02"][name] for name in outcomes] == [0, 0, 0, 1, 18, 0]
    assert [shown["SC02"][name] for name in outcomes] == [1, 0, 0, 0, 18, 0]
    assert shown["FU04"]["parameters"] == "budget_adjustment = 30%"


def test_sources_tell_documents_decisions_parameters_and_sheets(book: Any, year: data.Year) -> None:
    told = [[cell.value for cell in row] for row in book["来源"].iter_rows()]
    first = {row[0]: row for row in told if row[0]}
    (document,) = year.documents
    assert first[document["document"]][1] == document["sha256"]
    assert first["gone"][1] == "没有对应的疑点"
    assert [row[1] for row in told if row[7] == "accepted/2022.yml:4"] == ["缺少 `disposition`"]
    assert first["execution_rate"][1] == "80%"
    assert first["decided_as_of"][1] == "2023-05-01"
    assert {"python", "xlsxwriter", "audit-utils"} <= first.keys()
    assert [first[name][2] for name in SHEETS[:-1]] == [3, len(rows(book["检查"])), 19, 279, 42]


@pytest.mark.parametrize(
    ("spoken", "said"),
    [("zh", ["文件是空的", "缺少 `disposition`"]),
     ("en", ["the file is empty", "`disposition` is missing"])],
)  # fmt: skip
def test_messages_are_in_the_language_of_the_workbook(
    year: data.Year, spoken: language.Language, said: list[str]
) -> None:
    lost = tables.of_rows("problems", [{"document": "a.txt", "message": "the file is empty"}])
    with language.speaking(spoken):
        made = opened(workbook.make(replace(year, problems=lost.to_pylist())))
    told = [row[1].value for row in made.worksheets[-1].iter_rows()]
    assert [one for one in told if one in said] == said


# ---- ready to work with and to print


def test_heads_stay_and_columns_filter(book: Any) -> None:
    for name in SHEETS[:-1]:
        sheet = book[name]
        last = sheet.dimensions.split(":")[1]
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref == f"A1:{last}"
    assert book["疑点"].freeze_panes == "D2"


def test_every_sheet_prints_on_a4_as_wide_as_the_paper(book: Any) -> None:
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "2022 年度项目绩效审核工作底稿" in sheet.oddHeader.left.text
        assert sheet.oddFooter.center.text.endswith("第 &P 页，共 &N 页")
    for name in SHEETS[:-1]:
        assert book[name].print_title_rows == "$1:$1"
        assert book[name].print_area


def test_columns_are_as_wide_as_their_texts_or_wrap(book: Any) -> None:
    for name in SHEETS[:-1]:
        sheet = book[name]
        for column in sheet.iter_cols(min_row=2):
            width = sheet.column_dimensions[column[0].column_letter].width
            for cell in column:
                if isinstance(cell.value, str):
                    needed = max(len(line.encode("gb18030")) for line in cell.value.split("\n"))
                    assert cell.alignment.wrap_text or needed <= width


def test_severities_and_outcomes_are_words_with_a_quiet_fill(book: Any) -> None:
    fills = {cell.value: cell.fill.fgColor.rgb for cell in book["检查"]["D"][1:]}
    assert fills["不通过"] != fills["通过"] != fills["舍入差异"]
    assert all(len(word) > 1 for word in fills)


# ---- hostile texts, and what does not fit


def test_every_text_is_shown_and_stays_text(tmp_path: Path) -> None:
    made = workbook.make(hostile(tmp_path, HOSTILE))
    for sheet, name in (("疑点", "condition"), ("指标", "name 1")):
        # openpyxl leaves the escape of an escape as it is; LibreOffice reads it, see below.
        shown = [row[name].replace("_x005F_", "_") for row in rows(opened(made)[sheet])]
        assert sorted(shown) == sorted(map(text.visible, HOSTILE))
    cells = [cell for sheet in opened(made).worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    kept = {cell.value for cell in cells if cell.style and cell.quotePrefix}
    assert {"=1+1", "+1", "-1", "@SUM(A1)"} <= kept
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name or "vba" in name]
        xml = b"".join(parts.read(name) for name in parts.namelist())
    assert b"<f>" not in xml
    outside = re.findall(rb'Target="([^"]*)" TargetMode="External"', xml)
    assert outside
    assert all(re.fullmatch(rb"projects/[0-9a-f-]+\.html", one) for one in outside)
    assert xml.count(b'TargetMode="External"') == len(outside)


def test_a_text_that_no_cell_can_hold_says_so(tmp_path: Path) -> None:
    for long in ("长" * 40_000, "😀" * 20_000):
        (row,) = rows(opened(workbook.make(hostile(tmp_path, [long])))["疑点"])
        told = row["condition"]
        assert len(told.encode("utf-16-le")) // 2 <= workbook.SIGNS
        assert told.endswith(f"……（共 {len(long):,} 个字符，单元格放不下，全文见数据表）")
        assert long.startswith(told.split("…")[0])


NUMBERS = [
    ("whole", "10.000000", 10),
    ("cents", "1234567890123.45", 1234567890123.45),
    ("fifteen digits", "123456789.123456", 123456789.123456),
    ("sixteen digits", "1234567890.123456", "1,234,567,890.123456"),
    ("a great number", "900000000000000000.000000", 900000000000000000),
    ("below zero", "-0.000001", -0.000001),
]


@pytest.mark.parametrize(("name", "given", "shown"), NUMBERS, ids=[case[0] for case in NUMBERS])
def test_a_number_that_a_spreadsheet_would_round_stays_text(
    tmp_path: Path, name: str, given: str, shown: float | str
) -> None:
    document = reporting.document(reporting.form())
    project = reporting.write(tmp_path, 2022, [document]).projects[0].id
    finding = reporting.finding("SC02", "funds", "total", "score", difference=Decimal(given))
    known = reporting.write(tmp_path, 2022, [document], found={project: [finding]})
    (row,) = rows(opened(workbook.make(known))["疑点"])
    assert row["difference"] == shown
    assert type(row["difference"]) in ((str,) if isinstance(shown, str) else (int, float))


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(
    year: data.Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "ROWS", 101)
    made = opened(workbook.make(year))
    parts = [name for name in made.sheetnames if name.startswith("指标")]
    assert parts == ["指标", "指标 2", "指标 3"]
    shown = [row for name in parts for row in rows(made[name])]
    assert [(row["project_id"], row["ordinal"]) for row in shown] == [
        (one["project_id"], one["ordinal"])
        for project in year.projects
        for one in project.indicators
    ]
    told = {row[0].value: row[2].value for row in made["来源"].iter_rows()}
    assert [told[name] for name in parts] == [100, 100, 79]


def test_rows_that_just_fit_need_no_further_sheet(
    year: data.Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "ROWS", 280)
    assert [name for name in opened(workbook.make(year)).sheetnames if name[:2] == "指标"] == [
        "指标"
    ]


def test_more_links_than_a_sheet_holds_are_told(
    year: data.Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LINKS", 2)
    made = opened(workbook.make(year))
    assert [bool(cell.hyperlink) for cell in made["疑点"]["C"][1:]] == [True, True, False]
    told = {row[0].value: row[1].value for row in made["来源"].iter_rows()}
    assert told["疑点"].endswith("（前 2 行有链接）")


# ---- the same bytes, and what other programs make of it


def test_the_same_year_gives_the_same_bytes(
    year: data.Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = workbook.make(year)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    before = os.umask(0o077)
    try:
        assert workbook.make(year) == first
    finally:
        os.umask(before)


def test_the_file_is_written_beside_the_pages(year: data.Year, tmp_path: Path) -> None:
    path = workbook.write(year, tmp_path)
    assert path == tmp_path / "2022" / "findings.xlsx"
    assert path.read_bytes() == workbook.make(year)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("x"), "findings.xlsx: KeyError: 'x'"),
        (AuditError("cannot be written", "r"), "r: cannot be written"),
    ],
    ids=["a mistake", "a full disk"],
)
def test_one_that_fails_is_told_and_none_of_an_earlier_run_stays(
    year: data.Year, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(_: data.Year) -> bytes:
        raise error

    workbook.write(year, tmp_path)
    monkeypatch.setattr(workbook, "make", fail)
    monkeypatch.setattr(data, "load", lambda *_: year)
    where = dict.fromkeys(("processed", "expectations", "reports"), tmp_path)
    run = pipeline._Year(2022, where, 1, date(2023, 5, 1), lambda *_: None)
    assert run.workbook() == [told]
    assert not (tmp_path / "2022" / "findings.xlsx").exists()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Converts a workbook with LibreOffice; tests are skipped where it is not installed."""
    program = shutil.which("soffice")
    if not program:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("office")

    def convert(made: bytes, kind: str) -> bytes:
        (folder / "paper.xlsx").write_bytes(made)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        call = [
            program,
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder / "out"),
        ]
        subprocess.run(
            [*call, str(folder / "paper.xlsx")], check=True, capture_output=True, timeout=120
        )
        return (folder / "out" / f"paper.{kind}").read_bytes()

    return convert


def test_libreoffice_reads_the_same_values(
    office: Any, tmp_path: Path, book: Any, year: data.Year
) -> None:
    back = opened(office(workbook.make(year), "xlsx"))
    assert back.sheetnames == SHEETS
    for name in SHEETS:
        for ours, theirs in zip(book[name].iter_rows(), back[name].iter_rows(), strict=False):
            for one, other in zip(ours, theirs, strict=False):
                assert one.value == other.value
    assert back["疑点"].auto_filter.ref == book["疑点"].auto_filter.ref


def test_libreoffice_keeps_hostile_texts_as_texts(office: Any, tmp_path: Path) -> None:
    back = opened(office(workbook.make(hostile(tmp_path, HOSTILE)), "xlsx"))
    shown = [row["condition"] for row in rows(back["疑点"])]
    assert sorted(shown) == sorted(map(text.visible, HOSTILE))


def test_libreoffice_prints_it(office: Any, year: data.Year) -> None:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(office(workbook.make(year), "pdf"))) as pdf:
        assert {(round(page.width), round(page.height)) for page in pdf.pages} == {(842, 595)}
        printed = pdf.pages[0].extract_text()
    assert "2022 年度项目绩效审核工作底稿" in printed
    assert f"第 1 页，共 {len(pdf.pages)} 页" in printed


def test_what_a_sheet_says_is_in_the_dictionary() -> None:
    assert sheets.field("findings", "severity").column in dictionary.TABLES["findings"].columns
    with pytest.raises(ValueError, match="not enough values"):
        sheets.field("findings", "colour")
