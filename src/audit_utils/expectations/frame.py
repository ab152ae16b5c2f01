"""A validated frame as exact Arrow columns: what the expectations read of it."""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from audit_utils import values
from audit_utils.batches import ABSENT, PRINTED, Address, address, kind, label
from audit_utils.dictionary import SOURCES, TABLES, Type
from audit_utils.language import _
from audit_utils.phrases import clauses, listed
from audit_utils.precision import plain

_ROUGH = Context(prec=60)
_PRINTED_IN = {"target_value": "target", "target_high": "target", "actual_value": "actual"}
"""Numbers that were read from the text of another column."""

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Absent = Mapping[str, Bools]
"""Columns that not every form has -> the projects whose form lacks it."""

Where = Mapping[str, Any]
"""Column -> the value, or the values, that its rows must have."""


class Frame:
    """A frame as batches.frame makes it, or any with project_id, row and the columns needed.

    `projects` are the projects in order, `codes` the number of each row's project among
    them.  batches.frame notes the table that the frame is made of in its `attrs`; without
    that, columns are called by their names.
    """

    def __init__(self, data: pd.DataFrame) -> None:
        self.data = data
        self.home: str = data.attrs.get("table", "")
        self._columns: dict[str, pa.Array] = {}
        self._printed: dict[str, str] = {}
        self._kinds: dict[str, tuple[Ints, list[Any]]] = {}
        encoded = self.column("project_id").dictionary_encode()
        self.projects: list[str] = encoded.dictionary.to_pylist()
        self.codes: Ints = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)

    def __len__(self) -> int:
        return len(self.data)

    def column(self, path: str) -> pa.Array:
        """The column as an Arrow array; raises KeyError naming it when it is not there."""
        if path not in self._columns:
            if path not in self.data.columns:
                raise KeyError(f"the frame has no column {path}")
            array = pa.array(self.data[path])
            chunked = isinstance(array, pa.ChunkedArray)
            self._columns[path] = array.combine_chunks() if chunked else array
        return self._columns[path]

    def has(self, path: str) -> bool:
        """Whether there is such a column."""
        return path in self._columns or path in self.data.columns

    def label(self, path: str) -> str:
        """The column's name as the forms print it."""
        return label(address(path, self.home)) if self.home or "." in path else path

    def part_name(self, path: str) -> str:
        """A cell elsewhere as a part of a sum is called: the row of money is the execution."""
        return _("预算执行") if path.startswith("funds.") else self.label(path)

    def column_name(self, path: str) -> str:
        """A column as a whole, without a row; money has some that are called as the indicators'."""
        place = address(path, self.home)
        name = label(Address(place.table, None, place.column))
        shared = place.table == "funds" and place.column in TABLES["indicators"].names
        return _("预算执行{column}", column=name) if shared else name

    def absent(self, paths: Iterable[str]) -> Absent:
        """Which of these columns some forms do not have at all, and the projects of those."""
        return {
            path: bools(self.column(path + ABSENT).take(self.first_rows))
            for path in dict.fromkeys(paths)
            if self.has(path + ABSENT)
        }

    def kind(self, path: str) -> Type:
        """The type of the column in the data dictionary: amount, rate, points, number, …"""
        return kind(address(path, self.home)) if self.home or "." in path else "number"

    def row(self, position: int) -> str | None:
        """The row as in the table cells: 0, the source, the ordinal; None for a stand-in."""
        found: str | None = self.column("row")[position].as_py()
        return found

    @cached_property
    def present(self) -> Bools:
        """False for the stand-in row of a project that has none."""
        return valid(self.column("row"))

    def places(self, path: str, where: Where | None = None) -> Ints:
        """The rows to look at for `path`: its own rows, or one a project for a cell elsewhere."""
        if "." in path:
            return self.first_rows
        return np.flatnonzero(self.present & self.matches(where))

    @cached_property
    def first_rows(self) -> Ints:
        """The first row of each project."""
        return np.unique(self.codes, return_index=True)[1].astype(np.int64)

    @property
    def nowhere(self) -> Bools:
        """False for every row."""
        return np.zeros(len(self), bool)

    @cached_property
    def _members(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.codes, kind="stable")
        return order, np.searchsorted(self.codes[order], np.arange(len(self.projects) + 1))

    def members(self, code: int) -> Ints:
        """The rows of a project (stand-in row included)."""
        order, bounds = self._members
        return order[bounds[code] : bounds[code + 1]]

    def with_any(self, rows: Bools) -> Bools:
        """The projects to which any of these rows belongs."""
        found = np.zeros(len(self.projects), bool)
        found[self.codes[rows]] = True
        return found

    def without_value(self, path: str, project: int) -> str:
        """The rows of a project in which a column has no value: `缺少：第3项二级指标`."""
        rows = self.members(project)
        rows = rows[~valid(self.column(path).take(rows))]
        names = listed(row_name(self.row(int(row))) for row in rows)
        return _("缺少：{names}", names=_("{row}{column}", row=names, column=self.label(path)))

    def missing(self, paths: Iterable[str], rows: Ints) -> Bools:
        """Where one of the cells has no value."""
        found = self.nowhere[rows]
        for path in paths:
            found |= ~valid(self.column(path))[rows]
        return found

    def blank(self, paths: Iterable[str], rows: Ints) -> Bools:
        """Where nothing at all is printed in these cells."""
        found = ~self.nowhere[rows]
        for path in paths:
            found &= ~valid(self.column(self._text(path)))[rows]
        return found

    def _text(self, path: str) -> str:
        """The column with what is printed for another one."""
        if path not in self._printed:
            options = (path + PRINTED, _PRINTED_IN.get(path, path), path)
            known = (option for option in options if option in self.data.columns)
            self._printed[path] = next(known, path)
        return self._printed[path]

    def any_text(self, path: str | None, empty: Iterable[str] = ()) -> Bools:
        """The projects in which any row of the column has a text, but for these texts."""
        found = np.zeros(len(self.projects), bool)
        if path:
            texts = pc.utf8_trim(self.column(path), characters=" 。.;；,，")
            filled = pc.invert(pc.is_in(texts, value_set=pa.array(["", *empty], pa.string())))
            found[self.codes[valid(texts) & bools(filled)]] = True
        return found

    def matches(self, where: Where | None) -> Bools:
        """The rows in which each column of `where` has (one of) the values."""
        found = np.ones(len(self), bool)
        for path, wanted in (where or {}).items():
            options = wanted if isinstance(wanted, list) else [wanted]
            codes, kinds = self._encoded(path)
            chosen = [codes == kinds.index(kind) for kind in options if kind in kinds]
            found &= np.logical_or.reduce([self.nowhere, *chosen])
        return found

    def _encoded(self, path: str) -> tuple[Ints, list[Any]]:
        """A column of few kinds as the number of each row's kind, and the kinds."""
        if path not in self._kinds:
            encoded = self.column(path).dictionary_encode(null_encoding="encode")
            self._kinds[path] = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
        return self._kinds[path]

    def text(self, path: str, position: int) -> str | None:
        """What is printed in a cell, None for nothing."""
        found = self.column(self._text(path))[position].as_py()
        return None if found is None else str(found)

    def number(self, path: str, position: int) -> Decimal | None:
        """The exact number of a cell."""
        found = self.column(path)[position].as_py()
        return None if found is None else Decimal(found)

    def unit(self, path: str, position: int, decimals: int = 0) -> Decimal:
        """One unit of the last printed digit, but of at least so many decimals."""
        value, printed = self.number(path, position), self.text(path, position)
        unit = values.last_digit(printed, value)
        return min(unit, Decimal(1).scaleb(-decimals)) if decimals else unit

    def express(self, value: Decimal, path: str, position: int) -> str:
        """A value written as the cell at `path` is: its scale, its %, at least its decimals."""
        text = self.text(path, position)
        decimals = values.decimals(text)
        scale = _ROUGH.divide(self.unit(path, position), Decimal(1).scaleb(-decimals))
        number = plain(_ROUGH.divide(value, scale))
        short = decimals - len(number.partition(".")[2])
        padded = number + ("." if "." not in number and short > 0 else "") + "0" * max(short, 0)
        return padded + ("%" if (text or "").rstrip().endswith(("%", "％")) else "")

    def lacking(self, paths: Iterable[str], position: int, *, named: bool = False) -> str:
        """Why these cells do not give a number: `缺少：得分`, or `无法识别：得分“十”`.

        `named` puts the row before the name of the column.
        """
        missing: list[str] = []
        unread: list[str] = []
        for path in paths:
            text = self.text(path, position)
            row = self.row(position) if named and "." not in path else None
            name = of_row(row, self.label(path))
            if text is None:
                missing.append(name)
            elif self.column(path)[position].as_py() is None:
                unread.append(with_text(name, text))
        return clauses(
            _(fault, names=listed(names))
            for fault, names in (("缺少：{names}", missing), ("无法识别：{names}", unread))
            if names
        )


def row_name(row: str | None) -> str:
    """A row as the forms call it: a fund source by its name, an indicator by its number."""
    if not row or row == "0":
        return ""
    return _(SOURCES[row]) if row in SOURCES else _("第{row}项", row=row)


def of_row(row: str | None, column: str) -> str:
    """A column of a row, by their names: `第3项得分`."""
    name = row_name(row)
    return _("{row}{column}", row=name, column=column) if name else column


def with_text(cell: str, text: str | None) -> str:
    """The name of a cell and what is printed in it: `第3项得分“优”`."""
    if text is None:
        return _("{cell}（无）", cell=cell)
    return _("{cell}“{text}”", cell=cell, text=text)


def bools(array: pa.Array) -> Bools:
    """A boolean array; null is False."""
    found: Bools = pc.fill_null(array, fill_value=False).to_numpy(zero_copy_only=False)
    return found


def valid(array: pa.Array) -> Bools:
    """Where there is a value."""
    return bools(pc.is_valid(array))
