"""Copying a large file: by sharing its blocks where the file system can, else by its bytes."""

import os
import shutil
import sys
from pathlib import Path
from typing import BinaryIO

FICLONE = 0x40049409
"""Linux's request to let one file share the blocks of another until one of them is written (btrfs, XFS, bcachefs)."""

CHUNK_BYTES = 1 << 30


def copy_file(source: Path, target: Path) -> bool:
    """Copy a file that nobody writes to, with its mode; return whether the copy shares the blocks of its source.

    The copy is not synced to the disk.

    Raises:
        BlockingIOError: a process writes to the source, as DuckDB's lock shows.
        OSError: the disk or the folder does not let us.
    """
    with source.open("rb") as reading, target.open("xb") as writing:
        _check_not_written(reading)
        is_shared = _share_blocks(reading, writing)
        if not is_shared:
            _copy_bytes(reading, writing)
    shutil.copymode(source, target)
    return is_shared


def _check_not_written(file: BinaryIO) -> None:
    if sys.platform == "win32":
        return  # Windows refuses to open what another process writes
    import fcntl

    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # freed when the file is closed
    except PermissionError as error:  # what some systems call it
        raise BlockingIOError(error.errno, error.strerror) from error


def _share_blocks(source: BinaryIO, target: BinaryIO) -> bool:
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target.fileno(), FICLONE, source.fileno())
    except OSError:  # not on this file system
        return False
    return True


def _copy_bytes(source: BinaryIO, target: BinaryIO) -> None:
    if sys.platform == "linux":
        copied = _copy_in_kernel(source.fileno(), target.fileno())
        source.seek(copied)
        target.seek(copied)
    shutil.copyfileobj(source, target, 1 << 20)


def _copy_in_kernel(source: int, target: int) -> int:
    """Copy without moving the bytes through this process, as far as the kernel can; return how many were copied."""
    copied = 0
    while True:
        try:
            count = os.copy_file_range(source, target, CHUNK_BYTES, copied, copied)
        except OSError as error:
            import errno

            if error.errno in {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}:
                return copied
            raise
        if not count:
            return copied
        copied += count
