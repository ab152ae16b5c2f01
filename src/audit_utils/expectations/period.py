"""expect_period_in_year: a period starts before it ends and lies in, or overlaps, a year."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from audit_utils.expectations.frame import Frame, bools
from audit_utils.expectations.judgement import Note, Places, outcomes
from audit_utils.expectations.rule import AuditExpectation


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
            if turned[number]:
                return Note(expected=f"{frame.label(self.end)}不早于{frame.label(self.start)}")
            return Note(
                expected=f"起止日期在{frame.text(self.year, row)}年内，跨年度的与该年度有重叠"
            )

        found = outcomes(turned | apart, missing)
        blank = frame.blank([self.start, self.end], rows)
        yield Places(self.end, rows, found, explain, blank)


def _year(dates: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(dates, 0, 4).cast(pa.int64())
