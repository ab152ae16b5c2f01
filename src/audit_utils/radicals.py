"""Radicals that stand for the characters they look like: some fonts tell ⾥ for 里.

A form prints the shape, and the shape is the character's; nobody writes a radical.
"""

import re
import unicodedata

_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = dict(
    zip(
        "⺟⺠⺩⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻰⻳",
        "母民王西见角贝车長长门雨青页风飞食马骨鬼鱼鸟麦黄齐龙龟",
        strict=True,
    )
)
_CHARACTERS = str.maketrans(_KANGXI | _SUPPLEMENT)
_ANY = re.compile("[\u2e80-\u2fdf]")
"""Any radical: hardly a text holds one, and a search is faster than a translation."""


def characters(text: str) -> str:
    """The text with every radical as the character that it looks like."""
    return text.translate(_CHARACTERS) if _ANY.search(text) else text
