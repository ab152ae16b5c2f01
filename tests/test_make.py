"""`make audit`: which years are run again. The real Makefile, with a stand-in for the run."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

STAND_IN = """#!/bin/sh
test -e "data/raw/$2/cannot be read" && status=3
mkdir -p "reports/$2" && touch "reports/$2/manifest.json"
echo "ran $2"
exit ${status:-0}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two years, in a folder with a blank in its name, that was just audited."""
    project = tmp_path / "a project"
    for folder in (
        "data/raw/2022",
        "data/raw/2024",
        "src/audit_utils",
        "expectations",
        "notebooks",
        "tests/rules",
    ):
        (project / folder).mkdir(parents=True)
    for year in ("2022", "2024"):
        (project / "data" / "raw" / year / "document.txt").write_text("项目名称")
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    set_up = project / ".venv"
    (set_up / "bin").mkdir(parents=True)
    (set_up / "bin" / "audit-utils").write_text(STAND_IN)
    (set_up / "bin" / "audit-utils").chmod(0o755)
    (set_up / "locked").touch()
    (set_up / "ready").touch()
    assert audit(project) == ["2022", "2024"]
    return project


def make(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=project, capture_output=True, text=True, timeout=60, check=False
    )


def years_run(output: str) -> list[str]:
    return [line.removeprefix("ran ") for line in output.splitlines() if line.startswith("ran ")]


def audit(project: Path) -> list[str]:
    done = make(project, "audit")
    assert done.returncode == 0, done.stderr
    age(project)
    return years_run(done.stdout)


def age(project: Path) -> None:
    """As if the run had been a while ago: the stand-in is faster than a file system's clock."""
    for seconds, pattern in ((20, ".make/*"), (10, "reports/*/manifest.json")):
        for path in project.glob(pattern):
            os.utime(path, (time.time() - seconds,) * 2)


def test_nothing_changed_runs_nothing(project: Path) -> None:
    assert audit(project) == []


def test_a_changed_document_runs_its_year(project: Path) -> None:
    (project / "data/raw/2024/document.txt").write_text("主管部门")
    assert audit(project) == ["2024"]
    assert audit(project) == []


@pytest.mark.parametrize("name", ["自评 表.txt", 'it\'s "$HOME" & `x`.txt', "-n", "a\\b.txt"])
def test_any_name_of_a_document_will_do(project: Path, name: str) -> None:
    document = project / "data/raw/2022" / name
    document.write_text("项目名称")
    assert audit(project) == ["2022"]
    assert audit(project) == []
    document.unlink()
    assert audit(project) == ["2022"]


def test_a_document_that_is_only_newer_runs_nothing(project: Path) -> None:
    (project / "data/raw/2022/document.txt").touch()
    assert audit(project) == []


def test_a_new_year_is_run(project: Path) -> None:
    (project / "data/raw/2025").mkdir()
    (project / "data/raw/2025/document.txt").write_text("项目名称")
    assert audit(project) == ["2025"]


@pytest.mark.parametrize("folder", ["src/audit_utils", "expectations", "notebooks", "tests/rules"])
def test_a_changed_program_runs_every_year(project: Path, folder: str) -> None:
    (project / folder / "new").write_text("x")
    assert audit(project) == ["2022", "2024"]


def test_a_lost_manifest_runs_its_year(project: Path) -> None:
    (project / "reports/2022/manifest.json").unlink()
    assert audit(project) == ["2022"]


def test_a_failed_year_fails_until_it_is_mended_and_the_others_go_on(project: Path) -> None:
    bad = project / "data/raw/2022/cannot be read"
    bad.touch()
    (project / "data/raw/2024/document.txt").write_text("主管部门")
    first, second = make(project, "audit"), make(project, "audit")
    assert (first.returncode, years_run(first.stdout)) == (2, ["2022", "2024"])
    assert (second.returncode, years_run(second.stdout)) == (2, ["2022"])
    assert "2022 did not end well (exit code 3)" in second.stderr
    bad.unlink()
    assert audit(project) == ["2022"]


def test_clean_removes_what_was_made_and_nothing_else(project: Path) -> None:
    (project / "data/processed").mkdir()
    (project / "data/processed/.gitkeep").touch()
    (project / "data/processed/checks.parquet").touch()
    assert make(project, "clean").returncode == 0
    assert [path.name for path in (project / "data/processed").iterdir()] == [".gitkeep"]
    assert list((project / "reports").iterdir()) == []
    assert (project / "data/raw/2022/document.txt").exists()


def test_no_documents_at_all_is_told(project: Path) -> None:
    shutil.rmtree(project / "data")
    done = make(project, "audit")
    assert done.returncode == 2
    assert "no folder of documents, data/raw/<year>" in done.stderr


def test_a_python_that_is_too_old_is_told(project: Path) -> None:
    done = make(project, "--always-make", ".venv/locked", "PYTHONS=false nosuchpython")
    assert done.returncode == 2
    assert "no Python 3.11 or later found (looked for: false nosuchpython)" in done.stderr
    assert not (project / ".venv/uv.txt").exists()
