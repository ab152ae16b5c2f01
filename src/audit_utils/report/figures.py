"""Figures of a report: bars drawn by matplotlib, as SVG with text that can be selected.

The SVG names no font: the reader's browser draws the text in the font of the page, and
every text hangs on one point, so matplotlib need not know how wide it is.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from audit_utils.comparison import compare
from audit_utils.dictionary import TABLES
from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.data import Project, Row, Year
from audit_utils.report.html import Html, render

INK, MUTED, DARK, PALE = "#1d2733", "#5a6675", "#2f5d8c", "#d3dde8"
ROW, NOTE = 0.27, 1.3  # inches: a row, room for the notes on the right
LONGEST = 24  # projects in the figure of a year

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "audit-utils",
    "text.parse_math": False,
}
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Bar:
    """A dark bar (`part`) on a pale one (`whole`), a label before and a note after them."""

    label: str
    part: Decimal | None
    whole: Decimal | None
    note: str


def money(project: Project) -> Html:
    """Initial budget, annual budget and what was spent of it; a declaration's money by source."""
    if project.row["form"] == "target_declaration":
        return _sources(project)
    total = project.funds.get("total", {})
    initial, annual, spent = (
        total.get(column) for column in ("initial_budget", "annual_budget", "executed")
    )
    bars = [
        Bar("年初预算数", initial, None, text.money(initial)),
        Bar("全年预算数", annual, None, text.money(annual)),
        Bar("全年执行数", spent, annual, text.money(spent)),
    ]
    known = [bar for bar in bars if bar.part is not None]
    return _figure("money", "预算与执行（元）", "浅色为全年预算，深色为执行", known)


def _sources(project: Project) -> Html:
    """The money of a declaration by source; nothing where it all comes from one."""
    asked = {
        source: fund["annual_request"]
        for source, fund in project.funds.items()
        if source != "total" and fund["annual_request"]
    }
    bars = [
        Bar(text.SOURCES[source], amount, None, text.money(amount))
        for source, amount in asked.items()
    ]
    legend = "按资金来源"
    return _figure("money", "年度资金申请（元）", legend, bars if len(bars) > 1 else [])


def indicators(project: Project) -> Html:
    """Points won of the points to win; for a declaration how many indicators of each kind."""
    return (points if project.row["form"] == "self_evaluation" else kinds)(project)


def points(project: Project) -> Html:
    """Points won of the points to win, by level 1 and for the execution rate."""
    total = project.funds.get("total", {})
    groups = {"预算执行率": [total]} if total.get("weight") is not None else {}
    for row in project.indicators:
        groups.setdefault(row["level1"] or "未分组", []).append(row)
    bars = [_points(label, rows) for label, rows in groups.items()]
    return _figure("points", "得分与分值", "浅色为分值，深色为得分", bars)


def _points(label: str, rows: Sequence[Row]) -> Bar:
    won, weight = (
        sum((row[column] or Decimal(0) for row in rows), Decimal(0))
        for column in ("score", "weight")
    )
    return Bar(label, won, weight, f"{text.number(won)} / {text.number(weight)}")


def kinds(project: Project) -> Html:
    """Number of indicators of each level 1 that a form has to have, and of others it has."""
    counts = dict.fromkeys(("产出指标", "效益指标", "满意度指标"), 0)
    for row in project.indicators:
        label = row["level1"] or "未分组"
        counts[label] = counts.get(label, 0) + 1
    bars = [Bar(label, Decimal(count), None, f"{count} 项") for label, count in counts.items()]
    return _figure("kinds", "各类指标的项数", "申报表应有产出、效益、满意度三类", bars)


def completion(project: Project) -> Html:
    """Completion of the quantified targets in percent of the target; empty without any."""
    compared = compare(pa.Table.from_pylist(project.indicators, schema=TABLES["indicators"].schema))
    bars = []
    for row, one in zip(project.indicators, compared.to_pylist(), strict=True):
        part, whole = one["actual_compared"], one["target_compared"]
        if row["target_operator"] in ("<=", "<"):
            part, whole = whole, part
        if part is not None and whole:
            bars.append(Bar(row["name"] or "", part / whole, Decimal(1), text.rate(part / whole)))
    title, legend = _("定量指标完成程度"), _("浅色为目标，深色为完成")
    return _figure("completion", title, legend, bars)


def scores(year: Year) -> Html:
    """Number of projects by printed total score, in steps of ten points; empty without any."""
    totals = [one.row["total_score"] for one in year.projects if one.row["total_score"] is not None]
    counts = Counter(min(int(total // 10) * 10, 90) for total in totals)
    bars = [
        Bar(f"{low}–{low + 10}", Decimal(counts[low]), None, f"{counts[low]}")
        for low in range(0, 100, 10)
        if counts[low]
    ]
    return _figure("scores", _("总得分分布"), _("印出的总得分"), bars)


def year_money(year: Year) -> Html:
    """The largest projects of a year by money: budget and what was spent of it, or the request."""
    rows = sorted(year.projects, key=_size, reverse=True)[:LONGEST]
    bars = [_year_bar(project) for project in rows if _size(project)]
    return _figure(
        "year",
        f"金额最大的 {len(bars)} 个项目（元）",
        "自评表：浅色为全年预算，深色为执行",
        bars,
        width=7.6,
        labels=2.7,
    )


def _size(project: Project) -> Decimal:
    total = project.funds.get("total", {})
    return total.get("annual_budget") or total.get("annual_request") or Decimal(0)


def _year_bar(project: Project) -> Bar:
    total = project.funds["total"]
    label = project.row["name"] or project.id
    if total["annual_request"] is not None:
        return Bar(label, total["annual_request"], None, text.money(total["annual_request"]))
    note = f"{text.rate(total['execution_rate'])}"
    return Bar(label, total["executed"], total["annual_budget"], note)


# ---- drawing


def warm() -> None:
    """Load what the first figure of a process loads."""
    _figure("warm", "", "", [Bar("预算", Decimal(1), Decimal(1), "1")])


def _figure(
    name: str,
    title: str,
    legend: str,
    bars: Sequence[Bar],
    *,
    width: float = 4.8,
    labels: float = 0.85,
) -> Html:
    """The bars as a figure with title, description and caption; empty without bars.

    `width` is that of the figure, `labels` the part of it before the bars, in inches.
    """
    if not bars:
        return Html(f"figure {name}", "")
    bars = [replace(bar, label=_label(bar.label)) for bar in bars]
    described = "；".join(f"{bar.label} {bar.note}" for bar in bars)
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        # The browser has the glyphs that matplotlib's own font lacks.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        svg = _svg(bars, width, labels)
    clean = _clean(svg, name, title, described)
    return render("figure", wide=width > 5, title=title, legend=legend, svg=clean)


def _label(printed: str) -> str:
    return text.shorten(text.visible(" ".join(printed.split())), 16)


def _svg(bars: Sequence[Bar], width: float, labels: float) -> str:
    figure = Figure(figsize=(width, ROW * len(bars)))
    figure.patch.set_visible(False)
    axes = figure.add_axes((labels / width, 0, 1 - (labels + NOTE) / width, 1))
    largest = max(
        (float(value) for bar in bars for value in (bar.part, bar.whole) if value), default=1
    )
    axes.set_xlim(0, largest or 1)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_axis_off()
    for place, bar in enumerate(bars):
        _bar(axes, place, bar)
    stream = StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _bar(axes: Axes, place: int, bar: Bar) -> None:
    part, whole = float(bar.part or 0), float(bar.whole or 0)
    if whole:
        axes.barh(place, whole, 0.62, color=PALE)
    if part:
        axes.barh(place, part, 0.62, color=DARK)
    style: dict[str, Any] = {
        "fontsize": 9,
        "verticalalignment": "baseline",
        "textcoords": "offset points",
    }
    axes.annotate(bar.label, (0, place), (-6, -3), horizontalalignment="right", color=INK, **style)
    axes.annotate(
        bar.note,
        (max(part, whole, 0), place),
        (6, -3),
        horizontalalignment="left",
        color=MUTED,
        **style,
    )


def _clean(svg: str, name: str, title: str, described: str) -> str:
    """The SVG as it stands inside a page: scaled by it, in its font, with words for its picture."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314  # written by matplotlib just now
    for child in [child for child in root if not child.tag.endswith("}g")]:
        root.remove(child)
    for element in root.iter():
        element.attrib.pop("id", None)
        element.attrib.pop("clip-path", None)
        if element.tag == f"{{{_SVG}}}text":
            element.attrib["style"] = _without_font(element.attrib["style"])
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-labelledby": f"{name}-t {name}-d",
    }
    for tag, words in (("desc", described), ("title", title)):
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag[0]}"})
        element.text = words
        root.insert(0, element)
    return ElementTree.tostring(root, encoding="unicode")


def _without_font(style: str) -> str:
    return ";".join(part for part in style.split("; ") if not part.startswith("font-family"))
