"""Text with tables drawn by `|`: as Markdown writes them, or as web pages become text.

Rows of one table that have the same number of cells are taken as they stand.  A page that
was turned into text gives a merged cell once: what it covers is left out, and rows are not
whole.  Such a text is read in the order of its cells (`stream`).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from audit_utils.documents import limits
from audit_utils.documents.assembly import Box, Item, Text, assemble
from audit_utils.documents.sequence import bars, grid_of
from audit_utils.documents.text import CONTROL, decode
from audit_utils.grid import Grid
from audit_utils.records import Problem

_LEAST_PART = 0.2
"""The part of its lines that have a bar in a text of tables."""
_NOT_WHOLE = "rows with bars (|) that are not whole: which cells were merged is not known"


def is_one(text: str) -> bool:
    """Whether a text draws tables with bars."""
    lines = [line for line in text.splitlines() if line.strip()]
    barred = sum("|" in line for line in lines)
    return barred > 0 and barred >= _LEAST_PART * len(lines)


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of the tables, and a problem for each form or table that cannot be one."""
    lines = decode(data, path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    limits.check(sum(line.count("|") for line in lines), limits.CELLS, "cells", path)
    numbered = [(number, CONTROL.sub("", line)) for number, line in enumerate(lines, 1)]
    if bars.is_filled(numbered):
        grid, problems = grid_of(list(bars.filled(numbered)))
    elif (whole := _whole(numbered)) is not None:
        grid, problems = whole, []
    elif bars.is_listed(numbered):
        grid, problems = grid_of(list(bars.listed(numbered)))
    else:
        broken = next(block for barred, block in _blocks(numbered) if barred > _is_whole(block))
        texts = (Text(line.strip()) for _, line in numbered if line.strip())
        grid, problems = assemble(texts), [_told(broken)]
    return grid, 1, problems


def _blocks(lines: Sequence[bars.Line]) -> Iterator[tuple[bool, list[bars.Line]]]:
    """Lines with bars and lines without, in turn."""
    for barred, block in groupby(lines, lambda line: "|" in line[1]):
        yield barred, list(block)


def _whole(lines: Sequence[bars.Line]) -> Grid | None:
    """The grid of a text whose tables are all whole, None if one is not."""
    items: list[Item] = []
    for barred, block in _blocks(lines):
        if not barred:
            items += [Text(line.strip()) for _, line in block if line.strip()]
        elif _is_whole(block):
            items.append(_table(list(_rows(block))))
        else:
            return None
    return assemble(items)


def _is_whole(block: Sequence[bars.Line]) -> bool:
    rows = list(_rows(block))
    return len({len(row) for row in rows}) == 1 and len(rows[0]) > 1


def _rows(block: Sequence[bars.Line]) -> Iterator[list[str]]:
    for _, line in block:
        if not bars.RULE.fullmatch(line):
            bare = line.strip()
            bare = bare.removeprefix("|") if bare.startswith("|") and bare.endswith("|") else bare
            cells = bars.BAR.split(bare.removesuffix("|"))
            yield [cell.strip().replace("\\|", "|") for cell in cells]


def _table(rows: Sequence[Sequence[str]]) -> list[Box]:
    return [
        Box(cell.replace("<br>", "\n"), row, column)
        for row, cells in enumerate(rows, 1)
        for column, cell in enumerate(cells, 1)
    ]


def _told(block: Sequence[bars.Line]) -> Problem:
    return Problem(_NOT_WHOLE, block[0][0], block[-1][0], 1, block[0][1].strip())
