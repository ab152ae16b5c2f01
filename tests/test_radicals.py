"""Radicals that fonts tell in place of characters."""

import pytest

from audit_utils.radicals import characters


@pytest.mark.parametrize(
    ("told", "shown"),
    [("⾥程", "里程"), ("⽀出", "支出"), ("主管部⻔", "主管部门"), ("1⽉底前", "1月底前")],
)
def test_a_radical_is_the_character_of_its_shape(told: str, shown: str) -> None:
    assert characters(told) == shown


@pytest.mark.parametrize("text", ["里程", "①≥95％", "（一）", "ﬁ", "𠀀"])
def test_other_signs_stay_as_printed(text: str) -> None:
    assert characters(text) == text
