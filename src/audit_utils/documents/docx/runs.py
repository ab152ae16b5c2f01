"""What the paragraphs of a text document show: runs, fields, symbols, automatic numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from audit_utils.documents import scripts, symbols
from audit_utils.documents.docx.numbering import Numbering
from audit_utils.documents.docx.styles import Style, Styles, numbered
from audit_utils.documents.docx.xml import (
    attribute,
    child_value,
    children,
    is_on,
    name_of,
    number,
    value,
)
from audit_utils.documents.floating import LARGE

_WHITE = frozenset({"FFFFFF", "white"})
_NO_FILL = _WHITE | {"", "auto"}
SKIPPED = frozenset({
    "del", "moveFrom", "pPr", "rPr", "tcPr", "trPr", "tblPr", "sdtPr", "sdtEndPr", "txbxContent",
    "delText", "delInstrText", "rt", "rubyPr", "sectPr",
})  # fmt: skip
"""Elements whose text is not shown, or stands a second time."""
_CHANGED = frozenset({"del", "moveFrom"})
_PLAIN = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWN = frozenset({"EQ", "SYMBOL", "MACROBUTTON", "GOTOBUTTON"})
"""Fields that show something out of their instruction."""
_BOXES = "☐", "☒"
_MATH = frozenset({"f", "sSup", "rad"})
_SIDES = re.compile(r"(?:^|;)\s*(?:width|height):\s*(\d+(?:\.\d+)?)pt")


@dataclass(slots=True)
class Field:
    """A field that is open: it shows its result, once that has begun."""

    instruction: str = ""
    in_result: bool = False
    shown: bool = False
    choice: str = ""
    """What a box to tick or a list to choose from shows."""


@dataclass(slots=True)
class Writer:
    """Reads one paragraph after another: fields and lists go through several of them."""

    numbering: Numbering = field(default_factory=Numbering)
    styles: Styles = field(default_factory=Styles)
    fields: list[Field] = field(default_factory=list)
    whole: bool = True
    """Whether every field has its end."""
    asking: int = 0
    """How many of the open fields have no result yet."""
    told: dict[str, str] = field(default_factory=dict)
    """Message -> the first text that it is about."""

    def follow(self, story: Any) -> None:
        """Begin with another part; where a field has no end, nothing of it is left out."""
        self.fields.clear()
        self.asking = 0
        opened = 0
        for mark in story.iter("{*}fldChar"):
            if not any(name_of(above) in _CHANGED for above in mark.iterancestors()):
                opened += {"begin": 1, "end": -1}.get(attribute(mark, "fldCharType"), 0)
        self.whole = opened == 0
        if opened:
            self.tell("a field has no end: all of its text is read")

    def lines(self, paragraph: Any) -> list[str]:
        """What a paragraph shows, a string a line; blank lines left out."""
        properties = children(paragraph.find("{*}pPr"))
        style = self.styles.named(value(properties.get("pStyle")) or self.styles.usual)
        text = self._number(properties.get("numPr"), style)
        text += "".join(self.pieces(paragraph, style.hidden))
        return [line for line in text.split("\n") if line.strip()]

    def pieces(self, element: Any, hidden: bool = False) -> Iterator[str]:
        """The texts inside of an element, in their order."""
        for child in element.iterchildren("*"):
            name = name_of(child)
            if name == "r":
                yield from self._run(child, hidden)
            elif name == "AlternateContent":
                yield from self.pieces(alternative(child), hidden)
            elif name in _MATH and "/math" in child.tag:
                yield self._math(name, child)
            elif name == "t" and self._is_shown():
                yield child.text or ""
            elif name not in SKIPPED:
                self._look(name, child)
                yield from self.pieces(child, hidden)

    def tell(self, message: str, text: str = "") -> None:
        self.told.setdefault(message, text)

    # ---- runs

    def _run(self, run: Any, hidden: bool) -> Iterator[str]:
        first = next(run.iterchildren("*"), None)
        properties = children(first) if first is not None and name_of(first) == "rPr" else {}
        if "vanish" in properties:
            hidden = is_on(properties["vanish"])
        elif "rStyle" in properties:
            hidden = hidden or self.styles.named(value(properties["rStyle"])).hidden
        raised = value(properties.get("vertAlign")) == "superscript"
        text = "".join(self._inside(run, _font(properties.get("rFonts"))))
        if any(is_on(properties.get(name)) for name in ("strike", "dstrike")) and text.strip():
            self.tell("text that is struck out is read as it stands", text)
        if text.strip() and not hidden and _is_white_on_white(run, properties):
            self.tell("text that is white on white is read as if it could be seen", text)
        if hidden and text.strip():
            self.tell("hidden text is left out", text)
        elif text and not hidden:
            yield scripts.raised(text) if raised else text

    def _inside(self, run: Any, font: str) -> Iterator[str]:
        for child in run.iterchildren("*"):
            name = name_of(child)
            if name == "fldChar":
                yield self._field(child)
            elif name == "instrText":
                if self.fields and not self.fields[-1].in_result:
                    self.fields[-1].instruction += child.text or ""
            elif self._is_shown():
                yield from self._shown(name, child, font)

    def _shown(self, name: str, child: Any, font: str) -> Iterator[str]:
        if name == "t":
            if self.fields:
                self.fields[-1].shown = True
            yield self._symbols(child.text or "", font)
        elif name == "sym":
            yield self._symbols(_character(attribute(child, "char")), attribute(child, "font"))
        elif name in _PLAIN:
            yield _PLAIN[name]
        elif name not in SKIPPED:
            self._look(name, child)
            inner = alternative(child) if name == "AlternateContent" else child
            yield from self.pieces(inner)

    def _symbols(self, text: str, font: str) -> str:
        shown = symbols.shown(text, font)
        if symbols.UNKNOWN in shown and symbols.UNKNOWN not in text:
            self.tell(f"a symbol of the font {font or '?'} is not known", shown)
        return shown

    def _look(self, name: str, element: Any) -> None:
        """Tell what is shown and is no text."""
        if name == "OLEObject":
            self.tell("an object of another program is put in: it is not read",
                      attribute(element, "ProgID"))  # fmt: skip
        elif name in ("inline", "anchor", "imagedata") and _is_large_picture(name, element):
            self.tell("a large picture is not read")

    def _math(self, name: str, element: Any) -> str:
        """A fraction with its stroke, a power with its raised digits, a root with its sign."""
        parts = ["".join(self.pieces(part)) for part in element.iterchildren("*")]
        if name == "f":
            return "/".join(
                f"({part})" if len(part.split()) > 1 else part for part in parts if part
            )
        if name == "sSup":
            return scripts.raised(parts[-1]).join(("".join(parts[:-1]), ""))
        return "√(" + "".join(parts) + ")"

    # ---- fields

    def _is_shown(self) -> bool:
        return not self.whole or self.asking == 0

    def _field(self, mark: Any) -> str:
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self.fields.append(Field(choice=_choice(mark)))
            self.asking += 1
        elif self.fields and kind == "separate":
            self.asking -= not self.fields[-1].in_result
            self.fields[-1].in_result = True
        elif self.fields and kind == "end":
            closed = self.fields.pop()
            self.asking -= not closed.in_result
            words = closed.instruction.split()
            if words and words[0].upper() in _DRAWN and not closed.in_result:
                self.tell("a field without its result is left out", closed.instruction.strip())
            return closed.choice if self._is_shown() and not closed.shown else ""
        return ""

    # ---- styles and lists

    def _number(self, own: Any, style: Style) -> str:
        """The automatic number of a paragraph: by itself, or by its style."""
        listed, level = ("", "") if own is None else numbered(own)
        if not listed and style.list:
            listed, by = style.list, style.listed_by
            level = level or style.level or str(self.numbering.level_of_style(listed, by))
        return self.numbering.next(listed, number(level)) if listed not in ("", "0") else ""


def alternative(element: Any) -> Any:
    """Which of the alternatives for programs of different age is read: the first, the newest."""
    choice = element.find("{*}Choice")
    found = choice if choice is not None else element.find("{*}Fallback")
    return element if found is None else found


def _is_white_on_white(run: Any, properties: dict[str, Any]) -> bool:
    """Whether text is as white as the paper: nothing around it has a colour of its own."""
    if value(properties.get("color")) not in _WHITE:
        return False
    around = [properties] + [
        children(one.find(f"{{*}}{name_of(one)}Pr")) for one in run.iterancestors("{*}p", "{*}tc")
    ]
    fills = [attribute(one["shd"], "fill") for one in around if "shd" in one]
    return _NO_FILL.issuperset(fills) and "highlight" not in properties


def _font(fonts: Any) -> str:
    return "" if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi")


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return symbols.UNKNOWN


def _choice(mark: Any) -> str:
    """What a box to tick or a list to choose from shows: its state is no text."""
    box, entries = mark.find("{*}ffData/{*}checkBox"), mark.find("{*}ffData/{*}ddList")
    if box is not None:
        state = box.find("{*}checked")
        return _BOXES[is_on(box.find("{*}default") if state is None else state)]
    if entries is None:
        return ""
    listed = [attribute(one, "val") for one in entries.iterchildren("{*}listEntry")]
    chosen = number(child_value(entries, "result") or child_value(entries, "default"))
    return listed[chosen] if chosen < len(listed) else ""


def _is_large_picture(name: str, element: Any) -> bool:
    """Whether a picture is so large that it may well show a form."""
    if name == "imagedata":
        parent = element.getparent()
        sides = [float(side) * 12_700 for side in _SIDES.findall(parent.get("style", ""))]
        in_object = any(name_of(above) == "object" for above in element.iterancestors())
        return len(sides) == 2 and min(sides) >= LARGE and not in_object
    extent = element.find("{*}extent")
    if extent is None or element.find(".//{*}pic") is None:
        return False
    return min(number(attribute(extent, side)) for side in ("cx", "cy")) >= LARGE
