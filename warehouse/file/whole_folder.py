"""Write a folder of files whole or not at all, for its owner alone: as a draft next to its place, synced, then renamed."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import BusyError
from warehouse.file.whole_file import put_folder, sync, sync_all

_DRAFT, _OLD = ".draft", ".old"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_LOCK_WAIT_SECONDS = 10.0


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Lend the draft of a folder; when the block ends without an error, it takes the folder's place.

    A folder that is there gives way as a whole: whether it may is for the caller to say. A kill leaves the old folder or
    the new one; what else it leaves is removed, or put back, by the next writer of the folder, in whichever container it
    runs: a lock says who is alive, not the number of a process.

    Raises:
        BusyError: another process writes the folder.
        OSError: the disk or the folder does not let us; what was there stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    with _only_writer(folder):
        _mend(folder)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=_DRAFT, dir=folder.parent))
        try:
            yield draft
            for path in draft.rglob("*"):
                path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
            sync_all(draft)  # first: between the two renames, where neither stands under the name, nothing slow may lie
            _exchange(draft, folder)
        finally:
            if draft.exists():
                shutil.rmtree(draft)


def mend_folder(folder: Path) -> None:
    """Remove what killed writers of a folder have left; a folder that one had moved away is put back first.

    Raises:
        BusyError: another process writes the folder.
    """
    if _leftovers(folder):
        with _only_writer(folder):
            _mend(folder)


def _exchange(draft: Path, folder: Path) -> None:
    """Put the draft in the place of the folder, which comes back where that fails."""
    old = draft.with_suffix(_OLD)
    if folder.exists():
        folder.rename(old)
    try:
        put_folder(draft, folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
    if old.exists():
        shutil.rmtree(old)
        sync(folder.parent)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that drafts which are found are those of dead writers; its file goes with the last.

    Whoever has waited for a file that is gone sees that it has no name any more, and locks the new one of that name.
    """
    path = folder.with_name(f".{folder.name}.lock")
    lock = FileLock(path, timeout=_LOCK_WAIT_SECONDS, mode=_FILE_MODE)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(f"{folder}: another process writes it. Try again when it has ended.") from None
    try:
        yield
    finally:
        with suppress(OSError):  # a lock that stays hinders nobody
            path.unlink()  # while it is held: after the release it may be another's
        lock.release()


def _mend(folder: Path) -> None:
    for path in _leftovers(folder):
        if path.suffix == _OLD and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path)


def _leftovers(folder: Path) -> list[Path]:
    """List drafts and folders moved away; names are compared as they are, for a folder's may hold what a pattern holds."""
    name = re.compile(rf"\.{re.escape(folder.name)}\.[a-z0-9_]+\.(draft|old)")
    return sorted(path for path in folder.parent.iterdir() if name.fullmatch(path.name) and path.is_dir())
