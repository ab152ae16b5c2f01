"""The rows of amounts of a self-evaluation in lines of text: which text stands in which column.

A row that prints a text for every column says so itself.  In one that prints fewer, what
the texts are settles it, or what they add up to; else the form is not read.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product

from audit_utils.forms.lines.laying import UnsettledError
from audit_utils.forms.lines.printed import Word
from audit_utils.forms.marks import DASHES
from audit_utils.forms.text.funds import (
    LEFT_IN_FUNDS,
    NOTE_COLUMN,
    NOTE_NATURE,
    UNSETTLED,
    settled_places,
    value,
)

AMOUNTS = ("initial_budget", "annual_budget", "executed")
Places = tuple[str, ...]
Row = tuple[Mapping[str, Word], str]
"""Column -> text, and why it is inferred (empty: it is not)."""


def read(lines: Sequence[Sequence[Word]], columns: Sequence[str]) -> list[Row]:
    """The texts of rows, each a source and what stands behind it, by column."""
    for source, *texts in lines:
        if len(texts) > len(columns) or not all(map(is_number, texts)):
            raise UnsettledError(LEFT_IN_FUNDS, texts[-1] if texts else source)
    sure = [_sure(texts, columns) for _, *texts in lines]
    total = next((i for i, line in enumerate(lines) if line[0].means("sources") == "total"), -1)
    rows: list[Row] = []
    added = _by_sums(lines, columns, sure, total)
    for index, (line, own) in enumerate(zip(lines, sure, strict=True)):
        numbers = [word for word in line[1:] if not is_dash(word)]
        if own is not None:
            rows.append((own, ""))
        elif index == total and (places := settled_places([w.text for w in numbers], columns)):
            rows.append((dict(zip(places, numbers, strict=True)), NOTE_NATURE))
        elif index in added:
            rows.append((dict(zip(added[index], numbers, strict=True)), NOTE_COLUMN))
        else:
            raise UnsettledError(UNSETTLED, line[0])
    if total >= 0 and rows[total][1]:
        _check_total(lines[total][0], rows[total][0], [row for row, _ in rows])
    return rows


def _check_total(
    source: Word, total: Mapping[str, Word], rows: Sequence[Mapping[str, Word]]
) -> None:
    """Refuse a total that lacks an amount of which a part is printed."""
    for row in rows:
        for column, word in row.items():
            if column in AMOUNTS and column not in total and not is_dash(word):
                raise UnsettledError(UNSETTLED, source)


def is_dash(word: Word) -> bool:
    """Whether a text stands for an empty cell."""
    return DASHES.issuperset(word.text)


def is_number(word: Word) -> bool:
    """Whether a text is what a column of amounts, points or rates holds."""
    return is_dash(word) or value(word.text.removesuffix("万元").removesuffix("元")) is not None


def _sure(texts: Sequence[Word], columns: Sequence[str]) -> Mapping[str, Word] | None:
    """The texts of a row by column where their number settles it: one for each column, or for
    each column of amounts, dashes counted or not.
    """
    amounts = [column for column in columns if column in AMOUNTS]
    numbers = [word for word in texts if not is_dash(word)]
    if not numbers:
        return {}
    if len(texts) == len(columns):
        return dict(zip(columns, texts, strict=True))
    if len(columns) - len(amounts) == 1 and len(texts) == len(amounts):
        return None  # it may be any column that is empty
    for own in (numbers, texts):
        if len(own) == len(amounts) and not any(w.text.endswith(("%", "％")) for w in own):
            return dict(zip(amounts, own, strict=True))
    return None


def _by_sums(
    lines: Sequence[Sequence[Word]],
    columns: Sequence[str],
    sure: Sequence[Mapping[str, Word] | None],
    total: int,
) -> Mapping[int, Places]:
    """The columns of sources that print fewer amounts, where one way adds up to the total."""
    amounts = [column for column in columns if column in AMOUNTS]
    whole = sure[total] if total >= 0 else None
    open_ = [i for i, own in enumerate(sure) if own is None and i != total]
    if whole is None or not open_:
        return {}
    counts = [sum(not is_dash(word) for word in lines[index][1:]) for index in open_]
    if any(count > len(amounts) for count in counts) or len(open_) > len(AMOUNTS):
        return {}
    fitting = []
    for places in product(*(combinations(amounts, count) for count in counts)):
        rows = [own for index, own in enumerate(sure) if own is not None and index != total]
        for index, own_places in zip(open_, places, strict=True):
            numbers = [word for word in lines[index][1:] if not is_dash(word)]
            rows.append(dict(zip(own_places, numbers, strict=True)))
        if all(_fits(whole.get(column), [row.get(column) for row in rows]) for column in amounts):
            fitting.append(dict(zip(open_, places, strict=True)))
    return fitting[0] if len(fitting) == 1 else {}


def _fits(total: Word | None, parts: Sequence[Word | None]) -> bool:
    """Whether parts add up to a total; a column of which no part is printed may be empty."""
    printed = [value(word.text) for word in parts if word and not is_dash(word)]
    if not printed:
        return True
    return total is not None and value(total.text) == sum(
        (n or Decimal(0) for n in printed), Decimal(0)
    )
