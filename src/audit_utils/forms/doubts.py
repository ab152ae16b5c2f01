"""Cells of which the text may not be theirs alone: a form that has any is not read."""

from collections.abc import Iterator, Sequence

from audit_utils.documents.grid import GridCell
from audit_utils.forms.area import Area
from audit_utils.forms.vocabulary import Vocabulary

SEVERAL = "several groups stand in one cell: no line parts them"
_MOST = 24
"""Lines of a cell that holds labels of groups only, at most."""


def doubts(shown: Area, area: Area, words: Vocabulary) -> Iterator[tuple[str, GridCell]]:
    """The reasons, each with its cell: of the cells as shown, and with page breaks mended."""
    yield from ((cell.doubt, cell) for cell in shown.cells if cell.doubt)
    yield from ((SEVERAL, cell) for cell in area.cells if _several(cell.text.split("\n"), words))


def _several(lines: Sequence[str], words: Vocabulary, *, rest: bool = False) -> bool:
    """Whether lines are the labels of several groups, one below the other."""
    if _group("".join(lines), words):
        return rest
    return any(
        _group("".join(lines[:end]), words) and _several(lines[end:], words, rest=True)
        for end in range(1, len(lines) if len(lines) <= _MOST else 0)
    )


def _group(text: str, words: Vocabulary) -> bool:
    return any(words.meaning(level, text) for level in ("level1", "level2"))
