"""JBUH's export: one workbook, a sheet per domain."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from etl.synthetic.hospitals.jbuh import words as words_of
from etl.synthetic.hospitals.jbuh.disease import render_imaging, render_lesions, render_tumours
from etl.synthetic.hospitals.jbuh.treatment import (
    render_courses,
    render_doses,
    render_events,
    render_medications,
    render_procedures,
)
from etl.synthetic.rendering import cell_numbers, iso_dates, texts, with_every_observation, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study, of_site

SITE = "jbuh"
FILE = "전북대병원_간암코호트_201604.xlsx"
_ID = "환자번호"
_FIRST_DAY_OF_CTCAE_4 = np.datetime64("2010-07-01")
_CENTURY_DIGITS = {("male", False): 1, ("female", False): 2, ("male", True): 3, ("female", True): 4}
"""The seventh digit of a resident number, by sex and whether the birth lies after 1999."""


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of JBUH's delivery."""
    tables = as_reported(study, is_first)
    yield Sheet(FILE, _patients(tables["patient"], study.people), "환자")
    for sheet, (table, render_sheet) in _SHEETS.items():
        yield Sheet(FILE, render_sheet(tables[table]), sheet)


def as_reported(study: Study, _: bool) -> dict[str, pd.DataFrame]:
    """State JBUH's canonical rows as the hospital reports them: Karnofsky, and CTCAE 3.0 until June 2010."""
    tables = of_site(study, SITE)
    tables["observation"] = _with_karnofsky(tables["observation"])
    courses = tables["treatment_course"]
    courses["drug_text"] = words(courses["drug_code"], words_of.DRUG)
    events = tables["adverse_event"]
    version = pd.Series(np.where(events["onset_on"] >= _FIRST_DAY_OF_CTCAE_4, "4.03", "3.0"), index=events.index)
    events["ctcae_version"] = version.where(events["onset_on"].notna(), None)
    labs = tables["lab_result"]
    labs["reported_value"] = labs["value"]
    labs["reported_value_text"] = _lab_texts(labs)
    labs["reported_unit"] = labs["unit"].replace(words_of.REPORTED_UNIT)
    labs["unit_factor"] = 1.0
    labs["limits_source_code"] = "result"
    return tables


def _with_karnofsky(observation: pd.DataFrame) -> pd.DataFrame:
    """Put a Karnofsky step of a grade in the place of each ECOG grade, the higher of two on even days."""
    is_ecog = observation["observation_code"] == "ecog"
    days = observation["observed_on"].to_numpy().astype("datetime64[D]").astype(int)
    steps = [
        words_of.KARNOFSKY[int(grade)][day % 2] if performance else grade
        for grade, day, performance in zip(observation["value_number"], days, is_ecog, strict=True)
    ]
    return observation.assign(
        observation_code=observation["observation_code"].replace("ecog", "karnofsky"), value_number=steps
    )


def _lab_texts(labs: pd.DataFrame) -> list[str]:
    signs = texts(labs["value_qualifier"])
    return [sign + text for sign, text in zip(signs, cell_numbers(labs["value"]), strict=True)]


def _patients(of: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    person = people[people["site_id"] == SITE].set_index("patient_id").loc[of["patient_id"]]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "성명": person["name"].to_numpy(),
            "주민번호": _resident_numbers(of),
            "담당교수": person["doctor"].to_numpy(),
            "성별": words(of["sex"], words_of.SEX),
            "생일": iso_dates(of["birth_date"], of["birth_date_precision"]),
            "원인": words(of["aetiology"], words_of.AETIOLOGY),
            "진단일": iso_dates(of["diagnosed_on"], of["diagnosed_on_precision"]),
            "진단방법": words(of["diagnosis_basis"], words_of.BASIS),
            "절제불가": words(of["is_unresectable"], words_of.YES),
            "BCLC": texts(of["bclc_reported_code"]),
            "BCLC평가일": iso_dates(of["bclc_assessed_on"]),
            "CP점수": cell_numbers(of["child_pugh_reported_points"]),
            "CP등급": texts(of["child_pugh_reported_code"]),
            "CP평가일": iso_dates(of["child_pugh_assessed_on"]),
        }
    )


def _resident_numbers(patients: pd.DataFrame) -> list[str]:
    """Make up resident numbers that agree with birth date and sex; the tail follows from the hospital's number."""
    return [
        f"{birth:%y%m%d}-{_CENTURY_DIGITS[sex, birth.year >= 2000]}{int(number[1:]) * 7919 % 1_000_000:06d}"
        for birth, sex, number in zip(patients["birth_date"], patients["sex"], patients["patient_id"], strict=True)
    ]


def _visits(of: pd.DataFrame) -> pd.DataFrame:
    """One record per patient and day, every finding in its own column."""
    wide = (
        of.assign(value=of["value_code"].where(of["value_code"].notna(), of["value_number"]))
        .pivot(index=["patient_id", "observed_on"], columns="observation_code", values="value")
        .reset_index()
        .pipe(with_every_observation)
    )
    number = {name: pd.to_numeric(wide[name]) for name in ("karnofsky", "weight", "height", "systolic", "diastolic")}
    return pd.DataFrame(
        {
            _ID: wide["patient_id"],
            "외래일": iso_dates(wide["observed_on"]),
            "KPS": cell_numbers(number["karnofsky"]),
            "복수": words(wide["ascites"], words_of.ASCITES),
            "간성혼수": words(wide["encephalopathy"], words_of.ENCEPHALOPATHY),
            "체중(kg)": cell_numbers(number["weight"]),
            "키(cm)": cell_numbers(number["height"]),
            "수축기": cell_numbers(number["systolic"]),
            "이완기": cell_numbers(number["diastolic"]),
        }
    )


def _history(of: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "질환": words(of["condition_code"], words_of.CONDITION),
            "유무": words(of["is_present"], words_of.SIGN),
            "KCD": texts(of["kcd_code"]),
            "질환명": texts(of["condition_text"]),
            "진단일": iso_dates(of["started_on"], of["started_on_precision"]),
            "암종": words(of["cancer_site_code"], words_of.CANCER_SITE),
            "제자리암": words(of["is_in_situ"], words_of.YES),
            "완치일": iso_dates(of["cured_on"], of["cured_on_precision"]),
        }
    )


def _labs(of: pd.DataFrame) -> pd.DataFrame:
    lower, upper = (cell_numbers(of[column]) for column in ("lower_limit", "upper_limit"))
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "채혈일": iso_dates(of["taken_on"]),
            "검사명": words(of["analyte_code"], words_of.ANALYTE),
            "결과값": texts(of["reported_value_text"]),
            "단위": words(of["reported_unit"], words_of.UNIT),
            "참고치": ["" if low == high == "" else f"{low}~{high}" for low, high in zip(lower, upper, strict=True)],
        }
    )


def _follow_up(of: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "최종확인일": iso_dates(of["last_contact_on"]),
            "생존여부": words(of["vital_status_code"], words_of.VITAL_STATUS),
            "확인방법": words(of["vital_status_source_code"], words_of.VITAL_SOURCE),
            "사망일": iso_dates(of["died_on"], of["died_on_precision"]),
            "사인": words(of["death_cause_code"], words_of.DEATH_CAUSE),
            "사인상세": texts(of["death_cause_text"]),
        }
    )


_SHEETS: dict[str, tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]] = {
    "외래": ("observation", _visits),
    "과거력": ("medical_history", _history),
    "종양": ("tumour_baseline", render_tumours),
    "항암치료": ("treatment_course", render_courses),
    "용량": ("exposure", render_doses),
    "시술": ("procedure", render_procedures),
    "병용약": ("medication", render_medications),
    "검사": ("lab_result", _labs),
    "영상": ("imaging_visit", render_imaging),
    "병변": ("lesion", render_lesions),
    "부작용": ("adverse_event", render_events),
    "추적": ("follow_up", _follow_up),
}
"""Which sheet a canonical table becomes; the patients' own stands before them."""
