"""Assess a staged load: run the expectations and the search for implausible rows, and decide whether it may be published."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import duckdb
import sqlalchemy as sa

from etl.findings import rules_found_by
from etl.gate.write_findings import write_found
from etl.loads.books import previous_load, read_load
from etl.mapping.language.expectation_forms import Expectation
from etl.quality.changes import find_changes
from etl.quality.demands import check_asserted, count_demands, suite_of_counts
from etl.quality.kept_changes import read_kept_changes
from etl.quality.own_suites import own_suites
from etl.quality.plausibility import find_implausible
from etl.quality.run_suites import Result, run_suites
from etl.quality.suites import Suite, project_suites
from warehouse.file.connect import raw_connection
from warehouse.file.transaction import transaction
from warehouse.insert import insert_rows
from warehouse.progress import Progress, Silent


@dataclass(frozen=True)
class Assessment:
    """The verdict on one load: a clean pass, a pass with failures, or fatal."""

    is_clean: bool
    is_fatal: bool
    fatal: tuple[str, ...]
    """One sentence for every fatal expectation that failed."""
    counts: Mapping[str, int]
    """expectations, failed (any severity), nothing_to_judge, findings (implausible rows, columns that changed)."""


def assess(
    engine: sa.Engine,
    load_id: int,
    *,
    progress: Progress | None = None,
    not_collected: Mapping[str, Collection[str]] = MappingProxyType({}),
    expectations: Mapping[str, Sequence[Expectation]] = MappingProxyType({}),
) -> Assessment:
    """Judge the committed rows of one load; results go to quality.expectation_result and quality.finding.

    Assessing a load again replaces what was written before.

    Args:
        engine: the open warehouse, with no transaction open: only committed rows are seen.
        load_id: the load, in state 'staged'.
        progress: is notified of one step with a unit per suite.
        not_collected: canonical columns by table of which the mapping says that the hospital does not collect them;
            their completeness is not judged.
        expectations: what the mapping expects of this hospital's loads, by canonical table.
    """
    progress = progress or Silent()
    with raw_connection(engine) as con:
        previous = previous_load(con, load_id)
    suites = [_without(suite, not_collected.get(suite.table, ())) for suite in project_suites(load_id)]
    suites += own_suites(expectations, load_id)
    results = judge_expectations(engine, load_id, suites=suites, progress=progress)
    with raw_connection(engine) as con, transaction(con):
        # The delivery before may be pruned: what was found while it was there still stands.
        kept = read_kept_changes(con, read_load(con, load_id)) if previous is None else ()
        _write_results(con, load_id, results=results)
        findings = find_implausible(con, load_id, previous_load_id=previous.load_id if previous else None)
        findings += find_changes(con, load_id, previous_load_id=previous.load_id if previous else None)
        findings += write_found(con, kept, load_id=load_id)
        changed = _count_grave_changes(con, load_id)
    failed = [result for result in results if result.is_success is False]
    fatal = tuple(_sentence(result) for result in failed if result.check.severity == "fatal")
    nothing_to_judge = sum(result.is_success is None for result in results)
    counts = {
        "expectations": len(results),
        "failed": len(failed),
        "nothing_to_judge": nothing_to_judge,
        "findings": findings,
    }
    return Assessment(is_clean=not (failed or changed), is_fatal=bool(fatal), fatal=fatal, counts=counts)


def judge_expectations(engine: sa.Engine, load_id: int, *, suites: Sequence[Suite], progress: Progress) -> list[Result]:
    """Judge the model's demands, which are counted here and asserted by Great Expectations, and the suites.

    Raises:
        HccError: an expectation could not be computed, or the assertion and the counts disagree.
    """
    with raw_connection(engine) as con:
        counted = count_demands(con, load_id)
    results = run_suites(engine, [suite_of_counts(counted), *suites], progress=progress)
    return [*counted, *check_asserted(counted, results)]


def _without(suite: Suite, not_collected: Collection[str]) -> Suite:
    checks = tuple(
        check for check in suite.checks if check.category != "completeness" or check.column not in not_collected
    )
    return Suite(suite.table, suite.query, checks)


def _count_grave_changes(con: duckdb.DuckDBPyConnection, load_id: int) -> int:
    """Count the findings of severity error that compare columns with the last delivery."""
    row = con.execute(
        "SELECT count(*) FROM quality.finding WHERE load_id = ? AND severity = 'error' AND list_contains(?, rule)",
        [load_id, list(rules_found_by("changes"))],
    ).fetchone()
    assert row is not None, "an aggregate has one row"
    return int(row[0])


def _write_results(con: duckdb.DuckDBPyConnection, load_id: int, *, results: Collection[Result]) -> None:
    con.execute("DELETE FROM quality.expectation_result WHERE load_id = ?", [load_id])
    rows = [
        (
            load_id,
            result.check.table,
            result.check.column,
            result.check.expectation,
            result.check.category,
            result.check.severity,
            result.check.threshold_percent,
            result.element_count,
            result.unexpected_count,
            result.unexpected_percent,
            result.is_success,
            result.check.description,
        )
        for result in results
    ]
    insert_rows(con, "quality.expectation_result", _RESULT_COLUMNS, rows)


_RESULT_COLUMNS = (
    "load_id", "table_name", "column_name", "expectation", "category", "severity", "threshold_percent",
    "element_count", "unexpected_count", "unexpected_percent", "is_success", "description",
)  # fmt: skip


def _sentence(result: Result) -> str:
    check = result.check
    place = f"{check.table}.{check.column}" if check.column else check.table
    if check.column is None:
        return f"{place}: {check.description} There are {result.element_count:,}."
    held = result.element_count - result.unexpected_count
    return (
        f"{place}: {check.description} Expected of {check.threshold_percent:g} % of rows, "
        f"true of {held:,} of {result.element_count:,}."
    )
