"""What a form holds, before it gets its place in the document."""

from dataclasses import dataclass, field

from audit_utils.records import Cell, MoneyUnit

REFUSED = "a form that is not understood and was not read: "
"""How the message begins that tells why a form that was found is not read."""


@dataclass(frozen=True, slots=True)
class Content:
    """Cells by column of the tables, and the unit of the form's money."""

    head: dict[str, Cell] = field(default_factory=dict)
    funds: dict[str, dict[str, Cell]] = field(default_factory=dict)
    indicators: list[dict[str, Cell]] = field(default_factory=list)
    money_unit: MoneyUnit = "元"
