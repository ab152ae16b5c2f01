"""The figures of a year: distributions, so that they say the same of 3 and of 3,000 projects."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from audit_utils.language import _
from audit_utils.report import recomputed, text
from audit_utils.report.bars import Line, figure, length, nothing, percent, shown
from audit_utils.report.data import Year
from audit_utils.report.drawing import WIDTH, Box, Drawing, Word
from audit_utils.report.html import Html

BANDS = (Fraction(1, 2), Fraction(4, 5), Fraction(19, 20), Fraction(1))
"""Bounds of the execution rates that a year's money is grouped by."""


def year_money(year: Year) -> Html:
    """The year's annual budget by execution rate; empty where no form prints both."""
    groups: dict[int, list[Decimal]] = {}
    for project in year.projects:
        total = project.funds.get("total", {})
        budget, spent = total.get("annual_budget"), total.get("executed")
        if budget and spent is not None and budget > 0:
            groups.setdefault(_band(Fraction(spent) / Fraction(budget)), []).append(budget)
    largest = max((sum(group) for group in groups.values()), default=Decimal(0))
    lines = []
    for band in sorted(groups):
        budget = sum(groups[band], Decimal(0))
        count = _("{n} 个项目", n=len(groups[band]))
        bar = ("bar", 0.0, length(budget, Decimal(largest)))
        lines.append(Line(_band_name(band), count, text.money(budget), [bar]))
    legend = _("全年预算数（元）按执行数÷全年预算数分组。")
    return figure("year-money", _("预算与执行率"), legend, [lines] if lines else [])


def _band(rate: Fraction) -> int:
    """0 to 3 below the bounds, 4 for exactly 100 %, 5 above."""
    return sum(rate >= bound for bound in BANDS) + (rate > 1)


def _band_name(band: int) -> str:
    bounds = [percent(bound) for bound in BANDS]
    if band == 0:
        return _("执行率不到 {bound}", bound=bounds[0])
    if band < len(bounds):
        return _("{low} 到不足 {high}", low=bounds[band - 1], high=bounds[band])
    return _("正好 100%") if band == len(bounds) else _("超过 100%")


COLUMN, SPACE = 70.0, 18.0
"""Pixels of the highest column of scores, and of a line of words beside it."""


def scores(year: Year) -> Html:
    """How many projects have which total: printed above the axis, recomputed below it."""
    printed = [
        Fraction(one.row["total_score"])
        for one in year.projects
        if one.row["total_score"] is not None
    ]
    due = list(recomputed.totals(year).values())
    if not printed and not due:
        return nothing()
    step = _step([*printed, *due])
    above, below = (Counter(int(total // step) for total in found) for found in (printed, due))
    legend = _(
        "上：印出的总得分，{printed} 个项目。下：重新计算的总得分，{due} 个项目："
        "按规则应得的分之和÷分值之和×100；没有印出得分或分值的表不计。",
        printed=len(printed),
        due=len(due),
    )
    drawn = (_columns(above, below, step), _counted_scores(above, below, step))
    return shown("scores", _("总得分分布"), legend, [drawn])


def _step(totals: Sequence[Fraction]) -> int:
    """Points a column: few enough columns to see them, for wild totals too."""
    span = max(totals) - min(totals)
    step = next((one for one in (1, 2, 5, 10) if span / one < 20), 10)
    while span / step > 60:
        step *= 10
    return step


def _counted_scores(above: Counter[int], below: Counter[int], step: int) -> str:
    said = (
        _(
            "{low} 到不足 {high} 分：印出 {printed} 个，重新计算 {due} 个",
            low=place * step,
            high=(place + 1) * step,
            printed=above[place],
            due=below[place],
        )
        for place in sorted({*above, *below})
    )
    return _("；").join(said)


def _columns(above: Counter[int], below: Counter[int], step: int) -> Drawing:
    """Columns upwards and downwards from an axis; at least ten, so that none gets fat."""
    places = {*above, *below}
    low, high = min(min(places), max(places) - 9), max(places)
    pitch, most = WIDTH / (high - low + 1), max(*above.values(), *below.values())
    top = 2 * SPACE + COLUMN
    bottom = top + SPACE
    boxes, words = [], [Word(0, 11, _("印出"), "note")]
    for look, counts in (("bar", above), ("bar-2", below)):
        for place, count in sorted(counts.items()):
            x, height = (place - low) * pitch, max(COLUMN * count / most, 1)
            y = top - height if look == "bar" else bottom
            boxes.append(Box(look, x, y, max(pitch - 1.5, 0.5), height))
            if pitch >= 16:
                tip = y - 4 if look == "bar" else y + height + 12
                words.append(Word(x + pitch / 2, tip, str(count), "note", "middle"))
    words.append(Word(0, bottom + COLUMN + 2 * SPACE - 4, _("重新计算"), "note"))
    words += [
        Word((place - low) * pitch, bottom - 5, str(place * step), "note")
        for place in range(low, high + 1, -(-(high - low + 1) // 10))
    ]
    return Drawing(bottom + COLUMN + 2 * SPACE, boxes, words)
