"""Targets and what was reached, side by side.

Pure functions over the target_* and actual_* columns of indicators: how a target and its
actual value can be compared, both numbers in the unit of the target, whether the target is
missed, and the points that are due for a missed one.  Nothing here is a verdict of a rule.
"""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from audit_utils.dictionary import Column
from audit_utils.precision import EXACT

Bools = npt.NDArray[np.bool_]

Comparability = Literal[
    "same_unit", "unit_taken", "zero", "dates", "words", "nothing_done",
    "other_unit", "unit_per_period", "number_for_words", "words_for_number", "other_kind",
]  # fmt: skip

WHY: dict[str, str] = {
    "same_unit": "单位相同",
    "unit_taken": "一方未写单位，按另一方的单位计",
    "zero": "0 不需要单位",
    "dates": "均为日期",
    "words": "以文字回答",
    "nothing_done": "以 0 回答，即未完成",
    "other_unit": "单位不同",
    "unit_per_period": "按期计的单位不能由另一方推定",
    "number_for_words": "以数量回答文字",
    "words_for_number": "以文字回答数量",
    "other_kind": "不是同一类值",
}
"""Each way in which a target and its actual value can or cannot be compared."""

NUMBER = pa.decimal256(48, 16)
"""Holds every number of the tables, times or divided by 10^8, exactly."""

COLUMNS = {
    column.name: column
    for column in (
        Column("comparability", "string", "", f"how both compare: {', '.join(WHY)}", "可比性"),
        Column("attainment", "string", "", "met, missed or worded (words, for people to judge); "
               "null when both cannot be compared", "完成情况"),
        Column("target_compared", "number", "", "the target (of a range its lower end), null "
               "unless both are comparable numbers", "指标值"),
        Column("actual_compared", "number", "", "the actual value in the unit of the target",
               "实际完成值"),
    )
}  # fmt: skip
"""The columns that `compare` adds to those of the indicators."""

_SCALES = {"亿": 8, "千万": 7, "百万": 6, "万": 4, "千": 3, "": 0}
_SCALED = re.compile(rf"({'|'.join(_SCALES)})(.*)", re.DOTALL)
_PER_PERIOD = re.compile(
    r".*/\d*(?:个)?(?:年|半年|年度|季|季度|月|旬|周|星期|日|天|小时|时|学期|期)"
)


def compare(rows: pa.Table) -> pa.Table:
    """The COLUMNS for these rows of the indicators; exact, in whole columns."""
    comparability, shift = _relations(rows)
    numeric = _is_in(comparability, "same_unit", "unit_taken", "zero")
    target = _only(rows["target_value"], numeric)
    actual = _shifted(_only(rows["actual_value"], numeric), shift)
    return pa.table(
        {
            "comparability": comparability,
            "attainment": _attainment(rows, comparability, target, actual),
            "target_compared": target,
            "actual_compared": actual,
        }
    )


# --- how they compare -------------------------------------------------------------------


def relation(
    target_kind: str | None,
    actual_kind: str | None,
    target_unit: str | None,
    actual_unit: str | None,
    *,
    target_zero: bool = False,
    actual_zero: bool = False,
) -> tuple[Comparability | None, int]:
    """How a target and an actual value compare, None when one of them is empty.

    The number tells by which power of ten the actual value comes into the target's unit.
    """
    if {target_kind, actual_kind} & {None, "empty"}:
        return None, 0
    if target_kind in ("quantity", "range") and actual_kind == "quantity":
        if (target_zero and not target_unit) or (actual_zero and not actual_unit):
            return "zero", 0
        return _units(target_unit or "", actual_unit or "")
    if target_kind == actual_kind == "date":
        return "dates", 0
    if target_kind in ("word", "date"):
        if actual_kind == "word":
            return "words", 0
        if actual_kind == "quantity" and actual_zero and not actual_unit:
            return "nothing_done", 0
    if target_kind == "word" and actual_kind == "quantity":
        return "number_for_words", 0
    if target_kind in ("quantity", "range") and actual_kind == "word":
        return "words_for_number", 0
    return "other_kind", 0


def _units(target: str, actual: str) -> tuple[Comparability, int]:
    """Two units: 元 and 万元 convert, a missing one is the other's, with its 万."""
    if target == actual:
        return "same_unit", 0
    (target_scale, target_base), (actual_scale, actual_base) = _scaled(target), _scaled(actual)
    shift = actual_scale - target_scale if target and actual else 0
    if target_base == actual_base and target and actual:
        return "same_unit", shift
    if target_base and actual_base:
        return "other_unit", 0
    if _PER_PERIOD.fullmatch(target or actual):
        return "unit_per_period", 0
    return "unit_taken", shift


@lru_cache(maxsize=4096)
def _scaled(unit: str) -> tuple[int, str]:
    """`万元` -> 4, 元; `‰` is a tenth of %."""
    if unit == "‰":
        return -1, "%"
    found = _SCALED.fullmatch(unit)
    return (_SCALES[found[1]], found[2]) if found else (0, unit)


_RELATION = ("target_kind", "actual_kind", "target_unit", "actual_unit")


def _relations(rows: pa.Table) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """comparability and shift of each row; each combination that occurs is looked at once."""
    zeros = [_true(pc.equal(rows[column], 0)) for column in ("target_value", "actual_value")]
    columns = [_combined(rows[column]).dictionary_encode("encode") for column in _RELATION]
    key = zeros[0].astype(np.int64) * 2 + zeros[1]
    for column in columns:
        key = key * (len(column.dictionary) + 1) + column.indices.to_numpy()
    _, first, like = np.unique(key, return_index=True, return_inverse=True)
    cells = zip(
        *(column.take(pa.array(first)).to_pylist() for column in columns),
        *(zero[first].tolist() for zero in zeros),
        strict=True,
    )
    found = [
        relation(*kinds_and_units, target_zero=target_zero, actual_zero=actual_zero)
        for *kinds_and_units, target_zero, actual_zero in cells
    ]
    names = pa.array([name for name, _ in found], pa.string())
    shifts = np.array([shift for _, shift in found], np.int64)
    return names.take(pa.array(like)), shifts[like]


# --- numbers, and what they say ---------------------------------------------------------


def _only(numbers: pa.ChunkedArray, chosen: Bools) -> pa.Array:
    return pc.if_else(pa.array(chosen), _combined(numbers), None).cast(NUMBER)


def _shifted(numbers: pa.Array, shift: npt.NDArray[np.int64]) -> pa.Array:
    """The numbers times ten to the `shift`; hardly any row has one."""
    for power in np.unique(shift[shift != 0]).tolist():
        rows = shift == power
        scaled = [
            None if number is None else number.scaleb(power, EXACT)
            for number in numbers.filter(pa.array(rows)).to_pylist()
        ]
        numbers = pc.replace_with_mask(numbers, pa.array(rows), pa.array(scaled, NUMBER))
    return numbers


def _attainment(
    rows: pa.Table, comparability: pa.Array, target: pa.Array, actual: pa.Array
) -> pa.Array:
    """Whether each target is met or missed: null where that cannot be told."""
    operator = _combined(rows["target_operator"])
    ceiling, strict = _is_in(operator, "<=", "<"), _is_in(operator, ">", "<")
    over, under = _true(pc.greater(actual, target)), _true(pc.less(actual, target))
    equal = _true(pc.equal(actual, target))
    missed = np.where(ceiling, over, under) | (strict & equal)
    day, deadline = rows["actual_value"], rows["target_value"]
    dated = _is_in(comparability, "dates") & _true(pc.is_valid(pc.add(day, deadline)))
    late = dated & _true(pc.greater(day, deadline))
    words = _is_in(comparability, "words")
    repeated = words & _true(pc.equal(rows["target"], rows["actual"]))
    found = np.full(len(rows), _TOLD.index(None))
    found[_true(pc.is_valid(actual)) & _true(pc.is_valid(target)) | dated | repeated] = 0
    found[missed | late | _is_in(comparability, "nothing_done")] = 1
    found[words & ~repeated] = 2
    return pa.array(_TOLD, pa.string()).take(pa.array(found))


_TOLD = ("met", "missed", "worded", None)


# --- points -----------------------------------------------------------------------------

CEILINGS = ("target/actual", "1-(actual-target)/target")
"""Shares of the weight that are due where a target with <= or < is missed."""


def due_points(
    weight: Decimal, target: Decimal, actual: Decimal, operator: str | None, ceiling: str
) -> tuple[Decimal, Decimal] | None:
    """The pro-rata points of a missed target, as numerator and denominator.

    actual / target x weight (财预〔2020〕10号), for <= and < by the formula `ceiling`, one of
    CEILINGS, never below 0.  None where there is no such proportion: of nothing, or of
    negative numbers.  Raises ValueError for a formula that is not known.
    """
    if ceiling not in CEILINGS:
        raise ValueError(f"{ceiling!r} is no formula, those are: {'; '.join(CEILINGS)}")
    part, whole = actual, target
    if operator in ("<=", "<"):
        part, whole = target, actual
        if ceiling != CEILINGS[0]:
            part, whole = EXACT.subtract(EXACT.add(target, target), actual), target
    if target < 0 or actual < 0 or whole <= 0:
        return None
    return EXACT.multiply(weight, max(part, Decimal(0))), whole


# --- columns ----------------------------------------------------------------------------


def _true(column: pa.Array | pa.ChunkedArray) -> Bools:
    """A boolean column; null is False."""
    found: Bools = _combined(pc.fill_null(column, fill_value=False)).to_numpy(zero_copy_only=False)
    return found


def _is_in(column: pa.Array, *options: str) -> Bools:
    return _true(pc.is_in(column, pa.array(options, pa.string())))


def _combined(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
