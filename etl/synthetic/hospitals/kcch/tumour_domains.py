"""The domains of KCCH about the tumour: scans, findings before treatment, lesions, measurements, responses, stages."""

import pandas as pd

from etl.synthetic.hospitals.kcch import words as words_of
from etl.synthetic.hospitals.kcch.domains import Tables, domain
from etl.synthetic.rendering import cell_numbers, iso_dates, numbers, texts, words

_SPREAD = {
    "HVINV": "has_hepatic_vein_invasion", "BDINV": "has_bile_duct_invasion", "MLYMPH": "has_lymph_node_metastasis",
    "MLUNG": "has_lung_metastasis", "MBONE": "has_bone_metastasis", "MBRAIN": "has_brain_metastasis",
    "MADRENAL": "has_adrenal_metastasis", "MPERIT": "has_peritoneum_metastasis", "MOTHER": "has_other_metastasis",
}  # fmt: skip


def pr(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Procedures: treatments of the tumour, and the scans."""
    treatments = tables["procedure"]
    treatments = treatments.assign(
        category=words_of.TREATMENT,
        treatment=treatments["procedure_text"],
        decoded=words(treatments["procedure_code"], words_of.PROCEDURE),
        place=words(treatments["target_site_code"], words_of.ORGAN),
    )
    scans = tables["imaging_visit"]
    scans = scans.assign(
        category=words_of.IMAGING,
        treatment=words(scans["modality_code"], words_of.MODALITY),
        decoded=words(scans["modality_code"], words_of.MODALITY),
        place=words(scans["region_code"], words_of.REGION),
        started_on=scans["imaged_on"],
        started_on_precision="day",
    )
    rows = pd.concat([treatments, scans], ignore_index=True)
    return domain(
        "pr",
        rows,
        {
            "PRCAT": texts(rows["category"]),
            "PRTRT": texts(rows["treatment"]),
            "PRDECOD": texts(rows["decoded"]),
            "PRLOC": texts(rows["place"]),
            "PRCONTR": words(rows["has_contrast"], words_of.YES),
            "PRARTPH": words(rows["has_arterial_phase"], words_of.YES),
            "VISIT": texts(rows["visit_text"]),
            "PRSTDTC": iso_dates(rows["started_on"], rows["started_on_precision"]),
            "PRENDTC": iso_dates(rows["ended_on"]),
        },
    )


def fa(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Findings about the tumour before treatment, one record per finding."""
    rows = tables["tumour_baseline"]
    findings = {
        "LARGEST": cell_numbers(rows["largest_diameter_mm"]),
        "NODULES": numbers(rows["nodule_count"], 0),
        "NODQUAL": words(rows["nodule_count_qualifier"], words_of.COUNT),
        "INFILT": words(rows["is_infiltrative"], words_of.YES),
        "PVINV": words(rows["portal_vein_invasion_code"], words_of.VEIN),
        **{test: words(rows[column], words_of.YES) for test, column in _SPREAD.items()},
    }
    found = _long(rows, findings)
    return domain(
        "fa",
        found,
        {
            "FAOBJ": ["HEPATOCELLULAR CARCINOMA"] * len(found),
            "FATESTCD": texts(found["test"]),
            "FAORRES": texts(found["result"]),
            "FAORRESU": ["mm" if test == "LARGEST" else "" for test in found["test"]],
            "FAMETHOD": words(found["modality_code"], words_of.MODALITY),
            "FACONTR": words(found["has_contrast"], words_of.YES),
            "FADTC": iso_dates(found["imaged_on"]),
        },
    )


def tu(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Tumour identification: each lesion once, on the scan on which it was first seen."""
    rows = tables["lesion"].sort_values("imaged_on", kind="stable").drop_duplicates(["patient_id", "lesion_label"])
    return domain(
        "tu",
        rows,
        {
            "TULNKID": texts(rows["lesion_label"]),
            "TUTESTCD": ["TUMIDENT"] * len(rows),
            "TUORRES": words(rows["role_code"], words_of.LESION_ROLE),
            "TULOC": words(rows["organ_code"], words_of.ORGAN),
            "TUDTC": iso_dates(rows["imaged_on"]),
        },
    )


def tr(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Tumour results: one record per lesion, scan and test; diameters are numbers, the others words."""
    rows = tables["lesion"]
    diameters = {"VIABLE": "viable_diameter_mm", "LDIAM": "whole_diameter_mm", "LPERP": "short_axis_mm"}
    found = _long(
        rows,
        {test: cell_numbers(rows[column]) for test, column in diameters.items()}
        | {
            "ENHANCE": words(rows["enhancement_code"], words_of.ENHANCEMENT),
            "PATTERN": words(rows["pattern_code"], words_of.PATTERN),
            "LOCTRT": words(rows["is_treated_before"], words_of.YES),
        },
    )
    is_diameter = found["test"].isin(list(diameters))
    return domain(
        "tr",
        found,
        {
            "TRLNKID": texts(found["lesion_label"]),
            "TRTESTCD": texts(found["test"]),
            "TRORRES": texts(found["result"]),
            "TRORRESU": is_diameter.map({True: "mm", False: ""}).tolist(),
            "TRSTRESN": found["result"].where(is_diameter, "").tolist(),
            "TRDTC": iso_dates(found["imaged_on"]),
        },
    )


def rs(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Responses of each scan, and the stage and score that the hospital wrote down before treatment."""
    scans, patients = tables["imaging_visit"], tables["patient"]
    parts = [
        _assessed(scans, "MRECIST", "OVRLRESP", texts(scans["response_physician_code"]), evaluator="INVESTIGATOR"),
        _assessed(scans, "MRECIST", "OVRLRESP", texts(scans["response_radiologist_code"]), evaluator="RADIOLOGIST"),
        _assessed(scans, "MRECIST", "NTRGRESP", words(scans["non_target_status_code"], words_of.NON_TARGET)),
        _assessed(scans, "MRECIST", "NEWLIND", words(scans["has_new_lesion"], words_of.YES)),
        _assessed(patients, "BCLC", "BCLC", texts(patients["bclc_reported_code"]), day="bclc_assessed_on"),
        _assessed(
            patients, "CHILD-PUGH", "CPSCORE", numbers(patients["child_pugh_reported_points"], 0), day="child_pugh_assessed_on"
        ),
        _assessed(
            patients, "CHILD-PUGH", "CPCLASS", texts(patients["child_pugh_reported_code"]), day="child_pugh_assessed_on"
        ),
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["result"] != ""]
    return domain(
        "rs",
        rows,
        {
            "RSCAT": texts(rows["category"]),
            "RSTESTCD": texts(rows["test"]),
            "RSORRES": texts(rows["result"]),
            "RSEVAL": texts(rows["evaluator"]),
            "RSDTC": texts(rows["day"]),
        },
    )


def _long(rows: pd.DataFrame, findings: dict[str, list[str]]) -> pd.DataFrame:
    """Give each finding a record of its own, those of one row together; what is not known has none."""
    parts = [rows.assign(test=test, result=results, place=range(len(rows))) for test, results in findings.items()]
    long = pd.concat(parts, ignore_index=True).sort_values("place", kind="stable")
    return long[long["result"] != ""].reset_index(drop=True)


def _assessed(
    rows: pd.DataFrame, category: str, test: str, results: list[str], *, evaluator: str = "", day: str = "imaged_on"
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "patient_id": rows["patient_id"],
            "category": category,
            "test": test,
            "result": results,
            "evaluator": evaluator,
            "day": iso_dates(rows[day]),
        }
    )
