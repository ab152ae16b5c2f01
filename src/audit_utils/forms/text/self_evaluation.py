"""The self-evaluation (项目支出绩效自评表) out of a document's text.

A document is read twice: first every form is cut into its parts, and the widths and words
of the columns are learnt from all of them; then each part is read with what was learnt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from audit_utils.forms.content import Content
from audit_utils.forms.text.columns import blank_weight, learn_columns
from audit_utils.forms.text.fragments import Fragment, Ledger, empty_cell
from audit_utils.forms.text.funds import COLUMNS, read_funds
from audit_utils.forms.text.groups import Group, GroupLabel, TableRow, group_tables
from audit_utils.forms.text.head import read_head, read_money_unit
from audit_utils.forms.text.objectives import learn_widths, read_objectives
from audit_utils.forms.text.rows import NOTE_UNCOUNTED, Row, Table, read_rows
from audit_utils.forms.text.sections import (
    FUNDS,
    TABLE,
    drop_header,
    drop_side_letters,
    find,
    find_goals,
    group_name,
    table_start,
    take_group_labels,
)
from audit_utils.forms.text.weights import text
from audit_utils.forms.text.wrapping import Width
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Cell, FormKind, MoneyUnit

HEAD = ("name", "department", "unit")
CELLS = ("name", "target", "actual", "weight", "score", "deviation_reason")
HEADER = ("level1", "level2", *CELLS)
KIND: FormKind = "self_evaluation"
FUND_COLUMNS = ("fund_columns", *COLUMNS)
TABLES = ("level1", "level2", "indicator_columns", "sources", "fund_columns", "total")
BEHIND_TOTAL = "text after the total row that belongs to no form"


@dataclass(frozen=True, slots=True)
class Parts:
    """The fragments of a form, part by part, labels taken out where that needs no more."""

    head: Sequence[Fragment]
    funds: Sequence[Fragment]
    objectives: Sequence[Fragment]
    table: Table
    group_labels: Sequence[GroupLabel]
    total: Sequence[Fragment]
    ledger: Ledger


def read_all(bodies: Sequence[Sequence[Fragment]]) -> list[tuple[Content, Ledger]]:
    """The cells of all forms of a document, each with its book of characters and problems."""
    forms = [cut(pieces) for pieces in bodies]
    blank = blank_weight(piece for form in forms for piece in form.objectives)
    columns = learn_columns([form.table for form in forms], blank)
    widths = learn_widths([form.objectives for form in forms], KIND)
    rows = [[row for row, _ in read_rows(form.table, columns)] for form in forms]
    tables = [(table_rows(own), form.group_labels) for own, form in zip(rows, forms, strict=True)]
    groups = group_tables(tables)
    return [
        (read(form, own, grouped, widths), form.ledger)
        for form, own, grouped in zip(forms, rows, groups, strict=True)
    ]


def cut(pieces: Sequence[Fragment]) -> Parts:
    """Cut a form, from 项目名称 on, at its landmarks."""
    ledger = Ledger()
    total = find_total(pieces)
    money = min(find(pieces[:total], FUNDS, FUND_COLUMNS, TABLE), find_goals(pieces[:total], KIND))
    body = drop_side_letters(pieces[money:total], KIND, ledger)
    table = table_start(body, HEADER)
    goals = min(find_goals(body, KIND), table)
    rows = drop_header(body[table:], HEADER, ledger)
    rows, found = take_group_labels(rows, ledger)
    places = frozenset(label.position for label in found)
    return Parts(
        head=pieces[:money],
        funds=body[:goals],
        objectives=body[goals:table],
        table=Table(tuple(rows), places),
        group_labels=found,
        total=pieces[total:],
        ledger=ledger,
    )


def find_total(pieces: Sequence[Fragment]) -> int:
    """Index of the total row (总分), or the number of fragments.

    It begins a line behind the last group: the funds may have a 合计 too, and so may a table
    that follows.  Where none stands there, it is the last one below the table's header.
    """
    words, start = vocabulary(), find(pieces, TABLE)
    lines = [i for i in range(start, len(pieces)) if pieces[i].first]
    group = next((i for i in reversed(lines) if group_name(words, pieces[i].text)), 0)
    totals = [i for i in lines if words.meaning("total", pieces[i].text)]
    return next((i for i in totals if i > group), totals[-1] if totals else len(pieces))


def read(
    parts: Parts, rows: Sequence[Row], groups: Sequence[Group], widths: tuple[Width, Width]
) -> Content:
    """The cells of a form."""
    ledger = parts.ledger
    head = read_head(parts.head, HEAD, ledger)
    head |= read_objectives(parts.objectives, KIND, widths, ledger, lone=0)
    money_unit, funds = read_money(parts.funds, ledger)
    head |= read_total(parts.total, ledger)
    indicators = [read_row(row, group, ledger) for row, group in zip(rows, groups, strict=True)]
    return Content(head, funds, indicators, money_unit)


def read_money(
    pieces: Sequence[Fragment], ledger: Ledger
) -> tuple[MoneyUnit, dict[str, dict[str, Cell]]]:
    """The unit of money and the fund rows."""
    if not pieces:
        return "元", {}
    rest = pieces[1:] if find(pieces, FUNDS) == 0 else pieces
    ledger.label(pieces[: len(pieces) - len(rest)])
    unit, used = read_money_unit(rest, ledger)
    return unit, {source: dict(row) for source, row in read_funds(rest[used:], ledger).items()}


def read_total(pieces: Sequence[Fragment], ledger: Ledger) -> dict[str, Cell]:
    """总分: the weights' total, then the scores'."""
    if not pieces:
        return {}
    ledger.label(pieces[:1])
    columns = ("total_weight", "total_score")
    cells = {column: empty_cell(pieces[0]) for column in columns}
    numbers = [piece for piece in pieces[1:3] if piece.line == pieces[0].line]
    places = columns if len(numbers) == 2 else columns[1:]
    note = "" if len(numbers) == 2 else "one number where two are due: taken as the total score"
    for column, piece in zip(places, numbers, strict=False):
        cells[column] = ledger.cell([piece], note)
    rest = pieces[1 + len(numbers) :]
    closing = frozenset(closing_lines(rest))
    ledger.label(piece for piece in rest if piece.line in closing)
    ledger.leftover([piece for piece in rest if piece.line not in closing], BEHIND_TOTAL)
    return cells


def closing_lines(pieces: Sequence[Fragment]) -> Iterator[int]:
    """The lines below a form that are a remark, or say who filled it in: 注：…, 填表人：….

    A remark goes on until a line shows a label of the tables.
    """
    words = vocabulary()
    remark = False
    for line, group in groupby(pieces, key=lambda piece: piece.line):
        texts = [piece.text for piece in group]
        before, colon, _ = texts[0].replace("：", ":").partition(":")
        remark |= words.remark(texts[0])
        remark &= not any(words.meaning(part, text) for part in TABLES for text in texts)
        if remark or (colon and words.meaning("aside", before)):
            yield line


def table_rows(rows: Sequence[Row]) -> list[TableRow]:
    """The rows as grouping sees them."""
    return [
        TableRow(
            row.start,
            row.start + sum(map(len, row.cells.values())),
            row.page,
            text(row.cells.get("name", ())),
            max(map(len, row.cells.values())),
        )
        for row in rows
    ]


def read_row(row: Row, group: Group, ledger: Ledger) -> dict[str, Cell]:
    """The cells of one row; a row without its numbers is a problem."""
    at = next(iter(row.cells.values()))[0]
    uncounted = "" if row.counted else NOTE_UNCOUNTED
    if uncounted:
        ledger.problem(
            "an indicator row without weight and score", at, at, text(row.cells.get("name", (at,)))
        )
    cells = group.cells()
    for column in CELLS:
        note = row.notes.get(column, uncounted)
        found = row.cells.get(column, ())
        cells[column] = ledger.cell(found, note) if found else empty_cell(at, note)
    return cells
