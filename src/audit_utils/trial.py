"""Runs rules for trial: on the cases that say what they do."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audit_utils import cases, findings, tables
from audit_utils.cases import Case, CaseFile
from audit_utils.precision import plain
from audit_utils.suites import Suite

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a rule did with a case: rows of checks (one a form) and of findings."""

    checks: list[Row]
    findings: list[Row]


def only(code: str, loaded: Sequence[Suite]) -> list[Suite]:
    """The suite of the rule without the other rules in it; nothing when the rule is broken."""
    return [
        dataclasses.replace(
            suite,
            rules=(rule,),
            expectations=(suite.expectations[number],),
            columns={code: suite.columns[code]},
            faults=(),
        )
        for suite in loaded
        for number, rule in enumerate(suite.rules)
        if rule.code == code
    ]


def run(file: CaseFile, suites: Sequence[Suite]) -> Mapping[str, Shown]:
    """What the rule does with each case, by the name of the case.

    `suites` are those of `only`.  All cases with the same parameters are one batch.
    AuditError: a parameter that no suite has.
    """
    groups: dict[str, list[Case]] = {}
    for case in file.cases:
        groups.setdefault(repr(sorted(case.parameters.items())), []).append(case)
    shown: dict[str, Shown] = {}
    for group in groups.values():
        shown |= _run(group, suites)
    return shown


def _run(group: Sequence[Case], suites: Sequence[Suite]) -> Mapping[str, Shown]:
    documents = [cases.document(case, number) for number, case in enumerate(group)]
    built = tables.build(documents)
    checks, found = (
        table.to_pylist() for table in findings.check(built, suites, group[0].parameters)
    )
    by_project = {row["project_id"]: row for row in checks}
    of: dict[str, list[Row]] = {document.name: [] for document in documents}
    for project in built["projects"].to_pylist():
        of[project["document"]].append(by_project[project["project_id"]])
    return {
        case.name: Shown(
            of[cases.document_name(case)],
            [row for row in found if row["document"] == cases.document_name(case)],
        )
        for case in group
    }


def differences(case: Case, shown: Shown) -> Iterator[str]:
    """How a rule does not do what the case says, each in a sentence."""
    for check, expected in zip(shown.checks, case.outcomes, strict=True):
        if check["outcome"] != expected:
            reason = f" ({check['reason']})" if check["reason"] else ""
            yield f"gives {check['outcome']}{reason}, not {expected}"
            return
    reason = shown.checks[0]["reason"]
    if case.reason is not None and reason != case.reason:
        yield f"gives the reason {reason!r}, not {case.reason!r}"
    if case.findings is not None:
        yield from _other_findings(case.findings, shown.findings)


def _other_findings(expected: Sequence[Mapping[str, Any]], found: Sequence[Row]) -> Iterator[str]:
    if len(expected) != len(found):
        yield f"gives {len(found)} findings, not {len(expected)}"
        return
    for number, (want, row) in enumerate(zip(expected, found, strict=True), start=1):
        for column, value in want.items():
            exact = Decimal(value) if column == "difference" and value is not None else value
            if row[column] != exact:
                yield f"finding {number} has {column} {_shown(row[column])}, not {_shown(exact)}"


def _shown(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else repr(value)
