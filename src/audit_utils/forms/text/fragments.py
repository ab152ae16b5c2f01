"""Pieces of text between blanks, and the book in which each is entered once.

A fragment is what one line prints of one cell.  Every fragment of a form ends up in a
cell, as a label, as page furniture, or as a problem: the ledger keeps the count.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import ascii_letters
from typing import NamedTuple

from audit_utils.forms.marks import DASHES
from audit_utils.records import Cell, Line, Problem

LATIN = frozenset(ascii_letters)
NARROW = re.compile(r"[\x00-\u1fff]")


class Fragment(NamedTuple):
    """Text without blanks; `first` on its line, `breaks` first on its page."""

    text: str
    line: int
    page: int
    first: bool
    gap: bool
    breaks: bool


@dataclass(slots=True)
class Ledger:
    """How many printed characters went where, and what could not be read."""

    characters: int = 0
    problems: list[Problem] = field(default_factory=list)

    def label(self, pieces: Iterable[Fragment]) -> None:
        """Enter words that the form itself prints, dashes and page furniture."""
        self.characters += sum(len(piece.text) for piece in pieces)

    def cell(self, pieces: Sequence[Fragment], note: str = "") -> Cell:
        """Enter a cell of at least one fragment."""
        for piece in pieces:
            self.characters += len(piece.text)
        return make_cell(pieces, note)

    def leftover(self, pieces: Sequence[Fragment], message: str) -> None:
        """Enter text that nobody understood, with its lines."""
        if pieces:
            self.characters += sum(len(piece.text) for piece in pieces)
            self.problem(message, pieces[0], pieces[-1], join(pieces))

    def problem(self, message: str, first: Fragment, last: Fragment, text: str = "") -> None:
        """Note something wrong between two fragments without counting characters."""
        self.problems.append(Problem(message, first.line, last.line, first.page, text))


def split(lines: Iterable[Line]) -> list[Fragment]:
    """Cut lines at their blanks."""
    return [
        Fragment(text, line.number, line.page, place == 0, line.gap, line.breaks and place == 0)
        for line in lines
        for place, text in enumerate(line.text.split())
    ]


def join(pieces: Sequence[Fragment]) -> str:
    """Wrapped lines joined: no blank at a line's end, none but between two Latin words."""
    if all(piece.first for piece in pieces[1:]):
        return "".join([piece.text for piece in pieces])
    text = ""
    for piece in pieces:
        latin = not piece.first and LATIN.issuperset(text[-1:] + piece.text[0]) and text
        text += " " + piece.text if latin else piece.text
    return text


def make_cell(pieces: Sequence[Fragment], note: str = "") -> Cell:
    """The cell of these fragments; None for a lone dash."""
    first = pieces[0]
    text = join(pieces) if len(pieces) > 1 else first.text
    printed = None if text[0] in DASHES and DASHES.issuperset(text) else text
    return Cell(printed, first.line, pieces[-1].line, first.page, note)


def empty_cell(at: Fragment, note: str = "") -> Cell:
    """A cell that prints nothing, at the place of a fragment beside it."""
    return Cell(None, at.line, at.line, at.page, note)


@lru_cache(maxsize=1 << 15)
def em(text: str) -> float:
    """Width in full-width characters: Latin letters, digits and ASCII signs count half."""
    return len(text) - 0.5 * len(NARROW.findall(text))
