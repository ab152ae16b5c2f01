"""Bytes of a text document -> lines with their pages."""

from pathlib import Path

import pytest

from audit_utils import documents
from audit_utils.documents.text import decode, quotes, read_lines
from audit_utils.errors import AuditError
from audit_utils.records import Quote

HERE = Path("x.txt")
TEXT = "项目名称 河道保洁\n第二行\n"


@pytest.mark.parametrize(
    "data",
    [TEXT.encode("utf-8"), TEXT.encode("utf-8-sig"), TEXT.encode("gb18030"), TEXT.encode("gbk")],
    ids=["UTF-8", "UTF-8 with BOM", "GB18030", "GBK"],
)
def test_encodings(data: bytes) -> None:
    assert decode(data, HERE) == TEXT


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.txt: the file is empty"),
        (b"\xef\xbb\xbf \r\n\n", "x.txt: the file is empty"),
        (b"ab\ncd\x00ef", "x.txt:2: the file is binary (it holds a NUL byte), not text"),
        (b"ab\n\xff\xff", "x.txt:2: the file is neither UTF-8 nor GB18030 text"),
    ],
    ids=["nothing", "blanks only", "NUL byte", "no known encoding"],
)
def test_what_is_no_text(data: bytes, message: str) -> None:
    with pytest.raises(AuditError) as caught:
        decode(data, HERE)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("a\nb\n\nc", [1, 1, 1]),
        ("a\n\n\n\nb", [1, 2]),
        ("a\n\n\nb", [1, 1]),
        ("a\n b\nc", [1, 2, 2]),
        ("a\n  b", [1, 1]),
        ("a\n\fb", [1, 2]),
        (" a\nb", [1, 1]),
        ("a\r\n\r\n\r\n\r\nb", [1, 2]),
    ],
    ids=[
        "paragraphs", "four newlines", "three newlines", "one leading blank",
        "an indented line", "form feed", "the first line", "Windows line ends",
    ],
)  # fmt: skip
def test_pages(text: str, pages: list[int]) -> None:
    assert [line.page for line in read_lines(text)] == pages


def test_lines_keep_their_numbers_and_gaps() -> None:
    lines = read_lines("\na\n\nb\nc\n")
    assert [(line.number, line.text, line.gap) for line in lines] == [
        (2, "a", True),
        (4, "b", True),
        (5, "c", False),
    ]


def test_control_characters_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("说明\n没\x07有\x1b表\n", "utf-8")
    document = documents.read(path)
    assert [(p.line_start, p.message) for p in document.problems] == [
        (2, "control characters (U+0007 U+001B) left out")
    ]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be read: No such file"):
        documents.read(tmp_path / "missing.txt")


def test_lines_are_quoted_as_they_stand() -> None:
    text = "  得分 \r\n\r\n\u200b10\t\n"
    assert quotes(text, read_lines(text)) == (Quote(1, 1, "  得分 "), Quote(1, 3, "\u200b10\t"))
