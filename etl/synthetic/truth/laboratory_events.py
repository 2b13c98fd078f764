"""Laboratory results that a doctor recorded as adverse events: platelets and transaminases, graded by CTCAE 4.03."""

from typing import Any

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.event_words import draw_text, terms
from etl.synthetic.truth.events import WINDOW_AFTER_LAST_DOSE_DAYS

_SHARE_RECORDED = 0.12
_TERM_OF = {
    "platelets": "Platelet count decreased", "ast": "Aspartate aminotransferase increased",
    "alt": "Alanine aminotransferase increased",
}  # fmt: skip
_PLATELETS_BELOW = (75.0, 50.0, 25.0)
"""10*9/L below which the grade is 2, 3, 4; below the lower limit of normal it is 1."""
_TRANSAMINASE_ABOVE = (3.0, 5.0, 20.0)
"""Times the upper limit of normal above which the grade is 2, 3, 4; above the limit it is 1."""


def draw_laboratory_events(
    events: pd.DataFrame, labs: pd.DataFrame, plan: pd.DataFrame, *, seed: int, replica: int
) -> pd.DataFrame:
    """Draw rows of table adverse_event from results that are out of their limits.

    One that counts follows another event that counts and is no graver than it, so that nobody's first event, worst
    grade or category changes. The source of the grades: CTCAE 4.03, Investigations.
    """
    rng = generator(seed, replica, "laboratory_events")
    pool = {term.ctcae_term: term for term in terms("laboratory")}
    graded = _graded(labs, plan)
    rows: list[dict[str, Any]] = []
    for person, earlier in events[~events["is_present_before"].astype(bool)].groupby("person", sort=True):
        if rng.random() >= _SHARE_RECORDED:
            continue
        own = graded[graded["person"] == person]
        fitting = [
            place for place in range(len(own)) if _follows(own["day"].iloc[place], own["grade"].iloc[place], earlier)
        ]
        if fitting:
            result = own.iloc[fitting[int(rng.integers(0, len(fitting)))]]
            term = pool[_TERM_OF[result["analyte_code"]]]
            rows.append(_event(int(str(person)), draw_text(term, rng), term.ctcae_term, result))
    return pd.DataFrame(rows, columns=events.columns)


def _graded(labs: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Grade the results under treatment that are out of their limits: `person`, `day`, `analyte_code`, `grade`."""
    last = plan["treatment_days"].to_numpy()[labs["person"].to_numpy()] + WINDOW_AFTER_LAST_DOSE_DAYS - 2
    under = labs[labs["analyte_code"].isin(_TERM_OF) & (labs["taken_on"] > 0) & (labs["taken_on"] <= last)]
    value = under["value"].to_numpy(dtype=float)
    low = 1 + sum(value < limit for limit in _PLATELETS_BELOW)
    high = 1 + sum(value > times * under["upper_limit"].to_numpy(dtype=float) for times in _TRANSAMINASE_ABOVE)
    is_platelets = (under["analyte_code"] == "platelets").to_numpy()
    is_out = np.where(is_platelets, value < under["lower_limit"], value > under["upper_limit"])
    grade = np.where(is_platelets, low, high)
    return under.assign(day=under["taken_on"], grade=grade).loc[is_out, ["person", "day", "analyte_code", "grade"]]


def _follows(day: int, grade: int, events: pd.DataFrame) -> bool:
    before = events[(events["onset_on"] < day) & (events["onset_on_precision"] == "day")]
    return bool((before["reported_grade"].between(grade, 4)).any())


def _event(person: int, text: str, term: str, result: "pd.Series[Any]") -> dict[str, Any]:
    return {
        "person": person, "verbatim_text": text, "ctcae_term": term, "reported_grade": int(result["grade"]),
        "ctcae_version": "4.03", "onset_on": int(result["day"]), "onset_on_precision": "day", "ended_on": None,
        "is_serious": False, "outcome_code": "not_recovered", "is_present_before": False, "action_code": "none",
        "relation_code": "unknown",
    }  # fmt: skip
