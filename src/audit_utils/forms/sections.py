"""Where the parts of a form begin, and the letters of its merged cells in between."""

from collections.abc import Sequence

from audit_utils.forms import labels
from audit_utils.forms.fragments import Fragment, Ledger
from audit_utils.forms.groups import GroupLabel

Pieces = Sequence[Fragment]


def find(pieces: Pieces, label: str, start: int = 0) -> int:
    """Index of the fragment that is this label, or the number of fragments."""
    return next((i for i in range(start, len(pieces)) if pieces[i].text == label), len(pieces))


def side_letters(pieces: Pieces, label: str) -> set[int]:
    """Indices of a left-most merged cell's letters, which stand alone on their lines.

    All in a row, or cut by the end of the page or by the table's header, the rest at the
    top of the next page.
    """
    taken: set[int] = set()
    rest, index = label, 0
    while index < len(pieces) and rest:
        end, left = index, rest
        while end < len(pieces) and left.startswith(pieces[end].text) and pieces[end].first:
            left = left[len(pieces[end].text) :]
            end += 1
        cut = end == len(pieces) or pieces[end].breaks or pieces[end].text == labels.TABLE
        if end > index and (not left or cut) and (rest == label or pieces[index].breaks):
            taken.update(range(index, end))
            rest = left
        index = max(end, index + 1)
    return taken


def drop_side_letters(pieces: Pieces, kind: str, ledger: Ledger) -> list[Fragment]:
    """The fragments without the letters of the merged cells at the left."""
    taken: set[int] = set()
    for label in labels.SIDE_LABELS[kind]:
        taken |= side_letters(pieces, label)
    ledger.label(pieces[i] for i in sorted(taken))
    return [piece for i, piece in enumerate(pieces) if i not in taken]


def drop_header(pieces: Pieces, header: str, ledger: Ledger) -> list[Fragment]:
    """The fragments without the table's header, wherever a page repeats it."""
    kept: list[Fragment] = []
    rest = ""
    for piece in pieces:
        rest = header if piece.text == labels.TABLE else rest
        if rest.startswith(piece.text):
            ledger.label([piece])
            rest = rest[len(piece.text) :]
        else:
            rest = ""
            kept.append(piece)
    return kept


def take_group_labels(pieces: Pieces, ledger: Ledger) -> tuple[list[Fragment], list[GroupLabel]]:
    """Fragments without the labels of levels 1 and 2, and those labels with their places.

    A label may be wrapped: 服务对象满意度 / 指标.
    """
    kept: list[Fragment] = []
    found: list[GroupLabel] = []
    index = 0
    while index < len(pieces):
        text, size = pieces[index].text, 1
        if text not in labels.GROUP_LABELS and index + 1 < len(pieces) and pieces[index + 1].first:
            text, size = text + pieces[index + 1].text, 2
        if text in labels.GROUP_LABELS:
            last = pieces[index + size - 1]
            shares = index + size < len(pieces) and pieces[index + size].line == last.line
            found.append(GroupLabel(text, len(kept), last.page, pieces[index].line, shares))
            ledger.label(pieces[index : index + size])
            index += size
        else:
            kept.append(pieces[index])
            index += 1
    return kept, found
