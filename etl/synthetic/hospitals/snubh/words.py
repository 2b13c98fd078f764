"""The local codes of SNUBH's export: numbers where its vendor's other customer writes words."""

UNKNOWN = "9"
"""What the vendor writes in a code's place where nothing is known."""
STILL = "99991231"
"""What the vendor writes as the end of what still goes on."""

SEX = {"male": "1", "female": "2"}
YES = {True: "1", False: "2"}
AETIOLOGY = {"hbv": "1", "hcv": "2", "alcohol": "3", "nafld": "4", "other": "8"}
BASIS = {"clinical": "1", "histology": "2"}
RESECTABLE = {False: "1", True: "2"}
"""By whether the tumour is unresectable."""
ASCITES = {"none": "1", "slight": "2", "moderate": "3"}
ENCEPHALOPATHY = {"none": "1", "grade_1_2": "2", "grade_3_4": "3"}
CONDITION = {
    "diabetes": "DM", "hypertension": "HTN", "cirrhosis": "LC", "other_cancer": "CA", "serious_comorbidity": "SC",
    "other": "ETC",
}  # fmt: skip
CANCER_SITE = {
    "cervix": "11", "skin_basal_cell": "12", "bladder": "13", "stomach": "14", "colorectum": "15", "lung": "16",
    "thyroid": "17", "breast": "18", "prostate": "19", "other": "88",
}  # fmt: skip
MODALITY = {"ct": "1", "mri": "2", "ultrasound": "3", "pet": "4", "bone_scan": "5"}
COUNT = {"exact": "1", "at_least": "2", "multiple": "3"}
VEIN = {"vp0": "0", "vp1": "1", "vp2": "2", "vp3": "3", "vp4": "4"}
DRUG = {
    "sorafenib": "SRF", "doxorubicin": "ADR", "fluorouracil": "5FU", "cisplatin": "CDDP", "capecitabine": "CAP",
    "study_drug_other": "IND", "sunitinib": "SUN",
}  # fmt: skip
DRUG_NAME = {
    "sorafenib": "Nexavar 200mg tab", "doxorubicin": "Adriamycin inj", "fluorouracil": "5-FU inj", "cisplatin": "Cisplatin inj",
    "capecitabine": "Xeloda tab", "study_drug_other": "Study drug", "sunitinib": "Sutent cap",
}  # fmt: skip
ROLE = {"prior": "1", "study": "2", "subsequent": "3"}
STOP_REASON = {
    "progression": "1", "toxicity": "2", "patient_choice": "3", "liver_failure": "4", "death": "5", "cost": "6", "other": "8",
}  # fmt: skip
DOSE_REASON = {"start": "0", "toxicity": "1", "tolerated": "2", "progression": "3", "procedure": "4", "other": "8"}
PROCEDURE = {
    "tace": "TACE", "tare": "TARE", "haic": "HAIC", "radiotherapy": "RT", "rfa": "RFA", "pei": "PEI", "resection": "OP",
    "transplantation": "LT", "metastasectomy": "MTX", "other": "ETC",
}  # fmt: skip
ORGAN = {
    "liver": "LIV", "lymph_node": "LN", "lung": "LUNG", "bone": "BONE", "brain": "BRN", "adrenal": "ADR", "peritoneum": "PERI",
    "portal_vein": "PV", "hepatic_vein": "HV", "bile_duct": "BD", "pleura": "PLEU", "other": "ETC",
}  # fmt: skip
INGREDIENT = {
    "metformin": "METF", "insulin": "INSU", "glimepiride": "GLIM", "sitagliptin": "SITA", "atorvastatin": "ATOR",
    "rosuvastatin": "ROSU", "pitavastatin": "PITA", "amlodipine": "AMLO", "entecavir": "ETV", "lamivudine": "LAM",
    "adefovir": "ADV", "spironolactone": "SPIR", "propranolol": "PROP", "furosemide": "FURO",
    "warfarin": "WARF",
}  # fmt: skip
ANALYTE = {
    "ast": "AST", "alt": "ALT", "alp": "ALP", "ggt": "GGT", "bilirubin_total": "TB", "albumin": "ALB", "protein_total": "TP",
    "creatinine": "CR", "bun": "BUN", "sodium": "NA", "potassium": "K", "calcium_total": "CA", "phosphate": "P",
    "glucose": "GLU", "hemoglobin": "HB", "wbc": "WBC", "neutrophils": "ANC", "lymphocytes": "ALC", "platelets": "PLT",
    "inr": "PTINR", "afp": "AFP",
}  # fmt: skip
UNIT = {
    "U/L": "IU/L", "mg/dL": "mg/dl", "g/dL": "g/dl", "mmol/L": "mmol/L", "10*3/uL": "K/ul", "1": "INR", "ng/mL": "ng/ml",
}  # fmt: skip
REPORTED_UNIT = {"10*9/L": "10*3/uL"}
"""Units in which SNUBH reports where they differ from the common one; the same number in each case."""

VISIT = {"기저": "BL"}
FOLLOW_UP_VISIT = ("차", "FU")
"""The study's third visit is the hospital's FU3."""
REGION = {"abdomen": "1", "chest": "2"}
NON_TARGET = {"CR": "1", "IR/SD": "2", "PD": "3", "NE": "4", "none": "0"}
LESION_ROLE = {"target": "T", "non_target": "NT", "new": "NEW"}
ENHANCEMENT = {"arterial": "1", "none": "2", "faint": "3", "not_assessed": "9"}
PATTERN = {"typical": "1", "atypical": "2", "infiltrative": "3", "thrombus": "4", "effusion": "5", "necrotic": "6"}
OUTCOME = {"recovered": "1", "recovering": "2", "not_recovered": "3", "recovered_with_sequelae": "4", "fatal": "5"}
ACTION = {"none": "0", "reduced": "1", "interrupted": "2", "withdrawn": "3"}
RELATION = {"related": "1", "not_related": "2", "unknown": "9"}
VITAL_STATUS = {"alive": "1", "dead": "2", "unknown": "9"}
VITAL_SOURCE = {"chart": "1", "registry": "2", "family": "3", "insurance": "4"}
DEATH_CAUSE = {"hcc": "1", "liver_failure": "2", "bleeding": "3", "infection": "4", "treatment": "5", "other": "8"}
INSURANCE = ("1", "1", "1", "2", "3")
