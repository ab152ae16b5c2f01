"""Case files: small forms named for what they prove, with the outcome that a rule gives them.

A case starts from a clean form (`clean/<form>.json`) and says what is different:

    change   path of a cell -> its printed text (null: printed empty); `indicators.6` with a
             row adds one; `year` and `money_unit` are the form's own
    without  paths of what the form does not have: a cell (`funds.total.weight`), a column
             (`indicators.score`), a row (`indicators.5`, `funds.other`), all `indicators`
    also     further forms in the same document, each with its own change
    outcome  what the rule gives, or a list of it, one a form
    reason   what checks.reason says; findings: what the findings say, in order
"""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from audit_utils.dictionary import TABLES
from audit_utils.precision import OUTCOMES
from audit_utils.records import Cell, Document, Form, FormKind

FOLDER = Path(__file__).parent
KEYS = {"name", "change", "without", "also", "outcome", "reason", "findings"}
LEVEL1 = ("产出指标", "效益指标", "满意度指标", "成本指标")
LINES = {"projects": (1, 20), "funds": (21, 30), "indicators": (31, 60)}
"""Where the cells of a table stand: cases are about values, not about places."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `forms` are the changed forms, `outcomes` has one for each."""

    rule: str
    name: str
    forms: tuple[Mapping[str, Any], ...]
    outcomes: tuple[str, ...]
    reason: str | None
    findings: Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a rule; `never` says why an outcome cannot happen."""

    rule: str
    form: str
    never: Mapping[str, str]
    cases: tuple[Case, ...]


def clean(form: str) -> dict[str, Any]:
    """The form without any fault."""
    found: dict[str, Any] = json.loads((FOLDER / "clean" / f"{form}.json").read_text("utf-8"))
    return found


def load(path: Path) -> CaseFile:
    """A case file; raises ValueError that says which case names what cannot be."""
    content = json.loads(path.read_text("utf-8"))
    form, rule = content["form"], content["rule"]
    found = [_case(rule, form, case) for case in content["cases"]]
    return CaseFile(rule, form, content.get("never", {}), tuple(found))


def _case(rule: str, form: str, case: Mapping[str, Any]) -> Case:
    if unknown := set(case) - KEYS:
        raise ValueError(f"{rule}, {case.get('name')}: no such key: {sorted(unknown)}")
    given = case["outcome"]
    outcomes = tuple(given) if isinstance(given, list) else (given,)
    if unknown := set(outcomes) - set(OUTCOMES):
        raise ValueError(f"{rule}, {case['name']}: no such outcome: {sorted(unknown)}")
    try:
        first = changed(clean(form), case.get("change", {}), case.get("without", ()))
        others = [changed(first, change) for change in case.get("also", ())]
    except (IndexError, KeyError, ValueError) as error:
        raise ValueError(f"{rule}, {case['name']}: {error}") from error
    return Case(
        rule, case["name"], (first, *others), outcomes, case.get("reason"), case.get("findings")
    )


def changed(
    form: Mapping[str, Any], change: Mapping[str, Any], without: Sequence[str] = ()
) -> dict[str, Any]:
    """A copy of the form with the change; raises ValueError for what no form could hold."""
    found = copy.deepcopy(dict(form))
    for path, value in change.items():
        _set(found, path.split("."), value)
    for path in sorted(without, reverse=True):  # later rows first: numbers stay what they are
        _drop(found, path.split("."))
    return found


def _set(form: dict[str, Any], path: Sequence[str], value: Any) -> None:
    if path in (["year"], ["money_unit"]):
        form[path[0]] = value
        return
    if path[0] == "indicators" and len(path) == 2:
        if int(path[1]) != len(form["indicators"]) + 1:
            raise ValueError(f"the next indicator is not {path[1]}")
        form["indicators"].append(value)
        pairs = list(value.items())
    else:
        _row(form, path)[path[-1]] = value
        pairs = [(path[-1], value)]
    for column, text in pairs:
        _check(form["form"], path[0], column, text)


def _row(form: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    table, *rest = path
    if table == "indicators" and len(rest) == 2:
        return cast("dict[str, Any]", form["indicators"][int(rest[0]) - 1])
    if table == "funds" and len(rest) == 2:
        return cast("dict[str, Any]", form["funds"][rest[0]])
    if table == "projects" and len(rest) == 1:
        return cast("dict[str, Any]", form["projects"])
    raise ValueError(f"no such cell: {'.'.join(path)}")


def _check(form: str, table: str, column: str, text: object) -> None:
    """Refuse a column that the form does not have and text that no cell holds."""
    own = clean(form)[table]
    rows = own.values() if table == "funds" else own if table == "indicators" else [own]
    if column not in TABLES[table].names or not any(column in row for row in rows):
        raise ValueError(f"the form has no column {table}.{column}")
    if text is not None and (not isinstance(text, str) or text != text.strip() or not text):
        raise ValueError(f"no cell holds {text!r}")
    if column == "level1" and text not in (*LEVEL1, None):
        raise ValueError(f"there is no level 1 {text}")


def _drop(form: dict[str, Any], path: Sequence[str]) -> None:
    table, *rest = path
    if not rest:
        form[table].clear()
    elif table == "indicators" and not rest[0].isdigit():
        for row in form["indicators"]:
            del row[rest[0]]
    elif table == "indicators":
        del form["indicators"][int(rest[0]) - 1]
    elif table == "funds" and len(rest) == 1:
        del form["funds"][rest[0]]
    else:
        del _row(form, path)[rest[-1]]


def document(case: Case, number: int) -> Document:
    """The case as a document; its units are its own, so that cases do not repeat one another."""
    forms = tuple(
        as_form(_of_unit(form, number), seq) for seq, form in enumerate(case.forms, start=1)
    )
    return Document(name(case), "0" * 64, 1, 1, forms)


def name(case: Case) -> str:
    """The file name of the case's document."""
    return f"{case.rule} {case.name}.txt"


def _of_unit(form: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    unit = form["projects"].get("unit")
    return {**form, "projects": {**form["projects"], "unit": unit and f"{unit}{number}"}}


def as_form(form: Mapping[str, Any], seq: int) -> Form:
    """A form of a case as the reader would give it."""
    return Form(
        kind=cast("FormKind", form["form"]),
        seq=seq,
        year=form["year"],
        money_unit=form["money_unit"],
        head=dict(_cells("projects", form["projects"])),
        funds={source: dict(_cells("funds", row)) for source, row in form["funds"].items()},
        indicators=tuple(dict(_cells("indicators", row)) for row in form["indicators"]),
        line_start=1,
        line_end=60,
    )


def _cells(table: str, row: Mapping[str, str | None]) -> Iterator[tuple[str, Cell]]:
    for column, printed in row.items():
        yield column, Cell(printed, *LINES[table], page=1)
