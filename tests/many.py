"""A year of many projects: the real one again and again, under new names, units and documents."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from audit_utils import tables
from audit_utils.tables import Tables

UNITS = 60


def year(read: Tables, projects: int) -> Tables:
    """The tables with as many projects: each has its own id, name, unit and findings.

    The outcomes of the rules repeat those of the real projects, so that they are as frequent.
    """
    copies = -(-projects // read["projects"].num_rows)
    made = {name: _repeated(table, copies) for name, table in read.items()}
    kept = made["projects"].slice(0, projects)["project_id"]
    return {
        name: table.filter(pc.is_in(table["project_id"], kept))
        if "project_id" in table.column_names else table
        for name, table in made.items()
    }  # fmt: skip


def write(source: Path, target: Path, projects: int) -> None:
    """The tables in the folder `source`, made many, in the folder `target`."""
    read = tables.read(source, [path.stem for path in sorted(source.glob("*.parquet"))])
    tables.write(year(read, projects), target, tables.read_about(source))


def _repeated(table: pa.Table, copies: int) -> pa.Table:
    parts = [_copy(table, number) for number in range(copies)]
    return pa.concat_tables(parts).combine_chunks()


def _copy(table: pa.Table, number: int) -> pa.Table:
    """The rows of one copy: its ids, names, unit, document and conditions are its own."""
    for column in ("project_id", "finding_id", "name", "unit", "document", "condition"):
        if number and column in table.column_names:
            at = table.column_names.index(column)
            table = table.set_column(at, table.schema.field(at), _own(table, column, number))
    return table


def _own(table: pa.Table, column: str, number: int) -> pa.ChunkedArray:
    values = table[column]
    if column in ("project_id", "finding_id"):
        return pc.replace_substring_regex(
            values, r"(\d{4}-[0-9a-f]{4})[0-9a-f]{4}", rf"\1{number:04x}"
        )
    if column == "name" and "ordinal" in table.column_names:
        return values  # of an indicator
    own = {"name": f"（{number}）", "unit": f"第{number % UNITS + 1}分所"}.get(column, f" {number}")
    return pc.binary_join_element_wise(values, pa.scalar(own), "")
