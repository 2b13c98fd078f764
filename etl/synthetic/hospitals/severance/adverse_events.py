"""Severance's adverse events: free text in one cell per visit, "수족증후군 Gr II, 설사 G1", and nothing else about them."""

from collections import Counter

import pandas as pd

from etl.synthetic.hospitals.severance import words as words_of
from etl.synthetic.hospitals.severance.event_forms import NotedEvent, results_of_events, write_event, write_plainly

_UNCODED = (
    "ctcae_term", "ended_on", "ended_on_precision", "is_serious", "outcome_code", "is_present_before", "action_code",
    "relation_code",
)  # fmt: skip
_VISIT = ["patient_id", "onset_on"]
_LISTED_EVERY, _DENIED_EVERY, _NOTHING_EVERY = 2, 6, 9


def report_events(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """State what the chart lets one know of the events: the doctor's words, the grade, and the visit that tells of it.

    The chart knows no term, no end, no seriousness, outcome, action or relation; that an event was there before
    treatment shows in its date only. What is denied or in doubt, and a remark, is a row without a grade. Events in a
    numbered list are one row, with the grade of the first.
    """
    events = tables["adverse_event"]
    told = events.assign(
        result=results_of_events(events, tables["lab_result"]),
        onset_on=_told_on(events, tables),
        onset_on_precision="day",
    )
    written = told.assign(**_write_visits(told)).dropna(subset=["verbatim_text"])
    charted = pd.concat([written.drop(columns="result"), _denied(told)], ignore_index=True)
    return charted.assign(**dict.fromkeys(_UNCODED))


def event_cells(events: pd.DataFrame) -> pd.DataFrame:
    """Write each visit's events into one cell: `patient_id`, `observed_on`, `이상반응`."""
    visits = events.groupby(_VISIT, sort=False)["verbatim_text"]
    cells = [
        words_of.SEPARATORS[number % len(words_of.SEPARATORS)].join(texts) for number, (_, texts) in enumerate(visits)
    ]
    keys = visits.size().reset_index()[_VISIT]
    return keys.rename(columns={"onset_on": "observed_on"}).assign(이상반응=cells)


def without_events(cells: list[str]) -> list[str]:
    """Write into some of the empty cells that there was nothing."""
    nothing = words_of.NO_EVENTS
    return [
        nothing[number % len(nothing)] if not cell and number % _NOTHING_EVERY == 0 else cell
        for number, cell in enumerate(cells)
    ]


def _write_visits(told: pd.DataFrame) -> dict[str, list[str | None] | list[float | None]]:
    """Write every event in words, visit by visit; in a numbered list the first one stands for all, the others go."""
    texts: list[str | None] = [None] * len(told)
    grades: list[float | None] = [None] * len(told)
    used: Counter[str] = Counter()
    lists = 0
    for places in told.assign(place=range(len(told))).groupby(_VISIT, sort=False)["place"].agg(list):
        events = _events_of(told.iloc[places])
        first = places[0]
        if _can_be_listed(events):
            lists += 1
            if lists % _LISTED_EVERY == 0:
                marks = words_of.NUMBERED[lists // _LISTED_EVERY % len(words_of.NUMBERED)]
                plain = [write_plainly(event, first + number) for number, event in enumerate(events)]
                texts[first] = " ".join(mark + one.text for mark, one in zip(marks, plain, strict=False))
                grades[first] = plain[0].listed_grade
                continue
        for place, event in zip(places, events, strict=True):
            written = write_event(event, place, used)
            texts[place], grades[place] = written.text, written.listed_grade
    return {"verbatim_text": texts, "reported_grade": grades}


def _events_of(rows: pd.DataFrame) -> list[NotedEvent]:
    terms = frozenset(rows["ctcae_term"])
    return [
        NotedEvent(name, term, None if pd.isna(grade) else int(grade), result, terms)
        for name, term, grade, result in rows[["verbatim_text", "ctcae_term", "reported_grade", "result"]].itertuples(
            index=False, name=None
        )
    ]


def _can_be_listed(events: list[NotedEvent]) -> bool:
    """Several events, each with a grade and another term, and no more than the numbers of a list."""
    return (
        2 <= len(events) <= min(map(len, words_of.NUMBERED))
        and len({event.term for event in events}) == len(events)
        and all(event.grade is not None for event in events)
    )


def _told_on(events: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Find the next visit, when the patient tells of the event; without one, the chart's entry is of the day itself.

    What began before treatment is charted before treatment, so that every event stays on its side of the first dose.
    """
    courses = tables["treatment_course"]
    first_dose = courses[courses["role_code"] == "study"].set_index("patient_id")["started_on"]
    visits = tables["observation"][["patient_id", "observed_on"]].drop_duplicates().sort_values("observed_on")
    ordered = events[_VISIT].assign(place=range(len(events))).sort_values("onset_on")
    charted = pd.merge_asof(
        ordered, visits, left_on="onset_on", right_on="observed_on", by="patient_id", direction="forward"
    ).sort_values("place")
    began_before = events["onset_on"] < events["patient_id"].map(first_dose)
    next_visit = charted["observed_on"].set_axis(events.index)
    is_told = next_visit.notna() & ~(began_before & (next_visit >= events["patient_id"].map(first_dose)))
    return next_visit.where(is_told, events["onset_on"])


def _denied(told: pd.DataFrame) -> pd.DataFrame:
    """Add to some visits what the doctor asked for and the patient had not, or a remark; never a term that was reported."""
    visits = told.groupby(_VISIT, sort=False)["ctcae_term"].agg(set).reset_index().iloc[::_DENIED_EVERY]
    choices = list(words_of.NOT_AN_EVENT)
    denied = [
        next(
            text
            for text in choices[number % len(choices) :] + choices
            if not terms.intersection(words_of.NOT_AN_EVENT[text])
        )
        for number, terms in enumerate(visits["ctcae_term"])
    ]
    return (
        told.drop(columns="result")
        .iloc[:0]
        .merge(visits[_VISIT], how="right")
        .assign(verbatim_text=denied, ctcae_version=told["ctcae_version"].iloc[0], onset_on_precision="day")
    )
