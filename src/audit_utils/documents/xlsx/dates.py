"""Dates and times of a sheet as the sheet shows them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from audit_utils.documents import numerals

BUILT_IN = {
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
}  # fmt: skip
"""Formats that a workbook names by number, as a Chinese Excel shows them."""

_SYSTEM = {"F800": 'yyyy"年"m"月"d"日"', "F400": "h:mm:ss", "X-SYSDATE": 'yyyy"年"m"月"d"日"',
           "X-SYSTIME": "h:mm:ss"}  # fmt: skip
"""Formats that stand for those of the machine, by what `[$-...]` says."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<money>[^\]-]*)(?:-(?P<locale>[^\]]*))?\]'
    r"|\[DBNum(?P<numerals>[0-3])\]|\[(?P<elapsed>h+|m+|s+)\]"
    r"|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Colou?r ?\d+)\]|\[[<>=][^\]]*\]"
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<part>y+|m+|d+|h+|s+|aaaa?|e+)|(?P<fraction>\.0{1,3})"
    r"|(?P<general>General|G/通用格式)|(?P<unknown>\[[^\]]*\]|[gGbBaAeE0#?])|(?P<other>.)",
    re.S | re.I,
)
_LAST = 2958466
"""The day after 31 December 9999."""
_SECOND = Decimal("0.0000116")
_DAYS = "一二三四五六日"
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


@lru_cache(maxsize=1024)
def is_one(section: str) -> bool:
    """Whether a section of a format shows a date or a time."""
    tokens = _tokens(section)
    if any(token["locale"] and token["locale"].upper() in _SYSTEM for token in tokens):
        return True
    power = any(token[0] in "eE" and token["part"] for token in tokens) and re.search(
        "E[+-]", section, re.I
    )
    return not power and any(token["part"] or token["elapsed"] for token in tokens)


def serial(value: str, date1904: bool = False) -> Decimal | None:
    """The number that a sheet has for `2022-12-31T08:00:00`; None for what is no such date."""
    try:
        moment = datetime.fromisoformat(value.strip()).replace(tzinfo=None)
    except ValueError:
        return None
    since = moment - (datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))
    number = since.days + Decimal(since.seconds) / 86400
    return number - 1 if not date1904 and number < 61 else number


class Moment(NamedTuple):
    """A day and time of a sheet: its first year has a 0 January and a 29 February."""

    year: int
    month: int
    day: int
    weekday: int
    """Monday is 0."""
    seconds: Decimal
    """Since midnight."""


def show(number: Decimal, section: str, date1904: bool = False) -> str | None:
    """A date or time; None for what is none, or in a format that is not known."""
    tokens = _tokens(section)
    machine = next((token["locale"].upper() for token in tokens if token["locale"]), "")
    if machine in _SYSTEM:
        tokens = _tokens(_SYSTEM[machine])
    if any(token["unknown"] or token["general"] for token in tokens):
        return None
    if not 0 <= number < _LAST - (1462 if date1904 else 0) - _SECOND:
        return None
    return _written(number, tokens, machine.endswith("804"), date1904)


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[re.Match[str], ...]:
    return tuple(_TOKEN.finditer(section))


def _written(
    number: Decimal, tokens: Sequence[re.Match[str]], chinese: bool, date1904: bool
) -> str:
    places = next((len(t["fraction"]) - 1 for t in tokens if t["fraction"]), 0)
    if any(token["elapsed"] or (token["part"] or "")[:1] in ("h", "s") for token in tokens):
        number = _rounded(number, places)
    moment = _moment(number, date1904)
    half = any(token["half"] for token in tokens)
    style = next((token["numerals"] for token in tokens if token["numerals"]), "0")
    parts = [(token["part"] or token["elapsed"] or "").lower() for token in tokens]
    shown = []
    for place, (part, token) in enumerate(zip(parts, tokens, strict=True)):
        if token["elapsed"]:
            text = _elapsed(number, part)
        elif part:
            text = _part(part, moment, half, _minutes(parts, place), chinese)
            text = numerals.of_date(text, style, digits=part[0] in "ye")
        else:
            text = _between(token, moment)
        shown.append(text)
    return "".join(shown).strip()


def _rounded(number: Decimal, places: int) -> Decimal:
    """In days, to the second or to so many decimals of it."""
    unit = Decimal(1).scaleb(-places)
    return (number * 86400).quantize(unit, ROUND_HALF_UP) / 86400


def _moment(number: Decimal, date1904: bool) -> Moment:
    days = int(number)
    seconds = ((number - days) * 86400).quantize(Decimal("0.001"), ROUND_HALF_UP)
    if date1904:
        days += 1462
    if days in (0, 60):  # days that never were
        return Moment(1900, days // 30 or 1, 29 if days else 0, (days - 2) % 7, seconds)
    day = datetime(1899, 12, 30) + timedelta(days=days + (days < 60))
    return Moment(day.year, day.month, day.day, (days - 2) % 7, seconds)


def _elapsed(number: Decimal, part: str) -> str:
    unit = {"h": 24, "m": 1440, "s": 86400}[part[0]]
    count = (number * unit).quantize(Decimal("0.0001"), ROUND_HALF_UP).to_integral_value(ROUND_DOWN)
    return f"{int(count):0{len(part)}d}"


def _minutes(parts: Sequence[str], place: int) -> bool:
    """Whether an `m` are minutes: they follow hours or stand before seconds."""
    before = next((part for part in reversed(parts[:place]) if part), "")
    after = next((part for part in parts[place + 1 :] if part), "")
    return before.startswith("h") or after.startswith("s")


def _part(part: str, moment: Moment, half: bool, minutes: bool, chinese: bool) -> str:
    kind, length = part[0], len(part)
    if kind in "ye":
        return f"{moment.year}" if length > 2 or kind == "e" else f"{moment.year % 100:02}"
    if kind == "a" or (kind == "d" and length > 2):
        return _weekday(part, moment, chinese)
    if (kind, minutes) == ("m", False) and length > 2:
        return _month(length, moment, chinese)
    seconds = int(moment.seconds)
    hour = seconds // 3600
    value = {
        "m": seconds // 60 % 60 if minutes else moment.month,
        "d": moment.day,
        "h": (hour % 12 or 12) if half else hour,
        "s": seconds % 60,
    }
    return f"{value[kind]:0{min(length, 2)}d}"


def _weekday(part: str, moment: Moment, chinese: bool) -> str:
    day = _DAYS[moment.weekday]
    if part[0] == "a":
        return day if len(part) == 3 else f"星期{day}"
    if chinese:
        return f"周{day}" if len(part) == 3 else f"星期{day}"
    name = f"{datetime(2001, 1, 1 + moment.weekday):%A}"
    return name[:3] if len(part) == 3 else name


def _month(length: int, moment: Moment, chinese: bool) -> str:
    if chinese:
        return f"{moment.month}月" if length == 3 else f"{_MONTHS[moment.month - 1]}月"
    name = f"{datetime(2001, moment.month, 1):%B}"
    return name if length == 4 else name[: 3 if length == 3 else 1]


def _between(token: re.Match[str], moment: Moment) -> str:
    if token["half"]:
        first, second = token["half"].split("/")
        return first if moment.seconds < 43200 else second
    if token["fraction"]:
        places = len(token["fraction"]) - 1
        return f"{moment.seconds % 1:.{places}f}"[1:]
    groups = token.groupdict()
    return next(
        (groups[name] for name in ("quoted", "escaped", "money", "other") if groups.get(name)), ""
    )
