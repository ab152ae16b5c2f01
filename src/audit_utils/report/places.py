"""Places of a form as a reader knows them: names of columns, rows in words, lines, cells."""

from audit_utils import values
from audit_utils.dictionary import SOURCES, TABLES, Column
from audit_utils.language import _
from audit_utils.report import text
from audit_utils.report.data import Project, Row

_COLUMNS = {
    (table.name, column.name): column for table in TABLES.values() for column in table.columns
}
_PER_CENT = 100


def column(table: str, name: str) -> Column:
    """The column as the data dictionary has it; LookupError for one that it does not have."""
    return _COLUMNS[table, name]


def label(table: str, name: str) -> str:
    """A column as the forms call it; its bare name where the dictionary has none."""
    known = _COLUMNS.get((table, name))
    return _(known.zh.removesuffix("（申报表）")) if known else name


def where(project: Project, table: str, row: str | None, name: str) -> str:
    """A place in words: `指标 3「...」得分`."""
    title = label(table, name)
    if (table, name) == ("projects", "form"):
        return _("整张表")
    if row is None:
        return _("{table}·{column}", table=_(text.TABLES.get(table, table)), column=title)
    if table == "indicators":
        shown = text.shorten(project.printed(table, row, "name") or "", 24)
        return _("指标 {row}「{name}」{column}", row=row, name=shown, column=title)
    if table == "funds":
        return _("{table}·{column}", table=_(SOURCES.get(row, row)), column=title)
    return title


def span(row: Row) -> str:
    """The cell of a sheet or table, or the lines of a text: `C12`, `1193`, `1193–1195`."""
    if row["address"]:
        return str(row["address"])
    first, last = row["line_start"], row["line_end"]
    return f"{first}" if first == last else f"{first}–{last}"


def yuan(project: Project, table: str, row: str, name: str) -> str | None:
    """The amount in yuan where the form prints it in another unit."""
    known = _COLUMNS.get((table, name))
    if known is None or known.type != "amount":
        return None
    source: Row = project.funds.get(row, {}) if table == "funds" else project.row
    printed, value = project.printed(table, row, name), source.get(name)
    if printed is None or value is None or value == values.amount(printed):
        return None
    return text.money(value)


def difference(finding: Row) -> str:
    """Printed less expected, in the unit of the column: `+0.5 分`, `-0.02 个百分点`."""
    value = finding["difference"]
    known = _COLUMNS.get((finding["table"], finding["column"]))
    match known.type if known else None:
        case _ if value is None:
            return ""
        case "amount":
            return _("{number} 元", number=text.signed(value))
        case "points":
            return _("{number} 分", number=text.signed(value))
        case "rate":
            return _("{number} 个百分点", number=text.signed(value * _PER_CENT))
    return text.signed(value)


def fold(numbers: list[int]) -> str:
    """Numbers with their runs folded: `1–5、7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return _("、").join(f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
