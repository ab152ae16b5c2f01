"""Tables -> the frames that the suites validate: one frame a form and a table, all projects.

A frame holds the rows of its table for every project of the form, and what the suite names
of other tables beside them, under the path of the cell:

    score                  a column of the frame's own table
    projects.total_weight  a cell of the project's head
    funds.total.score      a cell of one of its fund rows
    indicators.name        a cell of each of its indicators (in frames of cells)

`row` is the row as in the table cells (0, the source, the ordinal).  A project that has no
row in the table stands there once with an empty `row`: no project is ever left out.  Beside
a number or a date stands what is printed for it (`score.printed`), beside a cell that not
every form has whether the row's form lacks its column (`score.absent`).  Numbers are exact
decimals.  A frame of indicators can have the columns of comparison.py beside its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from audit_utils import comparison
from audit_utils.dictionary import SOURCES, TABLES, Column, Type
from audit_utils.errors import AuditError
from audit_utils.language import _

PRINTED = ".printed"
ABSENT = ".absent"
_NUMBERS = ("amount", "rate", "points")
_DATES = ("start_date", "end_date")

_NO_CELL = frozenset({"project_id", "year", "document", "seq", "form", "source", "ordinal"})
_MADE_OF = ("target", "actual")
"""Columns out of which others are made that no form prints: `target_value`."""
_ONE_LAYOUT = "text"
"""The kind of document of which one layout is read: a cell that is not there was not found."""

_KEY = {"projects": None, "funds": "source", "indicators": "ordinal", "cells": "row"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a path points: a table, a row (None: every row, or the frame's own), a column."""

    table: str
    row: str | None
    column: str

    @property
    def is_read(self) -> bool:
        """True when its column holds numbers or dates that were read from a printed cell."""
        return _column(self).type in _NUMBERS or self.column in _DATES

    @property
    def printed_in(self) -> str | None:
        """The column of the ledger that its value is read from; None where no cell holds it."""
        if self.column in _NO_CELL or self.column in comparison.COLUMNS:
            return None
        source = self.column.partition("_")[0]
        return source if source in _MADE_OF else self.column


@lru_cache(maxsize=1024)
def address(path: str, home: str) -> Address:
    """The address of `path` in a frame of the table `home`.

    Raises AuditError when the dictionary has no such column.
    """
    table, _, rest = path.rpartition(".")
    table, _, row = table.partition(".")
    found = Address(table or home, row or ("0" if table == "projects" else None), rest)
    known_row = row in SOURCES if table == "funds" else not row
    known = found.table in _KEY and found.column in TABLES[found.table].names
    if not (known and known_row) and not (path in comparison.COLUMNS and home == "indicators"):
        raise AuditError(f"no such column: {path}")
    return found


@lru_cache(maxsize=1024)
def _column(place: Address) -> Column:
    made = comparison.COLUMNS.get(place.column)
    return made or next(c for c in TABLES[place.table].columns if c.name == place.column)


def kind(place: Address) -> Type:
    """The type of a column in the data dictionary."""
    return _column(place).type


def label(place: Address) -> str:
    """The name of a column as the forms call it, with its fund source where it has one."""
    name = _(_column(place).zh)
    if place.table == "funds" and place.row not in (None, "total"):
        return _("{row}{column}", row=_(SOURCES[place.row or ""]), column=name)
    return name


def frame(
    tables: Mapping[str, pa.Table], form: str, table: str, columns: Iterable[str] | None = None
) -> pd.DataFrame:
    """The frame of one table for all projects of a form, Arrow-backed.

    `columns` are the paths that are wanted beside project_id and row (see above); without
    them the table's own columns.  Rows stand in the order of the tables.
    Raises AuditError for a path that does not exist.
    """
    if table == "cells":
        ledger = _ledger(tables, form, columns or ())
        return _pandas(_with_absent(tables, form, ledger, columns or (), table), table)
    paths = dict.fromkeys(TABLES[table].names[1:] if columns is None else columns)
    rows = _rows(tables, form, table)
    found = {"project_id": rows["project_id"], "row": rows["row"]}
    if table == "indicators" and any(path in comparison.COLUMNS for path in paths):
        made = comparison.compare(rows)
        rows = pa.table([*rows.columns, *made.columns], [*rows.column_names, *made.column_names])
    for path in paths:
        place = address(path, table)
        found[path] = _values(tables, rows, table, place)
        if place.is_read:
            found[path + PRINTED] = _printed(tables, rows, table, place)
    return _pandas(_with_absent(tables, form, pa.table(found), paths, table), table)


def _with_absent(
    tables: Mapping[str, pa.Table], form: str, rows: pa.Table, paths: Iterable[str], home: str
) -> pa.Table:
    """The rows with a column `path.absent` for each path whose column a form does not have."""
    cells = _of_layouts(tables, form)
    if not len(cells):  # the usual case, and the cheap one
        return rows
    every = cells["project_id"].unique()
    with_indicators = _having(cells, "indicators")
    for path in dict.fromkeys(paths):
        place = address(path, home)
        if place.table == "cells" or place.printed_in is None:
            continue
        # a form without indicators has their columns all the same: by their head it is known
        candidates = with_indicators if place.table == "indicators" else every
        there = pc.is_in(candidates, value_set=_having(cells, place.table, place.printed_in))
        absent = candidates.filter(pc.invert(there))
        if len(absent):
            lacks = pc.is_in(rows["project_id"], value_set=absent)
            rows = rows.append_column(path + ABSENT, lacks)
    return rows


def _of_layouts(tables: Mapping[str, pa.Table], form: str) -> pa.Table:
    """The ledger of the form's projects whose documents may have any layout."""
    documents, projects = tables["documents"], _projects(tables, form)
    names = documents.filter(pc.not_equal(documents["kind"], _ONE_LAYOUT))["document"]
    if not len(names):
        return tables["cells"].slice(0, 0)
    projects = projects.filter(pc.is_in(projects["document"], value_set=names.combine_chunks()))
    cells = tables["cells"].select(["project_id", "table", "column"])
    chosen = pc.is_in(cells["project_id"], value_set=projects["project_id"].combine_chunks())
    return cells.filter(chosen).group_by(cells.column_names).aggregate([])


def _having(cells: pa.Table, table: str, column: str | None = None) -> pa.Array:
    """The projects with any cell of a table, or of one of its columns."""
    mask = pc.equal(cells["table"], table)
    if column is not None:
        mask = pc.and_(mask, pc.equal(cells["column"], column))
    return cells["project_id"].filter(mask).unique()


def _pandas(rows: pa.Table, table: str) -> pd.DataFrame:
    data: pd.DataFrame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    data.attrs["table"] = table
    return data


def _projects(tables: Mapping[str, pa.Table], form: str) -> pa.Table:
    projects = tables["projects"]
    return projects.filter(pc.equal(projects["form"], form))


def _of(tables: Mapping[str, pa.Table], form: str, table: str) -> pa.Table:
    """The table's rows of the form's projects."""
    rows, projects = tables[table], _projects(tables, form)
    if len(projects) == len(tables["projects"]):
        return rows
    return rows.filter(pc.is_in(rows["project_id"], value_set=projects["project_id"]))


def _rows(tables: Mapping[str, pa.Table], form: str, table: str) -> pa.Table:
    """The table's rows of the form's projects, with `row`, and one for projects without any."""
    projects = _projects(tables, form)
    if table == "projects":
        return projects.append_column("row", pa.array(["0"] * len(projects), pa.string()))
    rows = _of(tables, form, table)
    rows = rows.append_column("row", rows[_KEY[table]].cast(pa.string()))
    return pa.concat_tables([rows, _without(projects, rows)], promote_options="default")


def _without(projects: pa.Table, rows: pa.Table) -> pa.Table:
    """The projects that have no row: their stand-ins."""
    some = pc.is_in(projects["project_id"], value_set=rows["project_id"])
    return projects.filter(pc.invert(some)).select(["project_id"])


def _values(
    tables: Mapping[str, pa.Table], rows: pa.Table, home: str, place: Address
) -> pa.ChunkedArray:
    """The column at `place` for each row: its own, or that of its project's one cell."""
    if place.table == home and place.row is None:
        return rows[place.column]
    other = tables[place.table]
    if place.table == "funds":
        other = other.filter(pc.equal(other["source"], place.row))
    elif place.table != "projects":
        raise AuditError(f"{place.table}.{place.column} is not one cell of a project")
    return other[place.column].take(_position(rows["project_id"], other["project_id"]))


def _printed(
    tables: Mapping[str, pa.Table], rows: pa.Table, home: str, place: Address
) -> pa.ChunkedArray:
    """What is printed at `place` for each row."""
    cells = _cells_of(tables["cells"], place)
    if place.row is not None or place.table != home:
        return cells["printed"].take(_position(rows["project_id"], cells["project_id"]))
    if all(cells[key].equals(rows[key]) for key in ("project_id", "row")):
        return cells["printed"]  # the ledger in the order of the table: the usual case
    wanted, there = (_key(table["project_id"], table["row"]) for table in (rows, cells))
    return cells["printed"].take(_position(wanted, there))


def _cells_of(cells: pa.Table, place: Address) -> pa.Table:
    """project_id, row and printed of the cells at `place`."""
    mask = pc.and_(pc.equal(cells["table"], place.table), pc.equal(cells["column"], place.column))
    if place.row is not None:
        mask = pc.and_(mask, pc.equal(cells["row"], place.row))
    return cells.select(["project_id", "row", "printed"]).filter(mask)


def _position(wanted: pa.ChunkedArray, there: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where each of `wanted` stands in `there`, null when it does not."""
    return pc.index_in(wanted, value_set=there.combine_chunks(), skip_nulls=True)


def _key(project_id: pa.ChunkedArray, row: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(project_id, row, "\x1f")


def _ledger(tables: Mapping[str, pa.Table], form: str, paths: Iterable[str]) -> pa.Table:
    """The ledger of the form's projects, completed by the cells of `paths` that it lacks.

    A column that a form does not have leaves no cell; what is asked for by its path stands
    in the frame all the same, with nothing printed.
    """
    cells = _of(tables, form, "cells")
    places = [place for path in paths if (place := address(path, "cells")).table != "cells"]
    lacking = [_lacking(tables, form, cells, place) for place in places]
    cells = pa.concat_tables([cells, *lacking], promote_options="default")
    without = _without(_projects(tables, form), cells)
    return pa.concat_tables([cells, without], promote_options="default")


def _lacking(
    tables: Mapping[str, pa.Table], form: str, cells: pa.Table, place: Address
) -> pa.Table:
    rows = _rows(tables, form, place.table if place.row is None else "projects")
    rows = rows.filter(pc.is_valid(rows["row"])).select(["project_id", "row"])
    if place.row is not None:
        rows = rows.set_column(1, "row", pa.array([place.row] * len(rows), pa.string()))
    there = _cells_of(cells, place)
    if len(there) == len(rows):  # the form has the column: the usual case, and the cheap one
        return rows.slice(0, 0)
    known = pc.is_in(
        _key(rows["project_id"], rows["row"]),
        value_set=_key(there["project_id"], there["row"]).combine_chunks(),
    )
    rows = rows.filter(pc.invert(known))
    for name in ("table", "column"):
        text = getattr(place, name)
        rows = rows.append_column(name, pa.array([text] * len(rows), pa.string()))
    return rows
