"""The parts of an xlsx or docx file, within limits; nothing is ever unpacked to the disk."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from audit_utils.documents import limits
from audit_utils.errors import AuditError

_LARGE = 10 * limits.MB
"""Smaller parts may be packed as tightly as they like."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
            RuntimeError)  # fmt: skip


class Archive:
    """Name of a part -> its bytes; raises AuditError for a file beyond the limits or damaged."""

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
        for part in parts:
            if part.file_size > _LARGE:
                growth = part.file_size / max(part.compress_size, 1)
                limits.check(growth, limits.RATIO, "times when unpacked", path, "grows")
        self.names = {part.filename.lstrip("/"): part for part in parts}

    def damaged(self, reason: str) -> AuditError:
        return AuditError(f"the file is damaged: {reason}", self.path)

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        if name not in self.names:
            raise self.damaged(f"it has no part {name}")
        try:
            return self._zip.read(self.names[name])
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
                stream, tag=wanted, resolve_entities=False, no_network=True, load_dtd=False
            ):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"its part {name} is no XML") from error

    def related(self, name: str) -> dict[str, str]:
        """Relation id -> part, for the parts that a part refers to inside of the file."""
        folder, base = posixpath.split(name)
        relations = f"{folder}/_rels/{base}.rels"
        if relations not in self.names:
            return {}
        inside = (
            one
            for one in self.xml(relations).iter("{*}Relationship")
            if one.get("TargetMode") != "External"
        )
        targets = {one.get("Id", ""): one.get("Target", "") for one in inside}
        return {
            name: posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            for name, target in targets.items()
        }


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
