"""Severance's export: CSV files in cp949, the doctors' own words, several things in one cell.

A visit's events stand in one cell, blood pressure as 120/80, a dose as "400mg bid", the Child-Pugh score as "A(5)", the
ingredients of a product in a list, a result with a mark behind it when it is out of its limits, dates as 2010.3.5.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.synthetic.columns import Column, code, day, number, text, write_columns
from etl.synthetic.hospitals.severance import words as words_of
from etl.synthetic.hospitals.severance.adverse_events import event_cells, report_events, without_events
from etl.synthetic.rendering import iso_dates, numbers, texts, with_every_observation, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.study import Study, of_site

SITE = "severance"


def render(study: Study, _: bool) -> Iterator[Sheet]:
    """Render one replica of Severance's delivery."""
    tables = as_reported(study, _)
    yield Sheet("기본정보.csv", _patients(tables["patient"], study.people))
    yield Sheet("경과기록.csv", _visits(tables["observation"], tables["adverse_event"]))
    for file, (table, columns) in _FILES.items():
        yield Sheet(file, write_columns(tables[table], columns))
    yield Sheet("약물투여.csv", _doses(tables["exposure"]))
    yield Sheet("병용약.csv", _medications(tables["medication"]))
    yield Sheet("진단검사.csv", _labs(tables["lab_result"]))


def as_reported(study: Study, _: bool) -> dict[str, pd.DataFrame]:
    """State Severance's canonical rows as the hospital reports them: uncoded events, marked results, trade names."""
    tables = of_site(study, SITE)
    courses, follow_up = tables["treatment_course"], tables["follow_up"]
    courses["drug_text"] = words(courses["drug_code"], words_of.DRUG)
    follow_up["death_cause_text"] = follow_up["death_cause_text"].replace(words_of.DEATH_TEXT)
    tables["adverse_event"] = report_events(tables)
    labs = tables["lab_result"]
    tables["lab_result"] = labs.assign(
        reported_value=labs["value"],
        reported_value_text=_lab_texts(labs),
        reported_unit=labs["unit"].replace(words_of.REPORTED_UNIT),
        unit_factor=1.0,
        limits_source_code="result",
    )
    return tables


def korean_dates(dates: pd.Series, precisions: pd.Series | None = None) -> list[str]:
    """Write dates as 2010.3.5, or as 2010년 3월 or 2010년 where no more is known; an absent one is empty."""
    return [_korean_date(date) for date in iso_dates(dates, precisions)]


def _korean_date(date: str) -> str:
    parts = [part.lstrip("0") for part in date.split("-")]
    if len(parts) == 3:
        return ".".join(parts)
    return " ".join(part + sign for part, sign in zip(parts, "년월", strict=False)) if date else ""


def _day(name: str, precision: str | None = None) -> Column:
    return day(name, korean_dates, precision)


def _yes(name: str) -> Column:
    return code(name, words_of.YES)


def _patients(of: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    person = people[people["site_id"] == SITE].set_index("patient_id").loc[of["patient_id"]]
    records = write_columns(of, _PATIENT)
    records.insert(1, "이름", person["name"].to_numpy())
    records.insert(2, "담당교수", person["doctor"].to_numpy())
    return records


def _child_pugh(of: pd.DataFrame) -> list[str]:
    """Write class and points as A(5), or what there is of them."""
    points = numbers(of["child_pugh_reported_points"], 0)
    return [
        letter + (f"({point})" if point else "")
        for letter, point in zip(texts(of["child_pugh_reported_code"]), points, strict=True)
    ]


def _visits(of: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """One record per patient and day: every finding in its own column, the events in one cell."""
    value = of["value_code"].where(of["value_code"].notna(), of["value_number"])
    wide = (
        of.assign(value=value)
        .pivot(index=["patient_id", "observed_on"], columns="observation_code", values="value")
        .reset_index()
        .pipe(with_every_observation)
        .merge(event_cells(events), on=["patient_id", "observed_on"], how="outer")
    )
    return write_columns(wide, _VISIT)


def _blood_pressure(of: pd.DataFrame) -> list[str]:
    upper, lower = (numbers(of[name], 0) for name in ("systolic", "diastolic"))
    return [f"{high}/{low}" if high else "" for high, low in zip(upper, lower, strict=True)]


def _doses(of: pd.DataFrame) -> pd.DataFrame:
    """Write amount and times a day as "400mg bid"; an interruption is "0mg hold"."""
    times = words(of["times_per_day"], words_of.FREQUENCY)
    regimen = [f"{dose}mg {often}" for dose, often in zip(numbers(of["dose_mg"], 0), times, strict=True)]
    return write_columns(of, _EXPOSURE).assign(용법=regimen)


def _medications(of: pd.DataFrame) -> pd.DataFrame:
    """One record per product, its ingredients in one cell."""
    course = ["patient_id", "product_text", "started_on"]
    ingredients = of.assign(word=words(of["ingredient_code"], words_of.INGREDIENT)).groupby(course, sort=False)["word"]
    first = of.drop_duplicates(course)
    return write_columns(first, _MEDICATION).assign(성분=ingredients.agg("/".join).to_list())


def _labs(of: pd.DataFrame) -> pd.DataFrame:
    lower, upper = ([_limit(value) for value in of[name].tolist()] for name in ("lower_limit", "upper_limit"))
    normal = [f"{low} - {high}" if low else f"≤{high}" for low, high in zip(lower, upper, strict=True)]
    return write_columns(of, _LAB).assign(참고치=normal)


def _limit(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"


def _lab_texts(labs: pd.DataFrame) -> list[str]:
    decimals = labs["analyte_code"].map({code: analyte.decimals for code, analyte in panel().items()})
    is_high = (labs["value"] > labs["upper_limit"]).to_numpy()
    is_low = (labs["value"] < labs["lower_limit"]).to_numpy()
    marks = np.select([is_high, is_low], [words_of.HIGH, words_of.LOW], "").tolist()
    return [
        f"{qualifier if isinstance(qualifier, str) else ''}{value:.{places}f}{mark}"
        for qualifier, value, places, mark in zip(labs["value_qualifier"], labs["value"], decimals, marks, strict=True)
    ]


_NUMBER = text("patient_id")
_PATIENT: dict[str, Column] = {
    "등록번호": _NUMBER,
    "성별": code("sex", words_of.SEX),
    "생년월일": _day("birth_date"),
    "간질환원인": code("aetiology", words_of.AETIOLOGY),
    "HCC진단일": _day("diagnosed_on", "diagnosed_on_precision"),
    "진단방법": code("diagnosis_basis", words_of.BASIS),
    "절제": code("is_unresectable", words_of.RESECTABLE),
    "BCLC": text("bclc_reported_code"),
    "BCLC평가일": _day("bclc_assessed_on"),
    "Child-Pugh": _child_pugh,
    "CP평가일": _day("child_pugh_assessed_on"),
}
_VISIT: dict[str, Column] = {
    "등록번호": _NUMBER,
    "진료일": _day("observed_on"),
    "ECOG": number("ecog"),
    "복수": code("ascites", words_of.ASCITES),
    "간성혼수": code("encephalopathy", words_of.ENCEPHALOPATHY),
    "Ht": number("height", 1),
    "Wt": number("weight", 1),
    "BP": _blood_pressure,
    "이상반응": lambda rows: without_events(texts(rows["이상반응"])),
}
_EXPOSURE: dict[str, Column] = {
    "등록번호": _NUMBER,
    "약제": code("drug_code", words_of.DRUG),
    "시작일": _day("started_on"),
    "종료일": _day("stopped_on"),
    "변경이유": code("reason_code", words_of.DOSE_REASON),
}
_MEDICATION: dict[str, Column] = {
    "등록번호": _NUMBER,
    "제품명": text("product_text"),
    "시작일": _day("started_on", "started_on_precision"),
    "종료일": _day("stopped_on", "stopped_on_precision"),
}
_LAB: dict[str, Column] = {
    "등록번호": _NUMBER,
    "채혈일": _day("taken_on"),
    "검사명": code("analyte_code", words_of.ANALYTE),
    "결과값": text("reported_value_text"),
    "단위": code("reported_unit", words_of.UNIT),
}

_FILES: dict[str, tuple[str, dict[str, Column]]] = {
    "과거병력.csv": (
        "medical_history",
        {
            "등록번호": _NUMBER,
            "질환": code("condition_code", words_of.CONDITION),
            "유무": _yes("is_present"),
            "KCD": text("kcd_code"),
            "내용": text("condition_text"),
            "진단시기": _day("started_on", "started_on_precision"),
            "암종": code("cancer_site_code", words_of.CANCER_SITE),
            "CIS": _yes("is_in_situ"),
            "완치일": _day("cured_on", "cured_on_precision"),
        },
    ),
    "치료전종양.csv": (
        "tumour_baseline",
        {
            "등록번호": _NUMBER,
            "촬영일": _day("imaged_on"),
            "검사": code("modality_code", words_of.MODALITY),
            "조영": _yes("has_contrast"),
            "최대크기(㎜)": number("largest_diameter_mm"),
            "갯수": number("nodule_count"),
            "갯수표시": code("nodule_count_qualifier", words_of.COUNT),
            "Infiltrative": _yes("is_infiltrative"),
            "PVT": code("portal_vein_invasion_code", words_of.VEIN),
            "HVT": _yes("has_hepatic_vein_invasion"),
            "BDT": _yes("has_bile_duct_invasion"),
            "M_LN": _yes("has_lymph_node_metastasis"),
            "M_Lung": _yes("has_lung_metastasis"),
            "M_Bone": _yes("has_bone_metastasis"),
            "M_Brain": _yes("has_brain_metastasis"),
            "M_Adrenal": _yes("has_adrenal_metastasis"),
            "M_Peritoneum": _yes("has_peritoneum_metastasis"),
            "M_기타": _yes("has_other_metastasis"),
        },
    ),
    "항암치료.csv": (
        "treatment_course",
        {
            "등록번호": _NUMBER,
            "약제": code("drug_code", words_of.DRUG),
            "시점": code("role_code", words_of.ROLE),
            "시작일": _day("started_on", "started_on_precision"),
            "종료일": _day("stopped_on", "stopped_on_precision"),
            "중단이유": code("stop_reason_code", words_of.STOP_REASON),
        },
    ),
    "시술수술.csv": (
        "procedure",
        {
            "등록번호": _NUMBER,
            "시술": code("procedure_code", words_of.PROCEDURE),
            "시술내용": text("procedure_text"),
            "부위": code("target_site_code", words_of.ORGAN),
            "시행일": _day("started_on", "started_on_precision"),
            "종료일": _day("ended_on"),
        },
    ),
    "영상판독.csv": (
        "imaging_visit",
        {
            "등록번호": _NUMBER,
            "촬영일": _day("imaged_on"),
            "차수": text("visit_text"),
            "검사": code("modality_code", words_of.MODALITY),
            "부위": code("region_code", words_of.REGION),
            "조영": _yes("has_contrast"),
            "동맥기": _yes("has_arterial_phase"),
            "주치의판정": text("response_physician_code"),
            "판독의판정": text("response_radiologist_code"),
            "NTL": code("non_target_status_code", words_of.NON_TARGET),
            "새병변": _yes("has_new_lesion"),
        },
    ),
    "병변측정.csv": (
        "lesion",
        {
            "등록번호": _NUMBER,
            "촬영일": _day("imaged_on"),
            "병변": text("lesion_label"),
            "위치": code("organ_code", words_of.ORGAN),
            "구분": code("role_code", words_of.LESION_ROLE),
            "LN": _yes("is_lymph_node"),
            "Viable(㎜)": number("viable_diameter_mm", 1),
            "Total(㎜)": number("whole_diameter_mm", 1),
            "단경(㎜)": number("short_axis_mm", 1),
            "동맥기조영": code("enhancement_code", words_of.ENHANCEMENT),
            "형태": code("pattern_code", words_of.PATTERN),
            "이전치료": _yes("is_treated_before"),
        },
    ),
    "추적.csv": (
        "follow_up",
        {
            "등록번호": _NUMBER,
            "최종확인일": _day("last_contact_on"),
            "생사": code("vital_status_code", words_of.VITAL_STATUS),
            "확인방법": code("vital_status_source_code", words_of.VITAL_SOURCE),
            "사망일": _day("died_on", "died_on_precision"),
            "사인": code("death_cause_code", words_of.DEATH_CAUSE),
            "사인내용": text("death_cause_text"),
        },
    ),
}
"""What each file takes from one canonical table; the files with something besides have a function of their own."""
