"""Where the parts of a form begin, and the letters of its merged cells in between."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from audit_utils.forms.labelfile import OBJECTIVES
from audit_utils.forms.labels import fold, label
from audit_utils.forms.text.fragments import Fragment, Ledger
from audit_utils.forms.text.groups import GroupLabel
from audit_utils.forms.vocabulary import Vocabulary, vocabulary

Pieces = Sequence[Fragment]
Labels = tuple[str, str, *tuple[str, ...]]
"""A part of the vocabulary, and meanings of its labels."""

OPEN_GROUP = "which rows belong to the label of a group is not settled"
OTHER_HEADER = "the columns of the indicators are not the usual ones"
COLUMNS = "indicator_columns"
TABLE: Labels = (COLUMNS, "level1")
FUNDS: Labels = ("sides", "funds")
SHORTEST_SIDE = 4
"""Characters of a word at the side: a line may begin with a shorter one by chance."""


def find(pieces: Pieces, *wanted: Labels, start: int = 0) -> int:
    """Index of the first fragment that is one of these labels, or the number of fragments."""
    words, end = vocabulary(), len(pieces)
    for part, *own in wanted:
        known = words.known[part]
        for index in range(start, end):
            if (found := known[pieces[index].text]) and found[0] in own:
                end = index
                break
    return end


def find_goals(pieces: Pieces, kind: str, start: int = 0) -> int:
    """Index of the left heading of the objectives, or the number of fragments.

    The one right before the right heading: a word at the side may be called alike.
    """
    known = vocabulary().known[f"objectives.{kind}"]
    left, right = OBJECTIVES[kind]
    lone = before = -1
    for index in range(start, len(pieces)):
        found = known[pieces[index].text]
        if right in found and before >= 0:
            return before
        before = index if left in found else -1
        lone = before if lone < 0 else lone
    return lone if lone >= 0 else len(pieces)


def side_letters(pieces: Pieces, side: str, places: Sequence[int]) -> set[int]:
    """Indices of a left-most merged cell's letters, which stand alone on their lines.

    All in a row, or cut by the end of the page or by the table's header, the rest at the
    top of the next page.  `places` are those where a line begins with a part of any side.
    """
    taken: set[int] = set()
    rest, after = side, 0
    for index in places:
        if index < after:
            continue
        if not rest:
            break
        if pieces[index].breaks and rest == side:  # its first letters may be lost at the break
            rest = next(
                (side[i:] for i in range(len(side)) if side[i:].startswith(pieces[index].text)),
                rest,
            )
        end, left = index, rest
        while end < len(pieces) and left.startswith(pieces[end].text) and pieces[end].first:
            left = left[len(pieces[end].text) :]
            end += 1
        if end > index and (rest == side or pieces[index].breaks):
            at_end = end == len(pieces) or pieces[end].breaks
            if not left or at_end or find(pieces[end : end + 1], TABLE) == 0:
                taken.update(range(index, end))
                rest = left
        after = max(end, index + 1)
    return taken


def drop_side_letters(pieces: Pieces, kind: str, ledger: Ledger) -> list[Fragment]:
    """The fragments without the letters of the merged cells at the left."""
    words = vocabulary()
    parts = _parts_of_sides(words)
    goals = find_goals(pieces, kind)
    places = [
        index
        for index, piece in enumerate(pieces)
        if piece.first and piece.text in parts and index != goals
    ]
    letters = frozenset("".join(pieces[index].text for index in places))
    taken: set[int] = set()
    for meaning in ("objectives", "indicators"):
        sides = {side for side in words.texts("sides", meaning) if len(side) >= SHORTEST_SIDE}
        whole = [side for side in sides if letters.issuperset(side)]
        found = [side_letters(pieces, side, places) for side in whole or sorted(sides) if places]
        taken |= max(found, key=lambda own: sum(len(pieces[i].text) for i in own), default=set())
    ledger.label(pieces[i] for i in sorted(taken))
    return [piece for i, piece in enumerate(pieces) if i not in taken]


@lru_cache(maxsize=4)
def _parts_of_sides(words: Vocabulary) -> frozenset[str]:
    """All texts in a row of the words at the side."""
    return frozenset(
        side[begin:end]
        for side in words.texts("sides", "objectives", "indicators")
        for begin in range(len(side))
        for end in range(begin + 1, len(side) + 1)
    )


def table_start(pieces: Pieces, columns: Sequence[str]) -> int:
    """Index of the table's first header text: some may stand above 一级指标 at a page's end."""
    words = vocabulary()
    usual = [words.usual[COLUMNS, column] for column in columns]
    start = find(pieces, TABLE)
    if start < len(pieces):
        while start and any(cell.startswith(pieces[start - 1].text) for cell in usual):
            start -= 1
    return start


def drop_header(pieces: Pieces, columns: Sequence[str], ledger: Ledger) -> list[Fragment]:
    """The fragments, from the table's first header text on, without its header.

    A header cell may be wrapped, and cut by a page break with all other cells in between;
    a page may repeat the header.  Columns that are missing, in another order, or too many are
    told.
    """
    words = vocabulary()
    whole = dict(enumerate(words.texts(COLUMNS, column) for column in columns))
    kept: list[Fragment] = []
    rest = dict(whole)
    seen: list[tuple[int, Fragment]] = []
    for piece in pieces:
        if words.meaning(COLUMNS, piece.text) == "level1" and rest.get(0) != whole[0]:
            rest = dict(whole)
        if not rest:
            kept.append(piece)
            continue
        cell = next((i for i, texts in rest.items() if _begins(texts, piece.text)), None)
        if cell is None:
            rest = {}
            kept.append(piece)
        else:
            ledger.label([piece])
            seen.append((cell, piece))
            rest[cell] = _rests(rest[cell], piece.text)
            rest = {place: left for place, left in rest.items() if left}
    shared = {piece.line for _, piece in seen} & {piece.line for piece in kept}
    if pieces and (shared or not _is_usual(seen, len(columns))):
        ledger.problem(OTHER_HEADER, pieces[0], pieces[min(len(seen), len(pieces) - 1)])
    return kept


@lru_cache(maxsize=1 << 12)
def _begins(texts: frozenset[str], printed: str) -> bool:
    """Whether any of the texts begins as printed, brackets that are understood left out."""
    return any(text.startswith((fold(printed), label(printed).key)) for text in texts)


@lru_cache(maxsize=1 << 12)
def _rests(texts: frozenset[str], printed: str) -> frozenset[str]:
    """What may still follow of the texts behind what is printed."""
    found = fold(printed)
    if not any(text.startswith(found) for text in texts):
        found = label(printed).key
    return frozenset(text[len(found) :] for text in texts if text.startswith(found)) - {""}


def _is_usual(seen: Sequence[tuple[int, Fragment]], cells: int) -> bool:
    """Whether all cells of the header came, each page's in their order."""
    first: dict[int, Fragment] = {}
    for cell, piece in seen:
        first.setdefault(cell, piece)
    order = [(piece.page, cell) for cell, piece in first.items()]
    return len(order) == cells and order == sorted(order)


def take_group_labels(pieces: Pieces, ledger: Ledger) -> tuple[list[Fragment], list[GroupLabel]]:
    """Fragments without the labels of levels 1 and 2, and those labels with their places.

    A label may be wrapped (服务对象满意度 / 指标), its rest even stand on the next page.  Where
    rows stand above the first one on its page, labels stand in the middle of their groups.
    """
    words = vocabulary()
    kept: list[Fragment] = []
    found: list[GroupLabel] = []
    rests: set[int] = set()
    for index, piece in enumerate(pieces):
        if index in rests:
            ledger.label([piece])
            continue
        printed, rest = group_label(pieces, index, words)
        if not printed:
            kept.append(piece)
            continue
        following = rest + 1 if rest == index + 1 else index + 1
        line = pieces[following - 1].line
        shares = following < len(pieces) and pieces[following].line == line
        name = group_name(words, printed)
        if found and found[-1].text == name and found[-1].position == len(kept):
            name = words.meaning("level2", printed) or name
        if not found and kept and kept[-1].page == piece.page:
            ledger.problem(OPEN_GROUP, kept[-1], piece)
        found.append(GroupLabel(name, printed, len(kept), piece.page, piece.line, shares))
        ledger.label([piece])
        rests.add(rest)
    return kept, found


def group_label(pieces: Pieces, index: int, words: Vocabulary) -> tuple[str, int]:
    """The label that begins at a fragment, and the index of its second line (-1: none).

    What is but the beginning of another label (数量) is none: a name may end in it.
    """
    text = pieces[index].text
    rests = wrapped_labels(words).get(text)
    if not rests:
        return text if group_name(words, text) else "", -1
    if index + 1 < len(pieces) and pieces[index + 1].text in rests and pieces[index + 1].first:
        return text + pieces[index + 1].text, index + 1
    for later in range(index + 1, len(pieces)):
        piece = pieces[later]
        if piece.page > pieces[index].page + 1:
            break
        if piece.page > pieces[index].page and piece.first and piece.text in rests:
            return text + piece.text, later
    return "", -1


@lru_cache(maxsize=1 << 14)
def group_name(words: Vocabulary, text: str) -> str:
    """The usual word for a label of level 1 or 2; empty if a text is neither."""
    return words.meaning("level1", text) or words.meaning("level2", text)


@lru_cache(maxsize=4)
def wrapped_labels(words: Vocabulary) -> Mapping[str, frozenset[str]]:
    """First line of a wrapped label of level 1 or 2 -> its possible second lines."""
    whole = words.texts("level1") | words.texts("level2")
    return {
        text[:end]: frozenset(other[end:] for other in whole if other.startswith(text[:end])) - {""}
        for text in whole
        for end in range(2, len(text))
    }
