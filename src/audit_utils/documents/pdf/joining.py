"""Tables that run over pages become one: rows and merged cells cut by a page's end too.

What a page's end does to a table: a merged cell goes on below with an empty part, or shows
its text only on the later page; a row is cut so that each part holds some of its cells, or
some lines of a cell; heads are printed again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from audit_utils.documents.assembly import Box
from audit_utils.documents.pdf.ruling import Lattice
from audit_utils.documents.pdf.writing import Written
from audit_utils.forms.vocabulary import Vocabulary, vocabulary

_NUMBER = re.compile(r"[≥≤<>=＜＞]{0,2}[\d,.]+%?")
_SENTENCE = 8
"""Characters of a line that tell that a text was broken off at its end."""
_NEAR = 4.0
"""Points by which the columns of two pages may differ."""


@dataclass(slots=True)
class Part:
    """A cell between two distances from the left, in some rows of its table."""

    x0: float
    x1: float
    top: int
    bottom: int
    page: int
    lines: tuple[str, ...]
    full: bool
    doubt: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(slots=True)
class Sheet:
    """A table as far as it is known, with the last page that it stands on.

    `pages` has the page of each row; `begins` is True when a form begins in its first row.
    """

    parts: list[Part]
    rows: int
    page: int
    x0: float
    x1: float
    pages: list[int]
    begins: bool


def sheets(lattice: Lattice, written: Sequence[Written], page: int) -> list[Sheet]:
    """The tables of one page that its lines make one: a new one begins with each form.

    They are as large as their boxes; a line that runs on beyond them is no part of them.
    """
    parts = [
        Part(box.x0, box.x1, box.top, box.bottom, page, text.lines, text.full, text.doubt)
        for box, text in zip(lattice.boxes, written, strict=True)
    ]
    begins = sorted(set(_beginnings(parts)))
    starts = sorted({0, *begins})
    ends = [*starts[1:], max((part.bottom for part in parts), default=-1) + 1]
    return [
        Sheet(
            [_moved(part, -start) for part in parts if start <= part.top < end],
            end - start,
            page,
            min((part.x0 for part in parts), default=0.0),
            max((part.x1 for part in parts), default=0.0),
            [page] * (end - start),
            begins=start in begins,
        )
        for start, end in zip(starts, ends, strict=True)
    ]


def _beginnings(parts: Sequence[Part]) -> Iterator[int]:
    """The rows where a form begins: that of its name, of other labels of its head above it,
    or of the title right above them.
    """
    words = vocabulary()
    for part in parts:
        if words.meaning("head", part.text) == "name":
            row = part.top
            while row and _is_above(_spanning(parts, row - 1), words):
                row -= 1
            if all(one.top >= row for one in _spanning(parts, row)):
                yield row


def _is_above(row: Sequence[Part], words: Vocabulary) -> bool:
    """Whether a row above the name belongs to the form: its title, or 主管部门 and its like."""
    return len(row) == 1 or words.meaning("head", min(row, key=_left).text) != ""


def _spanning(parts: Sequence[Part], row: int) -> list[Part]:
    return [part for part in parts if part.top <= row <= part.bottom]


def _moved(part: Part, rows: int) -> Part:
    return replace(part, top=part.top + rows, bottom=part.bottom + rows)


def fits(upper: Sheet, lower: Sheet) -> bool:
    """Whether a table at the top of a page may go on from the end of the page before.

    The merged cells at its left may have no lines any more on the later page.
    """
    lefts = [part.x0 for part in upper.parts]
    return (
        lower.page == upper.page + 1
        and not lower.begins
        and abs(upper.x1 - lower.x1) < _NEAR
        and any(abs(left - lower.x0) < _NEAR for left in lefts)
    )


def same_columns(upper: Sheet, lower: Sheet) -> bool:
    """Whether all cells of a table stand in columns of the other one."""
    edges = _edges(upper)
    sides = {side for part in lower.parts for side in (part.x0, part.x1)}
    return all(abs(edges[_place(edges, side)] - side) < _NEAR for side in sides)


def join(upper: Sheet, lower: Sheet) -> None:
    """Add the table of the next page to the one above it."""
    _drop_repeated_heads(upper, lower)
    _drop_empty_rows(upper, at_end=True)
    _drop_empty_rows(lower, at_end=False)
    if not lower.rows:
        upper.page = lower.page
        return
    _widen(upper, lower)
    _part_empty(upper, upper.rows - 1, [part for part in lower.parts if part.top == 0])
    ends = sorted((part for part in upper.parts if part.bottom == upper.rows - 1), key=_left)
    _part_empty(lower, 0, ends)
    begins = sorted((part for part in lower.parts if part.top == 0), key=_left)
    pairs = [(end, begin) for end in ends for begin in begins if _same_column(end, begin)]
    whole = len(pairs) == len(ends) == len(begins)
    both = [place for place, (end, begin) in enumerate(pairs) if _differ(end, begin)]
    first = both[0] if both else len(pairs)
    cut = whole and (not both or _is_cut(upper, lower, pairs[first:]))
    if not both and not whole:
        first = _group_cells(pairs)
    united = pairs if cut else pairs[:first]
    _stack(upper, lower, united, cut)


def has_head(table: Sheet) -> bool:
    """Whether a table shows the head of indicators."""
    words = vocabulary()
    found = {words.meaning("indicator_columns", part.text) for part in table.parts}
    return len(found & {"level1", "level2", "name"}) > 1


def leads(upper: Sheet, lower: Sheet) -> bool:
    """Whether the rows of a table above the first form in it are that form's own first rows:

    they show no part of the form before.
    """
    words = vocabulary()
    parts = ("indicator_columns", "level1", "level2", "total")
    return lower.begins and not any(
        words.meaning(name, part.text) for part in upper.parts for name in parts if part.text
    )


def is_total(upper: Sheet, lower: Sheet) -> bool:
    """Whether a table is the total row of the one above it on the page, drawn apart from it."""
    first = min(lower.parts, key=lambda part: (part.top, part.x0), default=None)
    total = vocabulary().meaning("total", first.text) if first else ""
    return bool(total) and not lower.begins and same_columns(upper, lower)


def put_below(upper: Sheet, lower: Sheet) -> None:
    """Add the rows of a table to those above them on the same page."""
    _stack(upper, lower, (), cut=False)


def _left(part: Part) -> float:
    return part.x0


def _same_column(one: Part, other: Part) -> bool:
    return abs(one.x0 - other.x0) < _NEAR and abs(one.x1 - other.x1) < _NEAR


def _differ(one: Part, other: Part) -> bool:
    return bool(one.lines and other.lines) and one.text != other.text


def _group_cells(pairs: Sequence[tuple[Part, Part]]) -> int:
    """How many cells from the left are parts of merged ones, where the rows differ."""
    return next((place for place, (end, begin) in enumerate(pairs) if not (
        end.bottom > end.top or begin.bottom > begin.top)), len(pairs))  # fmt: skip


def _is_cut(upper: Sheet, lower: Sheet, pairs: Sequence[tuple[Part, Part]]) -> bool:
    """Whether the rows at a page's end are two parts of one.

    They are when one lacks a cell that the other rows of their kind have, or when every cell
    of the upper part breaks off at the end of a line.  Two numbers are never one.
    """
    if any(_is_number(end) and _is_number(begin) for end, begin in pairs):
        return False
    around = [*_rows_like(upper, pairs, from_below=True), *_rows_like(lower, pairs)]
    for end, begin in pairs:
        if bool(end.lines) != bool(begin.lines):
            column = [part for row in around for part in row if _same_column(part, end)]
            if column and all(part.lines for part in column):
                return True
    filled = [(end, begin) for end, begin in pairs if end.lines or begin.lines]
    return all(_breaks_off(end) and begin.lines for end, begin in filled)


def _is_number(part: Part) -> bool:
    return len(part.lines) == 1 and bool(_NUMBER.fullmatch(part.lines[0]))


def _breaks_off(part: Part) -> bool:
    return part.full and len(part.lines[-1]) >= _SENTENCE


def _rows_like(
    table: Sheet, pairs: Sequence[tuple[Part, Part]], *, from_below: bool = False
) -> Iterator[list[Part]]:
    """The rows next to the one at the page's end, as far as they have the same cells."""
    rows = _by_row(table)
    order = range(table.rows - 2, -1, -1) if from_below else range(1, table.rows)
    for row in order:
        parts = rows.get(row, [])
        if not all(any(_same_column(part, end) for part in parts) for end, _ in pairs):
            return
        yield parts


def _stack(upper: Sheet, lower: Sheet, united: Sequence[tuple[Part, Part]], cut: bool) -> None:
    """Put the lower rows under the upper ones; the two parts of a cut row are one row."""
    shift = upper.rows - 1 if cut else upper.rows
    taken = {id(begin) for _, begin in united}
    for end, begin in united:
        if end.text != begin.text:
            end.lines += begin.lines
        end.full = begin.full or not begin.lines
        end.doubt = end.doubt or begin.doubt
        end.bottom = begin.bottom + shift
    upper.parts += [_moved(part, shift) for part in lower.parts if id(part) not in taken]
    upper.pages += lower.pages[1:] if cut else lower.pages
    upper.rows, upper.page = lower.rows + shift, lower.page


def _drop_repeated_heads(upper: Sheet, lower: Sheet) -> None:
    """Leave out rows at the top of a page that are printed above as well, to the letter."""
    above = {_texts(parts) for parts in _by_row(upper).values()}
    rows = _by_row(lower)
    heads = 0
    while _is_head(_texts(rows.get(heads, ()))) and _texts(rows[heads]) in above:
        heads += 1
    if heads:
        lower.parts = [
            replace(part, top=max(0, part.top - heads), bottom=part.bottom - heads)
            for part in lower.parts
            if part.bottom >= heads
        ]
        lower.rows -= heads
        del lower.pages[:heads]


def _drop_empty_rows(table: Sheet, *, at_end: bool) -> None:
    """Leave out what a page's end makes of a row that is printed on the other page."""
    while table.rows:
        row = table.rows - 1 if at_end else 0
        alone = [part for part in table.parts if part.top == part.bottom == row]
        if any(part.lines for part in alone) or (table.rows == 1 and at_end):
            return
        kept = [part for part in table.parts if not part.top == part.bottom == row]
        table.parts = [_without(part, row) for part in kept]
        table.rows -= 1
        del table.pages[row]


def _without(part: Part, row: int) -> Part:
    return replace(part, top=part.top - (part.top > row), bottom=part.bottom - (part.bottom >= row))


def _widen(upper: Sheet, lower: Sheet) -> None:
    """Give the lower table the cells at its left that have no lines any more."""
    for part in upper.parts:
        if part.bottom == upper.rows - 1 and part.x1 < lower.x0 + _NEAR:
            lower.parts.append(replace(part, top=0, bottom=lower.rows - 1, lines=(), full=False))


def _part_empty(table: Sheet, row: int, others: Sequence[Part]) -> None:
    """Part an empty cell at a page's end where the other page draws the sides of several."""
    for part in [one for one in table.parts if one.top == one.bottom == row and not one.lines]:
        inside = [one for one in others if part.x0 - _NEAR < one.x0 and one.x1 < part.x1 + _NEAR]
        if len(inside) > 1:
            table.parts.remove(part)
            table.parts += [replace(part, x0=one.x0, x1=one.x1) for one in inside]


def _by_row(table: Sheet) -> dict[int, list[Part]]:
    """The cells that begin and end in each row."""
    rows: dict[int, list[Part]] = {}
    for part in table.parts:
        if part.top == part.bottom:
            rows.setdefault(part.top, []).append(part)
    return rows


def _texts(row: Sequence[Part]) -> tuple[str, ...]:
    return tuple(part.text for part in sorted(row, key=_left))


def _is_head(texts: Sequence[str]) -> bool:
    """Whether a row may be the head of columns: several words, no number."""
    words = [text for text in texts if text]
    return len(words) > 2 and not any(c.isdigit() for text in words for c in text)


def boxes(table: Sheet) -> list[Box]:
    """The cells with their columns counted through all pages."""
    edges = _edges(table)
    return [
        Box(
            text=part.text,
            row=part.top + 1,
            column=_place(edges, part.x0) + 1,
            rows=part.bottom - part.top + 1,
            columns=max(1, _place(edges, part.x1) - _place(edges, part.x0)),
            page=table.pages[part.top],
            doubt=part.doubt,
        )
        for part in table.parts
    ]


def _edges(table: Sheet) -> list[float]:
    found: list[float] = []
    for value in sorted({edge for part in table.parts for edge in (part.x0, part.x1)}):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _place(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - value))
