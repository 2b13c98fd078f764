"""Severance's adverse events: free text in one cell per visit, "수족증후군 Gr II, 설사 G1", and nothing else about them."""

import pandas as pd

from etl.synthetic.hospitals.severance import words as words_of

_UNCODED = (
    "ctcae_term", "ended_on", "ended_on_precision", "is_serious", "outcome_code", "is_present_before", "action_code",
    "relation_code",
)  # fmt: skip
_VISIT = ["patient_id", "onset_on"]
_DENIED_EVERY, _NOTHING_EVERY = 6, 9


def report_events(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """State what the chart lets one know of the events: the doctor's words, the grade, and the visit that tells of it.

    The chart knows no term, no end, no seriousness, outcome, action or relation; that an event was there before
    treatment shows in its date only. What is denied or in doubt is a row without a grade.
    """
    events = tables["adverse_event"]
    written = [
        _with_grade(name, grade, number)
        for number, (name, grade) in enumerate(zip(events["verbatim_text"], events["reported_grade"], strict=True))
    ]
    reported = events.assign(verbatim_text=written, onset_on=_told_on(events, tables), onset_on_precision="day")
    charted = pd.concat([reported, _denied(reported)], ignore_index=True)
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


def _with_grade(name: str, grade: float, number: int) -> str:
    if pd.isna(grade):
        return name
    form = words_of.GRADED[number % len(words_of.GRADED)]
    return form.format(name=name, grade=int(grade), roman=words_of.ROMAN[int(grade)])


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


def _denied(events: pd.DataFrame) -> pd.DataFrame:
    """Add to some visits what the doctor asked for and the patient had not; never a term that the visit tells of."""
    visits = events.groupby(_VISIT, sort=False)["ctcae_term"].agg(set).reset_index().iloc[::_DENIED_EVERY]
    choices = list(words_of.NOT_AN_EVENT)
    denied = [
        next(text for text in choices[number % len(choices) :] + choices if words_of.NOT_AN_EVENT[text] not in terms)
        for number, terms in enumerate(visits["ctcae_term"])
    ]
    return (
        events.iloc[:0]
        .merge(visits[_VISIT], how="right")
        .assign(verbatim_text=denied, ctcae_version=events["ctcae_version"].iloc[0], onset_on_precision="day")
    )
