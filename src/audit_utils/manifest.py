"""manifest.json: what went into a year's reports and what came out, by sha256.

No clock time and no folder of a machine stands in it: the same inputs give the same bytes.
"""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from audit_utils import cases, decisions, files, tables

PACKAGES = (
    "audit-utils",
    "great-expectations",
    "matplotlib",
    "nbconvert",
    "pandas",
    "papermill",
    "pyarrow",
    "xlsxwriter",
)
NAME = "manifest.json"


def remove(year: int, reports: Path) -> None:
    """Take the manifest of an earlier run away: there is one only when a run came to its end."""
    files.remove([reports / str(year) / NAME])


def write(year: int, where: Mapping[str, Path], language: str = "zh") -> Path:
    """Write `reports/<year>/manifest.json` and return its path.

    `where` has the folders raw, processed, reports, expectations, notebooks.  Raises
    AuditError when a file cannot be read or written.
    """
    folder = where["reports"] / str(year)
    text = json.dumps(make(year, where, language), ensure_ascii=False, indent=2)
    files.write(folder, {NAME: (text + "\n").encode()})
    return folder / NAME


def make(year: int, where: Mapping[str, Path], language: str = "zh") -> dict[str, Any]:
    """The manifest: names are relative to the folder they stand under."""
    processed = where["processed"] / str(year)
    about = tables.read_about(processed)
    return {
        "year": year,
        "inputs": _hashes(where["raw"] / str(year), f"raw/{year}")
        | _decisions(where["expectations"], year),
        "expectations": _hashes(where["expectations"], "expectations", ".json"),
        "cases": _hashes(cases.beside(where["expectations"]), "tests/rules", ".json"),
        "notebooks": _hashes(where["notebooks"], "notebooks"),
        "outputs": _hashes(processed, f"processed/{year}")
        | _hashes(where["reports"] / str(year), f"reports/{year}"),
        "parameters": {"language": language}
        | about.get("parameters", {})
        | {name: about[name] for name in (decisions.AS_OF,) if name in about},
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Of Python and of the packages that have a say in what comes out."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def _decisions(expectations: Path, year: int) -> dict[str, str]:
    """The decisions of this year alone: those of another change nothing here."""
    path = decisions.path(expectations, year)
    name = f"expectations/{path.relative_to(expectations).as_posix()}"
    return {name: files.sha256(path)} if path.is_file() else {}


def _hashes(folder: Path, name: str, suffix: str = "") -> dict[str, str]:
    """File name -> sha256 of all files in a folder, but for hidden ones and the manifest itself."""
    paths = sorted(path for path in folder.rglob(f"*{suffix}") if path.is_file())
    parts = {path: path.relative_to(folder).parts for path in paths}
    return {
        files.as_text("/".join((name, *parts[path]))): files.sha256(path)
        for path in paths
        if path.name != NAME and not any(part.startswith((".", "__")) for part in parts[path])
    }
