"""All that the rules say: of every case file and of the real documents, in one language."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import gold
import pyarrow.compute as pc

from audit_utils import batches, cases, findings, language, suites, tables, trial
from audit_utils.cases import Case
from audit_utils.language import Language

FOLDER = Path(__file__).parent / "rules"
EXPECTATIONS = FOLDER.parents[1] / "expectations"
YEARS = (2022, 2024)
Row = dict[str, Any]


@cache
def loaded() -> tuple[suites.Suite, ...]:
    return tuple(suites.load(EXPECTATIONS))


@cache
def every_case() -> tuple[Case, ...]:
    return tuple(case for path in cases.paths(FOLDER) for case in cases.load(path).cases)


@cache
def batch(source: str) -> tables.Tables:
    """The tables of a year, of all cases (`cases`), or of one rule's with its own parameters."""
    if source.isdigit():
        return tables.build([gold.document(int(source))], int(source))
    chosen = [case for case in every_case() if source_of(case) == source]
    return tables.build([cases.document(case, number) for number, case in enumerate(chosen)])


def source_of(case: Case) -> str:
    return f"{case.rule} {sorted(case.parameters.items())!r}" if case.parameters else "cases"


def sources() -> list[str]:
    return [*map(str, YEARS), *dict.fromkeys(map(source_of, every_case()))]


def _run(source: str) -> tuple[list[suites.Suite], Mapping[str, Any]]:
    """The suites for a source, and the parameters that differ."""
    own = next((case.parameters for case in every_case() if source_of(case) == source), {})
    return trial.only(source[:4], loaded()) if own else list(loaded()), own


@cache
def findings_in(said: Language, source: str) -> tuple[list[Row], list[Row]]:
    """Checks and findings."""
    chosen, own = _run(source)
    with language.speaking(said):
        checks, found = findings.check(batch(source), chosen, own)
    return checks.to_pylist(), found.to_pylist()


@cache
def places_in(said: Language, source: str) -> list[Row]:
    """Every failure and rounding, with its `rule`."""
    chosen, own = _run(source)
    with language.speaking(said):
        return list(_places(batch(source), chosen, own))


def _places(
    built: tables.Tables, chosen: list[suites.Suite], own: Mapping[str, Any]
) -> Iterator[Row]:
    for suite in chosen:
        if not pc.any(pc.equal(built["projects"]["form"], suite.form)).as_py():
            continue
        frame = batches.frame(built, suite.form, suite.table, suite.paths)
        values = {name: one.default for name, one in suite.defaults.items()} | dict(own)
        for code, judgement in suites.validate(suite, frame, values).items():
            assert not isinstance(judgement, str), judgement
            for place in judgement.places.to_dict("records"):
                yield {"rule": code, **{str(key): value for key, value in place.items()}}
