"""Documents: a file -> its forms with their cells, and what could not be read."""

import gc
import hashlib
import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from audit_utils.documents import limits, traces
from audit_utils.documents.assembly import quotes as quotes_of
from audit_utils.documents.kinds import HEAD, drawn_as, kind_of, likely
from audit_utils.documents.loose import loose_forms
from audit_utils.documents.text import control_characters, decode, opening, quotes, read_lines
from audit_utils.errors import AuditError
from audit_utils.forms import read_forms
from audit_utils.forms.grid import read_forms as read_grid
from audit_utils.grid import Grid
from audit_utils.records import Document, Problem

_Reader = Callable[[bytes, Path], tuple[Grid, int, list[Problem]]]
"""Bytes -> grid, number of pages or sheets, and what the front end could not read."""


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
    for a file that cannot be used at all: missing, unreadable, empty, of a kind that is
    not read, damaged, locked, or beyond the limits.
    """
    data = _bytes(path)
    kind = kind_of(opening(data), path)
    try:
        with collector_paused():
            if kind == "text":
                kind = drawn_as(decode(data, path))
            document = _read_text(data, path) if kind == "text" else _read_grid(data, path, kind)
            return traces.told(document)
    except RecursionError as error:
        raise limits.over(limits.LEVELS, "levels of elements inside one another", path) from error


def prepare(paths: Iterable[Path]) -> None:
    """Import what reading these files will take, once and not in a process a file."""
    for path in paths:
        if path.is_file():
            with suppress(OSError), path.open("rb") as stream:
                for kind in likely(stream.read(HEAD)):
                    _reader(kind)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe would never end
            raise AuditError("is no file", path)
        limits.check(path.stat().st_size / limits.MB, limits.FILE_MB, "MB", path)
        return path.read_bytes()
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", path) from error


def _read_text(data: bytes, path: Path) -> Document:
    text = decode(data, path)
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


def _read_grid(data: bytes, path: Path, kind: str) -> Document:
    grid, pages, problems = _reader(kind)(data, path)
    forms, told = read_grid(grid.tables)
    lines = quotes_of(grid)
    if not lines and not problems:
        problems = [Problem("the document shows no text", 1, 1, 1)]
    return Document(
        name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        pages=pages,
        forms=forms,
        problems=(*problems, *told, *loose_forms(grid, problems)),
        lines=lines,
        kind=kind,
    )


def _reader(kind: str) -> _Reader:
    reader: _Reader = importlib.import_module(f"audit_utils.documents.{kind}").read
    return reader
