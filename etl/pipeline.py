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

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from etl.derivation.assess_again import bring_up_to_date, write_assessed_by
from etl.derivation.failed_attempts import is_recorded, record_failure, record_unreceived
from etl.derivation.held import open_held, publish_record
from etl.identity.key import keep_new_key
from etl.identity.same_key import check_same_key
from etl.loads.acceptance import count_missing, read_acceptance
from etl.loads.books import (
    KnownDelivery,
    Load,
    current_load,
    find_delivery,
    read_load,
    read_loads,
    refuse,
    see_delivery,
    shown_before,
)
from etl.loads.publish import check_not_mixed
from etl.loads.size_check import MOST_MISSING_PERCENT, check_size, previous_records
from etl.publishing import Judged, Outcome, publish_judged
from etl.quality.assess import assess
from etl.receiving.arrival import Arrival
from etl.receiving.receive import receive
from etl.report.load.write import write_report
from etl.report.read_verdicts import read_verdict
from etl.settings import Settings
from etl.staging.stage import Staged, stage
from warehouse.errors import HccError, RefusedError, RolledBackError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft
from warehouse.file.machine_faults import before_publication
from warehouse.file.owner_only import owner_only
from warehouse.file.transaction import transaction
from warehouse.progress import Progress, Silent

if TYPE_CHECKING:
    import duckdb


MOST_WAIT_SECONDS = 10.0
"""So long a run that failed before it needed the warehouse waits for it, only to write that down."""


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
