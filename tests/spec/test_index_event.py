"""Every case of the table of the index event, compared with the views of a warehouse."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from spec.cases_in_warehouse import Rows, differences
from spec.index_tables import EVENTS, INDEX_EVENT
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.views.refresh import refresh
from warehouse.views.rules import choose_options

PROCEDURES = ("tace", "rfa")


def test_what_the_study_counts_from(warehouse_path: Path) -> None:
    found = differences(
        warehouse_path,
        INDEX_EVENT,
        given,
        "SELECT day_zero.patient_id, NULL, day_zero.index_date - DATE '2010-01-01', "
        "CASE treatment.is_first_line WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END, "
        "treatment.last_dose_on - DATE '2010-01-01', new_therapy.new_therapy_on - DATE '2010-01-01', "
        "coalesce(day_zero.reason, treatment.reason) "
        "FROM clinical.index_date AS day_zero LEFT JOIN clinical.treatment USING (site_id, patient_id) "
        "LEFT JOIN clinical.new_therapy USING (site_id, patient_id)",
        ["index date", "first-line", "last dose", "new therapy", "why"],
    )
    assert not found


def test_adverse_events_around_it(warehouse_path: Path) -> None:
    found = differences(
        warehouse_path,
        EVENTS,
        lambda case: {
            **given(case),
            "adverse_event": [{"verbatim_text": "fatigue", "reported_grade": 2, "onset_on": on(case["began"])}],
        },
        "SELECT patient_id, NULL, CASE WHEN is_treatment_emergent THEN 'yes' ELSE 'no' END FROM clinical.adverse_event",
        ["counts"],
    )
    assert not found


def test_what_is_the_drugs_own_is_empty(warehouse_path: Path) -> None:
    """Of a patient who also took sorafenib, with chemoembolisation as the index event."""
    who = {"patient_id": "a"}
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(
            con,
            {
                "patient": [who],
                "procedure": [
                    who | {"procedure_code": "tace", "started_on": "2010-02-01"},
                    who | {"procedure_code": "radiotherapy", "started_on": "2010-04-01"},
                    who | {"procedure_code": "rfa", "started_on": "2010-09-01"},
                ],
                "treatment_course": [
                    who | {"drug_code": "sorafenib", "started_on": "2010-03-15", "stopped_on": "2010-06-01"}
                ],
                "exposure": [
                    who
                    | {
                        "drug_code": "sorafenib", "started_on": "2010-03-15", "stopped_on": "2010-06-01",
                        "dose_mg": 400, "times_per_day": 2,
                    }
                ],
            },
        )  # fmt: skip
        con.begin()
        choose_options(con, {"index_event": "first_procedure"})
        refresh(con)
        (row,) = con.execute(
            "SELECT last_dose_on, treatment_days, mean_daily_dose_mg, interruption_count, has_concomitant_treatment, "
            "concomitant_treatments, has_salvage_treatment, salvage_treatments, salvage_on FROM analysis.cohort"
        ).fetchall()
        reasons = con.execute(
            "SELECT treatment.reason, dose.reason FROM clinical.treatment JOIN clinical.dose USING (site_id, patient_id)"
        ).fetchall()
        con.rollback()
    engine.dispose()
    assert row == (None,) * 9
    assert reasons == [("no study drug: counted from first tace",) * 2]


def given(case: dict[str, str]) -> Rows:
    """Read what a case records into rows of the canonical tables."""
    patient: dict[str, Any] = {"sex": "male"}
    tables: dict[str, list[dict[str, Any]]] = {"patient": [patient]}
    for part in case["recorded"].split(", "):
        found = re.fullmatch(r"(\w+) (?:(20\d\d)(?:-(\d\d))?|(-?\d+)(?:-(\d+))?)", part)
        assert found, part
        what, year, month, first, last = found.groups()
        started_on = date(int(year), int(month or 1), 1) if year else on(first)
        precision = "day" if not year else "month" if month else "year"
        started = {"started_on": started_on, "started_on_precision": precision}
        if what == "diagnosed":
            patient |= {"diagnosed_on": started_on, "diagnosed_on_precision": precision}
        elif what == "event":
            row = {"observation_code": "index_event", "observed_on": started_on}
            tables.setdefault("observation", []).append(row)
        elif what in PROCEDURES:
            row = started | {"procedure_code": what, "ended_on": on(last)}
            tables.setdefault("procedure", []).append(row)
        else:
            row = started | {"drug_code": what, "stopped_on": on(last)}
            tables.setdefault("treatment_course", []).append(row)
    return tables


def on(day: str | None) -> date | None:
    return None if day is None else date(2010, 1, 1) + timedelta(int(day))
