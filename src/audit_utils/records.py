"""What a reader gets out of a document: immutable records that carry their place.

`document -> lines -> forms`: everything here is a value.  A `Cell` is the text of
one table cell exactly as printed (wrapped lines joined, white space removed inside
Chinese text), with the lines and the page it came from.  Nothing is parsed or
repaired here: numbers are made from `printed` in `values.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

FormKind = Literal["self_evaluation", "target_declaration"]
MoneyUnit = Literal["元", "万元"]


class Line(NamedTuple):
    """A line with something on it: `number` counts from 1, `text` has no outer blanks.

    `breaks` is True for the first line of a page, `gap` when a blank line stands before.
    """

    number: int
    page: int
    text: str
    gap: bool
    breaks: bool


class Quote(NamedTuple):
    """What a document prints on one line, or in one row of a sheet or table, as it stands."""

    page: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. `printed` is None where the form prints nothing or a dash.

    `note` says why the cell had to be inferred; it is empty when the text settles it.
    `address` is the cell's place in a table or sheet, such as `C12`; plain text has none.
    `reading` is what its value is read from where the cell alone does not say it all: with
    the unit of its heading (`5.8万元`), without a numbering, or with the usual word for a
    label (`产出指标` for `产出指标（50分）`); empty where that is `printed` itself.
    """

    printed: str | None
    line_start: int
    line_end: int
    page: int
    note: str = ""
    address: str = ""
    reading: str = ""

    @property
    def inferred(self) -> bool:
        """True when the text alone did not settle what this cell holds."""
        return bool(self.note)


Row = Mapping[str, Cell]
"""Column name (as in the tables) -> cell."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a document that could not be read; the rest goes on.

    `text` is the text in question as printed (may be empty), `message` says what is
    wrong in one sentence, in English. `seq` is the form it stands in (None: none).
    """

    message: str
    line_start: int
    line_end: int
    page: int
    text: str = ""
    seq: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form, that is one project of one unit in one year.

    `head` has the columns of the table projects, `funds` maps a source (one of
    dictionary.SOURCES) to its columns, as printed, `indicators` holds one row an indicator,
    in printed order.  A column that the form does not have is absent;
    a column that it has but leaves empty is a `Cell` with `printed` None.
    `year` is the year that the form itself prints, None when it prints none.
    """

    kind: FormKind
    seq: int
    year: int | None
    money_unit: MoneyUnit
    head: Row
    funds: Mapping[str, Row]
    indicators: tuple[Row, ...]
    line_start: int
    line_end: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """A document with all its forms; `forms` is empty when it holds none.

    `lines` are all its lines that hold something, in their order; `kind` is the kind of
    file: text, paragraphs, pipes, csv, html, xlsx, docx or pdf.  `copies` names, for each form
    that was left out of `forms`, the document that shows it better.
    """

    name: str
    sha256: str
    bytes: int
    pages: int
    forms: tuple[Form, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    lines: tuple[Quote, ...] = ()
    kind: str = "text"
    copies: tuple[str, ...] = ()
