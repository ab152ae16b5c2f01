"""All forms of a grid: tables with cells -> the same records as from plain text.

Nothing is inferred from a cell's place alone: labels say what a cell is, wherever they
stand.  Every text of a form ends as a cell, a label, something set aside, or a problem.  A
form that is recognised but not fully understood is told and not read: no half-read value
enters the tables.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audit_utils import values
from audit_utils.forms.content import REFUSED
from audit_utils.forms.grid import indicators, leftovers, money, totals
from audit_utils.forms.grid.area import Account, Area, make, problem
from audit_utils.forms.grid.body import Reader
from audit_utils.forms.grid.breaks import breaks_of, mend, without_rows
from audit_utils.forms.grid.doubts import doubts
from audit_utils.forms.grid.extents import Extent, find_extents
from audit_utils.forms.grid.goals import read_goals
from audit_utils.forms.grid.heading import Heading, check, check_above, find_headings
from audit_utils.forms.grid.labelled import printed_year, read_head, set_aside
from audit_utils.forms.labels import fold, label
from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.grid import GridCell, Table
from audit_utils.records import Cell, Form, FormKind, Problem, Row

TOLD = "text of a form that belongs to no label"
TITLE = {"self_evaluation": "self-evaluation", "target_declaration": "declaration"}
LABELS = (leftovers.UNKNOWN, money.NO_SOURCE)
"""Messages about a label that may be added to the file of labels: each is told."""
REPEATED = "a label stands twice side by side: texts of merged cells are repeated in each cell"
NOTHING = Cell(None, 0, 0, 0)
EVALUATED = frozenset({"actual", "score"})
COMPARED = EVALUATED | {"target", "weight"}
AMOUNTS = money.AMOUNTS | {"annual_request"}
HINT = re.compile(r"\(.*(?:填|请).*\)")
"""What a template prints where the name is due: （填写项目全称）."""
DATED = re.compile(r"\s*((?:19|20)\d\d)\s*年度?\s*(\S.*)", re.DOTALL)
OTHER_HEAD = "a second head of indicators with other columns"
TWO_TABLES = "indicators twice, beside two labels: which are those of the year is not known"
EMPTY = "a template: nothing is filled in"


def read_forms(tables: Sequence[Table]) -> tuple[tuple[Form, ...], tuple[Problem, ...]]:
    """The forms of a document's tables in printed order, and what could not be read.

    A form that is recognised but not fully understood is no form here: it is a problem
    that says what is missing and where (each reason once).  `seq` counts such forms too.
    """
    words = vocabulary()
    extents, problems = find_extents(tables, words)
    forms = []
    for seq, extent in enumerate(extents, 1):
        form, account = _read(extent, seq, words)
        if account.refused or form is None:
            first = {_reason(problem): problem for problem in reversed(account.refused)}
            problems += [replace(p, message=REFUSED + p.message) for p in first.values()]
        else:
            forms.append(form)
            problems += [replace(problem, seq=seq) for problem in account.told]
    problems.sort(key=lambda problem: (problem.page, problem.line_start, problem.line_end))
    return tuple(forms), tuple(problems)


def _reason(problem: Problem) -> tuple[str, str]:
    """What is told once of a form that is not read: a reason, or each label not known."""
    return problem.message, problem.text if problem.message in LABELS else ""


def _read(extent: Extent, seq: int, words: Vocabulary) -> tuple[Form | None, Account]:
    """One form and what became of its cells; None where nothing of it can be told apart."""
    account = Account()
    area = _without_period(mend(extent.area, words, account), words, account)
    year = _year(extent, area, words)
    area = _without_year(area, year, words)
    headings = find_headings(area, words)
    first = area.cells[0]
    for fault in extent.faults:
        account.refuse(fault, first)
    for doubt, cell in doubts(extent.area, area, words):
        account.refuse(doubt, cell)
    if extent.title == "other":
        account.refuse("it is of another kind, for which there are no rules", first)
    if repeated := _repeated(area, words):
        account.refuse(REPEATED, repeated)
        return None, account
    if not headings:
        account.refuse("no head of indicators (一级指标, 二级指标, 三级指标)", first)
    for heading in headings[1:]:
        same = [c.key for c in heading.columns] == [c.key for c in headings[0].columns]
        account.refuse(TWO_TABLES if same else OTHER_HEAD, heading.columns[0].cell)
    if account.refused:
        return None, account
    return _form(_Parts(extent, area, headings[0], words, account, year), seq), account


def _without_period(area: Area, words: Vocabulary, account: Account) -> Area:
    """The area without the indicators of the whole period, where those of the year have a
    table of their own: 长期绩效指标 beside the one, 年度绩效指标 beside the other.
    """
    headings = find_headings(area, words)
    for place, heading in enumerate(headings):
        side = area.at(heading.top, heading.left - 1)
        if side and words.meaning("indicator_columns", side.text) == "period":
            later = [other.top - 1 for other in headings[place + 1 :]]
            bottom = later[0] if later else side.bottom
            if len(headings) > 1 and bottom > heading.bottom:
                account.told.append(problem(leftovers.PERIOD, side))
                return without_rows(area, heading.top, bottom)
    return area


def _repeated(area: Area, words: Vocabulary) -> GridCell | None:
    """A label of the head right beside itself, as where a merged cell was taken apart."""
    for cells in area.starting.values():
        for left, right in pairwise(cells):
            beside = right.column == left.right + 1 and left.text == right.text
            if beside and words.meaning("head", left.text):
                return right
    return None


@dataclass(frozen=True)
class _Parts:
    """A form with its head of indicators found."""

    extent: Extent
    area: Area
    heading: Heading
    words: Vocabulary
    account: Account
    year: int | None


def _form(parts: _Parts, seq: int) -> Form:
    area, heading, account = parts.area, parts.heading, parts.account
    check(heading, area, account, parts.year)
    reader = Reader(area, heading, parts.words, account)
    table = indicators.read_rows(reader)
    leftovers.check(reader, table)
    kind = _kind(parts)
    outside = [
        row
        for row in range(1, area.bottom + 1)
        if not heading.top <= row <= table.bottom or row in table.notes
    ]
    cash = _money(parts, outside, kind)
    goals = read_goals(area, outside, parts.words, kind, account)
    head = read_head(area, outside, parts.words, kind, account)
    beside = totals.read_beside(area, outside, parts.words, kind, account)
    set_aside(area, range(1, area.bottom + 1), parts.words, kind, account)
    _check_above(parts, outside)
    _leftovers(parts, outside)
    if head.get("name", NOTHING).printed is None and account.told:
        account.refuse("no value beside 项目名称, and texts that belong to no label", area.cells[0])
    _execution(cash, table)
    _total(table, beside, account, area)
    if _is_empty(head, cash, table):
        account.refuse(EMPTY, area.cells[0])
    return Form(
        kind=kind,
        seq=seq,
        year=parts.year,
        money_unit=cash.unit,
        head=head | cash.project | goals | table.total,
        funds=cash.funds,
        indicators=tuple(table.indicators),
        line_start=min([quote.line for quote in parts.extent.above] + [area.cells[0].line]),
        line_end=area.lines[max(area.lines)],
        page=area.cells[0].page,
    )


def _check_above(parts: _Parts, rows: Sequence[int]) -> None:
    """Nothing unknown stands right above the labels of indicators, or of amounts."""
    if parts.account.refused:
        return
    heads, _ = money.find_heads(parts.area, rows, parts.words)
    columns = [column.cell for column in parts.heading.columns if column.key in COMPARED]
    for labels in (columns, [head.cell for head in heads]):
        check_above(labels, parts.area, parts.words, parts.account, parts.year)


def _total(
    table: indicators.Rows, beside: Mapping[str, Cell], account: Account, area: Area
) -> None:
    """The total score may stand beside a label too: then both are the same."""
    for key, cell in beside.items():
        printed = table.total.get(key, NOTHING).printed
        if printed is None:
            table.total[key] = cell
        elif values.points(printed) != values.points(cell.printed):
            place = next(c for c in area.cells if c.address == cell.address)
            account.refuse(f"{key} is printed twice, with different values", place)


def _is_empty(head: Row, cash: money.Money, table: indicators.Rows) -> bool:
    """Whether a form is a template: no indicators, no amounts, no name or a hint in its place."""
    amounts = (row[key].printed for row in cash.funds.values() for key in row if key in AMOUNTS)
    name = head.get("name", NOTHING).printed
    hint = name is None or HINT.fullmatch(fold(name))
    return bool(hint) and not table.indicators and not any(amounts)


def _kind(parts: _Parts) -> FormKind:
    """A form with actual values or scores evaluates; its title must not say otherwise."""
    found = {column.key for column in parts.heading.columns}
    kind: FormKind = "self_evaluation" if found & EVALUATED else "target_declaration"
    if parts.extent.title not in ("", kind):
        message = f"its title is that of a {TITLE[parts.extent.title]}, its columns are not"
        parts.account.refuse(message, parts.heading.columns[0].cell)
    due = {"name", "target"} | ({"actual"} if kind == "self_evaluation" else set())
    columns = parts.heading.columns
    unknown = next((column for column in columns if not column.key), columns[0])
    for key in sorted(due - found):
        parts.account.refuse(f"no column of {key}", unknown.cell)
    return kind


def _money(parts: _Parts, rows: Sequence[int], kind: FormKind) -> money.Money:
    """The money of a form, with the unit it is in."""
    area, words, account = parts.area, parts.words, parts.account
    heads, bottom = money.find_heads(area, rows, words)
    texts = [cell.text for row in rows for cell in area.starting.get(row, ())]
    sides = [text for text in texts if words.meaning("sides", text)]
    sides += [head.cell.text for head in heads if head.key == "aside"]
    unit = money.unit_of_form([quote.text for quote in parts.extent.above] + texts, sides)
    reader = money.Reader(area, rows, words, kind, account, unit)
    cash = money.Money("万元" if unit == "万元" else "元")
    if heads and kind == "self_evaluation":
        money.read_columns(reader, heads, bottom, cash)
        _points_at_side(parts, rows, cash)
    elif kind == "self_evaluation":
        money.read_beside(reader, cash)
    else:
        money.read_pairs(reader, cash)
    return cash


def _points_at_side(parts: _Parts, rows: Sequence[int], cash: money.Money) -> None:
    """The weight of the execution rate, where only the part's label prints it: （20分）."""
    total = cash.funds.get("total", {})
    if not total or "weight" in total:
        return
    for row in rows:
        for cell in parts.area.starting.get(row, ()):
            side = parts.words.meaning("sides", cell.text)
            if side == "funds" and (points := label(cell.text).points):
                total["weight"] = make(parts.area, [cell], reading=points)
                return


def _execution(cash: money.Money, table: indicators.Rows) -> None:
    """Points of the execution rate that stand among the indicators belong to the total."""
    total = cash.funds.get("total")
    for key, cell in table.execution.items():
        if total is not None and (key not in total or total[key].printed is None):
            total[key] = cell


def _leftovers(parts: _Parts, rows: Sequence[int]) -> None:
    """Text that no label claims is told; where a value could be missed, nothing is read."""
    area, words, account = parts.area, parts.words, parts.account
    labels = ("sources", "request", "fund_columns")
    cells = [cell for row in rows for cell in area.starting.get(row, ())]
    cash = [c.row for c in cells if any(words.meaning(part, c.text) for part in labels)]
    if not account.refused:
        cash += [c.bottom for c in cells if words.meaning("sides", c.text) == "funds"]
    cut = {row for place in breaks_of(area) for row in (place.above, place.below)}
    for cell in account.left(area, rows):
        if cell.row in cut and cell.row < parts.heading.top:
            account.refuse("text at a page break that belongs to no label", cell)
        elif cash and min(cash) <= cell.row <= max(cash):
            account.refuse("text among the money that belongs to no label", cell)
        else:
            account.tell(TOLD, cell)


def _year(extent: Extent, area: Area, words: Vocabulary) -> int | None:
    """The year that the title prints, or a line below it; None if none or several do."""
    texts = [quote.text for quote in extent.above]
    for row in sorted(area.starting):
        cells = area.starting[row]
        if any(words.meaning("head", cell.text) == "name" for cell in cells):
            break
        texts += [cell.text for cell in cells]
    found = {year for text in texts if (year := printed_year(text, words))}
    return found.pop() if len(found) == 1 else None


def _without_year(area: Area, year: int | None, words: Vocabulary) -> Area:
    """The area with labels of columns without the form's own year: 2022年预算数."""

    def plain(cell: GridCell) -> GridCell:
        found = DATED.fullmatch(cell.text)
        own = found is not None and int(found[1]) == year
        parts = ("fund_columns", "indicator_columns")
        if not found or not own or not any(words.meaning(part, found[2]) for part in parts):
            return cell
        return replace(cell, text=found[2])

    return Area(tuple(plain(cell) for cell in area.cells)) if year else area
