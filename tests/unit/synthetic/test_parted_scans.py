"""Some assessments are of two days: the liver by MRI, the chest by CT; nothing that is counted rests on them."""

import pandas as pd
import pytest
from support.drawn_study import study

from etl.synthetic.hospitals import hospital_names

PATIENT = ["site_id", "patient_id"]
VISIT = [*PATIENT, "imaged_on"]


@pytest.fixture(scope="module")
def parted() -> pd.DataFrame:
    """Every chest CT with the liver's scan of the same name: imaged_on, liver_on, liver_modality, and what was drawn."""
    visits = study().tables["imaging_visit"]
    chest = visits[visits["region_code"] == "chest"]
    liver = visits[visits["region_code"] == "abdomen"].rename(columns={"imaged_on": "liver_on"})
    both = chest.merge(liver, on=[*PATIENT, "visit_text"], suffixes=("", "_of_liver"))
    assert len(both) == len(chest)
    return both.merge(study().answers, on=PATIENT)


def test_every_hospital_has_an_assessment_of_two_days(parted: pd.DataFrame) -> None:
    assert set(parted["site_id"]) == set(hospital_names())
    assert set(parted["modality_code"]) == {"ct"}
    assert set(parted["modality_code_of_liver"]) == {"mri"}
    assert (parted["imaged_on"] - parted["liver_on"]).abs().dt.days.between(2, 6).all()
    assert parted["response_physician_code"].isna().all()


def test_the_chest_has_the_lesions_of_the_lung_and_the_liver_the_others(parted: pd.DataFrame) -> None:
    lesions = study().tables["lesion"]
    in_chest = lesions.merge(parted[VISIT], on=VISIT)
    assert set(in_chest["organ_code"]) == {"lung"}
    assert len(in_chest) >= len(parted)
    with_liver = lesions.merge(parted[[*PATIENT, "liver_on"]].rename(columns={"liver_on": "imaged_on"}), on=VISIT)
    assert "liver" in set(with_liver["organ_code"])
    assert "lung" not in set(with_liver["organ_code"])


def test_nothing_that_is_counted_rests_on_them(parted: pd.DataFrame) -> None:
    """At baseline the chest is before the liver, so that the last day stays; later both lie between two other scans."""
    day = (parted["imaged_on"] - parted["index_date"]).dt.days
    is_baseline = parted["visit_text"] == "기저"
    assert 10 <= is_baseline.sum() <= len(parted) - 10
    assert (parted["imaged_on"] < parted["liver_on"])[is_baseline].all()
    later = parted[~is_baseline].assign(day=day[~is_baseline])
    assert set(later["response"]) == {"SD"}
    assert (later["day"] > later["first_scan_day"]).all()
    assert (later["day"] < later["last_scan_day"]).all()
