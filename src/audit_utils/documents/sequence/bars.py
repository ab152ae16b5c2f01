"""Text with bars -> pieces: a bar ends a cell, wherever a line ends.

Two ways of writing leave out what merged cells cover.  In one, nothing parts two rows.  In
the other each row is filled up to the same number of bars: those stand close together at its
end, so they are told from empty cells.
"""

import re
from collections.abc import Iterator, Sequence

from audit_utils.documents.sequence.pieces import Piece, head_label, is_label
from audit_utils.forms.vocabulary import vocabulary

BAR = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
"""The line below a head."""
FILLED = re.compile(r"(?:^|(?<=\s))(\|{2,})\s*$")
"""Bars that fill up a row."""
BARS = "the row has {count} bars where others have {due}"

Line = tuple[int, str]
"""Its number and its text."""


def is_filled(lines: Sequence[Line]) -> bool:
    """Whether any row is filled up with bars at its end."""
    return any(FILLED.search(text) for _, text in lines)


def is_listed(lines: Sequence[Line]) -> bool:
    """Whether every bar ends a line: one cell after another, without rows."""
    return all(len(found) < 2 for _, text in lines if (found := BAR.findall(text)))


def listed(lines: Sequence[Line]) -> Iterator[Piece]:
    """The cells of a text in which nothing parts two rows."""
    yield from _cells(lines)


def filled(lines: Sequence[Line]) -> Iterator[Piece]:
    """The cells of a text whose rows are filled up to the same number of bars."""
    row: list[Line] = []
    count, due = 0, 0
    for line in lines:
        if RULE.fullmatch(line[1]):
            continue
        row.append(line)
        count += len(BAR.findall(line[1]))
        ends = line[1].rstrip().endswith("|")
        full = FILLED.search(line[1]) is not None
        if ends and (full or count >= due > 0):
            good = count == due or not due or _begins(row)
            yield from _row(row, "" if good else BARS.format(count=count, due=due))
            due = count if full else due
            row, count = [], 0
    if row:
        yield from _row(row, "")


def _begins(row: Sequence[Line]) -> bool:
    """Whether a table may begin with a row: with a title, or with the name of a project."""
    cells = list(_cells(row))
    words = vocabulary()
    return any(words.title(p.text) or head_label(words, p.text) == "name" for p in cells[:2])


def _row(row: Sequence[Line], fault: str) -> Iterator[Piece]:
    """The cells of one row without those that fill it up."""
    last = FILLED.search(row[-1][1])
    cells = list(_cells(row))
    cells = cells[: len(cells) - len(last[1])] if last else cells
    first = True
    for place, piece in enumerate(cells):
        spare = place == len(cells) - 1 > 0 and piece.empty and not last
        yield Piece(
            piece.text, piece.line, piece.last, first, piece.closed, spare, fault if first else ""
        )
        first = first and not piece.closed


def _cells(lines: Sequence[Line]) -> Iterator[Piece]:
    """The texts between bars; lines above a label, or behind the last bar, are no cells."""
    held: list[Line] = []
    for number, text in lines:
        *ended, rest = BAR.split(text)
        for part in ended:
            yield from _cell([*held, (number, part)], number)
            held = []
        if rest.strip():
            held.append((number, rest))
    for number, text in held:
        yield Piece(_clean(text), number, number, closed=False)


def _cell(lines: Sequence[Line], number: int) -> Iterator[Piece]:
    texts = [(line, _clean(text)) for line, text in lines if text.strip()]
    above = texts[:-1] if _is_below(texts) else []
    for line, text in above:
        yield Piece(text, line, line, closed=False)
    own = texts[len(above) :]
    first, last = (own[0][0], own[-1][0]) if own else (number, number)
    yield Piece("\n".join(text for _, text in own), first, last)


def _is_below(texts: Sequence[Line]) -> bool:
    """Whether the last line alone is a label of the head, with which a form begins."""
    words = vocabulary()
    if len(texts) < 2 or is_label(words, "".join(text for _, text in texts)):
        return False
    return bool(head_label(words, texts[-1][1]))


def _clean(text: str) -> str:
    return text.strip().replace("\\|", "|").replace("<br>", "\n")
