"""The head of a form: a label, then its value, in any number to a line."""

from collections.abc import Sequence

from audit_utils.forms.marks import MONEY_UNIT
from audit_utils.forms.text.fragments import Fragment, Ledger, empty_cell
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Cell, MoneyUnit

LEFT_IN_HEAD = "text in the head of the form that belongs to no label"
COLONS = frozenset(":：")
ASIDE = "aside"
"""The meaning of a label that no column of the tables takes."""


def read_head(
    pieces: Sequence[Fragment], columns: Sequence[str], ledger: Ledger
) -> dict[str, Cell]:
    """Column of the projects table -> cell; a column whose label is missing stays out.

    What stands behind a label that no column takes is set aside with it.
    """
    cells: dict[str, Cell] = {}
    label: Fragment | None = None
    value: list[Fragment] = []

    def close() -> None:
        column = meaning(label.text) if label else ""
        if column == ASIDE:
            ledger.label(value)
        elif label is None or column not in columns or column in cells:
            ledger.leftover(value, LEFT_IN_HEAD)
        else:
            cells[column] = ledger.cell(value) if value else empty_cell(label)

    for piece in pieces:
        if meaning(piece.text):
            close()
            ledger.label([piece])
            label, value = piece, []
        elif label and not value and piece.text[0] in COLONS:
            ledger.characters += 1  # of the label, though a blank stands before it
            value += [piece._replace(text=piece.text[1:])] if piece.text[1:] else []
        else:
            value.append(piece)
    close()
    return cells


def meaning(text: str) -> str:
    """The column that a label of the head names, ASIDE for none, empty if it is no label."""
    words = vocabulary()
    return words.meaning("head", text) or words.meaning("aside", text)


def read_money_unit(pieces: Sequence[Fragment], ledger: Ledger) -> tuple[MoneyUnit, int]:
    """The unit printed in brackets at the start of the fragments, and how many they are."""
    text = ""
    for count, piece in enumerate(pieces[:4], 1):
        text += piece.text
        found = MONEY_UNIT.match(text)
        if found and (text[0] not in "（(" or text[-1] in "）)"):
            ledger.label(pieces[:count])
            return ("万元" if found[1] == "万元" else "元"), count
    return "元", 0
