"""The words and local codes of Boramae's export."""

SEX = {"male": "남자", "female": "여자"}
AETIOLOGY = {"hbv": "B형", "hcv": "C형", "alcohol": "알코올성", "nafld": "지방간", "other": "기타"}
BASIS = {"clinical": "영상진단", "histology": "조직진단"}
RESECTABLE = {True: "불가", False: "가능"}
YES = {True: "O", False: "X"}
ASCITES = {"none": "없음", "slight": "소량", "moderate": "다량"}
ENCEPHALOPATHY = {"none": "없음", "grade_1_2": "1-2도", "grade_3_4": "3-4도"}
CONDITION = {
    "diabetes": "당뇨", "hypertension": "고혈압", "cirrhosis": "간경변", "other_cancer": "타암", "serious_comorbidity": "중증질환",
    "other": "기타",
}  # fmt: skip
CANCER_SITE = {
    "cervix": "자궁경부암", "skin_basal_cell": "피부암(기저세포)", "bladder": "방광암", "stomach": "위암", "colorectum": "대장암",
    "lung": "폐암", "thyroid": "갑상선암", "breast": "유방암", "prostate": "전립선암", "other": "기타암",
}  # fmt: skip
MODALITY = {"ct": "CT", "mri": "MR", "ultrasound": "US", "pet": "PET", "bone_scan": "Bone"}
COUNT = {"exact": "정확", "at_least": "이상", "multiple": "다발"}
VEIN = {"vp0": "없음", "vp1": "Vp1", "vp2": "Vp2", "vp3": "Vp3", "vp4": "Vp4"}
DRUG = {
    "sorafenib": "소라페닙", "lenvatinib": "렌바티닙", "regorafenib": "레고라페닙", "sunitinib": "수니티닙",
    "brivanib": "브리바닙", "doxorubicin": "독소루비신", "fluorouracil": "플루오로우라실", "cisplatin": "시스플라틴",
    "capecitabine": "카페시타빈", "gemcitabine": "젬시타빈", "thalidomide": "탈리도마이드", "interferon": "인터페론",
    "immunotherapy": "면역치료", "study_drug_other": "임상시험약물", "other": "기타",
}  # fmt: skip
ROLE = {"study": "연구", "prior": "이전", "subsequent": "후속"}
STOP_REASON = {
    "progression": "진행", "toxicity": "부작용", "patient_choice": "거부", "liver_failure": "간부전", "death": "사망",
    "cost": "비용", "other": "기타", "unknown": "불명",
}  # fmt: skip
DOSE_REASON = {
    "start": "시작", "toxicity": "부작용", "tolerated": "증량", "progression": "진행", "procedure": "시술", "other": "기타",
}  # fmt: skip
PROCEDURE = {
    "tace": "화학색전술", "tare": "방사선색전술", "haic": "동맥주입", "radiotherapy": "방사선", "rfa": "고주파", "pei": "에탄올",
    "resection": "절제", "transplantation": "이식", "metastasectomy": "전이절제", "other": "기타",
}  # fmt: skip
ORGAN = {
    "liver": "간", "lymph_node": "림프절", "lung": "폐", "bone": "뼈", "brain": "뇌", "adrenal": "부신",
    "peritoneum": "복막", "portal_vein": "문맥", "hepatic_vein": "간정맥", "bile_duct": "담관", "pleura": "흉막",
    "other": "기타",
}  # fmt: skip
INGREDIENT = {
    "metformin": "메트포르민", "insulin": "인슐린", "glimepiride": "글리메피리드", "sitagliptin": "시타글립틴",
    "pioglitazone": "피오글리타존", "atorvastatin": "아토르바스타틴", "rosuvastatin": "로수바스타틴",
    "simvastatin": "심바스타틴", "pravastatin": "프라바스타틴", "pitavastatin": "피타바스타틴", "entecavir": "엔테카비르",
    "tenofovir": "테노포비르", "lamivudine": "라미부딘", "adefovir": "아데포비르", "propranolol": "프로프라놀롤",
    "furosemide": "푸로세미드", "spironolactone": "스피로노락톤", "amlodipine": "암로디핀", "losartan": "로사르탄",
    "aspirin": "아스피린", "warfarin": "와파린", "lactulose": "락툴로오스", "urea_cream": "우레아크림",
    "loperamide": "로페라미드", "other": "기타",
}  # fmt: skip
ANALYTE = {
    "ast": "AST", "alt": "ALT", "alp": "ALP", "ggt": "GGT", "bilirubin_total": "총빌리루빈", "albumin": "알부민",
    "protein_total": "총단백", "creatinine": "크레아티닌", "bun": "BUN", "sodium": "Na", "potassium": "K",
    "calcium_total": "Ca", "phosphate": "P", "glucose": "혈당", "hemoglobin": "혈색소", "wbc": "백혈구",
    "neutrophils": "호중구", "lymphocytes": "림프구", "platelets": "혈소판", "inr": "INR", "afp": "AFP",
}  # fmt: skip
UNIT = {
    "U/L": "U/L", "mg/dL": "mg/dL", "g/dL": "g/dL", "mmol/L": "mmol/L", "10*3/uL": "천/uL", "1": "비율", "ng/mL": "ng/mL",
}  # fmt: skip
REPORTED_UNIT = {"10*9/L": "10*3/uL"}
"""Units in which Boramae reports where they differ from the common one; the same number in each case."""

REGION = {"abdomen": "복부", "chest": "흉부", "pelvis": "골반", "brain": "뇌", "bone": "뼈", "whole_body": "전신"}
NON_TARGET = {"CR": "소실", "IR/SD": "지속", "PD": "진행", "NE": "불가", "none": "없음"}
LESION_ROLE = {"target": "표적", "non_target": "비표적", "new": "신규"}
ENHANCEMENT = {"arterial": "동맥기", "none": "없음", "faint": "미약", "not_assessed": "미평가"}
PATTERN = {
    "typical": "전형", "atypical": "비전형", "infiltrative": "침윤", "thrombus": "혈전", "effusion": "삼출", "necrotic": "괴사",
}  # fmt: skip
OUTCOME = {
    "recovered": "회복", "recovering": "호전중", "not_recovered": "지속", "recovered_with_sequelae": "후유증", "fatal": "사망",
    "unknown": "불명",
}  # fmt: skip
ACTION = {"none": "유지", "reduced": "감량", "interrupted": "휴약", "withdrawn": "중단", "unknown": "불명"}
RELATION = {"related": "있음", "not_related": "없음", "unknown": "불명"}
VITAL_STATUS = {"alive": "생존", "dead": "사망", "unknown": "추적불가"}
VITAL_SOURCE = {"chart": "차트", "registry": "통계청", "family": "보호자", "insurance": "공단"}
DEATH_CAUSE = {
    "hcc": "간암", "liver_failure": "간부전", "bleeding": "출혈", "infection": "감염", "treatment": "치료", "other": "기타",
    "unknown": "불명",
}  # fmt: skip
