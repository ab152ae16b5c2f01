"""Parameters: defaults that explain themselves, and what a year may set differently."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from audit_utils import parameters, pipeline, rulebook, sources
from audit_utils.errors import AuditError

EXPECTATIONS = Path(__file__).parents[1] / "expectations"
DEFAULTS = rulebook.parameters(EXPECTATIONS)


def test_every_parameter_says_what_it_is_and_is_used() -> None:
    used = {name for rule in rulebook.rules(EXPECTATIONS) for name in rule.parameters}
    assert set(DEFAULTS) == used
    for name, one in DEFAULTS.items():
        texts = (one.text.zh, one.text.en, one.source)
        assert all(texts), name
        assert parameters.fault(DEFAULTS, name, one.default) == ""


def test_the_value_of_a_year_goes_before_the_default() -> None:
    found = parameters.in_force(DEFAULTS, {"execution_rate": 0.9})
    assert (found["execution_rate"].value, found["execution_rate"].own) == (0.9, True)
    assert (found["budget_adjustment"].value, found["budget_adjustment"].own) == (0.3, False)
    assert list(found) == list(DEFAULTS)


REFUSED: list[tuple[str, Any, str]] = [
    ("execution_rat", 0.9, "no rule has a parameter execution_rat; there are "),
    ("execution_rate", "90%", "parameter execution_rate is '90%', which is not a number such as"),
    ("execution_rate", True, "parameter execution_rate is True, which is not a number"),
    ("execution_rate", None, "parameter execution_rate is None, which is not a number"),
    ("execution_rate", -0.1, "parameter execution_rate is -0.1, which is not a number"),
    ("execution_rate", float("nan"), "parameter execution_rate is nan, which is not a number"),
    ("execution_rate", float("inf"), "parameter execution_rate is inf, which is not a number"),
    ("no_reason", "无", "parameter no_reason is '无', which is not a list of words such as [无, "),
    ("no_reason", ["无", 1], "parameter no_reason is ['无', 1], which is not a list of words"),
    ("no_reason", [""], "parameter no_reason is [''], which is not a list of words"),
    ("level1_split", {"产出指标": "50"}, "parameter level1_split is {'产出指标': '50'}, which is"),
    ("level1_split", {}, "parameter level1_split is {}, which is not a list of entries such as"),
    ("level1_split", [50], "parameter level1_split is [50], which is not a list of entries such"),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_a_value_of_another_kind_is_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(AuditError) as caught:
        parameters.in_force(DEFAULTS, {name: value})
    assert caught.value.message.startswith(message)


def test_a_parameter_in_audit_yml_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "2022"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("a", "utf-8")
    text = "title: t\n\nparameters:\n  execution_rate: 0.9\n  execution_weight: ten\n"
    (folder / "audit.yml").write_text(text, "utf-8")
    with pytest.raises(AuditError) as caught:
        sources.read(folder).check_parameters(DEFAULTS)
    assert (caught.value.path, caught.value.line) == (folder / "audit.yml", 5)
    (result,) = pipeline.run([2022], tmp_path / "raw", tmp_path / "p", tmp_path / "r")
    assert result.failures == (str(caught.value),)


def test_a_default_is_copied_into_no_other_kind() -> None:
    one = dataclasses.replace(DEFAULTS["execution_rate"], default=None)
    assert parameters.fault({"x": one}, "x", 1).startswith("parameter x is 1")
