"""What the rules say in English: nothing is left in Chinese but what is printed."""

import ast
import json
import re
import shutil
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import spoken
from babel.messages.pofile import read_po

from audit_utils import comparison, language, rulebook, suites
from audit_utils.dictionary import SOURCES, TABLES

SOURCE = Path(rulebook.__file__).parent
SPOKEN = [
    *sorted((SOURCE / "expectations").glob("*.py")),
    *(SOURCE / f"{name}.py" for name in ("findings", "precision", "comparison", "batches",
                                         "phrases", "damage", "rulebook")),
]  # fmt: skip
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
QUOTED = re.compile(r"“[^“”]*”")
NO_TEXT = {"元", "一", "。", "％", " 。.;；,，"}
"""Chinese in the code that no reader sees: what printed texts are looked for."""


# --- what is said -------------------------------------------------------------------------


@pytest.mark.parametrize("source", spoken.sources())
def test_nothing_is_said_in_chinese(source: str) -> None:
    checks, found = spoken.findings_in("en", source)
    told = [(check["rule"], check["reason"]) for check in checks]
    for finding in found:
        texts = (finding[name] for name in ("condition", "expected", "working", "criteria"))
        told += [(finding["rule"], text) for text in texts]
    told += [(place["rule"], place["reason"]) for place in spoken.places_in("en", source)]
    assert told
    left = {(rule, text) for rule, text in told if CHINESE.search(without_print(text, source))}
    assert left == set()


def without_print(text: str | None, source: str) -> str:
    """A text without what is printed: in quotes, as a unit, or the cells of the batch."""
    said = unquoted(text or "")
    if CHINESE.search(said):
        said = text or ""
        for printed in sorted(prints(source), key=len, reverse=True):
            said = said.replace(printed, "")
    return unquoted(said)


def unquoted(text: str) -> str:
    while (shorter := QUOTED.sub("", text)) != text:
        text = shorter
    return text


def prints(source: str) -> set[str]:
    """The units and the cells of a batch, and the units that names ask for."""
    built = spoken.batch(source)
    columns = [built["indicators"][name] for name in ("target_unit", "actual_unit")]
    columns.append(built["cells"]["printed"])
    found = {text for column in columns for text in column.unique().to_pylist() if text}
    fitting = rulebook.parameters(spoken.EXPECTATIONS)["unit_of_name"].default
    fitting |= next((c.parameters.get("unit_of_name", {}) for c in spoken.every_case()
                     if spoken.source_of(c) == source), {})  # fmt: skip
    units = {unit for units in fitting.values() for unit in units}
    return found | units | {unit.split("/")[-1] for unit in found if "/" in unit}


@pytest.mark.parametrize("source", spoken.sources())
def test_both_languages_find_the_same(source: str) -> None:
    for number in (0, 1):
        chinese, english = (spoken.findings_in(said, source)[number] for said in ("zh", "en"))
        said_of_places = {"criteria", "condition", "expected", "working", "basis", "reason"}
        assert [
            {name: value for name, value in row.items() if name not in said_of_places}
            for row in chinese
        ] == [
            {name: value for name, value in row.items() if name not in said_of_places}
            for row in english
        ]
        for one, other in zip(chinese, english, strict=True):
            for name in said_of_places & one.keys():
                assert (one[name] is None) == (other[name] is None), (name, one, other)


# --- the catalogue ------------------------------------------------------------------------


def catalogue(name: str) -> dict[str, tuple[str, ...]]:
    with (language.CATALOGUES / name).open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    return {
        message.id if isinstance(message.id, str) else message.id[0]:
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        for message in messages
    }  # fmt: skip


def written(path: Path) -> Iterator[str]:
    """The Chinese texts in a module, without docstrings and patterns."""
    tree = ast.parse(path.read_text("utf-8"))
    ignored = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            ignored |= set(map(id, node.values))
        if isinstance(node, ast.Call) and called(node) == "_" and node.args:
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
        constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if constant and id(node) not in ignored and path.stem not in ("damage", "comparison"):
            assert isinstance(node, ast.Constant)
            if CHINESE.search(str(node.value)) and node.value not in NO_TEXT:
                yield str(node.value)


def called(node: ast.Call) -> str | None:
    return getattr(node.func, "id", getattr(node.func, "attr", None))


def all_that_is_written() -> set[str]:
    columns = [
        column.zh
        for table in ("projects", "funds", "indicators", "cells")
        for column in TABLES[table].columns
    ]
    columns += [column.zh for column in comparison.COLUMNS.values()]
    bases = [rule.basis for rule in rulebook.rules(spoken.EXPECTATIONS)]
    return {
        *(text for path in SPOKEN for text in written(path)),
        *columns, *comparison.WHY.values(), *SOURCES.values(),
        *(basis.source for basis in bases if basis.force == "form"),
    }  # fmt: skip


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_its_english() -> None:
    assert all_that_is_written() - catalogue("rules.po").keys() == set()


def test_no_english_is_left_of_a_text_that_is_gone() -> None:
    assert catalogue("rules.po").keys() - all_that_is_written() == set()


def test_the_english_has_the_fields_of_the_chinese() -> None:
    for chinese, translations in catalogue("rules.po").items():
        for english in translations:
            assert english, chinese
            assert fields(english) <= fields(chinese), chinese
        assert set().union(*map(fields, translations)) == fields(chinese), chinese
        assert not CHINESE.search(QUOTED.sub("", translations[0])), chinese


def test_a_text_stands_once_in_a_catalogue_and_means_the_same_in_both() -> None:
    text = (language.CATALOGUES / "rules.po").read_text("utf-8")
    counts = Counter(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE))
    assert [one for one, count in counts.items() if count > 1] == []
    rules, pages = catalogue("rules.po"), catalogue("pages.po")
    assert {one for one in rules.keys() & pages.keys() if rules[one] != pages[one]} == set()


def test_every_entry_of_a_suite_says_the_same_fields_in_both_languages() -> None:
    for rule in rulebook.rules(spoken.EXPECTATIONS):
        own = {frozenset(rulebook.FIELD.findall(text)) for text in
               (rule.condition.zh, rule.condition.en)}  # fmt: skip
        assert len(own) == 1, rule.code
        expected = rule.kwargs.get("expected")
        if expected:
            said = {frozenset(rulebook.FIELD.findall(text)) for text in expected.values()}
            assert (len(said), expected.keys()) == (1, {"zh", "en"}), rule.code
        for text in (rule.title, rule.criteria, rule.condition, rule.not_applicable,
                     rule.cannot_evaluate):  # fmt: skip
            assert CHINESE.search(text.zh) or text is rule.condition
            assert not CHINESE.search(QUOTED.sub("", text.en)), rule.code


def test_a_text_in_one_language_alone_is_told(tmp_path: Path) -> None:
    shutil.copytree(spoken.EXPECTATIONS, tmp_path / "expectations")
    path = tmp_path / "expectations" / "self_evaluation" / "indicators.json"
    suite = json.loads(path.read_text("utf-8"))
    entries = {entry["meta"]["code"]: entry for entry in suite["expectations"]}
    del entries["SC07"]["kwargs"]["expected"]["en"]
    del entries["SC08"]["meta"]["condition"]["en"]
    path.write_text(json.dumps(suite, ensure_ascii=False), "utf-8")
    loaded = suites.load(tmp_path / "expectations")
    told = [fault.error.message for suite in loaded for fault in suite.faults]
    assert len(told) == 2
    assert "SC08: meta.condition.en is missing" in told
    assert any("SC07" in one and "expected -> en field required" in one for one in told)
