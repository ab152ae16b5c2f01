"""The parts of a package: how they are found, and what a hostile one comes to."""

import io
import struct
import zipfile
from pathlib import Path

import handed
import pytest

from audit_utils.documents.archive import Archive
from audit_utils.errors import AuditError

HERE = Path("x.xlsx")
TEXT = b"<a>" + b"x" * 5000 + b"</a>"


def stored(*parts: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["xl/a.xml", "XL/A.xml", "xl\\a.xml", "/xl/a.xml"])
def test_names_of_parts_are_those_of_the_package(name: str) -> None:
    assert Archive(stored((name, TEXT)), HERE).read("xl/a.xml") == TEXT


def test_relations_lead_to_parts_inside_of_the_file() -> None:
    links = (
        '<Relationship Id="a" Type="t/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="b" Type="t/styles" Target="/xl/my%20styles.xml"/>'
        '<Relationship Id="c" Type="t/theme" Target="../../../etc/passwd"/>'
        '<Relationship Id="d" Type="t/image" Target="http://x.example" TargetMode="External"/>'
    )
    parts = {"xl/_rels/workbook.xml.rels": handed.relations(links), "xl/my styles.xml": "<a/>"}
    archive = Archive(handed.packed(parts), HERE)
    assert [tuple(one) for one in archive.relations("xl/workbook.xml")] == [
        ("a", "worksheet", "xl/worksheets/sheet1.xml"),
        ("b", "styles", "xl/my styles.xml"),
        ("c", "theme", "etc/passwd"),
    ]
    assert archive.relations("xl/other.xml") == ()


def test_a_part_that_is_there_twice_is_not_read() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = stored(("xl/a.xml", b"<a/>"), ("xl/a.xml", b"<b/>"))
    with pytest.raises(AuditError, match=r"it has several parts xl/a[.]xml"):
        Archive(data, HERE).read("xl/a.xml")


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_office_does_not_know_are_not_unpacked(how: int) -> None:
    with pytest.raises(AuditError, match="cannot be unpacked"):
        Archive(stored(("xl/a.xml", TEXT), how=how), HERE).read("xl/a.xml")


def test_a_part_that_says_it_is_smaller_is_damaged() -> None:
    data = bytearray(stored(("xl/a.xml", TEXT)))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(AuditError, match="cannot be unpacked"):
        Archive(bytes(data), HERE).read("xl/a.xml")
