"""The one error class: broken input, with the place where it broke."""

from pathlib import Path


class AuditError(Exception):
    """Input that cannot be used: `place: message`, place being a file and maybe a line.

    Findings are values; this is for what makes a document, a suite or a call unusable.
    """

    def __init__(self, message: str, path: Path | str | None = None, line: int | None = None):
        self.message = message
        self.path = path
        self.line = line
        place = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(place + message)
