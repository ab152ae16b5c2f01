"""Lines and characters with places: what makes a box, a text, and a doubt about it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import handed
import pytest

from audit_utils.documents import pdf
from audit_utils.documents.pdf.pages import Glyph, Stroke
from audit_utils.documents.pdf.ruling import Lattice, lattices
from audit_utils.documents.pdf.runs import runs
from audit_utils.documents.pdf.writing import BEYOND, CROSSES, OVER, Page, page

SIDES = [Stroke(x, 0, x, 60) for x in (0, 50, 100)]
ROWS = [Stroke(0, y, 100, y) for y in (0, 20, 40, 60)]


def text(said: str, x: float, y: float, *, step: float = 10, size: float = 10) -> list[Glyph]:
    """Characters one after another, each drawn by itself."""
    return [
        Glyph(char, x + step * n, y, x + step * n + size, y + size, int(100 * y) + n)
        for n, char in enumerate(said)
    ]


def shown(glyphs: Iterable[Glyph], strokes: Iterable[Stroke] = (*SIDES, *ROWS)) -> Page:
    return page(glyphs, lattices(strokes))


def written(found: Page) -> list[tuple[tuple[str, ...], str]]:
    """Lines and doubt of each box that has a text or a doubt."""
    return [(one.lines, one.doubt) for one in found.written[0] if one.lines or one.doubt]


# ---- lines


def sizes(found: Sequence[Lattice]) -> list[tuple[int, int]]:
    return [(len(one.ys) - 1, len(one.xs) - 1) for one in found]


def test_dots_make_lines_across_and_down() -> None:
    across = [Stroke(x, y, x + 1, y) for y in (0, 30, 60) for x in range(0, 100, 3)]
    down = [Stroke(x, y, x + 1, y) for x in (0, 50, 99) for y in range(0, 60, 3)]
    assert sizes(lattices([*across, *down])) == [(2, 2)]


def test_dashes_lie_further_apart_than_words_that_are_underlined() -> None:
    dashes = [Stroke(x, y, x + 6, y) for y in (0, 30, 60) for x in range(0, 100, 12)]
    words = [Stroke(3, 15, 46, 15), Stroke(53, 15, 97, 15)]
    assert sizes(lattices([*dashes, *SIDES, *words])) == [(2, 2)]


def test_lines_that_reach_a_little_further_make_no_row() -> None:
    sides = [Stroke(0, -5, 0, 60), Stroke(50, -3, 50, 60), Stroke(100, -1, 100, 64)]
    assert sizes(lattices([*sides, *ROWS])) == [(3, 2)]


def test_tables_do_not_share_their_columns() -> None:
    below = [Stroke(x, 100, x, 140) for x in (0, 46.5, 100)]
    below += [Stroke(0, y, 100, y) for y in (100, 140)] + [Stroke(46.8, 120, 100, 120)]
    found = lattices([*SIDES, *ROWS, *below])
    assert [len(one.boxes) for one in found] == [6, 3]


def test_a_part_of_a_row_has_lines_at_its_sides_only() -> None:
    (before,) = lattices([*SIDES, *ROWS])
    assert sizes(lattices(SIDES, before)) == [(1, 2)]
    assert lattices(SIDES) == []
    assert lattices([*SIDES, Stroke(70, 0, 70, 60)], before) == []


# ---- texts


@pytest.mark.parametrize(
    ("gap", "expected"), [(0, "甲AB乙"), (3, "甲AB乙"), (-1, "甲AB乙")], ids=str
)
def test_letters_apart_are_no_words(gap: float, expected: str) -> None:
    (run,) = runs(text("甲AB乙", 0, 0, step=10 + gap), ())
    assert run.text == expected


def test_latin_words_are_parted_by_a_wider_gap() -> None:
    (run,) = runs([*text("ABC", 0, 0), *text("DE", 33, 0)], ())
    assert run.text == "ABC DE"


@pytest.mark.parametrize(("way", "order"), [(90, 1), (270, -1)], ids=["upwards", "downwards"])
def test_a_text_on_its_side(way: int, order: int) -> None:
    said = "绩效指标"[::-order]
    side = [Glyph(char, 5, 10.0 * n, 15, 10.0 * n + 10, n, way) for n, char in enumerate(said)]
    found = shown(side[::-order], [*SIDES, Stroke(0, 0, 100, 0), Stroke(0, 60, 100, 60)])
    assert written(found) == [(("绩效指标",), "")]


def test_a_slanted_text_is_no_part_of_a_table() -> None:
    mark = [Glyph(char, 20.0 * n, 15.0 * n, 20.0 * n + 20, 15.0 * n + 20, 9, None)
            for n, char in enumerate("公示")]  # fmt: skip
    found = shown([*mark, *text("产出", 5, 5)])
    assert written(found) == [(("产出",), "")]
    assert (found.outside, found.beside, found.flanked) == ((), ("公示",), False)


def test_a_line_below_a_table_ends_the_text_of_its_last_row() -> None:
    label = [*text("服务对象", 3, 48), *text("满意度", 3, 62), *text("注：无", 3, 90)]
    found = shown(label)
    assert written(found) == [(("服务对象", "满意度"), "")]
    assert [line for _, line in found.outside] == ["注：无"]


# ---- doubts


@pytest.mark.parametrize(("glyphs", "doubt"), [
    (text("金额一万二千", 5, 5), CROSSES),
    ([*text("甲乙", 5, 5), *text("公章", 12, 6)], OVER),
    ([*text("甲乙丙丁", 10, 5), *[g._replace(drawn=7) for g in text("五", 50, 5)]], CROSSES),
], ids=["over the side", "one over another", "touching at the side"])  # fmt: skip
def test_doubts(glyphs: list[Glyph], doubt: str) -> None:
    assert doubt in {doubt for _, doubt in written(shown(glyphs))}


def test_a_cell_that_the_page_cuts_off() -> None:
    found = page(text("甲", 5, 5), lattices([*SIDES, *ROWS]), (-10.0, -10.0, 80.0, 70.0))
    assert written(found) == [(("甲",), ""), *[((), BEYOND)] * 3]


def test_a_hyphen_at_the_end_of_a_line_is_kept() -> None:
    content = handed.text_at(60, 50, "NB-") + handed.text_at(60, 38, "IoT 80%-")
    grid, _, _ = pdf.read(handed.pdf(content + handed.text_at(60, 26, "90%")), Path("x.pdf"))
    assert [quote.text for quote in grid.after] == ["NB-", "IoT 80%-", "90%"]
