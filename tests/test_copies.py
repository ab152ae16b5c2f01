"""One form in several documents: which source counts, and what is told of the others."""

from dataclasses import replace

import pytest

from audit_utils import copies
from audit_utils.records import Cell, Document, Form, Problem


def cell(printed: str | None, note: str = "") -> Cell:
    return Cell(printed, 3, 3, 2, note, "表1!C3")


def form(name: str = "河道保洁", score: str = "10", **more: Cell) -> Form:
    head = {"name": cell(name), "unit": cell("某所"), "total_score": cell(score), **more}
    indicators = ({"name": cell("长度"), "target": cell("≥1,050米")},)
    return Form("self_evaluation", 1, 2022, "元", head, {}, indicators, 1, 9)


def document(name: str, kind: str, *forms: Form, problems: tuple[Problem, ...] = ()) -> Document:
    numbered = tuple(replace(one, seq=seq) for seq, one in enumerate(forms, 1))
    return Document(name, "0" * 64, 1, 1, numbered, problems, kind=kind)


def settle(*documents: Document) -> list[Document]:
    return copies.settle(documents, lambda one: str(one.head["name"].printed))


def kept(*documents: Document) -> dict[str, int]:
    return {one.name: len(one.forms) for one in settle(*documents)}


@pytest.mark.parametrize(
    ("better", "other"),
    [("pdf", "text"), ("xlsx", "pdf"), ("docx", "text"), ("csv", "pdf"), ("html", "pdf")],
)
def test_the_better_source_counts(better: str, other: str) -> None:
    pair = document("a", other, form()), document("b", better, form())
    worse, best = settle(*pair)
    assert (worse.forms, worse.copies) == ((), ("b",))
    assert (len(best.forms), best.copies, best.problems) == (1, (), ())


def test_a_form_that_is_there_twice_to_the_letter_is_one() -> None:
    assert kept(document("a", "text", form()), document("b", "text", form())) == {"a": 1, "b": 0}


def test_two_documents_of_one_kind_that_differ_stay_two() -> None:
    pair = document("a", "text", form()), document("b", "text", form(score="9"))
    assert kept(*pair) == {"a": 1, "b": 1}
    assert all(one.problems == () for one in settle(*pair))


def test_of_two_texts_to_the_letter_the_one_with_less_inferred_counts() -> None:
    inferred = form(unit=cell("某所", "why"))
    assert kept(document("a", "text", inferred), document("b", "text", form())) == {"a": 0, "b": 1}


def test_forms_of_other_projects_stay() -> None:
    pair = document("a", "text", form(), form("桥梁")), document("b", "pdf", form())
    assert kept(*pair) == {"a": 1, "b": 1}
    assert settle(*pair)[0].forms[0].seq == 2


def test_a_project_twice_in_each_document_is_paired_in_order() -> None:
    pair = (
        document("a", "text", form(), form(score="9")),
        document("b", "pdf", form(), form(score="9")),
    )
    assert kept(*pair) == {"a": 0, "b": 2}
    assert all(one.problems == () for one in settle(*pair))


def test_a_project_that_one_document_has_more_often_is_left_alone() -> None:
    pair = document("a", "text", form(), form()), document("b", "pdf", form())
    assert kept(*pair) == {"a": 2, "b": 1}


def test_forms_without_a_name_are_left_alone() -> None:
    nameless = replace(form(), head={"name": cell(None)})
    assert kept(document("a", "text", nameless), document("b", "pdf", nameless)) == {"a": 1, "b": 1}


@pytest.mark.parametrize("score", ["9.5", "10%", None])
def test_what_is_printed_differently_is_told_at_the_cell(score: str | None) -> None:
    _, best = settle(
        document("a.txt", "text", form(total_score=cell(score))), document("b", "pdf", form())
    )
    text = f"10 | {score or '-'}"
    assert best.problems == (Problem("a.txt prints this differently", 3, 3, 2, text, 1, "表1!C3"),)


@pytest.mark.parametrize(
    "other",
    [form(score="10.00"), form(score="１０"), form(score=" 10 ")],
    ids=["digits", "width", "blanks"],
)
def test_what_only_looks_different_is_not_told(other: Form) -> None:
    assert settle(document("a", "text", other), document("b", "pdf", form()))[1].problems == ()


def test_signs_of_targets_are_the_same() -> None:
    other = replace(form(), indicators=({"name": cell("长度"), "target": cell(">=1,050米")},))
    assert settle(document("a", "text", other), document("b", "pdf", form()))[1].problems == ()


def test_a_cell_that_was_inferred_says_nothing_against_the_better_source() -> None:
    other = form(total_score=cell("9", "plain text does not settle it"))
    assert settle(document("a", "text", other), document("b", "pdf", form()))[1].problems == ()


def test_another_number_of_indicators_is_told() -> None:
    other = replace(form(), indicators=())
    _, best = settle(document("a", "text", other), document("b", "pdf", form()))
    assert [p.message for p in best.problems] == ["a prints 0 indicators of this project, not 1"]


def test_problems_of_a_form_that_is_left_out_go_with_it() -> None:
    told = (Problem("of the form", 1, 1, 1, seq=1), Problem("of the document", 1, 1, 1))
    worse, _ = settle(document("a", "text", form(), problems=told), document("b", "pdf", form()))
    assert [p.message for p in worse.problems] == ["of the document"]
