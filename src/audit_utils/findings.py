"""Judgements -> the tables checks and findings.

`checks` has one row for every rule and every project of its form: the worst outcome of the
places that the rule looked at.  `findings` has one row for each place that fails, with the
four elements of an audit finding: criteria, condition, cause, and what was expected.
"""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from audit_utils import batches, parameters, suites
from audit_utils.batches import Address, address
from audit_utils.decisions import Decision
from audit_utils.dictionary import TABLES
from audit_utils.errors import AuditError
from audit_utils.evidence import Evidence
from audit_utils.language import _
from audit_utils.precision import OUTCOMES, half_up
from audit_utils.rulebook import FIELD, Rule
from audit_utils.suites import Suite

Tables = Mapping[str, pa.Table]
CHECKS, FINDINGS = TABLES["checks"].schema, TABLES["findings"].schema
NOTHING = "（空）"
"""What a condition says of a cell in which nothing is printed."""

_FIELD = re.compile(rf"“{FIELD.pattern}”|{FIELD.pattern}")
"""A field of a condition, with the quotes around it: those of what is printed."""

_REASON = Address("indicators", None, "deviation_reason")


def check(
    tables: Tables, loaded: Sequence[Suite], own: Mapping[str, Any] | None = None
) -> tuple[pa.Table, pa.Table]:
    """Run all suites on the tables: `checks` and `findings`, columns as in the dictionary.

    `own` are parameters that differ from the defaults of the suites (a year's audit.yml).
    A rule that is broken or breaks has the outcome `error` for all projects of its form.
    Raises AuditError for a parameter that cannot be, and when there is no rule at all.
    """
    if not any(suite.rules or suite.faults for suite in loaded):
        raise AuditError("there are no rules: nothing would be checked")
    values = _values(loaded, own or {})
    checks, findings = [CHECKS.empty_table()], [FINDINGS.empty_table()]
    for suite in loaded:
        checks += _faults(tables, suite)
        for checked, found in _run(tables, suite, values):
            checks.append(checked)
            findings.append(found)
    return pa.concat_tables(checks).combine_chunks(), pa.concat_tables(findings).combine_chunks()


def dispose(findings: pa.Table, decided: Mapping[str, Decision]) -> pa.Table:
    """The findings with the disposition of each decision (finding_id -> decision in force)."""
    if not decided:
        return findings
    found = (decided.get(one) for one in findings["finding_id"].to_pylist())
    column = pa.array([one and one.disposition for one in found], pa.string())
    return findings.set_column(FINDINGS.get_field_index("disposition"), "disposition", column)


def _values(loaded: Sequence[Suite], own: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {name: one for suite in loaded for name, one in suite.defaults.items()}
    return {name: one.value for name, one in parameters.in_force(defaults, own).items()}


def _faults(tables: Tables, suite: Suite) -> Iterator[pa.Table]:
    """Checks of the rules that are broken."""
    for fault in suite.faults:
        if fault.rule:
            message = _broken(fault.error.line, fault.error.message, suite)
            yield _errors(fault.rule, _projects(tables, suite), message)


def _projects(tables: Tables, suite: Suite) -> pa.ChunkedArray:
    projects = tables["projects"]
    return projects.filter(pc.equal(projects["form"], suite.form))["project_id"]


def _run(
    tables: Tables, suite: Suite, values: Mapping[str, Any]
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Checks and findings of each rule of a suite."""
    projects = _projects(tables, suite)
    if not len(projects) or not suite.rules:
        return
    frame = batches.frame(tables, suite.form, suite.table, suite.paths)
    judgements = suites.validate(suite, frame, values)
    for rule in suite.rules:
        judgement = judgements[rule.code]
        if isinstance(judgement, str):
            message = _broken(rule.line, f"{rule.code}: {judgement}", suite)
            yield _errors(rule.code, projects, message), FINDINGS.empty_table()
        else:
            failed = judgement.places[judgement.places["outcome"] == "fail"]
            found = _findings(rule, suite.columns[rule.code], failed, tables)
            yield _checks(rule, judgement.tally), found


def _broken(line: int | None, message: str, suite: Suite) -> str:
    """Why a rule did not run, without the path of this machine."""
    return f"{suite.form}/{suite.table}.json:{line}: {message}"


def _errors(code: str, projects: pa.ChunkedArray, message: str) -> pa.Table:
    size = len(projects)
    nothing = [0] * size
    return pa.table(
        [[code] * size, projects, ["error"] * size, nothing, nothing, [message] * size],
        schema=CHECKS,
    )


def _checks(rule: Rule, tally: pd.DataFrame) -> pa.Table:
    """One row a project: the worst outcome that any place has, not_applicable without any."""
    counts = tally[list(OUTCOMES)].to_numpy()
    nowhere = len(OUTCOMES) - 1
    worst = np.where(counts.any(axis=1), (counts > 0).argmax(axis=1), nowhere)
    passed = tally["pass"] + tally["rounding"]
    usual = {
        "not_applicable": rule.not_applicable.said,
        "cannot_evaluate": rule.cannot_evaluate.said,
    }
    outcomes = [OUTCOMES[code] for code in worst]
    reasons = [
        text if isinstance(text, str) and text else usual.get(outcome)
        for outcome, text in zip(outcomes, tally["reason"], strict=True)
    ]  # fmt: skip
    codes = [rule.code] * len(tally)
    columns = [codes, tally["project_id"], outcomes, passed + tally["fail"], passed, reasons]
    return pa.table([pa.array(column, from_pandas=True) for column in columns], schema=CHECKS)


# --- findings --------------------------------------------------------------------------


def _findings(rule: Rule, columns: Sequence[str], failed: pd.DataFrame, tables: Tables) -> pa.Table:
    """One row for each failed place, in the order of the places."""
    if failed.empty:
        return FINDINGS.empty_table()
    judged = {path: address(path, rule.table) for path in failed["column"].unique()}
    used = [address(path, rule.table) for path in columns] if rule.table != "cells" else []
    evidence = Evidence(tables, failed["project_id"], [*judged.values(), *used, _REASON])
    rows = [
        _finding(rule, place, judged[place["column"]], used, evidence)
        for place in failed.to_dict("records")
    ]
    return pa.Table.from_pylist(rows, FINDINGS)


def _finding(
    rule: Rule,
    failed: Mapping[Hashable, Any],
    judged: Address,
    used: Sequence[Address],
    evidence: Evidence,
) -> dict[str, Any]:
    project, row = failed["project_id"], judged.row or failed["row"]
    place = evidence.place(project, judged, row)
    of_indicator = judged.table == "indicators" and row is not None
    return {
        "finding_id": "-".join([rule.code, project, judged.table, row or "0", judged.column]),
        "rule": rule.code,
        "severity": rule.severity,
        "project_id": project,
        "table": judged.table,
        "row": row,
        "column": judged.column,
        "criteria": rule.criteria.said,
        "condition": _condition(rule, failed, judged, evidence),
        "expected": failed["expected"] or None,
        "difference": _fitting(failed["difference"]),
        "cause": evidence.text(project, _REASON, row) if of_indicator else None,
        "basis": str(rule.basis),
        "document": place.document,
        "page": place.page,
        "line_start": place.line_start,
        "line_end": place.line_end,
        "inferred": any(
            cell["inferred"]
            for cell_place in [judged, *used]
            for cell in evidence.cells(project, cell_place, failed["row"])
        ),
        "disposition": None,
        "working": failed["working"] or None,
        "address": place.address,
    }


def _fitting(difference: Decimal | None) -> Decimal | None:
    """The difference as its column holds it; None for one that no column could."""
    if difference is None:
        return None
    column = FINDINGS.field("difference").type
    rounded = half_up(difference, Decimal(1), Decimal(1).scaleb(-column.scale))
    return rounded if rounded.adjusted() < column.precision - column.scale else None


def _condition(
    rule: Rule, failed: Mapping[Hashable, Any], judged: Address, evidence: Evidence
) -> str:
    """What is printed, as the rule's own sentence says it."""
    project, row = failed["project_id"], failed["row"]
    known = {
        "label": batches.label(judged),
        "printed": evidence.text(project, judged, row),
        **failed["values"],
    }

    def fill(field: re.Match[str]) -> str:
        quoted, plain = field.groups()
        name = quoted or plain
        if name in known:
            text = known[name]
        else:
            text = evidence.text(project, address(name, rule.table), row)
        if text is None:
            return _(NOTHING)
        return f"“{text}”" if quoted else str(text)

    return _FIELD.sub(fill, rule.condition.said).rstrip()
