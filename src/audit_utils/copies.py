"""One form in several documents: the better source counts, the others are compared with it.

A form that is there as a workbook and as text is one project, and so is one that is there
twice to the letter.  Two documents of one kind that print a project differently stay two:
nobody can tell which of them counts.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from audit_utils.records import Cell, Document, Form, Problem

BEST_FIRST = ("xlsx", "docx", "html", "csv", "pdf", "pipes", "text")
"""Kinds of documents: cells that are given, cells between lines, cells that are inferred."""
_SIGNS = str.maketrans({"≥": ">=", "≤": "<="})

Identity = Callable[[Form], str]


@dataclass(frozen=True, slots=True)
class _Source:
    document: Document
    form: Form

    @property
    def rank(self) -> tuple[int, int, str]:
        inferred = sum(cell.inferred for cell in _cells(self.form).values())
        return BEST_FIRST.index(self.document.kind), inferred, self.document.name


def settle(documents: Sequence[Document], identity: Identity) -> list[Document]:
    """The documents with each copied form in its best source alone.

    The document that a form was left out of names the better one in `copies`; where the two
    print different things, the better one has a problem at the cell.
    """
    left_out: dict[str, dict[int, str]] = defaultdict(dict)
    told: dict[str, list[Problem]] = defaultdict(list)
    for best, *others in _groups(documents, identity):
        for other in others:
            differences = list(_differences(best, other))
            if other.document.kind != best.document.kind or not differences:
                left_out[other.document.name][other.form.seq] = best.document.name
                told[best.document.name] += differences
    return [_settled(one, left_out[one.name], told[one.name]) for one in documents]


def _groups(documents: Sequence[Document], identity: Identity) -> Iterator[list[_Source]]:
    """The sources of each project that several documents hold equally often, best first."""
    found: dict[str, list[_Source]] = defaultdict(list)
    for document in documents:
        for form in document.forms:
            name = form.head.get("name")
            if name and name.printed:
                found[identity(form)].append(_Source(document, form))
    for sources in found.values():
        by_document: dict[str, list[_Source]] = defaultdict(list)
        for source in sources:
            by_document[source.document.name].append(source)
        if len(by_document) > 1 and len({len(one) for one in by_document.values()}) == 1:
            for group in zip(*by_document.values(), strict=True):
                yield sorted(group, key=lambda source: source.rank)


def _settled(document: Document, left_out: dict[int, str], told: list[Problem]) -> Document:
    return replace(
        document,
        forms=tuple(form for form in document.forms if form.seq not in left_out),
        problems=(*(p for p in document.problems if p.seq not in left_out), *told),
        copies=tuple(left_out[seq] for seq in sorted(left_out)),
    )


# ---- what they print


def _differences(best: _Source, other: _Source) -> Iterator[Problem]:
    """A problem at each cell of the better source that the other prints differently."""
    form, name = best.form, other.document.name
    if len(form.indicators) != len(other.form.indicators):
        count = f"{name} prints {len(other.form.indicators)} indicators of this project"
        message = f"{count}, not {len(form.indicators)}"
        yield Problem(message, form.line_start, form.line_end, form.page, "", form.seq)
        return
    theirs = _cells(other.form)
    for place, cell in _cells(form).items():
        if place in theirs and not theirs[place].inferred and not _same(cell, theirs[place]):
            text = f"{cell.printed or '-'} | {theirs[place].printed or '-'}"
            at = (cell.line_start, cell.line_end, cell.page, text, form.seq, cell.address)
            yield Problem(f"{name} prints this differently", *at)


def _cells(form: Form) -> dict[tuple[str, str], Cell]:
    rows = {"": form.head, **form.funds}
    rows |= {str(ordinal): row for ordinal, row in enumerate(form.indicators, 1)}
    return {(name, column): cell for name, row in rows.items() for column, cell in row.items()}


def _same(one: Cell, other: Cell) -> bool:
    first, second = _plain(one.printed or ""), _plain(other.printed or "")
    return first == second or (_number(first) is not None and _number(first) == _number(second))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def _number(text: str) -> tuple[Decimal, bool] | None:
    """An amount or a rate, and whether it is printed in percent."""
    try:
        return Decimal(text.replace(",", "").removesuffix("%")), text.endswith("%")
    except InvalidOperation:
        return None
