"""Sharing out fragments among cells in reading order: the lightest ways to do it.

Each cell weighs how odd it would be with the fragments from one index to another; a way is
the sum of its cells.  Dynamic programming over (cell, fragment).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from audit_utils.forms.text.weights import Pieces, Shape, shape

SURE = 2.5
"""A split is settled when the next best one weighs this much more."""
IMPOSSIBLE = inf
LIMITS = (20.0, 50.0)
"""Weights that no cell reaches, in turn: the lower, the fewer ways there are."""
LIKELY = 15.0
"""A little more than all that speaks for a way can weigh together."""

Path = tuple[float, tuple[int, ...]]
"""Weight and ends of a way: part k gets the fragments ends[k-1]:ends[k]."""
Shapes = Callable[[int, int], Shape | None]
"""The shape of the fragments from one index to another."""


@dataclass(frozen=True, slots=True)
class Part:
    """A cell that may take fragments: the row before's, the row's, one's without numbers."""

    owner: Literal["before", "uncounted", "own"]
    column: str
    weigh: Callable[[int, int], float]


def cheapest(size: int, parts: Sequence[Part]) -> list[Path]:
    """The two lightest ways to share out fragments among cells in order.

    Returns (weight, ends): part k gets the fragments ends[k-1]:ends[k].  A cell that is too
    odd with some fragments is no less so with more: longer ones are not looked at.  Ways
    with a very odd cell are looked at only where there is no good one without.
    """
    for limit in LIMITS:
        ranked = share(size, parts, limit)
        if ranked and ranked[0][0] < limit - LIKELY:
            return ranked
    return share(size, parts, IMPOSSIBLE)


def share(size: int, parts: Sequence[Part], limit: float) -> list[Path]:
    """`cheapest` among the ways in which no cell reaches the limit."""
    states: list[list[Path]] = [[(0.0, ())], *([] for _ in range(size))]
    for number, part in enumerate(parts, 1):
        reached: list[list[Path]] = [[] for _ in range(size + 1)]
        weigh = part.weigh
        for start, paths in enumerate(states):
            if not paths:
                continue
            for end in range(start if number < len(parts) else size, size + 1):
                weight = weigh(start, end)
                if weight >= limit:
                    if end == start:
                        continue
                    break
                for before, path in paths:
                    if before + weight < limit:
                        reached[end].append((before + weight, (*path, end)))
        states = [sorted(paths)[:2] if len(paths) > 2 else paths for paths in reached]
    return sorted(states[size])


def shapes(pieces: Pieces, blank: float) -> Shapes:
    """The shapes of a segment's possible cells, each made once."""
    made: dict[tuple[int, int], Shape | None] = {}

    def shape_of(i: int, j: int) -> Shape | None:
        if (i, j) not in made:
            made[i, j] = shape(pieces[i:j], blank)
        return made[i, j]

    return shape_of
