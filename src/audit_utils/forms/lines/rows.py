"""Rows of indicators out of words in reading order, where only one way to read them is left.

The head tells the columns and their order.  Two words on one line are two cells; a cell goes
on over lines; a row begins and ends with a line.  What else a cell can be is told by what
its column holds: points are bare numbers, a name is no value.  Every way to share out the
words is counted; unless one is the best by far, the rows are not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from audit_utils import values
from audit_utils.forms.labels import fold
from audit_utils.forms.lines.printed import Word
from audit_utils.forms.marks import BARE, DASHES, OPERATORS
from audit_utils.forms.text.fragments import em
from audit_utils.forms.text.weights import CLOSING, CONTINUES, NOTHING, OPENING, is_value
from audit_utils.forms.vocabulary import vocabulary

Cells = Mapping[str, Sequence[Word]]
"""Column -> the words of its cell."""

UNSETTLED = "a row of indicators: which text belongs to which column is not settled"
POINTS = re.compile(r"\d{1,3}(?:\.\d+)?%?")
LONGEST = 30
"""Words of a row at most."""
WIDEST_UNIT = 10.0
EMPTY = {"target": 3.0, "actual": 3.0, "weight": 5.0, "score": 5.0, "operator": 3.0}
"""How odd it is that a cell of a column is empty; of any other column, hardly."""
HARDLY = 0.5
CLEAR = 2.0
"""By how much the best way must be better than any other."""
DOUBT = 1.0
SIGNED = 3.0
"""How odd it is that what was reached has a sign and the target is empty, or that a number
has no unit in a form that has a column of units.
"""
SENTENCE = frozenset("，。；、,;：:")


class UnsettledError(Exception):
    """Why words cannot be told apart, and at which word that shows."""

    def __init__(self, message: str, word: Word):
        super().__init__(message)
        self.message = message
        self.word = word


@dataclass(frozen=True, slots=True)
class Way:
    """Rows that words may be: how odd they are, which they are, and whether any is strange."""

    odd: float
    rows: tuple[Cells, ...] = ()
    strange: bool = False


def read(words: Sequence[Word], columns: Sequence[str], *, numbered: bool) -> tuple[Cells, ...]:
    """The rows that words are; raises UnsettledError where that is open.

    Where `numbered`, the words are those of one row.
    """
    best: list[list[Way]] = [[] for _ in words] + [[Way(0.0)]]
    for start in range(len(words) - 1, -1, -1):
        ways: list[Way] = []
        ends = [len(words)] if numbered else _ends(words, start)
        for end in ends:
            for row in _two_best(words[start:end], columns):
                ways += [
                    Way(row.odd + way.odd, row.rows + way.rows, row.strange or way.strange)
                    for way in best[end]
                ]
        best[start] = sorted(ways, key=lambda way: way.odd)[:2]
    if not best[0]:
        raise UnsettledError(UNSETTLED, words[0])
    first, *others = best[0]
    if first.strange or (others and others[0].odd - first.odd < CLEAR):
        other = others[0] if others else first
        raise UnsettledError(UNSETTLED, _differing(first, other))
    return first.rows


def _differing(way: Way, other: Way) -> Word:
    """The first word of the first row that two ways read differently."""
    for mine, its in zip(way.rows, other.rows, strict=False):
        if mine != its:
            return next(cell[0] for cell in mine.values() if cell)
    return next(cell[0] for cell in way.rows[-1].values() if cell)


def _ends(words: Sequence[Word], start: int) -> Iterator[int]:
    """Where a row may end that begins at a word: where a line does."""
    for end in range(start + 1, min(len(words), start + LONGEST) + 1):
        if end == len(words) or words[end].opens:
            yield end


def _two_best(words: Sequence[Word], columns: Sequence[str]) -> list[Way]:
    """The two least odd ways in which words are one row."""
    found: dict[tuple[str, ...], Way] = {}
    for cells in _shared(words, columns):
        if not cells["name"] or _apart(cells, columns):
            continue
        way = Way(_oddness(cells, columns), (cells,), _is_strange(cells, columns))
        key = tuple(_filled(cells[column]) for column in columns)
        if key not in found or way.odd < found[key].odd:
            found[key] = way
    return sorted(found.values(), key=lambda way: way.odd)[:2]


def _filled(cell: Sequence[Word]) -> str:
    """The text of a cell, empty for a dash: it does not matter where that stands."""
    text = "".join(word.text for word in cell)
    return "" if DASHES.issuperset(text) else text


def _shared(words: Sequence[Word], columns: Sequence[str]) -> Iterator[dict[str, Sequence[Word]]]:
    """All ways to give words to columns in their order, cells of possible texts only."""
    if not columns:
        if not words:
            yield {}
        return
    column, rest = columns[0], columns[1:]
    size = 0
    while size <= len(words):
        own = words[:size]
        if not size or _may_be(column, own):
            for others in _shared(words[size:], rest):
                yield {column: own, **others}
        size += 1
        if size > 1 and (size > len(words) or not words[size - 1].opens):
            break  # two words on one line are two cells


def _may_be(column: str, cell: Sequence[Word]) -> bool:
    return _possible(column, tuple(word.text for word in cell))


@lru_cache(maxsize=1 << 15)
def _possible(column: str, lines: tuple[str, ...]) -> bool:
    """Whether the lines may be a cell of a column."""
    text = "".join(lines)
    if len(lines) == 1 and DASHES.issuperset(text):
        return column != "name"
    if text[0] in CONTINUES and column not in ("target_unit", "actual_unit"):
        return False
    if column in ("weight", "score"):
        return len(lines) == 1 and bool(POINTS.fullmatch(fold(text)))
    if column == "operator":
        known = OPERATORS.fullmatch(fold(text)) or vocabulary().meaning("qualities", text)
        return len(lines) == 1 and bool(known)
    if column in ("target_unit", "actual_unit"):
        return em(text) <= WIDEST_UNIT and values.number(fold(text)) is None
    if column in ("target", "actual"):
        return _may_go_on(lines)
    if column == "name":
        return not is_value(text) and not any(map(is_value, lines[1:]))
    return not BARE.fullmatch(fold(text)) and not any(map(is_value, lines[1:]))


def _may_go_on(lines: tuple[str, ...]) -> bool:
    """Whether lines may be one value: what is a whole value does not go on as a text."""
    for end in range(1, len(lines)):
        head, whole = "".join(lines[:end]), "".join(lines[: end + 1])
        if is_value(head) and not is_value(whole):
            return False
        if is_value(lines[end]) and not is_value(whole):
            return False
    return True


def _oddness(cells: Cells, columns: Sequence[str]) -> float:
    """How odd it is that cells are a row.

    In a row of several lines an empty cell is hardly odd: what is taken for its text may be
    a line of the cell before.
    """
    most = EMPTY if _on_one_line(cells) else dict.fromkeys(EMPTY, DOUBT)
    odd = sum(most.get(column, HARDLY) for column in columns if not _filled(cells[column]))
    if not _filled(cells.get("target", ())) and "actual" in cells:
        odd += SIGNED * bool(OPERATORS.match(fold(_filled(cells["actual"]))))
    if "target_unit" in columns and not _filled(cells["target_unit"]):
        odd += SIGNED * bool(BARE.fullmatch(fold(_filled(cells.get("target", ())))))
    weight, score = (_points(cells.get(key, ())) for key in ("weight", "score"))
    if weight is not None and score is not None and score > weight:
        odd += SIGNED
    return odd + sum(_brackets(cell) for cell in cells.values())


def _on_one_line(cells: Cells) -> bool:
    lines = [line for cell in cells.values() for word in cell for line in (word.line, word.last)]
    return min(lines) == max(lines)


def _apart(cells: Cells, columns: Sequence[str]) -> bool:
    """Whether two neighbouring cells of one line each do not share it, as they would."""
    filled = [cells[column] for column in columns if cells[column]]
    return any(len(left) == len(right) == 1 and right[0].opens for left, right in pairwise(filled))


def _is_strange(cells: Cells, columns: Sequence[str]) -> bool:
    """Whether lines may be those of other cells, as where they are printed by their height:
    a row with empty cells on several lines, one on two pages, a reason on a line of its own.
    """
    used = [word for cell in cells.values() for word in cell]
    if used[0].page != used[-1].page:
        return True
    empty = any(column in EMPTY and not cells[column] for column in columns)
    if empty and not _on_one_line(cells):
        return True
    reason = cells.get("deviation_reason", ())
    if not reason or not reason[0].opens or (said := _filled(reason)) in NOTHING:
        return False
    weight, score = (_points(cells.get(key, ())) for key in ("weight", "score"))
    lost = weight is not None and score is not None and score < weight
    return len(reason) == 1 or (not lost and SENTENCE.isdisjoint(said))


def _points(cell: Sequence[Word]) -> float | None:
    text = fold(cell[0].text).rstrip("%") if cell else ""
    return float(text) if BARE.fullmatch(text) else None


def _brackets(cell: Sequence[Word]) -> float:
    """How odd the brackets of a cell are: closed without being opened, or left open."""
    depth, odd = 0, 0
    for char in "".join(word.text for word in cell):
        depth += (char in OPENING) - (char in CLOSING)
        if depth < 0:
            odd, depth = odd + 6, 0
    return float(odd + 3 * depth)
