"""Figures: the numbers of the tables, in words and in Chinese wherever they are opened."""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import bs4
import pytest
import reporting
from fontTools.ttLib import TTFont

from audit_utils import cases, language
from audit_utils.parameters import Setting
from audit_utils.report import bars, data, drawing, figures, fonts, recomputed, text
from audit_utils.report.html import Html, style

CHROMIUM = Path("/usr/bin/chromium")
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
SC09 = cases.load(cases.beside(reporting.EXPECTATIONS) / "SC09.json")


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> dict[int, data.Year]:
    """The two real years, transcribed."""
    folder = tmp_path_factory.mktemp("processed")
    return {year: reporting.write(folder, year) for year in (2022, 2024)}


@pytest.fixture(scope="module")
def named(years: dict[int, data.Year]) -> dict[str, data.Project]:
    return {project.row["name"]: project for project in years[2022].projects}


def soup(html: Html) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(html.markup, "html.parser")


def words(html: Html) -> list[str]:
    """The words that are drawn."""
    return [one.get_text() for one in soup(html).select("svg text")]


def notes(html: Html) -> str:
    return "\n".join(one.get_text() for one in soup(html).select("figcaption .note"))


def boxes(html: Html, look: str) -> list[tuple[float, float]]:
    """Left and right of each bar of a look."""
    return [
        (float(left), float(right))
        for path in soup(html).select(f"path.{look}")
        for left, right in re.findall(r"M(\S+) \S+L(\S+) ", str(path["d"]))
    ]


def project(folder: Path, *rows: dict[str, Any], **printed: Any) -> data.Project:
    """A project whose indicators have these cells."""
    form = reporting.form(**printed)
    if rows:
        made = [reporting.form(**{f"i_{name}": cell for name, cell in row.items()}) for row in rows]
        form = replace(form, indicators=tuple(one.indicators[0] for one in made))
    return reporting.write(folder, 2022, [reporting.document(form)]).projects[0]


def row(target: str | None, actual: str | None, name: str = "某项指标", **more: str) -> Any:
    return {"target": target, "actual": actual, "name": name, **more}


# ---- money


def test_money_shows_the_amounts_of_the_table(years: dict[int, data.Year]) -> None:
    for one in years[2022].projects:
        total = one.funds["total"]
        columns = ("initial_budget", "annual_budget", "executed")
        shown = soup(figures.money(one)).select("text.value")
        assert [value.get_text() for value in shown] == [
            text.money(total[name]) for name in columns
        ]


def test_money_tells_the_change_and_the_part_that_was_spent(named: Any) -> None:
    shown = words(figures.money(named["执法办案及能力提升"]))
    assert shown == [
        "年初预算数", "585,900.00", "全年预算数", "较年初 +238.3%", "1,981,900.00",
        "全年执行数", "占全年预算 96.4%", "1,909,740.24",
    ]  # fmt: skip


def test_the_bars_are_in_proportion_to_the_money(named: Any) -> None:
    shown = figures.money(named["执法办案及能力提升"])
    ends = [right for _, right in boxes(shown, "bar")]
    assert ends == pytest.approx(
        [360 * 585900 / 1981900, 360, 360 * 1909740.24 / 1981900], abs=0.01
    )
    assert boxes(shown, "track") == [(0, 360)]
    assert str(soup(shown).select("path")[0]["class"]) == "['track']", "behind the bar"


def test_sources_share_a_bar_out_and_are_told(tmp_path: Path) -> None:
    one = project(tmp_path)
    more = {"current_year_fiscal": ("30000", "40000"), "carryover": ("28000", "18000")}
    for source, (initial, annual) in more.items():
        one.funds[source] = one.funds["total"] | {  # type: ignore[index]
            "source": source, "initial_budget": Decimal(initial), "annual_budget": Decimal(annual),
            "executed": None,
        }  # fmt: skip
    shown = figures.money(one)
    assert "年初预算数：当年财政拨款 30,000.00、上年结转资金 28,000.00" in notes(shown)
    assert "全年预算数：当年财政拨款 40,000.00、上年结转资金 18,000.00" in notes(shown)
    assert len(boxes(shown, "bar-2")) == 2
    assert all(right <= 360 for _, right in boxes(shown, "bar-2"))


def test_a_declaration_shows_what_it_asks_for_from_each_source(years: dict[int, data.Year]) -> None:
    one = years[2024].projects[0]
    assert figures.money(one).markup == "", "all of it from one source: the table says it"
    funds = {
        "current_year_fiscal": one.funds["total"] | {"annual_request": Decimal("7.5")},
        "other": one.funds["total"] | {"annual_request": Decimal("2.5")},
    }
    shown = figures.money(replace(one, funds={**one.funds, **funds}))
    assert words(shown) == ["当年财政拨款", "7.50", "其他资金", "2.50"]


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-5)])
def test_money_that_is_none_is_not_drawn(tmp_path: Path, amount: Decimal | None) -> None:
    one = project(tmp_path)
    columns = ("initial_budget", "annual_budget", "executed")
    one.funds["total"].update(dict.fromkeys(columns, amount))
    assert figures.money(one).markup == ""


def test_money_of_a_form_without_a_fund_table_is_not_drawn(tmp_path: Path) -> None:
    assert figures.money(replace(project(tmp_path), funds={})).markup == ""


# ---- points


def test_points_are_those_of_the_table(years: dict[int, data.Year]) -> None:
    for one in years[2022].projects:
        total = one.funds["total"]
        expected = {"预算执行": [total["score"], total["weight"]]}
        for indicator in one.indicators:
            sums = expected.setdefault(indicator["level1"], [Decimal(0), Decimal(0)])
            sums[0] += indicator["score"]
            sums[1] += indicator["weight"]
        shown = figures.points(one)
        labels = [label.get_text() for label in soup(shown).select("text.label")]
        values = [value.get_text() for value in soup(shown).select("text.value")]
        assert labels == list(expected)
        assert values == [" / ".join(map(text.number, sums)) for sums in expected.values()]


def test_points_lost_and_points_due_are_told(named: Any) -> None:
    shown = figures.points(named["执法办案及能力提升"])
    assert "失 0.64，按规则应得 9.64" in words(shown)
    assert notes(shown) == "得分之和 99.36，印出的总得分 99.36。"
    assert boxes(shown, "lost") == [pytest.approx((360 * 9.36 / 50, 360 * 10 / 50), abs=0.01)]
    (mark,) = boxes(shown, "rule")
    assert mark[0] == pytest.approx(360 * 9.636 / 50 - 1, abs=0.01)


def test_points_of_a_form_without_scores_are_not_drawn(tmp_path: Path) -> None:
    one = project(tmp_path, row(">=1次", "1次"))
    for points in (one.funds["total"], one.indicators[0]):
        points.update(score=None, weight=None)
    assert figures.points(one).markup == ""


def test_a_score_that_is_missing_is_told(tmp_path: Path) -> None:
    one = project(tmp_path, row(">=1次", "1次"))
    one.indicators[0]["score"] = None
    shown = figures.points(one)
    assert "有的行没有印出得分" in words(shown)
    assert notes(shown) == ""


@pytest.mark.parametrize("score", ["-5", "95", "0"])
def test_points_outside_of_their_bounds_stay_in_the_picture(tmp_path: Path, score: str) -> None:
    shown = figures.points(project(tmp_path, row(">=1次", "1次", score=score)))
    assert f"{score} / 90" in words(shown)
    ends = [end for look in ("track", "bar", "lost") for box in boxes(shown, look) for end in box]
    assert min(ends) >= 0
    assert max(ends) <= 361.5


def test_a_rate_above_100_percent_gives_no_more_than_the_weight(tmp_path: Path) -> None:
    one = project(tmp_path, row(">=1次", "1次", score="90"))
    one.funds["total"]["execution_rate"] = Decimal(9)
    assert words(figures.points(one)) == ["预算执行", "10 / 10", "产出指标", "90 / 90"]


DUE = [
    (case, found[1])
    for case in SC09.cases
    if (found := re.search(r"(?:重新计算 |良（)([\d.]+)", str(case.findings)))
]


@pytest.mark.parametrize(("case", "due"), DUE, ids=[case.name for case, _ in DUE])
def test_the_total_due_is_that_of_the_rule(case: cases.Case, due: str, tmp_path: Path) -> None:
    year = reporting.write(tmp_path, 2022, [cases.document(case, 0)])
    (total,) = recomputed.totals(year).values()
    assert bars.rounded(total, 2) == Decimal(due)


def test_cases_of_the_rule_have_a_total_unless_it_cannot_be_told(tmp_path: Path) -> None:
    assert len(DUE) >= 6
    for case in SC09.cases:
        year = reporting.write(tmp_path, 2022, [cases.document(case, 0)])
        known = case.outcomes[0] in ("pass", "fail") or case.name == "no total"
        assert bool(recomputed.totals(year)) == known, case.name


# ---- completion


def test_completion_accounts_for_every_target_that_is_a_number(years: dict[int, data.Year]) -> None:
    """Drawn by its name, or named or counted in a note."""
    for one in years[2022].projects:
        shown = figures.completion(one)
        labels = "\n".join(label.get_text() for label in soup(shown).select("text.label"))
        for indicator in one.indicators:
            if indicator["target_kind"] == "quantity":
                assert indicator["name"] in labels + notes(shown)
        others = sum(one["target_kind"] != "quantity" for one in one.indicators)
        assert (f"另有 {others} 项以文字或日期" in notes(shown)) == bool(others)


def test_completion_is_what_the_printed_numbers_give(years: dict[int, data.Year]) -> None:
    """`>=90%` and `92%`, read here once more."""
    compared = 0
    for one in years[2022].projects:
        shown = words(figures.completion(one))
        for indicator in one.indicators:
            target = re.fullmatch(r"[>=]*([\d.]+)(\D*)", indicator["target"])
            actual = re.fullmatch(r"([\d.]+)(\D*)", indicator["actual"])
            if not (target and actual and actual[2] in ("", target[2])):
                continue
            share = Fraction(actual[1]) / Fraction(target[1])
            if share != 1 and indicator["name"] in shown:
                value = shown[shown.index(indicator["name"]) + 1]
                assert abs(Fraction(value.rstrip("%，未完成")) - 100 * share) <= Fraction(1, 20)
                assert ("未完成" in value) == (share < 1)
                compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    ("target", "actual", "value"),
    [
        ("≥12次", "6次", "50%，未完成"),
        ("≥12次", "18次", "150%"),
        ("≥12次", "60次", "500%"),
        ("≥30000次", "29999次", "99.9967%，未完成"),
        (">95%", "95%", "100%，未完成"),
        ("≥12次", "12次", "100%"),
        ("≥12次", "0", "0%，未完成"),
        ("≤5%", "1%", "500%"),
        ("≤5%", "10%", "50%，未完成"),
        ("80%-90%", "40%", "50%，未完成"),
        ("≥1万人", "5000人", "50%，未完成"),
    ],
)
def test_completion_the_right_way_round(
    target: str, actual: str, value: str, tmp_path: Path
) -> None:
    shown = figures.completion(project(tmp_path, row(target, actual)))
    assert words(shown) == ["0", "100%", "150%", "某项指标", value]
    assert value in soup(shown).select_one("desc").get_text()  # type: ignore[union-attr]


def test_a_ceiling_by_the_other_formula(tmp_path: Path) -> None:
    one = project(tmp_path, row("≤100元", "150元"))
    setting = one.settings["ceiling_formula"]
    other = Setting(setting.parameter, "1-(actual-target)/target", own=True)
    shown = figures.completion(replace(one, settings={**one.settings, "ceiling_formula": other}))
    assert words(shown)[-1] == "50%，未完成"


def test_a_bar_beyond_the_scale_is_broken_and_stays_in_the_picture(tmp_path: Path) -> None:
    (start, first), second, (third, end) = boxes(
        figures.completion(project(tmp_path, row("≥1次", "5次"))), "over"
    )
    assert start == 240
    assert first < second[0] < second[1] < third < end == 360
    assert boxes(figures.completion(project(tmp_path, row("≥2次", "3次"))), "over") == [(240, 360)]


def test_targets_reached_exactly_share_a_row_and_are_named(tmp_path: Path) -> None:
    rows = [row("≥1次", "1次", "甲"), row("≥2次", "2次", "乙"), row("≥2次", "1次", "丙")]
    shown = figures.completion(project(tmp_path, *rows))
    assert words(shown)[3:] == ["丙", "50%，未完成", "恰好完成的 2 项", "100%"]
    assert notes(shown) == "恰好完成：甲、乙"


def test_a_target_to_be_exceeded_is_not_reached_exactly(tmp_path: Path) -> None:
    shown = figures.completion(
        project(tmp_path, row(">1次", "1次", "甲"), row(">2次", "2次", "乙"))
    )
    assert words(shown)[3:] == ["甲", "100%，未完成", "乙", "100%，未完成"]


@pytest.mark.parametrize(
    ("target", "actual", "reason"),
    [
        (">=4次", "100%", "（>=4次 / 100%，单位不同）"),
        ("≥4次", "及时", "（≥4次 / 及时，以文字回答数量）"),
        ("≥4次", None, "（≥4次 / 空，没有实际完成值）"),
        ("≤10%", "0", "（≤10% / 0，不成比例）"),
    ],
)
def test_targets_that_cannot_be_compared_are_named(
    target: str, actual: str | None, reason: str, tmp_path: Path
) -> None:
    shown = figures.completion(
        project(tmp_path, row(target, actual, "甲"), row("≥1次", "2次", "乙"))
    )
    assert notes(shown) == f"无法比较：甲{reason}"
    assert words(shown)[3:] == ["乙", "200%"]


def test_only_targets_that_cannot_be_compared_are_told_without_a_picture(tmp_path: Path) -> None:
    shown = figures.completion(project(tmp_path, row(">=4次", "100%", "甲")))
    assert not soup(shown).svg
    assert "无法比较：甲" in notes(shown)


def test_completion_of_words_and_of_declarations_is_not_drawn(
    years: dict[int, data.Year], tmp_path: Path
) -> None:
    assert figures.completion(project(tmp_path, row("及时", "及时"))).markup == ""
    assert figures.completion(project(tmp_path, row("≥1次", None))).markup == ""
    assert figures.completion(replace(project(tmp_path), indicators=[])).markup == ""
    assert {figures.completion(one).markup for one in years[2024].projects} == {""}


def test_of_many_targets_those_nearest_to_the_target_share_a_row_and_are_named(
    tmp_path: Path,
) -> None:
    rows = [row("≥1000次", f"{1000 + 10 * number}次", f"第{number}项") for number in range(1, 21)]
    rows.append(row("≥1000次", "999次", "未完成项"))
    shown = figures.completion(project(tmp_path, *rows))
    drawn = words(shown)
    assert drawn[drawn.index("其余 13 项") + 1] == "101%–113%"
    assert drawn[drawn.index("未完成项") + 1] == "99.9%，未完成", "missed, so never in a group"
    assert [f"第{number}项" in drawn for number in range(13, 21)] == [False, *[True] * 7]
    assert notes(shown).startswith("其余：第1项 101%、第2项 102%、")
    assert notes(shown).endswith("第13项 113%")


def test_very_many_missed_targets_stay_few_rows(tmp_path: Path) -> None:
    rows = [row("≥1000次", f"{number}次", f"第{number}项") for number in range(1, 101)]
    shown = figures.completion(project(tmp_path, *rows))
    assert len(soup(shown).select("text.value")) == figures.MOST + 1
    assert f"其余 {100 - figures.MOST} 项" in words(shown)
    assert all(f"第{number}项" in notes(shown) + "".join(words(shown)) for number in range(1, 101))


# ---- any text

HOSTILE = [
    "<script>alert(1)</script>", "</svg><style>*{display:none}", "$x_1$ ^ \\frac", "a\x00b\u202ec",
    "\U0001f600\ufe0f", "𠮷野家龘", "שלום עולם", "a\nb\u2028c",
    "名" * 2000, "W" * 2000, "]]>", " ", "&amp;",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_figure_takes_any_name(name: str, tmp_path: Path) -> None:
    one = project(tmp_path, row("≥2次", "1次", name, level1=name), row("≥2次", "9%", name))
    for shown in (figures.points(one), figures.completion(one)):
        assert len(shown.markup) < 9000
        svg = soup(shown).svg
        assert svg
        assert {element.name for element in svg.find_all()} == {"title", "desc", "path", "text"}
        assert not soup(shown).select("script")
        start = text.visible(" ".join(name.split()))[:8]
        assert any(word.startswith(start) for word in words(shown))


def test_a_long_name_ends_before_the_value(tmp_path: Path) -> None:
    for name in ("名" * 100, "W" * 100, "i" * 500):
        label, value = words(figures.completion(project(tmp_path, row("≥2次", "1次", name))))[3:]
        assert label.endswith("…")
        assert fonts.width(label, drawing.SIZE) + fonts.width(value, drawing.SIZE) <= drawing.WIDTH


def test_what_a_row_has_no_room_for_stands_below(
    named: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """English takes more room."""
    monkeypatch.setattr(language, "_chosen", "en")
    one = named["执法办案及能力提升"]
    shown = [figures.money(one), figures.points(one)]
    assert not re.search("[\u4e00-\u9fff]", " ".join(words(shown[0])) + notes(shown[0]))
    told = "\n".join([*words(shown[0]), *words(shown[1]), *map(notes, shown)])
    for part in ("+238.3%", "96.4%", "0.64", "9.64"):
        assert part in told


# ---- a year


def test_scores_count_every_project_once_above_and_below(years: dict[int, data.Year]) -> None:
    shown = figures.scores(years[2022])
    described = soup(shown).select_one("desc").get_text()  # type: ignore[union-attr]
    counts = re.findall(r"(\d+) 到不足 (\d+) 分：印出 (\d+) 个，重新计算 (\d+) 个", described)
    printed = [one.row["total_score"] for one in years[2022].projects]
    due = recomputed.totals(years[2022]).values()
    assert counts
    for low, high, above, below in counts:
        assert int(above) == sum(int(low) <= total < int(high) for total in printed)
        assert int(below) == sum(int(low) <= total < int(high) for total in due)
    assert sum(int(count[2]) for count in counts) == sum(int(count[3]) for count in counts) == 19


def test_scores_of_a_year_without_any_are_not_drawn(years: dict[int, data.Year]) -> None:
    assert figures.scores(years[2024]).markup == ""


@pytest.mark.parametrize("total", ["0", "-40", "1000000000"])
def test_a_wild_total_stays_in_the_picture(total: str, tmp_path: Path) -> None:
    forms = [reporting.form(name="甲", total_score=total), reporting.form(name="乙")]
    shown = figures.scores(reporting.write(tmp_path, 2022, [reporting.document(*forms)]))
    assert len(shown.markup) < 6000
    ends = [end for look in ("bar", "bar-2") for box in boxes(shown, look) for end in box]
    assert 0 <= min(ends) < max(ends) <= 360


def test_the_money_of_a_year_is_grouped_by_what_was_spent_of_it(
    years: dict[int, data.Year],
) -> None:
    shown = figures.year_money(years[2022])
    assert words(shown) == [
        "50% 到不足 80%", "1 个项目", "323,200.00", "80% 到不足 95%", "1 个项目", "2,442,780.00",
        "95% 到不足 100%", "15 个项目", "15,974,326.00", "100% 及以上", "2 个项目", "122,640.00",
    ]  # fmt: skip


def test_what_declarations_ask_for_is_grouped_by_size(years: dict[int, data.Year]) -> None:
    asked = [one.funds["total"]["annual_request"] for one in years[2024].projects]
    small, large = [one for one in asked if one < 100_000], [one for one in asked if one >= 5e6]
    shown = words(figures.year_money(years[2024]))
    assert shown[:3] == ["不足 100,000", f"{len(small)} 个项目", text.money(sum(small))]
    assert shown[-3:] == ["5,000,000 及以上", f"{len(large)} 个项目", text.money(sum(large))]
    assert sum(int(one.split()[0]) for one in shown if one.endswith(" 个项目")) == len(asked)


def test_a_year_without_money_has_no_figure(tmp_path: Path) -> None:
    year = reporting.write(tmp_path, 2022, [reporting.document(name="a letter.txt")])
    assert figures.year_money(year).markup == figures.scores(year).markup == ""


# ---- the font


def font_of(html: Html) -> TTFont:
    found = re.search(r"base64,([^)]+)\)", html.markup)
    assert found
    return TTFont(BytesIO(base64.b64decode(found[1])))


def test_the_font_has_the_glyphs_of_the_figure_and_no_other(named: Any) -> None:
    for draw in (figures.money, figures.points, figures.completion):
        shown = draw(named["执法办案及能力提升"])
        drawn = {one for word in words(shown) for one in word if not one.isascii()}
        assert set(map(chr, font_of(shown).getBestCmap())) == drawn


def test_the_figures_of_a_page_share_one_font(years: dict[int, data.Year]) -> None:
    for one in (*years[2022].projects[:3], *years[2024].projects):
        shown = [html for html in figures.drawn(one) if html.markup]
        if not shown:
            continue  # a declaration with one source
        assert [html.markup.count("@font-face") for html in shown] == [1] + [0] * (len(shown) - 1)
        needed = {letter for html in shown for word in words(html) for letter in word}
        assert set(map(chr, font_of(shown[0]).getBestCmap())) == {
            letter for letter in needed if not letter.isascii()
        }
        families = re.findall("font-family: (figure-[a-z]+)", "".join(h.markup for h in shown))
        assert len(families) == len(shown)
        assert len(set(families)) == 1
        assert f"@font-face{{font-family:{families[0]};" in shown[0].markup


def test_the_glyphs_are_those_of_the_font_they_come_from() -> None:
    """As wide, and within a unit at the same place."""
    made = TTFont(BytesIO(fonts._woff("f", "一永")))
    whole = TTFont(fonts.PATH)
    for character in "一永":
        bounds = []
        for font in (made, whole):
            name = font.getBestCmap()[ord(character)]
            glyph = font["CFF "].cff.topDictIndex[0].CharStrings[name]
            assert font["hmtx"][name][0] == font["head"].unitsPerEm
            scale = 1000 / font["head"].unitsPerEm
            bounds.append([scale * bound for bound in glyph.calcBounds(None)])
        assert bounds[0] == pytest.approx(bounds[1], abs=1000 / fonts.EM)


def test_what_the_font_lacks_is_left_to_the_reader_s_own() -> None:
    assert fonts.lacks("\U0001f600")
    assert not fonts.lacks("年")
    assert fonts.face("f", "\U0001f600 abc 123") == ""
    assert fonts.face("f", "年\U0001f600") == fonts.face("f", "年1")


def test_figures_of_a_page_are_small(years: dict[int, data.Year]) -> None:
    drawn = (figures.money, figures.points, figures.completion)
    sizes = sorted(
        sum(len(draw(one).markup.encode()) for draw in drawn) for one in years[2022].projects
    )
    assert sizes[len(sizes) // 2] < 16_000
    assert sizes[-1] < 26_000


NO_FONTS = '<?xml version="1.0"?><fontconfig><dir>{}</dir><cachedir>{}</cachedir></fontconfig>'
DRAW = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
import reporting
from audit_utils.report import figures
year = reporting.write(Path(sys.argv[1]), 2022)
for one in year.projects[:6]:
    print(figures.money(one).markup, figures.points(one).markup, figures.completion(one).markup)
print(figures.scores(year).markup, figures.year_money(year).markup)
"""


def test_the_same_bytes_in_any_process_on_a_machine_without_fonts(tmp_path: Path) -> None:
    """Warnings are errors: matplotlib would warn of a glyph that it does not find."""
    conf = tmp_path / "fonts.conf"
    conf.write_text(NO_FONTS.format(tmp_path / "none", tmp_path / "cache"))
    outputs = []
    for seed in ("1", "2"):
        more = {"PYTHONHASHSEED": seed, "FONTCONFIG_FILE": str(conf),
                "MPLCONFIGDIR": str(tmp_path), "MPL_IGNORE_SYSTEM_FONTS": "1"}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", DRAW, str(tmp_path / seed)],
            cwd=reporting.ROOT, env=os.environ | more, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]
    assert "年初预算数" in outputs[0]


# ---- in a browser without Chinese fonts


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.exists() or not DEJAVU.exists():
        pytest.skip(f"needs {CHROMIUM} and {DEJAVU}")
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "fonts.conf").write_text(NO_FONTS.format(DEJAVU, folder / "cache"))
    with playwright.sync_playwright() as tools:
        chromium = tools.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox"],
            env=dict(os.environ) | {"FONTCONFIG_FILE": str(folder / "fonts.conf")},
        )
        yield chromium
        chromium.close()


MEASURE = """async () => {
  await document.fonts.ready;
  const size = text => parseFloat(getComputedStyle(text).fontSize);
  const words = [...document.querySelectorAll('svg text')].map(text => [
    text.textContent, text.getComputedTextLength() / size(text), text.getBBox().x,
    text.getBBox().x + text.getBBox().width, text.closest('svg').getAttribute('aria-labelledby'),
    Math.round(text.getBBox().y / 6)]);
  return {faces: [...document.fonts].map(face => face.status), words};
}"""


def measured(browser: Any, markup: str) -> Any:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_content(f'{style().markup}<body class="audit">{markup}')
    found = page.evaluate(MEASURE)
    page.close()
    return found


def test_a_browser_without_chinese_fonts_draws_the_glyphs_of_the_page(
    browser: Any, years: dict[int, data.Year]
) -> None:
    one = years[2022].projects[3]
    drawn = [draw(one).markup for draw in (figures.money, figures.points, figures.completion)]
    found = measured(browser, "".join(drawn))
    assert found["faces"] == ["loaded"] * 3
    chinese = [(word, width) for word, width, *_ in found["words"] if not re.search(r"[ -~]", word)]
    assert len(chinese) > 10
    for word, width in chinese:
        assert width == pytest.approx(len(word), rel=0.02), word
    without = measured(browser, re.sub("<style>.*?</style>", "", drawn[0]))
    assert without["faces"] == []
    assert without["words"][0][1] != pytest.approx(5, rel=0.2), "an empty box is narrower"


def test_words_do_not_meet_in_a_wide_font(browser: Any, years: dict[int, data.Year]) -> None:
    """DejaVu is as wide as fonts of pages get."""
    drawn = (figures.money, figures.points, figures.completion)
    for one in years[2022].projects[:10]:
        for draw in drawn:
            lines: dict[tuple[str, int], list[tuple[float, float]]] = {}
            for _, _, left, right, *line in measured(browser, draw(one).markup)["words"]:
                lines.setdefault(tuple(line), []).append((left, right))
            for places in lines.values():
                places.sort()
                assert all(before[1] < after[0] for before, after in pairwise(places))
                assert places[-1][1] <= 361
