"""Run suites with Great Expectations inside DuckDB: one pass over each query, counts only.

Great Expectations takes seconds to import, so nothing here imports it before there is something to run. It names at
most twenty failing values; the addresses of all of them come from our own queries (plausibility/).
"""

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from etl.quality.suites import Check, Suite
from warehouse.errors import HccError
from warehouse.file.connect import open_for_expectations
from warehouse.progress import Progress


@dataclass(frozen=True)
class Result:
    """What became of one check: how many rows it was about, and how many broke it."""

    check: Check
    element_count: int
    unexpected_count: int
    unexpected_percent: float
    is_success: bool | None
    """None when there was nothing to judge, so that it neither holds nor fails."""

    @classmethod
    def of(cls, check: Check, elements: int, unexpected: int, *, is_success: bool | None = None) -> "Result":
        """Make the result of counts; by the check's own threshold, unless it was judged already.

        Args:
            check: what was expected.
            elements: how many rows it judged.
            unexpected: how many of them broke it.
            is_success: the judgement, where it was made elsewhere.
        """
        share = 100.0 * unexpected / max(elements, 1)
        if is_success is None:
            is_success = 100.0 - share >= check.threshold_percent
        return cls(check, elements, unexpected, share, is_success if elements or not is_success else None)


def run_suites(engine: sa.Engine, suites: Sequence[Suite], *, progress: Progress) -> list[Result]:
    """Validate every suite on the committed rows.

    Raises:
        HccError: an expectation could not be computed.
    """
    results: list[Result] = []
    progress.begin("Assessing", total=len(suites))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = _open_source(engine)
        try:
            for number, suite in enumerate(suites):
                results += _run_suite(source, suite, name=f"{number:02}_{suite.table}")
                progress.advance(1)
        finally:
            # It holds two engines, and their connections would keep the warehouse open as long as the process lives.
            for held in (source.get_engine(), source.get_execution_engine().engine):
                held.dispose()
    return results


def import_expectations() -> None:
    """Import Great Expectations, which takes seconds, if that is still to be done."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # it reads this once, while it is imported
    if "etl.quality.counted_expectations" in sys.modules:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependencies' deprecations are not the user's business
        import etl.quality.counted_expectations  # noqa: F401

    gc.freeze()  # its hundred thousands of objects stay, too: see etl/pipeline.py


def _open_source(engine: sa.Engine) -> Any:
    """Open an ephemeral Great Expectations data source on the open warehouse."""
    import_expectations()
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    # It would write its whole configuration out as YAML twice for every suite, into a store that is never read.
    context._save_project_config = lambda: None  # noqa: SLF001
    return context.data_sources.add_sql(
        name="warehouse",
        connection_string=open_for_expectations(engine).url.render_as_string(hide_password=False),
        create_temp_table=False,
        kwargs={"poolclass": sa.pool.StaticPool},
    )


def _run_suite(source: Any, suite: Suite, *, name: str) -> list[Result]:
    from great_expectations.core import ExpectationSuite

    batch = source.add_query_asset(name=name, query=suite.query).add_batch_definition_whole_table("load").get_batch()
    expectations = [_expectation(check, number=number) for number, check in enumerate(suite.checks)]
    outcome = batch.validate(ExpectationSuite(name=name, expectations=expectations), result_format="BASIC")
    return [_read_result(result, suite) for result in outcome.results]


def _expectation(check: Check, *, number: int) -> Any:
    from etl.quality.counted_expectations import EXPECTATIONS

    # what has no class of its own is a derived column that must be true, or a number of rows
    other = "expect_column_values_to_be_in_set" if check.column is not None else "expect_table_row_count_to_be_between"
    make = EXPECTATIONS.get(check.expectation, EXPECTATIONS[other])
    arguments = dict(check.arguments)
    if check.column is not None:
        arguments["mostly"] = check.threshold_percent / 100
    return make(**arguments, meta={"number": number, "category": check.category, "severity": check.severity})


def _read_result(result: Any, suite: Suite) -> Result:
    check = suite.checks[result.expectation_config.meta["number"]]
    if result.exception_info.get("raised_exception", True):
        raise HccError(
            f"{check.table}: the expectation '{check.expectation}' could not be computed. "
            "This is a fault of the system, not of the delivery; please report it."
        )
    if check.column is None:
        rows = int(result.result["observed_value"])
        return Result.of(check, rows, 0, is_success=bool(result.success))
    elements = result.result["element_count"] - result.result.get("missing_count", 0)
    unexpected = result.result["unexpected_count"] or 0  # None for an empty table
    return Result.of(check, elements, unexpected, is_success=bool(result.success))
