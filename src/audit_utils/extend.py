"""The steward's bench: from an idea to a rule (notebooks/04_extend.ipynb).

Everything is tried in a copy of the suites and cases, the scratch folder; nothing here
changes the project itself.
"""

import difflib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from audit_utils import batches, cases, files, findings, pipeline, rulebook, suites, tables, trial
from audit_utils.dictionary import TABLES
from audit_utils.errors import AuditError
from audit_utils.suitecheck import check as check_suites

Pair = tuple[str, str]
"""A text in Chinese and in English."""

_INDENT = "    "


def frame(
    processed: Path | str, form: str, table: str, expectations: Path | str | None = None
) -> pd.DataFrame:
    """The rows of a table of all years as the suites see them (batches.frame).

    With `expectations` also the columns of other tables that the rules there read.
    Raises AuditError when there are no tables.
    """
    own = TABLES[table].names[1:]
    loaded = suites.load(Path(expectations)) if expectations else []
    here = [suite for suite in loaded if (suite.form, suite.table) == (form, table)]
    beside = [path for suite in here for path in suite.paths]
    found = [
        batches.frame(read, form, table, dict.fromkeys([*own, *beside]))
        for read in _years(processed).values()
    ]
    joined = pd.concat(found, ignore_index=True)
    joined.attrs["table"] = table
    return joined


def _years(processed: Path | str) -> dict[str, tables.Tables]:
    folders = pipeline.folders_of_tables(Path(processed))
    if not folders:
        raise AuditError("holds no tables; `make audit` makes them", processed)
    return {folder.name: tables.read(folder) for folder in folders}


def batch(rows: pd.DataFrame) -> Any:
    """The frame as a batch of Great Expectations: `batch.validate(expectation)`."""
    return suites.batch(rows)


# --- the suite --------------------------------------------------------------------------


def entry(
    expectation: Any,
    *,
    code: str,
    title: Pair,
    criteria: Pair,
    basis: Mapping[str, Any],
    condition: Pair,
    not_applicable: Pair,
    cannot_evaluate: Pair,
) -> dict[str, Any]:
    """The entry of a suite that makes an expectation a rule.

    `basis` has source, clause, force and verified; `condition` says what is printed.
    """
    configuration = expectation.configuration
    names = ("title", "criteria", "condition", "not_applicable", "cannot_evaluate")
    given = (title, criteria, condition, not_applicable, cannot_evaluate)
    texts = {name: {"zh": zh, "en": en} for name, (zh, en) in zip(names, given, strict=True)}
    meta = {
        "code": code,
        "title": texts["title"],
        "criteria": texts["criteria"],
        "basis": dict(basis),
        "condition": texts["condition"],
        "not_applicable": texts["not_applicable"],
        "cannot_evaluate": texts["cannot_evaluate"],
    }
    return {
        "type": configuration.type,
        "severity": configuration.severity.value,
        "kwargs": {name: _readable(given) for name, given in configuration.kwargs.items()},
        "meta": meta,
    }


def _readable(given: Any) -> Any:
    """An argument as a person would write it: a condition in pandas' words is a text."""
    return given.get("pass_through_filter", given) if isinstance(given, dict) else given


def copy(expectations: Path | str, examples: Path | str, scratch: Path | str) -> Path:
    """A fresh copy of the suites and the case files in `scratch`; returns that folder.

    Raises AuditError when the folder holds anything else.
    """
    target, known = Path(scratch), {"expectations", "tests"}
    if target.exists() and {path.name for path in target.iterdir()} - known:
        raise AuditError("is no scratch folder: it holds other things", target)
    shutil.rmtree(target, ignore_errors=True)
    only_json = shutil.ignore_patterns("*.py", "__pycache__", ".*")
    shutil.copytree(expectations, target / "expectations", ignore=only_json)
    shutil.copytree(examples, cases.beside(target / "expectations"), ignore=only_json)
    return target


def add_rule(scratch: Path, form: str, table: str, rule: Mapping[str, Any]) -> Path:
    """Write an entry at the end of a suite; the other lines stay as they are."""
    path = scratch / "expectations" / form / f"{table}.json"
    rulebook.read(path)
    text = path.read_text("utf-8")
    before, bracket, after = text.rpartition("]")
    written = json.dumps(rule, ensure_ascii=False, indent=2).replace("\n", f"\n{_INDENT}")
    comma = "" if before.rstrip().endswith("[") else ","
    whole = f"{before.rstrip()}{comma}\n{_INDENT}{written}\n  {bracket}{after}"
    files.write(path.parent, {path.name: whole.encode()})
    return path


def outcomes(processed: Path | str, scratch: Path, code: str) -> pd.DataFrame:
    """How many projects of each year end with which outcome under a rule; a row a year."""
    rows = {year: _run(read, scratch, code)[0] for year, read in _years(processed).items()}
    counts = {year: pd.Series(found["outcome"]).value_counts() for year, found in rows.items()}
    return pd.DataFrame(counts).T.fillna(0).astype(int)


def found(processed: Path | str, scratch: Path, code: str) -> pd.DataFrame:
    """What a rule finds in all years: condition, what is expected, and the place."""
    every = [_run(read, scratch, code)[1] for read in _years(processed).values()]
    columns = ["project_id", "row", "condition", "expected", "document", "line_start"]
    return pd.concat(every, ignore_index=True)[columns]


def _run(read: tables.Tables, scratch: Path, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    chosen = trial.only(code, suites.load(scratch / "expectations"))
    if not chosen:
        raise AuditError(f"there is no rule {code} that can be run; check the suites")
    checks, finds = findings.check(read, chosen)
    return checks.to_pandas(), finds.to_pandas()


# --- the cases --------------------------------------------------------------------------


def write_cases(
    scratch: Path,
    code: str,
    form: str,
    examples: Sequence[Mapping[str, Any]],
    never: Mapping[str, str],
) -> Path:
    """Write the case file of a rule, one case a line (cases.py says what a case has)."""
    folder = cases.beside(scratch / "expectations")
    head = {"rule": code, "form": form, "never": dict(never)}
    lines = [json.dumps(case, ensure_ascii=False) for case in examples]
    opening = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    body = f",\n{_INDENT}".join(lines)
    text = f'{opening},\n  "cases": [\n{_INDENT}{body}\n  ]\n}}\n'
    files.write(folder, {f"{code}.json": text.encode()})
    return folder / f"{code}.json"


def run_cases(scratch: Path, code: str) -> pd.DataFrame:
    """Each case of a rule with the outcome it says, the one it got, and what differs."""
    suite = trial.only(code, suites.load(scratch / "expectations"))
    file = cases.load(cases.beside(scratch / "expectations") / f"{code}.json")
    shown = trial.run(file, suite)
    rows = [
        {
            "case": case.name,
            "says": "、".join(case.outcomes),
            "got": "、".join(check["outcome"] for check in shown[case.name].checks),
            "differs": "；".join(trial.differences(case, shown[case.name])),
        }
        for case in file.cases
    ]
    return pd.DataFrame(rows)


def check(scratch: Path) -> list[str]:
    """What `audit-utils suites check` says of the scratch folder; an empty list is best."""
    folder = scratch / "expectations"
    return [str(trouble) for trouble in check_suites(folder, cases.beside(folder)).troubles]


@dataclass(frozen=True, slots=True)
class Patch:
    """Text that a notebook shows as it is."""

    text: str

    def __repr__(self) -> str:
        return self.text


def changes(scratch: Path, expectations: Path | str, examples: Path | str) -> Patch:
    """What the scratch folder has and the project has not."""
    pairs = ((scratch / "expectations", expectations),
             (cases.beside(scratch / "expectations"), examples))  # fmt: skip
    return Patch("".join(line for new, old in pairs for line in _differences(new, Path(old))))


def _differences(new: Path, old: Path) -> Iterator[str]:
    for path in sorted(new.rglob("*.json")):
        name = path.relative_to(new)
        before = (old / name).read_text("utf-8") if (old / name).is_file() else ""
        yield from difflib.unified_diff(
            before.splitlines(keepends=True),
            path.read_text("utf-8").splitlines(keepends=True),
            f"{old.name}/{name.as_posix()}",
            f"{old.name}/{name.as_posix()}",
            n=1,
        )
