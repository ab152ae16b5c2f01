"""Labels with their values beside them: the head of a form, and what is set aside.

The value of a label is the cell right of it; where a sheet merges nothing (csv), the next
cell with text, for there the empty cells between may be the label's own.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from audit_utils.forms.grid.area import Account, Area, blank, make, text_of
from audit_utils.forms.labels import fold
from audit_utils.forms.vocabulary import Vocabulary
from audit_utils.grid import GridCell
from audit_utils.records import Cell, FormKind

INSIDE = re.compile(r"\s*([^:：]{2,20})[:：]\s*(\S.*)", re.DOTALL)
"""A label and its value in one cell: 项目名称：百岁老人津贴."""
MARK = re.compile(r"[^\s:：]{2,20}[:：]")
"""What may be a label with its colon inside of a text."""
IN_VALUE = "a label stands inside of a value"
YEAR = re.compile(r"[(（]?((?:19|20)\d\d)年?度?[)）]?")
NO_YEAR = re.compile(r"[(]?[_×xX]*年度?[)]?")
YEAR_IN_TITLE = re.compile(r"(?<!\d)((?:19|20)\d\d)年")
MONEY = re.compile(r"[(]?(?:金额|资金)?(?:单位)?:?(?:人民币)?(万元|千元|百万元|亿元|元)[)]?")
"""A unit of money that stands alone: 单位：万元, (元)."""
PARTS = ("head", "fund_columns", "sources", "request", "sides", "aside", "indicator_columns")


def value_of(area: Area, cell: GridCell, words: Vocabulary, kind: FormKind) -> GridCell | None:
    """The cell that holds a label's value, None if the label has none."""
    if area.merged:
        found = area.at(cell.row, cell.right + 1)
    else:
        found, behind = (*area.within(cell.row, cell.right + 1, area.right), None, None)[:2]
        if found and found.column > cell.right + 1 and behind:
            # A text between blanks that has a text of its own behind it may be a label itself.
            found = found if is_label(behind.text, words, kind) else None
    if found is None or found.row != cell.row or is_label(found.text, words, kind):
        return None
    return found


def below_of(
    area: Area, rows: Collection[int], cell: GridCell, words: Vocabulary, kind: FormKind
) -> list[GridCell]:
    """The cells below a label and below no other, empty ones too, down to the next label.

    They stand in some rows, those outside of the indicators.
    """
    found: list[GridCell] = []
    row = cell.bottom + 1
    while row in rows and (below := area.cover.get((row, cell.column))):
        others = area.within(cell.row, cell.column, below.right)
        if below.column != cell.column or any(other != cell for other in others):
            break
        if words.remark(below.text) or is_label(below.text, words, kind):
            break
        found.append(below)
        row = below.bottom + 1
    return found


@lru_cache(maxsize=1 << 14)
def is_label(text: str, words: Vocabulary, kind: FormKind) -> bool:
    """Whether a text is a label of any part of a form outside of its indicators."""
    return any(words.meaning(part, text) for part in (*PARTS, f"objectives.{kind}"))


def read_head(
    area: Area, rows: Sequence[int], words: Vocabulary, kind: FormKind, account: Account
) -> dict[str, Cell]:
    """Column of the table projects -> cell, from the rows outside of the indicators."""
    cells: dict[str, Cell] = {}
    for cell in account.left(area, rows):
        entries = _inside(area, cell, words)
        if not entries and (column := words.meaning("head", cell.text)):
            value = value_of(area, cell, words, kind)
            entries = [
                (column, make(area, [value]) if value else blank(area, cell, cell.right + 1))
            ]
            if value and any(key for *_, key in _marks(value.text, words)):
                account.refuse(IN_VALUE, value)
            account.take(*([value] if value else []))
        for column, entry in entries:
            account.take(cell)
            if column in cells and cells[column].printed != entry.printed:
                account.refuse(f"{column} is printed twice, with different values", cell)
            cells.setdefault(column, entry)
    return cells


def _inside(area: Area, cell: GridCell, words: Vocabulary) -> list[tuple[str, Cell]]:
    """The columns and values of a cell that holds both labels and values."""
    marks = list(_marks(cell.text, words))
    if not marks or cell.text[: marks[0][0]].strip() or words.remark(cell.text):
        return []
    ends = [start for start, *_ in marks[1:]] + [len(cell.text)]
    whole = make(area, [cell])
    return [
        (column, replace(whole, printed=text_of(cell.text[begin:end])))
        for (_, begin, column), end in zip(marks, ends, strict=True)
        if column and (len(marks) > 1 or cell.text[begin:end].strip())
    ]


def _marks(text: str, words: Vocabulary) -> Iterator[tuple[int, int, str]]:
    """Where labels with a colon begin and end in a text, and the column of each: empty for one
    that is set aside.
    """
    for found in MARK.finditer(text):
        printed = found[0][:-1]
        for place in range(len(printed) - 1):
            if column := words.meaning("head", printed[place:]):
                yield found.start() + place, found.end(), column
                break
        else:
            if words.meaning("aside", printed):
                yield found.start(), found.end(), ""


def set_aside(
    area: Area, rows: Sequence[int], words: Vocabulary, kind: FormKind, account: Account
) -> None:
    """Account for titles, years, units, words at the side, notes, and for labels that no
    column of the tables takes, with their values.
    """
    for cell in account.left(area, rows):
        if cell in account.taken:
            continue
        aside = words.meaning("aside", cell.text)
        beside = value_of(area, cell, words, kind) if aside else None
        if beside:
            account.take(cell, beside)
        elif _furniture(cell.text, words) or words.meaning("sides", cell.text):
            account.take(cell)
        elif aside:
            account.take(cell, *below_of(area, rows, cell, words, kind))


def _furniture(text: str, words: Vocabulary) -> bool:
    """Whether a text is a title, a year, a unit of money, a note or who signs."""
    folded = fold(text)
    if words.title(text) or year_alone(text) or words.remark(text) or NO_YEAR.fullmatch(folded):
        return True
    if text_of(text) is None or MONEY.fullmatch(folded):
        return True
    parts = [part for part in re.split(r"\s{2,}|\n", text) if part.strip()]
    return bool(parts) and all(_signed(part, words) for part in parts)


def year_alone(text: str) -> int:
    """The year that is all that a text prints, as 2022年 or (2022), 0 if it is something else."""
    found = YEAR.fullmatch(fold(text))
    return int(found[1]) if found and not fold(text).isdigit() else 0


def printed_year(text: str, words: Vocabulary) -> int | None:
    """The year that a title or a line below it prints."""
    for part in (text, *text.split()):
        folded = fold(part)
        found = YEAR.fullmatch(folded) or (words.title(part) and YEAR_IN_TITLE.search(folded))
        if found:
            return int(found[1])
    return None


def _signed(text: str, words: Vocabulary) -> bool:
    """Whether a text is a label that is set aside, and its value, in one cell."""
    before, colon, _ = fold(text).partition(":")
    return bool(colon and (words.meaning("aside", before) or before in ("单位", "金额单位")))
