"""Suites: read whole or with a fault that names file and line, and open to plain GX."""

import copy
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import gold
import pytest

from audit_utils import batches, findings, rulebook, suites, tables
from audit_utils.errors import AuditError

EXPECTATIONS = Path(__file__).parents[1] / "expectations"
Entry = dict[str, Any]


@cache
def built() -> tables.Tables:
    return tables.build([gold.document(2022)], 2022)


def entry(code: str) -> Entry:
    """A copy of an entry of the real suites."""
    for path in rulebook.paths(EXPECTATIONS):
        for one in json.loads(path.read_text("utf-8"))["expectations"]:
            if one["meta"]["code"] == code:
                return copy.deepcopy(one)
    raise KeyError(code)


def folder(root: Path, *entries: Entry, parameters: Entry | None = None) -> Path:
    """A folder with one suite for the funds of self-evaluations."""
    path = root / "self_evaluation" / "funds.json"
    path.parent.mkdir()
    suite = {"name": "self_evaluation/funds", "expectations": list(entries)}
    path.write_text(json.dumps(suite, ensure_ascii=False, indent=2), "utf-8")
    if parameters is not None:
        (root / rulebook.PARAMETERS).write_text(json.dumps(parameters), "utf-8")
    return root


def plain(code: str, kind: str, kwargs: Entry, condition: str = "{printed}") -> Entry:
    """An entry with another expectation in it."""
    one = entry("FU03")
    one["type"], one["kwargs"], one["meta"]["code"] = kind, kwargs, code
    one["meta"]["condition"] = {"zh": condition, "en": condition}
    return one


def outcomes(directory: Path, code: str, values: Entry | None = None) -> list[str]:
    checks, _ = findings.check(built(), suites.load(directory), values)
    return [row["outcome"] for row in checks.to_pylist() if row["rule"] == code]


# --- the real suites ---------------------------------------------------------------------


def test_every_entry_is_ready_to_run() -> None:
    loaded = suites.load(EXPECTATIONS)
    assert [fault for suite in loaded for fault in suite.faults] == []
    ready = [rule.code for suite in loaded for rule in suite.rules]
    assert ready == [rule.code for rule in suites.rules(EXPECTATIONS)]
    written = [
        one["meta"]["code"]
        for path in sorted(EXPECTATIONS.glob("*/*.json"))
        for one in json.loads(path.read_text("utf-8"))["expectations"]
    ]
    assert sorted(ready) == sorted(written)
    assert len(ready) >= 15


def test_rules_are_read_without_great_expectations() -> None:
    code = (
        "import sys; from pathlib import Path; from audit_utils import rulebook; "
        f"assert rulebook.rules(Path({str(EXPECTATIONS)!r})); "
        "sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_rule_knows_where_it_is_written() -> None:
    for rule in suites.rules(EXPECTATIONS):
        rest = rule.path.read_text("utf-8").splitlines()[rule.line - 1 :]
        code = re.search(r'"code": "(\w+)"', "\n".join(rest))
        assert rest[0].strip() == "{"
        assert code
        assert code[1] == rule.code


def test_a_basis_that_was_not_verified_says_so() -> None:
    bases = {rule.code: str(rule.basis) for rule in suites.rules(EXPECTATIONS)}
    assert bases["FU03"] == "《中华人民共和国预算法》（2018年修正）第十三条"
    assert bases["WE01"] == "财预〔2020〕10号第十三条（依据待核）"
    assert bases["FU01"] == "表内勾稽关系"


@pytest.mark.parametrize(
    "path", rulebook.paths(EXPECTATIONS), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_suite_runs_in_a_plain_context(path: Path) -> None:
    """What the README promises to people who know GX: import the classes, load, validate."""
    (suite,) = [one for one in suites.load(EXPECTATIONS) if one.path == path]
    year = 2022 if suite.form == "self_evaluation" else 2024
    real = tables.build([gold.document(year)], year)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        native = context.suites.add(gx.ExpectationSuite(**json.loads(path.read_text("utf-8"))))
        source = context.data_sources.add_pandas("tables").add_dataframe_asset(suite.table)
        definition = source.add_batch_definition_whole_dataframe("all")
        batch = definition.get_batch(
            {"dataframe": batches.frame(real, suite.form, suite.table, suite.paths)}
        )
        values = {name: parameter.default for name, parameter in suite.defaults.items()}
        results = batch.validate(native, expectation_parameters=values).results
    _, found = findings.check(real, [suite])
    failed = [row["rule"] for row in found.to_pylist()]
    assert len(results) == len(suite.rules)
    for result in results:
        code = (result.expectation.meta or {})["code"]
        assert result.exception_info["raised_exception"] is False
        assert result.result["unexpected_count"] == failed.count(code)
        assert result.success == (code not in failed)
        json.dumps(result.to_json_dict())


# --- what GX brings itself ---------------------------------------------------------------


def test_an_expectation_of_gx_is_a_rule_like_any_other(tmp_path: Path) -> None:
    kwargs = {"column": "execution_rate", "min_value": 0.95}
    loaded = suites.load(
        folder(tmp_path, plain("XX01", "expect_column_values_to_be_between", kwargs))
    )
    checks, found = findings.check(built(), loaded)
    (suite,) = loaded
    assert suite.faults == ()
    low = {
        row["project_id"]
        for row in built()["funds"].to_pylist()
        if row["execution_rate"] is not None and row["execution_rate"] < 0.95
    }
    assert low
    assert {row["project_id"] for row in found.to_pylist()} == low
    assert {(row["table"], row["row"], row["column"]) for row in found.to_pylist()} == {
        ("funds", "total", "execution_rate")
    }
    assert all(row["condition"].endswith("%") for row in found.to_pylist())
    # The sources print no rate: those places cannot be evaluated, which no pass may hide.
    others = {row["outcome"] for row in checks.to_pylist() if row["project_id"] not in low}
    assert others == {"cannot_evaluate"}


def test_a_row_condition_of_gx_leaves_rows_out(tmp_path: Path) -> None:
    condition = {
        "type": "comparison",
        "column": {"name": "source"},
        "operator": "==",
        "parameter": "total",
    }
    kwargs = {"column": "execution_rate", "min_value": 0, "row_condition": condition}
    one = plain("XX01", "expect_column_values_to_be_between", kwargs, "{source}: {printed}")
    assert outcomes(folder(tmp_path, one), "XX01") == ["pass"] * 19


# --- parameters --------------------------------------------------------------------------


MOST = {"value": 10, "unit": "points", "zh": "最高分值", "en": "highest weight", "source": "惯例"}


def test_a_parameter_has_a_default_and_can_be_overridden(tmp_path: Path) -> None:
    kwargs = {"value": "weight", "high": {"$PARAMETER": "most"}, "where": {"source": "total"}}
    default = {"most": MOST}
    directory = folder(tmp_path, plain("XX01", "expect_value_between", kwargs), parameters=default)
    assert suites.rules(directory)[0].parameters == ("most",)
    assert suites.parameters(directory)["most"].text.zh == "最高分值"
    assert outcomes(directory, "XX01") == ["pass"] * 19
    assert outcomes(directory, "XX01", {"most": 9.5}) == ["fail"] * 19
    with pytest.raises(AuditError, match="no rule has a parameter mots"):
        outcomes(directory, "XX01", {"mots": 9.5})


# --- faults ------------------------------------------------------------------------------


def without(*keys: str) -> Callable[[Entry], None]:
    def change(one: Entry) -> None:
        for key in keys[:-1]:
            one = one[key]
        del one[keys[-1]]

    return change


def having(value: object, *keys: str) -> Callable[[Entry], None]:
    def change(one: Entry) -> None:
        for key in keys[:-1]:
            one = one[key]
        one[keys[-1]] = value

    return change


def counting_rows(one: Entry) -> None:
    one["type"], one["kwargs"] = "expect_table_row_count_to_equal", {"value": 76}


FAULTS: list[tuple[Callable[[Entry], None], str]] = [
    (without("meta", "basis"), "FU02: meta.basis.source is missing"),
    (without("meta", "criteria", "en"), "FU02: meta.criteria.en is missing"),
    (without("severity"), "FU02: severity is missing"),
    (having("serious", "severity"), "FU02: severity is 'serious', not one of critical, "),
    (having("maybe", "meta", "basis", "force"), "FU02: meta.basis.force is 'maybe', not one of"),
    (having("yes", "meta", "basis", "verified"), "FU02: meta.basis.verified is not as it should"),
    (having("", "meta", "title", "zh"), "FU02: meta.title.zh is not as it should be"),
    (without("meta", "code"), "an entry without a code: meta.code is missing"),
    (having("expect_miracles", "type"), "FU02: there is no expectation expect_miracles"),
    (having({"valeu": "executed"}, "kwargs"), "FU02: expect_value_to_equal_product cannot be made"),
    (having("exceuted", "kwargs", "value"), "FU02: no such column: exceuted"),
    (having("funds.lottery.executed", "kwargs", "value"), "FU02: no such column: funds.lottery"),
    (having("{exceuted}", "meta", "condition", "en"), "FU02: no such column: exceuted"),
    (having("FU03", "meta", "code"), "FU03: the code is used twice"),
    (having({"$PARAMETER": "most"}, "kwargs", "at_most"), "FU02: the parameter most has no"),
    (counting_rows, "FU02: expect_table_row_count_to_equal judges a table as a whole"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_a_fault_stops_its_rule_alone(
    tmp_path: Path, change: Callable[[Entry], None], message: str
) -> None:
    broken = entry("FU02")
    change(broken)
    directory = folder(tmp_path, entry("FU03"), broken, entry("SC02"))
    (suite,) = suites.load(directory)
    assert [rule.code for rule in suite.rules] == ["FU03", "SC02"]
    (fault,) = suite.faults
    assert fault.error.message.startswith(message)
    text = suite.path.read_text("utf-8").splitlines()
    assert fault.error.path == suite.path
    assert fault.error.line == [n for n, line in enumerate(text, 1) if line == "    {"][1]
    assert outcomes(directory, "SC02").count("fail") == 1
    # What has the code of another rule, or none, is told beside the checks.
    assert (fault.rule is None) == (message.startswith(("FU03", "an entry")))
    if fault.rule:
        assert outcomes(directory, "FU02") == ["error"] * 19
    assert outcomes(directory, "FU03") == ["pass"] * 19


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{\n "name": "x",\n "expectations": [,]\n}', 3, "is not JSON"),
        ('["expectations"]', 1, "a suite is"),
        ('{"name": "x"}', 1, "a suite is"),
        ('{"expectations": ["FU02"]}', 1, "an entry without a code: kwargs is missing"),
    ],
)
def test_a_suite_that_is_none_is_a_fault(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    directory = folder(tmp_path)
    (directory / "self_evaluation" / "funds.json").write_text(text, "utf-8")
    (suite,) = suites.load(directory)
    (fault,) = suite.faults
    assert (fault.rule, suite.rules, fault.error.line) == (None, (), line)
    assert fault.error.message.startswith(message)


def test_a_rule_that_breaks_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    kwargs = {"column": "execution_rate", "regex": "["}
    broken = plain("XX01", "expect_column_values_to_match_regex", kwargs)
    directory = folder(tmp_path, broken, entry("FU03"))
    checks, found = findings.check(built(), suites.load(directory))
    rows = [row for row in checks.to_pylist() if row["rule"] == "XX01"]
    assert {row["outcome"] for row in rows} == {"error"}
    assert all(row["reason"].startswith("self_evaluation/funds.json:4: XX01: ") for row in rows)
    assert {row["applied"] for row in rows} == {0}
    assert outcomes(directory, "FU03") == ["pass"] * 19
    assert found.num_rows == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [("self_evaluation/money.json", "is no suite"), ("other/funds.json", "is no suite")],
)
def test_a_file_that_nobody_would_run_is_refused(tmp_path: Path, name: str, message: str) -> None:
    directory = folder(tmp_path, entry("FU02"))
    (directory / name).parent.mkdir(exist_ok=True)
    (directory / name).write_text("{}", "utf-8")
    with pytest.raises(AuditError, match=message):
        suites.load(directory)


def test_a_folder_without_suites_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="no suites here"):
        suites.load(tmp_path)


def test_parameters_that_are_none_are_refused(tmp_path: Path) -> None:
    directory = folder(tmp_path, entry("FU02"), parameters={"most": 10})
    with pytest.raises(AuditError, match="parameters are written"):
        suites.load(directory)
