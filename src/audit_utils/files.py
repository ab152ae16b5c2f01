"""Files written whole or not at all, and their hashes."""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from audit_utils.errors import AuditError


def write(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write the files of a folder (name -> bytes) together: all are there before one is replaced.

    Raises AuditError naming the file that cannot be written; nothing half-written stays.
    """
    waiting: dict[Path, Path] = {}
    target = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            target = folder / name
            part = target.with_name(f".{name}.{os.getpid()}.part")
            waiting[part] = target
            part.write_bytes(data)
        for part, target in waiting.items():
            part.replace(target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AuditError(f"cannot be written: {reason}", target) from error
    finally:
        for part in waiting:
            if part.parent.is_dir():
                part.unlink(missing_ok=True)


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """What happens inside happens in no other process at the same time for this file.

    The lock is a file beside it, which goes with the last one that waits; one that a crash
    leaves behind locks nothing.  Raises AuditError when there can be none.
    """
    lock = target.with_name(f".{target.name}.lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        held = _held(lock)
    except OSError as error:
        raise AuditError(f"cannot be locked: {error.strerror}", target) from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(held)


def _held(lock: Path) -> int:
    """The lock as an open file, once it is ours and still the one that others find."""
    while True:
        held = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(held, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(held), lock.stat()):
                return held
        os.close(held)


def remove(paths: Iterable[Path]) -> None:
    """Remove the files that are there; raises AuditError when one cannot be removed."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except NotADirectoryError:
            continue
        except OSError as error:
            raise AuditError(f"cannot be removed: {error.strerror}", path) from error


def name(path: Path) -> str:
    """The name of a file as text that can be printed."""
    return as_text(path.name)


def as_text(name: str) -> str:
    r"""A name as text that can be printed; bytes that are no UTF-8 are written `\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def check_writable(folder: Path) -> None:
    """Make the folder if need be; raises AuditError when nothing can be written there."""
    probe = folder / f".{os.getpid()}.probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise AuditError(f"cannot be written: {error.strerror}", folder) from error


def sha256(path: Path) -> str:
    """SHA-256 of a file as 64 hex digits; raises AuditError when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", path) from error
