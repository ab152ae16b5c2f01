"""The environment: what the package imports, what it declares, and what the lock installs."""

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def declared(*extras: str) -> list[Requirement]:
    listed = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][e] for e in extras)]
    return [Requirement(line) for lines in listed for line in lines]


def locked() -> list[Requirement]:
    """The lock's requirements that apply to this machine and Python."""
    lines = re.findall(r"^[a-z0-9][^\\\n#]*", LOCK, re.MULTILINE)
    requirements = [Requirement(line.strip()) for line in lines]
    return [r for r in requirements if r.marker is None or r.marker.evaluate()]


def version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "==", requirement
    return specifier.version


def imported_modules(folder: Path) -> set[str]:
    """The top names of the modules that the code in a folder imports."""
    modules: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules.add(node.module or "")
    return {module.split(".")[0] for module in modules}


def distributions(modules: set[str]) -> set[str]:
    """The packages that these modules come from; the standard library's have none."""
    by_module = metadata.packages_distributions()
    third_party = modules - sys.stdlib_module_names - {"audit_utils"}
    return {canonicalize_name(name) for module in third_party for name in by_module.get(module, ())}


def test_what_the_package_imports_is_declared() -> None:
    names = {canonicalize_name(requirement.name) for requirement in declared()}
    assert distributions(imported_modules(ROOT / "src")) - names == set()


def test_what_the_tests_import_is_declared() -> None:
    names = {canonicalize_name(requirement.name) for requirement in declared("dev")}
    assert distributions(imported_modules(ROOT / "tests")) - names == set()


def test_the_lock_holds_every_declared_package_in_a_version_that_will_do() -> None:
    versions = {canonicalize_name(entry.name): version(entry) for entry in locked()}
    for requirement in declared("dev"):
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    without = [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert entries
    assert without == []


def test_the_lock_names_no_server_and_no_folder() -> None:
    assert re.findall(r"://|^-|@ |^[./]", LOCK, re.MULTILINE) == []


def test_this_environment_is_the_locked_one() -> None:
    installed = {entry.name: metadata.version(entry.name) for entry in locked()}
    assert installed == {entry.name: version(entry) for entry in locked()}


def test_conda_installs_the_lock_for_the_same_pythons() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["name"] == PROJECT["name"]
    assert environment["dependencies"] == [
        f"python{PROJECT['requires-python']}",
        "pip",
        {"pip": ["-r requirements.lock"]},
    ]


def test_the_command_can_be_loaded() -> None:
    (entry,) = metadata.entry_points(group="console_scripts", name="audit-utils")
    assert callable(entry.load())


def test_papermill_knows_the_engine() -> None:
    from papermill.engines import papermill_engines

    assert papermill_engines.get_engine("audit-fork").__name__ == "ForkEngine"
