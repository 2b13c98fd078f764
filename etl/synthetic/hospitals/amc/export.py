"""AMC's export: text with bars between the cells, laboratory results wide by day in SI units, limits of normal apart."""

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from etl.synthetic.hospital import Tables
from etl.synthetic.hospitals.amc import words as words_of
from etl.synthetic.rendering import iso_dates, numbers, texts, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.study import Study, of_site

SITE = "amc"
_ID = "등록번호"
_LIMITS_CHANGED = "2011-03-01"
"""On this day a new instrument brought new limits for two enzymes."""

_NEW_UPPER_LIMITS = {"ggt": 71.0, "alp": 120.0}


def as_reported(study: Study, is_first: bool) -> Tables:  # noqa: ARG001 - every replica is alike
    """State AMC's canonical rows as the hospital reports them: SI units, limits of normal from a table of its own."""
    tables = of_site(study, SITE)
    tables["treatment_course"]["drug_text"] = _upper(tables["treatment_course"]["drug_code"])
    labs = tables["lab_result"]
    tables["lab_result"] = labs.assign(**_reported(labs), **_limits(labs, tables["patient"]))
    tables["reference_range"] = _ranges()
    return tables


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of AMC's delivery."""
    tables = as_reported(study, is_first)
    for file, render_file in _FILES.items():
        yield Sheet(file, render_file(tables, study.people))
    if is_first:
        yield Sheet("AMC_RANGE.txt", _range_records(tables["reference_range"]))


def _reported(labs: pd.DataFrame) -> dict[str, list[object]]:
    """Write every result in AMC's unit, and what the warehouse must make of it."""
    columns: dict[str, list[object]] = {
        name: [] for name in ("reported_value_text", "reported_value", "reported_unit", "unit_factor", "value")
    }
    for analyte, value, unit, qualifier in zip(
        labs["analyte_code"], labs["value"], labs["unit"], labs["value_qualifier"], strict=True
    ):
        reported_unit, factor, decimals = _how_reported(analyte, unit)
        reported = _rounded(Decimal(str(value)) / factor, decimals)
        sign = qualifier if isinstance(qualifier, str) else ""
        row = (
            f"{sign}{reported}",
            float(reported),
            reported_unit,
            float(factor),
            float(_rounded(reported * factor, 6)),
        )
        for column, cell in zip(columns.values(), row, strict=True):
            column.append(cell)
    columns["reported_value_text"] = [
        str(text).replace(".", ",") if analyte in words_of.HEMATOLOGY else text
        for text, analyte in zip(columns["reported_value_text"], labs["analyte_code"], strict=True)
    ]
    return columns


def _how_reported(analyte: str, unit: str) -> tuple[str, Decimal, int]:
    return words_of.REPORTED.get(analyte, (unit, Decimal(1), panel()[analyte].decimals))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _limits(labs: pd.DataFrame, patients: pd.DataFrame) -> dict[str, object]:
    """Look the limits up as AMC's table of them states: by analyte, sex and day."""
    ranges = _ranges()
    sex = labs["patient_id"].map(patients.set_index("patient_id")["sex"])
    is_new = labs["taken_on"] >= pd.Timestamp(_LIMITS_CHANGED)
    period = is_new.where(labs["analyte_code"].isin(list(_NEW_UPPER_LIMITS)), other=False)
    by_key = {
        (row.analyte_code, row.sex, row.valid_from == pd.Timestamp(_LIMITS_CHANGED)): (row.lower_limit, row.upper_limit)
        for row in ranges.itertuples()
    }
    found = [by_key[key] for key in zip(labs["analyte_code"], sex, period, strict=True)]
    return {
        "lower_limit": [lower for lower, _ in found],
        "upper_limit": [upper for _, upper in found],
        "limits_source_code": "reference_range",
    }


def _ranges() -> pd.DataFrame:
    """State AMC's limits of normal, a row for each analyte, sex and period."""
    rows = []
    measured = words_of.CHEMISTRY | words_of.HEMATOLOGY
    for analyte in (analyte for code, analyte in panel().items() if code in measured):
        unit, factor, decimals = _how_reported(analyte.code, analyte.unit)
        for sex in ("male", "female"):
            low, high = (12.0, 16.0) if (analyte.code, sex) == ("hemoglobin", "female") else _own_limits(analyte.code)
            limits = [
                None if limit != limit else float(_rounded(Decimal(str(limit)) / factor, max(decimals, 1)))  # noqa: PLR0124
                for limit in (low, high)
            ]
            periods: list[tuple[str, str | None, list[float | None]]] = [("2000-01-01", None, limits)]
            if analyte.code in _NEW_UPPER_LIMITS:
                changed = [limits[0], _NEW_UPPER_LIMITS[analyte.code]]
                periods = [("2000-01-01", "2011-02-28", limits), (_LIMITS_CHANGED, None, changed)]
            rows += [(analyte.code, sex, begin, end, unit, *of_period) for begin, end, of_period in periods]
    ranges = pd.DataFrame(
        rows, columns=["analyte_code", "sex", "valid_from", "valid_to", "unit", "lower_limit", "upper_limit"]
    )
    for column in ("valid_from", "valid_to"):
        ranges[column] = pd.to_datetime(ranges[column]).astype("datetime64[s]")
    return ranges.assign(age_from_years=None, age_to_years=None)


def _own_limits(analyte: str) -> tuple[float, float]:
    return panel()[analyte].lower_limit, panel()[analyte].upper_limit


def _range_records(ranges: pd.DataFrame) -> pd.DataFrame:
    names = words_of.CHEMISTRY | words_of.HEMATOLOGY
    return pd.DataFrame(
        {
            "TEST": words(ranges["analyte_code"], names),
            "SEX": words(ranges["sex"], words_of.SEX),
            "VALID_FROM": _dates(ranges["valid_from"]),
            "VALID_TO": _dates(ranges["valid_to"]),
            "LLN": _plain(ranges["lower_limit"]),
            "ULN": _plain(ranges["upper_limit"]),
            "UNIT": texts(ranges["unit"].replace({"[IU]/mL": "IU/mL", "umol/L": "µmol/L", "1": "-"})),
        }
    )


def _patients(tables: Tables, people: pd.DataFrame) -> pd.DataFrame:
    of = tables["patient"]
    person = people[people["site_id"] == SITE].set_index("patient_id").loc[of["patient_id"]]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "성명": person["name"].to_numpy(),
            "SEX": words(of["sex"], words_of.SEX),
            "BIRTH": _dates(of["birth_date"]),
            "ETIOLOGY": _upper(of["aetiology"]),
            "HCC_DX": _dates(of["diagnosed_on"], of["diagnosed_on_precision"]),
            "DX_BASIS": _upper(of["diagnosis_basis"]),
            "RESECTABILITY": words(of["is_unresectable"], words_of.RESECTABLE),
            "BCLC": texts(of["bclc_reported_code"]),
            "BCLC_DATE": _dates(of["bclc_assessed_on"]),
            "CTP_SCORE": numbers(of["child_pugh_reported_points"], 0),
            "CTP_CLASS": texts(of["child_pugh_reported_code"]),
            "CTP_DATE": _dates(of["child_pugh_assessed_on"]),
        }
    )


def _findings(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """One record per finding: what was looked at, and what it was."""
    of = tables["observation"]
    number = [f"{value:g}" if value == value else "" for value in pd.to_numeric(of["value_number"]).tolist()]  # noqa: PLR0124
    code = words(of["value_code"], words_of.FINDING_VALUE)
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "EXAM_DATE": _dates(of["observed_on"]),
            "ITEM": words(of["observation_code"], words_of.FINDING),
            "VALUE": [first or second for first, second in zip(number, code, strict=True)],
        }
    )


def _history(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["medical_history"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "CONDITION": _upper(of["condition_code"]),
            "PRESENT": words(of["is_present"], words_of.YES),
            "KCD": texts(of["kcd_code"]),
            "TEXT": texts(of["condition_text"]),
            "ONSET": _dates(of["started_on"], of["started_on_precision"]),
            "CANCER_SITE": _upper(of["cancer_site_code"]),
            "IN_SITU": words(of["is_in_situ"], words_of.YES),
            "CURED": _dates(of["cured_on"], of["cured_on_precision"]),
        }
    )


def _tumours(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["tumour_baseline"]
    spread = ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "IMG_DATE": _dates(of["imaged_on"]),
            "MODALITY": _upper(of["modality_code"]),
            "CONTRAST": words(of["has_contrast"], words_of.YES),
            "MAXDIAM_MM": numbers(of["largest_diameter_mm"], 0),
            "NODULES": numbers(of["nodule_count"], 0),
            "NODULES_HOW": _upper(of["nodule_count_qualifier"]),
            "INFILTRATIVE": words(of["is_infiltrative"], words_of.YES),
            "PVTT": _upper(of["portal_vein_invasion_code"]),
            "HV_INV": words(of["has_hepatic_vein_invasion"], words_of.YES),
            "BD_INV": words(of["has_bile_duct_invasion"], words_of.YES),
            **{f"META_{organ.upper()}": words(of[f"has_{organ}_metastasis"], words_of.YES) for organ in spread},
        }
    )


def _courses(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["treatment_course"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "DRUG": texts(of["drug_text"]),
            "ROLE": _upper(of["role_code"]),
            "START": _dates(of["started_on"], of["started_on_precision"]),
            "STOP": _dates(of["stopped_on"], of["stopped_on_precision"]),
            "STOP_REASON": _upper(of["stop_reason_code"]),
        }
    )


def _doses(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["exposure"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "DRUG": _upper(of["drug_code"]),
            "START": _dates(of["started_on"]),
            "STOP": _dates(of["stopped_on"]),
            "SIG": [
                f"{dose:g}mg x{times}"
                for dose, times in zip(of["dose_mg"].astype(float), of["times_per_day"], strict=True)
            ],
            "HOLD": words(of["is_interruption"], words_of.YES),
            "REASON": _upper(of["reason_code"]),
        }
    )


def _procedures(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["procedure"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "PROC": _upper(of["procedure_code"]),
            "PROC_NAME": texts(of["procedure_text"]),
            "SITE": _upper(of["target_site_code"]),
            "START": _dates(of["started_on"], of["started_on_precision"]),
            "END": _dates(of["ended_on"]),
        }
    )


def _medications(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """One record per product; the ingredients of a combination stand in one cell, joined by a plus sign."""
    of = tables["medication"]
    course = ["patient_id", "product_text", "started_on"]
    number = of.groupby(course).cumcount()
    first = of[number == 0]
    upper = of.assign(ingredient_code=_upper(of["ingredient_code"]))
    joined = upper.groupby(course, sort=False)["ingredient_code"].agg("+".join).reset_index()
    together = first[course].merge(joined, on=course, how="left")["ingredient_code"]
    return pd.DataFrame(
        {
            _ID: first["patient_id"].to_numpy(),
            "PRODUCT": texts(first["product_text"]),
            "INGREDIENTS": together.tolist(),
            "START": _dates(first["started_on"], first["started_on_precision"]),
            "STOP": _dates(first["stopped_on"], first["stopped_on_precision"]),
        }
    )


def _wide_labs(names: Mapping[str, str]) -> Callable[[Tables, pd.DataFrame], pd.DataFrame]:
    """One record per patient and day, every analyte in its own column."""

    def render_labs(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
        of = tables["lab_result"]
        of = of[of["analyte_code"].isin(list(names))]
        wide = of.pivot(index=["patient_id", "taken_on"], columns="analyte_code", values="reported_value_text")
        wide = wide.reset_index()
        columns = {header: texts(wide[analyte]) for analyte, header in names.items() if analyte in wide}
        return pd.DataFrame({_ID: wide["patient_id"], "LAB_DATE": _dates(wide["taken_on"]), **columns})

    return render_labs


def _imaging(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["imaging_visit"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "IMG_DATE": _dates(of["imaged_on"]),
            "VISIT": texts(of["visit_text"]),
            "MODALITY": _upper(of["modality_code"]),
            "REGION": _upper(of["region_code"]),
            "CONTRAST": words(of["has_contrast"], words_of.YES),
            "ARTERIAL": words(of["has_arterial_phase"], words_of.YES),
            "RESP_PHYSICIAN": texts(of["response_physician_code"]),
            "RESP_RADIOLOGIST": texts(of["response_radiologist_code"]),
            "NON_TARGET": texts(of["non_target_status_code"]),
            "NEW_LESION": words(of["has_new_lesion"], words_of.YES),
        }
    )


def _lesions(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    """One record per lesion and visit; viable and whole diameter stand in one cell, with a bar of their own between."""
    of = tables["lesion"]
    viable, whole = numbers(of["viable_diameter_mm"], 1), numbers(of["whole_diameter_mm"], 1)
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "IMG_DATE": _dates(of["imaged_on"]),
            "LESION": texts(of["lesion_label"]),
            "ORGAN": _upper(of["organ_code"]),
            "ROLE": _upper(of["role_code"]),
            "NODE": words(of["is_lymph_node"], words_of.YES),
            "DIAM_VIABLE_WHOLE": [f"{first}/{second}" for first, second in zip(viable, whole, strict=True)],
            "SHORT_AXIS": numbers(of["short_axis_mm"], 1),
            "ENHANCEMENT": _upper(of["enhancement_code"]),
            "PATTERN": _upper(of["pattern_code"]),
            "TREATED": words(of["is_treated_before"], words_of.YES),
        }
    )


def _events(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["adverse_event"]
    grade = numbers(of["reported_grade"], 0)
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "AE_TEXT": texts(of["verbatim_text"]),
            "AE_TERM": texts(of["ctcae_term"]),
            "GRADE": [f"Grade {each}" if each else "" for each in grade],
            "ONSET": _dates(of["onset_on"], of["onset_on_precision"]),
            "RESOLVED": _dates(of["ended_on"], of["ended_on_precision"]),
            "SERIOUS": words(of["is_serious"], words_of.YES),
            "OUTCOME": _upper(of["outcome_code"]),
            "BEFORE_TX": words(of["is_present_before"], words_of.YES),
            "ACTION": _upper(of["action_code"]),
            "RELATION": _upper(of["relation_code"]),
        }
    )


def _follow_up(tables: Tables, _: pd.DataFrame) -> pd.DataFrame:
    of = tables["follow_up"]
    return pd.DataFrame(
        {
            _ID: of["patient_id"],
            "LAST_FU": _dates(of["last_contact_on"]),
            "STATUS": _upper(of["vital_status_code"]),
            "STATUS_FROM": _upper(of["vital_status_source_code"]),
            "DEATH": _dates(of["died_on"], of["died_on_precision"]),
            "CAUSE": _upper(of["death_cause_code"]),
            "CAUSE_TEXT": texts(of["death_cause_text"]),
        }
    )


def _dates(dates: pd.Series, precisions: pd.Series | None = None) -> list[str]:
    """Write dates with strokes: 2010/03/05, 2010/03 or 2010."""
    return [text.replace("-", "/") for text in iso_dates(dates, precisions)]


def _upper(codes: pd.Series) -> list[str]:
    return [text.upper() for text in texts(codes)]


def _plain(values: pd.Series) -> list[str]:
    return ["" if value != value else f"{value:g}" for value in values.astype(float).tolist()]  # noqa: PLR0124


_FILES: dict[str, Callable[[Tables, pd.DataFrame], pd.DataFrame]] = {
    "AMC_PATIENT.txt": _patients,
    "AMC_EXAM.txt": _findings,
    "AMC_HISTORY.txt": _history,
    "AMC_TUMOR.txt": _tumours,
    "AMC_SYSTEMIC.txt": _courses,
    "AMC_DOSE.txt": _doses,
    "AMC_PROCEDURE.txt": _procedures,
    "AMC_DRUG.txt": _medications,
    "AMC_CHEM.txt": _wide_labs(words_of.CHEMISTRY),
    "AMC_CBC.txt": _wide_labs(words_of.HEMATOLOGY),
    "AMC_IMAGING.txt": _imaging,
    "AMC_LESION.txt": _lesions,
    "AMC_AE.txt": _events,
    "AMC_FOLLOWUP.txt": _follow_up,
}
"""What becomes of each file but the limits of normal, which a delivery holds once."""
