"""SMC's export: SPSS files with numeric codes, value labels and user-missing values; responses in lists, one a patient."""

from collections.abc import Callable, Iterator

import pandas as pd

from etl.synthetic import reported_results
from etl.synthetic.hospitals.smc import codes as of
from etl.synthetic.hospitals.smc import files
from etl.synthetic.hospitals.smc.columns import Column
from etl.synthetic.rendering import cell_numbers, iso_dates, with_every_observation
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study, of_site

SITE = "smc"
BASELINE_VISIT = "기저"
NOT_READ = "-"
"""In a list of responses, a scan that the reader did not read."""


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of SMC's delivery; it has no oddities."""
    tables = as_reported(study, is_first)
    for file, columns in files.FILES.items():
        yield Sheet(file, _records(_ROWS[file](tables, study.people), columns))


def as_reported(study: Study, _is_first: bool) -> dict[str, pd.DataFrame]:
    """State SMC's canonical rows as the hospital reports them: results in its units, written without zeros at the end.

    Its results are numbers, which hold no sign: a result below what can be detected is reported as that limit.
    """
    tables = of_site(study, SITE)
    labs = tables["lab_result"].assign(value_qualifier=None)
    tables["lab_result"] = reported_results.as_reported(
        labs, reported_unit=of.REPORTED_UNIT, texts=cell_numbers(labs["value"])
    )
    return tables


def _records(rows: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    return pd.DataFrame({column.name: column.render(rows) for column in columns})


def _table(name: str) -> Callable[[dict[str, pd.DataFrame], pd.DataFrame], pd.DataFrame]:
    return lambda tables, _: tables[name]


def _patients(tables: dict[str, pd.DataFrame], people: pd.DataFrame) -> pd.DataFrame:
    of_hospital = people[people["site_id"] == SITE]
    return tables["patient"].merge(of_hospital[["patient_id", "name", "doctor"]], on="patient_id")


def _visits(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    """One record per patient and day, every finding in its own column."""
    rows = tables["observation"]
    value = rows["value_code"].where(rows["value_code"].notna(), rows["value_number"])
    return (
        rows.assign(value=value)
        .pivot(index=["patient_id", "observed_on"], columns="observation_code", values="value")
        .reset_index()
        .pipe(with_every_observation)
    )


def _medications(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    """One record per product; a combination names its second ingredient next to the first."""
    rows = tables["medication"]
    course = ["patient_id", "product_text", "started_on"]
    number = rows.groupby(course).cumcount()
    second = rows[number == 1].rename(columns={"ingredient_code": "second_ingredient"})
    return rows[number == 0].merge(second[[*course, "second_ingredient"]], on=course, how="left")


def _responses(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    """One record per patient, whose responses stand in lists: the days, and what each reader made of each scan."""
    scans = tables["imaging_visit"]
    after = scans[scans["visit_text"] != BASELINE_VISIT].sort_values(["patient_id", "imaged_on"])
    lists = (
        pd.DataFrame(
            {
                "patient_id": after["patient_id"],
                "days": iso_dates(after["imaged_on"]),
                "physician": after["response_physician_code"].fillna(NOT_READ),
                "radiologist": after["response_radiologist_code"].fillna(NOT_READ),
            }
        )
        .groupby("patient_id")
        .agg(";".join)
    )
    return tables["patient"][["patient_id"]].merge(lists, on="patient_id", how="left")


_ROWS: dict[str, Callable[[dict[str, pd.DataFrame], pd.DataFrame], pd.DataFrame]] = {
    files.PATIENTS: _patients,
    files.VISITS: _visits,
    files.HISTORY: _table("medical_history"),
    files.TUMOURS: _table("tumour_baseline"),
    files.COURSES: _table("treatment_course"),
    files.DOSES: _table("exposure"),
    files.PROCEDURES: _table("procedure"),
    files.MEDICATIONS: _medications,
    files.LABS: _table("lab_result"),
    files.SCANS: _table("imaging_visit"),
    files.RESPONSES: _responses,
    files.LESIONS: _table("lesion"),
    files.EVENTS: _table("adverse_event"),
    files.FOLLOW_UP: _table("follow_up"),
}
"""What canonical rows each file is made from."""
