"""Records -> tables, and tables <-> Parquet files with their data package.

Columns, types and units are those of `dictionary.py`; every number is made here, once,
from a printed cell by `values.py`.  A printed number that cannot be read leaves its
column empty and a row in the table problems; the ledger keeps it as printed.
"""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from audit_utils import copies, files, values
from audit_utils.dictionary import RECORDS, RESULTS, TABLES, Column, Type
from audit_utils.errors import AuditError
from audit_utils.records import Cell, Document, Form, Row

Tables = dict[str, pa.Table]
"""Table name -> table, with the schema of the dictionary."""

_EMPTY = Cell(None, 0, 0, 0)
_NO_ROW: Row = {}
_PACKAGE = "datapackage.json"
_FLUSH = 200_000
"""Rows that wait as Python objects before they become Arrow: bounds the memory."""


@dataclass
class _Rows:
    """Rows of one table on their way to Arrow."""

    schema: pa.Schema
    waiting: list[tuple[object, ...]] = field(default_factory=list)
    done: list[pa.Table] = field(default_factory=list)

    def add(self, *row: object) -> None:
        self.waiting.append(row)
        if len(self.waiting) >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        columns = zip(*self.waiting, strict=True) if self.waiting else [()] * len(self.schema)
        kinds = zip(columns, self.schema.types, strict=True)
        arrays = [pa.array(column, kind) for column, kind in kinds]
        self.done.append(pa.table(arrays, schema=self.schema))
        self.waiting.clear()

    def table(self) -> pa.Table:
        self._flush()
        return pa.concat_tables(self.done)


_AllRows = Mapping[str, _Rows]


def build(
    documents: Iterable[Document],
    year: int | None = None,
    refused: Mapping[str, AuditError] | None = None,
) -> Tables:
    """The tables of RECORDS: documents, projects, funds, indicators, cells, problems, lines.

    `year` is the year of the folder; without it each form's printed year counts.  Rows
    stand in the order of document name, form, printed row.  A form that several documents
    show stands in its best source alone; otherwise several forms of one project keep a row
    each: the second gets the project_id of the first with `-2`.  `refused`
    (file name -> why) are documents that could not be used: they stand in problems alone.
    """
    rows = {name: _Rows(TABLES[name].schema) for name in RECORDS}
    seen: Counter[str] = Counter()
    ordered = sorted(documents, key=lambda document: document.name)
    for document in copies.settle(ordered):
        _add_document(rows, document, year, seen)
    for name, error in sorted((refused or {}).items()):
        place = (error.line, error.line, None)
        rows["problems"].add(name, None, *place, None, error.message, None)
    return {name: table.table() for name, table in rows.items()}


def project_id(year: int | None, form: str, unit: str | None, name: str | None) -> str:
    """`2022-` and 8 hex digits: depends on year, form, unit and name alone."""
    printed_year = f"{year or 0:04d}"
    identity = "\x1f".join((printed_year, form, unit or "", name or ""))
    return f"{printed_year}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def _identity(form: Form, year: int | None) -> str:
    unit, name = (form.head.get(column, _EMPTY).printed for column in ("unit", "name"))
    return project_id(year or form.year, form.kind, unit, name)


def _add_document(rows: _AllRows, document: Document, year: int | None, seen: Counter[str]) -> None:
    forms, name = document.forms, document.name
    kind = forms[0].kind if forms else None
    size = (len(forms), document.bytes, document.pages)
    rows["documents"].add(name, document.sha256, kind, *size, document.kind, *_copies(document))
    projects = {form.seq: _add_form(rows, name, form, year, seen) for form in forms}
    for problem in document.problems:
        project = projects.get(problem.seq) if problem.seq is not None else None
        place = (problem.line_start, problem.line_end, problem.page)
        told = (problem.text or None, problem.message, problem.address or None)
        rows["problems"].add(name, project, *place, *told)
    for quote in document.lines:
        rows["lines"].add(name, *quote)


def _copies(document: Document) -> tuple[int, str | None]:
    """How many of its forms other documents show better, and which documents."""
    return len(document.copies), "; ".join(sorted(set(document.copies))) or None


def _add_form(
    rows: _AllRows, document: str, form: Form, year: int | None, seen: Counter[str]
) -> str:
    """Add a form to all tables and return its project_id."""
    own_year = year or form.year
    identity = _identity(form, year)
    seen[identity] += 1
    project = identity if seen[identity] == 1 else f"{identity}-{seen[identity]}"
    adder = _FormRows(rows, document, form, project, own_year)
    adder.project()
    for source, fund in form.funds.items():
        adder.row("funds", source, fund, {"source": source})
    for ordinal, indicator in enumerate(form.indicators, start=1):
        adder.indicator(ordinal, indicator)
    return project


@dataclass(frozen=True)
class _FormRows:
    """Adds the rows, cells and problems of one form."""

    rows: _AllRows
    document: str
    form: Form
    project_id: str
    year: int | None

    def project(self) -> None:
        form = self.form
        known = {
            "year": self.year,
            "document": self.document,
            "seq": form.seq,
            "form": form.kind,
            "line_start": form.line_start,
            "line_end": form.line_end,
        }
        self.row("projects", "0", form.head, known)
        if form.year not in (None, self.year):
            message = f"the form prints the year {form.year}, it was filed under {self.year}"
            self._problem(Cell(None, form.line_start, form.line_start, form.page), message)

    def indicator(self, ordinal: int, row: Row) -> None:
        target = values.quantity(_text(row.get("target", _EMPTY)), year=self.year)
        actual = values.quantity(
            _text(row.get("actual", _EMPTY)),
            year=self.year,
            bare_month_is_date=target.kind not in ("quantity", "range"),
        )
        known = {
            "ordinal": ordinal,
            "target_kind": target.kind,
            "target_operator": target.operator,
            "target_value": target.value,
            "target_high": target.high,
            "target_unit": target.unit,
            "actual_kind": actual.kind,
            "actual_operator": actual.operator,
            "actual_value": actual.value,
            "actual_unit": actual.unit,
        }
        self.row("indicators", str(ordinal), row, known)

    def row(self, table: str, number: str, row: Row, known: Mapping[str, object]) -> None:
        """Add a row to its table and its cells to the ledger; `known` needs no cell."""
        first = min((cell.line_start for cell in row.values()), default=self.form.line_start)
        last = max((cell.line_end for cell in row.values()), default=self.form.line_end)
        done = {"project_id": self.project_id, "line_start": first, "line_end": last, **known}
        cells = (
            done[column.name] if column.name in done else self._value(column, row.get(column.name))
            for column in TABLES[table].columns
        )
        self.rows[table].add(*cells)
        for column_name, cell in row.items():
            self._cell(table, number, column_name, cell)

    def _cell(self, table: str, number: str, column: str, cell: Cell) -> None:
        place = (self.document, cell.page, cell.line_start, cell.line_end)
        inferred = (cell.inferred, cell.note or None, cell.address or None)
        self.rows["cells"].add(
            self.project_id, table, number, column, cell.printed, *place, *inferred
        )

    def _value(self, column: Column, cell: Cell | None) -> object:
        """The value of a printed cell; a problem when it should be a number and is none."""
        if cell is None or cell.printed is None:
            return None
        value, wanted = _read(column, cell.reading or cell.printed, self.form.money_unit)
        if wanted:
            self._problem(cell, f"{column.name} is not {wanted}")
        return value

    def _problem(self, cell: Cell, message: str) -> None:
        place = (cell.line_start, cell.line_end, cell.page)
        told = (cell.printed, message, cell.address or None)
        self.rows["problems"].add(self.document, self.project_id, *place, *told)


def _text(cell: Cell) -> str | None:
    """What the value of a cell is read from."""
    return cell.reading or cell.printed


def _read(column: Column, printed: str, money_unit: str) -> tuple[object, str]:
    """The value of a cell, and what it should have been when it cannot be read."""
    value: object = printed
    wanted = ""
    if column.type == "amount":
        value, wanted = values.amount(printed, money_unit), "an amount of money"
    elif column.type == "rate":
        value, wanted = values.percent(printed), "a rate in percent"
    elif column.type == "points":
        value, wanted = values.points(printed), "a number of points"
    elif column.name in ("start_date", "end_date"):
        day = values.date(printed)
        value, wanted = day and day.isoformat(), "a date"
    elif column.name in ("target", "actual") and values.misprinted(printed):
        return printed, "a number"
    return value, "" if value is not None or values.empty(printed) else wanted


def of_rows(name: str, rows: Iterable[Mapping[str, object]]) -> pa.Table:
    """Rows as dictionaries -> a table of that name; a column that a row lacks is null."""
    return pa.Table.from_pylist([dict(row) for row in rows], TABLES[name].schema)


def write(
    tables: Mapping[str, pa.Table], directory: Path, about: Mapping[str, Any] | None = None
) -> None:
    """Write the tables as Parquet, and `datapackage.json` for all that are there afterwards.

    Checks and findings that are there go when the tables they were made from are replaced.
    `about` says where the documents come from and which parameters hold for them; without
    it what the folder says already stays.  The bytes depend on the arguments alone.
    Raises AuditError when a file cannot be written.
    """
    if "projects" in tables:
        files.remove(_path(directory, name) for name in RESULTS)
    contents = {f"{name}.parquet": _parquet(name, table) for name, table in tables.items()}
    present = [name for name in TABLES if name in tables or _path(directory, name).is_file()]
    package = datapackage(present, read_about(directory) if about is None else about)
    contents[_PACKAGE] = json.dumps(package, ensure_ascii=False, indent=2, default=str).encode()
    files.write(directory, contents)


def read_about(directory: Path) -> dict[str, Any]:
    """What the data package of a folder says about its documents: title, parameters, ..."""
    path = directory / _PACKAGE
    try:
        package = json.loads(path.read_text("utf-8"))
        return dict(package.get("about", {}))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise AuditError("cannot be read as a data package", path) from error


def _parquet(name: str, table: pa.Table) -> bytes:
    if not table.schema.equals(TABLES[name].schema):
        raise TypeError(f"{name}: columns differ from the dictionary: {table.schema}")
    stream = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(), stream, compression="zstd")
    return stream.getvalue()


def _path(directory: Path, name: str) -> Path:
    return directory / f"{name}.parquet"


def read(directory: Path, names: Iterable[str] = RECORDS) -> Tables:
    """Read tables back; raises AuditError naming the file and column that is not as written."""
    return {name: _read_table(_path(directory, name), name) for name in names}


def _read_table(path: Path, name: str) -> pa.Table:
    if not path.is_file():
        raise AuditError("no such table; `audit-utils run` or `tables` makes it", path)
    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise AuditError("cannot be read as Parquet", path) from error
    for fault in _faults(table.schema, TABLES[name].schema):
        raise AuditError(fault, path)
    return table


def _faults(found: pa.Schema, wanted: pa.Schema) -> Iterator[str]:
    for column in wanted:
        if column.name not in found.names:
            yield f"column {column.name} is missing"
        elif found.field(column.name).type != column.type:
            yield f"column {column.name} is {found.field(column.name).type}, not {column.type}"
    for column_name in found.names:
        if column_name not in wanted.names:
            yield f"column {column_name} is not in the dictionary"
    if found.names != wanted.names:
        yield f"columns are in another order: {', '.join(found.names)}"


_FRICTIONLESS: dict[Type, str] = {"string": "string", "integer": "integer", "boolean": "boolean"}


def datapackage(names: Iterable[str], about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The Frictionless data package of these tables: every column with type, unit, description."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "audit-utils",
        "title": "Performance forms of budget-funded projects",
        "about": dict(about or {}),
        "resources": [_resource(name) for name in names],
    }


def _resource(name: str) -> dict[str, Any]:
    table = TABLES[name]
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if "project_id" in table.names and name not in ("projects", "problems"):
        reference = {"resource": "projects", "fields": ["project_id"]}
        schema["foreignKeys"] = [{"fields": ["project_id"], "reference": reference}]
    return {
        "name": name,
        "path": f"{name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description_en,
        "description_zh": table.description_zh,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": column.name, "type": _FRICTIONLESS.get(column.type, "number")}
    if column.unit:
        entry["unit"] = column.unit
    entry |= {"description": column.en, "description_zh": column.zh}
    if column.values:
        said = "、".join(f"{name}（{value}）" for value, name in column.values.items())
        entry["description_zh"] += f"：{said}"
        entry["constraints"] = {"enum": list(column.values)}
    return entry
