"""Make a warehouse of the drawn study with many times the patients: what the study's views read, multiplied by SQL.

Each copy has its own patient numbers. Its times to an event or to censoring are longer by up to 30 days, the same for
all times of one patient, so that progression does not come after the death; age, diameter and dose are shifted a
little. What is drawn is drawn by a hash of the patient's number: the same rows in every run.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import PROJECT, tell

if TYPE_CHECKING:
    import duckdb

STUDY = "sorafenib"
GIVEN = (
    "analysis.cohort",
    "analysis.onset",
    "clinical.eligibility",
    "clinical_step.measured_visit",
    "clinical_step.site_scope",
    "clinical.visit_response",
    "clinical.worst_event_grade",
)
"""What the study's views read of patients and hospitals; the other views are filled from these."""

_DAYS = "CAST(hash(patient_id, copy) % 31 AS INTEGER)"
_CHANGED = {
    "analysis.cohort": {
        **{f"{name}_days": f"CAST({name}_days + {_DAYS} AS BIGINT)" for name in ("os", "ttp", "pfs")},
        **{
            f"{name}_months": f"CAST(({name}_days + {_DAYS}) / days_per_month AS DECIMAL({width}, 4))"
            for name, width in (("os", 9), ("ttp", 12), ("pfs", 12))
        },
        "age_years": "CAST(age_years + hash(copy, patient_id, 'age') % 5 - 2 AS BIGINT)",
        "largest_diameter_mm": "CAST(largest_diameter_mm + hash(copy, patient_id, 'size') % 10 AS DECIMAL(18, 6))",
        "mean_daily_dose_mg": "CAST(mean_daily_dose_mg - hash(copy, patient_id, 'dose') % 100 / 10 AS DECIMAL(12, 4))",
    }
}
"""By table, the columns that differ between a patient and the copies."""


def make_large_study(path: Path, *, times: int) -> int:
    """Make the warehouse, with the tables in GIVEN filled and the study's file loaded; return how many are eligible."""
    sys.path.append(str(PROJECT / "tests"))
    from support.drawn_warehouse import make_drawn_warehouse  # type: ignore[import-not-found]

    from etl.study.definition.load import load_studies
    from warehouse.file.connect import open_warehouse, raw_connection
    from warehouse.file.transaction import transaction
    from warehouse.views.refresh import refresh

    make_drawn_warehouse(path)
    engine = open_warehouse(path)
    with raw_connection(engine) as con, transaction(con):
        load_studies(con, PROJECT / "studies")
        refresh(con)
        if times > 1:
            for table in GIVEN:
                _multiply(con, table, times)
        ((eligible,),) = con.execute("SELECT count(*) FROM analysis.cohort WHERE is_eligible").fetchall()
    engine.dispose()
    return int(eligible)


def _multiply(con: "duckdb.DuckDBPyConnection", table: str, times: int) -> None:
    """Add further copies of every row that is a patient's; rows of a hospital stay as they are."""
    names = {name for name, *_ in con.execute(f"SELECT * FROM {table} LIMIT 0").description or ()}
    if "patient_id" not in names:
        return
    changed = _CHANGED.get(table, {}) | {"patient_id": "patient_id || '-' || copy"}
    replaced = ", ".join(f"{value} AS {name}" for name, value in changed.items())
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT given.* REPLACE ({replaced}) FROM {table} AS given "
        f"CROSS JOIN range(1, {times}) AS copies(copy) CROSS JOIN (SELECT days_per_month FROM clinical_step.study_number)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a warehouse of the study with many times the patients.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--times", type=int, required=True)
    options = parser.parse_args()
    tell({"eligible": make_large_study(options.path, times=options.times)})
