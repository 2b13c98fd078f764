"""Adverse events as they stand in the chart: words, grade and dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator


@dataclass(frozen=True)
class Term:
    """An event as a Korean chart writes it, its CTCAE term and the highest grade drawn for it."""

    text: str
    ctcae_term: str
    highest: int


_SKIN = (
    Term("수족피부반응", "Palmar-plantar erythrodysesthesia syndrome", 3), Term("피부 발진", "Rash maculo-papular", 3),
    Term("가려움증", "Pruritus", 3), Term("탈모", "Alopecia", 2),
)  # fmt: skip
_GUT = (
    Term("설사", "Diarrhea", 3), Term("오심", "Nausea", 3), Term("구내염", "Mucositis oral", 3), Term("복통", "Abdominal pain", 3),
)  # fmt: skip
_PRESSURE = Term("고혈압", "Hypertension", 3)
_OTHER = (
    Term("피로", "Fatigue", 3), Term("체중감소", "Weight loss", 3), Term("쉰 목소리", "Hoarseness", 3), Term("발열", "Fever", 3),
    Term("간부전", "Hepatic failure", 4),
)  # fmt: skip
_MILD = (*_SKIN, *_GUT, *_OTHER[:4])
_WINDOW_AFTER_LAST_DOSE_DAYS = 30


def draw_events(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Draw table adverse_event with `person` and days relative to the index date (`*_on`).

    The worst grades per patient and category are those drawn before; whoever has no event may still have one that
    does not count: present before treatment, or long after the last dose.
    """
    rng = generator(seed, replica, "events")
    rows: list[dict[str, Any]] = []
    for person, patient in enumerate(plan.to_dict("records")):
        taken: set[str] = set()
        for term, grade in _graded(patient, rng):
            if term.text not in taken:
                taken.add(term.text)
                rows.append(_event(person, patient, term, grade, rng))
        rows.extend(_not_counted(person, patient, taken, rng))
    return pd.DataFrame(rows)


def _graded(patient: dict[str, Any], rng: np.random.Generator) -> Iterator[tuple[Term, int]]:
    """Choose terms and grades so that the flags drawn before come true."""
    if not patient["event_any"]:
        return
    worst = 2
    if patient["event_grade_3_4"]:
        worst = 3
    kinds: list[tuple[Term, ...]] = [
        pool
        for pool, flag in (
            (_SKIN, "event_dermatologic_2_4"), (_GUT, "event_gastroenterologic_2_4"), ((_PRESSURE,), "event_hypertension_2_4"),
        )
        if patient[flag]
    ]  # fmt: skip
    if patient["event_grade_2_4"] and not kinds:
        kinds = [_OTHER[:4] if worst < 3 else _OTHER]
    for number, pool in enumerate(kinds):
        able = [term for term in pool if term.highest >= worst]
        term = able[int(rng.integers(0, len(able)))]
        yield term, 4 if term.highest == 4 else worst if number == 0 else 2
    if not patient["event_grade_2_4"] or rng.random() < 0.5:
        yield _MILD[int(rng.integers(0, len(_MILD)))], 1
    if rng.random() < 0.4:
        yield _MILD[int(rng.integers(0, len(_MILD)))], 1


def _event(person: int, patient: dict[str, Any], term: Term, grade: int, rng: np.random.Generator) -> dict[str, Any]:
    survival = int(patient["survival_days"])
    latest = min(int(patient["treatment_days"]) + _WINDOW_AFTER_LAST_DOSE_DAYS - 2, survival - 2)
    onset = int(rng.integers(1, max(2, min(latest, 120))))
    end = onset + int(rng.integers(5, 50))
    is_over = end < survival - 1 and rng.random() < 0.8
    action = ("none", "none", "reduced", "interrupted", "withdrawn")[min(grade, 4)]
    return {
        "person": person, "verbatim_text": term.text, "ctcae_term": term.ctcae_term, "reported_grade": grade,
        "ctcae_version": "4.03", "onset_on": onset, "ended_on": end if is_over else None,
        "is_serious": grade >= 3, "outcome_code": "recovered" if is_over else "not_recovered",
        "is_present_before": False, "action_code": action,
        "relation_code": "related" if term in _SKIN else str(rng.choice(["related", "not_related", "unknown"])),
    }  # fmt: skip


def _not_counted(
    person: int, patient: dict[str, Any], taken: set[str], rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    """Draw a few events outside the window in which they would count."""
    if rng.random() < 0.03 and "복부 불편감" not in taken:
        event = _event(person, patient, Term("복부 불편감", "Abdominal pain", 3), 2, rng)
        yield event | {
            "onset_on": -25,
            "ended_on": None,
            "outcome_code": "not_recovered",
            "is_present_before": True,
            "relation_code": "not_related",
            "action_code": "none",
        }
    late = int(patient["treatment_days"]) + 75
    if late < int(patient["survival_days"]) - 30 and rng.random() < 0.03:
        event = _event(person, patient, Term("발열", "Fever", 3), 2, rng)
        yield event | {
            "onset_on": late,
            "ended_on": late + 4,
            "outcome_code": "recovered",
            "relation_code": "not_related",
            "action_code": "none",
        }
