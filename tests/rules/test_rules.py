"""Every rule does what its case file says."""

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rules import cases

from audit_utils import findings, suites, tables
from audit_utils.precision import OUTCOMES

EXPECTATIONS = Path(__file__).parents[2] / "expectations"
PATHS = sorted(cases.FOLDER.glob("*.json"))
FILES = {path.stem: cases.load(path) for path in PATHS}
CODES = [rule.code for rule in suites.rules(EXPECTATIONS)]
ALL = [case for file in FILES.values() for case in file.cases]


@cache
def results(code: str) -> tuple[dict[tuple[str, int], dict[str, Any]], list[dict[str, Any]]]:
    """What the rule gives for all its cases: checks by document and form, and findings."""
    documents = [cases.document(case, number) for number, case in enumerate(FILES[code].cases)]
    built = tables.build(documents)
    checks, found = findings.check(built, list(only(code)))
    forms = {
        row["project_id"]: (row["document"], row["seq"]) for row in built["projects"].to_pylist()
    }
    return {forms[row["project_id"]]: row for row in checks.to_pylist()}, found.to_pylist()


@cache
def loaded() -> list[suites.Suite]:
    return suites.load(EXPECTATIONS)


def only(code: str) -> Iterator[suites.Suite]:
    """The suite of the rule, without the others in it."""
    for suite in loaded():
        chosen = [n for n, rule in enumerate(suite.rules) if rule.code == code]
        if chosen:
            yield dataclasses.replace(
                suite,
                rules=tuple(suite.rules[n] for n in chosen),
                expectations=tuple(suite.expectations[n] for n in chosen),
            )


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: cases.Case) -> None:
    checks, found = results(case.rule)
    outcomes = [checks[cases.name(case), seq]["outcome"] for seq in range(1, len(case.forms) + 1)]
    assert outcomes == list(case.outcomes)
    if case.reason is not None:
        assert checks[cases.name(case), 1]["reason"] == case.reason
    own = [finding for finding in found if finding["document"] == cases.name(case)]
    assert bool(own) == ("fail" in case.outcomes)
    if case.findings is not None:
        expected = [
            {k: v if k != "difference" or v is None else Decimal(v) for k, v in finding.items()}
            for finding in case.findings
        ]
        keys = [list(finding) for finding in expected]
        got = [{k: f[k] for k in chosen} for chosen, f in zip(keys, own, strict=True)]
        assert got == expected


def test_every_rule_has_cases_and_every_case_file_a_rule() -> None:
    assert PATHS
    assert sorted(FILES) == sorted(CODES)
    assert {name: file.rule for name, file in FILES.items()} == {code: code for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_shows_every_outcome_that_it_can_have(code: str) -> None:
    file = FILES[code]
    shown = {outcome for case in file.cases for outcome in case.outcomes}
    assert {"pass", "fail"} <= shown
    assert shown.isdisjoint(file.never)
    assert shown | set(file.never) == set(OUTCOMES) - {"error"}
    assert all(file.never.values())


@pytest.mark.parametrize("code", CODES)
def test_cases_are_told_apart(code: str) -> None:
    names = [case.name for case in FILES[code].cases]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"change": {"projects.executed": "1"}}, "no column projects.executed"),
        ({"change": {"projects.start_date": "2022-01-01"}}, "no column projects.start_date"),
        ({"change": {"indicators.9.score": "1"}}, "index out of range"),
        ({"change": {"indicators.7": {"name": "甲"}}}, "the next indicator is not 7"),
        ({"change": {"indicators.6": {"nam": "甲"}}}, "no column indicators.nam"),
        ({"change": {"funds.lottery.executed": "1"}}, "lottery"),
        ({"change": {"indicators.1.score": 5}}, "no cell holds 5"),
        ({"change": {"indicators.1.score": ""}}, "no cell holds ''"),
        ({"change": {"indicators.1.level1": "产值"}}, "there is no level 1 产值"),
        ({"without": ["projects.end_date"]}, "end_date"),
        ({"outcome": "failed"}, "no such outcome"),
        ({"findngs": []}, "no such key"),
    ],
)
def test_a_case_on_what_no_form_could_hold_is_refused(case: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cases._case("CO01", "self_evaluation", {"name": "x", "outcome": "pass", **case})
