"""How each document ended: forms read, no form in it, or not understood."""

from collections.abc import Mapping
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from audit_utils.forms.vocabulary import vocabulary

Ended = Literal["read", "copy", "no form", "partly understood", "not understood"]
"""`copy`: another document shows its forms better; `not understood`: nothing of it was read."""

_TITLES = ("self_evaluation", "target_declaration")
_LONGEST_TITLE = 80


def ended(document: Mapping[str, Any] | None, problems: int) -> Ended:
    """How a document ended: its row in the table (None: it has none), its number of problems."""
    if document is None:
        return "not understood"
    if document["forms"] or document["copies"]:
        whole: Ended = "read" if document["forms"] else "copy"
        return "partly understood" if problems else whole
    return "not understood" if problems else "no form"


def titles(documents: pa.Table, lines: pa.Table) -> dict[str, dict[str, Any]]:
    """Document without any form -> its first line that is the title of one.

    The form itself may be an attachment, or a picture.
    """
    rows = documents.to_pylist()
    without = [row["document"] for row in rows if not (row["forms"] or row["copies"])]
    own = lines.filter(pc.is_in(lines["document"], pa.array(without, pa.string())))
    found: dict[str, dict[str, Any]] = {}
    for row in own.to_pylist():
        text = row["text"]
        if len(text) <= _LONGEST_TITLE and vocabulary().title(text) in _TITLES:
            found.setdefault(row["document"], row)
    return found
