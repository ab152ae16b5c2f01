"""The grammar of printed values: every form that was seen in a document, and what is none."""

import datetime
import string
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_utils import values
from audit_utils.values import Quantity

YUAN = [
    ("plain", "585900.00", "585900"),
    ("thousands", "1,909,740.24", "1909740.24"),
    ("no decimals", "1,132,000", "1132000"),
    ("full-width digits and comma", "１，２３４．５", "1234.5"),
    ("currency sign", "¥12.30", "12.30"),
    ("full-width currency sign", "￥12.30", "12.30"),
    ("unit in the cell", "100元", "100"),
    ("ten thousands in the cell", "5.8万", "58000"),
    ("ten thousands of yuan in the cell", "10000万元", "100000000"),
    ("unit in brackets", "5.8（万元）", "58000"),
    ("blank before the unit", "2279.048 万元", "22790480"),
    ("hundred millions", "1.5亿元", "150000000"),
    ("negative", "-12.5", "-12.5"),
    ("the most digits that a column holds", "9" * 18 + "." + "9" * 6, "9" * 18 + "." + "9" * 6),
]

NO_NUMBER = [
    ("nothing", None),
    ("empty", ""),
    ("dash", "-"),
    ("long dash", "——"),
    ("slash", "/"),
    ("separators in the wrong places", "1,2,3.4.5"),
    ("group of two digits", "1,23"),
    ("group of four digits", "1,2345"),
    ("no digits before the group", ",234"),
    ("two points", "1.2.3"),
    ("point at the end", "5."),
    ("point at the start", ".5"),
    ("Chinese numeral", "十万"),
    ("mixed numeral", "3十万"),
    ("not a number", "NaN"),
    ("infinity", "Infinity"),
    ("exponent", "1e5"),
    ("underscore", "1_000"),
    ("hexadecimal", "0x10"),
    ("Arabic-Indic digits", "١٢٣"),
    ("superscript", "5²"),
    ("two numbers", "12 13"),
    ("two numbers in two lines", "12\n13"),
    ("60 digits", "9" * 60),
    ("one digit more than a column holds", "1" + "0" * 18),
    ("one decimal more than a column holds", "0.1234567"),
    ("control character", "1\x002"),
    ("a word", "及时"),
    ("2,000 digits", "1" * 2000),
]


def ids(cases: Sequence[tuple[str, *tuple[object, ...]]]) -> list[str]:
    return [case[0] for case in cases]


@pytest.mark.parametrize(("name", "text", "yuan"), YUAN, ids=ids(YUAN))
def test_an_amount_is_read_in_yuan(name: str, text: str, yuan: str) -> None:
    assert values.amount(text) == Decimal(yuan)


@pytest.mark.parametrize(("name", "text"), NO_NUMBER, ids=ids(NO_NUMBER))
def test_what_is_no_number_is_none_everywhere(name: str, text: str | None) -> None:
    assert values.amount(text) is None
    assert values.points(text) is None
    assert values.percent(text and text + "%") is None


def test_the_unit_of_the_form_counts_and_the_unit_of_the_cell_beats_it() -> None:
    assert values.amount("21.90", "万元") == 219000
    assert values.amount("21.90元", "万元") == Decimal("21.90")
    assert values.amount("0.000001", "万元") == Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("96.36%", "0.9636"),
        ("100%", "1"),
        ("116.14％", "1.1614"),
        ("９７.７５％", "0.9775"),
        ("0%", "0"),
    ],
)
def test_a_rate_is_a_share_of_one(text: str, rate: str) -> None:
    assert values.percent(text) == Decimal(rate)


def test_a_rate_without_its_sign_is_not_guessed() -> None:
    assert values.percent("96.36") is None
    assert values.percent("0.9636") is None


@pytest.mark.parametrize(("text", "score"), [("9.70", "9.7"), ("10分", "10"), ("-1", "-1")])
def test_points(text: str, score: str) -> None:
    assert values.points(text) == Decimal(score)


@pytest.mark.parametrize(
    ("text", "places"),
    [("96.36%", 2), ("10", 0), ("9.70", 2), ("5.8万元", 1), ("1,234.50", 2), ("≥3", 0), (None, 0)],
)
def test_printed_decimals(text: str | None, places: int) -> None:
    assert values.decimals(text) == places


def test_one_unit_of_the_last_printed_digit_is_in_the_unit_of_the_value() -> None:
    assert values.last_digit("96.36%", Decimal("0.9636")) == Decimal("0.0001")
    assert values.last_digit("5.8万元", Decimal(58000)) == 1000
    assert values.last_digit("33.00", Decimal(330000)) == 100
    assert values.last_digit("9.7", Decimal("9.7")) == Decimal("0.1")
    assert values.last_digit("0.00", Decimal(0)) == Decimal("0.01")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-01", (2024, 1, 1)),
        ("2024年12月31日", (2024, 12, 31)),
        ("2024.2.29", (2024, 2, 29)),
        ("2024/6/30", (2024, 6, 30)),
        ("２０２４－０１－０１", (2024, 1, 1)),
    ],
)
def test_a_full_date(text: str, day: tuple[int, int, int]) -> None:
    assert values.date(text) == datetime.date(*day)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "2024",
        "2024-01",
        "2023-02-29",
        "2024-13-01",
        "0000-01-01",
        "长期",
        "202001-202012",
    ],
)
def test_no_full_date(text: str | None) -> None:
    assert values.date(text) is None


QUANTITIES = [
    # operators, in signs of both widths and in words
    ("≥90%", ">=", "90", "%"),
    (">=90%", ">=", "90", "%"),
    ("＞＝90％", ">=", "90", "%"),
    ("≧90%", ">=", "90", "%"),
    ("≥ 98 %(百分比)", ">=", "98", "%"),
    ("不低于90%", ">=", "90", "%"),
    ("不少于2100人次", ">=", "2100", "人次"),
    ("至少3次", ">=", "3", "次"),
    ("80%以上", ">=", "80", "%"),
    ("80%（含）以上", ">=", "80", "%"),
    ("达到95%以上", ">=", "95", "%"),
    ("＞1,700台(套)", ">", "1700", "台(套)"),
    ("超过5次", ">", "5", "次"),
    ("高于90分", ">", "90", "分"),
    ("≤48.00(次)", "<=", "48", "次"),
    ("<=2,400万元", "<=", "2400", "万元"),
    ("5%以下", "<=", "5", "%"),
    ("10万元以内", "<=", "10", "万元"),
    ("3个工作日内", "<=", "3", "个工作日"),
    ("不超过5人", "<=", "5", "人"),
    ("不高于5%", "<=", "5", "%"),
    ("不多于5件", "<=", "5", "件"),
    ("＜10%", "<", "10", "%"),
    ("低于5%", "<", "5", "%"),
    ("少于5起", "<", "5", "起"),
    ("＝1期/月", "=", "1", "期/月"),
    # numbers
    ("=1,050人次", "=", "1050", "人次"),
    ("０", None, "0", None),
    (">=90", ">=", "90", None),
    ("12.00", None, "12", None),
    ("-3%", None, "-3", "%"),
    ("≥-3%", ">=", "-3", "%"),
    # units, with and without brackets
    ("≥12.00(人次)", ">=", "12", "人次"),
    ("≥12.00（人次）", ">=", "12", "人次"),
    ("=600.00(台(套))", "=", "600", "台(套)"),
    (">=600万头(只)", ">=", "600", "万头(只)"),
    ("=120件/套", "=", "120", "件/套"),
    ("≤5000.00(元台)", "<=", "5000", "元台"),
    ("≤6000.00(元/台)", "<=", "6000", "元/台"),
    ("≥65.5万人次", ">=", "65.5", "万人次"),
    ("=17950㎡", "=", "17950", "㎡"),
    ("200m2", None, "200", "m2"),
    (">22000(U)", ">", "22000", "U"),
    # printed with one bracket or one sign too many
    ("=100.00(%))", "=", "100", "%"),
    ("=0.00((起)", "=", "0", "起"),
    ("=4.00(座))", "=", "4", "座"),
    ("≥12.00(人次", ">=", "12", "人次"),
    (">120.00()", ">", "120", None),
    ("≥95.00(%%)", ">=", "95", "%%"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "operator", "value", "unit"), QUANTITIES, ids=[case[0] for case in QUANTITIES]
)
def test_a_quantity(text: str, operator: str | None, value: str, unit: str | None) -> None:
    found = values.quantity(text)
    assert (found.kind, found.operator, found.value, found.unit, found.high) == (
        "quantity", operator, Decimal(value), unit, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("80%-90%", "80", "90", "%"),
        ("80%～88%", "80", "88", "%"),
        ("80-90%", "80", "90", "%"),
        ("80%至90%", "80", "90", "%"),
        ("3—5次", "3", "5", "次"),
        ("1,000-1,200(人次)", "1000", "1200", "人次"),
    ],
)
def test_a_range(text: str, low: str, high: str, unit: str) -> None:
    assert values.quantity(text) == Quantity("range", None, Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize("text", ["90%-80%", "3次-5%", "≥80%-90%"])
def test_a_range_that_is_none_is_a_word(text: str) -> None:
    assert values.quantity(text).kind == "word"


DEADLINES = [
    ("2022年12月底前", 20221231),
    ("2022年12月31日前", 20221231),
    ("2022.12", 20221231),
    ("2022-12", 20221231),
    ("2020.3", 20200331),
    ("2020.2", 20200229),
    ("2020年4月14日", 20200414),
    ("2020.04.14", 20200414),
    ("2020年5月", 20200531),
    ("2021年8月底前完成", 20210831),
    ("于2021年8月底前全部完成", 20210831),
    ("２０２２年１２月底前", 20221231),
    ("2022年", 20221231),
    ("2022年底", 20221231),
    ("2022年内完成", 20221231),
    ("2022年上半年", 20220630),
    ("2022年第三季度", 20220930),
    ("2020.1-2020.12", 20201231),
]


@pytest.mark.parametrize(("text", "last"), DEADLINES, ids=[case[0] for case in DEADLINES])
def test_a_deadline_is_its_last_day(text: str, last: int) -> None:
    assert values.quantity(text) == Quantity("date", value=Decimal(last))


@pytest.mark.parametrize("text", ["第四季度前", "每月5日前", "每季度10日前", "6月中旬"])
def test_a_deadline_that_fixes_no_day(text: str) -> None:
    assert values.quantity(text) == values.quantity(text, year=2022) == Quantity("date")


def test_a_month_without_a_year_is_of_the_year_of_the_form() -> None:
    assert values.quantity("6月底前") == Quantity("date")
    assert values.quantity("6月底前", year=2022) == Quantity("date", value=Decimal(20220630))


def test_a_bare_month_beside_a_number_is_a_number() -> None:
    assert values.quantity("2022.12", bare_month_is_date=False) == Quantity(
        "quantity", value=Decimal("2022.12")
    )


@pytest.mark.parametrize("text", ["2022年13月", "2022年2月30日", "2022.13.1", "13月底前"])
def test_a_day_that_does_not_exist_is_a_word(text: str) -> None:
    assert values.quantity(text, year=2022).kind == "word"


WORDS = [
    "及时",
    "优",
    "按照项目实施进度计划",
    "按照项目计划，已于2022年11月15日前完成采样检测等抽检工作。",
    "1.组织培训2.编制报告",
    "12次，全部完成",
    "每月3次",
    "100%完成",
    "低于90%以上",
    "十万",
    "NaN",
    "1e5",
    "1_000",
    "≥",
    "%",
    "5" * 70,
]


@pytest.mark.parametrize("text", WORDS)
def test_a_word(text: str) -> None:
    assert values.quantity(text) == Quantity("word")


@pytest.mark.parametrize("text", [None, "", "  ", "-", "——", "/", "……", "－"])
def test_an_empty_value(text: str | None) -> None:
    assert values.quantity(text) == Quantity("empty")
    assert values.empty(text)


@pytest.mark.parametrize("text", ["0", "无", "及时", "-1", "5-"])
def test_a_value_is_not_empty(text: str) -> None:
    assert not values.empty(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,3.4.5", True),
        ("≥1,2,3.4.5次", True),
        ("12.5.6%", True),
        ("9" * 60, True),
        ("≥" + "9" * 60, True),
        ("≥90%", False),
        ("2022.12", False),
        ("1.组织培训2.编制报告", False),
        ("≥上年", False),
        ("十万", False),
        (None, False),
    ],
)
def test_a_number_that_is_none_is_told_from_a_word(text: str | None, expected: bool) -> None:
    assert values.misprinted(text) is expected


# ---- properties

PRINTED = st.text(
    st.sampled_from(
        string.printable + "０１９％≥≤＞＝～，．（）年月日底前以上内不低于万元台套次/人－—"
    )
    | st.characters(),
    max_size=60,
)
ANY_TEXT = st.text(max_size=200) | PRINTED
AMOUNTS = st.decimals(min_value=0, max_value=10**13, places=2)
OPERATORS = st.sampled_from(["", "≥", ">=", "=", "≤", "＜"])
UNITS = st.sampled_from(["", "%", "次", "人次", "台(套)", "元/台", "万立方米"])


@given(ANY_TEXT)
def test_no_text_raises_and_every_number_fits_its_column(text: str) -> None:
    money, rate, score = values.amount(text), values.percent(text), values.points(text)
    found = values.quantity(text, year=2022)
    for value, (precision, scale) in [
        (money, values.AMOUNT), (rate, values.RATE), (score, values.POINTS),
        (found.value, values.NUMBER), (found.high, values.NUMBER),
    ]:  # fmt: skip
        if value is not None:
            assert value.is_finite()
            assert value.adjusted() < precision - scale
            assert value == round(value, scale)
    values.date(text)
    values.misprinted(text)
    values.last_digit(text, money)


@given(ANY_TEXT)
def test_a_quantity_has_what_its_kind_promises(text: str) -> None:
    found = values.quantity(text)
    if found.kind in ("word", "empty"):
        assert found == Quantity(found.kind)
    if found.kind in ("quantity", "range"):
        assert found.value is not None
    assert (found.high is not None) is (found.kind == "range")


@given(AMOUNTS, st.booleans())
def test_a_printed_amount_comes_back(value: Decimal, separators: bool) -> None:
    printed = f"{value:,.2f}" if separators else f"{value:.2f}"
    assert values.amount(printed) == value
    assert values.amount(printed, "万元") == value * 10000
    assert values.decimals(printed) == 2


@given(AMOUNTS, OPERATORS, UNITS)
def test_a_printed_quantity_comes_back(value: Decimal, operator: str, unit: str) -> None:
    bare = values.quantity(f"{operator}{value}{unit}", bare_month_is_date=False)
    bracketed = values.quantity(f"{operator}{value}({unit})", bare_month_is_date=False)
    assert bare == bracketed
    assert (bare.kind, bare.value, bare.unit) == ("quantity", value, unit or None)


@given(AMOUNTS)
def test_full_width_is_the_same(value: Decimal) -> None:
    wide = f"{value:,.2f}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,."})
    assert values.amount(wide) == value


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)))
def test_a_printed_date_comes_back(day: datetime.date) -> None:
    for printed in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日"):
        assert values.date(printed) == day
