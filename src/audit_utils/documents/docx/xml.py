"""Elements of WordprocessingML, whichever of its namespaces a program writes."""

from functools import lru_cache
from typing import Any


def name_of(element: Any) -> str:
    return _local(element.tag)


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def attribute(element: Any, name: str) -> str:
    """An attribute, empty when it is not there."""
    for key, value in element.attrib.items():
        if _local(key) == name:
            return str(value)
    return ""


def child_value(element: Any, name: str) -> str:
    """The `w:val` of an element right inside of one, empty when there is none."""
    return value(element.find(f"{{*}}{name}"))


def children(element: Any) -> dict[str, Any]:
    """The elements right inside of one, by their names."""
    return {} if element is None else {name_of(one): one for one in element.iterchildren("*")}


def value(element: Any) -> str:
    """The `w:val` of an element, empty when there is none."""
    return "" if element is None else attribute(element, "val")


def is_on(element: Any) -> bool:
    """Whether a property is there and not switched off."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


def number(text: str, default: int = 0) -> int:
    """A number of the file; the default for what is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else default
