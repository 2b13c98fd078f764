import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.study.statistics.cox import fit_cox
from etl.study.statistics.log_rank import log_rank
from etl.study.statistics.time_dependent import landmark, split_at_onset, split_at_onsets

NEVER = np.nan
TIME, EVENT = [2, 3, 4, 6, 8, 10, 12, 14], [1] * 7 + [0]
ONSET = [NEVER, NEVER, NEVER, 3, 5, NEVER, 6, 7]


def test_time_dependent_exposure():
    """Trap 5: the naive ratio is 0.2413, the time-dependent one 1.0214."""
    rows = split_at_onset(TIME, EVENT, ONSET)
    fit = fit_cox(rows.is_exposed[:, None], rows.stop, rows.event, entry=rows.start, ties="breslow")
    assert np.exp(fit.coefficients[0]) == pytest.approx(1.0214, abs=5e-5)


def test_landmarks():
    """Trap 5: at 3.5 six patients, one exposed, 4.472, log-rank 1.342; at 5.5 five, no exposed death: infinite."""
    early = landmark(TIME, EVENT, ONSET, at=3.5)
    assert early.patient.tolist() == [2, 3, 4, 5, 6, 7]
    assert early.is_exposed.tolist() == [False, True, False, False, False, False]
    assert early.time.tolist() == [0.5, 2.5, 4.5, 6.5, 8.5, 10.5]
    assert (early.ended_before, early.censored_before, early.note) == (2, 0, "")
    fit = fit_cox(early.is_exposed[:, None], early.time, early.event, ties="breslow")
    assert np.exp(fit.coefficients[0]) == pytest.approx(4.472, abs=5e-4)
    assert log_rank(early.time, early.event, early.is_exposed).statistic == pytest.approx(1.342, abs=5e-4)


def test_landmark_without_an_exposed_death():
    late = landmark([2, 3, 4, 6, 8, 10, 12, 14], [1, 1, 1, 1, 0, 1, 1, 0], ONSET, at=6.0)
    assert late.patient.tolist() == [4, 5, 6, 7]
    assert late.is_exposed.tolist() == [True, False, True, False]
    assert late.ended_before == 4
    none = landmark([3, 9, 8, 7], [1, 0, 1, 1], [NEVER, 1, NEVER, NEVER], at=5)
    assert none.note == "No exposed patient has the event after the landmark."
    fit = fit_cox(none.is_exposed[:, None], none.time, none.event)
    assert fit.coefficients[0] == -np.inf
    assert fit.note


def test_landmark_notes():
    assert "beyond" in landmark([1, 2], [1, 0], [NEVER, 1], at=2).note
    assert landmark([1, 2], [1, 0], [NEVER, 1], at=2).censored_before == 1
    assert "every" in landmark([5, 6], [1, 0], [1, 1], at=2).note
    assert "no patient is exposed" in landmark([5, 6], [1, 0], [4, NEVER], at=2).note


def test_an_exposure_on_the_day_of_death_keeps_the_death():
    """Trap 6: R drops the interval (5, 5] and the death with it; here it is a death of the unexposed."""
    rows = split_at_onset([5, 7], [1, 1], [5, 3])
    assert rows.patient.tolist() == [0, 1, 1]
    assert rows.start.tolist() == [-1, -1, 3]
    assert rows.stop.tolist() == [5, 3, 7]
    assert rows.event.tolist() == [True, False, True]
    assert rows.is_exposed.tolist() == [False, False, True]


def test_day_0_belongs_to_an_interval():
    rows = split_at_onset([0, 0, 4, 4], [1, 1, 1, 1], [NEVER, 0, 0, -7])
    assert rows.patient.tolist() == [0, 1, 2, 2, 3]
    assert rows.start.tolist() == [-1, -1, -1, 0, -1]
    assert rows.stop.tolist() == [0, 0, 0, 4, 4]
    assert rows.is_exposed.tolist() == [False, False, False, True, True]
    assert rows.event.tolist() == [True, True, False, True, True]


onsets = st.one_of(st.just(NEVER), st.integers(-3, 14).map(float))
patients = st.lists(st.tuples(st.integers(0, 12), st.booleans(), onsets), max_size=15)


@settings(max_examples=200, deadline=None)
@given(rows=patients)
def test_every_patient_and_day_lies_in_one_interval_and_no_event_is_lost(rows):
    time, event, onset = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    found = split_at_onset(time, event, onset)
    assert found.event.sum() == sum(event)
    assert (found.start < found.stop).all()
    for patient, (end, _, begin) in enumerate(rows):
        own = found.patient == patient
        for day in range(end + 1):
            at_risk = own & (found.start < day) & (day <= found.stop)
            assert at_risk.sum() == 1
            assert found.is_exposed[at_risk][0] == (begin < day)


@settings(max_examples=200, deadline=None)
@given(rows=patients, at=st.integers(0, 12))
def test_a_landmark_accounts_for_everyone(rows, at):
    time, event, onset = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    found = landmark(time, event, onset, at=at)
    assert len(found.patient) + found.ended_before + found.censored_before == len(rows)
    for patient, left, is_exposed in zip(found.patient, found.time, found.is_exposed, strict=True):
        assert left == time[patient] - at > 0
        assert is_exposed == (onset[patient] <= at)


@pytest.mark.parametrize("call", [split_at_onset, lambda *data: landmark(*data, at=1)])
def test_bad_input_is_refused(call):
    with pytest.raises(ValueError, match="complete"):
        call([1, np.nan], [1, 1], [NEVER, 1])
    with pytest.raises(ValueError, match="0 or 1"):
        call([1, 2], [1, np.nan], [NEVER, 1])
    with pytest.raises(ValueError, match="length"):
        call([1, 2], [1, 1], [1])


def test_a_negative_time_is_refused():
    with pytest.raises(ValueError, match="negative"):
        split_at_onset([-1], [1], [NEVER])


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 12), st.booleans(), onsets, onsets, onsets), max_size=12))
def test_several_exposures_follow_the_rule_of_one_on_every_day(rows):
    time, event = [row[0] for row in rows], [row[1] for row in rows]
    begins = np.array([row[2:] for row in rows], dtype=float).reshape(len(rows), 3)
    found = split_at_onsets(time, event, begins)
    assert found.event.sum() == sum(event)
    for patient, end in enumerate(time):
        own = found.patient == patient
        for day in range(end + 1):
            at_risk = own & (found.start < day) & (day <= found.stop)
            assert at_risk.sum() == 1
            assert found.is_exposed[at_risk][0].tolist() == (begins[patient] < day).tolist()
        died = own & found.event
        assert found.stop[died].tolist() == ([end] if event[patient] else [])
