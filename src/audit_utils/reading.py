"""Reads several documents at a time; whatever one of them does, the others are read."""

import multiprocessing
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from audit_utils import documents, files
from audit_utils.errors import AuditError
from audit_utils.records import Document

_Refusal = tuple[str, int | None]
"""Message and line: an AuditError as it comes through a pipe."""


def read(paths: Sequence[Path], jobs: int = 0) -> tuple[list[Document], dict[str, AuditError]]:
    """The documents that can be used, and for the others name -> why not; names as in `names`."""
    usable: list[Document] = []
    refused: dict[str, AuditError] = {}
    results = _results(paths, jobs or cores())
    for (name, path), result in zip(names(paths).items(), results, strict=True):
        if isinstance(result, Document):
            usable.append(replace(result, name=name))
        else:
            message, line = result
            refused[name] = AuditError(message, path, line)
    return usable, refused


def names(paths: Sequence[Path]) -> dict[str, Path]:
    """File name -> path; with the folders above it where several files have one name.

    Raises AuditError for a file that is named twice.
    """
    whole = [path.absolute() for path in paths]
    if len(set(whole)) < len(whole):
        raise AuditError("a document is named twice", max(paths, key=paths.count))
    depth = 1
    while len({path.parts[-depth:] for path in whole}) < len(whole):
        depth += 1
    short = ("/".join(path.parts[-depth:]) for path in whole)
    return {files.as_text(name): path for name, path in zip(short, paths, strict=True)}


def cores() -> int:
    """How many processes can run at a time."""
    return len(os.sched_getaffinity(0))


def _read(path: Path) -> Document | _Refusal:
    """A document, or why it is none; no document may stop the others, whatever it does."""
    if files.name(path) != path.name:
        return "cannot be read: its name is not UTF-8; rename it", None
    try:
        return documents.read(path)
    except AuditError as error:
        return error.message, error.line
    except Exception as error:
        return f"cannot be read: {type(error).__name__} in the reader", None


def _results(paths: Sequence[Path], jobs: int) -> Iterable[Document | _Refusal]:
    if len(paths) < 2 or jobs < 2:
        return map(_read, paths)
    return _in_parallel(paths, min(jobs, len(paths)))


def _in_parallel(paths: Sequence[Path], jobs: int) -> Iterator[Document | _Refusal]:
    done = 0
    try:
        for result in _pooled(paths, jobs):
            yield result
            done += 1
    except BrokenProcessPool:  # a document ended its process: which one?
        yield from map(_read_alone, paths[done:])


def _read_alone(path: Path) -> Document | _Refusal:
    try:
        return next(_pooled([path], 1))
    except BrokenProcessPool:
        return "cannot be read: reading it ended the process", None


def _pooled(paths: Sequence[Path], jobs: int) -> Iterator[Document | _Refusal]:
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        with warnings.catch_warnings():
            # Python 3.12 warns of threads here: those of numpy and Arrow, idle and fork-safe.
            warnings.simplefilter("ignore", DeprecationWarning)
            results = pool.map(_read, paths)
        yield from results
