"""What a page is told to draw: whether that is written by the rules of PDF, and what it names.

A stream that was changed or cut before it was packed shows it here: operators that there
are not, operands that do not fit, texts and brackets that do not end.
"""

import re
from collections import Counter
from re import Pattern

_BLANK = rb"[\0\t\n\f\r ]*+(?:%[^\r\n]*+[\0\t\n\f\r ]*+)*+"
_NUMBER = rb"[+-]*+[0-9.][0-9.-]*+" + _BLANK
_NAME = rb"/[^\0\t\n\f\r ()<>\[\]{}/%]*+" + _BLANK
_ENDS = rb"(?![^\0\t\n\f\r ()<>\[\]{}/%])" + _BLANK
"""Behind an operator."""
_BRACKETS = 6
"""How deep brackets may stand in one another in a text."""
_VALUES = 4
"""How deep lists may stand in one another."""
_OPERATORS = {
    0: rb"[qQhSsFnW]|[fBbW]\*|[fBb]|T\*|EMC|BX|EX",
    1: rb"[wJjMigG]|T[cwzLrs]",
    2: rb"[ml]|T[dD]|d0",
    3: rb"rg|RG",
    4: rb"re|[vykK]",
    6: rb"cm?|Tm|d1",
}
"""Number of numbers -> operators that take so many, and nothing else."""


def _one_of(*ways: bytes) -> bytes:
    return rb"(?:" + rb"|".join(ways) + rb")"


def _operator(*names: bytes) -> bytes:
    return _one_of(*names) + _ENDS


def _text() -> bytes:
    plain = rb"(?:[^()\\]++|\\.)*+"
    inner = plain
    for _ in range(_BRACKETS):
        inner = plain + rb"(?:\(" + inner + rb"\)" + plain + rb")*+"
    digits = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"
    return _one_of(digits, rb"\(" + inner + rb"\)") + _BLANK


def _values() -> tuple[bytes, bytes]:
    """Dictionaries, and values of any kind."""
    simple = (_NUMBER, _NAME, _TEXT, _operator(rb"true", rb"false", rb"null"))
    entries, value = rb"", _one_of(*simple)
    for _ in range(_VALUES):
        entries = rb"<<" + _BLANK + rb"(?:" + _NAME + value + rb")*+>>" + _BLANK
        value = _one_of(entries, rb"\[" + _BLANK + value + rb"*+\]" + _BLANK, *simple)
    return entries, value


def _with_numbers() -> bytes:
    """Numbers and their operator, looked at once."""
    most = max(_OPERATORS)
    found = _operator(_OPERATORS[most])
    for count in reversed(range(most)):
        more = _NUMBER + found
        found = _one_of(_operator(_OPERATORS[count]), more) if count in _OPERATORS else more
    return found


_TEXT = _text()
_DICTIONARY, _VALUE = _values()
_ARRAY = rb"\[" + _BLANK + _one_of(_NUMBER, _TEXT) + rb"*+\]" + _BLANK
_AFTER_NAME = _one_of(
    _operator(rb"gs|Do|cs|CS|ri|sh|BMC|MP|scn|SCN"),
    _NUMBER + _operator(rb"Tf"),
    _one_of(_NAME, _DICTIONARY) + _operator(rb"BDC|DP"),
)
_PICTURE = (
    rb"BI" + _ENDS + rb"(?:" + _NAME + _VALUE + rb")*+ID[\0\t\n\f\r ]"
    + rb"(?s:.*?)[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]++(?:[qQ0-9.+-]|/|EMC|BT|BI|W|$)|$)" + _BLANK
)  # fmt: skip
_STEP = _one_of(
    _with_numbers(),
    _TEXT + _operator(rb"Tj|'"),
    _ARRAY + _one_of(_operator(rb"TJ"), _NUMBER + _operator(rb"d")),
    _NAME + _AFTER_NAME,
    rb"(?:" + _NUMBER + rb")*+(?:" + _NAME + rb")?+" + _operator(rb"scn?|SCN?"),
    _NUMBER + _NUMBER + _TEXT + _operator(rb'"'),
    _PICTURE,
)
_ALL = re.compile(_BLANK + _one_of(rb"BT" + _ENDS + _STEP + rb"*+ET" + _ENDS, _STEP) + rb"*", re.S)
_QUOTED = re.compile(_text(), re.S)
_SAVED, _RESTORED = (
    re.compile(rb"(?<![^\0\t\n\f\r \])>])" + one + rb"(?![^\0\t\n\f\r \[(</])")
    for one in (b"q", b"Q")
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAMED: dict[str, Pattern[bytes]] = {
    "XObject": re.compile(rb"/([^\0\t\n\f\r ()<>\[\]{}/%]+)[\0\t\n\f\r ]+Do(?![A-Za-z])"),
    "Font": re.compile(
        rb"/([^\0\t\n\f\r ()<>\[\]{}/%]+)[\0\t\n\f\r ]+[+-]*[0-9.]+[\0\t\n\f\r ]+Tf(?![A-Za-z])"
    ),
}


def sound(content: bytes) -> bool:
    """Whether all of it is instructions that there are, and whether it ends where it should."""
    end = _ALL.match(content).end()  # type: ignore[union-attr]  # it matches nothing, too
    if end < len(content):
        return re.search(rb"(?<![^\s])BX(?![^\s])", content[:end]) is not None  # anything goes
    words = content.split()
    if words.count(b"q") <= words.count(b"Q"):
        return True
    bare = _QUOTED.sub(b"()", content)  # words of a text, and operators side by side
    return len(_SAVED.findall(bare)) <= len(_RESTORED.findall(bare))


def named(content: bytes) -> Counter[tuple[str, str]]:
    """How often pictures, drawings and fonts are called, by their kind and name."""
    return Counter(
        {
            (kind, _ESCAPED.sub(_unescaped, name).decode("latin-1")): times
            for kind, pattern in _NAMED.items()
            for name, times in Counter(pattern.findall(content)).items()
        }
    )


def _unescaped(code: re.Match[bytes]) -> bytes:
    return bytes([int(code[1], 16)])
