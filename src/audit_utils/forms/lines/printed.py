"""The words of a form's lines, put together again where a label was taken apart.

A label may be wrapped (一级 / 指标), its letters set apart (总 分) or stand one to a line, its
unit or its points on the line below ((万元), (50分)).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from audit_utils.forms.labels import fold
from audit_utils.forms.marks import BRACKETED_POINTS
from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.records import Line

BRACKET = re.compile(r"[(（【\[][^()（）]{1,12}[)）】\]]")
AMONG = re.compile(r"其中:?")
_OPEN = re.compile(r"([(（])\s+|\s+([)）])")
_INSIDE = re.compile(r"([^:：]{2,20}[:：])(.+)")
_HANDED = ("head", "aside", "request", "sources")
"""Parts whose labels print their value behind a colon: 项目名称：河道保洁."""
GROUPS = ("level1", "level2", "execution")


@dataclass(frozen=True, slots=True)
class Word:
    """A text between blanks, or a label on several lines; `opens` the first on its line."""

    text: str
    line: int
    last: int
    opens: bool
    page: int = 1

    def means(self, part: str) -> str:
        """What the word means in a part of the form."""
        return vocabulary().meaning(part, self.text)


def words_of(lines: Iterable[Line]) -> list[Word]:
    """The words of some lines, labels put together."""
    found: list[Word] = []
    for line in lines:
        own = [
            Word(text, line.number, line.number, place == 0, line.page)
            for place, text in enumerate(_texts(line.text))
        ]
        found += own
    return list(_whole(found))


def _texts(text: str) -> list[str]:
    """The words of a line; what only a blank takes apart is one."""
    words = vocabulary()
    apart = _OPEN.sub(lambda match: match[1] or match[2], text).split()
    found: list[str] = []
    index = 0
    while index < len(apart):
        end = next(
            (
                end
                for end in range(len(apart), index + 1, -1)
                if all(len(letter) == 1 for letter in apart[index:end])
                and _is_label(words, "".join(apart[index:end]))
            ),
            index + 1,
        )
        if AMONG.fullmatch(fold(apart[index])) and index + 1 < len(apart):
            end = index + 2
        whole = "".join(apart[index:end])
        inside = _INSIDE.fullmatch(whole)
        before = inside[1] if inside else ""
        if inside and any(words.meaning(part, before) for part in _HANDED):
            found += [inside[1], inside[2]]
        else:
            found.append(whole)
        index = end
    return found


def _whole(words: Sequence[Word]) -> Iterator[Word]:
    """The words with wrapped labels joined, longest first, and brackets with their labels."""
    index = 0
    while index < len(words):
        end = _end_of_label(words, index)
        word = words[index]
        if end > index + 1:
            text = "".join(part.text for part in words[index:end])
            word = replace(word, text=text, last=words[end - 1].line)
        while end < len(words) and words[end].opens and _belongs(word, words[end].text):
            word = replace(word, text=word.text + words[end].text, last=words[end].line)
            end += 1
        yield word
        index = end


def _end_of_label(words: Sequence[Word], start: int) -> int:
    """Where a label ends that begins at a word, and stands on lines of its own further on."""
    vocabulary_ = vocabulary()
    beginnings = _beginnings(vocabulary_)
    best, joined = start + 1, fold(words[start].text)
    for index in range(start + 1, len(words)):
        own = words[index]
        if joined not in beginnings or not own.opens or BRACKET.fullmatch(own.text):
            break
        joined += fold(own.text)
        if _is_label(vocabulary_, joined):
            best = index + 1
    return best


def _belongs(label: Word, text: str) -> bool:
    """Whether a bracket on the next line belongs to a label: points to a group, else a unit."""
    if not BRACKET.fullmatch(text):
        return False
    parts = (
        GROUPS if BRACKETED_POINTS.fullmatch(fold(text)) else ("sides", "fund_columns", "sources")
    )
    meaning = vocabulary().meaning
    own = ((part, label.means(part)) for part in parts)
    return any(found and meaning(part, label.text + text) == found for part, found in own)


def _is_label(words: Vocabulary, text: str) -> bool:
    return any(words.meaning(part, text) for part in words.parts if part not in ("qualities",))


@lru_cache(maxsize=4)
def _beginnings(words: Vocabulary) -> frozenset[str]:
    """All that a label may begin with."""
    skipped = ("qualities", "remarks", "aside")
    texts = {text for part in words.parts if part not in skipped for text in words.texts(part)}
    return frozenset(text[:end] for text in texts for end in range(1, len(text)))
