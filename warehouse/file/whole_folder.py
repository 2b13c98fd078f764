"""Write a folder of files whole or not at all, for its owner alone: as a draft next to its place, synced, then renamed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from warehouse.file.whole_file import put_folder, sync, sync_all

_DRAFT, _OLD = "draft", "old"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Lend the draft of a folder; when the block ends without an error, it takes the folder's place.

    A folder that is there gives way as a whole: whether it may is for the caller to say. A kill leaves the old folder or
    the new one; what else it leaves is removed, or put back, by the next writer of the folder.

    Raises:
        OSError: the disk or the folder does not let us; what was there stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    mend_folder(folder)
    draft, old = (folder.with_name(f".{folder.name}.{os.getpid()}.{kind}") for kind in (_DRAFT, _OLD))
    draft.mkdir(mode=_FOLDER_MODE)
    try:
        yield draft
        for path in draft.rglob("*"):
            path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        sync_all(draft)  # first: between the two renames, where neither stands under the name, nothing slow may lie
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
    finally:
        if draft.exists():
            shutil.rmtree(draft)


def mend_folder(folder: Path) -> None:
    """Remove what killed writers of a folder have left; a folder that one had moved away is put back first."""
    for path in sorted(folder.parent.glob(f".{folder.name}.*.*")):
        process_id, _, kind = path.name.removeprefix(f".{folder.name}.").partition(".")
        if not process_id.isdecimal() or kind not in (_DRAFT, _OLD) or psutil.pid_exists(int(process_id)):
            continue
        if kind == _OLD and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path)
