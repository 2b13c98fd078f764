"""The key of a site's pseudonyms: one small file per site, outside the warehouse, readable by its owner alone."""

import hashlib
import secrets
from pathlib import Path

from warehouse.errors import EnvironmentRefusal
from warehouse.file.whole_file import whole_file

_KEY_BYTES = 32
_OTHERS = 0o077


def read_or_make_key(keys_dir: Path, site_id: str) -> bytes:
    """Read the site's key, or make one the first time.

    Raises EnvironmentRefusal when others than the owner can read it, or when it is damaged or cannot be written:
    another key would turn every patient into a new one.
    """
    path = keys_dir / f"{site_id}.key"
    try:
        if not path.exists():
            _make_key(path)
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise EnvironmentRefusal(f"{path}: the key cannot be read or made ({error.strerror}).") from error
    if mode & _OTHERS:
        raise EnvironmentRefusal(
            f"{path}: others can read the key of the pseudonyms (mode {mode & 0o777:o}, expected 600). "
            f"Run: chmod 600 {path}"
        )
    if len(text) != 2 * _KEY_BYTES or set(text) - set("0123456789abcdef"):
        raise EnvironmentRefusal(f"{path}: not a key of {_KEY_BYTES} bytes in hexadecimal. Restore it from its backup.")
    return bytes.fromhex(text)


def key_fingerprint(key: bytes) -> str:
    """Tell keys apart without telling the key."""
    return hashlib.sha256(b"fingerprint of a pseudonym key\0" + key).hexdigest()[:16]


def _make_key(path: Path) -> None:
    """Make a key, unless a rival has made one: neither a kill nor a rival leaves half a key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole_file(path, replaces=False, mode=0o600) as draft:  # where another run was first, its key is the site's
        draft.write_text(secrets.token_hex(_KEY_BYTES) + "\n", encoding="ascii")
