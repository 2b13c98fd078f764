"""Write files and folders atomically: as a draft next to their place, synced, then renamed."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

import psutil


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; a text is written in UTF-8, its line ends as they are.

    Raises:
        OSError: the disk or the folder does not let us; what was there stays.
    """
    with whole_file(path) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole_file(path: Path, *, replaces: bool = True, mode: int | None = None) -> Iterator[Path]:
    """Lend the draft of a file; when the block ends without an error, the draft is synced and put in the file's place.

    A kill leaves the old file or the new one, and at most a draft, which the next writer of the file removes. Threads
    and processes may write the same file at once: each has a draft of its own, and the last one counts.

    Args:
        path: the file.
        replaces: whether a file that is there gives way; else it stays and the draft is dropped.
        mode: the rights of the file from its first moment; as the process makes files when not given.

    Raises:
        OSError: the disk or the folder does not let us; what was there stays.
    """
    remove_drafts_of_the_dead(path)
    draft = path.with_name(f".{path.name}.{threading.get_ident()}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)  # a dead process's of the same number: in containers numbers come again
    try:
        if mode is not None:
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
        yield draft
        sync(draft)
        if replaces:
            draft.replace(path)
        else:
            with suppress(FileExistsError):  # another process was first
                os.link(draft, path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def put_folder(draft: Path, folder: Path) -> None:
    """Sync all that is in the draft of a folder, give it its name, and sync the folder that holds the name.

    The caller that lends the draft holds a lock, so that drafts which it finds are those of dead runs.
    """
    sync_all(draft)
    draft.rename(folder)
    sync(folder.parent)


def sync_all(folder: Path) -> None:
    """Sync a folder and all that is in it."""
    for path in [*sorted(folder.rglob("*")), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on the disk."""
    is_windows = os.name == "nt"
    if is_windows and path.is_dir():
        return  # Windows opens no folder, and writes names by itself
    handle = os.open(path, os.O_RDWR if is_windows else os.O_RDONLY)  # it syncs no file that is open for reading alone
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_drafts_of_the_dead(path: Path) -> None:
    """Remove what a killed process has left; a process that lives keeps its own."""
    for draft in path.parent.glob(f".{escape(path.name)}.*.draft"):
        process_id = draft.name.split(".")[-2]
        if process_id.isdecimal() and not psutil.pid_exists(int(process_id)):
            draft.unlink(missing_ok=True)
