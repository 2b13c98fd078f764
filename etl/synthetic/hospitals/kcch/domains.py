"""The domains of KCCH about the patient, the treatment, the laboratory and the follow-up; the tumour has its own file."""

from collections.abc import Mapping

import pandas as pd

from etl.synthetic.hospitals.kcch import words as words_of
from etl.synthetic.rendering import cell_numbers, iso_dates, numbers, texts, words

STUDY = "HCCSOR"
Tables = Mapping[str, pd.DataFrame]


def domain(code: str, rows: pd.DataFrame, columns: Mapping[str, list[str]]) -> pd.DataFrame:
    """Put a domain together: the identifiers that each has, then its own variables, in the order of its rows."""
    return pd.DataFrame(
        {
            "STUDYID": [STUDY] * len(rows),
            "DOMAIN": [code.upper()] * len(rows),
            "USUBJID": rows["patient_id"].tolist(),
            f"{code.upper()}SEQ": sequence_numbers(rows),
            **columns,
        }
    )


def sequence_numbers(rows: pd.DataFrame) -> list[str]:
    """Number each patient's records of a domain in their order, as --SEQ does."""
    return [str(number + 1) for number in rows.groupby("patient_id").cumcount().tolist()]


def dm(tables: Tables, people: pd.DataFrame) -> pd.DataFrame:
    """Demographics, with the first and last day of the study treatment and the day of death, as far as they are known."""
    courses = tables["treatment_course"]
    courses = courses[courses["role_code"] == "study"].drop_duplicates("patient_id")
    rows = tables["patient"].merge(people, on="patient_id").merge(tables["follow_up"], on="patient_id")
    rows = rows.merge(courses, on="patient_id", how="left")
    demographics = domain(
        "dm",
        rows,
        {
            "SUBJID": [number.removeprefix(f"{STUDY}-") for number in rows["patient_id"]],
            "SITEID": ["08"] * len(rows),
            "INVNAM": texts(rows["doctor"]),
            "RFXSTDTC": iso_dates(rows["started_on"], rows["started_on_precision"]),
            "RFXENDTC": iso_dates(rows["stopped_on"], rows["stopped_on_precision"]),
            "BRTHDTC": iso_dates(rows["birth_date"], rows["birth_date_precision"]),
            "SEX": words(rows["sex"], words_of.SEX),
            "COUNTRY": ["KOR"] * len(rows),
            "DTHDTC": iso_dates(rows["died_on"], rows["died_on_precision"]),
            "DTHFL": ["Y" if status == "dead" else "" for status in rows["vital_status_code"]],
        },
    )
    return demographics.drop(columns="DMSEQ")


def sc(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Subject characteristics; what is not known has no record."""
    rows = tables["patient"]
    parts = [
        rows.assign(test=test, result=words(rows[column], terms))
        for test, column, terms in (
            ("ETIOLOGY", "aetiology", words_of.AETIOLOGY),
            ("DXBASIS", "diagnosis_basis", words_of.BASIS),
            ("RESECT", "is_unresectable", words_of.RESECTABLE),
        )
    ]
    found = _known(parts)
    return domain("sc", found, {"SCTESTCD": texts(found["test"]), "SCORRES": texts(found["result"])})


def mh(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Medical history: the carcinoma itself, then every other condition that was asked for."""
    carcinoma = tables["patient"].rename(
        columns={"diagnosed_on": "started_on", "diagnosed_on_precision": "started_on_precision"}
    )
    carcinoma = carcinoma.assign(
        category="PRIMARY DIAGNOSIS", condition_text="간세포암", decoded="HEPATOCELLULAR CARCINOMA"
    )
    others = tables["medical_history"]
    others = others.assign(category="GENERAL", decoded=words(others["condition_code"], words_of.CONDITION))
    rows = pd.concat([carcinoma.assign(is_present=True), others], ignore_index=True)
    return domain(
        "mh",
        rows,
        {
            "MHTERM": texts(rows["condition_text"]),
            "MHDECOD": texts(rows["decoded"]),
            "MHCAT": texts(rows["category"]),
            "MHOCCUR": words(rows["is_present"], words_of.YES),
            "MHKCD": texts(rows["kcd_code"]),
            "MHSTDTC": iso_dates(rows["started_on"], rows["started_on_precision"]),
            "MHENDTC": iso_dates(rows["cured_on"], rows["cured_on_precision"]),
            "MHLOC": words(rows["cancer_site_code"], words_of.CANCER_SITE),
            "MHINSITU": words(rows["is_in_situ"], words_of.YES),
        },
    )  # fmt: skip


def ex(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Exposure: one record per dose step of the study drug."""
    rows = tables["exposure"]
    return domain(
        "ex",
        rows,
        {
            "EXTRT": words(rows["drug_code"], words_of.DRUG),
            "EXDOSE": cell_numbers(rows["dose_mg"]),
            "EXDOSU": ["mg"] * len(rows),
            "EXDOSFRQ": words(rows["times_per_day"], words_of.FREQUENCY),
            "EXOCCUR": words(rows["is_interruption"], words_of.NOT),
            "EXADJ": words(rows["reason_code"], words_of.DOSE_REASON),
            "EXSTDTC": iso_dates(rows["started_on"]),
            "EXENDTC": iso_dates(rows["stopped_on"]),
        },
    )


def ds(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Disposition: how the study treatment ended."""
    courses = tables["treatment_course"]
    rows = courses[(courses["role_code"] == "study") & courses["stop_reason_code"].notna()]
    return domain(
        "ds",
        rows,
        {
            "DSCAT": ["DISPOSITION EVENT"] * len(rows),
            "DSDECOD": words(rows["stop_reason_code"], words_of.STOP_REASON),
            "DSSTDTC": iso_dates(rows["stopped_on"], rows["stopped_on_precision"]),
        },
    )


def cm(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Medications: other systemic treatment of the tumour, and co-medication with all its ingredients in one cell."""
    courses = tables["treatment_course"]
    courses = courses[courses["role_code"] != "study"]
    courses = courses.assign(
        category=words(courses["role_code"], words_of.ROLE),
        treatment=courses["drug_text"],
        decoded=words(courses["drug_code"], words_of.DRUG),
        reason=words(courses["stop_reason_code"], words_of.STOP_REASON),
    )
    products = tables["medication"]
    products = products.assign(decoded=words(products["ingredient_code"], words_of.INGREDIENT))
    same = ["patient_id", "product_text", "started_on", "started_on_precision", "stopped_on", "stopped_on_precision"]
    products = products.groupby(same, sort=False, dropna=False)["decoded"].agg("; ".join).reset_index()
    products = products.assign(category=words_of.CONCOMITANT, treatment=products["product_text"])
    rows = pd.concat([courses, products], ignore_index=True)
    return domain(
        "cm",
        rows,
        {
            "CMCAT": texts(rows["category"]),
            "CMTRT": texts(rows["treatment"]),
            "CMDECOD": texts(rows["decoded"]),
            "CMSTDTC": iso_dates(rows["started_on"], rows["started_on_precision"]),
            "CMENDTC": iso_dates(rows["stopped_on"], rows["stopped_on_precision"]),
            "CMRSDISC": texts(rows["reason"]),
        },
    )


def lb(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Laboratory results with the limits of normal next to them; specimens are taken in the morning."""
    rows = tables["lab_result"]
    days = iso_dates(rows["taken_on"])
    return domain(
        "lb",
        rows,
        {
            "LBTESTCD": words(rows["analyte_code"], words_of.ANALYTE),
            "LBORRES": texts(rows["reported_value_text"]),
            "LBORRESU": words(rows["reported_unit"], words_of.UNIT),
            "LBORNRLO": cell_numbers(rows["lower_limit"]),
            "LBORNRHI": cell_numbers(rows["upper_limit"]),
            "LBSTAT": [""] * len(rows),
            "LBREASND": [""] * len(rows),
            "LBDTC": [f"{day}T{6 + number % 4:02d}:{number * 7 % 60:02d}" for number, day in enumerate(days)],
        },
    )


def vs(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Vital signs."""
    rows = _observed(tables, words_of.VITAL_SIGN)
    return domain(
        "vs",
        rows,
        {
            "VSTESTCD": words(rows["observation_code"], words_of.VITAL_SIGN),
            "VSORRES": cell_numbers(rows["value_number"]),
            "VSORRESU": words(rows["unit"], words_of.VITAL_UNIT),
            "VSDTC": iso_dates(rows["observed_on"]),
        },
    )


def qs(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Questionnaires: performance status, and the two findings of the Child-Pugh score that no laboratory measures."""
    tests = {"ecog": "ECOG", "ascites": "ASCITES", "encephalopathy": "ENCEPH"}
    categories = {"ecog": "ECOG", "ascites": "CHILD-PUGH", "encephalopathy": "CHILD-PUGH"}
    rows = _observed(tables, tests)
    coded = words(rows["value_code"], words_of.ASCITES | words_of.ENCEPHALOPATHY)
    scored = numbers(rows["value_number"], 0)
    return domain(
        "qs",
        rows,
        {
            "QSCAT": words(rows["observation_code"], categories),
            "QSTESTCD": words(rows["observation_code"], tests),
            "QSORRES": [code or score for code, score in zip(coded, scored, strict=True)],
            "QSDTC": iso_dates(rows["observed_on"]),
        },
    )


def ae(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Adverse events."""
    rows = tables["adverse_event"]
    return domain(
        "ae",
        rows,
        {
            "AETERM": texts(rows["verbatim_text"]),
            "AEDECOD": texts(rows["ctcae_term"]),
            "AETOXGR": numbers(rows["reported_grade"], 0),
            "AESTDTC": iso_dates(rows["onset_on"], rows["onset_on_precision"]),
            "AEENDTC": iso_dates(rows["ended_on"], rows["ended_on_precision"]),
            "AESER": words(rows["is_serious"], words_of.YES),
            "AEOUT": words(rows["outcome_code"], words_of.OUTCOME),
            "AEPRE": words(rows["is_present_before"], words_of.YES),
            "AEACN": words(rows["action_code"], words_of.ACTION),
            "AEREL": words(rows["relation_code"], words_of.RELATION),
        },
    )


def ss(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Subject status at the last contact."""
    rows = tables["follow_up"]
    return domain(
        "ss",
        rows,
        {
            "SSTESTCD": ["SURVSTAT"] * len(rows),
            "SSORRES": words(rows["vital_status_code"], words_of.VITAL_STATUS),
            "SSSRC": words(rows["vital_status_source_code"], words_of.VITAL_SOURCE),
            "SSDTC": iso_dates(rows["last_contact_on"]),
        },
    )


def dd(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """Death details: day and cause, one record per patient who died."""
    rows = tables["follow_up"]
    rows = rows[rows["vital_status_code"] == "dead"]
    return domain(
        "dd",
        rows,
        {
            "DDTESTCD": ["PRCDTH"] * len(rows),
            "DDORRES": texts(rows["death_cause_text"]),
            "DDSTRESC": words(rows["death_cause_code"], words_of.DEATH_CAUSE),
            "DDDTC": iso_dates(rows["died_on"], rows["died_on_precision"]),
        },
    )


def _known(parts: list[pd.DataFrame]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True)
    return rows[rows["result"] != ""].reset_index(drop=True)


def _observed(tables: Tables, tests: Mapping[str, str]) -> pd.DataFrame:
    rows = tables["observation"]
    return rows[rows["observation_code"].isin(list(tests))].reset_index(drop=True)
