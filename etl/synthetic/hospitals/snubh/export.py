"""SNUBH's export: the vendor of SNUH's, with English abbreviations, dates as whole numbers, and numbers for codes.

The laboratory sends a file for every year, and its columns changed twice on the way.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from etl.synthetic.columns import Column, code, day, number, text, where_empty, write_columns
from etl.synthetic.hospitals.snubh import words as words_of
from etl.synthetic.hospitals.snubh.laboratory import report_labs, yearly_sheets
from etl.synthetic.rendering import iso_dates, with_every_observation, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.study import Study, of_site

SITE = "snubh"


def render(study: Study, _: bool) -> Iterator[Sheet]:
    """Render one replica of SNUBH's delivery."""
    tables = as_reported(study, _)
    yield Sheet("PT_BASE.csv", _patients(tables["patient"], study.people))
    yield Sheet("OPD_VST.csv", _visits(tables["observation"]))
    for file, (table, columns) in _FILES.items():
        yield Sheet(file, write_columns(tables[table], columns))
    yield Sheet("IMG_RPT.csv", _imaging(tables["imaging_visit"]))
    yield Sheet("MED_CON.csv", _medications(tables["medication"]))
    yield from yearly_sheets(tables["lab_result"])


def as_reported(study: Study, _: bool) -> dict[str, pd.DataFrame]:
    """State SNUBH's canonical rows as the hospital reports them: trade names, its own names of visits, its units."""
    tables = of_site(study, SITE)
    courses, imaging = tables["treatment_course"], tables["imaging_visit"]
    courses["drug_text"] = words(courses["drug_code"], words_of.DRUG_NAME)
    imaging["visit_text"] = [_visit_name(name) for name in imaging["visit_text"].tolist()]
    tables["lab_result"] = report_labs(tables["lab_result"])
    return tables


def _visit_name(name: str) -> str:
    suffix, prefix = words_of.FOLLOW_UP_VISIT
    return words_of.VISIT.get(name) or prefix + name.removesuffix(suffix)


def compact_dates(dates: pd.Series, precisions: pd.Series | None = None) -> list[str]:
    """Write dates as yyyymmdd, or as yyyymm or yyyy where no more is known; an absent one is empty."""
    return [date.replace("-", "") for date in iso_dates(dates, precisions)]


def _day(name: str, precision: str | None = None) -> Column:
    return day(name, compact_dates, precision)


def _until(name: str, precision: str | None = None) -> Column:
    return where_empty(_day(name, precision), words_of.STILL)


def _known(name: str, dictionary: Mapping[Any, str]) -> Column:
    return where_empty(code(name, dictionary), words_of.UNKNOWN)


def _yes(name: str) -> Column:
    return code(name, words_of.YES)


def _patients(of: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    person = people[people["site_id"] == SITE].set_index("patient_id").loc[of["patient_id"]]
    insurance = [words_of.INSURANCE[int(number[1:]) % len(words_of.INSURANCE)] for number in of["patient_id"]]
    records = write_columns(of, _PATIENT)
    records.insert(1, "PT_NM", person["name"].to_numpy())
    records.insert(2, "DR_NM", person["doctor"].to_numpy())
    return records.assign(INS_CD=insurance)


def _visits(of: pd.DataFrame) -> pd.DataFrame:
    """One record per patient and day, every finding in its own column."""
    value = of["value_code"].where(of["value_code"].notna(), of["value_number"])
    wide = (
        of.assign(value=value)
        .pivot(index=["patient_id", "observed_on"], columns="observation_code", values="value")
        .reset_index()
        .pipe(with_every_observation)
    )
    return write_columns(wide, _VISIT)


def _imaging(of: pd.DataFrame) -> pd.DataFrame:
    records = write_columns(of, _IMAGING)
    records.insert(1, "RPT_NO", [f"{number:06d}" for number in range(1, len(of) + 1)])
    return records


def _medications(of: pd.DataFrame) -> pd.DataFrame:
    """One record per product; a combination has its second ingredient next to the first."""
    course = ["patient_id", "product_text", "started_on"]
    place = of.groupby(course).cumcount()
    first = of[place == 0]
    second = first[course].merge(of[place == 1][[*course, "ingredient_code"]], on=course, how="left")
    records = write_columns(first, _MEDICATION)
    records.insert(3, "ING_CD2", words(second["ingredient_code"], words_of.INGREDIENT))
    return records


_NO = text("patient_id")
_PATIENT: dict[str, Column] = {
    "PT_NO": _NO,
    "SEX_CD": code("sex", words_of.SEX),
    "BIRTH_YMD": _day("birth_date"),
    "ETIO_CD": _known("aetiology", words_of.AETIOLOGY),
    "DX_YMD": _day("diagnosed_on", "diagnosed_on_precision"),
    "DX_CD": code("diagnosis_basis", words_of.BASIS),
    "RSC_CD": _known("is_unresectable", words_of.RESECTABLE),
    "BCLC": where_empty(text("bclc_reported_code"), words_of.UNKNOWN),
    "BCLC_YMD": _day("bclc_assessed_on"),
    "CP_PT": number("child_pugh_reported_points"),
    "CP_CLS": where_empty(text("child_pugh_reported_code"), words_of.UNKNOWN),
    "CP_YMD": _day("child_pugh_assessed_on"),
}
_VISIT: dict[str, Column] = {
    "PT_NO": _NO,
    "VST_YMD": _day("observed_on"),
    "PS": number("ecog"),
    "ASC_CD": code("ascites", words_of.ASCITES),
    "HE_CD": code("encephalopathy", words_of.ENCEPHALOPATHY),
    "BW": number("weight", 1),
    "HT": number("height", 1),
    "SBP": number("systolic"),
    "DBP": number("diastolic"),
}
_IMAGING: dict[str, Column] = {
    "PT_NO": _NO,
    "IMG_YMD": _day("imaged_on"),
    "VST_CD": text("visit_text"),
    "MOD_CD": code("modality_code", words_of.MODALITY),
    "RGN_CD": code("region_code", words_of.REGION),
    "CE_YN": _yes("has_contrast"),
    "ART_YN": _yes("has_arterial_phase"),
    "RSP_PHY": where_empty(text("response_physician_code"), words_of.UNKNOWN),
    "RSP_RAD": where_empty(text("response_radiologist_code"), words_of.UNKNOWN),
    "NTL_CD": _known("non_target_status_code", words_of.NON_TARGET),
    "NEW_YN": _yes("has_new_lesion"),
}
_MEDICATION: dict[str, Column] = {
    "PT_NO": _NO,
    "DRG_NM": text("product_text"),
    "ING_CD1": code("ingredient_code", words_of.INGREDIENT),
    "ST_YMD": _day("started_on", "started_on_precision"),
    "ED_YMD": _until("stopped_on", "stopped_on_precision"),
}

_FILES: dict[str, tuple[str, dict[str, Column]]] = {
    "PAST_HX.csv": (
        "medical_history",
        {
            "PT_NO": _NO,
            "HX_CD": code("condition_code", words_of.CONDITION),
            "HX_YN": _yes("is_present"),
            "KCD": text("kcd_code"),
            "HX_NM": text("condition_text"),
            "DX_YMD": _day("started_on", "started_on_precision"),
            "CA_CD": code("cancer_site_code", words_of.CANCER_SITE),
            "INSITU_YN": _yes("is_in_situ"),
            "CURE_YMD": _day("cured_on", "cured_on_precision"),
        },
    ),
    "TUMOR.csv": (
        "tumour_baseline",
        {
            "PT_NO": _NO,
            "IMG_YMD": _day("imaged_on"),
            "MOD_CD": code("modality_code", words_of.MODALITY),
            "CE_YN": _yes("has_contrast"),
            "MAX_MM": number("largest_diameter_mm"),
            "NOD_CNT": number("nodule_count"),
            "NOD_CD": code("nodule_count_qualifier", words_of.COUNT),
            "INF_YN": _yes("is_infiltrative"),
            "PVI_GR": code("portal_vein_invasion_code", words_of.VEIN),
            "HVI_YN": _yes("has_hepatic_vein_invasion"),
            "BDI_YN": _yes("has_bile_duct_invasion"),
            "MET_LN": _yes("has_lymph_node_metastasis"),
            "MET_LUNG": _yes("has_lung_metastasis"),
            "MET_BONE": _yes("has_bone_metastasis"),
            "MET_BRN": _yes("has_brain_metastasis"),
            "MET_ADR": _yes("has_adrenal_metastasis"),
            "MET_PERI": _yes("has_peritoneum_metastasis"),
            "MET_ETC": _yes("has_other_metastasis"),
        },
    ),
    "CHEMO.csv": (
        "treatment_course",
        {
            "PT_NO": _NO,
            "DRG_CD": code("drug_code", words_of.DRUG),
            "DRG_NM": text("drug_text"),
            "TX_CD": code("role_code", words_of.ROLE),
            "ST_YMD": _day("started_on", "started_on_precision"),
            "ED_YMD": _until("stopped_on", "stopped_on_precision"),
            "STOP_CD": code("stop_reason_code", words_of.STOP_REASON),
        },
    ),
    "DOSE_HX.csv": (
        "exposure",
        {
            "PT_NO": _NO,
            "DRG_CD": code("drug_code", words_of.DRUG),
            "ST_YMD": _day("started_on"),
            "ED_YMD": _until("stopped_on"),
            "DOSE_MG": number("dose_mg"),
            "FREQ": number("times_per_day"),
            "HOLD_YN": _yes("is_interruption"),
            "CHG_CD": code("reason_code", words_of.DOSE_REASON),
        },
    ),
    "PROC.csv": (
        "procedure",
        {
            "PT_NO": _NO,
            "PRC_CD": code("procedure_code", words_of.PROCEDURE),
            "PRC_NM": text("procedure_text"),
            "ORG_CD": code("target_site_code", words_of.ORGAN),
            "ST_YMD": _day("started_on", "started_on_precision"),
            "ED_YMD": _day("ended_on"),
        },
    ),
    "LESION.csv": (
        "lesion",
        {
            "PT_NO": _NO,
            "IMG_YMD": _day("imaged_on"),
            "LSN_NO": text("lesion_label"),
            "ORG_CD": code("organ_code", words_of.ORGAN),
            "LSN_TP": code("role_code", words_of.LESION_ROLE),
            "LN_YN": _yes("is_lymph_node"),
            "VIA_MM": number("viable_diameter_mm", 1),
            "WHL_MM": number("whole_diameter_mm", 1),
            "SAX_MM": number("short_axis_mm", 1),
            "ENH_CD": code("enhancement_code", words_of.ENHANCEMENT),
            "PTN_CD": code("pattern_code", words_of.PATTERN),
            "LTX_YN": _yes("is_treated_before"),
        },
    ),
    "AE.csv": (
        "adverse_event",
        {
            "PT_NO": _NO,
            "AE_NM": text("verbatim_text"),
            "CTC_TERM": text("ctcae_term"),
            "CTC_GR": number("reported_grade"),
            "ST_YMD": _day("onset_on", "onset_on_precision"),
            "ED_YMD": _until("ended_on", "ended_on_precision"),
            "SAE_YN": _yes("is_serious"),
            "OUT_CD": code("outcome_code", words_of.OUTCOME),
            "PRE_YN": _yes("is_present_before"),
            "ACT_CD": code("action_code", words_of.ACTION),
            "REL_CD": code("relation_code", words_of.RELATION),
        },
    ),
    "FU.csv": (
        "follow_up",
        {
            "PT_NO": _NO,
            "LAST_YMD": _day("last_contact_on"),
            "VITAL_CD": code("vital_status_code", words_of.VITAL_STATUS),
            "SRC_CD": code("vital_status_source_code", words_of.VITAL_SOURCE),
            "DTH_YMD": _day("died_on", "died_on_precision"),
            "DTH_CD": code("death_cause_code", words_of.DEATH_CAUSE),
            "DTH_NM": text("death_cause_text"),
        },
    ),
}
"""What each file takes from one canonical table; the files with something besides have a function of their own."""
