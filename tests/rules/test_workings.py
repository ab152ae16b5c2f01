"""The workings of findings, worked out again."""

from decimal import Decimal
from fractions import Fraction

import arithmetic
import pytest
import spoken

from audit_utils.language import LANGUAGES, Language

IN_WORDS = {
    "CO01", "CO02", "CO03", "CO04", "CO05", "CO11", "CO13", "CO14", "CO15",
    "IN01", "IN11", "IN12", "IN13", "IN15", "PA01", "PA11",
}  # fmt: skip
"""Rules that calculate nothing: they tell what was looked for and what was seen."""

WITHOUT_NUMBERS = {
    "CO12": "an annual objective is due whatever the dates",
    "SC06": "a deadline or words",
    "SC07": "words answered with 0",
    "WE03": "words answered with 0",
    "IN16": "an item without a price ceiling",
}
"""Rules of which some findings have nothing to calculate."""


@pytest.mark.parametrize("said", LANGUAGES)
@pytest.mark.parametrize("source", spoken.sources())
def test_what_a_working_claims_is_right(source: str, said: Language) -> None:
    for place in spoken.places_in(said, source):
        working, rule = place["working"], place["rule"]
        assert working, place
        claims = list(arithmetic.claims(working))
        assert [claim for claim, right in claims if not right] == [], (rule, working)
        assert claims or rule in IN_WORDS | WITHOUT_NUMBERS.keys(), (rule, working)


@pytest.mark.parametrize("source", spoken.sources())
def test_the_difference_of_a_finding_is_in_its_working(source: str) -> None:
    for place in spoken.places_in("zh", source):
        if place["difference"] is not None and place["outcome"] == "fail":
            shown = arithmetic.differences(place["working"])
            difference = Fraction(place["difference"])
            assert {difference, difference * 100} & shown, place


@pytest.mark.parametrize("year", spoken.YEARS)
def test_the_findings_of_the_real_documents_have_workings(year: int) -> None:
    _, found = spoken.findings_in("zh", str(year))
    assert found
    assert all(finding["working"] for finding in found)


def test_the_arithmetic_of_these_tests_tells_wrong_from_right() -> None:
    right = [
        "执行率 = 全年执行数 ÷ 全年预算数 = 3,264,000.00 ÷ 3,387,900.00 = 0.963428…",
        "得分之和 = 9.83（预算执行） + 15（第1项） = 24.83 分",
        "Sum = 1,900.00 × 2 (“pH计（便携式）”) + 1 (Item 2) = 3,801.00 yuan",
        "应得分 = (1 - (15 - 12) ÷ 12) × 15 = 11.25",
        "得分 5 ≤ 分值 4？5 > 4，不成立",
        "2023-01-01 > 2022-12-31: does not hold",
        "“产出指标” 60, due 50: difference +10 points",
        "总分值 100，应为 100，相符",
    ]
    wrong = [
        "a = 1 ÷ 3 = 0.334…",
        "3 + 4 × 2 = 14",
        "5 < 5",
        "2 = 3",
        "分值之和 110，应为 100，相差 +9 分",
        "2022-12-31 > 2023-01-01",
    ]
    for working in right:
        assert [claim for _, claim in arithmetic.claims(working)] == [True], working
    for working in wrong:
        assert [claim for _, claim in arithmetic.claims(working)] == [False], working


# --- to the letter ------------------------------------------------------------------------

WORKINGS = {
    ("FU02", "more than a unit above"): [
        "执行率 = 全年执行数 ÷ 全年预算数 = 1,180,000.00 ÷ 1,200,000.00 = 0.983333…",
        "按印出的精度（0.01%）四舍五入：98.33%",
        "应为 98.33%，印出“98.35%”，相差 +0.02 个百分点",
    ],
    ("SC01", "one hundredth is no rounding"): [
        "得分之和 = 9.83（预算执行） + 14.99（第1项） + 20（第2项） + 15（第3项） + 30（第4项）"
        " + 10（第5项） = 99.82 分",
        "应为 99.82 分，印出“99.83”，相差 +0.01 分",
    ],
    ("FU01", "ten thousands are shown as they are printed"): [
        "全年预算数（当年财政拨款） “118.30” → 1,183,000.00 元",
        "全年预算数 “110.30” → 1,103,000.00 元",
        "全年预算数之和 = 1,183,000.00（当年财政拨款） + 0.00（上年结转资金） + 0.00（其他资金）"
        " = 1,183,000.00 元",
        "应为 1,183,000.00 元，印出“110.30”，相差 -80,000.00 元",
    ],
    ("SC05", "1.65 printed as 3"): [
        "年度指标值 “>=85人次” → ≥ 85 人次",
        "一方未写单位，按另一方的单位计",
        "实际完成值 35 人次 ≥ 年度指标值 85 人次？35 < 85，未达到指标",
        "应得分 = 实际完成值 ÷ 年度指标值 × 分值 = 35 ÷ 85 × 4 = 1.6470…",
        "四舍五入到 0.01 分：1.65 分",
        "应为 1.65 分，印出“3”，相差 +1.35 分",
    ],
}


@pytest.mark.parametrize(("rule", "name"), WORKINGS)
def test_a_working_to_the_letter(rule: str, name: str) -> None:
    _, found = spoken.findings_in("zh", "cases")
    workings = [
        finding["working"].splitlines()
        for finding in found
        if finding["rule"] == rule and finding["document"] == f"{rule} {name}.txt"
    ]
    assert workings == [WORKINGS[rule, name]]


def test_a_rounding_names_its_ways_in_both_languages() -> None:
    for said, ways in (("zh", "进位"), ("en", "rounding up")):
        checks, _ = spoken.findings_in(said, "2022")
        rates = (check for check in checks if check["rule"] == "FU02")
        told = [check["reason"] for check in rates if check["outcome"] == "rounding"]
        assert told
        assert all(ways in reason for reason in told)


@pytest.mark.parametrize(("said", "way"), [("zh", "四舍五入"), ("en", "half-up")])
def test_every_rounding_says_what_half_up_would_give(said: Language, way: str) -> None:
    checks, _ = spoken.findings_in(said, "cases")
    told = {c["rule"]: c["reason"] for c in checks if c["outcome"] == "rounding"}
    assert {"FU01", "FU02", "FU11", "SC01", "SC02", "SC05", "WE01", "WE02"} <= told.keys()
    assert {rule: reason for rule, reason in told.items() if way not in reason} == {}


def test_a_quotient_is_cut_and_never_rounded() -> None:
    spoken.loaded()  # Great Expectations warns when it is imported, and `suites` keeps it quiet
    from audit_utils.expectations.working import quotient

    unit = Decimal("0.01")
    shown = {
        "2/3": "0.6666…", "-2/3": "-0.6666…", "1/8": "0.125", "0": "0",
        "99999999/100000000": "0.99999999", "4000/3": "1,333.3333…",
    }  # fmt: skip
    assert {number: quotient(Fraction(number), unit) for number in shown} == shown
