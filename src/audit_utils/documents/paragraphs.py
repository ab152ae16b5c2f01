"""Text with one cell a paragraph: tables of a text document that was saved as text.

A blank line parts two cells, a line of blanks between two of them is an empty cell.  Plain
text out of a PDF has blank lines too, but it prints 项目名称 and its value on one line.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from audit_utils.documents import limits
from audit_utils.documents.sequence import grid_of
from audit_utils.documents.sequence.pieces import Piece, is_label
from audit_utils.documents.text import CONTROL, decode
from audit_utils.forms.marks import PAGE_NUMBER
from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.grid import Grid
from audit_utils.records import Problem

_MOST = 4
"""Paragraphs that one label may be spread over."""
_LEAST = 2
"""Labels that show the head of a form, if 项目名称 is not among them."""
_SHORT = 40
_PART = re.compile(r"[\u4e00-\u9fff].*(?<!\d)$", re.DOTALL)
"""What may be part of a label: not a number, with which a label may end."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


def is_one(text: str) -> bool:
    """Whether a text gives each cell its paragraph: labels of the head stand alone, throughout."""
    words = vocabulary()
    if any(_is_row(line, words) for line in text.split("\n")):  # at the top of most texts
        return False
    found = [words.meaning("head", piece.text) for piece in _paragraphs(text)]
    return "name" in found or len(found) - found.count("") >= _LEAST


def _is_row(line: str, words: Vocabulary) -> bool:
    """Whether a label of the head has its value, or another label, on its line."""
    first, *rest = line.split(maxsplit=1) or [""]
    return bool(rest and words.meaning("head", first)) and not is_label(words, line)


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of the forms whose paragraphs fit together, and a problem for each other one."""
    text = decode(data, path)
    limits.check(text.count("\n"), limits.CELLS, "cells", path)
    grid, problems = grid_of(_pieces(text, vocabulary()), loose=True)
    return grid, 1, problems


def _pieces(text: str, words: Vocabulary) -> list[Piece]:
    return list(_joined(list(_paragraphs(text)), words))


def _paragraphs(text: str) -> Iterator[Piece]:
    """What stands between blank lines; a line of blanks is no blank line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    numbered = [(number, CONTROL.sub("", line)) for number, line in enumerate(lines, 1)]
    for filled, group in groupby(numbered, lambda one: bool(one[1])):
        if filled:
            block = list(group)
            inner = "\n".join(line.strip() for _, line in block)
            if not PAGE_NUMBER.match(inner):
                yield Piece(inner, block[0][0], block[-1][0])


def _joined(pieces: Sequence[Piece], words: Vocabulary) -> Iterator[Piece]:
    """The pieces, with those that are one label together as one."""
    place = 0
    while place < len(pieces):
        count = next((n for n in range(_MOST, 1, -1) if _one(pieces[place : place + n], words)), 1)
        parts = pieces[place : place + count]
        text = "\n".join(piece.text for piece in parts)
        yield parts[0] if count == 1 else Piece(text, parts[0].line, parts[-1].last)
        place += count


def _one(pieces: Sequence[Piece], words: Vocabulary) -> bool:
    """Whether pieces are one label together, and not labels each for itself."""
    if not all(len(piece.text) <= _SHORT and _PART.search(piece.text) for piece in pieces):
        return False
    texts = [piece.text for piece in pieces]
    if _BRACKETS.fullmatch(texts[0]):  # the year above the form; a unit stands behind its label
        return False
    return not all(is_label(words, text) for text in texts) and is_label(words, "".join(texts))
