"""`audit-utils suites check`: every fault with its file and line, and how to mend it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit_utils import cli, mending, pipeline, suitecheck
from audit_utils.forms import vocabulary

ROOT = Path(__file__).parents[1]
EXPECTATIONS, CASES = ROOT / "expectations", ROOT / "tests" / "rules"
SUITE, CASE = "expectations/self_evaluation/funds.json", "cases/FU03.json"

Captured = pytest.CaptureFixture[str]
Change = Callable[[dict[str, Any], Path], object]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one suite of two rules that have no fault, and their cases."""
    entries = json.loads((EXPECTATIONS / "self_evaluation" / "funds.json").read_text("utf-8"))
    chosen = [one for one in entries["expectations"] if one["meta"]["code"] in ("FU02", "SC02")]
    suite = tmp_path / SUITE
    suite.parent.mkdir(parents=True)
    suite.write_text(json.dumps({"name": "self_evaluation/funds", "expectations": chosen}))
    (tmp_path / "cases" / "clean").mkdir(parents=True)
    for name in ("FU02.json", "SC02.json", "clean/self_evaluation.json"):
        shutil.copy(CASES / name, tmp_path / "cases" / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rewritten(path: Path, change: Callable[[Any], object]) -> None:
    """The file after a change, one key a line."""
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")


def check(capsys: Captured) -> list[str]:
    """What the command prints."""
    code = cli.main(["suites", "check", "--expectations", "expectations", "--cases", "cases"])
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert code == (2 if lines else 0)
    assert err.endswith(f" {len(lines)} fault{'' if len(lines) == 1 else 's'}\n")
    return lines


def test_a_suite_without_fault_is_0(folder: Path, capsys: Captured) -> None:
    assert check(capsys) == []


def test_what_was_looked_at_is_counted(folder: Path, capsys: Captured) -> None:
    assert cli.main(["suites", "check", "--expectations", "expectations", "--cases", "cases"]) == 0
    told = capsys.readouterr().err
    labels = vocabulary.vocabulary().size
    assert re.fullmatch(rf"1 suite, 2 rules, \d\d cases, {labels} labels: 0 faults\n", told)
    assert labels > 400


def test_the_real_suites_and_cases_have_no_fault() -> None:
    checked = suitecheck.check(EXPECTATIONS, CASES)
    assert [str(trouble) for trouble in checked.troubles] == []
    assert checked.rules >= 15


def lacking(*keys: str) -> Callable[[Any], object]:
    def change(one: Any) -> object:
        for key in keys[:-1]:
            one = one[key]
        return one.pop(keys[-1])

    return change


def having(value: object, *keys: str | int) -> Callable[[Any], object]:
    def change(one: Any) -> None:
        for key in keys[:-1]:
            one = one[key]
        one[keys[-1]] = value

    return change


ENTRIES: list[tuple[str, Callable[[Any], object], str]] = [
    ("an unknown column", having("exceuted", "kwargs", "value"),
     "8: FU02: no such column: exceuted; to mend it: did you mean executed? "
     "src/audit_utils/dictionary.py has the columns of every table"),
    ("an unknown column elsewhere", having("projects.total_scroe", "kwargs", "value"),
     "8: FU02: no such column: projects.total_scroe; to mend it: "
     "did you mean projects.total_score? "
     "src/audit_utils/dictionary.py has the columns of every table"),
    ("an unknown column in the condition", having("{x}", "meta", "condition", "zh"),
     "36: FU02: no such column: x; to mend it: "
     "src/audit_utils/dictionary.py has the columns of every table"),
    ("an unknown expectation", having("expect_value_to_equal_produkt", "type"),
     "5: FU02: there is no expectation expect_value_to_equal_produkt; to mend it: "
     "did you mean expect_value_to_equal_product? those of Great Expectations and of "
     "src/audit_utils/expectations/ can be used; a new one is a class there"),
    ("an expectation of tables", having("expect_table_row_count_to_equal", "type"),
     "4: FU02: expect_table_row_count_to_equal cannot be made: "),
    ("a code used twice", having("SC02", "meta", "code"),
     "49: SC02: the code is used twice; to mend it: "
     "give the later one a code that no rule ever had, and its case file that name"),
    ("no code", lacking("meta", "code"),
     "4: an entry without a code: meta.code is missing; to mend it: "
     'add "code": "SC99", two letters and two digits that no rule ever had'),
    ("no basis", lacking("meta", "basis"),
     "4: FU02: meta.basis.source is missing; to mend it: "
     'add "source": "财预〔2020〕10号", the law or notice; '
     "also missing: meta.basis.clause, meta.basis.force, meta.basis.verified"),
    ("no severity", lacking("severity"),
     '4: FU02: severity is missing; to mend it: add "severity": one of critical, warning, info'),
    ("an unknown severity", having("grave", "severity"),
     "6: FU02: severity is 'grave', not one of critical, warning, info; to mend it: "
     'write "severity": one of critical, warning, info'),
    ("no English criteria", lacking("meta", "criteria", "en"),
     "4: FU02: meta.criteria.en is missing; to mend it: "
     'add "en": "…", in Chinese under zh and in English under en'),
    ("no English condition", lacking("meta", "condition", "en"),
     "4: FU02: meta.condition.en is missing; to mend it: "
     'add "en": "Score {score}; weight {weight}", the same in English'),
    ("an empty title", having("", "meta", "title", "zh"),
     "4: FU02: meta.title.zh is not as it should be; to mend it: "
     'write "zh": "…", in Chinese under zh and in English under en'),
    ("no word on what does not apply", lacking("meta", "not_applicable"),
     "4: FU02: meta.not_applicable.zh is missing; to mend it: "
     'add "zh": "…", in Chinese under zh and in English under en; '
     "also missing: meta.not_applicable.en"),
    ("no word on what cannot be told", lacking("meta", "cannot_evaluate", "zh"),
     "4: FU02: meta.cannot_evaluate.zh is missing; to mend it: "
     'add "zh": "…", in Chinese under zh and in English under en'),
    ("a parameter without default", having({"$PARAMETER": "most"}, "kwargs", "at_most"),
     "19: FU02: the parameter most has no default in parameters.json; to mend it: "
     "add most with its value to expectations/parameters.json, as others stand there"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "told"), ENTRIES, ids=[name for name, _, _ in ENTRIES])
def test_a_fault_of_an_entry(
    folder: Path, capsys: Captured, name: str, change: Callable[[Any], object], told: str
) -> None:
    rewritten(folder / SUITE, lambda suite: change(suite["expectations"][0]))
    lines = check(capsys)
    assert [line for line in lines if line.startswith(f"{SUITE}:{told}")], lines
    assert all("to mend it" in line for line in lines)
    assert len(lines) == 1


SUITES: list[tuple[str, str, str, str]] = [
    ("no comma", '"expectations": [', '"expectations" [',
     "1: is not JSON: Expecting ':' delimiter; to mend it: look here and in the line before for "
     "a comma, quote or bracket too few or too many"),
    ("no list of rules", "expectations", "rules",
     '1: a suite is {"name", "expectations": [...]}; to mend it: '
     "write the rules as a list under expectations"),
    ("another name", "self_evaluation/funds", "funds",
     "1: the name is 'funds', not self_evaluation/funds; to mend it: "
     'write "name": "self_evaluation/funds"'),
    ("a code that is none", "SC02", "sc-2",
     "1: sc-2: the code is not two letters and two digits; to mend it: write it like SC01"),
    ("more than Great Expectations knows", '"severity"', '"note": "", "severity"',
     "1: Great Expectations reads 0 of 2 entries: "),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "instead", "told"), SUITES, ids=[name for name, *_ in SUITES]
)
def test_a_fault_of_a_suite(
    folder: Path, capsys: Captured, name: str, text: str, instead: str, told: str
) -> None:
    suite = folder / SUITE
    suite.write_text(suite.read_text("utf-8").replace(text, instead), "utf-8")
    assert any(line.startswith(f"{SUITE}:{told}") for line in check(capsys))


def test_a_file_that_is_no_suite(folder: Path, capsys: Captured) -> None:
    (folder / SUITE).rename(folder / "expectations" / "self_evaluation" / "money.json")
    assert check(capsys) == [
        "expectations/self_evaluation/money.json: is no suite: those are "
        "(self_evaluation or target_declaration)/(cells or projects or funds or indicators).json; "
        "to mend it: move its rules into one of those files"
    ]


def test_no_suites(folder: Path, capsys: Captured) -> None:
    (folder / SUITE).unlink()
    assert check(capsys) == [
        "expectations: no suites here (<form>/<table>.json); to mend it: "
        "call it where the folder expectations lies, or name the folder"
    ]


@pytest.fixture
def labels(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the file of labels that is in force."""
    path = folder / "labels.json"
    shutil.copy(vocabulary.PATH, path)
    monkeypatch.setattr(vocabulary, "PATH", path)
    return path


LABELS: list[tuple[str, str, str, str]] = [
    ("an unknown meaning", '"nature"', '"natuer"',
     "0: head: there is no natuer, only name, department, unit, nature, category, start_date, "
     "end_date; to mend it: move its labels to one of those"),
    ("two meanings", '"项目性质"', '"项目类别"',
     "1: head: 项目类别 means nature and category; to mend it: "
     "a label means one thing in a part: leave it where most forms have it"),
    ("a label twice", '"项目性质"', '"项目性质", "项目 性质："',
     "0: head.nature: 项目 性质： stands there twice; to mend it: "
     "take one out: labels are compared without white space, colons and numbering"),
    ("an empty label", '"项目性质"', '"："',
     '0: head.nature: "：" is no label; to mend it: '
     "write the text as forms print it, or take it out"),
    ("no list", '["项目性质"]', '"项目性质"',
     '0: head.nature: must be a list of texts; to mend it: write ["…", "…"]'),
    ("a meaning twice", '"nature"', '"category": [],\n    "nature"',
     "2: category stands there twice; to mend it: put what both hold under one category"),
    ("no comma", '["项目性质"],', '["项目性质"]',
     "1: is not JSON: Expecting ',' delimiter; to mend it: look here and in the line before "
     "for a comma, quote or bracket too few or too many"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "instead", "told"), LABELS, ids=[name for name, *_ in LABELS]
)
def test_a_fault_of_the_labels(
    labels: Path, capsys: Captured, name: str, text: str, instead: str, told: str
) -> None:
    """`told` begins with how many lines below the nature of the head the fault is."""
    before = labels.read_text("utf-8")
    nature = before[: before.index('"nature"')].count("\n") + 1
    labels.write_text(before.replace(text, instead, 1), "utf-8")
    below, _, rest = told.partition(":")
    assert f"labels.json:{nature + int(below)}:{rest}" in check(capsys)


def test_what_is_missing_in_the_labels_is_told_first(labels: Path, capsys: Captured) -> None:
    labels.write_text(labels.read_text("utf-8").replace('"nature"', '"natuer"', 1), "utf-8")
    missing, unknown = check(capsys)
    assert missing.endswith('head: nature is missing; to mend it: add "nature": [] with its labels')
    assert "there is no natuer" in unknown


@pytest.mark.parametrize(
    "argv",
    [
        ["run", "2022"],
        ["tables", "a.txt", "--out", "tables"],
        ["tables", "a.txt", "a.csv", "--out", "tables", "--format", "json"],
    ],
    ids=" ".join,
)
def test_nothing_runs_without_labels(labels: Path, capsys: Captured, argv: list[str]) -> None:
    labels.write_text(labels.read_text("utf-8").replace("项目性质", "项目类别", 1), "utf-8")
    raw = labels.parent / "data" / "raw" / "2022"
    raw.mkdir(parents=True)
    (labels.parent / "notebooks").mkdir()
    for path in (raw / "a.txt", Path("a.txt"), Path("a.csv")):
        path.write_text("项目支出绩效自评表", "utf-8")
    assert cli.main(argv) == 2
    out, err = capsys.readouterr()
    message = "head: 项目类别 means nature and category"
    assert out == ""
    assert re.fullmatch(rf"audit-utils: {labels}:\d+: {message}", err.splitlines()[-1])
    assert not (labels.parent / "tables").exists()


CASE_FILES: list[tuple[str, Callable[[Any], object], str]] = [
    ("an unknown outcome", having("failed", "cases", 0, "outcome"),
     "5: FU02, case '98.333 printed as 98.33': no such outcome: failed; to mend it: "
     "write one of pass, fail, rounding, cannot_evaluate, not_applicable"),
    ("a column that is none", having({"funds.total.exceuted": "1"}, "cases", 0, "change"),
     "5: FU02, case '98.333 printed as 98.33': the form has no column funds.exceuted; "
     "to mend it: did you mean funds.executed? "
     "src/audit_utils/dictionary.py has the columns of every table"),
    ("what no cell holds", having({"funds.total.executed": 1}, "cases", 0, "change"),
     "5: FU02, case '98.333 printed as 98.33': no cell holds 1; to mend it: "
     "write it as a form prints it; null for an empty cell"),
    ("another outcome", having("fail", "cases", 0, "outcome"),
     "5: FU02, case '98.333 printed as 98.33': gives pass, not fail; to mend it: "
     "mend the rule where it is wrong, the case where the rule is right"),
    ("another form", having("target_declaration", "form"),
     "FU02: the cases are of target_declaration, the rule is one of self_evaluation"),
    ("a parameter that is none", having({"most": 1}, "cases", 0, "parameters"),
     "1: FU02: no rule has a parameter most; to mend it: "
     "take a name that expectations/parameters.json has"),
    ("no failure", lambda file: [case.update(outcome="pass") for case in file["cases"]
                                 if case["outcome"] == "fail"],
     "1: FU02: no case shows fail; to mend it: "
     'add a case with "outcome": "fail", or say under "never" why it cannot happen'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "told"), CASE_FILES, ids=[name for name, _, _ in CASE_FILES]
)
def test_a_fault_of_a_case_file(
    folder: Path, capsys: Captured, name: str, change: Callable[[Any], object], told: str
) -> None:
    if name == "another form":
        shutil.copy(CASES / "clean" / "target_declaration.json", folder / "cases" / "clean")
        rewritten(folder / "cases" / "FU02.json", lambda file: file.update(cases=[]))
    rewritten(folder / "cases" / "FU02.json", change)
    assert any(told in line for line in check(capsys))


def test_a_rule_without_cases_and_cases_without_a_rule(folder: Path, capsys: Captured) -> None:
    (folder / "cases" / "FU02.json").rename(folder / "cases" / "FU09.json")
    rewritten(folder / "cases" / "FU09.json", having("FU09", "rule"))
    assert check(capsys) == [
        "cases/FU09.json: FU09: no rule has this code; to mend it: "
        "call it after its rule, or remove it",
        f"{SUITE}:1: FU02: there is no case file cases/FU02.json; to mend it: "
        "write it as that of another rule of its form",
    ]


def test_a_rule_that_raises_is_told_once(folder: Path, capsys: Captured) -> None:
    def broken(suite: Any) -> None:
        entry = suite["expectations"][0]
        entry["type"] = "expect_column_values_to_match_regex"
        entry["kwargs"] = {"column": "execution_rate", "regex": "["}

    rewritten(folder / SUITE, broken)
    (line,) = check(capsys)
    assert line.startswith(
        "cases/FU02.json:5: FU02, case '98.333 printed as 98.33': gives error "
        "(self_evaluation/funds.json:4: FU02: "
    )
    assert line.endswith("to mend it: mend the entry of the rule")


def test_a_run_tells_a_case_file_that_is_wrong(folder: Path) -> None:
    (folder / "tests").mkdir()
    (folder / "cases").rename(folder / "tests" / "rules")
    path = folder / "tests" / "rules" / "FU02.json"
    rewritten(path, having("failed", "cases", 0, "outcome"))
    assert pipeline.faults(folder / "expectations") == [
        f"{path}:5: FU02, case '98.333 printed as 98.33': no such outcome: failed"
    ]


def test_faults_as_json(folder: Path, capsys: Captured) -> None:
    argv = ["suites", "check", "--expectations", "expectations", "--cases", "cases"]
    assert cli.main([*argv, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    rewritten(folder / SUITE, lambda suite: suite["expectations"][0].pop("severity"))
    assert cli.main([*argv, "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out) == [
        {
            "rule": "FU02",
            "path": SUITE,
            "line": 4,
            "fault": "FU02: severity is missing",
            "mend": 'add "severity": one of critical, warning, info',
        }
    ]


def test_a_fault_of_an_unknown_kind_gets_general_advice() -> None:
    assert mending.mend("something else") == mending.GENERAL
