"""What the conditions of a rule come to in one row, in words and with its numbers."""

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from audit_utils import comparison
from audit_utils.expectations import attainment, working
from audit_utils.expectations.attainment import SIGNS
from audit_utils.expectations.conditions import Condition, Reader, exact
from audit_utils.expectations.frame import Frame, with_text
from audit_utils.language import _
from audit_utils.precision import EXACT

_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, "=": operator.eq,
    "!=": operator.ne, ">=": operator.ge, ">": operator.gt,
}  # fmt: skip

_KINDS = {"quantity": "数量", "range": "区间", "date": "日期", "word": "文字", "empty": "空"}


def seen(condition: Condition, reader: Reader, row: int) -> Iterator[str]:
    """A line for each part of a condition: what it asks for, and what the row has."""
    for column, relation, *rest in parts(condition):
        if column == "attainment":
            yield attainment.attained(reader.frame, row)
        elif column == "comparability":
            yield from _comparability(reader.frame, row)
        elif relation == "filled":
            yield _filling(reader.frame, column, row)
        elif relation in _HOLDS and _is_number(reader.frame, column):
            yield from _comparison(reader, row, column, relation, rest[0])
        elif relation in _HOLDS:
            yield _same(reader.frame, row, column, rest[0])
        else:
            yield _kind(reader.frame, column, row)


def parts(condition: Condition) -> Iterator[list[Any]]:
    """The conditions that a condition is put together from."""
    if isinstance(condition, list):
        yield condition
        return
    for together in condition.values():
        for part in together:
            yield from parts(part)


def tells(part: list[Any]) -> bool:
    """True for a part of `where` that a reader wants to see: a target, or two numbers."""
    return part[0] == "attainment" or part[1] == "=" or isinstance(part[-1], str)


def _is_number(frame: Frame, column: str) -> bool:
    return column in comparison.COLUMNS or frame.kind(column) != "string"


def _comparison(
    reader: Reader, row: int, column: str, relation: str, other: str | float
) -> Iterator[str]:
    """Two numbers: whether the second, another cell, bounds the first; or just how they are."""
    frame, value = reader.frame, reader.frame.number(column, row)
    limit = frame.number(other, row) if isinstance(other, str) else exact(other)
    if value is None or limit is None:
        return
    times = Decimal(1) if reader.times is None else reader.times
    due = EXACT.multiply(limit, times)
    left = f"{frame.label(column)} {_with_unit(frame, column, value, row)}"
    fact = working.fact(value, due)
    if not isinstance(other, str):
        yield f"{frame.label(column)} {fact}"
        return
    right = f"{frame.label(other)} {_with_unit(frame, other, limit, row)}"
    if times != 1:
        numbers = f"{working.number(limit)} × {working.number(times)}"
        yield _("{limit}的 {times} 倍：{equation}", limit=right, times=working.number(times),
                equation=working.equation(numbers, working.number(due)))  # fmt: skip
        right = _with_unit(frame, other, due, row)
    verdict = _("成立") if _HOLDS[relation](value, due) else ""
    yield working.asked(left, SIGNS[relation], right, fact, verdict)


def apart(frame: Frame, column: str, difference: Decimal, row: int) -> str:
    """How far a number is from what it should be, with its unit."""
    if column in comparison.COLUMNS:
        return working.by(difference, unit=attainment.value(frame, "target_unit", row) or "")
    return working.by(difference, frame.kind(column))


def _with_unit(frame: Frame, column: str, value: Decimal, row: int) -> str:
    unit = attainment.value(frame, "target_unit", row) if column in comparison.COLUMNS else None
    return working.with_unit(working.number(value), unit)


def _comparability(frame: Frame, row: int) -> Iterator[str]:
    """What kinds of values a target and its actual value are, and whether they compare."""
    kinds = [_kind(frame, f"{side}_kind", row) for side in ("target", "actual")]
    values = {attainment.value(frame, f"{side}_kind", row) for side in ("target", "actual")}
    if values <= {"quantity", "range"}:
        kinds += [_kind(frame, f"{side}_unit", row) for side in ("target", "actual")]
    yield from kinds
    yield _("能否比较：{why}", why=attainment.why(frame, row))


def _filling(frame: Frame, column: str, row: int) -> str:
    text = frame.text(column, row)
    if text is None:
        return working.nothing_printed(frame.label(column))
    return _("{cell}等于未填", cell=with_text(frame.label(column), text))


def _same(frame: Frame, row: int, column: str, other: str) -> str:
    """Two texts side by side."""
    texts = [frame.column(path)[row].as_py() for path in (column, other)]
    left, right = (with_text(frame.label(path), text)
                   for path, text in zip((column, other), texts, strict=True))  # fmt: skip
    if texts[0] == texts[1]:
        return _("{left}与{right}相同", left=left, right=right)
    return _("{left}与{right}不同", left=left, right=right)


def _kind(frame: Frame, column: str, row: int) -> str:
    """What kind of value a row has."""
    value = frame.column(column)[row].as_py()
    if value in _KINDS:
        return _("{name}：{kind}", name=frame.label(column), kind=_(_KINDS[value]))
    return with_text(frame.label(column), value)
