"""The fingerprint of a delivery: the names and hashes of its files, so that a renamed folder is the same delivery."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from etl.delivery.folder import Delivery, list_files
from etl.delivery.strays import find_strays
from warehouse.errors import DeliveryError

_BLOCK_BYTES = 1 << 20


def fingerprint_delivery(delivery: Delivery, *, known: Mapping[str, str] | None = None) -> str:
    """Hash the names and hashes of all files that a hospital may have meant, those too that no source reads.

    Of what cannot be read where it lies (in a subfolder, a broken link) the path counts, not the content.

    Args:
        delivery: the delivery.
        known: SHA-256 of files that were read already, by name in NFC; the others are read here.

    Raises:
        DeliveryError: a file cannot be read.
    """
    known = known or {}
    files = list_files(delivery.path)
    hashes = [(name, known.get(name) or _hash(path)) for name, path in files.items()]
    return fingerprint_hashes([*hashes, *((stray.path, stray.why) for stray in find_strays(delivery.path))])


def fingerprint_hashes(hashes: Iterable[tuple[str, str]]) -> str:
    """Hash pairs of name and SHA-256; their order does not matter."""
    return hashlib.sha256("\n".join(f"{name}\t{sha256}" for name, sha256 in sorted(set(hashes))).encode()).hexdigest()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise DeliveryError(
            f"{path.name}: the file cannot be read ({error.strerror}). Check that it is there."
        ) from error
    return digest.hexdigest()
