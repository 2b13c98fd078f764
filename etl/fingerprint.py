"""The fingerprint of a load: everything that its rows depend on, so that the same again is known to be the same."""

import hashlib
from collections.abc import Iterable

from etl.landed import LandedFile
from etl.mapping.site_mapping import SiteMapping
from etl.settings import Settings
from warehouse.fingerprint import PROJECT, fingerprint_files

_PACKAGES = ("schemas", "warehouse", "etl")
_SUFFIXES = (".py", ".sql", ".csv")


def code_version() -> str:
    """Hash the program itself: its code, its SQL, its code lists and reference data."""
    files = (path for package in _PACKAGES for path in (PROJECT / package).rglob("*") if path.suffix in _SUFFIXES)
    return fingerprint_files(files)


def fingerprint_load(landed: Iterable[LandedFile], mapping: SiteMapping, *, settings: Settings, version: str) -> str:
    """Hash what a load is made from.

    Args:
        landed: the delivery's files as landed; their cache key covers bytes, reader options, identity policy and key.
        mapping: the site's mapping with its code lists.
        settings: of which the ceilings matter.
        version: the program, as `code_version` tells it.
    """
    facts = [
        version,
        mapping.sha256,
        f"{settings.refused_rows_ceiling_percent} {settings.refused_cells_ceiling_percent}",
        *sorted(f"{file.source} {file.file} {file.sheet} {file.path.name}" for file in landed),
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
