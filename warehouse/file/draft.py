"""The one way to write to the warehouse: on a draft, which becomes the next version when it is whole.

Readers never meet a writer: they open a version, and a version is never written. A writer that ends early, however it
ends, leaves the newest version as it was; the next writer removes its draft, since the lock proves that it is dead.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

import sqlalchemy as sa

from warehouse.errors import BusyError, EnvironmentRefusal, NotFoundError
from warehouse.file.connect import LITTLE_SPACE_BYTES, explained_failure, open_warehouse, raw_connection
from warehouse.file.damage import refuse_log
from warehouse.file.file_copy import copy_file
from warehouse.file.holders import is_open_here, name_holders
from warehouse.file.lock import hold_warehouse
from warehouse.file.rewrite import write_without_deleted
from warehouse.file.versions import (
    KEPT,
    clear_up,
    linked_file,
    name_draft,
    newest_version,
    publish_file,
    remove_old_versions,
    with_ending,
)


@dataclass(frozen=True)
class Compacted:
    """How large the file was and is."""

    bytes_before: int
    bytes_after: int


@contextmanager
def writing_draft(
    path: Path,
    *,
    wait_seconds: float,
    say: Callable[[str], None],
    threads: int = 2,
    memory_limit: str = "1GB",
    make: bool = True,
) -> "Iterator[Draft]":
    """Hold the warehouse for writing; what was written is published at the end, and nothing of it after an exception.

    Args:
        path: the warehouse's name for people, such as data/warehouse.duckdb.
        wait_seconds: how long to wait for another writer.
        say: receives one sentence that names the writer for whom we wait, or the file that a link to another disk leaves behind.
        threads: threads for the database engine.
        memory_limit: memory for the database engine, e.g. `1GB`.
        make: make a warehouse when there is none.

    Raises:
        NotFoundError: there is no warehouse, and none is to be made.
        BusyError: another writer did not end in time.
        EnvironmentRefusal: the folder, a file or the disk does not let us.
    """
    if not make and newest_version(path) is None:
        raise NotFoundError(f"There is no warehouse yet ({path}). Bring in a delivery first.")
    with hold_warehouse(path, wait_seconds=wait_seconds, say=say):
        linked = linked_file(path)
        with explained_failure(path):
            clear_up(path)
        draft = Draft(path, threads=threads, memory_limit=memory_limit)
        try:
            yield draft
            draft.publish()
        finally:
            draft.discard()
            if linked is not None and linked_file(path) != linked:
                say(_left_behind(linked, path))


class Draft:
    """The held warehouse: read as it was published until something is to be written, which makes the copy.

    Several threads may use it. An engine that one of them reads by stays good when another one makes the copy.
    """

    def __init__(self, path: Path, *, threads: int, memory_limit: str) -> None:
        self._path = path
        self._threads, self._memory_limit = threads, memory_limit
        self._lock = RLock()
        self._engine: sa.Engine | None = None
        self._file: Path | None = None  # the draft, or our own name of the version that is read
        self._read_before: list[tuple[sa.Engine, Path | None]] = []  # what other threads may still open
        self._is_written = False
        self._kept = KEPT

    @property
    def is_written(self) -> bool:
        """Whether there is a copy that is not published yet."""
        return self._is_written

    @property
    def engine(self) -> sa.Engine:
        """What is to be read: the draft once there is one, before that the newest version, read-only."""
        with self._lock:
            if self._engine is None:
                version = newest_version(self._path)
                if version is None:
                    return self.write()
                # This process may have the version open with other settings, and DuckDB allows only one per name.
                self._file = _own_name(self._path, version)
                self._engine = self._open(self._file or version, read_only=True)
            return self._engine

    def write(self) -> sa.Engine:
        """Make the draft, a copy of the newest version, unless it is made, and open it for writing.

        Raises:
            BusyError: a program outside this project has the newest version open for writing.
            EnvironmentRefusal: the disk has no room for the copy.
        """
        with self._lock:
            if self._engine is None or not self._is_written:
                if self._engine is not None:
                    self._engine.dispose()
                    self._read_before.append((self._engine, self._file))
                    self._engine = None
                self._file = name_draft(self._path)
                try:
                    version = newest_version(self._path)
                    if version is not None:
                        _copy(version, self._file, path=self._path)
                    self._engine = self._open(self._file, read_only=False)
                except BaseException:
                    self._close()
                    raise
                self._is_written = True
            return self._engine

    def compact(self) -> Compacted:
        """Rewrite the draft without the bytes of deleted rows.

        When it is published, no older version stays, since those hold the deleted rows.

        Raises:
            EnvironmentRefusal: the disk has no room for it, or it does not hold the same rows.
        """
        fresh = name_draft(self._path)
        try:
            with raw_connection(self.write()) as con:
                con.execute("CHECKPOINT")
                write_without_deleted(con, fresh)
        except BaseException:
            _remove(fresh)
            raise
        assert self._file is not None, "it was just written"
        bytes_before = self._file.stat().st_size
        shutil.copymode(self._file, fresh)
        self._close()
        self._file, self._is_written, self._kept = fresh, True, 1
        self._engine = self._open(fresh, read_only=False)
        return Compacted(bytes_before, fresh.stat().st_size)

    def publish(self) -> None:
        """Make the draft the newest version; afterwards `engine` reads it, and `write` makes another draft.

        Without a draft there is nothing to do.

        Raises:
            EnvironmentRefusal: the disk or the folder does not let us; the version before stays the newest.
        """
        if not self._is_written:
            return
        assert self._engine is not None
        assert self._file is not None
        with raw_connection(self._engine) as con:
            con.execute("CHECKPOINT")  # all is in the file, and nothing in a log next to it
        self._engine.dispose()
        _check_closed(self._file)
        with explained_failure(self._path):
            publish_file(self._file, self._path, kept=self._kept)
        self._engine, self._file, self._is_written, self._kept = None, None, False, KEPT
        self._close()

    def discard(self) -> None:
        """Close what is open and remove the draft, if it was not published."""
        self._close()

    def _open(self, file: Path, *, read_only: bool) -> sa.Engine:
        return open_warehouse(file, read_only=read_only, threads=self._threads, memory_limit=self._memory_limit)

    def _close(self) -> None:
        for engine, file in [(self._engine, self._file), *self._read_before]:
            if engine is not None:
                engine.dispose()
            if file is not None:
                _remove(file)
        self._engine, self._file, self._is_written, self._read_before = None, None, False, []


def _left_behind(file: Path, path: Path) -> str:
    return (
        f"{path} was a link to {file}, which is not used any more and still holds its rows: the warehouse is in "
        f"{path.parent} now. Delete that file once nobody needs it; to have the warehouse on the other disk, make "
        f"{path.parent} the link."
    )


def _remove(draft: Path) -> None:
    for leftover in (draft, with_ending(draft, ".wal")):
        with suppress(PermissionError):  # Windows, where another thread still reads it: the next writer removes it
            leftover.unlink(missing_ok=True)
    shutil.rmtree(with_ending(draft, ".tmp"), ignore_errors=True)


def _own_name(path: Path, version: Path) -> Path | None:
    """Give a version a second name that only this process opens; None where the file system has no hard links.

    None, too, for a file with a log next to it, which DuckDB finds by the file's name.
    """
    if with_ending(version, ".wal").exists():
        return None
    own = name_draft(path)
    try:
        own.hardlink_to(version)
    except OSError:
        return None
    return own


def _copy(version: Path, draft: Path, *, path: Path) -> None:
    with explained_failure(path):
        if shutil.disk_usage(path.parent).free < version.stat().st_size + LITTLE_SPACE_BYTES:
            remove_old_versions(path, kept=1)  # the copy needs the room more than a reader that is about to open
        try:
            copy_file(version, draft)
        except BlockingIOError as error:
            holders = ", ".join(map(str, name_holders(version))) or "another program"
            raise BusyError(
                f"The warehouse {version} is open for writing in {holders}, not through this project. "
                "Close it there, open it read-only from now on, and try again."
            ) from error
        refuse_log(version)
        log = with_ending(version, ".wal")  # left by an older installation
        if log.exists():
            shutil.copyfile(log, with_ending(draft, ".wal"))


def _check_closed(draft: Path) -> None:
    """Find out whether a connection was forgotten: it would lock the version for other processes, and could write it."""
    assert not is_open_here(draft), "a connection to the draft is still open in this process"
    if with_ending(draft, ".wal").exists():
        raise EnvironmentRefusal(f"The draft {draft} could not be checkpointed. Run the same command again.")
