"""Texts, shares, units and prices, calculated from the transcription of the real documents.

Knows neither the suites nor the package, and no more words than these documents print.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Outcome = tuple[str, str | None, str]
"""Rule, row, outcome."""
Form = dict[str, Any]

SELF_EVALUATION = ("CO02", "CO05", "FU04", "FU05", "WE02", "PA01")
TARGET_DECLARATION = ("CO12", "CO15", "IN11", "IN12", "IN13", "IN14", "IN15", "IN16", "PA11")
SPLIT = {"产出指标": 50, "效益指标": 30, "满意度指标": 10}


def verdict(holds: object) -> str:
    return "pass" if holds else "fail"


def number(text: str) -> Fraction:
    return Fraction(text.replace(",", "").rstrip("%")) / (100 if text.endswith("%") else 1)


def self_evaluation(form: Form) -> Iterator[Outcome]:
    total, rows = form["funds"][0], form["indicators"]
    for column in ("objective_expected", "objective_actual"):
        yield "CO02", "0", verdict(form[column])
    initial, annual = number(total["initial_budget"]), number(total["annual_budget"])
    yield "FU04", "total", verdict(7 * initial <= 10 * annual <= 13 * initial)
    explained = any(row["deviation_reason"] for row in rows)
    yield "FU05", "total", verdict(number(total["execution_rate"]) >= Fraction(4, 5) or explained)
    weights: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        weights[row["level1"]] += number(row["weight"])
    yield "WE02", None, verdict(number(total["weight"]) == 10 and weights == SPLIT)
    own = ("name", "target", "actual", "deviation_reason")
    yield from texts("CO05", form, ("objective_expected", "objective_actual"), own)
    yield "PA01", "0", "pass"


def target_declaration(form: Form) -> Iterator[Outcome]:
    yield "CO12", "0", verdict(form["objective_annual"])
    assert form["start_date"][:4] == form["end_date"][:4]  # none lasts longer than a year
    own = ("nature", "category", "objective_overall", "objective_annual")
    words = [row | {"target": None} if quantity(row) else row for row in form["indicators"]]
    yield from texts("CO15", form | {"indicators": words}, own, ("name", "target"))
    for row in form["indicators"]:
        yield from indicator(row)
    quantified = sum(1 for row in form["indicators"] if quantity(row))
    yield "IN14", None, verdict(2 * quantified >= len(form["indicators"]))
    costs = any("成本" in row["level2"] for row in form["indicators"])
    built = re.search("购置|采购|维修|修缮|改造|工程", form["name"])
    yield "IN15", None, verdict(costs) if built else "not_applicable"
    yield from prices(form)
    yield "PA11", "0", "pass"


# --- texts ------------------------------------------------------------------------------


def texts(
    rule: str, form: Form, columns: tuple[str, ...], of_rows: tuple[str, ...]
) -> Iterator[Outcome]:
    for column in ("name", "department", "unit", *columns):
        if form[column]:
            yield rule, "0", verdict(whole(form[column]))
    for row in form["indicators"]:
        for column in of_rows:
            if row[column]:
                yield rule, str(row["ordinal"]), verdict(whole(row[column]))


def whole(text: str) -> bool:
    brackets = [len(re.findall(kind, text)) for kind in ("[（(]", "[）)]", "“", "”", "《", "》")]
    markers = len(re.findall(r"(?<![（(])\b\d[）)]", text))
    paired = brackets[0] == brackets[1] - markers and brackets[2::2] == brackets[3::2]
    doubled = re.search(r"([\u4e00-\u9fff]{2,})\1", text)
    return paired and not doubled and not re.search(r"。\d$", text)


# --- indicators -------------------------------------------------------------------------


def quantity(row: Form) -> re.Match[str] | None:
    """Operator, number and unit of `≥12.00(人次)`."""
    return re.fullmatch(r"([≥≤=])([\d.]+)\((.*)\)", row["target"])


def indicator(row: Form) -> Iterator[Outcome]:
    place, output = str(row["ordinal"]), row["level2"] == "数量指标"
    name = re.sub("[（(][^（(]*$", "", row["name"]) if row["name"][-1] in "）)" else row["name"]
    found = quantity(row)
    rate = name.endswith("率")
    yield "IN13", place, verdict(not output) if rate else "not_applicable"
    if not found:
        yield from ((rule, place, "not_applicable") for rule in ("IN11", "IN12", "IN13"))
        return
    sign, _, unit = found.groups()
    yield "IN11", place, verdict(unit != "元台")
    ceiling = output and sign == "≤" and "报销" not in name and "人员" not in name
    yield "IN12", place, verdict(not ceiling) if output else "not_applicable"
    due = {"率": "%", "满意度": "%", "期数": "期", "人数": "人"}
    wanted = [one for end, one in due.items() if name.endswith(end)]
    yield "IN13", place, verdict(unit in wanted) if wanted else "not_applicable"


def prices(form: Form) -> Iterator[Outcome]:
    """The one form with price ceilings buys what it counts in 台."""
    rows = [(row, found.groups()) for row in form["indicators"] if (found := quantity(row))]
    ceilings = {row["name"]: Fraction(n) for row, (_, n, unit) in rows if unit[0] == "元"}
    bought = [(row, Fraction(n)) for row, (_, n, unit) in rows if unit == "台"]
    if not ceilings:
        yield "IN16", "total", "not_applicable"
        return
    cost = sum(ceilings.get(row["name"], Fraction()) * n for row, n in bought)
    yield "IN16", "total", verdict(cost <= number(form["funds"][0]["annual_request"]))
    for row, _ in bought:
        yield "IN16", str(row["ordinal"]), verdict(row["name"] in ceilings)
