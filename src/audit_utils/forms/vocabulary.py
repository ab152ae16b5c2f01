"""The words that forms print around their cells, out of `labels.json`, which a steward extends.

A label is compared without white space, colons, numbering and 其中：, full-width signs made
half-width.  Brackets that hold a unit of money, points, a letter of a formula or a stamp
(`（万元）`, `(50分)`, `(B/A)`, `(盖章)`) are understood and taken off; any other bracket is
part of the label.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
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
    "sides": ("funds", "objectives", "indicators", "form"),
}  # fmt: skip
"""Part of the file -> what its labels can mean; all must be there, and nothing else."""
OBJECTIVES = {
    "self_evaluation": ("objective_expected", "objective_actual"),
    "target_declaration": ("objective_overall", "objective_annual"),
}
TAXONOMY = ("level1", "level2")
LISTS = ("execution", "total", "subtotal", "qualities", "aside", "remarks")
GROUPING = ("groups", "group_words", "group_words_due")
"""Which level 1 holds which level 2, and the words of names that speak for a level 2."""
MOST = 1 << 16
"""Texts that are remembered."""
TWICE = frozenset({"request"})
"""Parts where one label has two meanings, told apart by where it stands."""

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_UNIT = re.compile(r"(?:金额|资金)?(?:单位)?:?(?:人民币)?(万元|千元|百万元|亿元|元|%)")
_POINTS = re.compile(r"(?:满分)?(\d+(?:\.\d+)?)分?(?:[*×x].*)?")
_FORMULA = re.compile(r"(?:[A-Z](?:[/÷*×+-][A-Z])*|\d(?:[/÷*×+-]\d)+)(?:[*×]100%?)?")
_STAMP = re.compile(r"盖章|公章|签章|签字|选填|必填|(?:19|20)[\d×xX*]{2}年.*")
_NUMBERING = re.compile(
    r"(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|\d{1,2}(?:、|\.(?!\d)))"
)
_DATED = re.compile(r"\(.*?\)|(?:19|20)\d\d年度?")
_AMONG = re.compile(r"其中:")
_BEFORE = "其一二三四五六七八九十(（[［:：*＊★☆※▲△#＃"
"""What may stand before the first character of a label."""


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
    whole = fold(text).strip(":*★☆※▲△#")
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
    """All labels by the part of the form where they stand.

    `groups` is level 2 -> level 1; `group_words` the words of a name that speak for its
    level 2, `due` the groups of which nearly every name holds one.
    """

    titles: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, Words]
    groups: Mapping[str, str] = field(default_factory=dict)
    group_words: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    due: frozenset[str] = frozenset()
    usual: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Part and meaning -> the first of its labels in the file, the usual one."""

    def meanings(self, part: str, text: str) -> tuple[str, ...]:
        """What a text means in a part of the form; nothing if it is no label there."""
        return self.known[part][text]

    def meaning(self, part: str, text: str) -> str:
        """The first meaning of a text, empty if it is no label there."""
        found = self.known[part][text]
        return found[0] if found else ""

    def texts(self, part: str, *meanings: str) -> frozenset[str]:
        """The labels of a part, as compared: all, or those of some meanings."""
        return _texts(self, part, meanings)

    def title(self, text: str) -> str:
        """Which kind of form a text is the title of: one of TITLES but summary, or empty."""
        folded = _DATED.sub("", fold(text))
        if any(word in folded for word in self.titles["other"]):
            return "other"
        kinds = ("self_evaluation", "target_declaration")
        return next((kind for kind in kinds if folded.endswith(self.titles[kind])), "")

    def summary(self, text: str) -> bool:
        """Whether a text is the title of a document that holds many forms."""
        return fold(text).endswith(self.titles["summary"])

    def remark(self, text: str) -> bool:
        """Whether a text begins as a remark: 注：, 备注1."""
        return bool(self._remark.match(fold(text)))

    @cached_property
    def _remark(self) -> re.Pattern[str]:
        words = "|".join(sorted(map(re.escape, self.texts("remarks")), reverse=True))
        return re.compile(rf"(?:{words})\d*(?:\d|[:：、.]|$)")

    @cached_property
    def known(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Part -> any text -> its meanings: `meanings` for loops that ask often."""
        return {part: _Known(words, self._openings) for part, words in self.parts.items()}

    @cached_property
    def _openings(self) -> frozenset[str]:
        """The characters with which a label may begin, as printed: most texts are none."""
        first = {text[0] for words in self.parts.values() for text in words}
        return frozenset(first | set(_BEFORE) | set("0123456789"))


@lru_cache(maxsize=256)
def _texts(vocabulary: Vocabulary, part: str, meanings: tuple[str, ...]) -> frozenset[str]:
    words = vocabulary.parts[part]
    return frozenset(
        text for text in words if not meanings or not set(meanings).isdisjoint(words[text])
    )


class _Known(dict[str, tuple[str, ...]]):
    """Text -> its meanings in a part; each text is compared once."""

    def __init__(self, words: Words, openings: frozenset[str]) -> None:
        super().__init__()
        self._words = words
        self._openings = openings

    def __missing__(self, text: str) -> tuple[str, ...]:
        if len(self) >= MOST:
            self.clear()
        self[text] = found = self._compared(text)
        return found

    def _compared(self, text: str) -> tuple[str, ...]:
        if text.lstrip()[:1] not in self._openings:
            return ()
        found = label(text)
        keys = (found.whole, found.key, found.key.rstrip("0123456789"))
        return next((self._words[key] for key in keys if key in self._words), ())


def vocabulary(path: Path | None = None) -> Vocabulary:
    """The vocabulary of the file; raises AuditError that says what is wrong in it."""
    return _load(path or PATH)


@cache
def _load(path: Path) -> Vocabulary:
    entries = jsontext.load(path)
    for fault in faults(entries):
        raise AuditError(fault, path)
    objectives = {f"objectives.{kind}": entries["objectives"][kind] for kind in OBJECTIVES}
    parts = {name: entries[name] for name in (*PARTS, *TAXONOMY)} | objectives
    parts |= {name: {name: entries[name]} for name in LISTS}
    for level in TAXONOMY:
        parts[level] = {name: [name, *others] for name, others in parts[level].items()}
    return Vocabulary(
        titles={kind: tuple(fold(text) for text in entries["titles"][kind]) for kind in TITLES},
        parts={name: _words(meanings) for name, meanings in parts.items()},
        groups={name: group for group, names in entries["groups"].items() for name in names},
        group_words={name: _ending(texts) for name, texts in entries["group_words"].items()},
        due=frozenset(entries["group_words_due"]),
        usual={
            (part, meaning): texts[0]
            for part, meanings in parts.items()
            for meaning, texts in meanings.items()
            if texts
        },
    )


def _ending(words: Sequence[str]) -> re.Pattern[str]:
    """What a name ends with; `*` in a word stands for any text."""
    endings = (".*".join(map(re.escape, word.split("*"))) for word in words)
    return re.compile(f"(?:{'|'.join(endings)})$")


def _words(meanings: Mapping[str, list[str]]) -> Words:
    words: dict[str, tuple[str, ...]] = {}
    for meaning, texts in meanings.items():
        for text in texts:
            key = label(text).whole
            words[key] = (*words.get(key, ()), meaning)
    return words


def faults(entries: Any) -> Iterator[str]:
    """What is wrong in the file: parts, meanings, texts, and labels that mean two things."""
    due = {"titles", "objectives", *PARTS, *TAXONOMY, *LISTS, *GROUPING}
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
    yield from _grouping_faults(entries)


def _grouping_faults(entries: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong in the parts that speak of groups: they name those of the taxonomy."""
    level1, level2 = (entries[level] for level in TAXONOMY)
    if not isinstance(level1, dict) or not isinstance(level2, dict):
        return
    faults = [
        *_faults("groups", entries["groups"], tuple(level1)),
        *_faults("group_words", entries["group_words"], None),
        *_faults("group_words_due", {"names": entries["group_words_due"]}, ("names",)),
    ]
    yield from faults
    if faults:
        return
    grouped = [name for names in entries["groups"].values() for name in names]
    if sorted(grouped) != sorted(level2):
        yield "groups: must hold every name of level2 once"
    for part in ("group_words", "group_words_due"):
        for name in entries[part]:
            if name not in level2:
                yield f"{part}: {name} is no name of level2"


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
