"""The words that forms print around their cells, out of `labels.json`, which a steward extends.

A label is compared without white space, colons, numbering and 其中：, full-width signs made
half-width.  Brackets that hold a unit of money, points, a letter of a formula or a stamp
(`（万元）`, `(50分)`, `(B/A)`, `(盖章)`) are understood and taken off; any other bracket is
part of the label.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from audit_utils import jsontext
from audit_utils.errors import AuditError

PATH = Path(__file__).with_name("labels.json")

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
}  # fmt: skip
"""Part of the file -> what its labels can mean; all must be there, and nothing else."""
OBJECTIVES = {
    "self_evaluation": ("objective_expected", "objective_actual"),
    "target_declaration": ("objective_overall", "objective_annual"),
}
TAXONOMY = ("level1", "level2")
LISTS = ("execution", "total", "qualities", "sides", "aside")
TWICE = frozenset({"request"})
"""Parts where one label has two meanings, told apart by where it stands."""

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_UNIT = re.compile(r"(?:金额|资金)?(?:单位)?:?(?:人民币)?(万元|千元|百万元|亿元|元|%)")
_POINTS = re.compile(r"(?:满分)?(\d+(?:\.\d+)?)分?(?:[*×x].*)?")
_FORMULA = re.compile(r"[A-Z①②③④⑤](?:[/÷*×+-][A-Z①②③④⑤])*(?:[*×]100%?)?")
_STAMP = re.compile(r"盖章|公章|签章|签字|选填|必填|(?:19|20)[\d×xX*]{2}年.*")
_NUMBERING = re.compile(
    r"(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|\d{1,2}(?:、|\.(?!\d)))"
)
_DATED = re.compile(r"\(.*?\)|(?:19|20)\d\d年度?")
_AMONG = re.compile(r"其中:")


def fold(text: str) -> str:
    """A text as labels are compared: half-width, without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Label:
    """A text as a label: `whole` with all brackets, `key` without those that are understood.

    `unit` is a unit of money or `%`, `points` a number, printed in its brackets; else empty.
    """

    whole: str
    key: str
    unit: str = ""
    points: str = ""


@lru_cache(maxsize=8192)
def label(text: str) -> Label:
    """What a text is if it is a label."""
    whole = fold(text).strip(":*★☆")
    whole = _AMONG.sub("", _NUMBERING.sub("", whole, count=1), count=1)
    found = {"unit": "", "points": ""}
    key = _BRACKETS.sub(lambda match: _understood(match, found), whole).rstrip(":")
    return Label(whole, key, found["unit"], found["points"])


def _understood(bracket: re.Match[str], found: dict[str, str]) -> str:
    """Nothing for a bracket that is understood, the bracket itself for any other."""
    inner = bracket[1] or bracket[2] or ""
    if unit := _UNIT.fullmatch(inner):
        found["unit"] = unit[1]
    elif points := _POINTS.fullmatch(inner):
        found["points"] = points[1]
    elif inner and not _FORMULA.fullmatch(inner) and not _STAMP.fullmatch(inner):
        return bracket[0]
    return ""


Words = Mapping[str, tuple[str, ...]]
"""Label, as compared -> its meanings."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All labels by the part of the form where they stand."""

    titles: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, Words]

    def meanings(self, part: str, text: str) -> tuple[str, ...]:
        """What a text means in a part of the form; nothing if it is no label there."""
        return _meanings(self, part, text)

    def meaning(self, part: str, text: str) -> str:
        """The first meaning of a text, empty if it is no label there."""
        return next(iter(self.meanings(part, text)), "")

    def title(self, text: str) -> str:
        """Which kind of form a text is the title of: one of TITLES but summary, or empty."""
        folded = _DATED.sub("", fold(text))
        if any(word in folded for word in self.titles["other"]):
            return "other"
        kinds = ("self_evaluation", "target_declaration")
        return next((kind for kind in kinds if folded.endswith(self.titles[kind])), "")


@lru_cache(maxsize=1 << 16)
def _meanings(vocabulary: Vocabulary, part: str, text: str) -> tuple[str, ...]:
    words, found = vocabulary.parts[part], label(text)
    for key in (found.whole, found.key, found.key.rstrip("0123456789")):
        if key in words:
            return words[key]
    return ()


@cache
def vocabulary(path: Path = PATH) -> Vocabulary:
    """The vocabulary of the file; raises AuditError that says what is wrong in it."""
    entries = jsontext.load(path)
    for fault in faults(entries):
        raise AuditError(fault, path)
    objectives = {f"objectives.{kind}": entries["objectives"][kind] for kind in OBJECTIVES}
    parts = {name: entries[name] for name in (*PARTS, *TAXONOMY)} | objectives
    parts |= {name: {name: entries[name]} for name in LISTS}
    for level in TAXONOMY:
        parts[level] = {name: [name, *others] for name, others in parts[level].items()}
    titles = {kind: tuple(fold(text) for text in entries["titles"][kind]) for kind in TITLES}
    return Vocabulary(titles, {name: _words(meanings) for name, meanings in parts.items()})


def _words(meanings: Mapping[str, list[str]]) -> Words:
    words: dict[str, tuple[str, ...]] = {}
    for meaning, texts in meanings.items():
        for text in texts:
            key = label(text).whole
            words[key] = (*words.get(key, ()), meaning)
    return words


def faults(entries: Any) -> Iterator[str]:
    """What is wrong in the file: parts, meanings, texts, and labels that mean two things."""
    due = {"titles", "objectives", *PARTS, *TAXONOMY, *LISTS}
    if not isinstance(entries, dict) or set(entries) != due:
        yield f"the parts of the file must be: {', '.join(sorted(due))}"
        return
    yield from _faults("titles", entries["titles"], TITLES)
    for part, meanings in PARTS.items():
        yield from _faults(part, entries[part], meanings)
    if not isinstance(entries["objectives"], dict) or set(entries["objectives"]) != set(OBJECTIVES):
        yield f"objectives: must hold {', '.join(OBJECTIVES)}"
        return
    for kind, meanings in OBJECTIVES.items():
        yield from _faults(f"objectives.{kind}", entries["objectives"][kind], meanings)
    for level in TAXONOMY:
        yield from _faults(level, entries[level], None)
    for name in LISTS:
        yield from _faults(name, {name: entries[name]}, (name,))


def _faults(part: str, meanings: Any, due: tuple[str, ...] | None) -> Iterator[str]:
    if not isinstance(meanings, dict) or (due is not None and set(meanings) != set(due)):
        yield f"{part}: must hold {', '.join(due or ('names',))}"
        return
    seen: dict[str, str] = {}
    for meaning, texts in meanings.items():
        if not isinstance(texts, list) or not all(isinstance(t, str) and fold(t) for t in texts):
            yield f"{part}.{meaning}: must be a list of texts"
            return
        for text in texts:
            other = seen.setdefault(label(text).whole, meaning)
            if other != meaning and part not in TWICE and part != "titles":
                yield f"{part}: {text} means {other} and {meaning}"
