"""Shapes and words on a canvas, drawn by matplotlib, as SVG that takes its look from the page.

matplotlib lays out and writes; colours, fonts and sizes are classes in `page/style.css`, so
that a figure follows the page into the dark, into print, and into the reader's font.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from audit_utils.report import fonts, text

WIDTH = 360.0
"""Of every drawing, in pixels: that of a narrow screen, so that words stay readable there."""

SIZE, SMALL = 12.0, 11.0
"""Of words in pixels, as in `page/style.css`: labels and values, and what is muted."""

_STAND_IN = "〓"
"""Drawn for a character that the font lacks, while matplotlib lays out."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "audit-utils",
    "text.parse_math": False,
    "font.enable_last_resort": False,  # nothing is missing, see _known
}
_SVG = "http://www.w3.org/2000/svg"
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `look` names its class, y grows downwards.  All of one look are one path."""

    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text hanging on the point (x, y) of its baseline by its start, middle or end."""

    x: float
    y: float
    text: str
    look: str = "label"
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes, in the order in which their looks are painted, and words above them."""

    height: float
    boxes: Sequence[Box]
    words: Sequence[Word]


def svg(drawing: Drawing, name: str, title: str, described: str) -> str:
    """The drawing as an element of a page, with words for its picture; `name` is its id there."""
    looks = list(dict.fromkeys(box.look for box in drawing.boxes))
    paths = [_path(box for box in drawing.boxes if box.look == look) for look in looks]
    with matplotlib.rc_context(_STYLE):
        drawn = ElementTree.fromstring(_draw(drawing, paths))  # noqa: S314  # drawn just now
    root = ElementTree.Element(
        "svg",
        {
            "viewBox": f"0 0 {WIDTH:g} {drawing.height:g}",
            "role": "img",
            "aria-labelledby": f"{name}-t {name}-d",
        },
    )
    for tag, words in (("title", title), ("desc", described)):
        ElementTree.SubElement(root, tag, {"id": f"{name}-{tag[0]}"}).text = _clean(words)
    for element, look in zip(drawn.iter(f"{{{_SVG}}}path"), looks, strict=True):
        ElementTree.SubElement(root, "path", {"class": look, "d": _plain(element.attrib["d"])})
    for element, word in zip(drawn.iter(f"{{{_SVG}}}text"), drawing.words, strict=True):
        place = {"class": _classes(word), "x": element.attrib["x"], "y": element.attrib["y"]}
        ElementTree.SubElement(root, "text", place).text = _clean(word.text)
    return ElementTree.tostring(root, encoding="unicode")


def _draw(drawing: Drawing, paths: Iterable[Path]) -> str:
    """What matplotlib makes of it; without axes, that take most of its time."""
    figure = Figure((WIDTH / 72, drawing.height / 72), dpi=72)
    figure.patch.set_visible(False)
    downwards = Affine2D().scale(1, -1).translate(0, drawing.height)
    for path in paths:
        figure.add_artist(PathPatch(path, transform=downwards, linewidth=0))
    for word in drawing.words:
        figure.text(
            word.x,
            word.y,
            _known(word.text),
            transform=downwards,
            font=_font(SMALL if word.look == "note" else SIZE),
            horizontalalignment=_ANCHORS[word.anchor],
        )
    stream = StringIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _font(size: float) -> FontProperties:
    return FontProperties(fname=fonts.PATH, size=size)


def _known(printed: str) -> str:
    """Something for each word: matplotlib leaves out an empty one."""
    return "".join(_STAND_IN if fonts.lacks(one) else one for one in _clean(printed)) or " "


def _clean(printed: str) -> str:
    """One line, and nothing in it that cannot be seen."""
    return text.visible(" ".join(printed.split()))


def _path(boxes: Iterable[Box]) -> Path:
    return Path.make_compound_path(*map(_rectangle, boxes))


def _rectangle(box: Box) -> Path:
    right, bottom = box.x + box.width, box.y + box.height
    corners = [(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom), (box.x, box.y)]
    return Path(corners, closed=True)


def _plain(path: str) -> str:
    return "".join(_steps(path.split()))


def _steps(parts: Sequence[str]) -> Iterator[str]:
    """Numbers to a tenth of a hundredth of a pixel, and no more space than they need."""
    for before, part in zip(["M", *parts], parts, strict=False):
        if part.isalpha():
            yield part
        else:
            yield ("" if before.isalpha() else " ") + f"{round(float(part), 2):g}"


def _classes(word: Word) -> str:
    return word.look if word.anchor == "start" else f"{word.look} {word.anchor}"
