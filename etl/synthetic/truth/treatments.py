"""Treatment of the tumour: the study drug with its dose steps, and the treatments before, during and after it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import choose, generator, scaled
from etl.synthetic.truth.targets import GROUP_SIZES, moment

FULL_DOSE_MG, REDUCED_DOSE_MG, LOWEST_DOSE_MG = 800, 400, 200
_LEAST_MEAN_MG, _MOST_MEAN_MG = 204, 790
_PAUSE_FROM_DAYS = 45
_PAINFUL_BONE_FROM_DAYS = 12
_SHARE_PAINFUL_BONE, _SHARE_TARGETED_BEFORE, _SHARE_SALVAGED_TWICE = 0.2, 0.015, 0.25

_PROCEDURES = {
    "tace": "경동맥화학색전술 TACE", "radiotherapy": "체외 방사선치료", "haic": "간동맥주입화학요법 HAIC",
    "rfa": "고주파열치료 RFA", "resection": "간절제술",
}  # fmt: skip
_PRIOR_SHARES = {"tace": 0.62, "rfa": 0.16, "resection": 0.14, "haic": 0.04, "radiotherapy": 0.04}
_STOP_SHARES = {"toxicity": 0.4, "liver_failure": 0.25, "patient_choice": 0.2, "cost": 0.1, "other": 0.05}
_SALVAGE_SHARES = {"tace": 0.42, "radiotherapy": 0.18, "haic": 0.12, "systemic": 0.28}
_SALVAGE_DRUGS = ("doxorubicin", "fluorouracil", "cisplatin", "capecitabine", "study_drug_other")


def draw_treatments(plan: pd.DataFrame, seed: int, replica: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Draw the treatment of every patient.

    Returns:
        tables treatment_course, exposure and procedure with `person` and days relative to the index date (`*_on`).
    """
    rng = generator(seed, replica, "treatments")
    mean_dose = _draw_mean_doses(plan, rng)
    courses: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    procedures: list[dict[str, Any]] = []
    for person, patient in enumerate(plan.to_dict("records")):
        courses.append(_study_course(person, patient, rng))
        if patient["reason"] != "index_day_unknown":
            steps.extend(_dose_steps(person, int(patient["treatment_days"]), float(mean_dose[person]), rng))
        procedures.extend(_before(person, patient, rng))
        courses.extend(_drugs_before(person, patient, rng))
        procedures.extend(_beside(person, patient, rng))
        if patient["salvage"]:
            _draw_salvage(person, patient, rng, courses=courses, procedures=procedures)
    return pd.DataFrame(courses), pd.DataFrame(steps), pd.DataFrame(procedures)


def _draw_mean_doses(plan: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Draw mean daily doses: many on the full dose, the others spread evenly below it, with the printed moments."""
    doses = np.empty(len(plan))
    for group in GROUP_SIZES:
        members = rng.permutation(np.flatnonzero((plan["group"] == group).to_numpy()))
        mean, sd = (moment("daily_dose_mg", statistic, group) for statistic in ("mean", "sd"))
        least = min(range(_LEAST_MEAN_MG, REDUCED_DOSE_MG), key=lambda low: abs(_spread_of_doses(mean, low) - sd))
        share = _share_on_full_dose(mean, least)
        full, reduced = scaled([round(share * 1000), round((1 - share) * 1000)], len(members))
        spread = np.linspace(least, _MOST_MEAN_MG, max(reduced, 1))[:reduced]
        doses[members] = np.concatenate([np.full(full, FULL_DOSE_MG), spread])
    return doses


def _share_on_full_dose(mean_mg: float, least_mg: float) -> float:
    of_reduced = (least_mg + _MOST_MEAN_MG) / 2
    return (mean_mg - of_reduced) / (FULL_DOSE_MG - of_reduced)


def _spread_of_doses(mean_mg: float, least_mg: float) -> float:
    """Work out the standard deviation of a share on the full dose and an even spread from the least dose up."""
    share = _share_on_full_dose(mean_mg, least_mg)
    of_reduced = ((least_mg + _MOST_MEAN_MG) / 2 - mean_mg) ** 2 + (_MOST_MEAN_MG - least_mg) ** 2 / 12
    return float(np.sqrt(share * (FULL_DOSE_MG - mean_mg) ** 2 + (1 - share) * of_reduced))


def _study_course(person: int, patient: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    last = int(patient["treatment_days"])
    is_open = not patient["is_dead"] and last >= int(patient["survival_days"]) - 1
    reason = "progression" if patient["has_progressed"] else choose(_STOP_SHARES, rng)
    course = _course(
        person, "sorafenib", role="study", start=0, stop=None if is_open else last, reason=None if is_open else reason
    )
    if patient["reason"] == "index_day_unknown":
        course["started_on_precision"] = "month"
    return course


def _course(person: int, drug: str, *, role: str, start: int, stop: int | None, reason: str | None) -> dict[str, Any]:
    return {
        "person": person, "drug_code": drug, "role_code": role, "started_on": start,
        "started_on_precision": "day", "stopped_on": stop,
        "stop_reason_code": reason,
    }  # fmt: skip


def _dose_steps(person: int, days: int, mean_mg: float, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Lay the doses so that milligrams over all days from the first to the last dose give the mean wanted."""
    length = days + 1
    if mean_mg >= FULL_DOSE_MG:
        yield _step(person, 0, days, FULL_DOSE_MG, "start")
        return
    high, low = (FULL_DOSE_MG, REDUCED_DOSE_MG) if mean_mg >= REDUCED_DOSE_MG else (REDUCED_DOSE_MG, LOWEST_DOSE_MG)
    pause = 0
    if days >= _PAUSE_FROM_DAYS and low + 40 < mean_mg < high - 160 and rng.random() < 0.4:
        pause = int(rng.integers(5, 13))
    on_high = round((mean_mg * length - low * (length - pause)) / (high - low))
    on_high = min(max(on_high, 1), length - pause - 1)
    yield _step(person, 0, on_high - 1, high, "start")
    if pause:
        yield _step(person, on_high, on_high + pause - 1, 0, "toxicity")
    yield _step(person, on_high + pause, days, low, "other" if pause else "toxicity")


def _step(person: int, start: int, stop: int, daily_mg: int, reason: str) -> dict[str, Any]:
    """Write a daily dose as it is prescribed: 800 as 400 twice, 400 as 200 twice, 200 once."""
    times = {800: 2, 400: 2, 200: 1, 0: 0}[daily_mg]
    return {
        "person": person, "drug_code": "sorafenib", "started_on": start, "stopped_on": stop,
        "dose_mg": daily_mg / times if times else 0.0, "times_per_day": times, "is_interruption": daily_mg == 0,
        "reason_code": reason,
    }  # fmt: skip


def _before(person: int, patient: dict[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Treat whoever is not on first-line sorafenib one to three times before it."""
    if patient["first_line"]:
        return
    day = 0
    for _ in range(int(rng.integers(1, 4))):
        day -= int(rng.integers(35, 300))
        kind = choose(_PRIOR_SHARES, rng)
        yield _procedure(person, kind, "liver", day)


def _drugs_before(person: int, patient: dict[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Give the drugs that exclude a patient, or that leave it open, and a targeted drug, which does not, to a few."""
    drug = {"prior_systemic": "doxorubicin", "prior_trial_drug": "study_drug_other"}.get(patient["reason"])
    if drug is None and not patient["first_line"] and rng.random() < _SHARE_TARGETED_BEFORE:
        drug = "sunitinib"
    if drug is not None:
        stop = -int(rng.integers(40, 90))
        yield _course(person, drug, role="prior", start=-140, stop=stop, reason="progression")


def _beside(person: int, patient: dict[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Treat locally between the first and the last dose; a painful bone is irradiated besides."""
    last = int(patient["treatment_days"]) - 1
    if patient["concomitant"]:
        kind = "tace" if rng.random() < 0.68 else "radiotherapy"
        day = int(patient["concomitant_day"])
        yield _procedure(person, kind, "liver", day)
        again = day + int(rng.integers(35, 80))
        if kind == "tace" and again < last and rng.random() < 0.4:
            yield _procedure(person, kind, "liver", again)
    if patient["bone"] and last > _PAINFUL_BONE_FROM_DAYS and rng.random() < _SHARE_PAINFUL_BONE:
        yield _procedure(person, "radiotherapy", "bone", int(rng.integers(5, last)))


def _draw_salvage(
    person: int,
    patient: dict[str, Any],
    rng: np.random.Generator,
    *,
    courses: list[dict[str, Any]],
    procedures: list[dict[str, Any]],
) -> None:
    """Treat the tumour after the study drug was stopped for good, sometimes twice."""
    day = int(patient["salvage_day"])
    latest = int(patient["survival_days"]) - 1
    kinds = [choose(_SALVAGE_SHARES, rng) for _ in range(2)]
    second = day + int(rng.integers(30, 90))
    for kind, start in zip(kinds, (day, second), strict=True):
        if start > latest or (start == second and rng.random() > _SHARE_SALVAGED_TWICE):
            return
        if kind == "systemic":
            stop = max(start, min(start + int(rng.integers(20, 120)), latest))
            drug = str(rng.choice(_SALVAGE_DRUGS))
            courses.append(_course(person, drug, role="subsequent", start=start, stop=stop, reason="progression"))
        else:
            procedures.append(_procedure(person, kind, "liver", start))


def _procedure(person: int, kind: str, organ: str, day: int) -> dict[str, Any]:
    ended = day + 14 if kind == "radiotherapy" and day < 0 else day
    return {
        "person": person, "procedure_code": kind, "procedure_text": _PROCEDURES[kind], "target_site_code": organ,
        "started_on": day, "ended_on": ended,
    }  # fmt: skip
