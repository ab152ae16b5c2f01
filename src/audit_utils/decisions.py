"""What reviewers have decided about findings: `expectations/accepted/<year>.yml`.

The file is a list that people write and review, one entry a decision:

    - finding: SC01-2022-1a2b3c4d-projects-0-total_score
      disposition: to_correct
      reason: 单位已同意更正
      who: 王敏
      date: 2023-04-18
      until: 2023-12-31

`finding` is one finding; `rule` and `project` are all that a rule finds in a project, with
`row` in one row of it.  The more exact entry goes first.  `until`, which may be left out, is
the last day of the decision.  What is wrong with an entry stops that entry alone.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from audit_utils.errors import AuditError

Disposition = Literal["accepted", "false_positive", "to_correct"]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
SETTLED: tuple[Disposition, ...] = ("accepted", "false_positive")
"""Dispositions after which nothing is left to do; what is to be corrected stays open."""

Why = Literal["out_of_date", "no_match", "overridden"]

FOLDER = "accepted"
AS_OF = "decided_as_of"
"""Name of the day of which decisions were looked at, in a data package and a manifest."""

_KEYS = (
    "finding", "rule", "project", "row", "disposition", "reason", "who", "date", "until",
)  # fmt: skip
_NEEDED = ("disposition", "reason", "who", "date")
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry; what it is about is either `finding`, or `rule`, `project` and maybe `row`."""

    disposition: Disposition
    reason: str
    who: str
    date: datetime.date
    until: datetime.date | None = None
    finding: str | None = None
    rule: str | None = None
    project: str | None = None
    row: str | None = None
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """Where it is written, in the folder of the rules: `accepted/2022.yml:12`."""
        return f"{self.file}:{self.line}"

    @property
    def about(self) -> Hashable:
        """What the decision is about; equal for two entries about the same."""
        return self.finding or (self.rule, self.project, self.row)

    def holds(self, as_of: datetime.date | None) -> bool:
        """Whether it is in force on that day, the last one included; without a day it is."""
        return self.until is None or as_of is None or as_of <= self.until

    def overlaps(self, other: "Decision") -> bool:
        """Whether both are about the same, on one day at least."""
        return self.about == other.about and self.holds(other.date) and other.holds(self.date)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A decision that no finding follows, and why.

    `out_of_date`: its last day is over; `no_match`: nothing is found where it points;
    `overridden`: a more exact entry, or a later one about the same, has taken its place.
    """

    decision: Decision
    why: Why

    def __str__(self) -> str:
        if self.why == "out_of_date":
            return f"is out of date since {self.decision.until}"
        return "matches no finding" if self.why == "no_match" else "is overridden by another entry"


@dataclass(frozen=True, slots=True)
class Review:
    """The decisions about some findings.

    `decided` maps a finding_id to the decision in force, `stale` are those that are out of
    date or match nothing, `errors` what is wrong with entries (file and line), `day` the
    day of which they were looked at, None when no decision has a last day.
    """

    decided: Mapping[str, Decision] = field(default_factory=dict)
    stale: tuple[Leftover, ...] = ()
    errors: tuple[AuditError, ...] = ()
    day: datetime.date | None = None


def path(expectations: Path, year: int) -> Path:
    """The file of a year, which need not be there."""
    return expectations / FOLDER / f"{year}.yml"


def review(
    files: Iterable[Path], findings: Iterable[Mapping[str, Any]], as_of: datetime.date | None
) -> Review:
    """The decisions of these files about these findings, on that day; without one none ends."""
    read_files = [read(file) for file in files]
    decisions = [one for found, _ in read_files for one in found]
    errors = [one for _, wrong in read_files for one in wrong]
    decided, left = match(decisions, findings, as_of)
    stale = tuple(one for one in left if one.why != "overridden")
    day = as_of if any(one.until for one in decisions) else None
    return Review(decided, stale, tuple(errors), day)


def day_of(about: Mapping[str, Any]) -> datetime.date | None:
    """The day of which a folder's findings were decided; None where no decision had an end."""
    written = about.get(AS_OF)
    return day(str(written)) if written else None


# ---- which decision is about which finding


def match(
    decisions: Iterable[Decision],
    findings: Iterable[Mapping[str, Any]],
    as_of: datetime.date | None,
) -> tuple[dict[str, Decision], list[Leftover]]:
    """finding_id -> the decision in force on that day, and the decisions that are left over.

    `findings` are rows of that table.
    """
    decisions = list(decisions)
    known = {one.about for one in decisions}
    current: dict[Hashable, Decision] = {}
    for decision in sorted(decisions, key=lambda one: one.date):
        if decision.holds(as_of):
            current.setdefault(decision.about, decision)
    decided: dict[str, Decision] = {}
    met: set[Hashable] = set()
    for finding in findings if decisions else ():
        met.update(about for about in _abouts(finding) if about in known)
        found = next((current[about] for about in _abouts(finding) if about in current), None)
        if found:
            decided[finding["finding_id"]] = found
    used = set(decided.values())
    left = [Leftover(one, _why(one, current, met)) for one in decisions if one not in used]
    return decided, left


def _abouts(finding: Mapping[str, Any]) -> tuple[Hashable, ...]:
    """What a decision about this finding can be about, the most exact first."""
    place = finding["rule"], finding["project_id"]
    return finding["finding_id"], (*place, finding["row"] or "0"), (*place, None)


def _why(decision: Decision, current: Mapping[Hashable, Decision], met: set[Hashable]) -> Why:
    if decision.about not in current:
        return "out_of_date"
    return "overridden" if decision.about in met else "no_match"


# ---- the file


def read(file: Path) -> tuple[list[Decision], list[AuditError]]:
    """The decisions in the order of the file, and what is wrong with it and its entries.

    A file that is not there holds no decision.
    """
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError):
        return [], [AuditError("cannot be read as UTF-8", file)]
    return parse(text, file)


def parse(text: str, file: Path) -> tuple[list[Decision], list[AuditError]]:
    """The same for the text of a file."""
    decisions: list[Decision] = []
    errors: list[AuditError] = []
    earlier: defaultdict[Hashable, list[Decision]] = defaultdict(list)
    for node in _nodes(text):
        try:
            if isinstance(node, AuditError):
                raise node
            decision = _decision(node, f"{file.parent.name}/{file.name}")
            _once(decision, earlier[decision.about])
        except AuditError as error:
            errors.append(AuditError(error.message, file, error.line))
        else:
            earlier[decision.about].append(decision)
            decisions.append(decision)
    return decisions, errors


def _once(decision: Decision, earlier: Iterable[Decision]) -> None:
    """Raise AuditError when one of these about the same holds on a day that this one does."""
    for other in earlier:
        if decision.overlaps(other):
            message = f"is decided already, in line {other.line}"
            raise AuditError(message, line=decision.line)


def _nodes(text: str) -> Iterator[yaml.Node | AuditError]:
    """The entries as YAML nodes, an error for each that is none."""
    try:
        yield from _list(text)
    except AuditError as whole:
        parts = [list(_part(part)) for part in _parts(text)]
        yield from (node for part in parts for node in part)
        if not any(isinstance(node, AuditError) for part in parts for node in part):
            yield whole


def _part(text: str) -> Iterator[yaml.Node | AuditError]:
    try:
        yield from _list(text)
    except AuditError as error:
        yield error


def _parts(text: str) -> Iterator[str]:
    """The text of each entry, on its own lines of an otherwise empty file."""
    starts = [one.start() for one in re.finditer(r"^-(?=\s)", text, re.MULTILINE)]
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        yield "\n" * text.count("\n", 0, start) + text[start:end]


def _list(text: str) -> list[yaml.Node]:
    """The entries of the list that a text is; none for one that holds nothing."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
        tags = [one.start_mark.line + 1 for one in yaml.scan(text, yaml.SafeLoader)
                if isinstance(one, yaml.TagToken)]  # fmt: skip
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise AuditError(f"is no YAML: {error.problem}", line=line) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise AuditError("is no YAML: a character that may not stand there", line=line) from error
    except RecursionError as error:
        raise AuditError("is no YAML: nested too deeply") from error
    if tags:
        raise AuditError("a YAML tag (`!...`) has no place here", line=tags[0])
    if root is None or root.tag == _NULL:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise AuditError("is no list of entries (`- finding: ...`)", line=_line(root))
    return list(root.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _decision(node: yaml.Node, file: str) -> Decision:
    """An entry; raises AuditError with the line where it is not as it should be."""
    texts = _texts(node)
    line = _line(node)
    missing = [key for key in _NEEDED if not texts.get(key)]
    if missing:
        raise AuditError(f"`{missing[0]}` is missing", line=line)
    by_finding, by_rule = "finding" in texts, "rule" in texts and "project" in texts
    if by_finding == by_rule or (by_finding and len(texts.keys() & {"rule", "project", "row"})):
        raise AuditError("needs either `finding`, or `rule` and `project`", line=line)
    disposition = next((one for one in DISPOSITIONS if one == texts["disposition"]), None)
    if disposition is None:
        known = ", ".join(DISPOSITIONS)
        raise AuditError(f"`disposition` is none of {known}", line=line)
    date, until = day(texts["date"], line), texts.get("until")
    last = day(until, line) if until else None
    if last and last < date:
        raise AuditError("`until` is before `date`", line=line)
    return Decision(
        disposition=disposition,
        reason=texts["reason"],
        who=texts["who"],
        date=date,
        until=last,
        finding=texts.get("finding"),
        rule=texts.get("rule"),
        project=texts.get("project"),
        row=texts.get("row"),
        file=file,
        line=line,
    )


def _texts(node: yaml.Node) -> dict[str, str]:
    """What an entry says: key -> text as written; a key without a text is left out."""
    if not isinstance(node, yaml.MappingNode):
        raise AuditError("is no entry of the form `finding: ...`", line=_line(node))
    texts: dict[str, str] = {}
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "..."
        if name not in _KEYS:
            raise AuditError(f"unknown key `{name}` (known: {', '.join(_KEYS)})", line=_line(key))
        if name in seen:
            raise AuditError(f"`{name}` stands there twice", line=_line(key))
        seen.add(name)
        if not isinstance(value, yaml.ScalarNode) or not writable(value.value):
            raise AuditError(f"`{name}` is no text", line=_line(value))
        if value.tag != _NULL and value.value.strip():
            texts[name] = value.value.strip()
    return texts


def writable(text: str) -> bool:
    """False for text with halves of characters, which no file can hold."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def day(text: str, line: int | None = None) -> datetime.date:
    """A date such as 2023-04-18; raises AuditError for anything else."""
    try:
        read = datetime.date.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.isoformat() != text:
        raise AuditError(f"{text!r} is no date such as 2023-04-18", line=line)
    return read
