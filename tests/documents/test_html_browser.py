"""Cells of html tables, whole and broken at random: each where Chromium draws it, and its text."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit_utils.documents import html

Placed = tuple[str, int, int, int, int]
GRID = 20
"""Pixels of a row and a column in the browser."""
STYLE = f"""<style>* {{ margin: 0; padding: 0; border: 0; font: 1px/1px serif !important }}
table {{ border-collapse: collapse; table-layout: fixed; width: {60 * GRID}px }}
tr {{ height: {GRID}px }} td, th {{ overflow: hidden; vertical-align: top }}</style>"""
COLUMNS = f"<colgroup>{f'<col style=width:{GRID}px>' * 60}</colgroup>"
DRAWN = """grid => { const table = document.querySelector("table");
  const all = table.getBoundingClientRect(), line = pixels => Math.round(pixels / grid);
  return [...table.querySelectorAll("td, th")].filter(cell => cell.getClientRects().length)
    .map(cell => { const box = cell.getBoundingClientRect(), style = getComputedStyle(cell);
      return [style.visibility == "hidden" ? "" : cell.innerText, line(box.top - all.top) + 1,
        line(box.left - all.left) + 1, line(box.height), line(box.width)] }) }"""
INNER = (
    "{}", "{}", "<p>{}</p>", "<b>{}", "{}<br>x", "<p>{}<p>y", "<div>{}<div>z</div>", "<center>{}",
    "<a href=x>{}", "<ul><li>{}<li>q</ul>", "<pre>{}\nk</pre>", "{}&nbsp;w", "<h3>{}</h3>u",
    "{}<!-- k -->", "<span style='display:none'>h</span>{}", "<o:p>{}</o:p>",
)  # fmt: skip
ROWS = ("2", "3", "9", "0", "' 3'", "abc", "2.7", "-1", "+2")
COLS = ("2", "3", "4", "0", "''", "2px")
STRAY = ("<form>", "</form>", "text", "<div>d</div>", "<tr></tr>", "</td>", "</tr>", "<p>",
         "<input type=hidden>", " <b>bb</b> ")  # fmt: skip


def pieces(chance: random.Random, broken: bool) -> Iterator[str]:
    """A table in pieces: any spans, something hidden, and if broken what was forgotten."""

    def end(tag: str) -> str:
        return "" if broken and chance.random() < 0.3 else f"</{tag}>"

    number = 0
    for _ in range(chance.choice((1, 1, 2, 3))):
        section = chance.choice(("", "tbody", "thead", "tfoot"))
        yield f"<{section}>" if section else ""
        for _ in range(chance.randint(0, 6)):
            yield chance.choice(STRAY) if broken and chance.random() < 0.1 else ""
            yield "<tr>" if chance.random() < 0.95 else "<tr style='display:none'>"
            for _ in range(chance.randint(0, 6)):
                number += 1
                tall = f" rowspan={chance.choice(ROWS)}" if chance.random() < 0.2 else ""
                wide = f" COLSPAN={chance.choice(COLS)}" if chance.random() < 0.2 else ""
                unseen = chance.choice((" hidden", " style='visibility: hidden'"))
                tag, more = chance.choice(("td", "td", "th")), f"{tall}{wide}"
                more += unseen if chance.random() < 0.05 else ""
                yield f"<{tag}{more}>{chance.choice(INNER).format(f'c{number}')}{end(tag)}"
            yield end("tr")
        yield end(section) if section else ""


def drawn(page: Any, table: str) -> list[Placed]:
    page.set_content(f"<!DOCTYPE html>{STYLE}{table}")
    cells = [(_lines(text), *place) for text, *place in page.evaluate(DRAWN, GRID)]
    return sorted(cell for cell in cells if cell[3] and cell[4])


def _lines(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def overlap(cells: list[Placed]) -> bool:
    places = [
        (row + down, column + right)
        for _, row, column, rows, columns in cells
        for down in range(rows)
        for right in range(columns)
    ]
    return len(set(places)) < len(places)


@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
def test_cells_stand_where_a_browser_draws_them(broken: bool, browser: Any) -> None:
    page = browser.new_page()
    apart = 0
    for seed in range(120):
        chance = random.Random(seed)
        table = f"<table>{COLUMNS}{''.join(pieces(chance, broken))}</table>"
        expected = drawn(page, table)
        tables = html.read(table.encode(), Path("x"))[0].tables
        cells = [(c.text, c.row, c.column, c.rows, c.columns) for t in tables for c in t.cells]
        if overlap(expected):
            assert cells == [], f"seed {seed}: cells one over another are no table"
        else:
            apart += bool(expected)
            assert sorted(cells) == expected, f"seed {seed}"
    page.close()
    assert apart > 60
