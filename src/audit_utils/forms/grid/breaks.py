"""What a page break cuts: the two parts of a row, of a merged cell, of the table's head.

A merged cell prints its text once, on one of its pages; its part on the other is an empty
box.  A row that is cut prints its numbers on one page only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from audit_utils import values
from audit_utils.forms.grid.area import Account, Area, text_of
from audit_utils.forms.grid.extents import head_row
from audit_utils.forms.grid.heading import Heading, find_headings
from audit_utils.forms.labels import fold, label
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell

VALUES = ("name", "target", "actual", "weight", "score", "deviation_reason")
NUMBERS = ("weight", "score")
"""Columns of one line: a cut row prints them on one page, two rows may print them on both."""
SETTLING = (*NUMBERS, "target")
"""Columns that every row fills: the first of them that is filled tells a cut row."""

LONG = 20
"""A text that is longer is no number."""

Pair = tuple[GridCell, GridCell]


@dataclass(frozen=True, slots=True)
class Break:
    """A page break inside an area: the row above it and the row below it."""

    above: int
    below: int


def mend(area: Area, words: Vocabulary, account: Account) -> Area:
    """The area with the cells whole that page breaks have cut, and repeated heads left out."""
    area = _without_repeats(area, words)
    breaks = breaks_of(area)
    for place in breaks:
        pairs = list(_pairs(area, place))
        headings = find_headings(area, words)
        if _head_is_cut(area, _joined(area, pairs), place, words):
            area = _joined(area, pairs)
        elif headings and place.above > headings[0].bottom:
            area = _joined(area, _cut(area, place, breaks, pairs, headings[0], words, account))
        elif _goes_on(area, place, pairs, words):
            area = _joined(area, pairs)
        else:
            area = _joined(area, [p for p in pairs if _one_side(p) or _split_label(p, words)])
    return area


def breaks_of(area: Area) -> list[Break]:
    """The page breaks inside an area."""
    return [
        Break(above, below)
        for above, below in pairwise(sorted(area.pages))
        if area.pages[above] != area.pages[below]
    ]


def _pairs(area: Area, place: Break) -> Iterator[Pair]:
    """Cells of the same columns that end above and begin below a break, empty ones too."""
    for column in range(1, area.right + 1):
        upper = area.cover.get((place.above, column))
        lower = area.cover.get((place.below, column))
        if not upper or not lower or upper == lower:
            continue
        if upper.column == lower.column == column and upper.right == lower.right:
            yield upper, lower


def _one_side(pair: Pair) -> bool:
    """Whether a merged cell prints its text on one side of a break only."""
    upper, lower = pair
    return not (upper.text.strip() and lower.text.strip()) and upper.rows + lower.rows > 2


def _goes_on(area: Area, place: Break, pairs: Sequence[Pair], words: Vocabulary) -> bool:
    """Whether the row below a break is the rest of a row of labels and values above it.

    It has no label of its own, its texts stand below cells of that row and below none of its
    labels, and no two numbers would become one.
    """
    below = area.starting.get(place.below, ())
    lower = {pair[1] for pair in pairs}
    if not below or any(_is_known(cell.text, words) or cell not in lower for cell in below):
        return False
    return not any(
        _is_known(upper.text, words) or (_is_number(upper.text) and _is_number(cell.text))
        for upper, cell in pairs
        if upper.text.strip() and cell.text.strip()
    )


def _is_number(text: str) -> bool:
    return len(text) < LONG and values.number(text) is not None


def _is_known(text: str, words: Vocabulary) -> bool:
    """Whether a text is a label in any part of a form, or its title."""
    return bool(words.title(text)) or any(words.meaning(part, text) for part in words.parts)


def _joined(area: Area, pairs: Sequence[Pair]) -> Area:
    """The area with each pair as one cell."""
    whole = {
        upper: replace(
            upper,
            text="\n".join(text for text in (upper.text, lower.text) if text.strip()),
            rows=lower.bottom - upper.row + 1,
            address="+".join(c.address for c in (upper, lower) if c.text.strip() and c.address)
            or upper.address,
        )
        for upper, lower in pairs
    }
    gone = {lower for _, lower in pairs}
    return Area(tuple(whole.get(cell, cell) for cell in area.cells if cell not in gone))


# --- the head --------------------------------------------------------------------------


def _head_is_cut(area: Area, whole: Area, place: Break, words: Vocabulary) -> bool:
    """Whether the rows above and below a break are the head of the indicators together.

    Joined they show more of its labels than either of them; or all of it stands above, and
    below is only the rest of its boxes.
    """
    if not head_row(whole, place.above, words):
        return False
    parts = [_known(area, row, words) for row in (place.above, place.below)]
    heading = next(h for h in find_headings(whole, words) if h.top <= place.above <= h.bottom)
    below = [c for c in area.starting.get(place.below, ()) if c.column >= heading.left]
    return _known(whole, place.above, words) > max(parts) or not below


def _known(area: Area, row: int, words: Vocabulary) -> int:
    cells = area.starting.get(row, ())
    return sum(bool(words.meaning("indicator_columns", cell.text)) for cell in cells)


def _without_repeats(area: Area, words: Vocabulary) -> Area:
    """The area without the heads that later pages repeat; they account for themselves."""
    headings = find_headings(area, words)
    for heading in reversed(headings[1:]):
        sides = {_side(area, h) for h in (heading, headings[0])}
        if area.pages[heading.top] != area.pages[headings[0].top]:
            sides.discard("")
        if _labels(heading) == _labels(headings[0]) and len(sides) < 2:
            area = without_rows(area, heading.top, heading.bottom)
    return area


def _labels(heading: Heading) -> list[tuple[str, int, int]]:
    return [(column.key, column.first, column.last) for column in heading.columns]


def _side(area: Area, heading: Heading) -> str:
    """What stands left of a head: 长期绩效指标 and 年度绩效指标 are two tables."""
    cell = area.at(heading.top, heading.left - 1)
    return label(cell.text).key.rstrip("0123456789一二三四五") if cell else ""


def without_rows(area: Area, top: int, bottom: int) -> Area:
    """The area without the cells of some rows; a cell that spans them gets shorter."""
    height = bottom - top + 1
    kept = []
    for cell in area.cells:
        inside = max(0, min(cell.bottom, bottom) - max(cell.row, top) + 1)
        if inside == cell.rows:
            continue
        row = cell.row - height if cell.row > bottom else min(cell.row, top)
        kept.append(replace(cell, row=row, rows=cell.rows - inside))
    return Area(tuple(kept))


# --- the indicators --------------------------------------------------------------------


def _cut(
    area: Area,
    place: Break,
    breaks: Sequence[Break],
    pairs: Sequence[Pair],
    heading: Heading,
    words: Vocabulary,
    account: Account,
) -> list[Pair]:
    """The pairs at a break that are one cell each."""
    if _row_is_cut(area, place, breaks, heading, account):
        return list(pairs)
    data = {column.first for key in VALUES if (column := heading.column(key))}
    chosen = []
    for pair in pairs:
        upper, lower = pair
        if upper.column in data:
            continue
        both = upper.text.strip() and lower.text.strip()
        if _split_label(pair, words) if both else _is_merged(area, pair, heading.bottom):
            chosen.append(pair)
    return chosen


def _row_is_cut(
    area: Area, place: Break, breaks: Sequence[Break], heading: Heading, account: Account
) -> bool:
    """Whether the row below a break is the rest of the row above it.

    The column that all other rows fill is filled on one side only.
    """
    above, below = (_filled(area, row, heading) for row in (place.above, place.below))
    settling = [key for key in SETTLING if heading.column(key)]
    if not above or not below or not settling:
        return False
    at_breaks = {row for other in breaks for row in (other.above, other.below)}
    others = [
        _filled(area, row, heading)
        for row in range(heading.bottom + 1, area.bottom + 1)
        if row not in at_breaks
    ]
    if any(key in above and key in below for key in NUMBERS):
        return False
    if _is_torn(area, place, heading):
        return True
    for key in settling:
        if key in above and key in below:
            return False
        if (key in above) != (key in below):
            if all(key in filled for filled in others if "name" in filled):
                return True
            cell = area.starting.get(place.below, area.starting.get(place.above, area.cells))[0]
            account.refuse("a row at a page break may be one row or two", cell)
            return False
    return False


def _is_torn(area: Area, place: Break, heading: Heading) -> bool:
    """Whether a bracket or a number opens above a break and is closed below it."""
    for key in ("name", "target"):
        if column := heading.column(key):
            upper, lower = (area.at(row, column.first) for row in (place.above, place.below))
            if upper and lower and upper != lower and _torn(upper.text, lower.text):
                return True
    return False


def _torn(upper: str, lower: str) -> bool:
    whole = text_of(f"{upper}\n{lower}")
    brackets = fold(upper).count("(") > fold(upper).count(")")
    number = values.misprinted(text_of(upper)) and not values.misprinted(whole)
    return number or (brackets and fold(lower).count(")") > fold(lower).count("("))


def _filled(area: Area, row: int, heading: Heading) -> set[str]:
    """The columns of values in which some text starts in a row."""
    starts = area.starting.get(row, ())
    return {
        column.key
        for column in heading.columns
        if column.key in VALUES
        and any(column.first <= cell.column <= column.last for cell in starts)
    }


def _split_label(pair: Pair, words: Vocabulary) -> bool:
    """Whether two texts are the beginning and the end of one label."""
    upper, lower = pair
    if not (upper.text.strip() and lower.text.strip()):
        return False
    parts = ("level1", "level2", "sides")

    def known(text: str) -> bool:
        return any(words.meaning(part, text) for part in parts)

    return known(upper.text + lower.text) and not (known(upper.text) and known(lower.text))


def _is_merged(area: Area, pair: Pair, top: int) -> bool:
    """Whether the empty one of two boxes is the other part of a merged cell.

    It is, unless the column repeats no label and shows an empty box in every row: then an
    empty box goes on with the label above it.
    """
    upper, lower = pair
    if upper.text.strip() or not lower.text.strip():
        return True
    return not any(
        cell.column == upper.column
        and not cell.text.strip()
        and cell.row > top + 1
        and area.pages.get(cell.row - 1) == cell.page
        and area.pages.get(cell.bottom + 1, cell.page) == cell.page
        for cell in area.cells
    )
