"""One form in several documents: which source counts, and what is told of the others."""

from dataclasses import replace

import pytest

from audit_utils import copies
from audit_utils.records import Cell, Document, Form, MoneyUnit, Problem
from audit_utils.report import wording


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
    return copies.settle(documents)


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


def test_pairs_are_those_that_print_the_same_whatever_their_order() -> None:
    pair = (
        document("a", "text", form(score="9"), form()),
        document("b", "pdf", form(), form(score="9")),
    )
    assert kept(*pair) == {"a": 0, "b": 2}
    assert all(one.problems == () for one in settle(*pair))


def test_of_a_project_that_one_document_has_more_often_only_what_is_the_same_is_a_copy() -> None:
    pair = document("a", "text", form(), form(score="9")), document("b", "pdf", form())
    assert kept(*pair) == {"a": 1, "b": 1}
    assert settle(*pair)[0].forms[0].head["total_score"].printed == "9"
    pair = document("a", "text", form(score="8"), form(score="9")), document("b", "pdf", form())
    assert kept(*pair) == {"a": 2, "b": 1}


def test_a_form_more_stays() -> None:
    pair = document("a", "text", form(), form("桥梁")), document("b", "pdf", form())
    assert kept(*pair) == {"a": 1, "b": 1}


def test_of_three_copies_the_best_counts_and_each_other_names_it() -> None:
    three = [document(kind, kind, form()) for kind in ("text", "pdf", "xlsx")]
    text, pdf, xlsx = settle(*three)
    assert (len(text.forms), len(pdf.forms), len(xlsx.forms)) == (0, 0, 1)
    assert text.copies == pdf.copies == ("xlsx",)


def test_a_copy_of_one_of_two_that_differ_is_that_ones() -> None:
    differing = document("a", "xlsx", form()), document("b", "xlsx", form(score="9"))
    *both, text = settle(*differing, document("c", "text", form(score="9")))
    assert [len(one.forms) for one in both] == [1, 1]
    assert text.copies == ("b",)
    assert not any(one.problems for one in both)


def test_forms_that_print_different_years_are_no_copies() -> None:
    other = replace(form(), year=2021)
    assert kept(document("a", "text", other), document("b", "pdf", form())) == {"a": 1, "b": 1}
    unknown = document("c", "text", replace(form(), year=None))
    assert kept(unknown, document("b", "pdf", form())) == {"b": 1, "c": 0}
    three = document("a", "text", other), document("b", "pdf", form()), unknown
    assert kept(*three) == {"a": 1, "b": 1, "c": 1}


@pytest.mark.parametrize("unit", ["某所（盖章）", "某 所", "某所(公章)"])
def test_a_unit_may_be_printed_with_stamp_or_blanks(unit: str) -> None:
    other = form("河道　保洁（一期）", unit=cell(unit))
    here = form("河道保洁(一期)")
    assert kept(document("a", "text", other), document("b", "pdf", here)) == {"a": 0, "b": 1}


def test_amounts_are_compared_in_yuan() -> None:
    def funded(executed: str, unit: MoneyUnit, note: str = "") -> Form:
        row = {"total": {"executed": cell(executed, note)}}
        return replace(form(), funds=row, money_unit=unit)

    def told(best: Form, other: Form) -> list[str]:
        return [
            p.text
            for p in settle(document("a", "text", other), document("b", "pdf", best))[1].problems
        ]

    assert told(funded("58,000.00", "元"), funded("5.8", "万元")) == []
    assert told(funded("5.8", "元", "no unit"), funded("5.8", "万元")) == ["5.8元 | 5.8万元"]
    assert told(funded("5.8万", "元"), funded("5.9万元", "元")) == ["5.8万 | 5.9万元"]


def test_what_only_the_other_prints_is_told() -> None:
    more = replace(form(), funds={"other": {"executed": cell("3")}})
    _, best = settle(document("a", "text", more), document("b", "pdf", form()))
    assert [(p.message, p.text) for p in best.problems] == [
        ("a, cell 表1!C3, prints executed, which is not here", "3")
    ]
    nothing = replace(form(), funds={"other": {"executed": cell(None)}})
    assert settle(document("a", "text", nothing), document("b", "pdf", form()))[1].problems == ()


def test_forms_without_a_name_are_left_alone() -> None:
    nameless = replace(form(), head={"name": cell(None)})
    assert kept(document("a", "text", nameless), document("b", "pdf", nameless)) == {"a": 1, "b": 1}


@pytest.mark.parametrize("score", ["9.5", "10%", None])
def test_what_is_printed_differently_is_told_at_the_cell(score: str | None) -> None:
    _, best = settle(
        document("a.txt", "text", form(total_score=cell(score))), document("b", "pdf", form())
    )
    text = f"10 | {score or '-'}"
    message = "a.txt, cell 表1!C3, prints this differently"
    assert best.problems == (Problem(message, 3, 3, 2, text, 1, "表1!C3"),)


@pytest.mark.parametrize(
    ("kind", "address", "place"),
    [("text", "", "line 3"), ("docx", "C3", "cell C3"), ("pdf", "C3", "page 2, cell C3")],
)
def test_the_place_in_the_other_document_is_told(kind: str, address: str, place: str) -> None:
    other = form(total_score=replace(cell("9"), address=address))
    best = settle(document("a", kind, other), document("b", "xlsx", form()))[1]
    assert [p.message for p in best.problems] == [f"a, {place}, prints this differently"]
    assert wording.chinese(best.problems[0].message) != best.problems[0].message


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


def test_another_number_of_indicators_is_told_and_the_rest_compared() -> None:
    other = replace(form(score="9"), indicators=())
    _, best = settle(document("a", "text", other), document("b", "pdf", form()))
    assert [p.message for p in best.problems] == [
        "a prints 0 indicators of this project, not 1",
        "a, cell 表1!C3, prints this differently",
    ]


def test_problems_of_a_form_that_is_left_out_go_with_it() -> None:
    told = (Problem("of the form", 1, 1, 1, seq=1), Problem("of the document", 1, 1, 1))
    worse, _ = settle(document("a", "text", form(), problems=told), document("b", "pdf", form()))
    assert [p.message for p in worse.problems] == ["of the document"]
