"""Charts of a small study for `support.completions`: together they have every table, and every answer that rests on absence."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

INDEX = date(2010, 3, 15)

Row = dict[str, Any]


def on(day: int) -> date:
    return INDEX + timedelta(days=day)


def lab(day: int, analyte: str, value: str, unit: str, upper: str | None = None) -> Row:
    number = Decimal(value)
    row: Row = {"taken_on": on(day), "analyte_code": analyte, "reported_value_text": value, "reported_value": number}
    row |= {"reported_unit": unit, "value": number, "unit": unit, "unit_factor": Decimal(1)}
    return row | ({"upper_limit": Decimal(upper)} if upper else {})


def sign(day: int, what: str, **value: Any) -> Row:
    return {"observed_on": on(day), "observation_code": what, **value}


def scan(day: int, **said: Any) -> Row:
    return {
        "imaged_on": on(day),
        "modality_code": "ct",
        "region_code": "abdomen",
        "has_contrast": True,
        "has_arterial_phase": True,
        **said,
    }


def lesion(day: int, label: str, size: int, **said: Any) -> Row:
    row: Row = {"imaged_on": on(day), "lesion_label": label, "organ_code": "liver", "pattern_code": "typical"}
    row |= {"viable_diameter_mm": Decimal(size), "whole_diameter_mm": Decimal(max(size, 20))}
    return row | {"enhancement_code": "arterial" if size else "none", **said}


def course(drug: str, role: str, start: int, stop: int | None) -> Row:
    return {
        "drug_code": drug,
        "role_code": role,
        "started_on": on(start),
        "stopped_on": None if stop is None else on(stop),
    }


def step(start: int, stop: int | None, mg: int, **said: Any) -> Row:
    row: Row = {"drug_code": "sorafenib", "started_on": on(start), "stopped_on": None if stop is None else on(stop)}
    return row | {"dose_mg": Decimal(mg), "times_per_day": 2, **said}


PERSON: Row = {
    "sex": "male",
    "birth_date": date(1950, 1, 1),
    "aetiology": "hbv",
    "diagnosis_basis": "histology",
    "is_unresectable": True,
    "bclc_reported_code": "C",
    "child_pugh_reported_code": "A",
}
TUMOUR: Row = {
    "largest_diameter_mm": Decimal(60),
    "nodule_count": 3,
    "nodule_count_qualifier": "exact",
    "portal_vein_invasion_code": "vp0",
    "has_hepatic_vein_invasion": False,
    "has_lymph_node_metastasis": False,
    "has_lung_metastasis": False,
    "has_bone_metastasis": False,
    "has_brain_metastasis": False,
    "has_adrenal_metastasis": False,
    "has_peritoneum_metastasis": False,
    "has_other_metastasis": False,
}
LABS = [
    lab(-3, "bilirubin_total", "1.1", "mg/dL", "1.2"), lab(-3, "albumin", "3.8", "g/dL"), lab(-3, "inr", "1.1", "1"),
    lab(-20, "albumin", "3.4", "g/dL"), lab(-40, "afp", "300", "ng/mL"), lab(-3, "alt", "50", "U/L", "40"),
]  # fmt: skip
SIGNS = [
    sign(-2, "ecog", value_number=Decimal(1)), sign(-9, "karnofsky", value_number=Decimal(80)),
    sign(-2, "ascites", value_code="none"), sign(-2, "encephalopathy", value_code="none"),
    sign(-2, "weight", value_number=Decimal(70), unit="kg"), sign(-2, "height", value_number=Decimal(170), unit="cm"),
]  # fmt: skip

CHARTS: dict[str, dict[str, list[Row]]] = {
    # Treated before, beside and after; partial response, then progression; died.
    "much": {
        "patient": [PERSON],
        "tumour_baseline": [TUMOUR],
        "treatment_course": [course("sorafenib", "study", 0, 120), course("doxorubicin", "prior", -90, -60)],
        "exposure": [step(0, 40, 400), step(41, 50, 0, is_interruption=True), step(51, 120, 200)],
        "procedure": [
            {"procedure_code": "tace", "started_on": on(60), "target_site_code": "liver"},
            {"procedure_code": "radiotherapy", "started_on": on(200), "target_site_code": "bone"},
        ],
        "medication": [{"ingredient_code": "metformin", "started_on": on(-100), "stopped_on": on(30)}],
        "medical_history": [
            {"condition_code": "diabetes", "is_present": True},
            {"condition_code": "other_cancer", "is_present": True, "cancer_site_code": "stomach", "cured_on": on(-300)},
        ],
        "lab_result": [*LABS, lab(55, "afp", "60", "ng/mL"), lab(30, "alt", "150", "U/L", "40")],
        "observation": SIGNS,
        "imaging_visit": [
            scan(-10),
            scan(50, response_physician_code="PR", has_new_lesion=False),
            scan(100, response_physician_code="PD", response_radiologist_code="SD", non_target_status_code="CR"),
        ],
        "lesion": [
            lesion(-10, "1", 40),
            lesion(-10, "2", 30),
            lesion(50, "1", 20),
            lesion(50, "2", 15),
            lesion(100, "1", 40),
            lesion(100, "2", 30),
        ],
        "adverse_event": [
            {
                "verbatim_text": "hand-foot skin reaction",
                "reported_grade": 2,
                "ctcae_version": "4.03",
                "onset_on": on(20),
            },
            {"verbatim_text": "diarrhea", "reported_grade": 3, "ctcae_version": "4.03", "onset_on": on(90)},
        ],
        "follow_up": [
            {"vital_status_code": "dead", "died_on": on(400), "died_on_precision": "day", "last_contact_on": on(390)}
        ],
    },
    # Nothing but the drug: every answer is from absence; a new lesion; alive.
    "little": {
        "patient": [PERSON],
        "tumour_baseline": [TUMOUR],
        "treatment_course": [course("sorafenib", "study", 0, 300)],
        "exposure": [step(0, 300, 400)],
        "medical_history": [{"condition_code": "hypertension", "is_present": False}],
        "lab_result": LABS,
        "observation": SIGNS,
        "imaging_visit": [scan(-10), scan(60), scan(120)],
        "lesion": [
            lesion(-10, "1", 40),
            lesion(-10, "2", 25),
            lesion(60, "1", 40),
            lesion(60, "2", 25),
            lesion(120, "1", 40),
            lesion(120, "2", 25),
            lesion(120, "3", 15),
        ],
        "follow_up": [{"vital_status_code": "alive", "last_contact_on": on(900)}],
    },
    # Still on the drug, first-line by another course; complete response; died in a month.
    "going_on": {
        "patient": [{**PERSON, "bclc_reported_code": "B"}],
        "tumour_baseline": [{**TUMOUR, "portal_vein_invasion_code": "vp2"}],
        "treatment_course": [course("sorafenib", "study", 0, None), course("lenvatinib", "prior", -200, -100)],
        "exposure": [step(0, 30, 400), step(31, None, 200)],
        "procedure": [{"procedure_code": "rfa", "started_on": on(-300), "target_site_code": "liver"}],
        "medication": [{"ingredient_code": "atorvastatin", "started_on": on(400)}],
        "medical_history": [{"condition_code": "serious_comorbidity", "is_present": False}],
        "lab_result": LABS,
        "observation": SIGNS,
        "imaging_visit": [scan(-10), scan(60, non_target_status_code="none"), scan(110)],
        "lesion": [lesion(-10, "1", 40), lesion(60, "1", 0), lesion(110, "1", 0)],
        "adverse_event": [
            {"verbatim_text": "hypertension", "reported_grade": 1, "ctcae_version": "4.03", "onset_on": on(9)}
        ],
        "follow_up": [{"vital_status_code": "dead", "died_on": date(2011, 5, 1), "died_on_precision": "month"}],
    },
}
