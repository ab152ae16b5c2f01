"""What has changed since the manifest of a year was written."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit_utils import manifest
from audit_utils.errors import AuditError

_PARTS = ("inputs", "expectations", "cases", "notebooks", "outputs", "parameters", "versions")


def differences(year: int, where: Mapping[str, Path]) -> list[dict[str, Any]]:
    """What differs from the manifest in `reports/<year>`: a row a file, parameter or version.

    Each row has `part` of the manifest, `name`, `change` (`new`, `gone` or `changed`), and
    the values `then` and `now`.  `where` has the folders as for the manifest.  AuditError:
    there is no manifest, it is none, or a file cannot be read.
    """
    path = where["reports"] / str(year) / manifest.NAME
    written = _written(path)
    language = written["parameters"].get("language", "zh")
    now = manifest.make(year, where, language)
    return [
        row
        for part in _PARTS
        for row in _rows(part, written[part], json.loads(json.dumps(now[part])))
    ]


def _written(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise AuditError("there is no manifest; a run that ends well writes it", path) from error
    except (OSError, ValueError) as error:
        raise AuditError("cannot be read as JSON", path) from error
    if not isinstance(read, dict) or not all(isinstance(read.get(part), dict) for part in _PARTS):
        raise AuditError(f"is no manifest ({', '.join(_PARTS)})", path)
    return read


def _rows(part: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "part": part,
            "name": name,
            "change": "gone" if name not in now else "new" if name not in then else "changed",
            "then": then.get(name),
            "now": now.get(name),
        }
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]
