"""What a person sees of a command: results on stdout, progress and messages on stderr.

Names come from documents: nothing that is printed here can steer a terminal.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_WIDEST = 80
"""Places that a cell of a table takes at most; JSON has all of it."""
_SHOWN = 20
"""More lines of a kind than this are counted, not listed."""


def say(text: str, stream: TextIO | None = None) -> None:
    print(printable(text), file=stream or sys.stdout)


def printable(text: str) -> str:
    """The text without anything that could steer a terminal: names come from documents."""
    return "".join(
        _escape(sign) if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in text
    )


def _escape(sign: str) -> str:
    """As JSON writes it, so that JSON stays JSON."""
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def print_rows(rows: Sequence[dict[str, Any]], form: str) -> None:
    if form == "json":
        print_json(rows)
        return
    for line in _aligned(rows):
        say(line)


def print_json(value: object) -> None:
    for line in json.dumps(value, ensure_ascii=False, indent=2, default=str).split("\n"):
        say(line)


def _aligned(rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    """A head and the rows, in columns; Chinese signs are two places wide."""
    lines = (
        [list(rows[0]), *([_shown(value) for value in row.values()] for row in rows)]
        if rows
        else []
    )
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _shown(value: object) -> str:
    """The text of a cell; of a long one, as of a file's name, its beginning and its end."""
    text = "-" if value is None else printable(str(value))
    if _width(text) <= _WIDEST:
        return text
    half = next(n for n in range(len(text)) if _width(text[: n + 1] + text[-n - 1 :]) >= _WIDEST)
    return f"{text[:half]}…{text[-half:]}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr for a person, a line a step for a log."""
    if not sys.stderr.isatty():
        yield _steps_in_a_log()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    # Drawn at each step and not by a thread of its own: reports are made by forks.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total, refresh=True)

        yield show


def _steps_in_a_log() -> Callable[[str, int, int], None]:
    seen: set[str] = set()

    def show(step: str, done: int, total: int) -> None:
        if step not in seen:
            seen.add(step)
            say(f"{step} ...", sys.stderr)

    return show


def print_list(title: str, lines: Sequence[str], stream: TextIO) -> None:
    for line in lines[:_SHOWN]:
        say(f"{title}: {line}", stream)
    if len(lines) > _SHOWN:
        say(f"{title}: {len(lines) - _SHOWN} more", stream)
