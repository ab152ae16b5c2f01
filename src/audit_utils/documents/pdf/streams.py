"""Streams of a PDF as they are stored -> what they hold, or that they are damaged."""

import binascii
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from audit_utils.documents.pdf.objects import Objects, Stream

_FLATE = {"FlateDecode", "Fl"}
_BLANKS = b"\0\t\n\f\r "
_HEAD, _TAIL = 2, 4
"""Bytes of a packed stream before and behind what is packed; the last ones check it."""
_END = 128
"""What a stream of run lengths ends with."""


class DamagedError(ValueError):
    """A stream that ends too early, or is not what it was when it was written."""


class TooLargeError(ValueError):
    """A stream that holds more than was asked for."""


def unpacked(stream: Stream, objects: Objects, most: int) -> bytes | None:
    """What a stream holds; None where it is packed in a way that is not known here.

    Raises DamagedError, and TooLargeError for more than `most` bytes.
    """
    data = stream.data
    steps = zip(*_filters(stream, objects), strict=True)
    for name, parameters in steps:
        if name not in _STEPS or objects.entries(parameters).get("Predictor", 1) != 1:
            return None
        try:
            data = _STEPS[name](data, most)
        except (zlib.error, binascii.Error, ValueError) as error:
            if isinstance(error, TooLargeError):
                raise
            raise DamagedError(str(error)) from error
        if len(data) > most:
            raise TooLargeError
    return data


def _filters(stream: Stream, objects: Objects) -> tuple[list[Any], list[Any]]:
    entries = stream.entries
    names = [objects.get(one) for one in objects.items(entries.get("Filter", entries.get("F")))]
    parameters = objects.items(entries.get("DecodeParms", entries.get("DP")))
    return names, (parameters + [None] * len(names))[: len(names)]


def _inflated(data: bytes, most: int) -> bytes:
    """Without the sum that checks it where that was cut off; a wrong sum is damage."""
    unpacking = zlib.decompressobj()
    out = unpacking.decompress(data, most + 1)
    if len(out) > most:
        raise TooLargeError
    if not unpacking.eof:
        plain = zlib.decompressobj(-zlib.MAX_WBITS)
        out = plain.decompress(data[_HEAD:], most + 1)
        if not plain.eof or len(plain.unused_data) >= _TAIL:
            raise DamagedError("it ends too early")
    return out


def _text_of_85(data: bytes, most: int) -> bytes:
    """As base64.a85decode, many times as fast."""
    text = data.split(b"~", 1)[0].translate(None, _BLANKS)
    if len(text) + text.count(b"z") * 4 > most * 5 / 4 + 5:
        raise TooLargeError
    text = text.replace(b"z", b"!!!!!")
    missing = -len(text) % 5
    digits = np.frombuffer(text + b"u" * missing, np.uint8).reshape(-1, 5).astype(np.int64) - 33
    numbers = digits @ np.array([85**4, 85**3, 85**2, 85, 1])
    if digits.size and (digits.min() < 0 or digits.max() >= 85 or numbers.max() >> 32):
        raise ValueError("no number of base 85")
    out: bytes = numbers.astype(">u4").tobytes()
    return out[: len(out) - missing]


def _text_of_16(data: bytes, _: int) -> bytes:
    digits = data.split(b">", 1)[0].translate(None, _BLANKS)
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


def _run_lengths(data: bytes, most: int) -> bytes:
    out, at = bytearray(), 0
    while at < len(data) and data[at] != _END and len(out) <= most:
        count, rest = data[at], data[at + 1 : at + 2 + _END]
        repeated = count > _END
        out += rest[:1] * (2 * _END + 1 - count) if repeated else rest[: count + 1]
        at += 2 if repeated else count + 2
    return bytes(out)


_STEPS: dict[str, Callable[[bytes, int], bytes]] = {
    **dict.fromkeys(_FLATE, _inflated),
    **dict.fromkeys(("ASCII85Decode", "A85"), _text_of_85),
    **dict.fromkeys(("ASCIIHexDecode", "AHx"), _text_of_16),
    **dict.fromkeys(("RunLengthDecode", "RL"), _run_lengths),
}
