"""Where findings and problems stand, as a reader finds it in each kind of document."""

import pytest

from audit_utils import language
from audit_utils.evidence import together
from audit_utils.report import text


@pytest.mark.parametrize(
    ("kind", "row", "place"),
    [
        ("text", {"address": None}, "a:7-9"),
        ("xlsx", {"address": "自评表!C12"}, "a 自评表!C12"),
        ("docx", {"address": "表2!C4"}, "a 表2!C4"),
        ("pdf", {"address": "表2!C4"}, "a 第 3 页 表2!C4"),
        ("pdf", {"address": None}, "a 第 3 页"),
    ],
)
def test_a_place_has_a_page_where_the_document_has_pages(
    kind: str, row: dict[str, object], place: str
) -> None:
    row = row | {"document": "a", "document_kind": kind, "page": 3, "line_start": 7, "line_end": 9}
    assert text.lines(row) == place
    assert text.page(row) == (3 if kind in ("text", "pdf") else None)


def test_a_document_that_could_not_be_used_has_no_line() -> None:
    row: dict[str, object] = {"document": "a", "page": None, "line_start": None, "line_end": None}
    assert text.lines(row) == "a"


def test_a_page_in_english() -> None:
    row: dict[str, object] = {
        "document": "a",
        "document_kind": "pdf",
        "page": 3,
        "address": "表2!C4",
    }
    language.use("en")
    try:
        assert text.lines(row) == "a, page 3 表2!C4"
    finally:
        language.use("zh")


@pytest.mark.parametrize(
    ("addresses", "address"),
    [
        ([], None),
        ([""], None),
        (["C12"], "C12"),
        (["C12", "C12"], "C12"),
        (["C12", "", "H12"], "C12:H12"),
        (["自评表!AA3", "自评表!C12"], "自评表!C3:AA12"),
        (["表2!C4+表2!C5", "表2!B4"], "表2!B4:C5"),
        (["表2!C4+表2!C5"], "表2!C4+表2!C5"),
        (["甲!C4", "乙!A1"], "甲!C4"),
        (["A+B!C4", "A+B!D9"], "A+B!C4:D9"),
    ],
)
def test_several_cells_have_one_address(addresses: list[str], address: str | None) -> None:
    assert together(addresses) == address
