"""An empty warehouse that is up to date, with empty views: made once in a process, because it takes seconds; tests get copies."""

import tempfile
from functools import cache
from pathlib import Path

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction
from warehouse.model.upgrade import upgrade
from warehouse.views.refresh import refresh


def copy_new_warehouse(path: Path) -> Path:
    """Put a new, empty warehouse there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_bytes())
    return path


@cache
def _bytes() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "warehouse.duckdb")
        engine = open_warehouse(path)
        upgrade(engine)
        with raw_connection(engine) as con, transaction(con):
            refresh(con)
        engine.dispose()
        return path.read_bytes()
