"""HTML of a section from its template; what comes from a document is escaped on the way."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audit_utils.language import _
from audit_utils.report.text import OUTCOMES, SEVERITIES, shorten, visible

HERE = Path(__file__).parent


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
    template = _environment().get_template(f"{section}.html.j2")
    return Html(section, template.render(values))


def warm() -> None:
    """Compile all templates."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


def style() -> Html:
    """The look of the pages, for a notebook that is opened by hand."""
    return Html("style", f"<style>{(HERE / 'page' / 'style.css').read_text('utf-8')}</style>")


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
