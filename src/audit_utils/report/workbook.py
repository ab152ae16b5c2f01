"""The working paper `findings.xlsx`: what `sheets` holds, as a spreadsheet to work with and file.

Every value keeps its type, and nothing in it is calculated or followed: text of documents
stays text whatever it starts with.  The same year gives the same bytes.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.url import Url
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from audit_utils import files
from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.data import Year
from audit_utils.report.sheets import Field, Link, Sheet, Value, Word, named, sheets, sources

NAME = "findings.xlsx"

ROWS, LINKS, SIGNS = 1_048_576, 65_530, 32_767
"""What a sheet can hold: rows, links; and a cell: characters, as UTF-16 counts them."""

EXACT = 15
"""Significant digits that every spreadsheet keeps; a number with more stays text."""

_OPTIONS = {
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_CREATED = datetime(2000, 1, 1)  # no clock time: the same year, the same bytes
_FORMULA = ("=", "+", "-", "@")
_FIRST_DATE = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900
_A4 = 9
_SIGN = 0.92
"""Width of a sign of the font, in signs of the font that widths of columns are counted in."""

_LINE, _MARGIN, _HIGHEST = 12.75, 2.25, 409
"""Heights in points: of a line, of what is around it, and of the highest row that can be."""


_FONT = {"font_name": "Microsoft YaHei", "font_size": 9}
_CELL = _FONT | {"valign": "top", "bottom": 1, "bottom_color": "#D3D9E0"}
_HEAD = _FONT | {
    "bold": True, "valign": "vcenter", "text_wrap": True, "bg_color": "#E6ECF2",
    "font_color": "#1F2D3D", "bottom": 1, "bottom_color": "#5B6B7C",
}  # fmt: skip
_TITLE = _FONT | {"bold": True, "font_size": 11, "font_color": "#1F2D3D"}
_NUMBERS = {
    "amount": "#,##0.00####", "rate": "0.00####%", "points": "0.00####",
    "whole": "0", "number": "0.0#####", "difference": "+#,##0.00####;-#,##0.00####;0",
    "integer": "0", "date": "yyyy-mm-dd",
}  # fmt: skip
_FILLS = {
    "critical": ("#FBE9E7", "#8C1D18"), "warning": ("#FFF4DC", "#6B4A00"),
    "info": ("#EAF1F8", "#1F4B73"), "fail": ("#FBE9E7", "#8C1D18"),
    "error": ("#FBE9E7", "#8C1D18"), "cannot_evaluate": ("#F1ECF7", "#4A2F73"),
    "rounding": ("#FFF4DC", "#6B4A00"), "pass": ("#EAF5EC", "#1D5B2A"),
    "not_applicable": ("#F4F5F6", "#56606B"), "accepted": ("#EAF5EC", "#1D5B2A"),
    "false_positive": ("#F4F5F6", "#56606B"), "to_correct": ("#FFF4DC", "#6B4A00"),
}  # fmt: skip


def write(year: Year, reports: Path) -> Path:
    """Write `reports/<year>/findings.xlsx` and return its path.

    AuditError: it cannot be written.
    """
    folder = reports / str(year.year)
    files.write(folder, {NAME: make(year)})
    return folder / NAME


def make(year: Year) -> bytes:
    """The bytes of the workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        paper = _Paper(book, _("{year} 年度项目绩效审核工作底稿", year=year.year))
        book.set_properties({"title": paper.title, "author": "audit-utils", "created": _CREATED})
        written = [row for sheet in sheets(year) for row in paper.add(sheet)]
        paper.add_together(named("sources"), sources(year, written))
    return stream.getvalue()


# ---- sheets


@dataclass
class _Paper:
    """A workbook on its way."""

    book: xlsxwriter.Workbook
    title: str
    formats: dict[tuple[str, str], Format] = field(default_factory=dict)

    def add(self, sheet: Sheet) -> Iterator[dict[str, Value]]:
        """Write a table, on several sheets where one cannot hold it; rows that tell of each."""
        rows = iter(sheet.rows())
        for number in count(1):
            name = sheet.name if number == 1 else f"{sheet.name} {number}"
            part = _Part(self, self.worksheet(name))
            found = part.write(0, sheet.fields, islice(rows, ROWS - 1))
            part.lay_out(sheet.fields, found)
            told = _("（前 {n} 行有链接）", n=f"{LINKS:,}") if part.links > LINKS else ""
            yield {"sheet": name, "rows": found, "description": sheet.description + told}
            following = next(rows, None)
            if following is None:
                return
            rows = chain([following], rows)

    def add_together(self, name: str, tables: Iterable[Sheet]) -> None:
        """Write several short tables one below the other on one sheet."""
        part, row = _Part(self, self.worksheet(name)), 0
        for table in tables:
            part.sheet.write_string(row, 0, table.name, self.format("title"))
            found = part.write(row + 1, table.fields, table.rows())
            if row == 0:
                part.sheet.autofilter(1, 0, 1 + found, len(table.fields) - 1)
            row += found + 3
        part.set_widths()
        part.sheet.freeze_panes(1, 0)

    def worksheet(self, name: str) -> Worksheet:
        """A new sheet that prints on A4, as wide as the paper."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        plain = '&"Microsoft YaHei,Regular"&8 '
        pages = _("第 {page} 页，共 {pages} 页", page="&P", pages="&N")
        sheet.set_header(f'&L&"Microsoft YaHei,Bold"&10 {self.title}&R{plain}{name}')
        sheet.set_footer(f"&L{plain}{NAME}&C{plain}{pages}")
        return sheet

    def format(self, kind: str, fill: str = "") -> Format:
        """The format of a kind of cell, in the colours of a code."""
        if (kind, fill) not in self.formats:
            self.formats[kind, fill] = self.book.add_format(_look(kind, fill))
        return self.formats[kind, fill]


def _look(kind: str, fill: str) -> dict[str, Any]:
    match kind:
        case "head":
            return _HEAD
        case "title":
            return _TITLE
        case "formula":  # stays text when somebody edits the cell
            return _CELL | {"text_wrap": True, "quote_prefix": True}
        case "link":
            return _CELL | {"text_wrap": True, "font_color": "#1F4B73", "underline": 1}
        case "exact":
            return _CELL | {"align": "right", "indent": 1}
        case "text":
            background, colour = _FILLS.get(fill, ("", ""))
            colours = {"bg_color": background, "font_color": colour} if background else {}
            return _CELL | {"text_wrap": True} | colours
    return _CELL | {"num_format": _NUMBERS[kind], "align": "right", "indent": 1}


@dataclass
class _Part:
    """One sheet on its way: how wide its columns have to be, and the links it has."""

    paper: _Paper
    sheet: Worksheet
    widths: dict[int, int] = field(default_factory=dict)
    links: int = 0

    def write(self, row: int, fields: Sequence[Field], rows: Iterable[Mapping[str, Value]]) -> int:
        """Write a head and the rows below it; return their number."""
        for place, one in enumerate(fields):
            self._head(row, place, one)
        found = 0
        for found, values in enumerate(rows, start=1):
            lines = 1
            for place, one in enumerate(fields):
                taken = self._cell(row + found, place, one, values.get(one.key))
                lines = max(lines, taken if one.printed else 1)
            # Not every program finds the height of wrapped text by itself.
            self.sheet.set_row(row + found, min(_LINE * lines + _MARGIN, _HIGHEST))
        return found

    def _head(self, row: int, place: int, one: Field) -> None:
        self.sheet.set_row(row, 28)
        self.sheet.write_string(row, place, one.head, self.paper.format("head"))
        note = {"author": "audit-utils", "x_scale": 1.6, "y_scale": 0.7, "font_size": 9}
        self.sheet.write_comment(row, place, one.note, note)
        # The arrow of the filter needs room; a long head goes on two lines.
        self._widen(place, min(_width(one.head), 6) + 2)

    def _cell(self, row: int, place: int, one: Field, value: Value) -> int:
        """Write a cell; return the number of lines that it takes."""
        kind, fill, known = _known(one, value)
        look = self.paper.format(kind, fill)
        if known is None:
            if one.printed:  # the line below the row goes through
                self.sheet.write_blank(row, place, None, look)
            return 1
        if isinstance(known, str):
            self._text(row, place, known, look, value.page if isinstance(value, Link) else "")
            lines, width = _size(known, one.widest)
            self._widen(place, width)
            return lines
        self._widen(place, min(_shown(kind, known), one.widest))
        if isinstance(known, Decimal):
            self.sheet.write_number(row, place, float(known), look)
        else:
            self.sheet.write_datetime(row, place, known, look)
        return 1

    def _text(self, row: int, place: int, said: str, look: Format, page: str) -> None:
        self.links += bool(page)
        if page and self.links <= LINKS:
            link = _Beside(f"external:{page}")
            link.text = said
            self.sheet.write_url(row, place, link, look)
        else:
            self.sheet.write_string(row, place, said, look)

    def _widen(self, place: int, width: int) -> None:
        if self.widths.get(place, 0) < width:
            self.widths[place] = width

    def set_widths(self, fields: Sequence[Field] = ()) -> None:
        """Make the columns as wide as they have to be; those that are not printed can fold."""
        for place, width in self.widths.items():
            aside = place < len(fields) and not fields[place].printed
            wide = round(width * _SIGN + 1.5, 1)
            self.sheet.set_column(place, place, wide, None, {"level": 1} if aside else {})

    def lay_out(self, fields: Sequence[Field], rows: int) -> None:
        """What makes a sheet of one table easy to work with and to print."""
        last, sheet = len(fields) - 1, self.sheet
        keys = [one.key for one in fields]
        self.set_widths(fields)
        sheet.freeze_panes(1, keys.index("project") + 1 if "project" in keys else 1)
        sheet.autofilter(0, 0, rows, last)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, rows, sum(one.printed for one in fields) - 1)
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, rows, last)})
        if "disposition" in keys and rows:
            place = keys.index("disposition")
            words = [_(word) for word in text.DISPOSITIONS.values()]
            choice = {"validate": "list", "source": words}
            sheet.data_validation(1, place, rows, place, choice)


class _Beside(Url):  # type: ignore[misc]
    """A link to a file beside the workbook, with / as all systems read it, not as Windows does."""

    def _target(self) -> str:
        return str(super()._target()).replace("\\", "/")


# ---- cells


def _known(one: Field, value: Value) -> tuple[str, str, str | Decimal | date | None]:
    """How a value is written: its kind, the code of its colours, and what goes into the cell."""
    match value:
        case None | "":
            return "text", "", None
        case Word():
            return "text", value.code, value.text
        case Link():
            return "link", "", _fitting(value.text)
        case bool():
            return "text", "", _("是") if value else _("否")
        case int() | Decimal():
            return _number(one, Decimal(value))
        case date():
            return ("date", "", value) if value >= _FIRST_DATE else ("text", "", value.isoformat())
    said = _fitting(value)
    return ("formula" if said.startswith(_FORMULA) else "text"), "", said


def _number(one: Field, value: Decimal) -> tuple[str, str, str | Decimal]:
    plain = value.normalize()
    if len(plain.as_tuple().digits) > EXACT:
        return "exact", "", text.number(value)
    if one.column.name == "difference":
        return "difference", "", plain
    if one.column.type == "number":
        return ("whole" if plain == plain.to_integral_value() else "number"), "", plain
    return one.column.type, "", plain


@lru_cache(maxsize=10_000)  # names and sentences of rules come again and again
def _fitting(said: str) -> str:
    """Text with all its signs visible; one that no cell can hold says so at its end."""
    said = text.visible(said)
    if 2 * len(said) <= SIGNS or len(said.encode("utf-16-le")) <= 2 * SIGNS:
        return said
    note = _("……（共 {n} 个字符，单元格放不下，全文见数据表）", n=f"{len(said):,}")
    kept = said.encode("utf-16-le")[: 2 * (SIGNS - len(note))]
    return kept.decode("utf-16-le", "ignore") + note


@lru_cache(maxsize=10_000)
def _size(said: str, widest: int) -> tuple[int, int]:
    """The number of lines that a text takes, and the width of the widest."""
    widths = [_width(line) for line in said.split("\n")]
    lines = sum(max(1, -(-width // (widest + 1))) for width in widths)
    return lines, min(max(widths), widest)


def _shown(kind: str, known: object) -> int:
    """How many signs a number or a date takes."""
    match known:
        case Decimal():
            return len(f"{known:,.2f}" if kind in ("amount", "difference") else f"{known:f}") + 2
        case date():
            return 10
    return 0


def _width(said: str) -> int:
    """Signs of Chinese are two columns wide."""
    return len(said) if said.isascii() else len(said.encode("gb18030", "replace"))
