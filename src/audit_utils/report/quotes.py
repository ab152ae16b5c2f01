"""The raw lines that a report quotes: a slice of the table lines, no more of it than asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Document:
    """Where the lines of a document stand in the table, and the key of each."""

    offset: int
    keys: npt.NDArray[np.int64]


class Source:
    """The lines of all documents of a year, kept as Arrow; rows are made where they are asked for.

    A line is found by its number; in a document whose pages each begin at 1 again (sheets,
    tables) by page and number.
    """

    def __init__(self, lines: pa.Table) -> None:
        self._table = lines.combine_chunks()
        self._documents = dict(_documents(self._table))

    def between(self, document: str, first: tuple[int, int], last: tuple[int, int]) -> list[Row]:
        """The rows of lines from one (page, line) to another, both included."""
        known = self._documents.get(document)
        if known is None:
            return []
        paged = np.any(np.diff(known.keys & _LINE) <= 0)
        keys = known.keys if paged else known.keys & _LINE
        low, high = (_key(*place) if paged else place[1] for place in (first, last))
        start, end = np.searchsorted(keys, low), np.searchsorted(keys, high, "right")
        rows: list[Row] = self._table.slice(known.offset + start, end - start).to_pylist()
        return rows


_LINE = (1 << 32) - 1


def _key(page: int, line: int) -> int:
    return (page << 32) + line


def _documents(table: pa.Table) -> Iterable[tuple[str, _Document]]:
    """Each document with its lines, which stand together in the table."""
    if not len(table):
        return
    pages, numbers = (
        pc.fill_null(table[name], 0).to_numpy().astype(np.int64) for name in ("page", "line")
    )
    keys = (pages << 32) + numbers
    runs = pc.run_end_encode(table["document"].combine_chunks())
    start = 0
    for name, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield name, _Document(start, keys[start:end])
        start = end


def quoted(lines: Iterable[Row], places: Iterable[Row]) -> list[Row]:
    """Those of the lines on which one of the places stands: cells, findings or problems."""
    texts: set[int] = set()
    cells: set[tuple[int | None, int]] = set()
    for place in places:
        numbers = range(place["line_start"], place["line_end"] + 1)
        if place["address"]:
            cells.update((place["page"], number) for number in numbers)
        else:
            texts.update(numbers)
    return [
        line for line in lines if line["line"] in texts or (line["page"], line["line"]) in cells
    ]
