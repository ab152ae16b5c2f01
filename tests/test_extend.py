"""The steward's bench: trying, writing and checking a rule without touching the project."""

import json
import warnings
from pathlib import Path
from typing import Any

import gold
import pytest

from audit_utils import cases, extend, rulebook, tables
from audit_utils.errors import AuditError

ROOT = Path(__file__).parents[1]
EXPECTATIONS, CASES = ROOT / "expectations", ROOT / "tests" / "rules"


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of both real years."""
    folder = tmp_path_factory.mktemp("processed")
    for year in (2022, 2024):
        tables.write(tables.build([gold.document(year)], year), folder / str(year))
    return folder


def nine() -> Any:
    """The execution is worth at most nine points."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Great Expectations says about its own code
        from great_expectations.expectations.metadata_types import FailureSeverity

        from audit_utils.expectations import ExpectValueBetween

        return ExpectValueBetween(
            value="weight", high=9, where={"source": "total"}, severity=FailureSeverity.INFO
        )


def rule() -> dict[str, Any]:
    text = ("中文", "English")
    return extend.entry(
        nine(),
        code="XX01",
        title=text,
        criteria=text,
        basis={"source": "甲", "clause": None, "force": "guidance", "verified": True},
        condition=("{weight}", "{weight}"),
        not_applicable=text,
        cannot_evaluate=text,
    )


def test_the_rows_of_all_years_stand_in_one_frame(processed: Path) -> None:
    both = extend.frame(processed, "self_evaluation", "indicators")
    one = extend.frame(processed / "2022", "self_evaluation", "indicators")
    assert len(both) == len(one) == 279
    assert {"project_id", "row", "name", "actual_value", "score.printed"} <= set(both.columns)


def test_no_tables_are_told(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="holds no tables; `make audit` makes them"):
        extend.frame(tmp_path, "self_evaluation", "indicators")


def test_an_expectation_is_tried_in_plain_great_expectations(processed: Path) -> None:
    rows = extend.frame(processed, "self_evaluation", "funds")
    result = extend.batch(rows).validate(nine())
    assert (result.success, result.result["unexpected_count"]) == (False, 19)


def test_a_rule_is_written_at_the_end_and_all_else_stays(tmp_path: Path) -> None:
    folder = extend.copy(EXPECTATIONS, CASES, tmp_path / "scratch")
    before = (EXPECTATIONS / "self_evaluation" / "funds.json").read_text("utf-8")
    path = extend.add_rule(folder, "self_evaluation", "funds", rule())
    after = path.read_text("utf-8")
    start = before.rstrip().removesuffix("}").rstrip().removesuffix("]").rstrip()
    assert after.startswith(f"{start},\n    {{\n")
    assert json.loads(after)["expectations"][-1] == rule()
    last = rulebook.read(path)[0][-1]
    assert (last.code, last.form, last.table) == ("XX01", "self_evaluation", "funds")
    told = str(extend.changes(folder, EXPECTATIONS, CASES))
    assert not [line for line in told.splitlines() if line.startswith("-") and "---" not in line]


def test_a_rule_in_an_empty_suite(tmp_path: Path) -> None:
    path = tmp_path / "expectations" / "self_evaluation" / "funds.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"name": "self_evaluation/funds", "expectations": []}\n', "utf-8")
    extend.add_rule(tmp_path, "self_evaluation", "funds", rule())
    assert [one.code for one in rulebook.read(path)[0]] == ["XX01"]


def test_what_a_rule_would_find_in_all_years(processed: Path, tmp_path: Path) -> None:
    folder = extend.copy(EXPECTATIONS, CASES, tmp_path / "scratch")
    extend.add_rule(folder, "self_evaluation", "funds", rule())
    counts = extend.outcomes(processed, folder, "XX01")
    assert counts.to_dict("index") == {"2022": {"fail": 19}, "2024": {"fail": 0}}
    assert extend.found(processed, folder, "XX01")["condition"].tolist() == ["10"] * 19
    with pytest.raises(AuditError, match="there is no rule XX02 that can be run"):
        extend.found(processed, folder, "XX02")


def test_cases_are_written_run_and_checked(tmp_path: Path) -> None:
    folder = extend.copy(EXPECTATIONS, CASES, tmp_path / "scratch")
    extend.add_rule(folder, "self_evaluation", "funds", rule())
    some: list[dict[str, Any]] = [
        {"name": "ten", "outcome": "fail"},
        {"name": "nine", "change": {"funds.total.weight": "9"}, "outcome": "fail"},
    ]
    never = {"rounding": "nothing is computed"}
    path = extend.write_cases(folder, "XX01", "self_evaluation", some[:1], never)
    assert path.read_text("utf-8").count("\n") == 10
    with pytest.raises(AuditError, match="XX01: no case shows cannot_evaluate"):
        extend.run_cases(folder, "XX01")
    more: list[dict[str, Any]] = [
        {"name": "none", "change": {"funds.total.weight": "9"}, "outcome": "pass"},
        {"name": "words", "change": {"funds.total.weight": "十"}, "outcome": "cannot_evaluate"},
        {"name": "no weight", "without": ["funds.total.weight"], "outcome": "not_applicable"},
    ]
    extend.write_cases(folder, "XX01", "self_evaluation", [*some, *more], never)
    ran = extend.run_cases(folder, "XX01")
    assert ran["got"].tolist() == ["fail", "pass", "pass", "cannot_evaluate", "not_applicable"]
    assert ran["differs"].tolist() == ["", "gives pass, not fail", "", "", ""]
    (told,) = [line for line in extend.check(folder) if "XX01" in line]
    assert "case 'nine': gives pass, not fail" in told
    assert len(cases.load(path).cases) == 5


def test_a_folder_that_holds_other_things_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("")
    with pytest.raises(AuditError, match="is no scratch folder: it holds other things"):
        extend.copy(EXPECTATIONS, CASES, tmp_path)
    assert (tmp_path / "thesis.txt").exists()
