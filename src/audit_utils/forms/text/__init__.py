"""All forms of a text: where each begins and ends, what kind it is, what it holds."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from audit_utils.forms.content import Content
from audit_utils.forms.labels import fold
from audit_utils.forms.marks import OTHER_ROWS, OTHER_STARTS, STATED_UNIT, TITLED_YEAR, YEAR
from audit_utils.forms.pagenumbers import may_be_one, without_page_numbers
from audit_utils.forms.text import self_evaluation, target_declaration
from audit_utils.forms.text.fragments import Fragment, Ledger, split
from audit_utils.forms.text.funds import LEFT_IN_FUNDS, TOO_MANY_NUMBERS, UNSETTLED
from audit_utils.forms.text.head import LEFT_IN_HEAD
from audit_utils.forms.text.sections import (
    FUNDS,
    OPEN_GROUP,
    OTHER_HEADER,
    TABLE,
    Labels,
    find,
    find_goals,
    wrapped_labels,
)
from audit_utils.forms.vocabulary import Vocabulary, vocabulary
from audit_utils.records import Form, FormKind, Line, Problem

READERS: dict[FormKind, Callable[[Sequence[Sequence[Fragment]]], list[tuple[Content, Ledger]]]] = {
    "self_evaluation": self_evaluation.read_all,
    "target_declaration": target_declaration.read_all,
}
ENDS_EARLY = {
    "self_evaluation": (
        (FUNDS, "project funds"),
        (TABLE, "indicator table"),
        (("total", "total"), "total row"),
    ),
    "target_declaration": ((FUNDS, "project funds"), (TABLE, "indicator table")),
}
"""Landmarks that every form has; one that is missing was cut off."""
STRANGE = frozenset(
    {LEFT_IN_HEAD, LEFT_IN_FUNDS, TOO_MANY_NUMBERS, UNSETTLED, OPEN_GROUP, OTHER_HEADER}
)
"""Text left over where every word has its place: values may stand under the wrong label."""
SHOWING = (
    ("indicator_columns", "level1"),
    ("indicator_columns", "level2"),
    ("indicator_columns", "name"),
    ("sources", "total"),
    ("request", "total"),
)
"""Labels of which the usual words show a form even without its head."""
SIGNS = frozenset({">", "<", ">=", "<=", "=", "≥", "≤", "＞", "＜", "＝", "≧", "≦", "±"})
SENTENCE = re.compile("[，。；]")
PARTS: tuple[Labels, ...] = (
    TABLE,
    FUNDS,
    ("fund_columns", "initial_budget", "annual_budget", "executed"),
    ("request", "total", "project_total"),
)
"""Labels of which a form has at least one."""
LEARNT = 3
"""Forms of one kind from which columns are learnt."""
EVALUATED: tuple[Labels, ...] = (
    ("fund_columns", "initial_budget", "annual_budget", "executed"),
    ("indicator_columns", "actual", "score"),
)
DECLARED: tuple[Labels, ...] = (("request", "total"), ("head", "start_date", "end_date"))
"""Labels of one kind of form only."""


@dataclass(frozen=True)
class Extent:
    """The lines of one form: title and year above it, then its body from 项目名称 on."""

    kind: FormKind
    title: Sequence[Line]
    body: Sequence[Line]
    pieces: Sequence[Fragment]

    @cached_property
    def table(self) -> int:
        """Index of the first label of the indicators, or the number of fragments."""
        return find(self.pieces, TABLE)

    @property
    def has_table(self) -> bool:
        return self.table < len(self.pieces)

    @cached_property
    def units(self) -> frozenset[str]:
        """The units of money that the form prints in brackets or behind 单位：."""
        end = self.pieces[self.table].line if self.has_table else self.body[-1].number + 1
        lines = (line for line in (*self.title, *self.body) if line.number < end)
        found = (
            match
            for line in lines
            if "元" in line.text
            for match in STATED_UNIT.finditer(fold(line.text))
        )
        return frozenset(match[1] or match[2] for match in found)

    @property
    def year(self) -> int | None:
        """The year that stands below the title, or in it."""
        words = vocabulary()
        titles = [line.text for line in self.title if words.title("".join(line.text.split()))]
        found = [match for line in self.title if (match := YEAR.match(line.text))]
        found = found or [match for text in titles if (match := TITLED_YEAR.search(text))]
        return int(found[-1][1]) if found else None


def read_forms(lines: Sequence[Line]) -> tuple[tuple[Form, ...], tuple[Problem, ...]]:
    """The forms of a text in printed order, and what in it could not be read.

    A form of which a part is laid out in an unknown way is no form here: it is a problem.
    `seq` counts such forms too.
    """
    printed = without_page_numbers(lines)
    extents, problems = find_extents(printed)
    forms: dict[int, Form] = {}
    for kind, read_all in READERS.items():
        chosen = [(seq, extent) for seq, extent in enumerate(extents, 1) if extent.kind == kind]
        contents = read_all([extent.pieces for _, extent in chosen])
        for (seq, extent), (content, ledger) in zip(chosen, contents, strict=True):
            found = missing(extent) + ledger.problems + unaccounted(extent, ledger)
            found += other_layout(extent, learnt=len(chosen) >= LEARNT)
            headless = [] if extent.has_table else found[:1]
            if strange := headless or [problem for problem in found if problem.message in STRANGE]:
                form, told = read_other(extent, strange[0])
                if headless and not form and is_cut_off(extent):
                    form, told = make_form(seq, extent, content), found
                problems += [replace(problem, seq=seq if form else None) for problem in told]
                if form:
                    forms[seq] = replace(form, seq=seq)
            else:
                forms[seq] = make_form(seq, extent, content)
                problems += [replace(problem, seq=seq) for problem in found]
    problems.sort(key=lambda problem: (problem.line_start, problem.line_end))
    return tuple(forms[seq] for seq in sorted(forms)), tuple(problems)


def is_cut_off(extent: Extent) -> bool:
    """Whether a form without a head of indicators ends before them, and shows any part."""
    words = vocabulary()
    rows = any(
        words.meaning(part, piece.text) and piece.text not in wrapped_labels(words)
        for part in ("level1", "level2")
        for piece in extent.pieces
    )
    return not rows and holds(extent.pieces, *PARTS)


def read_other(extent: Extent, fault: Problem) -> tuple[Form | None, list[Problem]]:
    """The form of an extent that is not laid out as usual, and what could not be read."""
    from audit_utils.forms.lines import layouts

    return layouts.read(extent.title, extent.body, fault)


def find_extents(lines: Sequence[Line]) -> tuple[list[Extent], list[Problem]]:
    """Where the forms stand; text that stands outside of all of them is a problem.

    A document without any form is none: unless it holds a part of one.
    """
    names = [index for index, line in enumerate(lines) if names_project(line.text)]
    places = [
        (top, start)
        for start, end in zip(names, [*names[1:], len(lines)], strict=False)
        if (top := top_of(lines, start)) < start or shows_part(lines[start:end])
    ]
    if not places:
        return [], headless(lines)
    ends = [*(top for top, _ in places[1:]), len(lines)]
    extents = []
    for (top, start), end in zip(places, ends, strict=True):
        title, body = lines[top:start], lines[start:end]
        pieces = total_joined(split(body))
        extents.append(Extent(kind_of(title, pieces), title, body, pieces))
    return extents, outside(lines[: places[0][0]])


def total_joined(pieces: Sequence[Fragment]) -> list[Fragment]:
    """The fragments, with a label of the total row whose letters stand apart (总 分) as one."""
    words = vocabulary()
    kept: list[Fragment] = []
    for piece in pieces:
        if len(piece.text) == 1 and not piece.first and kept and kept[-1].first:
            whole = kept[-1].text + piece.text
            if len(whole) == 2 and words.meaning("total", whole):
                kept[-1] = kept[-1]._replace(text=whole)
                continue
        kept.append(piece)
    return kept


def names_project(text: str) -> bool:
    """Whether a line begins with 项目名称, or with a word at the side and then with it.

    Behind it stand no columns of amounts, as in the head of a list of projects.
    """
    words = vocabulary()
    if not may_name(words, text[0]):
        return False
    first, *others = text.split(maxsplit=2)
    if others and words.known["sides"][first]:
        first = others[0]
    if ":" in first or "：" in first:
        first = first.replace("：", ":").partition(":")[0]
    if "name" not in words.known["head"][first]:
        return False
    return not any(words.meaning("fund_columns", behind) for behind in text.split()[1:])


@lru_cache(maxsize=1 << 13)
def may_name(words: Vocabulary, character: str) -> bool:
    """Whether 项目名称, or a word at the side, may begin with a character."""
    return words.known["head"].may_begin(character) or words.known["sides"].may_begin(character)


def shows_part(lines: Sequence[Line]) -> bool:
    """Whether 项目名称 begins a form and not the head of a list: a part of it follows."""
    return any(holds(split([line]), *PARTS) for line in lines)


def holds(pieces: Sequence[Fragment], *wanted: Labels) -> bool:
    """Whether one of these labels is there."""
    return find(pieces, *wanted) < len(pieces)


def headless(lines: Sequence[Line]) -> list[Problem]:
    """What shows that a document without 项目名称 at a line's start holds a form all the same.

    A title alone shows none: it may be a cover, or name what is to follow.
    """
    words = vocabulary()
    message = f"a form that cannot be read: no line begins with {words.usual['head', 'name']}"
    parts = set(showing(lines))
    return [
        Problem(message, line.number, line.number, line.page, line.text)
        for line in lines
        if line in parts or (parts and words.title(line.text) == "self_evaluation")
    ]


def showing(lines: Sequence[Line]) -> list[Line]:
    """The lines that show a part of a form; a sentence that speaks of one does not."""
    words = [vocabulary().usual[label] for label in SHOWING]
    return [
        line
        for line in lines
        if any(word in line.text for word in words) and not SENTENCE.search(line.text)
    ]


def top_of(lines: Sequence[Line], start: int) -> int:
    """Index of the first of the title lines right above 项目名称.

    Between it and them may stand who filled in the form, and its unit of money.
    """
    top = start
    while start and (is_title(lines[start - 1].text) or is_signed(lines[start - 1].text)):
        start -= 1
        top = start if is_title(lines[start].text) else top
    return top


def is_signed(text: str) -> bool:
    """Whether a line begins with a label that no column takes, and a colon."""
    before, colon, _ = fold(text).partition(":")
    return bool(colon and vocabulary().meaning("aside", before))


def is_title(text: str) -> bool:
    """Whether a line is a form's or a document's title, or the year below it."""
    words = vocabulary()
    joined = "".join(text.split())
    return bool(YEAR.match(joined) or words.summary(joined) or words.title(joined))


def kind_of(title: Sequence[Line], pieces: Sequence[Fragment]) -> FormKind:
    """The kind of a form: by its own labels, else by its title."""
    words = vocabulary()
    if holds(pieces, *EVALUATED):
        return "self_evaluation"
    if holds(pieces, *DECLARED):
        return "target_declaration"
    declared = any(words.title(line.text) == "target_declaration" for line in title)
    return "target_declaration" if declared else "self_evaluation"


def make_form(seq: int, extent: Extent, content: Content) -> Form:
    """The record of a form with its place in the document."""
    own_title = [line for line in extent.title if not vocabulary().summary(line.text)]
    declared = extent.kind == "target_declaration" and own_title
    first = own_title[0] if declared else extent.body[0]
    return Form(
        kind=extent.kind,
        seq=seq,
        year=extent.year,
        money_unit="万元" if extent.units == {"万元"} else content.money_unit,
        head=content.head,
        funds=content.funds,
        indicators=tuple(content.indicators),
        line_start=first.number,
        line_end=extent.body[-1].number,
        page=first.page,
    )


def missing(extent: Extent) -> list[Problem]:
    """A form without one of its landmarks was cut off or is laid out in an unknown way."""
    words = vocabulary()
    lost = [
        f"{name} ({words.usual[landmark[0], landmark[1]]})"
        for landmark, name in ENDS_EARLY[extent.kind]
        if not (extent.has_table if landmark == TABLE else holds(extent.pieces, landmark))
    ]
    if not lost:
        return []
    last = extent.body[-1]
    message = f"the form is cut off or laid out in an unknown way: no {', no '.join(lost)}"
    return [Problem(message, last.number, last.number, last.page)]


def other_layout(extent: Extent, learnt: bool) -> list[Problem]:
    """What shows another layout than the usual one, for which nothing is `learnt` from others.

    Rows that are numbered or filled with dots, points that are left of a label, numbers alone
    on their lines; other words in the head of the indicators or of the objectives.
    """
    shown = [
        p
        for p in extent.pieces
        if p.first and p.text[0] in OTHER_STARTS and OTHER_ROWS.match(p.text)
    ]
    shown += strange_unit(extent) + other_kind(extent) + numbers_alone(extent)
    if not learnt and extent.kind == "self_evaluation":
        shown += renamed(extent, "indicator_columns", extent.table)
    if not learnt:
        shown += renamed(
            extent, f"objectives.{extent.kind}", find_goals(extent.pieces, extent.kind)
        )
    return [Problem(OTHER_HEADER, p.line, p.line, p.page, p.text) for p in shown[:1]]


def numbers_alone(extent: Extent) -> list[Fragment]:
    """Numbers alone on their lines (pages or parts of cells), signs apart from their value."""
    alone = {line.number for line in extent.body if may_be_one(line.text)}
    signs = (p for p in extent.pieces[extent.table :] if p.text in SIGNS)
    return [*(piece for piece in extent.pieces if piece.line in alone), *signs]


def other_kind(extent: Extent) -> list[Fragment]:
    """Where a form begins whose title is that of another kind of form."""
    words = vocabulary()
    titles = [words.title(line.text) for line in extent.title if not words.summary(line.text)]
    return list(extent.pieces[:1]) if "other" in titles else []


def strange_unit(extent: Extent) -> list[Fragment]:
    """Where a form begins that has two units of money, or one that is seldom used."""
    return [] if extent.units in ({"万元"}, {"元"}, set()) else list(extent.pieces[:1])


def renamed(extent: Extent, part: str, start: int) -> list[Fragment]:
    """The labels of a part, in a row from one on, that are not the usual words."""
    words = vocabulary()
    found: list[Fragment] = []
    for piece in extent.pieces[start:]:
        if not (meaning := words.meaning(part, piece.text)):
            break
        found += [piece] if words.usual[part, meaning] != piece.text else []
    return found


def unaccounted(extent: Extent, ledger: Ledger) -> list[Problem]:
    """Every printed character is entered once; a difference is told, never swallowed."""
    printed = sum(len(piece.text) for piece in extent.pieces)
    if printed == ledger.characters:
        return []
    first, last = extent.body[0], extent.body[-1]
    message = f"{printed} characters are printed, {ledger.characters} were accounted for"
    return [Problem(message, first.number, last.number, first.page)]


def outside(lines: Sequence[Line]) -> list[Problem]:
    """Text above the first form, where it shows a part of another one."""
    if not showing(lines):
        return []
    text = "\n".join(line.text for line in lines)
    message = "text outside of any form"
    return [Problem(message, lines[0].number, lines[-1].number, lines[0].page, text)]
