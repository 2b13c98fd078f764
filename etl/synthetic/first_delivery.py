"""The first run on a fresh machine: a hospital without a delivery gets a synthetic one, never in a warehouse of real data."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from etl.delivery.folder import SYNTHETIC_MARK
from etl.mapping.read_mapping import known_sites
from etl.settings import Settings
from warehouse.errors import RefusedError
from warehouse.progress import Progress

# A run of an older version of this program that was killed before its first migration left a file without books.
HAS_BOOKS_SQL = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'audit' AND table_name = 'load'"
REAL_LOADS_SQL = "SELECT site_id, delivery FROM audit.load WHERE NOT is_synthetic ORDER BY load_id LIMIT 1"


def make_first_delivery(site_id: str, settings: Settings, *, progress: Progress) -> Path | None:
    """Make a synthetic delivery when the hospital has sent nothing yet.

    None when there is something to read, or when nobody has written how this hospital's exports look.

    Raises:
        RefusedError: the warehouse holds a load that is not synthetic, or another hospital's real delivery waits.
    """
    return next(iter(make_first_deliveries([site_id], settings, progress=progress)), None)


def make_first_deliveries(sites: Sequence[str], settings: Settings, *, progress: Progress) -> list[Path]:
    """Make synthetic deliveries, of one draw of the study, for those of the hospitals that have sent nothing yet.

    Raises:
        RefusedError: one is wanted, and the warehouse holds a load that is not synthetic, or a real delivery waits.
    """
    wanting = [site_id for site_id in sites if not has_delivery(settings.raw_dir / site_id)]
    if not wanting:
        return []
    refuse_beside_real_data(settings)
    from etl.synthetic.hospitals import hospital_names
    from etl.synthetic.synthesize import synthesize

    made_up = [site_id for site_id in wanting if site_id in hospital_names()]
    return synthesize(settings.raw_dir, sites=made_up, progress=progress) if made_up else []


def has_delivery(site_dir: Path) -> bool:
    """Return whether a hospital's folder holds anything that may be a delivery."""
    return bool(_deliveries(site_dir))


def refuse_beside_real_data(settings: Settings) -> None:
    """Refuse to mix synthetic data with real: in the warehouse, or waiting in the folder of a hospital.

    Raises:
        RefusedError: the warehouse holds a load that is not synthetic, or a delivery without its mark waits.
    """
    for site_id, delivery in _real_loads(settings.warehouse_path):
        raise RefusedError(
            f"{settings.warehouse_path} holds real data ({site_id} {delivery}), so no synthetic one is made next to "
            f"it. Put the hospital's export into {settings.raw_dir}/<site>/<delivery>/, or set HCC_DATA_DIR to another "
            "folder."
        )
    for folder in _real_deliveries(settings):
        raise RefusedError(
            f"{folder} holds no {SYNTHETIC_MARK}, so it is taken for real, and no synthetic delivery is made next to it. "
            f"Put the hospital's export into {settings.raw_dir}/<site>/<delivery>/, or set HCC_DATA_DIR to another "
            "folder."
        )


def _real_loads(warehouse_path: Path) -> tuple[tuple[Any, ...], ...]:
    from warehouse.file.versions import newest_version

    if newest_version(warehouse_path) is None:
        return ()
    from warehouse.reading.query import run_query

    return run_query(warehouse_path, REAL_LOADS_SQL).rows if run_query(warehouse_path, HAS_BOOKS_SQL).rows else ()


def _real_deliveries(settings: Settings) -> Iterator[Path]:
    for site_id in known_sites(settings.mappings_dir):
        for folder in _deliveries(settings.raw_dir / site_id):
            if not (folder / SYNTHETIC_MARK).is_file():
                yield folder


def _deliveries(site_dir: Path) -> list[Path]:
    entries = sorted(site_dir.iterdir()) if site_dir.is_dir() else []
    return [entry for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
