"""CMC's export: one REDCap file with repeating instruments and checkboxes, and its data dictionary next to it."""

from collections.abc import Callable, Iterator

import pandas as pd

from etl.synthetic.hospital import Tables
from etl.synthetic.hospitals.cmc.project import CHOICES, FORMS, REPEATING, TESTS, columns, dictionary
from etl.synthetic.rendering import iso_dates, numbers, texts, with_every_observation, words
from etl.synthetic.sheet import Sheet
from etl.synthetic.truth.laboratory import panel
from etl.synthetic.truth.study import Study, of_site

SITE = "cmc"
DATA_FILE = "SorafenibHCC_DATA_2016-04-15.csv"
_HEMOGLOBIN_LIMITS = (12.0, 17.0)
"""CMC states one range for both sexes."""

_YES = {True: "1", False: "0"}
_ANSWER = {True: "1", False: "0"}
"""To a question that has a third answer, 9: unknown."""

_COMPLETE = "2"


def as_reported(study: Study, is_first: bool) -> Tables:  # noqa: ARG001 - every replica is alike
    """State CMC's canonical rows as the hospital reports them: numbers without units, limits from the laboratory's list."""
    tables = of_site(study, SITE)
    courses = tables["treatment_course"]
    courses["drug_text"] = [code.replace("_", " ") for code in courses["drug_code"]]
    labs = tables["lab_result"]
    of_hemoglobin = labs["analyte_code"] == "hemoglobin"
    decimals = labs["analyte_code"].map({code: analyte.decimals for code, analyte in panel().items()})
    tables["lab_result"] = labs.assign(
        reported_value=labs["value"],
        reported_value_text=[
            f"{qualifier}{value:.{places}f}"
            for qualifier, value, places in zip(texts(labs["value_qualifier"]), labs["value"], decimals, strict=True)
        ],
        reported_unit=labs["unit"],
        unit_factor=1.0,
        lower_limit=labs["lower_limit"].mask(of_hemoglobin, _HEMOGLOBIN_LIMITS[0]),
        upper_limit=labs["upper_limit"].mask(of_hemoglobin, _HEMOGLOBIN_LIMITS[1]),
        limits_source_code="reference_range",
    )
    return tables


def render(study: Study, is_first: bool) -> Iterator[Sheet]:
    """Render one replica of CMC's delivery: a record of the patient's own, then those of the repeating instruments."""
    tables = as_reported(study, is_first)
    own = [_baseline(tables, study.people), _history(tables), _tumour(tables), _follow_up(tables)]
    patients = own[0].set_index("record_id").join([form.set_index("record_id") for form in own[1:]]).reset_index()
    patients[[f"{form}_complete" for form in FORMS if form not in REPEATING]] = _COMPLETE
    parts = [patients]
    for form in REPEATING:
        of_form = _REPEATED[form](tables)
        parts.append(
            of_form.assign(
                redcap_repeat_instrument=form,
                redcap_repeat_instance=(of_form.groupby("record_id").cumcount() + 1).astype(str),
                **{f"{form}_complete": _COMPLETE},
            )
        )
    records = pd.concat(parts, ignore_index=True).reindex(columns=columns()).astype(object).fillna("")
    yield Sheet(DATA_FILE, records.sort_values("record_id", kind="stable", ignore_index=True))
    if is_first:
        yield dictionary()


def _coded(values: pd.Series, choices: str) -> list[str]:
    return words(values, CHOICES[choices])


def _yes(values: pd.Series) -> list[str]:
    return words(values, _YES)


def _baseline(tables: Tables, people: pd.DataFrame) -> pd.DataFrame:
    of = tables["patient"]
    person = people[people["site_id"] == SITE].set_index("patient_id").loc[of["patient_id"]]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "pt_name": person["name"].to_numpy(),
            "sex": _coded(of["sex"], "sex"),
            "birth_date": iso_dates(of["birth_date"]),
            "etiology": _coded(of["aetiology"], "etiology"),
            "dx_date": iso_dates(of["diagnosed_on"], of["diagnosed_on_precision"]),
            "dx_basis": _coded(of["diagnosis_basis"], "basis"),
            "unresectable": _yes(of["is_unresectable"]),
            "bclc": _coded(of["bclc_reported_code"], "bclc"),
            "bclc_date": iso_dates(of["bclc_assessed_on"]),
            "ctp_score": numbers(of["child_pugh_reported_points"], 0),
            "ctp_class": _coded(of["child_pugh_reported_code"], "class"),
            "ctp_date": iso_dates(of["child_pugh_assessed_on"]),
        }
    )


def _history(tables: Tables) -> pd.DataFrame:
    """One row per patient: a checkbox for what many have, a question for what is rare, and what else is known of each."""
    of = tables["medical_history"]
    row = pd.DataFrame({"record_id": tables["patient"]["patient_id"]}).set_index("record_id")
    asked = {"other_cancer": "cancer", "serious_comorbidity": "serious"}
    for condition, end in {**CHOICES["condition"], **asked}.items():
        one = of[of["condition_code"] == condition].set_index("patient_id")
        assert one.index.is_unique, "the form has room for one of each condition"
        is_present = one["is_present"]
        if condition in asked:
            answer = [_ANSWER.get(present, "9") for present in is_present]
            row[f"hx_{end}"] = pd.Series(answer, one.index)
        else:
            row[f"hx___{end}"] = pd.Series(_yes(is_present), one.index)
        row[f"hx_date_{end}"] = pd.Series(iso_dates(one["started_on"], one["started_on_precision"]), one.index)
        row[f"hx_kcd_{end}"] = pd.Series(texts(one["kcd_code"]), one.index)
        row[f"hx_text_{end}"] = pd.Series(texts(one["condition_text"]), one.index)
        if condition == "other_cancer":
            row["hx_site"] = pd.Series(_coded(one["cancer_site_code"], "cancer_site"), one.index)
            row["hx_insitu"] = pd.Series(_yes(one["is_in_situ"]), one.index)
            row["hx_cured"] = pd.Series(iso_dates(one["cured_on"], one["cured_on_precision"]), one.index)
    return row.reset_index()


def _tumour(tables: Tables) -> pd.DataFrame:
    of = tables["tumour_baseline"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "tu_date": iso_dates(of["imaged_on"]),
            "tu_modality": _coded(of["modality_code"], "modality"),
            "tu_contrast": _yes(of["has_contrast"]),
            "tu_diam_mm": numbers(of["largest_diameter_mm"], 0),
            "tu_count": numbers(of["nodule_count"], 0),
            "tu_count_how": _coded(of["nodule_count_qualifier"], "count"),
            "tu_infiltrative": _yes(of["is_infiltrative"]),
            "tu_pvtt": _coded(of["portal_vein_invasion_code"], "vein"),
            "tu_hv": _yes(of["has_hepatic_vein_invasion"]),
            "tu_bd": _yes(of["has_bile_duct_invasion"]),
            **{
                f"mets___{number}": _yes(of[f"has_{organ}_metastasis"])
                for organ, number in CHOICES["metastasis"].items()
            },
        }
    )


def _follow_up(tables: Tables) -> pd.DataFrame:
    of = tables["follow_up"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "fu_last": iso_dates(of["last_contact_on"]),
            "fu_status": _coded(of["vital_status_code"], "status"),
            "fu_source": _coded(of["vital_status_source_code"], "status_source"),
            "fu_death": iso_dates(of["died_on"], of["died_on_precision"]),
            "fu_cause": _coded(of["death_cause_code"], "cause"),
            "fu_cause_text": texts(of["death_cause_text"]),
        }
    )


def _visits(tables: Tables) -> pd.DataFrame:
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
            "record_id": wide["patient_id"],
            "v_date": iso_dates(wide["observed_on"]),
            "v_ecog": numbers(number["ecog"], 0),
            "v_ascites": _coded(wide["ascites"], "ascites"),
            "v_enceph": _coded(wide["encephalopathy"], "encephalopathy"),
            "v_weight": numbers(number["weight"], 1),
            "v_height": numbers(number["height"], 1),
            "v_sbp": numbers(number["systolic"], 0),
            "v_dbp": numbers(number["diastolic"], 0),
        }
    )


def _courses(tables: Tables) -> pd.DataFrame:
    of = tables["treatment_course"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "sy_drug": _coded(of["drug_code"], "drug"),
            "sy_text": texts(of["drug_text"]),
            "sy_role": _coded(of["role_code"], "role"),
            "sy_start": iso_dates(of["started_on"], of["started_on_precision"]),
            "sy_stop": iso_dates(of["stopped_on"], of["stopped_on_precision"]),
            "sy_reason": _coded(of["stop_reason_code"], "stop_reason"),
        }
    )


def _doses(tables: Tables) -> pd.DataFrame:
    of = tables["exposure"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "do_start": iso_dates(of["started_on"]),
            "do_stop": iso_dates(of["stopped_on"]),
            "do_mg": numbers(of["dose_mg"], 0),
            "do_times": numbers(of["times_per_day"], 0),
            "do_hold": _yes(of["is_interruption"]),
            "do_reason": _coded(of["reason_code"], "dose_reason"),
        }
    )


def _procedures(tables: Tables) -> pd.DataFrame:
    of = tables["procedure"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "pr_type": _coded(of["procedure_code"], "procedure"),
            "pr_text": texts(of["procedure_text"]),
            "pr_site": _coded(of["target_site_code"], "organ"),
            "pr_start": iso_dates(of["started_on"], of["started_on_precision"]),
            "pr_end": iso_dates(of["ended_on"]),
        }
    )


def _medications(tables: Tables) -> pd.DataFrame:
    """One record per product, with a checkbox for every ingredient."""
    of = tables["medication"]
    course = ["patient_id", "product_text", "started_on"]
    first = of.drop_duplicates(course)
    held = set(zip(of["patient_id"], of["product_text"], of["started_on"], of["ingredient_code"], strict=True))
    keys = list(zip(first["patient_id"], first["product_text"], first["started_on"], strict=True))
    return pd.DataFrame(
        {
            "record_id": first["patient_id"].to_numpy(),
            "cm_product": texts(first["product_text"]),
            **{
                f"cm_ing___{number}": ["1" if (*key, ingredient) in held else "0" for key in keys]
                for ingredient, number in CHOICES["ingredient"].items()
            },
            "cm_start": iso_dates(first["started_on"], first["started_on_precision"]),
            "cm_stop": iso_dates(first["stopped_on"], first["stopped_on_precision"]),
        }
    )


def _labs(tables: Tables) -> pd.DataFrame:
    wide = tables["lab_result"].pivot(
        index=["patient_id", "taken_on"], columns="analyte_code", values="reported_value_text"
    )
    wide = wide.reset_index()
    tests = {field: texts(wide[analyte]) for analyte, field in TESTS.items() if analyte in wide}
    return pd.DataFrame({"record_id": wide["patient_id"], "lb_date": iso_dates(wide["taken_on"]), **tests})


def _imaging(tables: Tables) -> pd.DataFrame:
    of = tables["imaging_visit"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "im_date": iso_dates(of["imaged_on"]),
            "im_visit": texts(of["visit_text"]),
            "im_modality": _coded(of["modality_code"], "modality"),
            "im_region": _coded(of["region_code"], "region"),
            "im_contrast": _yes(of["has_contrast"]),
            "im_arterial": _yes(of["has_arterial_phase"]),
            "im_resp_doctor": _coded(of["response_physician_code"], "response"),
            "im_resp_radiology": _coded(of["response_radiologist_code"], "response"),
            "im_nontarget": _coded(of["non_target_status_code"], "non_target"),
            "im_new": _yes(of["has_new_lesion"]),
        }
    )


def _lesions(tables: Tables) -> pd.DataFrame:
    of = tables["lesion"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "le_date": iso_dates(of["imaged_on"]),
            "le_label": texts(of["lesion_label"]),
            "le_organ": _coded(of["organ_code"], "organ"),
            "le_role": _coded(of["role_code"], "lesion_role"),
            "le_node": _yes(of["is_lymph_node"]),
            "le_viable_mm": numbers(of["viable_diameter_mm"], 1),
            "le_whole_mm": numbers(of["whole_diameter_mm"], 1),
            "le_short_mm": numbers(of["short_axis_mm"], 1),
            "le_enhancement": _coded(of["enhancement_code"], "enhancement"),
            "le_pattern": _coded(of["pattern_code"], "pattern"),
            "le_treated": _yes(of["is_treated_before"]),
        }
    )


def _events(tables: Tables) -> pd.DataFrame:
    of = tables["adverse_event"]
    return pd.DataFrame(
        {
            "record_id": of["patient_id"],
            "ae_text": texts(of["verbatim_text"]),
            "ae_term": texts(of["ctcae_term"]),
            "ae_grade": numbers(of["reported_grade"], 0),
            "ae_version": _coded(of["ctcae_version"], "version"),
            "ae_onset": iso_dates(of["onset_on"], of["onset_on_precision"]),
            "ae_end": iso_dates(of["ended_on"], of["ended_on_precision"]),
            "ae_serious": _yes(of["is_serious"]),
            "ae_outcome": _coded(of["outcome_code"], "outcome"),
            "ae_before": _yes(of["is_present_before"]),
            "ae_action": _coded(of["action_code"], "action"),
            "ae_relation": _coded(of["relation_code"], "relation"),
        }
    )


_REPEATED: dict[str, Callable[[Tables], pd.DataFrame]] = {
    "visit": _visits,
    "systemic": _courses,
    "dose": _doses,
    "procedure": _procedures,
    "comedication": _medications,
    "laboratory": _labs,
    "imaging": _imaging,
    "lesion": _lesions,
    "adverse_event": _events,
}
"""What becomes of each repeating instrument."""
