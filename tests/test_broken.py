"""Bad input: each case in `broken/` is a document and what is said of it, to the letter.

A case is `<name>.told` beside the document it names: a call, its results (stdout), its
messages (stderr), and its exit code.  A new case is two new files.
"""

import shlex
from pathlib import Path

import pytest

from audit_utils import cli, tables

FOLDER = Path(__file__).parent / "broken"
CASES = sorted(FOLDER.glob("*.told"))


def test_there_are_cases_and_every_document_is_in_one() -> None:
    calls = " ".join(path.read_text("utf-8").splitlines()[0] for path in CASES)
    documents = [path for path in FOLDER.iterdir() if path.suffix != ".told"]
    assert documents
    assert [path.name for path in documents if path.name not in calls] == []


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_what_is_told_of_bad_input(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call, *expected = path.read_text("utf-8").splitlines()
    monkeypatch.chdir(FOLDER)
    code = cli.main([*shlex.split(call)[2:], "--out", str(tmp_path / "out")])
    out, err = capsys.readouterr()
    assert [*out.splitlines(), *err.splitlines(), f"exit {code}"] == expected


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_bad_input_leaves_whole_tables_or_none(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER)
    call = path.read_text("utf-8").splitlines()[0]
    cli.main([*shlex.split(call)[2:], "--out", str(tmp_path / "out")])
    if (tmp_path / "out").exists():
        assert tables.read(tmp_path / "out")["documents"].num_rows
    assert not list(tmp_path.rglob(".*"))
