"""Every case of the tables of treatment, published in a warehouse; a case is a patient, each option a rebuilding."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from spec.table import SpecTable
from spec.treatment_tables import BESIDE, CLASSES, CO_MEDICATION, DOSE, EVALUATION, TABLES
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.model.upgrade import upgrade
from warehouse.views.refresh import refresh
from warehouse.views.rules import set_options

INDEX = date(2010, 3, 15)
LAST_DOSE = 100
Case = dict[str, str]
Given = dict[str, list[dict[str, Any]]]

BYSTANDER: Given = {
    "patient": [{"patient_id": "bystander"}],
    "procedure": [{"patient_id": "bystander", "procedure_code": "tace", "started_on": INDEX}],
    "medication": [{"patient_id": "bystander", "ingredient_code": "other", "started_on": INDEX}],
}
"""A hospital that tells of procedures and medications at all."""


def given_steps(case: Case, name: str) -> Given:
    steps = []
    for part in parts(case["steps"]):
        found = re.fullmatch(r"(-?\d+)-(\d*) (?:(\d+)(?:x(\d))?|(pause)|\?)", part)
        assert found, part
        first, last, milligrams, times, pause = found.groups()
        step = {"started_on": on(first)["on"], "stopped_on": on(last)["on"], "is_interruption": bool(pause)}
        if milligrams or pause:
            # Nobody says how many times a day nothing was taken.
            step |= {"dose_mg": milligrams or 400, "times_per_day": times or (2 if pause else None)}
        steps.append({"patient_id": name, "drug_code": "sorafenib", **step})
    return {"treatment_course": [course(name, on(case["course"])["on"])], "exposure": steps}


def given_treatment(case: Case, name: str) -> Given:
    stopped = None if case["course"] == "goes on" else on(str(LAST_DOSE))["on"]
    given: Given = {
        "treatment_course": [course(name, stopped)],
        "exposure": [step_to_last_dose(name)],
    }
    if not case["began"]:
        return given
    began = on(case["began"])
    when = {"patient_id": name, "started_on": began["on"], "started_on_precision": began["precision"]}
    what, _, site = case["treatment"].partition(" of ")
    kind, _, drug = what.partition(" ")
    if kind == "drug":
        given["treatment_course"].append({"drug_code": drug, **when})
    else:
        given["procedure"] = [{"procedure_code": what, "target_site_code": site or None, **when}]
    return given


def given_prescription(case: Case, name: str) -> Given:
    start, stop = on(case["from"]), on(case["to"])
    row = {
        "patient_id": name,
        "ingredient_code": case["ingredient"],
        "started_on": start["on"],
        "started_on_precision": start["precision"],
        "stopped_on": stop["on"],
        "stopped_on_precision": stop["precision"],
    }
    return {
        "treatment_course": [course(name, on(str(LAST_DOSE))["on"])],
        "exposure": [step_to_last_dose(name)],
        "medication": [row],
    }


def given_number(case: Case, name: str) -> Given:
    given: Given = {"treatment_course": [course(name, None)]}
    if case["scale"] == "bmi":
        weight, height = case["given"].split(" at ")
        given["observation"] = [
            {
                "patient_id": name,
                "observed_on": INDEX,
                "observation_code": code,
                "value_number": number,
                "unit": unit,
            }
            for code, number, unit in (("weight", weight, "kg"), ("height", height, "cm"))
            if number != "?"
        ]
        return given
    value, _, base = case["given"].partition(" of ")
    if case["scale"] == "afp":
        return given | {"lab_result": afp(name, 0, value)}
    results = afp(name, 56, value) + ([] if base == "?" else afp(name, 0, base))
    return given | {"lab_result": results, "imaging_visit": [scan(name, "56")]}


def given_results(case: Case, name: str) -> Given:
    results = [afp(name, int(day), value) for day, value in (part.split() for part in parts(case["results"]))]
    return {
        "treatment_course": [course(name, None)],
        "lab_result": [row for rows in results for row in rows],
        "imaging_visit": [scan(name, day) for day in parts(case["scans"])],
    }


ANSWERS: dict[str, tuple[Callable[[Case, str], Given], str]] = {
    DOSE.title: (
        given_steps,
        (
            "SELECT patient_id, last_dose_on - index_date AS 'last dose', treatment_days AS days, "
            "coalesce(mean_daily_dose_mg::VARCHAR, '?') AS mean, "
            "coalesce(interruption_count::VARCHAR, '?') AS interruptions, "
            "coalesce(reduction_count::VARCHAR, '?') AS reductions "
            "FROM clinical.treatment JOIN clinical.dose USING (site_id, patient_id)"
        ),
    ),
    BESIDE.title: (
        given_treatment,
        (
            "SELECT patient_id, is_first_line AS 'first-line', has_concomitant_treatment AS concomitant, "
            "has_salvage_treatment AS salvage FROM analysis.cohort"
        ),
    ),
    CO_MEDICATION.title: (
        given_prescription,
        "SELECT patient_id, takes_metformin AS metformin, takes_statin AS statin FROM analysis.cohort",
    ),
    CLASSES.title: (
        given_number,
        "SELECT patient_id, bmi_class AS bmi, afp_class AS afp, afp_ratio_class AS afp_ratio FROM analysis.cohort",
    ),
    EVALUATION.title: (
        given_results,
        "SELECT patient_id, value::DOUBLE::INTEGER AS chosen FROM clinical.afp_at_evaluation",
    ),
}


@cache
def answers(title: str) -> dict[int, Case]:
    """Publish all cases of a table together, and ask once for every option that a case names."""
    table = next(table for table in TABLES if table.title == title)
    give, question = ANSWERS[title]
    rows: Given = {name: list(told) for name, told in BYSTANDER.items()}
    for number, case in enumerate(table.cases):
        rows["patient"].append({"patient_id": str(number)})
        for name, told in give(case, str(number)).items():
            rows.setdefault(name, []).extend(told)
    found: dict[int, Case] = {}
    with TemporaryDirectory() as folder:
        engine = open_warehouse(Path(folder) / "warehouse.duckdb")
        upgrade(engine)
        with raw_connection(engine) as con:
            publish_by_hand(con, rows)
            for option in sorted({case.get("option", "") for case in table.cases}):
                said, unsaid = ask_with(con, option, question)
                found |= {
                    number: said.get(str(number), unsaid)
                    for number, case in enumerate(table.cases)
                    if case.get("option", "") == option
                }
        engine.dispose()
    return found


def ask_with(con: duckdb.DuckDBPyConnection, option: str, question: str) -> tuple[dict[str, Case], Case]:
    """Ask with one option set, and set it back; give every patient's answers, and those of one who has no row."""
    if option:
        name, value = option.split(" = ")
        was = con.execute("SELECT name, value FROM reference.study_option WHERE name = ?", [name]).fetchall()
        set_options(con, {name: value})
        refresh(con)
    cursor = con.execute(question)
    columns = [column[0] for column in (cursor.description or ())[1:]]
    said = {row[0]: dict(zip(columns, map(spell, row[1:]), strict=True)) for row in cursor.fetchall()}
    if option:
        set_options(con, dict(was))
    return said, dict.fromkeys(columns, "")


@pytest.mark.parametrize(
    ("table", "number"),
    [
        pytest.param(table, number, id=f"{table.title}: {' | '.join(list(case.values())[:-1])}")
        for table in TABLES
        for number, case in enumerate(table.cases)
    ],
)
def test_case(table: SpecTable, number: int) -> None:
    case, said = table.cases[number], answers(table.title)[number]
    if table is CLASSES:
        assert said[case["scale"]] == case["class"]
        return
    assert said == {name: case[name] for name in said}


def test_a_hospital_that_tells_nothing_has_not_said_no(warehouse_path: Path) -> None:
    """Without any procedure or medication in its load, nobody's treatment is known to be first, alone or the last."""
    rows = {
        "patient": [{"patient_id": "a"}],
        "treatment_course": [course("a", on("100")["on"])],
    }
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, rows)
        said = con.execute(
            "SELECT is_first_line, has_concomitant_treatment, has_salvage_treatment, takes_metformin, takes_statin, "
            "treatment_days FROM analysis.cohort"
        ).fetchall()
    engine.dispose()
    assert said == [(None, None, None, None, None, 100)]


def test_what_was_done_is_named_once(warehouse_path: Path) -> None:
    rows = {
        "patient": [{"patient_id": "a"}],
        "treatment_course": [
            course("a", on("100")["on"]),
            {"patient_id": "a", "drug_code": "doxorubicin", "started_on": on("130")["on"]},
        ],
        "procedure": [
            {"patient_id": "a", "procedure_code": code, "started_on": on(str(day))["on"]}
            for code, day in (("tace", 10), ("tace", 50), ("radiotherapy", 20), ("tace", 120), ("rfa", 140))
        ],
    }
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, rows)
        said = con.execute(
            "SELECT concomitant_treatments, salvage_treatments, salvage_on - index_date FROM analysis.cohort"
        ).fetchall()
    engine.dispose()
    assert said == [("radiotherapy, tace", "doxorubicin, rfa, tace", 120)]


def course(name: str, stopped_on: date | None) -> dict[str, Any]:
    return {"patient_id": name, "drug_code": "sorafenib", "started_on": INDEX, "stopped_on": stopped_on}


def step_to_last_dose(name: str) -> dict[str, Any]:
    last = on(str(LAST_DOSE))["on"]
    return {
        "patient_id": name,
        "drug_code": "sorafenib",
        "started_on": INDEX,
        "stopped_on": last,
        "dose_mg": 400,
        "times_per_day": 2,
    }


def afp(name: str, day: int, told: str) -> list[dict[str, Any]]:
    qualifier, _, value = told.rpartition(" ")
    row = {"analyte_code": "afp", "taken_on": INDEX + timedelta(day), "value": value, "unit": "ng/mL"}
    return [{"patient_id": name, "value_qualifier": qualifier or None, **row}]


def scan(name: str, day: str) -> dict[str, Any]:
    return {"patient_id": name, "imaged_on": INDEX + timedelta(int(day)), "modality_code": "ct"}


def on(told: str) -> dict[str, Any]:
    """Read a day of treatment, or a month or year as a partial date."""
    if re.fullmatch(r"\d{4}(-\d{2})?", told) and int(told[:4]) > 2000:
        year, _, month = told.partition("-")
        return {"on": date(int(year), int(month or 1), 1), "precision": "month" if month else "year"}
    return {"on": INDEX + timedelta(int(told)) if told else None, "precision": "day" if told else None}


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]


def spell(value: Any) -> str:
    return {None: "", True: "yes", False: "no"}[value] if value is None or isinstance(value, bool) else str(value)
