"""Tables inside of tables: is the inner one the content, or only part of a cell?"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from audit_utils.documents.assembly import Box, Item, Text


def flat(items: Sequence[Item]) -> str:
    """What a cell shows as lines: of a table inside of it, a line a row."""
    lines: list[str] = []
    for item in items:
        if isinstance(item, Text):
            lines.append(item.text)
        else:
            rows = groupby(item, attrgetter("row"))
            lines += (" ".join(box.text for box in row if box.text) for _, row in rows)
    return "\n".join(lines)


def outer(boxes: Sequence[Box], inner: Sequence[Item]) -> Iterator[Item]:
    """The table of these cells; but what they hold when that is larger than the table itself.

    Web pages and some text documents lay out a whole page, forms and all, in one table.
    """
    largest = max((len(item) for item in inner if not isinstance(item, Text)), default=0)
    if largest > len(boxes):
        yield from inner
    elif boxes:
        yield boxes
