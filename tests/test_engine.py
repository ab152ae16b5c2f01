"""The papermill engine: cells in a forked child, isolated, and an executed copy that is the same
in every run."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import notebook
import papermill.engines
import pytest

from audit_utils.engine import ForkEngine
from audit_utils.errors import AuditError
from audit_utils.report.execution import Executed, execute

warmed = "cold"


def run(folder: Path, *cells: str, timeout: float | None = None, **values: Any) -> Executed:
    """Execute these cells, with parameters that all have a default."""
    defaults = "\n".join(f"{name} = None" for name in {"n": 0, **values})
    path = notebook.write(folder / "book.ipynb", *cells, defaults=defaults)
    return execute(
        path, folder / "out" / "book.ipynb", values, subject="a project", timeout=timeout
    )


def shown(executed: Executed, cell: str) -> list[Any]:
    """What a cell shows: texts of streams, and plain texts of results."""
    (found,) = (one for one in executed.notebook.cells if one.id == cell)
    return [output.get("text") or output["data"]["text/plain"] for output in found.outputs]


def test_papermill_finds_the_engine_by_its_entry_point() -> None:
    assert papermill.engines.papermill_engines.get_engine("audit-fork") is ForkEngine


def test_cells_share_names_and_show_streams_and_results(tmp_path: Path) -> None:
    done = run(tmp_path, "a = 20", "import sys\nprint(a)\nprint('careful', file=sys.stderr)\na + 1")
    assert done.failure is None
    assert shown(done, "c2") == ["20\n", "careful\n", "21"]
    assert [cell.execution_count for cell in done.notebook.cells] == [1, 2, 3]


def test_a_child_has_what_its_parent_has_in_memory(tmp_path: Path) -> None:
    global warmed
    warmed = "warm"
    done = run(tmp_path, f"import sys\nsys.modules[{__name__!r}].warmed")
    assert shown(done, "c1") == ["'warm'"]


def mask() -> int:
    """The file mask, which can be read by setting it only."""
    os.umask(now := os.umask(0))
    return now


HARM = {
    "environment": ("import os\nos.environ['HARM'] = '1'", lambda: os.environ.get("HARM")),
    "rcParams": ("import matplotlib\nmatplotlib.rcParams['font.size'] = 77",
                 lambda: matplotlib.rcParams["font.size"]),
    "a function replaced": ("import json\njson.dumps = None", lambda: json.dumps),
    "working folder": ("import os\nos.chdir('/')", os.getcwd),
    "search path": ("import sys\nsys.path.append('/harm')", lambda: list(sys.path)),
    "a module": ("import sys\nsys.modules['harm'] = sys", lambda: "harm" in sys.modules),
    "display hook": ("import sys\nsys.displayhook = None", lambda: sys.displayhook),
    "file mask": ("import os\nos.umask(0)", lambda: mask()),
    "exit": ("import os\nos._exit(0)", os.getpid),
    "closed output": ("import os\nos.close(1)\nos.close(2)", lambda: os.fstat(1).st_ino),
}  # fmt: skip


@pytest.mark.parametrize(("source", "state"), HARM.values(), ids=HARM)
def test_a_cell_does_no_harm_to_the_process(
    source: str, state: Callable[[], object], tmp_path: Path
) -> None:
    before = state()
    run(tmp_path, source)
    assert state() == before


FAILURES = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "has a wrong syntax": ("1 +", "SyntaxError"),
    "exits": ("raise SystemExit('no')", "SystemExit: no"),
    "ends the process": ("import os\nos._exit(3)", "ended its process (exit status 3)"),
    "is killed": ("import os\nos.kill(os.getpid(), 9)", "ended its process (SIGKILL)"),
    "ends without a word": ("import os\nos._exit(0)", "ended its process (exit status 0)"),
}


@pytest.mark.parametrize(("source", "error"), FAILURES.values(), ids=FAILURES)
def test_a_failure_names_notebook_cell_and_project(source: str, error: str, tmp_path: Path) -> None:
    done = run(tmp_path, "n = 5", source, "print('never')")
    assert done.failure is not None
    assert str(done.failure).startswith("book.ipynb, cell 3 'c2' (a project): ")
    assert error in str(done.failure)
    assert shown(done, "c3") == []


def test_a_cell_may_not_take_longer_than_its_time(tmp_path: Path) -> None:
    start = time.monotonic()
    done = run(tmp_path, "while True: pass", timeout=0.5)
    assert time.monotonic() - start < 5
    assert "more than 0.5 seconds" in str(done.failure)


def test_something_can_be_done_while_cells_run(tmp_path: Path) -> None:
    looks: list[bool] = []
    path = notebook.write(tmp_path / "book.ipynb", "import time\ntime.sleep(1)", defaults="n = 0")
    execute(path, tmp_path / "out" / "book.ipynb", {}, meanwhile=lambda: looks.append(True))
    assert len(looks) > 2


def test_a_process_left_behind_does_not_hold_the_notebook(tmp_path: Path) -> None:
    start = time.monotonic()
    leave = "import os, time\nif not os.fork():\n    time.sleep(8)\n    os._exit(0)"
    done = run(tmp_path, leave, "os._exit(4)")
    assert "exit status 4" in str(done.failure)
    assert time.monotonic() - start < 5


def test_the_traceback_stays_in_the_executed_copy(tmp_path: Path) -> None:
    run(tmp_path, "def broken(x):\n    return 1 / x", "broken(0)")
    text = (tmp_path / "out" / "book.ipynb").read_text("utf-8")
    assert "return 1 / x" in text
    assert "ZeroDivisionError" in text


NOISE = """
import sys, warnings
print(object(), sys.prefix)
warnings.warn("a warning with a file name")
{"a set", "in", "some order"} and object()
"""


@pytest.mark.parametrize("last", ["n", "1 / 0"], ids=["that ran", "that failed"])
def test_two_runs_write_the_same_copy_without_times_ids_and_folders(
    last: str, tmp_path: Path
) -> None:
    copies = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        run(folder, NOISE, last, where=folder / "data")
        copies.append((folder / "out" / "book.ipynb").read_bytes())
    assert copies[0] == copies[1]
    for machine in (str(tmp_path), sys.prefix, "start_time", "duration", "0x7"):
        assert machine not in copies[0].decode()


def test_the_copy_lies_alone_in_its_folder(tmp_path: Path) -> None:
    run(tmp_path, "1")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["book.ipynb"]


def test_folders_are_told_relative_to_the_copy_and_found_from_there(tmp_path: Path) -> None:
    folder = tmp_path / "数据 {年}"
    folder.mkdir()
    (folder / "there.txt").write_text("found")
    done = run(tmp_path, "from pathlib import Path\n(Path(where) / 'there.txt').read_text()",
               where=folder)  # fmt: skip
    assert shown(done, "c1") == ["'found'"]
    assert shown(run(tmp_path, "where", where=folder), "c1") == ["'../数据 {年}'"]


VALUES: list[object] = [
    "'",
    '"',
    "\\",
    "\n",
    '"""',
    "{n}",
    "$x$",
    "中文",
    "\u202e",
    "a\x00b",
    None,
    3,
    [1, "二"],
    {},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_parameter_arrives_as_it_was_sent(value: object, tmp_path: Path) -> None:
    assert shown(run(tmp_path, "print(repr(value), end='')", value=value), "c1") == [repr(value)]


def test_what_a_cell_writes_past_python_is_no_result_of_the_program(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "import os\nos.write(1, b'loud')\nos.system('echo loud')")
    assert "loud" not in capfd.readouterr().out


def test_pictures_are_kept(tmp_path: Path) -> None:
    picture = "class P:\n    def _repr_png_(self): return b'\\x89PNG'\nP()"
    run(tmp_path, picture)
    copy = nbformat.read(tmp_path / "out" / "book.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    assert copy.cells[-1].outputs[0].data["image/png"] == "iVBORw=="


# ---- notebooks that are refused


def test_a_notebook_without_a_cell_of_parameters_is_refused(tmp_path: Path) -> None:
    path = notebook.write(tmp_path / "book.ipynb", "n", defaults=None)
    with pytest.raises(AuditError) as refused:
        execute(path, tmp_path / "copy.ipynb", {"n": 2})
    assert str(refused.value) == (
        f"{path}: needs exactly one cell with the tag 'parameters', it has 0"
    )
    assert not (tmp_path / "copy.ipynb").exists()


def test_a_notebook_with_two_cells_of_parameters_is_refused(tmp_path: Path) -> None:
    path = notebook.write(tmp_path / "book.ipynb", "n")
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    book.cells.append(notebook.code("n = 3", "again", tags=["parameters"]))
    nbformat.write(book, path)  # type: ignore[no-untyped-call]
    with pytest.raises(AuditError, match="exactly one cell with the tag 'parameters', it has 2"):
        execute(path, tmp_path / "copy.ipynb", {"n": 2})


def test_parameters_that_the_notebook_does_not_have_are_refused(tmp_path: Path) -> None:
    path = notebook.write(tmp_path / "book.ipynb", "n", defaults="n: int = 1\na = b = 2")
    with pytest.raises(AuditError) as refused:
        execute(path, tmp_path / "copy.ipynb", {"n": 2, "a": 1, "b": 1, "yaer": 2022, "m": 0})
    assert str(refused.value) == f"{path}: has no parameter named m, yaer"


BROKEN = {
    "not JSON": "{",
    "a list": "[]",
    "no notebook": "{}",
    "a notebook of no version": '{"cells": 3, "nbformat": "x"}',
    "cells without a kind": '{"cells": [{}], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "parameters that are no Python": None,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_notebook_is_refused(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "book.ipynb"
    if text is None:
        notebook.write(path, "n", defaults="n =")
    else:
        path.write_text(text)
    with pytest.raises(AuditError, match=r"book\.ipynb"):
        execute(path, tmp_path / "copy.ipynb", {"n": 1})


def test_a_missing_notebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"none\.ipynb: "):
        execute(tmp_path / "none.ipynb", tmp_path / "copy.ipynb", {})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    path = notebook.write(tmp_path / "book.ipynb", "n")
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditError, match="cannot be made"):
        execute(path, tmp_path / "file" / "copy.ipynb", {})
