"""Signs that any text may print and that are no labels: years, page numbers, units, dashes."""

import re

YEAR = re.compile(r"^[（(]\s*(\d{4})\s*年?度?\s*[)）]$")
PAGE_NUMBER = re.compile(
    r"^(?:[-—–－]\s*\d+\s*[-—–－]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?)$"
)
MONEY_UNIT = re.compile(r"^[（(]?(?:单位[:：])?(万?元)[)）]?$")
NUMBERED = re.compile(r"(?:指标|目标)\s*[0-9０-９]{1,2}\s*[:：.、]")
FILLER = re.compile(r"[…⋯.·。]{2,}")
"""Rows of indicators that are numbered, and rows of dots that hold nothing."""
OTHER_ROWS = re.compile(rf"{NUMBERED.pattern}|{FILLER.pattern}$|[(（]\d+(?:\.\d+)?分[)）]$")
"""What rows of another layout begin with, points of a label that is lost too."""
DASHES = frozenset("—-–－―─/\\")
"""A lone dash fills an empty cell."""
