"""The published figures, copied once more from the paper for the tests; nothing here is read by the synthetic study.

Where a printed row sums to 258 long-term survivors, the study has one less in its largest class.
"""

LONG, SHORT = "long_term", "short_term"
SIZES = {LONG: 257, SHORT: 1309}

PRINTED: dict[str, dict[str, tuple[int, int]]] = {
    "sex": {"male": (213, 1099)},
    "diabetes": {"yes": (40, 148), "missing": (0, 1)},
    "bmi": {"<23": (121, 727), "23-25": (60, 282), ">25": (76, 275), "missing": (0, 25)},
    "aetiology": {
        "hbv": (196, 1045), "hcv": (23, 84), "alcohol": (14, 70), "nafld": (9, 39), "other": (16, 64), "missing": (0, 7),
    },
    "ecog": {"0": (132, 577), "1": (102, 572), "2-4": (4, 80), "missing": (19, 80)},
    "child_pugh": {"A": (232, 986), "B": (26, 323)},
    "bclc": {"B": (88, 236), "C": (170, 1073)},
    "extrahepatic": {"yes": (131, 766), "no": (127, 543)},
    "lymph_node": {"yes": (40, 365)},
    "lung": {"yes": (100, 573)},
    "bone": {"yes": (20, 130)},
    "brain": {"yes": (0, 9)},
    "adrenal": {"yes": (9, 55)},
    "peritoneum": {"yes": (15, 99)},
    "portal_vein": {"vp1-2": (13, 127), "vp3": (17, 188), "vp4": (23, 223)},
    "afp": {"<7": (81, 221), "7-1000": (131, 572), "1000-10000": (31, 265), ">10000": (14, 242), "missing": (0, 9)},
    "response": {"CR": (8, 0), "PR": (38, 101), "SD": (160, 462), "PD": (51, 746)},
    "afp_ratio": {"<80": (103, 292), "80-120": (64, 248), ">120": (82, 622), "missing": (8, 147)},
    "concomitant": {"yes": (71, 158)},
    "salvage": {"yes": (150, 420)},
    "first_line": {"yes": (65, 407)},
    "metformin": {"yes": (22, 37)},
    "statin": {"yes": (16, 72)},
    "event_any": {"yes": (176, 846)},
    "event_grade_2_4": {"yes": (108, 493)},
    "event_grade_3_4": {"yes": (20, 166)},
    "event_dermatologic_2_4": {"yes": (73, 234)},
    "event_gastroenterologic_2_4": {"yes": (32, 122)},
    "event_hypertension_2_4": {"yes": (0, 2)},
}  # fmt: skip
"""Counts of Tables 1, 2 and 4; missing ones follow from the denominators, metformin and statin from the odds ratios."""

SIGNIFICANT = {
    "bmi", "ecog", "child_pugh", "bclc", "extrahepatic", "lymph_node", "portal_vein", "afp", "response", "afp_ratio",
    "concomitant", "salvage", "metformin", "event_grade_3_4", "event_dermatologic_2_4", "largest_diameter_mm",
    "nodule_count", "daily_dose_mg", "treatment_months", "sd_duration_months", "pr_duration_months",
}  # fmt: skip
"""Rows whose printed p is below 0.05; of all others it is not."""

MEANS: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "age_years": ((58.66, 10.12), (57.94, 10.65)),
    "largest_diameter_mm": ((36.4, 39.6), (52.6, 45.8)),
    "nodule_count": ((2.71, 3.19), (3.89, 3.68)),
    "daily_dose_mg": ((634, 191), (662, 191)),
    "sd_duration_months": ((11.18, 11.71), (4.17, 3.23)),
    "pr_duration_months": ((9.53, 14.55), (3.39, 2.88)),
}
"""Mean and standard deviation in both groups; that of the dose is not printed, it follows from p = 0.032."""

CR_DURATION_MONTHS = (13.63, 15.91)
TREATMENT_MONTHS = {LONG: 8.6, SHORT: 3.0}
SURVIVAL_MONTHS = 9.0
PROGRESSION_MONTHS = 3.0
COMPARED_MONTHS = {
    "event_dermatologic_2_4": (10.7, 8.5), "concomitant": (13.2, 8.3), "salvage": (13.5, 6.7),
}  # fmt: skip
"""Median survival with and without."""

ODDS_RATIOS = {
    "bmi 23-25": 1.125, "bmi >25": 1.577, "ecog 1": 0.766, "ecog 2-4": 0.286, "child_pugh B": 0.422,
    "extrahepatic yes": 0.639, "portal_vein vp1-2": 0.483, "portal_vein vp3": 0.396, "portal_vein vp4": 0.502,
    "afp 7-1000": 0.568, "afp 1000-10000": 0.361, "afp >10000": 0.211, "metformin yes": 3.464,
    "event_dermatologic_2_4 yes": 1.688, "concomitant yes": 2.915,
}  # fmt: skip
"""Of long-term survival, multivariable (Table 3)."""


def expected_counts(row: str, group: str) -> dict[str, int]:
    """Work out the counts of a row that the study must have, empty categories left out."""
    place = (LONG, SHORT).index(group)
    counts = {category: pair[place] for category, pair in PRINTED[row].items()}
    complement = {"sex": "female", "portal_vein": "vp0"}.get(row, "no")
    if row in ("sex", "portal_vein", "diabetes") or set(counts) == {"yes"}:
        counts[complement] = SIZES[group] - sum(counts.values()) + (row == "sex" and group == LONG)
    if sum(counts.values()) == SIZES[group] + 1:
        counts[max(counts, key=lambda category: counts[category])] -= 1
    return {category: count for category, count in counts.items() if count}
