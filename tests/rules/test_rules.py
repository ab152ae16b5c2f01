"""Every rule does what its case file says, and a case file says enough."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from audit_utils import cases, findings, suites, tables, trial
from audit_utils.errors import AuditError
from audit_utils.records import Document

EXPECTATIONS = Path(__file__).parents[2] / "expectations"
FOLDER = Path(__file__).parent
FILES = {path.stem: cases.load(path) for path in cases.paths(FOLDER)}
CODES = [rule.code for rule in suites.rules(EXPECTATIONS)]
CLEAN = ("pass", "not_applicable")
ALL = [case for file in FILES.values() for case in file.cases]


@cache
def loaded() -> list[suites.Suite]:
    return suites.load(EXPECTATIONS)


@cache
def shown(code: str) -> Any:
    return trial.run(FILES[code], trial.only(code, loaded()))


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: cases.Case) -> None:
    did = shown(case.rule)[case.name]
    assert list(trial.differences(case, did)) == []
    assert bool(did.findings) == ("fail" in case.outcomes)


def test_every_rule_has_cases_and_every_case_file_a_rule() -> None:
    assert FILES
    assert sorted(FILES) == sorted(CODES)


def test_a_clean_form_is_clean_for_every_rule() -> None:
    forms = [cases.clean(FOLDER, path.stem) for path in sorted((FOLDER / cases.CLEAN).iterdir())]
    records = tuple(cases.as_form(form, seq) for seq, form in enumerate(forms, start=1))
    built = tables.build([Document("clean.txt", "0" * 64, 1, 1, records)])
    checks = findings.check(built, loaded())[0].to_pylist()
    assert len(checks) == len(CODES)
    told = {check["rule"]: check["reason"] for check in checks if check["outcome"] not in CLEAN}
    assert told == {}


# --- what is refused ----------------------------------------------------------------------


def refused(tmp_path: Path, case: dict[str, Any], **file: Any) -> list[str]:
    """What is said about a file of three good cases and this one."""
    (tmp_path / "clean").symlink_to(FOLDER / "clean")
    good = [{"name": one, "outcome": one} for one in ("pass", "fail", "not_applicable")]
    never = {"rounding": "no number", "cannot_evaluate": "always"}
    content = {"rule": "CO01", "form": "self_evaluation", "never": never, "cases": [*good, case]}
    path = tmp_path / "CO01.json"
    path.write_text(json.dumps(content | file, ensure_ascii=False, indent=1), "utf-8")
    return [str(error).removeprefix(str(tmp_path)) for error in cases.read(path)[1]]


def change(**cells: Any) -> dict[str, Any]:
    return {"change": {path.replace("__", "."): text for path, text in cells.items()}}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (change(projects__executed="1"), "the form has no column projects.executed"),
    (change(projects__start_date="2022-01-01"), "the form has no column projects.start_date"),
    (change(indicators__1__annual_request="1"), "the form has no column indicators.annual_request"),
    (change(indicators__1__target_value="1"), "the form has no column indicators.target_value"),
    (change(indicators__9__score="1"), "the form has no indicators.9.score"),
    (change(indicators__0__score="1"), "the form has no indicators.0.score"),
    (change(indicators__7={"name": "甲"}), "the next indicator is not 7"),
    (change(indicators__6={"nam": "甲"}), "the form has no column indicators.nam"),
    (change(funds__lottery__executed="1"), "the form has no funds.lottery.executed"),
    (change(lottery__executed="1"), "the form has no lottery.executed"),
    (change(indicators__1__score=5), "no cell holds 5"),
    (change(indicators__1__score=""), "no cell holds ''"),
    (change(indicators__1__score=" 5"), "no cell holds ' 5'"),
    (change(indicators__1__name="培训\n场次"), "no cell holds '培训\\n场次'"),
    (change(indicators__1__name="培训 场次"), "no cell holds '培训 场次'"),
    (change(indicators__1__level1="产值"), "there is no level 1 产值"),
    (change(indicators__1__level2="产值"), "there is no level 2 产值"),
    (change(money_unit="元台"), "no money_unit is '元台'"),
    (change(year=22), "no year is 22"),
    ({"without": ["projects.end_date"]}, "the form has no projects.end_date"),
    ({"also": [{"projects.end_date": "1"}], "outcome": ["pass"] * 2},
     "the form has no column projects.end_date"),
    ({"outcome": "failed"}, "no such outcome: failed"),
    ({"outcome": "error"}, "no such outcome: error"),
    ({"outcome": ["pass", "pass"]}, "1 forms and 2 outcomes"),
    ({"findngs": []}, "no such key: findngs"),
    ({"kind": "doc"}, "no such kind: doc"),
    ({"findings": [{"colum": "name"}]}, "findings have no column colum"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_a_case_on_what_no_form_could_hold_is_refused(
    tmp_path: Path, case: dict[str, Any], message: str
) -> None:
    told = refused(tmp_path, {"name": "x", "outcome": "pass"} | case)
    assert told == [f"/CO01.json:{LINE}: CO01, case 'x': {message}"]


LINE = 21
"""Where the fourth case of the file begins."""

INCOMPLETE: list[tuple[dict[str, Any], str]] = [
    ({"never": {"rounding": "no number"}}, "1: CO01: no case shows cannot_evaluate"),
    ({"never": {"rounding": "", "cannot_evaluate": "always"}},
     "1: CO01: why rounding never happens is not said"),
    ({"never": {"rounding": "a", "cannot_evaluate": "b", "not_applicable": "c"}},
     "1: CO01: a case shows not_applicable, which never happens"),
    ({"never": {"rounding": "a", "cannot_evaluate": "b", "fail": "c"}},
     "1: CO01: no rule may leave fail out"),
    ({"rule": "CO02"}, "1: \"rule\" is 'CO02', the file is CO01.json"),
    ({"form": "form"}, "1: \"form\" is 'form', no form"),
    ({"forms": "form"}, "1: no such key: forms"),
    ({"cases": {}}, '1: a case file is {"rule", "form", "cases": [...]}'),
]  # fmt: skip


@pytest.mark.parametrize(("file", "message"), INCOMPLETE, ids=[one for _, one in INCOMPLETE])
def test_a_file_that_does_not_show_what_the_rule_does_is_refused(
    tmp_path: Path, file: dict[str, Any], message: str
) -> None:
    assert refused(tmp_path, {"name": "x", "outcome": "pass"}, **file) == [f"/CO01.json:{message}"]


def test_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    told = refused(tmp_path, {"name": "pass", "outcome": "pass"})
    assert told == [f"/CO01.json:{line}: CO01: two cases are called 'pass'" for line in (9, LINE)]


def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "CO01.json").write_text("{\n,", "utf-8")
    with pytest.raises(AuditError, match=r"CO01.json:2: is not JSON: Expecting property name"):
        cases.load(tmp_path / "CO01.json")


# --- what is told when a rule does otherwise ------------------------------------------------


DIFFERENCES: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "pass"}, "gives fail, not pass"),
    ({"outcome": "fail", "reason": "甲"}, "gives the reason None, not '甲'"),
    ({"outcome": "fail", "findings": []}, "gives 1 findings, not 0"),
    ({"outcome": "fail", "findings": [{"expected": "99"}]},
     "finding 1 has expected '99.83', not '99'"),
    ({"outcome": "fail", "findings": [{"difference": "0.16"}]},
     "finding 1 has difference 0.17, not 0.16"),
]  # fmt: skip


@pytest.mark.parametrize(("says", "message"), DIFFERENCES, ids=[one for _, one in DIFFERENCES])
def test_a_rule_that_does_otherwise_is_told(says: dict[str, Any], message: str) -> None:
    entry = {"name": "x", "change": {"projects.total_score": "100"}} | says
    case = cases._case("SC01", cases.clean(FOLDER, "self_evaluation"), entry, 1)
    file = cases.CaseFile("SC01", "self_evaluation", {}, (case,), FOLDER)
    did = trial.run(file, trial.only("SC01", loaded()))["x"]
    assert list(trial.differences(case, did)) == [message]
