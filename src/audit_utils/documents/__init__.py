"""Documents: a file -> its forms with their cells, and what could not be read."""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit_utils.documents.text import control_characters, decode, quotes, read_lines
from audit_utils.errors import AuditError
from audit_utils.forms import read_forms
from audit_utils.records import Document, Problem


@contextmanager
def collector_paused() -> Iterator[None]:
    """Thousands of small records that all stay: looking for garbage among them finds none."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def read(path: Path) -> Document:
    """Everything that a document holds.

    A document without any form has `forms == ()`: that is an answer.  Raises AuditError
    for a file that cannot be used at all: missing, unreadable, empty, binary.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", path) from error
    text = decode(data, path)
    with collector_paused():
        lines = read_lines(text)
        forms, problems = read_forms(lines)
    control = tuple(
        Problem(f"control characters ({codes}) left out", number, number, 1)
        for number, codes in control_characters(text)
    )
    return Document(
        name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        pages=max((line.page for line in lines), default=0),
        forms=forms,
        problems=problems + control,
        lines=quotes(text, lines),
    )
