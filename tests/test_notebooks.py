"""The notebooks: thin, committed without outputs, and running by hand with their defaults."""

import ast
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from reporting import EXPECTATIONS, NOTEBOOKS, ROOT

from audit_utils import cases, pipeline
from audit_utils.report import execution

NAMES = ["01_tables", "02_findings", "03_report", "rules", "index", "04_extend"]


def cells_of(name: str, kind: str | None = None) -> list[Any]:
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    return [cell for cell in book.cells if kind in (None, cell.cell_type)]


def test_the_notebooks_of_a_run_are_there() -> None:
    assert set(NAMES) <= {path.stem for path in NOTEBOOKS.glob("*.ipynb")}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_run_is_committed(name: str) -> None:
    text = (NOTEBOOKS / f"{name}.ipynb").read_text("utf-8")
    assert not re.search(r'"(papermill|execution|toc|widgets)":', text)
    for cell in cells_of(name, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None


@pytest.mark.parametrize("name", NAMES)
def test_ids_of_cells_are_names(name: str) -> None:
    ids = [cell.id for cell in cells_of(name)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", one) for one in ids)


@pytest.mark.parametrize("name", NAMES)
def test_the_title_asks_a_question_and_parameters_and_imports_follow(name: str) -> None:
    title, first, second = cells_of(name)[:3]
    assert re.match(r"# .+？\n", title.source)
    assert first.metadata.tags == ["parameters"]
    assert all(isinstance(one, ast.Assign) for one in ast.parse(first.source).body)
    assert isinstance(ast.parse(second.source).body[0], ast.Import | ast.ImportFrom)
    others = "\n".join(cell.source for cell in cells_of(name, "code")[2:])
    assert "import " not in others


@pytest.mark.parametrize("name", NAMES)
def test_what_a_notebook_does_lives_in_the_library(name: str) -> None:
    logic = (
        ast.FunctionDef,
        ast.ClassDef,
        ast.Lambda,
        ast.For,
        ast.While,
        ast.If,
        ast.comprehension,
    )
    for cell in cells_of(name, "code"):
        assert len(cell.source.splitlines()) <= 12
        tree = list(ast.walk(ast.parse(cell.source)))
        assert not [node for node in tree if isinstance(node, logic)]
        if "parameters" not in cell.metadata.get("tags", []):
            numbers = [node.value for node in tree if isinstance(node, ast.Constant)]
            assert not [
                value for value in numbers if isinstance(value, int | float) and value is not True
            ]


@pytest.mark.parametrize("name", NAMES)
def test_every_step_has_a_heading_and_says_what_it_is_for(name: str) -> None:
    heading = False
    for cell in cells_of(name)[3:]:
        if cell.cell_type == "markdown":
            assert re.match(r"## .+\n\n.*[\u4e00-\u9fff]", cell.source)
            heading = True
        assert heading or cell.id in ("style", "verdict", "summary")


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_takes_its_parameters(name: str) -> None:
    book = execution.read(NOTEBOOKS / f"{name}.ipynb")
    taken = execution.parameters(NOTEBOOKS, book)
    assert {"processed", "scratch" if name == "04_extend" else "year"} <= taken


def test_the_notebooks_run_by_hand_one_after_the_other(tmp_path: Path) -> None:
    """In a folder beside data and expectations, with the defaults, as JupyterLab starts them."""
    for name in ("data/raw", "expectations", "notebooks", "tests/rules"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in NAMES:
        book = tmp_path / "notebooks" / f"{name}.ipynb"
        done = execution.execute(book, tmp_path / "by hand" / f"{name}.ipynb", {})
        assert done.failure is None
        for cell in done.notebook.cells:
            shows = cell.cell_type == "code" and not cell.metadata.get("tags")
            assert not shows or cell.outputs or cell.id == "imports"
            assert all(output.output_type == "display_data" for output in cell.get("outputs", []))
    for name in ("expectations", "notebooks", "tests/rules"):
        assert contents(tmp_path / name) == contents(ROOT / name), "a notebook changed the project"


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_bench_of_the_steward_ends_with_a_rule_that_has_no_fault(tmp_path: Path) -> None:
    pipeline.make_tables(2022, ROOT / "data" / "raw", tmp_path / "processed")
    given = {
        "processed": tmp_path / "processed",
        "expectations": EXPECTATIONS,
        "cases": ROOT / "tests" / "rules",
        "scratch": tmp_path / "scratch",
    }
    done = execution.execute(
        NOTEBOOKS / "04_extend.ipynb", tmp_path / "executed" / "04_extend.ipynb", given
    )
    assert done.failure is None
    shown = {
        cell.id: cell.outputs[0].data["text/plain"]
        for cell in done.notebook.cells
        if cell.get("outputs")
    }
    assert shown["try"] == "(True, 3, 0)"
    assert re.search(r"2022 +16 +3", shown["outcomes"])
    assert "XX01" not in shown["check"]
    assert '"code": "XX01"' in shown["changes"]
    written = tmp_path / "scratch" / "tests" / "rules" / "XX01.json"
    assert len(cases.load(written).cases) == 5


def test_the_rules_lie_where_the_notebooks_look() -> None:
    assert (NOTEBOOKS / "../expectations").resolve() == EXPECTATIONS
