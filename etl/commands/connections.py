"""The warehouse as a command opens it to write: the lock held, the tables up to date."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from etl.commands.show import tell
from warehouse.errors import BusyError, NotFoundError

if TYPE_CHECKING:
    import duckdb

    from etl.settings import Settings
    from warehouse.progress import Progress


@contextmanager
def asking(settings: "Settings") -> Iterator["duckdb.DuckDBPyConnection"]:
    """Lend a connection that can read the warehouse and nothing else; say first when files differ from what it was built from.

    Raises:
        NotFoundError: there is no warehouse yet.
        BusyError: another process writes.
    """
    from etl.derivation.freshness import stale_sentence
    from warehouse.reading.query import reading

    with reading(settings.warehouse_path) as con:
        sentence = stale_sentence(con, settings)
        if sentence is not None:
            tell(sentence, style="yellow")
        yield con


def tell_what_differs(settings: "Settings") -> None:
    """Say when files differ from what the warehouse was built from; for a command whose answer does not need it open.

    A warehouse that is not there, or that another process writes to, is no concern of that command.
    """
    with suppress(NotFoundError, BusyError), asking(settings):
        pass


@contextmanager
def holding(settings: "Settings", progress: "Progress") -> Iterator[None]:
    """Hold a warehouse that is there.

    Raises:
        NotFoundError: there is no warehouse yet.
        BusyError: another process writes.
    """
    from warehouse.file.lock import hold_warehouse

    path = settings.warehouse_path
    if not path.exists():
        raise NotFoundError(f"There is no warehouse yet ({path}). Bring in a delivery first.")
    with hold_warehouse(path, wait_seconds=settings.lock_wait_seconds, progress=progress):
        yield


@contextmanager
def writing(settings: "Settings") -> Iterator["duckdb.DuckDBPyConnection"]:
    """Lend a connection that may write to the held warehouse, brought up to date first.

    Raises:
        BusyError: another process reads.
    """
    from warehouse.file.connect import open_warehouse, raw_connection
    from warehouse.model.upgrade import upgrade

    engine = open_warehouse(settings.warehouse_path, threads=settings.threads, memory_limit=settings.memory_limit)
    try:
        upgrade(engine)
        with raw_connection(engine) as con:
            yield con
    finally:
        engine.dispose()
