"""Targets and what was reached side by side, and the conditions that suites write about them."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_utils import cases, comparison, findings, suites, tables, trial, values
from audit_utils.errors import AuditError
from audit_utils.records import Document

ROOT = Path(__file__).parents[1]


def compared(target: str, actual: str) -> dict[str, Any]:
    """The columns of the comparison for one indicator."""
    row: dict[str, Any] = comparison.compare(indicators([(target, actual)])).to_pylist()[0]
    return row


def indicators(pairs: list[tuple[str, str]]) -> pa.Table:
    form = cases.clean(ROOT / "tests" / "rules", "self_evaluation")
    first = form["indicators"][0]
    form["indicators"] = [{**first, "target": t, "actual": a} for t, a in pairs]
    document = Document("比较.txt", "0" * 64, 1, 1, (cases.as_form(form, 1),))
    return tables.build([document])["indicators"]


@pytest.mark.parametrize(
    ("target", "actual", "in_unit_of_target"),
    [
        ("<=2万元", "15000元", "1.5"),
        ("<=15000元", "2万元", "20000"),
        (">=1亿元", "9999万元", "0.9999"),
        (">=1亿元", "99990000.01元", "0.9999000001"),
        (">=3千克", "2500克", "2.5"),
        ("<=5%", "1‰", "0.1"),
        (">=65.5万人次", "68.78", "68.78"),
        (">=5.8万", "58000株", "5.8"),
        (">=12", "12", "12"),
        (">=4次/月", "4次/月", "4"),
    ],
)
def test_the_actual_value_in_the_unit_of_the_target(
    target: str, actual: str, in_unit_of_target: str
) -> None:
    found = compared(target, actual)
    assert found["actual_compared"] == Decimal(in_unit_of_target)
    assert found["attainment"] in ("met", "missed")


@pytest.mark.parametrize(
    ("target", "actual", "kind"),
    [
        (">=12场", "12次", "other_unit"),
        (">=12场", "100%", "other_unit"),
        (">=100人", "100人次", "other_unit"),
        (">=1期/月", "12", "unit_per_period"),
        ("12", "1期/季度", "unit_per_period"),
        (">=90%", "已完成", "words_for_number"),
        ("及时", "100%", "number_for_words"),
        ("2022年12月底前", "100%", "other_kind"),
        ("80%-90%", "80%-85%", "other_kind"),
    ],
)
def test_what_cannot_be_compared_has_no_numbers(target: str, actual: str, kind: str) -> None:
    found = compared(target, actual)
    assert found["comparability"] == kind
    assert {found[c] for c in ("attainment", "target_compared", "actual_compared")} == {None}


TARGETS = st.sampled_from(
    [">=12场", "<=2万元", ">90%", "80%-90%", "及时", "2022年12月底前", "=1期/月", "/", "每月5日前"]
)
ANSWERS = st.sampled_from(
    ["12", "0", "0%", "12场", "13次", "1.5万元", "95%", "及时", "2022年11月", "—", "80%-90%"]
)


@settings(deadline=None)
@given(st.lists(st.tuples(TARGETS, ANSWERS), min_size=1, max_size=12))
def test_a_row_is_compared_alike_alone_and_among_others(pairs: list[tuple[str, str]]) -> None:
    together = comparison.compare(indicators(pairs)).to_pylist()
    assert together == [compared(*pair) for pair in pairs]


@given(st.one_of(st.none(), st.text(max_size=12)), st.one_of(st.none(), st.text(max_size=12)))
def test_any_text_is_compared(target: str | None, actual: str | None) -> None:
    found = compared(target or "", actual or "")
    empty = values.empty(target) or values.empty(actual)
    assert (found["comparability"] is None) == empty
    assert found["comparability"] in (*comparison.WHY, None)


@pytest.mark.parametrize(
    ("target", "actual", "operator", "ceiling", "due"),
    [
        (85, 35, ">=", "target/actual", "1.647"),
        (85, 35, None, "1-(actual-target)/target", "1.647"),
        (12, 15, "<=", "target/actual", "3.2"),
        (12, 15, "<=", "1-(actual-target)/target", "3"),
        (12, 24, "<", "1-(actual-target)/target", "0"),
        (12, 99, "<", "1-(actual-target)/target", "0"),
        (0, 3, "<=", "target/actual", "0"),
        (0, 3, "<=", "1-(actual-target)/target", None),
        (0, 0, ">", "target/actual", None),
        (-5, -10, ">=", "target/actual", None),
    ],
)
def test_points_that_are_due_for_a_missed_target(
    target: int, actual: int, operator: str | None, ceiling: str, due: str | None
) -> None:
    numbers = (Decimal(4), Decimal(target), Decimal(actual))
    points = comparison.due_points(*numbers, operator, ceiling)
    assert (points is None) == (due is None)
    if points and due:
        assert round(points[0] / points[1], 3) == Decimal(due)


# --- parameters --------------------------------------------------------------------------


@cache
def loaded() -> list[suites.Suite]:
    return suites.load(ROOT / "expectations")


def outcome(rule: str, changes: dict[str, str], **parameters: Any) -> dict[str, Any]:
    """The check of one rule on the clean form with these changes."""
    form = cases.clean(ROOT / "tests" / "rules", "self_evaluation")
    for place, text in changes.items():
        number, column = place.split(".")
        form["indicators"][int(number) - 1][column] = text
    built = tables.build([Document("一.txt", "0" * 64, 1, 1, (cases.as_form(form, 1),))])
    checks, _ = findings.check(built, trial.only(rule, loaded()), parameters)
    check: dict[str, Any] = checks.to_pylist()[0]
    return check


@pytest.mark.parametrize(
    ("rule", "changes", "parameters", "default", "own"),
    [
        ("SC08", {"1.actual": "18场"}, {"over_achievement": 1.5}, "fail", "pass"),
        ("SC08", {"1.actual": "18.01场"}, {"over_achievement": 1.5}, "fail", "fail"),
        ("SC05", {"1.target": "<=12场", "1.actual": "15场", "1.score": "11.25"},
         {"ceiling_formula": "1-(actual-target)/target"}, "fail", "pass"),
        ("SC09", {"4.actual": "50%"}, {"grades": {"优": 80, "良": 70, "合格": 60, "不合格": 0}},
         "fail", "pass"),
        ("IN05", {}, {"quantified_share": 0.84}, "pass", "fail"),
        ("SC07", {"1.actual": "11场", "1.deviation_reason": "见附件"}, {"no_reason": ["见附件"]},
         "pass", "fail"),
    ],
)  # fmt: skip
def test_a_year_sets_its_own_parameters(
    rule: str, changes: dict[str, str], parameters: dict[str, Any], default: str, own: str
) -> None:
    assert outcome(rule, changes)["outcome"] == default
    assert outcome(rule, changes, **parameters)["outcome"] == own


def test_a_formula_that_is_not_known_stops_its_rule() -> None:
    changes = {"1.actual": "11场", "1.score": "13.75"}
    check = outcome("SC05", changes, ceiling_formula="actual/target")
    assert check["outcome"] == "error"
    assert "'actual/target' is no formula" in check["reason"]


# --- conditions --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        [],
        {},
        ["score"],
        ["score", "is", "weight"],
        ["score", "<"],
        ["score", "<", None],
        ["level1", "in", "产出指标"],
        {"all": []},
        {"none": [["score", "<", 1]]},
        {"all": [["score", "<", 1]], "any": [["score", "<", 1]]},
        {"any": [["score", "<", 1], ["score"]]},
    ],
)
def test_what_is_no_condition_is_told(condition: Any) -> None:
    with pytest.raises(AuditError, match="no condition: "):
        columns_of(condition)


def test_the_columns_of_a_condition() -> None:
    condition = {"all": [["a", "<", "b"], {"any": [["c", "filled"], ["d", "in", [None, "x"]]]}]}
    assert columns_of(condition) == ["a", "b", "c", "d"]


def columns_of(condition: Any) -> list[str]:
    loaded()  # imports Great Expectations without the warnings of its own code
    from audit_utils.expectations import conditions

    return list(conditions.columns(condition))
