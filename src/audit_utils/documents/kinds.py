"""What kind of file a document is: told from its content, whatever its name says."""

import io
import re
import zipfile
from pathlib import Path
from typing import Literal

from audit_utils.documents import csv, paragraphs, pipes
from audit_utils.errors import AuditError

Kind = Literal["text", "paragraphs", "pipes", "csv", "html", "xlsx", "docx", "pdf"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURE = "the file is a picture; only text can be read, not a scan"
REFUSED = (
    (re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*"), PICTURE),
    (re.compile(rb"RIFF.{4}WEBP|BM.{4}\0\0\0\0", re.S), PICTURE),
    (re.compile(rb"\{\\rtf"), "the file is an RTF text; save it as docx"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh"), "the file is a packed archive; unpack it first"),
    (re.compile(rb"MIME-Version:", re.I), "the file is a web archive (mht); save it as html"),
)  # fmt: skip
"""What a file begins with, and what is said of it."""
ZIPS = (
    ("xl/workbook.bin", "the file is a binary workbook (xlsb); save it as xlsx"),
    ("OFD.xml", "the file is an OFD; save it as PDF"),
    ("mimetype", "the file is an OpenDocument file or an e-book; save it as xlsx or docx"),
)
"""A part that tells what a zip file is."""
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div)\b", re.I)
XML = re.compile(
    rb"<\?xml\b.{0,400}?<(?:\?mso-application|[\w:]*(?:Workbook|package|wordDocument)\b)",
    re.I | re.S,
)
HEAD = 4096
"""Bytes in which a file shows what it is."""


def kind_of(data: bytes, path: Path) -> Kind:
    """The kind of a file; AuditError for one that cannot be used.  Any text is "text"."""
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data, path)
    if data.startswith(OLE):
        raise AuditError(_office(data), path)
    for begins, message in REFUSED:
        if begins.match(head):
            raise AuditError(message, path)
    if XML.match(head):
        raise AuditError("the file is an Office file in XML; save it as xlsx or docx", path)
    return "html" if head[:1] == b"<" and HTML.search(head) else "text"


def drawn_as(text: str) -> Literal["text", "paragraphs", "pipes", "csv"]:
    """How a text draws its tables, if at all: as rows of values, with bars, a cell a paragraph."""
    if csv.delimiter(text):
        return "csv"
    if pipes.is_one(text):
        return "pipes"
    return "paragraphs" if paragraphs.is_one(text) else "text"


def likely(head: bytes) -> tuple[Kind, ...]:
    """Which kinds other than text a file with these first bytes may be."""
    if head.startswith(b"PK\x03\x04"):
        return "xlsx", "docx"
    return ("html",) if HTML.search(head) else ()


def _packed(data: bytes, path: Path) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").lstrip("/") for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise AuditError("the file is damaged: its zip directory cannot be read", path) from error
    for part, message in ZIPS:
        if part in names:
            raise AuditError(message, path)
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        return "docx"
    raise AuditError("the file is a zip file, neither xlsx nor docx; unpack it first", path)


def _office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "the file is locked with a password; save it without one"
    return "the file is an old Office file (xls, doc); save it as xlsx or docx"
