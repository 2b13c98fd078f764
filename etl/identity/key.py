"""The key of a site's pseudonyms: one small file per site, outside the warehouse, readable by its owner alone."""

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

from warehouse.errors import BusyError, EnvironmentRefusal
from warehouse.file.whole_file import remove_drafts_of_the_dead, whole_file

_KEY_BYTES = 32
_OTHERS = 0o077


def read_key(keys_dir: Path, site_id: str) -> bytes | None:
    """Read the site's key; None when there is none.

    Raises EnvironmentRefusal when others than the owner can read it, or when it is damaged: another key would turn every
    patient into a new one.
    """
    path = keys_dir / f"{site_id}.key"
    with suppress(OSError):  # a folder that cannot be written: reading goes on
        remove_drafts_of_the_dead(path)  # a run that was killed may have left a key that nobody needs
    try:
        if not path.exists():
            return None
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise EnvironmentRefusal(f"{path}: the key cannot be read ({error.strerror}).") from error
    if mode & _OTHERS:
        raise EnvironmentRefusal(
            f"{path}: others can read the key of the pseudonyms (mode {mode & 0o777:o}, expected 600). "
            f"Run: chmod 600 {path}"
        )
    if len(text) != 2 * _KEY_BYTES or set(text) - set("0123456789abcdef"):
        raise EnvironmentRefusal(f"{path}: not a key of {_KEY_BYTES} bytes in hexadecimal. Restore it from its backup.")
    return bytes.fromhex(text)


def new_key() -> bytes:
    """Draw a random key; it is in use only once `keep_new_key` has written it."""
    return secrets.token_bytes(_KEY_BYTES)


def keep_new_key(keys_dir: Path, site_id: str, key: bytes) -> None:
    """Write a site's first key, once it is certain that the site has none, whole and for its owner alone.

    Raises EnvironmentRefusal when it cannot be written, BusyError when another run wrote another key meanwhile.
    """
    path = keys_dir / f"{site_id}.key"
    try:
        _write_key(path, key)
    except OSError as error:
        raise EnvironmentRefusal(f"{path}: the key cannot be written ({error.strerror}).") from error
    if read_key(keys_dir, site_id) != key:
        raise BusyError(f"{path}: another run has made the key of {site_id} meanwhile. Run this one again.")


def key_fingerprint(key: bytes) -> str:
    """Hash a key, so that keys can be compared without revealing them."""
    return hashlib.sha256(b"fingerprint of a pseudonym key\0" + key).hexdigest()[:16]


def _write_key(path: Path, key: bytes) -> None:
    """Write a key, unless a rival has written one: neither a kill nor a rival leaves half a key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole_file(path, replaces=False, mode=0o600) as draft:  # where another run was first, its key stays
        draft.write_text(key.hex() + "\n", encoding="ascii")
