"""Every synthetic hospital's delivery: the same seed makes the same bytes, and each says that it is synthetic."""

import json
from pathlib import Path

import pytest

from etl.delivery.folder import find_delivery, match_files
from etl.mapping.read_mapping import read_mapping
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize

pytestmark = pytest.mark.slow

SITES = pytest.mark.parametrize("site_id", hospital_names())


@pytest.fixture(scope="module")
def raw_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    synthesize(folder, scale=0.1)
    return folder


def test_the_same_seed_makes_the_same_bytes(raw_dir: Path, tmp_path: Path) -> None:
    for again in synthesize(tmp_path, scale=0.1):
        first = raw_dir / again.relative_to(tmp_path)
        assert {path.name for path in again.iterdir()} == {path.name for path in first.iterdir()}
        for path in again.iterdir():
            assert path.read_bytes() == (first / path.name).read_bytes(), path.relative_to(tmp_path)


def test_another_seed_makes_other_patients(raw_dir: Path, tmp_path: Path) -> None:
    (again,) = synthesize(tmp_path, sites=["kcch"], scale=0.1, seed=7)
    first = raw_dir / again.relative_to(tmp_path)
    assert (again / "dm.xpt").read_bytes() != (first / "dm.xpt").read_bytes()


@SITES
def test_every_delivery_says_that_it_is_synthetic_and_its_manifest_is_true(raw_dir: Path, site_id: str) -> None:
    found = find_delivery(raw_dir, site_id)
    assert found.is_synthetic
    claims = json.loads((found.path / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert set(claims) == {path.name for path in found.path.iterdir()} - {"SYNTHETIC.txt", "manifest.json"}
    matched = match_files(found, read_mapping(Path("site_mappings"), site_id).sources)
    assert all(matched.values())
