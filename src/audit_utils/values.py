"""Printed text -> values: the one place where a number, a date or a target is read.

A small grammar, read top to bottom.  Nothing here raises on any text and nothing is
guessed: what the grammar does not know is None (or a word, where words are legal).
Digits and operators may be full-width; thousands separators must be well formed
(`1,234.5`, not `1,2,3.4.5`); Chinese numerals, exponents, NaN and underscores are no
numbers.  Numbers are exact decimals that fit the columns of `dictionary.py`.
"""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["quantity", "range", "date", "word", "empty"]
Operator = Literal[">=", ">", "<=", "<", "="]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a target or an actual value says.

    `value` is the number as printed (`96.36%` -> 96.36, `65.5万人次` -> 65.5), `unit` its
    unit as printed, without brackets (`%`, `万人次`, `台(套)`, `次/月`), None if there is none.
    A range has `value` and `high`.  A date has its last day as the number yyyymmdd in
    `value` (`2022年12月底前` -> 20221231), None where the text fixes no day (`每月5日前`).
    """

    kind: Kind
    operator: Operator | None = None
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD = _FULL_WIDTH | {
    ord(sign): plain
    for sign, plain in {"≥": ">=", "≧": ">=", "⩾": ">=", "≮": ">=", "≤": "<=", "≦": "<=", "⩽": "<=",
                        "≯": "<=", "﹥": ">", "﹤": "<", "−": "-", "￥": "¥", "﹪": "%"}.items()
}  # fmt: skip
_SPLIT_NUMBER = re.compile(r"[0-9.,]\s+[0-9.,]")
_NO_WORDS = re.compile(r"[-—–―‐~/\\.…\s]*")
_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_EXACT = Context(prec=120)
_LONGEST = 60
"""A longer text holds no number that any column could keep."""

AMOUNT, RATE, POINTS, NUMBER = (24, 6), (18, 8), (18, 6), (24, 6)
"""Digits in all, digits after the point: what the decimal columns hold."""


def _fold(text: str | None) -> str:
    """The text in half-width signs and without white space; two numbers never melt into one."""
    folded = (text or "").translate(_FOLD)
    blank = "\x00" if _SPLIT_NUMBER.search(folded) else ""
    return re.sub(r"\s+", blank, folded.strip())


def empty(text: str | None) -> bool:
    """True for nothing, blanks, and the dashes, slashes and dots that stand for an empty cell."""
    return _NO_WORDS.fullmatch((text or "").translate(_FOLD)) is not None


def _decimal(digits: str, shift: int, size: tuple[int, int]) -> Decimal | None:
    """The number times ten to the `shift`, exactly; None when a column of `size` cannot hold it."""
    if len(digits) > _LONGEST:
        return None
    value = Decimal(digits.replace(",", "")).scaleb(shift, _EXACT)
    precision, scale = size
    fits = value.quantize(Decimal(1).scaleb(-scale), context=_EXACT) == value
    plain = Decimal(f"{value:f}")  # 58000, not 5.8E+4
    return plain if fits and value.adjusted() < precision - scale else None


_LEADING_NUMBER = re.compile(rf"¥?({_NUMBER})(?![0-9.,_eE\x00])")


def number(text: str | None) -> Decimal | None:
    """The bare number in front of a unit, whatever that is: `5.8万元` -> 5.8, `9%` -> 9."""
    found = _LEADING_NUMBER.match(_fold(text))
    return _decimal(found[1], 0, NUMBER) if found else None


def decimals(text: str | None) -> int:
    """How many digits the number in `text` has after its point: `96.36%` -> 2, `10` -> 0."""
    found = _LEADING_NUMBER.match(_fold(text))
    return len(found[1].partition(".")[2]) if found else 0


def last_digit(text: str | None, value: Decimal | None) -> Decimal:
    """One unit of the last printed digit, in the unit of `value` (what `text` was read as).

    `96.36%` read as 0.9636 -> 0.0001; `5.8万元` read as 58000 -> 1000.
    """
    printed, step = number(text), Decimal(1).scaleb(-decimals(text))
    if printed and value is not None:
        return _EXACT.multiply(step, _EXACT.divide(value, printed))
    folded = _fold(text)  # of zero only the unit in the cell tells the scale
    money = _AMOUNT.fullmatch(folded)
    shift = -2 if folded.endswith("%") else _MONEY[money[2]] if money else 0
    return step.scaleb(shift)


_MONEY = {"": 0, "元": 0, "千元": 3, "万": 4, "万元": 4, "亿": 8, "亿元": 8}
_AMOUNT = re.compile(rf"¥?({_NUMBER})\(?({'|'.join(sorted(_MONEY, reverse=True))})\)?")


def amount(text: str | None, unit: str = "元") -> Decimal | None:
    """Money in yuan, None if the text is no amount; a unit in the cell itself beats `unit`."""
    found = _AMOUNT.fullmatch(_fold(text))
    return _decimal(found[1], _MONEY[found[2] or unit], AMOUNT) if found else None


def percent(text: str | None) -> Decimal | None:
    """A rate from 0 to 1 (`96.36%` -> 0.9636), None without a percent sign."""
    found = re.fullmatch(rf"({_NUMBER})%", _fold(text))
    return _decimal(found[1], -2, RATE) if found else None


@lru_cache(maxsize=8192)
def points(text: str | None) -> Decimal | None:
    """Points of a weight or a score (`9.36`, `10分`), None if the text is no number."""
    found = re.fullmatch(rf"({_NUMBER})分?", _fold(text))
    return _decimal(found[1], 0, POINTS) if found else None


_DAY = re.compile(r"([12][0-9]{3})([-/.年])([0-9]{1,2})(?:\2|月)([0-9]{1,2})日?")


def date(text: str | None) -> datetime.date | None:
    """A full date (`2024-01-01`, `2024年1月1日`, `2024.1.1`), None if it is none."""
    found = _DAY.fullmatch(_fold(text))
    if not found:
        return None
    try:
        return datetime.date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None


_BY = r"(?:份|底|末|内)?(?:以前|之前|前)?(?:全部|全面)?(?:完成|完工|结束)?"
_VAGUE = re.compile(
    rf"(?:每(?:年|季度|月|周))?(?:第?[一二三四1-4]季度|[0-9]{{1,2}}月(?:初|[上中下]旬)|[0-9]{{1,2}}日){_BY}"
)
_IN_YEAR = (
    r"(?:(?P<half>[上下]半年)|第?(?P<quarter>[一二三四1-4])季度"
    r"|(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})[日号])?)"
)
_DEADLINES = [
    re.compile(rf"(?:于|在|截至|截止)?{core}{_BY}")
    for core in (
        rf"(?P<year>(?:19|20)[0-9]{{2}})年度?{_IN_YEAR}?",
        r"(?P<year>(?:19|20)[0-9]{2})([-/.])(?P<month>[0-9]{1,2})(?:\2(?P<day>[0-9]{1,2}))?",
        _IN_YEAR,
    )
]
_BARE_MONTH = re.compile(r"(?:19|20)[0-9]{2}\.[0-9]{1,2}")
_SPAN = re.compile(r"[-~—–]|至|到")
_QUARTER_END = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}


def _deadline(text: str, year: int | None) -> Quantity | None:
    """A day, a deadline or a span of days (its end), None if `text` is none of them.

    A month or a day that does not exist (`2022年13月`) is a word.
    """
    if _VAGUE.fullmatch(text):
        return Quantity("date")
    for pattern in _DEADLINES:
        found = pattern.fullmatch(text)
        if found:
            no_such_day = Quantity("word") if re.search("[年月]", text) else None
            return _last_day(found.groupdict(), year) or no_such_day
    start, *end = _SPAN.split(text, maxsplit=2)
    return _deadline(end[0], year) if len(end) == 1 and start and _deadline(start, year) else None


def _last_day(part: dict[str, str | None], year: int | None) -> Quantity | None:
    """The last day that the parts of a date allow, None when there is no such day."""
    year = int(part.get("year") or year or 0)
    month = int(part["month"] or _QUARTER_END.get(part.get("quarter") or "", 12))
    month = 6 if part.get("half") == "上半年" else month
    if not 1 <= month <= 12:
        return None
    length = monthrange(year or 2000, month)[1]
    day = int(part["day"] or length)
    if not 1 <= day <= length:
        return None
    return Quantity("date", value=Decimal(year * 10000 + month * 100 + day) if year else None)


_BEFORE: dict[str, Operator | None] = {
    **dict.fromkeys((">=", "=>", "不低于", "不少于", "不小于", "至少", "大于等于"), ">="),
    **dict.fromkeys(("<=", "=<", "不超过", "不高于", "不多于", "不大于", "至多", "小于等于"), "<="),
    **dict.fromkeys((">", "超过", "高于", "大于", "多于"), ">"),
    **dict.fromkeys(("<", "低于", "少于", "小于"), "<"),
    **dict.fromkeys(("=", "等于"), "="),
    **dict.fromkeys(("达到", "达"), None),
}
_AFTER: dict[str, Operator] = {"以上": ">=", "以下": "<=", "以内": "<=", "之内": "<=", "内": "<="}
_SIGN = "|".join(sorted(_BEFORE, key=len, reverse=True))
_BARE_UNIT = r"(?:[^\W\d_]|m[23]|[㎡㎥℃°²³/·()])*"
_UNIT = rf"(?:[%‰](?:/{_BARE_UNIT}|\([^()]*\))?|\([^\d\s,;:]*|{_BARE_UNIT}?)"
_QUANTITY = re.compile(
    rf"(?P<before>{_SIGN})?(?P<number>{_NUMBER})(?P<unit>{_UNIT})"
    r"(?P<after>及?(?:以上|以下|以内|之内)|(?<=[日天周月年时钟秒])内)?"
)
_RANGE = re.compile(
    rf"(?P<low>{_NUMBER})(?P<unit>{_UNIT})(?:[-~—–]+|至|到)"
    rf"(?P<high>{_NUMBER})(?P<unit_high>{_UNIT})"
)
_LONGEST_UNIT = 12


@lru_cache(maxsize=8192)
def quantity(
    text: str | None, *, year: int | None = None, bare_month_is_date: bool = True
) -> Quantity:
    """What a target or an actual value says; never raises.

    `year` completes a deadline without one (`6月底前`).  A bare `2022.12` is a month; beside
    a target that is a number, it is one itself: then `bare_month_is_date` is False.
    """
    if empty(text):
        return Quantity("empty")
    folded = _fold(text).replace("(含)", "").rstrip("。")
    if bare_month_is_date or not _BARE_MONTH.fullmatch(folded):
        deadline = _deadline(folded, year)
        if deadline:
            return deadline
    return _range(folded) or _one_number(folded) or Quantity("word")


def _one_number(text: str) -> Quantity | None:
    found = _QUANTITY.fullmatch(text) if len(text) <= 2 * _LONGEST else None
    value = _decimal(found["number"], 0, NUMBER) if found else None
    if found is None or value is None or len(found["unit"]) > _LONGEST_UNIT:
        return None
    before = _BEFORE.get(found["before"])
    after = _AFTER[found["after"].removeprefix("及")] if found["after"] else None
    if before and after and before != after:
        return None
    return Quantity("quantity", before or after, value, None, _unit(found["unit"]))


def _range(text: str) -> Quantity | None:
    found = _RANGE.fullmatch(text) if len(text) <= 2 * _LONGEST else None
    if found is None or found["unit"] not in ("", found["unit_high"]):
        return None
    low, high = (_decimal(found[end], 0, NUMBER) for end in ("low", "high"))
    if low is None or high is None or low > high or len(found["unit_high"]) > _LONGEST_UNIT:
        return None
    return Quantity("range", None, low, high, _unit(found["unit_high"]))


def _unit(text: str) -> str | None:
    """The unit without the brackets around it; forms print one too many (`(%))`, `((起)`)."""
    if text.startswith("("):
        text = text[1:].removesuffix(")")
    if text.count(")") > text.count("("):
        text = text.removesuffix(")")
    if text.count("(") > text.count(")"):
        text = text.removeprefix("(")
    return "%" if text.startswith("%(") else text or None


def unit_text(text: str | None) -> str | None:
    """What is printed behind the number of a quantity or range, brackets included: `((起)`.

    Empty when there is nothing, None when the text holds no such number.
    """
    if quantity(text).kind not in ("quantity", "range"):
        return None
    folded = _fold(text).replace("(含)", "").rstrip("。")
    found = _RANGE.fullmatch(folded)
    if found:
        return found["unit_high"]
    found = _QUANTITY.fullmatch(folded)
    return found["unit"] if found else None


def misprinted(text: str | None) -> bool:
    """True for a target or actual value that looks like a number and is none (`≥1,2,3.4.5`)."""
    folded = _fold(text)
    looks = re.fullmatch(r"(?:[<>=]+[+-]?[0-9].*|[0-9][0-9.,]*%?)", folded, re.DOTALL)
    return looks is not None and quantity(text).kind == "word"
