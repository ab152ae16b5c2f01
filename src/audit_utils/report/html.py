"""HTML of a section from its template; what comes from a document is escaped on the way.

What is Chinese on an English page is printed in a document, or the name of a law: it is
marked as Chinese, so that it is read aloud and drawn as such.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audit_utils.language import CHINESE, _, tag
from audit_utils.report.text import OUTCOMES, SEVERITIES, shorten, visible

HERE = Path(__file__).parent

_PIECES = re.compile(
    r"(?P<svg><svg\b.*?</svg>)|<(?P<raw>script|style|title|textarea|option)\b.*?</(?P=raw)>"
    r"|(?P<open><\w[^>]*)>(?P<inside>[^<]+)(?=</|<(?:t[dhr]|li|d[td])\b)|<[^>]*>|(?P<text>[^<]+)",
    re.DOTALL,
)
"""A figure, an element that holds no others, one that holds text alone, a tag, a text."""
_HAN = r"\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_WIDE = r"\u3000-\u303f\uff01-\uffef"
_CHINESE = re.compile(f"[{_HAN}](?:[^a-z<>&]*[{_HAN}{_WIDE}])?")


@dataclass(frozen=True, slots=True)
class Html:
    """A piece of a report, as a notebook shows it."""

    name: str
    markup: str

    def _repr_html_(self) -> str:
        return f'<div class="audit">{self.markup}</div>'

    def __repr__(self) -> str:
        return f"<{self.name}>"


def render(section: str, **values: Any) -> Html:
    """The section `sections/<section>.html.j2` filled with these values."""
    markup = _environment().get_template(f"{section}.html.j2").render(values)
    return Html(section, markup if tag() == CHINESE else marked(markup))


def marked(markup: str, element: str = "span") -> str:
    """The markup with each run of Chinese text in an element that says so."""

    def mark(piece: re.Match[str]) -> str:
        if piece["svg"]:
            head, end, drawn = piece["svg"].partition(">")
            return head + end + marked(drawn, "tspan")
        if piece["open"] and _CHINESE.fullmatch(piece["inside"].strip()):
            return f"{piece['open']} lang={CHINESE}>{piece['inside']}"
        if piece["open"]:
            return f"{piece['open']}>{_CHINESE.sub(run, piece['inside'])}"
        return _CHINESE.sub(run, piece[0]) if piece["text"] else piece[0]

    def run(chinese: re.Match[str]) -> str:
        return f"<{element} lang={CHINESE}>{chinese[0]}</{element}>"

    return _PIECES.sub(mark, markup)


def warm() -> None:
    """Compile all templates."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


def look(name: str) -> str:
    """The CSS of `page/<name>.css`: `style` is for all pages, others for a page of their own."""
    return (HERE / "page" / f"{name}.css").read_text("utf-8")


def style(*more: str) -> Html:
    """The look of the pages, for a notebook that is opened by hand; `more` are names of CSS."""
    return Html("style", f"<style>{''.join(map(look, ('style', *more)))}</style>")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "sections"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["shorten"] = shorten
    environment.globals.update(_=_, SEVERITIES=SEVERITIES, OUTCOMES=OUTCOMES)
    return environment


def _shown(value: Any) -> Any:
    """Text before it is escaped; markup that a template made itself stays as it is."""
    safe = hasattr(value, "__html__")
    return visible(value) if isinstance(value, str) and not safe else value
