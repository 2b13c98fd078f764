"""Every synthetic hospital's export, ingested: verdicts and Child-Pugh agree with the slow reading of what arrived."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from oracle.baseline import read_baseline
from oracle.chart import charts
from oracle.eligibility import read_verdicts
from oracle.treatment import index_date

from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize

READ = (
    "patient", "treatment_course", "imaging_visit", "medical_history", "observation", "tumour_baseline", "lab_result",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("site_id", hospital_names())
def test_verdicts_and_points_agree_with_the_slow_reading(site_id: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    synthesize(settings.raw_dir, sites=[site_id])
    ingest(site_id, settings=settings)
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        everyone = charts({table: rows_of(con, table) for table in READ})
        verdicts = con.execute(
            "SELECT site_id, patient_id, criterion, verdict FROM clinical.eligibility_criterion"
        ).fetchall()
        points = con.execute("SELECT site_id, patient_id, derived_points FROM clinical.child_pugh").fetchall()
    assert len(everyone) > 50
    assert {(*person, criterion): verdict for *person, criterion, verdict in verdicts} == {
        (*person, criterion): verdict.replace(" ", "_")
        for person, chart in everyone.items()
        for criterion, verdict in read_verdicts(chart).items()
    }
    assert {(site, patient): score for site, patient, score in points} == {
        person: read_baseline(chart, index).child_pugh_points if (index := index_date(chart)) else None
        for person, chart in everyone.items()
    }


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    where = "WHERE analyte_code IN ('bilirubin_total', 'albumin', 'inr', 'afp')" if table == "lab_result" else ""
    cursor = con.execute(f"SELECT * FROM current.{table} {where}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
