"""The base of the custom expectations, and the one metric that all of them share.

Great Expectations answers yes or no for a table; an audit needs an outcome and its reason
for every place.  So the metric `audit.judgement` holds the judgement of all places, and the
expectation makes the usual result of it: success, element_count, unexpected_count,
unexpected_index_list, and in `details` the count of each outcome.  With result_format
COMPLETE `details` also has the `judgement`: its frames `tally` and `places`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.result_format import ResultFormat
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.expectations.registry import get_expectation_impl
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

from audit_utils.expectations.frame import Frame
from audit_utils.expectations.judgement import Judgement, Places, judge
from audit_utils.precision import OUTCOMES

METRIC = "audit.judgement"


class AuditExpectation(BatchExpectation, ABC):
    """A rule over all projects of a frame: subclasses name their columns and judge places."""

    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)
    texts: ClassVar[tuple[str, ...]] = ()
    """Texts that its notes have for the condition of a finding."""

    @abstractmethod
    def columns(self) -> Iterable[str]:
        """Paths of the columns that the rule reads."""

    @abstractmethod
    def judge(self, frame: Frame) -> Iterable[Places]:
        """The places that the rule looks at, with their outcomes."""

    def get_validation_dependencies(
        self,
        execution_engine: ExecutionEngine[Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> ValidationDependencies:
        needed = super().get_validation_dependencies(execution_engine, runtime_configuration)
        rule = {"type": self.expectation_type, "kwargs": self._own_kwargs()}
        metric = MetricConfiguration(METRIC, self._get_domain_kwargs(), rule)
        needed.set_metric_configuration(METRIC, metric)
        return needed

    def _own_kwargs(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.configuration.kwargs.items()
            if name not in BatchExpectation.__fields__
        }

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        judgement: Judgement = metrics[METRIC]
        chosen = (runtime_configuration or {}).get("result_format", {})
        return _result(judgement, chosen)


class JudgementOfPlaces(TableMetricProvider):
    """The places of a frame as the expectation `type` with `kwargs` judges them."""

    metric_name = METRIC
    value_keys = ("type", "kwargs")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805  (GX binds the class)
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> Judgement:
        data, _, _ = execution_engine.get_compute_domain(
            metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        kind: Any = get_expectation_impl(metric_value_kwargs["type"])
        frame = Frame(data)
        return judge(frame, kind(**metric_value_kwargs["kwargs"]).judge(frame))


def _result(judgement: Judgement, result_format: dict[str, Any]) -> dict[str, Any]:
    """The judgement as a Great Expectations result, as full as `result_format` asks for."""
    counts = {outcome: int(judgement.tally[outcome].sum()) for outcome in OUTCOMES}
    looked_at = counts["fail"] + counts["rounding"] + counts["pass"]
    found = list(_failures(judgement.places))
    limit = result_format["partial_unexpected_count"]
    result: dict[str, Any] = {
        "element_count": sum(counts.values()),
        "missing_count": counts["cannot_evaluate"],
        "unexpected_count": counts["fail"],
        "unexpected_percent": 100 * counts["fail"] / looked_at if looked_at else None,
        "partial_unexpected_list": found[:limit],
        "details": {"outcomes": counts},
    }
    if result_format["result_format"] in (ResultFormat.SUMMARY, ResultFormat.COMPLETE):
        result["partial_unexpected_index_list"] = found[:limit]
    if result_format["result_format"] == ResultFormat.COMPLETE:
        result["unexpected_index_list"] = found
        result["details"]["judgement"] = {"tally": judgement.tally, "places": judgement.places}
    return {"success": not counts["fail"], "result": result}


def _failures(places: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The failed places: where they are, and what there is to say about them."""
    for place in places[places["outcome"] == "fail"].to_dict("records"):
        keys = ("project_id", "row", "column", "expected", "difference")
        yield {key: place[key] for key in keys} | place["values"]
