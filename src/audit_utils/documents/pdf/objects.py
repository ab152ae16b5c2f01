"""The objects of a PDF: its dictionaries, and its streams as they are stored.

PDFium tells nothing of them, but writes a copy of the file as it has understood it: whole,
without passwords, every object by itself at the place that its table names.  That copy is
taken apart here, object by object as they are asked for.
"""

import io
import re
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

_DEEPEST = 100
"""Values inside of values; PDFium itself stops at 64."""
_LONGEST = 20
"""References that lead to references."""
_BLANK = rb"[\0\t\n\f\r ]*+"
_TOKEN = re.compile(
    _BLANK + rb"(?:(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*+)"
    rb"|(?P<string>\()|<(?P<hex>[0-9A-Fa-f\0\t\n\f\r ]*+)>"
    rb"|(?P<number>\d++) \d++ R(?![A-Za-z])|(?P<plain>[^\0\t\n\f\r ()<>\[\]{}/%]++))"
)
_STRING = re.compile(rb"[^()\\]*+(?:\\.[^()\\]*+)*+", re.S)
_STREAM = re.compile(_BLANK + rb"stream\r?\n")
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_QUOTED = re.compile(rb"\\(.)", re.S)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NOTHING: dict[str, Any] = {}
_WORDS = {b"true": True, b"false": False, b"null": None}


class Ref(NamedTuple):
    """A value that stands elsewhere, by the number of its object."""

    number: int


class Stream(NamedTuple):
    """A stream with its dictionary and its bytes as they are stored."""

    entries: dict[str, Any]
    data: bytes


Value = Any
"""None, bool, float, bytes (a string), str (a name), Ref, Stream, or lists and dicts of these."""


class Objects:
    """The objects of an open document."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        stream = io.BytesIO()
        document.save(stream, flags=pdfium.FPDF_REMOVE_SECURITY)
        self._data = stream.getbuffer()
        self._places, self.trailer = _table(self._data)
        self._read: dict[int, Value] = {}

    def get(self, value: Value) -> Value:
        """What a value is, or what it refers to; None where that is nowhere."""
        for _ in range(_LONGEST):
            if not isinstance(value, Ref):
                return value
            if value.number not in self._read:
                self._read[value.number] = self._object(value.number)
            value = self._read[value.number]
        return None

    def entries(self, value: Value) -> dict[str, Any]:
        """The dictionary that a value is or refers to, that of a stream too; else an empty one."""
        found = self.get(value)
        if isinstance(found, Stream):
            return found.entries
        return found if isinstance(found, dict) else _NOTHING

    def items(self, value: Value) -> list[Any]:
        """The array that a value is or refers to; anything else that is given is an array of it."""
        found = self.get(value)
        if isinstance(found, list):
            return found
        return [] if value is None else [value]

    def _object(self, number: int) -> Value:
        place = self._places.get(number)
        if place is None:
            return None
        value, end = _value(self._data, place, 0)
        if isinstance(value, dict) and (begins := _STREAM.match(self._data, end)):
            length = self.get(value.get("Length"))
            size = int(length) if isinstance(length, float) else 0
            return Stream(value, bytes(self._data[begins.end() : begins.end() + size]))
        return value


def _table(data: memoryview) -> tuple[dict[int, int], dict[str, Any]]:
    """Number of an object -> where its value begins, and the dictionary of the whole."""
    starts = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", data[-100:])
    at = int(starts[1]) if starts else len(data)
    places: dict[int, int] = {}
    line = re.compile(rb"xref\s+|(\d+) (\d+)\s+").match(data, at)
    section = re.compile(rb"(\d+) (\d+)\s+")
    at = line.end() if line else len(data)
    while head := section.match(data, at):
        first, count = int(head[1]), int(head[2])
        at = head.end()
        for number in range(first, first + count):
            entry = bytes(data[at : at + 20])
            at += 20
            if entry[17:18] == b"n":
                head_of = re.compile(rb"\d+ \d+ obj").match(data, int(entry[:10]))
                if head_of:
                    places[number] = head_of.end()
    trailer = re.compile(rb"trailer").match(data, at)
    entries = _value(data, trailer.end(), 0)[0] if trailer else {}
    return places, entries if isinstance(entries, dict) else {}


def _value(data: memoryview, at: int, depth: int) -> tuple[Value, int]:
    """The value at a place, and where it ends; None where there is none."""
    token = _TOKEN.match(data, at)
    if token is None or token["close"] or depth > _DEEPEST:
        return None, at
    if token["open"] == b"[":
        return _array(data, token.end(), depth)
    if token["open"]:
        return _dictionary(data, token.end(), depth)
    if token["string"]:
        return _string(data, token.end())
    return _plain(token), token.end()


def _plain(token: re.Match[Any]) -> Value:
    if (name := token["name"]) is not None:
        return _ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), name).decode("latin-1")
    if (digits := token["hex"]) is not None:
        digits = digits.translate(None, b"\0\t\n\f\r ")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    if token["number"]:
        return Ref(int(token["number"]))
    word = token["plain"]
    return float(word) if _NUMBER.fullmatch(word) else _WORDS.get(word)


def _array(data: memoryview, at: int, depth: int) -> tuple[list[Value], int]:
    values: list[Value] = []
    while (token := _TOKEN.match(data, at)) and not token["close"]:
        value, end = _value(data, at, depth + 1)
        if end == at:
            return values, at
        values.append(value)
        at = end
    return values, token.end() if token else at


def _dictionary(data: memoryview, at: int, depth: int) -> tuple[dict[str, Value], int]:
    entries: dict[str, Value] = {}
    while (token := _TOKEN.match(data, at)) and token["name"] is not None:
        value, end = _value(data, token.end(), depth + 1)
        if end == token.end():
            return entries, at
        entries[_plain(token)] = value
        at = end
    return entries, token.end() if token and token["close"] else at


def _string(data: memoryview, at: int) -> tuple[bytes, int]:
    """A string, brackets inside of it counted."""
    start, depth = at, 1
    while depth:
        at = _STRING.match(data, at).end()  # type: ignore[union-attr]  # matches always
        if at >= len(data):
            break
        depth += 1 if data[at] == ord("(") else -1
        at += 1
    return _QUOTED.sub(_unquoted, data[start : at - 1]), at


def _unquoted(quoted: re.Match[Any]) -> bytes:
    code: bytes = quoted[1]
    return _CONTROLS.get(code, code)
