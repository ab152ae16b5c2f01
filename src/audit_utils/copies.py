"""One form in several documents: the better source counts, the others are compared with it.

A form that is there as a workbook and as text is one project, and so is one that is there
twice to the letter.  Two documents of one kind that print a project differently stay two:
nobody can tell which of them counts.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property

from audit_utils import values
from audit_utils.dictionary import TABLES
from audit_utils.records import Cell, Document, Form, Problem

BEST_FIRST = ("xlsx", "docx", "html", "csv", "pdf", "pipes", "paragraphs", "text")
"""Kinds of documents: cells that are given, cells between lines, cells that are inferred."""
PAGED = frozenset({"pdf"})
"""Kinds where the address of a cell is that on a page."""
AMOUNTS = frozenset(
    column.name
    for table in ("projects", "funds")
    for column in TABLES[table].columns
    if column.type == "amount"
)
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "“": '"', "”": '"', "—": "-", "–": "-"})
_STAMP = re.compile(r"\((?:盖章|公章|签章)\)")

Place = tuple[str, str]
"""Row (empty: the head) and column of a cell in its form."""


@dataclass(frozen=True)
class _Source:
    """A form in a document."""

    document: Document
    form: Form

    @property
    def rank(self) -> tuple[int, int, str]:
        inferred = sum(cell.inferred for cell in self.cells.values())
        return BEST_FIRST.index(self.document.kind), inferred, self.document.name

    @cached_property
    def cells(self) -> dict[Place, Cell]:
        rows = {"": self.form.head, **self.form.funds}
        rows |= {str(ordinal): row for ordinal, row in enumerate(self.form.indicators, 1)}
        return {(name, key): cell for name, row in rows.items() for key, cell in row.items()}

    def where(self, cell: Cell) -> str:
        """The document and the place of a cell in it, for people."""
        if not cell.address:
            return f"{self.document.name}, line {cell.line_start},"
        page = f" page {cell.page}," if self.document.kind in PAGED else ""
        return f"{self.document.name},{page} cell {cell.address},"


def settle(documents: Sequence[Document]) -> list[Document]:
    """The documents with each copied form in its best source alone.

    The document that a form was left out of names the better one in `copies`; where the two
    print different things, the better one has a problem at the cell.
    """
    left_out: dict[str, dict[int, str]] = defaultdict(dict)
    told: dict[str, list[Problem]] = defaultdict(list)
    for sources in _projects(documents):
        for other, best, differences in _copies(sources):
            left_out[other.document.name][other.form.seq] = best.document.name
            told[best.document.name] += differences
    return [_settled(one, left_out[one.name], told[one.name]) for one in documents]


def _settled(document: Document, left_out: dict[int, str], told: list[Problem]) -> Document:
    return replace(
        document,
        forms=tuple(form for form in document.forms if form.seq not in left_out),
        problems=(*(p for p in document.problems if p.seq not in left_out), *told),
        copies=tuple(left_out[seq] for seq in sorted(left_out)),
    )


# ---- which forms are copies


def _projects(documents: Iterable[Document]) -> Iterator[list[_Source]]:
    """The forms of each project that more than one of the documents holds, best first."""
    found: dict[tuple[str, ...], list[_Source]] = defaultdict(list)
    for document in documents:
        for form in document.forms:
            if key := _project(form):
                found[key].append(_Source(document, form))
    for sources in found.values():
        for group in _by_year(sources):
            if len({source.document.name for source in group}) > 1:
                yield sorted(group, key=lambda source: source.rank)


def _project(form: Form) -> tuple[str, ...]:
    """Kind, unit and name of a form as they are compared, nothing for a form without a name."""
    unit, name = (
        _STAMP.sub("", _plain(form.head[key].printed or "")) if key in form.head else ""
        for key in ("unit", "name")
    )
    return (form.kind, unit, name) if name else ()


def _by_year(sources: Sequence[_Source]) -> list[list[_Source]]:
    """Forms that print different years are no copies; one without a year is of any, if there
    is but one.
    """
    years = {source.form.year for source in sources} - {None}
    if len(years) < 2:
        return [list(sources)]
    return [[s for s in sources if s.form.year == year] for year in sorted(years, key=str)]


def _copies(sources: Sequence[_Source]) -> Iterator[tuple[_Source, _Source, list[Problem]]]:
    """The forms that are left out, each with the one that counts and how they differ.

    A document that holds a project more than once has as many of its forms paired as there
    are in another, those first that are the same.
    """
    kept: list[_Source] = []
    pairs: set[tuple[int, str]] = set()
    often = Counter(source.document.name for source in sources)
    for other in sources:
        name = other.document.name
        free = [
            (place, best, list(_differences(best, other)))
            for place, best in enumerate(kept)
            if best.document.name != name and (place, name) not in pairs
        ]
        place, best, differences = min(free, key=lambda one: len(one[2]), default=(0, other, []))
        even = often[best.document.name] == often[name]
        worse = best.document.kind != other.document.kind
        if best is not other and (not differences or (worse and even)):
            pairs.add((place, name))
            yield other, best, differences
        else:
            kept.append(other)


# ---- what they print


def _differences(best: _Source, other: _Source) -> Iterator[Problem]:
    """A problem at each cell of the better source that the other prints differently."""
    form = best.form
    whole = (form.line_start, form.line_end, form.page)
    counts = [len(source.form.indicators) for source in (best, other)]
    if counts[0] != counts[1]:
        count = f"{other.document.name} prints {counts[1]} indicators of this project"
        yield Problem(f"{count}, not {counts[0]}", *whole, "", form.seq)
    for place, theirs in other.cells.items():
        if theirs.inferred or (place[0].isdigit() and counts[0] != counts[1]):
            continue
        ours = best.cells.get(place)
        if ours is None and theirs.printed is not None:
            message = f"{other.where(theirs)} prints {place[1]}, which is not here"
            yield Problem(message, *whole, theirs.printed, form.seq)
        elif ours is not None and not _same(best, ours, other, theirs, place[1]):
            text = f"{_shown(best, ours, place[1])} | {_shown(other, theirs, place[1])}"
            at = (ours.line_start, ours.line_end, ours.page, text, form.seq, ours.address)
            yield Problem(f"{other.where(theirs)} prints this differently", *at)


def _shown(source: _Source, cell: Cell, column: str) -> str:
    """What a cell prints; an amount with the unit that it is read in."""
    text = cell.reading or cell.printed or "-"
    bare = column in AMOUNTS and values.number(text) is not None and text[-1].isdigit()
    return f"{text}{source.form.money_unit}" if bare else cell.printed or "-"


def _same(best: _Source, ours: Cell, other: _Source, theirs: Cell, column: str) -> bool:
    if column in AMOUNTS:
        one = values.amount(ours.reading or ours.printed, best.form.money_unit)
        two = values.amount(theirs.reading or theirs.printed, other.form.money_unit)
        if one is not None and two is not None:
            return one == two
    shown = [_plain(cell.printed or "") for cell in (ours, theirs)]
    read = [_plain(cell.reading or cell.printed or "") for cell in (ours, theirs)]
    return shown[0] == shown[1] or read[0] == read[1] or _equal(*read)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def _equal(one: str, other: str) -> bool:
    first, second = _number(one), _number(other)
    return first is not None and first == second


def _number(text: str) -> tuple[Decimal, bool] | None:
    """An amount or a rate, and whether it is printed in percent."""
    try:
        return Decimal(text.replace(",", "").removesuffix("%")), text.endswith("%")
    except InvalidOperation:
        return None
