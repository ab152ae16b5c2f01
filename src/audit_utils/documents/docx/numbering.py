"""Automatic numbers of paragraphs: printed by Word, but not a part of their text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from audit_utils.documents import numerals, symbols
from audit_utils.documents.docx.xml import attribute, child_value, is_on, number

_LEVELS = 9
_LONGEST = 99
"""Characters of a number, with what stands around it."""
_MOST = 9_999
"""Larger numbers stand in plain digits."""
_PLACE = re.compile(r"%([1-9])")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50),
          ("xl", 40), ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1))  # fmt: skip
_RUNS = {"decimalEnclosedCircle": (0x2460, 20), "decimalEnclosedCircleChinese": (0x2460, 20),
         "decimalEnclosedParen": (0x2474, 20), "decimalEnclosedFullstop": (0x2488, 20),
         "ideographEnclosedCircle": (0x3280, 10)}  # fmt: skip
"""Kinds of numbers that are characters one after another: the first, and how many."""
_COUNTED = frozenset({"chineseCounting", "chineseCountingThousand", "taiwaneseCounting",
                      "taiwaneseCountingThousand", "japaneseCounting"})  # fmt: skip


class Level(NamedTuple):
    """How the numbers of a level look, and where they begin."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    gap: bool = True
    """Whether a space or a tab follows."""
    plain: bool = False
    """Whether the numbers of all levels are shown in plain digits."""
    font: str = ""
    style: str = ""
    """The style of paragraphs that are of this level."""
    restarts: bool = True


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has been counted."""

    lists: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    """Number of a list -> its levels."""
    shared: Mapping[str, str] = field(default_factory=dict)
    """Number of a list -> that of the definition that it counts on with others."""
    starts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """Number of a list -> the levels where it begins anew, and with what."""
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, listed: str, style: str) -> int:
        """The level that paragraphs of a style have in a list."""
        levels = self.lists.get(listed, ())
        return next((n for n, level in enumerate(levels) if level.style == style), 0)

    def next(self, listed: str, level: int) -> str:
        """What stands before the next paragraph of a list, empty for nothing."""
        levels = self.lists.get(listed, ())
        if level >= len(levels):
            return ""
        counts = self.counts.setdefault(self.shared[listed], [None] * _LEVELS)
        starts = self.starts.get(listed, {})
        if level in starts and (listed, level) not in self.begun:
            self.begun.add((listed, level))
            counts[level] = None
        _count(counts, levels, starts, level)
        return _text(counts, levels, level)


def _count(
    counts: list[int | None], levels: tuple[Level, ...], starts: Mapping[int, int], level: int
) -> None:
    for upper in range(level):
        if counts[upper] is None:
            counts[upper] = levels[upper].start
    before = counts[level]
    first = starts.get(level, levels[level].start)
    counts[level] = first if before is None else before + 1
    for lower in range(level + 1, len(levels)):
        if levels[lower].restarts:
            counts[lower] = None


def _text(counts: list[int | None], levels: tuple[Level, ...], level: int) -> str:
    own = levels[level]
    if own.kind == "bullet":
        text = symbols.shown(own.text, own.font).replace(symbols.UNKNOWN, "•")
    else:
        text = _PLACE.sub(lambda match: _at(counts, levels, int(match[1]) - 1, own.plain), own.text)
    return text + " " * (own.gap and bool(text))


def _at(counts: list[int | None], levels: tuple[Level, ...], level: int, plain: bool) -> str:
    if level >= len(levels):
        return ""
    count = counts[level]
    count = levels[level].start if count is None else count
    return written(count, "decimal" if plain else levels[level].kind)


def written(count: int, kind: str) -> str:
    """A number of a list; plain digits for a kind that is not known."""
    if kind == "none":
        return ""
    if kind == "decimalZero":
        return f"{count:02}"
    if not 0 < count <= _MOST:
        return str(count)
    if kind in _RUNS:
        first, most = _RUNS[kind]
        return chr(first + count - 1) if count <= most else str(count)
    if kind in ("upperLetter", "lowerLetter", "upperRoman", "lowerRoman"):
        text = _letters(count) if kind.endswith("Letter") else _roman(count)
        return text.upper() if kind.startswith("upper") else text
    return _chinese(count, kind)


def _chinese(count: int, kind: str) -> str:
    if kind in _COUNTED:
        return numerals.of_date(str(count), "1", digits=False)
    if kind == "ideographDigital":
        return numerals.digits(str(count), "1")
    if kind == "chineseLegalSimplified":
        return numerals.spell(str(count), "2")
    if kind == "ideographTraditional" and count <= len(_STEMS):
        return _STEMS[count - 1]
    if kind == "ideographZodiac" and count <= len(_BRANCHES):
        return _BRANCHES[count - 1]
    if kind == "decimalFullWidth":
        return numerals.digits(str(count), "3")
    return str(count)


def _letters(count: int) -> str:
    repeats, letter = divmod(count - 1, 26)
    return chr(ord("a") + letter) * min(repeats + 1, 30)


def _roman(count: int) -> str:
    text = ""
    for letters, value in _ROMAN:
        times, count = divmod(count, value)
        text += letters * times
    return text


# ---- the part


def read(root: Any) -> Numbering:
    """The lists that a document defines."""
    defined = {attribute(one, "abstractNumId"): one for one in root.iterchildren("{*}abstractNum")}
    styles = {child_value(one, "styleLink"): one for one in defined.values()}
    levels = {
        name: _levels(styles.get(child_value(one, "numStyleLink") or "-", one))
        for name, one in defined.items()
    }
    lists: dict[str, tuple[Level, ...]] = {}
    shared: dict[str, str] = {}
    starts: dict[str, dict[int, int]] = {}
    for one in root.iterchildren("{*}num"):
        name, definition = attribute(one, "numId"), child_value(one, "abstractNumId")
        shared[name], starts[name] = definition, {}
        own = dict(levels.get(definition, {}))
        for over in one.iterchildren("{*}lvlOverride"):
            own |= _levels(over)
            if over.find("{*}startOverride") is not None:
                level = number(attribute(over, "ilvl"))
                starts[name][level] = number(child_value(over, "startOverride"))
        lists[name] = tuple(own.get(level, Level()) for level in range(_LEVELS) if own)
    return Numbering(lists, shared, {name: found for name, found in starts.items() if found})


def _levels(element: Any) -> dict[int, Level]:
    return {number(attribute(one, "ilvl")): _level(one) for one in element.iterchildren("{*}lvl")}


def _level(element: Any) -> Level:
    fonts = element.find("{*}rPr/{*}rFonts")
    return Level(
        kind=child_value(element, "numFmt") or "decimal",
        text=child_value(element, "lvlText")[:_LONGEST],
        start=number(child_value(element, "start")),
        gap=child_value(element, "suff") != "nothing",
        plain=is_on(element.find("{*}isLgl")),
        font="" if fonts is None else attribute(fonts, "ascii"),
        style=child_value(element, "pStyle"),
        restarts=child_value(element, "lvlRestart") != "0",
    )
