"""The papermill engine `audit-fork`: the cells run in a child forked from this process.

A kernel takes seconds to start because it imports everything again.  A fork of a process
that has the imports done (and the tables read) starts in milliseconds, and is as isolated
as a kernel: what a cell does to `os.environ`, `rcParams`, the working folder or the process
itself (`os._exit`) ends with the child.

papermill loads this module itself, by its entry point, while it is being imported: whoever
needs the engine imports papermill and names it, and never this module first.
"""

import multiprocessing
import os
import re
import signal
import site
import sys
import time
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from papermill.engines import Engine, NotebookExecutionManager
from traitlets.config import Config

Output = dict[str, Any]
Event = tuple[int, list[Output] | None, int]
"""Cell index, its outputs (None: the cell starts), its execution count."""

_END = -1
_LOOK = 0.1  # seconds between two looks whether the child still lives
_FORK = multiprocessing.get_context("fork")
_PREFIXES = sorted(
    {
        str(Path(__file__).resolve().parents[1]),
        *site.getsitepackages(),
        sys.prefix,
        sys.base_prefix,
    },
    key=len,
    reverse=True,
)


class ForkEngine(Engine):  # type: ignore[misc]  # papermill publishes no types
    """Runs the cells of a notebook, in order, in one forked child."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        execution_timeout: float | None = None,
        folder: str | None = None,
        meanwhile: Callable[[], object] = lambda: None,
        **kwargs: object,
    ) -> None:
        """Fill in outputs and execution counts of `nb_man.nb`; stop at the first cell that fails.

        `execution_timeout` is seconds for one cell, `folder` the working folder of the cells;
        `meanwhile` is called here, every now and then, while they run.
        A cell that ends the process, or outlives its time, fails with an error output of its
        own, like a cell that raises.
        """
        receive, send = _FORK.Pipe(duplex=False)
        child = _FORK.Process(target=_run, args=(nb_man.nb.cells, folder, send))
        with warnings.catch_warnings():
            # Python 3.12 warns of threads here: those of numpy and Arrow, idle and fork-safe.
            warnings.simplefilter("ignore", DeprecationWarning)
            child.start()
        send.close()
        try:
            for index, outputs, count in _events(receive, child, execution_timeout, meanwhile):
                _note(nb_man, index, outputs, count)
        finally:
            child.kill()
            child.join()
            receive.close()


def _events(
    receive: Connection, child: Any, timeout: float | None, meanwhile: Callable[[], object]
) -> Iterator[Event]:
    """What the child tells, and an error for the cell at which it fell silent."""
    index = 0
    while True:
        try:
            _wait(receive, child, timeout, meanwhile)
            index, outputs, count = receive.recv()
        except TimeoutError:
            yield index, [_error("TimeoutError", f"the cell took more than {timeout:g} seconds")], 0
            return
        except EOFError:
            yield index, [_end_of(child)], 0
            return
        if index == _END:
            return
        yield index, outputs, count


def _wait(
    receive: Connection, child: Any, timeout: float | None, meanwhile: Callable[[], object]
) -> None:
    """Return when there is an event; EOFError: the child is gone, TimeoutError: it is late.

    That the child is gone does not close the pipe when a cell has left a process behind.
    """
    late = None if timeout is None else time.monotonic() + timeout
    while not receive.poll(_LOOK):
        meanwhile()
        if not child.is_alive() and not receive.poll():
            raise EOFError
        if late is not None and time.monotonic() > late:
            raise TimeoutError


def _end_of(child: Any) -> Output:
    child.join()
    code = child.exitcode
    how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    return _error("ChildProcessError", f"the cell ended its process ({how})")


def _note(
    nb_man: NotebookExecutionManager, index: int, outputs: list[Output] | None, count: int
) -> None:
    """Hand an event on to papermill."""
    cell = nb_man.nb.cells[index]
    if outputs is None:
        nb_man.cell_start(cell, index)
        return
    cell.outputs = [nbformat.from_dict(output) for output in outputs]  # type: ignore[no-untyped-call]
    cell.execution_count = count or None
    if any(output["output_type"] == "error" for output in outputs):
        nb_man.cell_exception(cell, cell_index=index)
    nb_man.cell_complete(cell, cell_index=index)


# ---- in the child


class _Shell(InteractiveShell):
    """An IPython shell that keeps a traceback instead of printing it."""

    failure: Output | None = None

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.failure = _error(etype.__name__, str(evalue), [_scrub(line) for line in stb])


def _run(cells: list[Any], folder: str | None, send: Connection) -> None:
    os.dup2(2, 1)  # what a library prints past Python must not mix with results on stdout
    warnings.resetwarnings()  # those of the process that runs notebooks are not those of a cell
    warnings.simplefilter("ignore", DeprecationWarning)
    if folder:
        os.chdir(folder)
    shell = _shell()
    for index, cell in enumerate(cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        send.send((index, None, 0))
        outputs = _run_cell(shell, cell.source)
        send.send((index, outputs, shell.execution_count - 1))
        if shell.failure:
            break
    send.send((_END, None, 0))


def _shell() -> _Shell:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"
    _Shell.clear_instance()
    return _Shell.instance(config=config)


def _run_cell(shell: _Shell, source: str) -> list[Output]:
    # The trap outside, or running the cell would put IPython's own display hook back.
    with shell.display_trap, capture_output() as captured:
        shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    outputs: list[Output] = [
        {"output_type": "stream", "name": name, "text": _scrub(text)}
        for name, text in (("stdout", captured.stdout), ("stderr", captured.stderr))
        if text
    ]
    outputs += [
        {
            "output_type": "display_data",
            "data": {mime: _kept(mime, value) for mime, value in shown.data.items()},
            "metadata": shown.metadata or {},
        }
        for shown in captured.outputs
    ]
    return outputs + ([shell.failure] if shell.failure else [])


def _kept(mime: str, value: Any) -> Any:
    """What is shown, as a notebook keeps it: pictures in base64, the name of an object clean."""
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return _scrub(value) if mime == "text/plain" else value


def _error(name: str, value: str, traceback: Sequence[str] = ()) -> Output:
    return {
        "output_type": "error",
        "ename": name,
        "evalue": _scrub(value),
        "traceback": list(traceback) or [f"{name}: {_scrub(value)}"],
    }


def _scrub(text: str) -> str:
    """The text without folders of this machine and addresses in memory."""
    for prefix in _PREFIXES:
        text = text.replace(prefix + os.sep, "").replace(prefix, "…")
    return re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", text)
