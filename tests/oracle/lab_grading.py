"""A slow, obvious reading of laboratory grading by CTCAE 4.03, in exact fractions, one result at a time.

Written from the criteria and the project's choices, not from the SQL, and sharing nothing with it: the criteria stand
here a second time, as CTCAE prints them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from oracle.lab_limits import is_impossible, usable_limits
from oracle.lab_plausible import pair_in_unit, possible

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
_THOUSANDS_PER_UL = {
    "10*9/L": "1",
    "10*3/uL": "1",
    "/uL": "1000",
    "10*4/uL": "0.1",
    "10*5/uL": "0.01",
    "10*6/uL": "0.001",
}


def _counts(limits: str) -> dict[str, str]:
    """Write limits of 10*9/L in every unit of counts."""
    return {
        unit: " ".join(text if text == "-" else str(Fraction(text) * Fraction(times)) for text in limits.split())
        for unit, times in _THOUSANDS_PER_UL.items()
    }


LOW = {
    "Anemia": {"g/dL": "10 8", "g/L": "100 80", "mmol/L": "6.2 4.9"},
    "Platelet count decreased": _counts("75 50 25"),
    "White blood cell decreased": _counts("3 2 1"),
    "Neutrophil count decreased": _counts("1.5 1 0.5"),
    "Lymphocyte count decreased": _counts("0.8 0.5 0.2"),
    "CD4 lymphocytes decreased": _counts("0.5 0.2 0.05"),
    "Hypoalbuminemia": {"g/dL": "3 2", "g/L": "30 20"},
    "Hyponatremia": {"mmol/L": "- 130 120", "meq/L": "- 130 120"},
    "Hypokalemia": {"mmol/L": "- 3.0 2.5", "meq/L": "- 3.0 2.5"},
    "Hypocalcemia": {"mg/dL": "8.0 7.0 6.0", "mmol/L": "2.0 1.75 1.5"},
    "Hypocalcemia, ionized": {"mmol/L": "1.0 0.9 0.8", "mg/dL": "4.008 3.6072 3.2064"},
    "Hypomagnesemia": {"mg/dL": "1.2 0.9 0.7", "mmol/L": "0.5 0.4 0.3"},
    "Hypophosphatemia": {"mg/dL": "2.5 2.0 1.0", "mmol/L": "0.8 0.6 0.3"},
    "Hypoglycemia": {"mg/dL": "55 40 30", "mmol/L": "3.0 2.2 1.7"},
}
HIGH = {
    "Hypernatremia": {"mmol/L": "150 155 160", "meq/L": "150 155 160"},
    "Hyperkalemia": {"mmol/L": "5.5 6.0 7.0", "meq/L": "5.5 6.0 7.0"},
    "Hypercalcemia": {"mg/dL": "11.5 12.5 13.5", "mmol/L": "2.9 3.1 3.4"},
    "Hypercalcemia, ionized": {"mmol/L": "1.5 1.6 1.8", "mg/dL": "6.012 6.4128 7.2144"},
    "Hypermagnesemia": {"mg/dL": "- 3.0 8.0", "mmol/L": "- 1.23 3.30"},
    "Hyperglycemia": {"mg/dL": "160 250 500", "mmol/L": "8.9 13.9 27.8"},
    "Cholesterol high": {"mg/dL": "300 400 500", "mmol/L": "7.75 10.34 12.92"},
    "Hyperuricemia": {"mg/dL": "- - 10", "mmol/L": "- - 0.59", "umol/L": "- - 590"},
}
HIGH_WITHOUT_NORMAL = {
    "Leukocytosis": _counts("- 100"),
    "Lymphocyte count increased": _counts("4 20"),
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
    number = _read_nearest(lab, options)
    if number is None:
        return None
    if not lab.qualifier:
        return number
    if _is_open_to_graver(lab):
        return number if number >= _top_grade(lab.term) else None
    return number if number == 0 else None


def read_least_grade(lab: Lab, *, options: Mapping[str, str]) -> int | None:
    """Give the least grade that is certain of a value known as a bound only; None where there is a grade, or none is."""
    number = _read_nearest(lab, options, can_be_normal=True)
    if not lab.qualifier or number is None or read_grade(lab, options=options) is not None:
        return None
    if not _is_open_to_graver(lab):
        if number == 0:  # a limit or a baseline is missing
            return None
        number = max(_by_flags(lab), default=0) if options.get("mode") != "lab_only" else 0
    return number or None


def _is_open_to_graver(lab: Lab) -> bool:
    return lab.qualifier.startswith("<") == (lab.term in LOW_TERMS)


def _read_nearest(lab: Lab, options: Mapping[str, str], *, can_be_normal: bool = False) -> int | None:
    """Grade the number, or of a bound the nearest number on its open side; None when it cannot be graded.

    Args:
        lab: the result.
        options: the study options.
        can_be_normal: give 0 where no grade is met, also when too much is missing to be sure of it.
    """
    if lab.value is None or _has_impossible_baseline(lab) or _is_impossible(lab):
        return None
    lln, uln = usable_limits(lab.term, lab.unit, lab.lln, lab.uln)
    lab = replace(lab, lln=lln, uln=uln)
    if lab.cutoff is not None and (lab.cutoff <= 0 or (uln is not None and lab.cutoff < uln)):
        return None
    if lab.flags.get("is_baseline"):  # never graded against itself, whatever stands next to it
        lab = replace(lab, baseline=None, percent_change=None)
    step = {"<": Fraction(-1, 10**6), ">": Fraction(1, 10**6)}.get(lab.qualifier, Fraction(0))
    assert lab.value is not None
    return _read_number(replace(lab, value=lab.value + step), options, can_be_normal=can_be_normal)


def _top_grade(term: str) -> int:
    if term in ULN_MULTIPLES:
        return len(ULN_MULTIPLES[term].split())
    for columns in (LOW, HIGH, HIGH_WITHOUT_NORMAL):
        if term in columns:
            return 1 + len(next(iter(columns[term].values())).split())
    if term == "Haptoglobin decreased":
        return 1
    return 4 if term in TOP_4 else 3


def _is_impossible(lab: Lab) -> bool:
    """Whether no patient can have the value or the baseline, or the value's unit is in doubt."""
    assert lab.value is not None
    known = possible(lab.term)
    baseline = None if lab.flags.get("is_baseline") or lab.term not in TAKES_BASELINE else lab.baseline
    if baseline is not None and lab.unit in known.units:
        lowest, highest = pair_in_unit(known.absurd, known.units[lab.unit]) or (baseline, baseline)
        if not lowest <= baseline <= highest:
            return True
    return is_impossible(lab.term, lab.unit, lab.value, lln=lab.lln, uln=lab.uln)


def _read_number(lab: Lab, options: Mapping[str, str], *, can_be_normal: bool) -> int | None:
    assert lab.value is not None
    found = _by_numbers(lab, options)
    if found is None:  # the unit is not one of the term's
        return None
    grades, is_complete = found
    if options.get("mode") != "lab_only":
        grades = [*grades, *_by_flags(lab)]
    grade = max(grades, default=0)
    if lab.term == "Hyperglycemia" and lab.flags.get("fasting") is not True and grade < 3:
        is_normal = options.get("glucose_not_fasting") == "zero" and lab.flags.get("fasting") is False
        return 0 if is_normal else None
    if "troponin" in lab.term and grade == 1 and lab.cutoff is None and not can_be_normal:
        return None
    return grade if grade or is_complete or can_be_normal else None


def _has_impossible_baseline(lab: Lab) -> bool:
    return (
        lab.term in TAKES_BASELINE
        and not lab.flags.get("is_baseline")
        and lab.baseline is not None
        and lab.baseline <= 0
    )


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
