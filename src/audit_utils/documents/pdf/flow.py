"""Pages one after another -> tables and lines of text, without what belongs to the pages.

Numbers of pages are left out.  A line that stands at the same height on several pages (a
running head) does not keep a table from going on over them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import compile as pattern

from audit_utils.documents import limits
from audit_utils.documents.assembly import Item, Text
from audit_utils.documents.pdf import joining
from audit_utils.documents.pdf.joining import Sheet
from audit_utils.forms.labels import fold
from audit_utils.forms.marks import PAGE_NUMBER
from audit_utils.forms.vocabulary import vocabulary

_NUMBER = pattern(
    r"\d{1,4}|[-—–－·•]\s*\d{1,4}\s*[-—–－·•]|\d{1,4}\s*/\s*\d{1,4}|第\s*\d+\s*页.{0,12}"
    r"|[Pp]age\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
)
_DIGITS = pattern(r"\d+")
_NEAR = 3.0
"""Points by which a running head may move."""

BETWEEN = "a text stands where the table goes on over the page: it may be one of its cells"

Line = tuple[float, str]
"""Height on the page, and text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: tables with the height where they begin, and lines outside of them.

    `beside` are texts that stand beside a table or across the page: they end no table;
    `flanked` tells that one stands beside a table.
    """

    number: int
    sheets: tuple[tuple[float, Sheet], ...]
    lines: tuple[Line, ...]
    beside: tuple[str, ...] = ()
    flanked: bool = False


def items(pages: Sequence[Shown], path: Path) -> Iterator[Item]:
    """Tables and texts in their order; a table that goes on over pages is one."""
    flow = _Flow(_running(pages), path)
    for page in pages:
        yield from flow.page(page)
    yield from flow.close()


def _running(pages: Sequence[Shown]) -> set[str]:
    """The lines, digits aside, that stand at one height of several pages; titles are none."""
    heights: dict[str, Counter[int]] = {}
    for page in pages:
        for key, place in {(_key(text), round(height / _NEAR)) for height, text in page.lines}:
            heights.setdefault(key, Counter())[place] += 1
    words = vocabulary()
    return {
        key
        for key, places in heights.items()
        if max(count + places[place + 1] for place, count in places.items()) > 1
        and not words.title(key)
    }


def _key(text: str) -> str:
    return _DIGITS.sub("0", fold(text))


class _Flow:
    """Goes through the pages; a table that stands at the end of one is kept open.

    `_above` are the texts above the open table, `_below` the lines between it and the end
    of its page.
    """

    def __init__(self, running: set[str], path: Path) -> None:
        self._running = running
        self._path = path
        self._open: Sheet | None = None
        self._above: set[str] = set()
        self._below: list[Line] = []
        self._waiting: list[Item] = []
        self._cells = 0

    def page(self, page: Shown) -> Iterator[Item]:
        lines = list(_without_number(page.lines))
        lead: Sheet | None = None
        for place, (height, table) in enumerate(page.sheets):
            before = [line for line in lines if line[0] <= height]
            lines = lines[len(before) :]
            if place == 0 and self._open and self._goes_on(self._open, before, table):
                self._waiting = [one for one in self._waiting if not self._is_running(one)]
                self._waiting += _texts(self._own(before), page.number)
                if page.flanked and table.x0 > self._open.x0 + _NEAR:
                    table.parts[0].doubt = BETWEEN
                joining.join(self._open, table)
            elif lead and self._open is lead and joining.leads(lead, table):
                joining.put_below(lead, table)
            elif place and self._open and not before and joining.is_total(self._open, table):
                joining.put_below(self._open, table)
            else:
                yield from self.close()
                yield from _texts(before, page.number)
                self._open, self._above = table, {_key(text) for _, text in before}
                lead = table if _is_cut_off(page, place) else None
        self._below = self._own(lines)
        if not page.sheets:
            yield from self.close()
        self._waiting += _texts(lines, page.number)
        self._waiting += (Text(text, page.number) for text in page.beside)

    def close(self) -> Iterator[Item]:
        """The open table is whole; lines that waited for its end follow it."""
        if self._open:
            boxes = joining.boxes(self._open)
            self._cells += len(boxes)
            limits.check(self._cells, limits.CELLS, "cells", self._path)
            yield boxes
        yield from self._waiting
        self._open, self._waiting = None, []

    def _goes_on(self, upper: Sheet, before: Sequence[Line], lower: Sheet) -> bool:
        """Whether the first table of a page is a part of the open one.

        Lines between them that are not of the page may be notes, or texts of its cells; below
        a title that is printed again, a head may be that of another form.
        """
        if not joining.fits(upper, lower):
            return False
        texts = [text for _, text in (*self._below, *self._own(before))]
        title = vocabulary().title
        if texts and (any(map(title, texts)) or not joining.same_columns(upper, lower)):
            return False
        if texts or (any(title(text) for _, text in before) and joining.has_head(lower)):
            upper.parts[-1].doubt = BETWEEN
        return True

    def _is_running(self, item: Item) -> bool:
        return isinstance(item, Text) and _key(item.text) in self._running | self._above

    def _own(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that are of the text and not of the page, nor printed on each again."""
        return [line for line in lines if _key(line[1]) not in self._running | self._above]


def _is_cut_off(page: Shown, place: int) -> bool:
    """Whether a table of a page is the part above the first form of a larger one."""
    height, table = page.sheets[place]
    return not table.begins and [one for one, _ in page.sheets[place + 1 :]][:1] == [height]


def _texts(lines: Sequence[Line], page: int) -> Iterator[Item]:
    return (Text(text, page) for _, text in lines)


def _without_number(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines without the number of the page, at its top or bottom."""
    for place, (height, text) in enumerate(lines):
        outer = place in (0, len(lines) - 1)
        if not (outer and (_NUMBER.fullmatch(text) or PAGE_NUMBER.fullmatch(text))):
            yield height, text
