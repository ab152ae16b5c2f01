"""Plain text as a PDF extractor (Apache Tika) writes it: bytes -> lines with places.

A blank line stands between paragraphs, four newlines stand for a page break; some
documents keep of a page break one leading blank only.  A form feed is a page break too.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from audit_utils.errors import AuditError
from audit_utils.records import Line, Quote

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u0080-\u009f\ufeff\ufffe\uffff]")
_DAMAGED = "the file is damaged: it is UTF-8 with bytes that are no characters"
_FEW = 20
"""One wrong byte among so many characters is damage, more of them another encoding."""
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)
_HEAD = 1 << 13
BREAK_LINES = 3
"""Blank lines in a row that stand for a page break."""


def decode(data: bytes, path: Path) -> str:
    """Text in UTF-8, GB18030, or UTF-16 with its mark; AuditError for anything else."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise AuditError("the file is empty", path)
    if data.startswith(_UTF16):
        return _utf16(data, path)
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise AuditError("the file is binary (it holds a NUL byte), not text", path, line)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _nearly_utf8(data):  # GB18030 would make other Chinese of it
            line = data.count(b"\n", 0, error.start) + 1
            raise AuditError(_DAMAGED, path, line) from error
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AuditError("the file is neither UTF-8 nor GB18030 text", path, line) from error


def opening(data: bytes) -> bytes:
    """What a file begins with, in UTF-8 where it is UTF-16; any other file as it is."""
    return data[:_HEAD].decode("utf-16", "ignore").encode() if data.startswith(_UTF16) else data


def _utf16(data: bytes, path: Path) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise AuditError("the file is damaged: it cannot be read as UTF-16", path) from error
    if not text.strip():
        raise AuditError("the file is empty", path)
    return text


def _nearly_utf8(data: bytes) -> bool:
    """Whether hardly any byte beyond ASCII is no UTF-8."""
    text = data.decode("utf-8", "replace")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") * _FEW < beyond


def read_lines(text: str) -> list[Line]:
    """The lines that hold something, each with its page."""
    lines: list[Line] = []
    page, blank = 1, 0
    for number, raw in enumerate(_split(text), 1):
        content = CONTROL.sub("", raw).strip()
        if not content:
            blank += 1
            page += raw.count("\f") if lines else 0
            continue
        breaks = starts_page(raw, blank) if lines else False
        page += breaks
        lines.append(Line(number, page, content, blank > 0, breaks or not lines))
        blank = 0
    return lines


def quotes(text: str, lines: list[Line]) -> tuple[Quote, ...]:
    """The same lines as they stand, blanks and control characters included."""
    raw = _split(text)
    return tuple(Quote(line.page, line.number, raw[line.number - 1]) for line in lines)


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def starts_page(raw: str, blank: int) -> bool:
    """A page starts after three blank lines, at a form feed, or with exactly one blank."""
    return blank >= BREAK_LINES or "\f" in raw or (raw[0] == " " and raw[1:2] not in ("", " "))


def control_characters(text: str) -> list[tuple[int, str]]:
    """Line number and code points of control characters, which no form prints."""
    return [
        (number, " ".join(f"U+{ord(c):04X}" for c in CONTROL.findall(line)))
        for number, line in enumerate(text.split("\n"), 1)
        if CONTROL.search(line)
    ]
