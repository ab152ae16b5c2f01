"""A form changed: what means the same is read the same, what destroys meaning is never read
wrong in silence.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import grids
from hypothesis import given, settings
from hypothesis import strategies as st
from truth import Address, read_cells

from audit_utils.forms.grid import read_forms
from audit_utils.forms.grid.area import Area
from audit_utils.forms.grid.heading import Column, Heading, find_headings
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.grid import GridCell, Table
from audit_utils.records import Cell

FOLDER = Path(__file__).parent / "grids"
WORDS = vocabulary()
POINTS_AND_VALUES = ("target", "actual", "weight", "score", "deviation_reason")
NOTE = "说明：以上数据来自系统。"

Tables = list[Table]


def printed(tables: Tables) -> dict[Address, str | None]:
    return {address: cell.printed for address, cell in read_cells(read_forms(tables)[0]).items()}


READ = {
    path.stem: tables
    for path in sorted(FOLDER.glob("*.txt"))
    if printed(tables := grids.read(path))
}
"""The tables of the forms that are read."""


def on_one_page(table: Table) -> bool:
    return len({cell.page for cell in table.cells}) == 1


def with_heads() -> Iterator[tuple[str, int, Heading]]:
    """The heads of indicators where there is but one: name, number of its table, head."""
    for name, tables in READ.items():
        found = {
            number: find_headings(Area(table.cells), WORDS)
            for number, table in enumerate(tables)
            if on_one_page(table)
        }
        heads = [(name, number, heading) for number, all_ in found.items() for heading in all_]
        if len(heads) == 1:
            yield heads[0]


HEADS = list(with_heads())


def put(name: str, number: int, table: Table) -> Tables:
    tables = READ[name]
    return [*tables[:number], table, *tables[number + 1 :]]


# --- what means the same


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(READ)), st.integers(0, 9), st.integers(1, 40))
def test_a_blank_row_changes_nothing(name: str, number: int, row: int) -> None:
    number %= len(READ[name])
    table = READ[name][number]
    if on_one_page(table):
        row %= max(cell.bottom for cell in table.cells)
        assert printed(put(name, number, grids.spread(table, row))) == printed(READ[name])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(HEADS), st.sampled_from(["level1", "level2"]))
def test_a_group_may_repeat_its_label_in_each_row(head: tuple[str, int, Heading], key: str) -> None:
    name, number, heading = head
    column = heading.column(key)
    table = READ[name][number]
    if column:
        cells = [part for cell in table.cells for part in taken_apart(cell, column, heading)]
        assert printed(put(name, number, grids.of_cells(table, cells))) == printed(READ[name])


def taken_apart(cell: GridCell, column: Column, heading: Heading) -> list[GridCell]:
    inside = column.first <= cell.column <= column.last and cell.row > heading.bottom
    if not inside or cell.rows == 1 or not cell.text.strip():
        return [cell]
    return [replace(cell, row=row, rows=1) for row in range(cell.row, cell.bottom + 1)]


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(HEADS), st.sampled_from(POINTS_AND_VALUES), st.sampled_from(POINTS_AND_VALUES)
)
def test_columns_may_stand_in_any_order(
    head: tuple[str, int, Heading], one: str, other: str
) -> None:
    name, number, heading = head
    table = READ[name][number]
    columns = [c for key in (one, other) if (c := heading.column(key)) and c.first == c.last]
    if len(columns) == 2 and not any(crosses(cell, columns, heading) for cell in table.cells):
        left, right = (column.first for column in columns)
        swapped = {left: right, right: left}
        cells = [
            replace(cell, column=swapped.get(cell.column, cell.column))
            if cell.row >= heading.top and cell.columns == 1
            else cell
            for cell in table.cells
        ]
        assert printed(put(name, number, grids.of_cells(table, cells))) == printed(READ[name])


def crosses(cell: GridCell, columns: list[Column], heading: Heading) -> bool:
    """Whether a wider cell below the head covers one of two columns and not the other."""
    covered = [cell.column <= column.first <= cell.right for column in columns]
    return cell.row >= heading.top and cell.columns > 1 and any(covered) and not all(covered)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(HEADS), st.integers(0, 99), st.integers(0, 99))
def test_a_label_may_be_any_of_those_that_mean_the_same(
    head: tuple[str, int, Heading], place: int, choice: int
) -> None:
    name, number, heading = head
    column = heading.columns[place % len(heading.columns)]
    if column.key in ("", "aside", "period", "actual_unit"):
        return
    if WORDS.meaning("indicator_columns", column.cell.text) == column.key:
        labels = sorted(WORDS.texts("indicator_columns", column.key))
        other = labels[choice % len(labels)]
        table = READ[name][number]
        cells = [replace(c, text=other) if c == column.cell else c for c in table.cells]
        assert printed(put(name, number, grids.of_cells(table, cells))) == printed(READ[name])


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(HEADS), st.integers(0, 40))
def test_a_note_between_the_rows_changes_nothing(
    head: tuple[str, int, Heading], place: int
) -> None:
    name, number, heading = head
    table = READ[name][number]
    right = max(cell.right for cell in table.cells)
    row = heading.bottom + place % (max(c.bottom for c in table.cells) - heading.bottom + 1)
    wider = grids.spread(table, row)
    covered = [cell for cell in wider.cells if cell.row <= row + 1 <= cell.bottom]
    first = max((cell.right for cell in covered), default=0) + 1
    if first <= heading.left and Area(table.cells).merged:
        note = GridCell(NOTE, row + 1, first, 1, right - first + 1, table.cells[0].page)
        changed = put(name, number, grids.of_cells(table, [*wider.cells, note]))
        assert printed(changed) == printed(READ[name])


# --- what destroys meaning


def silent(before: Tables, after: Tables) -> bool:
    """Whether nothing is refused, and nothing more told than before."""
    was, now = read_forms(before), read_forms(after)
    return len(now[0]) >= len(was[0]) and len(now[1]) <= len(was[1])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HEADS))
def test_a_further_column_is_told_or_refused(head: tuple[str, int, Heading]) -> None:
    name, number, heading = head
    table = READ[name][number]
    column = max(cell.right for cell in table.cells) + 1
    rows = heading.bottom - heading.top + 1
    label = GridCell("某某栏", heading.top, column, rows)
    cells = [*table.cells, label, GridCell("7", heading.bottom + 1, column)]
    after = put(name, number, grids.of_cells(table, cells))
    assert not silent(READ[name], after)
    assert printed(after).items() <= printed(READ[name]).items()


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(HEADS), st.integers(0, 99), st.sampled_from(("name", *POINTS_AND_VALUES)))
def test_a_row_that_is_one_column_off_is_told_or_refused(
    head: tuple[str, int, Heading], place: int, key: str
) -> None:
    name, number, heading = head
    table = READ[name][number]
    column, of_name = heading.column(key), heading.column("name")
    below = range(heading.bottom + 1, max(cell.bottom for cell in table.cells) + 1)
    row = below[place % len(below)]
    if not column or not of_name or not Area(table.cells).within(row, of_name.first, of_name.last):
        return
    own = [cell for cell in table.cells if cell.row == row and cell.column >= column.first]
    spanning = [c for c in table.cells if c.row <= row <= c.bottom and c.right >= column.first]
    if {(c.row, c.rows, c.columns) for c in spanning} != {(row, 1, 1)}:
        return
    if any(cell.text.strip() for cell in own):
        rest = [cell for cell in table.cells if cell not in own]
        shifted = [replace(cell, column=cell.column + 1) for cell in own]
        after = put(name, number, grids.of_cells(table, [*rest, *shifted]))
        assert not silent(READ[name], after) or printed(after) == printed(READ[name])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(HEADS), st.integers(0, 200))
def test_a_label_that_is_gone_is_never_missed_in_silence(
    head: tuple[str, int, Heading], place: int
) -> None:
    """What is still read without a word stands where it stood, or is marked as inferred."""
    name, number, _ = head
    table = READ[name][number]
    labels = [c for c in table.cells if any(WORDS.meaning(p, c.text) for p in WORDS.parts)]
    gone = labels[place % len(labels)]
    after = put(
        name,
        number,
        grids.of_cells(table, [replace(c, text="") if c == gone else c for c in table.cells]),
    )
    if silent(READ[name], after):
        was, now = places(READ[name]), places(after)
        different = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
        for key in different:
            inferred = key in now and now[key].inferred
            assert inferred or gone.address in key[2].split("+"), gone


def places(tables: Tables) -> dict[tuple[int, str, str], Cell]:
    """What is read where."""
    return {
        (seq, column, cell.address): replace(cell, line_start=0, line_end=0)
        for (seq, _, column), cell in read_cells(read_forms(tables)[0]).items()
        if cell.printed is not None
    }
