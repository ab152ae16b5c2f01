"""The figures of a report: money, points and completion of a project, and those of a year.

Each is empty where there is nothing to draw.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audit_utils.comparison import WHY
from audit_utils.dictionary import SOURCES
from audit_utils.language import _
from audit_utils.report import fonts, recomputed, text
from audit_utils.report.bars import (
    NOTHING,
    Bars,
    Figure,
    Line,
    figure,
    length,
    percent,
    rounded,
    shown,
)
from audit_utils.report.data import Project, Row, Year
from audit_utils.report.drawing import WIDTH
from audit_utils.report.html import Html
from audit_utils.report.year_figures import scores, year_money

__all__ = ["completion", "drawn", "money", "points", "scores", "warm", "year_money"]

SCALE = Fraction(3, 2)
"""Where the scale of completion ends; longer bars are broken."""

SINGLE, MOST = 8, 24
"""Targets with a row of their own: the farthest from 100 %, and more where more are missed."""

PANEL = 8  # more rows stand in two panels
NAMED = 40  # characters of a name in a note


def warm(years: Iterable[Year] = ()) -> None:
    """Do once, before processes are forked, what every page of these years would do again.

    Read the glyphs of all names, and draw a figure: the first one of a process loads modules.
    """
    for year in years:
        fonts.warm("".join(set(_words(year))))
        for project in year.projects[:1]:
            drawn(project)


def _words(year: Year) -> Iterable[str]:
    for project in year.projects:
        for row in project.indicators:
            yield row["name"] or ""
            yield row["level1"] or ""


def drawn(project: Project) -> list[Html]:
    """Money, points and completion for one page: they share a font, which the first brings."""
    return shown(_money(project), _points(project), _completion(project))


# ---- money


def money(project: Project) -> Html:
    """Budget, and what was spent of it, as a figure of its own."""
    return shown(_money(project))[0]


def _money(project: Project) -> Figure:
    """Initial budget, annual budget and what was spent of it; a declaration's money by source."""
    if project.row["form"] == "target_declaration":
        return _request(project)
    total = project.funds.get("total", {})
    amounts = [total.get(name) for name in _AMOUNTS]
    largest = max((one for one in amounts if one), default=Decimal(0))
    if largest <= 0:
        return NOTHING
    initial, annual, spent = amounts
    track = [("track", 0.0, length(annual, largest))]
    lines = [
        Line(_("年初预算数"), "", text.money(initial), _split(project, "initial_budget", largest)),
        Line(_("全年预算数"), _change(initial, annual), text.money(annual),
             _split(project, "annual_budget", largest)),
        Line(_("全年执行数"), _part(spent, annual), text.money(spent),
             [*track, *_split(project, "executed", largest)]),
    ]  # fmt: skip
    known = [line for line in lines if line.value]
    legend = _("单位：元。执行数后的灰条为全年预算数；百分比按印出的金额计算。")
    return figure("money", _("预算与执行"), legend, [known], _sources(project))


def _request(project: Project) -> Figure:
    """The money of a declaration by source; nothing where it all comes from one."""
    asked = {source: fund["annual_request"] for source, fund in _parts(project).items()}
    known = {source: amount for source, amount in asked.items() if amount and amount > 0}
    largest = max(known.values(), default=Decimal(0))
    lines = [
        Line(_(SOURCES[source]), "", text.money(amount),
             [("bar", 0, length(amount, largest))])
        for source, amount in known.items()
    ]  # fmt: skip
    legend = _("单位：元，按资金来源。")
    return figure("money", _("年度资金申请"), legend, [lines] if len(lines) > 1 else [])


def _parts(project: Project) -> Mapping[str, Row]:
    return {source: fund for source, fund in project.funds.items() if source != "total"}


_AMOUNTS = ("initial_budget", "annual_budget", "executed")
_SHADES = ("bar", "bar-2", "bar-3", "bar-4", "bar-5")


def _shades(project: Project) -> Mapping[str, str]:
    """The look of each source that prints an amount in any column, the first the darkest."""
    parts = _parts(project)
    shown = [one for one in parts if any(one in _by_source(project, name) for name in _AMOUNTS)]
    return dict(zip(shown, _SHADES, strict=False))


def _split(project: Project, column: str, largest: Decimal) -> Bars:
    """The bar of an amount, shared out by source where the form prints several."""
    shares = _by_source(project, column)
    if len(shares) < 2:
        total = project.funds["total"].get(column)
        return [("bar", 0, length(total, largest))]
    bars, end, shades = [], 0.0, _shades(project)
    for source, amount in shares.items():
        long = length(amount, largest)
        bars.append((shades[source], end, max(long - 1, 0.5)))
        end += long
    return bars


def _by_source(project: Project, column: str) -> Mapping[str, Decimal]:
    shares = {source: fund[column] for source, fund in _parts(project).items()}
    return {source: amount for source, amount in shares.items() if amount and amount > 0}


def _sources(project: Project) -> list[str]:
    """The amounts by source, in words, where there are several."""
    said = []
    for column, label in (
        ("initial_budget", _("年初预算数")),
        ("annual_budget", _("全年预算数")),
        ("executed", _("全年执行数")),
    ):
        shares = _by_source(project, column)
        if len(shares) > 1:
            amounts = (f"{_(SOURCES[one])} {text.money(shares[one])}" for one in shares)
            said.append(f"{label}{_('：')}{_('、').join(amounts)}")
    return [_("由浓到淡：{amounts}", amounts=_("；").join(said))] if said else []


def _change(before: Decimal | None, after: Decimal | None) -> str:
    if not before or after is None:
        return ""
    change = Fraction(after) / Fraction(before) - 1
    return _("较年初 {change}", change=f"{'+' if change > 0 else ''}{percent(change)}")


def _part(part: Decimal | None, whole: Decimal | None) -> str:
    if not whole or part is None:
        return ""
    return _("占全年预算 {share}", share=percent(Fraction(part) / Fraction(whole)))


# ---- points


def points(project: Project) -> Html:
    """Points won and lost, as a figure of its own."""
    return shown(_points(project))[0]


def _points(project: Project) -> Figure:
    """Points won and lost by level 1 and for the execution; empty where none are printed."""
    found = [part for part in recomputed.parts(project) if part.weight is not None]
    largest = max((max(part.weight or 0, part.won or 0) for part in found), default=Decimal(0))
    if largest <= 0 or all(part.won is None for part in found):
        return NOTHING
    lines = [_level(part, Decimal(largest)) for part in found]
    legend = _("蓝色为得分，红色为失分，合起来是分值；竖线为按规则应得的分（仅在与得分不同处）。")
    return figure("points", _("得分与失分"), legend, [lines], _total(project, found))


def _level(part: recomputed.Part, largest: Decimal) -> Line:
    weight, won, due = part.weight or Decimal(0), part.won, part.due
    label = (_(part.label) if part.execution else part.label) or _("未分组")
    if won is None:
        return Line(label, _("有的行没有印出得分"), text.number(weight),
                    [("track", 0, length(weight, largest))])  # fmt: skip
    end, whole = length(won, largest), length(weight, largest)
    bars = [("track", 0.0, whole), ("bar", 0.0, end)]
    told = []
    if won < weight:
        bars.append(("lost", end, max(whole - end, 1.5)))
        told.append(_("失 {points}", points=text.number(weight - won)))
    if due is not None and abs(due - Fraction(won)) >= Fraction(1, 200):
        bars.append(("rule", length(due, largest) - 1, 2))
        told.append(_("按规则应得 {points}", points=text.number(rounded(due, 2))))
    return Line(label, _("，").join(told), f"{text.number(won)} / {text.number(weight)}", bars)


def _total(project: Project, found: Sequence[recomputed.Part]) -> list[str]:
    """The sum of the points drawn beside the total that is printed."""
    won = [part.won for part in found if part.won is not None]
    printed = project.row["total_score"]
    if len(won) < len(found) or printed is None:
        return []
    return [_("得分之和 {sum}，印出的总得分 {total}。",
              sum=text.number(sum(won, Decimal(0))), total=text.number(printed))]  # fmt: skip


# ---- completion


@dataclass(frozen=True, slots=True)
class Reached:
    """What an indicator reached of its target."""

    share: Fraction
    row: Row

    @property
    def missed(self) -> bool:
        return bool(self.row["attainment"] == "missed")

    @property
    def even(self) -> bool:
        """Met, and no more than that."""
        return self.share == 1 and not self.missed

    @property
    def distance(self) -> Fraction:
        """From 100 %, by the factor: a third is as far as three times."""
        return max(self.share, 1 / self.share) if self.share else Fraction(10**9)


def completion(project: Project) -> Html:
    """Completion of targets, as a figure of its own."""
    return shown(_completion(project))[0]


def _completion(project: Project) -> Figure:
    """Completion of the quantified targets on one scale; what cannot be compared is named."""
    compared = recomputed.compared(project.indicators)
    quantified = [row for row in compared if row["target_kind"] in recomputed.QUANTIFIED]
    if all(row["actual_kind"] in (None, "empty") for row in quantified):
        return NOTHING
    formula = recomputed.formula(project.settings)
    shares = [(recomputed.share(row, formula), row) for row in quantified]
    reached = [Reached(share, row) for share, row in shares if share is not None]
    single, rest, even = _sorted(reached)
    others = len(compared) - len(quantified)
    notes = [
        *_named(_("恰好完成："), [one.row for one in even]),
        *_named(_("其余："), [one.row for one in rest], _shares(rest)),
        *_named(_("无法比较："), [row for share, row in shares if share is None], _why),
        *([_("另有 {n} 项以文字或日期为指标值，不在图中。", n=others)] if others else []),
    ]
    lines = [(one.share, _single(one)) for one in single]
    lines += [(group[0].share, _group(group)) for group in (even, rest) if group]
    ordered = [line for _share, line in sorted(lines, key=lambda one: one[0])]
    legend = _("实际完成值÷指标值，「不超过」类按本年公式；竖线为 100%，断开的条超出 150%。")
    return figure("completion", _("定量指标完成程度"), legend, _panels(ordered), notes, _AXIS)


_AXIS = (("0", 0, "start"), ("100%", 1 / SCALE, "middle"), ("150%", 1, "end"))


def _sorted(reached: Sequence[Reached]) -> tuple[list[Reached], list[Reached], list[Reached]]:
    """Those with a row of their own, the rest, and those that were reached exactly.

    Of the latter two each shares one row, if it has more than one.
    """
    even = [one for one in reached if one.even]
    others = sorted(
        (one for one in reached if not one.even), key=lambda one: (one.missed, one.distance)
    )
    missed = sum(one.missed for one in others)
    room = max(SINGLE, min(missed, MOST))
    single, rest = others[-room:], others[:-room]
    if len(even) == 1:
        single, even = [*single, *even], []
    if len(rest) == 1:
        single, rest = [*single, *rest], []
    return single, sorted(rest, key=lambda one: one.share), even


def _single(one: Reached) -> Line:
    value = percent(one.share)
    said = _("{share}，未完成", share=value) if one.missed else value
    look = "short" if one.missed else "bar"
    return Line(one.row["name"] or _("未命名"), "", said, _to(look, one.share, one.share))


def _group(group: Sequence[Reached]) -> Line:
    """Several indicators in a row: its bar reaches from the least to the most of them."""
    low, high, n = group[0].share, group[-1].share, len(group)
    if low == high == 1:
        return Line(_("恰好完成的 {n} 项", n=n), "", percent(low), _to("bar", low, high))
    said = percent(low) if low == high else f"{percent(low)}–{percent(high)}"
    return Line(_("其余 {n} 项", n=n), "", said, _to("bar", low, high))


def _to(look: str, low: Fraction, high: Fraction) -> Bars:
    """A bar up to 100 % and paler beyond it, and from the least to the most of several."""
    start = _at(min(low, Fraction(1)))
    return [(look, 0.0, start), *_beyond(start, high), ("rule", _at(Fraction(1)) - 0.5, 1)]


def _beyond(start: float, share: Fraction) -> Bars:
    """The paler end of a bar, broken where it leaves the scale."""
    end = _at(min(share, SCALE))
    if share <= SCALE:
        return [("over", start, end - start)]
    return [("over", start, end - 24 - start), ("over", end - 21, 9), ("over", end - 9, 9)]


def _at(share: Fraction) -> float:
    return float(share / SCALE) * WIDTH


def _panels(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """One column of rows, or two where there are many."""
    middle = (len(lines) + 1) // 2 if len(lines) > PANEL else len(lines)
    return [panel for panel in (lines[:middle], lines[middle:]) if panel]


def _named(
    heading: str, named: Sequence[Row], more: Callable[[Row], str] = lambda row: ""
) -> list[str]:
    names = (text.shorten(row["name"] or _("未命名"), NAMED) + more(row) for row in named)
    return [heading + _("、").join(names)] if named else []


def _shares(group: Sequence[Reached]) -> Callable[[Row], str]:
    shares = {one.row["ordinal"]: percent(one.share) for one in group}
    return lambda row: f" {shares[row['ordinal']]}"


def _why(row: Row) -> str:
    """Why there is no completion: the values as printed, and how they compare."""
    printed = " / ".join(row[side] or _("空") for side in ("target", "actual"))
    how = WHY.get(row["comparability"] or "", "没有实际完成值")
    reason = _("不成比例") if row["target_compared"] is not None else _(how)
    return _("（{printed}，{reason}）", printed=text.shorten(printed, NAMED), reason=reason)
