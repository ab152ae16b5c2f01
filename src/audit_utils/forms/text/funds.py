"""The fund rows of a self-evaluation: a total with all columns, sources with some.

A source prints its initial and its annual budget, now and then what was executed of it; an
empty cell is a dash or nothing at all, so the columns follow from the count of numbers
and, where a row has too few, from the sums of the total row.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations, product

from audit_utils.forms.marks import DASHES
from audit_utils.forms.text.fragments import Fragment, Ledger, empty_cell
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Cell, Row

COLUMNS = ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score")
MONEY = COLUMNS[:3]
LEFT_IN_FUNDS = "text in the fund rows that belongs to no row"
TOO_MANY_NUMBERS = "more numbers in a fund row than it has columns"
NOTE_EXECUTED = "a third number in a row that elsewhere has two: taken as executed"
NOTE_COLUMN = "the row prints fewer numbers than columns: column inferred from the sums"
NOTE_NATURE = "the row prints fewer texts than columns: column inferred from what they are"
UNSETTLED = "fewer texts in a row of the funds than columns: which is which is not settled"
NOTE_ORDER = "the row prints fewer numbers than columns: taken from the left"
FULL = Decimal(100)
"""Points that a form has in all."""
NEAR = Decimal("0.01")
"""How far a printed rate may be from the quotient of its amounts to be told as theirs."""

Tokens = list[Fragment]


def read_funds(pieces: Sequence[Fragment], ledger: Ledger) -> dict[str, Row]:
    """Source -> column -> cell, from the header's first label on."""
    header, rows = fund_rows(pieces, ledger)
    funds: dict[str, Row] = {}
    spread = spread_sources(rows)
    counts = [
        sum(not is_dash(token) for token in tokens)
        for source, (_, tokens) in rows.items()
        if source != "total"
    ]
    for source, (label, tokens) in rows.items():
        if source == "total":
            funds[source] = total_row(label, tokens, header, ledger)
        else:
            places = spread.get(source, ())
            funds[source] = source_row(label, tokens, header, places, counts, ledger)
    if any(cell.note and not cell.printed for cell in money_of(funds.get("total", {}))):
        return {
            source: {key: noted(cell, cell.note or NOTE_ORDER) for key, cell in row.items()}
            if any(cell.printed for cell in money_of(row))
            else row
            for source, row in funds.items()
        }
    return funds


def money_of(row: Row) -> list[Cell]:
    """The cells of a row that hold amounts."""
    return [cell for column, cell in row.items() if column in MONEY]


def fund_rows(
    pieces: Sequence[Fragment], ledger: Ledger
) -> tuple[list[str], dict[str, tuple[Fragment, Tokens]]]:
    """The header's columns, and per source its label and the tokens behind it."""
    words = vocabulary()
    header: list[str] = []
    rows: dict[str, tuple[Fragment, Tokens]] = {}
    tokens: Tokens | None = None
    for piece in pieces:
        source = words.meaning("sources", piece.text)
        if source and source not in rows:
            tokens = []
            rows[source] = (piece, tokens)
            ledger.label([piece])
        elif tokens is not None:
            tokens.append(piece)
        elif (column := words.meaning("fund_columns", piece.text)) in COLUMNS:
            if column not in header:
                header.append(column)
            ledger.label([piece])
        else:
            ledger.leftover([piece], LEFT_IN_FUNDS)
    return header if len(header) >= len(MONEY) else list(COLUMNS), rows


def total_row(label: Fragment, tokens: Tokens, header: Sequence[str], ledger: Ledger) -> Row:
    """The total row: where it has fewer texts than columns, what they are must settle it."""
    if len(tokens) >= len(header):
        found, beyond = dict(zip(header, tokens, strict=False)), tokens[len(header) :]
        return fill(label, found, beyond, header, "", ledger)
    places = settled_places([token.text for token in tokens], header)
    if places is None:
        ledger.leftover(tokens, UNSETTLED)
        return fill(label, {}, [], header, "", ledger)
    found = dict(zip(places, tokens, strict=True))
    return fill(label, found, [], header, NOTE_NATURE if tokens else "", ledger)


def settled_places(texts: Sequence[str], header: Sequence[str]) -> tuple[str, ...] | None:
    """The columns of fewer texts than there are, if what they are leaves one way only.

    A rate that is the quotient of the amounts beside it speaks for its way.
    """
    ways = [
        (fit, places)
        for places in combinations(header, len(texts))
        if (fit := fitting(dict(zip(places, texts, strict=True)))) is not None
    ]
    best = [places for fit, places in ways if fit] or [places for _, places in ways]
    return best[0] if len(best) == 1 else None


def fitting(row: Mapping[str, str]) -> bool | None:
    """Whether texts may be the cells of a total row: None if not, True if the rate fits.

    A score is not above its weight, and neither is above 100.
    """
    numbers = {column: value(text) for column, text in row.items()}
    if any(number is None for number in numbers.values()):
        return None
    weight, score, rate = (numbers.get(key) for key in ("weight", "score", "execution_rate"))
    if any(points is not None and points > FULL for points in (weight, score)):
        return None
    if weight is not None and score is not None and score > weight:
        return None
    if any(text[-1] in "%％" for column, text in row.items() if column != "execution_rate"):
        return None
    annual, executed = numbers.get("annual_budget"), numbers.get("executed")
    if rate is None or not annual or executed is None:
        return None if rate is not None and row["execution_rate"][-1] not in "%％" else False
    due = executed / annual
    if min(abs(rate - due), abs(rate / 100 - due)) > NEAR:
        return None
    return executed != annual  # a rate of 100 % fits any two amounts that are alike


def source_row(
    label: Fragment,
    tokens: Tokens,
    header: Sequence[str],
    spread: tuple[str, ...],
    counts: Collection[int],
    ledger: Ledger,
) -> Row:
    """A source's row: full rows as printed, others by `spread` where the sums settle it.

    `counts` are the numbers of numbers that the sources' rows print.
    """
    if len(tokens) == len(header):
        return fill(label, dict(zip(header, tokens, strict=True)), [], header, "", ledger)
    numbers = [token for token in tokens if not is_dash(token)]
    usual = tuple(column for column in MONEY if column in header)[: len(numbers)]
    places = spread or usual
    found = dict(zip(places, numbers, strict=False))
    row = fill(label, found, numbers[len(places) :], header, "", ledger)
    ledger.label(token for token in tokens if is_dash(token))
    notes = source_notes(len(numbers), bool(spread), counts)
    return {column: noted(cell, notes.get(column, "")) for column, cell in row.items()}


def source_notes(numbers: int, spread: bool, counts: Collection[int]) -> dict[str, str]:
    """Why a source's cells are inferred: two numbers are initial and annual budget."""
    if numbers == len(MONEY) and len(set(counts)) > 1:
        return {"executed": NOTE_EXECUTED}
    if numbers == 1:
        return dict.fromkeys(MONEY, NOTE_COLUMN if spread else NOTE_ORDER)
    if 0 < numbers < len(MONEY) and len(MONEY) in counts:  # any of the three may be the empty one
        return dict.fromkeys(MONEY, NOTE_ORDER)
    return {}


def fill(
    label: Fragment,
    found: Mapping[str, Fragment],
    beyond: Sequence[Fragment],
    header: Sequence[str],
    note: str,
    ledger: Ledger,
) -> Row:
    """Cells of a row: empty where a column has no token; tokens beyond them are left over."""
    ledger.leftover(list(beyond), TOO_MANY_NUMBERS)
    return {
        column: ledger.cell([found[column]], note) if column in found else empty_cell(label, note)
        for column in header
    }


def noted(cell: Cell, note: str) -> Cell:
    """The cell with a note where there is one."""
    return Cell(cell.printed, cell.line_start, cell.line_end, cell.page, note) if note else cell


def is_dash(token: Fragment) -> bool:
    """Whether a token stands for an empty cell."""
    return DASHES.issuperset(token.text)


def spread_sources(rows: Mapping[str, tuple[Fragment, Tokens]]) -> dict[str, tuple[str, ...]]:
    """Columns of rows with fewer than two numbers, where only one way gives the total's sums."""
    counted = {
        source: [amount(token) for token in tokens if not is_dash(token)]
        for source, (_, tokens) in rows.items()
    }
    total = counted.pop("total", [])[:2]
    short = [source for source, numbers in counted.items() if len(numbers) == 1]
    if len(total) < 2 or not short or any(None in numbers for numbers in counted.values()):
        return {}
    ways = [list(combinations(MONEY[:2], 1)) for _ in short]
    for choice in product(*ways):
        places = dict(zip(short, choice, strict=True))
        if sums(counted, places) == total:
            return places
    return {}


def sums(
    counted: Mapping[str, Sequence[Decimal | None]], places: Mapping[str, tuple[str, ...]]
) -> list[Decimal]:
    """Initial and annual budget added up over the sources."""
    added = [Decimal(0), Decimal(0)]
    for source, numbers in counted.items():
        for column, number in zip(places.get(source, MONEY), numbers, strict=False):
            if column in MONEY[:2] and number is not None:
                added[MONEY.index(column)] += number
    return added


def amount(token: Fragment) -> Decimal | None:
    """The number of a token for adding up; None for anything else."""
    return value(token.text)


def value(text: str) -> Decimal | None:
    """The number that a text prints, signs of percent left out; None for anything else."""
    try:
        number = Decimal(text.replace(",", "").replace("，", "").rstrip("%％"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
