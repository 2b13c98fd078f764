"""A slow, obvious reading of laboratory grading by CTCAE 4.03, in exact fractions, one result at a time.

Written from the criteria and the project's choices, not from the SQL, and sharing nothing with it: the criteria stand
here a second time, as CTCAE prints them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from oracle.lab_plausible import ABSURD, NORMAL

ULN_MULTIPLES = {
    "Alanine aminotransferase increased": "1 3 5 20",
    "Aspartate aminotransferase increased": "1 3 5 20",
    "Alkaline phosphatase increased": "1 2.5 5 20",
    "GGT increased": "1 2.5 5 20",
    "Blood bilirubin increased": "1 1.5 3 10",
    "Activated partial thromboplastin time prolonged": "1 1.5 2.5",
    "Lipase increased": "1 1.5 2 5",
    "Serum amylase increased": "1 1.5 2 5",
    "CPK increased": "1 2.5 5 10",
    "INR increased": "1 1.5 2.5",
    "Creatinine increased": "1 1.5 3 6",
}
# Limits from grade 2 on, `-` for a grade that does not exist; G1 is beyond the limit of normal.
LOW = {
    "Anemia": {"g/dL": "10 8", "g/L": "100 80", "mmol/L": "6.2 4.9"},
    "Platelet count decreased": {"10*9/L": "75 50 25", "10*3/uL": "75 50 25", "/uL": "75000 50000 25000"},
    "White blood cell decreased": {"10*9/L": "3 2 1", "10*3/uL": "3 2 1", "/uL": "3000 2000 1000"},
    "Neutrophil count decreased": {"10*9/L": "1.5 1 0.5", "10*3/uL": "1.5 1 0.5", "/uL": "1500 1000 500"},
    "Lymphocyte count decreased": {"10*9/L": "0.8 0.5 0.2", "10*3/uL": "0.8 0.5 0.2", "/uL": "800 500 200"},
    "CD4 lymphocytes decreased": {"10*9/L": "0.5 0.2 0.05", "10*3/uL": "0.5 0.2 0.05", "/uL": "500 200 50"},
    "Hypoalbuminemia": {"g/dL": "3 2", "g/L": "30 20"},
    "Hyponatremia": {"mmol/L": "- 130 120", "meq/L": "- 130 120"},
    "Hypokalemia": {"mmol/L": "- 3.0 2.5", "meq/L": "- 3.0 2.5"},
    "Hypocalcemia": {"mg/dL": "8.0 7.0 6.0", "mmol/L": "2.0 1.75 1.5"},
    "Hypocalcemia, ionized": {"mmol/L": "1.0 0.9 0.8"},
    "Hypomagnesemia": {"mg/dL": "1.2 0.9 0.7", "mmol/L": "0.5 0.4 0.3"},
    "Hypophosphatemia": {"mg/dL": "2.5 2.0 1.0", "mmol/L": "0.8 0.6 0.3"},
    "Hypoglycemia": {"mg/dL": "55 40 30", "mmol/L": "3.0 2.2 1.7"},
}
HIGH = {
    "Hypernatremia": {"mmol/L": "150 155 160", "meq/L": "150 155 160"},
    "Hyperkalemia": {"mmol/L": "5.5 6.0 7.0", "meq/L": "5.5 6.0 7.0"},
    "Hypercalcemia": {"mg/dL": "11.5 12.5 13.5", "mmol/L": "2.9 3.1 3.4"},
    "Hypercalcemia, ionized": {"mmol/L": "1.5 1.6 1.8"},
    "Hypermagnesemia": {"mg/dL": "- 3.0 8.0", "mmol/L": "- 1.23 3.30"},
    "Hyperglycemia": {"mg/dL": "160 250 500", "mmol/L": "8.9 13.9 27.8"},
    "Cholesterol high": {"mg/dL": "300 400 500", "mmol/L": "7.75 10.34 12.92"},
    "Hyperuricemia": {"mg/dL": "- - 10", "mmol/L": "- - 0.59", "umol/L": "- - 590"},
}
HIGH_WITHOUT_NORMAL = {
    "Leukocytosis": {"10*9/L": "- 100", "10*3/uL": "- 100", "/uL": "- 100000"},
    "Lymphocyte count increased": {"10*9/L": "4 20", "10*3/uL": "4 20", "/uL": "4000 20000"},
}
TRIGLYCERIDES = {"mg/dL": "150 300 500 1000", "mmol/L": "1.71 3.42 5.7 11.4"}
LIFE_THREATENING_4 = {
    *("Anemia", "Hypoalbuminemia", "Hyponatremia", "Hypernatremia", "Hypokalemia", "Hyperkalemia", "Hypocalcemia"),
    *("Hypocalcemia, ionized", "Hypercalcemia", "Hypercalcemia, ionized", "Hypomagnesemia", "Hypermagnesemia"),
    *("Hypophosphatemia", "Hyperglycemia", "Hypoglycemia", "Hyperuricemia", "Acidosis", "Alkalosis"),
    *("Hypertriglyceridemia", "Acute kidney injury"),
}
HOSPITALIZED_3 = {
    *("Hypernatremia", "Hypokalemia", "Hyperkalemia", "Hypocalcemia", "Hypocalcemia, ionized", "Hypercalcemia"),
    *("Hypercalcemia, ionized", "Hyperglycemia", "Acute kidney injury"),
}
OTHER_TERMS = (
    *("Hypertriglyceridemia", "Hemoglobin increased", "Fibrinogen decreased", "Haptoglobin decreased", "Acidosis"),
    *("Alkalosis", "Cardiac troponin I increased", "Cardiac troponin T increased", "Acute kidney injury"),
)
LOW_TERMS = {*LOW, "Fibrinogen decreased", "Haptoglobin decreased", "Acidosis"}
# Terms whose grade asks for no limit of normal: one in another unit spoils nothing, unless it guards.
WITHOUT_NORMAL = {*HIGH_WITHOUT_NORMAL, "Hypertriglyceridemia", "Acute kidney injury"}
TAKES_BASELINE = {
    *("INR increased", "Creatinine increased", "Hemoglobin increased", "Fibrinogen decreased"),
    "Acute kidney injury",
}
TOP_4 = {"Hypertriglyceridemia", "Fibrinogen decreased"}
TERMS = (*ULN_MULTIPLES, *LOW, *HIGH, *HIGH_WITHOUT_NORMAL, *OTHER_TERMS)


@dataclass(frozen=True)
class Lab:
    """One result, as the file holds it."""

    term: str
    unit: str
    value: Fraction | None
    qualifier: str = ""
    lln: Fraction | None = None
    uln: Fraction | None = None
    baseline: Fraction | None = None
    percent_change: Fraction | None = None
    cutoff: Fraction | None = None
    albumin_g_dl: Fraction | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)


def read_grade(lab: Lab, *, options: Mapping[str, str]) -> int | None:
    """Grade one result; None when it cannot be graded."""
    if lab.value is None or lab.value < 0 or _has_impossible_limits(lab) or _has_another_unit(lab, options):
        return None
    if lab.flags.get("is_baseline"):  # never graded against itself, whatever stands beside it
        lab = replace(lab, baseline=None, percent_change=None)
    if lab.qualifier:
        return _read_bound(lab, options)
    return _read_number(lab, options)


def _read_bound(lab: Lab, options: Mapping[str, str]) -> int | None:
    """Grade the nearest number on the open side: certain when it is as grave as numbers get, or nothing at all."""
    assert lab.value is not None
    step = {"<": Fraction(-1, 10**6), ">": Fraction(1, 10**6)}.get(lab.qualifier, Fraction(0))
    grade = _read_number(replace(lab, value=lab.value + step), options)
    if grade is None:
        return None
    if lab.qualifier.startswith("<") == (lab.term in LOW_TERMS):
        return grade if grade >= _top_grade(lab.term) else None
    return grade if grade == 0 else None


def _top_grade(term: str) -> int:
    if term in ULN_MULTIPLES:
        return len(ULN_MULTIPLES[term].split())
    for columns in (LOW, HIGH, HIGH_WITHOUT_NORMAL):
        if term in columns:
            return 1 + len(next(iter(columns[term].values())).split())
    if term == "Haptoglobin decreased":
        return 1
    return 4 if term in TOP_4 else 3


def _has_another_unit(lab: Lab, options: Mapping[str, str]) -> bool:
    """Tell whether the value, the limit or the baseline is none that the unit allows."""
    assert lab.value is not None
    absurd, normal = (
        [Fraction(text) for text in table.get(lab.term, {}).get(lab.unit, "0 1000000000").split()]
        for table in (ABSURD, NORMAL)
    )
    baseline = None if lab.flags.get("is_baseline") or lab.term not in TAKES_BASELINE else lab.baseline
    edge = (lab.lln or None) if lab.term in LOW_TERMS else lab.uln
    if lab.term in WITHOUT_NORMAL and options.get("wnl_guard") != "true":
        edge = None
    return any(
        number is not None and not lowest <= number <= highest
        for number, (lowest, highest) in ((lab.value, absurd), (baseline, absurd), (edge, normal))
    )


def _read_number(lab: Lab, options: Mapping[str, str]) -> int | None:
    assert lab.value is not None
    found = _by_numbers(lab, options)
    if found is None:  # the unit is not one of the term's
        return None
    grades, is_complete = found
    if options.get("mode") != "lab_only":
        grades = [*grades, *_by_flags(lab)]
    grade = max(grades, default=0)
    if lab.term == "Hyperglycemia" and lab.flags.get("fasting") is not True and grade < 3:
        return None
    if "troponin" in lab.term and grade == 1 and lab.cutoff is None:
        return None
    return grade if grade or is_complete else None


def _has_impossible_limits(lab: Lab) -> bool:
    if lab.lln is not None and (lab.lln < 0 or (lab.uln is not None and lab.lln > lab.uln)):
        return True
    if lab.uln is not None and lab.uln <= 0:
        return True
    if (
        lab.term in TAKES_BASELINE
        and not lab.flags.get("is_baseline")
        and lab.baseline is not None
        and lab.baseline <= 0
    ):
        return True
    return lab.cutoff is not None and (lab.cutoff <= 0 or (lab.uln is not None and lab.cutoff < lab.uln))


def _by_numbers(lab: Lab, options: Mapping[str, str]) -> tuple[list[int], bool] | None:  # noqa: PLR0911, PLR0912
    """List the grades that numbers satisfy, and tell whether everything needed for grade 0 was there."""
    assert lab.value is not None
    if lab.term in ULN_MULTIPLES:
        return _by_multiples(lab)
    if lab.term in LOW:
        return _by_absolute(lab, LOW[lab.term], options, is_low=True)
    if lab.term in HIGH:
        return _by_absolute(lab, HIGH[lab.term], options, is_low=False)
    if lab.term in HIGH_WITHOUT_NORMAL:
        return _by_absolute(lab, HIGH_WITHOUT_NORMAL[lab.term], options, is_low=False, has_normal=False)
    if lab.term == "Hypertriglyceridemia":
        if lab.unit not in TRIGLYCERIDES:
            return None
        one, two, three, four = map(Fraction, TRIGLYCERIDES[lab.unit].split())
        if _is_guarded(lab, options, is_low=False):
            return [], True
        value = lab.value
        return [
            g for g, met in ((1, value >= one), (2, value > two), (3, value > three), (4, value > four)) if met
        ], True
    if lab.term == "Hemoglobin increased":
        return _by_rise_of_hemoglobin(lab)
    if lab.term == "Fibrinogen decreased":
        return _by_fibrinogen(lab, options)
    if lab.term == "Haptoglobin decreased":
        return ([1] if lab.lln is not None and lab.value < lab.lln else []), lab.lln is not None
    if lab.term in ("Acidosis", "Alkalosis"):
        return _by_ph(lab, options)
    if lab.term == "Acute kidney injury":
        return _by_kidney_injury(lab, options)
    grades = [1] if lab.uln is not None and lab.value > lab.uln else []
    if lab.cutoff is not None and lab.value >= lab.cutoff:
        grades.append(3)
    return grades, lab.uln is not None


def _by_multiples(lab: Lab) -> tuple[list[int], bool]:
    assert lab.value is not None
    multiples = [Fraction(text) for text in ULN_MULTIPLES[lab.term].split()]
    grades = [g for g, m in enumerate(multiples, 1) if lab.uln is not None and lab.value > m * lab.uln]
    is_complete = lab.uln is not None
    if lab.term == "Creatinine increased" or (lab.term == "INR increased" and lab.flags.get("anticoagulated")):
        change = _relative_to_baseline(lab)
        is_complete = is_complete and (change is not None or bool(lab.flags.get("is_baseline")))
        if change is not None:
            grades += [g for g, m in enumerate(multiples[:3], 1) if change > m]
    return grades, is_complete


def _relative_to_baseline(lab: Lab) -> Fraction | None:
    if lab.baseline is not None:
        assert lab.value is not None
        return lab.value / lab.baseline
    return None if lab.percent_change is None else 1 + lab.percent_change / 100


def _by_absolute(
    lab: Lab, columns: Mapping[str, str], options: Mapping[str, str], *, is_low: bool, has_normal: bool = True
) -> tuple[list[int], bool] | None:
    if lab.unit not in columns:
        return None
    value = _corrected(lab)
    limits = [(g, Fraction(t)) for g, t in enumerate(columns[lab.unit].split(), 2) if t != "-"]
    normal = lab.lln if is_low else lab.uln
    grades = [g for g, limit in limits if (value < limit if is_low else value > limit)]
    if _is_guarded(lab, options, is_low=is_low):
        grades = []
    if has_normal and normal is not None and (value < normal if is_low else value > normal):
        grades.append(1)
        grades += _by_symptoms(lab, options)
    return grades, normal is not None or not has_normal


def _corrected(lab: Lab) -> Fraction:
    assert lab.value is not None
    if lab.term in ("Hypocalcemia", "Hypercalcemia") and lab.albumin_g_dl is not None:
        if lab.unit == "mg/dL":
            return lab.value + Fraction("0.8") * (4 - lab.albumin_g_dl)
        return lab.value + Fraction("0.02") * (40 - 10 * lab.albumin_g_dl)
    return lab.value


def _is_guarded(lab: Lab, options: Mapping[str, str], *, is_low: bool) -> bool:
    if options.get("wnl_guard") != "true":
        return False
    value = _corrected(lab)
    return lab.lln is not None and value >= lab.lln if is_low else lab.uln is not None and value <= lab.uln


def _by_symptoms(lab: Lab, options: Mapping[str, str]) -> list[int]:
    """Give the graver grade of the one range that has two."""
    deciding = {"Hypokalemia": ("symptomatic", 2), "Hyperuricemia": ("physiologic_consequences", 3)}
    if lab.term not in deciding:
        return []
    name, grade = deciding[lab.term]
    known = None if options.get("mode") == "lab_only" else lab.flags.get(name)
    return [grade] if known or (known is None and options.get("symptoms_unknown") == "worst_case") else []


def _by_rise_of_hemoglobin(lab: Lab) -> tuple[list[int], bool] | None:
    if lab.unit not in ("g/dL", "g/L"):
        return None
    if lab.uln is None:
        return [], False
    assert lab.value is not None
    rise = lab.value - max(lab.uln, lab.baseline if lab.baseline is not None else lab.uln)
    gram = 1 if lab.unit == "g/dL" else 10
    return [g for g, limit in ((1, 0), (2, 2 * gram), (3, 4 * gram)) if rise > limit], True


def _by_fibrinogen(lab: Lab, options: Mapping[str, str]) -> tuple[list[int], bool] | None:
    if lab.unit not in ("mg/dL", "g/L", "same"):
        return None
    assert lab.value is not None
    grades = []
    if lab.lln is not None:
        grades += [g for g, m in ((1, "1"), (2, "0.75"), (3, "0.5"), (4, "0.25")) if lab.value < Fraction(m) * lab.lln]
    change = _relative_to_baseline(lab)
    if change is not None:
        fall_percent = 100 * (1 - change)
        grades += [g for g, fall in ((2, 25), (3, 50), (4, 75)) if fall_percent >= fall]
        grades += [1] if fall_percent > 0 else []
    if lab.unit == "same":  # only the gravest grade needs no number of milligrams
        return (grades, True) if 4 in grades else None
    if lab.value < (50 if lab.unit == "mg/dL" else Fraction("0.5")) and not _is_guarded(lab, options, is_low=True):
        grades.append(4)
    is_complete = change is not None or bool(lab.flags.get("is_baseline"))
    return grades, lab.lln is not None and is_complete


def _by_ph(lab: Lab, options: Mapping[str, str]) -> tuple[list[int], bool]:
    assert lab.value is not None
    is_low = lab.term == "Acidosis"
    normal = lab.lln if is_low else lab.uln
    grades = []
    if (lab.value < Fraction("7.3") if is_low else lab.value > Fraction("7.5")) and not _is_guarded(
        lab, options, is_low=is_low
    ):
        grades.append(3)
    if normal is not None and (lab.value < normal if is_low else lab.value > normal):
        grades.append(1)
    return grades, normal is not None


def _by_kidney_injury(lab: Lab, options: Mapping[str, str]) -> tuple[list[int], bool] | None:
    if lab.unit not in ("mg/dL", "umol/L", "same"):
        return None
    assert lab.value is not None
    factor = Fraction("88.4") if lab.unit == "umol/L" else Fraction(1)
    grades = []
    change = _relative_to_baseline(lab)
    if change is not None:
        grades += [g for g, met in ((1, change >= Fraction("1.5")), (2, change > 2), (3, change > 3)) if met]
    if lab.unit == "same":
        return (grades, True) if 3 in grades else None
    if lab.baseline is not None and lab.value - lab.baseline > Fraction("0.3") * factor:
        grades.append(1)
    if lab.value > 4 * factor and not _is_guarded(lab, options, is_low=False):
        grades.append(3)
    return grades, lab.baseline is not None


def _by_flags(lab: Lab) -> list[int]:
    flags = lab.flags
    return [
        *([3] if lab.term == "Anemia" and flags.get("transfusion") else []),
        *([3] if lab.term == "Activated partial thromboplastin time prolonged" and flags.get("hemorrhage") else []),
        *([3] if lab.term in HOSPITALIZED_3 and flags.get("hospitalized") else []),
        *([4] if lab.term in LIFE_THREATENING_4 and flags.get("life_threatening") else []),
    ]
