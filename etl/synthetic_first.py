"""The first run on a fresh machine: a hospital without a delivery gets a make-believe one, never beside real data."""

from pathlib import Path

from etl.errors import RefusedError
from etl.progress import Progress
from etl.settings import Settings

# A run that was killed before its first migration leaves a file without books.
HAS_BOOKS_SQL = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'audit' AND table_name = 'load'"
REAL_LOADS_SQL = "SELECT site_id, delivery FROM audit.load WHERE NOT is_synthetic ORDER BY load_id LIMIT 1"


def make_first_delivery(site_id: str, settings: Settings, *, progress: Progress) -> Path | None:
    """Make a synthetic delivery when the hospital has sent nothing yet.

    None when there is something to read, or when nobody has written how this hospital's exports look.

    Raises:
        RefusedError: the warehouse holds a load that is not synthetic.
    """
    if has_delivery(settings.raw_dir / site_id):
        return None
    refuse_beside_real_data(settings)
    from etl.synthetic.hospitals import hospital_names
    from etl.synthetic.synthesize import synthesize

    if site_id not in hospital_names():
        return None

    return synthesize(settings.raw_dir, sites=[site_id], progress=progress)[0]


def has_delivery(site_dir: Path) -> bool:
    """Tell whether a hospital's folder holds anything that may be a delivery."""
    return site_dir.is_dir() and any(entry.is_dir() and not entry.name.startswith(".") for entry in site_dir.iterdir())


def refuse_beside_real_data(settings: Settings) -> None:
    """Refuse to make synthetic data once the warehouse holds a load that is not synthetic.

    Raises:
        RefusedError: it does.
    """
    if not settings.warehouse_path.exists():
        return
    from warehouse.query import run_query

    if not run_query(settings.warehouse_path, HAS_BOOKS_SQL).rows:
        return
    for site_id, delivery in run_query(settings.warehouse_path, REAL_LOADS_SQL).rows:
        raise RefusedError(
            f"{settings.warehouse_path} holds real data ({site_id} {delivery}), so no synthetic one is made beside "
            f"it. Put the hospital's export into {settings.raw_dir}/<site>/<delivery>/, or set HCC_DATA_DIR to another "
            "folder."
        )
