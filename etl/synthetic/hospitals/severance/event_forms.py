"""How Severance's doctors write one event with its grade: plainly, glued, as a course, with what was done for it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from etl.synthetic.hospitals.severance import words as words_of

_PLAIN_OF_TWO = 2
"""Of so many events one is written plainly."""


@dataclass(frozen=True)
class NotedEvent:
    """One event of a visit.

    Attributes:
        name: the words for it.
        term: its CTCAE term.
        grade: None where the doctor gave none.
        result: the laboratory result that it is about, as it is written; '' for all others.
        reported: the terms that the visit tells of.
    """

    name: str
    term: str
    grade: int | None
    result: str
    reported: frozenset[str]


@dataclass(frozen=True)
class WrittenEvent:
    """A text, and the grade that stands in it in a form which the mapping lists; others are read from the words."""

    text: str
    listed_grade: int | None


def write_plainly(event: NotedEvent, number: int) -> WrittenEvent:
    """Write name and grade, one of the listed forms after the other."""
    if event.grade is None:
        return WrittenEvent(event.name, None)
    form = words_of.GRADED[number % len(words_of.GRADED)]
    return WrittenEvent(_fill(form, event), event.grade)


def write_event(event: NotedEvent, number: int, used: Counter[str]) -> WrittenEvent:
    """Write an event in the way that fits it and was used least; once all that fit were used, half of them plainly.

    Args:
        event: what to write.
        number: its number among the events.
        used: how often each form was used; the one that is taken is counted.
    """
    form = min(_fitting(event), key=lambda fitting: used[fitting], default=None)
    if form is None or (event.grade is not None and used[form] and number % _PLAIN_OF_TWO == 0):
        return write_plainly(event, number // _PLAIN_OF_TWO)
    used[form] += 1
    is_listed = event.grade is not None and form not in words_of.GRADED_IN_OTHER_WORDS
    return WrittenEvent(_fill(form, event), event.grade if is_listed else None)


def _fitting(event: NotedEvent) -> Iterator[str]:
    """List the forms for an event besides the plain ones, those of a few terms first."""
    if event.grade is None:
        denied, form = words_of.SIGNED.get(event.term, words_of.ALSO_SIGNED)
        if not event.reported.intersection(denied):
            yield form
        return
    if event.result:
        yield from words_of.RESULTS[event.term]
        return
    if event.name in words_of.ABBREVIATIONS:
        yield from words_of.GLUED
    yield from words_of.TREATED.get(event.term, ())
    yield from words_of.SITED.get(event.term, ())
    denied_first, form = words_of.BUT.get(event.term, ((), ""))
    if form and not event.reported.intersection(denied_first):
        yield form
    if 1 < event.grade < len(words_of.ROMAN) - 1:
        yield from words_of.COURSES
    if event.term in words_of.GRADED_IN_DEGREES:
        yield words_of.DEGREE
    yield from words_of.ALWAYS


def _fill(form: str, event: NotedEvent) -> str:
    if event.grade is None:
        return form.format(name=event.name)
    milder = max(1, event.grade - 1)
    return form.format(
        name=event.name,
        grade=event.grade,
        roman=words_of.ROMAN[event.grade],
        milder=milder,
        milder_roman=words_of.ROMAN[milder],
        result=event.result,
    )


def results_of_events(events: pd.DataFrame, labs: pd.DataFrame) -> list[str]:
    """Find the result that each laboratory event is about, of the day on which it began; '' for all other events."""
    analyte = events["ctcae_term"].map(words_of.ANALYTE_OF_TERM)
    keys = pd.DataFrame(
        {"patient_id": events["patient_id"], "taken_on": events["onset_on"], "analyte_code": analyte}
    ).assign(place=range(len(events)))
    found = keys.merge(labs, on=["patient_id", "taken_on", "analyte_code"], how="left").drop_duplicates("place")
    return ["" if pd.isna(value) else f"{value:.0f}" for value in found.sort_values("place")["value"].tolist()]
