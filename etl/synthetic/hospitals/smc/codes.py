"""The numeric codes of SMC's files with their value labels: canonical value -> (code, label)."""

from collections.abc import Mapping
from typing import Any

Codes = Mapping[Any, tuple[str, str]]

UNKNOWN = "999"
"""User-missing: asked and not known."""
NOT_DONE = "-9"
"""User-missing: not done, or does not apply."""

SEX: Codes = {"male": ("1", "남"), "female": ("2", "여")}
YES: Codes = {False: ("0", "아니오"), True: ("1", "예")}
PRECISION: Codes = {"day": ("1", "일까지"), "month": ("2", "월까지"), "year": ("3", "연도만")}
AETIOLOGY: Codes = {
    "hbv": ("1", "B형간염"), "hcv": ("2", "C형간염"), "alcohol": ("3", "알코올"), "nafld": ("4", "비알코올성 지방간"),
    "other": ("5", "기타"),
}  # fmt: skip
BASIS: Codes = {"clinical": ("1", "임상진단"), "histology": ("2", "조직검사")}
BCLC: Codes = {
    "0": ("0", "BCLC 0"),
    "A": ("1", "BCLC A"),
    "B": ("2", "BCLC B"),
    "C": ("3", "BCLC C"),
    "D": ("4", "BCLC D"),
}
CHILD_PUGH: Codes = {"A": ("1", "A"), "B": ("2", "B"), "C": ("3", "C")}
ASCITES: Codes = {"none": ("0", "없음"), "slight": ("1", "경도"), "moderate": ("2", "중등도 이상")}
ENCEPHALOPATHY: Codes = {"none": ("0", "없음"), "grade_1_2": ("1", "1-2등급"), "grade_3_4": ("2", "3-4등급")}
CONDITION: Codes = {
    "diabetes": ("1", "당뇨병"), "hypertension": ("2", "고혈압"), "cirrhosis": ("3", "간경변증"),
    "other_cancer": ("4", "타 장기 암"), "serious_comorbidity": ("5", "병용 주의 약물이 필요한 중증 질환"), "other": ("6", "기타"),
}  # fmt: skip
CANCER_SITE: Codes = {
    "cervix": ("1", "자궁경부"), "skin_basal_cell": ("2", "피부 기저세포"), "bladder": ("3", "방광"), "stomach": ("4", "위"),
    "colorectum": ("5", "대장"), "lung": ("6", "폐"), "thyroid": ("7", "갑상선"), "breast": ("8", "유방"),
    "prostate": ("9", "전립선"), "other": ("10", "기타"),
}  # fmt: skip
MODALITY: Codes = {
    "ct": ("1", "CT"), "mri": ("2", "MRI"), "ultrasound": ("3", "초음파"), "pet": ("4", "PET"), "bone_scan": ("5", "뼈스캔"),
}  # fmt: skip
REGION: Codes = {
    "abdomen": ("1", "복부"), "chest": ("2", "흉부"), "pelvis": ("3", "골반"), "brain": ("4", "뇌"), "bone": ("5", "뼈"),
    "whole_body": ("6", "전신"),
}  # fmt: skip
COUNT: Codes = {"exact": ("1", "정확한 수"), "at_least": ("2", "이상"), "multiple": ("3", "다발성")}
VEIN: Codes = {
    "vp0": ("0", "Vp0 침범 없음"), "vp1": ("1", "Vp1"), "vp2": ("2", "Vp2"), "vp3": ("3", "Vp3"), "vp4": ("4", "Vp4 주문맥"),
}  # fmt: skip
DRUG: Codes = {
    "sorafenib": ("1", "Sorafenib"), "doxorubicin": ("2", "Doxorubicin"), "fluorouracil": ("3", "5-FU"),
    "cisplatin": ("4", "Cisplatin"), "capecitabine": ("5", "Capecitabine"), "sunitinib": ("6", "Sunitinib"),
    "study_drug_other": ("7", "임상시험약"), "other": ("8", "기타"),
}  # fmt: skip
ROLE: Codes = {"prior": ("1", "이전 치료"), "study": ("2", "연구 약제"), "subsequent": ("3", "후속 치료")}
STOP_REASON: Codes = {
    "progression": ("1", "질병 진행"), "toxicity": ("2", "독성"), "patient_choice": ("3", "환자 의사"),
    "liver_failure": ("4", "간기능 악화"), "death": ("5", "사망"), "cost": ("6", "비용"), "other": ("7", "기타"),
}  # fmt: skip
DOSE_REASON: Codes = {
    "start": ("1", "시작"), "toxicity": ("2", "독성"), "tolerated": ("3", "증량"), "progression": ("4", "진행"),
    "procedure": ("5", "시술"), "other": ("6", "기타"),
}  # fmt: skip
PROCEDURE: Codes = {
    "tace": ("11", "TACE"), "tare": ("12", "TARE"), "haic": ("13", "HAIC"), "radiotherapy": ("21", "방사선치료"),
    "rfa": ("31", "RFA"), "pei": ("32", "PEI"), "resection": ("41", "절제술"), "transplantation": ("42", "간이식"),
    "metastasectomy": ("43", "전이병소 절제"), "other": ("90", "기타"),
}  # fmt: skip
ORGAN: Codes = {
    "liver": ("1", "간"), "lymph_node": ("2", "림프절"), "lung": ("3", "폐"), "bone": ("4", "뼈"), "brain": ("5", "뇌"),
    "adrenal": ("6", "부신"), "peritoneum": ("7", "복막"), "portal_vein": ("8", "문맥"), "hepatic_vein": ("9", "간정맥"),
    "bile_duct": ("10", "담관"), "pleura": ("11", "흉막"), "other": ("12", "기타"),
}  # fmt: skip
INGREDIENT: Codes = {
    "metformin": ("101", "Metformin"), "insulin": ("102", "Insulin"), "glimepiride": ("103", "Glimepiride"),
    "sitagliptin": ("104", "Sitagliptin"), "atorvastatin": ("201", "Atorvastatin"), "rosuvastatin": ("202", "Rosuvastatin"),
    "pitavastatin": ("203", "Pitavastatin"), "entecavir": ("301", "Entecavir"), "lamivudine": ("302", "Lamivudine"),
    "adefovir": ("303", "Adefovir"), "propranolol": ("401", "Propranolol"), "furosemide": ("402", "Furosemide"),
    "spironolactone": ("403", "Spironolactone"), "amlodipine": ("404", "Amlodipine"), "warfarin": ("405", "Warfarin"),
}  # fmt: skip
ANALYTE: Codes = {
    "ast": ("1", "AST"), "alt": ("2", "ALT"), "alp": ("3", "ALP"), "ggt": ("4", "GGT"), "bilirubin_total": ("5", "총빌리루빈"),
    "albumin": ("6", "알부민"), "protein_total": ("7", "총단백"), "creatinine": ("8", "크레아티닌"), "bun": ("9", "BUN"),
    "sodium": ("10", "Na"), "potassium": ("11", "K"), "calcium_total": ("12", "Ca"), "phosphate": ("13", "P"),
    "glucose": ("14", "혈당"), "hemoglobin": ("15", "Hb"), "wbc": ("16", "WBC"), "neutrophils": ("17", "호중구"),
    "lymphocytes": ("18", "림프구"), "platelets": ("19", "혈소판"), "inr": ("20", "PT(INR)"), "afp": ("21", "AFP"),
    "prothrombin_time": ("22", "PT(초)"),
}  # fmt: skip
UNIT: Codes = {
    "U/L": ("1", "U/L"), "mg/dL": ("2", "mg/dL"), "g/dL": ("3", "g/dL"), "mmol/L": ("4", "mmol/L"),
    "10*3/uL": ("5", "×10³/μL"), "1": ("6", "비율"), "ng/mL": ("7", "ng/mL"), "g/L": ("8", "g/L"), "umol/L": ("9", "μmol/L"),
    "s": ("10", "초"),
}  # fmt: skip
REPORTED_UNIT = {"10*9/L": "10*3/uL"}
"""Units in which SMC reports where they differ from the common one; the same number in each case."""
SIGN: Codes = {"<": ("1", "미만"), "<=": ("2", "이하"), ">": ("3", "초과"), ">=": ("4", "이상")}
NON_TARGET: Codes = {
    "none": ("0", "비표적 없음"), "CR": ("1", "소실"), "IR/SD": ("2", "지속"), "PD": ("3", "진행"), "NE": ("4", "평가불가"),
}  # fmt: skip
LESION_ROLE: Codes = {"target": ("1", "표적"), "non_target": ("2", "비표적"), "new": ("3", "신규")}
ENHANCEMENT: Codes = {
    "none": ("0", "없음"), "arterial": ("1", "동맥기 증강"), "faint": ("2", "미약"), "not_assessed": ("3", "미평가"),
}  # fmt: skip
PATTERN: Codes = {
    "typical": ("1", "전형"), "atypical": ("2", "비전형"), "infiltrative": ("3", "침윤형"), "thrombus": ("4", "혈전"),
    "effusion": ("5", "삼출"), "necrotic": ("6", "괴사"),
}  # fmt: skip
TERM: Codes = {
    term: (str(number), term)
    for number, term in enumerate(
        ("Palmar-plantar erythrodysesthesia syndrome", "Diarrhea", "Rash maculo-papular", "Fatigue", "Alopecia",
         "Weight loss", "Nausea", "Abdominal pain", "Hoarseness", "Mucositis oral", "Pruritus", "Fever",
         "Hypertension", "Hepatic failure", "Anorexia", "Vomiting", "Stomach pain", "Dry skin", "Rash acneiform", "Dyspepsia",
         "Constipation", "Myalgia", "Headache", "Epistaxis", "Ascites", "Encephalopathy",
         "Upper gastrointestinal hemorrhage", "Esophageal varices hemorrhage", "Platelet count decreased",
         "Aspartate aminotransferase increased", "Alanine aminotransferase increased"), start=1,
    )
}  # fmt: skip
OUTCOME: Codes = {
    "recovered": ("1", "회복"), "recovering": ("2", "회복 중"), "not_recovered": ("3", "미회복"),
    "recovered_with_sequelae": ("4", "후유증"), "fatal": ("5", "사망"),
}  # fmt: skip
ACTION: Codes = {
    "none": ("0", "유지"), "reduced": ("1", "감량"), "interrupted": ("2", "일시 중단"), "withdrawn": ("3", "영구 중단"),
}  # fmt: skip
RELATION: Codes = {"not_related": ("0", "관련 없음"), "related": ("1", "관련 있음"), "unknown": ("2", "평가 안 됨")}
VITAL_STATUS: Codes = {"alive": ("1", "생존"), "dead": ("2", "사망"), "unknown": ("3", "확인 불가")}
VITAL_SOURCE: Codes = {
    "chart": ("1", "의무기록"),
    "registry": ("2", "국가자료"),
    "family": ("3", "가족 통화"),
    "insurance": ("4", "보험자료"),
}
DEATH_CAUSE: Codes = {
    "hcc": ("1", "간세포암"), "liver_failure": ("2", "간부전"), "bleeding": ("3", "출혈"), "infection": ("4", "감염"),
    "treatment": ("5", "치료 관련"), "other": ("6", "기타"),
}  # fmt: skip
