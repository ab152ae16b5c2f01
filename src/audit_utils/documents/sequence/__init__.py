"""Pieces -> a grid: each form with its cells in their rows and columns, or why there is none."""

from collections.abc import Iterator, Sequence

from audit_utils.documents.sequence.framing import read_closing, read_opening
from audit_utils.documents.sequence.pieces import (
    LONGEST_LABEL,
    MisfitError,
    Piece,
    Walk,
    head_label,
    is_label,
)
from audit_utils.documents.sequence.rowing import (
    LEVELS,
    NO_END,
    PART,
    head_at,
    heads_of,
    kind_of,
    read_block,
)
from audit_utils.forms.content import REFUSED
from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.grid import Grid, Table
from audit_utils.records import Problem, Quote

NO_NAME = "a part of a form that cannot be read: no cell says 项目名称"
NO_HEAD = "no head of indicators (一级指标, 二级指标, 三级指标)"
OTHER = "a form of another kind, for which there are no rules"
LEAST = 2
"""Labels of a form that show that more than a name stands there."""


def grid_of(pieces: Sequence[Piece], *, loose: bool = False) -> tuple[Grid, list[Problem]]:
    """The forms that the pieces make, the texts around them, and what makes none."""
    words = vocabulary()
    starts = [n for n, piece in enumerate(pieces) if _starts(pieces, n, words)]
    ends = [*starts[1:], len(pieces)][: len(starts)]
    tables: list[Table] = []
    problems: list[Problem] = []
    texts = list(pieces[: starts[0] if starts else None])
    for start, end in zip(starts, ends, strict=True):
        before, head = _parted(texts, words)
        problems += _parts(before, words)
        own = [*head, *pieces[start:end]]
        behind = _last_title(own, words) if end < len(pieces) else None
        behind = len(own) if behind is None else behind
        form = _read(own[:behind], _kind(before, words), words, loose)
        if isinstance(form, Walk):
            cells = tuple(sorted(form.cells, key=lambda cell: (cell.row, cell.column)))
            tables.append(Table(cells, tuple(_quotes(before))))
            texts = own[form.at :]
        else:
            problems += [form] if _is_form(before, own, words) else []
            tables.append(Table((), tuple(_quotes([*before, *own[:behind]]))))
            texts = own[behind:]
    problems += _parts(texts, words)
    return Grid(tuple(tables), tuple(_quotes(texts))), problems


def _read(pieces: Sequence[Piece], title: str, words: Vocabulary, loose: bool) -> Walk | Problem:
    """A form read whole, or why it is none."""
    if title == "other":
        return _problem(OTHER, pieces[0])
    try:
        return _walk(pieces, words, loose)
    except MisfitError as misfit:
        return _problem(REFUSED + misfit.message, misfit.piece)


def _walk(pieces: Sequence[Piece], words: Vocabulary, loose: bool) -> Walk:
    """A form read whole; MisfitError if anything does not fit."""
    head = head_at(pieces, words)
    if head is None:
        raise MisfitError(NO_HEAD, pieces[0])
    walk = Walk(pieces, kind_of(heads_of(pieces[head:], words)), words, loose)
    side = read_opening(walk, head)
    read_block(walk, side)
    read_closing(walk)
    for piece in pieces[walk.at :]:
        if words.meaning("level2", piece.text) or words.meaning(PART, piece.text) in LEVELS:
            raise MisfitError(NO_END, piece)
    return walk


def _starts(pieces: Sequence[Piece], place: int, words: Vocabulary) -> bool:
    """Whether a form begins: at 项目名称 that is not the head of a list's column."""
    if head_label(words, pieces[place].text) != "name":
        return False
    behind = pieces[place + 1].text if place + 1 < len(pieces) else ""
    return not words.meaning("fund_columns", behind) and head_label(words, behind) != "name"


def _title(piece: Piece, words: Vocabulary) -> str:
    return words.title(piece.text) if len(piece.text) <= LONGEST_LABEL else ""


def _kind(texts: Sequence[Piece], words: Vocabulary) -> str:
    """The kind of form that the last title among texts names."""
    return next((title for p in reversed(texts) if (title := _title(p, words))), "")


def _parted(texts: Sequence[Piece], words: Vocabulary) -> tuple[list[Piece], list[Piece]]:
    """The texts above a form, and what of its head stands in front of 项目名称."""
    for place in range(_last_title(texts, words) or 0, len(texts)):
        lines = texts[place].text.split("\n")
        if texts[place].closed and any(head_label(words, line) for line in lines):
            return list(texts[:place]), list(texts[place:])
    return list(texts), []


def _last_title(pieces: Sequence[Piece], words: Vocabulary) -> int | None:
    """Where the last title stands."""
    places = (n for n in range(len(pieces) - 1, -1, -1) if _title(pieces[n], words))
    return next(places, None)


def _is_form(above: Sequence[Piece], pieces: Sequence[Piece], words: Vocabulary) -> bool:
    """Whether more than a name shows a form: a title, or other labels, if no list of projects."""
    listed = is_label(words, pieces[1].text) if len(pieces) > 1 else False
    found = _labels(pieces, words, ("head", "objectives", "level", "sources", "request"))
    return bool(_kind(above, words)) or len(found) >= LEAST + listed


def _parts(texts: Sequence[Piece], words: Vocabulary) -> Iterator[Problem]:
    """A problem where texts outside of all forms show a part of one."""
    head = head_at(texts, words)
    groups = _labels(texts, words, ("level2",))
    found = _labels(texts, words, ("head", "objectives", "level2", "fund_columns"))
    if head is not None:
        yield _problem(NO_NAME, texts[head])
    elif len(groups) >= LEAST or len(found) > LEAST:
        yield _problem(NO_NAME, found[0])


def _labels(pieces: Sequence[Piece], words: Vocabulary, parts: tuple[str, ...]) -> Sequence[Piece]:
    """The first piece of each text that is a label in parts whose names begin so."""
    own = [part for part in words.parts if part.startswith(parts)]
    texts: dict[str, Piece] = {}
    for piece in pieces:
        if len(piece.text) <= LONGEST_LABEL and any(words.meaning(p, piece.text) for p in own):
            texts.setdefault(piece.text, piece)
    return list(texts.values())


def _problem(message: str, piece: Piece) -> Problem:
    return Problem(message, piece.line, piece.last, 1, piece.text)


def _quotes(pieces: Sequence[Piece]) -> Iterator[Quote]:
    """The lines of texts outside of all forms."""
    for piece in pieces:
        for number, line in enumerate(piece.text.split("\n"), piece.line):
            if line.strip():
                yield Quote(1, number, line.strip())
