"""Every sentence about a document is there in Chinese, for the pages."""

import re
from pathlib import Path

import pytest

from audit_utils import documents, reading
from audit_utils.documents import kinds
from audit_utils.report import wording

FOLDER = Path(documents.__file__).parent
SENTENCE = re.compile(r'f?"((?:the|a|is|has|cannot|row|column|rows) [^"\n]{8,})"')
DAMAGED = re.compile(r'damaged\(f?"([^"]+)"\)')
PIECES = {"a document is named twice", "row 7", "column 7", "the file is damaged: 7"}
"""No messages by themselves, or not about one document."""
HIDDEN = {
    "row 4 is hidden: what it holds is left out",
    "column C is hidden: what it holds is left out",
}


def sentences() -> set[str]:
    """What stands between quotes in the modules and reads like a message; fields filled in."""
    sources = [*FOLDER.rglob("*.py"), Path(reading.__file__)]
    code = "".join(re.sub(r'"""(?s:.*?)"""', "", path.read_text("utf-8")) for path in sources)
    found = {match[1] for match in SENTENCE.finditer(code)}
    found |= {f"the file is damaged: {match[1]}" for match in DAMAGED.finditer(code)}
    found |= {message for _, message in (*kinds.REFUSED, *kinds.ZIPS)}
    return ({re.sub(r"\{[^}]*\}", "7", one) for one in found} - PIECES) | HIDDEN


def test_sentences_are_found() -> None:
    assert len(sentences()) > 25


@pytest.mark.parametrize("sentence", sorted(sentences()))
def test_it_is_there_in_chinese(sentence: str) -> None:
    assert wording.chinese(sentence) != sentence
    assert not re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{2,}", wording.chinese(sentence))


def test_limits_name_their_unit_in_chinese() -> None:
    message = documents.limits.over(5000, "pages").message
    assert wording.chinese(message) == "超过对一个文件的限制：5,000 页"
