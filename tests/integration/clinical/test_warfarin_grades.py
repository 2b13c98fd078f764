"""The INRs of the synthetic patients who take warfarin are graded by their baseline, those of other days by the limit."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest
from support.drawn_study import study
from support.drawn_warehouse import make_drawn_warehouse

from etl.synthetic.hospitals import hospital_names
from etl.synthetic.reported_results import as_reported, result_texts

PATIENT = ["site_id", "patient_id"]
TABLES = ("patient", "treatment_course", "exposure", "medication", "lab_result")
INRS = """
    SELECT
        graded.site_id, lab.value, lab.upper_limit, graded.baseline, gradable.is_anticoagulated, graded.grade,
        graded.basis
    FROM clinical.lab_grade AS graded
    INNER JOIN clinical_step.gradable_result AS gradable
        USING (site_id, patient_id, source_file, source_record, source_ordinal)
    INNER JOIN current.lab_result AS lab USING (site_id, patient_id, source_file, source_record, source_ordinal)
    WHERE graded.lab_term = 'inr_increased' AND lab.value > lab.upper_limit
"""


@pytest.fixture(scope="module")
def takers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the patients who take warfarin."""
    drawn = study()
    medication = drawn.tables["medication"]
    chosen = medication.loc[medication["ingredient_code"] == "warfarin", PATIENT]
    tables = {name: drawn.tables[name].merge(chosen, on=PATIENT) for name in TABLES}
    labs = tables["lab_result"].query("analyte_code == 'inr'")
    tables["lab_result"] = as_reported(labs, reported_unit={}, texts=result_texts(labs))
    path = tmp_path_factory.mktemp("takers") / "warehouse.duckdb"
    make_drawn_warehouse(path, of=replace(drawn, tables=tables))
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


def test_the_inr_of_every_hospital_is_graded_on_days_with_warfarin(takers: duckdb.DuckDBPyConnection) -> None:
    found = takers.execute(INRS).fetchall()
    assert {site for site, *_, anticoagulated, grade, _ in found if anticoagulated and grade} == set(hospital_names())
    assert {basis for *_, basis in found} >= {"times_uln", "times_baseline"}
    for _, value, upper, baseline, anticoagulated, grade, _ in found:
        if grade is not None:
            wanted = steps(value / baseline) if anticoagulated and baseline else steps(value / upper)
            assert grade == wanted, (value, upper, baseline, anticoagulated)


def steps(times: Decimal) -> int:
    """INR increased by CTCAE 4.03: up to 1.5 times, up to 2.5 times, beyond."""
    return 3 if times > Decimal("2.5") else 2 if times > Decimal("1.5") else 1 if times > 1 else 0
