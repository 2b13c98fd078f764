"""Hash a file (SHA-256) in one pass, and detect that it changes meanwhile."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from warehouse.errors import DeliveryError

_BLOCK_BYTES = 1 << 20


def hash_file(path: Path, name: str, advance: Callable[[int], None]) -> tuple[str, int]:
    """Return a file's SHA-256 and its size in bytes.

    Raises DeliveryError for a file that is empty, cannot be read, or changes meanwhile.
    """
    digest = hashlib.sha256()
    try:
        before = path.stat()
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
                advance(len(block))
        after = path.stat()
    except OSError as error:
        raise DeliveryError(f"{name}: the file cannot be read ({error.strerror}). Check that it is there.") from error
    if before.st_size == 0:
        raise DeliveryError(f"{name}: the file is empty. Ask for it again.")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DeliveryError(f"{name}: the file changed while it was read. Wait until it is copied, then start again.")
    return digest.hexdigest(), before.st_size


def looks_like(path: Path) -> str:
    """Name the format that a file seems to have by its first bytes, when it is not the one of its suffix."""
    with path.open("rb") as file:
        start = file.read(4096)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text:
        return "a web page, such as an error page or a saved log-in form"
    if text.startswith(b"<?xml"):
        return "an XML text"
    if text.startswith(b"pk\3\4"):
        return "a zip archive"
    if start.startswith(_COMPOUND):
        return "an old Office file"
    if b"\0" not in start:
        return "a text"
    return "something else, or damaged"


def is_compound(path: Path) -> bool:
    """Return whether a file is an OLE compound file: Office before 2007, or a newer one behind a password."""
    with path.open("rb") as file:
        return file.read(len(_COMPOUND)) == _COMPOUND


def is_encrypted(path: Path) -> bool:
    """Return whether a compound file holds a package behind a password ([MS-OFFCRYPTO] 2.3: stream EncryptedPackage)."""
    wanted, before = "EncryptedPackage".encode("utf-16-le"), b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            if wanted in before + block:
                return True
            before = block[-len(wanted) :]
    return False


_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
