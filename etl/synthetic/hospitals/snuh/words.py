"""The words and local codes of SNUH's export."""

SEX = {"male": "남", "female": "여"}
AETIOLOGY = {"hbv": "B형간염", "hcv": "C형간염", "alcohol": "알코올", "nafld": "비알코올성지방간", "other": "기타"}
BASIS = {"clinical": "임상진단", "histology": "조직검사"}
RESECTABLE = {True: "절제불가", False: "절제가능"}
YES = {True: "예", False: "아니오"}
PRESENT = {True: "유", False: "무"}
USED = {True: "사용", False: "미사용"}
ASCITES = {"none": "없음", "slight": "경도", "moderate": "중등도이상"}
ENCEPHALOPATHY = {"none": "없음", "grade_1_2": "1-2등급", "grade_3_4": "3-4등급"}
CONDITION = {
    "diabetes": "당뇨병", "hypertension": "고혈압", "cirrhosis": "간경변증", "other_cancer": "타장기암",
    "serious_comorbidity": "중증동반질환", "other": "기타",
}  # fmt: skip
CANCER_SITE = {
    "cervix": "자궁경부", "skin_basal_cell": "피부기저세포", "bladder": "방광", "stomach": "위", "colorectum": "대장",
    "lung": "폐", "thyroid": "갑상선", "breast": "유방", "prostate": "전립선", "other": "기타",
}  # fmt: skip
MODALITY = {"ct": "CT", "mri": "MRI", "ultrasound": "초음파", "pet": "PET", "bone_scan": "뼈스캔"}
COUNT = {"exact": "정확", "at_least": "이상", "multiple": "다발성"}
VEIN = {"vp0": "Vp0", "vp1": "Vp1", "vp2": "Vp2", "vp3": "Vp3", "vp4": "Vp4"}
DRUG = {
    "sorafenib": "넥사바정(소라페닙)", "doxorubicin": "독소루비신", "fluorouracil": "5-FU", "cisplatin": "시스플라틴",
    "capecitabine": "젤로다(카페시타빈)", "study_drug_other": "임상시험약", "sunitinib": "수텐(수니티닙)",
}  # fmt: skip
ROLE = {"study": "연구약제", "prior": "이전치료", "subsequent": "후속치료"}
STOP_REASON = {
    "progression": "질병진행", "toxicity": "독성", "patient_choice": "환자의사", "liver_failure": "간기능악화",
    "death": "사망", "cost": "비용", "other": "기타",
}  # fmt: skip
DOSE_REASON = {
    "start": "시작", "toxicity": "독성", "tolerated": "증량", "progression": "진행", "procedure": "시술", "other": "기타",
}  # fmt: skip
PROCEDURE = {
    "tace": "P100", "tare": "P110", "haic": "P120", "radiotherapy": "P200", "rfa": "P300", "pei": "P310",
    "resection": "P400", "transplantation": "P410", "metastasectomy": "P420", "other": "P900",
}  # fmt: skip
ORGAN = {
    "liver": "간", "lymph_node": "림프절", "lung": "폐", "bone": "뼈", "brain": "뇌", "adrenal": "부신",
    "peritoneum": "복막", "portal_vein": "문맥", "hepatic_vein": "간정맥", "bile_duct": "담관", "pleura": "흉막",
    "other": "기타",
}  # fmt: skip
INGREDIENT = {
    "metformin": "메트포르민", "insulin": "인슐린", "glimepiride": "글리메피리드", "sitagliptin": "시타글립틴",
    "atorvastatin": "아토르바스타틴", "rosuvastatin": "로수바스타틴", "pitavastatin": "피타바스타틴",
    "amlodipine": "암로디핀", "entecavir": "엔테카비르", "lamivudine": "라미부딘", "adefovir": "아데포비르",
    "spironolactone": "스피로노락톤", "propranolol": "프로프라놀롤", "furosemide": "푸로세미드",
    "warfarin": "와파린",
}  # fmt: skip
ANALYTE = {
    "ast": "L101", "alt": "L102", "alp": "L103", "ggt": "L104", "bilirubin_total": "L105", "albumin": "L107",
    "protein_total": "L108", "creatinine": "L201", "bun": "L202", "sodium": "L203", "potassium": "L204",
    "calcium_total": "L206", "phosphate": "L207", "glucose": "L209", "hemoglobin": "L301", "wbc": "L302",
    "neutrophils": "L303", "lymphocytes": "L304", "platelets": "L305", "inr": "L401", "prothrombin_time": "L402",
    "afp": "L501",
}  # fmt: skip
UNIT = {
    "U/L": "IU/L", "mg/dL": "mg/dL", "g/dL": "g/dL", "mmol/L": "mmol/L", "10*3/uL": "10^3/uL", "1": "INR", "ng/mL": "ng/mL",
    "s": "sec",
}  # fmt: skip
REPORTED_UNIT = {"10*9/L": "10*3/uL"}
"""Units in which SNUH reports where they differ from the common one; the same number in each case."""

REGION = {"abdomen": "복부", "chest": "흉부"}
NON_TARGET = {"CR": "소실", "IR/SD": "지속", "PD": "진행", "NE": "평가불가", "none": "없음"}
LESION_ROLE = {"target": "표적", "non_target": "비표적", "new": "신규"}
ENHANCEMENT = {"arterial": "있음", "none": "없음", "faint": "미약", "not_assessed": "미평가"}
PATTERN = {
    "typical": "전형", "atypical": "비전형", "infiltrative": "침윤", "thrombus": "혈전", "effusion": "삼출", "necrotic": "괴사",
}  # fmt: skip
OUTCOME = {
    "recovered": "회복", "recovering": "회복중", "not_recovered": "미회복", "recovered_with_sequelae": "후유증", "fatal": "사망",
}  # fmt: skip
ACTION = {"none": "유지", "reduced": "감량", "interrupted": "일시중단", "withdrawn": "영구중단"}
RELATION = {"related": "관련있음", "not_related": "관련없음", "unknown": "평가안됨"}
VITAL_STATUS = {"alive": "생존", "dead": "사망", "unknown": "확인불가"}
VITAL_SOURCE = {"chart": "의무기록", "registry": "국가자료", "family": "가족통화", "insurance": "보험자료"}
DEATH_CAUSE = {
    "hcc": "간세포암", "liver_failure": "간부전", "bleeding": "출혈", "infection": "감염", "treatment": "치료관련", "other": "기타",
}  # fmt: skip
INSURANCE = ("건강보험", "건강보험", "건강보험", "의료급여", "일반")
