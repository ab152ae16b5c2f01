"""Where the parts of a form begin, and the letters of its merged cells in between."""

from collections.abc import Sequence

from audit_utils.forms import labels
from audit_utils.forms.fragments import Fragment, Ledger
from audit_utils.forms.groups import GroupLabel

Pieces = Sequence[Fragment]

OTHER_HEADER = "the columns of the indicators are not the usual ones"
RESTS = {
    label[:end]: {whole[end:]: whole for whole in labels.LEVEL2 if whole.startswith(label[:end])}
    for label in labels.LEVEL2
    for end in range(2, len(label))
}
"""First line of a wrapped label -> its second line -> the label."""


def find(pieces: Pieces, label: str, start: int = 0) -> int:
    """Index of the fragment that is this label, or the number of fragments."""
    return next((i for i in range(start, len(pieces)) if pieces[i].text == label), len(pieces))


def find_first(pieces: Pieces, *words: str) -> int:
    """Index of the first fragment that is one of these labels, or the number of fragments."""
    return min(find(pieces, word) for word in words)


def side_letters(pieces: Pieces, label: str) -> set[int]:
    """Indices of a left-most merged cell's letters, which stand alone on their lines.

    All in a row, or cut by the end of the page or by the table's header, the rest at the
    top of the next page.
    """
    taken: set[int] = set()
    rest, index = label, 0
    while index < len(pieces) and rest:
        if pieces[index].breaks and rest == label:  # its first letters may be lost at the break
            rest = next(
                (label[i:] for i in range(len(label)) if label[i:].startswith(pieces[index].text)),
                rest,
            )
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


def table_start(pieces: Pieces, header: Sequence[str]) -> int:
    """Index of the table's first header text: some may stand above 一级指标 at a page's end."""
    start = find(pieces, labels.TABLE)
    if start < len(pieces):
        while start and any(cell.startswith(pieces[start - 1].text) for cell in header):
            start -= 1
    return start


def drop_header(pieces: Pieces, header: Sequence[str], ledger: Ledger) -> list[Fragment]:
    """The fragments, from the table's first header text on, without its header.

    A header cell may be wrapped, and cut by a page break with all other cells in between;
    a page may repeat the header.  Columns that are missing, in another order, or too many are
    told.
    """
    kept: list[Fragment] = []
    rest = dict(enumerate(header))
    seen: list[tuple[int, Fragment]] = []
    for piece in pieces:
        if piece.text == labels.TABLE:
            rest = rest if labels.TABLE in rest.values() else dict(enumerate(header))
        cell = next((i for i, text in rest.items() if text.startswith(piece.text)), None)
        if cell is None:
            rest = {}
            kept.append(piece)
        else:
            ledger.label([piece])
            seen.append((cell, piece))
            rest[cell] = rest[cell][len(piece.text) :]
            rest = {place: left for place, left in rest.items() if left}
    shared = {piece.line for _, piece in seen} & {piece.line for piece in kept}
    if pieces and (shared or not _is_usual(seen, len(header))):
        ledger.problem(OTHER_HEADER, pieces[0], pieces[min(len(seen), len(pieces) - 1)])
    return kept


def _is_usual(seen: Sequence[tuple[int, Fragment]], cells: int) -> bool:
    """Whether all cells of the header came, each page's in their order."""
    first: dict[int, Fragment] = {}
    for cell, piece in seen:
        first.setdefault(cell, piece)
    order = [(piece.page, cell) for cell, piece in first.items()]
    return len(order) == cells and order == sorted(order)


def take_group_labels(pieces: Pieces, ledger: Ledger) -> tuple[list[Fragment], list[GroupLabel]]:
    """Fragments without the labels of levels 1 and 2, and those labels with their places.

    A label may be wrapped (服务对象满意度 / 指标), its rest even stand on the next page.
    """
    kept: list[Fragment] = []
    found: list[GroupLabel] = []
    rests: set[int] = set()
    for index, piece in enumerate(pieces):
        if index in rests:
            ledger.label([piece])
            continue
        label, rest = group_label(pieces, index)
        if not label:
            kept.append(piece)
            continue
        following = rest + 1 if rest == index + 1 else index + 1
        line = pieces[following - 1].line
        shares = following < len(pieces) and pieces[following].line == line
        found.append(GroupLabel(label, len(kept), piece.page, piece.line, shares))
        ledger.label([piece])
        rests.add(rest)
    return kept, found


def group_label(pieces: Pieces, index: int) -> tuple[str, int]:
    """The label that begins at a fragment, and the index of its second line (-1: none)."""
    text = pieces[index].text
    if text in labels.GROUP_LABELS:
        return text, -1
    rests = RESTS.get(text)
    if not rests:
        return "", -1
    if index + 1 < len(pieces) and pieces[index + 1].text in rests and pieces[index + 1].first:
        return rests[pieces[index + 1].text], index + 1
    for later in range(index + 1, len(pieces)):
        piece = pieces[later]
        if piece.page > pieces[index].page + 1:
            break
        if piece.page > pieces[index].page and piece.first and piece.text in rests:
            return rests[piece.text], later
    return "", -1
