"""What Boramae's wide row numbers through: conditions, drugs, doses, procedures, co-medication, adverse events."""

import pandas as pd

from etl.synthetic.hospitals.boramae import words as words_of
from etl.synthetic.hospitals.boramae.rendering import serial_days
from etl.synthetic.hospitals.boramae.wide import ID
from etl.synthetic.rendering import cell_numbers, texts, words


def render_history(of: pd.DataFrame) -> pd.DataFrame:
    """Render the conditions asked for, present or not."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "질환": words(of["condition_code"], words_of.CONDITION),
            "유무": words(of["is_present"], words_of.YES),
            "상병코드": texts(of["kcd_code"]),
            "상병명": texts(of["condition_text"]),
            "진단일": serial_days(of["started_on"], of["started_on_precision"]),
            "암부위": words(of["cancer_site_code"], words_of.CANCER_SITE),
            "상피내암": words(of["is_in_situ"], words_of.YES),
            "완치일": serial_days(of["cured_on"], of["cured_on_precision"]),
        }
    )


def render_courses(of: pd.DataFrame) -> pd.DataFrame:
    """Render the courses of systemic drugs."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "약제": texts(of["drug_text"]),
            "구분": words(of["role_code"], words_of.ROLE),
            "시작일": serial_days(of["started_on"], of["started_on_precision"]),
            "종료일": serial_days(of["stopped_on"], of["stopped_on_precision"]),
            "종료사유": words(of["stop_reason_code"], words_of.STOP_REASON),
        }
    )


def render_doses(of: pd.DataFrame) -> pd.DataFrame:
    """Render the dose steps."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "약제": words(of["drug_code"], words_of.DRUG),
            "시작일": serial_days(of["started_on"]),
            "종료일": serial_days(of["stopped_on"]),
            "1회용량": cell_numbers(of["dose_mg"]),
            "1일횟수": cell_numbers(of["times_per_day"]),
            "휴약": words(of["is_interruption"], words_of.YES),
            "사유": words(of["reason_code"], words_of.DOSE_REASON),
        }
    )


def render_procedures(of: pd.DataFrame) -> pd.DataFrame:
    """Render the procedures."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "시술": words(of["procedure_code"], words_of.PROCEDURE),
            "시술명": texts(of["procedure_text"]),
            "장기": words(of["target_site_code"], words_of.ORGAN),
            "시작일": serial_days(of["started_on"], of["started_on_precision"]),
            "종료일": serial_days(of["ended_on"]),
        }
    )


def render_medications(of: pd.DataFrame) -> pd.DataFrame:
    """Render one record per product; a combination names its second ingredient next to the first."""
    course = ["patient_id", "product_text", "started_on"]
    number = of.groupby(course).cumcount()
    first = of[number == 0]
    second = first[course].merge(of[number == 1][[*course, "ingredient_code"]], on=course, how="left")
    return pd.DataFrame(
        {
            ID: first["patient_id"].to_numpy(),
            "약품": texts(first["product_text"]),
            "성분1": words(first["ingredient_code"], words_of.INGREDIENT),
            "성분2": words(second["ingredient_code"], words_of.INGREDIENT),
            "시작일": serial_days(first["started_on"], first["started_on_precision"]),
            "종료일": serial_days(first["stopped_on"], first["stopped_on_precision"]),
        }
    )


def render_events(of: pd.DataFrame) -> pd.DataFrame:
    """Render the adverse events."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "증상": texts(of["verbatim_text"]),
            "CTCAE용어": texts(of["ctcae_term"]),
            "등급": cell_numbers(of["reported_grade"]),
            "발생일": serial_days(of["onset_on"], of["onset_on_precision"]),
            "종료일": serial_days(of["ended_on"], of["ended_on_precision"]),
            "중대": words(of["is_serious"], words_of.YES),
            "결과": words(of["outcome_code"], words_of.OUTCOME),
            "기존": words(of["is_present_before"], words_of.YES),
            "조치": words(of["action_code"], words_of.ACTION),
            "인과": words(of["relation_code"], words_of.RELATION),
        }
    )
