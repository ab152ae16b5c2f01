"""Conditions that a suite writes about the rows of a frame.

    ["score", "<", "weight"]                    a column and a column, or a number
    ["target_kind", "in", ["quantity", null]]   one of these values; null: nothing there
    ["level2", "not in", ["数量指标"]]
    ["deviation_reason", "filled"]              something is printed, no mere dash
    {"all": [...]}, {"any": [...]}              of further conditions

A condition on an empty cell that is *needed* is neither true nor false but unknown; where
nothing depends on it, the others decide.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from audit_utils import values
from audit_utils.errors import AuditError
from audit_utils.expectations.frame import Bools, Frame, bools, valid

Condition = list[Any] | dict[str, Any]
"""As above; what it must look like is checked by `columns`."""

RELATIONS: Mapping[str, Callable[..., Any]] = {
    "<": pc.less,
    "<=": pc.less_equal,
    "=": pc.equal,
    "!=": pc.not_equal,
    ">=": pc.greater_equal,
    ">": pc.greater,
}
"""Between a column and a column or a number; false where one of them is empty, except that
two empty cells are equal, and an empty and a filled one are not."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How the conditions of one rule are read.

    `needs` are the columns whose empty cells make a condition unknown, `times` multiplies
    what a number is compared with, `nothing` are words that count as nothing printed.
    """

    frame: Frame
    needs: Collection[str] = ()
    times: Decimal | None = None
    nothing: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """Where a condition is true and where it is unknown; elsewhere it is false."""

    true: Bools
    unknown: Bools


def columns(condition: Condition) -> Iterator[str]:
    """The columns of a condition; raises AuditError for what is none."""
    match condition:
        case {"all": list(parts), **rest} | {"any": list(parts), **rest} if parts and not rest:
            for part in parts:
                yield from columns(part)
        case [str(column), "filled"]:
            yield column
        case [str(column), "in" | "not in", list()]:
            yield column
        case [str(column), str(relation), str(other)] if relation in RELATIONS:
            yield from (column, other)
        case [str(column), str(relation), int() | float()] if relation in RELATIONS:
            yield column
        case _:
            raise AuditError(f"no condition: {json.dumps(condition, ensure_ascii=False)}")


def related(condition: Condition) -> tuple[str, str, str | int | float]:
    """The first comparison of numbers in a condition: column, relation, column or number.

    Raises LookupError when there is none.
    """
    parts = [condition] if isinstance(condition, list) else next(iter(condition.values()))
    for part in parts:
        if isinstance(part, dict):
            return related(part)
        if part[1] in RELATIONS:
            return part[0], part[1], part[2]
    raise LookupError(f"no comparison of numbers: {condition}")


def evaluate(condition: Condition, reader: Reader) -> Truth:
    """Where the condition holds."""
    if isinstance(condition, dict):
        ((kind, parts),) = condition.items()
        found = [evaluate(part, reader) for part in parts]
        return _all(found) if kind == "all" else _any(found)
    frame = reader.frame
    needed = [path for path in columns(condition) if path in reader.needs]
    lacking = [~valid(frame.column(path)) for path in needed]
    unknown: Bools = np.logical_or.reduce([frame.nowhere, *lacking])
    return Truth(_holds(condition, reader) & ~unknown, unknown)


def _all(parts: Iterable[Truth]) -> Truth:
    parts = list(parts)
    false = np.logical_or.reduce([~part.true & ~part.unknown for part in parts])
    true = np.logical_and.reduce([part.true for part in parts])
    return Truth(true, ~true & ~false)


def _any(parts: Iterable[Truth]) -> Truth:
    parts = list(parts)
    true = np.logical_or.reduce([part.true for part in parts])
    unknown = np.logical_or.reduce([part.unknown for part in parts])
    return Truth(true, unknown & ~true)


def _holds(condition: list[Any], reader: Reader) -> Bools:
    column, relation, *rest = condition
    if relation == "filled":
        return _filled(reader, column)
    if relation in ("in", "not in"):
        among = reader.frame.matches({column: rest[0]})
        return ~among if relation == "not in" else among
    named = isinstance(rest[0], str)
    other = reader.frame.column(rest[0]) if named else pa.scalar(exact(rest[0]))
    if reader.times is not None:
        other = pc.multiply(other, pa.scalar(reader.times))
    return _related(reader.frame.column(column), relation, other)


def _related(column: pa.Array, relation: str, other: pa.Array | pa.Scalar) -> Bools:
    found = bools(RELATIONS[relation](column, other))
    if relation not in ("=", "!="):
        return found
    empty, other_empty = ~valid(column), ~valid(other) if isinstance(other, pa.Array) else False
    return found | ((empty & other_empty) if relation == "=" else (empty ^ other_empty))


def _filled(reader: Reader, path: str) -> Bools:
    """Where more is printed than a dash or words for nothing; each text is looked at once."""
    texts = reader.frame.column(path).dictionary_encode("encode")
    filled = np.array(
        [not values.empty(t) and t.strip("。") not in reader.nothing
         for t in texts.dictionary.to_pylist()], bool
    )  # fmt: skip
    found: Bools = filled[texts.indices.to_numpy()] if len(filled) else reader.frame.nowhere
    return found


def exact(number: Any) -> Decimal:
    """A number of the suite as it is written there: 1.3 is thirteen tenths.

    Raises ValueError for what is no number.
    """
    found = values.number(str(number))
    if found is None or isinstance(number, bool):
        raise ValueError(f"{number!r} is no number")
    return found
