"""Whether a folder may become an export: it is not there, it is empty, or it is an export that nobody touched."""

import json
from pathlib import Path

from etl.study.freeze.manifest import MANIFEST, check_frozen
from warehouse.errors import EnvironmentRefusal, RefusedError
from warehouse.file.whole_folder import mend_folder

EXPORT = "export.json"
"""The file by which an export is known."""


def check_place(folder: Path) -> None:
    """Refuse a folder that holds anything but an export as it was written.

    Raises:
        RefusedError: it does, or it is a file or a link.
        EnvironmentRefusal: it cannot be read.
    """
    if folder.name in ("", ".."):
        raise RefusedError(f"{folder}: an export needs a folder of its own. Name a new one.")
    try:
        if folder.parent.is_dir():
            mend_folder(folder)
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise RefusedError(f"{folder}: this is a file or a link, and it is not overwritten. Name a new folder.")
        if not folder.is_dir() or not any(folder.iterdir()):
            return
        if not _is_export(folder):
            raise RefusedError(
                f"{folder}: the folder holds something that is no export, and it is not overwritten. Name a new folder."
            )
        touched = check_frozen(folder)
    except OSError as error:
        raise EnvironmentRefusal(
            f"{folder}: it cannot be read ({error.strerror}). Name a folder that can be read and written."
        ) from error
    if touched:
        raise RefusedError(
            f"{folder}: the export was touched since it was written ({touched[0]}) "
            "It is not overwritten. Name a new folder, or remove this one."
        )


def _is_export(folder: Path) -> bool:
    path = folder / EXPORT
    if path.is_symlink() or not path.is_file() or not (folder / MANIFEST).is_file():
        return False
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(about, dict) and {"tables", "loads", "format"} <= about.keys()
