"""Text with tables drawn by `|`: a row a line, as Markdown and some web pages write them.

Rows of one table have the same number of cells.  Where they have not, merged cells were
left out and nobody can tell which: such a table is told and not read.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from audit_utils.documents import limits
from audit_utils.documents.assembly import Box, Item, Text, assemble
from audit_utils.documents.grid import Grid
from audit_utils.documents.text import CONTROL, decode
from audit_utils.records import Problem

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
"""The line below a head."""
_LEAST_LINES, _LEAST_PART = 5, 0.2
"""Lines with a bar that make a text one of tables, and their part of all lines."""


def is_one(text: str) -> bool:
    """Whether a text draws tables with bars."""
    lines = [line for line in text.splitlines() if line.strip()]
    barred = sum("|" in line for line in lines)
    return barred >= _LEAST_LINES and barred >= _LEAST_PART * len(lines)


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of the tables whose rows are whole, and a problem for each that is not."""
    lines = decode(data, path).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    limits.check(sum(line.count("|") for line in lines), limits.CELLS, "cells", path)
    items: list[Item] = []
    problems: list[Problem] = []
    numbered = [(number, CONTROL.sub("", line)) for number, line in enumerate(lines, 1)]
    for barred, group in groupby(numbered, lambda one: "|" in one[1]):
        block = list(group)
        rows = list(_rows([line for _, line in block]))
        if not barred:
            items += [Text(line.strip()) for _, line in block if line.strip()]
        elif len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
            items.append(_table(rows))
        else:
            items += [Text(line.strip()) for _, line in block if line.strip()]
            problems += _told(block)
    if problems:  # what is left of a document like that is not to be trusted
        items = [Text(line.strip()) for _, line in numbered if line.strip()]
    return assemble(items), 1, problems[:1]


def _rows(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines:
        if not _RULE.fullmatch(line):
            bare = line.strip()
            bare = bare.removeprefix("|") if bare.startswith("|") and bare.endswith("|") else bare
            yield [cell.strip().replace("\\|", "|") for cell in _BAR.split(bare.removesuffix("|"))]


def _table(rows: Sequence[Sequence[str]]) -> list[Box]:
    return [
        Box(cell.replace("<br>", "\n"), row, column)
        for row, cells in enumerate(rows, 1)
        for column, cell in enumerate(cells, 1)
    ]


def _told(block: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    first, last = block[0][0], block[-1][0]
    message = "rows with bars (|) that are not whole: which cells were merged is not known"
    yield Problem(message, first, last, 1, block[0][1].strip())
