"""Adverse events as they stand in the chart: words, grade and dates."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.event_words import Term, draw_term, draw_text, terms

WINDOW_AFTER_LAST_DOSE_DAYS = 30

_KINDS = (
    ("skin", "event_dermatologic_2_4"), ("gut", "event_gastroenterologic_2_4"), ("pressure", "event_hypertension_2_4"),
)  # fmt: skip
_MILD = ("skin", "gut", "other")
_SHARE_RECURRING, _SHARE_WITHOUT_GRADE, _SHARE_KNOWN_TO_THE_MONTH = 0.12, 0.04, 0.05
_SHARE_PRESENT_BEFORE, _SHARE_LATE = 0.06, 0.05
_LATE_AFTER_LAST_DOSE_DAYS = 75


def draw_events(plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Draw table adverse_event with `person` and days relative to the index date (`*_on`).

    The worst grades per patient and category are those drawn before. Besides there are events that do not count:
    present before treatment, or long after the last dose; and fatal ones, which are counted apart.
    """
    rng = generator(seed, replica, "events")
    rows: list[dict[str, Any]] = []
    for person, patient in enumerate(plan.to_dict("records")):
        rows.extend(_counted(person, patient, rng))
        rows.extend(_not_counted(person, patient, rng))
        if isinstance(patient["fatal_event"], str):
            rows.append(_fatal(person, patient, rng))
    table = pd.DataFrame(rows)
    return table.assign(onset_on_precision=_precision_of_onset(table, plan, rng))


def _counted(person: int, patient: dict[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Draw the events that count, each term once; some come back milder, and a few have no grade."""
    taken: set[str] = set()
    for term, grade in _graded(patient, rng):
        if term.ctcae_term in taken:
            continue
        taken.add(term.ctcae_term)
        event = _event(person, patient, term, grade, rng)
        if grade == 1 and len(taken) > 1 and rng.random() < _SHARE_WITHOUT_GRADE:
            event["reported_grade"] = None
        if rng.random() < _SHARE_RECURRING and event["ended_on"] and grade > term.lowest_grade:
            again = _event(person, patient, term, grade - 1, rng)
            if again["onset_on"] > event["ended_on"]:
                yield again
        yield event


def _graded(patient: dict[str, Any], rng: np.random.Generator) -> Iterator[tuple[Term, int]]:
    """Choose terms and grades so that the flags drawn before come true."""
    if not patient["event_any"]:
        return
    worst = 3 if patient["event_grade_3_4"] else 2
    kinds: list[tuple[str, ...]] = [(kind,) for kind, flag in _KINDS if patient[flag]]
    if patient["event_grade_2_4"] and not kinds:
        kinds = [("other", "liver")] if worst == 3 else [("other",)]
    for number, pool in enumerate(kinds):
        grade = worst if number == 0 else 2
        term = draw_term(terms(*pool), grade, rng)
        yield term, 4 if grade == 3 and term.highest_grade == 4 and rng.random() < 0.5 else grade
    if not patient["event_grade_2_4"] or rng.random() < 0.5:
        yield draw_term(terms(*_MILD), 1, rng), 1
    if rng.random() < 0.4:
        yield draw_term(terms(*_MILD), 1, rng), 1


def _event(person: int, patient: dict[str, Any], term: Term, grade: int, rng: np.random.Generator) -> dict[str, Any]:
    survival = int(patient["survival_days"])
    latest = min(int(patient["treatment_days"]) + WINDOW_AFTER_LAST_DOSE_DAYS - 2, survival - 2)
    onset = int(rng.integers(1, max(2, min(latest, 120))))
    end = onset + int(rng.integers(5, 50))
    is_over = end < survival - 1 and rng.random() < 0.8
    action = ("none", "none", "reduced", "interrupted", "withdrawn")[grade]
    return {
        "person": person, "verbatim_text": draw_text(term, rng), "ctcae_term": term.ctcae_term, "reported_grade": grade,
        "ctcae_version": "4.03", "onset_on": onset, "ended_on": end if is_over else None,
        "is_serious": grade >= 3 or (grade == 2 and rng.random() < 0.04),
        "outcome_code": "recovered" if is_over else "recovering" if rng.random() < 0.2 else "not_recovered",
        "is_present_before": False, "action_code": action if rng.random() < 0.8 else "none",
        "relation_code": "related" if term.kind == "skin" else str(rng.choice(["related", "not_related", "unknown"])),
    }  # fmt: skip


def _not_counted(person: int, patient: dict[str, Any], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Draw a few events outside the window in which they would count."""
    if rng.random() < _SHARE_PRESENT_BEFORE:
        event = _event(person, patient, draw_term(terms("gut", "other"), 2, rng), 2, rng)
        yield event | {
            "onset_on": -int(rng.integers(5, 90)), "ended_on": None, "outcome_code": "not_recovered",
            "is_present_before": True, "relation_code": "not_related", "action_code": "none",
        }  # fmt: skip
    late = int(patient["treatment_days"]) + _LATE_AFTER_LAST_DOSE_DAYS
    if late < int(patient["survival_days"]) - 30 and rng.random() < _SHARE_LATE:
        grade = int(rng.integers(2, 4))
        event = _event(person, patient, draw_term(terms("other", "liver"), grade, rng), grade, rng)
        yield event | {
            "onset_on": late, "ended_on": late + 4, "outcome_code": "recovered", "relation_code": "not_related",
            "action_code": "none",
        }  # fmt: skip


def _fatal(person: int, patient: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Write down the event of grade 5 that ended the patient's life while the drug still acted."""
    term = next(term for term in terms("liver") if term.ctcae_term == patient["fatal_event"])
    died = int(patient["survival_days"])
    event = _event(person, patient, term, 3, rng)
    return event | {
        "reported_grade": 5, "onset_on": died - int(rng.integers(1, 8)), "ended_on": died, "is_serious": True,
        "outcome_code": "fatal", "action_code": "withdrawn", "relation_code": "not_related",
    }  # fmt: skip


def _precision_of_onset(table: pd.DataFrame, plan: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Know a few onsets to the month only, where the whole month lies after the index date: all readings count them."""
    index_date = plan["index_date"].to_numpy().astype("datetime64[D]")[table["person"].to_numpy()]
    onset = index_date + table["onset_on"].to_numpy().astype(int)
    began = onset.astype("datetime64[M]").astype("datetime64[D]")
    by_month = (began >= index_date) & (rng.random(len(table)) < _SHARE_KNOWN_TO_THE_MONTH)
    return np.where(by_month, "month", "day").astype(object)
