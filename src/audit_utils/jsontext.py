"""JSON that people write, read with the line that each entry starts on."""

import json
import re
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

from audit_utils.errors import AuditError

Keys = tuple[str | int, ...]
"""The way to an entry: names, and places in lists from 0."""

_BETWEEN = ", \t\r\n"
_DECODER = json.JSONDecoder()


def load(path: Path) -> Any:
    """The content of a JSON file; raises AuditError that names file and line.

    A name that stands twice in one object is refused too: what the first holds would be lost.
    """
    try:
        text = path.read_text("utf-8")
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise AuditError(f"is not JSON: {error.msg}", path, error.lineno) from error
    except _TwiceError as error:
        raise AuditError(f"{error} stands there twice", path, _second(text)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError("cannot be read as UTF-8", path) from error


def lines(path: Path) -> dict[Keys, int]:
    """The way to every entry of a file that can be loaded -> the line that it starts on."""
    text = path.read_text("utf-8")
    return {keys: text.count("\n", 0, at) + 1 for keys, at in _places(text, _skip(text, 0), ())}


def entries(path: Path, key: str) -> Iterator[tuple[Any, int]]:
    """The entries of the list under `key`, each with the line that it starts on.

    `key` stands once in the file, in front of a list, before anything else is called so.
    """
    count = len(load(path)[key])
    text = path.read_text("utf-8")
    start = re.search(rf'"{re.escape(key)}"\s*:\s*\[', text)
    position = start.end() if start else 0
    for _ in range(count):
        position += len(text[position:]) - len(text[position:].lstrip(_BETWEEN))
        entry, end = _DECODER.raw_decode(text, position)
        yield entry, text.count("\n", 0, position) + 1
        position = end


class _TwiceError(Exception):
    """A name stands twice in one object."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def _second(text: str) -> int:
    """The line of the first entry that has the way of an earlier one."""
    seen: set[Keys] = set()
    for keys, at in _places(text, _skip(text, 0), ()):
        if keys in seen:
            return text.count("\n", 0, at) + 1
        seen.add(keys)
    return 1


def _places(text: str, at: int, keys: Keys) -> Generator[tuple[Keys, int], None, int]:
    """Each entry from a place on with where it starts; returns where the value there ends."""
    yield keys, at
    opening = text[at]
    if opening not in "{[":
        return _DECODER.raw_decode(text, at)[1]
    at, number = _skip(text, at + 1), 0
    while text[at] not in "}]":
        key: str | int = number
        if opening == "{":
            key, at = _DECODER.raw_decode(text, at)
        at = yield from _places(text, _skip(text, at), (*keys, key))
        at, number = _skip(text, at), number + 1
    return at + 1


def _skip(text: str, at: int) -> int:
    """The next place that is neither white space nor a comma or colon."""
    while text[at] in _BETWEEN or text[at] == ":":
        at += 1
    return at
