"""How names and sentences are put one behind the other, in the language in use."""

from collections.abc import Iterable

from audit_utils.language import _


def listed(names: Iterable[str]) -> str:
    """Names one behind the other: `得分、分值`."""
    return _("、").join(names)


def clauses(texts: Iterable[str]) -> str:
    """Sentences, or parts of one, behind each other; empty ones are left out."""
    return _("；").join(text for text in texts if text)


def named(printed: str) -> str:
    """A name that forms print, such as 产出指标: not translated, in English in quotes."""
    return _("{printed}", printed=printed)
