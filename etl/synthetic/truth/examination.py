"""What is seen at the clinic: fitness, ascites, encephalopathy, body and blood pressure."""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.visits import ClinicVisits

_ASCITES = np.array(["none", "slight", "moderate"], dtype=object)
_ENCEPHALOPATHY = np.array(["none", "grade_1_2", "grade_3_4"], dtype=object)
_HEIGHT_CM = {"male": (168.0, 5.5), "female": (156.0, 5.0)}


def draw_examination(
    plan: pd.DataFrame, points: pd.DataFrame, visits: ClinicVisits, *, seed: int, replica: int
) -> pd.DataFrame:
    """Draw table observation with `person` and days relative to the index date (`observed_on`)."""
    rng = generator(seed, replica, "examination")
    person, day = visits.person, visits.day
    parts = [
        _coded(person, day, "ascites", _ASCITES[points["ascites"].to_numpy() - 1]),
        _coded(person, day, "encephalopathy", _ENCEPHALOPATHY[points["encephalopathy"].to_numpy() - 1]),
        _fitness(plan, visits),
        *_body(plan, visits, rng),
        _numbers(person, day, "systolic", rng.normal(118, 9, len(person)).clip(88, 158).round(), "mm[Hg]"),
        _numbers(person, day, "diastolic", rng.normal(74, 6, len(person)).clip(50, 98).round(), "mm[Hg]"),
    ]
    return pd.concat(parts, ignore_index=True)


def _fitness(plan: pd.DataFrame, visits: ClinicVisits) -> pd.DataFrame:
    """Record ECOG at every visit of those who have it recorded at all."""
    ecog = pd.to_numeric(plan["ecog"]).to_numpy(dtype=float)[visits.person]
    recorded = np.isfinite(ecog)
    return _numbers(visits.person[recorded], visits.day[recorded], "ecog", ecog[recorded], "1")


def _body(plan: pd.DataFrame, visits: ClinicVisits, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw height and weight so that their body mass index falls into the class drawn before."""
    mean, spread = (
        plan["sex"].map({sex: shape[i] for sex, shape in _HEIGHT_CM.items()}).to_numpy(dtype=float) for i in (0, 1)
    )
    height = rng.normal(mean, spread).clip(140, 192).round(1)
    bmi = plan["bmi"].to_numpy(dtype=float)
    weight = np.where(np.isfinite(bmi), bmi, 22.5) * (height / 100) ** 2
    has_height = visits.is_baseline & np.isfinite(bmi)[visits.person]
    loss = np.where(visits.day > 0, 1 - rng.uniform(0, 0.06, len(visits.day)), 1.0)
    return (
        _numbers(visits.person[has_height], visits.day[has_height], "height", height[visits.person[has_height]], "cm"),
        _numbers(visits.person, visits.day, "weight", (weight[visits.person] * loss).round(1), "kg"),
    )


def _coded(person: np.ndarray, day: np.ndarray, code: str, values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"person": person, "observed_on": day, "observation_code": code, "value_code": values[person]})


def _numbers(person: np.ndarray, day: np.ndarray, code: str, values: np.ndarray, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"person": person, "observed_on": day, "observation_code": code, "value_number": values, "unit": unit}
    )
