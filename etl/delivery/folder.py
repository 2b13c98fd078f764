"""A delivery: one folder of a hospital's files, a full snapshot, and which of its files belong to which source."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from etl.delivery.manifest import MANIFEST_NAME, Manifest, read_manifest
from etl.delivery.strays import Stray, find_strays, fold_strays, is_litter
from etl.identity.scan import find_identifiers, mask_identifiers
from warehouse.errors import DeliveryError, NotFoundError

SYNTHETIC_MARK = "SYNTHETIC.txt"
_OURS = {SYNTHETIC_MARK, MANIFEST_NAME}


class FileSource(Protocol):
    """What matching needs to know of a mapping's source."""

    @property
    def file(self) -> Sequence[str]:
        """Patterns for the file names, as in `검사결과*.csv`."""

    @property
    def many(self) -> bool:
        """Whether several files may match one pattern."""

    @property
    def dictionary(self) -> str | None:
        """A pattern for the name of the file that describes the source's columns; None where there is none."""


@dataclass(frozen=True)
class Delivery:
    """A hospital's folder; `name` is the folder's own."""

    site_id: str
    name: str
    path: Path
    is_synthetic: bool
    manifest: Manifest | None


def find_delivery(raw_dir: Path, site_id: str, *, name: str | None = None) -> Delivery:
    """Find a site's delivery, the newest (the greatest folder name) unless one is named.

    Raises NotFoundError when there is none, DeliveryError when the name of the folder or of a file holds an identifier.
    """
    folders = _list_folders(raw_dir / site_id)
    if not folders:
        raise NotFoundError(f"{raw_dir / site_id}: no delivery found. Put the hospital's files into a folder there.")
    if name is None:
        name = max(folders)
    elif unicodedata.normalize("NFC", name) not in folders:
        there = ", ".join(sorted(map(mask_identifiers, folders)))
        raise NotFoundError(f"{site_id}: no delivery named '{mask_identifiers(name)}'. There are: {there}.")
    name = unicodedata.normalize("NFC", name)
    kinds = find_identifiers(name)
    if kinds:
        raise DeliveryError(
            f"{raw_dir / site_id}: the name of folder {sorted(folders).index(name) + 1} of {len(folders)} (in the order of "
            f"names) holds a {kinds[0]}. Rename the folder without it."
        )
    path = folders[name]
    names = set(list_files(path))
    manifest = read_manifest(path / MANIFEST_NAME) if (path / MANIFEST_NAME).is_file() else None
    if manifest:
        manifest.check_presence(names)
    return Delivery(site_id, name, path, (path / SYNTHETIC_MARK).is_file(), manifest)


def newest_folder(raw_dir: Path, site_id: str) -> str | None:
    """Name the folder of a site's newest delivery; None when there is none."""
    return max(_list_folders(raw_dir / site_id), default=None)


def match_files(delivery: Delivery, sources: Mapping[str, FileSource]) -> dict[str, tuple[Path, ...]]:
    """Find each source's files, compared in Unicode NFC (a Mac decomposes Hangul): in the order of its patterns, then of names.

    A file that several patterns of a source fit is listed once, by the first of them.

    Raises DeliveryError for a pattern without a file, or with several when its source does not say `many: true`; and where a
    part of a source lies where it is not read: in a subfolder, as a broken link, hidden, as a pipe.
    """
    files = list_files(delivery.path)
    strays = find_strays(delivery.path)
    matched = {}
    for name, source in sources.items():
        found = {pattern: _match(pattern, files) for pattern in source.file}
        for pattern, paths in found.items():
            if source.many or not paths:  # else its one file is there, and what else lies about is reported
                _check_strays(f"{delivery.site_id} {delivery.name}: source '{name}' ({pattern})", pattern, strays)
        _check_matches(f"{delivery.site_id} {delivery.name}: source '{name}'", source, found, present=[*files])
        matched[name] = tuple(dict.fromkeys(path for paths in found.values() for path in paths))
    return matched


def unmatched_files(delivery: Delivery, sources: Mapping[str, FileSource]) -> tuple[str, ...]:
    """Name the files, in NFC, that no source reads."""
    files = list_files(delivery.path)
    patterns = {pattern for source in sources.values() for pattern in (*source.file, source.dictionary) if pattern}
    taken = {path for pattern in patterns for path in _match(pattern, files)}
    return tuple(name for name, path in files.items() if path not in taken)


def unread_entries(delivery: Delivery) -> list[str]:
    """Describe all that the delivery's folder holds besides files of its own: it is not read, and must be reported."""
    return fold_strays(find_strays(delivery.path))


def files_matching(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Find the files of a delivery's folder that a pattern fits, compared in Unicode NFC."""
    return _match(pattern, list_files(folder))


def _list_folders(site_dir: Path) -> dict[str, Path]:
    if not site_dir.is_dir():
        return {}
    return {
        unicodedata.normalize("NFC", path.name): path
        for path in site_dir.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    }


def list_files(folder: Path) -> dict[str, Path]:
    """Name in NFC and path of every file that a hospital may have meant, in the order of names."""
    try:
        paths = sorted(path for path in folder.iterdir() if _is_meant(path))
    except OSError as error:
        raise DeliveryError(
            f"{folder}: the folder cannot be read ({error.strerror}). Check that it is there."
        ) from error
    files: dict[str, Path] = {}
    for number, path in enumerate(paths, start=1):
        name = unicodedata.normalize("NFC", path.name)
        kinds = find_identifiers(path.stem) or find_identifiers(path.suffix)
        if kinds:
            raise DeliveryError(
                f"{folder}: the name of file {number} of {len(paths)} (in the order of names) holds a {kinds[0]}. "
                f"Rename the file without it."
            )
        if name in files:
            raise DeliveryError(f"{folder}: two files are named {name}, once decomposed. Remove one of the two.")
        files[name] = path
    return dict(sorted(files.items()))


def _is_meant(path: Path) -> bool:
    name = path.name
    return path.is_file() and not name.startswith(".") and not is_litter(name) and name not in _OURS


def _match(pattern: str, files: Mapping[str, Path]) -> tuple[Path, ...]:
    pattern = unicodedata.normalize("NFC", pattern)
    return tuple(path for name, path in files.items() if name == pattern or fnmatchcase(name, pattern))


def _check_strays(where: str, pattern: str, strays: tuple[Stray, ...]) -> None:
    found = [stray.described for stray in strays if _match(pattern, {stray.name: Path(stray.path)})]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise DeliveryError(
            f"{where} would match {found[0]}{more}, but only files of the delivery's own folder are read. "
            f"Put the file there by a plain name, or remove it."
        )


def _check_matches(
    where: str, source: FileSource, found: Mapping[str, tuple[Path, ...]], *, present: list[str]
) -> None:
    missing = [pattern for pattern, paths in found.items() if not paths]
    if missing:
        raise DeliveryError(
            f"{where} ({', '.join(missing)}) matches none of the files ({', '.join(present) or 'the folder is empty'}). "
            f"Ask for the file{'s' if len(missing) > 1 else ''}, or correct 'file:' in mapping.yaml."
        )
    for pattern, paths in found.items():
        if len(paths) > 1 and not source.many:
            names = ", ".join(unicodedata.normalize("NFC", path.name) for path in paths)
            raise DeliveryError(
                f"{where} ({pattern}) matches {len(paths)} files ({names}), but may read one. "
                f"Remove the others, or say 'many: true' in mapping.yaml."
            )
