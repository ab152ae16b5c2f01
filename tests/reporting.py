"""A year with tables for reports: real forms, and checks and findings made by hand."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gold
import pyarrow as pa

from audit_utils import rulebook, tables
from audit_utils.dictionary import TABLES
from audit_utils.records import Cell, Document, Form, Problem
from audit_utils.report import data

ROOT = Path(__file__).parents[1]
EXPECTATIONS = ROOT / "expectations"
NOTEBOOKS = ROOT / "notebooks"

Row = dict[str, Any]
Printed = dict[str, str | None]


def write(
    processed: Path,
    year: int,
    documents: Iterable[Document] | None = None,
    *,
    found: dict[str, list[Row]] | None = None,
    outcomes: dict[str, dict[str, str]] | None = None,
) -> data.Year:
    """Write all tables of a year and load them.

    `found` maps a project_id to its findings, `outcomes` a project_id to outcomes of rules that
    are not `pass` (a rule with a finding is `fail`).
    """
    made = tables.build(documents if documents is not None else [gold.document(year)], year)
    found, outcomes = found or {}, outcomes or {}
    checks: list[Row] = []
    for project in made["projects"].to_pylist():
        mine = outcomes.get(project["project_id"], {})
        failed = {one["rule"] for one in found.get(project["project_id"], [])}
        for rule in rulebook.rules(EXPECTATIONS):
            if rule.form == project["form"]:
                outcome = "fail" if rule.code in failed else mine.get(rule.code, "pass")
                checks.append(check(project["project_id"], rule.code, outcome))
    findings = [one | {"project_id": project} for project, mine in found.items() for one in mine]
    results = {"checks": _table("checks", checks), "findings": _table("findings", findings)}
    tables.write({**made, **results}, processed / str(year))
    return data.load(processed, year, EXPECTATIONS)


def check(project_id: str, rule: str, outcome: str) -> Row:
    """A row of checks, with a reason where there has to be one."""
    passed = int(outcome in ("pass", "rounding"))
    reason = None if outcome in ("pass", "fail") else f"原因：{outcome}"
    return {"rule": rule, "project_id": project_id, "outcome": outcome, "applied": 1,
            "passed": passed, "reason": reason}  # fmt: skip


def finding(rule: str, table: str, row: str | None, column: str, **more: Any) -> Row:
    """A finding about one place; `more` are further columns."""
    return {
        "finding_id": f"{rule}-{table}-{row}-{column}",
        "rule": rule,
        "severity": "critical",
        "table": table,
        "row": row,
        "column": column,
        "criteria": f"{rule} 的标准",
        "condition": f"{rule} 的现状",
        "basis": "财预〔2020〕10号（依据待核）",
        "document": "a.txt",
        "page": 3,
        "line_start": 12,
        "line_end": 14,
        "inferred": False,
    } | more


def _table(name: str, rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=TABLES[name].schema)


def form(seq: int = 1, note: str = "", **printed: str | None) -> Form:
    """A small self-evaluation; `printed` replaces cells of its head or of its one indicator."""
    head: Printed = {
            "name": "培训", "department": "某局", "unit": "某单位", "objective_expected": "培训",
            "objective_actual": "培训了", "total_weight": "100", "total_score": "99"}  # fmt: skip
    row: Printed = {
           "level1": "产出指标", "level2": "数量指标", "name": "培训人次", "target": "≥12(人次)",
           "actual": "11", "weight": "90", "score": "89", "deviation_reason": None}  # fmt: skip
    funds: Printed = {
             "initial_budget": "5.8", "annual_budget": "5.8万", "executed": "5.8", "weight": "10",
             "execution_rate": "100%", "score": "10"}  # fmt: skip
    indicator = {
        name.removeprefix("i_"): text for name, text in printed.items() if name[:2] == "i_"
    }
    others = {name: text for name, text in printed.items() if name[:2] != "i_"}
    return Form(
        kind="self_evaluation",
        seq=seq,
        year=2022,
        money_unit="万元",
        head=_cells(head | others, 3),
        funds={"total": _cells(funds, 9)},
        indicators=(_cells(row | indicator, 21, note),),
        line_start=3,
        line_end=40,
    )


def document(*forms: Form, name: str = "a.txt", problems: tuple[Problem, ...] = ()) -> Document:
    """A document of these forms."""
    return Document(name, "0" * 64, 1, 1, forms, problems)


def _cells(printed: Printed, line: int, note: str = "") -> dict[str, Cell]:
    return {column: Cell(text, line, line, 1, note) for column, text in printed.items()}
