"""A sheet as it stands in its part: stored cells, merged areas, what is hidden."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from audit_utils.documents import limits
from audit_utils.documents.archive import Archive
from audit_utils.documents.xlsx.book import (
    Book,
    is_true,
    is_zero,
    name_of,
    text_of,
    unescaped,
    whole,
)

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_ABOUT = {"col": "cols", "mergeCell": "mergeCells", "dimension": "worksheet", "sheetData": "",
          "sheetView": "sheetViews", "headerFooter": "worksheet"}  # fmt: skip
"""Elements beside rows and cells, and what they stand in."""
_COLUMNS = 1 << 14

Place = tuple[int, int]
"""Row and column, from 1."""


class Area(NamedTuple):
    """A rectangle of a sheet, borders included."""

    top: int
    left: int
    bottom: int
    right: int


class Stored(NamedTuple):
    """What the file keeps of a cell: type, value (None: none), style, its formula (None: none),
    and whether a part of its own text is struck out.
    """

    kind: str
    value: str | None
    style: str | None
    formula: str | None
    struck: bool = False


@dataclass(slots=True)
class Sheet:
    """A sheet with its title and its number in the workbook."""

    title: str
    number: int
    cells: dict[Place, Stored] = field(default_factory=dict)
    twice: set[Place] = field(default_factory=set)
    """Cells that the file holds twice, with different values."""
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    """Sorted, once the sheet is read."""
    size: str = ""
    """What the sheet says of itself: its first and its last cell."""
    zeros: bool = True
    """Whether it shows zeros."""
    margins: str = ""
    """What stands above and below each printed page."""
    whole: bool = False
    """Whether its part has the place where the rows of a sheet stand."""
    empty: bool = True
    """Whether its part has not even empty cells."""


def read(archive: Archive, part: str, sheet: Sheet, book: Book, room: int) -> Sheet:
    """Fill in the sheet; the document has room for so many more cells."""
    row = column = 0
    for element in archive.elements(part, ("row", "c", *_ABOUT)):
        name, parent = name_of(element), element.getparent()
        above = name_of(parent) if parent is not None else ""
        if name == "c" and above == "row":
            number = whole(parent.get("r")) or row + 1
            place = place_of(element.get("r")) or (number, column + 1)
            column = place[1]
            _keep(sheet, place, _stored(element, book))
            sheet.empty = False
            if len(sheet.cells) > room:
                raise limits.over(limits.CELLS, "cells", archive.path)
        elif name == "row" and above == "sheetData":
            row, column = whole(element.get("r")) or row + 1, 0
            if is_true(element.get("hidden")) or is_zero(element.attrib, "ht"):
                sheet.hidden_rows.append(row)
        elif _ABOUT.get(name) in ("", above):
            _about(sheet, name, element)
    if not sheet.whole:
        raise archive.damaged(f"its part {part} is no sheet")
    sheet.hidden_rows = sorted(set(sheet.hidden_rows))
    sheet.hidden_columns = sorted(set(sheet.hidden_columns))
    limits.check(len(sheet.merged), limits.CELLS, "cells", archive.path)
    return sheet


def _keep(sheet: Sheet, place: Place, stored: Stored | None) -> None:
    if stored is None:
        return
    if place in sheet.cells and sheet.cells[place][:2] != stored[:2]:
        sheet.twice.add(place)
    sheet.cells[place] = stored


def _about(sheet: Sheet, name: str, element: Any) -> None:
    """Keep what an element says of the sheet beside its rows and cells."""
    match name:
        case "col" if is_true(element.get("hidden")) or is_zero(element.attrib, "width"):
            first, last = whole(element.get("min")), min(whole(element.get("max")), _COLUMNS)
            sheet.hidden_columns += range(first, last + 1)
            if len(sheet.hidden_columns) > 2 * _COLUMNS:  # said again and again
                sheet.hidden_columns = sorted(set(sheet.hidden_columns))
        case "mergeCell":
            sheet.merged += _area(element.get("ref", ""))
        case "dimension":
            sheet.size = element.get("ref", "")
        case "sheetView":
            sheet.zeros = element.get("showZeros", "1") in ("1", "true")
        case "headerFooter":
            sheet.margins = "\n".join(one.text or "" for one in element.iterchildren())
        case "sheetData":
            sheet.whole = True


def all_among(numbers: Sequence[int], first: int, last: int) -> bool:
    """Whether sorted numbers hold all of a range."""
    return bisect_right(numbers, last) - bisect_left(numbers, first) == last - first + 1


def _stored(element: Any, book: Book) -> Stored | None:
    kind, style = element.get("t", "n"), element.get("s")
    computed = element.find("{*}f")
    formula = None if computed is None else str(computed.text or "")
    value: str | None
    struck = False
    if kind == "inlineStr":
        inline = element.find("{*}is")
        value = text_of(inline) if inline is not None else ""
        struck = inline is not None and next(inline.iter("{*}strike"), None) is not None
    else:
        stored = element.find("{*}v")
        value = None if stored is None else str(stored.text or "")
    if kind == "s" and value is not None:
        number = whole(value.strip())
        if number >= len(book.texts) or not value.strip().isdecimal():
            return Stored("missing", "", style, formula)
        value = book.texts[number]
    elif kind == "str" and value:
        value = unescaped(value)
    return Stored(kind, value, style, formula, struck) if value or formula is not None else None


def place_of(reference: str | None) -> Place | None:
    """`C12` -> row 12, column 3."""
    match = _REFERENCE.fullmatch(reference or "")
    if not match:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _area(reference: str) -> Iterator[Area]:
    first, _, last = reference.partition(":")
    top, bottom = place_of(first), place_of(last or first)
    if top and bottom and bottom >= top and bottom[1] >= top[1]:
        yield Area(*top, *bottom)


# ---- merged areas


@dataclass(slots=True)
class Merged:
    """Merged areas, and what they cover; one that overlaps another counts for nothing."""

    areas: dict[Place, Area] = field(default_factory=dict)
    covered: dict[Place, Area] = field(default_factory=dict)
    overlapping: list[Area] = field(default_factory=list)


def merged(areas: Iterable[Area], places: Iterable[Place]) -> Merged:
    """Which of these places the areas cover: down the sheet, row by row."""
    result = Merged()
    waiting = sorted(set(areas), reverse=True)
    across: list[tuple[int, Area]] = []  # side by side: their left columns, and the areas
    for place in sorted(places):
        while waiting and waiting[-1].top <= place[0]:
            _open(waiting.pop(), across, result)
        at = bisect_right(across, place[1], key=_left) - 1
        area = across[at][1] if at >= 0 else None
        inside = area is not None and area.bottom >= place[0] and area.right >= place[1]
        if area and inside and place != area[:2]:
            result.covered[place] = area
    while waiting:
        _open(waiting.pop(), across, result)
    return result


def _left(one: tuple[int, Area]) -> int:
    return one[0]


def _open(area: Area, across: list[tuple[int, Area]], result: Merged) -> None:
    first = bisect_right(across, area.left, key=_left) - 1
    first += first < 0 or across[first][1].right < area.left
    last = bisect_left(across, area.right + 1, key=_left)
    if any(other.bottom >= area.top for _, other in across[first:last]):
        result.overlapping.append(area)
        return
    across[first:last] = [(area.left, area)]
    result.areas[area[:2]] = area
