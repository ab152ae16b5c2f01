"""The words that forms print around their cells, out of `labels.json`, which a steward extends.

A label is compared without white space, colons, numbering and 其中：, full-width signs made
half-width.  Brackets that hold a unit of money, points, a letter of a formula or a stamp
(`（万元）`, `(50分)`, `(B/A)`, `(盖章)`) are understood and taken off; any other bracket is
part of the label.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from audit_utils import jsontext
from audit_utils.errors import AuditError
from audit_utils.radicals import characters

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
LISTS = ("execution", "further_levels", "total", "subtotal", "qualities", "aside", "remarks")
GROUPING = ("groups", "group_words", "group_words_due")
"""Which level 1 holds which level 2, and the words of names that speak for a level 2."""
MOST = 1 << 16
"""Texts that are remembered."""
TWICE = frozenset({"request"})
"""Parts where one label may have two meanings, of the year and of the whole project."""
OF_PROJECT = "project_"
"""What the meanings of money of the whole project begin with: only its total is a column."""

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_UNIT = re.compile(r"(?:金额|资金)?(?:单位)?:?(?:人民币)?(万元|千元|百万元|亿元|元|%)")
_POINTS = re.compile(r"(?:满分)?(\d+(?:\.\d+)?)分?(?:[*×x].*)?")
_FORMULA = re.compile(r"(?:[A-Z](?:[/÷*×+-][A-Z])*|\d(?:[/÷*×+-]\d)+)(?:[*×]100%?)?")
_STAMP = re.compile(r"分|盖章|公章|签章|签字|选填|必填|(?:19|20)[\d×xX*]{2}年.*")
_NUMBERING = re.compile(
    r"(?:\((?:[一二三四五六七八九十]+|\d{1,2})\)|[一二三四五六七八九十]+、|\d{1,2}(?:、|\.(?!\d)))"
)
_DATED = re.compile(r"\(.*?\)|(?:19|20)\d\d年度?")
_AMONG = re.compile(r"其中:")
_TRAILING = re.compile(r"\d+(?:(?:\.\d+)?分)?$")
"""Points or a number behind a label: 产出指标50分."""
_NO_TITLE = re.compile(
    r"[。,;]|[.·]{2,}\d*$|[详参另请附]见|^\W*(?:见|按|根据|填报|编报)|[已未](?:编|填|报)"
)
"""A sentence, words that refer to a form (详见绩效目标表), or a line of contents."""
_BEFORE = "其一二三四五六七八九十(（[［:：*＊★☆※▲△#＃"
"""What may stand before the first character of a label."""


def fold(text: str) -> str:
    """A text as labels are compared: half-width, without any white space."""
    return "".join(unicodedata.normalize("NFKC", characters(text)).split())


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
    for prefix in (_NUMBERING, _AMONG, _NUMBERING):
        whole = prefix.sub("", whole, count=1) if prefix.match(whole) else whole
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
        if _NO_TITLE.search(folded):
            return ""
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

    @property
    def size(self) -> int:
        """How many labels it holds, in all parts."""
        texts = [*self.titles.values(), *self.parts.values()]
        return sum(map(len, texts))

    @cached_property
    def _remark(self) -> re.Pattern[str]:
        words = "|".join(sorted(map(re.escape, self.texts("remarks")), reverse=True))
        return re.compile(rf"(?:{words})\d*(?:\d|[:：、.]|$)")

    @cached_property
    def known(self) -> Mapping[str, "Known"]:
        """Part -> any text -> its meanings: `meanings` for loops that ask often."""
        return {part: Known(words) for part, words in self.parts.items()}


@lru_cache(maxsize=256)
def _texts(vocabulary: Vocabulary, part: str, meanings: tuple[str, ...]) -> frozenset[str]:
    words = vocabulary.parts[part]
    return frozenset(
        text for text in words if not meanings or not set(meanings).isdisjoint(words[text])
    )


_folded = lru_cache(maxsize=1 << 13)(fold)
"""Single characters, as labels are compared."""


class Known(dict[str, tuple[str, ...]]):
    """Text -> its meanings in a part; each text is compared once."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._openings = frozenset({text[0] for text in words} | set(_BEFORE + "0123456789"))

    def __missing__(self, text: str) -> tuple[str, ...]:
        if len(self) >= MOST:
            self.clear()
        self[text] = found = self._compared(text)
        return found

    def may_begin(self, character: str) -> bool:
        """Whether a label may begin with a character: most texts are none."""
        return _folded(character)[:1] in self._openings

    def _compared(self, text: str) -> tuple[str, ...]:
        if not self.may_begin(text.lstrip()[:1]):
            return ()
        found = label(text)
        keys = (found.whole, found.key, _TRAILING.sub("", found.key))
        return next((self._words[key] for key in keys if key in self._words), ())


def vocabulary(path: Path | None = None) -> Vocabulary:
    """The vocabulary of the file; raises AuditError that says what is wrong in it."""
    path = path or PATH
    if _last.get("path") is not path:
        _last.update(path=path, words=_load(path))
    found: Vocabulary = _last["words"]
    return found


_last: dict[str, Any] = {}
"""The vocabulary that was asked for last: a path is slow to look up."""


@cache
def _load(path: Path) -> Vocabulary:
    for error in errors(path):
        raise error
    entries = jsontext.load(path)
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


def errors(path: Path | None = None) -> list[AuditError]:
    """What is wrong in the file, each with its line; empty if nothing is."""
    file = path or PATH
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
