"""Record a failed attempt, and show it in the hospital's report and on the page of all hospitals."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from etl.delivery.fingerprint import fingerprint_delivery
from etl.delivery.folder import Delivery, newest_folder
from etl.identity.scan import mask_identifiers
from etl.loads.attempts import Attempt, failed_attempt, write_attempt
from etl.loads.books import current_load, find_delivery, read_loads
from etl.mapping.read_mapping import known_sites
from etl.receiving.arrival import Arrival
from etl.report.all_hospitals.write import write_index
from etl.report.load.write import write_report
from etl.settings import Settings
from warehouse.errors import HccError, RefusedError, RolledBackError
from warehouse.file.connect import raw_connection
from warehouse.file.draft import Draft

if TYPE_CHECKING:
    import duckdb


def is_recorded(site_id: str, error: Exception, *, settings: Settings) -> bool:
    """Return whether a failure is an attempt at all: of a hospital that has a mapping, and not of a busy warehouse."""
    is_attempt = failed_attempt(site_id, error, delivery=None, delivery_fingerprint=None) is not None
    return is_attempt and site_id in known_sites(settings.mappings_dir)


def record_failure(draft: Draft, arrival: Arrival, error: Exception, *, settings: Settings) -> None:
    """Write down that a delivery which was received was turned away; a delivery that was rolled back was not tried.

    Args:
        draft: the held warehouse, without a transaction; the caller publishes it.
        arrival: the delivery.
        error: why it was turned away.
        settings: where the reports lie.
    """
    if isinstance(error, RolledBackError):
        return
    site_id = arrival.mapping.site
    attempt = failed_attempt(
        site_id, error, delivery=arrival.delivery.name, delivery_fingerprint=arrival.delivery_fingerprint
    )
    if attempt is None:
        return
    with raw_connection(draft.write()) as con:
        if isinstance(error, RefusedError):
            attempt = replace(attempt, load_id=_refused_load(con, arrival))
        _record(con, attempt, settings)


def record_unreceived(
    draft: Draft, site_id: str, error: Exception, *, delivery: str | None, settings: Settings
) -> None:
    """Write down that a delivery was turned away before it was received: its mapping or its files are at fault.

    Args:
        draft: the held warehouse, without a transaction; the caller publishes it.
        site_id: the hospital.
        error: why the delivery was turned away.
        delivery: the delivery's folder; the newest when None.
        settings: where things lie.
    """
    label, fingerprint = _describe(site_id, delivery, settings)
    attempt = failed_attempt(site_id, error, delivery=label, delivery_fingerprint=fingerprint)
    if attempt is None:
        return
    with raw_connection(draft.write()) as con:
        _record(con, attempt, settings)


def _record(con: "duckdb.DuckDBPyConnection", attempt: Attempt, settings: Settings) -> None:
    write_attempt(con, attempt)
    with suppress(HccError):  # what failed is what the user must know of, not a report that cannot be written
        shown = current_load(con, attempt.site_id)
        if shown is not None:
            write_report(con, attempt.site_id, load_id=shown.load_id, reports_dir=settings.reports_dir)
        write_index(con, reports_dir=settings.reports_dir)


def _refused_load(con: "duckdb.DuckDBPyConnection", arrival: Arrival) -> int | None:
    known = find_delivery(con, arrival.mapping.site, fingerprint=arrival.delivery_fingerprint)
    refused = "state = 'refused' AND delivery_id = ? AND fingerprint = ? ORDER BY load_id DESC LIMIT 1"
    load = next(read_loads(con, refused, known.delivery_id, arrival.fingerprint), None) if known else None
    return load.load_id if load else None


def _describe(site_id: str, delivery: str | None, settings: Settings) -> tuple[str | None, str | None]:
    """Give the label and the fingerprint of a delivery that could not be received, as far as they can be known.

    The folder may have been turned away because its name holds an identifier, which is masked here.
    """
    name = delivery or newest_folder(settings.raw_dir, site_id)
    if name is None:
        return None, None
    label = mask_identifiers(name)
    try:
        folder = settings.raw_dir / site_id / name
        return label, fingerprint_delivery(Delivery(site_id, label, folder, is_synthetic=False, manifest=None))
    except (HccError, OSError):
        return label, None
