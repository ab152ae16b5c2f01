"""Checks and findings of the real documents, against a calculation of their own.

The calculation reads the transcription and knows neither the suites nor the package: plain
fractions, one function a rule.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import calculated as others
import gold
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import targets
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_utils import cases, findings, suites, tables
from audit_utils.dictionary import TABLES
from audit_utils.errors import AuditError
from audit_utils.precision import OUTCOMES
from audit_utils.records import Document

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "data" / "corpus"
FORMS = {2022: "self_evaluation", 2024: "target_declaration"}

Found = tuple[str, int, str | None]
"""Rule, form, row of the place."""

# What findings.json is complete for; a project that stands twice it does not look for.
COMPLETE = {
    "WE01", "WE03", "SC01", "SC02", "SC03", "SC04", "SC05", "SC07",
    "FU01", "FU02", "FU03", "CO13", "CO14", "DA01", "FU11", "IN11",
}  # fmt: skip


@cache
def loaded() -> list[suites.Suite]:
    return suites.load(ROOT / "expectations")


@cache
def run(year: int) -> tuple[tables.Tables, pa.Table, pa.Table]:
    built = tables.build([gold.document(year)], year)
    return built, *findings.check(built, loaded())


def seqs(built: tables.Tables) -> dict[str, int]:
    return {row["project_id"]: row["seq"] for row in built["projects"].to_pylist()}


def places(built: tables.Tables, table: pa.Table) -> Iterator[tuple[Found, dict[str, Any]]]:
    numbers = seqs(built)
    for row in table.to_pylist():
        yield (row["rule"], numbers[row["project_id"]], row.get("row")), row


# --- the calculation --------------------------------------------------------------------


def number(text: str | None) -> Fraction:
    digits = (text or "0").replace(",", "")
    return Fraction(digits.rstrip("%")) / (100 if digits.endswith("%") else 1)


def verdict(printed: Fraction, due: Fraction, unit: Fraction) -> str:
    if math.floor(due / unit + Fraction(1, 2)) * unit == printed:
        return "pass"
    return "rounding" if abs(due - printed) < unit else "fail"


def last_digit(text: str) -> Fraction:
    decimals = len(text.rstrip("%").partition(".")[2])
    return Fraction(1, 10**decimals) / (100 if text.endswith("%") else 1)


def self_evaluation(form: dict[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    """(rule, row, outcome) of whatever does not simply pass."""
    funds = {row["source"]: row for row in form["funds"]}
    total, rows, cent = funds["total"], form["indicators"], Fraction(1, 100)
    for column in ("initial_budget", "annual_budget"):
        parts = sum(number(row[column]) for source, row in funds.items() if source != "total")
        yield "FU01", "total", "pass" if parts == number(total[column]) else "fail"
    executed, budget, rate = (
        number(total[column]) for column in ("executed", "annual_budget", "execution_rate")
    )
    unit = last_digit(total["execution_rate"])
    yield "FU02", "total", verdict(rate, executed / budget, unit)
    yield "FU03", "total", "pass" if executed <= budget else "fail"
    weight, score = number(total["weight"]), number(total["score"])
    yield "SC02", "total", verdict(score, min(weight, weight * rate), cent)
    weights = weight + sum(number(row["weight"]) for row in rows)
    yield "WE01", "0", "pass" if weights == number(form["total_weight"]) == 100 else "fail"
    scores = score + sum(number(row["score"]) for row in rows)
    yield "SC01", "0", verdict(number(form["total_score"]), scores, cent)
    for row in rows:
        fine = 0 <= number(row["score"]) <= number(row["weight"])
        yield "SC03", str(row["ordinal"]), "pass" if fine else "fail"
    yield from filled("CO01", form, ("name", "department", "unit", "total_score"))
    yield from filled("CO01", total, ("annual_budget", "executed"))
    for row in rows:
        yield from filled("CO01", row, ("name", "target", "actual", "weight", "score"))
    yield from kinds("CO03", rows)
    yield from repeated("CO04", rows)
    yield from targets.calculated(form)
    yield from others.self_evaluation(form)


def target_declaration(form: dict[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    funds = {row["source"]: row["annual_request"] for row in form["funds"]}
    parts = sum(number(text) for source, text in funds.items() if source != "total")
    yield "FU11", "total", "pass" if parts == number(funds["total"]) else "fail"
    start, end, year = form["start_date"], form["end_date"], form["year"]
    yield "DA01", "0", "pass" if start <= end and start[:4] <= year <= end[:4] else "fail"
    yield from filled("CO11", form, ("name", "department", "unit", "start_date", "end_date"))
    yield from filled("CO11", {"annual_request": funds["total"]}, ("annual_request",))
    for row in form["indicators"]:
        yield from filled("CO11", row, ("name", "target"))
    yield from kinds("CO13", form["indicators"])
    yield from repeated("CO14", form["indicators"])
    yield from others.target_declaration(form)


def filled(
    rule: str, row: dict[str, Any], columns: tuple[str, ...]
) -> Iterator[tuple[str, str | None, str]]:
    place = str(row.get("ordinal", "total" if "source" in row else "0"))
    for column in columns:
        yield rule, place, "pass" if row[column] else "fail"


def kinds(rule: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, str | None, str]]:
    wanted = {"产出指标", "效益指标", "满意度指标"}
    yield rule, None, "pass" if wanted <= {row["level1"] for row in rows} else "fail"


def repeated(rule: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, str | None, str]]:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row["level2"], row["name"])
        yield rule, str(row["ordinal"]), "fail" if key in seen else "pass"
        seen.add(key)


def calculated(year: int) -> list[tuple[Found, str]]:
    (path,) = gold.FOLDER.glob(f"*_{year}.json")
    rules_of = {2022: self_evaluation, 2024: target_declaration}[year]
    return [
        ((rule, form["seq"], row), outcome)
        for form in json.loads(path.read_text("utf-8"))
        for rule, row, outcome in rules_of(form)
    ]


# --- the real documents ------------------------------------------------------------------

CALCULATED = {
    2022: {
        "FU01", "FU02", "FU03", "SC01", "SC02", "SC03", "WE01", "CO01", "CO03", "CO04",
        *targets.RULES, *others.SELF_EVALUATION,
    },
    2024: {"FU11", "DA01", "CO11", "CO13", "CO14", *others.TARGET_DECLARATION},
}  # fmt: skip


@pytest.mark.parametrize("year", FORMS)
def test_findings_are_those_of_an_independent_calculation(year: int) -> None:
    built, _, found = run(year)
    reported = [place for place, row in places(built, found) if row["rule"] in CALCULATED[year]]
    failed = [place for place, outcome in calculated(year) if outcome == "fail"]
    assert Counter(reported) == Counter(failed)


@pytest.mark.parametrize("year", FORMS)
def test_outcomes_are_the_worst_of_their_places(year: int) -> None:
    built, checks, _ = run(year)
    worst: dict[tuple[str, int], str] = {}
    counted: Counter[tuple[str, int]] = Counter()
    for (rule, seq, _row), outcome in calculated(year):
        counted[rule, seq] += outcome in ("pass", "fail", "rounding")
        worst[rule, seq] = min(outcome, worst.get((rule, seq), outcome), key=OUTCOMES.index)
    # A project's own name is one more place of these, beside its indicators.
    extra = {"CO04": 1, "CO14": 1}
    got = {
        (row["rule"], seq): (row["outcome"], row["applied"])
        for (_, seq, _), row in places(built, checks)
        if row["rule"] in CALCULATED[year]
    }
    assert got == {
        (rule, seq): (outcome, counted[rule, seq] + extra.get(rule, 0))
        for (rule, seq), outcome in worst.items()
    }


@pytest.mark.parametrize("year", FORMS)
def test_every_rule_of_the_form_has_one_outcome_for_every_project(year: int) -> None:
    built, checks, found = run(year)
    rules = [rule.code for rule in suites.rules(ROOT / "expectations") if rule.form == FORMS[year]]
    pairs = {(row["rule"], row["project_id"]): row for row in checks.to_pylist()}
    assert checks.num_rows == len(pairs) == len(rules) * built["projects"].num_rows
    assert {rule for rule, _ in pairs} == set(rules)
    failures = Counter((row["rule"], row["project_id"]) for row in found.to_pylist())
    for key, row in pairs.items():
        assert row["outcome"] in OUTCOMES
        assert row["applied"] - row["passed"] == failures[key]
        assert bool(failures[key]) == (row["outcome"] == "fail")
        assert (row["reason"] is None) == (row["outcome"] in ("pass", "fail"))


@pytest.mark.parametrize("year", FORMS)
def test_tables_are_those_of_the_dictionary(year: int) -> None:
    _, checks, found = run(year)
    assert checks.schema == TABLES["checks"].schema
    assert found.schema == TABLES["findings"].schema
    ids = found["finding_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    for column in ("criteria", "condition", "basis", "document", "line_start", "line_end"):
        assert found[column].null_count == 0


def test_the_habits_of_2022() -> None:
    built, checks, _ = run(2022)
    rounded = [
        (seq, row["reason"])
        for (_, seq, _), row in places(built, checks)
        if row["outcome"] == "rounding" and row["rule"] == "FU02"
    ]
    assert rounded == [
        (3, "四舍五入应为 99.50%；按进位则一致"),
        (6, "四舍五入应为 98.67%；按进位则一致"),
        (9, "四舍五入应为 99.93%；按进位则一致"),
        (12, "四舍五入应为 99.12%；按进位则一致"),
    ]


def test_what_a_finding_says() -> None:
    built, _, found = run(2022)
    (form_1,) = [row for (rule, seq, _), row in places(built, found) if (rule, seq) == ("SC02", 1)]
    assert form_1["condition"] == "得分 9.36；分值 10；执行率 96.36%"
    assert (form_1["expected"], form_1["difference"]) == ("9.64", Decimal("-0.28"))
    assert (form_1["table"], form_1["row"], form_1["column"]) == ("funds", "total", "score")
    assert form_1["basis"].endswith("（依据待核）")
    assert form_1["severity"] == "critical"
    sums = {
        (rule, seq): (row["expected"], row["difference"])
        for (rule, seq, _), row in places(built, found)
        if rule in ("WE01", "SC01")
    }
    assert sums == {
        ("WE01", 4): ("100", 10), ("SC01", 4): ("108.76", -10),
        ("WE01", 5): ("100", 10), ("SC01", 5): ("109.97", -10),
        ("WE01", 6): ("100", 10), ("SC01", 6): ("109.87", -10),
        ("WE01", 12): ("100", 10), ("SC01", 12): ("109.91", -10),
        ("WE01", 16): ("100", 5), ("SC01", 16): ("105.00", -5),
    }  # fmt: skip


# --- documents with known truth ----------------------------------------------------------

CASES = sorted(path.parent for path in CORPUS.glob("*/truth.json"))


def test_there_are_documents_with_known_truth() -> None:
    assert CASES


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_findings_are_the_violations_that_the_truth_implies(folder: Path) -> None:
    forms, violations = (
        json.loads((folder / name).read_text("utf-8")) for name in ("truth.json", "findings.json")
    )
    for form in forms:
        form.pop("funds_total_side", None)
    built = tables.build([gold.from_json(forms, folder.name, None)])
    _, found = findings.check(built, loaded())
    reported = {
        (rule, seq, int(row["row"]) if row["table"] == "indicators" and row["row"] else None)
        for (rule, seq, _), row in places(built, found)
        if rule in COMPLETE and not (rule == "CO14" and row["table"] == "projects")
    }
    expected = {(v["rule"], v["seq"], v["ordinal"]) for v in violations if v["rule"] in COMPLETE}
    assert reported == expected


# --- properties --------------------------------------------------------------------------


def test_findings_do_not_depend_on_other_forms() -> None:
    document = gold.document(2022)
    alone: dict[str, dict[str, Any]] = {}
    for form in document.forms[:6]:
        one = Document(document.name, document.sha256, 1, 1, (form,))
        _, found = findings.check(tables.build([one], 2022), loaded())
        alone |= {row["finding_id"]: row for row in found.to_pylist()}
    built, _, found = run(2022)
    together = {row["finding_id"]: row for (_, seq, _), row in places(built, found) if seq <= 6}
    assert alone == together
    assert alone


@pytest.mark.parametrize(
    ("column", "marked"),
    [
        ("weight", {"WE01", "WE02", "IN05"}),  # of the whole form
        ("actual", {"IN01", "IN03"}),
        ("level2", set()),
    ],
)
def test_an_inferred_cell_marks_the_findings_that_rest_on_it(column: str, marked: set[str]) -> None:
    built, _, found = run(2022)
    cells = built["cells"]
    chosen = pc.and_(pc.equal(cells["column"], column), pc.equal(cells["row"], "3"))
    inferred = cells.set_column(cells.schema.get_field_index("inferred"), "inferred", chosen)
    _, again = findings.check({**built, "cells": inferred}, loaded())
    rules = {row["rule"] for row in again.to_pylist() if row["inferred"]}
    assert rules - {"PA01"} == marked  # PA01 is about inferred cells alone
    assert not any(found["inferred"].to_pylist())


TEXTS = st.one_of(
    st.none(),
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        ["-0", "1e9", "NaN", "9" * 40, "0.0000001", "{sum}", "{0}", "\\1", "<b>", "－５％"]
    ),
)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_text_breaks_a_rule_or_loses_an_outcome(data: st.DataObject) -> None:
    forms = []
    for seq, kind in enumerate(FORMS.values(), start=1):
        form = cases.clean(ROOT / "tests" / "rules", kind)
        for row in [form["projects"], *form["funds"].values(), *form["indicators"]]:
            row.update({column: data.draw(TEXTS) for column in row if data.draw(st.booleans())})
        forms.append(cases.as_form(form, seq))
    built = tables.build([Document("任意.txt", "0" * 64, 1, 1, tuple(forms))])
    checks, found = findings.check(built, loaded())
    assert checks.num_rows == len(suites.rules(ROOT / "expectations"))
    assert "error" not in checks["outcome"].to_pylist()
    failures = pc.subtract(pc.sum(checks["applied"]), pc.sum(checks["passed"])).as_py()
    assert found.num_rows == failures


def test_no_projects_no_checks() -> None:
    checks, found = findings.check(tables.build([]), loaded())
    assert (checks.num_rows, found.num_rows) == (0, 0)


def test_no_rules_is_no_audit() -> None:
    with pytest.raises(AuditError, match="no rules"):
        findings.check(tables.build([]), [])
