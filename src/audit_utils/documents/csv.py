"""csv: rows of values between commas, semicolons or tabs; one table.

Every row has as many values as the others, or is one text alone, as a title is.  A form in
rows of other lengths, as where a table was copied out of a page, has lost its merged cells:
nobody can tell which, and it is told and not read.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from audit_utils.documents import limits
from audit_utils.documents.assembly import Text, assemble, column_name
from audit_utils.documents.text import CONTROL, decode
from audit_utils.forms.content import REFUSED
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.grid import Grid, GridCell, Table
from audit_utils.records import Problem

_SIGNS = ",;\t"
_LEAST_ROWS, _LEAST_COLUMNS = 3, 3
_DECLARED = re.compile(r"\"?sep=(.)\"?\r?(?:\n|$)", re.I)
"""The first line of a file that tells Excel what parts its values."""
_AS_TEXT = re.compile(r'="([^"]*)"')
"""What a program writes to keep Excel from changing a number."""
_RAGGED = "rows of values that are not of one length: which cells were merged is not known"


class _Row(NamedTuple):
    """A row of a sheet with the line of the file that it begins on."""

    number: int
    line: int
    values: Sequence[str]


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a csv file; AuditError for one that is beyond the limits."""
    text = decode(data, path)
    if sign := _whole(text):
        cells = tuple(_cells(_rows(text, sign)))
        limits.check(len(cells), limits.CELLS, "cells", path)
        return Grid((Table(cells),) if cells else ()), 1, []
    lines = [shown for line in _lines(text) if (shown := CONTROL.sub("", line).strip())]
    sign = _form(text)
    place = next(number for number, line in enumerate(lines, 1) if _names(line, sign))
    told = Problem(REFUSED + _RAGGED, place, place, 1, lines[place - 1])
    return assemble(map(Text, lines)), 1, [told]


def delimiter(text: str) -> str:
    """What parts the values, or nothing where the text is no csv."""
    return _whole(text) or _form(text)


def _whole(text: str) -> str:
    """What parts the values of rows that are whole: no other text has rows of one length."""
    declared = _DECLARED.match(text)
    for sign in declared[1] if declared else _SIGNS:
        if text.count(sign) >= _LEAST_ROWS * (_LEAST_COLUMNS - 1) and _is_whole(text, sign):
            return sign
    return ""


def _is_whole(text: str, sign: str) -> bool:
    """Whether the rows, but for those of one text alone, are of one length."""
    width = rows = alone = 0
    try:
        for row in _rows(text, sign):
            own = len(row.values)
            if own == 1:
                alone += 1
            elif own != (width := width or own):
                return False
            else:
                rows += 1
    except csv.Error:  # a quote stays open
        return False
    return width >= _LEAST_COLUMNS and rows >= _LEAST_ROWS and rows > alone


def _form(text: str) -> str:
    """What parts the values of a form in rows that are not whole."""
    lines = [line for line in _lines(text) if line.strip()]
    for sign in _SIGNS:
        if 2 * text.count(sign) <= len(lines):
            continue
        parted = [line for line in lines if sign in line]
        if 2 * len(parted) > len(lines) and any(_names(line, sign) for line in parted):
            return sign
    return ""


def _names(line: str, sign: str) -> bool:
    """Whether one of the values of a line is the label of a project's name."""
    values = [value.strip(' "') for value in line.split(sign)]
    return len(values) > 1 and any(
        vocabulary().meaning("head", value) == "name" for value in values
    )


def _cells(rows: Iterable[_Row]) -> Iterator[GridCell]:
    for row in rows:
        for column, value in enumerate(row.values, 1):
            if shown := CONTROL.sub("", _AS_TEXT.sub(r"\1", value)).strip():
                address = f"{column_name(column)}{row.number}"
                yield GridCell(shown, row.number, column, line=row.line, address=address)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _rows(text: str, sign: str) -> Iterator[_Row]:
    """The rows that have any value; csv.Error where a quote stays open.

    Blank rows count, the line that declares the sign does not: as a sheet numbers them.
    """
    lines = _lines(text)
    above = 1 if _DECLARED.match(text) else 0
    reader = csv.reader((line + "\n" for line in lines[above:]), delimiter=sign, strict=True)
    line = above + 1
    for number, values in enumerate(reader, 1):
        if values:
            yield _Row(number, line, values)
        line = above + reader.line_num + 1
