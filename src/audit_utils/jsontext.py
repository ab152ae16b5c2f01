"""JSON that people write, read with the line that each entry starts on."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit_utils.errors import AuditError

_BETWEEN = ", \t\r\n"


def load(path: Path) -> Any:
    """The content of a JSON file; raises AuditError that names file and line."""
    try:
        return json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise AuditError(f"is not JSON: {error.msg}", path, error.lineno) from error
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError("cannot be read as UTF-8", path) from error


def entries(path: Path, key: str) -> Iterator[tuple[Any, int]]:
    """The entries of the list under `key`, each with the line that it starts on.

    `key` stands once in the file, in front of a list, before anything else is called so.
    """
    count = len(load(path)[key])
    text = path.read_text("utf-8")
    start = re.search(rf'"{re.escape(key)}"\s*:\s*\[', text)
    position = start.end() if start else 0
    for _ in range(count):
        position += len(text[position:]) - len(text[position:].lstrip(_BETWEEN))
        entry, end = json.JSONDecoder().raw_decode(text, position)
        yield entry, text.count("\n", 0, position) + 1
        position = end
