"""Tables inside of tables: is the inner one the content, or only part of a cell?"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from audit_utils.documents.assembly import Box, Item, Text
from audit_utils.forms.vocabulary import vocabulary


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
    """The table of these cells; but what they hold when that is the content of the page.

    Web pages and some text documents lay out a whole page, forms and all, in one table: what
    it holds is larger than itself, or is a form, and it is none.
    """
    tables = [item for item in inner if not isinstance(item, Text)]
    largest = max(map(len, tables), default=0)
    forms = not _names_project(boxes) and any(map(_names_project, tables))
    if largest > len(boxes) or forms:
        yield from inner
    elif boxes:
        yield boxes


def _names_project(boxes: Iterable[Box]) -> bool:
    """Whether a form begins in a table."""
    words = vocabulary()
    return any(words.meaning("head", box.text) == "name" for box in boxes)
