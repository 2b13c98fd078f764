"""SNUH's export: one UTF-8 CSV file with a byte order mark per domain, Korean headers, long laboratory results."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from etl.synthetic.hospitals.snuh import words as words_of
from etl.synthetic.rendering import iso_dates, numbers, texts, with_every_observation, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.study import Study, of_site

SITE = "snuh"
LAB_COLUMNS = ("연구등록번호", "검사일자", "검사코드", "결과", "단위", "참고하한", "참고상한")
LAB_FILES = ("검사결과_2006-2010.csv", "검사결과_2011-2016.csv")
_SECOND_LAB_FILE_FROM = np.datetime64("2011-01-01")
_ID = "연구등록번호"
_UNKNOWN_NUMBER = "S999999"


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of SNUH's delivery.

    Clean but lifelike: the first replica also has an analyte code and a patient number that nobody knows, a late
    result without a unit, specimens that were too small to measure, and the file of patients has a column that
    nobody needs.
    """
    tables = as_reported(study, is_first)
    for file, render_file in _FILES.items():
        yield Sheet(file, render_file(tables, study.people))
    labs = _labs(tables["lab_result"])
    if is_first:
        labs = pd.concat([labs, _odd_labs(tables)], ignore_index=True)
    is_late = labs["검사일자"] >= str(_SECOND_LAB_FILE_FROM)
    yield Sheet(LAB_FILES[0], labs[~is_late])
    yield Sheet(LAB_FILES[1], labs[is_late])


def as_reported(study: Study, is_first: bool) -> dict[str, pd.DataFrame]:
    """State SNUH's canonical rows as the hospital reports them: results in its units, drugs in its words."""
    tables = of_site(study, SITE)
    courses = tables["treatment_course"]
    courses["drug_text"] = words(courses["drug_code"], words_of.DRUG)
    labs = tables["lab_result"]
    if is_first:
        labs = pd.concat([labs, _late_result(tables["follow_up"])], ignore_index=True)
    labs["reported_value"] = labs["value"]
    labs["reported_value_text"] = _lab_texts(labs)
    labs["reported_unit"] = labs["unit"].replace(words_of.REPORTED_UNIT)
    labs["unit_factor"] = np.where(labs["unit"].notna(), 1.0, np.nan)
    labs["limits_source_code"] = "result"
    labs["value"] = labs["value"].where(labs["unit"].notna())
    tables["lab_result"] = labs
    return tables


def _late_result(follow_up: pd.DataFrame) -> pd.DataFrame:
    """A glucose without a unit, three days before the last contact of the patient who was seen last."""
    last = follow_up.sort_values(["last_contact_on", "patient_id"]).iloc[-1]
    return pd.DataFrame(
        {
            "patient_id": [last["patient_id"]],
            "taken_on": [last["last_contact_on"] - pd.Timedelta(days=3)],
            "analyte_code": ["glucose"],
            "value": [104.0],
            "unit": [None],
            "lower_limit": [70.0],
            "upper_limit": [110.0],
        }
    )


def _lab_texts(labs: pd.DataFrame) -> list[str]:
    decimals = labs["analyte_code"].map({code: analyte.decimals for code, analyte in panel().items()})
    return [
        f"{qualifier if isinstance(qualifier, str) else ''}{value:.{places}f}"
        for qualifier, value, places in zip(
            labs["value_qualifier"].tolist(), labs["value"].tolist(), decimals.tolist(), strict=True
        )
    ]


def _patients(tables: dict[str, pd.DataFrame], people: pd.DataFrame) -> pd.DataFrame:
    of = tables["patient"]
    person = people[people["site_id"] == SITE].set_index("patient_id").loc[of["patient_id"]]
    insurance = [words_of.INSURANCE[int(number[1:]) % len(words_of.INSURANCE)] for number in of["patient_id"]]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "환자성명": person["name"].to_numpy(),
            "주치의": person["doctor"].to_numpy(),
            "성별": words(of["sex"], words_of.SEX),
            "생년월일": iso_dates(of["birth_date"]),
            "원인질환": words(of["aetiology"], words_of.AETIOLOGY),
            "간암진단일자": iso_dates(of["diagnosed_on"], of["diagnosed_on_precision"]),
            "진단근거": words(of["diagnosis_basis"], words_of.BASIS),
            "절제가능성": words(of["is_unresectable"], words_of.RESECTABLE),
            "BCLC병기": texts(of["bclc_reported_code"]),
            "BCLC평가일자": iso_dates(of["bclc_assessed_on"]),
            "CP점수": numbers(of["child_pugh_reported_points"], 0),
            "CP등급": texts(of["child_pugh_reported_code"]),
            "CP평가일자": iso_dates(of["child_pugh_assessed_on"]),
            "보험유형": insurance,
        }
    )


def _visits(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    """One record per patient and day, every finding in its own column."""
    of = tables["observation"]
    value = of["value_code"].where(of["value_code"].notna(), of["value_number"])
    wide = (
        of.assign(value=value)
        .pivot(index=["patient_id", "observed_on"], columns="observation_code", values="value")
        .reset_index()
        .pipe(with_every_observation)
    )
    number = {name: pd.to_numeric(wide[name]) for name in ("ecog", "weight", "height", "systolic", "diastolic")}
    return pd.DataFrame(
        {
            _ID: wide["patient_id"],
            "진료일자": iso_dates(wide["observed_on"]),
            "ECOG": numbers(number["ecog"], 0),
            "복수": words(wide["ascites"], words_of.ASCITES),
            "간성뇌증": words(wide["encephalopathy"], words_of.ENCEPHALOPATHY),
            "체중": numbers(number["weight"], 1),
            "신장": numbers(number["height"], 1),
            "수축기혈압": numbers(number["systolic"], 0),
            "이완기혈압": numbers(number["diastolic"], 0),
        }
    )


def _history(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["medical_history"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "질환구분": words(of["condition_code"], words_of.CONDITION),
            "유무": words(of["is_present"], words_of.PRESENT),
            "상병코드": texts(of["kcd_code"]),
            "질환명": texts(of["condition_text"]),
            "진단일자": iso_dates(of["started_on"], of["started_on_precision"]),
            "암부위": words(of["cancer_site_code"], words_of.CANCER_SITE),
            "상피내암여부": words(of["is_in_situ"], words_of.YES),
            "완치일자": iso_dates(of["cured_on"], of["cured_on_precision"]),
        }
    )


def _tumours(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["tumour_baseline"]
    spread = {
        "간정맥침범": "has_hepatic_vein_invasion", "담관침범": "has_bile_duct_invasion",
        "림프절전이": "has_lymph_node_metastasis", "폐전이": "has_lung_metastasis", "뼈전이": "has_bone_metastasis",
        "뇌전이": "has_brain_metastasis", "부신전이": "has_adrenal_metastasis", "복막전이": "has_peritoneum_metastasis",
        "기타전이": "has_other_metastasis",
    }  # fmt: skip
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "영상일자": iso_dates(of["imaged_on"]),
            "영상종류": words(of["modality_code"], words_of.MODALITY),
            "조영제": words(of["has_contrast"], words_of.USED),
            "최대직경_mm": numbers(of["largest_diameter_mm"], 0),
            "종양개수": numbers(of["nodule_count"], 0),
            "개수구분": words(of["nodule_count_qualifier"], words_of.COUNT),
            "침윤형": words(of["is_infiltrative"], words_of.YES),
            "문맥침범": words(of["portal_vein_invasion_code"], words_of.VEIN),
            **{header: words(of[column], words_of.PRESENT) for header, column in spread.items()},
        }
    )


def _courses(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["treatment_course"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "약제명": texts(of["drug_text"]),
            "치료구분": words(of["role_code"], words_of.ROLE),
            "시작일자": iso_dates(of["started_on"], of["started_on_precision"]),
            "종료일자": iso_dates(of["stopped_on"], of["stopped_on_precision"]),
            "종료사유": words(of["stop_reason_code"], words_of.STOP_REASON),
        }
    )


def _doses(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["exposure"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "약제명": words(of["drug_code"], words_of.DRUG),
            "시작일자": iso_dates(of["started_on"]),
            "종료일자": iso_dates(of["stopped_on"]),
            "1회용량_mg": numbers(of["dose_mg"], 0),
            "1일횟수": numbers(of["times_per_day"], 0),
            "휴약": words(of["is_interruption"], words_of.YES),
            "변경사유": words(of["reason_code"], words_of.DOSE_REASON),
        }
    )


def _procedures(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["procedure"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "시술코드": words(of["procedure_code"], words_of.PROCEDURE),
            "시술명": texts(of["procedure_text"]),
            "표적장기": words(of["target_site_code"], words_of.ORGAN),
            "시작일자": iso_dates(of["started_on"], of["started_on_precision"]),
            "종료일자": iso_dates(of["ended_on"]),
        }
    )


def _medications(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    """One record per product; a combination names its second ingredient next to the first."""
    of = tables["medication"]
    course = ["patient_id", "product_text", "started_on"]
    number = of.groupby(course).cumcount()
    first = of[number == 0]
    second = first[course].merge(of[number == 1][[*course, "ingredient_code"]], on=course, how="left")
    return pd.DataFrame(
        {
            _ID: first["patient_id"].to_numpy(),
            "약품명": texts(first["product_text"]),
            "성분1": words(first["ingredient_code"], words_of.INGREDIENT),
            "성분2": words(second["ingredient_code"], words_of.INGREDIENT),
            "시작일자": iso_dates(first["started_on"], first["started_on_precision"]),
            "종료일자": iso_dates(first["stopped_on"], first["stopped_on_precision"]),
        }
    )


def _labs(of: pd.DataFrame) -> pd.DataFrame:
    limits = [
        ["" if value != value else f"{value:g}" for value in of[column].to_numpy(dtype=float).tolist()]  # noqa: PLR0124
        for column in ("lower_limit", "upper_limit")
    ]
    columns = (
        of["patient_id"].tolist(), iso_dates(of["taken_on"]), words(of["analyte_code"], words_of.ANALYTE),
        of["reported_value_text"].tolist(), words(of["reported_unit"], words_of.UNIT), *limits,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(LAB_COLUMNS, columns, strict=True)))


def _odd_labs(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Records that must not become results: an unlisted code, an unknown patient, specimens too small."""
    seen = tables["follow_up"].sort_values(["last_contact_on", "patient_id"])
    known = seen["patient_id"].iloc[-1]
    day = iso_dates(seen["last_contact_on"].iloc[-1:] - pd.Timedelta(days=2))[0]
    rows = [
        (known, day, "L999", "3.2", "mg/dL", "", ""),
        (_UNKNOWN_NUMBER, "2012-03-15", "L107", "3.9", "g/dL", "3.3", "5.2"),
        *((number, day, "L206", "검체부족", "mg/dL", "8.8", "10.5") for number in seen["patient_id"].iloc[-4:]),
    ]
    return pd.DataFrame(rows, columns=list(LAB_COLUMNS))


def _imaging(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["imaging_visit"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "판독문번호": [f"CT-{number:06d}" for number in range(1, len(of) + 1)],
            "영상일자": iso_dates(of["imaged_on"]),
            "방문": texts(of["visit_text"]),
            "영상종류": words(of["modality_code"], words_of.MODALITY),
            "촬영부위": words(of["region_code"], words_of.REGION),
            "조영제": words(of["has_contrast"], words_of.USED),
            "동맥기": words(of["has_arterial_phase"], words_of.PRESENT),
            "반응_주치의판정": texts(of["response_physician_code"]),
            "반응_영상의학과": texts(of["response_radiologist_code"]),
            "비표적병변": words(of["non_target_status_code"], words_of.NON_TARGET),
            "신규병변": words(of["has_new_lesion"], words_of.PRESENT),
        }
    )


def _lesions(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["lesion"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "영상일자": iso_dates(of["imaged_on"]),
            "병변번호": texts(of["lesion_label"]),
            "장기": words(of["organ_code"], words_of.ORGAN),
            "병변구분": words(of["role_code"], words_of.LESION_ROLE),
            "림프절여부": words(of["is_lymph_node"], words_of.YES),
            "생존직경_mm": numbers(of["viable_diameter_mm"], 1),
            "전체직경_mm": numbers(of["whole_diameter_mm"], 1),
            "단경_mm": numbers(of["short_axis_mm"], 1),
            "조영증강": words(of["enhancement_code"], words_of.ENHANCEMENT),
            "양상": words(of["pattern_code"], words_of.PATTERN),
            "이전국소치료": words(of["is_treated_before"], words_of.PRESENT),
        }
    )


def _events(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["adverse_event"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "이상반응명": texts(of["verbatim_text"]),
            "CTCAE용어": texts(of["ctcae_term"]),
            "등급": numbers(of["reported_grade"], 0),
            "발생일자": iso_dates(of["onset_on"], of["onset_on_precision"]),
            "종료일자": iso_dates(of["ended_on"], of["ended_on_precision"]),
            "중대성": words(of["is_serious"], words_of.YES),
            "결과": words(of["outcome_code"], words_of.OUTCOME),
            "투약전존재": words(of["is_present_before"], words_of.YES),
            "투약조치": words(of["action_code"], words_of.ACTION),
            "인과관계": words(of["relation_code"], words_of.RELATION),
        }
    )


def _follow_up(tables: dict[str, pd.DataFrame], _: pd.DataFrame) -> pd.DataFrame:
    of = tables["follow_up"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "최종추적일자": iso_dates(of["last_contact_on"]),
            "생존상태": words(of["vital_status_code"], words_of.VITAL_STATUS),
            "확인출처": words(of["vital_status_source_code"], words_of.VITAL_SOURCE),
            "사망일자": iso_dates(of["died_on"], of["died_on_precision"]),
            "사망원인": words(of["death_cause_code"], words_of.DEATH_CAUSE),
            "사망원인상세": texts(of["death_cause_text"]),
        }
    )


_FILES: dict[str, Callable[[dict[str, pd.DataFrame], pd.DataFrame], pd.DataFrame]] = {
    "환자기본_201604.csv": _patients,
    "진료기록_201604.csv": _visits,
    "과거력_201604.csv": _history,
    "종양기저_201604.csv": _tumours,
    "전신치료_201604.csv": _courses,
    "투약용량_201604.csv": _doses,
    "시술_201604.csv": _procedures,
    "병용약물_201604.csv": _medications,
    "영상검사_201604.csv": _imaging,
    "병변_201604.csv": _lesions,
    "이상반응_201604.csv": _events,
    "추적관찰_201604.csv": _follow_up,
}
"""What becomes of each file but the laboratory's, which is spread over two."""
