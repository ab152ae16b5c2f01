"""expect_rows_to_satisfy: what is said of a row holds wherever it is due."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar, TypedDict

import numpy as np

from audit_utils import comparison
from audit_utils.expectations import attainment, working
from audit_utils.expectations.attainment import lacking, why, with_sources
from audit_utils.expectations.conditions import (
    Condition,
    Reader,
    columns,
    evaluate,
    exact,
    related,
)
from audit_utils.expectations.frame import Bools, Frame, Ints
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.expectations.seen import apart, parts, seen, tells
from audit_utils.language import current
from audit_utils.precision import EXACT, plain
from audit_utils.rulebook import FIELD


class Said(TypedDict):
    """A text in both languages."""

    zh: str
    en: str


class ExpectRowsToSatisfy(AuditExpectation):
    """Expect a condition of every row in which another one holds.

    Args:
        expect: column of the judged cell -> the condition that has to hold there.
        where: condition of the rows to look at; without it all of them.
        needs: columns without whose value a row cannot be evaluated, unless the rest of
            `where` rules it out.
        always_needs: columns without whose value no row can be evaluated, whatever `where`
            says of it.
        times: what a number is compared with counts so many times.
        nothing: words that count as nothing printed (`filled`).
        expected: what should be there, for a finding, in Chinese (`zh`) and English (`en`):
            a text with `{column}`, `{times}`, or `{limit}`, the number that the condition
            compares with.

    For conditions see conditions.py.
    """

    expect: dict[str, Condition]
    expected: Said
    where: Condition | None = None
    needs: tuple[str, ...] = ()
    always_needs: tuple[str, ...] = ()
    times: int | float | str | dict[str, str] | None = None
    nothing: tuple[str, ...] | dict[str, str] = ()

    texts: ClassVar[tuple[str, ...]] = ("limit", "times", "why")

    def columns(self) -> Iterable[str]:
        conditions = [*self.expect.values(), *([self.where] if self.where else [])]
        named = [path for condition in conditions for path in columns(condition)]
        every = " ".join((self.expected["zh"], self.expected["en"]))
        fields = [name for name in FIELD.findall(every) if name not in self.texts]
        return with_sources([*self.expect, *named, *self._needs, *fields])

    @property
    def _of_targets(self) -> bool:
        """Whether the rule compares targets with what was reached."""
        named = [*self._needs, *(path for one in self.expect.values() for path in columns(one))]
        return any(path in comparison.COLUMNS for path in named)

    @property
    def _needs(self) -> list[str]:
        return [*self.always_needs, *self.needs]

    def judge(self, frame: Frame) -> Iterable[Places]:
        times = None if self.times is None else exact(self.times)
        reader = Reader(frame, self._needs, times, tuple(self.nothing))
        rows, unknown = chosen(reader, self.where, self.always_needs)
        blank = prints_none(frame, self._needs)[frame.codes[rows]] if self._needs else None
        for path, condition in self.expect.items():
            holds = evaluate(condition, reader).true

            def explain(number: int, condition: Condition = condition) -> Note:
                row = int(rows[number])
                if unknown[number]:
                    return Note(lacking(frame, self._needs, row))
                return self._explain(reader, condition, row)

            found = outcomes(~holds[rows], unknown)
            absent = frame.absent([path, *self._needs])
            yield Places(path, rows, found, explain, blank, absent=absent)

    def _explain(self, reader: Reader, condition: Condition, row: int) -> Note:
        frame, times, expected = reader.frame, reader.times, self.expected[current()]
        found = {"times": "" if times is None else plain(times), "why": why(frame, row)}
        difference = None
        if "{limit}" in expected:
            value, limit = _numbers(frame, condition, row, times)
            difference = EXACT.subtract(value, limit)
            found["limit"] = plain(limit)
        texts = {name: frame.text(name, row) or "" for name in FIELD.findall(expected)
                 if name not in self.texts}  # fmt: skip
        expected = FIELD.sub(lambda field: (texts | found).get(field[1], ""), expected)
        shown = self._working(reader, condition, row)
        if difference is not None:
            shown = working.steps(shown, apart(frame, related(condition)[0], difference, row))
        return Note("", expected, difference, found, shown)

    def _working(self, reader: Reader, condition: Condition, row: int) -> str:
        """What was read of the target, whom the rule is about, and what does not hold."""
        frame = reader.frame
        about = [part for part in parts(self.where) if tells(part)] if self.where else []
        plain_reader = replace(reader, times=None)
        return working.steps(
            *(attainment.readings(frame, row) if self._of_targets else ()),
            *(line for part in about for line in seen(part, plain_reader, row)),
            *seen(condition, reader, row),
        )


def _numbers(
    frame: Frame, condition: Condition, row: int, times: Decimal | None
) -> tuple[Decimal, Decimal]:
    """The number that a condition compares, and what it is compared with."""
    column, _relation, other = related(condition)
    value = frame.number(column, row) or Decimal(0)
    limit = (frame.number(other, row) or Decimal(0)) if isinstance(other, str) else exact(other)
    return value, limit if times is None else EXACT.multiply(limit, times)


# --- what the rules about targets share ---------------------------------------------------


def chosen(
    reader: Reader, where: Condition | None, always_needs: Iterable[str] = ()
) -> tuple[Ints, Bools]:
    """The rows that are looked at, and which of them cannot be evaluated.

    Those are the rows that `where` does not rule out, and those that lack what is always
    needed.
    """
    frame, possible = reader.frame, reader.frame.present
    if where is not None:
        truth = evaluate(where, reader)
        possible = possible & (truth.true | truth.unknown)
    lacking = frame.missing(always_needs, np.arange(len(frame)))
    rows = np.flatnonzero(possible | (frame.present & lacking))
    return rows, frame.missing([*reader.needs, *always_needs], rows)


def prints_none(frame: Frame, paths: Iterable[str]) -> Bools:
    """The projects that print none of these cells in any row.

    Of columns that are no cells, what they are made of is looked for if there are no others.
    """
    cells = [path for path in paths if path not in comparison.COLUMNS] or ["target", "actual"]
    rows = np.flatnonzero(frame.present)
    found = np.ones(len(frame.projects), bool)
    found[frame.codes[rows[~frame.blank(cells, rows)]]] = False
    return found
