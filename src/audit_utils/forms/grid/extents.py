"""Where forms stand in the tables of a document: each from its title or 项目名称 on.

A form may fill a table, share it with others, or be spread over several that follow each
other.  What shows a part of a form and belongs to none is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from audit_utils.forms.grid.area import Area, stack
from audit_utils.forms.grid.labelled import MONEY, printed_year
from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell, Table
from audit_utils.records import Problem, Quote

FORM_PARTS = ("sources", "request", "level1", "level2")
MORE = ("fund_columns", "request", "objectives.self_evaluation", "objectives.target_declaration")
"""Labels that show a further part of a form that has begun in the table before."""
LEVELS = frozenset({"level1", "level2", "name"})
LONGEST_TITLE = 80
LABELS = 4
"""Rows whose first texts are shown where none of them is the label of the project's name."""
CONTINUED = re.compile(r"续表|\(续\)|^续$|[接续]上[表页]")
"""What a line says that stands above the rest of a form."""
OTHER_COLUMNS = "its indicators go on in a table of other columns"
MAY_GO_ON = "it has no total row, and indicators of no project stand in the table below it"


@dataclass(frozen=True)
class Extent:
    """One form: the lines above its table from its title on, and its cells.

    `title` is the kind that the title names (empty: it has none); `faults` say why the form
    cannot be read whatever its cells are.
    """

    above: tuple[Quote, ...]
    area: Area
    title: str
    faults: tuple[str, ...] = ()


@dataclass
class _Growing:
    """A form to which a later table may still be added."""

    above: tuple[Quote, ...]
    tables: list[Sequence[GridCell]]
    title: str
    faults: list[str] = field(default_factory=list)

    def area(self) -> Area:
        return stack(self.tables)


def find_extents(tables: Sequence[Table], words: Vocabulary) -> tuple[list[Extent], list[Problem]]:
    """The forms in their order, and parts of forms that belong to none."""
    found: list[_Growing] = []
    problems: list[Problem] = []
    between: list[Table] = []
    opening: tuple[Table, str] | None = None
    for table in (part for whole in tables for part in _abreast(whole, words)):
        own, title = _forms_of(table, words)
        if own and opening and not title and not table.before:
            _begin(own[0], *opening, words)
            problems.pop()
        opening = None
        found += own
        if own or not table.cells:
            between = []
            continue
        area = Area(table.cells)
        title = "" if _is_rest(table) else title
        if found and not title and _continues(found[-1], table, area, words):
            found[-1].tables += [part.cells for part in (*between, table)]
            between = []
        elif has_head(area, words) or (title and _titled(table, area, words)):
            problems.append(_told(table, title, area, words))
            opening = (table, title) if title and not has_head(area, words) else None
        else:
            between.append(table)
    extents = [Extent(form.above, form.area(), form.title, tuple(form.faults)) for form in found]
    return [extent for extent in extents if _is_form(extent, words)], problems


def _abreast(table: Table, words: Vocabulary) -> list[Table]:
    """The forms that stand side by side in a table, each as a table of its own.

    They do where a row names two projects, and either side of the second name holds a head of
    indicators; only titles reach over both.
    """
    names = [
        [c.column for c in cells if words.meaning("head", fold(c.text).partition(":")[0]) == "name"]
        for cells in Area(table.cells).starting.values()
    ]
    cut = next((columns[1] for columns in names if len(columns) > 1), 0)
    over = [c.text for c in table.cells if c.column < cut <= c.right and c.text.strip()]
    if not cut or not all(_over_forms(text, words) for text in over):
        return [table]
    left, right = (_part(table, *columns) for columns in ((1, cut - 1), (cut, None)))
    if not all(has_head(Area(side.cells), words) for side in (left, right)):
        return [table]
    return [left, *_abreast(right, words)]


def _over_forms(text: str, words: Vocabulary) -> bool:
    """Whether a text may stand above or below several forms: a title, a year, a remark."""
    return bool(words.title(text) or printed_year(text, words) or words.remark(text))


def _part(table: Table, first: int, last: int | None) -> Table:
    """The table from a column on, to another; cells that reach over an end are cut there."""
    cells = [c for c in table.cells if c.right >= first and (last is None or c.column <= last)]
    ends = [(max(c.column, first), c.right if last is None else min(c.right, last)) for c in cells]
    return replace(
        table,
        cells=tuple(
            replace(cell, column=begin, columns=end - begin + 1)
            for cell, (begin, end) in zip(cells, ends, strict=True)
        ),
    )


def _begin(form: _Growing, table: Table, title: str, words: Vocabulary) -> None:
    """Put a table with a title in front of the form right below it, whose head it begins."""
    form.above = above_of(table.before, words)
    form.title = title
    form.tables.insert(0, table.cells)


def _is_form(extent: Extent, words: Vocabulary) -> bool:
    """Whether more than a name or a title shows a form."""
    return bool(extent.title) or _parts(extent.area, words)


def _forms_of(table: Table, words: Vocabulary) -> tuple[list[_Growing], str]:
    """The forms of a table, and the kind that its title names."""
    area = Area(table.cells)
    titles = {row: kind for row in area.starting if (kind := title_of(area, row, words))}
    names = [row for row in sorted(area.starting) if _names_project(area, row, words)]
    above = (*_unit_of(table.before, words), *above_of(table.before, words))
    kind = next((k for quote in above if (k := words.title(quote.text))), "")
    kind = kind or next(iter(titles.values()), "")
    heads = [_head_of(area, row, words) for row in names]
    tops = [
        max((t for t in titles if (names[i - 1] if i else 0) < t <= head), default=head)
        for i, head in enumerate(heads)
    ]
    forms = []
    for index, top in enumerate(tops):
        first = top if index else 1
        end = tops[index + 1] if index + 1 < len(tops) else area.bottom + 1
        cells = [cell for cell in table.cells if first <= cell.row < end]
        own = titles.get(top, "") or ("" if index else kind)
        forms.append(_Growing(() if index else above, [cells], own))
    return forms, kind


def _unit_of(before: Sequence[Quote], words: Vocabulary) -> tuple[Quote, ...]:
    """The line right above a form's title where it prints the unit of its money."""
    above = before[: len(before) - len(above_of(before, words))]
    last = above[-1:] if len(above) < len(before) else ()
    return tuple(quote for quote in last if MONEY.fullmatch(fold(quote.text)))


def _head_of(area: Area, row: int, words: Vocabulary) -> int:
    """The first row of a form's head: other labels of it may stand above its name."""
    for above in sorted((other for other in area.starting if other < row), reverse=True):
        first = area.starting[above][0].text
        if words.meaning("head", fold(first).partition(":")[0]) in ("", "name"):
            break
        row = above
    return row


def _titled(table: Table, area: Area, words: Vocabulary) -> bool:
    """Whether a title is that of this table: one above another table's title, or above
    sentences, is a line of contents or a chapter's head, unless the table shows a form's parts.
    So is one that shares its row, or stands on a cover, with no row of several cells below.
    """
    if _parts(area, words):
        return True
    inside = [row for row in area.starting if title_of(area, row, words)]
    if inside:
        several = [row for row, cells in area.starting.items() if len(cells) > 1]
        return min(set(inside).difference(several), default=area.bottom) < max(several, default=0)
    below = (fold(quote.text) for quote in above_of(table.before, words)[1:])
    return not any(text.endswith(("表", "。")) for text in below)


def title_of(area: Area, row: int, words: Vocabulary) -> str:
    """The kind of form that a row is the title of, empty if it is none."""
    cells = area.starting.get(row, ())
    short = [cell.text for cell in cells if len(cell.text) <= LONGEST_TITLE]
    return next((kind for text in short[:1] if (kind := words.title(text))), "")


def above_of(before: Sequence[Quote], words: Vocabulary) -> tuple[Quote, ...]:
    """The lines above a table from the title of its form on; nothing if there is none."""
    for index in range(len(before) - 1, -1, -1):
        text = before[index].text
        if len(text) <= LONGEST_TITLE and words.title(text):
            return tuple(before[index:])
    return ()


def _names_project(area: Area, row: int, words: Vocabulary) -> bool:
    """Whether a row names a project: 项目名称 that is not the head of a list's column."""
    for cell in area.starting[row]:
        if words.meaning("head", fold(cell.text).split(":")[0]) == "name":
            return not _heads_list(area, cell, words)
    return False


def _heads_list(area: Area, name: GridCell, words: Vocabulary) -> bool:
    """Whether the label of a project's name has no value beside it but the heads of amounts."""
    beside = area.at(name.row, name.right + 1)
    if beside is None:
        return False
    amounts = [_is_amount(cell.text, words) for cell in area.starting[name.row]]
    return _is_amount(beside.text, words) or (
        words.meaning("head", beside.text) != "" and any(amounts)
    )


def _is_amount(text: str, words: Vocabulary) -> bool:
    return any(words.meaning(part, text) for part in ("fund_columns", "sources", "request"))


def head_row(area: Area, row: int, words: Vocabulary) -> bool:
    """Whether a row is the head of the indicators."""
    texts = [cell.text for cell in area.starting.get(row, ())]
    found = {words.meaning("indicator_columns", text) for text in texts}
    return len(found & LEVELS) > 1 or {"name", "target"} <= found


def _parts(area: Area, words: Vocabulary) -> bool:
    """Whether an area shows a part of a form: a head, or labels of money and objectives."""
    if has_head(area, words):
        return True
    parts = [name for name in words.parts if name in FORM_PARTS or name.startswith("objectives")]
    texts = {fold(cell.text) for cell in area.cells if 0 < len(cell.text) <= LONGEST_TITLE}
    return sum(any(words.meaning(part, text) for part in parts) for text in texts) > 2


def has_head(area: Area, words: Vocabulary) -> bool:
    """Whether an area holds the head of the indicators."""
    return any(head_row(area, row, words) for row in area.starting)


def _is_rest(table: Table) -> bool:
    """Whether the lines above a table say that it goes on with a form: 续表."""
    return bool(table.before) and all(CONTINUED.search(fold(q.text)) for q in table.before)


def _continues(form: _Growing, table: Table, area: Area, words: Vocabulary) -> bool:
    """Whether a table goes on with a form: it brings what is missing, or more indicators.

    More indicators in other columns cannot be read: the form says so.
    """
    before = form.area()
    texts = [cell.text for cell in area.cells if cell.text]
    if not has_head(before, words):
        return _parts(area, words) or any(words.meaning(p, t) for p in MORE for t in texts)
    if has_head(area, words):
        return _repeats_head(form, table, area, words)
    if not any(words.meaning(level, text) for level in ("level1", "level2") for text in texts):
        return False
    same = Area(tuple(form.tables[-1])).right == area.right
    if not same:
        form.faults.append(OTHER_COLUMNS)
    return same


def _repeats_head(form: _Growing, table: Table, area: Area, words: Vocabulary) -> bool:
    """Whether a table with a head of indicators of its own goes on with those of a form.

    It does right below a form that no total row ends, with the same head.
    """
    last = Area(tuple(form.tables[-1]))
    if not _is_open(last, words):
        return False
    if table.before and not _is_rest(table):
        if _is_scored(last, words):
            form.faults.append(MAY_GO_ON)
        return False
    same = _labels(last, words) == _labels(area, words)
    if not same:
        form.faults.append(OTHER_COLUMNS)
    return same


def _labels(area: Area, words: Vocabulary) -> list[tuple[str, int, int]]:
    """What the labels of a head of indicators mean, and their columns."""
    row = next((row for row in sorted(area.starting) if head_row(area, row, words)), 0)
    cells = area.starting.get(row, ())
    found = [(words.meaning("indicator_columns", c.text), c.column, c.right) for c in cells]
    return [label for label in found if label[0]]


def _is_open(area: Area, words: Vocabulary) -> bool:
    """Whether no total row stands in a table below its head of indicators."""
    heads = [row for row in area.starting if head_row(area, row, words)]
    firsts = (cells[0].text for row, cells in area.starting.items() if row > min(heads, default=0))
    return not any(words.meaning("total", fold(text).partition(":")[0]) for text in firsts)


def _is_scored(area: Area, words: Vocabulary) -> bool:
    """Whether the indicators of a table have points, which a total row should end."""
    return not {key for key, *_ in _labels(area, words)}.isdisjoint({"weight", "score"})


def _told(table: Table, title: str, area: Area, words: Vocabulary) -> Problem:
    first = area.cells[0]
    message = (
        "a form of another kind, for which there are no rules"
        if title == "other"
        else "a part of a form that cannot be read: no cell says 项目名称"
    )
    last = area.lines.get(area.bottom, first.line)
    above = [quote.text for quote in above_of(table.before, words)]
    rows = list(area.starting.values())[:LABELS]
    labels = [cell.text for cells in rows for cell in cells[:2]]
    shown = "\n".join(dict.fromkeys([*(above or [first.text]), *labels]))
    return Problem(message, first.line, last, first.page, shown, None, first.address)
