"""The warehouse as a command opens it: to read beside other readers, or to write with the lock held."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from etl.progress import Progress
    from etl.settings import Settings


@contextmanager
def reading(settings: "Settings") -> Iterator["duckdb.DuckDBPyConnection"]:
    """Lend a read-only connection.

    Raises:
        NotFoundError, BusyError: as `open_warehouse`.
    """
    from warehouse.connect import open_warehouse, raw_connection

    engine = open_warehouse(
        settings.warehouse_path, read_only=True, threads=settings.threads, memory_limit=settings.memory_limit
    )
    try:
        with raw_connection(engine) as con:
            yield con
    finally:
        engine.dispose()


@contextmanager
def writing(settings: "Settings", progress: "Progress") -> Iterator["duckdb.DuckDBPyConnection"]:
    """Lend a connection that may write to a warehouse that is up to date, with the lock held.

    Raises:
        NotFoundError: there is no warehouse yet.
        BusyError: another process writes or reads.
    """
    from etl.errors import NotFoundError
    from etl.lock import hold_warehouse
    from warehouse.connect import open_warehouse, raw_connection
    from warehouse.upgrade import upgrade

    path = settings.warehouse_path
    if not path.exists():
        raise NotFoundError(f"There is no warehouse yet ({path}). Bring in a delivery first.")
    with hold_warehouse(path, wait_seconds=settings.lock_wait_seconds, progress=progress):
        engine = open_warehouse(path, threads=settings.threads, memory_limit=settings.memory_limit)
        try:
            upgrade(engine)
            with raw_connection(engine) as con:
                yield con
        finally:
            engine.dispose()
