"""What the measures measure with: one that sees no fault would call everything right."""

import copy
from collections.abc import Callable
from typing import Any

import bench
import gold
import pytest
import quality

from audit_utils import tables

REAL = {case.name: case for case in quality.gold_cases()}
CASE = REAL["gold 2022"]
Forms = list[dict[str, Any]]


def drop_indicator(forms: Forms) -> None:
    del forms[0]["indicators"][-1]


def wrong_cells(change: Callable[[Forms], object]) -> list[quality.Compared]:
    """What differs when the document is read as the truth with this change."""
    read = copy.deepcopy(CASE.forms)
    change(read)
    document = gold.from_json(read, "changed.txt", None)
    return [cell for form in quality.compare(CASE, document) for cell in form if not cell.right]


def test_the_truth_itself_is_right() -> None:
    assert wrong_cells(lambda forms: None) == []


def test_a_changed_cell_is_wrong() -> None:
    (cell,) = wrong_cells(lambda forms: forms[3].update(unit="别的单位"))
    assert (cell.table, cell.address, cell.got) == ("projects", (4, "", "unit"), "别的单位")
    assert not cell.inferred


def test_a_missing_row_is_wrong_in_every_cell() -> None:
    wrong = wrong_cells(drop_indicator)
    assert len(wrong) == 8
    assert {cell.got for cell in wrong} == {"(row missing)"}


def test_a_row_too_many_is_wrong_in_every_cell() -> None:
    extra = {"ordinal": 18, "name": "多出的一行", "target": None}
    wrong = wrong_cells(lambda forms: forms[0]["indicators"].append(extra))
    assert {cell.address for cell in wrong} == {(1, "18", "name"), (1, "18", "target")}


def test_a_missing_form_is_wrong_in_every_cell() -> None:
    wrong = wrong_cells(lambda forms: forms.pop())
    assert {cell.address[0] for cell in wrong} == {19}
    assert all(cell.got == "(row missing)" for cell in wrong)


def test_findings_that_are_missed_and_too_many_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there, missed, surplus = (("case", ("SC01", seq, None)) for seq in (1, 2, 3))
    quality.print_findings("title", {there, missed}, {there, surplus}, ["SC01"])
    line = capsys.readouterr().out.splitlines()[-1].split()
    assert line == ["SC01", "2", "1", "1", "1", "50.00%", "50.00%"]


def test_every_case_of_the_corpus_has_its_truth() -> None:
    cases = list(quality.corpus_cases(quality.CORPUS))
    assert cases
    assert all(case.forms and case.document.is_file() for case in cases)


def test_the_rules_in_pandas_find_what_is_known_of_the_real_document() -> None:
    built = tables.build([gold.document(2022)], 2022)
    seqs = {row["project_id"]: row["seq"] for row in built["projects"].to_pylist()}
    found = {(rule, seqs[project], None) for rule, project in bench.failing(built)}
    known = {(rule, seq, None) for rule, seq, _ in CASE.findings if rule in bench.RULES}
    assert found == known


def test_repeated_tables_hold_every_project_as_often() -> None:
    built = tables.build([gold.document(2022)], 2022)
    many = bench.repeated(built, 3)
    assert len(set(many["projects"]["project_id"].to_pylist())) == 3 * 19
    assert len(bench.failing(many)) == 3 * len(bench.failing(built))
