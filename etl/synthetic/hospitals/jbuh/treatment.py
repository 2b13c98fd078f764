"""The sheets of JBUH's workbook about treatment and what it did."""

import pandas as pd

from etl.synthetic.hospitals.jbuh import words as words_of
from etl.synthetic.rendering import cell_numbers, iso_dates, texts, words

_ID = "환자번호"


def render_courses(of: pd.DataFrame) -> pd.DataFrame:
    """Render the courses of systemic drugs."""
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "약제": texts(of["drug_text"]),
            "구분": words(of["role_code"], words_of.ROLE),
            "시작일": iso_dates(of["started_on"], of["started_on_precision"]),
            "종료일": iso_dates(of["stopped_on"], of["stopped_on_precision"]),
            "중단사유": words(of["stop_reason_code"], words_of.STOP_REASON),
        }
    )


def render_doses(of: pd.DataFrame) -> pd.DataFrame:
    """Render the dose steps."""
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "약제": words(of["drug_code"], words_of.DRUG),
            "시작일": iso_dates(of["started_on"]),
            "종료일": iso_dates(of["stopped_on"]),
            "1회량(mg)": cell_numbers(of["dose_mg"]),
            "1일횟수": cell_numbers(of["times_per_day"]),
            "휴약": words(of["is_interruption"], words_of.YES),
            "사유": words(of["reason_code"], words_of.DOSE_REASON),
        }
    )


def render_procedures(of: pd.DataFrame) -> pd.DataFrame:
    """Render the procedures."""
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "시술": words(of["procedure_code"], words_of.PROCEDURE),
            "시술명": texts(of["procedure_text"]),
            "부위": words(of["target_site_code"], words_of.ORGAN),
            "시작일": iso_dates(of["started_on"], of["started_on_precision"]),
            "종료일": iso_dates(of["ended_on"]),
        }
    )


def render_medications(of: pd.DataFrame) -> pd.DataFrame:
    """Render one record per product; a combination lists its ingredients in one cell, joined by a plus."""
    course = ["patient_id", "product_text", "started_on"]
    products = (
        of.assign(ingredient_code=of["ingredient_code"].str.replace("_", " "))
        .groupby(course, sort=False, dropna=False)
        .agg(
            ingredients=("ingredient_code", " + ".join),
            started_on_precision=("started_on_precision", "first"),
            stopped_on=("stopped_on", "first"),
            stopped_on_precision=("stopped_on_precision", "first"),
        )
        .reset_index()
    )
    return pd.DataFrame(
        {
            _ID: products["patient_id"],
            "약품": texts(products["product_text"]),
            "성분": texts(products["ingredients"]),
            "시작일": iso_dates(products["started_on"], products["started_on_precision"]),
            "종료일": iso_dates(products["stopped_on"], products["stopped_on_precision"]),
        }
    )


def render_events(of: pd.DataFrame) -> pd.DataFrame:
    """Render the adverse events; by which version of CTCAE they were graded follows from the date alone."""
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "부작용": texts(of["verbatim_text"]),
            "CTCAE용어": texts(of["ctcae_term"]),
            "CTCAE등급": cell_numbers(of["reported_grade"]),
            "발생일": iso_dates(of["onset_on"], of["onset_on_precision"]),
            "소실일": iso_dates(of["ended_on"], of["ended_on_precision"]),
            "SAE": words(of["is_serious"], words_of.YES),
            "경과": words(of["outcome_code"], words_of.OUTCOME),
            "치료전존재": words(of["is_present_before"], words_of.YES),
            "약제조치": words(of["action_code"], words_of.ACTION),
            "관련성": words(of["relation_code"], words_of.RELATION),
        }
    )
