"""The terms of KCCH's domains, after the controlled terminology of SDTM where there is one."""

SEX = {"male": "M", "female": "F"}
YES = {True: "Y", False: "N"}
NOT = {True: "N", False: "Y"}
AETIOLOGY = {
    "hbv": "HEPATITIS B", "hcv": "HEPATITIS C", "alcohol": "ALCOHOL", "nafld": "NON-ALCOHOLIC FATTY LIVER DISEASE",
    "other": "OTHER",
}  # fmt: skip
BASIS = {"clinical": "CLINICAL", "histology": "HISTOLOGY"}
RESECTABLE = {True: "UNRESECTABLE", False: "RESECTABLE"}
ASCITES = {"none": "NONE", "slight": "MILD", "moderate": "MODERATE TO SEVERE"}
ENCEPHALOPATHY = {"none": "NONE", "grade_1_2": "GRADE 1-2", "grade_3_4": "GRADE 3-4"}
CONDITION = {
    "diabetes": "DIABETES MELLITUS", "hypertension": "HYPERTENSION", "cirrhosis": "HEPATIC CIRRHOSIS",
    "other_cancer": "OTHER MALIGNANCY", "serious_comorbidity": "SERIOUS COMORBIDITY", "other": "OTHER",
}  # fmt: skip
CANCER_SITE = {
    "cervix": "CERVIX UTERI", "skin_basal_cell": "SKIN, BASAL CELL", "bladder": "BLADDER", "stomach": "STOMACH",
    "colorectum": "COLON/RECTUM", "lung": "LUNG", "thyroid": "THYROID GLAND", "breast": "BREAST",
    "prostate": "PROSTATE GLAND", "other": "OTHER",
}  # fmt: skip
MODALITY = {"ct": "CT SCAN", "mri": "MRI", "ultrasound": "ULTRASOUND", "pet": "PET SCAN", "bone_scan": "BONE SCAN"}
REGION = {
    "abdomen": "ABDOMEN", "chest": "CHEST", "pelvis": "PELVIS", "brain": "BRAIN", "bone": "BONE", "whole_body": "WHOLE BODY",
}  # fmt: skip
COUNT = {"exact": "EXACT", "at_least": "AT LEAST", "multiple": "MULTIPLE"}
VEIN = {"vp0": "VP0", "vp1": "VP1", "vp2": "VP2", "vp3": "VP3", "vp4": "VP4"}
DRUG = {
    "sorafenib": "SORAFENIB", "doxorubicin": "DOXORUBICIN", "fluorouracil": "FLUOROURACIL", "cisplatin": "CISPLATIN",
    "capecitabine": "CAPECITABINE", "study_drug_other": "INVESTIGATIONAL DRUG", "sunitinib": "SUNITINIB", "other": "OTHER",
}  # fmt: skip
ROLE = {"prior": "PRIOR ANTICANCER", "subsequent": "SUBSEQUENT ANTICANCER"}
CONCOMITANT = "CONCOMITANT"
STOP_REASON = {
    "progression": "PROGRESSIVE DISEASE", "toxicity": "ADVERSE EVENT", "patient_choice": "WITHDRAWAL BY SUBJECT",
    "liver_failure": "HEPATIC DETERIORATION", "death": "DEATH", "cost": "COST", "other": "OTHER",
}  # fmt: skip
FREQUENCY = {0.0: "NONE", 1.0: "QD", 2.0: "BID", 3.0: "TID"}
DOSE_REASON = {
    "start": "START OF TREATMENT", "toxicity": "ADVERSE EVENT", "tolerated": "DOSE ESCALATION",
    "progression": "PROGRESSIVE DISEASE", "procedure": "PROCEDURE", "other": "OTHER",
}  # fmt: skip
PROCEDURE = {
    "tace": "TACE", "tare": "TARE", "haic": "HAIC", "radiotherapy": "RADIOTHERAPY", "rfa": "RFA", "pei": "PEI",
    "resection": "HEPATECTOMY", "transplantation": "LIVER TRANSPLANT", "metastasectomy": "METASTASECTOMY", "other": "OTHER",
}  # fmt: skip
TREATMENT, IMAGING = "ANTICANCER TREATMENT", "IMAGING"
ORGAN = {
    "liver": "LIVER", "lymph_node": "LYMPH NODE", "lung": "LUNG", "bone": "BONE", "brain": "BRAIN", "adrenal": "ADRENAL GLAND",
    "peritoneum": "PERITONEUM", "portal_vein": "PORTAL VEIN", "hepatic_vein": "HEPATIC VEIN", "bile_duct": "BILE DUCT",
    "pleura": "PLEURA", "other": "OTHER",
}  # fmt: skip
INGREDIENT = {
    name: name.upper()
    for name in (
        "metformin", "insulin", "glimepiride", "sitagliptin", "atorvastatin", "rosuvastatin", "pitavastatin", "amlodipine",
        "entecavir", "lamivudine", "adefovir", "spironolactone", "propranolol", "furosemide", "warfarin",
    )
}  # fmt: skip
ANALYTE = {
    "ast": "AST", "alt": "ALT", "alp": "ALP", "ggt": "GGT", "bilirubin_total": "BILI", "albumin": "ALB",
    "protein_total": "PROT", "creatinine": "CREAT", "bun": "UREAN", "sodium": "SODIUM", "potassium": "K",
    "calcium_total": "CA", "phosphate": "PHOS", "glucose": "GLUC", "hemoglobin": "HGB", "wbc": "WBC",
    "neutrophils": "NEUT", "lymphocytes": "LYM", "platelets": "PLAT", "inr": "INR", "prothrombin_time": "PT",
    "afp": "AFP",
}  # fmt: skip
UNIT = {
    "U/L": "U/L", "mg/dL": "mg/dL", "g/dL": "g/dL", "mmol/L": "mmol/L", "10*9/L": "10^9/L", "1": "RATIO", "ng/mL": "ng/mL",
    "s": "sec",
}  # fmt: skip
VITAL_SIGN = {"weight": "WEIGHT", "height": "HEIGHT", "systolic": "SYSBP", "diastolic": "DIABP"}
VITAL_UNIT = {"kg": "kg", "cm": "cm", "mm[Hg]": "mmHg"}
NON_TARGET = {"CR": "CR", "IR/SD": "NON-CR/NON-PD", "PD": "PD", "NE": "NE", "none": "NOT APPLICABLE"}
LESION_ROLE = {"target": "TARGET", "non_target": "NON-TARGET", "new": "NEW"}
ENHANCEMENT = {"arterial": "ARTERIAL", "none": "ABSENT", "faint": "FAINT", "not_assessed": "NOT ASSESSED"}
PATTERN = {
    "typical": "TYPICAL", "atypical": "ATYPICAL", "infiltrative": "INFILTRATIVE", "thrombus": "THROMBUS",
    "effusion": "EFFUSION", "necrotic": "NECROTIC",
}  # fmt: skip
OUTCOME = {
    "recovered": "RECOVERED/RESOLVED", "recovering": "RECOVERING/RESOLVING", "not_recovered": "NOT RECOVERED/NOT RESOLVED",
    "recovered_with_sequelae": "RECOVERED/RESOLVED WITH SEQUELAE", "fatal": "FATAL", "unknown": "UNKNOWN",
}  # fmt: skip
ACTION = {
    "none": "DOSE NOT CHANGED", "reduced": "DOSE REDUCED", "interrupted": "DRUG INTERRUPTED", "withdrawn": "DRUG WITHDRAWN",
    "unknown": "UNKNOWN",
}  # fmt: skip
RELATION = {"related": "RELATED", "not_related": "NOT RELATED", "unknown": "NOT ASSESSED"}
VITAL_STATUS = {"alive": "ALIVE", "dead": "DEAD", "unknown": "UNKNOWN"}
VITAL_SOURCE = {
    "chart": "MEDICAL RECORD",
    "registry": "NATIONAL REGISTRY",
    "family": "FAMILY",
    "insurance": "INSURANCE",
}
DEATH_CAUSE = {
    "hcc": "HEPATOCELLULAR CARCINOMA", "liver_failure": "HEPATIC FAILURE", "bleeding": "HAEMORRHAGE", "infection": "INFECTION",
    "treatment": "TREATMENT", "other": "OTHER", "unknown": "UNKNOWN",
}  # fmt: skip
