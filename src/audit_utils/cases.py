"""Case files: small forms named for what they prove, with the outcome that a rule gives them.

A folder of cases has one file a rule, `<CODE>.json`, and `clean/<form>.json`, the forms
without any fault.  A case starts from the clean form and says what is different:

    name        what the case proves
    change      path of a cell -> its printed text (null: printed empty); `indicators.6` or
                `funds.unit_funds` with a row adds one; `year` and `money_unit` are the form's own
    without     paths of what the form does not have: a cell (`funds.total.weight`), a column
                (`indicators.score`), a row (`indicators.5`, `funds.other`), all `indicators`
    kind        kind of the document (default: text).  Plain text is read in one layout: what is
                missing was not found there; in any other kind the form does not have it
    also        further forms in the same document, each with its own change
    inferred    paths of cells that the reader had to infer
    parameters  name -> value, where it differs from the default
    outcome     what the rule gives, or a list of it, one a form
    reason      what checks.reason says; findings: what the findings say, in order

`never` of the file says for each outcome that cannot happen why not.  Nothing here needs
Great Expectations: reports show the cases as examples.
"""

import copy
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from audit_utils import jsontext
from audit_utils.copies import BEST_FIRST
from audit_utils.dictionary import SOURCES, TABLES
from audit_utils.errors import AuditError
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.precision import OUTCOMES
from audit_utils.records import Cell, Document, Form, FormKind

CLEAN = "clean"
_KEYS = {
    "name", "change", "without", "kind", "also", "inferred", "parameters", "outcome", "reason",
    "findings",
}  # fmt: skip
_FILE_KEYS = {"rule", "form", "never", "cases"}
_SHOWN = frozenset(OUTCOMES) - {"error"}
"""The outcomes that the cases of a rule have to show."""
_LINES = {"projects": (1, 20), "funds": (21, 30), "indicators": (31, 60)}
"""Where the cells of a table stand: cases are about values, not about places."""
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f]|\s{2}|(?<=[\u3400-\u9fff])\s(?=[\u3400-\u9fff])")
"""What no cell holds: the reader joins wrapped lines and takes white space out of Chinese."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `forms` are the changed forms, `outcomes` has one for each.

    `change`, `without` and `inferred` say how the first form differs from the clean one,
    `also` how the others differ from the first.
    """

    rule: str
    name: str
    forms: tuple[Mapping[str, Any], ...]
    outcomes: tuple[str, ...]
    reason: str | None = None
    findings: Sequence[Mapping[str, Any]] | None = None
    change: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    inferred: tuple[str, ...] = ()
    also: tuple[Mapping[str, Any], ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    line: int = 1
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a rule; `never` says why an outcome cannot happen."""

    rule: str
    form: str
    never: Mapping[str, str]
    cases: tuple[Case, ...]
    path: Path


def beside(expectations: Path) -> Path:
    """The folder of cases that goes with a folder of suites."""
    return expectations.parent / "tests" / "rules"


def paths(folder: Path) -> list[Path]:
    """The case files of a folder."""
    return sorted(folder.glob("*.json"))


def load(path: Path) -> CaseFile:
    """The cases of a file; raises AuditError when one of them cannot be used."""
    file, faults = read(path)
    if faults or file is None:
        raise faults[0]
    return file


def read(path: Path) -> tuple[CaseFile | None, list[AuditError]]:
    """The cases that can be used (None: not even the file), and what is wrong with the others."""
    try:
        rule, form, never = _head(path)
        plain = clean(path.parent, form)
    except AuditError as error:
        return None, [error]
    found: list[Case] = []
    faults: list[AuditError] = []
    for entry, line in jsontext.entries(path, "cases"):
        try:
            found.append(_case(rule, plain, entry, line))
        except AuditError as error:
            name = entry.get("name") if isinstance(entry, dict) else None
            faults.append(AuditError(f"{rule}, case {name!r}: {error}", path, line))
    faults += _missing(path, rule, never, found) if not faults else []
    return CaseFile(rule, form, never, tuple(found), path), faults


def clean(folder: Path, form: str) -> dict[str, Any]:
    """The form without any fault; raises AuditError when it cannot be read."""
    found: dict[str, Any] = jsontext.load(folder / CLEAN / f"{form}.json")
    return found


def _head(path: Path) -> tuple[str, str, Mapping[str, str]]:
    content = jsontext.load(path)
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list):
        raise AuditError('a case file is {"rule", "form", "cases": [...]}', path, 1)
    if unknown := sorted(content.keys() - _FILE_KEYS):
        raise AuditError(f"no such key: {unknown[0]}", path, 1)
    if content.get("rule") != path.stem:
        raise AuditError(f'"rule" is {content.get("rule")!r}, the file is {path.name}', path, 1)
    if content.get("form") not in ("self_evaluation", "target_declaration"):
        raise AuditError(f'"form" is {content.get("form")!r}, no form', path, 1)
    return path.stem, content["form"], content.get("never", {})


def _missing(
    path: Path, rule: str, never: Mapping[str, str], found: Sequence[Case]
) -> Iterator[AuditError]:
    """What the cases of a rule have to show and do not."""
    shown = {outcome for case in found for outcome in case.outcomes}
    for outcome in OUTCOMES:
        if outcome in never and outcome not in _SHOWN - {"pass", "fail"}:
            yield AuditError(f"{rule}: no rule may leave {outcome} out", path, 1)
        elif outcome in never and outcome in shown:
            yield AuditError(f"{rule}: a case shows {outcome}, which never happens", path, 1)
        elif outcome in never and not never[outcome]:
            yield AuditError(f"{rule}: why {outcome} never happens is not said", path, 1)
        elif outcome in _SHOWN - shown - never.keys():
            yield AuditError(f"{rule}: no case shows {outcome}", path, 1)
    names = [case.name for case in found]
    for case in found:
        if names.count(case.name) > 1:
            yield AuditError(f"{rule}: two cases are called {case.name!r}", path, case.line)


def _case(rule: str, plain: Mapping[str, Any], entry: Any, line: int) -> Case:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise AuditError("a case has at least a name and an outcome")
    if unknown := sorted(entry.keys() - _KEYS):
        raise AuditError(f"no such key: {unknown[0]}")
    if (kind := entry.get("kind", "text")) not in BEST_FIRST:
        raise AuditError(f"no such kind: {kind}")
    change, without = entry.get("change", {}), tuple(entry.get("without", ()))
    first = changed(plain, change, without)
    inferred = _existing(first, entry.get("inferred", ()))
    first["inferred"] = inferred
    also = tuple(entry.get("also", ()))
    forms = (first, *(changed(first, other) for other in also))
    for finding in entry.get("findings") or ():
        if unknown := sorted(finding.keys() - set(TABLES["findings"].names)):
            raise AuditError(f"findings have no column {unknown[0]}")
    return Case(
        rule=rule,
        name=entry["name"],
        forms=forms,
        outcomes=_outcomes(entry.get("outcome"), len(forms)),
        reason=entry.get("reason"),
        findings=entry.get("findings"),
        change=change,
        without=without,
        inferred=inferred,
        also=also,
        parameters=entry.get("parameters", {}),
        line=line,
        kind=kind,
    )


def _outcomes(given: Any, forms: int) -> tuple[str, ...]:
    outcomes = tuple(given) if isinstance(given, list) else (given,)
    for outcome in outcomes:
        if outcome not in _SHOWN:
            raise AuditError(f"no such outcome: {outcome}")
    if len(outcomes) != forms:
        raise AuditError(f"{forms} forms and {len(outcomes)} outcomes")
    return outcomes


# --- forms ------------------------------------------------------------------------------


def changed(
    form: Mapping[str, Any], change: Mapping[str, Any], without: Sequence[str] = ()
) -> dict[str, Any]:
    """A copy of the form with the change; what no form could hold is refused."""
    found = copy.deepcopy(dict(form))
    try:
        for path, value in change.items():
            _set(found, path.split("."), value)
        for path in sorted(without, reverse=True):  # later rows first: numbers stay what they are
            _drop(found, path.split("."))
    except (IndexError, KeyError, ValueError) as error:
        raise AuditError(f"the form has no {path}") from error
    return found


def _existing(form: dict[str, Any], paths: Sequence[str]) -> tuple[str, ...]:
    """These paths; a cell that the form does not have is refused."""
    for path in paths:
        try:
            _row(form, path.split("."))[path.rpartition(".")[2]]
        except (IndexError, KeyError, ValueError) as error:
            raise AuditError(f"the form has no {path}") from error
    return tuple(paths)


def _set(form: dict[str, Any], path: Sequence[str], value: Any) -> None:
    if path in (["year"], ["money_unit"]):
        _check_own(path[0], value)
        form[path[0]] = value
        return
    columns = _columns(form, path[0])
    if len(path) == 2 and isinstance(value, dict):
        pairs = value
        _add(form, path[0], path[1], dict.fromkeys(columns) | value)
    else:
        _row(form, path)[path[-1]] = value
        pairs = {path[-1]: value}
    for column, text in pairs.items():
        if column not in columns:
            raise AuditError(f"the form has no column {path[0]}.{column}")
        _check(column, text)


def _add(form: dict[str, Any], table: str, name: str, row: dict[str, Any]) -> None:
    """Add a row that the form does not have: the next indicator, or a source of money."""
    if table == "indicators":
        if int(name) != len(form["indicators"]) + 1:
            raise AuditError(f"the next indicator is not {name}")
        form["indicators"].append(row)
    elif table == "funds" and name in SOURCES.keys() - form["funds"].keys():
        form["funds"][name] = row
    else:
        raise KeyError(name)


def _check_own(name: str, value: object) -> None:
    years = isinstance(value, int) and 1900 < value < 2200
    if value not in ("元", "万元") if name == "money_unit" else not (value is None or years):
        raise AuditError(f"no {name} is {value!r}")


def _columns(form: Mapping[str, Any], table: str) -> list[str]:
    """The columns that the form has in a table."""
    rows = form.get(table, {})
    rows = rows.values() if table == "funds" else rows if table == "indicators" else [rows]
    return list(dict.fromkeys(column for row in rows for column in row))


def _row(form: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    table, *rest = path
    if table == "indicators" and len(rest) == 2 and int(rest[0]) > 0:
        return cast("dict[str, Any]", form["indicators"][int(rest[0]) - 1])
    if table == "funds" and len(rest) == 2:
        return cast("dict[str, Any]", form["funds"][rest[0]])
    if table == "projects" and len(rest) == 1:
        return cast("dict[str, Any]", form["projects"])
    raise KeyError(table)


def _check(column: str, text: object) -> None:
    """Refuse text that no cell holds."""
    if text is None:
        return
    if not isinstance(text, str) or text != text.strip() or not text or _UNPRINTED.search(text):
        raise AuditError(f"no cell holds {text!r}")
    groups = vocabulary().groups
    if column == "level1" and text not in groups.values():
        raise AuditError(f"there is no level 1 {text}")
    if column == "level2" and text not in groups:
        raise AuditError(f"there is no level 2 {text}")


def _drop(form: dict[str, Any], path: Sequence[str]) -> None:
    table, *rest = path
    if not rest:
        form[table].clear()
    elif table == "indicators" and not rest[0].isdigit():
        for row in form["indicators"]:
            del row[rest[0]]
    elif table == "indicators" and len(rest) == 1:
        del form["indicators"][int(rest[0]) - 1]
    elif table == "funds" and len(rest) == 1:
        del form["funds"][rest[0]]
    else:
        del _row(form, path)[rest[-1]]


# --- documents --------------------------------------------------------------------------


def document(case: Case, number: int) -> Document:
    """The case as a document; its units are its own, so that cases do not repeat one another."""
    forms = tuple(
        as_form(_of_unit(form, number), seq) for seq, form in enumerate(case.forms, start=1)
    )
    return Document(document_name(case), "0" * 64, 1, 1, forms, kind=case.kind)


def document_name(case: Case) -> str:
    """The file name of the case's document."""
    return f"{case.rule} {case.name}.txt"


def _of_unit(form: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    unit = form["projects"].get("unit")
    return {**form, "projects": {**form["projects"], "unit": unit and f"{unit}{number}"}}


def as_form(form: Mapping[str, Any], seq: int = 1) -> Form:
    """A form of a case as the reader would give it."""
    inferred = form.get("inferred", ())
    return Form(
        kind=cast("FormKind", form["form"]),
        seq=seq,
        year=form["year"],
        money_unit=form["money_unit"],
        head=_cells("projects", "projects", form["projects"], inferred),
        funds={
            source: _cells("funds", f"funds.{source}", row, inferred)
            for source, row in form["funds"].items()
        },
        indicators=tuple(
            _cells("indicators", f"indicators.{number}", row, inferred)
            for number, row in enumerate(form["indicators"], start=1)
        ),
        line_start=1,
        line_end=60,
    )


def _cells(
    table: str, path: str, row: Mapping[str, str | None], inferred: Collection[str]
) -> dict[str, Cell]:
    notes = {column: "inferred" for column in row if f"{path}.{column}" in inferred}
    return {
        column: Cell(printed, *_LINES[table], page=1, note=notes.get(column, ""))
        for column, printed in row.items()
    }
