"""What the tests share."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def _new_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty warehouse, made once; tests get copies."""
    from warehouse.connect import open_warehouse
    from warehouse.upgrade import upgrade

    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    engine = open_warehouse(path)
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def warehouse_path(_new_warehouse: Path, tmp_path: Path) -> Path:
    """The file of an empty warehouse that is up to date."""
    return Path(shutil.copy(_new_warehouse, tmp_path / "warehouse.duckdb"))
