"""Forms printed outside of all tables: they cannot be read, and that is told."""

from collections.abc import Iterator, Sequence

from audit_utils.documents.grid import Grid
from audit_utils.forms.vocabulary import fold, vocabulary
from audit_utils.records import Problem, Quote

_MESSAGE = "a form without the lines of a table: which text is which cell is not known"


def loose_forms(grid: Grid) -> Iterator[Problem]:
    """A problem for each stretch of text that names a project and then heads of indicators."""
    for texts in (*(table.before for table in grid.tables), grid.after):
        name = _first(texts, "head", ("name",))
        if (
            name is not None
            and _first(texts[name:], "indicator_columns", ("level1", "name")) is not None
        ):
            first, last = texts[name], texts[-1]
            yield Problem(_MESSAGE, first.line, last.line, first.page, first.text)


def _first(texts: Sequence[Quote], part: str, meanings: Sequence[str]) -> int | None:
    """The place of the first line that begins with a label of one of these meanings."""
    words = vocabulary().parts[part]
    labels = tuple(text for text, means in words.items() if set(means) & set(meanings))
    return next((n for n, one in enumerate(texts) if fold(one.text).startswith(labels)), None)
