"""How much one document may ask for: beyond a limit it is refused, with the limit named.

Real documents stay far below: the largest that was seen has 51 pages and 0.3 MB.
"""

import resource
from pathlib import Path

from audit_utils.errors import AuditError

FILE_MB = 200
UNPACKED_MB = 500
"""Of all parts of a zip file together."""
PARTS = 10_000
"""Files in a zip file."""
RATIO = 300
"""How many times a large part of a zip file may grow; sheets of real workbooks grow 50 times."""
PAGES = 5_000
CELLS = 1_000_000
STROKES = 200_000
"""Lines and boxes drawn on one page."""
DRAWN = 500_000
"""Texts, lines and pictures drawn on one page, whatever they are."""
GLYPHS = 200_000
"""Characters on one page."""
CONTENT_MB = 20
"""What one page of a PDF is told to draw, unpacked; dense pages have 0.02 MB."""
LEVELS = 100
"""Elements or tables inside one another."""
SECONDS = 300
"""Of computing, so that a busy machine refuses nothing."""
PATIENCE = 4
"""How many times as long the clock may run."""
MEMORY_MB = 2_000
"""More than the program itself needs."""

MB = 1 << 20


def over(limit: int, unit: str, path: Path | None = None, verb: str = "has") -> AuditError:
    """The refusal of a document that has more than `limit` of something."""
    return AuditError(f"{verb} more than {limit:,} {unit}, the limit for one document", path)


def check(count: float, limit: int, unit: str, path: Path, verb: str = "has") -> None:
    """Raise AuditError when there is more than the limit."""
    if count > limit:
        raise over(limit, unit, path, verb)


def cap_memory() -> None:
    """From here on this process cannot get more than MEMORY_MB beside what it has."""
    with Path("/proc/self/statm").open() as stream:
        has = int(stream.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = has + MEMORY_MB * MB
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
