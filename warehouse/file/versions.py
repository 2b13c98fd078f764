"""Versions of the warehouse file: warehouse.<n>.duckdb, never written again once it has its name.

Readers open the newest version; the version before stays for those who are about to open it. `warehouse.duckdb` is a
name for people, who open it in R or DBeaver: a symbolic link to the newest version.
"""

import re
import shutil
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from warehouse.file.whole_file import sync

HEADERS_BYTES = 3 * 4096
"""DuckDB begins a file with three headers; a shorter file of its own was never finished."""

KEPT = 2
"""The newest version and the one before it."""


def newest_version(path: Path) -> Path | None:
    """Name the file that holds the newest published version of the warehouse; None when there is no warehouse.

    Args:
        path: the warehouse's name for people, such as data/warehouse.duckdb; the file itself where an older
            installation has no versions yet.
    """
    numbered = _numbered(path)
    if numbered:
        return numbered[max(numbered)]
    return path if path.exists() and not _is_stump(path) else None


def linked_file(path: Path) -> Path | None:
    """Name the file that the name for people is a link to where that is none of our versions; None where it is no such link.

    An older installation may have been moved to another disk in this way. The first version that is published takes the
    place of the link, and the file stays where it is.
    """
    if not path.is_symlink() or not path.exists():
        return None
    file = path.resolve()
    return None if file in {version.resolve() for version in _numbered(path).values()} else file


def name_draft(path: Path) -> Path:
    """Name a file next to the warehouse that no other process and no earlier draft uses.

    DuckDB shares what one process opens under one name, so a draft never has the name of another.
    """
    return path.with_name(f"{_draft_prefix(path)}{token_hex(8)}{path.suffix}")


def publish_file(draft: Path, path: Path, *, kept: int = KEPT) -> Path:
    """Give a finished draft the next version's name, point the name for people at it, and remove old versions.

    The caller holds the warehouse's lock. After a kill at any moment the newest version is whole: either the one
    before or the draft.

    Args:
        draft: a whole, closed database file next to the warehouse.
        path: the warehouse's name for people.
        kept: how many versions stay, the new one among them.

    Raises:
        OSError: the disk or the folder does not let us.
    """
    version = path.with_name(f"{path.stem}.{max(_numbered(path), default=0) + 1}{path.suffix}")
    link = _make_link(path, version.name, file=draft)  # first, since a full disk may refuse it
    sync(draft)
    draft.replace(version)
    sync(path.parent)
    _put_in_place(link, path)
    remove_old_versions(path, kept=kept)
    return version


def clear_up(path: Path) -> None:
    """Remove what killed writers have left, and mend the name for people; the caller holds the warehouse's lock."""
    if not path.parent.is_dir():
        return
    for entry in list(path.parent.iterdir()):
        if entry.name.startswith((_draft_prefix(path), f"{path.name}.rewritten")):
            _remove(entry)
    version = newest_version(path)
    if version is not None and version != path and not _is_pointed_at(path, version):
        _put_in_place(_make_link(path, version.name, file=version), path)


def remove_old_versions(path: Path, *, kept: int) -> None:
    """Remove all versions but the newest; a reader keeps the file that it has open.

    Windows does not remove an open file: it goes with a later version.
    """
    numbered = _numbered(path)
    for number in sorted(numbered, reverse=True)[kept:]:
        with suppress(PermissionError):
            numbered[number].unlink(missing_ok=True)
            with_ending(numbered[number], ".wal").unlink(missing_ok=True)


def with_ending(path: Path, ending: str) -> Path:
    """Append to a file's name, as DuckDB does for its log (`.wal`) and its folder for large queries (`.tmp`)."""
    return path.with_name(path.name + ending)


def _is_stump(path: Path) -> bool:
    """Return whether an older installation left this file when its first run was stopped: it holds nothing yet.

    Files of another kind are not stumps: they stay, and are refused.
    """
    if not path.is_file() or path.stat().st_size >= HEADERS_BYTES:
        return False
    with path.open("rb") as file:
        head = file.read(12)
    return not head or head[8:12] == b"DUCK"


def _numbered(path: Path) -> dict[int, Path]:
    pattern = re.compile(rf"{re.escape(path.stem)}\.([1-9]\d*){re.escape(path.suffix)}")
    entries = path.parent.iterdir() if path.parent.is_dir() else ()
    return {int(found[1]): entry for entry in entries if (found := pattern.fullmatch(entry.name))}


def _draft_prefix(path: Path) -> str:
    return f"{path.stem}.draft-"


def _is_pointed_at(path: Path, version: Path) -> bool:
    if path.is_symlink():
        return path.readlink() == Path(version.name)
    if not path.exists():
        return False
    mine, newest = path.stat(), version.stat()
    is_copy = (mine.st_size, mine.st_mtime_ns) == (newest.st_size, newest.st_mtime_ns)
    return path.samefile(version) or is_copy


def _make_link(path: Path, version: str, *, file: Path) -> Path:
    """Prepare a link to a version, by the name that its file has or will have."""
    link = name_draft(path)
    try:
        link.symlink_to(version)
    except OSError:  # Windows without the right to make links, or a file system without them
        try:
            link.hardlink_to(file)
        except OSError:
            shutil.copy2(file, link)
    return link


def _put_in_place(link: Path, path: Path) -> None:
    # What a log next to an older installation's file held is in the version; next to another file it would be an error.
    with_ending(path, ".wal").unlink(missing_ok=True)
    link.replace(path)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        with suppress(PermissionError):
            entry.unlink(missing_ok=True)
