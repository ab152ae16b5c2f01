"""How wide a column is, and whether a line of a cell was cut by its column's width.

A cell wraps where its column ends.  Some documents count characters, some count widths
(Latin letters half): which of the two, and how wide, is learnt from the document.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from audit_utils.forms.text.fragments import em

OPENING, CLOSING = "（([【《“", "，。、；：！？）)】》”％%,;"
SLACK = 1.0
"""How much narrower than its column a full line may be: one letter does not fit."""

RAGGED = 0.88
"""A full line is not narrower than this part of the widest one."""
ENOUGH = 3
"""Cut lines that it takes to know a width."""


@dataclass(frozen=True, slots=True)
class Width:
    """Width of a column: characters in a full line (0 where it varies), and in em.

    `em` is the widest, `least` the narrowest full line, outliers left out.
    """

    chars: int = 0
    em: float = 0.0
    least: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the document has shown a wrapped cell of this column."""
        return self.em > 0

    def full(self, line: str, following: str) -> bool:
        """Whether `line` was cut by the column, `following` being what comes next."""
        if self.chars and len(line) == self.chars:
            return True
        width = em(line)
        if width > self.em + SLACK:
            return False
        return width + em(word(following)) > self.em or (not self.chars and width >= self.least)

    def exceeds(self, line: str) -> float:
        """How much wider than the column a line is (0: it fits)."""
        if len(line) <= self.chars:
            return 0.0
        return max(0.0, em(line) - self.em - SLACK)

    def shortage(self, line: str) -> float:
        """By how much a line is shorter than a full one, in characters or em."""
        return max(0.0, self.chars - len(line) if self.chars else self.em - em(line))


UNKNOWN = Width()


def word(text: str) -> str:
    """What cannot be broken at the start of a line.

    A Latin word or number, else a character; with the bracket that opens before it and the
    sign that closes behind it, where typesetting keeps these off a line's end or start.
    """
    end = 1
    while end < len(text) and text[end - 1] in OPENING:
        end += 1
    while end < len(text) and is_latin(text[end - 1]) and is_latin(text[end]):
        end += 1
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return text[:end]


def is_latin(char: str) -> bool:
    """A Latin letter or a digit."""
    return char.isascii() and char.isalnum()


def learn(cut: Iterable[str], enough: int = ENOUGH) -> Width:
    """The width of a column from lines that are known to be cut by it."""
    lines = list(cut)
    if len(lines) < enough:
        return Width()
    counts = Counter(map(len, lines))
    chars, often = counts.most_common(1)[0]
    widths = sorted(map(em, lines))
    widest, least = (widths[(len(widths) - 1) * tenths // 10] for tenths in (9, 1))
    return Width(chars if often * 2 > len(lines) else 0, widest, max(least, widest * RAGGED))
