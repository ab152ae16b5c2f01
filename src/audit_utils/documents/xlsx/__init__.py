"""xlsx: every visible sheet is one table, each cell as the sheet shows it.

The parts are read directly and nothing but cells is looked at: links, macros, comments and
formulas stay closed, and a style that is broken keeps nobody from the cells.  A formula
shows the value that the file keeps for it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from audit_utils.documents import floating, limits, symbols
from audit_utils.documents.archive import Archive
from audit_utils.documents.assembly import column_name
from audit_utils.documents.xlsx import book as xlsxbook
from audit_utils.documents.xlsx import dates, formats
from audit_utils.documents.xlsx import sheet as xlsxsheet
from audit_utils.documents.xlsx.book import Book
from audit_utils.documents.xlsx.sheet import Area, Merged, Place, Sheet, Stored
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.grid import Grid, GridCell, Table
from audit_utils.records import Problem

_NO_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})


def read(data: bytes, path: Path) -> tuple[Grid, int, list[Problem]]:
    """The grid of a workbook, the number of its sheets, and what it does not show.

    Raises AuditError for a workbook that is damaged or beyond the limits.
    """
    archive = Archive(data, path)
    main = archive.main("xl/workbook.xml")
    root = archive.xml(main)
    related = {one.id: one for one in archive.relations(main)}
    book = xlsxbook.read(archive, main, root)
    tables: list[Table] = []
    problems: list[Problem] = []
    parts: set[str] = set()
    room = limits.CELLS
    entries = list(root.iterfind("{*}sheets/{*}sheet"))
    for number, entry in enumerate(entries, 1):
        relation = related.get(next((v for k, v in entry.attrib.items() if k.endswith("}id")), ""))
        if relation is None:
            raise archive.damaged("it lists a sheet that it does not hold")
        if relation.part in parts:
            raise archive.damaged("it lists a sheet twice")
        parts.add(relation.part)
        if relation.kind in _NO_CELLS:
            continue
        sheet = Sheet(xlsxbook.unescaped(entry.get("name", "")), number)
        xlsxsheet.read(archive, relation.part, sheet, book, room)
        room -= len(sheet.cells)
        if entry.get("state", "visible") != "visible":
            problems += _hidden_sheet(sheet, book)
            continue
        cells, told = _shown(sheet, book)
        tables += [Table(tuple(cells))] if cells else []
        problems += [*told, *_lost(sheet), *_beside(archive, relation.part, sheet)]
    if not entries:
        raise archive.damaged("it lists no sheet")
    return Grid(tuple(tables)), len(entries), problems


# ---- what a sheet shows


def _shown(sheet: Sheet, book: Book) -> tuple[list[GridCell], list[Problem]]:
    """The cells that can be seen, sorted, and what cannot be or is not known."""
    merged = xlsxsheet.merged(sheet.merged, sheet.cells)
    cells: list[GridCell] = []
    problems: list[Problem] = []
    hidden: set[str] = set()
    for place in sorted((sheet.cells.keys() | merged.areas.keys()) - merged.covered.keys()):
        area = merged.areas.get(place) or Area(*place, *place)
        cell, told = _cell(sheet, book, area)
        which = _hidden(sheet, area)
        if not which:
            cells.append(cell)
            problems += [_problem(message, cell) for message in told]
        elif cell.text.strip() and which not in hidden:
            hidden.add(which)
            problems.append(_problem(f"{which} is hidden: what it holds is left out", cell))
    return cells, [*problems, *_covered(sheet, book, merged)]


def _covered(sheet: Sheet, book: Book, merged: Merged) -> Iterator[Problem]:
    """Values that nobody sees, the first of each merged area: it shows another one."""
    told: set[Area] = set()
    for place, area in sorted(merged.covered.items()):
        if area in told:
            continue
        cell, _ = _cell(sheet, book, Area(*place, *place))
        shown, _ = _cell(sheet, book, area)
        if cell.text.strip() and cell.text != shown.text and not _hidden(sheet, area):
            told.add(area)
            yield _problem("merged cells hide what this cell holds: it is left out", cell)
    for area in merged.overlapping[:1]:
        cell, _ = _cell(sheet, book, area)
        yield _problem("merged cells overlap others: they are read as single cells", cell)


def _hidden(sheet: Sheet, area: Area) -> str:
    """The row or column that keeps the whole area from sight, empty when it can be seen."""
    if xlsxsheet.all_among(sheet.hidden_rows, area.top, area.bottom):
        return f"row {area.top}"
    if xlsxsheet.all_among(sheet.hidden_columns, area.left, area.right):
        return f"column {column_name(area.left)}"
    return ""


def _cell(sheet: Sheet, book: Book, area: Area) -> tuple[GridCell, list[str]]:
    place = (area.top, area.left)
    stored = sheet.cells.get(place)
    text, message = _value(stored, book, sheet.zeros) if stored else ("", "")
    told = [message] if message else []
    if place in sheet.twice:
        told.append("the file holds this cell twice, with different values: the last is taken")
    if stored:
        told += _unusual(text, stored, book)
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
    return cell, told


def _unusual(text: str, stored: Stored, book: Book) -> Iterator[str]:
    """How a text is shown that one would not think of, reading it."""
    style = book.style(stored.style)
    if not text.strip():
        value = stored.value or ""
        plain = stored.kind in ("s", "str", "inlineStr") or (formats.number_of(value) or 0) != 0
        if value.strip() and plain and "DISPIMG(" not in (stored.formula or ""):
            yield "the number format hides what this cell holds"
        return
    if style.white:
        yield "the text of this cell is white on white: it is read as if it could be seen"
    in_part = stored.struck or (stored.value in book.struck and stored.kind == "s")
    if style.struck or in_part:
        yield "text that is struck out is read as it stands"
    if symbols.UNKNOWN in text and symbols.UNKNOWN not in (stored.value or ""):
        yield f"a symbol of the font {style.font} is not known"


def _value(stored: Stored, book: Book, zeros: bool = True) -> tuple[str, str]:
    """What a cell shows, and what is wrong with it."""
    style = book.style(stored.style)
    value, code = stored.value, style.code
    if "DISPIMG(" in (stored.formula or ""):
        return "", "a picture stands in this cell: it is not read"
    if stored.formula is not None and (value is None or (not value and stored.kind == "n")):
        message = "a formula without a value: open the workbook, compute it and save it"
        return f"={stored.formula}", message
    if stored.formula is not None and book.stale:
        return f"={stored.formula}", (
            "a formula that is still to be computed: open the workbook, compute it and save it"
        )
    if value is None or stored.kind == "missing":
        return "", "the file does not hold the text of this cell"
    if stored.kind == "b":
        return "TRUE" if xlsxbook.is_true(value) else "FALSE", ""
    if stored.kind == "e":
        return value, "the cell shows an error"
    if stored.kind not in ("n", "d"):
        return formats.show_text(symbols.shown(value, style.font), code), ""
    return _number(value, code, stored.kind == "d", book.date1904, zeros)


def _number(value: str, code: str, iso: bool, date1904: bool, zeros: bool) -> tuple[str, str]:
    if iso:
        day = dates.serial(value, date1904)
        if day is None or code == "General":
            return value, ""
        value = str(day)
    if not zeros and formats.number_of(value) == 0:
        return "", ""
    shown = formats.show(value, code, date1904)
    told = (
        ""
        if shown.known
        else f"the number format {code[:99]} is not known: the plain value is taken"
    )
    return shown.text, told


def _problem(message: str, cell: GridCell) -> Problem:
    return Problem(message, cell.line, cell.line, cell.page, cell.text, None, cell.address)


# ---- what it does not show


def _lost(sheet: Sheet) -> Iterator[Problem]:
    """A sheet that says it has several cells and has none is damaged."""
    first, _, last = sheet.size.partition(":")
    if sheet.empty and not sheet.merged and xlsxsheet.place_of(first) and xlsxsheet.place_of(last):
        message = f"the sheet {sheet.title} shows no cell but should have {sheet.size}"
        yield _at_sheet(sheet, message)


def _beside(archive: Archive, part: str, sheet: Sheet) -> Iterator[Problem]:
    """What is printed with a sheet and is no cell of it."""
    for message, text, place in floating.over(archive, part):
        yield _at_sheet(sheet, message, text, place)
    words = vocabulary()
    for text in floating.margins(sheet.margins):
        if words.title(text) or ("单位" in text and "元" in text):
            message = "the head or foot of the printed page says this: it is not read"
            yield _at_sheet(sheet, message, text)


def _at_sheet(sheet: Sheet, message: str, text: str = "", place: Place = (1, 1)) -> Problem:
    row, column = place
    address = f"{sheet.title}!{column_name(column)}{row}"
    return Problem(message, row, row, sheet.number, text, None, address)


def _hidden_sheet(sheet: Sheet, book: Book) -> list[Problem]:
    """A hidden sheet is not read; that is told when it shows the words of a form."""
    words = vocabulary()
    shown: Iterable[str] = (_value(stored, book)[0] for stored in sheet.cells.values())
    if not any(words.meaning("head", text) == "name" or words.title(text) for text in shown):
        return []
    return [_at_sheet(sheet, f"the sheet {sheet.title} is hidden and shows a form: it is not read")]
