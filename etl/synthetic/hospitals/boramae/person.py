"""What Boramae's wide row says of the patient once: who, the tumour before treatment, the follow-up."""

import pandas as pd

from etl.synthetic.hospitals.boramae import words as words_of
from etl.synthetic.hospitals.boramae.rendering import serial_days
from etl.synthetic.hospitals.boramae.wide import ID
from etl.synthetic.rendering import cell_numbers, texts, words


def render_identity(of: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Render what every row of a patient repeats: name, doctor and sex."""
    person = people.set_index("patient_id").loc[of["patient_id"]]
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "성명": person["name"].to_numpy(),
            "담당의": person["doctor"].to_numpy(),
            "성별": words(of["sex"], words_of.SEX),
        }
    )


def render_patient(of: pd.DataFrame) -> pd.DataFrame:
    """Render birth, diagnosis, stage and score."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "생년월일": serial_days(of["birth_date"], of["birth_date_precision"]),
            "원인": words(of["aetiology"], words_of.AETIOLOGY),
            "진단일": serial_days(of["diagnosed_on"], of["diagnosed_on_precision"]),
            "진단근거": words(of["diagnosis_basis"], words_of.BASIS),
            "절제": words(of["is_unresectable"], words_of.RESECTABLE),
            "BCLC": texts(of["bclc_reported_code"]),
            "BCLC평가일": serial_days(of["bclc_assessed_on"]),
            "CP점수": cell_numbers(of["child_pugh_reported_points"]),
            "CP등급": texts(of["child_pugh_reported_code"]),
            "CP평가일": serial_days(of["child_pugh_assessed_on"]),
        }
    )


def render_tumour(of: pd.DataFrame) -> pd.DataFrame:
    """Render the tumour before treatment."""
    spread = {
        "간정맥": "has_hepatic_vein_invasion", "담관": "has_bile_duct_invasion", "림프절": "has_lymph_node_metastasis",
        "폐": "has_lung_metastasis", "뼈": "has_bone_metastasis", "뇌": "has_brain_metastasis",
        "부신": "has_adrenal_metastasis", "복막": "has_peritoneum_metastasis", "기타전이": "has_other_metastasis",
    }  # fmt: skip
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "영상일": serial_days(of["imaged_on"]),
            "영상종류": words(of["modality_code"], words_of.MODALITY),
            "조영제": words(of["has_contrast"], words_of.YES),
            "최대직경": cell_numbers(of["largest_diameter_mm"]),
            "종양개수": cell_numbers(of["nodule_count"]),
            "개수구분": words(of["nodule_count_qualifier"], words_of.COUNT),
            "침윤형": words(of["is_infiltrative"], words_of.YES),
            "문맥": words(of["portal_vein_invasion_code"], words_of.VEIN),
            **{header: words(of[column], words_of.YES) for header, column in spread.items()},
        }
    )


def render_follow_up(of: pd.DataFrame) -> pd.DataFrame:
    """Render the last contact and the death."""
    return pd.DataFrame(
        {
            ID: of["patient_id"],
            "최종추적일": serial_days(of["last_contact_on"]),
            "생존상태": words(of["vital_status_code"], words_of.VITAL_STATUS),
            "확인출처": words(of["vital_status_source_code"], words_of.VITAL_SOURCE),
            "사망일": serial_days(of["died_on"], of["died_on_precision"]),
            "사망원인": words(of["death_cause_code"], words_of.DEATH_CAUSE),
            "사인상세": texts(of["death_cause_text"]),
        }
    )
