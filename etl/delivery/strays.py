"""Strays: what lies in a delivery's folder and is not read: in subfolders, broken links, hidden files, pipes.

None of it is passed over in silence: a source's own file in such a place is refused, everything else is reported. Only
what programs leave behind, known by name, is litter.
"""

import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.identity.scan import mask_identifiers
from warehouse.errors import DeliveryError

_LITTER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".localized", ".directory", "icon\r"})
_LITTER_STARTS = ("~$", "._", ".~lock.", ".nfs", ".fuse_hidden")
_LITTER_FOLDERS = frozenset(
    {"__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", "$recycle.bin",
     "system volume information", "@eadir", ".appledouble"}
)  # fmt: skip
_LISTED_PER_FOLDER = 20


@dataclass(frozen=True)
class Stray:
    """Something that is not read: its path within the delivery (`/` between folders, NFC), and why not."""

    path: str
    why: str

    @property
    def name(self) -> str:
        """The name that it would bear as a file of the delivery: without folders, and without a dot before it."""
        return self.path.rpartition("/")[2].lstrip(".")

    @property
    def described(self) -> str:
        """The path as it may be shown, and why it is not read."""
        return f"{mask_identifiers(self.path)} ({self.why})"


def is_litter(name: str) -> bool:
    """Tell whether a file is left behind by an operating system or an office program, by its name."""
    return name.lower() in _LITTER or name.startswith(_LITTER_STARTS)


def find_strays(folder: Path) -> tuple[Stray, ...]:
    """Find all that is not read, in the order of paths.

    Raises:
        DeliveryError: the folder cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise DeliveryError(
            f"{folder}: the folder cannot be read ({error.strerror}). Check that it is there."
        ) from error
    return tuple(
        Stray(unicodedata.normalize("NFC", path), why) for entry in entries for path, why in _strays_of(entry, folder)
    )


def fold_strays(strays: tuple[Stray, ...]) -> list[str]:
    """Describe strays; many in one subfolder, such as a folder of images, in one line."""
    tops = Counter(stray.path.partition("/")[0] for stray in strays if "/" in stray.path)
    many = {top for top, count in tops.items() if count > _LISTED_PER_FOLDER}
    single = [stray.described for stray in strays if stray.path.partition("/")[0] not in many]
    return single + [f"{mask_identifiers(top)}/ (a subfolder with {tops[top]:,} files)" for top in sorted(many)]


def _strays_of(entry: os.DirEntry[str], folder: Path) -> Iterator[tuple[str, str]]:
    if entry.is_dir(follow_symlinks=False):
        if entry.name.lower() not in _LITTER_FOLDERS:
            yield from _inside(Path(entry.path), folder)
    elif not is_litter(entry.name):
        why = _why_unread(Path(entry.path))
        if why or entry.name.startswith("."):
            yield entry.name, why or "a hidden file"


def _inside(subfolder: Path, folder: Path) -> Iterator[tuple[str, str]]:
    closed: list[str] = []
    is_empty = True
    for place, folders, files in os.walk(subfolder, onerror=lambda error: closed.append(str(error.filename))):
        folders[:] = sorted(name for name in folders if name.lower() not in _LITTER_FOLDERS)
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        for name in sorted([*files, *links]):
            if not is_litter(name):
                is_empty = False
                path = Path(place) / name
                yield path.relative_to(folder).as_posix(), _why_unread(path) or "in a subfolder"
    for unopened in closed:
        is_empty = False
        yield Path(unopened).relative_to(folder).as_posix() + "/", "a subfolder that cannot be opened"
    if is_empty:
        yield subfolder.relative_to(folder).as_posix() + "/", "a subfolder without a file"


def _why_unread(path: Path) -> str | None:
    """Say why something is no file that can be read; None where it is one."""
    if path.is_file():
        return None
    if path.is_symlink():
        return "a link to a folder" if path.is_dir() else "a link to nothing that can be read"
    return "a pipe or device, no file"
