"""The words that forms print around their cells, out of `labels.json`, which a steward extends."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from audit_utils import jsontext
from audit_utils.forms import labelfile
from audit_utils.forms.labelfile import LISTS, OBJECTIVES, PARTS, TAXONOMY, TITLES
from audit_utils.forms.labels import fold, label

PATH = Path(__file__).with_name("labels.json")

MOST = 1 << 16
"""Texts that are remembered."""
_DATED = re.compile(r"\(.*?\)|(?:19|20)\d\d年度?")
_TRAILING = re.compile(r"\d+(?:(?:\.\d+)?分)?$")
"""Points or a number behind a label: 产出指标50分."""
_NO_TITLE = re.compile(
    r"[。,;]|[.·]{2,}\d*$|[详参另请附]见|^\W*(?:见|按|根据|填报|编报)|[已未](?:编|填|报)"
)
"""A sentence, words that refer to a form (详见绩效目标表), or a line of contents."""
_BEFORE = "其一二三四五六七八九十(（[［:：*＊★☆※▲△#＃"
"""What may stand before the first character of a label."""


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
    for error in labelfile.errors(path):
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
