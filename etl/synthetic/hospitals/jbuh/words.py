"""The words and local codes of JBUH's export."""

SEX = {"male": "M", "female": "F"}
AETIOLOGY = {"hbv": "HBV", "hcv": "HCV", "alcohol": "ALC", "nafld": "NAFLD", "other": "ETC"}
BASIS = {"clinical": "영상", "histology": "조직"}
YES = {True: "Y", False: "N"}
SIGN = {True: "+", False: "-"}
ASCITES = {"none": "none", "slight": "mild", "moderate": "moderate-severe"}
ENCEPHALOPATHY = {"none": "none", "grade_1_2": "Gr 1-2", "grade_3_4": "Gr 3-4"}
KARNOFSKY = {0: (100, 100), 1: (90, 80), 2: (70, 60), 3: (50, 40), 4: (30, 20)}
"""Steps of the Karnofsky scale that the study reads as one ECOG grade, so that the way there and back loses nothing."""

CONDITION = {
    "diabetes": "DM", "hypertension": "HTN", "cirrhosis": "LC", "other_cancer": "2nd primary",
    "serious_comorbidity": "serious", "other": "etc",
}  # fmt: skip
CANCER_SITE = {
    "cervix": "cervix", "skin_basal_cell": "BCC", "bladder": "bladder", "stomach": "stomach", "colorectum": "colon",
    "lung": "lung", "thyroid": "thyroid", "breast": "breast", "prostate": "prostate", "other": "etc",
}  # fmt: skip
MODALITY = {"ct": "CT", "mri": "MRI", "ultrasound": "US", "pet": "PET-CT", "bone_scan": "WBBS"}
COUNT = {"exact": "=", "at_least": "≥", "multiple": "multiple"}
VEIN = {"vp0": "none", "vp1": "Vp1", "vp2": "Vp2", "vp3": "Vp3", "vp4": "Vp4"}
DRUG = {
    "sorafenib": "Nexavar 200mg", "lenvatinib": "Lenvima", "regorafenib": "Stivarga", "sunitinib": "Sutent",
    "brivanib": "Brivanib", "doxorubicin": "Adriamycin", "fluorouracil": "5-FU", "cisplatin": "Cisplatin",
    "capecitabine": "Xeloda", "gemcitabine": "Gemzar", "thalidomide": "Thalidomide", "interferon": "Interferon",
    "immunotherapy": "면역항암제", "study_drug_other": "임상연구약", "other": "기타",
}  # fmt: skip
ROLE = {"study": "본치료", "prior": "이전", "subsequent": "이후"}
STOP_REASON = {
    "progression": "PD", "toxicity": "AE", "patient_choice": "refusal", "liver_failure": "LF", "death": "expire",
    "cost": "비용", "other": "etc", "unknown": "unknown",
}  # fmt: skip
DOSE_REASON = {
    "start": "initial", "toxicity": "AE", "tolerated": "escalation", "progression": "PD", "procedure": "procedure", "other": "etc",
}  # fmt: skip
PROCEDURE = {
    "tace": "TACE", "tare": "TARE", "haic": "HAIC", "radiotherapy": "RT", "rfa": "RFA", "pei": "PEI", "resection": "OP",
    "transplantation": "LT", "metastasectomy": "META", "other": "ETC",
}  # fmt: skip
ORGAN = {
    "liver": "liver", "lymph_node": "LN", "lung": "lung", "bone": "bone", "brain": "brain", "adrenal": "adrenal",
    "peritoneum": "peritoneum", "portal_vein": "PV", "hepatic_vein": "HV", "bile_duct": "BD", "pleura": "pleura",
    "other": "etc",
}  # fmt: skip
ANALYTE = {
    "ast": "AST(GOT)", "alt": "ALT(GPT)", "alp": "ALP", "ggt": "r-GTP", "bilirubin_total": "T.Bil", "albumin": "Alb",
    "protein_total": "T.Protein", "creatinine": "Cr", "bun": "BUN", "sodium": "Na", "potassium": "K",
    "calcium_total": "Ca", "phosphate": "P", "glucose": "Glucose", "hemoglobin": "Hb", "wbc": "WBC", "neutrophils": "ANC",
    "lymphocytes": "ALC", "platelets": "PLT", "inr": "PT(INR)", "prothrombin_time": "PT(sec)", "afp": "AFP",
}  # fmt: skip
UNIT = {
    "U/L": "IU/L", "mg/dL": "㎎/㎗", "g/dL": "g/㎗", "mmol/L": "mmol/L", "10*3/uL": "x10³/㎕", "1": "INR", "ng/mL": "ng/㎖",
    "s": "sec",
}  # fmt: skip
REPORTED_UNIT = {"10*9/L": "10*3/uL"}
"""Units in which JBUH reports where they differ from the common one; the same number in each case."""

REGION = {"abdomen": "Abd", "chest": "Chest", "pelvis": "Pelvis", "brain": "Brain", "bone": "Bone", "whole_body": "WB"}
NON_TARGET = {"CR": "CR", "IR/SD": "IR/SD", "PD": "PD", "NE": "NE", "none": "NA"}
LESION_ROLE = {"target": "T", "non_target": "NT", "new": "New"}
ENHANCEMENT = {"arterial": "arterial", "none": "no", "faint": "faint", "not_assessed": "not done"}
PATTERN = {
    "typical": "typical", "atypical": "atypical", "infiltrative": "infiltrative", "thrombus": "thrombus",
    "effusion": "effusion", "necrotic": "necrosis",
}  # fmt: skip
OUTCOME = {
    "recovered": "resolved", "recovering": "resolving", "not_recovered": "ongoing", "recovered_with_sequelae": "sequelae",
    "fatal": "fatal", "unknown": "unknown",
}  # fmt: skip
ACTION = {
    "none": "no change", "reduced": "reduced", "interrupted": "held", "withdrawn": "stopped", "unknown": "unknown",
}  # fmt: skip
RELATION = {"related": "Y", "not_related": "N", "unknown": "UK"}
VITAL_STATUS = {"alive": "alive", "dead": "expired", "unknown": "F/U loss"}
VITAL_SOURCE = {"chart": "EMR", "registry": "행안부", "family": "전화", "insurance": "심평원"}
DEATH_CAUSE = {
    "hcc": "HCC", "liver_failure": "LF", "bleeding": "bleeding", "infection": "sepsis", "treatment": "treatment",
    "other": "etc", "unknown": "unknown",
}  # fmt: skip
