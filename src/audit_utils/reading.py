"""Reads several documents at a time; whatever one of them does, the others are read.

Documents are read in processes beside this one, with limits on time and memory: one that
hangs, grows or crashes is told, and its process ends alone.
"""

import multiprocessing
import os
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from audit_utils import documents, files
from audit_utils.documents import limits
from audit_utils.errors import AuditError
from audit_utils.forms.vocabulary import vocabulary
from audit_utils.records import Document

_Refusal = tuple[str, int | None]
"""Message and line: an AuditError as it comes through a pipe."""


_COUNTS: list[Any] = []
"""Numbers in memory that forks of this process share with it."""


class _Task(NamedTuple):
    """A document being read, with the process that does it."""

    place: int
    process: BaseProcess
    deadline: float


def read(paths: Sequence[Path], jobs: int = 0) -> tuple[list[Document], dict[str, AuditError]]:
    """The documents that can be used, and for the others name -> why not; names as in `names`.

    Raises AuditError when the file of labels cannot be used.
    """
    vocabulary()  # broken, it would be told of every document
    usable: list[Document] = []
    refused: dict[str, AuditError] = {}
    results = {}
    for place, outcome in _results(paths, jobs or cores()):
        results[place] = outcome
        for counts in _COUNTS:
            counts[:] = [len(results), len(paths)]
    for place, (name, path) in enumerate(names(paths).items()):
        result = results[place]
        if isinstance(result, Document):
            usable.append(replace(result, name=name))
        else:
            message, line = result
            refused[name] = AuditError(message, path, line)
    return usable, refused


@contextmanager
def counted() -> Iterator[Callable[[], tuple[int, int]]]:
    """How many documents are read, and how many there are (1 while nobody knows).

    It counts what a process reads that is forked inside.
    """
    counts = multiprocessing.get_context("fork").Array("i", [0, 1])
    _COUNTS.append(counts)
    try:
        yield lambda: (counts[0], counts[1])
    finally:
        _COUNTS.remove(counts)


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


# ---- processes that read


def _results(paths: Sequence[Path], jobs: int) -> Iterator[tuple[int, Document | _Refusal]]:
    """Place -> result, as they come; a process goes on to the next document if all went well."""
    documents.prepare(paths)
    waiting = deque(enumerate(paths))
    tasks: dict[Connection, _Task] = {}
    idle: list[tuple[Connection, BaseProcess]] = []
    try:
        while waiting or tasks:
            while waiting and len(tasks) < jobs:
                pipe, process = idle.pop() if idle else _start()
                place, path = waiting.popleft()
                pipe.send(path)
                deadline = monotonic() + limits.SECONDS * limits.PATIENCE
                tasks[pipe] = _Task(place, process, deadline)
            for pipe in _ended(tasks):
                task = tasks.pop(pipe)
                result = _result(pipe, task.process)
                if isinstance(result, Document):
                    idle.append((pipe, task.process))
                else:
                    _stop(pipe, task.process)
                yield task.place, result
    finally:
        for pipe, process in [*idle, *((pipe, task.process) for pipe, task in tasks.items())]:
            _stop(pipe, process)


def _start() -> tuple[Connection, BaseProcess]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    with warnings.catch_warnings():
        # Python 3.12 warns of threads here: those of numpy and Arrow, idle and fork-safe.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    theirs.close()
    return ours, process


def _stop(pipe: Connection, process: BaseProcess) -> None:
    pipe.close()
    process.kill()
    process.join()


def _ended(tasks: dict[Connection, _Task]) -> list[Connection]:
    """Those that have something to say, or whose time is over."""
    first = min(task.deadline for task in tasks.values())
    ready = wait(list(tasks), max(0.0, first - monotonic()))
    late = [pipe for pipe, task in tasks.items() if task.deadline <= monotonic()]
    return [pipe for pipe in tasks if pipe in ready or pipe in late]


def _result(pipe: Connection, process: BaseProcess) -> Document | _Refusal:
    try:
        if pipe.poll():
            result: Document | _Refusal = pipe.recv()
            return result
    except (EOFError, OSError):
        process.join()
        if process.exitcode != -signal.SIGPROF:
            return "cannot be read: reading it ended the process", None
    return limits.over(limits.SECONDS, "seconds to read", verb="takes").message, None


def _serve(pipe: Connection) -> None:
    """Read the documents that are asked for, until nobody asks any more."""
    limits.cap_memory()
    with suppress(EOFError, OSError):
        while True:
            path = pipe.recv()
            signal.setitimer(signal.ITIMER_PROF, limits.SECONDS)  # ends the process
            pipe.send(_read(path))


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
