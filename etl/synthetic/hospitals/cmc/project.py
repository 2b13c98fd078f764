"""CMC's REDCap project: its forms, their fields and the choices of each, and the data dictionary that states them."""

from dataclasses import dataclass

import pandas as pd

from etl.synthetic.sheet import Sheet

DICTIONARY_FILE = "SorafenibHCC_DataDictionary_2016-04-15.csv"

_HEADINGS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip


def _numbered(codes: str) -> dict[str, str]:
    """Number choices in the order in which the form shows them."""
    return {code: str(number) for number, code in enumerate(codes.split(), start=1)}


CHOICES: dict[str, dict[str, str]] = {
    "sex": _numbered("male female"),
    "etiology": _numbered("hbv hcv alcohol nafld other"),
    "basis": _numbered("histology clinical"),
    "bclc": {"0": "0", "A": "1", "B": "2", "C": "3", "D": "4"},
    "class": _numbered("A B C"),
    "condition": _numbered("diabetes hypertension cirrhosis"),
    "rare": {"present": "1", "absent": "0", "unknown": "9"},
    "cancer_site": _numbered("cervix skin_basal_cell bladder stomach colorectum lung thyroid breast prostate other"),
    "modality": _numbered("ct mri ultrasound pet bone_scan"),
    "count": _numbered("exact at_least multiple"),
    "vein": {"vp0": "0", "vp1": "1", "vp2": "2", "vp3": "3", "vp4": "4"},
    "metastasis": _numbered("lymph_node lung bone brain adrenal peritoneum other"),
    "ascites": {"none": "0", "slight": "1", "moderate": "2"},
    "encephalopathy": {"none": "0", "grade_1_2": "1", "grade_3_4": "2"},
    "drug": _numbered(
        "sorafenib lenvatinib regorafenib sunitinib brivanib doxorubicin fluorouracil cisplatin capecitabine gemcitabine "
        "thalidomide interferon immunotherapy study_drug_other other"
    ),
    "role": _numbered("study prior subsequent"),
    "stop_reason": _numbered("progression toxicity patient_choice liver_failure death cost other unknown"),
    "dose_reason": _numbered("start toxicity tolerated progression procedure other"),
    "procedure": _numbered("tace tare radiotherapy haic rfa pei resection transplantation metastasectomy other"),
    "organ": _numbered(
        "liver lymph_node lung bone brain adrenal peritoneum portal_vein hepatic_vein bile_duct pleura other"
    ),
    "ingredient": _numbered(
        "metformin insulin glimepiride sitagliptin pioglitazone atorvastatin rosuvastatin simvastatin pravastatin "
        "pitavastatin entecavir tenofovir lamivudine adefovir propranolol furosemide spironolactone amlodipine losartan "
        "aspirin warfarin lactulose urea_cream loperamide other"
    ),
    "region": _numbered("abdomen chest pelvis brain bone whole_body"),
    "response": {"CR": "1", "PR": "2", "SD": "3", "PD": "4", "NE": "9"},
    "non_target": {"none": "0", "CR": "1", "IR/SD": "2", "PD": "3", "NE": "9"},
    "lesion_role": _numbered("target non_target new"),
    "enhancement": _numbered("arterial none faint not_assessed"),
    "pattern": _numbered("typical atypical infiltrative thrombus effusion necrotic"),
    "outcome": _numbered("recovered recovering not_recovered recovered_with_sequelae fatal unknown"),
    "action": _numbered("none reduced interrupted withdrawn unknown"),
    "relation": _numbered("related not_related unknown"),
    "version": _numbered("3.0 4.0 4.03"),
    "status": _numbered("alive dead unknown"),
    "status_source": _numbered("chart registry family insurance"),
    "cause": _numbered("hcc liver_failure bleeding infection treatment other unknown"),
}
"""REDCap's codes by the canonical ones."""

TESTS = {
    "ast": "lb_ast", "alt": "lb_alt", "alp": "lb_alp", "ggt": "lb_ggt", "bilirubin_total": "lb_tbil", "albumin": "lb_alb",
    "protein_total": "lb_tp", "creatinine": "lb_crea", "bun": "lb_bun", "sodium": "lb_na", "potassium": "lb_k",
    "calcium_total": "lb_ca", "phosphate": "lb_phos", "glucose": "lb_glu", "hemoglobin": "lb_hb", "wbc": "lb_wbc",
    "neutrophils": "lb_anc", "lymphocytes": "lb_alc", "platelets": "lb_plt", "inr": "lb_inr", "afp": "lb_afp",
}  # fmt: skip
"""The field of each analyte on the form of laboratory results."""


@dataclass(frozen=True)
class Field:
    """One field of a form: its type, and the name of its choices where it has such."""

    name: str
    kind: str = "text"
    choices: str = ""


def _fields(names: str) -> tuple[Field, ...]:
    """Read `name`, `name:yesno`, `name:radio:choices`."""
    return tuple(Field(*name.split(":")) for name in names.split())


FORMS: dict[str, tuple[Field, ...]] = {
    "baseline": _fields(
        "record_id pt_name sex:radio:sex birth_date etiology:dropdown:etiology dx_date dx_basis:radio:basis "
        "unresectable:yesno bclc:dropdown:bclc bclc_date ctp_score ctp_class:radio:class ctp_date"
    ),
    "history": _fields(
        "hx:checkbox:condition hx_date_1 hx_kcd_1 hx_text_1 hx_date_2 hx_kcd_2 hx_text_2 hx_date_3 hx_kcd_3 hx_text_3 "
        "hx_cancer:radio:rare hx_date_cancer hx_kcd_cancer hx_text_cancer hx_site:dropdown:cancer_site hx_insitu:yesno "
        "hx_cured hx_serious:radio:rare hx_date_serious hx_kcd_serious hx_text_serious"
    ),
    "tumour": _fields(
        "tu_date tu_modality:dropdown:modality tu_contrast:yesno tu_diam_mm tu_count tu_count_how:radio:count "
        "tu_infiltrative:yesno tu_pvtt:radio:vein tu_hv:yesno tu_bd:yesno mets:checkbox:metastasis"
    ),
    "follow_up": _fields(
        "fu_last fu_status:radio:status fu_source:dropdown:status_source fu_death fu_cause:dropdown:cause fu_cause_text"
    ),
    "visit": _fields(
        "v_date v_ecog v_ascites:radio:ascites v_enceph:radio:encephalopathy v_weight v_height v_sbp v_dbp"
    ),
    "systemic": _fields(
        "sy_drug:dropdown:drug sy_text sy_role:radio:role sy_start sy_stop sy_reason:dropdown:stop_reason"
    ),
    "dose": _fields("do_start do_stop do_mg do_times do_hold:yesno do_reason:dropdown:dose_reason"),
    "procedure": _fields("pr_type:dropdown:procedure pr_text pr_site:dropdown:organ pr_start pr_end"),
    "comedication": _fields("cm_product cm_ing:checkbox:ingredient cm_start cm_stop"),
    "laboratory": _fields("lb_date " + " ".join(TESTS.values())),
    "imaging": _fields(
        "im_date im_visit im_modality:dropdown:modality im_region:dropdown:region im_contrast:yesno im_arterial:yesno "
        "im_resp_doctor:radio:response im_resp_radiology:radio:response im_nontarget:radio:non_target im_new:yesno"
    ),
    "lesion": _fields(
        "le_date le_label le_organ:dropdown:organ le_role:radio:lesion_role le_node:yesno le_viable_mm le_whole_mm "
        "le_short_mm le_enhancement:radio:enhancement le_pattern:radio:pattern le_treated:yesno"
    ),
    "adverse_event": _fields(
        "ae_text ae_term ae_grade ae_version:radio:version ae_onset ae_end ae_serious:yesno ae_outcome:dropdown:outcome "
        "ae_before:yesno ae_action:dropdown:action ae_relation:radio:relation"
    ),
}
"""The forms in the project's order. Those from `visit` on repeat."""

REPEATING = tuple(FORMS)[list(FORMS).index("visit") :]


def columns() -> list[str]:
    """List the export's columns: a checkbox has one for each choice, a form one that says whether it is complete."""
    names = ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    for form, fields in FORMS.items():
        for field in fields:
            if field.kind == "checkbox":
                names += [f"{field.name}___{code}" for code in CHOICES[field.choices].values()]
            elif field.name != "record_id":
                names.append(field.name)
        names.append(f"{form}_complete")
    return names


def dictionary() -> Sheet:
    """Write the data dictionary as REDCap's page offers it."""
    rows = [
        dict(zip(_HEADINGS, (field.name, form, "", field.kind, _label(field), _choices(field)), strict=False))
        | {"Identifier?": "y" if field.name in {"record_id", "pt_name"} else ""}
        for form, fields in FORMS.items()
        for field in fields
    ]
    return Sheet(DICTIONARY_FILE, pd.DataFrame(rows, columns=list(_HEADINGS)).astype(object).fillna(""))


def _label(field: Field) -> str:
    return field.name.replace("_", " ").capitalize()


def _choices(field: Field) -> str:
    choices = CHOICES.get(field.choices, {})
    return " | ".join(f"{number}, {code.replace('_', ' ')}" for code, number in choices.items())
