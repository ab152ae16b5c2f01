"""How to mend what is wrong with suites, case files or labels: one sentence for each fault.

The loaders say what is wrong (`SC01: no such column: scroe`); here stands what a steward
does about it.  A fault of a kind that is not listed gets the general advice.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches

from audit_utils.dictionary import TABLES
from audit_utils.rulebook import FORCES, PARAMETERS, SEVERITIES

GENERAL = "compare with an entry that is right; README.md says where each change goes"

_WRITTEN = {
    "kwargs": '"kwargs": {…}, the arguments of the expectation',
    "type": '"type": "expect_…", the expectation',
    "severity": f'"severity": one of {", ".join(SEVERITIES)}',
    "meta.code": '"code": "SC99", two letters and two digits that no rule ever had',
    "meta.condition.zh": '"zh": "得分 {score}；分值 {weight}", what is printed',
    "meta.condition.en": '"en": "Score {score}; weight {weight}", the same in English',
    "meta.basis.source": '"source": "财预〔2020〕10号", the law or notice',
    "meta.basis.clause": '"clause": "第十三条", or null',
    "meta.basis.force": f'"force": one of {", ".join(FORCES)}',
    "meta.basis.verified": '"verified": true where the clause was read in its source, else false',
}
"""Key of an entry -> how it is written; all other keys are texts in both languages."""

_TEXTS = ("meta.title", "meta.criteria", "meta.not_applicable", "meta.cannot_evaluate")
REQUIRED = (*_WRITTEN, *(f"{text}.{language}" for text in _TEXTS for language in ("zh", "en")))
"""Every key that an entry has to have."""

Advice = Callable[[re.Match[str], Sequence[str]], str]
"""Makes the advice of the fault and the names that there are (expectations, say)."""


def written(key: str) -> str:
    """How a key of an entry is written."""
    short = key.rpartition(".")[2]
    return _WRITTEN.get(key, f'"{short}": "…", in Chinese under zh and in English under en')


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}? " if near else ""


def _column(fault: re.Match[str], _: Sequence[str]) -> str:
    table, _, column = fault["name"].rpartition(".")
    names = {
        name: table.name
        for table in TABLES.values()
        if table.name in ("projects", "funds", "indicators", "cells")
        for name in table.names
    }
    near = _nearest(column, names).replace("mean ", f"mean {table}." if table else "mean ")
    return near + "src/audit_utils/dictionary.py has the columns of every table"


def _expectation(fault: re.Match[str], known: Sequence[str]) -> str:
    return (
        _nearest(fault["name"], known) + "those of Great Expectations and of "
        "src/audit_utils/expectations/ can be used; a new one is a class there"
    )


def _missing(fault: re.Match[str], _: Sequence[str]) -> str:
    return f"add {written(fault['name'])}"


def _wrong(fault: re.Match[str], _: Sequence[str]) -> str:
    return f"write {written(fault['name'])}"


def _say(text: str) -> Advice:
    return lambda fault, _: fault.expand(text)


_ADVICE: list[tuple[str, Advice]] = [
    # suites
    (r"(?P<name>[\w.]+) is missing", _missing),
    (r"(?P<name>[\w.]+) is not as it should be", _wrong),
    (r"(?P<name>[\w.]+) is '.*', not one of .*", _wrong),
    (r"no such column: (?P<name>.+)", _column),
    (r"there is no expectation (?P<name>.+)", _expectation),
    (r"(?P<name>\w+) cannot be made: .*",
     _say(r"the class of \g<name> names its arguments: compare kwargs with them")),
    (r".* judges a table as a whole, a rule its rows",
     _say("take an expectation of column values, or one of src/audit_utils/expectations/")),
    (r"the code is used twice",
     _say("give the later one a code that no rule ever had, and its case file that name")),
    (r".*: the code is not two letters and two digits", _say("write it like SC01")),
    (r"the parameter (?P<name>\w+) has no default in .*",
     _say(rf"add \g<name> with its value to expectations/{PARAMETERS}, as others stand there")),
    (r"parameters are written .*", _say("write every parameter that way")),
    (r"is not JSON: .*",
     _say("look here and in the line before for a comma, quote or bracket too few or too many")),
    (r"cannot be read as UTF-8", _say("save it as UTF-8, and let everybody read it")),
    (r"a suite is .*", _say("write the rules as a list under expectations")),
    (r"the name is .*, not (?P<name>.+)", _say(r'write "name": "\g<name>"')),
    (r"is no suite: those are .*", _say("move its rules into one of those files")),
    (r"no suites here .*", _say("call it where the folder expectations lies, or name the folder")),
    (r"Great Expectations reads .*", _say("an entry has type, severity, kwargs and meta alone")),
    (r"no rule has a parameter .*|parameter .* is .*, which is not .*",
     _say(f"take a name that expectations/{PARAMETERS} has")),
    (r"[\w.]+: .+ stands there twice",
     _say("take one out: labels are compared without white space, colons and numbering")),
    (r"(?P<name>.+) stands there twice", _say(r"put what both hold under one \g<name>")),
    # labels
    (r"[\w.]+: (?P<name>.+) is missing", _say(r'add "\g<name>": [] with its labels')),
    (r".+: there is no .+, only .+", _say("move its labels to one of those")),
    (r"[\w. ]+: must hold names with their labels", _say('write {"name": ["…", "…"], …}')),
    (r"[\w.]+: must be a list of texts", _say('write ["…", "…"]')),
    (r"[\w.]+: .+ is no label", _say("write the text as forms print it, or take it out")),
    (r"[\w.]+: .+ means .+ and .+",
     _say("a label means one thing in a part: leave it where most forms have it")),
    (r"groups: must hold every name of level2 once", _say("write each under its level 1")),
    (r"[\w.]+: (?P<name>.+) is no name of level2",
     _say(r"write one of level2, or add \g<name> there and under groups")),
    # case files
    (r"there is no case file .*", _say("write it as that of another rule of its form")),
    (r"no rule has this code", _say("call it after its rule, or remove it")),
    (r"no case shows (?P<name>\w+)",
     _say(r'add a case with "outcome": "\g<name>", or say under "never" why it cannot happen')),
    (r"a case shows (?P<name>\w+), which never happens",
     _say(r'take \g<name> out of "never", or mend the case')),
    (r"why (?P<name>\w+) never happens is not said",
     _say(r'write the reason: "never": {"\g<name>": "…"}')),
    (r"no rule may leave (?P<name>\w+) out", _say(r'add a case of it, take it out of "never"')),
    (r"two cases are called .*", _say("name each for what it alone proves")),
    (r"case .*: the form has no column (?P<name>.+)", _column),
    (r"case .*: the form has no .*", _say("tests/rules/clean/ shows what the form has")),
    (r"case .*: no cell holds .*", _say("write it as a form prints it; null for an empty cell")),
    (r"case .*: no such outcome: .*",
     _say("write one of pass, fail, rounding, cannot_evaluate, not_applicable")),
    (r"case .*: \d+ forms and \d+ outcomes", _say("write one outcome a form, as a list")),
    (r"case .*: no such key: .*|no such key: .*",
     _say("src/audit_utils/cases.py says what a case file has")),
    (r"case .*: gives error .*", _say("mend the entry of the rule")),
    (r"case .*: gives .*|case .*: finding .*",
     _say("mend the rule where it is wrong, the case where the rule is right")),
    (r".*the rule is one of (?P<name>\w+)", _say(r'write "form": "\g<name>"')),
    (r'"rule" is .*, the file is (?P<name>\w+)\.json', _say(r'write "rule": "\g<name>"')),
    (r'"form" is .*, no form', _say("write self_evaluation or target_declaration")),
    (r"a case file is .*", _say("write the cases as a list under cases")),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern, re.DOTALL), advice) for pattern, advice in _ADVICE]


def mend(fault: str, expectations: Sequence[str] = ()) -> str:
    """What to do about a fault; `expectations` are the names of those that there are."""
    for pattern, advice in _PATTERNS:
        if found := pattern.fullmatch(fault):
            return advice(found, expectations)
    return GENERAL
