"""The sheets of JBUH's workbook about the tumour: sizes in centimetres, as its radiologists write them."""

import pandas as pd

from etl.synthetic.hospitals.jbuh import words as words_of
from etl.synthetic.rendering import cell_numbers, iso_dates, texts, words

_ID = "환자번호"


def render_tumours(of: pd.DataFrame) -> pd.DataFrame:
    """Render the tumour before treatment, one record per patient."""
    spread = {
        "간정맥": "has_hepatic_vein_invasion", "담관": "has_bile_duct_invasion", "LN전이": "has_lymph_node_metastasis",
        "폐전이": "has_lung_metastasis", "골전이": "has_bone_metastasis", "뇌전이": "has_brain_metastasis",
        "부신전이": "has_adrenal_metastasis", "복막전이": "has_peritoneum_metastasis", "기타전이": "has_other_metastasis",
    }  # fmt: skip
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "촬영일": iso_dates(of["imaged_on"]),
            "검사종류": words(of["modality_code"], words_of.MODALITY),
            "조영": words(of["has_contrast"], words_of.YES),
            "최대직경(cm)": _centimetres(of["largest_diameter_mm"]),
            "결절수": cell_numbers(of["nodule_count"]),
            "결절수구분": words(of["nodule_count_qualifier"], words_of.COUNT),
            "침윤성": words(of["is_infiltrative"], words_of.YES),
            "PVTT": words(of["portal_vein_invasion_code"], words_of.VEIN),
            **{header: words(of[column], words_of.SIGN) for header, column in spread.items()},
        }
    )


def render_imaging(of: pd.DataFrame) -> pd.DataFrame:
    """Render the imaging visits."""
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "촬영일": iso_dates(of["imaged_on"]),
            "차수": texts(of["visit_text"]),
            "검사종류": words(of["modality_code"], words_of.MODALITY),
            "부위": words(of["region_code"], words_of.REGION),
            "조영": words(of["has_contrast"], words_of.YES),
            "동맥기": words(of["has_arterial_phase"], words_of.YES),
            "반응(주치의)": texts(of["response_physician_code"]),
            "반응(영상의학과)": texts(of["response_radiologist_code"]),
            "비표적": words(of["non_target_status_code"], words_of.NON_TARGET),
            "새병변": words(of["has_new_lesion"], words_of.SIGN),
        }
    )


def render_lesions(of: pd.DataFrame) -> pd.DataFrame:
    """Render the lesions, one record per lesion and visit."""
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "촬영일": iso_dates(of["imaged_on"]),
            "병변": texts(of["lesion_label"]),
            "장기": words(of["organ_code"], words_of.ORGAN),
            "구분": words(of["role_code"], words_of.LESION_ROLE),
            "림프절": words(of["is_lymph_node"], words_of.YES),
            "생존장경(cm)": _centimetres(of["viable_diameter_mm"]),
            "전체장경(cm)": _centimetres(of["whole_diameter_mm"]),
            "단경(cm)": _centimetres(of["short_axis_mm"]),
            "조영증강": words(of["enhancement_code"], words_of.ENHANCEMENT),
            "형태": words(of["pattern_code"], words_of.PATTERN),
            "선행국소치료": words(of["is_treated_before"], words_of.YES),
        }
    )


def _centimetres(millimetres: pd.Series) -> list[str]:
    return cell_numbers(millimetres.astype(float) / 10)
