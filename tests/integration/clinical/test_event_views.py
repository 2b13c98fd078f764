"""Adverse events in the warehouse, one patient by hand: what counts, what is computed, and what is asked."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.views.rules import set_options

INDEX = date(2010, 3, 31)
LAST_DOSE = INDEX + timedelta(days=100)


def _day(day: int) -> date:
    return INDEX + timedelta(days=day)


def _event(day: int | None, text: str, grade: int | None = None, **more: object) -> dict[str, object]:
    onset = None if day is None else _day(day)
    return {
        "patient_id": "a",
        "verbatim_text": text,
        "reported_grade": grade,
        "ctcae_version": "4.03",
        "onset_on": onset,
        "onset_on_precision": "day" if onset else None,
        **more,
    }


def _sign(day: int, code: str, number: str, unit: str = "mm[Hg]") -> dict[str, object]:
    return {
        "patient_id": "a",
        "observed_on": _day(day),
        "observation_code": code,
        "value_number": number,
        "unit": unit,
    }


def _bilirubin(day: int, number: str) -> dict[str, object]:
    measured = {"value": number, "unit": "mg/dL", "reported_value": number, "reported_unit": "mg/dL"}
    return {
        "patient_id": "a",
        "taken_on": _day(day),
        "analyte_code": "bilirubin_total",
        "upper_limit": "1.2",
        **measured,
    }


@pytest.fixture
def ask(warehouse_path: Path):  # type: ignore[no-untyped-def]
    """Publish a patient's events and observations, and ask."""
    engine = open_warehouse(warehouse_path)

    def publish_and_ask(
        sql: str,
        *,
        events: object = (),
        observations: object = (),
        labs: object = (),
        stopped_on: date | None = LAST_DOSE,
        **options: str,
    ) -> list[tuple[Any, ...]]:
        course = {"patient_id": "a", "drug_code": "sorafenib", "started_on": INDEX, "stopped_on": stopped_on}
        tables: dict[str, Any] = {
            "patient": [{"patient_id": "a"}],
            "treatment_course": [course],
            "adverse_event": events,
            "observation": observations,
            "lab_result": labs,
        }
        with raw_connection(engine) as con:
            set_options(con, options)
            publish_by_hand(con, tables)
            return con.execute(sql).fetchall()

    yield publish_and_ask
    engine.dispose()


WHAT_COUNTS = (
    "SELECT onset_day, is_treatment_emergent, is_early FROM clinical.adverse_event ORDER BY onset_day, onset_on"
)


def test_an_event_counts_from_the_index_date_to_30_days_after_the_last_dose(ask) -> None:  # type: ignore[no-untyped-def]
    days = (-1, 0, 60, 61, 130, 131)
    events = [_event(day, "설사", 1) for day in days]
    assert ask(WHAT_COUNTS, events=events) == [
        (-1, False, False),
        (0, True, True),
        (60, True, True),
        (61, True, False),
        (130, True, False),
        (131, False, False),
    ]


def test_a_partial_onset_may_mean_any_of_its_days(ask) -> None:  # type: ignore[no-untyped-def]
    events = [
        _event(None, "설사", 1, onset_on=date(2010, 3, 1), onset_on_precision="month"),
        _event(None, "구토", 1, onset_on=date(2010, 2, 1), onset_on_precision="month"),
        _event(None, "변비", 1, onset_on=date(2010, 1, 1), onset_on_precision="year"),
        _event(None, "복통", 1),
    ]
    found = ask("SELECT term, is_treatment_emergent FROM clinical.adverse_event ORDER BY term", events=events)
    assert found == [("Abdominal pain", False), ("Constipation", True), ("Diarrhea", True), ("Vomiting", False)]


def test_what_was_there_before_or_is_denied_does_not_count(ask) -> None:  # type: ignore[no-untyped-def]
    events = [_event(5, "설사", 3, is_present_before=True), _event(5, "구토 없음"), _event(5, "r/o HTN")]
    assert ask("SELECT count(*) FROM clinical.adverse_event WHERE is_treatment_emergent", events=events) == [(0,)]
    worst = "SELECT worst_grade, has_event, events FROM clinical.worst_event_grade WHERE category = 'any'"
    assert ask(worst, events=events) == [(0, False, 0)]


def test_while_the_drug_goes_on_events_count_to_the_cut_off(ask) -> None:  # type: ignore[no-untyped-def]
    events = [_event(2000, "설사", 1), _event(2300, "설사", 2)]
    assert [row[1] for row in ask(WHAT_COUNTS, events=events, stopped_on=None)] == [True, False]


def test_the_worst_grade_of_each_category_and_the_fatal_one_apart(ask) -> None:  # type: ignore[no-untyped-def]
    events = [
        _event(10, "HFS", 2, action_code="reduced"),
        _event(20, "발진", 3),
        _event(30, "설사", 1),
        _event(40, "간부전", 5),
        _event(50, "식욕부진", 4),
        _event(60, "탈모", 3),
        _event(70, "고혈압"),
    ]
    found = ask(
        "SELECT category, worst_grade, has_fatal, events, ungraded_events, first_onset_day, has_dose_action "
        "FROM clinical.worst_event_grade ORDER BY category",
        events=events,
    )
    assert found == [
        ("any", 4, True, 7, 2, 10, True),
        ("bleeding", 0, False, 0, 0, None, False),
        ("dermatologic", 3, False, 3, 1, 10, True),
        ("gastroenterologic", 1, False, 1, 0, 30, False),
        ("hypertension", None, False, 1, 1, 70, False),
        ("liver", 0, True, 1, 0, 40, False),
        ("other", 4, False, 1, 0, 50, False),
    ]


def test_options_change_what_counts(ask) -> None:  # type: ignore[no-untyped-def]
    events = [_event(10, "고혈압", 2, ctcae_version="3.0"), _event(40, "간부전", 5), _event(50, "식욕부진", 1)]
    worst = (
        "SELECT category, worst_grade, other_version_events FROM clinical.worst_event_grade "
        "WHERE category IN ('any', 'gastroenterologic', 'hypertension') ORDER BY category"
    )
    assert ask(worst, events=events) == [("any", 2, 1), ("gastroenterologic", 0, 0), ("hypertension", 2, 1)]
    assert ask(worst, events=events, event_other_version="aside", event_anorexia="gastroenterologic") == [
        *(("any", 1, 0), ("gastroenterologic", 1, 0), ("hypertension", None, 0)),
    ]
    included = ask(worst, events=events, adverse_event_grade_5="included")
    assert included[0][:2] == ("any", 5)


def test_what_numbers_alone_show_counts_by_option_only(ask) -> None:  # type: ignore[no-untyped-def]
    signs = [
        _sign(-5, "systolic", "118"),
        _sign(-5, "diastolic", "70"),
        _sign(20, "systolic", "145"),
        _sign(40, "systolic", "165"),
    ]
    labs = [_bilirubin(-5, "1.0"), _bilirubin(15, "4.0"), _bilirubin(30, "2.0"), _bilirubin(300, "20")]
    worst = (
        "SELECT category, worst_grade, events, first_onset_day FROM clinical.worst_event_grade "
        "WHERE category IN ('any', 'hypertension', 'other') ORDER BY category"
    )
    given: dict[str, Any] = {"events": [_event(10, "설사", 1)], "observations": signs, "labs": labs}
    assert ask(worst, **given) == [("any", 1, 1, 10), ("hypertension", 0, 0, None), ("other", 0, 0, None)]
    assert ask(worst, **given, adverse_event_source="all") == [
        *(("any", 3, 3, 10), ("hypertension", 3, 1, 20), ("other", 3, 1, 15)),
    ]
    counted = "SELECT counted_from, term, grade FROM clinical_step.counted_event ORDER BY ALL"
    assert ask(counted, **given, adverse_event_source="all") == [
        ("laboratory", "Blood bilirubin increased", 3),
        ("recorded", "Diarrhea", 1),
        ("vital_signs", "Hypertension", 3),
    ]


def test_several_events_of_one_record_keep_their_address(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask(
        "SELECT source_record, ordinal, term, grade FROM clinical.adverse_event ORDER BY ALL",
        events=[_event(1, "설사 G2, 구토 G1"), _event(2, "N/V", 1)],
    )
    assert found == [
        (1, 1, "Diarrhea", 2),
        (1, 2, "Vomiting", 1),
        (2, 1, "Nausea", 1),
        (2, 2, "Vomiting", 1),
    ]


def test_numbers_are_kept_apart_from_what_was_recorded(ask) -> None:  # type: ignore[no-untyped-def]
    observations = [
        *(_sign(-3, "systolic", "128"), _sign(-3, "diastolic", "70")),
        *(_sign(14, "systolic", "139.5"), _sign(14, "diastolic", "85")),
        *(_sign(28, "systolic", "150"), _sign(28, "diastolic", "101")),
        *(_sign(42, "systolic", "90"), _sign(42, "diastolic", "120")),
        *(_sign(-3, "weight", "70", "kg"), _sign(28, "weight", "63", "kg"), _sign(42, "weight", "66.6", "kg")),
        *(_sign(28, "temperature", "40.2", "Cel"), _sign(42, "temperature", "102", "[degF]")),
    ]
    found = ask(
        "SELECT day, term, grade, warning, baseline_grade, is_worsened FROM clinical.computed_event ORDER BY term, day",
        observations=observations,
    )
    assert found == [
        (28, "Fever", 3, "hours_unknown", None, True),
        (-3, "Hypertension", 1, None, 1, False),
        (14, "Hypertension", 1, None, 1, False),
        (28, "Hypertension", 3, None, 1, True),
        (28, "Weight loss", 2, None, 0, True),
    ]
    without = [row for row in observations if row["observed_on"] != _day(-3)]
    worsened = "SELECT DISTINCT term FROM clinical.computed_event WHERE is_worsened"
    assert ask(worsened, observations=without) == [("Fever",)], (
        "a pressure that nobody knew before is not known to be worse"
    )
    assert ask("SELECT sum(events) FROM clinical.worst_event_grade", observations=observations) == [(0,)]


QUESTIONS = "SELECT source_record, question, reported, derived FROM clinical.event_question ORDER BY ALL"


def test_what_is_in_doubt_is_asked(ask) -> None:  # type: ignore[no-untyped-def]
    events = [
        _event(1, "diareah", 2),
        _event(2, "HFS", 4),
        _event(3, "설사", 2, ctcae_term="Vomiting"),
        _event(4, "설사 G1", 2),
        _event(5, "설사 G II-III", 3),
        _event(6, "고혈압", 2, ctcae_version="3.0"),
        _event(7, "구토", 1, ctcae_version=None),
        _event(None, "변비", 1),
        _event(9, "복통"),
        _event(10, "없음"),
        _event(11, "부작용 없음"),
        _event(12, "설사 없음"),
        _event(13, "구토", 1),
        _event(14, "diarhea", 2),
    ]
    hand_foot = "Palmar-plantar erythrodysesthesia syndrome has 1, 2, 3"
    assert ask(QUESTIONS, events=events) == [
        (1, "unlisted", "diareah", "nearest: Diarrhea; Hyperhidrosis"),
        (2, "grade_not_in_term", "4", hand_foot),
        (3, "term_differs", "Vomiting: 설사", "Diarrhea"),
        (4, "grades_differ", "설사 G1", "Diarrhea 2"),
        (5, "grade_is_range", "설사 G II-III", "Diarrhea 3"),
        (6, "version_differs", "2 by CTCAE 3.0", "Hypertension"),
        (7, "version_missing", "1", "Vomiting"),
        (8, "onset_missing", "변비", "Constipation"),
        (9, "grade_missing", "복통", "Abdominal pain"),
        (14, "term_respelled", "diarhea", "Diarrhea"),
    ]


def test_a_question_has_the_columns_that_all_questions_have(ask) -> None:  # type: ignore[no-untyped-def]
    columns = ask("SELECT column_name FROM (DESCRIBE clinical.event_question)")
    assert [name for (name,) in columns] == [
        *("site_id", "patient_id", "question", "reported", "derived", "noted_on"),
        *("source_file", "source_sheet", "source_record", "source_ordinal"),
    ]
