"""A target and its actual value side by side, in words: what was read, and how they compare."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from audit_utils import comparison
from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, row_name
from audit_utils.language import _
from audit_utils.phrases import clauses

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "=", "!=": "≠"}
"""Operators as a reader sees them."""

_READ_FROM = (
    "target_kind", "target_operator", "target_value", "target_high", "target_unit",
    "actual_kind", "actual_operator", "actual_value", "actual_unit",
)  # fmt: skip
"""What was read from the texts of target and actual value."""

_TELLS = ("unit_taken", "zero", "nothing_done")
"""Ways to compare that do not go without saying."""


def with_sources(paths: Iterable[str]) -> list[str]:
    """The columns, and those that tell what a comparison of targets rests on."""
    found = list(dict.fromkeys(paths))
    if any(path in comparison.COLUMNS for path in found):
        sources = ("target", "actual", "comparability", "attainment", "target_compared",
                   "actual_compared", *_READ_FROM)  # fmt: skip
        found += [path for path in sources if path not in found]
    return found


def value(frame: Frame, column: str, row: int) -> str | None:
    """A text of the frame, None where there is none or no such column."""
    if not frame.has(column):
        return None
    found: str | None = frame.column(column)[row].as_py()
    return found


def why(frame: Frame, row: int) -> str:
    """How the target and the actual value of a row compare."""
    kind = value(frame, "comparability", row)
    return _(comparison.WHY[kind]) if kind else ""


def lacking(frame: Frame, needs: Iterable[str], row: int) -> str:
    """Why a row cannot be evaluated: what it lacks, or what cannot be compared."""
    plain_needs = [path for path in needs if path not in comparison.COLUMNS]
    found = [frame.lacking(plain_needs, row, named=True)]
    if any(frame.column(path)[row].as_py() is None for path in needs if path not in plain_needs):
        found.append(_incomparable(frame, row))
    return clauses(found)


def _incomparable(frame: Frame, row: int) -> str:
    kind = value(frame, "comparability", row)
    target, actual = (frame.text(path, row) or "" for path in ("target", "actual"))
    texts = {"row": row_name(frame.row(row)), "target": target, "actual": actual}
    if kind is None:
        empty = frame.lacking(["target", "actual"], row, named=True)
        return empty or _("{row}年度指标值“{target}”或实际完成值“{actual}”等于未填", **texts)
    if kind == "dates":
        return _("{row}年度指标值“{target}”没有写明日期，无法与“{actual}”比较", **texts)
    return _(
        "{row}年度指标值“{target}”与实际完成值“{actual}”不可比：{why}",
        why=_(comparison.WHY[kind]), **texts,
    )  # fmt: skip


# --- workings ---------------------------------------------------------------------------


def readings(frame: Frame, row: int) -> Iterator[str]:
    """What was read from the printed target and actual value, where that is not the same."""
    for side in ("target", "actual"):
        text, meaning = frame.text(side, row), _meaning(frame, side, row)
        if text and meaning and meaning.replace(" ", "") != text:
            yield working.read_as(frame.label(side), text, meaning)
    if value(frame, "comparability", row) in _TELLS:
        yield why(frame, row)


def _meaning(frame: Frame, side: str, row: int) -> str:
    """A target or an actual value as it was read: `≥ 12 人次`, `2022-12-31`."""
    kind, read = value(frame, f"{side}_kind", row), frame.number(f"{side}_value", row)
    if read is None:
        return ""
    if kind == "date":
        return day(read)
    unit, operator = (value(frame, f"{side}_{part}", row) for part in ("unit", "operator"))
    shown = working.with_unit(working.number(read), unit)
    if kind == "range" and side == "target":
        high = frame.number("target_high", row) or read
        return f"{shown} – {working.with_unit(working.number(high), unit)}"
    compared = frame.number(f"{side}_compared", row)
    if compared is not None and compared != read:
        other = working.with_unit(working.number(compared), value(frame, "target_unit", row))
        shown = _("{read}，即 {compared}", read=shown, compared=other)
    return f"{SIGNS[operator]} {shown}" if operator else shown


def day(number: Decimal) -> str:
    """The number yyyymmdd as a date: `2022-12-31`."""
    text = f"{number:.0f}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def attained(frame: Frame, row: int) -> str:
    """Whether the target is met: what it asks for, and what was reached."""
    met = value(frame, "attainment", row) == "met"
    actual, target = (frame.number(f"{side}_compared", row) for side in ("actual", "target"))
    if actual is not None and target is not None:
        unit = value(frame, "target_unit", row)
        sides = [working.with_unit(working.number(side), unit) for side in (actual, target)]
        asks = _ASKS[value(frame, "target_operator", row)]
        return _asked(frame, sides, asks, working.fact(actual, target), met)
    days = [frame.number(f"{side}_value", row) for side in ("actual", "target")]
    if value(frame, "comparability", row) == "dates" and None not in days:
        reached, deadline = (day(number) for number in days if number is not None)
        sign = "≤" if met else ">"
        return _asked(frame, [reached, deadline], "≤", f"{reached} {sign} {deadline}", met)
    return _("实际完成值与年度指标值一字不差") if met else why(frame, row)


_ASKS = {None: "≥", "=": "≥", ">=": "≥", ">": ">", "<=": "≤", "<": "<"}
"""What a target asks of the actual value; one with = is met by at least as much."""


def _asked(frame: Frame, sides: list[str], sign: str, fact: str, met: bool) -> str:
    actual, target = (
        f"{frame.label(side)} {text}"
        for side, text in zip(("actual", "target"), sides, strict=True)
    )
    verdict = _("达到指标") if met else _("未达到指标")
    return working.asked(actual, sign, target, fact, verdict)
