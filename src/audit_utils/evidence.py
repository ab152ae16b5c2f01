"""What the documents print at the places of findings, and where: the ledger, looked up."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit_utils.batches import Address

Cell = Mapping[str, Any]
"""One row of the table cells."""
_REFERENCE = re.compile(r"(?:(?P<table>.*?)!)?(?P<column>[A-Z]+)(?P<row>\d+)(?:\+|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a document."""

    document: str | None
    page: int | None
    line_start: int | None
    line_end: int | None
    address: str | None


class Evidence:
    """The cells that the findings of one rule rest on.

    Made for the projects and the columns (addresses) that are asked for later.
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], projects: Iterable[str], needed: Iterable[Address]
    ) -> None:
        self._wanted = pa.array(sorted(set(projects)), pa.string())
        self._tables = tables
        self._cells: dict[tuple[str, str, str], dict[str, Cell]] = {}
        columns = {(place.table, place.column) for place in needed}
        for cell in self._of_projects("cells", columns).to_pylist():
            column = (cell["project_id"], cell["table"], cell["column"])
            self._cells.setdefault(column, {})[cell["row"]] = cell
        self._projects = {
            project["project_id"]: project for project in self._of_projects("projects").to_pylist()
        }

    def _of_projects(self, table: str, columns: set[tuple[str, str]] | None = None) -> pa.Table:
        rows = self._tables[table]
        if columns is not None:
            names: dict[str, list[str]] = {}
            for name, column in sorted(columns):
                names.setdefault(name, []).append(column)
            each = [
                pc.and_(pc.equal(rows["table"], name), pc.is_in(rows["column"], pa.array(own)))
                for name, own in names.items()
            ]
            rows = rows.filter(reduce(pc.or_, each))
        return rows.filter(pc.is_in(rows["project_id"], value_set=self._wanted))

    def cells(self, project: str, place: Address, row: str | None) -> list[Cell]:
        """The cell at `place`, its own row going before `row`; all rows without one."""
        found = self._cells.get((project, place.table, place.column), {})
        row = place.row or row
        return list(found.values()) if row is None else [found[row]] if row in found else []

    def text(self, project: str, place: Address, row: str | None) -> str | None:
        """What is printed in one cell; the year, which no cell holds, as the project has it."""
        cells = self.cells(project, place, row)
        if not cells and place.table == "projects":
            value = self._projects[project][place.column]
            return None if value is None else str(value)
        printed: str | None = cells[0]["printed"] if cells else None
        return printed

    def place(self, project: str, place: Address, row: str | None) -> Place:
        """The lines of the cell, or those of its row or form where it has no cell."""
        row = place.row or row
        cells: Iterable[Cell] = self.cells(project, place, row) or self._neighbours(
            project, place.table, row
        )
        cells = list(cells) or [self._projects[project]]
        return Place(
            self._projects[project]["document"],
            min((cell["page"] for cell in cells if "page" in cell), default=None),
            min(cell["line_start"] for cell in cells),
            max(cell["line_end"] for cell in cells),
            together(cell.get("address") or "" for cell in cells),
        )

    def _neighbours(self, project: str, table: str, row: str | None) -> Iterable[Cell]:
        """All cells of a row, or of a table."""
        cells = self._tables["cells"]
        mask = pc.and_(pc.equal(cells["project_id"], project), pc.equal(cells["table"], table))
        if row is not None:
            mask = pc.and_(mask, pc.equal(cells["row"], row))
        found: list[Cell] = cells.filter(mask).to_pylist()
        return found


def together(addresses: Iterable[str]) -> str | None:
    """One address for several: the cell, or the smallest range that holds all: `自评表!C12:H12`.

    None where there is none; cells of several sheets or tables have the range of the first.
    """
    known = [address for address in dict.fromkeys(addresses) if address]
    if len(known) < 2:
        return known[0] if known else None
    found = [match for address in known for match in _REFERENCE.finditer(address)]
    found = [one for one in found if one["table"] == found[0]["table"]]
    if not found:
        return known[0]
    columns = sorted({one["column"] for one in found}, key=lambda name: (len(name), name))
    rows = sorted({int(one["row"]) for one in found})
    first, last = f"{columns[0]}{rows[0]}", f"{columns[-1]}{rows[-1]}"
    table = f"{found[0]['table']}!" if found[0]["table"] else ""
    return f"{table}{first}" if first == last else f"{table}{first}:{last}"
