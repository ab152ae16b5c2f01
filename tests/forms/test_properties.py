"""Whatever the text: reading ends, and every printed character is accounted for once."""

from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from audit_utils.documents.text import read_lines
from audit_utils.forms.text import read_forms

ROOT = Path(__file__).parents[2]
TEXTS = [
    (ROOT / "data/raw/2022/shanghai-health-inspection.txt").read_text("utf-8").split("\n"),
    (ROOT / "data/raw/2024/songjiang-health-inspection.txt").read_text("utf-8").split("\n"),
]
LINES = sorted({line for text in TEXTS for line in text})


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """A stretch of a real document with lines lost, repeated, cut, or taken from elsewhere."""
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, len(text) - 2))
    lines = text[start : start + draw(st.integers(1, 160))]
    for _ in range(draw(st.integers(0, 6))):
        index = draw(st.integers(0, len(lines) - 1))
        change = draw(st.sampled_from(("drop", "double", "cut", "insert", "numbers")))
        line = lines[index]
        lines[index : index + 1] = {
            "drop": [],
            "double": [line, line],
            "cut": [line[: len(line) // 2]],
            "insert": [line, draw(st.sampled_from(LINES))],
            "numbers": [f"{line} 5 5"],
        }[change] or [""]
    return "\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(damaged_texts())
def test_every_character_of_a_damaged_form_is_accounted_for(text: str) -> None:
    _, problems = read_forms(read_lines(text))
    assert [problem for problem in problems if "accounted" in problem.message] == []


@settings(max_examples=60, deadline=None)
@given(damaged_texts())
def test_no_character_is_in_two_cells_or_invented(text: str) -> None:
    lines = read_lines(text)
    forms, problems = read_forms(lines)
    rows = [row for form in forms for row in (form.head, *form.funds.values(), *form.indicators)]
    merged = ("level1", "level2")  # printed once for many rows
    cells = [cell.printed or "" for row in rows for name, cell in row.items() if name not in merged]
    left = [problem.text for problem in problems if "without weight" not in problem.message]
    held = Counter("".join("".join(cells + left).split()))
    assert not held - Counter("".join(line.text for line in lines))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    forms, _ = read_forms(read_lines(text))
    assert len(forms) <= text.count("项目名称")
