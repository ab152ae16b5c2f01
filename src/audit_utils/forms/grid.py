"""All forms of a grid: tables with cells -> the same records as from plain text."""

from collections.abc import Sequence

from audit_utils.documents.grid import Table
from audit_utils.records import Form, Problem


def read_forms(tables: Sequence[Table]) -> tuple[tuple[Form, ...], tuple[Problem, ...]]:
    """The forms of a document's tables in printed order, and what could not be read.

    A form that is recognised but not fully understood is no form here: it is a problem
    that says what is missing and where.
    """
    return (), ()
