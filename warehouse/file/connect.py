"""Opening the warehouse.

Readers get its newest version each time. DuckDB allows one process one configuration per file, so everything in a
process goes through the engine made here; raw DuckDB connections are taken from it with `raw_connection`.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import duckdb
import duckdb_engine
import sqlalchemy as sa
from sqlalchemy.dialects import registry

from warehouse.errors import BusyError, EnvironmentRefusal, HccError, NotFoundError
from warehouse.file.damage import damaged_warehouse, is_damage, refuse_log
from warehouse.file.holders import name_holders
from warehouse.file.machine_faults import machine_fault
from warehouse.file.versions import newest_version

LITTLE_SPACE_BYTES = 16 * 1024 * 1024
"""With less than this free, a failed write is put down to a full disk: a checkpoint needs some megabytes."""

WRITE_FAILURES = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.TransactionException,
    OSError,
)
"""What a write that the disk refuses may raise, at the statement or at the commit."""


def open_warehouse(
    path: Path, *, read_only: bool = False, make: bool = True, threads: int = 2, memory_limit: str = "1GB"
) -> sa.Engine:
    """Open the warehouse and hold it until `engine.dispose()`.

    Args:
        path: the warehouse's name for people to read its newest version; a file of its own to write, such as a draft
            (`warehouse.file.draft` writes to the warehouse itself).
        read_only: open for reading; several processes may then read at once, and no writer disturbs them.
        make: make the file and its folder when there is none; never when `read_only`.
        threads: threads for the database engine.
        memory_limit: memory for the database engine, e.g. `1GB`.

    Raises:
        NotFoundError: there is no warehouse, and none is to be made.
        BusyError: another process writes to this very file.
        EnvironmentRefusal: the folder, the file or the disk does not let us.
    """
    config = {"threads": str(threads), "memory_limit": memory_limit}
    while True:
        file = newest_version(path) if read_only else path
        if file is None or not (make or read_only or file.exists()):
            raise NotFoundError(f"There is no warehouse yet ({path}). Run 'make ingest SITE=snuh' first.")
        engine = _engine("duckdb+warehouse", file, config, read_only=read_only)
        try:
            engine.connect().close()  # opens now, so that a refusal comes here
        except EnvironmentRefusal:
            engine.dispose()
            if read_only and newest_version(path) != file:
                continue  # writers published since, and removed the version that we were about to open
            raise
        return engine


def open_for_expectations(engine: sa.Engine) -> sa.Engine:
    """Open a second engine on an open warehouse, for Great Expectations.

    Its begin, commit and rollback do nothing: Great Expectations reads a result after its connection went back to the
    pool, and DuckDB's rollback would have emptied it by then. It sees committed rows only. Its URL
    (`engine.url.render_as_string()`) opens the same, for programs that take only a connection string.
    """
    return sa.create_engine(engine.url.set(drivername="duckdb+expectations"))


@contextmanager
def raw_connection(engine: sa.Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a raw DuckDB connection; a transaction left open is rolled back at the end.

    Raises:
        EnvironmentRefusal: a statement failed, and the disk is full or its folder cannot be written.
    """
    pooled = engine.raw_connection()
    is_read_only = engine.url.query.get("access_mode") == "read_only"
    try:
        wrapper = cast("RawConnectionWrapper", pooled.dbapi_connection)
        explained = explained_damage if is_read_only else explained_failure
        with explained(Path(engine.url.database or "")):
            yield wrapper.raw
    finally:
        pooled.close()  # the pool rolls back


@contextmanager
def explained_failure(path: Path) -> Iterator[None]:
    """Turn a failed write into a sentence when the disk or the folder is to blame; let other errors pass.

    DuckDB reports a full disk only in the text of its message, which may change: look at the disk instead.
    """
    try:
        yield
    except WRITE_FAILURES as error:
        refusal = _disk_refusal(path) or machine_fault(error)
        if refusal is None:
            raise
        raise refusal from error
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise damaged_warehouse(path, error) from error


@contextmanager
def explained_damage(path: Path) -> Iterator[None]:
    """Turn a read that fails into a sentence: the disk is full, or else the file is damaged; let other errors pass."""
    try:
        yield
    except duckdb.Error as error:
        if not is_damage(error) and not isinstance(error, duckdb.IOException):
            raise
        raise _full_disk(path.parent) or machine_fault(error) or damaged_warehouse(path, error) from error


class RawConnectionWrapper(duckdb_engine.ConnectionWrapper):
    """The connection that SQLAlchemy sees, with DuckDB's own within reach."""

    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        super().__init__(raw)
        self.raw = raw


class WarehouseDialect(duckdb_engine.Dialect):
    """DuckDB's dialect, opening files our way: one configuration for all, failures distinguished."""

    driver = "warehouse"
    supports_statement_cache = False

    def connect(self, *_cargs: Any, **cparams: Any) -> Any:
        """Open the file with the URL's options."""
        config: dict[str, Any] = dict(cparams["url_config"])
        read_only = config.pop("access_mode", "") == "read_only"
        return RawConnectionWrapper(_open_file(Path(cparams["database"]), config, read_only=read_only))

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back; nothing to roll back is no error, and an engine that a full disk has stopped holds nothing any more."""
        with suppress(duckdb.TransactionException, duckdb.FatalException):
            dbapi_connection.rollback()


class ExpectationsDialect(WarehouseDialect):
    """The dialect whose transactions do nothing; see `open_for_expectations`."""

    driver = "expectations"
    supports_statement_cache = False

    def do_begin(self, dbapi_connection: Any) -> None:
        """Do nothing."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Do nothing."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Do nothing."""


registry.register("duckdb.warehouse", __name__, "WarehouseDialect")
registry.register("duckdb.expectations", __name__, "ExpectationsDialect")


def _engine(drivername: str, path: Path, config: dict[str, str], *, read_only: bool) -> sa.Engine:
    query = config | ({"access_mode": "read_only"} if read_only else {})
    return sa.create_engine(sa.URL.create(drivername, database=str(path), query=query))


def _open_file(path: Path, config: dict[str, Any], *, read_only: bool) -> duckdb.DuckDBPyConnection:
    if not read_only:
        _make_folder(path.parent)
    try:
        con = duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.IOException as error:
        raise _why_not_opened(path, error) from error
    except duckdb.ConnectionException as error:
        raise EnvironmentRefusal(
            f"This process has the warehouse {path} open already, with other settings; close that connection first."
        ) from error
    except duckdb.Error as error:
        if not is_damage(error):
            raise
        raise damaged_warehouse(path, error) from error
    try:
        refuse_log(path)
    except EnvironmentRefusal:
        con.close()
        raise
    if not is_locked(con):
        con.execute("SET enable_progress_bar = false")  # it would be drawn on standard output, between our own lines
    return con


def is_locked(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the settings of an open file are locked, as `warehouse.reading.query.reading` does."""
    row = con.execute("SELECT current_setting('lock_configuration')").fetchone()
    return row is not None and bool(row[0])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentRefusal(
            f"The folder {folder} for the warehouse cannot be made ({error.strerror}). "
            "Make it writable, or set HCC_DATA_DIR to another folder."
        ) from error


def _why_not_opened(path: Path, error: duckdb.Error) -> HccError:
    holders = name_holders(path)
    if holders:
        return BusyError(
            f"The warehouse {path} is held by {', '.join(map(str, holders))}. Wait until it has ended, or end it, and try again."
        )
    if path.is_file() and not _is_duckdb_file(path):
        return EnvironmentRefusal(
            f"The file {path} is not a DuckDB database. Move it away; the next ingest makes a new warehouse."
        )
    refusal = _disk_refusal(path) or machine_fault(error)
    if refusal is not None:
        return refusal
    return damaged_warehouse(path, error)


def _is_duckdb_file(path: Path) -> bool:
    """Look for DuckDB's four letters; only for a file that this process has not open (closing would unlock it)."""
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == b"DUCK"
    except OSError:
        return True


def _disk_refusal(path: Path) -> EnvironmentRefusal | None:
    folder = path.parent
    if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        return EnvironmentRefusal(
            f"The folder {folder} or the warehouse in it is read-only. Make both writable, or set HCC_DATA_DIR to another folder."
        )
    return _full_disk(folder)


def _full_disk(folder: Path) -> EnvironmentRefusal | None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < LITTLE_SPACE_BYTES:
        return EnvironmentRefusal(
            f"The disk that holds {folder} is full ({free_bytes // 1024**2} MB free). "
            "Free some space and run the command again; what was published before is untouched."
        )
    return None
