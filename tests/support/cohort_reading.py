"""What one row of analysis.cohort must say, compared with the slow oracle's reading of the same patient."""

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
from oracle.chart import Person
from oracle.eligibility import is_eligible
from oracle.reading import Reading
from oracle.tables import CATEGORIES, MEASURES

Difference = tuple[Person, str, Any, Any]
"""Patient, what was asked, what the cohort says, what the oracle says."""

CATEGORY_COLUMNS = {
    "sex": "sex",
    "diabetes": "has_diabetes",
    "bmi": "bmi_class",
    "aetiology": "aetiology",
    "ecog": "CASE WHEN ecog >= 2 THEN '2-4' ELSE ecog::VARCHAR END",
    "child_pugh": "child_pugh_derived_code",
    "bclc": "bclc_reported_code",
    "extrahepatic": "has_extrahepatic_metastasis",
    "lymph_node": "coalesce(has_lymph_node_metastasis, FALSE)",
    "lung": "coalesce(has_lung_metastasis, FALSE)",
    "bone": "coalesce(has_bone_metastasis, FALSE)",
    "brain": "coalesce(has_brain_metastasis, FALSE)",
    "adrenal": "coalesce(has_adrenal_metastasis, FALSE)",
    "peritoneum": "coalesce(has_peritoneum_metastasis, FALSE)",
    "portal_vein": "CASE WHEN portal_vein_invasion_code IN ('vp1', 'vp2') THEN 'vp1-2' ELSE portal_vein_invasion_code END",
    "afp": "afp_class",
    "response": "best_overall_response",
    "afp_ratio": "afp_ratio_class",
    "concomitant": "has_concomitant_treatment",
    "salvage": "has_salvage_treatment",
    "first_line": "is_first_line",
    "metformin": "takes_metformin",
    "statin": "takes_statin",
    "event_any": "has_adverse_event",
    "event_grade_2_4": "coalesce(worst_grade_any >= 2, FALSE)",
    "event_grade_3_4": "coalesce(worst_grade_any >= 3, FALSE)",
    "event_dermatologic_2_4": "coalesce(worst_grade_dermatologic >= 2, FALSE)",
    "event_gastroenterologic_2_4": "coalesce(worst_grade_gastroenterologic >= 2, FALSE)",
    "event_hypertension_2_4": "coalesce(worst_grade_hypertension >= 2, FALSE)",
}
"""How the rows of the study's tables that count are read from one row of the cohort."""

MEASURE_COLUMNS = {
    "age_years": "age_years",
    "largest_diameter_mm": "largest_diameter_mm",
    "nodule_count": "nodule_count",
    "daily_dose_mg": "mean_daily_dose_mg",
    "treatment_months": "treatment_months",
    "sd_duration_months": "sd_duration_months",
    "pr_duration_months": "pr_duration_months",
    "cr_duration_months": "cr_duration_months",
}
"""The same for the rows that measure."""

FACTS: dict[str, tuple[str, Callable[[Reading], Any]]] = {
    "index_date": ("index_date", lambda reading: reading.treatment.index_date),
    "last_dose_on": ("last_dose_on", lambda reading: reading.treatment.last_dose),
    "treatment_days": ("treatment_days", lambda reading: reading.treatment.days),
    "concomitant_treatments": ("concomitant_treatments", lambda reading: _named(reading.treatment.concomitant)),
    "salvage_treatments": ("salvage_treatments", lambda reading: _named(reading.treatment.salvage)),
    "salvage_on": ("salvage_on", lambda reading: reading.treatment.salvage_on),
    "child_pugh_points": (
        "child_pugh_derived_points",
        lambda reading: reading.baseline and reading.baseline.child_pugh_points,
    ),
    "ttp_days": ("ttp_days", lambda reading: reading.response and reading.response.progression_days),
    "ttp_event": ("ttp_event", lambda reading: reading.response and reading.response.has_progressed),
    "has_fatal_event": ("has_fatal_event", lambda reading: reading.events and reading.events.is_fatal),
    "worst_grade_any": ("worst_grade_any", lambda reading: reading.events and reading.events.worst),
    "os_days": ("os_days", lambda reading: reading.survival_days),
    "os_event": ("os_event", lambda reading: reading.is_dead),
    "survival_group": ("survival_group", lambda reading: reading.group),
    "is_eligible": ("coalesce(is_eligible, FALSE)", lambda reading: is_eligible(reading.verdicts)),
}
"""What the cohort says beside the tables: its column and the oracle's answer."""

PLACES = Decimal("0.0001")
"""The cohort rounds months and doses to these places."""


def differences(
    con: duckdb.DuckDBPyConnection, readings: Iterable[Reading], *, only: Collection[str] = ()
) -> list[Difference]:
    """Compare every patient's row with the oracle's reading, column by column.

    A patient without an index date has no treatment and no baseline to read, so only what is known without is asked.

    Args:
        con: a warehouse.
        readings: of the same patients.
        only: what is asked; everything when empty.
    """
    known = CATEGORY_COLUMNS | MEASURE_COLUMNS | {name: column for name, (column, _) in FACTS.items()}
    asked = {name: column for name, column in known.items() if not only or name in only}
    cursor = con.execute(f"SELECT site_id, patient_id, {', '.join(asked.values())} FROM analysis.cohort")
    said = {(site, patient): dict(zip(asked, row, strict=True)) for site, patient, *row in cursor.fetchall()}
    wanted = {reading.person: reading for reading in readings}
    assert said.keys() == wanted.keys()
    return [
        (person, name, said[person][name], answer)
        for person, reading in wanted.items()
        for name, answer in _answers(reading, asked).items()
        if not _agree(said[person][name], answer)
    ]


def _answers(reading: Reading, asked: Collection[str]) -> dict[str, Any]:
    answers = {name: answer(reading) for name, (_, answer) in FACTS.items() if name in asked}
    if reading.baseline is not None:
        answers |= {name: _yes_or_no(category(reading)) for name, category in CATEGORIES.items() if name in asked}
        answers |= {name: measure(reading) for name, measure in MEASURES.items() if name in asked}
    return answers


def _agree(said: Any, answer: Any) -> bool:
    if said is None or answer is None or isinstance(answer, bool | str):
        return bool(said == answer)
    if isinstance(answer, Fraction):
        return abs(Fraction(said) - answer) <= Fraction(PLACES) / 2
    return bool(said == answer)


def _yes_or_no(category: str | None) -> bool | str | None:
    return {"yes": True, "no": False}.get(category, category) if category is not None else None


def _named(treatments: tuple[str, ...]) -> str | None:
    return ", ".join(sorted(set(treatments))) or None
