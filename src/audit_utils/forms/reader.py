"""All forms of a text: where each begins and ends, what kind it is, what it holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from audit_utils.forms import self_evaluation, target_declaration
from audit_utils.forms.content import REFUSED, Content
from audit_utils.forms.fragments import Fragment, Ledger, split
from audit_utils.forms.funds import LEFT_IN_FUNDS, TOO_MANY_NUMBERS, UNSETTLED
from audit_utils.forms.head import LEFT_IN_HEAD
from audit_utils.forms.marks import FILLER, NUMBERED, PAGE_NUMBER, YEAR
from audit_utils.forms.sections import FUNDS, OTHER_HEADER, TABLE, find
from audit_utils.forms.vocabulary import vocabulary
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
STRANGE = frozenset({LEFT_IN_HEAD, LEFT_IN_FUNDS, TOO_MANY_NUMBERS, UNSETTLED, OTHER_HEADER})
"""Text left over where every word has its place: values may stand under the wrong label."""
SHOWING = (
    ("indicator_columns", "level1"),
    ("indicator_columns", "level2"),
    ("indicator_columns", "name"),
    ("sources", "total"),
    ("request", "total"),
)
"""Labels of which the usual words show a form even without its head."""
EVALUATED = frozenset({"actual", "score"})
SPENT = frozenset({"initial_budget", "annual_budget", "executed"})
DATES = frozenset({"start_date", "end_date"})


@dataclass(frozen=True, slots=True)
class Extent:
    """The lines of one form: title and year above it, then its body from 项目名称 on."""

    kind: FormKind
    title: Sequence[Line]
    body: Sequence[Line]
    pieces: Sequence[Fragment]

    @property
    def year(self) -> int | None:
        """The year that stands below the title."""
        found = [match for line in self.title if (match := YEAR.match(line.text))]
        return int(found[-1][1]) if found else None


def read_forms(lines: Sequence[Line]) -> tuple[tuple[Form, ...], tuple[Problem, ...]]:
    """The forms of a text in printed order, and what in it could not be read.

    A form of which a part is laid out in an unknown way is no form here: it is a problem.
    `seq` counts such forms too.
    """
    printed = [line for line in lines if not PAGE_NUMBER.match(line.text)]
    extents, problems = find_extents(printed)
    forms: dict[int, Form] = {}
    for kind, read_all in READERS.items():
        chosen = [(seq, extent) for seq, extent in enumerate(extents, 1) if extent.kind == kind]
        contents = read_all([extent.pieces for _, extent in chosen])
        for (seq, extent), (content, ledger) in zip(chosen, contents, strict=True):
            found = missing(extent) + ledger.problems + unaccounted(extent, ledger)
            found += other_rows(extent)
            if strange := [problem for problem in found if problem.message in STRANGE]:
                problems.append(replace(strange[0], message=REFUSED + strange[0].message))
            else:
                forms[seq] = make_form(seq, extent, content)
                problems += [replace(problem, seq=seq) for problem in found]
    problems.sort(key=lambda problem: (problem.line_start, problem.line_end))
    return tuple(forms[seq] for seq in sorted(forms)), tuple(problems)


def find_extents(lines: Sequence[Line]) -> tuple[list[Extent], list[Problem]]:
    """Where the forms stand; text that stands outside of all of them is a problem.

    A document without any form is none: unless it holds a part of one.
    """
    words = vocabulary()
    starts = [
        index
        for index, line in enumerate(lines)
        if words.meaning("head", line.text.split()[0]) == "name"
    ]
    if not starts:
        return [], headless(lines)
    tops = [top_of(lines, start) for start in starts]
    extents = []
    for top, start, end in zip(tops, starts, [*tops[1:], len(lines)], strict=True):
        title, body = lines[top:start], lines[start:end]
        pieces = split(body)
        extents.append(Extent(kind_of(title, pieces), title, body, pieces))
    return extents, outside(lines[: tops[0]])


def headless(lines: Sequence[Line]) -> list[Problem]:
    """What shows that a document without 项目名称 at a line's start holds a form all the same."""
    words = vocabulary()
    message = f"a form that cannot be read: no line begins with {words.usual['head', 'name']}"
    showing = [words.usual[label] for label in SHOWING]
    return [
        Problem(message, line.number, line.number, line.page, line.text)
        for line in lines
        if any(word in line.text for word in showing) or words.title(line.text) == "self_evaluation"
    ]


def top_of(lines: Sequence[Line], start: int) -> int:
    """Index of the first of the title lines right above 项目名称."""
    while start and is_title(lines[start - 1].text):
        start -= 1
    return start


def is_title(text: str) -> bool:
    """Whether a line is a form's or a document's title, or the year below it."""
    words = vocabulary()
    joined = "".join(text.split())
    return bool(YEAR.match(joined) or words.summary(joined) or words.title(joined))


def kind_of(title: Sequence[Line], pieces: Sequence[Fragment]) -> FormKind:
    """The kind of a form: by its own labels, else by its title."""
    words = vocabulary()
    texts = {piece.text for piece in pieces}

    def found(part: str) -> set[str]:
        known = words.known[part]
        return {meaning for text in texts for meaning in known[text][:1]}

    if found("indicator_columns") & EVALUATED or found("fund_columns") & SPENT:
        return "self_evaluation"
    if "total" in found("request") or found("head") & DATES:
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
        money_unit=content.money_unit,
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
        if find(extent.pieces, landmark) == len(extent.pieces)
    ]
    if not lost:
        return []
    last = extent.body[-1]
    message = f"the form is cut off or laid out in an unknown way: no {', no '.join(lost)}"
    return [Problem(message, last.number, last.number, last.page)]


def other_rows(extent: Extent) -> list[Problem]:
    """Rows that are numbered or filled with dots are those of another layout."""
    return [
        Problem(OTHER_HEADER, piece.line, piece.line, piece.page, piece.text)
        for piece in extent.pieces
        if piece.first and (FILLER.fullmatch(piece.text) or NUMBERED.match(piece.text))
    ][:1]


def unaccounted(extent: Extent, ledger: Ledger) -> list[Problem]:
    """Every printed character is entered once; a difference is told, never swallowed."""
    printed = sum(len(piece.text) for piece in extent.pieces)
    if printed == ledger.characters:
        return []
    first, last = extent.body[0], extent.body[-1]
    message = f"{printed} characters are printed, {ledger.characters} were accounted for"
    return [Problem(message, first.number, last.number, first.page)]


def outside(lines: Sequence[Line]) -> list[Problem]:
    """Text above the first form."""
    if not lines:
        return []
    text = "\n".join(line.text for line in lines)
    message = "text outside of any form"
    return [Problem(message, lines[0].number, lines[-1].number, lines[0].page, text)]
