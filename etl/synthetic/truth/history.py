"""What the patients had and took besides: medical history and co-medication."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator

_KCD = {"diabetes": "E11.9", "hypertension": "I10", "cirrhosis": "K74.6", "serious_comorbidity": "I48"}
_TEXT = {
    "diabetes": "제2형 당뇨병", "hypertension": "본태성 고혈압", "cirrhosis": "간경변증",
    "serious_comorbidity": "심방세동, 와파린 복용",
}  # fmt: skip
_OTHER_CANCERS = (
    ("stomach", "C16.9", "조기 위암"), ("colorectum", "C18.9", "대장암"), ("thyroid", "C73", "갑상선 유두암"),
    ("prostate", "C61", "전립선암"), ("lung", "C34.9", "폐암"),
)  # fmt: skip
_ALLOWED_CANCERS = {
    "female": (("cervix", "D06.9", "자궁경부 상피내암"), ("skin_basal_cell", "C44.9", "기저세포암")),
    "male": (("bladder", "D09.0", "표재성 방광암"), ("skin_basal_cell", "C44.9", "기저세포암")),
}
_SHARE_WITH_ALLOWED_CANCER, _SHARE_CURED_LATELY = 0.008, 0.006
_METFORMIN = (
    ("다이아벡스정 500mg", ("metformin",)),
    ("글루코파지정 1000mg", ("metformin",)),
    ("자누메트정 50/500mg", ("sitagliptin", "metformin")),
)
_STATINS = (
    ("리피토정 10mg", ("atorvastatin",)), ("크레스토정 5mg", ("rosuvastatin",)), ("리바로정 2mg", ("pitavastatin",)),
    ("카듀엣정 5/10mg", ("amlodipine", "atorvastatin")),
)  # fmt: skip
_ANTIVIRALS = (
    ("바라크루드정 0.5mg", ("entecavir",)),
    ("제픽스정 100mg", ("lamivudine",)),
    ("헵세라정 10mg", ("adefovir",)),
)
_SUPPORTIVE = (
    ("알닥톤필름코팅정 25mg", ("spironolactone",)),
    ("인데놀정 40mg", ("propranolol",)),
    ("라식스정 40mg", ("furosemide",)),
)


def draw_history(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Draw table medical_history with `person` and days relative to the index date (`*_on`)."""
    rng = generator(seed, replica, "history")
    rows: list[dict[str, Any]] = []
    for person, patient in enumerate(plan.to_dict("records")):
        if patient["diabetes"] != "missing":
            rows.append(_condition(person, "diabetes", patient["diabetes"] == "yes", rng))
        rows.append(_condition(person, "hypertension", rng.random() < 0.24, rng))
        rows.append(_condition(person, "cirrhosis", rng.random() < 0.78, rng))
        if patient["reason"] == "serious_condition":
            rows.append(_condition(person, "serious_comorbidity", True, rng))
        if patient["reason"] == "serious_condition_unknown":
            rows.append(_condition(person, "serious_comorbidity", None, rng))
        rows.extend(_other_cancers(person, patient, rng))
    return pd.DataFrame(rows)


def _other_cancers(person: int, patient: dict[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Give another cancer to those whom it excludes or may exclude, and one that is allowed to a few others."""
    site, kcd, text = _OTHER_CANCERS[int(rng.integers(0, len(_OTHER_CANCERS)))]
    started = -int(rng.integers(400, 2500))
    if patient["reason"] == "other_cancer":
        cured = -int(rng.integers(1200, 1800)) if rng.random() < 0.4 else None
        started = started if cured is None else cured - 120
        yield _cancer(person, site, kcd, text, started=started, cured=cured, is_in_situ=False)
    elif patient["reason"] == "other_cancer_unknown":
        yield _cancer(person, None, None, "타장기암 과거력", started=started, cured=None, is_in_situ=None)
    elif rng.random() < _SHARE_WITH_ALLOWED_CANCER:
        site, kcd, text = _ALLOWED_CANCERS[patient["sex"]][int(rng.integers(0, 2))]
        started -= 400
        yield _cancer(person, site, kcd, text, started=started, cured=started + 60, is_in_situ=True)
    elif rng.random() < _SHARE_CURED_LATELY:
        cured = -int(rng.integers(60, 1000))
        yield _cancer(person, site, kcd, text, started=cured - 120, cured=cured, is_in_situ=False)


def draw_medication(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Draw table medication, one row per ingredient, with `person` and days relative to the index date (`*_on`)."""
    rng = generator(seed, replica, "medication")
    rows: list[dict[str, Any]] = []
    for person, patient in enumerate(plan.to_dict("records")):
        for product, ingredients in _products(patient, rng):
            start = -int(rng.integers(40, 900))
            stop = None if rng.random() < 0.5 else int(rng.integers(2, max(3, int(patient["treatment_days"]))))
            rows.extend(
                {
                    "person": person,
                    "product_text": product,
                    "ingredient_code": ingredient,
                    "started_on": start,
                    "stopped_on": stop,
                }
                for ingredient in ingredients
            )
    return pd.DataFrame(rows)


def _condition(person: int, code: str, is_present: bool | None, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "person": person, "condition_code": code, "is_present": is_present,
        "kcd_code": _KCD[code] if is_present else None, "condition_text": _TEXT[code] if is_present else None,
        "started_on": -int(rng.integers(200, 4500)) if is_present else None,
        "started_on_precision": str(rng.choice(["day", "month", "year"], p=[0.5, 0.3, 0.2])) if is_present else None,
        "cancer_site_code": None, "is_in_situ": None, "cured_on": None,
    }  # fmt: skip


def _cancer(
    person: int,
    site: str | None,
    kcd: str | None,
    text: str,
    *,
    started: int,
    cured: int | None,
    is_in_situ: bool | None,
) -> dict[str, Any]:
    return {
        "person": person, "condition_code": "other_cancer", "is_present": True, "kcd_code": kcd, "condition_text": text,
        "started_on": started, "started_on_precision": "day", "cancer_site_code": site, "is_in_situ": is_in_situ,
        "cured_on": cured,
    }  # fmt: skip


def _products(patient: dict[str, Any], rng: np.random.Generator) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Choose at most one product of each kind, so that no ingredient is taken twice."""
    if patient["metformin"]:
        yield _METFORMIN[int(rng.integers(0, len(_METFORMIN)))]
    elif patient["diabetes"] == "yes" and rng.random() < 0.7:
        yield ("아마릴정 2mg", ("glimepiride",)) if rng.random() < 0.6 else ("란투스주", ("insulin",))
    if patient["statin"]:
        yield _STATINS[int(rng.integers(0, len(_STATINS)))]
    if patient["aetiology"] == "hbv" and rng.random() < 0.65:
        yield _ANTIVIRALS[int(rng.integers(0, len(_ANTIVIRALS)))]
    if rng.random() < 0.35:
        yield _SUPPORTIVE[int(rng.integers(0, len(_SUPPORTIVE)))]
