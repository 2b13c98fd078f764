"""What stands under final names after a command: folders whole or not there, by their seals; other files by their hashes."""

import json
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from etl.settings import Settings
from etl.study.freeze.manifest import MANIFEST, check_frozen, read_seal

_KEY_DIGITS = 64
# Pseudonyms rest on a key that is drawn at random.
Files = Mapping[str, str]
"""By path: the seal of a folder, or the hash of a file."""


def files(settings: Settings) -> dict[str, str]:
    """Hash what commands write for people: frozen data, exports, reports, answers, synthetic deliveries; drafts are not there.

    A folder with a manifest of hashes is one thing: its seal, or what was touched in it.
    """
    top = settings.data_dir.parent
    seen = {}
    sealed = _sealed_folders(top)
    for folder in sealed:
        name = folder.parent / _final_name(folder)
        seen[str(name.relative_to(top))] = " ".join(check_frozen(folder)) or read_seal(folder)
    for path in sorted(top.rglob("*")):
        if path.is_file() and _is_of_a_command(path, settings) and not any(each in path.parents for each in sealed):
            seen[str(path.relative_to(top))] = sha256(path.read_bytes()).hexdigest()[:12]
    return seen


def between(seen: Files, before: Files, after: Files) -> list[str]:
    """Name the files that are neither as they were before the command nor as they are after it."""
    return sorted(
        name
        for name in {*seen, *before, *after}
        if seen.get(name) not in {before.get(name), after.get(name)} and not (seen.get(name) and _varies(name, after))
    )


def only_repeatable(files: Files, again: Files) -> dict[str, str]:
    """Leave out the hashes in which two undisturbed runs differ, such as of a report that names a moment; the names stay."""
    return {name: found if again.get(name) == found else "" for name, found in files.items()}


def damaged_files(settings: Settings) -> list[str]:
    """Name the files that are under a final name and, by their own form, not whole."""
    top = settings.data_dir.parent
    damaged = [
        str(path.relative_to(top))
        for path in sorted(top.rglob("*"))
        if path.is_file() and not is_draft(path, top) and path.suffix in _WHOLE and not _WHOLE[path.suffix](path)
    ]
    return damaged + [
        f"{folder.relative_to(top)}: {each}" for folder in _sealed_folders(top) for each in check_frozen(folder)
    ]


def is_draft(path: Path, top: Path) -> bool:
    """Return whether a path, or a folder above it, is what a run works on or has moved aside."""
    return any(
        part.endswith((".draft", ".tmp", ".partial", ".old"))
        or part.startswith((".draft", ".hcc-scratch-"))
        or ".draft-" in part
        for part in path.relative_to(top).parts
    )


def _varies(name: str, after: Files) -> bool:
    return after.get(name) == ""


def _sealed_folders(top: Path) -> list[Path]:
    """List folders with a manifest of hashes, and that which an export has moved aside while nothing has its name.

    Between two renames an export that gives way has no name; the next run puts it back, so that it counts as there.
    """
    folders = sorted(path.parent for path in top.rglob(MANIFEST))
    return [
        each
        for each in folders
        if not is_draft(each, top) or (each.suffix == ".old" and not (each.parent / _final_name(each)).exists())
    ]


def _final_name(folder: Path) -> str:
    """Turn `.name.<process>.old` into `name`."""
    return folder.name[1:].rsplit(".", 2)[0] if folder.suffix == ".old" else folder.name


def _is_of_a_command(path: Path, settings: Settings) -> bool:
    """Tell what commands write for people from deliveries, landed files, logs, locks and the warehouse."""
    top = settings.data_dir.parent
    inner = (settings.data_dir, settings.mappings_dir, settings.studies_dir)
    is_inner = any(folder in path.parents for folder in inner) or path.name in {"printed.txt", "hcc.toml"}
    return not is_inner and not is_draft(path, top) and not path.name.startswith(".")


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return True


def _ends_with(end: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().rstrip().endswith(end)


def _is_key(path: Path) -> bool:
    return len(path.read_text(encoding="ascii").strip()) == _KEY_DIGITS


_WHOLE: dict[str, Callable[[Path], bool]] = {
    ".html": _ends_with(b"</html>"),
    ".svg": _ends_with(b"</svg>"),
    ".png": _ends_with(b"IEND\xaeB`\x82"),
    ".parquet": _ends_with(b"PAR1"),
    ".json": _is_json,
    ".xlsx": zipfile.is_zipfile,
    ".docx": zipfile.is_zipfile,
    ".key": _is_key,
}
