"""What a file is, told from its first bytes and its parts, and what is refused."""

import io
import zipfile
from pathlib import Path

import handed
import pytest

from audit_utils import documents
from audit_utils.documents.kinds import drawn_as, kind_of
from audit_utils.errors import AuditError

HERE = Path("x")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def stored(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("项目名称 河道".encode(), "text"),
        ("<5 项 项目名称".encode(), "text"),
        (handed.pdf(handed.text_at(9, 9, "x")), "pdf"),
        (b"\n\n" + handed.pdf(""), "pdf"),
        (handed.xlsx({"a": ""}), "xlsx"),
        (handed.docx(""), "docx"),
        (stored("xl/workbook.xml", "xl/vbaProject.bin"), "xlsx"),
        (b"<!DOCTYPE html><p>x", "html"),
        (b"\xef\xbb\xbf  <html><body>x", "html"),
        (b"<table><tr><td>x</table>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="x">', "html"),
    ],
)
def test_kind(data: bytes, kind: str) -> None:
    assert kind_of(data, HERE) == kind


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (OLE, "the file is an old Office file (xls, doc); save it as xlsx or docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"),
         "the file is locked with a password; save it without one"),
        (b"\x89PNG\r\n\x1a\n", "the file is a picture; only text can be read, not a scan"),
        (b"\xff\xd8\xff\xe0", "the file is a picture; only text can be read, not a scan"),
        (b"II*\x00", "the file is a picture; only text can be read, not a scan"),
        (b"{\\rtf1 x}", "the file is an RTF text; save it as docx"),
        (b"Rar!\x1a\x07", "the file is a packed archive; unpack it first"),
        (b"\x1f\x8b\x08", "the file is a packed archive; unpack it first"),
        (b"MIME-Version: 1.0\r\n", "the file is a web archive (mht); save it as html"),
        (stored("a.txt"), "the file is a zip file, neither xlsx nor docx; unpack it first"),
        (stored("xl/workbook.bin"), "the file is a binary workbook (xlsb); save it as xlsx"),
        (stored("OFD.xml", "Doc_0/Document.xml"), "the file is an OFD; save it as PDF"),
        (stored("mimetype", "content.xml"),
         "the file is an OpenDocument file or an e-book; save it as xlsx or docx"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
         "the file is an Office file in XML; save it as xlsx or docx"),
        (b"PK\x03\x04 cut off", "the file is damaged: its zip directory cannot be read"),
    ],
)  # fmt: skip
def test_refused(data: bytes, message: str) -> None:
    with pytest.raises(AuditError) as caught:
        kind_of(data, HERE)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a,b,c\n1,2,3\n4,5,6\n", "csv"),
        ("a\tb\tc\n1\t2\t3\n,\t5\t6\n", "csv"),
        ('a,"b\nb",c\n1,2,3\n4,5,6\n', "csv"),
        ("a,b,c\n1,2\n4,5,6\n", "text"),
        ("1,050 人次\n2,000 人次\n3,000 人次\n", "text"),
        ("| a | b |\n" * 5, "pipes"),
        ("项目名称\n|\n某项目\n|\n" * 5, "pipes"),
        ("a | b\n" + "其他文字\n" * 20, "text"),
        ("项目名称\n\n某项目\n\n主管部门\n\n \n\n", "paragraphs"),
        ("主管部门\n\n甲\n\n实施单位 (盖章)\n\n乙\n", "paragraphs"),
        ("项目名称 某项目\n\n主管部门\n\n甲\n\n实施单位\n\n乙\n", "text"),
        ("项目名称\n\n某项目\n\n主管部门 甲 实施单位 乙\n", "text"),
        ("实施单位\n\n甲\n\n其他文字\n", "text"),
    ],
)
def test_how_a_text_draws_its_tables(text: str, kind: str) -> None:
    assert drawn_as(text) == kind


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="Is a directory"):
        documents.read(tmp_path)
    with pytest.raises(AuditError, match="No such file"):
        documents.read(tmp_path / "x.pdf")


def test_a_document_that_shows_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><table><tr><td></td></tr></table></body></html>", "utf-8")
    document = documents.read(path)
    assert [problem.message for problem in document.problems] == ["the document shows no text"]
