"""The way of the data, from a delivery to a report; only this file knows the order.

    read -> identity -> land          files only, no warehouse
    map -> gate -> ledger -> stage    one transaction; whatever fails leaves the warehouse as it was
    assess                            on the staged, committed load
    publish                           one transaction: flip the current load, rebuild the views
    report

A kill anywhere leaves the current load current; the next run removes what a killed one staged.
"""

import gc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from etl.delivery import find_delivery
from etl.errors import EnvironmentRefusal, RefusedError
from etl.fingerprint import code_version, fingerprint_load
from etl.identity.key import key_fingerprint, read_or_make_key
from etl.identity.same_key import check_same_key, keep_key
from etl.landing import land_delivery
from etl.load import Load, check_not_mixed, current_load, discard_orphans, publish, refuse
from etl.lock import hold_warehouse
from etl.mapping.check import identity_columns, known_columns
from etl.mapping.read_mapping import read_mapping
from etl.progress import Progress, Silent
from etl.quality.assess import assess
from etl.report.write import write_report
from etl.settings import Settings
from etl.shrinkage import check_size, previous_records
from etl.stage import Arrival, stage
from warehouse.connect import open_warehouse, raw_connection
from warehouse.refresh import is_refreshed, refresh
from warehouse.transaction import transaction
from warehouse.upgrade import upgrade

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
        accept: publish although much was refused or the delivery shrank.
        settings: where things lie and how much may be used.
        progress: told of every step.

    Raises:
        HccError: with a whole sentence; the warehouse shows what it showed before.
    """
    progress = progress or Silent()
    arrival = receive(site_id, delivery=delivery, accept=accept, settings=settings, progress=progress)
    with hold_warehouse(settings.warehouse_path, wait_seconds=settings.lock_wait_seconds, progress=progress):
        return _load(arrival, settings, progress)


def receive(site_id: str, *, delivery: str | None, accept: bool, settings: Settings, progress: Progress) -> Arrival:
    """Read a delivery, take identities out of it and land it; the warehouse is not needed.

    Args and errors: as of `ingest`.
    """
    gc.freeze()  # what is imported stays; to look through it for garbage again and again costs an eighth of a small run
    mapping = read_mapping(settings.mappings_dir, site_id)
    found = find_delivery(settings.raw_dir, site_id, name=delivery)
    key = read_or_make_key(settings.keys_dir, site_id)
    landed = land_delivery(
        found,
        mapping,
        settings=settings,
        key=key,
        progress=progress,
        identity_of=identity_columns(mapping),
        known_of=known_columns(mapping),
    )
    version = code_version()
    return Arrival(
        mapping,
        found,
        landed,
        fingerprint=fingerprint_load(landed, mapping, settings=settings, version=version),
        code_version=version,
        key_fingerprint=key_fingerprint(key),
        is_accepted=accept,
    )


def _load(arrival: Arrival, settings: Settings, progress: Progress) -> Outcome:
    """Take a landed delivery from the map to the report, with the warehouse held."""
    site_id = arrival.mapping.site
    engine = open_warehouse(settings.warehouse_path, threads=settings.threads, memory_limit=settings.memory_limit)
    try:
        progress.begin("Bringing the warehouse up to date")
        upgrade(engine)
        with raw_connection(engine) as con:
            discard_orphans(con)
            check_not_mixed(con, site_id, is_synthetic=arrival.delivery.is_synthetic)
            check_same_key(con, site_id, arrival.key_fingerprint)
            current = current_load(con, site_id)
            if current and current.fingerprint == arrival.fingerprint:
                return _complete(con, arrival, current, settings)
            if not arrival.is_accepted:
                check_size(arrival.landed, previous_records(con, current))
            staged = stage(con, arrival, settings=settings, progress=progress)
            if staged.refusal:
                _turn_away(con, arrival, staged.load_id, settings, staged.refusal)

        progress.begin("Assessing")
        assessment = assess(engine, staged.load_id, progress=progress, not_collected=arrival.mapping.not_collected)

        with raw_connection(engine) as con:
            if assessment.is_fatal:
                refuse(con, staged.load_id, " ".join(assessment.fatal))
                _turn_away(con, arrival, staged.load_id, settings, " ".join(assessment.fatal))
            progress.begin("Publishing")
            verdict = "clean" if assessment.is_clean else "with_failures"
            keep_key(con, site_id, arrival.key_fingerprint)
            publish(con, staged.load_id, assessment=verdict)
            progress.begin("Writing the report")
            report = _report(con, arrival, staged.load_id, settings)
        return _outcome(arrival, staged.load_id, report, assessment=verdict)
    finally:
        engine.dispose()


def _report(con: "duckdb.DuckDBPyConnection", arrival: Arrival, load_id: int, settings: Settings) -> Path:
    """Write the report of a load just published; when that fails, say that the load is published all the same."""
    site_id = arrival.mapping.site
    try:
        return write_report(con, site_id, load_id=load_id, reports_dir=settings.reports_dir)
    except EnvironmentRefusal as error:
        raise EnvironmentRefusal(
            f"{site_id} {arrival.delivery.name} is published as load {load_id}, but without its report. {error}"
        ) from error


def _complete(con: "duckdb.DuckDBPyConnection", arrival: Arrival, current: Load, settings: Settings) -> Outcome:
    """Answer for a delivery that is in already: make again what is missing of its views and its report."""
    if not is_refreshed(con):
        with transaction(con):
            refresh(con)
    assert current.assessment is not None, "only an assessed load is published"
    report = write_report(con, current.site_id, load_id=current.load_id, reports_dir=settings.reports_dir)
    return _outcome(arrival, current.load_id, report, assessment=current.assessment, is_noop=True)


def _turn_away(
    con: "duckdb.DuckDBPyConnection", arrival: Arrival, load_id: int, settings: Settings, sentence: str
) -> NoReturn:
    """Write the report of a refused load and say why it was refused."""
    report = write_report(con, arrival.mapping.site, load_id=load_id, reports_dir=settings.reports_dir)
    raise RefusedError(f"{sentence} Nothing was published. The report says more: {report}")


def _outcome(arrival: Arrival, load_id: int, report: Path, *, assessment: str, is_noop: bool = False) -> Outcome:
    return Outcome(
        arrival.mapping.site,
        arrival.delivery.name,
        load_id,
        is_synthetic=arrival.delivery.is_synthetic,
        is_noop=is_noop,
        assessment=assessment,
        report_path=report,
    )
