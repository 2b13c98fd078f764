"""A few patients are a delivery, too: what none of them has is an empty column."""

from pathlib import Path

import pytest

from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize


@pytest.mark.parametrize("seed", [2021, 7])
@pytest.mark.parametrize("scale", [0.01, 0.02])
def test_every_hospital_writes_a_small_delivery(tmp_path: Path, seed: int, scale: float) -> None:
    made = synthesize(tmp_path, sites=(), seed=seed, scale=scale)
    assert [path.parent.name for path in made] == list(hospital_names())
    assert all(any(path.iterdir()) for path in made)
