"""expect_filled_if_lasting: cells are filled in projects that last long enough to need them."""

import datetime
from collections.abc import Iterable
from typing import ClassVar

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame
from audit_utils.expectations.judgement import Note, Places, coded
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _
from audit_utils.precision import Outcome


class ExpectFilledIfLasting(AuditExpectation):
    """Expect cells to be filled in projects that last longer than so many years.

    Args:
        cells: column -> the years; 0 means every project.
        start, end: columns of the first and the last day, as yyyy-mm-dd.

    An empty cell of a project whose days are not known cannot be evaluated.
    """

    cells: dict[str, int]
    start: str
    end: str

    texts: ClassVar[tuple[str, ...]] = ("period",)

    def columns(self) -> Iterable[str]:
        return [*self.cells, self.start, self.end]

    def judge(self, frame: Frame) -> Iterable[Places]:
        for path, years in self.cells.items():
            yield self._judge(frame, path, years)

    def _judge(self, frame: Frame, path: str, years: int) -> Places:
        rows = frame.places(path)
        starts, ends, texts = (
            frame.column(column).take(rows).to_pylist() for column in (self.start, self.end, path)
        )

        def explain(number: int) -> Note:
            row = int(rows[number])
            known = starts[number] is not None and ends[number] is not None
            if years and not known:
                return Note(frame.lacking([self.start, self.end], row))
            shown = working.nothing_printed(frame.label(path))
            if not years:
                return Note("", _("应填写"), None, {"period": ""}, shown)
            dates = {"start": starts[number], "end": ends[number]}
            shown = working.steps(self._length(frame, starts[number], ends[number], years), shown)
            return Note(
                "", _("应填写"), None, {"period": _("（{start} 至 {end}）", **dates)}, shown
            )

        found = (
            _outcome(text, start, end, years)
            for text, start, end in zip(texts, starts, ends, strict=True)
        )
        needed = [path, self.start, self.end] if years else [path]
        return Places(path, rows, coded(found), explain, absent=frame.absent(needed))

    def _length(self, frame: Frame, start: str, end: str, years: int) -> str:
        """That a period is longer than so many years."""
        reached = f"{int(start[:4]) + years:04}{start[4:]}"
        first, last = (f"{frame.label(self.start)} {start}", f"{frame.label(self.end)} {end}")
        return _(
            "{first}，满 {n} 年为 {reached}；{last} ≥ {reached}，超过 {n} 年",
            first=first, last=last, reached=reached, n=years,
        )  # fmt: skip


def _outcome(text: str | None, start: str | None, end: str | None, years: int) -> Outcome:
    filled = bool(text and text.strip())
    if not years or filled:
        return "pass" if filled else "fail"
    if start is None or end is None:
        return "cannot_evaluate"
    return "fail" if _lasts_longer(start, end, years) else "not_applicable"


def _lasts_longer(start: str, end: str, years: int) -> bool:
    """True when the last day is one that so many years from the first do not reach."""
    first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    return (last.year - years, last.month, last.day) >= (first.year, first.month, first.day)
