"""What the warehouse holds: every hospital's loads."""

from pathlib import Path

import duckdb

from warehouse.reading.query import Answer, ask, reading


def read_status(path: Path) -> Answer:
    """List the loads of every hospital, the newest first, the current one marked.

    Raises:
        NotFoundError: there is no warehouse.
    """
    with reading(path) as con:
        return list_loads(con)


def list_loads(con: duckdb.DuckDBPyConnection) -> Answer:
    """List the loads of every hospital on a connection from `warehouse.reading.query.reading`."""
    return ask(con, _LOADS)


_LOADS = """
SELECT
    load.site_id,
    load.load_id,
    load.delivery,
    load.state,
    load.load_id IS NOT DISTINCT FROM site.current_load_id AS is_current,
    load.assessment,
    load.is_synthetic,
    load.is_accepted,
    date_trunc('second', load.started_at) AS started_at,
    date_trunc('second', load.published_at) AS published_at,
    load.refusal
FROM audit.load AS load
INNER JOIN audit.site AS site ON load.site_id = site.site_id
ORDER BY load.site_id, load.load_id DESC
"""
