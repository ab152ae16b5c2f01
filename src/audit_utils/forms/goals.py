"""The objectives: texts below their labels, or beside them."""

from collections.abc import Sequence

from audit_utils.documents.grid import GridCell
from audit_utils.forms.area import Account, Area, blank, make
from audit_utils.forms.labelled import is_label, value_of
from audit_utils.forms.vocabulary import OBJECTIVES, Vocabulary
from audit_utils.records import Cell, FormKind


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
        found = [(cell, _texts(area, cell, rows, words, kind)) for cell in labels.get(column, ())]
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
    area: Area, cell: GridCell, rows: Sequence[int], words: Vocabulary, kind: FormKind
) -> list[GridCell]:
    """The cells below a label that are as wide, down to the next label; else the one beside it."""
    below: list[GridCell] = []
    row = cell.bottom + 1
    while row in rows and _as_wide(found := area.cover.get((row, cell.column)), cell, area):
        assert found is not None
        if found.text.strip() and is_label(found.text, words, kind):
            break
        below.append(found)
        row = found.bottom + 1
    texts = [found for found in below if found.text.strip()]
    if texts or below:
        return texts
    beside = value_of(area, cell, words, kind)
    return [beside] if beside else []


def _as_wide(found: GridCell | None, label: GridCell, area: Area) -> bool:
    """Whether a cell stands below a label and below no other one."""
    if found is None or found.column != label.column:
        return False
    others = area.within(label.row, label.column, found.right)
    return all(other == label for other in others)
