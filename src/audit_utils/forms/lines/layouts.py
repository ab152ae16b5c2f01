"""A form of another layout than the usual one, in lines of text: read as a table, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from audit_utils import values
from audit_utils.forms import grid, lines
from audit_utils.forms.content import REFUSED
from audit_utils.forms.lines.printed import words_of
from audit_utils.forms.lines.rows import UNSETTLED, UnsettledError
from audit_utils.forms.text.funds import NOTE_NATURE
from audit_utils.grid import Table
from audit_utils.records import Cell, Form, Line, Problem, Quote, Row


def read(
    title: Sequence[Line], body: Sequence[Line], fault: Problem
) -> tuple[Form | None, list[Problem]]:
    """The form that lines print, and what of it could not be read; None where it is refused.

    `fault` is why it is not of the usual layout: the reason where it has no head of indicators.
    """
    pages = {line.number: line.page for line in (*title, *body)}
    try:
        cells = lines.lay(words_of(body))
    except UnsettledError as error:
        word = error.word
        reason = Problem(error.message, word.line, word.last, pages[word.line], word.text)
        reason = fault if error.message == lines.NO_HEAD else reason
        return None, [replace(reason, message=REFUSED + reason.message)]
    before = tuple(Quote(line.page, line.number, line.text) for line in title)
    forms, told = grid.read_forms([Table(cells, before)])
    problems = [replace(problem, page=pages[problem.line_start]) for problem in told]
    if len(forms) != 1:
        return None, problems
    form = _on_pages(forms[0], pages)
    if wrong := _does_not_add_up(form):
        problem = Problem(REFUSED + UNSETTLED, wrong.line_start, wrong.line_end, wrong.page)
        return None, [replace(problem, text=wrong.printed or "")]
    return replace(form, line_end=body[-1].number), problems


def _on_pages(form: Form, pages: Mapping[int, int]) -> Form:
    """The form with the pages of its lines: a table of lines has none."""

    def row(cells: Row) -> Row:
        return {key: replace(cell, page=pages[cell.line_start]) for key, cell in cells.items()}

    return replace(
        form,
        head=row(form.head),
        funds={source: row(cells) for source, cells in form.funds.items()},
        indicators=tuple(row(cells) for cells in form.indicators),
        page=pages[form.line_start],
    )


def _does_not_add_up(form: Form) -> Cell | None:
    """An inferred weight or score, where these do not add up to the totals that are printed."""
    for key in ("weight", "score"):
        cells = [cells[key] for cells in form.indicators if key in cells]
        inferred = [cell for cell in cells if cell.note == NOTE_NATURE]
        total = _points(form.head.get(f"total_{key}"))
        if not inferred or total is None:
            continue
        parts = sum((_points(cell) or Decimal(0) for cell in cells), Decimal(0))
        execution = _points(form.funds.get("total", {}).get(key)) or Decimal(0)
        if total not in (parts, parts + execution):
            return inferred[0]
    return None


def _points(cell: Cell | None) -> Decimal | None:
    return values.points(cell.reading or cell.printed) if cell else None
