"""expect_points_pro_rata: points for a missed target are in proportion to what was reached."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from audit_utils.comparison import CEILINGS, due_points
from audit_utils.expectations import attainment, working
from audit_utils.expectations.attainment import lacking, with_sources
from audit_utils.expectations.conditions import Condition, Reader, columns
from audit_utils.expectations.frame import Frame, Ints, row_name
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rows import chosen, prints_none
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.precision import EXACT, Comparison, compare, half_up, in_words

CENT = Decimal("0.01")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Missed:
    """Points in proportion: the columns that they are made of, and the formula of ceilings."""

    weight: str
    target: str
    actual: str
    operator: str
    ceiling: str

    def due(self, frame: Frame, rows: Ints) -> Iterator[tuple[Decimal, Decimal] | None]:
        """The points of each row as numerator and denominator, None where there are none."""
        paths = (self.weight, self.target, self.actual, self.operator)
        for weight, target, actual, operator in zip(
            *(frame.column(path).take(rows).to_pylist() for path in paths), strict=True
        ):
            known = None not in (weight, target, actual)
            yield due_points(weight, target, actual, operator, self.ceiling) if known else None

    def formula(self, frame: Frame, row: int) -> tuple[str, str, Fraction]:
        """The formula of a row that `due` has points for: in words, in numbers, and its result."""
        operator = frame.column(self.operator)[row].as_py()
        names = {"weight": self.weight, "target": "target", "actual": "actual"}
        paths = {"weight": self.weight, "target": self.target, "actual": self.actual}
        numbers = {name: frame.number(path, row) or Decimal(0) for name, path in paths.items()}
        weight, target, actual = (Fraction(number) for number in numbers.values())
        if operator not in ("<=", "<"):
            written, result = "{actual} ÷ {target} × {weight}", actual / target * weight
        elif self.ceiling == CEILINGS[0]:
            written, result = "{target} ÷ {actual} × {weight}", target / actual * weight
        else:
            written = "(1 - ({actual} - {target}) ÷ {target}) × {weight}"
            result = (1 - (actual - target) / target) * weight
        return (
            written.format_map({name: frame.label(path) for name, path in names.items()}),
            written.format_map({name: working.number(one) for name, one in numbers.items()}),
            result,
        )


class ExpectPointsProRata(AuditExpectation):
    """Expect score = weight x actual / target, for <= and < by the formula of ceilings.

    Args:
        score, weight, target, actual, operator: columns.
        ceiling: the formula for <= and <, one of comparison.CEILINGS.
        where: condition of the rows to look at (conditions.py).
        needs, always_needs: as in expect_rows_to_satisfy.

    The points count as printed with at least two decimals; rounded half-up to whole points,
    or to the decimals of the printed score, they are `rounding`.
    """

    score: str
    weight: str
    target: str
    actual: str
    operator: str
    ceiling: str | dict[str, str]
    where: Condition
    needs: tuple[str, ...] = ()
    always_needs: tuple[str, ...] = ()

    def columns(self) -> Iterable[str]:
        own = [self.score, self.weight, self.target, self.actual, self.operator]
        return with_sources([*own, *columns(self.where), *self._needs])

    @property
    def _needs(self) -> list[str]:
        return [*self.always_needs, *self.needs]

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows, unknown = chosen(Reader(frame, self._needs), self.where, self.always_needs)
        missed = Missed(self.weight, self.target, self.actual, self.operator, str(self.ceiling))
        due = list(missed.due(frame, rows))
        scores = frame.column(self.score).take(rows).to_pylist()
        compared = [
            Comparison("cannot_evaluate")
            if unknown[number] or points is None
            else _compare(score, *points, frame.unit(self.score, int(rows[number])))
            for number, (score, points) in enumerate(zip(scores, due, strict=True))
        ]

        def explain(number: int) -> Note:
            row, points = int(rows[number]), due[number]
            if unknown[number]:
                return Note(lacking(frame, self._needs, row))
            if points is None:
                name = row_name(frame.row(row))
                return Note(_("{row}的指标值与实际完成值之间没有可以计算的比例", row=name))
            fair = half_up(*points, CENT)
            reason = _reason(compared[number], fair)
            difference = EXACT.subtract(scores[number], fair)
            shown = self._working(frame, row, missed, reason)
            return Note(reason, f"{fair}", difference, working=shown)

        yield Places(
            self.score,
            rows,
            coded(comparison.outcome for comparison in compared),
            explain,
            prints_none(frame, self._needs)[frame.codes[rows]],
            absent=frame.absent([self.score, *self._needs]),
        )

    def _working(self, frame: Frame, row: int, missed: Missed, reason: str) -> str:
        words, numbers, exact = missed.formula(frame, row)
        unit = min(frame.unit(self.score, row), CENT)
        return working.steps(
            *attainment.readings(frame, row),
            attainment.attained(frame, row),
            working.equation(_("应得分"), words, numbers, working.quotient(exact, unit)),
            _("小于 0，按 0 计") if exact < 0 else "",
            working.against(frame, self.score, row, max(exact, Fraction(0)), unit),
            reason,
        )


def _compare(score: Decimal, numerator: Decimal, denominator: Decimal, unit: Decimal) -> Comparison:
    exact = compare(score, numerator, denominator, min(unit, CENT))
    coarse = (half_up(numerator, denominator, step) for step in (ONE, unit))
    if exact.outcome == "fail" and score in coarse:
        return Comparison("rounding")
    return exact


def _reason(comparison: Comparison, due: Decimal) -> str:
    """Why a rounding is one."""
    if comparison.outcome == "rounding" and not comparison.modes:
        return _("按比例应为 {due}；四舍五入取整或取到所印的位数则一致", due=due)
    return in_words(comparison, f"{due}")
