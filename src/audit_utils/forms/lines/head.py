"""What stands above the indicators, in lines of text: head, money, objectives -> rows of cells.

Every line begins with a label that says what the line is; one that does not goes on with a
text that is set aside, or the form is not read.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from audit_utils.forms.labelfile import OBJECTIVES
from audit_utils.forms.lines import funds
from audit_utils.forms.lines.funds import is_number
from audit_utils.forms.lines.laying import RIGHT, Sheet, UnsettledError
from audit_utils.forms.lines.printed import Word
from audit_utils.forms.text.fragments import Fragment
from audit_utils.forms.text.funds import LEFT_IN_FUNDS
from audit_utils.forms.text.head import LEFT_IN_HEAD
from audit_utils.forms.text.objectives import NOTE_SPLIT, learn_widths, split_objectives
from audit_utils.forms.text.weights import SCRIPTS_MEET
from audit_utils.records import FormKind

OPEN_GOALS = "plain text does not settle which objective this text belongs to"
INSIDE = "a label stands inside of a text"
HALF = RIGHT // 2
FIRST = 3
"""The first column of amounts: before it stand a word at the side and the source."""

Line = Sequence[Word]


@dataclass
class Upper:
    """Lays out the lines above the indicators, one after the other."""

    sheet: Sheet
    kind: FormKind
    lines: Sequence[Line]
    at: int = 0
    columns: tuple[str, ...] = ()
    """The columns of amounts, once their labels have been read."""

    def lay(self) -> None:
        """All lines."""
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            self.sheet.begin()
            line = self._without_side(line)
            if line:
                self._line(line)

    def _without_side(self, line: Line) -> Line:
        """The line behind a word at its side, which is laid out."""
        if not line[0].means("sides") or (self._is_goal(line[0]) and not self._pair(line[1:])):
            return line
        self.sheet.put(line[:1], 1)
        return line[1:]

    def _is_goal(self, word: Word) -> bool:
        return bool(word.means(f"objectives.{self.kind}"))

    def _pair(self, line: Line) -> bool:
        """Whether a line is the headings of the two objectives, in their order."""
        found = tuple(word.means(f"objectives.{self.kind}") for word in line)
        return found == OBJECTIVES[self.kind]

    def _labelled(self, line: Line) -> bool:
        """Whether a line begins with a label."""
        parts = ("head", "aside", "sides", "sources", "request", "fund_columns")
        return self._is_goal(line[0]) or any(line[0].means(part) for part in parts)

    def _line(self, line: Line) -> None:
        first = line[0]
        if self._pair(line):
            self._objectives(line)
        elif self._is_goal(first):
            self._objective(line)
        elif len(line) > 1 and all(word.means("fund_columns") for word in line):
            self._fund_columns(line)
        elif self.columns and first.means("sources"):
            self._fund_rows(line)
        elif self.kind == "target_declaration" and first.means("request"):
            self._request(line)
        elif first.means("head") or first.means("aside"):
            self._head(line)
        else:
            raise UnsettledError(LEFT_IN_FUNDS if self.columns else LEFT_IN_HEAD, first)

    def _head(self, line: Line) -> None:
        """Labels with their values; what is set aside may go on over lines."""
        starts = [i for i, w in enumerate(line) if w.means("head") or w.means("aside")]
        for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
            name, text = line[start], list(line[start + 1 : end])
            if name.means("head"):
                _one_text(text, LEFT_IN_HEAD)
            elif end < len(line) and len(text) > 1:
                raise UnsettledError(INSIDE, line[end])
            elif end == len(line):
                while self.at < len(self.lines) and not self._labelled(self.lines[self.at]):
                    text += self.lines[self.at]
                    self.at += 1
            place = 2 + 2 * starts.index(start)
            self.sheet.put([name], place)
            self.sheet.put(text or [name], place + 1, text=None if text else "")

    def _fund_columns(self, line: Line) -> None:
        self.columns = tuple(word.means("fund_columns") for word in line)
        for place, word in enumerate(line):
            self.sheet.put([word], FIRST + place)

    def _fund_rows(self, line: Line) -> None:
        """The sources with their amounts, a line each."""
        lines = [line]
        while self.at < len(self.lines) and self.lines[self.at][0].means("sources"):
            lines.append(self.lines[self.at])
            self.at += 1
        for own, (found, note) in zip(lines, funds.read(lines, self.columns), strict=True):
            self.sheet.put(own[:1], 2)
            for place, column in enumerate(self.columns):
                if column in found:
                    self.sheet.put([found[column]], FIRST + place, note=note)
            self.sheet.begin()

    def _request(self, line: Line) -> None:
        """Sources with their amounts, one pair behind the other."""
        place = 2
        for word in line:
            if word.means("request"):
                place += place % 2
                self.sheet.put([word], place)
            elif place % 2 == 0 or not is_number(word):
                raise UnsettledError(LEFT_IN_FUNDS, word)
            else:
                self.sheet.put([word], place)
            place += 1

    def _objective(self, line: Line) -> None:
        """A label with the text beside and below it."""
        text = [*line[1:], *self._text()]
        self.sheet.put(line[:1], 1)
        self.sheet.put(text or line[:1], 2, RIGHT - 1, text=None if text else "")

    def _objectives(self, headings: Line) -> None:
        """Two headings, and two texts below them."""
        for word, column in zip(headings, (2, HALF), strict=True):
            self.sheet.put([word], column, HALF - 2)
        lines = self._text_lines()
        if not lines:
            return
        note = ""
        if all(len(line) == 2 and not _goes_on(*line) for line in lines):
            sides = [[line[side] for line in lines] for side in (0, 1)]
        else:
            sides, note = _by_width(lines), NOTE_SPLIT
        self.sheet.begin()
        for text, column in zip(sides, (2, HALF), strict=True):
            self.sheet.put(text, column, HALF - 2, note=note)

    def _text(self) -> list[Word]:
        return [word for line in self._text_lines() for word in line]

    def _text_lines(self) -> list[Line]:
        """The lines up to the next label at the side, or label of amounts."""
        found: list[Line] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line[0].means("sides") or self._is_goal(line[0]):
                break
            if self._labelled(line):
                raise UnsettledError(INSIDE, line[0])
            found.append(line)
            self.at += 1
        return found


def _one_text(words: Line, message: str) -> None:
    """Refuse words on one line that are not one text: a label may stand among them."""
    for left, right in itertools.pairwise(words):
        if not SCRIPTS_MEET.match(left.text[-1] + right.text[0]):
            raise UnsettledError(message, right)


def _goes_on(left: Word, right: Word) -> bool:
    """Whether the second of two texts may be the next point of the first: 2. behind 1."""
    return right.text[0].isdigit() or right.text[0] in "二三四五六②③④⑤（(目"


def _by_width(lines: Sequence[Line]) -> list[list[Word]]:
    """The texts of two columns of different widths, printed one after the other."""
    if all(len(line) == 1 for line in lines):
        pieces = [Fragment(w.text, w.line, 1, True, False, False) for line in lines for w in line]
        widths = learn_widths([pieces], "self_evaluation")
        left, right, note = split_objectives(pieces, widths)
        if left and right and not note:
            words = [word for line in lines for word in line]
            return [words[: len(left)], words[len(left) :]]
    raise UnsettledError(OPEN_GOALS, lines[0][0])
