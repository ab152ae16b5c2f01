"""Tables as a browser prints them: PDFs in many styles, for tests of the reader of PDF."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

import pylopdf_fonts_zh_cn
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

from audit_utils.grid import GridCell, Table

BASE = """
* { box-sizing: border-box }
body { margin: 0; font: 9pt/1.35 Own, sans-serif }
p { text-align: center; margin: 2px }
table { border-collapse: collapse; width: 100%; margin-bottom: 8px }
td { border: 1px solid; padding: 3px 4px; text-align: center; word-break: break-all }
"""
STYLES = {
    "thin lines": "td { border-width: .1pt }",
    "thick lines": "td { border-width: 3pt }",
    "double lines": "td { border: 3px double }",
    "dashes": "td { border: 2px dashed }",
    "dots": "td { border: 1px dotted }",
    "boxes apart": "table { border-collapse: separate; border-spacing: 2px }",
    "fills": "td { border-color: #fff; background: #dde }",
    "open at the sides": "td:first-child { border-left: 0 } td:last-child { border-right: 0 }",
    "tiny letters": "body { font-size: 5pt } td { padding: 1px }",
    "letters apart": "body { letter-spacing: 3pt }",
    "letters close": "body { letter-spacing: -.8pt }",
    "lines apart": "body { line-height: 2.4 }",
    "lines close": "body { line-height: 1 } td { padding: 1px; height: 12pt }",
    "justified": "td { text-align: justify; text-align-last: justify }",
    "underlined": "td { text-decoration: underline }",
    "slanted across": "body::after { content: '内部资料'; position: fixed; left: 20%; top: 30%;"
    " font-size: 60pt; color: #ccc; transform: rotate(-35deg) }",
}
"""What is told apart -> the style sheet of it."""
TEXTS_ONLY = {
    "no lines": "td { border: 0 }",
    "lines across": "td { border-left: 0; border-right: 0 }",
    "lines down": "td { border-top: 0; border-bottom: 0 }",
}
"""Styles that show no boxes."""


def page(tables: Sequence[Table], style: str = "") -> str:
    """The page that shows tables with the texts above them."""
    body = "".join(_table(table) for table in tables)
    font = _font("".join(sorted({*body, *"内部资料公示"})))
    return f"<!doctype html><meta charset=utf-8><style>{font}{BASE}{style}</style>{body}"


@cache
def _font(characters: str) -> str:
    """The style sheet of a font with these characters, which a machine may not have."""
    with TTFont(pylopdf_fonts_zh_cn.sans_path()) as font, BytesIO() as stream:
        subsetter = Subsetter()
        subsetter.populate(text=characters)
        subsetter.subset(font)
        font.save(stream)
        data = b64encode(stream.getvalue()).decode()
    return f"@font-face {{ font-family: Own; src: url(data:font/otf;base64,{data}) }}"


def _table(table: Table) -> str:
    above = "".join(f"<p>{escape(quote.text)}</p>" for quote in table.before)
    taken = {
        (row, column)
        for cell in table.cells
        for row in range(cell.row, cell.bottom + 1)
        for column in range(cell.column, cell.right + 1)
    }
    bottom, right = (max(place[n] for place in taken) for n in (0, 1))
    free = [
        GridCell("", row, column)
        for row in range(1, bottom + 1)
        for column in range(1, right + 1)
        if (row, column) not in taken
    ]
    cells = sorted([*table.cells, *free], key=lambda cell: (cell.row, cell.column))
    rows = (
        "".join(_cell(cell) for cell in cells if cell.row == row) for row in range(1, bottom + 1)
    )
    return f"{above}<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _cell(cell: GridCell) -> str:
    text = escape(cell.text).replace("\n", "<br>")
    return f"<td rowspan={cell.rows} colspan={cell.columns}>{text}</td>"


def pdf(browser: Any, html: str, **options: Any) -> bytes:
    """What the browser prints, without its own head and foot of pages."""
    shown = browser.new_page()
    try:
        shown.set_content(html)
        margin = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
        if "width" not in options:
            options.setdefault("format", "A4")
        printed: bytes = shown.pdf(print_background=True, margin=margin, **options)
        return printed
    finally:
        shown.close()
