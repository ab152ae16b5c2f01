"""`audit-utils suites check`: what is missing or wrong in what stewards write.

The labels have to load whole.  So has a suite, here and in plain Great Expectations; every
rule needs a case file, and has to do what its cases say.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_utils import cases, jsontext, mending, suites, trial
from audit_utils.cases import CaseFile
from audit_utils.errors import AuditError
from audit_utils.forms import labelfile, vocabulary
from audit_utils.rulebook import Rule
from audit_utils.suites import Suite

_CODE = re.compile("[A-Z]{2}[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One fault: where it is, what it is, and how to mend it."""

    rule: str | None
    path: Path
    line: int | None
    fault: str
    mend: str

    def __str__(self) -> str:
        return f"{AuditError(self.fault, self.path, self.line)}; to mend it: {self.mend}"

    def told(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "rule": self.rule, "path": self.path.as_posix(), "line": self.line,
            "fault": self.fault, "mend": self.mend,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong with it in the order of files and lines."""

    suites: int = 0
    rules: int = 0
    cases: int = 0
    labels: int = 0
    troubles: tuple[Trouble, ...] = ()


def check(expectations: Path, folder: Path) -> Checked:
    """Check the labels, the suites in `expectations` and the case files in `folder`.

    No case can be looked at without the labels: what is wrong in them is told alone.
    """
    if wrong := sorted(_of_labels(), key=lambda one: one.line or 0):
        return Checked(troubles=tuple(wrong))
    try:
        loaded = suites.load(expectations)
    except AuditError as error:
        return Checked(troubles=(_trouble(None, error, expectations),))
    files, troubles = _case_files(folder)
    twice = {
        fault.error.message[:4] for suite in loaded for fault in suite.faults if not fault.rule
    }
    for suite in loaded:
        troubles += _of_suite(suite)
        for rule in suite.rules:
            if rule.code not in twice:  # whose cases would they be?
                troubles += _of_rule(rule, folder, files.get(rule.code), loaded)
    troubles += _without_rule(folder, loaded)
    return Checked(
        suites=len(loaded),
        rules=sum(len(suite.rules) + len(suite.faults) for suite in loaded),
        cases=sum(len(file.cases) for file in files.values()),
        labels=vocabulary.vocabulary().size,
        troubles=tuple(sorted(troubles, key=lambda one: (one.path, one.line or 0, one.fault))),
    )


def _trouble(rule: str | None, error: AuditError, path: Path) -> Trouble:
    """The trouble of an error; `path` is where it stands if the error does not say."""
    kind = re.sub(r"^([A-Z]{2}\d{2}|an entry without a code)(: |, )", "", error.message)
    advice = mending.mend(kind, suites.known())
    return Trouble(rule, Path(error.path or path), error.line, error.message, advice)


def _of_labels() -> Iterator[Trouble]:
    """What is wrong in the file of labels, named as seen from the working folder."""
    path, here = vocabulary.PATH, Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    for error in labelfile.errors(path):
        yield _trouble(None, AuditError(error.message, shown, error.line), shown)


# --- suites -----------------------------------------------------------------------------


def _of_suite(suite: Suite) -> Iterator[Trouble]:
    for fault in suite.faults:
        found = _trouble(fault.rule, fault.error, suite.path)
        yield _with_all_that_is_missing(_at_the_word(found))
    for rule in suite.rules:
        if not _CODE.fullmatch(rule.code):
            error = AuditError(
                f"{rule.code}: the code is not two letters and two digits", rule.path, rule.line
            )
            yield _trouble(rule.code, error, suite.path)
    if not suite.faults:
        yield from _natively(suite)


def _natively(suite: Suite) -> Iterator[Trouble]:
    """Whether Great Expectations alone reads all of the suite."""
    name = f"{suite.form}/{suite.table}"
    written = jsontext.load(suite.path).get("name")
    if written != name:
        error = AuditError(f"the name is {written!r}, not {name}", suite.path, 1)
        yield _trouble(None, error, suite.path)
        return
    read, reason = suites.natively(suite.path)
    if read != len(suite.rules):
        count = f"{read} of {len(suite.rules)} entries"
        error = AuditError(f"Great Expectations reads {count}: {reason}", suite.path, 1)
        yield _trouble(None, error, suite.path)


def _at_the_word(trouble: Trouble) -> Trouble:
    """The trouble at the line of the word that it names last, if its entry has the word."""
    word = re.search(r"(?:column: |expectation |parameter |is ')([\w.]+)", trouble.fault)
    if word is None or trouble.line is None:
        return trouble
    lines = trouble.path.read_text("utf-8").splitlines()[trouble.line - 1 :]
    for number, line in enumerate(lines, start=trouble.line):
        if re.search(rf"[\"{{]{re.escape(word[1])}[\"}}]", line):
            return Trouble(trouble.rule, trouble.path, number, trouble.fault, trouble.mend)
    return trouble


def _with_all_that_is_missing(trouble: Trouble) -> Trouble:
    """The advice with the other keys that the entry lacks, so that one look is enough."""
    named = re.search(r"([\w.]+) is missing$", trouble.fault)
    if named is None or trouble.line is None:
        return trouble
    entries = {line: entry for entry, line in jsontext.entries(trouble.path, "expectations")}
    entry = entries[trouble.line]
    others = [key for key in mending.REQUIRED if _lacks(entry, key) and key != named[1]]
    more = f"; also missing: {', '.join(others)}" if others and isinstance(entry, dict) else ""
    return Trouble(trouble.rule, trouble.path, trouble.line, trouble.fault, trouble.mend + more)


def _lacks(entry: Any, key: str) -> bool:
    for part in key.split("."):
        if not isinstance(entry, Mapping) or part not in entry:
            return True
        entry = entry[part]
    return False


# --- cases ------------------------------------------------------------------------------


def _case_files(folder: Path) -> tuple[dict[str, CaseFile], list[Trouble]]:
    """The case files that can be read, by code, and what is wrong with them."""
    files: dict[str, CaseFile] = {}
    troubles: list[Trouble] = []
    for path in cases.paths(folder):
        file, faults = cases.read(path)
        troubles += [_trouble(path.stem, error, path) for error in faults]
        if file:
            files[path.stem] = file
    return files, troubles


def _of_rule(
    rule: Rule, folder: Path, file: CaseFile | None, loaded: Sequence[Suite]
) -> Iterator[Trouble]:
    """Whether the rule does what its cases say."""
    path = folder / f"{rule.code}.json"
    if file is None:
        if not path.is_file():
            fault = f"{rule.code}: there is no case file {path.as_posix()}"
            yield _trouble(rule.code, AuditError(fault, rule.path, rule.line), path)
    elif file.form != rule.form:
        fault = f"{rule.code}: the cases are of {file.form}, the rule is one of {rule.form}"
        yield _trouble(rule.code, AuditError(fault, path, 1), path)
    else:
        for error in _misbehaviour(rule.code, file, loaded):
            yield _trouble(rule.code, error, path)


def _misbehaviour(code: str, file: CaseFile, loaded: Sequence[Suite]) -> Iterator[AuditError]:
    try:
        shown = trial.run(file, trial.only(code, loaded))
    except AuditError as error:
        yield AuditError(f"{code}: {error.message}", file.path, 1)
        return
    for case in file.cases:
        for difference in trial.differences(case, shown[case.name]):
            yield AuditError(f"{code}, case {case.name!r}: {difference}", file.path, case.line)
            if difference.startswith("gives error"):  # once: the others would say the same
                return


def _without_rule(folder: Path, loaded: Sequence[Suite]) -> Iterator[Trouble]:
    """Case files that no rule has; nobody would run them."""
    codes = {rule.code for suite in loaded for rule in suite.rules}
    codes |= {fault.rule for suite in loaded for fault in suite.faults if fault.rule}
    if any(fault.rule is None for suite in loaded for fault in suite.faults):
        return  # a suite that cannot be read may have it
    for path in cases.paths(folder):
        if path.stem not in codes:
            error = AuditError(f"{path.stem}: no rule has this code", path)
            yield _trouble(path.stem, error, path)
