"""What the styles of a text document say of its paragraphs and runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from audit_utils.documents.docx.xml import attribute, child_value, is_on

_DEPTH = 20
"""Styles that build one on another, at the most."""


class Style(NamedTuple):
    """What a style says, with what it builds on: hidden text, its list and the level in it."""

    hidden: bool = False
    list: str = ""
    level: str = ""
    listed_by: str = ""
    """The style that names the list."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document, each looked into when it is asked for."""

    elements: Mapping[str, Any] = field(default_factory=dict)
    usual: str = ""
    """That of paragraphs that name none."""
    known: dict[str, Style] = field(default_factory=dict)

    def named(self, name: str) -> Style:
        """A style; one that is not there says nothing."""
        if name not in self.known:
            self.known[name] = _style(name, self.elements)
        return self.known[name]


def read(root: Any) -> Styles:
    """The styles that a document defines."""
    elements = {attribute(one, "styleId"): one for one in root.iterchildren("{*}style")}
    usual = ""
    for name, one in elements.items():
        if attribute(one, "type") == "paragraph" and attribute(one, "default") in ("1", "true"):
            usual = name
    return Styles(elements, usual)


def numbered(element: Any) -> tuple[str, str]:
    """The list that a `numPr` names, and the level in it."""
    return child_value(element, "numId"), child_value(element, "ilvl")


def _style(name: str, elements: Mapping[str, Any]) -> Style:
    chain: list[str] = []
    while name in elements and name not in chain and len(chain) < _DEPTH:
        chain.append(name)
        name = child_value(elements[name], "basedOn")
    style = Style()
    for one in reversed(chain):
        hidden = elements[one].find("{*}rPr/{*}vanish")
        listed = elements[one].find("{*}pPr/{*}numPr")
        if hidden is not None:
            style = style._replace(hidden=is_on(hidden))
        if listed is not None:
            own, level = numbered(listed)
            style = style._replace(list=own or style.list, level=level, listed_by=one)
    return style
