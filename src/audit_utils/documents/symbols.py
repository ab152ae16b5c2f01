"""Characters of fonts of symbols: a letter in Wingdings is a box with a tick, not a letter."""

import re
from collections.abc import Mapping

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_FILLED = "❶❷❸❹❺❻❼❽❾❿"
_WINGDINGS: Mapping[int, str] = {
    0x20: " ", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□",
    0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒", 0x9E: "·", 0x9F: "•",
    0xA1: "○", 0xA2: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xB5: "✪", 0xD8: "➢",
    0xE0: "→", 0xE8: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **dict(enumerate(_CIRCLED, 0x81)), **dict(enumerate(_FILLED, 0x8C)),
}  # fmt: skip
_WINGDINGS_2: Mapping[int, str] = {
    0x20: " ", 0x2A: "□", 0x30: "□", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒",
    0x54: "☒", 0x96: "●", 0x97: "●", 0x98: "●", 0x9A: "○", 0x9E: "⊙", 0xA2: "■", 0xA3: "□",
    **dict(enumerate(_CIRCLED, 0x6A)), **dict(enumerate(_FILLED, 0x75)),
}  # fmt: skip
_SYMBOL: Mapping[int, str] = {
    **{code: chr(code) for code in range(0x20, 0x40) if chr(code) not in "\"$'*-@"},
    0x2A: "∗", 0x2D: "−", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x61: "α", 0x62: "β", 0x67: "γ",
    0x6D: "μ", 0x70: "π", 0x73: "σ", 0xA3: "≤", 0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±",
    0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xD6: "√",
    0xE5: "∑",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
UNKNOWN = "\ufffd"
"""Stands for a symbol that is not known."""
_PRIVATE = range(0xF000, 0xF100)
_ANY_PRIVATE = re.compile("[\uf000-\uf0ff]")


def is_one(font: str) -> bool:
    """Whether a font draws symbols instead of letters."""
    return font.lower() in _FONTS or font.lower() in ("wingdings 3", "webdings", "marlett")


def shown(text: str, font: str) -> str:
    """The text as it is seen in this font."""
    if not is_one(font) and not _ANY_PRIVATE.search(text):
        return text
    known = _FONTS.get(font.lower(), {})
    return "".join(_shown(one, known, is_one(font)) for one in text)


def _shown(one: str, known: Mapping[int, str], symbols: bool) -> str:
    code = ord(one)
    if code in _PRIVATE:
        return known.get(code - 0xF000, UNKNOWN)
    return known.get(code, UNKNOWN) if symbols and code < 0x100 and code > 0x20 else one
