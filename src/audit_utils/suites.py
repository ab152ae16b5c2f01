"""Suites ready to run: the rules as Great Expectations, validated one batch a frame.

Importing Great Expectations takes seconds; only `load` and `validate` do it.  An entry that
it drops without a word (a class that was not imported, an argument that it does not know)
is a fault here, and so is a column that does not exist.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_utils import batches, jsontext, rulebook
from audit_utils.errors import AuditError
from audit_utils.rulebook import FIELD, Fault, Parameter, Rule, parameters, rules

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.expectations.expectation import Expectation

    from audit_utils.expectations.judgement import Judgement

__all__ = ["Fault", "Rule", "Suite", "load", "parameters", "rules", "validate"]

_KEYS = ("project_id", "row")
"""Columns that every frame has."""

_TEXTS = ("label", "printed")
"""Fields that every condition may have."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules of one frame, ready to run, and the faults of those that are not.

    `expectations` has one for each of `rules`, `columns` maps a code to the paths that the
    rule reads or prints, `defaults` are the parameters of all suites.
    """

    form: str
    table: str
    path: Path
    rules: tuple[Rule, ...]
    expectations: tuple[Expectation, ...]
    faults: tuple[Fault, ...]
    columns: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, Parameter]

    @property
    def paths(self) -> tuple[str, ...]:
        """The columns that its frame needs (batches.frame)."""
        return tuple(dict.fromkeys(path for paths in self.columns.values() for path in paths))


def load(directory: Path) -> list[Suite]:
    """All suites of a folder, in the order of forms and frames.

    Raises AuditError when there is none, or the parameters cannot be read; what is wrong
    inside of a suite is among its faults.
    """
    defaults = rulebook.parameters(directory)
    taken: set[str] = set()
    loaded = [_load(path, defaults, taken) for path in rulebook.paths(directory)]
    named = {rule.code for suite in loaded for rule in suite.rules}
    return [replace(suite, faults=_named(suite.faults, named)) for suite in loaded]


def _named(faults: Iterable[Fault], taken: set[str]) -> tuple[Fault, ...]:
    """The faults, none with a code that is taken; their own codes are taken then.

    An entry with the code of a rule that runs, or of another fault, must not give that rule
    a second outcome.
    """
    named: list[Fault] = []
    for fault in faults:
        named.append(replace(fault, rule=None) if fault.rule in taken else fault)
        taken.add(fault.rule or "")
    return tuple(named)


def _load(path: Path, defaults: Mapping[str, Parameter], taken: set[str]) -> Suite:
    found, faults = rulebook.read(path)
    ready: list[tuple[Rule, Expectation]] = []
    columns: dict[str, tuple[str, ...]] = {}
    for rule in found:
        try:
            if rule.code in taken:
                raise AuditError("the code is used twice")
            _check_parameters(rule, defaults)
            expectation = _expectation(rule)
            columns[rule.code] = _columns(rule, expectation)
            ready.append((rule, expectation))
        except AuditError as error:
            complaint = AuditError(f"{rule.code}: {error.message}", path, rule.line)
            faults.append(Fault(rule.code, complaint))
        taken.add(rule.code)
    return Suite(
        form=path.parent.name,
        table=path.stem,
        path=path,
        rules=tuple(rule for rule, _ in ready),
        expectations=tuple(expectation for _, expectation in ready),
        faults=tuple(faults),
        columns=columns,
        defaults=defaults,
    )


def _check_parameters(rule: Rule, defaults: Mapping[str, Parameter]) -> None:
    for name in rule.parameters:
        if name not in defaults:
            raise AuditError(f"the parameter {name} has no default in {rulebook.PARAMETERS}")


def _expectation(rule: Rule) -> Expectation:
    """The expectation of a rule; raises AuditError when Great Expectations cannot make it."""
    with _great_expectations():
        from great_expectations.exceptions.exceptions import ExpectationNotFoundError
        from great_expectations.expectations.expectation_configuration import (
            ExpectationConfiguration,
        )
        from great_expectations.expectations.metadata_types import FailureSeverity

        from audit_utils import expectations  # noqa: F401  (makes the custom classes known)

        configuration = ExpectationConfiguration(
            type=rule.expectation,
            kwargs=dict(rule.kwargs),
            meta={"code": rule.code},
            severity=FailureSeverity(rule.severity),
        )
        try:
            return configuration.to_domain_obj()
        except ExpectationNotFoundError as error:
            raise AuditError(f"there is no expectation {rule.expectation}") from error
        except (ValueError, TypeError) as error:
            raise AuditError(f"{rule.expectation} cannot be made: {_one_line(error)}") from error


def _one_line(message: object) -> str:
    return " ".join(str(message).split())


def _columns(rule: Rule, expectation: Expectation) -> tuple[str, ...]:
    """The columns that a rule reads or prints; raises AuditError for one that does not exist."""
    from audit_utils.expectations import AuditExpectation, ready_made

    if isinstance(expectation, AuditExpectation):
        read, texts = list(expectation.columns()), expectation.texts
    elif isinstance(expectation, ready_made.LOOKS_AT_ROWS):
        read, texts = ready_made.columns(expectation), ()
    else:
        raise AuditError(f"{rule.expectation} judges a table as a whole, a rule its rows")
    said = f"{rule.condition.zh} {rule.condition.en}"
    printed = [name for name in FIELD.findall(said) if name not in _TEXTS + texts]
    paths = [path for path in dict.fromkeys([*read, *printed]) if path not in _KEYS]
    for path in paths:
        batches.address(path, rule.table)
    return tuple(paths)


def known() -> list[str]:
    """The names of all expectations that a suite can use."""
    with _great_expectations():
        from great_expectations.expectations import registry

        from audit_utils import expectations  # noqa: F401  (makes the custom classes known)

        return sorted(registry.list_registered_expectation_implementations())


def batch(frame: pd.DataFrame) -> Any:
    """The frame as a batch of a plain Great Expectations context."""
    with _great_expectations():
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("tables").add_dataframe_asset("rows")
        definition = asset.add_batch_definition_whole_dataframe("all")
        return definition.get_batch({"dataframe": frame})


def natively(path: Path) -> tuple[int, str]:
    """How many rules Great Expectations alone reads in a suite, and what it says of others."""
    with _great_expectations():
        import great_expectations as gx
        from great_expectations.exceptions.exceptions import GreatExpectationsError

        from audit_utils import expectations  # noqa: F401  (makes the custom classes known)

        try:
            return len(gx.ExpectationSuite(**jsontext.load(path)).expectations), "it drops the rest"
        except (TypeError, ValueError, GreatExpectationsError) as error:
            return 0, _one_line(error)


@contextmanager
def _great_expectations() -> Iterator[None]:
    """Keep Great Expectations from warning about its own code and logging what we report."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def validate(
    suite: Suite, frame: pd.DataFrame, values: Mapping[str, Any]
) -> dict[str, Judgement | str]:
    """Validate a frame: code -> the judgement of the rule, or why it broke.

    `values` are the parameters by name.
    """
    expectations = dict(zip((rule.code for rule in suite.rules), suite.expectations, strict=True))
    with _great_expectations():
        return {
            code: _judgement(expectations[code], result, frame)
            for code, result in _results(suite, frame, values)
        }


def _results(
    suite: Suite, frame: pd.DataFrame, values: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """The code and the result of each rule.

    The frame goes straight to the execution engine: a batch of a data source would be hashed
    cell by cell first, twice, which takes longer than all the rules together.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    engine = PandasExecutionEngine(batch_data_dict={suite.table: frame})
    validator = Validator(engine, data_context=context)
    configurations = validator.process_expectations_for_validation(
        [expectation.configuration for expectation in suite.expectations], dict(values)
    )
    form = {"result_format": "COMPLETE", "return_unexpected_index_query": False}
    for result in validator.graph_validate(configurations, {"result_format": form}):
        meta = result.expectation_config.meta if result.expectation_config else None
        yield (meta or {})["code"], result


def _judgement(expectation: Expectation, result: Any, frame: pd.DataFrame) -> Judgement | str:
    from audit_utils.expectations import ready_made
    from audit_utils.expectations.judgement import Judgement

    if "details" in result.result:
        return Judgement(**result.result["details"]["judgement"])
    if "unexpected_index_list" in result.result:
        unexpected = result.result["unexpected_index_list"] or []
        return ready_made.judgement(expectation, unexpected, frame)
    return _broken(result.exception_info)


def _broken(info: Mapping[str, Any]) -> str:
    """The message of the first exception that Great Expectations caught."""
    each = [info] if "exception_message" in info else info.values()
    messages = [one["exception_message"] for one in each if one.get("exception_message")]
    return _one_line((messages or ["no result"])[0])
