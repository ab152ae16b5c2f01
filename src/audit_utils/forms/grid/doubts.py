"""Cells of which the text may not be theirs alone: a form that has any is not read."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from audit_utils.forms.grid.area import Area
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell

SEVERAL = "several groups stand in one cell: no line parts them"
NUMBERS = "several numbers stand in one cell: they would be read as one"
_NUMBER = r"[≥≤<>=＜＞]{0,2}\d[\d,]*(?:\.\d+)?"
_BELOW = re.compile(rf"(?:{_NUMBER}\n)+\d[\d,]*(?:\.\d+)?[^\s\d.,]{{0,3}}")
"""Lines that are numbers each, the last with its unit: 10 ⏎ 8."""
_BESIDE = re.compile(rf"{_NUMBER}(?:[^\S\n]+\d[\d,./]*)+[^\s\d.,]{{0,3}}")
_THOUSANDS = re.compile(r"[≥≤<>=＜＞]{0,2}\d{1,3}(?:\s\d{3})+(?:\.\d+)?\D{0,3}")
_MOST = 24
"""Lines of a cell that holds labels of groups only, at most."""


def doubts(shown: Area, area: Area, words: Vocabulary) -> Iterator[tuple[str, GridCell]]:
    """The reasons, each with its cell: of the cells as shown, and with page breaks mended."""
    yield from ((cell.doubt, cell) for cell in shown.cells if cell.doubt)
    yield from ((SEVERAL, cell) for cell in area.cells if _several(cell.text.split("\n"), words))
    widths = _widths(area.cells)
    yield from ((NUMBERS, cell) for cell in area.cells if _numbers(cell, widths))


def _several(lines: Sequence[str], words: Vocabulary, *, rest: bool = False) -> bool:
    """Whether lines are the labels of several groups, one below the other."""
    if _group("".join(lines), words):
        return rest
    return any(
        _group("".join(lines[:end]), words) and _several(lines[end:], words, rest=True)
        for end in range(1, len(lines) if len(lines) <= _MOST else 0)
    )


def _numbers(cell: GridCell, widths: Mapping[tuple[int, int], int]) -> bool:
    """Whether a cell holds numbers one behind or below the other, and not one wrapped number.

    A number is wrapped where its column is too narrow for it: no line of the column is longer.
    """
    text = "\n".join(line.strip() for line in cell.text.split("\n") if line.strip())
    if _BESIDE.fullmatch(text):
        return not _THOUSANDS.fullmatch(text)
    if not _BELOW.fullmatch(text):
        return False
    own = (w for (x0, x1), w in widths.items() if cell.column <= x0 and x1 <= cell.right)
    return max(own, default=0) >= len(text.replace("\n", ""))


def _widths(cells: Sequence[GridCell]) -> dict[tuple[int, int], int]:
    """How wide the longest line is, by the columns of its cell."""
    found: dict[tuple[int, int], int] = {}
    for cell in cells:
        columns = (cell.column, cell.right)
        own = max(map(_width, cell.text.split("\n")))
        found[columns] = max(own, found.get(columns, 0))
    return found


def _width(line: str) -> int:
    """How wide a line is, in halves of a Chinese character."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in line.strip())


def _group(text: str, words: Vocabulary) -> bool:
    return any(words.meaning(level, text) for level in ("level1", "level2"))
