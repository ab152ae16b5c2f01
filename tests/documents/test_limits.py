"""Hostile documents: each ends in a sentence, soon, and the documents beside it are read."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import handed
import pytest

from audit_utils import documents, reading
from audit_utils.documents import limits
from audit_utils.errors import AuditError
from audit_utils.records import Document

SOUND = Path(__file__).parents[1] / "data" / "corpus" / "013" / "raw.xlsx"
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY e0 "{"x" * 1000}">{ENTITIES}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>'


def told(tmp_path: Path, data: bytes) -> str:
    """What is said of a document; its text when it is read."""
    path = tmp_path / "x"
    path.write_bytes(data)
    try:
        return "\n".join(quote.text for quote in documents.read(path).lines)
    except AuditError as error:
        return error.message


@pytest.mark.parametrize("head", [BOMB, OUTSIDE], ids=["entity bomb", "file of this machine"])
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_entities_stay_what_they_are(head: str, kind: str, tmp_path: Path) -> None:
    started = time.monotonic()
    if kind == "docx":
        body = f"<w:body>{handed.paragraph('a&e9;b')}</w:body>"
        document = f"{head}<w:document {handed.W}>{body}</w:document>"
        data = handed.packed({"word/document.xml": document})
    else:
        sheet = f"{head}<worksheet {handed.S}>{handed.rows(['a&e9;b'])}</worksheet>"
        data = handed.xlsx({"表": ""}, more={"xl/worksheets/sheet1.xml": sheet})
    text = told(tmp_path, data)
    assert "root" not in text
    assert len(text) < 200
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            b" " * (40 * limits.MB),
            "grows more than 300 times when unpacked, the limit for one document",
        ),
        (os.urandom(8 * limits.MB), "has more than 5 MB when unpacked, the limit for one document"),
    ],
    ids=["grows too much", "too large"],
)
def test_zip_bombs(
    part: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if part[:1] != b" ":
        monkeypatch.setattr(limits, "UNPACKED_MB", 5)
    data = handed.packed({"word/document.xml": "<x/>", "word/media/a.bin": part})
    assert told(tmp_path, data) == message


def test_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PARTS", 10)
    data = handed.packed({f"word/{n}": "" for n in range(11)})
    assert told(tmp_path, data) == "has more than 10 parts, the limit for one document"


def test_names_of_parts_lead_nowhere(tmp_path: Path) -> None:
    parts = {"../../../etc/x": "a", "/abs": "b", "word\\..\\..\\y": "c"}
    before = set(tmp_path.rglob("*"))
    data = handed.docx(handed.paragraph("甲"), parts)
    assert told(tmp_path, data) == "甲"
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "x"}


def test_links_and_macros_are_not_opened(tmp_path: Path) -> None:
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="s1" Type="w" Target="http://127.0.0.1:9/x.xml" TargetMode="External"/>'
        "</Relationships>"
    )
    more = {"xl/_rels/workbook.xml.rels": links, "xl/vbaProject.bin": "macro"}
    told_of = told(tmp_path, handed.xlsx({"表": handed.rows(["甲"])}, more=more))
    assert told_of == "the file is damaged: it lists a sheet that it does not hold"


@pytest.mark.parametrize(
    "data",
    [
        handed.docx("<w:p>" * 5000 + "</w:p>" * 5000),
        handed.docx("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80),
        b"<html>" + b"<div>" * 20_000,
        b"<html>" + b"<table><tr><td>" * 3_000,
        b"<html>" + b"<table><tr><td>" * 90 + "甲".encode(),
    ],
    ids=["paragraphs", "tables", "blocks", "web tables", "fewer web tables"],
)
def test_deep_nesting_ends_soon(data: bytes, tmp_path: Path) -> None:
    started = time.monotonic()
    text = told(tmp_path, data)
    assert text in ("", "甲") or "levels" in text or "damaged" in text
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td rowspan=99999 colspan=99999>甲" + "<tr><td>" * 9000,
        "<table>" + "<tr>" + "<td colspan=1000>" * 5000,
    ],
)
def test_huge_spans(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 100_000)
    message = "has more than 100,000 cells, the limit for one document"
    assert told(tmp_path, b"<html>" + page.encode()) == message


def test_a_sheet_that_merges_everything(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = handed.xlsx({"表": handed.rows(["甲", "乙"], ["丙"]) + merged})
    assert told(tmp_path, data) == "甲"


def test_large_files_and_many_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGES", 2)
    pages = "has more than 2 pages, the limit for one document"
    assert told(tmp_path, handed.pdf("", "", "")) == pages
    monkeypatch.setattr(limits, "FILE_MB", 0)
    assert told(tmp_path, b"x" * 9) == "has more than 0 MB, the limit for one document"


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with pytest.raises(AuditError, match="is no file"):
        documents.read(tmp_path / "x")


# ---- a process a document


def hang() -> None:
    while True:
        pass


def wait() -> None:
    time.sleep(1000)


def grow() -> None:
    held = []
    while True:
        held.append(bytearray(10 * limits.MB))


def crash() -> None:
    os._exit(3)


def stumble() -> None:
    raise KeyError("x")


@pytest.mark.parametrize(
    ("misdeed", "message"),
    [
        (hang, "takes more than 1 seconds to read, the limit for one document"),
        (wait, "takes more than 1 seconds to read, the limit for one document"),
        (grow, "needs more than 100 MB of memory to read, the limit for one document"),
        (crash, "cannot be read: reading it ended the process"),
        (stumble, "cannot be read: KeyError in the reader"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_document_that_misbehaves_ends_alone(
    misdeed: Callable[[], None],
    message: str,
    jobs: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "SECONDS", 1 if misdeed in (hang, wait) else 300)
    monkeypatch.setattr(limits, "MEMORY_MB", 100)
    read = documents.read

    def misread(path: Path) -> Document:
        if path.name == "b.xlsx":
            misdeed()
        return read(path)

    monkeypatch.setattr(documents, "read", misread)
    paths = [tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx")]
    for path in paths:
        path.write_bytes(SOUND.read_bytes())
    usable, refused = reading.read(paths, jobs)
    assert [document.name for document in usable] == ["a.xlsx", "c.xlsx"]
    assert [len(document.forms) for document in usable] == [1, 1]
    assert {name: error.message for name, error in refused.items()} == {"b.xlsx": message}
