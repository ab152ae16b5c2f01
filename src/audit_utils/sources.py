"""The folder of a year: its documents as received, and what `audit.yml` says of them.

title, publisher, source   where the documents come from, for the reports
documents                  file name: sha256; a document that differs is refused
parameters                 thresholds of rules that this year's jurisdiction sets differently
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from audit_utils import files, parameters
from audit_utils.errors import AuditError
from audit_utils.rulebook import Parameter

_FILE = "audit.yml"
_BESIDE = re.compile(r"\.|~\$|__MACOSX$|(?:ehthumbs|thumbs)\.db$|desktop\.ini$", re.I)
"""What systems and Office put beside documents, and nobody hands in."""
_ABOUT = ("title", "publisher", "source")


@dataclass(frozen=True, slots=True)
class Folder:
    """The documents of a year in the order of their names, and the entries of `audit.yml`.

    `sha256` maps the names of its documents to their hash, `about` has title, publisher,
    source and parameters, as far as they are given, `lines` the line of each parameter.
    """

    documents: tuple[Path, ...]
    sha256: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def check_parameters(self, defaults: Mapping[str, Parameter]) -> None:
        """Raise AuditError with the line of a parameter that is unknown or of another kind."""
        for name, value in self.about.get("parameters", {}).items():
            complaint = parameters.fault(defaults, name, value)
            if complaint:
                path = self.documents[0].parent / _FILE
                raise AuditError(complaint, path, self.lines.get(str(name)))

    def refused(self) -> dict[str, AuditError]:
        """File name -> why: what differs from its sha256, is missing, or is no file."""
        errors = {}
        for name in sorted({path.name for path in self.documents} | self.sha256.keys()):
            error = self._fault(name)
            if error:
                errors[name] = error
        return errors

    def _fault(self, name: str) -> AuditError | None:
        path = next((path for path in self.documents if path.name == name), None)
        if path is None:
            return AuditError(f"is listed in {_FILE} and is not there", name)
        if not path.is_file():
            return AuditError("is no file; documents lie directly in the folder of the year", path)
        try:
            found = files.sha256(path)
        except AuditError as error:
            return error
        if found != self.sha256.get(name, found):
            return AuditError(f"sha256 is {found}, {_FILE} says {self.sha256[name]}", path)
        return None


def read(folder: Path) -> Folder:
    """The folder of a year; raises AuditError when it holds no document or a broken audit.yml."""
    try:
        paths = sorted(path for path in folder.iterdir() if not _BESIDE.match(path.name))
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", folder) from error
    documents = tuple(path for path in paths if path.name != _FILE)
    if not documents:
        raise AuditError("holds no document", folder)
    entries, lines = _entries(folder / _FILE) if folder / _FILE in paths else ({}, {})
    return Folder(
        documents=documents,
        sha256=entries.pop("documents", {}),
        about=entries,
        lines=lines,
    )


def _entries(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The entries, and the lines of the parameters among them."""
    try:
        text = path.read_text("utf-8-sig")
        entries = yaml.safe_load(text) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise AuditError(f"is no YAML: {error.problem}", path, line) from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise AuditError("cannot be read as YAML in UTF-8", path) from error
    if not isinstance(entries, dict):
        raise AuditError("has no entries (`title: ...`, `documents: ...`)", path)
    return _checked(entries, path), dict(_lines(text))


def _lines(text: str) -> Iterator[tuple[str, int]]:
    root = yaml.compose(text, yaml.SafeLoader)
    for entry, value in root.value if root else ():
        if entry.value == "parameters" and isinstance(value, yaml.MappingNode):
            for name, _ in value.value:
                yield str(name.value), name.start_mark.line + 1


def _checked(entries: dict[Any, Any], path: Path) -> dict[str, Any]:
    """The entries that are given; a misspelt one must not be ignored without a word."""
    for name, value in entries.items():
        if name not in (*_ABOUT, "documents", "parameters"):
            raise AuditError(f"unknown entry `{name}`", path)
        if name in _ABOUT and not isinstance(value, str | None):
            raise AuditError(f"`{name}` is no text", path)
        if name in ("documents", "parameters") and not isinstance(value, dict | None):
            raise AuditError(f"`{name}` has no entries of the form `name: value`", path)
    given = {name: value for name, value in entries.items() if value}
    for name, digest in given.get("documents", {}).items():
        if not re.fullmatch("[0-9a-fA-F]{64}", str(digest)):
            raise AuditError(f"the sha256 of {name} is not 64 hex digits", path)
    if "documents" in given:
        given["documents"] = {str(name): str(d).lower() for name, d in given["documents"].items()}
    return given
