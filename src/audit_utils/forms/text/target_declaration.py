"""The target declaration (项目支出绩效目标申报表) out of a document's text.

A row prints name and target on one line; a name that is too long for its column goes on
over several.  At the end of a page the names of the cells that run on are repeated, and
so is an objective that crosses it: neither is new.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from audit_utils.forms.content import Content
from audit_utils.forms.text.fragments import Fragment, Ledger, em, empty_cell
from audit_utils.forms.text.funds import LEFT_IN_FUNDS
from audit_utils.forms.text.groups import Group, GroupLabel, TableRow, group_tables
from audit_utils.forms.text.head import read_head, read_money_unit
from audit_utils.forms.text.objectives import learn_widths, read_objectives
from audit_utils.forms.text.sections import (
    FUNDS,
    TABLE,
    Labels,
    drop_header,
    find,
    find_goals,
    table_start,
    take_group_labels,
)
from audit_utils.forms.text.sharing import SURE, Part, cheapest, shapes
from audit_utils.forms.text.weights import Columns, Pieces, name_weight, target_weight, text
from audit_utils.forms.text.wrapping import Width
from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.records import Cell, FormKind, MoneyUnit

HEAD = ("name", "department", "unit", "nature", "category", "start_date", "end_date")
HEADER = ("level1", "level2", "name", "target")
KIND: FormKind = "target_declaration"
TOTALS = ("request", "total", "project_total")
PROJECT = "project_"
"""What the meanings of money of the whole project begin with."""
NOTE_WRAPPED = "a wrapped cell: plain text does not settle where it ends"
NOTE_SINGLE = "the row prints one text only"
GOALS, INDICATORS = ("sides", "objectives"), ("sides", "indicators")


@dataclass(frozen=True, slots=True)
class Parts:
    """The fragments of a form, part by part."""

    head: Sequence[Fragment]
    funds: Sequence[Fragment]
    objectives: Sequence[Fragment]
    table: Sequence[Fragment]
    group_labels: Sequence[GroupLabel]
    label_first: bool
    """Whether page ends repeat labels: then a label stands before its group's first row."""
    ledger: Ledger


def cut(pieces: Sequence[Fragment]) -> Parts:
    """Cut a form, from 项目名称 on, at its landmarks."""
    ledger = Ledger()
    money = min(find(pieces, FUNDS, TOTALS, TABLE), find_goals(pieces, KIND))
    table = money + table_start(pieces[money:], HEADER)
    goals = min(find_goals(pieces, KIND, money), table)
    rows = drop_repeats(pieces[goals:table], pieces[table:], ledger)
    rows = drop_header(rows, HEADER, ledger)
    kept = drop_page_ends(rows, ledger)
    left, found = take_group_labels(drop_side_words(kept, ledger), ledger)
    return Parts(
        head=pieces[:money],
        funds=drop_side_words(pieces[money:goals], ledger),
        objectives=drop_side_words(pieces[goals:table], ledger),
        table=left,
        group_labels=found,
        label_first=len(kept) < len(rows),
        ledger=ledger,
    )


def drop_side_words(pieces: Sequence[Fragment], ledger: Ledger) -> list[Fragment]:
    """Fragments without the merged cells 项目/绩效/目标 and 绩效/指标, alone on their lines.

    A page break may stand between the words of one.
    """
    kept: list[Fragment] = []
    index = 0
    while index < len(pieces):
        size = side_run(pieces, index, (GOALS, INDICATORS), cut=True)
        ledger.label(pieces[index : index + size])
        kept += [] if size else [pieces[index]]
        index += max(1, size)
    return kept


def side_run(
    pieces: Sequence[Fragment], start: int, sides: tuple[Labels, ...], *, cut: bool = False
) -> int:
    """How many fragments from one on, alone on their lines, are a word at the side.

    Where `cut`, its first lines may stand at the end of a page or above the groups, its last
    at the top of a page.
    """
    piece = pieces[start]
    if not piece.first or (start + 1 < len(pieces) and not pieces[start + 1].first):
        return 0
    whole, beginnings, endings = side_texts(vocabulary(), sides)
    if piece.text not in beginnings and not (cut and piece.breaks):
        return 0
    best, joined = 0, ""
    for index in range(start, len(pieces)):
        behind = pieces[index + 1] if index + 1 < len(pieces) else None
        if not pieces[index].first or (behind and not behind.first):
            break
        joined += pieces[index].text
        begins = joined in beginnings
        ends = cut and piece.breaks and joined in endings
        cut_off = begins and behind and (behind.breaks or is_group_text(behind.text))
        if joined in whole or ends or (cut and cut_off):
            best = index + 1 - start
        if not begins and not ends:
            break
    return best


def drop_repeats(
    goals: Sequence[Fragment], table: Sequence[Fragment], ledger: Ledger
) -> list[Fragment]:
    """The table without an objective that a page break repeats below 项目 / 绩效 / 目标."""
    words, part = vocabulary(), f"objectives.{KIND}"
    known = [piece.text for piece in goals if not words.meaning(part, piece.text)]
    kept: list[Fragment] = []
    index = 0
    while index < len(table):
        side = side_run(table, index, (GOALS,))
        size = repeated(known, table[index + side :]) if side else 0
        if size:
            ledger.label(table[index : index + side + size])
            index += side + size
        else:
            kept.append(table[index])
            index += 1
    return kept


def repeated(known: Sequence[str], pieces: Sequence[Fragment]) -> int:
    """How many fragments, from the first on, print the objective (or its end) once more."""
    for start in range(len(known)):
        rest = known[start:]
        if [piece.text for piece in pieces[: len(rest)]] == rest:
            return len(rest)
    return 0


@dataclass(frozen=True, slots=True)
class PlainRow:
    """The fragments of a row; `start` is the first one's index in the table."""

    start: int
    name: Pieces
    target: Pieces
    note: str


def read_all(bodies: Sequence[Sequence[Fragment]]) -> list[tuple[Content, Ledger]]:
    """The cells of all forms of a document, each with its book of characters and problems."""
    forms = [cut(pieces) for pieces in bodies]
    widths = learn_widths([form.objectives for form in forms], KIND)
    widest = max(
        (em(piece.text) for form in forms for piece in form.table if piece.first), default=0.0
    )
    columns = Columns(name=Width(em=widest, least=widest))
    label_first = any(form.label_first for form in forms)
    rows = [find_rows(form, columns) for form in forms]
    tables = [(table_rows(own), form.group_labels) for own, form in zip(rows, forms, strict=True)]
    groups = group_tables(tables, label_first)
    return [
        (read(form, own, grouped, widths), form.ledger)
        for form, own, grouped in zip(forms, rows, groups, strict=True)
    ]


def read(
    parts: Parts, rows: Sequence[PlainRow], groups: Sequence[Group], widths: tuple[Width, Width]
) -> Content:
    """The cells of a form."""
    ledger = parts.ledger
    head = read_head(parts.head, HEAD, ledger)
    head |= read_objectives(parts.objectives, KIND, widths, ledger, lone=1)
    unit, totals, funds = read_money(parts.funds, ledger)
    indicators = [read_row(row, group, ledger) for row, group in zip(rows, groups, strict=True)]
    return Content(head | totals, funds, indicators, unit)


def read_money(
    pieces: Sequence[Fragment], ledger: Ledger
) -> tuple[MoneyUnit, dict[str, Cell], dict[str, dict[str, Cell]]]:
    """The unit of money, the project's own totals, and the year's request by source.

    A line may print two pairs: the project's total at the left, the year's at the right.
    """
    if not pieces:
        return "元", {}, {}
    first = find(pieces, FUNDS) == 0
    ledger.label(pieces[:first])
    unit, used = read_money_unit(pieces[first:], ledger)
    totals: dict[str, Cell] = {}
    funds: dict[str, dict[str, Cell]] = {}
    for label, value, later in money_pairs(pieces[first + used :]):
        key = source_of(label, later, {*totals, *funds})
        if not key:
            ledger.leftover([label, *value], LEFT_IN_FUNDS)
            continue
        ledger.label([label])
        cell = ledger.cell(value) if value else empty_cell(label)
        if key.startswith(PROJECT):
            totals[key] = cell
        else:
            funds[key] = {"annual_request": cell}
    return unit, totals, funds


def source_of(label: Fragment, later: Sequence[Fragment], taken: Collection[str]) -> str:
    """What the amount behind a label is: money of the project as a whole, or of the year.

    A label that can be either is the project's where the year's follows it.
    """
    words = vocabulary()
    meanings = [key for key in words.meanings("request", label.text) if key not in taken]
    of_year = {key for key in meanings if not key.startswith(PROJECT)}
    follows = any(of_year.intersection(words.meanings("request", other.text)) for other in later)
    return next((key for key in meanings if key.startswith(PROJECT) == follows), "") or next(
        iter(meanings), ""
    )


def money_pairs(
    pieces: Sequence[Fragment],
) -> Iterator[tuple[Fragment, Sequence[Fragment], Sequence[Fragment]]]:
    """Each label with its amount (if any), and all that follows them."""
    index = 0
    while index < len(pieces):
        label, behind = pieces[index], pieces[index + 1 :]
        value = behind[:1] if behind and is_amount(behind[0]) else []
        yield label, value, behind
        index += 1 + len(value)


def is_amount(piece: Fragment) -> bool:
    """Whether a fragment stands where an amount is printed: no label, but a number or a dash."""
    return (
        piece.text[0].isdigit()
        or piece.text[0] in "-—－"
        or (not piece.first and not vocabulary().meaning("request", piece.text))
    )


def table_rows(rows: Sequence[PlainRow]) -> list[TableRow]:
    """The rows as grouping sees them."""
    return [
        TableRow(
            row.start,
            row.start + len(row.name) + len(row.target),
            (*row.name, *row.target)[0].page,
            text(row.name),
            max(1, len(row.name)),
        )
        for row in rows
    ]


def find_rows(parts: Parts, columns: Columns) -> list[PlainRow]:
    """The rows between labels: a line of two texts closes a row, lone texts lead up to it."""
    walls = {label.position for label in parts.group_labels}
    rows: list[PlainRow] = []
    waiting: list[Fragment] = []
    index = start = 0
    for _, on_line in groupby(parts.table, key=lambda piece: piece.line):
        line = list(on_line)
        if index in walls and waiting:
            rows += read_run(start, tuple(waiting), (), columns)
            waiting = []
        start = index - len(waiting)
        if len(line) > 1:
            rows += read_run(start, (*waiting, *line[:-1]), tuple(line[-1:]), columns)
            waiting = []
        else:
            waiting += line
        index += len(line)
    if waiting:
        rows += read_run(index - len(waiting), tuple(waiting), (), columns)
    return rows


def drop_page_ends(pieces: Sequence[Fragment], ledger: Ledger) -> list[Fragment]:
    """Fragments without the labels that the end of a page or of the table repeats.

    They begin with 绩效 / 指标, as at the top of the table, and no row follows them there.
    """
    kept: list[Fragment] = []
    index = 0
    while index < len(pieces):
        side = side_run(pieces, index, (INDICATORS,))
        end = index + side
        if side and rows_stand_in(kept):
            while end < len(pieces) and not pieces[end].breaks and is_group_text(pieces[end].text):
                end += 1
            if end == len(pieces) or pieces[end].breaks:
                ledger.label(pieces[index:end])
                index = end
                continue
        kept.append(pieces[index])
        index += 1
    return kept


def is_group_text(text: str) -> bool:
    """Whether a fragment is a group's label or one of the parts of a wrapped one."""
    return text in group_parts(vocabulary())


@lru_cache(maxsize=4)
def group_parts(words: Vocabulary) -> frozenset[str]:
    """The labels of groups, and what a line may print of one that is wrapped."""
    names = words.texts("level1") | words.texts("level2")
    cuts = [(name, cut) for name in names for cut in range(1, len(name) + 1)]
    return frozenset(part for name, cut in cuts for part in (name[:cut], name[-cut:]))


@lru_cache(maxsize=16)
def side_texts(
    words: Vocabulary, sides: tuple[Labels, ...]
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words at the side that have one of these meanings; what they begin and end with."""
    whole = frozenset[str]().union(*(words.texts(part, *names) for part, *names in sides))
    cuts = [(side, cut) for side in whole for cut in range(1, len(side) + 1)]
    beginnings = frozenset(side[:cut] for side, cut in cuts)
    return whole, beginnings, frozenset(side[-cut:] for side, cut in cuts)


def rows_stand_in(pieces: Sequence[Fragment]) -> bool:
    """Whether anything but labels stands among the fragments."""
    words = frozenset("".join(vocabulary().texts(*INDICATORS)))
    return any(
        not is_group_text(piece.text) and not words.issuperset(piece.text) for piece in pieces
    )


def read_run(start: int, pieces: Pieces, target: Pieces, columns: Columns) -> Iterator[PlainRow]:
    """The rows in a run of texts whose last target (if any) is known."""
    margin, ends = lightest(pieces, bool(target), columns)
    bounds = (0, *ends)
    cells = [pieces[begin:end] for begin, end in pairwise(bounds)] + ([target] if target else [])
    settled = margin >= SURE or (len(cells) == 2 and len(pieces) + len(target) == 2)
    for name, value in zip(cells[::2], cells[1::2], strict=True):
        if name or value:
            yield PlainRow(start, name, value, "" if settled else NOTE_WRAPPED)
            start += len(name) + len(value)


def lightest(pieces: Pieces, closed: bool, columns: Columns) -> tuple[float, tuple[int, ...]]:
    """How to cut a run into names and targets: by how much it is the best way, and the ends."""
    shape_of = shapes(pieces, columns.blank)

    def name(i: int, j: int) -> float:
        return name_weight(shape_of(i, j), None, columns)

    def target(i: int, j: int) -> float:
        return target_weight(shape_of(i, j), None, columns)

    pair = [Part("own", "name", name), Part("own", "target", target)]
    ways = []
    for rows in range(not closed, len(pieces) // 2 + 1 + (not closed)):
        parts = pair * rows + pair[: int(closed)]
        ways += [(weight + 2 * rows, ends) for weight, ends in cheapest(len(pieces), parts)]
    ways.sort()
    return ways[1][0] - ways[0][0] if len(ways) > 1 else SURE, ways[0][1]


def read_row(row: PlainRow, group: Group, ledger: Ledger) -> dict[str, Cell]:
    """The cells of one row; a row without a target or a name has it empty."""
    at = (*row.name, *row.target)[0]
    cells = group.cells()
    for column, pieces in (("name", row.name), ("target", row.target)):
        cells[column] = ledger.cell(pieces, row.note) if pieces else empty_cell(at, NOTE_SINGLE)
    return cells
