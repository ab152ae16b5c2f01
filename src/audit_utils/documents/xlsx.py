"""xlsx: every visible sheet is one table, each cell as the sheet shows it.

The parts are read directly and nothing but cells is looked at: pictures, links, macros,
comments and formulas stay closed, and a style that is broken keeps nobody from the cells.
A formula shows the value that the file keeps for it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from audit_utils.documents import formats, limits
from audit_utils.documents.archive import Archive
from audit_utils.documents.assembly import column_name
from audit_utils.documents.grid import Grid, GridCell, Table
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Problem

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_PLACES = re.compile(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}")
_ABOUT = ("col", "mergeCell", "dimension", "sheetData")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Area(NamedTuple):
    """A rectangle of a sheet, borders included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Book:
    """What the sheets share: their texts, the format of each style, the day they count from."""

    texts: tuple[str, ...]
    codes: tuple[str, ...]
    date1904: bool

    def code(self, style: str | None) -> str:
        """The number format of a style."""
        number = int(style) if style and style.isdecimal() else 0
        return self.codes[number] if number < len(self.codes) else "General"


@dataclass(slots=True)
class Sheet:
    """A sheet as it stands in its part: stored cells, merged areas, what is hidden."""

    title: str
    number: int
    cells: dict[tuple[int, int], "Stored"] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    size: str = ""
    """What the sheet says of itself: its first and its last cell."""
    whole: bool = False
    """Whether its part has the place where the rows of a sheet stand."""


class Stored(NamedTuple):
    """What the file keeps of a cell: type, value (None: none), style, whether it is computed."""

    kind: str
    value: str | None
    style: str | None
    formula: bool


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a workbook, the number of its sheets, and what it does not show.

    Raises AuditError for a workbook that is damaged or beyond the limits.
    """
    archive = Archive(data, path)
    main = _main_part(archive)
    root, related = archive.xml(main), archive.related(main)
    book = _book(archive, root, related)
    tables: list[Table] = []
    problems: list[Problem] = []
    entries = list(root.iterfind("{*}sheets/{*}sheet"))
    for number, entry in enumerate(entries, 1):
        part = related.get(next((v for k, v in entry.attrib.items() if k.endswith("}id")), ""), "")
        if "chartsheets/" in part or "dialogsheets/" in part:
            continue
        if not part:
            raise archive.damaged("it lists a sheet that it does not hold")
        sheet = _sheet(archive, part, Sheet(entry.get("name", ""), number), book)
        if entry.get("state", "visible") != "visible":
            problems += _hidden_sheet(sheet, book)
            continue
        cells, told = _shown(sheet, book)
        tables += [Table(tuple(cells))] if cells else []
        problems += [*told, *_lost(sheet)]
    if not entries:
        raise archive.damaged("it lists no sheet")
    return Grid(tuple(tables)), len(entries), problems


# ---- the parts


def _main_part(archive: Archive) -> str:
    for part in archive.related("").values():
        if part.startswith("xl/") and part in archive.names and "workbook" in part:
            return part
    return "xl/workbook.xml"


def _book(archive: Archive, root: Any, related: Mapping[str, str]) -> Book:
    parts = {part.rpartition("/")[2].lower(): part for part in related.values()}
    properties = root.find("{*}workbookPr")
    date1904 = properties is not None and properties.get("date1904") in ("1", "true")
    strings, styles = parts.get("sharedstrings.xml"), parts.get("styles.xml")
    texts = (
        tuple(map(_text, archive.elements(strings, ("si",)))) if strings in archive.names else ()
    )
    codes = _codes(archive.xml(styles)) if styles in archive.names else ()
    return Book(texts, codes, date1904)


def _codes(styles: Any) -> tuple[str, ...]:
    """The number format of each style of cells."""
    own = {
        one.get("numFmtId"): one.get("formatCode", "")
        for one in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    numbers = [one.get("numFmtId", "0") for one in styles.iterfind("{*}cellXfs/{*}xf")]
    return tuple(own.get(one) or formats.BUILT_IN.get(_int(one), "General") for one in numbers)


def _text(element: Any) -> str:
    """Text of a string in its runs, without the pronunciation that may stand above it."""
    runs = [
        node.text or ""
        for node in element.iter("{*}t")
        if not any(_name(above) == "rPh" for above in node.iterancestors())
    ]
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(runs))
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


# ---- a sheet


def _sheet(archive: Archive, part: str, sheet: Sheet, book: Book) -> Sheet:
    row = column = 0
    for element in archive.elements(part, ("row", "c", *_ABOUT)):
        name = _name(element)
        if name == "c":
            parent = element.getparent()
            number = _int(parent.get("r")) or row + 1
            place = _place(element.get("r")) or (number, column + 1)
            column = place[1]
            stored = _stored(element, book)
            if stored:
                sheet.cells[place] = stored
            limits.check(len(sheet.cells), limits.CELLS, "cells", archive.path)
        elif name == "row":
            row, column = _int(element.get("r")) or row + 1, 0
            if element.get("hidden") in ("1", "true"):
                sheet.hidden_rows.add(row)
        else:
            _about(sheet, name, element)
    if not sheet.whole:
        raise archive.damaged(f"its part {part} is no sheet")
    return sheet


def _about(sheet: Sheet, name: str, element: Any) -> None:
    """Keep what an element says of the sheet beside its rows and cells."""
    match name:
        case "col" if element.get("hidden") in ("1", "true"):
            last = min(_int(element.get("max")), 1 << 14)
            sheet.hidden_columns.update(range(_int(element.get("min")), last + 1))
        case "mergeCell":
            sheet.merged += _area(element.get("ref", ""))
        case "dimension":
            sheet.size = element.get("ref", "")
        case "sheetData":
            sheet.whole = True


def _stored(element: Any, book: Book) -> Stored | None:
    kind, style = element.get("t", "n"), element.get("s")
    formula = element.find("{*}f") is not None
    value: str | None
    if kind == "inlineStr":
        inline = element.find("{*}is")
        value = _text(inline) if inline is not None else ""
    else:
        stored = element.find("{*}v")
        value = None if stored is None else str(stored.text or "")
    if kind == "s" and value is not None:
        number = _int(value)
        if number >= len(book.texts):
            return Stored("missing", "", style, formula)
        value = book.texts[number]
    return Stored(kind, value, style, formula) if value or formula else None


def _place(reference: str | None) -> tuple[int, int] | None:
    """`C12` -> row 12, column 3."""
    match = _REFERENCE.fullmatch(reference or "")
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _area(reference: str) -> Iterator[Area]:
    first, _, last = reference.partition(":")
    top, bottom = _place(first), _place(last or first)
    if top and bottom and bottom >= top and bottom[1] >= top[1]:
        yield Area(*top, *bottom)


# ---- what it shows


def _shown(sheet: Sheet, book: Book) -> tuple[list[GridCell], list[Problem]]:
    """The cells that can be seen, sorted, and what cannot be or is not known."""
    areas = {(area.top, area.left): area for area in sheet.merged}
    covered = set(_covered(sheet))
    cells: list[GridCell] = []
    problems: list[Problem] = []
    hidden: set[str] = set()
    for place in sorted((sheet.cells.keys() | areas.keys()) - covered):
        area = areas.get(place) or Area(*place, *place)
        cell, problem = _cell(sheet, book, area)
        if _is_hidden(sheet, area):
            row_hidden = set(range(area.top, area.bottom + 1)) <= sheet.hidden_rows
            which = f"row {area.top}" if row_hidden else f"column {column_name(area.left)}"
            if cell.text.strip() and which not in hidden:
                hidden.add(which)
                problems.append(_problem(f"{which} is hidden: what it holds is left out", cell))
            continue
        cells.append(cell)
        problems += [problem] if problem else []
    return cells, problems


def _covered(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The places of stored cells that a merged area hides."""
    rows: dict[int, list[int]] = {}
    for row, column in (*sheet.cells, *((area.top, area.left) for area in sheet.merged)):
        rows.setdefault(row, []).append(column)
    for area in sheet.merged:
        for row in _between(rows, area.top, area.bottom):
            for column in rows[row]:
                if area.left <= column <= area.right and (row, column) != (area.top, area.left):
                    yield row, column


def _between(rows: Mapping[int, Iterable[int]], first: int, last: int) -> Iterable[int]:
    if last - first < len(rows):
        return [row for row in range(first, last + 1) if row in rows]
    return [row for row in rows if first <= row <= last]


def _is_hidden(sheet: Sheet, area: Area) -> bool:
    rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
    return sheet.hidden_rows.issuperset(rows) or sheet.hidden_columns.issuperset(columns)


def _cell(sheet: Sheet, book: Book, area: Area) -> tuple[GridCell, Problem | None]:
    stored = sheet.cells.get((area.top, area.left))
    text, message = _value(stored, book) if stored else ("", "")
    cell = GridCell(
        text=text,
        row=area.top,
        column=area.left,
        rows=area.bottom - area.top + 1,
        columns=area.right - area.left + 1,
        page=sheet.number,
        line=area.top,
        address=f"{sheet.title}!{column_name(area.left)}{area.top}",
    )
    return cell, _problem(message, cell) if message else None


def _value(stored: Stored, book: Book) -> tuple[str, str]:
    """What a cell shows, and what is wrong with it."""
    value, code = stored.value, book.code(stored.style)
    if value is None or (not value and stored.formula and stored.kind == "n"):
        return "", "a formula without a value: open the workbook, compute it and save it"
    if stored.kind == "b":
        return "TRUE" if value == "1" else "FALSE", ""
    if stored.kind == "missing":
        return "", "the file does not hold the text of this cell"
    if stored.kind == "e":
        return value, "the cell shows an error"
    if stored.kind != "n":
        return formats.show_text(value, code), ""
    shown = formats.show(value, code, book.date1904)
    told = "" if shown.known else f"the number format {code} is not known: the plain value is taken"
    return shown.text, told


def _problem(message: str, cell: GridCell) -> Problem:
    return Problem(message, cell.line, cell.line, cell.page, cell.text, None, cell.address)


def _lost(sheet: Sheet) -> Iterator[Problem]:
    """A sheet that says it has several cells and has none is damaged."""
    if not sheet.cells and ":" in sheet.size and _PLACES.fullmatch(sheet.size):
        message = f"the sheet {sheet.title} shows no cell but should have {sheet.size}"
        yield Problem(message, 1, 1, sheet.number, "", None, f"{sheet.title}!A1")


def _hidden_sheet(sheet: Sheet, book: Book) -> list[Problem]:
    """A hidden sheet is not read; that is told when it shows the words of a form."""
    words = vocabulary()
    shown = (_value(stored, book)[0] for stored in sheet.cells.values())
    if not any(words.meaning("head", text) == "name" or words.title(text) for text in shown):
        return []
    message = f"the sheet {sheet.title} is hidden and shows a form: it is not read"
    return [Problem(message, 1, 1, sheet.number, "", None, f"{sheet.title}!A1")]
