"""Has a delivery shrunk? Each source is held against what the site's current load had of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from etl.errors import DeliveryError
from etl.landed import LandedFile

if TYPE_CHECKING:
    import duckdb

    from etl.load import Load


def previous_records(con: "duckdb.DuckDBPyConnection", current: "Load | None") -> dict[tuple[str, str], int]:
    """Count the records of each source and file in the load that a site shows; the yardstick for the next delivery."""
    if current is None:
        return {}
    rows = con.execute(
        "SELECT source, file, sum(record_count)::BIGINT FROM audit.source_file WHERE load_id = ? GROUP BY ALL",
        [current.load_id],
    ).fetchall()
    return {(source, file): count for source, file, count in rows}


def check_size(
    landed: Sequence[LandedFile], previous: Mapping[tuple[str, str], int], *, floor_percent: float = 80
) -> None:
    """Check that no source shrank against the last delivery.

    `previous` holds the last delivery's records by source and file; sources are compared as wholes, since hospitals
    put the month into file names. Raises DeliveryError when a source has less than `floor_percent` of what it had.
    """
    before: defaultdict[str, int] = defaultdict(int)
    now: defaultdict[str, int] = defaultdict(int)
    for (source, _), records in previous.items():
        before[source] += records
    for file in landed:
        now[file.source] += file.record_count
    for source, records in now.items():
        if records * 100 < before[source] * floor_percent:
            raise DeliveryError(
                f"source '{source}' has {records:,} records, {100 * records / before[source]:.0f} % of the "
                f"{before[source]:,} of the last delivery; at least {floor_percent:g} % were expected. "
                f"Ask whether the export is whole, or accept it with --accept."
            )
