"""A small warehouse with a small study whose results are there: what is frozen in tests, in seconds."""

import random
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.new_warehouse import copy_new_warehouse
from support.study_warehouse import StudyWarehouse
from support.warehouse_rows import stage_by_hand

from etl.loads.publish import publish_together
from etl.study.definition.load import load_studies
from etl.study.definition.read_study import read_study
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.transaction import transaction

SITES = ("hill", "lake", "north")
PATIENTS = 30
PUBLISHED = "figure_id,place,table,row,level,group,statistic,printed\nf1,Table 1,1,Age,,total,mean,61.20\n"
STUDY = """\
study: small
title: {en: A small study, ko: 작은 연구}
source: A paper, one of many
published: small.csv
populations:
  everyone:
    label: Everyone
    where: {sex: [male, female]}
variables:
  age: {column: age_years, kind: number, unit: years, label: Age}
  sex:
    column: sex
    label: {en: Sex, ko: 성별}
    levels: {male: [male], female: [female]}
  age_class:
    column: age_years
    label: Age class
    levels: {younger: {below: 60}, older: {at_least: 60}}
tables:
  table_1:
    title: Characteristics
    population: everyone
    groups: sex
    rows: [{variable: age, test: welch_t}, {variable: age_class, test: fisher_exact}]
endpoints:
  overall_survival: {label: Overall survival, time: os_days, event: os_event}
curves:
  by_sex: {title: Survival by sex, endpoint: overall_survival, population: everyone, by: sex}
models:
  survival:
    title: Survival
    population: everyone
    endpoint: overall_survival
    variables: [age, sex]
sensitivity: {bootstrap: 0}
"""


def copy_frozen_case(folder: Path, *, is_synthetic: bool = True) -> Path:
    """Put the warehouse and the study there, as data/warehouse.duckdb and studies/; return the warehouse's file."""
    write_studies(folder / "studies")
    path = folder / "data" / "warehouse.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_bytes(is_synthetic=is_synthetic))
    return path


def write_studies(folder: Path) -> None:
    """Write the study file and its printed figures."""
    (folder / "published").mkdir(parents=True, exist_ok=True)
    (folder / "small.yaml").write_text(STUDY, encoding="utf-8")
    (folder / "published" / "small.csv").write_text(PUBLISHED, encoding="utf-8")


@cache
def _bytes(*, is_synthetic: bool) -> bytes:
    with TemporaryDirectory() as scratch:
        path = copy_new_warehouse(Path(scratch, "warehouse.duckdb"))
        write_studies(Path(scratch, "studies"))
        engine = open_warehouse(path)
        with raw_connection(engine) as con:
            with transaction(con):
                load_studies(con, Path(scratch, "studies"))
            loads = [stage_by_hand(con, _tables(site), site_id=site, is_synthetic=is_synthetic) for site in SITES]
            publish_together(con, dict.fromkeys(loads, "clean"))
            StudyWarehouse(con, read_study(Path(scratch, "studies"), "small")).compute()
        engine.dispose()
        return path.read_bytes()


def _tables(site: str) -> dict[str, list[dict[str, Any]]]:
    drawn = random.Random(site)  # noqa: S311
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("patient", "treatment_course", "exposure", "follow_up")
    }
    for number in range(PATIENTS):
        patient = {"patient_id": f"{site}{number:03}"}
        first = date(2010, 1, 1) + timedelta(days=drawn.randrange(1000))
        last = first + timedelta(days=drawn.randrange(30, 1200))
        is_dead = drawn.random() < 0.7
        tables["patient"].append(
            patient
            | {
                "sex": drawn.choice(["male", "male", "female"]),
                "birth_date": date(1930, 1, 1) + timedelta(days=drawn.randrange(15_000)),
                "birth_date_precision": "day",
            }
        )
        tables["treatment_course"].append(
            patient
            | {"drug_code": "sorafenib", "role_code": "study", "started_on": first, "started_on_precision": "day"}
        )
        tables["exposure"].append(
            patient
            | {
                "drug_code": "sorafenib",
                "started_on": first,
                "stopped_on": first + timedelta(days=28),
                "dose_mg": 400,
                "times_per_day": 2,
                "is_interruption": False,
            }
        )
        tables["follow_up"].append(
            patient
            | {"last_contact_on": last, "vital_status_code": "dead" if is_dead else "alive"}
            | ({"died_on": last, "died_on_precision": "day"} if is_dead else {})
        )
    return tables
