"""Detect a delivery that has shrunk: compare each source's size with the delivery that was shown before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from etl.landing.landed_file import LandedFile
from warehouse.errors import DeliveryError

if TYPE_CHECKING:
    import duckdb

    from etl.loads.books import Load

Records = Mapping[tuple[str, str], int]
"""Records by source and file."""

MOST_MISSING_PERCENT = 20.0
"""How many of a source's records may be missing against the last delivery, where the mapping does not say it."""


def previous_records(con: "duckdb.DuckDBPyConnection", load: "Load | None") -> dict[tuple[str, str], int]:
    """Count the records of each source and file in a load; with which the next delivery is compared."""
    if load is None:
        return {}
    rows = con.execute(
        "SELECT source, file, sum(record_count)::BIGINT FROM audit.source_file WHERE load_id = ? GROUP BY ALL",
        [load.load_id],
    ).fetchall()
    return {(source, file): count for source, file, count in rows}


def check_size(
    landed: Sequence[LandedFile], previous: Records, *, most_missing_percent: float = MOST_MISSING_PERCENT
) -> None:
    """Check that no source shrank against the last delivery.

    `previous` holds the last delivery's records by source and file; sources are compared as wholes, since hospitals
    put the month into file names. Raises DeliveryError when a source lacks more than `most_missing_percent` of what it had.
    """
    floor_percent = 100 - most_missing_percent
    before = _by_source(previous)
    now: defaultdict[str, int] = defaultdict(int)
    for file in landed:
        now[file.source] += file.record_count
    for source, records in now.items():
        if records * 100 < before[source] * floor_percent:
            raise DeliveryError(
                f"source '{source}' has {records:,} records, {100 * records / before[source]:.0f} % of the "
                f"{before[source]:,} of the last delivery; at least {floor_percent:g} % were expected. "
                f"Ask whether the export is whole, or accept it with --accept."
            )


def missing_records(now: Records, previous: Records) -> dict[str, int]:
    """Count by source the records that a delivery has fewer than the one before."""
    before, after = _by_source(previous), _by_source(now)
    return {source: before[source] - count for source, count in after.items() if count < before[source]}


def _by_source(records: Records) -> defaultdict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for (source, _), count in records.items():
        counts[source] += count
    return counts
