"""The language of findings and reports: Chinese, as the code writes it, or English by catalogue.

Every sentence for a reader is written in Chinese inside `_()`; `locale/*.po` hold the same
in English.  What documents print is never translated.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal, get_args

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT: Language = "zh"
CHINESE = "zh-CN"
"""How HTML names the language that the documents are printed in."""

CATALOGUES = Path(__file__).parent / "locale"

_chosen: Language = DEFAULT


def use(language: Language) -> None:
    """Choose the language of what this process says from now on; ValueError for another one."""
    global _chosen  # one process makes the pages of one language
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is no language of the reports: {', '.join(LANGUAGES)}")
    _chosen = language


def current() -> Language:
    """The language in use."""
    return _chosen


def tag() -> str:
    """The language in use as HTML names it."""
    return {"zh": CHINESE, "en": "en"}[_chosen]


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Use a language for a while; children forked meanwhile keep it."""
    before = _chosen
    use(language)
    try:
        yield
    finally:
        use(before)


def parameter() -> dict[str, Language]:
    """The language in use as a parameter of a run; the default need not be said: empty."""
    return {} if _chosen == DEFAULT else {"language": _chosen}


def _(text: str, /, **values: object) -> str:
    """The text in the language in use, its `{fields}` filled with the values.

    A text that has a plural in English takes its number as `n`.
    """
    said = text if _chosen == DEFAULT else _english(text, values.get("n"))
    return said.format_map(values) if values else said


def _english(text: str, number: object) -> str:
    """The English text; the Chinese one where the catalogue has none."""
    found = english().get(text, text)
    if isinstance(found, str):
        return found
    return found[0] if number == 1 else found[1]


@cache
def english() -> dict[str, str | tuple[str, str]]:
    """The catalogues: Chinese text -> English, or singular and plural."""
    known: dict[str, str | tuple[str, str]] = {}
    for message in chain.from_iterable(map(_messages, sorted(CATALOGUES.glob("*.po")))):
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key and message.string:
            told = message.string
            known[key] = told if isinstance(told, str) else (told[0], told[1])
    return known


def _messages(path: Path) -> Iterable[Message]:
    with path.open("rb") as file:
        return list(read_po(file, locale="en"))
