"""A clean form changed in one cell raises exactly the rules that the change breaks.

`mutations.json` has groups of mutations: each group starts from a clean form (the one of
the case files, with the group's own change) and says for every mutation which cell it
changes, and which rules `fail` or are `rounding` then.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from audit_utils import cases, findings, suites, tables

FOLDER = Path(__file__).parent
EXPECTATIONS = FOLDER.parent / "expectations"
RAISED = ("fail", "rounding", "error")

GROUPS: list[dict[str, Any]] = json.loads((FOLDER / "mutations.json").read_text("utf-8"))
NOTHING = {"name": "clean", "change": {}, "fail": []}
ALL = [
    pytest.param(number, mutation, id=f"{group['name']}: {mutation['name']}")
    for number, group in enumerate(GROUPS)
    for mutation in [NOTHING, *group["mutations"]]
]


def case(number: int, mutation: dict[str, Any]) -> cases.Case:
    """The mutated form as a case; its document is told by group and name."""
    clean = cases.clean(FOLDER / "rules", GROUPS[number]["form"])
    changed = cases.changed(cases.changed(clean, GROUPS[number]["change"]), mutation["change"])
    return cases.Case(f"{number}", mutation["name"], (changed,), ("pass",))


@cache
def outcomes() -> dict[str, dict[str, str]]:
    """Document -> rule -> outcome, of all mutations at once."""
    some = [case(*given.values) for given in ALL]  # type: ignore[arg-type]
    built = tables.build([cases.document(one, number) for number, one in enumerate(some)])
    checks, _ = findings.check(built, suites.load(EXPECTATIONS))
    names = {row["project_id"]: row["document"] for row in built["projects"].to_pylist()}
    found: dict[str, dict[str, str]] = {}
    for check in checks.to_pylist():
        found.setdefault(names[check["project_id"]], {})[check["rule"]] = check["outcome"]
    return found


@pytest.mark.parametrize(("number", "mutation"), ALL)
def test_a_change_raises_what_it_breaks_and_nothing_else(
    number: int, mutation: dict[str, Any]
) -> None:
    of_form = outcomes()[cases.document_name(case(number, mutation))]
    raised = {
        outcome: sorted(code for code, one in of_form.items() if one == outcome)
        for outcome in RAISED
    }
    due = {"fail": mutation["fail"], "rounding": mutation.get("rounding", []), "error": []}
    assert raised == due


def test_there_are_enough_and_each_changes_one_cell() -> None:
    every = [mutation for group in GROUPS for mutation in group["mutations"]]
    assert len(every) >= 60
    assert all(len(mutation["change"]) == 1 for mutation in every)
    for group in GROUPS:
        names = [mutation["name"] for mutation in group["mutations"]]
        assert len(names) == len(set(names))


def test_the_changes_break_rules_that_there_are() -> None:
    """Not every rule: a new one has its case file, and needs no change of this table."""
    broken = {code for group in GROUPS for one in group["mutations"] for code in one["fail"]}
    assert broken <= {rule.code for rule in suites.rules(EXPECTATIONS)}
    assert len(broken) >= 40
