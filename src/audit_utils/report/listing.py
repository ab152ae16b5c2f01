"""A table of many rows: the first stand in the page, the others come with it for its script.

Each column is kept as its distinct cells, in the order in which they sort, and for each row
the place of its cell among them: small, and the script sorts and filters by numbers alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from markupsafe import Markup

from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.html import Html, render

SHOWN = 200
"""Rows in the page itself: what can be read without its script, and what is printed."""
FEW = 5
"""Rows that need no search."""
VIEW = 50
"""Rows that the script shows at a time: many more take longer than a tenth of a second."""
COMMAND = 'audit-utils decide {} --disposition accepted --reason "" --who ""'
"""Around the text of a cell of that kind, a finding_id."""
KEPT = 30_000
"""Rows that come with the page; what is left out is told, with where it is."""

Kind = Literal["text", "number", "code", "outcome", "command", "name"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows: `style` is its class, `label` the words for a symbol or a short text.

    Cells sort by `key`, those without one by their text.  Equal cells are kept once.
    """

    text: str
    style: str = ""
    href: str = ""
    label: str = ""
    key: Any = field(default=None, compare=False)

    @property
    def empty(self) -> bool:
        """True when there is nothing to see: such cells stand last however a table is sorted."""
        return not self.text

    def order(self) -> tuple[bool, Any]:
        """What cells of a column are sorted by.

        GB 18030 has the common characters in the order of their pronunciation.
        """
        by_text = self.text.encode("gb18030", "replace")
        return self.empty, b"" if self.empty else by_text if self.key is None else self.key

    def plain(self) -> str | list[str]:
        """The cell as the script gets it: its text, or text, class, address and label."""
        parts = [text.visible(one) for one in (self.text, self.style, self.href, self.label)]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return parts[0] if len(parts) == 1 else parts


@dataclass(frozen=True)
class Column:
    """A column: its head, a cell for each row, and whether the rows can be chosen by it.

    `note` explains the head; `total` stands below it.
    """

    head: str
    cells: Sequence[Cell]
    kind: Kind = "text"
    choice: bool = False
    note: str = ""
    style: str = ""
    total: str = ""

    @cached_property
    def values(self) -> list[Cell]:
        """The distinct cells in their order."""
        return sorted(dict.fromkeys(self.cells), key=Cell.order)

    @cached_property
    def places(self) -> list[int]:
        """For each row the place of its cell among the distinct ones."""
        known = {cell: place for place, cell in enumerate(self.values)}
        return [known[cell] for cell in self.cells]

    def plain(self) -> dict[str, Any]:
        """The column as the script gets it."""
        values = [cell.plain() for cell in self.values]
        return {"kind": self.classes, "values": values, "rows": self.places}

    @property
    def classes(self) -> str:
        """The class of its cells: their kind, and its style."""
        return f"{self.kind} {self.style}".strip()


@dataclass(frozen=True)
class Listing:
    """A table; `all` counts the rows there are, also those that it leaves out.

    `name` is its id in the page, `rest` says where the rows are that are left out, `groups`
    are heads over several columns (head, class, number of columns).
    """

    name: str
    title: str
    columns: Sequence[Column]
    all: int
    rest: str = ""
    groups: Sequence[tuple[str, str, int]] = ()

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        """The rows that stand in the page itself."""
        return list(zip(*(column.cells[:SHOWN] for column in self.columns), strict=True))

    @property
    def kept(self) -> int:
        """The number of rows that come with the page."""
        return len(self.columns[0].cells)

    def json(self) -> Markup:
        """The rows for the script; nothing in it can end the element that it stands in."""
        columns = [column.plain() for column in self.columns]
        plain = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
        return Markup(plain.replace("<", "\\u003c"))  # noqa: S704  # JSON, made just now


def show(listing: Listing) -> Html:
    """The table with what filters it."""
    shown = min(listing.kept, SHOWN)
    said = _("第 {first}–{last} 行，共 {found} 行")
    return render(
        "listing",
        listing=listing,
        said=said,
        count=said.format(first=min(1, shown), last=shown, found=listing.kept),
        shown=shown,
        command=COMMAND,
        few=FEW,
        view=VIEW,
    )
