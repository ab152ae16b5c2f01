"""The figures of a year: distributions, so that they say the same of 3 and of 3,000 projects."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from audit_utils.language import _
from audit_utils.report import drawing, fonts, recomputed, text
from audit_utils.report.bars import NOTHING, Figure, Line, figure, length, percent, rounded, shown
from audit_utils.report.data import Year
from audit_utils.report.drawing import WIDTH, Box, Drawing, Word
from audit_utils.report.html import Html

RATES = tuple(Fraction(rate, 100) for rate in (50, 80, 95, 100))
REQUESTS = tuple(Fraction(10_000 * amount) for amount in (10, 50, 100, 500))
"""Bounds of the groups: of execution rates, and of requests in yuan."""


def year_money(year: Year) -> Html:
    """The annual budget by execution rate, and what declarations ask for by its size.

    Empty where no form prints either.
    """
    spent: list[tuple[Fraction, Decimal]] = []
    asked: list[tuple[Fraction, Decimal]] = []
    for project in year.projects:
        total = project.funds.get("total", {})
        budget, executed = total.get("annual_budget"), total.get("executed")
        if budget and budget > 0 and executed is not None:
            spent.append((Fraction(executed) / Fraction(budget), budget))
        if request := total.get("annual_request"):
            asked.append((Fraction(request), request))
    drawn = [
        (_("全年预算数（元）按执行数÷全年预算数分组。"), _grouped(spent, RATES, percent)),
        (_("年度资金申请总额（元）按金额分组。"), _grouped(asked, REQUESTS, _yuan)),
    ]
    legend = " ".join(legend for legend, lines in drawn if lines)
    panels = [lines for _legend, lines in drawn if lines]
    return shown(figure("year-money", _("资金分布"), legend, panels))[0]


def _grouped(
    found: Sequence[tuple[Fraction, Decimal]],
    bounds: Sequence[Fraction],
    printed: Callable[[Fraction], str],
) -> list[Line]:
    """A row for each group that has a project: how many, and their money."""
    groups: dict[int, list[Decimal]] = {}
    for measure, money in found:
        place = sum(measure >= bound for bound in bounds)
        groups.setdefault(place, []).append(money)
    sums = {place: sum(groups[place], Decimal(0)) for place in sorted(groups)}
    largest = max(sums.values(), default=Decimal(0))
    return [
        Line(
            _span(place, [printed(bound) for bound in bounds]),
            _("{n} 个项目", n=len(groups[place])),
            text.money(total),
            [("bar", 0.0, length(total, largest) if largest > 0 else 0.0)],
        )
        for place, total in sums.items()
    ]


def _span(place: int, bounds: Sequence[str]) -> str:
    if place == 0:
        return _("不足 {bound}", bound=bounds[0])
    if place == len(bounds):
        return _("{bound} 及以上", bound=bounds[-1])
    return _("{low} 到不足 {high}", low=bounds[place - 1], high=bounds[place])


def _yuan(amount: Fraction) -> str:
    return text.number(rounded(amount, 0))


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
        return shown(NOTHING)[0]
    step = _step([*printed, *due])
    above, below = (Counter(int(total // step) for total in found) for found in (printed, due))
    legend = _(
        "上：印出的总得分，{printed} 个项目。下：重新计算的总得分，{due} 个项目："
        "按规则应得的分之和÷分值之和×100；没有印出得分或分值的表不计。",
        printed=len(printed),
        due=len(due),
    )
    drawn = (_columns(above, below, step), _counted_scores(above, below, step))
    return shown(Figure("scores", _("总得分分布"), legend, [drawn]))[0]


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
    wide = fonts.width(str(most), drawing.SMALL) + 2
    top = 2 * SPACE + COLUMN
    bottom = top + SPACE
    boxes, words = [], [Word(0, 11, _("印出"), "note")]
    for look, counts in (("bar", above), ("bar-2", below)):
        for place, count in sorted(counts.items()):
            x, height = (place - low) * pitch, max(COLUMN * count / most, 1)
            y = top - height if look == "bar" else bottom
            boxes.append(Box(look, x, y, max(pitch - 1.5, 0.5), height))
            if pitch >= wide:
                tip = y - 4 if look == "bar" else y + height + 12
                words.append(Word(x + pitch / 2, tip, str(count), "note", "middle"))
    words.append(Word(0, bottom + COLUMN + 2 * SPACE - 4, _("重新计算"), "note"))
    words += [
        Word((place - low) * pitch, bottom - 5, str(place * step), "note")
        for place in range(low, high + 1, -(-(high - low + 1) // 10))
    ]
    return Drawing(bottom + COLUMN + 2 * SPACE, boxes, words)
