"""Text that was cut off or damaged when a form was made: what can be told from it alone.

Brackets and quotes that do not come in pairs, a word that stands twice side by side, the
number of a list at the end with nothing after it.  Forms are full of look-alikes, which are
no damage: list markers (`1）`, `（1）`), brackets of one width closed by the other, `ATP ATP`,
一步一步.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from audit_utils.language import _

_BRACKETS = ("（(", "）)"), ("《", "》"), ("〈", "〉"), ("【［[", "】］]"), ("〔", "〕"), \
    ("「", "」"), ("『", "』"), ("{｛", "}｝")  # fmt: skip
_QUOTES = "“”", "‘’", '"'
_PAIRED = re.compile(r"[（()）《》〈〉【［\[】］\]〔〕「」『』{｛}｝“”‘’\"]")
_PAIR = re.compile(
    r"（[^（()）]*）|\([^（()）]*\)|“[^“”]*”|《[^《》]*》|【[^【】]*】|「[^「」]*」|〔[^〔〕]*〕"
)
_LIST_MARKER = re.compile(
    r"(?<![0-9A-Za-z.（(])(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-z])(?=[)）])"
)
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])|(?<=[0-9])\"")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TWICE = re.compile(r"(.{2,80}?)\1", re.DOTALL)
_NUMBER = (
    r"(?:[0-9]{1,2}[.．、)）]?|[（(][0-9]{1,2}[)）]|[（(]?[一二三四五六七八九十]{1,3}[、)）]|[①-⑳])"
)
_DANGLING = re.compile(
    rf"(?:(?<=[。；;！!？?])|(?<=[\u3400-\u9fff][.,，])|(?<=[”）)]\.))\s*({_NUMBER})\Z"
    r"|\A((?:[0-9]{1,2}[.．、)）]|[（(][0-9]{1,2}[)）]))\Z"
)
_ENDS = frozenset("0123456789.．、)）①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_AROUND = 10
_MOST = 20
"""Repeats that are told of one text."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a text: where, in words, what should be there, and what was counted."""

    what: str
    due: str
    seen: str


def of(text: str, may_double: Collection[str] = ()) -> list[Damage]:
    """The damage of a text, nothing for a sound one; `may_double` are words that may repeat."""
    found = [*_unpaired(text)] if _PAIRED.search(_PAIR.sub("", text)) else []
    return [*found, *_doubled(text, may_double), *_dangling(text)]


def _dangling(text: str) -> Iterator[Damage]:
    last = max(len(text) - _AROUND, 0)
    number = _DANGLING.search(text, last) if text[-1:] in _ENDS else None
    if number:
        sign, excerpt = number[1] or number[2], _excerpt(text, number.start(), len(text))
        yield Damage(
            _("{excerpt}末尾留有序号“{sign}”", excerpt=excerpt, sign=sign),
            _("序号后有内容，或没有多余的序号"),
            _("最后 {n} 个字是序号“{sign}”，之后没有文字", n=len(sign), sign=sign),
        )


def _unpaired(text: str) -> Iterator[Damage]:
    free = {found.end() for found in _LIST_MARKER.finditer(text)}
    for opening, closing in _BRACKETS:
        place = _unbalanced(text, opening, closing, free)
        if place is not None:
            excerpt = _excerpt(text, place, place + 1)
            counts = {"some": sum(map(text.count, opening)),
                      "others": sum(map(text.count, closing))}  # fmt: skip
            yield Damage(
                _("{excerpt}括号“{sign}”没有成对", excerpt=excerpt, sign=text[place]),
                _("括号成对"),
                _("括号“{opening}”{some} 个、“{closing}”{others} 个；没有成对的是第 {place} 个字",
                  opening=opening[0], closing=closing[0], place=place + 1, **counts),
            )  # fmt: skip
    words = _APOSTROPHE.sub(" ", text)
    for quotes in _QUOTES:
        places = [at for at, sign in enumerate(words) if sign in quotes]
        if len(places) % 2:
            yield Damage(
                _("{excerpt}引号没有成对", excerpt=_excerpt(text, places[-1], places[-1] + 1)),
                _("引号成对"),
                _("引号{signs}共 {n} 个，末一个是第 {place} 个字", signs=" ".join(quotes),
                  n=len(places), place=places[-1] + 1),
            )  # fmt: skip


def _unbalanced(text: str, opening: str, closing: str, free: Collection[int]) -> int | None:
    """Where a bracket has no partner; a closing one behind a list number may stand alone."""
    least = most = 0  # how many may be open: each free bracket closes one or none
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign in opening:
            least, most = least + 1, most + 1
            opened.append(at)
        elif sign in closing:
            least, most = max(least - 1, 0), most - (at not in free)
            if most < 0:
                return at
            del opened[most:]
    return opened[-1] if least else None


def _doubled(text: str, may_double: Collection[str]) -> Iterator[Damage]:
    """Repeats of two or more characters side by side, a Chinese one among them."""
    if len({text[at : at + 2] for at in range(len(text) - 1)}) >= len(text) - 1:
        return  # no two characters come twice: the usual case, and the cheap test
    for found in islice(_TWICE.finditer(text), _MOST):
        word = found[1]
        usual = word in may_double or (len(word) == 2 and word[0] == "一") or word == word[::-1]
        if _HAN.search(word) and not usual:
            once, (start, end) = _short(word), found.span()
            yield Damage(
                _("{excerpt}“{word}”重复", excerpt=_excerpt(text, start, end), word=once),
                _("“{word}”只出现一次", word=once),
                _("第 {first} 至 {last} 个字“{word}{word}”，“{word}”接连出现两次",
                  first=start + 1, last=end, word=once),
            )  # fmt: skip


def _short(word: str) -> str:
    return word if len(word) <= 2 * _AROUND else f"{word[:_AROUND]}…{word[-_AROUND:]}"


def _excerpt(text: str, start: int, end: int) -> str:
    """The text around a place, in quotes."""
    first, last = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    last = min(last, first + 6 * _AROUND)
    cut = text[first:last]
    return _("「{text}」", text=f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}")
