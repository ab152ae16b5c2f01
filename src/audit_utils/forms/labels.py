"""A text as a label: how labels are compared.

A label is compared without white space, colons, numbering and 其中：, full-width signs made
half-width.  Brackets that hold a unit of money, points, a letter of a formula or a stamp
(`（万元）`, `(50分)`, `(B/A)`, `(盖章)`) are understood and taken off; any other bracket is
part of the label.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from audit_utils.radicals import characters

_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_UNIT = re.compile(r"(?:金额|资金)?(?:单位)?:?(?:人民币)?(万元|千元|百万元|亿元|元|%)")
_POINTS = re.compile(r"(?:满分)?(\d+(?:\.\d+)?)分?(?:[*×x].*)?")
_FORMULA = re.compile(r"(?:[A-Z](?:[/÷*×+-][A-Z])*|\d(?:[/÷*×+-]\d)+)(?:[*×]100%?)?")
_STAMP = re.compile(r"分|盖章|公章|签章|签字|选填|必填|(?:19|20)[\d×xX*]{2}年.*")
_NUMBERING = re.compile(
    r"(?:\((?:[一二三四五六七八九十]+|\d{1,2})\)|[一二三四五六七八九十]+、|\d{1,2}(?:、|\.(?!\d)))"
)
_AMONG = re.compile(r"其中:")


def fold(text: str) -> str:
    """A text as labels are compared: half-width, without any white space."""
    return "".join(unicodedata.normalize("NFKC", characters(text)).split())


@dataclass(frozen=True, slots=True)
class Label:
    """A text as a label: `whole` with all brackets, `key` without those that are understood.

    `unit` is a unit of money or `%`, `points` a number, printed in its brackets; else empty.
    """

    whole: str
    key: str
    unit: str = ""
    points: str = ""


@lru_cache(maxsize=8192)
def label(text: str) -> Label:
    """What a text is if it is a label."""
    whole = fold(text).strip(":*★☆※▲△#")
    for prefix in (_NUMBERING, _AMONG, _NUMBERING):
        whole = prefix.sub("", whole, count=1) if prefix.match(whole) else whole
    found = {"unit": "", "points": ""}
    key = _BRACKETS.sub(lambda match: _understood(match, found), whole).rstrip(":")
    return Label(whole, key, found["unit"], found["points"])


def _understood(bracket: re.Match[str], found: dict[str, str]) -> str:
    """Nothing for a bracket that is understood, the bracket itself for any other."""
    inner = bracket[1] or bracket[2] or ""
    if unit := _UNIT.fullmatch(inner):
        found["unit"] = unit[1]
    elif points := _POINTS.fullmatch(inner):
        found["points"] = points[1]
    elif inner and not _FORMULA.fullmatch(inner) and not _STAMP.fullmatch(inner):
        return bracket[0]
    return ""
