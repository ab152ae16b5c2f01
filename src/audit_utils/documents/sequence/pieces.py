"""Cells in the order in which they are read, before their rows and columns are known.

Where a page or a text document was turned into text, each merged cell is printed once, at
its first row, and which columns it covered is lost.  Nothing here knows how a text marks
its cells; `pipes` and `paragraphs` do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise, takewhile
from typing import Literal

from audit_utils import values
from audit_utils.forms.grid.labelled import INSIDE
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import FormKind

LONGEST_LABEL = 80
MOST = 1_000
"""Labels around the indicators, or rows of indicators; no form has so many."""
TOO_MANY = "the form has more labels or rows than any form has"
NO_LABELS = frozenset({"qualities", "remarks"})
"""Parts of the vocabulary whose words stand among values, or begin a text."""
VALUE = "a text stands where a label is due"
LABEL = "a label stands where a value is due"
ENDS = "the form ends where more is due"
TOGETHER = "a cell holds a label beside other text: two cells may have become one"
REPEATED = "a line stands twice in a row in one cell"
BLANK = "a cell holds a blank line: an empty cell may have become part of it"
NO_NUMBER = "no number stands below the label of {column}"
BROKEN_ROW = "a row ends, or does not end, where the labels say otherwise"


NumberKind = Literal["amount", "points", "percent"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One cell as the text gives it, empty ones too.

    `first` tells whether a row begins with it (None: the text does not say).  `closed` is
    False for text behind the last mark of a cell.  `spare` is an empty cell at the end of a
    row that may be there only to make the rows equally long.  `fault` says what is wrong
    with the row that it begins.
    """

    text: str
    line: int
    last: int
    first: bool | None = None
    closed: bool = True
    spare: bool = False
    fault: str = ""

    @property
    def empty(self) -> bool:
        return not self.text.strip()


class MisfitError(Exception):
    """Why the pieces make no form, and at which of them that shows."""

    def __init__(self, message: str, piece: Piece):
        super().__init__(message)
        self.message = message
        self.piece = piece


@lru_cache(maxsize=1 << 14)
def is_label(words: Vocabulary, text: str) -> bool:
    """Whether a text is a label of any part of a form."""
    parts = (part for part in words.parts if part not in NO_LABELS)
    return 0 < len(text) <= LONGEST_LABEL and any(words.meaning(part, text) for part in parts)


def known(words: Vocabulary, text: str) -> bool:
    """Whether a text is a label or a title."""
    return is_label(words, text) or (len(text) <= LONGEST_LABEL and bool(words.title(text)))


def head_label(words: Vocabulary, text: str) -> str:
    """What a text of the form's head is, its value behind a colon in it or not."""
    inside = INSIDE.fullmatch(text)
    return words.meaning("head", inside[1] if inside else text)


def check_value(words: Vocabulary, piece: Piece) -> None:
    """A value is no label, and no two cells have become one in it."""
    if known(words, piece.text):
        raise MisfitError(LABEL, piece)
    if not piece.closed:
        raise MisfitError(ENDS, piece)
    check_whole(words, piece)


def check_whole(words: Vocabulary, piece: Piece) -> None:
    """No part of a piece is a label: it would be another cell."""
    lines = piece.text.split("\n")
    if piece.first is None and any(known(words, part) for part in _parts(lines)):
        raise MisfitError(TOGETHER, piece)


def _parts(lines: Sequence[str]) -> Iterator[str]:
    """What may be a cell of its own in a cell of several lines: each line, and its ends."""
    if len(lines) > 1:
        yield from lines
        beginnings = accumulate(lines[:-1])
        ends = accumulate(reversed(lines[1:]), lambda end, line: line + end)
        for texts in (beginnings, ends):
            yield from takewhile(lambda text: len(text) <= LONGEST_LABEL, texts)


def check_cell(words: Vocabulary, piece: Piece) -> None:
    """A value of a row: none of its lines is a quantity, nor its first one half a label."""
    check_value(words, piece)
    lines = piece.text.split("\n")
    if len(lines) > 1 and piece.first is None:
        levels = (text for level in ("level1", "level2") for text in words.parts[level])
        half = any(text.startswith(lines[0]) for text in levels)
        if half or {values.quantity(line).kind for line in lines} & {"quantity", "range"}:
            raise MisfitError(TOGETHER, piece)


def is_number(kind: NumberKind, text: str) -> bool:
    """Whether a text can stand where a number is due: it is one, or nothing."""
    if values.empty(text):
        return True
    if "\n" in text.strip():
        return False
    if kind == "amount":
        return values.amount(text) is not None
    points = values.points(text) is not None
    return points if kind == "points" else values.percent(text) is not None


@dataclass
class Walk:
    """The pieces of one form, how far they have been read, and the cells laid so far.

    `loose`: an empty piece may be part of the cell before it.  `money`: the part with the
    money has been read.
    """

    pieces: Sequence[Piece]
    kind: FormKind
    words: Vocabulary
    loose: bool = False
    money: bool = False
    at: int = 0
    row: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    blocks: int = 0
    cells: list[GridCell] = field(default_factory=list)

    def peek(self, ahead: int = 0) -> Piece | None:
        """A piece that is still to be read, None behind the last."""
        place = self.at + ahead
        return self.pieces[place] if place < len(self.pieces) else None

    def means(self, part: str, ahead: int = 0) -> str:
        """What the piece ahead is in a part of the form; empty if it is no label there."""
        piece = self.peek(ahead)
        return self.words.meaning(part, piece.text) if piece else ""

    def is_empty(self, ahead: int = 0) -> bool:
        piece = self.peek(ahead)
        return piece is not None and piece.empty

    def take(self) -> Piece:
        """The next piece, whatever it is."""
        piece = self.peek()
        if piece is None:
            raise MisfitError(ENDS, self.pieces[-1])
        if piece.fault:
            raise MisfitError(piece.fault, piece)
        lines = piece.text.split("\n")
        if any(line and line == before for before, line in pairwise(lines)):
            raise MisfitError(REPEATED, piece)
        if len(lines) > 1 and not all(lines) and any(lines):
            raise MisfitError(BLANK, piece)
        self.at += 1
        return piece

    def value(self, *, below: bool = False) -> Piece:
        """The next piece, which must be no label; if not below, in the row of the one before."""
        piece = self.take()
        check_value(self.words, piece)
        if piece.first and not below:
            raise MisfitError(BROKEN_ROW, piece)
        return piece

    def begin_block(self, *, at_left: bool = False) -> None:
        """Lay what follows below all cells so far, and right of them: nothing is in line with it.

        What stands below the indicators begins at the left, where no column of theirs is.
        """
        self.blocks += 1
        if self.blocks > MOST:
            raise MisfitError(TOO_MANY, self.pieces[self.at - 1])
        self.row = self.bottom + 1
        self.left = 0 if at_left else self.right

    def put(
        self, piece: Piece, column: int, *, below: int = 0, rows: int = 1, columns: int = 1
    ) -> None:
        """Lay a piece into a column of the block, into the current row or some rows below it."""
        text = "\n".join(line for line in piece.text.split("\n") if line)
        place = (self.row + below, self.left + column, rows, columns)
        cell = GridCell(text, *place, line=piece.line, line_end=piece.last)
        self.bottom, self.right = max(self.bottom, cell.bottom), max(self.right, cell.right)
        self.cells.append(cell)
