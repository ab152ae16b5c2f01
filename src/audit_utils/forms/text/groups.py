"""Which level-2 group owns which rows, where a merged cell prints its label once.

On one page a label stands before the first row of its group.  A group that crosses a
page break prints its label on the page that holds the cell's middle: a label at the top of
a page can own rows of the page before.  How many is inferred: not more than the group has
on its own page (its middle lies there), as many as their names speak for.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.records import Cell

REMARK = re.compile(r"[（(【].*$")
ENDING = 3
"""Characters of a name's end that tell what is measured: 合格率, 及时性."""
NOTE_NONE = "no group label is printed"
NOTE = "the group crosses a page break: its label may own rows of the page before"


@dataclass(frozen=True, slots=True)
class GroupLabel:
    """A label of the taxonomy; `position` counts the table fragments printed before it.

    `text` is the usual word for it, `printed` what the form prints.
    """

    text: str
    printed: str
    position: int
    page: int
    line: int
    shares_line: bool


class TableRow(NamedTuple):
    """What grouping needs of a row: where it starts and ends, its page, its name."""

    start: int
    end: int
    page: int
    name: str
    height: int


@dataclass(frozen=True, slots=True)
class KnownGroups:
    """What the rows of a document that leave no doubt say of names and their endings.

    Name, or the last characters of names -> how often it stands under each level 2.
    """

    names: Mapping[str, Counter[str]] = field(default_factory=dict)
    endings: Mapping[str, Counter[str]] = field(default_factory=dict)


class Name(NamedTuple):
    """What a form calls a group, and the usual word where that is another."""

    printed: str | None = None
    reading: str = ""

    @property
    def usual(self) -> str | None:
        """The usual word."""
        return self.reading or self.printed


class Group(NamedTuple):
    """The group of a row: what it is called, the label's line and page, why inferred."""

    level1: Name
    level2: Name
    line: int
    page: int
    note: str = ""

    def cells(self) -> dict[str, Cell]:
        """The two cells that a merged label gives to every row of its group."""
        return {"level1": self._cell(self.level1), "level2": self._cell(self.level2)}

    def _cell(self, name: Name) -> Cell:
        line = self.line
        return Cell(name.printed, line, line, self.page, self.note, reading=name.reading)


def name_of(label: GroupLabel) -> Name:
    """The name of a label."""
    return Name(label.printed, "" if label.printed == label.text else label.text)


class Opening(NamedTuple):
    """A label that opens a group, and the name of its level 1."""

    label: GroupLabel
    level1: Name


def level2_labels(found: Sequence[GroupLabel]) -> list[Opening]:
    """The labels that open a group, with their level 1.

    成本指标 opens a group of 产出指标 unless one of the three kinds of cost follows it.
    """
    groups = vocabulary().groups
    opening = []
    level1: dict[str, Name] = {}
    for index, label in enumerate(found):
        following = next((other.text for other in found[index + 1 :] if other.text in groups), "")
        if label.text in groups and groups.get(following) != label.text:
            usual = groups[label.text]
            opening.append(Opening(label, level1.get(usual, Name(usual))))
        else:
            level1[label.text] = name_of(label)
    return opening


def assign_groups(
    rows: Sequence[TableRow],
    found: Sequence[GroupLabel],
    known: KnownGroups,
    label_first: bool = False,
) -> list[Group]:
    """The group of every row. `known` is what the document says of its names elsewhere.

    Where `label_first`, a label never owns rows that stand before it.
    """
    opening = level2_labels(found)
    if not opening:
        return [Group(Name(), Name(), 0, 0, NOTE_NONE) for _ in rows]
    first = [first_row(label, rows) for label, _ in opening]
    doubtful: set[int] = set()
    for index in range(0 if not label_first else len(opening), len(opening)):
        begin = first[index - 1] if index else 0
        stop = first[index + 1] if index + 1 < len(first) else len(rows)
        reach = claim(opening, index, rows, (begin, first[index], stop), known)
        doubtful.update(reach.doubtful)
        first[index] = reach.first
    return [group_of(number, opening, first, number in doubtful) for number in range(len(rows))]


def first_row(label: GroupLabel, rows: Sequence[TableRow]) -> int:
    """The first row that ends behind the label: the row that a page break cuts is its own."""
    return next((number for number, row in enumerate(rows) if row.end > label.position), len(rows))


@dataclass(frozen=True, slots=True)
class Reach:
    """The first row of a group and the rows that might as well be another group's."""

    first: int
    doubtful: frozenset[int]


def claim(
    opening: Sequence[Opening],
    index: int,
    rows: Sequence[TableRow],
    bounds: tuple[int, int, int],
    known: KnownGroups,
) -> Reach:
    """How far up a label reaches; `bounds`: first row of the group before, own, of the next."""
    label = opening[index].label
    begin, own, stop = bounds
    if index == 0:
        return Reach(0, frozenset(range(own)) if own > 1 else frozenset())
    before = opening[index - 1].label
    if before.page == label.page or any(row.page == label.page for row in rows[begin:own]):
        return Reach(own, frozenset())
    lowest = max(begin + 1, own - most(rows, own, stop))
    if lowest >= own:
        return Reach(own, frozenset())
    best = max(
        range(lowest, own + 1),
        key=lambda cut: (
            fit(rows, (lowest, cut, own), before.text, label.text, known)
            + (centre(rows, (cut, own, stop)) if label.shares_line else 0.0)
        ),
    )
    return Reach(best, frozenset(range(lowest, own)))


def centre(rows: Sequence[TableRow], bounds: tuple[int, int, int]) -> float:
    """How well a label that shares its line with the first row below fits the group's middle."""
    cut, own, stop = bounds
    above = sum(row.height for row in rows[cut:own])
    below = sum(row.height for row in rows[own + 1 : stop])
    return 1.5 - 0.75 * abs(above - below)


def most(rows: Sequence[TableRow], own: int, stop: int) -> int:
    """How many rows above a page break a group may own: its middle lies below the break."""
    room = sum(row.height for row in rows[own:stop])
    count = 0
    for row in reversed(rows[:own]):
        room -= row.height
        if room < 0:
            break
        count += 1
    return count


def fit(
    rows: Sequence[TableRow],
    bounds: tuple[int, int, int],
    upper: str,
    lower: str,
    known: KnownGroups,
) -> float:
    """How well the names fit when the rows up to `cut` are the upper group's."""
    begin, cut, own = bounds
    total = 0.0
    for number in range(begin, own):
        mine, other = (upper, lower) if number < cut else (lower, upper)
        total += speaks(rows[number].name, mine, known) - speaks(rows[number].name, other, known)
    return total - 0.1 * (own - cut)


def speaks(name: str, level2: str, known: KnownGroups) -> float:
    """How much a name speaks for a group: as it stands elsewhere, by its ending, its words."""
    words = vocabulary()
    fits = _fits(words, name, level2)
    if level2 in words.due and not fits:
        return -3.0
    return (
        3.0 * share(known.names, name, level2)
        + 1.5 * share(known.endings, core(name)[-ENDING:], level2)
        + 0.5 * fits
    )


@lru_cache(maxsize=1 << 13)
def _fits(words: Vocabulary, name: str, level2: str) -> bool:
    """Whether a name's own words speak for a group."""
    speaking = words.group_words.get(level2)
    return bool(speaking and speaking.search(core(name)))


def core(name: str) -> str:
    """A name without the remark in brackets behind it."""
    return REMARK.sub("", name) or name


def share(counts: Mapping[str, Counter[str]], key: str, level2: str) -> float:
    """How much of a name's or an ending's rows stand under a level 2 (0-1)."""
    found = counts.get(key)
    return found[level2] / found.total() if found else 0.0


def group_of(
    number: int, opening: Sequence[Opening], first: Sequence[int], doubtful: bool
) -> Group:
    """The last group that begins at or before a row."""
    index = max(0, bisect_right(first, number) - 1)
    label, level1 = opening[index]
    return Group(level1, name_of(label), label.line, label.page, NOTE if doubtful else "")


def group_tables(
    tables: Sequence[tuple[Sequence[TableRow], Sequence[GroupLabel]]], label_first: bool = False
) -> list[list[Group]]:
    """The groups of all rows of a document's tables.

    First those that the labels settle; the others by what these say of their names.
    """
    settled = [assign_groups(rows, found, KnownGroups(), label_first) for rows, found in tables]
    known = known_groups([rows for rows, _ in tables], settled)
    return [
        assign_groups(rows, found, known, label_first) if any(g.note for g in groups) else groups
        for (rows, found), groups in zip(tables, settled, strict=True)
    ]


def known_groups(
    tables: Sequence[Sequence[TableRow]], settled: Sequence[Sequence[Group]]
) -> KnownGroups:
    """The groups of names, and of their endings, whose rows leave no doubt."""
    names: dict[str, Counter[str]] = {}
    endings: dict[str, Counter[str]] = {}
    for rows, groups in zip(tables, settled, strict=True):
        for row, group in zip(rows, groups, strict=True):
            if (level2 := group.level2.usual) and not group.note:
                names.setdefault(row.name, Counter())[level2] += 1
                endings.setdefault(core(row.name)[-ENDING:], Counter())[level2] += 1
    return KnownGroups(names, endings)
