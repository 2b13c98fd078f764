"""The folder of a frozen data set: named, written whole or not at all, readable by its owner alone."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.errors import BusyError, EnvironmentRefusal, RefusedError
from warehouse.file.whole_file import put_folder

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_DRAFT = ".draft-"
_LOCK_WAIT_SECONDS = 10.0


def frozen_folder(frozen_dir: Path, name: str) -> Path:
    """Give the folder of a frozen data set, there or not.

    Raises:
        RefusedError: the name has other characters than a to z, 0 to 9, - and _.
    """
    if not _NAME.fullmatch(name):
        raise RefusedError(
            f"'{name}' cannot name a frozen data set. Use up to 60 of the characters a to z, 0 to 9, - and _, and begin "
            "with a letter or a digit."
        )
    return frozen_dir / name


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Lend a draft of a folder; when the block ends without an error, its files are synced and it gets its name.

    Raises:
        RefusedError: the folder is there already.
        BusyError: another process freezes.
        EnvironmentRefusal: the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder.parent / ".lock", timeout=_LOCK_WAIT_SECONDS, mode=0o600):
            for dead in folder.parent.glob(f"{_DRAFT}*"):  # only the holder of the lock writes drafts
                shutil.rmtree(dead)
            _refuse_existing(folder)
            draft = folder.with_name(f"{_DRAFT}{folder.name}")
            draft.mkdir(mode=0o700)
            try:
                yield draft
                put_folder(draft, folder)
            finally:
                if draft.exists():
                    shutil.rmtree(draft)
    except Timeout:
        raise BusyError(f"{folder.parent}: another process freezes data. Try again when it has ended.") from None
    except OSError as error:
        raise EnvironmentRefusal(
            f"{folder}: it cannot be written ({error.strerror}). Make room, or choose another folder with HCC_DATA_DIR."
        ) from error


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read, in a folder that only its owner can open."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _refuse_existing(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise RefusedError(
            f"There is a frozen data set {folder} already, and it is never overwritten. Choose another name."
        )
