"""The rules as `expectations/<form>/<table>.json` write them, for people and for programs.

A suite is a Great Expectations suite in its own JSON; each of its expectations is one rule,
whose `meta` says what it is for people.  Nothing here needs Great Expectations itself.
What is wrong with an entry stops that rule alone: it is a fault, with file and line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_utils import jsontext, language
from audit_utils.errors import AuditError

FORMS = ("self_evaluation", "target_declaration")
FRAMES = ("cells", "projects", "funds", "indicators")
SEVERITIES = ("critical", "warning", "info")
FORCES = ("binding", "guidance", "form")
"""What a rule rests on: law that binds, guidance, or the form's own arithmetic and integrity."""

PARAMETERS = "parameters.json"
UNITS = ("rate", "points", "words")
"""What a parameter counts: a rate (0.3 is 30 %), points of weight or score, words."""

FIELD = re.compile(r"\{([a-z_][\w.]*)\}")
"""A field of a condition: the path of a cell, or a text that the expectation works out."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same in both languages."""

    zh: str
    en: str

    @property
    def said(self) -> str:
        """The text in the language in use."""
        return self.zh if language.current() == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from; `verified` is False when a clause is quoted from memory."""

    source: str
    clause: str | None
    force: str
    verified: bool

    def __str__(self) -> str:
        verified = "" if self.verified else language._("（依据待核）")
        return f"{language._(self.source)}{self.clause or ''}{verified}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold or a word list of rules: its default, what it is, and where that comes from.

    `unit` is one of UNITS.
    """

    name: str
    default: Any
    unit: str
    text: Text
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as its entry says it; `parameters` are the names of those that it uses."""

    code: str
    form: str
    table: str
    severity: str
    title: Text
    criteria: Text
    basis: Basis
    condition: Text
    not_applicable: Text
    cannot_evaluate: Text
    expectation: str
    kwargs: Mapping[str, Any]
    parameters: tuple[str, ...]
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the entry of a rule; `rule` is None where no one rule can be named."""

    rule: str | None
    error: AuditError


def rules(directory: Path) -> list[Rule]:
    """All rules that can be read, in the order of forms, frames and entries; quick.

    Raises AuditError when the folder holds no suite at all.
    """
    return [rule for path in paths(directory) for rule in read(path)[0]]


def parameters(directory: Path) -> dict[str, Parameter]:
    """The parameters with their defaults; raises AuditError when the file is not as it should."""
    path = directory / PARAMETERS
    entries = jsontext.load(path) if path.is_file() else {}
    try:
        return {name: _parameter(name, entry) for name, entry in entries.items()}
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        written = '{"name": {"value", "unit", "zh", "en", "source"}}'
        raise AuditError(
            f"parameters are written {written}, unit: {', '.join(UNITS)}", path
        ) from error


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    text = Text(entry["zh"], entry["en"])
    UNITS.index(entry["unit"])
    return Parameter(name, entry["value"], entry["unit"], text, entry["source"])


def paths(directory: Path) -> list[Path]:
    """The suites of a folder in the order of forms and frames; raises AuditError without any."""
    expected = [directory / form / f"{table}.json" for form in FORMS for table in FRAMES]
    known = [path for path in expected if path.is_file()]
    others = sorted(set(directory.glob("*/*.json")) - set(known))
    if others:
        known_as = f"({' or '.join(FORMS)})/({' or '.join(FRAMES)}).json"
        raise AuditError(f"is no suite: those are {known_as}", others[0])
    if not known:
        raise AuditError("no suites here (<form>/<table>.json)", directory)
    return known


def read(path: Path) -> tuple[list[Rule], list[Fault]]:
    """The rules of one suite, and what is wrong with the others."""
    found: list[Rule] = []
    faults: list[Fault] = []
    try:
        entries = _entries(path)
    except AuditError as error:
        return found, [Fault(None, error)]
    for entry, line in entries:
        try:
            found.append(_rule(entry, path, line))
        except AuditError as error:
            faults.append(Fault(_code(entry), error))
    return found, faults


def _entries(path: Path) -> list[tuple[Any, int]]:
    """The entries of a suite with the line that each starts on."""
    suite = jsontext.load(path)
    if not isinstance(suite, dict) or not isinstance(suite.get("expectations"), list):
        raise AuditError('a suite is {"name", "expectations": [...]}', path, 1)
    return list(jsontext.entries(path, "expectations"))


def _code(entry: Any) -> str | None:
    meta = entry.get("meta") if isinstance(entry, dict) else None
    code = meta.get("code") if isinstance(meta, dict) else None
    return code if isinstance(code, str) else None


def _rule(entry: Any, path: Path, line: int) -> Rule:
    """One entry as a Rule; raises AuditError that says what is missing and how to write it."""
    look = _Look(entry, path, line)
    kwargs = look.get(dict, "kwargs")
    return Rule(
        code=look.get(str, "meta", "code"),
        form=path.parent.name,
        table=path.stem,
        severity=look.one_of(SEVERITIES, "severity"),
        title=look.text("meta", "title"),
        criteria=look.text("meta", "criteria"),
        basis=Basis(
            look.get(str, "meta", "basis", "source"),
            look.get((str, type(None)), "meta", "basis", "clause"),
            look.one_of(FORCES, "meta", "basis", "force"),
            look.get(bool, "meta", "basis", "verified"),
        ),
        condition=look.text("meta", "condition"),
        not_applicable=look.text("meta", "not_applicable"),
        cannot_evaluate=look.text("meta", "cannot_evaluate"),
        expectation=look.get(str, "type"),
        kwargs=kwargs,
        parameters=tuple(_names(kwargs)),
        path=path,
        line=line,
    )


def _names(kwargs: Mapping[str, Any]) -> Iterator[str]:
    """Names of the suite parameters in the kwargs."""
    for value in kwargs.values():
        if isinstance(value, dict) and "$PARAMETER" in value:
            yield from re.findall(r"[A-Za-z]\w*", str(value["$PARAMETER"]))


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks up what an entry has to say, or complains with its file and line."""

    entry: Any
    path: Path
    line: int

    def get(self, kind: type | tuple[type, ...], *keys: str) -> Any:
        value = self.entry
        for key in keys:
            value = value.get(key, ...) if isinstance(value, dict) else ...
        if not isinstance(value, kind) or value == "":
            fault = "is missing" if value is ... else "is not as it should be"
            self.complain(f"{'.'.join(keys)} {fault}")
        return value

    def one_of(self, options: tuple[str, ...], *keys: str) -> str:
        value: str = self.get(str, *keys)
        if value not in options:
            self.complain(f"{'.'.join(keys)} is {value!r}, not one of {', '.join(options)}")
        return value

    def text(self, *keys: str) -> Text:
        return Text(self.get(str, *keys, "zh"), self.get(str, *keys, "en"))

    def complain(self, fault: str) -> None:
        raise AuditError(f"{_code(self.entry) or 'an entry without a code'}: {fault}",
                         self.path, self.line)  # fmt: skip
