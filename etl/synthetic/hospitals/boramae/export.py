"""Boramae's export: one row per patient, twelve visits across; what has no room goes to a second workbook.

Row after row a person has kept this table by hand: a title above, a subtotal every twenty patients, the sum below.
"""

from collections.abc import Iterator

import pandas as pd

from etl.synthetic.hospitals.boramae import words as words_of
from etl.synthetic.hospitals.boramae.courses import (
    render_courses,
    render_doses,
    render_events,
    render_history,
    render_medications,
    render_procedures,
)
from etl.synthetic.hospitals.boramae.layout import LIMITS, WIDE
from etl.synthetic.hospitals.boramae.person import render_follow_up, render_identity, render_patient, render_tumour
from etl.synthetic.hospitals.boramae.visits import render_days, render_scans
from etl.synthetic.hospitals.boramae.wide import ID, Block, spread
from etl.synthetic.rendering import cell_numbers, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study, of_site

SITE = "boramae"
FILE = "보라매_간암코호트_201604.xlsx"
FURTHER_FILE = "보라매_간암코호트_201604_추가방문.xlsx"
VISITS_ACROSS = 12
_NUMBER, _KIND = "순번", "행구분"
_PATIENTS_PER_SUBTOTAL = 20


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of Boramae's delivery; the limits of normal come once."""
    tables = as_reported(study, is_first)
    columns, rows = spread(_blocks(tables))
    identity = render_identity(tables["patient"], study.people[study.people["site_id"] == SITE])
    _, names = spread([Block("기본", 1, [identity])])
    columns = [_NUMBER, _KIND, ID, *(f"기본 / {item}" for item in identity.columns if item != ID), *columns]
    patients = tables["patient"]["patient_id"].tolist()
    first = [_row(number, patient, "기본", names, rows[patient][0]) for number, patient in enumerate(patients, start=1)]
    yield Sheet(FILE, _frame(_with_subtotals(first), columns), WIDE)
    further = [
        _row(number, patient, "추가", names, cells)
        for number, patient in enumerate(patients, start=1)
        for cells in rows[patient][1:]
    ]
    if further:
        yield Sheet(FURTHER_FILE, _frame(further, columns), WIDE)
    if is_first:
        yield Sheet(FILE, _limits(tables["reference_range"]), LIMITS)


def as_reported(study: Study, is_first: bool) -> dict[str, pd.DataFrame]:
    """State Boramae's canonical rows as the hospital reports them; its limits of normal stand in a table of their own."""
    tables = of_site(study, SITE)
    courses = tables["treatment_course"]
    courses["drug_text"] = words(courses["drug_code"], words_of.DRUG)
    labs = tables["lab_result"]
    labs["reported_value"] = labs["value"]
    signs = labs["value_qualifier"].fillna("").tolist()
    written = zip(signs, cell_numbers(labs["value"]), strict=True)
    labs["reported_value_text"] = [f"{sign}{number}" for sign, number in written]
    labs["reported_unit"] = labs["unit"].replace(words_of.REPORTED_UNIT)
    labs["unit_factor"] = 1.0
    labs["limits_source_code"] = "reference_range"
    if is_first:
        tables["reference_range"] = _reference_ranges(study)
    return tables


def _reference_ranges(study: Study) -> pd.DataFrame:
    """Read the limits of each analyte and sex off the results of all hospitals, which measure alike."""
    sexes = study.tables["patient"][["site_id", "patient_id", "sex"]]
    labs = study.tables["lab_result"]
    known = labs[labs["analyte_code"].isin(words_of.ANALYTE)].merge(sexes, on=["site_id", "patient_id"])
    limits = known.groupby(["analyte_code", "sex"], as_index=False)[["unit", "lower_limit", "upper_limit"]].first()
    limits["unit"] = limits["unit"].replace(words_of.REPORTED_UNIT)
    absent = dict.fromkeys(("age_from_years", "age_to_years", "valid_from", "valid_to"), None)
    return limits.assign(**absent)


def _blocks(tables: dict[str, pd.DataFrame]) -> list[Block]:
    """Lay out the groups of columns from left to right."""
    return [
        Block("기본", 1, [render_patient(tables["patient"])]),
        Block("기저종양", 1, [render_tumour(tables["tumour_baseline"])]),
        Block("과거력{}", 4, [render_history(tables["medical_history"])]),
        Block("전신치료{}", 3, [render_courses(tables["treatment_course"])]),
        Block("투약{}", 4, [render_doses(tables["exposure"])]),
        Block("시술{}", 4, [render_procedures(tables["procedure"])]),
        Block("병용약{}", 4, [render_medications(tables["medication"])]),
        Block(
            "{}차 방문",
            VISITS_ACROSS,
            [
                render_days(tables["observation"], tables["lab_result"]),
                render_scans(tables["imaging_visit"], tables["lesion"]),
            ],
        ),
        Block("이상반응{}", 4, [render_events(tables["adverse_event"])]),
        Block("추적", 1, [render_follow_up(tables["follow_up"])]),
    ]


def _row(
    number: int, patient: str, kind: str, names: dict[str, list[dict[str, str]]], cells: dict[str, str]
) -> dict[str, str]:
    return {_NUMBER: str(number), _KIND: kind, ID: patient, **names[patient][0], **cells}


def _with_subtotals(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Put a subtotal below every twenty patients, and the sum below all."""
    for begin in range(0, len(rows), _PATIENTS_PER_SUBTOTAL):
        part = rows[begin : begin + _PATIENTS_PER_SUBTOTAL]
        yield from part
        yield _total("소계", part)
    yield _total("합계", rows)


def _total(kind: str, rows: list[dict[str, str]]) -> dict[str, str]:
    dead = sum(row.get("추적 / 생존상태") == words_of.VITAL_STATUS["dead"] for row in rows)
    return {_KIND: kind, "기본 / 성별": f"{len(rows)}명", "추적 / 생존상태": f"사망 {dead}명"}


def _frame(rows: Iterator[dict[str, str]] | list[dict[str, str]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame([[row.get(column, "") for column in columns] for row in rows], columns=columns)


def _limits(of: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "검사": words(of["analyte_code"], words_of.ANALYTE),
            "성별": words(of["sex"], words_of.SEX),
            "단위": words(of["unit"], words_of.UNIT),
            "하한": cell_numbers(of["lower_limit"]),
            "상한": cell_numbers(of["upper_limit"]),
        }
    )
