"""From a form in a table to the tables: values with their units, the ledger as printed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import grids

from audit_utils import tables
from audit_utils.forms.grid import read_forms
from audit_utils.records import Document

FOLDER = Path(__file__).parent / "grids"


def built(name: str) -> dict[str, list[dict[str, Any]]]:
    forms, problems = read_forms(grids.read(FOLDER / f"{name}.txt"))
    document = Document(f"{name}.xlsx", "0" * 64, 1, 1, forms=forms, problems=problems)
    return {table: rows.to_pylist() for table, rows in tables.build([document]).items()}


def cell(rows: dict[str, list[dict[str, Any]]], row: str, column: str) -> dict[str, Any]:
    (found,) = (c for c in rows["cells"] if (c["row"], c["column"]) == (row, column))
    return found


def test_money_is_yuan_exactly_and_stays_as_printed_in_the_ledger() -> None:
    found = built("renamed_labels")
    total = found["funds"][0]
    assert {total[key] for key in ("initial_budget", "annual_budget", "executed")} == {
        Decimal("58000.000000")
    }
    assert cell(found, "total", "initial_budget")["printed"] == "5.8万"


def test_a_unit_that_only_a_label_prints_holds_for_its_amounts() -> None:
    found = built("money_beside_labels")
    assert found["funds"][0]["executed"] == Decimal("55000")
    assert cell(found, "total", "executed")["printed"] == "5.50"
    assert cell(found, "total", "executed")["address"] == "B3"


def test_a_rate_whose_percent_sign_stands_in_its_label() -> None:
    found = built("hebei")
    assert found["funds"][0]["execution_rate"] == Decimal(1)
    assert cell(found, "total", "execution_rate")["printed"] == "100.00"


def test_a_target_of_three_cells_has_the_address_of_each() -> None:
    found = built("sichuan_filled")
    row = found["indicators"][1]
    assert (row["target"], row["target_operator"], row["target_unit"]) == ("≥95%", ">=", "%")
    assert (row["actual"], row["actual_value"], row["actual_unit"]) == ("100%", 100, "%")
    assert cell(found, "2", "target")["address"] == "E16+F16+G16"
    assert cell(found, "2", "actual")["printed"] == "100"


def test_groups_and_names_have_their_usual_words_and_the_ledger_the_printed_ones() -> None:
    found = built("anhui")
    row = found["indicators"][0]
    assert (row["level1"], row["name"]) == ("产出指标", "灌区节水工程建成个数")
    assert cell(found, "1", "level1")["printed"] == "产出指标(50分)"
    assert cell(found, "1", "name")["printed"] == "指标1:灌区节水工程建成个数"


def test_the_weight_of_the_execution_rate_may_stand_in_a_label() -> None:
    found = built("hubei")
    assert found["funds"][0]["weight"] == 20
    assert found["projects"][0]["total_score"] == Decimal("99.55")


def test_a_column_that_the_form_lacks_is_not_in_the_ledger() -> None:
    found = built("hubei")
    columns = {c["column"] for c in found["cells"] if c["table"] == "indicators"}
    assert columns == {"level1", "level2", "name", "target", "actual", "score"}


def test_amounts_without_any_unit_are_marked() -> None:
    text = (FOLDER / "money_beside_labels.txt").read_text("utf-8").replace("（万元）", "")
    forms, _ = read_forms(grids.read_tables(text))
    notes = {cell.note for cell in forms[0].funds["total"].values()}
    assert notes == {"no unit of money is printed: taken as yuan", ""}


def test_nothing_of_a_refused_form_enters_the_tables() -> None:
    found = built("unknown_column")
    assert not found["projects"]
    assert not found["cells"]
    assert {row["address"] for row in found["problems"]} == {"G7", "G8"}
