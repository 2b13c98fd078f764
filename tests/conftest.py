"""What the tests share."""

from pathlib import Path

import pytest
from support.new_warehouse import copy_new_warehouse


@pytest.fixture
def warehouse_path(tmp_path: Path) -> Path:
    """The file of an empty warehouse that is up to date."""
    return copy_new_warehouse(tmp_path / "warehouse.duckdb")
