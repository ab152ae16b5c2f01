"""Values of a sheet as the sheet shows them: its number formats, exactly.

What the formats of amounts, rates, scores and fractions show is computed in decimal
arithmetic; a format that is not known shows the plain value, and that is told.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from audit_utils.documents import numerals
from audit_utils.documents.xlsx import dates

_AMOUNTS = ("#,##0", "#,##0.00")
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0", 49: "@",
    **{5 + n: f"¥{_AMOUNTS[n // 2]};¥-{_AMOUNTS[n // 2]}" for n in range(4)},
    **{37 + n: f"{_AMOUNTS[n // 2]};-{_AMOUNTS[n // 2]}" for n in range(4)},
    41: "#,##0;-#,##0;-", 42: "¥#,##0;¥-#,##0;¥-", 43: "#,##0.00;-#,##0.00;-",
    44: "¥#,##0.00;¥-#,##0.00;¥-", **dates.BUILT_IN,
}  # fmt: skip
"""Formats that a workbook names by number, as a Chinese Excel shows them."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]'
    r"|\[DBNum(?P<numerals>[0-3])\]|(?P<condition>\[[<>=][^\]]*\])"
    r"|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Colou?r ?\d+|黑色?|蓝色?|红色?)\]"
    r"|(?P<general>General|G/通用格式)|(?P<power>E[+-])|(?P<unknown>\[[^\]]*\]|[gGbB])"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<stroke>/)|(?P<percent>%)|(?P<text>@)"
    r"|(?P<other>.)",
    re.S | re.I,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=) *([+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?)\]", re.I)
_EXACT = Context(prec=400)
GENERAL_WIDTH = 11
"""Characters that General shows of a number with decimals."""


LONGEST = 1_000
"""Characters of a format; a sheet takes 255."""


class Shown(NamedTuple):
    """What a cell shows; `known` is False where the format is not and the value stands plain."""

    text: str
    known: bool = True


def show(value: str, code: str, date1904: bool = False) -> Shown:
    """A number, as the file stores it, in a number format."""
    number = number_of(value)
    if number is None:
        return Shown(value, known=False)
    section = _section(_sections(code), number) if len(code) <= LONGEST else None
    if section is None:
        return Shown(_general(number), known=False)
    if dates.is_one(section.code):
        text = dates.show(number, section.code, date1904)
    else:
        text = _shown(abs(number) if section.unsigned else number, section.code)
    return Shown(_general(number), known=False) if text is None else Shown(text)


def show_text(value: str, code: str) -> str:
    """A text in a number format: only the fourth section, or one with `@`, adds to it."""
    tokens = _text_tokens(code if len(code) <= LONGEST else "@")
    return "".join(value if token["text"] else _literal(token) for token in tokens)


@lru_cache(maxsize=1024)
def _text_tokens(code: str) -> tuple[re.Match[str], ...]:
    sections = _sections(code)
    tokens = _tokens(sections[3] if len(sections) == 4 else sections[-1])
    if len(sections) != 4 and not any(token["text"] for token in tokens):
        return _tokens("@")
    unknown = any(token["unknown"] or token["digit"] for token in tokens)
    return _tokens("@") if unknown else tokens


def number_of(value: str) -> Decimal | None:
    """The number with the 15 digits that a sheet works with."""
    try:
        number = float(value)
    except ValueError:
        return None
    return Decimal(f"{number:.15g}") if abs(number) < 1e100 else None


# ---- sections


class _Section(NamedTuple):
    """The part of a format that a number is shown in; `unsigned`: it shows no minus itself."""

    code: str
    unsigned: bool = False


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[str, ...]:
    parts, current = [], ""
    for piece in re.findall(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|.', code, re.S):
        if piece == ";":
            parts.append(current)
            current = ""
        else:
            current += piece
    return (*parts, current)


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[re.Match[str], ...]:
    return tuple(_TOKEN.finditer(section))


def _section(sections: Sequence[str], number: Decimal) -> _Section | None:
    """The section for a number; None when nobody can say."""
    conditions = [_condition(section) for section in sections[:2]]
    if len(sections) > 4 or any(_condition(section) for section in sections[2:]):
        return None
    if len(sections) in (2, 3) and any(token["text"] for token in _tokens(sections[-1])):
        sections, conditions = sections[:-1], conditions[: len(sections) - 1]
    if any(conditions):
        return _conditional(sections, conditions, number)
    if number < 0 and len(sections) > 1:
        return _Section(sections[1], unsigned=True)
    if number == 0 and len(sections) > 2:
        return _Section(sections[2])
    return _Section(sections[0])


_Condition = tuple[str, Decimal]


def _condition(section: str) -> _Condition | None:
    token = next((token for token in _tokens(section) if token["condition"]), None)
    match = _CONDITION.fullmatch(token[0]) if token else None
    if token and not match:
        return ("?", Decimal(0))
    return (match[1], Decimal(match[2])) if match else None


def _conditional(
    sections: Sequence[str], conditions: Sequence[_Condition | None], number: Decimal
) -> _Section | None:
    """What holds is tried in order; the section behind all conditions is for the rest."""
    if any(condition and condition[0] == "?" for condition in conditions):
        return None
    below = ("<", Decimal(0))
    tried = [conditions[0] or (">", Decimal(0)), *conditions[1:2]]
    if len(sections) > 1 and tried[1] is None and (len(sections) > 2 or _is_above(tried[0])):
        tried[1] = below
    for place, (section, condition) in enumerate(zip(sections, tried, strict=False)):
        if condition is None or _holds(condition, number):
            if condition == below or not place:
                return _Section(section, condition == below)
            return _signed(section, number)
    return _signed(sections[2], number) if len(sections) > 2 else None


def _holds(condition: _Condition, number: Decimal) -> bool:
    sign, limit = condition
    if sign == "<>":
        return number != limit
    return ("=" in sign and number == limit) or ("<" in sign and number < limit) or (
        ">" in sign and number > limit
    )  # fmt: skip


def _is_above(condition: _Condition | None) -> bool:
    return condition in ((">", Decimal(0)), (">=", Decimal(0)))


def _signed(section: str, number: Decimal) -> _Section | None:
    """Programs differ in whether the section for all the rest shows a minus."""
    return None if number < 0 else _Section(section)


# ---- numbers


def _shown(number: Decimal, section: str) -> str | None:
    """A number in a section; None for one that is not known."""
    tokens = _tokens(section)
    if any(token["unknown"] for token in tokens):
        return None
    size = abs(number).scaleb(2 * sum(bool(token["percent"]) for token in tokens))
    if any(token["power"] for token in tokens):
        text = _power(size, tokens)
    elif any(token["stroke"] for token in tokens) and any(token["digit"] for token in tokens):
        text = _fraction(size, tokens)
    else:
        text = _plain(size, tokens)
    style = next((token["numerals"] for token in tokens if token["numerals"]), "0")
    if text is None or sum(bool(token["point"]) for token in tokens) > 1:
        return None
    if style != "0":
        if (
            style == "3"
            or size != size.to_integral_value()
            or any(token["digit"] for token in tokens)
        ):
            return None
        text = text.replace(_general(size), numerals.spell(f"{size:f}", style))
    negative = number < 0 and any(map(_is_place, tokens))
    negative = negative and (style != "0" or re.search("[1-9]", text) is not None)
    return ("-" if negative else "") + text.strip()


def _is_place(token: re.Match[str]) -> bool:
    return bool(token["digit"] or token["general"] or token["text"])


def _literal(token: re.Match[str]) -> str:
    groups = token.groupdict()
    return next(
        (
            groups[name]
            for name in ("quoted", "escaped", "money", "stroke", "percent", "other")
            if groups.get(name)
        ),
        "",
    )


def _plain(size: Decimal, tokens: Sequence[re.Match[str]]) -> str:
    """Digits in their places; commas behind the last of them divide by a thousand each."""
    places = [n for n, token in enumerate(tokens) if token["digit"]]
    if not places:
        return "".join(
            _general(size) if token["general"] or token["text"] else _literal(token)
            for token in tokens
        )
    point = next((n for n, token in enumerate(tokens) if token["point"]), len(tokens))
    whole = [n for n in places if n < point]
    decimals = [n for n in places if n > point]
    commas = [n for n, token in enumerate(tokens) if token["comma"]]
    scale = sum(_scales(n, tokens) for n in commas)
    grouped = bool(whole) and any(whole[0] < n < whole[-1] for n in commas)
    rounded = _rounded(size.scaleb(-3 * scale), len(decimals))
    before, _, after = f"{rounded:f}".partition(".")
    digits = _whole(before, [tokens[n][0] for n in whole], grouped)
    digits += _decimals(after, [tokens[n][0] for n in decimals])
    shown = dict(zip(whole + decimals, digits, strict=True))
    if not whole and before.strip("0"):
        shown[point] = before + "."
    return "".join(
        shown[n] if n in shown else "." if n == point else _literal(token)
        for n, token in enumerate(tokens)
    )


def _scales(place: int, tokens: Sequence[re.Match[str]]) -> bool:
    """Whether a comma divides by a thousand: no place for a digit follows it before the point."""
    before = next((t for t in reversed(tokens[:place]) if not t["comma"]), None)
    after = next((t for t in tokens[place:] if t["digit"] or t["point"]), None)
    return bool(before and before["digit"]) and (after is None or bool(after["point"]))


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)


def _whole(number: str, places: Sequence[str], grouped: bool) -> list[str]:
    """What stands at each place before the point; the first takes all that is left."""
    digits = "" if number == "0" else number
    shown: list[str] = []
    for count, place in enumerate(reversed(places)):
        digit = digits[-1:] or {"0": "0", "?": " "}.get(place, "")
        digits = digits[:-1]
        comma = "," if grouped and count and count % 3 == 0 and digit.strip() else ""
        shown.append(digit + comma)
    for count, digit in enumerate(reversed(digits if places else ""), len(places)):
        shown[-1] = digit + ("," if grouped and count % 3 == 0 else "") + shown[-1]
    return shown[::-1]


def _decimals(number: str, places: Sequence[str]) -> list[str]:
    kept = len(number.rstrip("0"))
    return [
        digit if place == "0" or n < kept else " " if place == "?" else ""
        for n, (digit, place) in enumerate(zip(number, places, strict=True))
    ]


def _general(number: Decimal) -> str:
    """As General shows it in a column that is wide enough; whole numbers with all digits."""
    size, sign = abs(number), "-" if number < 0 else ""
    whole = f"{size:f}".partition(".")[0]
    if size and size.adjusted() < -4 and len(f"{size.normalize():f}") > GENERAL_WIDTH:
        digits, _, power = f"{size:.5E}".partition("E")
        return f"{sign}{digits.rstrip('0').rstrip('.')}E{int(power):+03d}"
    text = f"{_rounded(size, max(0, GENERAL_WIDTH - 1 - len(whole))):f}"
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def _power(size: Decimal, tokens: Sequence[re.Match[str]]) -> str | None:
    """`0.00E+00`; several places before the point make powers of a thousand and the like."""
    at = next(n for n, token in enumerate(tokens) if token["power"])
    end = next((n for n in range(at + 1, len(tokens)) if not tokens[n]["digit"]), len(tokens))
    mantissa, behind = tokens[:at], tokens[end:]
    if any(map(_is_place, behind)) or any(token["comma"] for token in tokens) or end == at + 1:
        return None
    point = next((n for n, token in enumerate(mantissa) if token["point"]), at)
    step = max(1, sum(bool(token["digit"]) for token in mantissa[:point]))
    decimals = sum(bool(token["digit"]) for token in mantissa[point:])
    power = size.adjusted() // step * step if size else 0
    if _rounded(size.scaleb(-power), decimals) >= 10**step:
        power += step
    least = end - at - 1
    sign = "-" if power < 0 else "+" if tokens[at][0].endswith("+") else ""
    shown = _plain(size.scaleb(-power), mantissa)
    return f"{shown}E{sign}{abs(power):0{least}d}" + "".join(map(_literal, behind))


def _fraction(size: Decimal, tokens: Sequence[re.Match[str]]) -> str | None:
    """`# ?/?`: the nearest fraction with so many digits, or with this denominator."""
    match = re.fullmatch(
        r"([0#?]*)( +)?([0#?]+)/([0#?]+|[1-9]\d*)(.*)", "".join(map(_pattern, tokens)), re.S
    )
    if not match or any(map(_is_place, _tokens(match[5]))):
        return None
    whole, below = match[1] if match[2] else "", match[4]
    exact = Fraction(size)
    if below.strip("0#?"):
        under = int(below)
        above = int(exact * under + Fraction(1, 2))
    else:
        exact = exact.limit_denominator(10 ** len(below) - 1)
        above, under = exact.numerator, exact.denominator
    count, above = divmod(above, under) if whole else (0, above)
    first = str(count) if count or "0" in whole or (whole and not above) else ""
    second = f"{above}/{under}" if above or not whole else ""
    return f"{first} {second}".strip() + match[5]


def _pattern(token: re.Match[str]) -> str:
    """A token as it stands in a fraction; what is only aligned or coloured is left out."""
    return token[0] if _is_place(token) or token["stroke"] else _literal(token)
