"""The page of the whole rulebook: what every rule asks for, examples, and what it found."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from audit_utils import cases, rulebook
from audit_utils.cases import CaseFile
from audit_utils.language import Language, _
from audit_utils.parameters import Setting
from audit_utils.report import data, text
from audit_utils.report.data import Project
from audit_utils.report.examples import examples
from audit_utils.report.html import Html, render
from audit_utils.rulebook import Rule

PROJECTS = 20
"""How many projects with findings of a rule are named; the index has them all."""
FORCES = {"binding": "应当遵守", "guidance": "指导性", "form": ""}


@dataclass(frozen=True)
class Book:
    """All rules with their cases and the parameters in force, and the year they were used on."""

    year: data.Year
    rules: list[Rule]
    settings: Mapping[str, Setting]
    files: Mapping[str, CaseFile]
    clean: Mapping[str, Mapping[str, Any]]

    def of(self, form: str) -> list[Rule]:
        """The rules of one form in the order of their codes."""
        return sorted((rule for rule in self.rules if rule.form == form), key=lambda r: r.code)

    @cached_property
    def outcomes(self) -> Mapping[str, Counter[str]]:
        """Code of a rule -> number of projects with each outcome, for the rules of the year."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for project in self.year.projects:
            for check in project.checks:
                counts[check["rule"]][check["outcome"]] += 1
        return counts

    @cached_property
    def found(self) -> Mapping[str, list[tuple[Project, int]]]:
        """Code of a rule -> the projects with findings of it, and how many."""
        found: defaultdict[str, list[tuple[Project, int]]] = defaultdict(list)
        for project in self.year.projects:
            for code, number in Counter(one["rule"] for one in project.findings).items():
                found[code].append((project, number))
        return found


def load(
    processed: Path | str,
    year: int,
    expectations: Path | str,
    examples: Path | str,
    language: Language | None = None,
) -> Book:
    """The rulebook of `expectations` with the results of a year and the cases in `examples`.

    `language` is as for `data.load`.  A rule without a case file has no examples.
    AuditError: tables or rules that cannot be used.
    """
    folder, suites = Path(examples), Path(expectations)
    files = [cases.read(path)[0] for path in cases.paths(folder)]
    forms = {file.form for file in files if file}
    known = data.load(processed, year, expectations, language)
    return Book(
        year=known,
        rules=rulebook.rules(suites),
        settings=known.settings,
        files={file.rule: file for file in files if file},
        clean={form: cases.clean(folder, form) for form in forms},
    )


def head(book: Book) -> Html:
    """What the page is about, and the number of rules by severity."""
    return render(
        "rules_head",
        year=book.year.year,
        count=len(book.rules),
        severities=Counter(rule.severity for rule in book.rules),
        examples=sum(len(file.cases) for file in book.files.values()),
        unverified=sum(1 for rule in book.rules if not rule.basis.verified),
        forms=[(_(label), len(book.of(form))) for form, label in text.FORMS.items()],
    )


def contents(book: Book) -> Html:
    """Every rule in one line, with what it came to this year."""
    used = {project.row["form"] for project in book.year.projects}
    groups = [
        {"label": _(label), "used": form in used, "rules": book.of(form)}
        for form, label in text.FORMS.items()
    ]
    return render(
        "rules_contents", groups=groups, outcomes=book.outcomes, broken=list(_broken(book))
    )


def _broken(book: Book) -> Iterator[tuple[str, str]]:
    """Codes of the year's results that no entry of the suites has, with what was said."""
    known = {rule.code for rule in book.rules}
    told: dict[str, str] = {}
    for project in book.year.projects:
        for check in project.checks:
            if check["rule"] not in known:
                told.setdefault(check["rule"], check["reason"] or "")
    yield from sorted(told.items())


def parameters(book: Book) -> Html:
    """The thresholds in force, where each comes from, and which rules use it."""
    rows = [
        {
            "setting": one,
            "value": text.parameter(one.parameter.unit, one.value),
            "default": text.parameter(one.parameter.unit, one.parameter.default),
            "rules": sorted(rule.code for rule in book.rules if name in rule.parameters),
        }
        for name, one in book.settings.items()
    ]
    return render("rules_parameters", rows=rows)


def rules(book: Book, form: str) -> Html:
    """Each rule of a form: criteria, basis, parameters, examples, and where it failed."""
    return render("rules_book", rules=[_rule(book, rule) for rule in book.of(form)])


def _rule(book: Book, rule: Rule) -> dict[str, Any]:
    file, found = book.files.get(rule.code), book.found.get(rule.code, [])
    return {
        "rule": rule,
        "force": _(FORCES[rule.basis.force]),
        "settings": [
            {"name": one.parameter.text.said, "own": one.own,
             "value": text.parameter(one.parameter.unit, one.value)}
            for name in rule.parameters if (one := book.settings.get(name))
        ],
        "outcomes": book.outcomes[rule.code],
        "findings": sum(number for _project, number in found),
        "found": found[:PROJECTS],
        "touched": len(found),
        "examples": list(examples(file, book.clean.get(rule.form, {}))),
        "cases": len(file.cases) if file else 0,
        "written": json.dumps(
            {"type": rule.expectation, "kwargs": rule.kwargs}, ensure_ascii=False, indent=1
        ),
    }  # fmt: skip
