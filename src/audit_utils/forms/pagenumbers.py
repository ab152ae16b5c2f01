"""Page numbers among the lines of a text: which lines are one, which may be one.

A bare number alone on its line is a page number where it stands at the edge of its page and
goes on with the pages; anywhere else it may as well be a part of a cell.
"""

import re
from collections.abc import Sequence

from audit_utils.forms.marks import PAGE_NUMBER
from audit_utils.records import Line

BARE = re.compile(r"(\d{1,4})(?:\s*[/／]\s*\d{1,4})?", re.ASCII)
"""A number, or one of all: 3 / 9."""
SEVERAL = 2
"""Bare numbers that go on with the pages and are no chance."""


def without_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """The lines but for page numbers; the line below one at a page's top begins that page."""
    own = _at_edges(lines)
    kept: list[Line] = []
    breaks = False
    for line in lines:
        if PAGE_NUMBER.match(line.text):
            continue
        if line.number in own:
            breaks = breaks or line.breaks
            continue
        kept.append(line._replace(breaks=True) if breaks else line)
        breaks = False
    return kept


def may_be_one(text: str) -> bool:
    """Whether what stands alone on a line may be a page number."""
    return text[0].isdigit() and bool(BARE.fullmatch(text))


def _at_edges(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines with a bare page number."""
    edges = [
        line
        for place, line in enumerate(lines)
        if may_be_one(line.text)
        and (
            lines[max(place - 1, 0)].page < line.page
            or line.page < lines[min(place + 1, len(lines) - 1)].page
            or (place + 1 == len(lines) and line.page > 1)
        )
    ]
    first = [int(re.split(r"\s*[/／]", line.text)[0]) - line.page for line in edges]
    going_on = len(set(first)) == 1 and (len(first) >= SEVERAL or first[0] == 0)
    return {line.number for line in edges} if going_on else set()
