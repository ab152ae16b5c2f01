"""The target declaration (项目支出绩效目标申报表) out of a document's text.

A row prints name and target on one line; a name that is too long for its column goes on
over several.  At the end of a page the names of the cells that run on are repeated, and
so is an objective that crosses it: neither is new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from audit_utils.forms import labels
from audit_utils.forms.content import Content
from audit_utils.forms.fragments import Fragment, Ledger, em, empty_cell
from audit_utils.forms.groups import Group, level2_labels
from audit_utils.forms.head import read_head, read_money_unit
from audit_utils.forms.objectives import learn_widths, split_objectives
from audit_utils.forms.rows import SURE, Columns, Part, cheapest, name_weight, value_weight
from audit_utils.forms.sections import drop_header, find, take_group_labels
from audit_utils.forms.wrapping import Width
from audit_utils.records import Cell

HEAD = ("name", "department", "unit", "nature", "category", "start_date", "end_date")
LEFT, RIGHT = labels.OBJECTIVES["target_declaration"]
PROJECT_TOTAL, REQUEST = "项目资金总额", "年度资金申请总额"
FISCAL = "财政资金"
NOTE_WRAPPED = "a wrapped cell: plain text does not settle where it ends"
NOTE_SINGLE = "the row prints one text only"
NOTE_GROUP = "no group label is printed"
SIDE = (("项目", "绩效", "目标"), ("绩效", "指标"))


@dataclass(frozen=True, slots=True)
class Parts:
    """The fragments of a form, part by part."""

    head: Sequence[Fragment]
    funds: Sequence[Fragment]
    objectives: Sequence[Fragment]
    table: Sequence[Fragment]
    ledger: Ledger


def cut(pieces: Sequence[Fragment]) -> Parts:
    """Cut a form, from 项目名称 on, at its landmarks."""
    money = find(pieces, labels.FUNDS)
    goals = find(pieces, LEFT, money)
    table = find(pieces, labels.TABLE, money)
    goals = min(goals, table)
    ledger = Ledger()
    funds = drop_pairs(pieces[money:goals], ledger)
    table_pieces = drop_repeats(pieces[goals:table], pieces[table:], ledger)
    objectives = drop_pairs(pieces[goals:table], ledger)
    return Parts(pieces[:money], funds, objectives, table_pieces, ledger)


def drop_pairs(pieces: Sequence[Fragment], ledger: Ledger) -> list[Fragment]:
    """Fragments without the merged cells 项目/绩效/目标 and 绩效/指标, alone on their lines."""
    kept: list[Fragment] = []
    index = 0
    while index < len(pieces):
        for label in SIDE:
            size = len(label)
            if tuple(piece.text for piece in pieces[index : index + size]) == label:
                ledger.label(pieces[index : index + size])
                index += size
                break
        else:
            kept.append(pieces[index])
            index += 1
    return kept


def drop_repeats(goals: Sequence[Fragment], table: Sequence[Fragment], ledger: Ledger) -> list[Fragment]:
    """The table without an objective that a page break repeats: 项目 / 绩效 / 目标, then its text."""
    known = [piece.text for piece in goals if piece.text not in (LEFT, RIGHT)]
    kept: list[Fragment] = []
    index = 0
    while index < len(table):
        texts = [piece.text for piece in table[index : index + 3]]
        size = repeated(known, table[index + 3 :]) if tuple(texts) == SIDE[0] else 0
        if size:
            ledger.label(table[index : index + 3 + size])
            index += 3 + size
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
class Learnt:
    """What a document's forms teach together."""

    columns: Columns
    widths: tuple[Width, Width]


def learn(forms: Sequence[Parts]) -> Learnt:
    """Widths of the two objective columns, and of the names: as wide as the widest one."""
    widths = learn_widths([form.objectives[2:] for form in forms])
    names = [piece.text for form in forms for piece in form.table if piece.first]
    return Learnt(Columns(name=Width(em=max(map(em, names), default=0.0))), widths)


def read(parts: Parts, learnt: Learnt) -> Content:
    """The cells of a form."""
    ledger = parts.ledger
    head = read_head(parts.head, HEAD, ledger)
    head |= read_objectives(parts, learnt.widths)
    unit, totals, funds = read_money(parts.funds, ledger)
    return Content(head | totals, funds, read_indicators(parts, learnt.columns), unit)


def read_objectives(parts: Parts, widths: tuple[Width, Width]) -> dict[str, Cell]:
    """The goals of the whole project and of the year."""
    if not parts.objectives:
        return {}
    at = parts.objectives[0]
    used = [piece for piece in parts.objectives[:2] if piece.text in (LEFT, RIGHT)]
    parts.ledger.label(used)
    left, right, note = split_objectives(parts.objectives[len(used) :], widths, lone_side=1)
    columns = labels.OBJECTIVES["target_declaration"].values()
    return {
        column: parts.ledger.cell(side, note) if side else empty_cell(at, note)
        for column, side in zip(columns, (left, right), strict=True)
    }


def read_money(
    pieces: Sequence[Fragment], ledger: Ledger
) -> tuple[str, dict[str, Cell], dict[str, dict[str, Cell]]]:
    """The unit of money, the project's own totals, and the year's request by source.

    A line may print two pairs: the project's total at the left, the year's at the right.
    """
    if not pieces:
        return "元", {}, {}
    ledger.label(pieces[:1])
    unit, used = read_money_unit(pieces[1:], ledger)
    totals: dict[str, Cell] = {}
    funds: dict[str, dict[str, Cell]] = {}
    rest = list(pieces[1 + used :])
    while rest:
        label = rest.pop(0)
        word = labels.AMONG.sub("", label.text)
        value = [rest.pop(0)] if rest and is_amount(rest[0]) else []
        left = word == "其他资金" and any(piece.line == label.line and piece.text == word for piece in rest)
        cell = ledger.cell(value) if value else empty_cell(label)
        if word in (PROJECT_TOTAL, FISCAL) or left:
            totals[TOTALS[word]] = cell
        elif word == REQUEST or word in labels.SOURCES:
            funds[labels.SOURCES.get(word, "total")] = {"annual_request": cell}
        else:
            ledger.leftover([label], "text in the fund rows that belongs to no row")
            continue
        ledger.label([label])
    return unit, totals, funds


TOTALS = {PROJECT_TOTAL: "project_total", FISCAL: "project_fiscal", "其他资金": "project_other"}
"""Money of the whole project; beside the total it stands in the ledger of cells only."""


def is_amount(piece: Fragment) -> bool:
    """Whether a fragment stands where an amount is printed: no label, but a number or a dash."""
    return piece.text[0].isdigit() or piece.text[0] in "-—－" or not piece.first and not is_label(piece)


def is_label(piece: Fragment) -> bool:
    """Whether a fragment is one of the words of the fund rows."""
    word = labels.AMONG.sub("", piece.text)
    return word in TOTALS or word in labels.SOURCES or word == REQUEST


def read_indicators(parts: Parts, columns: Columns) -> list[dict[str, Cell]]:
    """The indicator rows with their groups."""
    pieces = drop_header(parts.table, labels.TABLE_HEADER["target_declaration"], parts.ledger)
    pieces = drop_pairs(drop_page_ends(pieces, parts.ledger), parts.ledger)
    pieces, found = take_group_labels(pieces, parts.ledger)
    opening = level2_labels(found)
    if not opening:
        return list(read_group(pieces, Group(None, None, 0, 0, NOTE_GROUP), columns, parts.ledger))
    bounds = [label.position for label, _ in opening] + [len(pieces)]
    rows = []
    parts.ledger.leftover(pieces[: bounds[0]], "text in the indicator table above its first group")
    for (label, level1), begin, end in zip(opening, bounds, bounds[1:], strict=False):
        group = Group(level1, label.text, label.line, label.page)
        rows += read_group(pieces[begin:end], group, columns, parts.ledger)
    return rows


def drop_page_ends(pieces: Sequence[Fragment], ledger: Ledger) -> list[Fragment]:
    """Fragments without the labels that the end of a page or of the table repeats.

    They begin with 绩效 / 指标, as at the top of the table, and no row follows them there.
    """
    kept: list[Fragment] = []
    index = 0
    while index < len(pieces):
        end = index + 2
        if tuple(piece.text for piece in pieces[index:end]) == SIDE[1] and rows_stand_in(kept):
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
    return any(label.startswith(text) or label.endswith(text) for label in labels.GROUP_LABELS)


def rows_stand_in(pieces: Sequence[Fragment]) -> bool:
    """Whether anything but labels stands among the fragments."""
    return any(not is_group_text(piece.text) and piece.text not in SIDE[1] for piece in pieces)


def read_group(
    pieces: Sequence[Fragment], group: Group, columns: Columns, ledger: Ledger
) -> Iterator[dict[str, Cell]]:
    """The rows of one group: a line of two texts closes a row, lone texts lead up to it."""
    waiting: list[Fragment] = []
    for _, on_line in groupby(pieces, key=lambda piece: piece.line):
        line = list(on_line)
        if len(line) == 1:
            waiting += line
            continue
        yield from read_run((*waiting, *line[:-1]), line[-1:], group, columns, ledger)
        waiting = []
    if waiting:
        yield from read_run(tuple(waiting), [], group, columns, ledger)


def read_run(
    pieces: tuple[Fragment, ...], target: Sequence[Fragment], group: Group, columns: Columns, ledger: Ledger
) -> Iterator[dict[str, Cell]]:
    """The rows in a run of texts whose last target (if any) is known."""
    (margin, ends) = lightest(pieces, bool(target), columns)
    bounds = (0, *ends)
    cells = [pieces[begin:end] for begin, end in zip(bounds, bounds[1:], strict=False)]
    cells += [tuple(target)] if target else []
    note = "" if margin >= SURE or len(cells) == 2 and len(pieces) < 2 + (not target) else NOTE_WRAPPED
    for name, value in zip(cells[::2], cells[1::2], strict=True):
        if name or value:
            yield read_row(name, value, group, note, ledger)


def lightest(pieces: tuple[Fragment, ...], closed: bool, columns: Columns) -> tuple[float, tuple[int, ...]]:
    """How to cut a run into names and targets: by how much it is the best way, and the ends."""

    def name(i: int, j: int) -> float:
        return name_weight(pieces[i:j], columns)

    def target(i: int, j: int) -> float:
        return value_weight(pieces[i:j], columns.target, columns)

    pair = [Part("own", "name", name), Part("own", "target", target)]
    ways = []
    for rows in range(not closed, len(pieces) // 2 + 1 + (not closed)):
        parts = pair * rows + pair[: int(closed)]
        ways += [(weight + 2 * rows, ends) for weight, ends in cheapest(len(pieces), parts)]
    ways.sort()
    return ways[1][0] - ways[0][0] if len(ways) > 1 else SURE, ways[0][1]


def read_row(
    name: Sequence[Fragment], target: Sequence[Fragment], group: Group, note: str, ledger: Ledger
) -> dict[str, Cell]:
    """The cells of one row; a row without a target or a name has it empty."""
    at = (*name, *target)[0]
    cells = {
        "level1": Cell(group.level1, group.line, group.line, group.page, group.note),
        "level2": Cell(group.level2, group.line, group.line, group.page, group.note),
    }
    for column, pieces in (("name", name), ("target", target)):
        cells[column] = ledger.cell(pieces, note) if pieces else empty_cell(at, NOTE_SINGLE)
    return cells
