"""The way of the data, from a delivery to a report; only this file knows the order.

    receive: read -> identity -> land files only, no warehouse
    map -> gate -> ledger -> stage    one transaction on a draft of the warehouse
    assess                            on the staged, committed load
    publish                           one transaction: flip the current load, rebuild the views; then the draft becomes
                                      the newest version of the warehouse
    report                            the hospital's page, and the page of all hospitals

    attempt                           a record of what came of it, outside of what failed

Everything before the draft becomes a version is gone when the run is killed. When it fails, the draft becomes a version
with the record of the attempt, and with the findings of a refused load, but without what was staged. Several hospitals
take the same way on one draft: each is staged and assessed for itself, and all that may be published are published in
one transaction, so that the views are built once and nobody ever sees some of the hospitals new and the views of the
others old.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from etl.derivation.assess_again import bring_up_to_date, write_assessed_by
from etl.derivation.failed_attempts import is_recorded, record_failure, record_unreceived
from etl.derivation.held import open_held, publish_record
from etl.derivation.mark_fresh import mark_fresh, unmark_reports
from etl.identity.key import keep_new_key
from etl.identity.same_key import check_same_key, keep_key
from etl.loads.acceptance import count_missing, read_acceptance
from etl.loads.attempts import Attempt, repeats_last, write_attempt
from etl.loads.books import (
    KnownDelivery,
    Load,
    current_load,
    current_loads,
    find_delivery,
    read_load,
    read_loads,
    refuse,
    see_delivery,
    shown_before,
)
from etl.loads.publish import check_not_mixed, publish_together
from etl.loads.size_check import MOST_MISSING_PERCENT, check_size, previous_records
from etl.quality.across_sites import compare_sites
from etl.quality.assess import assess
from etl.receiving.arrival import Arrival
from etl.receiving.receive import receive
from etl.report.all_hospitals.write import write_index
from etl.report.load.write import write_report
from etl.report.read_verdicts import read_verdict
from etl.settings import Settings
from etl.staging.stage import Staged, stage
from warehouse.errors import EnvironmentRefusal, HccError, RefusedError, RolledBackError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.file.machine_faults import before_publication
from warehouse.file.owner_only import owner_only
from warehouse.file.transaction import transaction
from warehouse.progress import Progress, Silent
from warehouse.views.refresh import is_refreshed, refresh

if TYPE_CHECKING:
    import duckdb


MOST_WAIT_SECONDS = 10.0
"""So long a run that failed before it needed the warehouse waits for it, only to write that down."""


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


@owner_only()
def ingest(
    site_id: str,
    *,
    delivery: str | None = None,
    accept: bool = False,
    settings: Settings,
    progress: Progress | None = None,
) -> Outcome:
    """Bring one delivery of one hospital into the warehouse, publish it and report on it.

    Args:
        site_id: the hospital's short name.
        delivery: the delivery's folder; the newest when None.
        accept: publish although much was quarantined or set aside, or the delivery shrank.
        settings: where things lie and how much may be used.
        progress: is notified of every step.

    Raises:
        HccError: with a whole sentence; the warehouse shows what it showed before.
    """
    progress = progress or Silent()
    try:
        arrival = receive(site_id, delivery=delivery, accept=accept, settings=settings, progress=progress)
    except Exception as error:
        record_apart(site_id, error, delivery=delivery, settings=settings, progress=progress)
        raise
    with open_held(settings, progress) as draft:
        try:
            judged = judge(draft, arrival, settings=settings, progress=progress)
            (outcome,) = publish_judged(draft, [judged], settings=settings, progress=progress)
        except Exception as error:
            failure = error
            publish_record(
                draft, lambda draft: record_failure(draft, arrival, failure, settings=settings), settings=settings
            )
            raise
    if outcome.unreported is not None:
        raise outcome.unreported
    return outcome


def record_apart(
    site_id: str, error: Exception, *, delivery: str | None, settings: Settings, progress: Progress
) -> None:
    """Write down a failure that came before the warehouse was held; where that cannot be, the failure alone counts.

    Args:
        site_id: the hospital.
        error: what went wrong.
        delivery: the delivery's folder; the newest when None.
        settings: where things lie.
        progress: is notified of the process that the lock is waited for.
    """
    if not is_recorded(site_id, error, settings=settings):
        return
    soon = settings.model_copy(update={"lock_wait_seconds": min(settings.lock_wait_seconds, MOST_WAIT_SECONDS)})
    with suppress(HccError, OSError), open_held(soon, progress) as draft:
        record_unreceived(draft, site_id, error, delivery=delivery, settings=settings)


def judge(draft: Draft, arrival: Arrival, *, settings: Settings, progress: Progress) -> Judged:
    """Take a landed delivery from the map to the verdict of its assessment.

    Args:
        draft: the held warehouse.
        arrival: the landed delivery.
        settings: where things lie and how much may be used.
        progress: is notified of every step.

    Raises:
        HccError: the delivery may not be published; its report says why.
    """
    staged = stage_arrival(draft, arrival, settings=settings, progress=progress)
    return assess_staged(draft, arrival, staged, settings=settings, progress=progress)


@before_publication()
def stage_arrival(draft: Draft, arrival: Arrival, *, settings: Settings, progress: Progress) -> Staged | Judged:
    """Map and check a landed delivery and commit its rows, staged; what is in already is judged already.

    Args and errors: as of `judge`.
    """
    site_id = arrival.mapping.site
    with raw_connection(draft.engine) as con:
        check_not_mixed(con, site_id, is_synthetic=arrival.delivery.is_synthetic)
        check_same_key(con, site_id, arrival.key_fingerprint, is_new=arrival.unwritten_key is not None)
        if arrival.unwritten_key is not None:
            keep_new_key(settings.keys_dir, site_id, arrival.unwritten_key)
        known = find_delivery(con, site_id, fingerprint=arrival.delivery_fingerprint)
        current = current_load(con, site_id)
        is_in = current is not None and current.fingerprint == arrival.fingerprint
        if not is_in and known is not None:
            _check_not_rolled_back(con, arrival, known, current)
    if current is not None and is_in:
        assert current.assessment is not None, "only an assessed load is published"
        if known is None or known.label != arrival.delivery.name:
            with raw_connection(draft.write()) as con, transaction(con):
                _see(con, arrival)
        return Judged(arrival, current.load_id, current.assessment, is_noop=True)
    with raw_connection(draft.write()) as con:
        with transaction(con):
            known = _see(con, arrival)
        _check_size(con, arrival, known)
        staged = stage(con, arrival, delivery_id=known.delivery_id, settings=settings, progress=progress)
        if staged.refusal:
            _turn_away(con, arrival, staged.load_id, settings)
    return staged


@before_publication()
def assess_staged(
    draft: Draft, arrival: Arrival, staged: Staged | Judged, *, settings: Settings, progress: Progress
) -> Judged:
    """Assess what `stage_arrival` committed; it may run while another hospital is staged.

    A load that is in already is assessed again only where rules have changed since.

    Args and errors: as of `judge`.
    """
    if isinstance(staged, Judged):
        with raw_connection(draft.engine) as con:
            load = read_load(con, staged.load_id)
        bring_up_to_date(draft, load, arrival.mapping, progress=progress)
        with raw_connection(draft.engine) as con:
            return replace(staged, assessment=read_load(con, staged.load_id).assessment or staged.assessment)
    progress.begin("Assessing")
    assessment = assess(
        draft.engine,
        staged.load_id,
        progress=progress,
        not_collected=arrival.mapping.not_collected,
        expectations=arrival.mapping.expectations,
    )
    with raw_connection(draft.engine) as con:
        write_assessed_by(con, staged.load_id, arrival.mapping)
        if assessment.is_fatal:
            refuse(con, staged.load_id, " ".join(assessment.fatal))
            _turn_away(con, arrival, staged.load_id, settings)
    return Judged(arrival, staged.load_id, "clean" if assessment.is_clean else "with_failures")


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


def _see(con: "duckdb.DuckDBPyConnection", arrival: Arrival) -> KnownDelivery:
    delivery = arrival.delivery
    return see_delivery(
        con,
        arrival.mapping.site,
        fingerprint=arrival.delivery_fingerprint,
        label=delivery.name,
        is_synthetic=delivery.is_synthetic,
    )


def _check_not_rolled_back(
    con: "duckdb.DuckDBPyConnection", arrival: Arrival, known: KnownDelivery, current: Load | None
) -> None:
    """Refuse to bring in again, unasked, what a person rolled back: the delivery, or this very load of it."""
    same_load = "delivery_id = ? AND fingerprint = ? AND state = 'withdrawn'"
    is_withdrawn = known.withdrawn_at is not None or (
        current is not None
        and current.delivery_id == known.delivery_id
        and any(read_loads(con, same_load, known.delivery_id, arrival.fingerprint))
    )
    if is_withdrawn and not arrival.is_named:
        site_id, name = arrival.mapping.site, arrival.delivery.name
        raise RolledBackError(
            f"{site_id} {name} was rolled back, so it stays away until a newer delivery comes. To bring it in all the "
            f"same, name it: hcc ingest {site_id} --delivery {name}."
        )


def _check_size(con: "duckdb.DuckDBPyConnection", arrival: Arrival, known: KnownDelivery) -> None:
    """Compare the delivery's size with the one that was shown before it, unless a person accepted that it is smaller."""
    if arrival.is_accepted:
        return
    before = shown_before(con, arrival.mapping.site, known.delivery_id)
    newest = next(
        read_loads(con, "state = 'published' AND delivery_id = ? ORDER BY load_id DESC LIMIT 1", before), None
    )
    previous = previous_records(con, newest)
    acceptance = read_acceptance(con, known.delivery_id)
    if acceptance is None or acceptance.exceeded(count_missing(arrival.landed, previous)) is not None:
        own = arrival.mapping.ceilings
        missing = own.missing_records_percent if own else None
        check_size(arrival.landed, previous, most_missing_percent=MOST_MISSING_PERCENT if missing is None else missing)


def _turn_away(con: "duckdb.DuckDBPyConnection", arrival: Arrival, load_id: int, settings: Settings) -> NoReturn:
    """Write the report of a refused load and say why it was refused."""
    report = write_report(con, arrival.mapping.site, load_id=load_id, reports_dir=settings.reports_dir)
    raise RefusedError(f"{read_verdict(con, load_id).line} The report says more: {report}")
