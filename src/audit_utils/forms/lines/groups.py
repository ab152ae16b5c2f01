"""The labels of groups in a table of indicators in lines, and the words below each.

A merged label is printed once.  It is taken for that of the rows below it only where its
place shows that it stands before the first of them: a label of level 1 right above one of
its own groups, the numbers of rows beginning anew, none at the top of a page.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from audit_utils.forms.labels import fold, label
from audit_utils.forms.lines.laying import UnsettledError
from audit_utils.forms.lines.printed import Word
from audit_utils.forms.marks import FILLER, NUMBERED
from audit_utils.forms.text.sections import COLUMNS, OPEN_GROUP, SHORTEST_SIDE, wrapped_labels
from audit_utils.forms.vocabulary import vocabulary

LEVELS = ("level1", "level2")
LOST = re.compile(r"\(\d+(?:\.\d+)?分\)")
"""What is left of a label of level 1: its points."""
_DIGITS = re.compile(r"\d+")


@dataclass
class Group:
    """Labels of a group and the words below them, up to the next label.

    `lost` are the points of a level 1 of which no more is printed; `execution` the labels
    of a row of points for the execution rate; `sides` words at the side of the table.
    """

    level1: Word | None = None
    level2: Word | None = None
    lost: Word | None = None
    execution: list[Word] = field(default_factory=list)
    sides: list[Word] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        return bool(self.level1 or self.level2 or self.lost or self.execution or self.words)


def groups_of(words: Sequence[Word], keys: Sequence[str]) -> list[Group]:
    """The groups in their order; raises UnsettledError where a label's rows are not settled."""
    found = [group for group in _groups(words, keys) if group.begun]
    _check_level1(found, keys)
    for group in found:
        if group.level2:
            _check_numbers(group)
        if group.words and not (group.level1 or group.level2 or group.execution):
            raise UnsettledError(OPEN_GROUP, group.words[0])
    for before, group in itertools.pairwise(found):
        first = group.lost or group.level1 or group.level2
        numbered = group.words and NUMBERED.match(group.words[0].text)
        if first and before.words and before.words[-1].page < first.page and not numbered:
            raise UnsettledError(OPEN_GROUP, first)
    return found


def _groups(words: Sequence[Word], keys: Sequence[str]) -> Iterator[Group]:
    group = Group()
    index, at_label = 0, True
    while index < len(words):
        word = words[index]
        starts = word.opens or at_label
        if starts and _is_head(words[index : index + len(keys)], keys):
            index += len(keys)
            continue
        kind = _label(words, index, keys) if starts else ""
        at_label = bool(kind)
        again = kind == "execution" and group.execution and not group.words
        if (kind in ("level1", "lost", "execution") and not again) or (
            kind == "level2" and (group.level2 or group.words)
        ):
            yield group
            group = Group()
        if kind in ("side", "execution", ""):
            own = {"side": group.sides, "execution": group.execution, "": group.words}
            own[kind].append(word)
        else:
            setattr(group, kind, word)
        index += 1
    yield group


def _is_head(words: Sequence[Word], keys: Sequence[str]) -> bool:
    """Whether words are the head once more, as on the next page."""
    return [word.means(COLUMNS) for word in words] == list(keys)


def _label(words: Sequence[Word], index: int, keys: Sequence[str]) -> str:
    """What label a word at the start of a line or behind another label is; empty: none."""
    word = words[index]
    if LOST.fullmatch(fold(word.text)):
        return "lost"
    if word.means("sides") and word.opens and len(word.text) >= SHORTEST_SIDE:
        return "side"
    if word.means("execution"):
        return "execution"
    if not _whole(words, word):
        return ""
    if word.means("level1") and "level1" in keys and _is_level1(words, index, keys):
        return "level1"
    return "level2" if word.means("level2") and "level2" in keys else ""


def _whole(words: Sequence[Word], word: Word) -> bool:
    """Whether a word is a label and not but the beginning of one (数量), which a name may end
    in; in a form that prints no label in full, it is one.
    """
    short = wrapped_labels(vocabulary())
    if label(word.text).key not in short:
        return True
    return not any(o.means("level2") and label(o.text).key not in short for o in words)


def _is_level1(words: Sequence[Word], index: int, keys: Sequence[str]) -> bool:
    """Whether a label that may be of either level is of level 1: one of its groups follows."""
    word = words[index]
    if not word.means("level2") or "level2" not in keys:
        return True
    near = (other.means("level2") for other in words[index + 1 : index + 3])
    return word.means("level1") in (vocabulary().groups.get(group) for group in near)


def _check_level1(groups: Sequence[Group], keys: Sequence[str]) -> None:
    """What is printed of a level 1 stands right above the first of its groups, of each of them
    or of none.
    """
    known = vocabulary()
    if not {*LEVELS} <= set(keys) or not any(group.level1 or group.lost for group in groups):
        return
    each = all(group.level1 for group in groups if group.level2)
    above = ""
    for group in groups:
        mark = group.level1 or group.lost
        if group.execution:
            above = ""
            continue
        if not group.level2:
            if mark and (group.words or group is not groups[-1]):
                raise UnsettledError(OPEN_GROUP, mark)
            continue
        own = known.groups.get(group.level2.means("level2"), "")
        printed = group.level1.means("level1") if group.level1 else own
        if printed != own or (not each and (own != above) != bool(mark)):
            raise UnsettledError(OPEN_GROUP, group.level2)
        above = own


def _check_numbers(group: Group) -> None:
    """Numbered rows below a label begin with 1 and go on one by one."""
    due = 1
    for word in group.words:
        found = NUMBERED.match(word.text) if word.opens or word is group.words[0] else None
        if not found:
            continue
        number = _DIGITS.search(fold(found[0]))
        if number is None or int(number[0]) != due:
            raise UnsettledError(OPEN_GROUP, word)
        due += 1


def parts_of(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words of a group cut where a numbered row or a filler begins."""
    start = 0
    for index in range(1, len(words) + 1):
        before = words[index - 1]
        begins = index == len(words) or (
            words[index].opens
            and bool(NUMBERED.match(words[index].text) or is_filler(words[index]))
        )
        if begins or (is_filler(before) and before.opens):
            yield words[start:index]
            start = index


def is_filler(word: Word) -> bool:
    """Whether a word is the dots of a row that holds nothing."""
    return bool(FILLER.fullmatch(word.text))
