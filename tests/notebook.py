"""Notebooks for tests, made of cells of source code."""

from pathlib import Path

import nbformat

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def write(path: Path, *cells: str, defaults: str | None = "n = 1") -> Path:
    """A notebook with a cell of parameters `defaults` (None: without) and these code cells."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})  # type: ignore[no-untyped-call]
    if defaults is not None:
        notebook.cells.append(code(defaults, "parameters", tags=["parameters"]))
    notebook.cells += [code(source, f"c{number}") for number, source in enumerate(cells, 1)]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path


def code(source: str, name: str, **metadata: object) -> nbformat.NotebookNode:
    """A code cell with the id `name`."""
    cell: nbformat.NotebookNode = nbformat.v4.new_code_cell(  # type: ignore[no-untyped-call]
        source, id=name, metadata=metadata
    )
    return cell
