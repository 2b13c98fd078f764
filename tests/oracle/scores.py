"""BCLC and ALBI, read slowly: every way in which what is unknown could turn out, and the stages or grades that come of it.

Shares no code with the SQL: where that reasons with three truth values, this tries out all possible patients.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

ORDER = "DC0AB"
COUNTS = (1, 2, 3, 4, 9)
SIZES_MM = (Fraction(10), Fraction(20), Fraction(25), Fraction(30), Fraction(40), Fraction(50), Fraction(90))


@dataclass(frozen=True)
class Tumour:
    """What decides BCLC; None where it is not known. Sizes in mm."""

    ecog: int | None
    child_pugh: str | None
    has_invasion: bool | None
    has_spread: bool | None
    least_count: int | None
    is_exact: bool
    largest_mm: Fraction | None


def possible_stages(tumour: Tumour, *, single_above_5_cm: str = "A", is_ecog_1_advanced: bool = True) -> str:
    """List the stages of all patients that what is known allows, in the order D, C, 0, A, B."""
    least = tumour.least_count or 1
    exact = tumour.is_exact and tumour.least_count is not None
    patients = product(
        range(5) if tumour.ecog is None else [tumour.ecog],
        "ABC" if tumour.child_pugh is None else [tumour.child_pugh],
        (True, False) if tumour.has_invasion is None else [tumour.has_invasion],
        (True, False) if tumour.has_spread is None else [tumour.has_spread],
        [least] if exact else [count for count in (*COUNTS, least) if count >= least],
        SIZES_MM if tumour.largest_mm is None else [tumour.largest_mm],
    )
    stages = {_stage(patient, single_above_5_cm, is_ecog_1_advanced) for patient in patients}
    return " ".join(stage for stage in ORDER if stage in stages)


def _stage(patient: tuple[int, str, bool, bool, int, Fraction], large: str, ecog_1: bool) -> str:
    ecog, child_pugh, invasion, spread, count, size = patient
    if ecog >= 3 or child_pugh == "C":
        return "D"
    if invasion or spread or ecog == 2 or (ecog == 1 and ecog_1):
        return "C"
    if count == 1:
        if size <= 20 and child_pugh == "A":
            return "0"
        return large if size > 50 else "A"
    return "A" if count <= 3 and size <= 30 else "B"


def read_albi(bilirubin_mg_dl: Fraction, albumin_g_dl: Fraction) -> tuple[float, int, str] | None:
    """Read score, grade and mALBI grade of exact values."""
    if bilirubin_mg_dl <= 0 or albumin_g_dl <= 0:
        return None
    micromoles, grams = bilirubin_mg_dl * Fraction(171, 10), albumin_g_dl * 10
    score = 0.66 * math.log10(micromoles) - 0.085 * float(grams)
    for edge, grade, modified in ((-2.60, 1, "1"), (-2.27, 2, "2a"), (-1.39, 2, "2b")):
        if score <= edge:
            return score, grade, modified
    return score, 3, "3"
