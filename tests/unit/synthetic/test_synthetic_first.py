"""Make-believe data comes to an empty house only."""

from pathlib import Path

import pytest

from etl.settings import Settings
from etl.synthetic.first_delivery import make_first_delivery, refuse_beside_real_data
from warehouse.errors import RefusedError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.progress import Silent


@pytest.fixture
def settings(warehouse_path: Path) -> Settings:
    return Settings(data_dir=warehouse_path.parent)


def add_load(settings: Settings, *, is_synthetic: bool) -> None:
    engine = open_warehouse(settings.warehouse_path)
    with raw_connection(engine) as con:
        con.execute(
            "INSERT INTO audit.load BY NAME SELECT 1 AS load_id, 'hospital' AS site_id, '2026-11' AS delivery, "
            "'published' AS state, 'f' AS fingerprint, 'm' AS mapping_sha256, 1 AS mapping_version, '1' AS code_version, "
            f"'1' AS schema_revision, {is_synthetic} AS is_synthetic, false AS is_accepted, now()::TIMESTAMP AS started_at"
        )
    engine.dispose()


def test_a_delivery_that_is_there_is_left_alone(settings: Settings) -> None:
    (settings.raw_dir / "hospital" / "2026-11").mkdir(parents=True)
    assert make_first_delivery("hospital", settings, progress=Silent()) is None


@pytest.mark.parametrize("stray", [".DS_Store", "notes.txt"])
def test_a_stray_file_is_no_delivery(settings: Settings, stray: str) -> None:
    (settings.raw_dir / "hospital").mkdir(parents=True)
    (settings.raw_dir / "hospital" / stray).touch()
    add_load(settings, is_synthetic=False)
    with pytest.raises(RefusedError):
        make_first_delivery("hospital", settings, progress=Silent())


def test_beside_a_real_load_it_is_refused(settings: Settings) -> None:
    add_load(settings, is_synthetic=False)
    with pytest.raises(
        RefusedError, match=r"holds real data \(hospital 2026-11\), so no synthetic one is made next to it"
    ):
        refuse_beside_real_data(settings)
    assert not settings.raw_dir.exists()


def test_beside_synthetic_loads_it_is_not(settings: Settings) -> None:
    add_load(settings, is_synthetic=True)
    refuse_beside_real_data(settings)


def test_without_a_warehouse_or_its_books_it_is_not(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    refuse_beside_real_data(settings)
    open_warehouse(settings.warehouse_path).dispose()
    refuse_beside_real_data(settings)
