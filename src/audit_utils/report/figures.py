"""The figures of a project's report and of a year's index.

Each says in its caption what is drawn and, for those who cannot see it, every number in
words; each is empty where there is nothing to draw.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audit_utils.comparison import WHY
from audit_utils.language import _
from audit_utils.precision import half_up
from audit_utils.report import drawing, fonts, recomputed, text
from audit_utils.report.data import Project, Row, Year
from audit_utils.report.drawing import WIDTH, Box, Drawing, Word
from audit_utils.report.html import Html, render

ROW, BAR = 34.0, 6.0
"""Pixels from row to row, and of a bar; a row is a line of words with a bar below it."""

SCALE = Fraction(3, 2)
"""Where the scale of completion ends; longer bars are broken."""

LONGEST = 30  # rows of completion; those nearest to 100 % are left to the table
PANEL = 8  # more rows stand in two columns
NAMED = 40  # characters of a name in a note

Bars = Sequence[tuple[str, float, float]]
"""Look, place and width of bars in a row, in pixels."""

Axis = Sequence[tuple[str, Fraction | int, str]]
"""Words above the rows, their place as a share of the width, and by what they hang."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a figure: words on the left, muted ones behind them, words on the right, and
    below them the bars.
    """

    label: str
    note: str
    value: str
    bars: Bars
    look: str = "value"

    @property
    def said(self) -> str:
        return " ".join(part for part in (self.label, self.value, self.note) if part)


def warm(years: Iterable[Year] = ()) -> None:
    """Read once, before processes are forked, what figures of these years need."""
    words = {word for year in years for word in _words(year)}
    fonts.warm("".join(words))
    drawing.svg(_rows([Line(_("预算"), "", "1", [("bar", 0, 1)])]), "warm", "", "")


def _words(year: Year) -> Iterable[str]:
    yield from text.SOURCES.values()
    for project in year.projects:
        for row in project.indicators:
            yield row["name"] or ""
            yield row["level1"] or ""


# ---- money


def money(project: Project) -> Html:
    """Initial budget, annual budget and what was spent of it; a declaration's money by source."""
    if project.row["form"] == "target_declaration":
        return _request(project)
    total = project.funds.get("total", {})
    amounts = [total.get(name) for name in ("initial_budget", "annual_budget", "executed")]
    largest = max((one for one in amounts if one), default=Decimal(0))
    if largest <= 0:
        return _nothing("money")
    initial, annual, spent = amounts
    track = [("track", 0.0, _length(annual, largest))]
    lines = [
        Line(_("年初预算数"), "", text.money(initial), _split(project, "initial_budget", largest)),
        Line(_("全年预算数"), _change(initial, annual), text.money(annual),
             _split(project, "annual_budget", largest)),
        Line(_("全年执行数"), _part(spent, annual), text.money(spent),
             [*track, *_split(project, "executed", largest)]),
    ]  # fmt: skip
    known = [line for line in lines if line.value]
    legend = _("单位：元。执行数下的浅色为全年预算数；百分比按印出的金额计算。")
    return _figure("money", _("预算与执行"), legend, [known], _sources(project))


def _request(project: Project) -> Html:
    """The money of a declaration by source; nothing where it all comes from one."""
    asked = {source: fund["annual_request"] for source, fund in _parts(project).items()}
    known = {source: amount for source, amount in asked.items() if amount and amount > 0}
    largest = max(known.values(), default=Decimal(0))
    lines = [
        Line(_(text.SOURCES[source]), "", text.money(amount),
             [("bar", 0, _length(amount, largest))])
        for source, amount in known.items()
    ]  # fmt: skip
    legend = _("单位：元，按资金来源。")
    return _figure("money", _("年度资金申请"), legend, [lines] if len(lines) > 1 else [])


def _parts(project: Project) -> Mapping[str, Row]:
    return {source: fund for source, fund in project.funds.items() if source in _SHADES}


_SHADES = {"current_year_fiscal": "bar", "carryover": "bar-2", "other": "bar-3"}


def _split(project: Project, column: str, largest: Decimal) -> Bars:
    """The bar of an amount, shared out by source where the form prints several."""
    shares = _by_source(project, column)
    if len(shares) < 2:
        total = project.funds["total"].get(column)
        return [("bar", 0, _length(total, largest))]
    bars, end = [], 0.0
    for source, amount in shares.items():
        length = _length(amount, largest)
        bars.append((_SHADES[source], end, max(length - 1, 0.5)))
        end += length
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
            amounts = (f"{_(text.SOURCES[one])} {text.money(shares[one])}" for one in shares)
            said.append(f"{label}{_('：')}{_('、').join(amounts)}")
    return [_("由深到浅：{amounts}", amounts=_("；").join(said))] if said else []


def _change(before: Decimal | None, after: Decimal | None) -> str:
    if not before or after is None:
        return ""
    change = Fraction(after) / Fraction(before) - 1
    return _("较年初 {change}", change=f"{'+' if change > 0 else ''}{_percent(change)}")


def _part(part: Decimal | None, whole: Decimal | None) -> str:
    if not whole or part is None:
        return ""
    return _("占全年预算 {share}", share=_percent(Fraction(part) / Fraction(whole)))


# ---- points


def points(project: Project) -> Html:
    """Points won and lost by level 1 and for the execution; empty where none are printed."""
    found = [part for part in recomputed.parts(project) if part.weight is not None]
    largest = max((max(part.weight or 0, part.won or 0) for part in found), default=Decimal(0))
    if largest <= 0 or all(part.won is None for part in found):
        return _nothing("points")
    lines = [_points(part, Decimal(largest)) for part in found]
    legend = _("深色为得分，红色为失分，整条为分值；竖线为按规则应得的分（仅在与得分不同处）。")
    return _figure("points", _("得分与失分"), legend, [lines], _total(project, found))


def _points(part: recomputed.Part, largest: Decimal) -> Line:
    weight, won, due = part.weight or Decimal(0), part.won, part.due
    label = (_(part.label) if part.execution else part.label) or _("未分组")
    if won is None:
        return Line(label, _("有的行没有印出得分"), text.number(weight),
                    [("track", 0, _length(weight, largest))])  # fmt: skip
    end, whole = _length(won, largest), _length(weight, largest)
    bars = [("track", 0.0, whole), ("bar", 0.0, end)]
    told = []
    if won < weight:
        bars.append(("lost", end, max(whole - end, 1.5)))
        told.append(_("失 {points}", points=text.number(weight - won)))
    if due is not None and abs(due - Fraction(won)) >= Fraction(1, 200):
        bars.append(("rule", _length(due, largest) - 1, 2))
        told.append(_("按规则应得 {points}", points=_decimals(due)))
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


def completion(project: Project) -> Html:
    """Completion of the quantified targets on one scale; what cannot be compared is named."""
    rows = recomputed.compared(project.indicators)
    quantified = [row for row in rows if row["target_kind"] in recomputed.QUANTIFIED]
    if all(row["actual_kind"] in (None, "empty") for row in quantified):
        return _nothing("completion")
    formula = recomputed.formula(project.settings)
    shares = [(recomputed.share(row, formula), row) for row in quantified]
    reached = [(share, row) for share, row in shares if share is not None]
    even = [row for share, row in reached if share == 1 and row["attainment"] == "met"]
    single = [one for one in reached if len(even) < 2 or one[1] not in even]
    chosen = sorted(single, key=_distance)[-LONGEST:]
    lines = [(share, _reached(share, row)) for share, row in chosen]
    if len(even) > 1:
        lines.append((Fraction(1), _evenly(len(even))))
    notes = [
        *_named(_("恰好完成："), even if len(even) > 1 else []),
        *_named(_("无法比较："), [row for share, row in shares if share is None], _why),
        *_counted(len(single) - len(chosen), len(rows) - len(quantified)),
    ]
    ordered = [line for _share, line in sorted(lines, key=lambda one: one[0])]
    legend = _("实际完成值÷指标值，「不超过」类按本年公式；竖线为 100%，断开的条超出 150%。")
    return _figure("completion", _("定量指标完成程度"), legend, _panels(ordered), notes, axis=_AXIS)


_AXIS = (("0", 0, "start"), ("100%", 1 / SCALE, "middle"), ("150%", 1, "end"))


def _distance(one: tuple[Fraction, Row]) -> Fraction:
    """From 100 %, in steps rather than in points: a third and three times are as far."""
    share = one[0]
    return max(share, 1 / share) if share else Fraction(10**9)


def _reached(share: Fraction, row: Row) -> Line:
    """The bar of an indicator: up to 100 % and beyond it, broken where it leaves the scale."""
    missed = row["attainment"] == "missed"
    value = _percent(share)
    label = row["name"] or _("未命名")
    bars = [("short" if missed else "bar", 0.0, _at(min(share, Fraction(1))))]
    bars += _beyond(share)
    bars.append(("rule", _at(Fraction(1)) - 0.5, 1))
    return Line(label, "", _("{share}，未完成", share=value) if missed else value, bars)


def _evenly(n: int) -> Line:
    bars = [("bar", 0.0, _at(Fraction(1))), ("rule", _at(Fraction(1)) - 0.5, 1)]
    return Line(_("恰好完成的 {n} 项", n=n), "", "100%", bars)


def _beyond(share: Fraction) -> Bars:
    start, end = _at(Fraction(1)), _at(min(share, SCALE))
    if share <= SCALE:
        return [("over", start, end - start)] if share > 1 else []
    return [("over", start, end - 24 - start), ("over", end - 21, 9), ("over", end - 9, 9)]


def _at(share: Fraction) -> float:
    return float(share / SCALE) * WIDTH


def _panels(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """One column of rows, or two where there are many."""
    middle = (len(lines) + 1) // 2 if len(lines) > PANEL else len(lines)
    return [panel for panel in (lines[:middle], lines[middle:]) if panel]


def _why(row: Row) -> str:
    """Why there is no completion: the values as printed, and how they compare."""
    printed = " / ".join(row[side] or _("空") for side in ("target", "actual"))
    how = WHY.get(row["comparability"] or "", "没有实际完成值")
    reason = _("不成比例") if row["target_compared"] is not None else _(how)
    return _("（{printed}，{reason}）", printed=text.shorten(printed, NAMED), reason=reason)


def _named(
    heading: str, rows: Sequence[Row], more: Callable[[Row], str] = lambda row: ""
) -> list[str]:
    names = (text.shorten(row["name"] or _("未命名"), NAMED) + more(row) for row in rows)
    return [heading + _("、").join(names)] if rows else []


def _counted(left: int, others: int) -> list[str]:
    notes = []
    if left:
        notes.append(_("另有 {n} 项最接近 100%，只列在指标表中。", n=left))
    if others:
        notes.append(_("另有 {n} 项以文字或日期为指标值，不在图中。", n=others))
    return notes


# ---- a year

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
        bar = ("bar", 0.0, _length(budget, Decimal(largest)))
        lines.append(Line(_band_name(band), count, text.money(budget), [bar]))
    legend = _("全年预算数（元）按执行数÷全年预算数分组。")
    return _figure("year-money", _("预算与执行率"), legend, [lines] if lines else [])


def _band(rate: Fraction) -> int:
    """0 to 3 below the bounds, 4 for exactly 100 %, 5 above."""
    return sum(rate >= bound for bound in BANDS) + (rate > 1)


def _band_name(band: int) -> str:
    bounds = [_percent(bound) for bound in BANDS]
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
        return _nothing("scores")
    step = _step([*printed, *due])
    above, below = (Counter(int(total // step) for total in found) for found in (printed, due))
    legend = _(
        "上：印出的总得分，{printed} 个项目。下：重新计算的总得分，{due} 个项目："
        "按规则应得的分之和÷分值之和×100；没有印出得分或分值的表不计。",
        printed=len(printed),
        due=len(due),
    )
    drawn = (_columns(above, below, step), _counted_scores(above, below, step))
    return _shown("scores", _("总得分分布"), legend, [drawn])


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


# ---- numbers


def _length(amount: Decimal | Fraction | None, largest: Decimal) -> float:
    """The bar of an amount; what is below zero has none."""
    return max(float(Fraction(amount or 0) / Fraction(largest)), 0.0) * WIDTH


def _percent(share: Fraction) -> str:
    """In percent with one decimal, and more where 100 % would not be true."""
    for digits in (1, 2, 4, 6):
        shown = _rounded(share * 100, digits)
        if (shown == 100) == (share == 1):
            break
    return f"{text.number(shown)}%"


def _decimals(points: Fraction) -> str:
    return text.number(_rounded(points, 2))


def _rounded(value: Fraction, digits: int) -> Decimal:
    return half_up(Decimal(value.numerator), Decimal(value.denominator), Decimal(1).scaleb(-digits))


# ---- from rows to a page


def _rows(lines: Sequence[Line], axis: Axis = ()) -> Drawing:
    """The rows below each other, under the words of the axis if there are any."""
    top = 16.0 if axis else 0.0
    boxes: list[Box] = []
    words = [Word(float(x) * WIDTH, 11, name, "note", anchor) for name, x, anchor in axis]
    for place, line in enumerate(lines):
        base = top + place * ROW
        boxes += (_bar(look, x, base + 20, width) for look, x, width in line.bars if width > 0)
        words += _said(line, base + 14)
    boxes.sort(key=lambda box: _PAINTED.index(box.look))
    return Drawing(top + len(lines) * ROW, boxes, words)


_PAINTED = ("track", "bar", "bar-2", "bar-3", "over", "short", "lost", "rule")
"""What is painted first stands behind."""


def _bar(look: str, x: float, y: float, width: float) -> Box:
    outside = 3 if look == "rule" else 0
    return Box(look, x, y - outside, width, BAR + 2 * outside)


def _said(line: Line, y: float) -> Iterable[Word]:
    """The words of a row; the label is cut where it would meet the value, the note left out."""
    room = WIDTH - fonts.width(line.value, drawing.SIZE) - 12
    label = fonts.fitted(" ".join(line.label.split()), drawing.SIZE, room)
    yield Word(0, y, label)
    end = fonts.width(label, drawing.SIZE) + 8
    if line.note and end + fonts.width(line.note, drawing.SMALL) < room:
        yield Word(end, y, line.note, "note")
    yield Word(WIDTH, y, line.value, line.look, "end")


def _figure(
    name: str,
    title: str,
    legend: str,
    panels: Sequence[Sequence[Line]],
    notes: Sequence[str] = (),
    axis: Axis = (),
) -> Html:
    drawn = [(_rows(panel, axis), _("；").join(line.said for line in panel)) for panel in panels]
    return _shown(name, title, legend, drawn, notes)


def _shown(
    name: str,
    title: str,
    legend: str,
    drawn: Sequence[tuple[Drawing, str]],
    notes: Sequence[str] = (),
) -> Html:
    """Drawings, each with its numbers in words, as one figure with the font that they need."""
    if not drawn and not notes:
        return _nothing(name)
    ids = [name if place == 0 else f"{name}-{place + 1}" for place in range(len(drawn))]
    return render(
        "figure",
        title=title,
        legend=legend,
        notes=notes,
        family=f"figure-{name}",
        font=fonts.face(
            f"figure-{name}", "".join(word.text for one, _said in drawn for word in one.words)
        ),
        drawings=[
            drawing.svg(one, id_, title, said) for (one, said), id_ in zip(drawn, ids, strict=True)
        ],
    )


def _nothing(name: str) -> Html:
    return Html(f"figure {name}", "")
