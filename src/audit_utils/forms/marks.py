"""Signs that any text may print and that are no labels: years, page numbers, units, dashes."""

import re

YEAR = re.compile(r"^[（(]\s*(\d{4})\s*年?度?\s*[)）]$")
TITLED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
"""A year in a title: 2022年项目支出绩效自评表."""
PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·•]\s*\d+\s*[-—–－·•]|[Pp]age\s*\d+(?:\s*(?:of|/)\s*\d+)?"
    r"|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d{1,3}\s+[/／]\s+\d{1,3})$"
)
MONEY_UNIT = re.compile(r"^[（(]?(?:单位[:：])?(万?元)[)）]?$")
STATED_UNIT = re.compile(
    r"\((?:金额)?(?:单位:?)?(?:人民币)?(万元|千元|百万元|亿元|元)\)"
    r"|单位:(?:人民币)?(万元|千元|百万元|亿元|元)"
)
"""A unit of money in brackets, or behind 单位：, in half-width text."""
NUMBERED = re.compile(r"(?:指标|目标)\s*[0-9０-９]{1,2}\s*[:：.、]")
FILLER = re.compile(r"[…⋯.·。]{2,}")
"""Rows of indicators that are numbered, and rows of dots that hold nothing."""
OTHER_STARTS = frozenset("指目…⋯.·。(（")
OTHER_ROWS = re.compile(rf"{NUMBERED.pattern}|{FILLER.pattern}$|[(（]\d+(?:\.\d+)?分[)）]$")
"""What rows of another layout begin with, points of a label that is lost too."""
BARE = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
"""A number without a unit."""
BRACKETED_POINTS = re.compile(r"\((?:满分)?\d+(?:\.\d+)?分\)")
"""The points of a group, in half-width text: (30分)."""
OPERATORS = re.compile(
    r"[<>=≤≥≦≧＜＞＝]{1,2}|大于等于|小于等于|大于|小于|等于|不低于|不高于|不超过"
)
"""Signs and words of comparison that stand in a column of their own."""
DASHES = frozenset("—-–－―─/\\")
"""A lone dash fills an empty cell."""
