"""Decisions: read strictly, matched by the most exact entry, written without a scratch."""

import datetime
import multiprocessing
import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import EXPECTATIONS

from audit_utils import cli, deciding, decisions, files, manifest, pipeline, summary, tables
from audit_utils.decisions import Decision
from audit_utils.dictionary import RECORDS, RESULTS
from audit_utils.errors import AuditError
from audit_utils.report import data, wording

DAY = datetime.date(2023, 4, 18)
FILE = Path("expectations/accepted/2022.yml")
ID = "SC01-2022-1a2b3c4d-projects-0-total_score"
ENTRY = """\
- finding: SC01-2022-1a2b3c4d-projects-0-total_score
  disposition: accepted
  reason: 单位已说明
  who: 王敏
  date: 2023-04-18
"""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def about_rule(*more: str, **texts: str) -> str:
    """An entry by rule and project."""
    known = {
        "rule": "IN01", "project": "2022-1a2b3c4d", "disposition": "false_positive",
        "reason": "r", "who": "w", "date": "2023-04-18", **texts,
    }  # fmt: skip
    return "- " + "\n  ".join([*(f"{key}: {text}" for key, text in known.items()), *more]) + "\n"


def told(text: str) -> list[str]:
    return [str(error) for error in decisions.parse(text, FILE)[1]]


# ---- what an entry says


def test_an_entry_by_finding() -> None:
    (one,), errors = decisions.parse(ENTRY, FILE)
    assert errors == []
    assert one == Decision(
        "accepted", "单位已说明", "王敏", DAY, None, finding=ID, file="accepted/2022.yml", line=1
    )
    assert one.place == "accepted/2022.yml:1"


def test_an_entry_by_rule_project_and_row_with_a_last_day() -> None:
    text = "# a note\n\n" + about_rule(row="3", until='"2023-12-31"', reason="|\n    one\n    two")
    (one,), errors = decisions.parse(text, FILE)
    assert errors == []
    assert (one.finding, one.rule, one.project, one.row) == (None, "IN01", "2022-1a2b3c4d", "3")
    assert (one.reason, one.until, one.line) == ("one\ntwo", day("2023-12-31"), 3)


@pytest.mark.parametrize(
    "text", ["", "# only a note\n", "---\n", "[]", "\ufeff# with a mark\n"], ids=repr
)
def test_a_file_without_entries_holds_no_decision(tmp_path: Path, text: str) -> None:
    (tmp_path / "2022.yml").write_text(text, "utf-8")
    assert decisions.read(tmp_path / "2022.yml") == ([], [])
    assert decisions.read(tmp_path / "2023.yml") == ([], [])


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "2022.yml").write_bytes(b"- \xff\xfe")
    found, (error,) = decisions.read(tmp_path / "2022.yml")
    assert (found, str(error)) == ([], f"{tmp_path / '2022.yml'}: cannot be read as UTF-8")


BROKEN = [
    ("an unknown key", ENTRY + "  colour: red\n", 6, "unknown key `colour`"),
    ("a key twice", ENTRY + "  who: 李\n", 6, "`who` stands there twice"),
    ("no reason", ENTRY.replace("  reason: 单位已说明\n", ""), 1, "`reason` is missing"),
    ("an empty reason", ENTRY.replace("单位已说明", '"  "'), 1, "`reason` is missing"),
    ("nobody", ENTRY.replace("王敏", "~"), 1, "`who` is missing"),
    ("no date", ENTRY.replace("  date: 2023-04-18\n", ""), 1, "`date` is missing"),
    ("a date that is none", ENTRY.replace("-04-18", "-02-30"), 1, "'2023-02-30' is no date"),
    ("a date of another form", ENTRY.replace("2023-04-18", "18.4.23"), 1, "'18.4.23' is no date"),
    ("a week", ENTRY.replace("2023-04-18", "2023-W16-2"), 1, "'2023-W16-2' is no date"),
    ("an end before its begin", ENTRY + "  until: 2023-04-17\n", 1, "`until` is before `date`"),
    ("another disposition", ENTRY.replace("accepted", "ok"), 1, "`disposition` is none of acc"),
    ("neither finding nor rule", ENTRY.replace("finding: ", "rule: "), 1, "needs either `find"),
    ("both", ENTRY + "  rule: SC01\n  project: 2022-1a2b3c4d\n", 1, "needs either `finding`"),
    ("a row of a finding", ENTRY + "  row: 1\n", 1, "needs either `finding`"),
    ("a list for a text", ENTRY.replace("王敏", "[王敏]"), 4, "`who` is no text"),
    ("half a character", ENTRY.replace("王敏", '"\\ud800"'), 4, "`who` is no text"),
    ("a tag", ENTRY.replace("王敏", "!!python/name:os.system"), 4, "a YAML tag"),
    ("an entry that is none", "- accepted\n", 1, "is no entry of the form"),
    ("no list", "finding: x\n", 1, "is no list of entries"),
    ("a colon without quotes", ENTRY.replace("单位已说明", "a: b"), 3, "is no YAML: mapping val"),
    ("an open quote", ENTRY.replace("王敏", '"王'), 6, "is no YAML: "),
    ("a control character", ENTRY.replace("王敏", "a\x01b"), 4, "is no YAML: a character"),
    ("a deep nest", "- " + "[" * 5000, None, "is no YAML: nested too deeply"),
    ("decided twice", ENTRY + ENTRY, 6, "is decided already, in line 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "line", "message"), BROKEN, ids=[case[0] for case in BROKEN]
)
def test_what_is_wrong_is_told_with_its_line_and_stops_that_entry_alone(
    name: str, text: str, line: int | None, message: str
) -> None:
    place = f"{FILE}:{line}: " if line else f"{FILE}: "
    (error,) = told(text)
    assert error.startswith(place + message)
    other = about_rule()
    if text.startswith("-") and line:
        (error,) = told(other + text)
        assert error.startswith(f"{FILE}:{line + other.count(chr(10))}: {message[:18]}")
        assert decisions.parse(other + text, FILE)[0][0].rule == "IN01"
        assert told(text + other)
        assert decisions.parse(text + other, FILE)[0][-1].rule == "IN01"


@pytest.mark.parametrize("text", [case[1] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_is_wrong_is_there_in_chinese(text: str) -> None:
    (error,) = decisions.parse(text, FILE)[1]
    said = wording.chinese(error.message)
    assert re.search("[\u3400-\u9fff]", said)
    plain = re.sub(r"`[^`]*`|accepted, false_positive, to_correct|（可用：.*）|YAML", "", said)
    assert not re.search("[a-z]{3}", plain)


def test_an_alias_is_no_second_decision() -> None:
    (error,) = told(ENTRY.replace("- finding", "- &a\n  finding") + "- *a\n")
    assert "is decided already" in error


def test_a_decision_can_follow_one_that_has_ended() -> None:
    first = ENTRY + "  until: 2023-06-30\n"
    after = ENTRY.replace("2023-04-18", "2023-07-01")
    assert told(first + after) == told(after + first) == []
    assert told(first + ENTRY.replace("2023-04-18", "2023-06-30")) != []


# ---- what it is about


def finding(finding_id: str = ID, **texts: str | None) -> dict[str, Any]:
    rule, year, digits, _, row, _ = finding_id.split("-")
    return {"finding_id": finding_id, "rule": rule, "project_id": f"{year}-{digits}",
            "row": row, **texts}  # fmt: skip


FINDINGS = [
    finding("IN01-2022-1a2b3c4d-indicators-3-actual"),
    finding("IN01-2022-1a2b3c4d-indicators-4-actual"),
    finding("IN01-2022-1a2b3c4d-indicators-5-actual"),
    finding("IN01-2022-ffffffff-indicators-3-actual"),
]
BY_PROJECT = about_rule(reason="all")
BY_ROW = about_rule(reason="row", row="4")
BY_FINDING = ENTRY.replace(ID, "IN01-2022-1a2b3c4d-indicators-4-actual")


def matched(
    text: str, as_of: str = "2023-05-01", findings: Sequence[dict[str, Any]] = FINDINGS
) -> tuple[list[str], list[tuple[int, str]]]:
    """The reason of the decision of each finding ('' for none), and the leftovers by line."""
    found, errors = decisions.parse(text, FILE)
    assert errors == []
    decided, left = decisions.match(found, findings, day(as_of))
    reasons = [decided[one["finding_id"]].reason if one["finding_id"] in decided else ""
               for one in findings]  # fmt: skip
    return reasons, [(one.decision.line, one.why) for one in left]


@pytest.mark.parametrize("text", [
    BY_PROJECT + BY_ROW + BY_FINDING, BY_FINDING + BY_ROW + BY_PROJECT,
], ids=["rough to exact", "exact to rough"])  # fmt: skip
def test_the_more_exact_entry_goes_first(text: str) -> None:
    reasons, left = matched(text)
    assert reasons == ["all", "单位已说明", "all", ""]
    assert [why for _, why in left] == ["overridden"]


def test_a_row_goes_before_its_project() -> None:
    assert matched(BY_PROJECT + BY_ROW) == (["all", "row", "all", ""], [])


def test_a_place_without_a_row_is_row_0() -> None:
    whole = finding(row=None)
    text = about_rule(rule="SC01", row="0")
    assert matched(text, findings=[whole]) == (["r"], [])


LEFT = [
    ("nothing there", about_rule(project="2022-00000000"), "2023-05-01", [(1, "no_match")]),
    ("no such row", about_rule(row="9"), "2023-05-01", [(1, "no_match")]),
    ("its last day", BY_PROJECT.rstrip() + "\n  until: 2023-05-01\n", "2023-05-01", []),
    ("the day after", BY_PROJECT.rstrip() + "\n  until: 2023-05-01\n", "2023-05-02",
     [(1, "out_of_date")]),
    ("renewed", about_rule(until="2023-05-01") + about_rule(date="2023-05-02"), "2023-05-02",
     [(1, "overridden")]),
    ("not yet renewed", about_rule(until="2023-05-01") + about_rule(date="2023-05-02"),
     "2023-05-01", [(8, "overridden")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "as_of", "left"), LEFT, ids=[case[0] for case in LEFT])
def test_what_is_left_over_and_why(
    name: str, text: str, as_of: str, left: list[tuple[int, str]]
) -> None:
    assert matched(text, as_of)[1] == left


def test_an_end_of_the_exact_entry_lets_the_rough_one_speak() -> None:
    text = BY_PROJECT + BY_FINDING + "  until: 2023-05-01\n"
    assert matched(text, "2023-05-02") == (["all", "all", "all", ""], [(7, "out_of_date")])


def test_the_day_counts_only_where_a_decision_ends(tmp_path: Path) -> None:
    file = tmp_path / "2022.yml"
    file.write_text(BY_PROJECT, "utf-8")
    at = [decisions.review([file], FINDINGS, one) for one in (datetime.date.min, DAY)]
    assert at[0] == at[1]
    assert at[0].day is None
    file.write_text(about_rule(until="2023-05-01"), "utf-8")
    late = decisions.review([file], FINDINGS, day("2024-01-01"))
    assert (late.decided, late.day, [str(one) for one in late.stale]) == (
        {}, day("2024-01-01"), ["is out of date since 2023-05-01"],
    )  # fmt: skip


# ---- written


def decision(**values: Any) -> Decision:
    return replace(Decision("accepted", "r", "w", DAY, finding=ID), **values)


texts = st.text(min_size=1).map(str.strip).filter(lambda text: text and decisions.writable(text))


@given(
    reason=texts,
    who=texts,
    until=st.none() | st.dates(min_value=DAY),
    disposition=st.sampled_from(decisions.DISPOSITIONS),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    reason: str, who: str, until: datetime.date | None, disposition: decisions.Disposition,
) -> None:  # fmt: skip
    file = tmp_path_factory.mktemp("accepted") / "2022.yml"
    meant = decision(reason=reason, who=who, until=until, disposition=disposition)
    made = deciding.add(meant, file)
    assert decisions.read(file) == ([made], [])
    assert replace(made, file="", line=0) == meant


BEFORE = [
    ("nothing", ""),
    ("a note", "# for later\n"),
    ("an entry", BY_PROJECT),
    ("no end of line", BY_PROJECT.rstrip()),
    ("a note at the end", BY_PROJECT + "# the end"),
    ("indented", "".join(f"  {line}\n" for line in BY_PROJECT.splitlines())),
    ("ends of lines as Windows has them", BY_PROJECT.replace("\n", "\r\n")),
    ("a mark at the start", "\ufeff" + BY_PROJECT),
    ("a broken entry", BY_ROW.replace("reason: row", "reason: a: b") + BY_PROJECT),
]


@pytest.mark.parametrize(("name", "before"), BEFORE, ids=[case[0] for case in BEFORE])
def test_what_was_there_stays_to_the_byte(tmp_path: Path, name: str, before: str) -> None:
    file = tmp_path / "2022.yml"
    file.write_bytes(before.encode())
    known, errors = decisions.read(file)
    made = deciding.add(decision(reason='说明: # "x"\n第二行'), file)
    assert file.read_bytes().startswith(before.encode())
    found, after = decisions.read(file)
    assert (found, list(map(str, after))) == ([*known, made], list(map(str, errors)))
    assert found[-1].reason == '说明: # "x"\n第二行'
    assert [path.name for path in tmp_path.iterdir()] == ["2022.yml"]


REFUSED = [
    ("decided already", ENTRY, ":1: SC01-2022-1a2b3c4d-projects-0-total_score is accepted already"),
    ("closed", BY_PROJECT + "...\n", ": an entry cannot be added at its end: write it by hand"),
    ("in brackets", "[]\n", ": an entry cannot be added at its end: write it by hand"),
    ("an open quote", 'a: "x\n', ": an entry cannot be added at its end: write it by hand"),
]


@pytest.mark.parametrize(("name", "before", "message"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_added_leaves_the_file_alone(
    tmp_path: Path, name: str, before: str, message: str
) -> None:
    file = tmp_path / "2022.yml"
    file.write_text(before, "utf-8")
    with pytest.raises(AuditError) as caught:
        deciding.add(decision(), file)
    assert str(caught.value) == f"{file}{message}"
    assert file.read_text("utf-8") == before


def slow_write(folder: Path, contents: dict[str, bytes]) -> None:
    time.sleep(0.3)
    WRITE(folder, contents)


WRITE = files.write


def test_two_at_once_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "write", slow_write)
    file = tmp_path / "accepted" / "2022.yml"
    context = multiprocessing.get_context("fork")
    found = [f"SC0{number}-2022-1a2b3c4d-projects-0-x" for number in range(4)]
    many = [context.Process(target=deciding.add, args=(decision(finding=one), file))
            for one in found]  # fmt: skip
    for process in many:
        process.start()
    for process in many:
        process.join()
    assert [process.exitcode for process in many] == [0] * len(many)
    known, errors = decisions.read(file)
    assert (sorted(one.finding or "" for one in known), errors) == (found, [])
    assert [path.name for path in file.parent.iterdir()] == ["2022.yml"]


def test_a_lock_that_was_left_behind_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / ".2022.yml.lock").write_bytes(b"")
    deciding.add(decision(), tmp_path / "2022.yml")
    assert [path.name for path in tmp_path.iterdir()] == ["2022.yml"]


# ---- in force


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the rules and the checked tables of a year, and no decision yet."""
    root = tmp_path_factory.mktemp("place")
    shutil.copytree(EXPECTATIONS, root / "expectations", ignore=shutil.ignore_patterns("accepted"))
    pipeline.make_tables(2022, EXPECTATIONS.parent / "data" / "raw", root / "data" / "processed")
    pipeline.make_findings(2022, root / "data" / "processed", root / "expectations")
    return root


def decided(place: Path, text: str, as_of: str | None = None) -> dict[str, str]:
    """Check with these decisions; finding_id -> disposition."""
    file = decisions.path(place / "expectations", 2022)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    folder = place / "data" / "processed" / "2022"
    found = pipeline.check_folder(
        folder, place / "expectations", as_of=day(as_of) if as_of else None
    )
    rows = found["findings"].select(["finding_id", "disposition"]).to_pylist()
    assert tables.read(folder, ["findings"])["findings"] == found["findings"]
    return {one["finding_id"]: one["disposition"] for one in rows if one["disposition"]}


def ids(place: Path) -> list[str]:
    found = tables.read(place / "data" / "processed" / "2022", ["findings"])["findings"]
    critical = found.filter(pc.equal(found["severity"], "critical"))
    return sorted(critical["finding_id"].to_pylist())


def test_a_check_sets_the_disposition_and_changes_nothing_else(place: Path) -> None:
    folder = place / "data" / "processed" / "2022"
    before = tables.read(folder, RESULTS)
    first = ids(place)[0]
    assert decided(place, ENTRY.replace(ID, first)) == {first: "accepted"}
    after = tables.read(folder, RESULTS)
    assert after["checks"] == before["checks"]
    for name in before["findings"].column_names:
        if name != "disposition":
            assert after["findings"][name] == before["findings"][name]
    assert decisions.AS_OF not in tables.read_about(folder)
    told = pipeline.result_of(folder, place / "expectations")
    assert (told.settled, told.notices) == ({"critical": 1}, ())


def test_the_day_is_written_down_where_a_decision_ends(place: Path) -> None:
    folder, rules = place / "data" / "processed" / "2022", place / "expectations"
    first = ids(place)[0]
    text = ENTRY.replace(ID, first) + "  until: 2023-12-31\n"
    assert decided(place, text, "2023-12-31") == {first: "accepted"}
    assert tables.read_about(folder)[decisions.AS_OF] == "2023-12-31"
    loaded = data.load(folder.parent, 2022, rules)
    assert _decided_findings(loaded) == [first]
    assert decided(place, text, "2024-01-01") == {}
    loaded = data.load(folder.parent, 2022, rules)
    assert (_decided_findings(loaded), [one.why for one in loaded.stale]) == ([], ["out_of_date"])
    (note,) = pipeline.result_of(folder, rules).notices
    assert note == f"{rules}/accepted/2022.yml:1: is out of date since 2023-12-31"
    decided(place, "")
    assert decisions.AS_OF not in tables.read_about(folder)


def _decided_findings(loaded: data.Year) -> list[str]:
    return [one["finding_id"] for project in loaded.projects for one in project.findings
            if one["decision"]]  # fmt: skip


def test_a_changed_file_is_read_again(place: Path) -> None:
    folder, rules = place / "data" / "processed", place / "expectations"
    first, second, *_ = ids(place)
    decided(place, ENTRY.replace(ID, first))
    assert _decided_findings(data.load(folder, 2022, rules)) == [first]
    decisions.path(rules, 2022).write_text(ENTRY.replace(ID, second) + "# changed", "utf-8")
    assert _decided_findings(data.load(folder, 2022, rules)) == [second]


def test_a_broken_entry_is_told_and_the_run_goes_on(place: Path) -> None:
    first = ids(place)[0]
    text = about_rule(who="~") + ENTRY.replace(ID, first)
    assert decided(place, text) == {first: "accepted"}
    told = pipeline.result_of(place / "data" / "processed" / "2022", place / "expectations")
    assert told.broken == (f"{place}/expectations/accepted/2022.yml:1: `who` is missing",)
    assert told.exit_code() == 3


FAIL_ON = [("accepted", 0), ("false_positive", 0), ("to_correct", 1)]


@pytest.mark.parametrize(("disposition", "code"), FAIL_ON)
def test_what_is_settled_does_not_count_for_fail_on(disposition: str, code: int) -> None:
    rows = [{"severity": "critical", "disposition": disposition}]
    read = {name: tables.of_rows(name, []) for name in (*RECORDS, "checks")}
    read |= {"findings": tables.of_rows("findings", rows)}
    read["checks"] = tables.of_rows("checks", [{"rule": "SC01", "outcome": "fail"}])
    read["documents"] = tables.of_rows("documents", [{"document": "a.txt", "forms": 1}])
    told = summary.of_tables(read, Path)
    assert (told.findings, told.exit_code("info")) == ({"critical": 1}, code)


# ---- audit-utils decide


def test_the_call_knows_every_disposition() -> None:
    assert cli._DISPOSITIONS == decisions.DISPOSITIONS


def decide(finding: str, *more: str) -> int:
    argv = ["decide", finding, "--disposition", "to_correct", "--reason", "待更正", "--who", "王敏"]
    return cli.main([*argv, "--date", "2023-04-18", *more])


def test_decide_writes_an_entry_that_the_next_check_follows(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    decided(place, "")
    first = ids(place)[0]
    assert decide(first, "--until", "2023-06-30") == 0
    assert capsys.readouterr().out == f"expectations/accepted/2022.yml:3: {first} is to_correct\n"
    file = decisions.path(place / "expectations", 2022)
    assert decided(place, file.read_text("utf-8"), "2023-05-01") == {first: "to_correct"}
    assert decide(first) == 2
    told = f"audit-utils: expectations/accepted/2022.yml:3: {first} is to_correct already\n"
    assert capsys.readouterr().err == told
    assert decide(first, "--date", "2023-07-01") == 0
    assert len(decisions.read(file)[0]) == 2


WRONG = [
    ("no such finding", "SC99-2022-00000000-x", [], "there is no finding SC99-2022-00000000-x"),
    ("no reason", "", ["--reason", " "], "--reason is no text"),
    ("half a character", "", ["--who", "\udc80"], "--who is no text"),
    ("an end before its begin", "", ["--until", "2023-04-17"], "--until 2023-04-17 is before"),
]


@pytest.mark.parametrize(
    ("name", "finding", "more", "message"), WRONG, ids=[case[0] for case in WRONG]
)
def test_what_decide_refuses_leaves_the_file_alone(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, finding: str, more: list[str], message: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(place)
    decided(place, "# nothing\n")
    assert decide(finding or ids(place)[0], *more) == 2
    assert message in capsys.readouterr().err
    assert decisions.path(place / "expectations", 2022).read_text("utf-8") == "# nothing\n"


@pytest.mark.parametrize("text", ["2023-4-18", "20230418", "2023-W16-2", "heute", "2023-02-30"])
def test_a_day_that_is_none_is_a_wrong_call(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (["run", "--as-of", text], ["check", "--as-of", text]):
        with pytest.raises(SystemExit) as ended:
            cli.main(argv)
        assert ended.value.code == 2
        assert "is no date, such as 2023-04-18" in capsys.readouterr().err


def test_the_manifest_has_the_decisions_of_its_year_alone(place: Path) -> None:
    rules = place / "expectations"
    decided(place, ENTRY.replace(ID, ids(place)[0]) + "  until: 2023-12-31\n", "2023-05-01")
    (rules / "accepted" / "2023.yml").write_text("", "utf-8")
    where = {"raw": EXPECTATIONS.parent / "data" / "raw", "processed": place / "data" / "processed",
             "reports": place / "reports", "expectations": rules, "notebooks": place}  # fmt: skip
    made = manifest.make(2022, where)
    assert "expectations/accepted/2022.yml" in made["inputs"]
    assert not [name for name in (*made["inputs"], *made["expectations"]) if "2023.yml" in name]
    assert made["parameters"][decisions.AS_OF] == "2023-05-01"
    (rules / "accepted" / "2023.yml").unlink()
