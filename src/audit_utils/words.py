"""Words that mark what a name is about."""

from collections.abc import Collection


def mark(name: str, words: Collection[str], but_not: Collection[str] = ()) -> str:
    """The first of the words that stands in the name, empty when none does.

    What stands in a phrase of `but_not` does not count: 建设 marks a building, 学科建设 none.
    """
    for phrase in sorted(but_not, key=len, reverse=True):
        name = name.replace(phrase, "\x00")
    places = {word: name.find(word) for word in words if word in name}
    return min(places, key=lambda word: (places[word], -len(word)), default="")


_OPENING, _CLOSING = "（(【[", "）)】]"


def stem(name: str) -> str:
    """The name without the remarks in brackets at its end: `培训合格率（第二期）` -> 培训合格率.

    A remark that was cut off counts too; a name that is nothing but a remark stays.
    """
    while True:
        name = name.rstrip()
        start = max(map(name.rfind, _OPENING))
        inside = name[start + 1 : -1] if name.endswith(tuple(_CLOSING)) else name[start + 1 :]
        if start <= 0 or any(sign in inside for sign in _CLOSING):
            return name
        name = name[:start]
