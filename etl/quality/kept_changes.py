"""Stored findings of changes since the previous delivery, for when that delivery is pruned and cannot be compared again."""

import duckdb

from etl.findings import rules_against
from etl.gate.write_findings import Found, read_found
from etl.loads.books import Load, read_loads


def read_kept_changes(con: duckdb.DuckDBPyConnection, load: Load) -> tuple[Found, ...]:
    """Read what was found of this delivery while the delivery before was there; nothing when there never was one.

    It is read from the load itself where that was assessed before, else from the newest published load of the delivery.
    """
    if load.previous_delivery_id is None:
        return ()
    same = (
        "delivery_id = ? AND previous_delivery_id = ? AND (load_id = ? OR state = 'published') "
        "AND load_id IN (SELECT load_id FROM quality.expectation_result UNION ALL SELECT load_id FROM quality.finding) "
        "AND (load_id <> ? OR assessed_by IS NOT NULL) ORDER BY load_id = ? DESC, load_id DESC LIMIT 1"
    )
    numbers = (load.delivery_id, load.previous_delivery_id, load.load_id, load.load_id, load.load_id)
    source = next(read_loads(con, same, *numbers), None)
    return read_found(con, source.load_id, rules_against("last delivery")) if source else ()
