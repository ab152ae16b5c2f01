"""The file of labels: which parts it must hold, and what is wrong in it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from audit_utils import jsontext
from audit_utils.errors import AuditError
from audit_utils.forms.labels import label

TITLES = ("self_evaluation", "target_declaration", "other", "summary")
PARTS: Mapping[str, tuple[str, ...]] = {
    "head": ("name", "department", "unit", "nature", "category", "start_date", "end_date"),
    "fund_columns": (
        "initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score", "aside",
    ),
    "sources": (
        "total", "current_year_fiscal", "carryover", "other", "fiscal_account", "unit_funds",
    ),
    "request": (
        "total", "current_year_fiscal", "carryover", "other", "fiscal_account", "unit_funds",
        "project_total", "project_fiscal", "project_carryover", "project_other",
        "project_fiscal_account", "project_unit_funds",
    ),
    "indicator_columns": (
        "level1", "level2", "name", "operator", "target", "target_unit", "actual",
        "weight", "score", "deviation_reason", "period", "aside",
    ),
    "sides": ("funds", "objectives", "indicators", "form"),
}  # fmt: skip
"""Part of the file -> what its labels can mean; all must be there, and nothing else."""
OBJECTIVES = {
    "self_evaluation": ("objective_expected", "objective_actual"),
    "target_declaration": ("objective_overall", "objective_annual"),
}
TAXONOMY = ("level1", "level2")
LISTS = ("execution", "further_levels", "total", "subtotal", "qualities", "aside", "remarks")
GROUPING = ("groups", "group_words", "group_words_due")
"""Which level 1 holds which level 2, and the words of names that speak for a level 2."""
TWICE = frozenset({"request"})
"""Parts where one label may have two meanings, of the year and of the whole project."""
OF_PROJECT = "project_"
"""What the meanings of money of the whole project begin with: only its total is a column."""


def errors(file: Path) -> list[AuditError]:
    """What is wrong in the file, each with its line; empty if nothing is."""
    try:
        found = list(faults(jsontext.load(file)))
    except AuditError as error:
        return [error]
    lines = jsontext.lines(file) if found else {}
    return [AuditError(fault.message, file, lines[fault.keys]) for fault in found]


class Fault(NamedTuple):
    """What is wrong in the file, and the way to the entry that shows it."""

    message: str
    keys: jsontext.Keys


def faults(entries: Any) -> Iterator[Fault]:
    """What is wrong in the file: parts, meanings, texts, and labels that mean two things."""
    due = ("titles", "objectives", *PARTS, *TAXONOMY, *LISTS, *GROUPING)
    if wrong := list(_named((), entries, due)):
        yield from wrong
        return
    for part, meanings in {"titles": TITLES, **PARTS}.items():
        yield from _of_part((part,), entries[part], meanings)
    yield from _named(("objectives",), entries["objectives"], tuple(OBJECTIVES))
    for kind, meanings in OBJECTIVES.items():
        if isinstance(entries["objectives"], dict) and kind in entries["objectives"]:
            yield from _of_part(("objectives", kind), entries["objectives"][kind], meanings)
    for level in TAXONOMY:
        yield from _of_part((level,), entries[level])
    for name in LISTS:
        yield from _of_list((name,), name, entries[name], {})
    yield from _of_groups(entries)


def _of_groups(entries: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in the parts that speak of groups: they name those of the taxonomy."""
    level1, level2 = (entries[level] for level in TAXONOMY)
    if not isinstance(level1, dict) or not isinstance(level2, dict):
        return
    found = [
        *_of_part(("groups",), entries["groups"], tuple(level1)),
        *_of_part(("group_words",), entries["group_words"]),
        *_of_list(("group_words_due",), "due", entries["group_words_due"], {}),
    ]
    yield from found
    if found:
        return
    grouped = [name for names in entries["groups"].values() for name in names]
    if sorted(grouped) != sorted(level2):
        yield Fault("groups: must hold every name of level2 once", ("groups",))
    for part in ("group_words", "group_words_due"):
        for name in entries[part]:
            if name not in level2:
                yield Fault(f"{part}: {name} is no name of level2", (part,))


def _of_part(
    keys: tuple[str, ...], meanings: Any, due: tuple[str, ...] | None = None
) -> Iterator[Fault]:
    """What is wrong in a part: meaning -> labels.  Without `due` its meanings are labels too."""
    yield from _named(keys, meanings, due)
    if not isinstance(meanings, dict):
        return
    own = keys[0] in TAXONOMY
    seen = {label(name).whole: [name] for name in meanings} if own else {}
    for meaning, texts in meanings.items():
        yield from _of_list((*keys, meaning), meaning, texts, seen)


def _named(keys: tuple[str, ...], entries: Any, due: tuple[str, ...] | None) -> Iterator[Fault]:
    """Names that are missing where some are due, and names that are none of these."""
    where = ".".join(keys) or "the file"
    if not isinstance(entries, dict):
        yield Fault(f"{where}: must hold names with their labels", keys)
        return
    for name in entries if due is not None else ():
        if name not in (due or ()):
            yield Fault(f"{where}: there is no {name}, only {', '.join(due or ())}", (*keys, name))
    for name in due or ():
        if name not in entries:
            yield Fault(f"{where}: {name} is missing", keys)


def _of_list(
    keys: tuple[str, ...], meaning: str, texts: Any, seen: dict[str, list[str]]
) -> Iterator[Fault]:
    """What is wrong in a list of labels; `seen` are those of the part with their meanings."""
    where = ".".join(keys)
    if not isinstance(texts, list):
        yield Fault(f"{where}: must be a list of texts", keys)
        return
    for place, text in enumerate(texts):
        here: jsontext.Keys = (*keys, place)
        key = label(text).whole if isinstance(text, str) else ""
        known = seen.setdefault(key, [])
        other = next((one for one in known if not _apart(keys[0], one, meaning)), None)
        if not key:
            yield Fault(f"{where}: {json.dumps(text, ensure_ascii=False)} is no label", here)
        elif meaning in known:
            yield Fault(f"{where}: {text} stands there twice", here)
        elif other:
            yield Fault(f"{keys[0]}: {text} means {other} and {meaning}", here)
        known.append(meaning)


def _apart(part: str, one: str, other: str) -> bool:
    """Whether a label may have both meanings: where it stands tells which."""
    if part in TWICE:
        return one.startswith(OF_PROJECT) != other.startswith(OF_PROJECT)
    return part == "titles"
