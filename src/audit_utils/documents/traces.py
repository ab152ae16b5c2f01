"""A document that shows the labels of a form and of which nothing was read: that is told.

It is the last net: whatever went wrong before, a form is never lost in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Document, Problem

_PARTS = {
    "indicator_columns": ("level1", "level2", "name", "target", "actual"),
    "head": ("name", "department", "unit"),
    "fund_columns": ("initial_budget", "annual_budget", "executed"),
}
"""Part of a form -> labels that tell it."""
_INDICATORS, _OTHERS = 3, 2
"""How many labels of indicators, and of the rest, make it likely that there is a form."""
_SHORT = 3
"""Labels that are no longer are words of any text."""
_SENTENCE = re.compile("[，。；、]")
_MESSAGE = "the document shows the labels of a form, and none was read"


def told(document: Document) -> Document:
    """The document; with a problem if it may hold a form and says nothing of it."""
    if document.forms or document.problems:
        return document
    found = set(_labels("".join(_printed(quote.text) for quote in document.lines)))
    indicators = sum(part == "indicator_columns" for part, _ in found)
    if indicators < _INDICATORS or len(found) - indicators < _OTHERS:
        return document
    first, last = document.lines[0], document.lines[-1]
    problem = Problem(_MESSAGE, first.line, last.line, first.page)
    return replace(document, problems=(problem,))


def _printed(line: str) -> str:
    """A line without its sentences: they speak of a form, and print no more than a label each."""
    parts = [fold(part) for part in _SENTENCE.split(line)]
    return "".join(parts if len(parts) == 1 else (p for p in parts if len(set(_labels(p))) > 2))


def _labels(text: str) -> Iterator[tuple[str, str]]:
    """The labels in a text: the part of the form that they belong to, and their meaning."""
    parts = vocabulary().parts
    for part, meanings in _PARTS.items():
        for label, means in parts[part].items():
            if len(label) > _SHORT and len(means) == 1 and means[0] in meanings and label in text:
                yield part, means[0]
