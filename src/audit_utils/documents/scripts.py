"""Raised text: its digits stay apart from those before it, `10` with a raised `4` is no 104."""

_RAISED = dict(zip(map(ord, "0123456789+-=()n"), "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))


def raised(text: str) -> str:
    """The text with characters that are raised themselves, where there are any."""
    return text.translate(_RAISED)
