"""csv: rows of values between commas, semicolons or tabs; one table."""

import csv
from pathlib import Path

from audit_utils.documents import limits
from audit_utils.documents.assembly import column_name
from audit_utils.documents.grid import Grid, GridCell, Table
from audit_utils.documents.text import CONTROL, decode
from audit_utils.records import Problem

_DELIMITERS = ",;\t"
_LEAST_ROWS, _LEAST_COLUMNS = 3, 3


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a csv file; AuditError for one that is beyond the limits."""
    text = decode(data, path)
    cells: list[GridCell] = []
    for row, (values, line) in enumerate(_records(text, delimiter(text)), 1):
        for column, value in enumerate(values, 1):
            if shown := CONTROL.sub("", value).strip():
                address = f"{column_name(column)}{row}"
                cells.append(GridCell(shown, row, column, line=line, address=address))
        limits.check(len(cells), limits.CELLS, "cells", path)
    return Grid((Table(tuple(cells)),) if cells else ()), 1, []


def delimiter(text: str) -> str:
    """What parts the values, or nothing where the text is no csv.

    Every row of a table has the same number of values, and no other text has.
    """
    for sign in _DELIMITERS:
        if text.count(sign) >= _LEAST_ROWS * (_LEAST_COLUMNS - 1):
            widths = {len(values) for values, _ in _records(text, sign)}
            rows = text.count("\n") + 1
            if len(widths) == 1 and min(widths) >= _LEAST_COLUMNS and rows >= _LEAST_ROWS:
                return sign
    return ""


def _records(text: str, sign: str) -> list[tuple[list[str], int]]:
    """The values of each row that has any, and its first line; none where a quote stays open."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = csv.reader((line + "\n" for line in lines), delimiter=sign, strict=True)
    records = []
    line = 1
    try:
        for values in reader:
            if values:
                records.append((values, line))
            line = reader.line_num + 1
    except csv.Error:
        return []
    return records
