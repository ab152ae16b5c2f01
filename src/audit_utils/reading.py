"""Reads several documents at a time; whatever one of them does, the others are read.

Each document is read in a process of its own, with limits on time and memory: one that
hangs, grows or crashes is told, and ends alone.
"""

import multiprocessing
import os
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from audit_utils import documents, files
from audit_utils.documents import limits
from audit_utils.errors import AuditError
from audit_utils.records import Document

_Refusal = tuple[str, int | None]
"""Message and line: an AuditError as it comes through a pipe."""
_CRASHED = "cannot be read: reading it ended the process"


class _Running(NamedTuple):
    place: int
    process: BaseProcess
    deadline: float


def read(paths: Sequence[Path], jobs: int = 0) -> tuple[list[Document], dict[str, AuditError]]:
    """The documents that can be used, and for the others name -> why not; names as in `names`."""
    usable: list[Document] = []
    refused: dict[str, AuditError] = {}
    results = dict(_results(paths, jobs or cores()))
    for place, (name, path) in enumerate(names(paths).items()):
        result = results[place]
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


# ---- a process a document


def _results(paths: Sequence[Path], jobs: int) -> Iterator[tuple[int, Document | _Refusal]]:
    """Place -> result, as they come."""
    documents.prepare(paths)
    waiting = deque(enumerate(paths))
    running: dict[Connection, _Running] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                connection, started = _start(*waiting.popleft())
                running[connection] = started
            for connection in _ended(running):
                one = running.pop(connection)
                yield one.place, _result(connection, one.process)
    finally:
        for one in running.values():
            one.process.kill()


def _start(place: int, path: Path) -> tuple[Connection, _Running]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(path, theirs), daemon=True)
    with warnings.catch_warnings():
        # Python 3.12 warns of threads here: those of numpy and Arrow, idle and fork-safe.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return ours, _Running(place, process, monotonic() + limits.SECONDS)


def _ended(running: dict[Connection, _Running]) -> list[Connection]:
    """Those that have something to say, or whose time is over."""
    first = min(one.deadline for one in running.values())
    ready = wait(list(running), max(0.0, first - monotonic()))
    late = [pipe for pipe, one in running.items() if one.deadline <= monotonic()]
    return [pipe for pipe in running if pipe in ready or pipe in late]


def _result(connection: Connection, process: BaseProcess) -> Document | _Refusal:
    try:
        if connection.poll():
            result: Document | _Refusal = connection.recv()
            return result
        return limits.over(limits.SECONDS, "seconds to read", verb="takes").message, None
    except (EOFError, OSError):
        return _CRASHED, None
    finally:
        connection.close()
        process.kill()
        process.join()


def _send(path: Path, connection: Connection) -> None:
    limits.cap_memory()
    connection.send(_read(path))
    connection.close()


def _read(path: Path) -> Document | _Refusal:
    """A document, or why it is none; no document may stop the others, whatever it does."""
    if files.name(path) != path.name:
        return "cannot be read: its name is not UTF-8; rename it", None
    try:
        return documents.read(path)
    except AuditError as error:
        return error.message, error.line
    except MemoryError:
        return limits.over(limits.MEMORY_MB, "MB of memory to read", verb="needs").message, None
    except Exception as error:
        return f"cannot be read: {type(error).__name__} in the reader", None
