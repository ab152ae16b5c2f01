"""Records -> tables -> Parquet: nothing lost, nothing guessed, the same bytes every time."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import gold
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_utils import tables
from audit_utils.dictionary import ARROW, RECORDS, RESULTS, TABLES
from audit_utils.errors import AuditError
from audit_utils.records import Cell, Document, Form, Problem

BOTH = [gold.document(2022), gold.document(2024)]


def cell(printed: str | None, line: int = 7, note: str = "") -> Cell:
    return Cell(printed, line, line, page=1, note=note)


def form(head: Mapping[str, str | None] | None = None, *, seq: int = 1) -> Form:
    """A self-evaluation with one fund row and one indicator."""
    printed = {"name": "培训", "unit": "某单位", **(head or {})}
    return Form(
        kind="self_evaluation",
        seq=seq,
        year=2022,
        money_unit="万元",
        head={column: cell(text) for column, text in printed.items()},
        funds={"total": {"annual_budget": cell("21.90"), "executed": cell("21.9", 8)}},
        indicators=({"name": cell("培训人次"), "target": cell("≥12(人次)"), "weight": cell("5")},),
        line_start=3,
        line_end=40,
    )


def document(*forms: Form, name: str = "a.txt") -> Document:
    return Document(name, "0" * 64, bytes=10, pages=2, forms=forms)


def problems(*forms: Form, year: int | None = 2022) -> list[tuple[int, str | None, str]]:
    found = tables.build([document(*forms)], year)["problems"].to_pylist()
    return [(row["line_start"], row["text"], row["message"]) for row in found]


# ---- what is in the tables


def test_the_tables_have_the_columns_of_the_dictionary() -> None:
    built = tables.build(BOTH)
    assert tuple(built) == RECORDS
    assert all(built[name].schema == TABLES[name].schema for name in RECORDS)


def test_the_real_documents_come_out_whole() -> None:
    built = tables.build(BOTH)
    assert {name: table.num_rows for name, table in built.items()} == {
        "documents": 2,
        "projects": 29,
        "funds": 116,
        "indicators": 459,
        "cells": 3681,
        "problems": 0,
        "lines": 0,
    }


def test_every_value_comes_from_a_printed_cell_and_every_printed_cell_has_one() -> None:
    built = tables.build(BOTH)
    cells = built["cells"].to_pylist()
    printed = {
        (row["project_id"], row["table"], row["row"], row["column"])
        for row in cells
        if row["printed"] is not None
    }
    columns = {(row["table"], row["column"]) for row in cells}
    values = {
        (row["project_id"], table, str(row[key]) if key else "0", column)
        for table, key in (("projects", None), ("funds", "source"), ("indicators", "ordinal"))
        for row in built[table].to_pylist()
        for column, value in row.items()
        if value is not None and (table, column) in columns
    }
    assert values == printed


def test_amounts_are_yuan_rates_are_shares_and_all_are_exact() -> None:
    funds = tables.build(BOTH)["funds"].to_pylist()
    assert funds[0]["executed"] == Decimal("1909740.24")
    assert funds[0]["execution_rate"] == Decimal("0.9636")
    assert tables.build([document(form())])["funds"].to_pylist()[0]["annual_budget"] == 219000


def test_a_target_is_split_into_operator_value_and_unit() -> None:
    row = tables.build([document(form())])["indicators"].to_pylist()[0]
    found = {column: row[f"target_{column}"] for column in ("kind", "operator", "value", "unit")}
    assert found == {
        "kind": "quantity", "operator": ">=", "value": Decimal(12), "unit": "人次",
    }  # fmt: skip
    assert (row["target"], row["actual"], row["actual_kind"]) == ("≥12(人次)", None, "empty")


def test_an_actual_value_like_a_month_is_a_number_beside_a_number() -> None:
    months = form()
    pairs = [("≥2000公里", "2022.10"), ("2022.12", "2022.10")]
    indicators = tuple({"target": cell(target), "actual": cell(actual)} for target, actual in pairs)
    built = tables.build([document(replace(months, indicators=indicators))])
    kinds = built["indicators"].column("actual_kind").to_pylist()
    assert kinds == ["quantity", "date"]


def test_a_cell_keeps_its_place_and_the_reason_why_it_is_inferred() -> None:
    guessed = replace(form(), head={"name": cell("培训", 9, note="a lone objective")})
    row = tables.build([document(guessed)])["cells"].to_pylist()[0]
    del row["project_id"]
    assert row == {
        "table": "projects", "row": "0", "column": "name", "printed": "培训", "document": "a.txt",
        "page": 1, "line_start": 9, "line_end": 9, "inferred": True, "note": "a lone objective",
        "address": None,
    }  # fmt: skip


def test_rows_of_a_table_have_the_lines_of_their_cells() -> None:
    built = tables.build([document(form())])
    lines = {
        name: (built[name].to_pylist()[0]["line_start"], built[name].to_pylist()[0]["line_end"])
        for name in ("projects", "funds", "indicators")
    }
    assert lines == {"projects": (3, 40), "funds": (7, 8), "indicators": (7, 7)}


# ---- identity and order


def ids(*documents: Document, year: int | None = 2022) -> list[str]:
    return list(tables.build(documents, year)["projects"].column("project_id").to_pylist())


def test_a_project_keeps_its_id_when_another_form_comes_before_it() -> None:
    alone = ids(document(form()))
    assert ids(document(form({"name": "别的"}), form(seq=2))) == [
        *ids(document(form({"name": "别的"}))),
        *alone,
    ]
    assert alone[0].startswith("2022-")
    assert len(alone[0]) == len("2022-") + 8


@pytest.mark.parametrize("change", ["name", "unit"])
def test_another_name_or_unit_is_another_project(change: str) -> None:
    assert ids(document(form())) != ids(document(form({change: "另一个"})))


def test_another_year_or_kind_of_form_is_another_project() -> None:
    declaration = replace(form(), kind="target_declaration")
    assert len({*ids(document(form())), *ids(document(declaration))}) == 2
    assert ids(document(form()), year=2023) != ids(document(form()))


def test_a_second_form_of_a_project_is_kept_beside_the_first() -> None:
    other = document(form({"department": "别的局"}), name="b.txt")
    first, second, third = ids(document(form(), form(seq=2)), other)
    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_rows_stand_in_the_order_of_document_and_form() -> None:
    b, a = (
        document(form({"name": "乙"}), name="b.txt"),
        document(form({"name": "甲"}), name="a.txt"),
    )
    assert tables.build([b, a]) == tables.build([a, b])
    assert tables.build([b, a])["projects"].column("name").to_pylist() == ["甲", "乙"]


def test_the_year_of_the_folder_comes_before_the_printed_one() -> None:
    assert tables.build([document(form())])["projects"].column("year").to_pylist() == [2022]
    assert tables.build([document(form())], 2021)["projects"].column("year").to_pylist() == [2021]


# ---- problems


@pytest.mark.parametrize(
    ("column", "printed", "message"),
    [
        ("total_score", "九十", "total_score is not a number of points"),
        ("total_score", "1,2,3.4.5", "total_score is not a number of points"),
        ("start_date", "长期", "start_date is not a date"),
        ("project_total", "十万", "project_total is not an amount of money"),
    ],
)
def test_a_number_that_is_none_is_a_problem_and_stays_in_the_ledger(
    column: str, printed: str, message: str
) -> None:
    broken = form({column: printed})
    assert problems(broken) == [(7, printed, message)]
    built = tables.build([document(broken)])
    assert built["projects"].to_pylist()[0][column] is None
    assert printed in built["cells"].column("printed").to_pylist()


def test_a_broken_rate_and_a_broken_target_are_problems_but_a_word_is_none() -> None:
    rows = ({"target": cell("≥1,2,3.4.5")}, {"target": cell("十万"), "actual": cell("及时")})
    broken = replace(form(), funds={"total": {"execution_rate": cell("96.36")}}, indicators=rows)
    assert problems(broken) == [
        (7, "96.36", "execution_rate is not a rate in percent"),
        (7, "≥1,2,3.4.5", "target is not a number"),
    ]


@pytest.mark.parametrize("printed", [None, "-", "/", "——"])
def test_an_empty_cell_is_no_problem(printed: str | None) -> None:
    assert problems(form({"total_score": printed})) == []


def test_a_form_of_another_year_than_its_folder_is_a_problem() -> None:
    message = "the form prints the year 2022, it was filed under 2021"
    assert problems(form(), year=2021) == [(3, None, message)]
    assert problems(replace(form(), year=None), year=2021) == []


def test_a_form_without_any_year_is_kept() -> None:
    undated = replace(form(), year=None)
    assert problems(undated, year=None) == []
    assert ids(document(undated), year=None)[0].startswith("0000-")


def test_a_problem_of_the_reader_names_its_project() -> None:
    read = Problem("text that is in no cell", 5, 6, page=1, text="？？", seq=2)
    outside = Problem("text that is in no form", 90, 90, page=2)
    source = replace(document(form(), form({"name": "乙"}, seq=2)), problems=(read, outside))
    built = tables.build([source])
    second = built["projects"].column("project_id")[1].as_py()
    assert built["problems"].to_pylist() == [
        {"document": "a.txt", "project_id": second, "line_start": 5, "line_end": 6, "page": 1,
         "text": "？？", "message": "text that is in no cell", "address": None},
        {"document": "a.txt", "project_id": None, "line_start": 90, "line_end": 90, "page": 2,
         "text": None, "message": "text that is in no form", "address": None},
    ]  # fmt: skip


def test_a_document_without_a_form_is_a_row_and_no_problem() -> None:
    built = tables.build([document()])
    assert built["documents"].to_pylist()[0]["form"] is None
    assert built["documents"].to_pylist()[0]["forms"] == 0
    assert built["problems"].num_rows == built["projects"].num_rows == 0


def test_a_refused_document_stands_in_problems_alone() -> None:
    built = tables.build([], 2022, {"b.txt": AuditError("is empty", Path("b.txt"))})
    assert built["documents"].num_rows == 0
    assert built["problems"].to_pylist()[0]["message"] == "is empty"


# ---- files


def test_tables_come_back_as_written(tmp_path: Path) -> None:
    built = tables.build(BOTH)
    tables.write(built, tmp_path / "年度 2022" / "out")
    assert tables.read(tmp_path / "年度 2022" / "out") == built


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    for name, documents in (("one", BOTH), ("two", BOTH[::-1])):
        tables.write(tables.build(documents), tmp_path / name)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two
    assert sorted(one) == sorted([*(f"{name}.parquet" for name in RECORDS), "datapackage.json"])
    assert not any(b"pandas" in data for data in one.values())


def test_results_join_the_tables_in_the_data_package(tmp_path: Path) -> None:
    tables.write(tables.build(BOTH), tmp_path)
    tables.write({name: TABLES[name].schema.empty_table() for name in RESULTS}, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert [resource["name"] for resource in package["resources"]] == list(TABLES)


def test_a_table_that_is_not_there_or_has_other_columns_is_named(tmp_path: Path) -> None:
    tables.write(tables.build(BOTH), tmp_path)
    path = tmp_path / "funds.parquet"
    funds = pq.ParquetFile(path).read()
    cases = {
        "column score is missing": funds.drop_columns(["score"]),
        "column score is double, not decimal128(18, 6)": funds.set_column(
            funds.schema.get_field_index("score"), "score", pa.nulls(len(funds), pa.float64())
        ),
        "column extra is not in the dictionary": funds.append_column("extra", funds["score"]),
        "columns are in another order": funds.select(list(reversed(funds.schema.names))),
    }
    for message, changed in cases.items():
        pq.write_table(changed, path)
        with pytest.raises(AuditError) as caught:
            tables.read(tmp_path)
        assert str(caught.value).startswith(f"{path}: {message}")
    path.write_bytes(b"no parquet")
    with pytest.raises(AuditError, match="cannot be read as Parquet"):
        tables.read(tmp_path)
    path.unlink()
    with pytest.raises(AuditError, match=r"funds\.parquet: no such table"):
        tables.read(tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error_and_nothing_stays(tmp_path: Path) -> None:
    built = tables.build(BOTH)
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditError, match=r"file/out.*cannot be written"):
        tables.write(built, tmp_path / "file" / "out")
    (tmp_path / "out" / "indicators.parquet").mkdir(parents=True)
    with pytest.raises(AuditError, match=r"indicators\.parquet: cannot be written"):
        tables.write(built, tmp_path / "out")
    assert not list((tmp_path / "out").glob(".*"))


def test_a_table_of_other_columns_is_never_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="funds"):
        tables.write({"funds": pa.table({"a": [1]})}, tmp_path)
    assert not list(tmp_path.iterdir())


# ---- dictionary and data package


def test_every_column_is_described_in_both_languages() -> None:
    for table in TABLES.values():
        assert table.description_en
        assert table.description_zh
        assert set(table.key) <= set(table.names)
        assert len(set(table.names)) == len(table.names)
        for column in table.columns:
            assert column.en
            assert column.zh
            assert column.type in ARROW
            assert (column.unit != "") is (column.type in ("amount", "rate", "points") or
                                           column.name == "bytes")  # fmt: skip


def test_the_key_of_a_table_is_unique_on_the_real_documents() -> None:
    for name, table in tables.build(BOTH).items():
        if key := list(TABLES[name].key):
            assert table.group_by(key).aggregate([]).num_rows == table.num_rows


TYPES = {"string": "string", "int64": "integer", "bool": "boolean"}


def test_the_data_package_is_a_frictionless_one() -> None:
    package = tables.datapackage(TABLES)
    assert package["$schema"].startswith("https://datapackage.org/profiles/2.0/")
    names = [resource["name"] for resource in package["resources"]]
    assert names == list(TABLES)
    for resource in package["resources"]:
        schema, table = resource["schema"], TABLES[resource["name"]]
        assert resource["path"] == f"{resource['name']}.parquet"
        assert resource["mediatype"] == "application/vnd.apache.parquet"
        assert [field["name"] for field in schema["fields"]] == list(table.names)
        for field, arrow in zip(schema["fields"], table.schema, strict=True):
            assert field["type"] == TYPES.get(str(arrow.type), "number")
            assert field["description"]
            assert field["description_zh"]
        for key in schema.get("foreignKeys", []):
            assert key["reference"]["resource"] in names
            assert set(key["fields"]) <= set(table.names)
        assert set(schema.get("primaryKey", [])) <= set(table.names)
