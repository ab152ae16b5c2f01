"""Executes a notebook with papermill and keeps the executed copy as the record of the run.

The copy holds no clock time, no random id and no folder of the machine: two runs on the same
input write the same bytes.  Folders stand in it relative to the copy, which therefore runs
again, by hand, from where it lies.
"""

import ast
import logging
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from audit_utils import files
from audit_utils.errors import AuditError

ENGINE = "audit-fork"  # audit_utils.engine, by its entry point

# papermill's notes about its input and output are no messages for an auditor.
logging.getLogger("papermill").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Failure:
    """A notebook that broke: `cell` is the position (from 1) in the notebook as committed."""

    notebook: str
    cell: int
    cell_id: str
    subject: str
    error: str

    def __str__(self) -> str:
        subject = f" ({self.subject})" if self.subject else ""
        return f"{self.notebook}, cell {self.cell} '{self.cell_id}'{subject}: {self.error}"


@dataclass(frozen=True, slots=True)
class Executed:
    """An executed notebook; `failure` is None when every cell ran."""

    notebook: Any
    failure: Failure | None


def read(path: Path) -> Any:
    """The notebook at `path`, refused (AuditError) unless papermill can hand it parameters.

    papermill injects values above the defaults, which then win, when no cell has the tag
    `parameters`, and takes the first of several: both would run with other values than asked.
    """
    try:
        text = path.read_text("utf-8")
        notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", path) from error
    # What nbformat raises on JSON that is no notebook depends on what is in it.
    except (ValueError, LookupError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise AuditError("is no notebook", path) from error
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise AuditError(
            f"needs exactly one cell with the tag 'parameters', it has {len(tagged)}", path
        )
    return notebook


def parameters(path: Path, notebook: Any) -> set[str]:
    """The names that the cell tagged `parameters` gives a default."""
    (cell,) = (cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise AuditError(f"its cell of parameters is no Python: {error.msg}", path) from error
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def execute(
    path: Path,
    record: Path,
    values: Mapping[str, Any],
    *,
    subject: str = "",
    timeout: float | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Executed:
    """Execute the notebook at `path` with these parameters; write the executed copy to `record`.

    Values that are paths are handed on relative to the folder of `record`, which is the
    working folder of the cells.  A cell that fails is no exception but a `Failure`, and its
    traceback stays in the copy; `subject` says in it what the notebook was about.  `timeout`
    is seconds for one cell, `meanwhile` is called every now and then while they run.
    AuditError: no notebook, or parameters that it does not have.
    """
    notebook = read(path)
    if unknown := sorted(values.keys() - parameters(path, notebook)):
        raise AuditError(f"has no parameter named {', '.join(unknown)}", path)
    positions = {cell.id: number for number, cell in enumerate(notebook.cells, start=1)}
    try:
        record.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"cannot be made: {error.strerror}", record.parent) from error
    options = {"execution_timeout": timeout, "meanwhile": meanwhile}
    done, broke = _run(notebook, record.resolve(), values, options)
    _strip(done, positions.keys())
    text = nbformat.writes(done) + "\n"  # type: ignore[no-untyped-call]
    files.write(record.parent, {record.name: text.encode()})
    if broke is None:
        return Executed(done, None)
    cell = next(cell for cell in done.cells if _failed(cell))
    position = positions.get(cell.id, 0)
    return Executed(done, Failure(path.name, position, cell.id, subject, broke))


def _run(
    notebook: Any, record: Path, values: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[Any, str | None]:
    """The executed notebook, and the error that stopped it."""
    # papermill hands out a notebook that failed only as a file.
    with TemporaryDirectory() as folder:
        output = Path(folder) / "executed.ipynb"
        error: str | None = None
        try:
            papermill.execute_notebook(
                notebook,
                str(output),
                parameters={name: _plain(value, record.parent) for name, value in values.items()},
                engine_name=ENGINE,
                request_save_on_cell_execute=False,
                progress_bar=False,
                folder=str(record.parent),
                **options,
            )
        except PapermillExecutionError as failed:
            error = f"{failed.ename}: {failed.evalue}"
        return nbformat.read(output, as_version=4), error  # type: ignore[no-untyped-call]


def _plain(value: Any, folder: Path) -> Any:
    return os.path.relpath(value.resolve(), folder) if isinstance(value, Path) else value


def _failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def _strip(notebook: Any, own: Collection[str]) -> None:
    """Take out what differs from run to run: papermill's times, and ids of added cells."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    added = count(1)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if cell.id not in own:
            cell.id = f"added-{next(added)}"
