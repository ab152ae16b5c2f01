"""Units as printed: whether they are well formed, and what they say.

A unit is one of a list, with a scale (`万人次`), with an alternative (`台(套)`), or a ratio
of such units (`元/台`).  Around it stands nothing or one pair of brackets.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_SCALES = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
_SCALED = re.compile(rf"({'|'.join(sorted(_SCALES, key=len, reverse=True))})(.+)", re.DOTALL)
_ALTERNATIVE = re.compile(r"([^()]+)\(([^()]+)\)")
_MOST = 3
"""Parts of a ratio: 元/人/天."""


def bare(printed: str) -> str:
    """The unit without the one pair of brackets around it."""
    whole = re.fullmatch(r"\((.*)\)", printed, re.DOTALL)
    return whole[1] if whole else printed


def well_formed(unit: str, units: Collection[str]) -> bool:
    """True for a unit of the list, scaled, with an alternative, or a ratio of those."""
    parts = unit.split("/")
    return len(parts) <= _MOST and all(_single(part, units) for part in parts)


def _single(unit: str, units: Collection[str]) -> bool:
    if unit in units:
        return True
    either = _ALTERNATIVE.fullmatch(unit)
    if either:
        return all(_single(part, units) for part in either.groups())
    scaled = _SCALED.fullmatch(unit)
    return bool(scaled and scaled[1] and scaled[2] in units)


def mended(printed: str, units: Collection[str]) -> str:
    """The well-formed unit that a damaged one is most like, empty when none is."""
    plain = printed.strip("()")
    if plain and set(plain) == {plain[0]}:
        plain = plain[0]  # `%%`
    if well_formed(plain, units):
        return plain
    ratios = (f"{plain[:at]}/{plain[at:]}" for at in range(1, len(plain)))
    return next((ratio for ratio in ratios if well_formed(ratio, units)), "")


@lru_cache(maxsize=4096)
def scaled(unit: str) -> tuple[Decimal, str]:
    """`万元` -> 10000, 元."""
    found = _SCALED.fullmatch(unit)
    return (Decimal(10) ** _SCALES[found[1]], found[2]) if found else (Decimal(1), unit)


@dataclass(frozen=True, slots=True)
class Price:
    """Money for one of something: `万元/台` is 10000 yuan for a 台."""

    yuan: Decimal
    of: str


def price(unit: str | None, units: Collection[str]) -> Price | None:
    """What a unit says as a price, None when it is none; `元台` lacks its stroke alone."""
    found = re.fullmatch(r"((?:[十百千万亿]+)?元)/?(.+)", unit or "", re.DOTALL)
    if not found or not well_formed(found[2], units) or "/" in found[2]:
        return None
    return Price(scaled(found[1])[0], found[2])
