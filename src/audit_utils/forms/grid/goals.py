"""The objectives: texts below their labels, or beside them."""

from collections.abc import Sequence

from audit_utils.forms.grid.area import Account, Area, blank, make
from audit_utils.forms.grid.labelled import below_of, value_of
from audit_utils.forms.labelfile import OBJECTIVES
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import Cell, FormKind

TWO_PLACES = "a text stands beside a label and another below it: one may be a label not known"
SEVERAL = "several texts stand beside a label: the first may be a label that is not known"


def read_goals(
    area: Area, rows: Sequence[int], words: Vocabulary, kind: FormKind, account: Account
) -> dict[str, Cell]:
    """Column of the table projects -> cell; a column whose label is missing stays out."""
    labels: dict[str, list[GridCell]] = {}
    for cell in account.left(area, rows):
        if column := words.meaning(f"objectives.{kind}", cell.text):
            labels.setdefault(column, []).append(cell)
    cells = {}
    for column in OBJECTIVES[kind]:
        found = [
            (cell, _texts(area, rows, cell, words, kind, account))
            for cell in labels.get(column, ())
        ]
        filled = [(cell, texts) for cell, texts in found if texts]
        if len(filled) > 1:
            account.refuse(f"several texts could be {column}", filled[1][0])
        for cell, texts in filled[:1] or found[-1:]:
            cells[column] = make(area, texts) if texts else blank(area, cell, cell.column)
        for cell, texts in filled[:1]:
            account.take(cell, *texts)
        account.take(*(cell for cell, texts in found if not texts))
    return cells


def _texts(
    area: Area,
    rows: Sequence[int],
    cell: GridCell,
    words: Vocabulary,
    kind: FormKind,
    account: Account,
) -> list[GridCell]:
    """The cells below a label, down to the next label; else the one beside it.

    Where a text stands at both places, one of them is a label that is not known.
    """
    below = below_of(area, rows, cell, words, kind)
    texts = [found for found in below if found.text.strip()]
    beside = value_of(area, cell, words, kind)
    if texts and beside:
        account.refuse(TWO_PLACES, beside)
    elif beside and any(
        area.at(row, beside.column) for row in range(beside.bottom + 1, cell.bottom + 1)
    ):
        account.refuse(SEVERAL, beside)
    return texts if below else [beside] if beside else []
