"""A rule for a person: what it asks for, on what grounds, and what it found last."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from audit_utils import cases, rulebook, tables
from audit_utils.dictionary import RESULTS
from audit_utils.errors import AuditError
from audit_utils.precision import OUTCOMES
from audit_utils.rulebook import Parameter, Rule, Text

_SHOWN = 10
_EXAMPLES = 3
_EXAMPLES_OF = {
    "pass": "passes",
    "fail": "fails",
    "rounding": "is rounding",
    "cannot_evaluate": "cannot tell",
    "not_applicable": "does not apply",
}


def explain(
    code: str, expectations: Path, folders: Iterable[Path], examples: Path | None = None
) -> dict[str, Any]:
    """The rule with this code, and its outcomes and findings in folders of tables.

    `examples` is a folder of case files.  Raises AuditError when there is no such rule, or
    its entry is broken.
    """
    rule = _rule(code, expectations)
    defaults = rulebook.parameters(expectations)
    runs = list(folders)
    return {
        "code": rule.code,
        "form": rule.form,
        "severity": rule.severity,
        "title": _both(rule.title),
        "criteria": _both(rule.criteria),
        "basis": str(rule.basis),
        "force": rule.basis.force,
        "verified": rule.basis.verified,
        "not_applicable": _both(rule.not_applicable),
        "cannot_evaluate": _both(rule.cannot_evaluate),
        "parameters": [
            _parameter(defaults[name], runs) for name in rule.parameters if name in defaults
        ],
        "examples": list(_examples(rule, examples)),
        "expectation": {"type": rule.expectation, **rule.kwargs},
        "entry": f"{rule.path}:{rule.line}",
        "found": [found for folder in runs for found in _found(rule, folder)],
    }


def _rule(code: str, expectations: Path) -> Rule:
    known: dict[str, Rule] = {}
    for path in rulebook.paths(expectations):
        found, faults = rulebook.read(path)
        known |= {rule.code: rule for rule in found}
        broken = [fault.error for fault in faults if fault.rule == code.upper()]
        if broken and code.upper() not in known:
            raise broken[0]
    if code.upper() not in known:
        raise AuditError(f"there is no rule {code}; there are {', '.join(sorted(known))}")
    return known[code.upper()]


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _parameter(parameter: Parameter, folders: Iterable[Path]) -> dict[str, Any]:
    """A parameter with its default, and the values that folders of tables have instead."""
    own = {folder.name: tables.read_about(folder).get("parameters", {}) for folder in folders}
    return {
        "name": parameter.name,
        "what": _both(parameter.text),
        "default": parameter.default,
        "in_force": {
            folder: values.get(parameter.name, parameter.default) for folder, values in own.items()
        },
    }


def _examples(rule: Rule, folder: Path | None) -> Iterator[dict[str, Any]]:
    """What the cases of the rule show."""
    path = folder / f"{rule.code}.json" if folder else None
    file, _ = cases.read(path) if path and path.is_file() else (None, [])
    for case in file.cases if file else ():
        yield {
            "name": case.name,
            "outcome": case.outcomes[-1],
            "change": {**case.change, **dict.fromkeys(case.without, "not in the form")},
            "line": f"{path}:{case.line}",
        }


def _found(rule: Rule, folder: Path) -> Iterator[dict[str, Any]]:
    """What the rule came to in one folder of tables, if the rules were run there."""
    if not all((folder / f"{name}.parquet").is_file() for name in RESULTS):
        return
    read = {name: table.to_pylist() for name, table in tables.read(folder, RESULTS).items()}
    outcomes = Counter(row["outcome"] for row in read["checks"] if row["rule"] == rule.code)
    if outcomes:
        yield {
            "folder": folder.name,
            "outcomes": {name: outcomes[name] for name in OUTCOMES if outcomes[name]},
            "findings": [row for row in read["findings"] if row["rule"] == rule.code],
        }


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The same as text, a line at a time."""
    yield f"{told['code']}  {told['severity']}  {told['title']['zh']}  {told['title']['en']}"
    for name, text in (
        ("form", told["form"]),
        ("criteria", told["criteria"]["zh"]),
        ("", told["criteria"]["en"]),
        ("basis", f"{told['basis']} ({told['force']})"),
        ("not applicable", told["not_applicable"]["en"]),
        ("cannot evaluate", told["cannot_evaluate"]["en"]),
        *_of_parameters(told["parameters"]),
        *_of_examples(told["examples"]),
        ("entry", told["entry"]),
    ):
        yield _line(name, text)
    if not told["found"]:
        yield _line("last run", "none yet")
    for found in told["found"]:
        yield from _last(found)


def _line(name: str, text: str) -> str:
    return f"  {name:<16}{text}"


def _of_parameters(parameters: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    heading = "parameters"
    for one in parameters:
        others = {k: v for k, v in one["in_force"].items() if v != one["default"]}
        own = "".join(f"; {folder}: {value}" for folder, value in others.items())
        yield heading, f"{one['name']} = {one['default']}{own}  {one['what']['en']}"
        heading = ""
    if heading:
        yield heading, "none"


def _of_examples(examples: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """A few examples of each outcome."""
    chosen: dict[str, list[Mapping[str, Any]]] = {outcome: [] for outcome in _EXAMPLES_OF}
    for one in examples:
        chosen[one["outcome"]].append(one)
    for outcome, some in chosen.items():
        for number, one in enumerate(some[:_EXAMPLES]):
            change = ", ".join(f"{path}: {_short(text)}" for path, text in one["change"].items())
            heading = "" if number else _EXAMPLES_OF[outcome]
            yield heading, f"{one['name']}{f' ({change})' if change else ''}"


def _short(printed: object) -> str:
    """A printed text, or the name of an indicator that a case adds."""
    shown = printed.get("name", "") if isinstance(printed, dict) else printed
    return "empty" if shown is None else str(shown)


def _last(found: Mapping[str, Any]) -> Iterator[str]:
    outcomes = ", ".join(f"{number} {name}" for name, number in found["outcomes"].items())
    yield _line("last run", f"{found['folder']}: {outcomes}")
    for row in found["findings"][:_SHOWN]:
        place = f"{row['document']}:{row['line_start']}"
        expected = f" -> {row['expected']}" if row["expected"] else ""
        yield f"    {row['project_id']}  {place}  {row['condition']}{expected}"
    if len(found["findings"]) > _SHOWN:
        yield f"    {len(found['findings']) - _SHOWN} more"
