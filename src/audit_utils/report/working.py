"""What a finding rests on: the cells that its rule reads, as printed and as parsed.

The rule names them by their paths (batches.py), in its arguments and in its condition.
Cells of many rows, whose sum a rule looks at, stand in the steps of the working.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audit_utils.batches import Address, address
from audit_utils.dictionary import SOURCES
from audit_utils.errors import AuditError
from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.data import Project, Row
from audit_utils.report.form import LEVELS
from audit_utils.report.places import column, label, span
from audit_utils.rulebook import FIELD, Rule

_MADE = {"comparability": ("target", "actual"), "attainment": ("target", "actual")}
"""Columns that are worked out of two cells (comparison.py)."""


@dataclass(frozen=True, slots=True)
class Input:
    """A cell that a rule reads: its name, what is printed, what was parsed of it, its place."""

    label: str
    printed: str | None
    parsed: str
    place: str


def quoted(project: Project, finding: Row) -> list[Row]:
    """The cells whose lines show the finding: all of its row, its column or the inferred ones;
    of a sum all that is added up.
    """
    table, row, column = finding["table"], finding["row"], finding["column"]
    if (table, column) == ("projects", "form"):
        return [cell for cell in project.cells.values() if cell["inferred"]]
    columns = {column} if table == "indicators" else _columns_read(project, finding)
    of_row = table == "indicators" and row is not None
    beside = [
        cell
        for (own, number, name), cell in project.cells.items()
        if own == "indicators"
        and (number == row and name not in LEVELS if of_row else name in columns)
    ]
    return [*cells(project, finding), *(cell for cell in beside if cell["printed"])]


def _columns_read(project: Project, finding: Row) -> set[str]:
    """The columns of the indicators that a rule about another table reads in every row."""
    rule = project.rules.get(finding["rule"])
    places = _addresses(rule) if rule else ()
    return {place.column for place in places if place.table == "indicators"}


def cells(project: Project, finding: Row) -> list[Row]:
    """The cells of the ledger that the finding rests on: its own, then those of its rule."""
    rule = project.rules.get(finding["rule"])
    own = (finding["table"], finding["row"], finding["column"])
    read = [_cell_of(place, finding["row"]) for place in (_addresses(rule) if rule else ())]
    return [project.cells[place] for place in dict.fromkeys([own, *read]) if place in project.cells]


def _cell_of(place: Address, row: str | None) -> tuple[str, str | None, str]:
    return place.table, place.row or row, place.column


def _addresses(rule: Rule) -> Iterator[Address]:
    """Where the paths that the rule names point: one cell of the form, or one of its row."""
    if rule.table == "cells":
        return
    for name in [*FIELD.findall(rule.condition.zh), *_words(list(rule.kwargs.values()))]:
        for path in _printed(name):
            try:
                yield address(path, rule.table)
            except AuditError:
                continue  # a word of the rule that is no path


def _printed(name: str) -> tuple[str, ...]:
    """The columns that the forms print, of which a column of the tables is made."""
    for made in ("target", "actual"):
        if name.startswith(f"{made}_"):
            return (made,)
    return _MADE.get(name, (name,))


def _words(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _words(one)
        case dict() if "$PARAMETER" not in value:
            for key, one in value.items():
                yield from (key, *_words(one))


def inputs(project: Project, finding: Row) -> list[Input]:
    """The cells that the finding rests on, for a reader."""
    return [
        Input(
            _name(cell, finding),
            cell["printed"],
            parsed(project, cell["table"], cell["row"], cell["column"]),
            span(cell),
        )
        for cell in cells(project, finding)
    ]


def _name(cell: Row, finding: Row) -> str:
    """The column, with its row where that is another one than the finding's."""
    name = label(cell["table"], cell["column"])
    if cell["table"] == "funds" and (cell["row"] != "total" or finding["table"] != "funds"):
        return _("{table}·{column}", table=_(SOURCES[cell["row"]]), column=name)
    return name


def parsed(project: Project, table: str, row: str, name: str) -> str:
    """What was read of a cell; empty for text that is taken as it is printed."""
    values = _values(project, table, row)
    if name in ("target", "actual"):
        return _measured(values, name)
    value = values.get(name)
    if name in ("start_date", "end_date"):
        return str(value or "")
    match column(table, name).type:
        case "amount":
            return _("{number} 元", number=text.money(value)) if value is not None else ""
        case "points" | "rate":
            return text.number(value)
    return ""


def _values(project: Project, table: str, row: str) -> Row:
    if table == "funds":
        return project.funds[row]
    if table == "indicators":
        return next(one for one in project.indicators if str(one["ordinal"]) == row)
    return project.row


def _measured(values: Mapping[str, Any], name: str) -> str:
    """A target or an actual value: operator, number and unit; words and dates named as such."""
    value = values[f"{name}_value"]
    match values[f"{name}_kind"]:
        case "quantity" | "range":
            parts = [values[f"{name}_operator"], text.number(value), _high(values, name)]
            shown = " ".join(filter(None, parts))
            return f"{shown} {values[f'{name}_unit'] or ''}".strip()
        case "date":
            return _day(value)
        case "word":
            return _("文字")
    return ""


def _high(values: Mapping[str, Any], name: str) -> str:
    high: Decimal | None = values.get(f"{name}_high")
    return f"– {text.number(high)}" if high is not None else ""


def _day(value: Decimal | None) -> str:
    if value is None:
        return _("日期")
    digits = f"{value:08.0f}"
    return _("日期 {day}", day=f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
