"""How wide a column is, and whether a line of a cell was cut by its column's width.

A cell wraps where its column ends.  Some documents count characters, some count widths
(Latin letters half): which of the two, and how wide, is learnt from the document.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from audit_utils.forms.fragments import em

SLACK = 0.75
"""How much narrower than its column a full line may be: one letter does not fit."""


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


def word(text: str) -> str:
    """What cannot be broken at the start of a line: a Latin word or number, else a character."""
    end = 1
    while end < len(text) and text[:1].isascii() and text[:1].isalnum() and text[end].isascii() and text[end].isalnum():
        end += 1
    return text[:end]


def learn(cut: Iterable[str]) -> Width:
    """The width of a column from lines that are known to be cut by it."""
    lines = list(cut)
    if not lines:
        return Width()
    counts = Counter(map(len, lines))
    chars, often = counts.most_common(1)[0]
    widths = sorted(map(em, lines))
    last = len(widths) - 1
    return Width(chars if often * 2 > len(lines) else 0, widths[last * 9 // 10], widths[last // 10])
