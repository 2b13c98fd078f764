"""Every synthetic hospital: responses derived in the warehouse agree with the study's slow reading, patient by patient."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle.chart import Person, charts
from oracle.response import read_response
from oracle.treatment import read_treatment

from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize

READ = ("patient", "treatment_course", "exposure", "procedure", "medication", "imaging_visit", "lesion")


@pytest.mark.slow
@pytest.mark.parametrize("site_id", hospital_names())
def test_responses_agree_with_the_slow_reading(site_id: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    synthesize(settings.raw_dir, sites=[site_id])
    ingest(site_id, settings=settings)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        tables = {table: rows_of(con, f"current.{table}") for table in READ}
        wanted = {person: expected(chart) for person, chart in charts(tables).items()}
        found = derived(con)
        overall = visits_by_person(con)
    with_index = {person: reading for person, reading in wanted.items() if reading is not None}
    assert found.keys() == with_index.keys()
    assert len(found) > 50
    differ = {
        person: (found[person], with_index[person][0]) for person in found if found[person] != with_index[person][0]
    }
    assert not differ, (len(differ), next(iter(differ.items())))
    for person, (_, visits) in with_index.items():
        assert [overall.get(person, {}).get(day) for day, _ in visits] == [response for _, response in visits], person


def expected(chart: Any) -> tuple[tuple[Any, ...], list[tuple[int, str]]] | None:
    """Read a patient slowly: what is derived, and the visits up to the first progression."""
    treatment = read_treatment(chart)
    index = treatment.index_date
    if index is None:
        return None
    response = read_response(chart, index, treatment.salvage_on)
    visits = []
    for visit in response.visits:
        visits.append(((visit.imaged_on - index).days, visit.overall))
        if visit.overall == "PD":
            break
    answer = (
        response.best,
        response.progression_days,
        response.has_progressed,
        response.stable_days,
        response.response_days,
        response.complete_days,
    )
    return answer, visits


def derived(con: duckdb.DuckDBPyConnection) -> dict[Person, tuple[Any, ...]]:
    rows = con.execute(
        "SELECT site_id, patient_id, best_overall_response, ttp_days, ttp_event, sd_days, response_days, cr_days "
        "FROM clinical.response_time WHERE reading = 'lesions'"
    ).fetchall()
    return {(site, patient): tuple(rest) for site, patient, *rest in rows}


def visits_by_person(con: duckdb.DuckDBPyConnection) -> dict[Person, dict[int, str]]:
    found: dict[Person, dict[int, str]] = {}
    for site, patient, day, response in con.execute(
        "SELECT site_id, patient_id, COALESCE(progression_day, response_day), overall_response "
        "FROM clinical.visit_response WHERE NOT is_baseline"
    ).fetchall():
        found.setdefault((site, patient), {})[day] = response
    return found


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    cursor = con.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
