"""The manifest of a frozen data set: SHA-256 of every file, as `sha256sum --check` reads it."""

import re
from hashlib import file_digest, sha256
from pathlib import Path

from etl.study.freeze.folder import write_private
from warehouse.errors import NotFoundError

MANIFEST = "MANIFEST.sha256"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def write_manifest(folder: Path) -> None:
    """List every file of the folder with its hash, in the order of their paths."""
    lines = [f"{hash_file(folder / name)}  {name}\n" for name in _files(folder)]
    write_private(folder / MANIFEST, "".join(lines).encode())


def check_frozen(folder: Path) -> list[str]:
    """List what was touched since the data were frozen, a sentence each; nothing when nothing was.

    A file whose bytes changed is named with the expected and the found hash; a renamed file is one that is missing and
    one that was added. Somebody who changes a file and the manifest alike is found by the seal alone (`read_seal`),
    which therefore belongs into the study's records.

    Raises:
        NotFoundError: there is no such folder.
    """
    expected, mistakes = _read_manifest(folder)
    found = _files(folder)
    for name in sorted(expected.keys() | set(found)):
        path = folder / name
        if name not in found:
            mistakes.append(f"{name}: the file is missing; its SHA-256 was {expected[name]}.")
        elif name not in expected:
            mistakes.append(f"{name}: the file was added; {MANIFEST} does not list it.")
        elif path.is_symlink():
            mistakes.append(f"{name}: the file was replaced by a link.")
        elif not path.is_file():  # a pipe would be read forever
            mistakes.append(f"{name}: the file was replaced by something that is no file.")
        elif (digest := hash_file(path)) != expected[name]:
            mistakes.append(f"{name}: the file was changed; its SHA-256 is {digest}, {expected[name]} was expected.")
    return mistakes


def read_seal(folder: Path) -> str:
    """Hash the manifest: one short text that stands for every byte of the data set.

    Raises:
        NotFoundError: there is no such folder, or it has no manifest.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFoundError(f"There is no frozen data set {folder}: it has no {MANIFEST}.")
    return hash_file(path)


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, sha256).hexdigest()


def _read_manifest(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Read hashes by path, and say which lines cannot be read."""
    if not folder.is_dir():
        known = sorted(path.parent.name for path in folder.parent.glob(f"[!.]*/{MANIFEST}"))
        raise NotFoundError(f"There is no frozen data set {folder}. Known: {', '.join(known) or 'none'}.")
    path = folder / MANIFEST
    if not path.is_file():
        return {}, [f"{MANIFEST}: the file is missing; without it nothing can be checked."]
    expected: dict[str, str] = {}
    mistakes = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in expected:
            mistakes.append(f"{MANIFEST}: line {number} is not one hash and one new path.")
        else:
            expected[match[2]] = match[1]
    return expected, mistakes


def _files(folder: Path) -> list[str]:
    """Name every file and link but the manifest, relative to the folder."""
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return sorted(name for path in paths if (name := path.relative_to(folder).as_posix()) != MANIFEST)
