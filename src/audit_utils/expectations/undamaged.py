"""expect_texts_undamaged: texts are neither cut off nor damaged."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from audit_utils import damage, values
from audit_utils.batches import address
from audit_utils.damage import Damage
from audit_utils.expectations import working
from audit_utils.expectations.frame import Bools, Frame, Ints
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.phrases import clauses


class ExpectTextsUndamaged(AuditExpectation):
    """Expect brackets and quotes in pairs, no doubled word, no dangling number (damage.py).

    Args:
        cells: paths of texts in a frame of cells; one with a table alone means every row.
        words: those of them that are looked at only where they hold no number.
        may_double: words that may stand twice side by side.

    Empty cells are not looked at.
    """

    cells: list[str]
    words: tuple[str, ...] = ()
    may_double: Sequence[str] | dict[str, str] = ()

    texts: ClassVar[tuple[str, ...]] = ("damage",)

    def columns(self) -> Iterable[str]:
        return self.cells

    def judge(self, frame: Frame) -> Iterable[Places]:
        printed = frame.column("printed").dictionary_encode("encode")
        texts, codes = printed.dictionary.to_pylist(), printed.indices.to_numpy()
        damaged = {
            code: found
            for code, text in enumerate(texts)
            if text and (found := damage.of(text, self.may_double))
        }
        fails = np.isin(np.arange(len(texts)), list(damaged))
        filled = np.array([bool(text) for text in texts], bool)
        for path in self.cells:
            rows = _rows(frame, path)
            looked_at = filled
            if path in self.words:
                looked_at = filled & ~_numbers(texts, codes[rows])
            rows = rows[looked_at[codes[rows]]]

            def explain(number: int, rows: Ints = rows) -> Note:
                return _note(damaged[codes[rows[number]]])

            yield Places(path, rows, outcomes(fails[codes[rows]], frame.nowhere[rows]), explain)


def _rows(frame: Frame, path: str) -> Ints:
    place = address(path, "cells")
    where = {"table": place.table, "column": place.column}
    return np.flatnonzero(frame.matches(where | ({"row": place.row} if place.row else {})))


def _numbers(texts: list[str | None], codes: Ints) -> Bools:
    """Which of the texts hold a number, of those with these codes."""
    found = np.zeros(len(texts), bool)
    for code in np.unique(codes).tolist():
        found[code] = _is_number(texts[code] or "")
    return found


def _is_number(text: str) -> bool:
    return values.quantity(text).kind in ("quantity", "range")


def _note(found: list[Damage]) -> Note:
    texts = {"damage": clauses(one.what for one in found)}
    expected = clauses(dict.fromkeys(one.due for one in found))
    return Note(expected=expected, values=texts, working=working.steps(*(o.seen for o in found)))
