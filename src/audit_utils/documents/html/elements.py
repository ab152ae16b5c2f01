"""html -> its elements, nested as browsers nest them, whatever tags were forgotten.

Of HTML's rules for trees those are kept that decide which text stands in which cell: a cell,
a row or a part of a table ends what is open in the one before; what stands in a table but in
no cell belongs in front of the table; a form among the rows is no element at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Union

from audit_utils.documents import limits

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "nobr", "o:p", "optgroup", "option", "q", "s",
    "samp", "select", "small", "span", "strike", "strong", "sub", "sup", "textarea", "tt", "u",
    "var", "wbr",
})  # fmt: skip
"""Elements that do not begin a line."""
SECTIONS = ("thead", "tbody", "tfoot")
CELLS = ("td", "th")
_EMPTY = frozenset({
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_BETWEEN = frozenset({"table", "tr", *SECTIONS})
"""What holds rows and cells, and no text."""
_FENCES = frozenset({"table", "caption", *CELLS})
"""No tag closes anything beyond these, but those of the table itself."""
_ABOVE = {"tr": SECTIONS, "td": ("tr",), "th": ("tr",)}
"""Parts of a table and what they stand in; all others stand in the table itself."""
_PARTS = frozenset({"caption", "colgroup", "col", *SECTIONS, *_ABOVE})
_ALIKE = {"li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "option": {"option"}}
"""Elements that end the one before, within their list."""
_LISTS = frozenset({"ul", "ol", "dl", "select"})
_BESIDE_P = INLINE | {"script", "style", "template", "noscript"}
"""Elements that may stand in a paragraph; any other ends it."""
_DEEPEST = 500


@dataclass(slots=True)
class Element:
    """An element with what it holds in its order; `cut` if the file breaks off inside of it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[Union["Element", str]] = field(default_factory=list)
    cut: bool = False

    def children(self, *names: str) -> Iterator["Element"]:
        """The elements of these names right inside of it."""
        return (one for one in self.content if isinstance(one, Element) and one.name in names)


def parse(text: str, path: Path) -> Element:
    """The root of a page.

    It is `cut` where the file breaks off inside of a tag, or a page that has begun does not
    end; so is each table that is open there.  AuditError: elements nested too deep.
    """
    builder = _Builder(path)
    builder.feed(text)
    inside_a_tag = builder.rawdata.startswith("<") or builder.cdata_elem is not None
    if not inside_a_tag:
        builder.close()  # it enters the rest as text; half a tag is none
    root = builder.open[0]
    if inside_a_tag or not builder.ended:
        root.cut = inside_a_tag or builder.begun
        for element in builder.open:
            element.cut |= element.name == "table"
    return root


class _Builder(HTMLParser):
    """`open` are the elements that have not ended yet, from the root inwards."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("html")]
        self.begun = self.ended = False
        self._path = path

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # in html a slash does not end an element

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if tag in ("html", "body"):
            self.begun = True
        elif tag in _PARTS:
            self._add_part(tag, attributes)
        elif tag != "form" or self.open[-1].name not in _BETWEEN:
            while tag == "table" and self._part() in _BETWEEN:
                self._end_part("table")
            if tag not in _BESIDE_P:
                self._end({"p"}, _FENCES.__contains__)
            self._end(_ALIKE.get(tag, set()), (_FENCES | _LISTS).__contains__)
            self._add(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("html", "body"):
            self.ended = True
        elif tag in _PARTS or tag == "table":
            self._end_part(tag)
        elif tag in INLINE:  # it ends no block
            self._end({tag}, lambda name: name not in INLINE)
        elif not self._end({tag}, _FENCES.__contains__) and tag in ("p", "br"):
            self._add(tag, {})

    def handle_data(self, data: str) -> None:
        if self.open[-1].name not in _BETWEEN or data.strip():
            self._put(data)

    def _put(self, item: Element | str) -> None:
        """Enter what is no part of a table: among rows and cells, it moves before the table."""
        if self.open[-1].name in _BETWEEN:
            place = max(n for n, one in enumerate(self.open) if one.name == "table")
            self.open[place - 1].content.insert(-1, item)
        else:
            self.open[-1].content.append(item)

    def _add(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes)
        if tag in _PARTS:
            self.open[-1].content.append(element)
        else:
            self._put(element)
        if tag not in _EMPTY:
            self.open.append(element)
            unit = "levels of elements inside one another"
            limits.check(len(self.open), _DEEPEST, unit, self._path)

    def _add_part(self, tag: str, attributes: dict[str, str]) -> None:
        """A part of the innermost table: it ends what is open in the part before."""
        if not self._part():
            return
        above = _ABOVE.get(tag, ())
        while self.open[-1].name not in ("table", *above, *(SECTIONS if above else ())):
            self.open.pop()
        if above and self.open[-1].name not in above:
            self._add_part("tr" if tag in CELLS else "tbody", {})
        self._add(tag, attributes)

    def _part(self) -> str:
        """The innermost open part of a table, or nothing outside of all tables."""
        names = _BETWEEN | _FENCES
        return next((one.name for one in reversed(self.open) if one.name in names), "")

    def _end_part(self, tag: str) -> None:
        """End the innermost table, or a part of it, with all that is open inside."""
        self._end({tag}, lambda name: name == "table")

    def _end(self, names: set[str], barred: Callable[[str], bool]) -> bool:
        """End the nearest open element of these names, unless one that bars it is nearer."""
        for place in range(len(self.open) - 1, 0, -1):
            name = self.open[place].name
            if name in names:
                del self.open[place:]
                return True
            if barred(name):
                break
        return False
