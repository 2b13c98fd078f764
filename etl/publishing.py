"""Publish what was judged: one transaction, the newest version of the warehouse, then the reports of what is published."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from etl.derivation.mark_fresh import mark_fresh, unmark_reports
from etl.identity.same_key import keep_key
from etl.loads.attempts import Attempt, repeats_last, write_attempt
from etl.loads.books import current_loads
from etl.loads.publish import publish_together
from etl.quality.across_sites import compare_sites
from etl.receiving.arrival import Arrival
from etl.report.all_hospitals.write import write_index
from etl.report.load.write import write_report
from etl.settings import Settings
from warehouse.errors import EnvironmentRefusal
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.file.machine_faults import before_publication
from warehouse.file.transaction import transaction
from warehouse.progress import Progress
from warehouse.views.refresh import is_refreshed, refresh

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Outcome:
    """What an ingest came to; `assessment` is `clean` or `with_failures`."""

    site_id: str
    delivery: str
    load_id: int
    is_synthetic: bool
    is_noop: bool
    assessment: str
    report_path: Path
    unreported: EnvironmentRefusal | None = None
    """Why its report could not be written."""


@dataclass(frozen=True)
class Judged:
    """A delivery that may be published, staged and assessed; or one that is in already (`is_noop`)."""

    arrival: Arrival
    load_id: int
    assessment: str
    is_noop: bool = False


def publish_judged(
    draft: Draft, judged: Sequence[Judged], *, settings: Settings, progress: Progress
) -> tuple[Outcome, ...]:
    """Publish all that was judged, in one transaction, and write the reports; what is missing of a no-op is made again.

    An outcome whose report could not be written carries the reason; the load is published all the same.

    Raises:
        HccError: nothing was published.
    """
    with before_publication():
        marks_reports = _publish(draft, judged, settings=settings, progress=progress)
    outcomes = _write_reports(draft, judged, settings=settings, progress=progress)
    if marks_reports and any(outcome.unreported for outcome in outcomes):
        unmark_reports(draft)
    return outcomes


def _publish(draft: Draft, judged: Sequence[Judged], *, settings: Settings, progress: Progress) -> bool:
    """Publish what is new and compute the derived anew; return whether the reports that follow are marked as fresh."""
    new = [each for each in judged if not each.is_noop]
    with raw_connection(draft.engine) as con:
        is_up_to_date = not new and is_refreshed(con)
    if not is_up_to_date:
        with raw_connection(draft.write()) as con:
            if new:
                progress.begin("Publishing")
                compare_sites(con, [each.load_id for each in new])
                for each in new:
                    keep_key(con, each.arrival.mapping.site, each.arrival.key_fingerprint)
                accepted = [each.load_id for each in new if each.arrival.is_accepted]
                publish_together(con, {each.load_id: each.assessment for each in new}, accepted=accepted)
            else:
                with transaction(con):
                    refresh(con)
    _write_attempts(draft, judged)
    sites = [each.arrival.mapping.site for each in judged]
    with raw_connection(draft.engine) as con:
        are_all = {load.site_id for load in current_loads(con)} <= set(sites)
    marks_reports = mark_fresh(draft, settings, sites, are_reports_written=are_all)
    draft.publish()
    return marks_reports


def _write_attempts(draft: Draft, judged: Sequence[Judged]) -> None:
    """Write down what succeeded, but for what is on record already; see `etl.loads.attempts.repeats_last`."""
    with raw_connection(draft.engine) as con:
        attempts = [attempt for attempt in map(_success, judged) if not repeats_last(con, attempt)]
    if attempts:
        with raw_connection(draft.write()) as con:
            for attempt in attempts:
                write_attempt(con, attempt)


def _write_reports(
    draft: Draft, judged: Sequence[Judged], *, settings: Settings, progress: Progress
) -> tuple[Outcome, ...]:
    """Write the reports from what is published."""
    with raw_connection(draft.engine) as con:
        progress.begin("Writing the report" if len(judged) == 1 else "Writing the reports", total=len(judged))
        with ThreadPoolExecutor(settings.threads) as pool:  # most of it is waiting for the engine
            outcomes = []
            for outcome in pool.map(lambda each: _report(con, each, settings), judged):
                outcomes.append(outcome)
                progress.advance(1)
        return _with_index(con, tuple(outcomes), settings)


def _report(con: "duckdb.DuckDBPyConnection", judged: Judged, settings: Settings) -> Outcome:
    """Write the report of a load that is published; when that fails, say that the load is published all the same."""
    site_id, delivery = judged.arrival.mapping.site, judged.arrival.delivery
    unreported = None
    try:
        with con.cursor() as own:  # a connection serves one thread
            write_report(own, site_id, load_id=judged.load_id, reports_dir=settings.reports_dir)
    except EnvironmentRefusal as error:
        unreported = EnvironmentRefusal(
            f"{site_id} {delivery.name} is published as load {judged.load_id}, but without its report. {error}"
        )
        unreported.__cause__ = error
    return Outcome(
        site_id,
        delivery.name,
        judged.load_id,
        is_synthetic=delivery.is_synthetic,
        is_noop=judged.is_noop,
        assessment=judged.assessment,
        report_path=settings.reports_dir / f"{site_id}.html",
        unreported=unreported,
    )


def _with_index(
    con: "duckdb.DuckDBPyConnection", outcomes: tuple[Outcome, ...], settings: Settings
) -> tuple[Outcome, ...]:
    """Write the page of all hospitals; when that fails, every outcome without a more severe note says so."""
    try:
        write_index(con, reports_dir=settings.reports_dir)
    except EnvironmentRefusal as error:
        return tuple(each if each.unreported else replace(each, unreported=error) for each in outcomes)
    return outcomes


def _success(judged: Judged) -> Attempt:
    delivery = judged.arrival.delivery
    what = "is in already, unchanged, as" if judged.is_noop else "is published as"
    return Attempt(
        judged.arrival.mapping.site,
        delivery.name,
        judged.arrival.delivery_fingerprint,
        "in already" if judged.is_noop else "published",
        0,
        f"{judged.arrival.mapping.site} {delivery.name} {what} load {judged.load_id}.",
        judged.load_id,
    )
