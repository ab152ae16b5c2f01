"""Values of a sheet as the sheet shows them: its number formats, exactly.

What the common formats of amounts, rates, scores and dates show is computed in decimal
arithmetic; a format that is not known shows the plain value, and that is told.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0;-", 42: "¥#,##0;¥-#,##0;¥-", 43: "#,##0.00;-#,##0.00;-",
    44: "¥#,##0.00;¥-#,##0.00;¥-", 45: "mm:ss", 47: "mm:ss", 49: "@",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
}  # fmt: skip
"""Formats that a workbook names by number, as a Chinese Excel shows them."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+|DBNum0)\]"
    r"|(?P<general>General)|(?P<unknown>\[[^\]]*\]|[eE][+-]|[/gGbB])"
    r"|(?P<digits>[0#?][0#?,.]*|\.[0#?]+)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.S | re.I,
)
_DATE_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$?-?[^\]hms]*\]'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<part>y+|m+|d+|h+|s+)|(?P<unknown>\[[^\]]*\]|[gGbBeE0#?])|(?P<other>.)",
    re.S | re.I,
)
GENERAL_WIDTH = 11
"""Characters that General shows of a number with decimals."""


class Shown(NamedTuple):
    """What a cell shows; `known` is False where the format is not and the value stands plain."""

    text: str
    known: bool = True


def show(value: str, code: str, date1904: bool = False) -> Shown:
    """A number, as the file stores it, in a number format."""
    number = _number(value)
    if number is None:
        return Shown(value, known=False)
    sections = _sections(code)
    if len(sections) > 4 or any(re.match(r"\[[<>=]", section) for section in sections):
        return Shown(_general(number), known=False)
    section, number = _section(sections, number)
    if _is_date(section):
        return _date(number, section, date1904)
    return _shown(number, section)


def show_text(value: str, code: str) -> str:
    """A text in a number format: only the fourth section, or one with `@`, adds to it."""
    sections = _sections(code)
    section = sections[3] if len(sections) == 4 else sections[0] if "@" in sections[0] else "@"
    tokens = list(_TOKEN.finditer(section))
    if any(token["unknown"] or token["digits"] for token in tokens):
        return value
    return "".join(value if token["text"] else _literal(token) for token in tokens)


def _number(value: str) -> Decimal | None:
    """The number with the 15 digits that a sheet works with."""
    try:
        number = float(value)
    except ValueError:
        return None
    return Decimal(f"{number:.15g}") if abs(number) < 1e100 else None


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[str, ...]:
    parts, current = [], ""
    for piece in re.findall(r'"[^"]*"|\\.|\[[^\]]*\]|.', code, re.S):
        if piece == ";":
            parts.append(current)
            current = ""
        else:
            current += piece
    return (*parts, current)


def _section(sections: tuple[str, ...], number: Decimal) -> tuple[str, Decimal]:
    """The section for a number; one of its own for negative numbers shows no sign by itself."""
    if number < 0 and len(sections) > 1:
        return sections[1], -number
    if number == 0 and len(sections) > 2:
        return sections[2], number
    return sections[0], number


def _shown(number: Decimal, section: str) -> Shown:
    tokens = list(_TOKEN.finditer(section))
    digits = [token for token in tokens if token["digits"]]
    if any(token["unknown"] for token in tokens) or len(digits) > 1:
        return Shown(_general(number), known=False)
    scaled = number.scaleb(2 * sum(bool(token["percent"]) for token in tokens))
    text = "".join(_part(token, scaled) for token in tokens).strip()
    shows_number = any(token["digits"] or token["general"] or token["text"] for token in tokens)
    negative = scaled < 0 and shows_number and re.search("[1-9]", text)
    return Shown("-" + text if negative else text)


def _part(token: re.Match[str], number: Decimal) -> str:
    if token["digits"]:
        return _digits(abs(number), token["digits"])
    if token["general"] or token["text"]:
        return _general(abs(number))
    return "%" if token["percent"] else _literal(token)


def _literal(token: re.Match[str]) -> str:
    groups = token.groupdict()
    return next(
        (groups[name] for name in ("quoted", "escaped", "money", "other") if groups.get(name)), ""
    )


def _digits(number: Decimal, pattern: str) -> str:
    """`#,##0.00` and the like; commas at the end divide by a thousand each."""
    whole, _, decimals = pattern.partition(".")
    scale = len(pattern) - len(pattern.rstrip(","))
    whole, decimals = whole.rstrip(","), decimals.replace(",", "")
    rounded = number.scaleb(-3 * scale).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    before, _, after = f"{rounded:f}".partition(".")
    least = whole.replace(",", "").count("0")
    before = before.lstrip("0").rjust(least, "0")
    if "," in whole and before:
        before = f"{int(before):,}".rjust(least, "0")
    kept = len(decimals.rstrip("#?"))
    after = after[:kept] + after[kept:].rstrip("0")
    return f"{before}.{after}" if "." in pattern else before


def _general(number: Decimal) -> str:
    """As General shows it in a column that is wide enough."""
    whole = f"{abs(number):f}".partition(".")[0]
    places = max(0, GENERAL_WIDTH - 1 - len(whole))
    text = (
        f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
        if places
        else f"{number:.0f}"
    )
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


# ---- dates


def _is_date(section: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General|AM/PM', "", section, flags=re.I)
    return bool(re.search("[ymdhs]", bare, re.I))


def _date(number: Decimal, section: str, date1904: bool) -> Shown:
    tokens = list(_DATE_TOKEN.finditer(section))
    if number < 0 or number >= 2958466 or any(token["unknown"] for token in tokens):
        return Shown(_general(number), known=False)
    start = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
    if not date1904 and number < 61:  # a leap day that never was: 29 February 1900
        start += timedelta(days=1)
    moment = start + timedelta(seconds=int((number * 86400).to_integral_value(ROUND_HALF_UP)))
    half = any(token["half"] for token in tokens)
    parts = [token["part"].lower() if token["part"] else "" for token in tokens]
    shown = [
        _date_part(part, moment, half, _minutes(parts, place)) if part else _half(token, moment)
        for place, (part, token) in enumerate(zip(parts, tokens, strict=True))
    ]
    return Shown("".join(shown).strip())


def _minutes(parts: list[str], place: int) -> bool:
    """Whether an `m` are minutes: they follow hours or stand before seconds."""
    before = next((part for part in reversed(parts[:place]) if part), "")
    after = next((part for part in parts[place + 1 :] if part), "")
    return before.startswith("h") or after.startswith("s")


def _date_part(part: str, moment: datetime, half: bool, minutes: bool) -> str:
    kind, length = part[0], len(part)
    if kind == "y":
        return f"{moment:%Y}" if length > 2 else f"{moment:%y}"
    if (kind, minutes) == ("m", False) and length > 2:
        return (f"{moment:%b}", f"{moment:%B}", f"{moment:%b}"[:1])[min(length, 5) - 3]
    if kind == "d" and length > 2:
        return f"{moment:%a}" if length == 3 else f"{moment:%A}"
    hour = (moment.hour % 12 or 12) if half else moment.hour
    value = {
        "m": moment.minute if minutes else moment.month,
        "d": moment.day,
        "h": hour,
        "s": moment.second,
    }
    return f"{value[kind]:0{min(length, 2)}d}"


def _half(token: re.Match[str], moment: datetime) -> str:
    if not token["half"]:
        return _literal(token)
    first, second = token["half"].split("/")
    return first if moment.hour < 12 else second
