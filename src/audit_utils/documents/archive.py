"""The parts of an xlsx or docx file, within limits; nothing is ever unpacked to the disk."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml import etree

from audit_utils.documents import limits
from audit_utils.errors import AuditError

_LARGE = 10 * limits.MB
"""Smaller parts may be packed as tightly as they like."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
            RuntimeError)  # fmt: skip
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What Office reads; other ways of packing give out as much as they like at once."""


class Relation(NamedTuple):
    """What a part refers to; `kind` is the last word of its type, `part` is inside of the file."""

    id: str
    kind: str
    part: str


class Archive:
    """Name of a part -> its bytes; raises AuditError for a file beyond the limits or damaged.

    Names are those of the package: upper and lower case are the same, so are both strokes.
    """

    def __init__(self, data: bytes, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            raise self.damaged("its zip directory cannot be read") from error
        parts = self._zip.infolist()
        limits.check(len(parts), limits.PARTS, "parts", path)
        unpacked = sum(part.file_size for part in parts) / limits.MB
        limits.check(unpacked, limits.UNPACKED_MB, "MB when unpacked", path)
        self._parts: dict[str, list[zipfile.ZipInfo]] = {}
        for part in parts:
            if part.file_size > _LARGE:
                growth = part.file_size / max(part.compress_size, 1)
                limits.check(growth, limits.RATIO, "times when unpacked", path, "grows")
            self._parts.setdefault(_key(part.filename), []).append(part)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def damaged(self, reason: str) -> AuditError:
        return AuditError(f"the file is damaged: {reason}", self.path)

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        if name not in self:
            raise self.damaged(f"it has no part {name}")
        part, *others = self._parts[_key(name)]
        if others:  # which of them is shown depends on the program
            raise self.damaged(f"it has several parts {name}")
        try:
            if part.compress_type not in _PACKED:
                raise NotImplementedError
            return self._zip.read(part)
        except _DAMAGED as error:
            raise self.damaged(f"its part {name} cannot be unpacked") from error

    def xml(self, name: str) -> Any:
        """The root element of a part; entities stay unresolved, nothing is fetched."""
        try:
            root = etree.fromstring(self.read(name), _parser())
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"its part {name} is no XML") from error
        if root is None:
            raise self.damaged(f"its part {name} is no XML")
        return root

    def elements(self, name: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """The elements of a part that end, one by one, without the whole part in memory."""
        stream = io.BytesIO(self.read(name))
        wanted = [f"{{*}}{tag}" for tag in tags]
        try:
            for _, element in etree.iterparse(
                stream, tag=wanted, resolve_entities=False, no_network=True, load_dtd=False,
                remove_comments=True, remove_pis=True,
            ):  # fmt: skip
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"its part {name} is no XML") from error

    def relations(self, name: str = "") -> tuple[Relation, ...]:
        """What a part, or the file itself, refers to inside of the file."""
        folder, base = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", f"{base}.rels")
        if listed not in self:
            return ()
        return tuple(
            Relation(
                one.get("Id", ""),
                one.get("Type", "").rpartition("/")[2],
                self._target(folder, one.get("Target", "")),
            )
            for one in self.xml(listed).iter("{*}Relationship")
            if one.get("TargetMode", "Internal") == "Internal"
        )

    def _target(self, folder: str, target: str) -> str:
        name = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/")))
        return name.lstrip("/") if name in self else unquote(name).lstrip("/")

    @property
    def names(self) -> dict[str, list[zipfile.ZipInfo]]:
        return {info.filename.lstrip("/"): [info] for info in self._zip.infolist()}

    def related(self, name: str) -> dict[str, str]:
        return {one.id: one.part for one in self.relations(name)}

    def main(self, usual: str) -> str:
        """The part that the document begins with."""
        parts = (one.part for one in self.relations() if one.kind == "officeDocument")
        return next((part for part in parts if part in self), usual)


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
