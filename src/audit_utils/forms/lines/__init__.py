"""A form of another layout in lines of text -> cells of a table, where the text settles it.

The usual layout, of which documents hold many forms, has readers of its own that learn from
the whole document.  Here the form's own labels say what each text is; where they leave more
than one way to read it, it is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from audit_utils.forms.labels import fold
from audit_utils.forms.lines import rows as linerows
from audit_utils.forms.lines.funds import is_dash
from audit_utils.forms.lines.groups import LEVELS, Group, groups_of, is_filler, parts_of
from audit_utils.forms.lines.head import Upper
from audit_utils.forms.lines.laying import RIGHT, Sheet, UnsettledError, lines_of
from audit_utils.forms.lines.printed import Word
from audit_utils.forms.lines.rows import POINTS, Cells
from audit_utils.forms.marks import NUMBERED
from audit_utils.forms.text.fragments import em
from audit_utils.forms.text.funds import NOTE_NATURE
from audit_utils.forms.text.objectives import NOTE_SPLIT
from audit_utils.forms.text.sections import COLUMNS, OTHER_HEADER
from audit_utils.forms.text.wrapping import SLACK
from audit_utils.forms.text.wrapping import word as word_of
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import FormKind

NOTE_LEVEL1 = "the label of level 1 is not printed: it follows from level 2"
NOTE_TOTAL = "one number where two are due: taken as the total score"
NO_HEAD = ""
"""The head of the indicators is missing: the form is cut off or no form."""
KNOWN = frozenset(
    {"target", "actual", "weight", "score", "deviation_reason", "operator", "target_unit", "aside"}
)
"""Columns behind the name that can be told apart in lines."""
LEFT = 2
"""The first column of the indicators; before it stand words at the side."""


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
        sheet.put(line, 1, RIGHT, text=_signed(line))
    return sheet.sorted()


def _signed(line: Sequence[Word]) -> str:
    """A line behind the table, values right behind their labels: 填表人：张某  日期：…."""
    text = ""
    for word in line:
        text += word.text if not text or text.endswith((":", "：")) else f"  {word.text}"
    return text


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
        raise UnsettledError(OTHER_HEADER, word if closed else words[end])
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


class _Opened(NamedTuple):
    """A label of a group and the row where it stands; `text` where it is not printed itself."""

    key: str
    word: Word
    row: int
    text: str = ""
    note: str = ""


@dataclass
class _Table:
    """Lays out the table of indicators."""

    sheet: Sheet
    keys: tuple[str, ...]
    rows: list[Cells] = field(default_factory=list)
    numbered: bool = True
    """Whether all rows begin with a number."""

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
        level1 = ""
        opened: list[_Opened] = []
        known = vocabulary()
        for group in groups_of(words, self.keys):
            row = self.sheet.row + 1
            for side in group.sides:
                self.sheet.put([side], 1, row=row)
            if group.execution:
                self._execution(group)
                opened.append(_Opened("execution", group.execution[0], row))
                level1 = ""
                continue
            if group.level1:
                level1 = group.level1.means("level1")
                opened.append(_Opened("level1", group.level1, row))
            if group.level2:
                usual = known.groups[group.level2.means("level2")]
                if "level1" in self.keys and usual != level1:
                    level1 = usual
                    opened.append(_Opened("level1", group.level2, row, usual, NOTE_LEVEL1))
                opened.append(_Opened("level2", group.level2, row))
            for part in parts_of(group.words):
                self._part(part)
        self._labels(opened)
        self._check_widths()

    def _labels(self, opened: Sequence[_Opened]) -> None:
        """Put the labels: each down to the next one of its own level or above."""
        for index, own in enumerate(opened):
            if own.key == "execution":
                continue
            over = ("execution", *LEVELS[: LEVELS.index(own.key) + 1])
            behind = (other.row for other in opened[index + 1 :] if other.key in over)
            rows = next(behind, self.sheet.row + 1) - own.row
            text = own.text or own.word.text
            if rows:
                place = self.place(own.key)
                self.sheet.put([own.word], place, row=own.row, rows=rows, text=text, note=own.note)

    def _part(self, words: Sequence[Word]) -> None:
        """A numbered row, a filler, or the rows of a group that are not numbered."""
        numbered = bool(NUMBERED.match(words[0].text))
        if is_filler(words[0]) or (numbered and all(map(is_dash, words[1:]))):
            self._row({"name": words[:1]}, numbered=True)
            return
        self.numbered = self.numbered and numbered
        for cells in linerows.read(words, self.own, numbered=numbered):
            self._row(cells, numbered=numbered)

    def _row(self, cells: Cells, *, numbered: bool) -> None:
        self.sheet.begin()
        empty = [key for key in self.own if key in linerows.EMPTY and not cells.get(key)]
        for key, cell in cells.items():
            wrapped = len(cell) > 1 and not numbered
            note = NOTE_NATURE if empty and key != "name" else NOTE_SPLIT if wrapped else ""
            if cell:
                self.sheet.put(cell, self.place(key), note=note)
        self.rows.append(cells)

    def _check_widths(self) -> None:
        """A cell goes on over lines only where its column ends: each line but its last is full.

        Where nothing else shows where a row begins, one such line shows no width.
        """
        for key in self.own:
            cells = [row[key] for row in self.rows if row.get(key)]
            widest = max((em(word.text) for cell in cells for word in cell), default=0.0)
            lines = [pair for cell in cells for pair in pairwise(cell)]
            for line, behind in lines:
                if em(line.text) + em(word_of(behind.text)) <= widest - SLACK:
                    raise UnsettledError(linerows.UNSETTLED, line)
            if len(lines) == 1 and not self.numbered:
                raise UnsettledError(linerows.UNSETTLED, lines[0][0])

    def _execution(self, group: Group) -> None:
        """The points of the execution rate, which stand among the indicators."""
        first, *others = group.execution
        (cells,) = linerows.read([first, *group.words], self.own, numbered=True)
        self.sheet.begin()
        self.sheet.put([first], LEFT, len(self.keys) - len(self.own) + (not others))
        for word in others[:1]:
            self.sheet.put([word], self.place("name"))
        for key, cell in cells.items():
            if key != "name" and cell:
                self.sheet.put(cell, self.place(key))
        if len(others) > 1 or len(cells["name"]) > 1:
            raise UnsettledError(linerows.UNSETTLED, first)

    def total(self, words: Sequence[Word]) -> None:
        """The total row: its numbers are the totals of weights and scores."""
        points = [key for key in self.own if key in ("weight", "score")]
        numbers = words[1:]
        note = ""
        if len(numbers) < len(points):
            points, note = ["score"], NOTE_TOTAL
        if len(numbers) != len(points):
            raise UnsettledError(linerows.UNSETTLED, words[0])
        self.sheet.begin()
        self.sheet.put(words[:1], LEFT, len(self.keys) - len(self.own) + 1)
        for key, word in zip(points, numbers, strict=True):
            self.sheet.put([word], self.place(key), note=note)
