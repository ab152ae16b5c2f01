"""expect_same_grade: a printed total has the grade of the total that is due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import numpy as np

from audit_utils.expectations import working
from audit_utils.expectations.attainment import with_sources
from audit_utils.expectations.conditions import Condition, Reader, columns, evaluate, exact
from audit_utils.expectations.frame import Absent, Bools, Frame, row_name
from audit_utils.expectations.judgement import CODE, Codes, Note, Places
from audit_utils.expectations.pro_rata import CENT, Missed
from audit_utils.expectations.rows import prints_none
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.expectations.share import incomplete, summed
from audit_utils.language import _
from audit_utils.phrases import clauses, named
from audit_utils.precision import EXACT, half_up


@dataclass(frozen=True, slots=True)
class _Term:
    """One of the terms of both sums; `line` says how its points are due, if not as printed."""

    name: str
    points: Fraction
    weight: Fraction
    line: str


def _sum(terms: Iterable[_Term], part: str) -> tuple[str, str]:
    """The points or the weights of all terms, and what they add up to."""
    numbers = [(getattr(term, part), term.name) for term in terms]
    shown = (working.term(working.quotient(number, CENT), name) for number, name in numbers)
    whole: Fraction = sum((number for number, _name in numbers), Fraction(0))
    return working.total(shown), working.quotient(whole, CENT)


class ExpectSameGrade(AuditExpectation):
    """Expect the grade of a printed total and of the total recomputed to be the same.

    The recomputed total is the sum of the points due, divided by the sum of the weights,
    times 100: for the execution its weight x rate, never above the weight; for the rows of
    `missed` the points pro rata (as expect_points_pro_rata); for all others those printed.

    Args:
        total: path of the printed total.
        execution_score, execution_weight, execution_rate: paths; a form that prints neither
            score nor weight gives no points for the execution.
        score, weight, target, actual, operator, ceiling: as in expect_points_pro_rata.
        missed: condition of the rows that get points pro rata (conditions.py).
        grades: grade -> the points that it starts at.

    A project with a value missing cannot be evaluated.
    """

    total: str
    execution_score: str
    execution_weight: str
    execution_rate: str
    score: str
    weight: str
    target: str
    actual: str
    operator: str
    ceiling: str | dict[str, str]
    missed: Condition
    grades: dict[str, int | float | str]

    texts: ClassVar[tuple[str, ...]] = ("grade", "due", "due_grade")

    def columns(self) -> Iterable[str]:
        own = [self.score, self.weight, self.target, self.actual, self.operator]
        return with_sources([*self._cells, *own, *columns(self.missed)])

    @property
    def _cells(self) -> list[str]:
        execution = [self.execution_score, self.execution_weight, self.execution_rate]
        return [self.total, *execution]

    def judge(self, frame: Frame) -> Iterable[Places]:
        bounds = {name: exact(points) for name, points in self.grades.items()}
        printed = frame.column(self.total).take(frame.first_rows).to_pylist()
        missed = frame.present & evaluate(self.missed, Reader(frame)).true
        due = self._due(frame, missed)
        found = [
            CODE["cannot_evaluate"] if total is None or points is None
            else CODE["fail"] if grade(total, bounds) != grade(points, bounds) else CODE["pass"]
            for total, points in zip(printed, due, strict=True)
        ]  # fmt: skip

        def explain(project: int) -> Note:
            points, total = due[project], printed[project]
            if points is None or total is None:
                return Note(self._lacking(frame, project))
            rounded = half_up(Decimal(points.numerator), Decimal(points.denominator), CENT)
            texts = {
                "grade": named(grade(total, bounds)),
                "due": f"{rounded}",
                "due_grade": named(grade(points, bounds)),
            }
            expected = working.term(texts["due_grade"], f"{rounded}")
            terms = [
                *self._execution_term(frame, project),
                *self._row_terms(frame, project, missed),
            ]
            shown = self._working(frame, project, points, bounds, terms)
            return Note("", expected, EXACT.subtract(total, rounded), texts, shown)

        outcomes: Codes = np.array(found, np.int8)
        blank = frame.blank(self._cells, frame.first_rows) & prints_none(
            frame, [self.score, self.weight]
        )
        yield Places(
            self.total,
            frame.first_rows,
            outcomes,
            explain,
            blank,
            of_project=True,
            absent=self._absent(frame),
        )

    def _absent(self, frame: Frame) -> Absent:
        """The columns that a form lacks; of the execution where it gives points for that."""
        found = dict(frame.absent([self.total, self.score, self.weight]))
        points = frame.absent([self.execution_score, self.execution_weight])
        counts = np.ones(len(frame.projects), bool)
        if len(points) > 1:
            counts = ~np.logical_and.reduce(list(points.values()))
        cells = frame.absent([self.execution_weight, self.execution_rate])
        return found | {path: projects & counts for path, projects in cells.items()}

    def _due(self, frame: Frame, missed: Bools) -> list[Fraction | None]:
        """The recomputed total of each project, None where it cannot be told."""
        won, gained = self._points(frame, missed)
        weights = summed(frame, self.weight, frame.present)
        unknown = incomplete(frame, [self.score, self.weight]) | ~_has_rows(frame)
        cells = zip(*self._execution(frame), strict=True)
        found: list[Fraction | None] = []
        for project, (score, weight, rate) in enumerate(cells):
            total = Fraction(won[project]) + gained.get(project, Fraction(0))
            whole = Fraction(weights[project])
            if weight is not None and rate is not None:
                total += Fraction(min(weight, EXACT.multiply(weight, rate)))
                whole += Fraction(weight)
            elif weight is not None or score is not None:
                whole = Fraction(0)
            known = whole > 0 and not unknown[project]
            found.append(total / whole * 100 if known else None)
        return found

    def _execution(self, frame: Frame) -> list[list[Decimal | None]]:
        paths = (self.execution_score, self.execution_weight, self.execution_rate)
        return [frame.column(path).take(frame.first_rows).to_pylist() for path in paths]

    def _points(self, frame: Frame, missed: Bools) -> tuple[list[Decimal], Mapping[int, Fraction]]:
        """By project: the printed points that stand, and those that are due pro rata."""
        rows = np.flatnonzero(missed)
        formula = Missed(self.weight, self.target, self.actual, self.operator, str(self.ceiling))
        due: dict[int, Fraction] = defaultdict(Fraction)
        stands = frame.present.copy()
        for row, points in zip(rows.tolist(), formula.due(frame, rows), strict=True):
            if points is not None:
                due[int(frame.codes[row])] += Fraction(points[0]) / Fraction(points[1])
                stands[row] = False
        return summed(frame, self.score, stands), due

    # --- in front of the reader

    def _working(
        self,
        frame: Frame,
        project: int,
        points: Fraction,
        bounds: Mapping[str, Decimal],
        terms: Sequence[_Term],
    ) -> str:
        """The points due and the weights with their terms, the total, and both grades."""
        first = int(frame.first_rows[project])
        won, whole = (_sum(terms, part) for part in ("points", "weight"))
        total = frame.number(self.total, first) or Decimal(0)
        return working.steps(
            *(term.line for term in terms),
            working.equation(_("应得分之和"), *won),
            working.equation(_("分值之和"), *whole),
            working.equation(
                _("重新计算"), f"{won[1]} ÷ {whole[1]} × 100", working.quotient(points, CENT)
            ),
            working.against(frame, self.total, first, points, CENT),
            _graded(_("印出的总得分"), Fraction(total), bounds),
            _graded(_("重新计算"), points, bounds),
        )

    def _execution_term(self, frame: Frame, project: int) -> Iterator[_Term]:
        """The points due for the execution, where the form gives any."""
        first = int(frame.first_rows[project])
        paths = (self.execution_weight, self.execution_rate)
        weight, rate = (frame.number(path, first) for path in paths)
        if weight is None or rate is None:
            return
        name, due = frame.part_name(self.execution_score), EXACT.multiply(weight, rate)
        factors = f"{working.number(weight)} × {working.number(rate)}"
        line = working.equation(name, factors, working.number(due))
        if due > weight:
            capped = working.capped(frame.label(self.execution_weight), weight)
            line = working.steps(line, capped)
        yield _Term(name, Fraction(min(due, weight)), Fraction(weight), line)

    def _row_terms(self, frame: Frame, project: int, missed: Bools) -> Iterator[_Term]:
        """The points due for each row: pro rata where the target is missed, else as printed."""
        formula = Missed(self.weight, self.target, self.actual, self.operator, str(self.ceiling))
        rows = frame.members(project)
        rows = rows[frame.present[rows]]
        for row, points in zip(rows.tolist(), formula.due(frame, rows), strict=True):
            name, line = row_name(frame.row(row)), ""
            own, weight = (Fraction(frame.number(p, row) or 0) for p in (self.score, self.weight))
            if missed[row] and points is not None:
                _words, numbers, exact = formula.formula(frame, row)
                line = working.equation(name, numbers, working.quotient(exact, CENT))
                own = max(exact, Fraction(0))
            yield _Term(name, own, weight, line)

    def _lacking(self, frame: Frame, project: int) -> str:
        first = int(frame.first_rows[project])
        found = [frame.lacking([self.total], first)]
        cells = [self.execution_weight, self.execution_rate]
        if not frame.blank([self.execution_score, self.execution_weight], np.array([first]))[0]:
            found.append(frame.lacking(cells, first))
        rows = frame.members(project)
        rows = rows[frame.present[rows]]
        points = [self.score, self.weight]
        missing = rows[frame.missing(points, rows)].tolist()
        found += [frame.lacking(points, row, named=True) for row in missing]
        if not len(rows):
            found.append(_("没有指标"))
        return clauses(found) or _("分值之和为 0")


def _has_rows(frame: Frame) -> Bools:
    found = np.zeros(len(frame.projects), bool)
    found[frame.codes[frame.present]] = True
    return found


def _graded(name: str, points: Fraction, bounds: Mapping[str, Decimal]) -> str:
    """`重新计算 86.083 ≥ 80：良`."""
    reached = grade(points, bounds)
    start, shown = bounds[reached], working.quotient(points, CENT)
    sign = "≥" if points >= Fraction(start) else "<"
    fact = f"{name} {shown} {sign} {working.number(start)}"
    return _("{fact}：{grade}", fact=fact, grade=named(reached))


def grade(points: Decimal | Fraction, bounds: Mapping[str, Decimal]) -> str:
    """The grade that the points reach; the lowest one if they reach none."""
    ordered = sorted(bounds.items(), key=lambda item: item[1], reverse=True)
    reached = (name for name, start in ordered if points >= Fraction(start))
    return next(reached, ordered[-1][0])
