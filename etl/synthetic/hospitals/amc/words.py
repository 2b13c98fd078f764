"""The words and units of AMC's export: English codes in capitals, laboratory results in SI units."""

from decimal import Decimal

SEX = {"male": "M", "female": "F"}
YES = {True: "Y", False: "N"}
RESECTABLE = {True: "UNRESECTABLE", False: "RESECTABLE"}
FINDING = {
    "ecog": "ECOG", "ascites": "ASCITES", "encephalopathy": "HEP_ENCEPH", "weight": "WT", "height": "HT", "systolic": "SBP",
    "diastolic": "DBP", "karnofsky": "KPS", "temperature": "BT", "stools_per_day": "STOOL", "body_surface": "BSA",
}  # fmt: skip
FINDING_VALUE = {"none": "NONE", "slight": "MILD", "moderate": "MOD", "grade_1_2": "G1-2", "grade_3_4": "G3-4"}
CHEMISTRY = {
    "ast": "AST", "alt": "ALT", "alp": "ALP", "ggt": "GGT", "bilirubin_total": "TBIL", "albumin": "ALB",
    "protein_total": "TP", "creatinine": "CREA", "bun": "BUN", "sodium": "NA", "potassium": "K", "calcium_total": "CA",
    "phosphate": "PHOS", "glucose": "GLU", "afp": "AFP", "inr": "INR",
}  # fmt: skip
HEMATOLOGY = {"hemoglobin": "HB", "wbc": "WBC", "neutrophils": "ANC", "lymphocytes": "ALC", "platelets": "PLT"}
REPORTED = {
    "bilirubin_total": ("umol/L", Decimal("0.058479532"), 1),
    "albumin": ("g/L", Decimal("0.1"), 0),
    "creatinine": ("umol/L", Decimal("0.011312217"), 1),
    "calcium_total": ("mmol/L", Decimal("4.008"), 2),
    "phosphate": ("mmol/L", Decimal("3.097"), 2),
    "glucose": ("mmol/L", Decimal("18.016"), 1),
    "hemoglobin": ("g/L", Decimal("0.1"), 0),
    "afp": ("[IU]/mL", Decimal("1.21"), 2),
}
"""The unit in which AMC reports an analyte, what one of it is in the common unit, and the decimals that it writes."""
