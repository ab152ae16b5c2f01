"""The README's tree, commands and links against what is there; English and Chinese alike."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import gold
import pytest

from audit_utils import findings, rulebook, suites, tables

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def text(readme: str) -> str:
    return (ROOT / readme).read_text("utf-8")


def tree(readme: str) -> list[str]:
    """The paths of the tree: two blanks of indentation a folder, then the description."""
    (block,) = (b for b in text(readme).split("```")[1::2] if "src/audit_utils/\n" in b)
    paths: list[str] = []
    folders: list[str] = []
    for line in block.strip().splitlines():
        entry = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        folders[depth:] = [entry]
        if not entry.endswith("/") or len(line.split()) > 1:
            paths.append("".join(folders))
    return paths


def python(readme: str) -> str:
    """The one block of Python that needs no more than a run's tables: the plain suites."""
    (block,) = (b for b in text(readme).split("```")[1::2] if b.startswith("python\nimport json"))
    return block.removeprefix("python\n")


def modules() -> set[str]:
    """Every module with something in it."""
    paths = (ROOT / "src").rglob("*.py")
    return {path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py"}


@pytest.mark.parametrize("readme", READMES)
def test_every_module_has_its_line_in_the_tree(readme: str) -> None:
    assert modules() - set(tree(readme)) == set()


@pytest.mark.parametrize("readme", READMES)
def test_the_tree_names_only_what_is_there(readme: str) -> None:
    missing = [p for p in tree(readme) if "<year>" not in p and not (ROOT / p).exists()]
    assert missing == []


def test_both_languages_show_the_same_tree() -> None:
    assert tree("README.md") == tree("README.zh-CN.md")


@pytest.mark.parametrize("readme", READMES)
def test_links_lead_to_files(readme: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text(readme))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_that_is_named_exists(readme: str) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", text(readme), re.MULTILINE))
    helped = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert named - {line.split()[1] for line in helped.splitlines()} == set()
    assert {"audit", "test"} <= named


def test_a_suite_runs_in_plain_great_expectations_as_the_readme_says(tmp_path: Path) -> None:
    real = tables.build([gold.document(2022)], 2022)
    tables.write(real, tmp_path / "data" / "processed" / "2022")
    (tmp_path / "expectations").symlink_to(ROOT / "expectations")
    done = subprocess.run(
        [sys.executable, "-c", python("README.md")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [line.split() for line in done.stdout.splitlines()]
    rules = rulebook.read(ROOT / "expectations" / "self_evaluation" / "funds.json")[0]
    _, found = findings.check(real, suites.load(ROOT / "expectations"))
    failed = Counter(found["rule"].to_pylist())
    assert sum(failed[rule.code] for rule in rules)
    assert told == [
        [rule.code, str(not failed[rule.code]), str(failed[rule.code])] for rule in rules
    ]


def test_both_languages_show_the_same_code() -> None:
    assert python("README.md") == python("README.zh-CN.md")
