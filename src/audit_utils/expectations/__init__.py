"""The kinds of comparison that the suites use beside those of Great Expectations itself.

Importing this package makes them known to Great Expectations.  That takes seconds: only
what validates imports it.
"""

from audit_utils.expectations.between import ExpectValueBetween
from audit_utils.expectations.change import ExpectChangeWithin
from audit_utils.expectations.filled import ExpectCellsToBeFilled
from audit_utils.expectations.group_if_named import ExpectGroupIfNamed
from audit_utils.expectations.group_members import ExpectGroupToContain
from audit_utils.expectations.group_split import ExpectGroupSplit
from audit_utils.expectations.group_sums import ExpectGroupSumsToEqualTotals
from audit_utils.expectations.lasting import ExpectFilledIfLasting
from audit_utils.expectations.no_ceiling import ExpectNoCeiling
from audit_utils.expectations.once import ExpectValuesOnce
from audit_utils.expectations.period import ExpectPeriodInYear
from audit_utils.expectations.price_ceilings import ExpectPricesWithinTotal
from audit_utils.expectations.pro_rata import ExpectPointsProRata
from audit_utils.expectations.product import ExpectValueToEqualProduct
from audit_utils.expectations.rows import ExpectRowsToSatisfy
from audit_utils.expectations.rule import AuditExpectation
from audit_utils.expectations.same_grade import ExpectSameGrade
from audit_utils.expectations.settled import ExpectCellsSettled
from audit_utils.expectations.share import ExpectShareOfRows
from audit_utils.expectations.undamaged import ExpectTextsUndamaged
from audit_utils.expectations.unit_fit import ExpectUnitsToFitNames
from audit_utils.expectations.unit_form import ExpectUnitsWellFormed

__all__ = [
    "AuditExpectation",
    "ExpectCellsSettled",
    "ExpectCellsToBeFilled",
    "ExpectChangeWithin",
    "ExpectFilledIfLasting",
    "ExpectGroupIfNamed",
    "ExpectGroupSplit",
    "ExpectGroupSumsToEqualTotals",
    "ExpectGroupToContain",
    "ExpectNoCeiling",
    "ExpectPeriodInYear",
    "ExpectPointsProRata",
    "ExpectPricesWithinTotal",
    "ExpectRowsToSatisfy",
    "ExpectSameGrade",
    "ExpectShareOfRows",
    "ExpectTextsUndamaged",
    "ExpectUnitsToFitNames",
    "ExpectUnitsWellFormed",
    "ExpectValueBetween",
    "ExpectValueToEqualProduct",
    "ExpectValuesOnce",
]
