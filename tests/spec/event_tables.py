"""Adverse events by CTCAE 4.03: the cases of event_cases.csv, the grades of the clinical terms, and their categories."""

from pathlib import Path

from spec.table import CaseTable
from support.csv_rows import read_csv_rows

CHAPTER = "Adverse events by CTCAE 4.03"
PATH = Path(__file__).with_name("event_cases.csv")
HAND_FOOT = "Palmar-plantar erythrodysesthesia syndrome"

GRADES_THAT_EXIST = {
    "1 2 3": (
        HAND_FOOT, "Rash maculo-papular", "Pruritus", "Dry skin", "Nausea", "Abdominal pain", "Dyspepsia", "Weight loss",
        "Fatigue", "Hoarseness", "Voice alteration", "Proteinuria", "Arthralgia", "Headache", "Myalgia",
    ),
    "1 2": ("Alopecia",),
    "1 2 3 4": ("Electrocardiogram QT corrected interval prolonged",),
    "1 2 3 4 5": (
        "Rash acneiform", "Erythema multiforme", "Papulopustular rash", "Diarrhea", "Vomiting", "Mucositis oral",
        "Constipation", "Ascites", "Upper gastrointestinal hemorrhage", "Lower gastrointestinal hemorrhage",
        "Gastric hemorrhage", "Anorexia", "Fever", "Hypertension", "Thromboembolic event", "Epistaxis", "Encephalopathy",
        "Hypothyroidism",
    ),
    "2 3 4 5": ("Esophageal varices hemorrhage", "Pancreatitis", "Portal vein thrombosis", "Portal hypertension"),
    "3 4 5": ("Hepatic failure", "Febrile neutropenia"),
}  # fmt: skip
CATEGORIES = {
    "dermatologic": (
        HAND_FOOT, "Rash maculo-papular", "Rash acneiform", "Erythema multiforme", "Alopecia", "Pruritus", "Dry skin",
        "Urticaria", "Stevens-Johnson syndrome", "Purpura", "Periorbital edema", "Papulopustular rash", "Rash pustular",
        "Paronychia", "Nail infection", "Skin infection",
    ),
    "gastroenterologic": (
        "Diarrhea", "Nausea", "Vomiting", "Mucositis oral", "Abdominal pain", "Constipation", "Dyspepsia", "Flatulence",
        "Gastritis", "Dry mouth", "Stomach pain",
    ),
    "hypertension": ("Hypertension",),
    "liver": ("Ascites", "Hepatic failure", "Portal hypertension", "Portal vein thrombosis", "Encephalopathy"),
    "bleeding": (
        "Upper gastrointestinal hemorrhage", "Lower gastrointestinal hemorrhage", "Gastric hemorrhage",
        "Esophageal varices hemorrhage", "Epistaxis",
    ),
    "other": (
        "Anorexia", "Weight loss", "Fatigue", "Fever", "Cheilitis", "Pulmonary hypertension", "Hoarseness", "Headache",
    ),
}  # fmt: skip


def _table(title: str, intro: str, source: str) -> CaseTable:
    """Take the cases of one part of the rules, without the columns that none of them fills."""
    cases = [case for case in CASES if case["source"].startswith(source)]
    filled = [name for name in CASES[0] if any(case[name] for case in cases)]
    return CaseTable(title, intro, [{name: case[name] for name in filled} for case in cases])


def _listed(groups: dict[str, tuple[str, ...]], name: str, source: str) -> list[dict[str, str]]:
    return [{"term": term, name: group, "source": source} for group, terms in groups.items() for term in terms]


CASES = read_csv_rows(PATH)
GRADES = _listed(GRADES_THAT_EXIST, "grades", "CTCAE 4.03")
GROUPS = _listed(CATEGORIES, "category", "study: reference.event_category")
TABLES = (
    _table(
        "What a text says",
        "`found` names each event in the text, with its grade. A reason without a grade says why there is none; next to a "
        "grade it says what to know of it. What is negated, doubtful, of the past or of the tumour is no event.",
        "reading: ",
    ),
    _table("How grades are written", "In the words, or in a cell of their own.", "grade: "),
    CaseTable(
        "Grades that exist",
        "An event with a grade that its term does not have is kept; the grade is set aside (`grade_not_in_term`).",
        GRADES,
    ),
    _table(
        "Other versions of CTCAE",
        "A grade of another version is one of 4.03 only where whoever has it in that version has the same one in 4.03.",
        "version: ",
    ),
    _table(
        "Criteria that count or measure",
        "Every limit from both sides. A reported grade decides; numbers grade what has none.",
        "CTCAE 4.03: ",
    ),
    CaseTable(
        "Categories",
        "Anorexia is gastroenterologic by the study option `event_anorexia`; purpura and periorbital edema leave the "
        "dermatologic ones by `event_disease_related_skin`.",
        GROUPS,
    ),
    _table("What a file of events may hold by mistake", "A reason for the row, and never a guess.", "bad input"),
)
