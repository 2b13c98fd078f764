"""Tables 1, 2 and 4 of the study: what is counted or measured in every patient, by the names of the rows."""

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction

from oracle.chart import months
from oracle.reading import Reading

Category = str


def count(readings: Iterable[Reading], row: str) -> dict[Category, int]:
    """Count the patients in every category of a row; who has no answer is `missing`."""
    return dict(Counter(CATEGORIES[row](reading) or "missing" for reading in readings))


def measure(readings: Iterable[Reading], row: str) -> list[Fraction]:
    """List the measures of a row, of those who have one."""
    measures = (MEASURES[row](reading) for reading in readings)
    return [Fraction(value) for value in measures if value is not None]


def _yes(is_so: bool | None) -> Category | None:
    return None if is_so is None else "yes" if is_so else "no"


def _ecog(reading: Reading) -> Category | None:
    ecog = reading.baseline.ecog
    return None if ecog is None else "2-4" if ecog >= 2 else str(ecog)


def _portal_vein(reading: Reading) -> Category | None:
    code = reading.tumour.get("portal_vein_invasion_code")
    return "vp1-2" if code in ("vp1", "vp2") else code


def _months(days: int | None) -> Fraction | None:
    return None if days is None else months(days)


CATEGORIES: dict[str, Callable[[Reading], Category | None]] = {
    "sex": lambda reading: reading.patient["sex"],
    "diabetes": lambda reading: _yes(reading.baseline.has_diabetes),
    "bmi": lambda reading: reading.baseline.bmi_class,
    "aetiology": lambda reading: reading.patient["aetiology"],
    "ecog": _ecog,
    "child_pugh": lambda reading: reading.baseline.child_pugh_class,
    "bclc": lambda reading: reading.patient["bclc_reported_code"],
    "extrahepatic": lambda reading: _yes(reading.baseline.is_extrahepatic),
    "lymph_node": lambda reading: _yes("lymph_node" in reading.baseline.organs),
    "lung": lambda reading: _yes("lung" in reading.baseline.organs),
    "bone": lambda reading: _yes("bone" in reading.baseline.organs),
    "brain": lambda reading: _yes("brain" in reading.baseline.organs),
    "adrenal": lambda reading: _yes("adrenal" in reading.baseline.organs),
    "peritoneum": lambda reading: _yes("peritoneum" in reading.baseline.organs),
    "portal_vein": _portal_vein,
    "afp": lambda reading: reading.baseline.afp_class,
    "response": lambda reading: reading.response.best,
    "afp_ratio": lambda reading: reading.baseline.afp_ratio_class,
    "concomitant": lambda reading: _yes(bool(reading.treatment.concomitant)),
    "salvage": lambda reading: _yes(bool(reading.treatment.salvage)),
    "first_line": lambda reading: _yes(reading.treatment.is_first_line),
    "metformin": lambda reading: _yes(reading.treatment.takes_metformin),
    "statin": lambda reading: _yes(reading.treatment.takes_statin),
    "event_any": lambda reading: _yes(reading.events.has_any),
    "event_grade_2_4": lambda reading: _yes((reading.events.worst or 0) >= 2),
    "event_grade_3_4": lambda reading: _yes((reading.events.worst or 0) >= 3),
    "event_dermatologic_2_4": lambda reading: _yes((reading.events.worst_dermatologic or 0) >= 2),
    "event_gastroenterologic_2_4": lambda reading: _yes((reading.events.worst_gastroenterologic or 0) >= 2),
    "event_hypertension_2_4": lambda reading: _yes((reading.events.worst_hypertension or 0) >= 2),
}

MEASURES: dict[str, Callable[[Reading], Fraction | int | None]] = {
    "age_years": lambda reading: reading.baseline.age_years,
    "largest_diameter_mm": lambda reading: reading.tumour["largest_diameter_mm"],
    "nodule_count": lambda reading: reading.tumour["nodule_count"],
    "daily_dose_mg": lambda reading: reading.treatment.mean_dose_mg,
    "treatment_months": lambda reading: _months(reading.treatment.days),
    "sd_duration_months": lambda reading: _months(reading.response.stable_days),
    "pr_duration_months": lambda reading: (
        _months(reading.response.response_days) if reading.response.best == "PR" else None
    ),
    "cr_duration_months": lambda reading: _months(reading.response.complete_days),
}
