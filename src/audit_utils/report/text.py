"""What a reader sees: numbers, outcomes and severities in words, and document text made safe.

The words of FORMS, TABLES, DISPOSITIONS and LEFT_OVER are Chinese; `_()` around them
says them in the language in use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from audit_utils.language import _
from audit_utils.phrases import listed

FORMS = {"self_evaluation": "项目支出绩效自评表", "target_declaration": "项目支出绩效目标申报表"}
TABLES = {"projects": "表头", "funds": "资金表", "indicators": "指标表"}


@dataclass(frozen=True, slots=True)
class Label:
    """A word for a reader, with a symbol: colour is never the only signal."""

    code: str
    symbol: str
    chinese: str

    @property
    def word(self) -> str:
        """The word in the language in use."""
        return _(self.chinese)


SEVERITIES = {
    label.code: label
    for label in (
        Label("critical", "■", "严重"),
        Label("warning", "▲", "关注"),
        Label("info", "●", "提示"),
    )
}
OUTCOMES = {
    label.code: label
    for label in (
        Label("pass", "✓", "通过"),
        Label("fail", "✗", "不通过"),
        Label("rounding", "≈", "舍入差异"),
        Label("not_applicable", "–", "不适用"),
        Label("cannot_evaluate", "?", "无法评价"),
        Label("error", "!", "检查出错"),
    )
}

DISPOSITIONS = {"accepted": "接受", "false_positive": "误报", "to_correct": "待更正"}
LEFT_OVER = {"out_of_date": "已过有效期", "no_match": "没有对应的疑点"}
"""Why a decision decides nothing."""


def number(value: Decimal | None) -> str:
    """`10` for 10.000000, `-0.28`, thousands separated; empty for None."""
    if value is None:
        return ""
    plain = value.normalize()
    return f"{plain:,f}" if plain else "0"


def signed(value: Decimal | None) -> str:
    """A difference with its sign: `+10`, `-0.28`; empty for None."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


def money(value: Decimal | None) -> str:
    """Yuan with two decimals (more where the amount has more) and thousands separated."""
    if value is None:
        return ""
    plain = value.normalize()
    digits = max(2, -int(plain.as_tuple().exponent))
    return f"{plain:,.{digits}f}"


def rate(value: Decimal | None) -> str:
    """A rate (0-1) in percent with two decimals; empty for None."""
    return "" if value is None else f"{value * 100:.2f}%"


def parameter(unit: str, given: Any) -> str:
    """The value of a parameter as people write it: `30%`, `10 分`, words with 、 between."""
    match given:
        case dict():
            return listed(f"{key} {parameter(unit, one)}" for key, one in given.items())
        case list():
            return listed(map(str, given))
        case int() | float() if unit == "rate":
            return f"{given * 100:g}%"
        case int() | float() if unit == "points":
            return _("{n:g} 分", n=given)
    return str(given)


def lines(row: dict[str, object]) -> str:
    """Where a row stands: `file:line-line` in a text, else its cell, in a PDF with the page.

    The file alone where it could not be used at all.
    """
    if row.get("document_kind") == "pdf" and row.get("page"):
        place = _("{document} 第 {page} 页", **row)
        return f"{place} {row['address']}" if row.get("address") else place
    if row.get("address"):
        return f"{row['document']} {row['address']}"
    first, last = row["line_start"], row["line_end"]
    if first is None:
        return str(row["document"])
    return f"{row['document']}:{first}" + ("" if first == last else f"-{last}")


def page(row: Mapping[str, object]) -> object:
    """The page of a row; None for a file that has none: its page is a running number."""
    return row["page"] if row.get("document_kind") in ("text", "pdf", None) else None


def _unseen() -> dict[int, str]:
    """Characters that show nothing, or turn the text around them, and what stands for them."""
    controls = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
    formats = [0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x206A)]
    others = [0x7F, *range(0x80, 0xA0), *formats, 0xFEFF, *range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF]
    return controls | {code: f"⟦U+{code:04X}⟧" for code in others}


_UNSEEN = _unseen()


def visible(value: str) -> str:
    """Text of a document with every control and direction character made visible."""
    return value.translate(_UNSEEN)


def shorten(value: str, length: int) -> str:
    """At most `length` characters, the last one an ellipsis where something was cut."""
    return value if len(value) <= length else value[: length - 1] + "…"
