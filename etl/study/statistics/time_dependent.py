"""Exposures that begin after time zero: landmark analysis, and intervals for a time-dependent Cox model.

Who lives longer has more time to become exposed (immortal time): neither method counts time before the exposure for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from etl.study.statistics.risk_sets import Flags, Indices, Numbers

BEFORE_TIME_ZERO = -1.0
"""Day after which the first interval runs, so that a death on day 0 lies within an interval."""


@dataclass(frozen=True)
class Landmark:
    """Patients still followed at a landmark, by what is known of them on that day.

    Attributes:
        patient: Their positions in the input.
        time: Days from the landmark to the end of observation, above 0.
        event: Whether it ended with the event.
        is_exposed: Whether the exposure had begun on the landmark's day or before.
        ended_before: Patients left out since they had the event on the landmark's day or before.
        censored_before: Patients left out since they were censored on that day or before.
        note: What a reader must know, as a sentence; empty when there is nothing to say.
    """

    patient: Indices
    time: Numbers
    event: Flags
    is_exposed: Flags
    ended_before: int
    censored_before: int
    note: str = ""


@dataclass(frozen=True)
class ExposureIntervals:
    """Intervals (start, stop] in days, at most two per patient: before and after the exposure began.

    Attributes:
        patient: Position in the input, to repeat other covariates with.
        start: Day after which the interval runs; -1 for each patient's first.
        stop: Its last day.
        event: Whether the event occurred on its last day.
        is_exposed: Whether the patient was exposed in it; with several exposures, one column each.
    """

    patient: Indices
    start: Numbers
    stop: Numbers
    event: Flags
    is_exposed: Flags


def landmark(time: ArrayLike, event: ArrayLike, onset: ArrayLike, *, at: float) -> Landmark:
    """Select the patients still followed at a landmark, and fix their exposure as of that day.

    Args:
        time: Days from time zero to the end of each patient's observation.
        event: 1 or True where it ended with the event.
        onset: Day on which the exposure began; NaN where it never did. An onset after `at` counts as not exposed.
        at: Day of the landmark.

    Raises:
        ValueError: A time or event is missing, or lengths differ.
    """
    times, events, onsets = _check(time, event, onset)
    is_in = times > at
    exposed = onsets[is_in] <= at  # NaN: never
    note = ""
    if not is_in.any():
        note = "No patient is followed beyond the landmark."
    elif exposed.all() or not exposed.any():
        note = f"At the landmark {'every' if exposed.all() else 'no'} patient is exposed, so groups cannot be compared."
    elif not (events[is_in] & exposed).any():
        note = "No exposed patient has the event after the landmark."
    return Landmark(
        patient=np.flatnonzero(is_in).astype(np.int64),
        time=times[is_in] - at,
        event=events[is_in],
        is_exposed=exposed,
        ended_before=int((~is_in & events).sum()),
        censored_before=int((~is_in & ~events).sum()),
        note=note,
    )


def split_at_onset(time: ArrayLike, event: ArrayLike, onset: ArrayLike) -> ExposureIntervals:
    """Split each patient's observation where an exposure begins.

    The exposure counts from the day after its onset. An event on the day of the onset is therefore an event of the
    unexposed; dropping the empty interval (onset, time], as R does with a warning, would lose the event.

    Args:
        time: Days from time zero to the end of each patient's observation, from 0 on.
        event: 1 or True where it ended with the event.
        onset: Day on which the exposure began; before 0 where it precedes time zero; NaN where it never did.

    Raises:
        ValueError: A time or event is missing, a time is negative, or lengths differ.
    """
    times, events, onsets = _check(time, event, onset)
    if (times < 0).any():
        raise ValueError("times must not be negative")
    changes = onsets < times
    is_split = changes & (onsets > BEFORE_TIME_ZERO)
    n = len(times)
    patient = np.concatenate((np.arange(n), np.flatnonzero(is_split))).astype(np.int64)
    start = np.concatenate((np.full(n, BEFORE_TIME_ZERO), onsets[is_split]))
    stop = np.concatenate((np.where(is_split, onsets, times), times[is_split]))
    ends = np.concatenate((events & ~is_split, events[is_split]))
    exposed = np.concatenate((changes & ~is_split, np.ones(int(is_split.sum()), dtype=bool)))
    order = np.lexsort((start, patient))
    return ExposureIntervals(patient[order], start[order], stop[order], ends[order], exposed[order])


def split_at_onsets(time: ArrayLike, event: ArrayLike, onsets: ArrayLike) -> ExposureIntervals:
    """Split each patient's observation where any of several exposures begins, by the rule of `split_at_onset`.

    Args:
        time: Days from time zero to the end of each patient's observation, from 0 on.
        event: 1 or True where it ended with the event.
        onsets: One column per exposure: the day on which it began, NaN where it never did.

    Returns:
        Intervals whose `is_exposed` has one column per exposure.

    Raises:
        ValueError: A time or event is missing, a time is negative, or lengths differ.
    """
    days = np.asarray(onsets, dtype=np.float64)
    times, events, _ = _check(time, event, np.full(len(days), np.nan))
    if (times < 0).any():
        raise ValueError("times must not be negative")
    n = len(times)
    patient = np.arange(n, dtype=np.int64)
    start, stop, ends = np.full(n, BEFORE_TIME_ZERO), times.copy(), events.copy()
    for column in range(days.shape[1]):
        cut = days[patient, column]
        is_cut = (cut > start) & (cut < stop)
        patient = np.concatenate((patient, patient[is_cut]))
        start = np.concatenate((start, cut[is_cut]))
        later_stop, later_ends = stop[is_cut], ends[is_cut]
        stop, ends = np.where(is_cut, cut, stop), ends & ~is_cut
        stop, ends = np.concatenate((stop, later_stop)), np.concatenate((ends, later_ends))
    order = np.lexsort((start, patient))
    patient, start, stop, ends = patient[order], start[order], stop[order], ends[order]
    return ExposureIntervals(patient, start, stop, ends, days[patient] <= start[:, None])


def _check(time: ArrayLike, event: ArrayLike, onset: ArrayLike) -> tuple[Numbers, Flags, Numbers]:
    times = np.asarray(time, dtype=np.float64)
    events = np.asarray(event, dtype=np.float64)
    onsets = np.asarray(onset, dtype=np.float64)
    if not len(times) == len(events) == len(onsets):
        raise ValueError("times, events and onsets differ in length")
    if not np.isfinite(times).all():
        raise ValueError("times must be complete and finite")
    if not np.isin(events, (0, 1)).all():
        raise ValueError("events must be 0 or 1")
    return times, events.astype(bool), onsets
