"""expect_period_in_year: a period starts before it ends and lies in, or overlaps, a year."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from audit_utils.expectations import working
from audit_utils.expectations.frame import Frame, bools
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.language import _


class ExpectPeriodInYear(AuditExpectation):
    """Expect start <= end, within `year` or, for a period of several years, overlapping it.

    Args:
        start, end: columns of dates as yyyy-mm-dd.
        year: column of the year.
    """

    start: str
    end: str
    year: str

    def columns(self) -> Iterable[str]:
        return [self.start, self.end, self.year]

    def judge(self, frame: Frame) -> Iterable[Places]:
        rows = frame.places(self.end)
        start, end, year = (frame.column(path) for path in self.columns())
        turned = bools(pc.greater(start, end))[rows]
        apart = (bools(pc.greater(_year(start), year)) | bools(pc.less(_year(end), year)))[rows]
        missing = frame.missing(self.columns(), rows)

        def explain(number: int) -> Note:
            row = int(rows[number])
            if missing[number]:
                return Note(frame.lacking(self.columns(), row))
            names = {"start": frame.label(self.start), "end": frame.label(self.end)}
            if turned[number]:
                expected = _("{end}不早于{start}", **names)
            else:
                year = frame.text(self.year, row)
                expected = _("起止日期在{year}年内，跨年度的与该年度有重叠", year=year)
            shown = self._working(frame, row, turned=bool(turned[number]))
            return Note(expected=expected, working=shown)

        found = outcomes(turned | apart, missing)
        blank = frame.blank([self.start, self.end], rows)
        absent = frame.absent([self.start, self.end])
        yield Places(self.end, rows, found, explain, blank, absent=absent)

    def _working(self, frame: Frame, row: int, *, turned: bool) -> str:
        paths = (self.start, self.end)
        names = [frame.label(path) for path in paths]
        start, end = (frame.column(path)[row].as_py() for path in paths)
        lines = [
            working.read_as(name, frame.text(path, row) or "", day)
            for path, name, day in zip(paths, names, (start, end), strict=True)
            if frame.text(path, row) != day
        ]
        if turned:
            dates = (f"{names[0]} {start}", "≤", f"{names[1]} {end}")
            return working.steps(*lines, working.asked(*dates, f"{start} > {end}"))
        year = frame.text(self.year, row)
        bounds = {"year": year, "first": f"{year}-01-01", "last": f"{year}-12-31"}
        outside = f"{start} > {year}-12-31" if start[:4] > str(year) else f"{end} < {year}-01-01"
        span = _("{year} 年为 {first} 至 {last}", **bounds)
        return working.steps(*lines, span, _("{fact}，没有重叠", fact=outside))


def _year(dates: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(dates, 0, 4).cast(pa.int64())
