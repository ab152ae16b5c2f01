"""Number formats: what a sheet shows of a number."""

import pytest

from audit_utils.documents.formats import show, show_text


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("0.963", "0.00%", "96.30%"),
        ("0.12345", "0.0%", "12.3%"),
        ("0.5", "0%", "50%"),
        ("1", "0.00%", "100.00%"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("0.005", "0.00", "0.01"),
        ("2.675", "0.00", "2.68"),
        ("-0.001", "0.00", "0.00"),
        ("-5", "0.00_ ;[Red]\\-0.00\\ ", "-5.00"),
        ("-9.5", "0.00_);[Red]\\(0.00\\)", "(9.50)"),
        ("1234", '_ ¥* #,##0.00_ ;_ ¥* \\-#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "¥1,234.00"),
        ("12345678", "#,##0,", "12,346"),
        ("12", "00000", "00012"),
        ("5", '0"人次"', "5人次"),
        ("0", "#", ""),
        ("100", "General", "100"),
        ("0.1", "General", "0.1"),
        ("1234567.891", "General", "1234567.891"),
        ("0.333333333333333", "General", "0.333333333"),
        ("123456789012", "General", "123456789012"),
        ("-1.5", "General", "-1.5"),
        ("1e-7", "General", "0.0000001"),
        ("12.5", "@", "12.5"),
        ("44926", "yyyy/m/d", "2022/12/31"),
        ("44926", 'yyyy"年"m"月"d"日";@', "2022年12月31日"),
        ("44926", "[$-804]yyyy\\-mm\\-dd", "2022-12-31"),
        ("44926.75", "h:mm AM/PM", "6:00 PM"),
        ("44926.5", "yyyy/m/d hh:mm:ss", "2022/12/31 12:00:00"),
        ("0.5", "mm:ss", "00:00"),
        ("1", "yyyy/m/d", "1900/1/1"),
    ],
)
def test_shown(value: str, code: str, shown: str) -> None:
    assert show(value, code) == (shown, True)


def test_days_may_count_from_1904() -> None:
    assert show("43464", "yyyy/m/d", date1904=True).text == "2022/12/31"


@pytest.mark.parametrize(
    ("value", "code", "plain"),
    [
        ("0.5", "# ?/?", "0.5"),
        ("7", "[>=5]0;0", "7"),
        ("44926", "[DBNum1]yyyy", "44926"),
        ("1234", "0.00E+00", "1234"),
        ("1.5", "[h]:mm", "1.5"),
        ("-1", "yyyy/m/d", "-1"),
        ("1e200", "0.00", "1e200"),
        ("keine", "0.00", "keine"),
    ],
)
def test_what_is_not_known_shows_the_plain_value(value: str, code: str, plain: str) -> None:
    assert show(value, code) == (plain, False)


@pytest.mark.parametrize(
    ("code", "shown"), [("General", "甲"), ("@", "甲"), ("0.00", "甲"), ('@"等"', "甲等"),
                        ("0;0;0;", ""), ('0;0;0;"["@"]"', "[甲]")],
)  # fmt: skip
def test_texts_in_formats(code: str, shown: str) -> None:
    assert show_text("甲", code) == shown
