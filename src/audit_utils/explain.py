"""A rule for a person: what it asks for, on what grounds, and what it found last."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from audit_utils import rulebook, tables
from audit_utils.dictionary import RESULTS
from audit_utils.errors import AuditError
from audit_utils.precision import OUTCOMES
from audit_utils.rulebook import Rule

_SHOWN = 10


def explain(code: str, expectations: Path, folders: Iterable[Path]) -> dict[str, Any]:
    """The rule with this code, and its outcomes and findings in folders of tables.

    Raises AuditError when there is no such rule.
    """
    rules = {rule.code: rule for rule in rulebook.rules(expectations)}
    rule = rules.get(code.upper())
    if rule is None:
        raise AuditError(f"there is no rule {code}; there are {', '.join(sorted(rules))}")
    defaults = rulebook.parameters(expectations)
    return {
        "code": rule.code,
        "form": rule.form,
        "severity": rule.severity,
        "title": {"zh": rule.title.zh, "en": rule.title.en},
        "criteria": {"zh": rule.criteria.zh, "en": rule.criteria.en},
        "basis": str(rule.basis),
        "verified": rule.basis.verified,
        "not_applicable": {"zh": rule.not_applicable.zh, "en": rule.not_applicable.en},
        "cannot_evaluate": {"zh": rule.cannot_evaluate.zh, "en": rule.cannot_evaluate.en},
        "parameters": {
            name: defaults[name].default for name in rule.parameters if name in defaults
        },
        "expectation": {"type": rule.expectation, **rule.kwargs},
        "entry": f"{rule.path}:{rule.line}",
        "found": [found for folder in folders for found in _found(rule, folder)],
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
        ("basis", told["basis"]),
        ("not applicable", told["not_applicable"]["en"]),
        ("cannot evaluate", told["cannot_evaluate"]["en"]),
        ("parameters", ", ".join(f"{k} = {v}" for k, v in told["parameters"].items()) or "none"),
        ("entry", told["entry"]),
    ):
        yield f"  {name:<16}{text}"
    if not told["found"]:
        yield "  last run        none yet"
    for found in told["found"]:
        yield from _last(found)


def _last(found: Mapping[str, Any]) -> Iterator[str]:
    outcomes = ", ".join(f"{number} {name}" for name, number in found["outcomes"].items())
    yield f"  {'last run':<16}{found['folder']}: {outcomes}"
    for row in found["findings"][:_SHOWN]:
        place = f"{row['document']}:{row['line_start']}"
        expected = f" -> {row['expected']}" if row["expected"] else ""
        yield f"    {row['project_id']}  {place}  {row['condition']}{expected}"
    if len(found["findings"]) > _SHOWN:
        yield f"    {len(found['findings']) - _SHOWN} more"
