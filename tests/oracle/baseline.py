"""How a patient was before treatment: the last values before the index date, and the classes they fall into."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from oracle.chart import Chart, Row, before

BASELINE_DAYS = 28
AFP_DAYS = 60
AFP_EVALUATION_DAYS = 21
JUST_A_LITTLE = Fraction(1, 10**9)
KARNOFSKY_TO_ECOG = {100: 0, 90: 1, 80: 1, 70: 2, 60: 2, 50: 3, 40: 3, 30: 4, 20: 4, 10: 4}
ASCITES_POINTS = {"none": 1, "slight": 2, "moderate": 3}
ENCEPHALOPATHY_POINTS = {"none": 1, "grade_1_2": 2, "grade_3_4": 3}
ORGANS = ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")

Interval = tuple[Fraction, Fraction | None]
"""The least and the greatest value that a result with `<` or `>` allows; None: no upper bound."""


@dataclass(frozen=True)
class Baseline:
    """One patient before treatment; None where it is not known."""

    age_years: int | None
    child_pugh_points: int | None
    """Derived from its five components."""
    child_pugh_class: str | None
    bmi: Fraction | None
    bmi_class: str | None
    ecog: int | None
    afp_class: str | None
    afp_ratio_class: str | None
    has_diabetes: bool | None
    organs: tuple[str, ...]
    is_extrahepatic: bool | None


def read_baseline(chart: Chart, index: date) -> Baseline:
    """Read what is known of a patient at the index date."""
    points = _child_pugh_points(chart, index)
    bmi = _body_mass_index(chart, index)
    ecog = _finding(chart, "ecog", index)
    karnofsky = _finding(chart, "karnofsky", index)
    diabetes = [row["is_present"] for row in chart["medical_history"] if row["condition_code"] == "diabetes"]
    spread = {organ: tumour[f"has_{organ}_metastasis"] for tumour in chart["tumour_baseline"] for organ in ORGANS}
    return Baseline(
        age_years=_age(chart["patient"][0]["birth_date"], index),
        child_pugh_points=points,
        child_pugh_class=None if points is None else "A" if points <= 6 else "B" if points <= 9 else "C",
        bmi=bmi,
        bmi_class=None if bmi is None else "<23" if bmi < 23 else "23-25" if bmi <= 25 else ">25",
        ecog=int(ecog) if ecog is not None else None if karnofsky is None else KARNOFSKY_TO_ECOG[int(karnofsky)],
        afp_class=_afp_class(_last_result(chart, "afp", index, AFP_DAYS)),
        afp_ratio_class=_afp_ratio_class(chart, index),
        has_diabetes=True if True in diabetes else False if False in diabetes else None,
        organs=tuple(organ for organ in ORGANS if spread.get(organ)),
        is_extrahepatic=True if True in spread.values() else None if None in spread.values() or not spread else False,
    )


def _age(birth: date | None, index: date) -> int | None:
    """Count completed years."""
    if birth is None:
        return None
    return index.year - birth.year - ((index.month, index.day) < (birth.month, birth.day))


def _last_result(chart: Chart, analyte: str, index: date, days: int = BASELINE_DAYS) -> Row | None:
    """Find the last measured value in the days before the index date, both ends included."""
    found = [
        row
        for row in chart["lab_result"]
        if row["analyte_code"] == analyte
        and row["value"] is not None
        and before(index, days) <= row["taken_on"] <= index
    ]
    return max(found, key=lambda row: row["taken_on"]) if found else None


def _finding(chart: Chart, code: str, index: date) -> Decimal | str | None:
    """Find the last observation of a kind in the 28 days before the index date."""
    found = [
        row
        for row in chart["observation"]
        if row["observation_code"] == code and before(index, BASELINE_DAYS) <= row["observed_on"] <= index
    ]
    if not found:
        return None
    last = max(found, key=lambda row: row["observed_on"])
    value: Decimal | str | None = last["value_code"] if last["value_code"] is not None else last["value_number"]
    return value


def _child_pugh_points(chart: Chart, index: date) -> int | None:
    """Add up the points; an end of a range belongs to two points, and a missing component leaves no score."""
    results = [_last_result(chart, analyte, index) for analyte in ("bilirubin_total", "albumin", "inr")]
    ascites, encephalopathy = (_finding(chart, code, index) for code in ("ascites", "encephalopathy"))
    if None in (*results, ascites, encephalopathy):
        return None
    bilirubin, albumin, inr = (result["value"] for result in results if result)
    return (
        (1 if bilirubin < 2 else 2 if bilirubin <= 3 else 3)
        + (1 if albumin > Decimal("3.5") else 2 if albumin >= Decimal("2.8") else 3)
        + (1 if inr < Decimal("1.7") else 2 if inr <= Decimal("2.3") else 3)
        + ASCITES_POINTS[str(ascites)]
        + ENCEPHALOPATHY_POINTS[str(encephalopathy)]
    )


def _body_mass_index(chart: Chart, index: date) -> Fraction | None:
    weight, height = (_finding(chart, code, index) for code in ("weight", "height"))
    if weight is None or height is None:
        return None
    return Fraction(weight) / (Fraction(height) / 100) ** 2


def _afp_class(result: Row | None) -> str | None:
    """Class an AFP: 7 and 1,000 belong to the middle; a bound that does not settle the class leaves it open."""
    if result is None:
        return None
    classes = {_class_of_afp(end) for end in _interval(result)}
    return classes.pop() if len(classes) == 1 else None


def _class_of_afp(value: Fraction | None) -> str:
    if value is None or value > 10_000:
        return ">10000"
    return "<7" if value < 7 else "7-1000" if value <= 1000 else "1000-10000"


def _afp_ratio_class(chart: Chart, index: date) -> str | None:
    """Class the AFP nearest to the first scan after the index date against the baseline."""
    at_baseline = _last_result(chart, "afp", index, AFP_DAYS)
    scans = sorted(row["imaged_on"] for row in chart["imaging_visit"] if row["imaged_on"] > index)
    if at_baseline is None or not scans:
        return None
    later = [
        row
        for row in chart["lab_result"]
        if row["analyte_code"] == "afp"
        and row["value"] is not None
        and row["taken_on"] > index
        and abs((row["taken_on"] - scans[0]).days) <= AFP_EVALUATION_DAYS
    ]
    if not later:
        return None
    nearest = min(later, key=lambda row: (abs((row["taken_on"] - scans[0]).days), row["taken_on"]))
    low, high = _interval(nearest)
    base_low, base_high = _interval(at_baseline)
    least = Fraction(0) if base_high is None else low / base_high
    greatest = None if high is None or base_low == 0 else high / base_low
    classes = {_class_of_ratio(end) for end in (least, greatest)}
    return classes.pop() if len(classes) == 1 else None


def _class_of_ratio(ratio: Fraction | None) -> str:
    if ratio is None or ratio > Fraction(12, 10):
        return ">120"
    return "<80" if ratio < Fraction(8, 10) else "80-120"


def _interval(result: Row) -> Interval:
    """Tell between what and what the true value lies; a strict bound is not itself possible."""
    value = Fraction(result["value"])
    match result["value_qualifier"]:
        case "<":
            return Fraction(0), max(value - JUST_A_LITTLE, Fraction(0))
        case "<=":
            return Fraction(0), value
        case ">":
            return value + JUST_A_LITTLE, None
        case ">=":
            return value, None
    return value, value
