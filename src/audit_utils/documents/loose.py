"""Forms printed outside of all tables: they cannot be read, and that is told."""

from collections.abc import Iterator, Sequence

from audit_utils.forms.content import REFUSED
from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.grid import Grid
from audit_utils.records import Problem, Quote

_MESSAGE = "a form without the lines of a table: which text is which cell is not known"


def loose_forms(grid: Grid, told: Sequence[Problem]) -> Iterator[Problem]:
    """A problem for each stretch of text that names a project and then heads of indicators.

    None where the front end has told already why it read no form there.
    """
    found = list(_stretches(grid))
    places = [problem.line_start for problem in told if problem.message.startswith(REFUSED)]
    known = [max((f.line for f, _ in found if f.line <= place), default=0) for place in places]
    for first, last in found:
        if first.line not in known:
            yield Problem(_MESSAGE, first.line, last.line, first.page, first.text)


def _stretches(grid: Grid) -> Iterator[tuple[Quote, Quote]]:
    """The first and the last line of each stretch."""
    for texts in (*(table.before for table in grid.tables), grid.after):
        name = _first(texts, "head", ("name",))
        if name is not None and _has_heads(texts[name:]):
            yield texts[name], texts[-1]


def _has_heads(texts: Sequence[Quote]) -> bool:
    """Whether heads of indicators begin a line, or stand in one without anything between them."""
    if _first(texts, "indicator_columns", ("level1", "name")) is not None:
        return True
    words = vocabulary()
    first, second = (words.texts("indicator_columns", level) for level in ("level1", "level2"))
    glued = [one + other for one in first for other in second]
    return any(heads in fold(line.text) for line in texts for heads in glued)


def _first(texts: Sequence[Quote], part: str, meanings: Sequence[str]) -> int | None:
    """The place of the first line that begins with a label of one of these meanings."""
    words = vocabulary().parts[part]
    labels = tuple(text for text, means in words.items() if set(means) & set(meanings))
    return next((n for n, one in enumerate(texts) if fold(one.text).startswith(labels)), None)
