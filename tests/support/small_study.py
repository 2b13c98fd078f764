"""A small study that asks for every kind of analysis, and patients drawn for it; no patient is real."""

from collections.abc import Callable
from typing import Any

import numpy as np

Patient = dict[str, Any]
Onset = tuple[str, str, str, int]

SMALL_STUDY = """\
study: small
title: {en: A small study, ko: 작은 연구}
populations:
  eligible: {label: Eligible, where: {is_eligible: ["yes"]}}
  classified: {label: Classified, where: {is_eligible: ["yes"], group: [long, short]}}
variables:
  is_eligible: {column: is_eligible, kind: yes_no, label: Eligible}
  group: {column: survival_group, label: Group, levels: {long: [long_term], short: [short_term]}}
  sex: {column: sex, label: Sex, levels: {male: [male], female: [female]}}
  age: {column: age_years, kind: number, label: Age, unit: years}
  ecog: {column: ecog, label: ECOG, levels: {"0": [0], "1": [1], 2-4: {at_least: 2, at_most: 4}}}
  stage: {column: bclc_reported_code, label: Stage, levels: {B: [B], C: [C]}}
  nodules: {column: nodule_count, kind: number, label: Nodules}
  response: {column: best_overall_response, label: Response, levels: {PR: [PR], SD: [SD], PD: [PD]}, onset: response}
  months: {column: sd_duration_months, kind: number, label: Months, applies_to: {response: [SD]}}
  statin: {column: takes_statin, kind: yes_no, label: Statin, onset: statin}
  salvage: {column: has_salvage_treatment, kind: yes_no, label: Salvage, onset: salvage}
tables:
  table_1:
    title: By group
    population: classified
    groups: group
    rows: [{variable: age, test: student_t}, sex, ecog, stage, nodules, response, months, statin]
  table_2: {title: Of all, population: eligible, rows: [age, sex, months]}
  table_3: {title: By stage, population: eligible, groups: stage, rows: [group, sex, age, statin]}
endpoints:
  survival: {label: Survival, time: os_days, event: os_event}
  progression: {label: Progression, time: ttp_days, event: ttp_event, competing_time: pfs_days, competing_event: pfs_event}
curves:
  of_all: {title: All, endpoint: survival, population: eligible}
  by_stage: {title: By stage, endpoint: survival, population: eligible, by: stage}
  progression: {title: Progression, endpoint: progression, population: eligible}
  progression_by_sex: {title: Progression by sex, endpoint: progression, population: eligible, by: sex}
models:
  long_each:
    title: Each
    population: classified
    outcome: {variable: group, level: long}
    variables: [age, sex, ecog, stage, nodules, statin]
    selection: each
  long_kept:
    title: Kept
    population: classified
    outcome: {variable: group, level: long}
    variables: [age, sex, ecog, stage, nodules, statin]
    candidates: {significant_in: long_each, below: 0.9}
    selection: forward_conditional
    enter_below: 0.6
    remove_above: 0.7
  death_each: {title: Each, population: eligible, endpoint: survival, variables: [age, sex, ecog, salvage], selection: each}
  death_all: {title: All, population: eligible, endpoint: survival, variables: [age, sex, stage, statin]}
sensitivity:
  landmark_months: [2, 6]
  time_dependent: [survival]
  ties: [death_each, death_all]
  stratified_by_site: [death_all, long_kept, long_each]
  heterogeneity: [death_all, long_kept]
  imputed: [long_kept, death_all]
  imputations: 3
  firth: [long_kept]
  weighted: [long_kept]
  horizon_days: 730.5
  horizon_endpoint: survival
  validated: [long_kept, death_all]
  bootstrap: 5
  splines: [age, nodules]
  competing: [progression, progression_by_sex]
  event_rates: [any_event, statin]
"""


def draw_patients(n: int, *, seed: int = 1, sites: int = 3) -> list[Patient]:
    """Draw patients with everything known; survival depends on stage and age, and ties are many."""
    random = np.random.default_rng(seed)
    return [_draw(random, number, sites=sites) for number in range(n)]


def _draw(random: np.random.Generator, number: int, *, sites: int) -> Patient:
    stage, age = ("B", "C")[int(random.integers(2))], int(random.integers(40, 80))
    os_days = int(np.ceil(random.exponential(900 if stage == "B" else 500) / 10)) * 10
    is_dead = bool(random.random() < 0.7) or os_days < 200
    ttp_days = int(random.integers(1, os_days + 1))
    has_progressed = bool(random.random() < 0.6)
    response = ("PR", "SD", "PD")[int(random.integers(3))]
    return {
        "site_id": f"site{number % sites}",
        "patient_id": f"p{number:04}",
        "is_eligible": True,
        "survival_group": "long_term" if os_days > 730 else "short_term" if is_dead else "undetermined",
        "sex": ("male", "female")[int(random.random() < 0.3)],
        "age_years": age,
        "ecog": int(random.integers(0, 4)),
        "bclc_reported_code": stage,
        "nodule_count": int(random.integers(1, 9)),
        "best_overall_response": response,
        "sd_duration_months": round(ttp_days / 30.4375, 4) if response == "SD" else None,
        "takes_statin": bool(random.random() < 0.4),
        "has_salvage_treatment": bool(random.random() < 0.4),
        "os_days": os_days,
        "os_event": is_dead,
        "ttp_days": ttp_days if has_progressed else os_days,
        "ttp_event": has_progressed,
        "pfs_days": ttp_days if has_progressed else os_days,
        "pfs_event": has_progressed or is_dead,
    }


def draw_onsets(patients: list[Patient], *, seed: int = 1) -> list[Onset]:
    """Give everyone a last dose, and the day on which a statin, a salvage treatment or an event began."""
    random = np.random.default_rng(seed)
    onsets: list[Onset] = []
    for patient in patients:
        person, days = (patient["site_id"], patient["patient_id"]), patient["os_days"] or 0
        last_dose = int(random.integers(0, days + 1))
        onsets.append((*person, "last_dose", last_dose))
        if patient["takes_statin"]:
            onsets.append((*person, "statin", 0 if random.random() < 0.5 else int(random.integers(0, last_dose + 1))))
        if patient["has_salvage_treatment"]:
            onsets.append((*person, "salvage", int(random.integers(last_dose, days + 1))))
        if random.random() < 0.5:
            onsets.append((*person, "any_event", int(random.integers(0, days + 30))))
    return onsets


def changed(patients: list[Patient], change: Callable[[int, Patient], Patient]) -> list[Patient]:
    """Give every patient other values."""
    return [{**patient, **change(number, patient)} for number, patient in enumerate(patients)]
