"""What a number and a limit of normal can be, for the slow reading of laboratory grading: a second time, by hand.

In the unit that each analyte is commonly reported in, with what a number in the other units is multiplied by to reach it.
"""

from dataclasses import dataclass, field
from fractions import Fraction

_CELLS = {"10*9/L": "1", "10*3/uL": "1", "/uL": "0.001", "10*4/uL": "10", "10*5/uL": "100", "10*6/uL": "1000"}
_NO_UNIT = ("1", "U/L", "mg/dL", "same", "furlong", "", "%", "g/dL", "g/L", "mmol/L", "10*9/L")


@dataclass(frozen=True)
class Possible:
    """What the numbers of one analyte can be; each pair is `lowest highest`, empty where nothing is said."""

    units: dict[str, str] = field(default_factory=dict)
    absurd: str = ""
    plausible: str = ""
    lower: str = ""
    upper: str = ""


POSSIBLE = {
    "Hemoglobin": Possible({"g/dL": "1", "g/L": "0.1", "mmol/L": "1.611344"}, "2 35", "2 25", "9 17.5", "12 24"),
    "Platelets": Possible(_CELLS, "0 10000", "1 2000", "40 500", "130 1300"),
    "White cells": Possible(_CELLS, "0 3000", "0.05 300", "1.3 13", "3.2 32"),
    "Neutrophils": Possible(_CELLS, "0 2000", "0 200", "0.5 6", "2.2 22"),
    "Lymphocytes": Possible(_CELLS, "0 2000", "0 200", "0.3 4", "1.2 12"),
    "CD4": Possible(_CELLS, "0 100", "0 5", "0.15 1.5", "0.5 5"),
    "Albumin": Possible({"g/dL": "1", "g/L": "0.1"}, "0.5 15", "1 7", "1.5 8", "3 12"),
    "Sodium": Possible({"mmol/L": "1", "meq/L": "1"}, "50 400", "95 190", "100 200", "100 200"),
    "Potassium": Possible({"mmol/L": "1", "meq/L": "1"}, "0.5 40", "1.2 12", "2 6", "3 10"),
    "Calcium": Possible({"mg/dL": "1", "mmol/L": "4.008"}, "2 32", "3 20", "5 15", "6 18"),
    "Ionized calcium": Possible({"mmol/L": "1", "mg/dL": "0.249501"}, "0.1 4.2", "0.4 3.5", "0.6 2", "0.8 2.5"),
    "Magnesium": Possible({"mg/dL": "1", "mmol/L": "2.4305"}, "0.1 50", "0.3 12", "1.1 3", "1.5 4.5"),
    "Phosphate": Possible({"mg/dL": "1", "mmol/L": "3.097"}, "0.05 100", "0.3 20", "1.4 5", "2.5 8"),
    "Glucose": Possible({"mg/dL": "1", "mmol/L": "18.016"}, "1 3000", "10 1500", "20 150", "40 400"),
    "Cholesterol": Possible({"mg/dL": "1", "mmol/L": "38.67"}, "6 6000", "20 1200", "", "60 1000"),
    "Triglycerides": Possible({"mg/dL": "1", "mmol/L": "88.57"}, "2 60000", "10 10000", "", "20 1500"),
    "Uric acid": Possible(
        {"mg/dL": "1", "mmol/L": "16.811", "umol/L": "0.016811"}, "0 100", "0.2 30", "0.8 15", "2 30"
    ),
    "pH": Possible(dict.fromkeys(_NO_UNIT, "1"), "6 8.5", "6.5 8", "7 7.7", "7 7.7"),
    "INR": Possible(dict.fromkeys(_NO_UNIT, "1"), "0.2 100", "0.5 20", "0.3 5", "0.5 5"),
    "Bilirubin": Possible({"mg/dL": "1", "umol/L": "0.058479532"}, "0 200", "0.05 60", "", "0.3 5"),
    "Creatinine": Possible({"mg/dL": "1", "umol/L": "0.011312217"}, "0.05 80", "0.1 25", "0.05 5", "0.2 11"),
    "Fibrinogen": Possible({"mg/dL": "1", "g/L": "100"}, "5 10000", "20 1500", "20 2000", "40 4000"),
    "Haptoglobin": Possible({"mg/dL": "1", "g/L": "100"}, "0 3000", "0 600", "3 300", "20 2000"),
    "ALT or AST": Possible({"U/L": "1"}, "0 100000"),
    "ALP or GGT": Possible({"U/L": "1"}, "0 50000"),
    "Lipase or amylase": Possible({"U/L": "1"}, "0 200000"),
    "CK": Possible({"U/L": "1"}, "0 5000000"),
    "Troponin": Possible({"ng/mL": "1", "ug/L": "1", "ng/L": "0.001"}, "0 10000", "0 500", "", "0.001 5"),
}
MEASURES = {
    "Anemia": "Hemoglobin",
    "Hemoglobin increased": "Hemoglobin",
    "Platelet count decreased": "Platelets",
    **dict.fromkeys(("White blood cell decreased", "Leukocytosis"), "White cells"),
    "Neutrophil count decreased": "Neutrophils",
    **dict.fromkeys(("Lymphocyte count decreased", "Lymphocyte count increased"), "Lymphocytes"),
    "CD4 lymphocytes decreased": "CD4",
    "Hypoalbuminemia": "Albumin",
    **dict.fromkeys(("Hyponatremia", "Hypernatremia"), "Sodium"),
    **dict.fromkeys(("Hypokalemia", "Hyperkalemia"), "Potassium"),
    **dict.fromkeys(("Hypocalcemia", "Hypercalcemia"), "Calcium"),
    **dict.fromkeys(("Hypocalcemia, ionized", "Hypercalcemia, ionized"), "Ionized calcium"),
    **dict.fromkeys(("Hypomagnesemia", "Hypermagnesemia"), "Magnesium"),
    "Hypophosphatemia": "Phosphate",
    **dict.fromkeys(("Hyperglycemia", "Hypoglycemia"), "Glucose"),
    "Cholesterol high": "Cholesterol",
    "Hypertriglyceridemia": "Triglycerides",
    "Hyperuricemia": "Uric acid",
    **dict.fromkeys(("Acidosis", "Alkalosis"), "pH"),
    "INR increased": "INR",
    "Blood bilirubin increased": "Bilirubin",
    **dict.fromkeys(("Creatinine increased", "Acute kidney injury"), "Creatinine"),
    "Fibrinogen decreased": "Fibrinogen",
    "Haptoglobin decreased": "Haptoglobin",
    **dict.fromkeys(("Alanine aminotransferase increased", "Aspartate aminotransferase increased"), "ALT or AST"),
    **dict.fromkeys(("Alkaline phosphatase increased", "GGT increased"), "ALP or GGT"),
    **dict.fromkeys(("Lipase increased", "Serum amylase increased"), "Lipase or amylase"),
    "CPK increased": "CK",
    **dict.fromkeys(("Cardiac troponin I increased", "Cardiac troponin T increased"), "Troponin"),
}


def possible(term: str) -> Possible:
    """Give what the numbers of the analyte of a term can be; nothing is said of aPTT but its own bounds."""
    return POSSIBLE.get(MEASURES.get(term, ""), Possible({"s": "1"}, "5 1000"))


def pair_in_unit(pair: str, factor: str) -> tuple[Fraction, Fraction] | None:
    """Give a pair of bounds in a unit, to six decimals as the warehouse holds them."""
    if not pair:
        return None
    lowest, highest = (Fraction(round(Fraction(text) / Fraction(factor) * 10**6), 10**6) for text in pair.split())
    return lowest, highest
