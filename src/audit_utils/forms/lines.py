"""A form of another layout in lines of text -> cells of a table, where the text settles it.

The usual layout, of which documents hold many forms, has readers of its own that learn from
the whole document.  Here the form's own labels say what each text is; where they leave more
than one way to read it, it is not read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from audit_utils.documents.grid import GridCell
from audit_utils.forms import linerows
from audit_utils.forms.funds import NOTE_NATURE
from audit_utils.forms.laying import RIGHT, Sheet, UnsettledError, lines_of
from audit_utils.forms.linehead import Upper
from audit_utils.forms.linerows import POINTS, Cells
from audit_utils.forms.marks import DASHES, FILLER, NUMBERED
from audit_utils.forms.objectives import NOTE_SPLIT
from audit_utils.forms.printed import Word
from audit_utils.forms.sections import COLUMNS, OTHER_HEADER, SHORTEST_SIDE, wrapped_labels
from audit_utils.forms.vocabulary import fold, label, vocabulary
from audit_utils.records import FormKind

NOTE_LEVEL1 = "the label of level 1 is not printed: it follows from level 2"
NOTE_TOTAL = "one number where two are due: taken as the total score"
NO_HEAD = ""
"""The head of the indicators is missing: the form is cut off or no form."""
NO_GROUP = "a row of indicators stands above the label of its group"
LEVELS = ("level1", "level2")
KNOWN = frozenset(
    {"target", "actual", "weight", "score", "deviation_reason", "operator", "target_unit", "aside"}
)
"""Columns behind the name that can be told apart in lines."""
LOST = re.compile(r"\(\d+(?:\.\d+)?分\)")
"""What is left of a label of level 1: its points."""
LEFT = 2
"""The first column of the indicators; before it stand words at the side."""


@dataclass
class Group:
    """Labels of a group and the words below them, up to the next label."""

    level1: Word | None = None
    level2: Word | None = None
    lost: bool = False
    """Whether of its level 1 the points are printed alone."""
    execution: bool = False
    words: list[Word] = field(default_factory=list)


def lay(words: Sequence[Word]) -> tuple[GridCell, ...]:
    """The cells of a form; raises UnsettledError where the text leaves open what is what."""
    start, end, keys = _head_of(words)
    kind: FormKind = "self_evaluation" if {"actual", "score"} & set(keys) else "target_declaration"
    sheet = Sheet()
    upper, side = _above(words[:start])
    Upper(sheet, kind, lines_of(upper)).lay()
    table = _Table(sheet, keys)
    table.head(words[start:end], side)
    body, total, after = _parts(words[end:], keys)
    table.body(body)
    if total:
        table.total(total)
    for line in lines_of(after):
        sheet.begin()
        sheet.put(line, 1, RIGHT, text="  ".join(word.text for word in line))
    return sheet.sorted()


def _head_of(words: Sequence[Word]) -> tuple[int, int, tuple[str, ...]]:
    """Where the head of the indicators begins and ends, and the columns in its order."""
    for start, word in enumerate(words):
        if word.means(COLUMNS) != "level1":
            continue
        end = start
        while end < len(words) and words[end].means(COLUMNS):
            end += 1
        keys = tuple(word.means(COLUMNS) for word in words[start:end])
        own = [key for key in keys if key not in LEVELS]
        levels = keys[: len(keys) - len(own)]
        usual = levels in (LEVELS, LEVELS[:1]) and own[:1] == ["name"] and "target" in own
        closed = end == len(words) or words[end].opens
        if usual and closed and len(set(keys)) == len(keys) and set(own[1:]) <= KNOWN:
            return start, end, keys
        raise UnsettledError(OTHER_HEADER, words[min(end, len(words) - 1)])
    raise UnsettledError(NO_HEAD, words[0])


def _above(words: Sequence[Word]) -> tuple[Sequence[Word], Sequence[Word]]:
    """The words above the head, and those of its own line that stand at its side."""
    if words and words[-1].means("sides") and words[-1].opens:
        return words[:-1], words[-1:]
    return words, ()


def _parts(
    words: Sequence[Word], keys: Sequence[str]
) -> tuple[Sequence[Word], Sequence[Word], Sequence[Word]]:
    """The rows, the total row, and what follows them."""
    counted = {"weight", "score"} & set(keys)
    totals = [
        index
        for index, word in enumerate(words)
        if word.opens and word.means("total") and counted and _numbers_behind(words, index)
    ]
    end = totals[-1] if totals else len(words)
    if not totals:
        end = next((i for i, word in enumerate(words) if word.opens and _closes(word)), end)
        return words[:end], (), words[end:]
    behind = _numbers_behind(words, end)
    return words[:end], words[end : end + 1 + behind], words[end + 1 + behind :]


def _numbers_behind(words: Sequence[Word], index: int) -> int:
    """How many numbers stand behind a word on its line; none if anything else does."""
    line = next(iter(lines_of(words[index:])))[1:]
    return len(line) if all(POINTS.fullmatch(fold(word.text)) for word in line) else 0


def _closes(word: Word) -> bool:
    """Whether a line begins what follows the indicators: a note, or who filled in the form."""
    before, colon, _ = fold(word.text).partition(":")
    return vocabulary().remark(word.text) or bool(colon and vocabulary().meaning("aside", before))


@dataclass
class _Table:
    """Lays out the table of indicators."""

    sheet: Sheet
    keys: tuple[str, ...]

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(key for key in self.keys if key in LEVELS)

    @property
    def own(self) -> tuple[str, ...]:
        return tuple(key for key in self.keys if key not in LEVELS)

    def place(self, key: str) -> int:
        return LEFT + self.keys.index(key)

    def head(self, words: Sequence[Word], side: Sequence[Word]) -> None:
        self.sheet.begin()
        if side:
            self.sheet.put(side, 1)
        for key, word in zip(self.keys, words, strict=True):
            self.sheet.put([word], self.place(key))

    def body(self, words: Sequence[Word]) -> None:
        """The groups with their rows, each label over all rows of its own."""
        level1: tuple[Word, str, str] | None = None
        opened: list[tuple[str, Word, str, str, int]] = []
        groups = vocabulary().groups
        for group in self._groups(words):
            row = self.sheet.row + 1
            usual = group.level2.means("level2") if group.level2 else ""
            if group.execution and group.level1:
                self._execution(group)
                opened.append(("execution", group.level1, "", "", row))
                level1 = None
                continue
            if group.level1:
                level1 = (group.level1, group.level1.text, "")
                opened.append(("level1", *level1, row))
            if (
                group.level2
                and "level1" in self.levels
                and (
                    level1 is None or vocabulary().meaning("level1", level1[1]) != groups.get(usual)
                )
            ):
                level1 = (group.level2, groups[usual], NOTE_LEVEL1)
                opened.append(("level1", *level1, row))
            if group.level2:
                opened.append(("level2", group.level2, group.level2.text, "", row))
            if group.words and not opened:
                raise UnsettledError(NO_GROUP, group.words[0])
            self._rows(group.words)
        self._labels(opened)

    def _labels(self, opened: Sequence[tuple[str, Word, str, str, int]]) -> None:
        """Put the labels: each down to the next one of its own level or above."""
        for index, (key, word, text, note, row) in enumerate(opened):
            if key == "execution":
                continue
            over = LEVELS[: LEVELS.index(key) + 1]
            behind = (r for k, *_, r in opened[index + 1 :] if k in (*over, "execution"))
            rows = next(behind, self.sheet.row + 1) - row
            if rows:
                self.sheet.put([word], self.place(key), row=row, rows=rows, text=text, note=note)

    def _groups(self, words: Sequence[Word]) -> Iterator[Group]:
        """The labels and what stands below each."""
        group = Group()
        index = 0
        at_label = True
        while index < len(words):
            word = words[index]
            starts = word.opens or at_label
            if starts and self._is_head(words[index : index + len(self.keys)]):
                index += len(self.keys)
                continue
            kind = self._label(words, index) if starts else ""
            at_label = bool(kind)
            if kind in ("level1", "lost", "execution") or (
                kind == "level2" and (group.level2 or group.words)
            ):
                yield group
                group = Group()
            if kind == "side":
                self.sheet.put([word], 1, row=self.sheet.row + 1)
            elif kind == "lost":
                group.lost = True
            elif kind == "execution":
                group.level1, group.execution = word, True
            elif kind:
                setattr(group, kind, word)
            else:
                group.words.append(word)
            index += 1
        yield group

    def _is_head(self, words: Sequence[Word]) -> bool:
        """Whether words are the head once more, as on the next page."""
        return tuple(word.means(COLUMNS) for word in words) == self.keys

    def _label(self, words: Sequence[Word], index: int) -> str:
        """What label a word at the start of a line or behind another label is; empty: none."""
        word = words[index]
        if LOST.fullmatch(fold(word.text)):
            return "lost"
        if word.means("sides") and word.opens and len(word.text) >= SHORTEST_SIDE:
            return "side"
        if word.means("execution"):
            return "execution"
        if not self._whole(words, word):
            return ""
        if word.means("level1") and self._is_level1(words, index):
            return "level1"
        return "level2" if word.means("level2") and "level2" in self.levels else ""

    def _whole(self, words: Sequence[Word], word: Word) -> bool:
        """Whether a word is a label and not but the beginning of one (数量), which a name may
        end in; in a form that prints no label in full, it is one.
        """
        short = wrapped_labels(vocabulary())
        text = label(word.text).key
        return text not in short or not any(
            other.means("level2") and label(other.text).key not in short for other in words
        )

    def _is_level1(self, words: Sequence[Word], index: int) -> bool:
        """Whether a label that may be of either level is of level 1: one of its groups follows."""
        word = words[index]
        if not word.means("level2") or "level2" not in self.levels:
            return True
        near = (other.means("level2") for other in words[index + 1 : index + 3])
        return word.means("level1") in (vocabulary().groups.get(group) for group in near)

    def _rows(self, words: Sequence[Word]) -> None:
        """The rows of a group."""
        for part in _numbered(words):
            if FILLER.fullmatch(part[0].text) or (len(part) == 1 and NUMBERED.match(part[0].text)):
                self.sheet.begin()
                self.sheet.put(part, self.place("name"))
                continue
            numbered = bool(NUMBERED.match(part[0].text))
            if numbered and all(DASHES.issuperset(word.text) for word in part[1:]):
                rows: Sequence[Cells] = ({"name": part[:1]},)
            else:
                rows = linerows.read(part, self.own, numbered=numbered)
            for cells in rows:
                self._row(cells, numbered=numbered)

    def _row(self, cells: Cells, *, numbered: bool) -> None:
        self.sheet.begin()
        empty = [key for key in self.own if key in linerows.EMPTY and not cells.get(key)]
        for key, cell in cells.items():
            open_ = len(cell) > 1 and not numbered and "deviation_reason" in self.own
            note = NOTE_NATURE if empty and key != "name" else NOTE_SPLIT if open_ else ""
            if cell:
                self.sheet.put(cell, self.place(key), note=note)

    def _execution(self, group: Group) -> None:
        """The points of the execution rate, which stand among the indicators."""
        assert group.level1 is not None
        points = [key for key in ("weight", "score") if key in self.own]
        numbers = group.words[-len(points) :] if points else []
        plain = all(POINTS.fullmatch(fold(word.text)) for word in numbers)
        if len(numbers) != len(points) or not plain or len({w.line for w in group.words}) > 1:
            raise UnsettledError(linerows.UNSETTLED, group.level1)
        self.sheet.begin()
        self.sheet.put([group.level1], LEFT, len(self.levels) + 1)
        ordered = sorted(points, key=self.own.index)
        for key, word in zip(ordered, numbers, strict=True):
            self.sheet.put([word], self.place(key))

    def total(self, words: Sequence[Word]) -> None:
        """The total row: its numbers are the totals of weights and scores."""
        points = [key for key in self.own if key in ("weight", "score")]
        numbers = words[1:]
        note = ""
        if len(numbers) < len(points):
            points, note = points[-1:], NOTE_TOTAL
        if len(numbers) != len(points):
            raise UnsettledError(linerows.UNSETTLED, words[0])
        self.sheet.begin()
        self.sheet.put(words[:1], LEFT, len(self.levels) + 1)
        for key, word in zip(points, numbers, strict=True):
            self.sheet.put([word], self.place(key), note=note)


def _numbered(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words cut where a numbered row or a filler begins."""
    start = 0
    for index in range(1, len(words) + 1):
        begins = index == len(words) or (
            words[index].opens
            and bool(NUMBERED.match(words[index].text) or FILLER.fullmatch(words[index].text))
        )
        cut = begins or bool(FILLER.fullmatch(words[index - 1].text) and words[index - 1].opens)
        if cut:
            yield words[start:index]
            start = index
