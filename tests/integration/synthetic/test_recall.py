"""Planted defects, hospital by hospital: every one is found at its address, and no clean row is refused."""

from pathlib import Path

import pytest

from etl.settings import Settings
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.recall import measure_recall


@pytest.mark.slow
@pytest.mark.parametrize("site_id", hospital_names())
def test_every_planted_defect_is_found_and_nothing_is_said_in_vain(site_id: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    recall = measure_recall([site_id], settings=settings)
    assert [each.defect for each in recall.judged if not each.is_caught] == []
    assert recall.false_alarms == ()
    assert len(recall.judged) > 20
    assert recall.clean_rows > 1000
