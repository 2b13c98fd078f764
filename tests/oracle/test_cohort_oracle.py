"""Drawn charts full of edges: overlapping dose steps, treatments on the first and last day, bounds of AFP on its edges.

The make-believe study is well-behaved; here the cohort's row must agree with the slow reading of charts that are not.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from oracle.reading import Reading, read_study
from support.cohort_reading import differences
from support.new_warehouse import copy_new_warehouse
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection

SITE = "snuh"
INDEX = date(2010, 3, 15)
PATIENTS = 400
ASKED = (
    "index_date", "last_dose_on", "treatment_days", "treatment_months", "daily_dose_mg", "first_line", "concomitant",
    "concomitant_treatments", "salvage", "salvage_treatments", "salvage_on", "metformin", "statin", "bmi", "afp",
    "afp_ratio", "diabetes", "extrahepatic",
)  # fmt: skip

Row = dict[str, Any]


@pytest.fixture(scope="module")
def charts() -> dict[str, list[Row]]:
    """Draw the rows of all patients."""
    draw = random.Random(20210813)  # noqa: S311
    tables: dict[str, list[Row]] = {}
    for number in range(PATIENTS):
        for table, row in draw_chart(draw):
            tables.setdefault(table, []).append({"patient_id": f"p{number}", **row})
    return tables


@pytest.fixture(scope="module")
def con(charts: dict[str, list[Row]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("drawn_charts") / "warehouse.duckdb"
    copy_new_warehouse(path)
    engine = open_warehouse(path)
    with raw_connection(engine) as con:
        publish_by_hand(con, charts, site_id=SITE)
        yield con
    engine.dispose()


@pytest.fixture(scope="module")
def readings(con: duckdb.DuckDBPyConnection, charts: dict[str, list[Row]]) -> list[Reading]:
    """Read the charts as they came out of the warehouse, every column there."""
    tables = {table: rows_of(con, table) for table in {*charts, "follow_up", "lesion", "adverse_event"}}
    return read_study(tables)


def test_the_cohort_agrees_with_the_slow_reading(con: duckdb.DuckDBPyConnection, readings: list[Reading]) -> None:
    found = differences(con, readings, only=ASKED)
    assert not found, (len(found), found[:5])


def test_the_charts_are_full_of_edges(readings: list[Reading]) -> None:
    """Neither side of any question is rare, or the agreement would say little."""
    treatments = [reading.treatment for reading in readings]
    for answers in (
        [treatment.is_first_line for treatment in treatments],
        [bool(treatment.concomitant) for treatment in treatments],
        [bool(treatment.salvage) for treatment in treatments],
        [treatment.takes_metformin for treatment in treatments],
        [treatment.takes_statin for treatment in treatments],
        [reading.baseline is not None and reading.baseline.afp_ratio_class is not None for reading in readings],
    ):
        assert min(answers.count(True), answers.count(False)) > PATIENTS / 20
    assert len({treatment.mean_dose_mg for treatment in treatments}) > PATIENTS / 2


def draw_chart(draw: random.Random) -> Iterator[tuple[str, Row]]:
    """Draw one patient's rows, most days on or beside an edge."""
    stop = draw.choice([27, 100])
    yield "patient", {}
    is_open = draw.random() < 0.1
    yield "treatment_course", {"drug_code": "sorafenib", **days(0, None if is_open else stop)}
    yield from draw_steps(draw, stop)
    for _ in range(draw.choice([0, 0, 1, 2])):
        start = draw.choice([-400, -1, 0, 1, stop - 1, stop, stop + 1, stop + 90])
        if draw.random() < 0.2:
            yield "treatment_course", {"drug_code": draw.choice(["doxorubicin", "sunitinib"]), **days(start, None)}
        else:
            site = draw.choice(["liver", "liver", "bone"])
            code = draw.choice(["tace", "radiotherapy", "rfa", "haic"])
            yield "procedure", {"procedure_code": code, "target_site_code": site, "started_on": on(start)}
    for _ in range(draw.choice([0, 1, 2])):
        start = draw.choice([None, -400, -31, -30, stop, stop + 1])
        end = draw.choice([None, -31, -30, stop, stop + 1])
        if start is not None and end is not None and end < start:
            end = start
        code = draw.choice(["metformin", "atorvastatin", "pitavastatin", "insulin"])
        yield "medication", {"ingredient_code": code, **days(start, end)}
    if draw.random() < 0.7:
        yield "medical_history", {"condition_code": "diabetes", "is_present": draw.choice([True, False, None])}
    spread = {f"has_{organ}_metastasis": draw.choice([True, False, False, None]) for organ in ("lung", "bone")}
    others = ("lymph_node", "brain", "adrenal", "peritoneum", "other")
    yield "tumour_baseline", spread | {f"has_{organ}_metastasis": False for organ in others}
    yield from draw_numbers(draw)


def draw_steps(draw: random.Random, stop: int) -> Iterator[tuple[str, Row]]:
    """Draw dose steps that follow on one another, leave gaps, or overlap; no two begin on one day, the first has a dose."""
    starts = sorted({0, *(draw.randrange(1, stop) for _ in range(draw.choice([0, 1, 2, 4])))})
    for place, start in enumerate(starts):
        following = starts[place + 1] if place + 1 < len(starts) else stop + 1
        end = draw.choice([following - 1, following - 1, following + draw.randrange(20), max(start, following - 3)])
        milligrams, times = draw.choice([(400, 2), (200, 2), (400, 1), (200, 1), *([(0, 0)] if place else [])])
        yield (
            "exposure",
            {
                "drug_code": "sorafenib",
                "dose_mg": milligrams,
                "times_per_day": times,
                "is_interruption": milligrams == 0 and draw.random() < 0.5,
                **days(start, end),
            },
        )


def draw_numbers(draw: random.Random) -> Iterator[tuple[str, Row]]:
    """Draw weight and height, scans, and AFP near its edges, some with a bound."""
    for code, unit, values in (("weight", "kg", ["58.88", "64", "64.001", "50"]), ("height", "cm", ["160"])):
        day, value = draw.choice([0, -28, -29]), Decimal(draw.choice(values))
        yield "observation", {"observation_code": code, "observed_on": on(day), "value_number": value, "unit": unit}
    for day in draw.sample([1, 56, 112], draw.choice([0, 1, 2])):
        yield "imaging_visit", {"imaged_on": on(day), "modality_code": "ct"}
    for day in draw.sample([-61, -60, -1, 0, 1, 35, 50, 62, 77, 78], 4):
        value = Decimal(draw.choice(["6.9", "7", "8", "8.4", "8.5", "1000", "1000.1", "1200", "10000", "12000.1"]))
        qualifier = draw.choice([None] * 6 + ["<", "<=", ">", ">="])
        row = {"analyte_code": "afp", "taken_on": on(day), "value": value, "unit": "ng/mL"}
        yield "lab_result", row | {"value_qualifier": qualifier}


def days(start: int | None, end: int | None) -> Row:
    return {"started_on": on(start), "stopped_on": on(end)}


def on(day: int | None) -> date | None:
    return None if day is None else INDEX + timedelta(days=day)


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    cursor = con.execute(f"SELECT * FROM current.{table}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
