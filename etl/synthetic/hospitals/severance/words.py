"""The words of Severance's export. Its events are free text: a doctor's words, Korean or English, as they come."""

SEX = {"male": "M", "female": "F"}
YES = {True: "Y", False: "N"}
AETIOLOGY = {"hbv": "HBV", "hcv": "HCV", "alcohol": "알코올성", "nafld": "지방간염", "other": "원인불명"}
BASIS = {"clinical": "영상/종양표지자", "histology": "생검"}
RESECTABLE = {False: "가능", True: "불가"}
"""By whether the tumour is unresectable."""
ASCITES = {"none": "(-)", "slight": "(+)", "moderate": "(++)"}
ENCEPHALOPATHY = {"none": "(-)", "grade_1_2": "Ⅰ-Ⅱ", "grade_3_4": "Ⅲ-Ⅳ"}
CONDITION = {
    "diabetes": "당뇨", "hypertension": "고혈압", "cirrhosis": "간경화", "other_cancer": "타암", "serious_comorbidity": "중증질환",
    "other": "그외",
}  # fmt: skip
CANCER_SITE = {
    "cervix": "자궁경부암", "skin_basal_cell": "기저세포암", "bladder": "방광암", "stomach": "위암", "colorectum": "대장암",
    "lung": "폐암", "thyroid": "갑상선암", "breast": "유방암", "prostate": "전립선암", "other": "기타암",
}  # fmt: skip
MODALITY = {"ct": "CT", "mri": "MRI", "ultrasound": "US", "pet": "PET-CT", "bone_scan": "Bone scan"}
COUNT = {"exact": "=", "at_least": "≥", "multiple": "다발"}
VEIN = {"vp0": "없음", "vp1": "Vp1", "vp2": "Vp2", "vp3": "Vp3", "vp4": "Vp4"}
DRUG = {
    "sorafenib": "Nexavar", "doxorubicin": "Adriamycin", "fluorouracil": "5-FU", "cisplatin": "Cisplatin",
    "capecitabine": "Xeloda", "study_drug_other": "임상시험", "sunitinib": "Sutent",
}  # fmt: skip
ROLE = {"prior": "이전", "study": "연구", "subsequent": "이후"}
STOP_REASON = {
    "progression": "PD", "toxicity": "부작용", "patient_choice": "환자거부", "liver_failure": "간기능저하", "death": "사망",
    "cost": "경제적 이유", "other": "기타",
}  # fmt: skip
DOSE_REASON = {
    "start": "시작", "toxicity": "부작용", "tolerated": "증량", "progression": "PD", "procedure": "시술", "other": "기타",
}  # fmt: skip
FREQUENCY = {0: "hold", 1: "qd", 2: "bid", 3: "tid"}
PROCEDURE = {
    "tace": "TACE", "tare": "TARE", "haic": "HAIC", "radiotherapy": "RT", "rfa": "RFA", "pei": "PEI", "resection": "간절제",
    "transplantation": "간이식", "metastasectomy": "전이절제", "other": "기타",
}  # fmt: skip
ORGAN = {
    "liver": "Liver", "lymph_node": "LN", "lung": "Lung", "bone": "Bone", "brain": "Brain", "adrenal": "Adrenal",
    "peritoneum": "Peritoneum", "portal_vein": "PV", "hepatic_vein": "HV", "bile_duct": "BD", "pleura": "Pleura", "other": "기타",
}  # fmt: skip
INGREDIENT = {
    "metformin": "metformin", "insulin": "insulin", "glimepiride": "glimepiride", "sitagliptin": "sitagliptin",
    "atorvastatin": "atorvastatin", "rosuvastatin": "rosuvastatin", "pitavastatin": "pitavastatin", "amlodipine": "amlodipine",
    "entecavir": "entecavir", "lamivudine": "lamivudine", "adefovir": "adefovir", "spironolactone": "spironolactone",
    "propranolol": "propranolol", "furosemide": "furosemide", "warfarin": "warfarin",
}  # fmt: skip
ANALYTE = {
    "ast": "AST(SGOT)", "alt": "ALT(SGPT)", "alp": "ALP", "ggt": "γ-GT", "bilirubin_total": "총빌리루빈", "albumin": "알부민",
    "protein_total": "총단백", "creatinine": "Cr", "bun": "BUN", "sodium": "Na", "potassium": "K", "calcium_total": "Ca",
    "phosphate": "P", "glucose": "혈당", "hemoglobin": "Hb", "wbc": "WBC", "neutrophils": "ANC", "lymphocytes": "ALC",
    "platelets": "PLT", "inr": "PT(INR)", "prothrombin_time": "PT(sec)", "afp": "α-FP",
}  # fmt: skip
UNIT = {
    "U/L": "IU/ℓ", "mg/dL": "㎎/㎗", "g/dL": "g/㎗", "mmol/L": "mmol/ℓ", "10*3/uL": "10³/㎕", "1": "INR", "ng/mL": "ng/㎖",
    "s": "sec",
}  # fmt: skip
REPORTED_UNIT = {"10*9/L": "10*3/uL"}
"""Units in which Severance reports where they differ from the common one; the same number in each case."""
HIGH, LOW = "▲", "▼"
"""What stands behind a result that lies outside its limits."""

REGION = {"abdomen": "Abdomen", "chest": "Chest"}
NON_TARGET = {"CR": "CR", "IR/SD": "IR/SD", "PD": "PD", "NE": "NE", "none": "N/A"}
LESION_ROLE = {"target": "Target", "non_target": "Non-target", "new": "New"}
ENHANCEMENT = {"arterial": "(+)", "none": "(-)", "faint": "(±)", "not_assessed": "평가안함"}
PATTERN = {
    "typical": "전형적", "atypical": "비전형적", "infiltrative": "침윤성", "thrombus": "혈전", "effusion": "삼출액",
    "necrotic": "괴사",
}  # fmt: skip
VITAL_STATUS = {"alive": "생존", "dead": "사망", "unknown": "F/U loss"}
VITAL_SOURCE = {"chart": "차트", "registry": "통계청", "family": "전화", "insurance": "건보"}
DEATH_CAUSE = {
    "hcc": "HCC", "liver_failure": "간부전", "bleeding": "출혈", "infection": "감염", "treatment": "치료합병증", "other": "기타",
}  # fmt: skip
DEATH_TEXT = {"간부전": "간부전 악화됬음"}
"""Typed as people type: a syllable that cp949 has and strict EUC-KR has not."""

ROMAN = ("", "I", "II", "III", "IV", "V")
GRADED = ("{name} Gr {roman}", "{name} G{grade}", "{name} Gr.{grade}", "{name} grade {grade}", "{name}(G{grade})")
"""How they write the grade next to it."""
GLUED = ("{name}{grade}", "{name} = {grade}")
DEGREE = "{name} {grade}도"
GRADED_IN_OTHER_WORDS = (*GLUED, DEGREE)
"""Forms whose grade the mapping's list does not have; it is read where texts are coded."""
ABBREVIATIONS = ("HFSR", "HTN")
"""What a grade is glued to."""
GRADED_IN_DEGREES = ("Alopecia",)
"""Terms that are graded in 도 at times; of a fever it would be a temperature."""
ALWAYS = ("{name} G{grade} (CTCAE 4.03)", "{name}(+) G{grade}")
COURSES = ("{name} G{grade} -> 감량 후 G{milder}", "{name} Gr {roman} → 휴약 후 Gr {milder_roman}")
"""The worst grade stands first, and counts."""
TREATED = {
    "Palmar-plantar erythrodysesthesia syndrome": ("{name} G{grade} 보습제 처방",),
    "Hypertension": ("{name} G{grade} - amlodipine 5mg start",),
    "Diarrhea": ("{name} G{grade} - loperamide 처방",),
    "Rash maculo-papular": ("{name} G{grade} antihistamine 처방",),
}
"""With what was given for it."""
SITED = {
    "Palmar-plantar erythrodysesthesia syndrome": ("{name} G{grade} both soles > palms",),
    "Rash maculo-papular": ("{name} G{grade} (trunk)",),
    "Dry skin": ("{name} G{grade} both legs",),
}
SIGNED = {
    "Diarrhea": (("Nausea", "Vomiting"), "N/V/D(-/-/+)"),
    "Nausea": (("Vomiting",), "N/V(+/-)"),
    "Vomiting": (("Nausea",), "N/V(-/+)"),
}
ALSO_SIGNED = (("Nausea",), "오심/{name}(-/+)")
"""Signs in brackets for an event without a grade, with the terms that they deny; and for all other terms."""
BUT = {
    "Vomiting": (("Nausea",), "no nausea but {name} G{grade}"),
    "Diarrhea": (("Constipation",), "no constipation but {name} G{grade}"),
}
"""One event denied and another one affirmed, with the terms that are denied."""
ANALYTE_OF_TERM = {
    "Platelet count decreased": "platelets", "Aspartate aminotransferase increased": "ast",
    "Alanine aminotransferase increased": "alt",
}  # fmt: skip
RESULTS = {
    "Platelet count decreased": ("PLT↓ {result}K G{grade}", "PLT 감소 G{grade} ({result}K)"),
    "Aspartate aminotransferase increased": ("AST↑ {result} G{grade}", "AST 상승 G{grade} ({result})"),
    "Alanine aminotransferase increased": ("ALT↑ {result} G{grade}", "ALT 상승 G{grade} ({result})"),
}
"""Names of tests with an arrow and the result."""
NUMBERED = (
    ("1) ", "2) ", "3) ", "4) "),
    ("① ", "② ", "③ ", "④ "),
    ("#1 ", "#2 ", "#3 ", "#4 "),
    ("1. ", "2. ", "3. ", "4. "),
)
"""What stands before the items of a list."""
NOT_AN_EVENT: dict[str, tuple[str, ...]] = {
    "설사 없음": ("Diarrhea",),
    "오심/구토 모두 없음": ("Nausea", "Vomiting"),
    "HFS(-)": ("Palmar-plantar erythrodysesthesia syndrome",),
    "특이사항 없음": (),
    "발진 없음": ("Rash maculo-papular",),
    "N/V(-/-)": ("Nausea", "Vomiting"),
    "오심 부인": ("Nausea",),
    "약 잘 복용 중": (),
    "구내염 의증": ("Mucositis oral",),
    "HFS(-) alopecia(-)": ("Palmar-plantar erythrodysesthesia syndrome", "Alopecia"),
    "r/o HTN": ("Hypertension",),
    "denies nausea/vomiting": ("Nausea", "Vomiting"),
    "BP ok": (),
}
"""What they write that is no event: denials, doubts, remarks; and the terms that each is about."""
NO_EVENTS = ("부작용 없음", "특이 부작용 없음")
"""What they write when there is nothing to say."""
SEPARATORS = (", ", "; ", ",")
