"""Small frames of every figure, their empty ones, and those of one patient."""

from collections.abc import Callable
from functools import partial

import pandas as pd

from etl.study.figures.adverse_events import adverse_events
from etl.study.figures.calibration import calibration
from etl.study.figures.cumulative_incidence import cumulative_incidence
from etl.study.figures.drawing import Drawing, Setting
from etl.study.figures.flow import flow
from etl.study.figures.forest import forest
from etl.study.figures.kaplan_meier import kaplan_meier
from etl.study.figures.spider import spider
from etl.study.figures.standardised_differences import standardised_differences
from etl.study.figures.swimmer import swimmer
from etl.study.figures.time_line import patient_time_line
from etl.study.figures.waterfall import waterfall

NONE = float("nan")

FLOW = pd.DataFrame(
    [
        (1, "screened", None, 1880, 1880),
        (2, "not_met", "index_date", 8, 1872),
        (3, "not_met", "child_pugh_a_b", 217, 1655),
        (4, "unknown", "no_other_cancer", 65, 1590),
        (5, "eligible", None, 1590, 1590),
        (6, "long_term", None, 257, 1333),
        (7, "short_term", None, 1309, 24),
        (8, "undetermined", None, 24, 0),
    ],
    columns=["step", "flow_box", "criterion", "patients", "patients_left"],
)

STEPS = pd.DataFrame(
    [
        ("Adverse event of grade 2 or more", 2.0, 4, 1, 0, 0.75, 0.128, 0.961),
        ("Adverse event of grade 2 or more", 5.0, 3, 1, 1, 0.5, 0.058, 0.845),
        ("Adverse event of grade 2 or more", 11.0, 1, 1, 0, 0.0, NONE, NONE),
        ("None", 1.0, 3, 1, 0, 0.667, 0.054, 0.945),
        ("None", 26.0, 2, 0, 2, 0.667, 0.054, 0.945),
    ],
    columns=["stratum", "time_months", "at_risk", "events", "censored", "survival", "low", "high"],
)
MEDIANS = pd.DataFrame(
    [("Adverse event of grade 2 or more", 8.0, 2.0, NONE), ("None", NONE, NONE, NONE)],
    columns=["stratum", "median", "median_low", "median_high"],
)

INCIDENCE = pd.DataFrame(
    [
        (group, cause, months, share * months / 24, share * months / 30, share * months / 20)
        for group, scale in (("Child-Pugh A", 0.4), ("Child-Pugh B", 0.6))
        for cause, share in (("progression", scale), ("death", scale / 2))
        for months in (1.0, 3.5, 12.0, 23.0)
    ],
    columns=["group", "cause", "time_months", "estimate", "low", "high"],
)

TERMS = pd.DataFrame(
    [
        ("Age, per year", "", "univariable", 1566, 257, 1.01, 0.99, 1.02, 0.319, False),
        ("AFP, ng/mL", "<7", "univariable", 331, 123, 1.0, NONE, NONE, NONE, True),
        ("AFP, ng/mL", "<7", "multivariable", 331, 123, 1.0, NONE, NONE, NONE, True),
        ("AFP, ng/mL", ">10,000", "univariable", 242, 14, 0.104, 0.058, 0.187, 0.00001, False),
        ("AFP, ng/mL", ">10,000", "multivariable", 242, 14, 0.196, 0.1, 0.386, 0.0004, False),
        ("Brain metastasis", "yes", "univariable", 9, 0, 0.0, 0.0, NONE, 0.25, False),
        ("Brain metastasis", "yes", "multivariable", 9, 0, 0.265, 0.0021, 2.095, 0.31, False),
        ("ECOG", "3", "univariable", 1, 1, float("inf"), 0.4, float("inf"), NONE, False),
        ("ECOG", "3", "multivariable", 1, 1, NONE, NONE, NONE, NONE, False),
    ],
    columns=["variable", "level", "model", "n", "events", "estimate", "low", "high", "p", "is_reference"],
)

CHANGES = pd.DataFrame(
    [
        ("site-a P01", 130.0, "PD"),
        ("site-a P02", 25.0, "PD"),
        ("site-b P01", 3.0, "SD"),
        ("site-b P02", -12.5, "IR/SD"),
        ("site-b P03", -41.0, "PR"),
        ("site-b P04", -100.0, "CR"),
        ("site-b P05", 0.0, "NE"),
        ("site-b P06", NONE, "NE"),
        ("site-b P07", -4.0, None),
    ],
    columns=["patient", "change_percent", "response"],
)

SCANS = pd.DataFrame(
    [
        ("site-a P01", 2.0, 160.0, "PD"),
        ("site-b P03", 2.0, -20.0, "PR"),
        ("site-b P03", 4.0, -41.0, "PR"),
        ("site-b P03", 6.5, NONE, "PR"),
        ("site-b P04", 13.0, -100.0, "CR"),
        ("site-b P08", 2.0, NONE, "NE"),
    ],
    columns=["patient", "months", "change_percent", "response"],
)

SWIMMERS = pd.DataFrame(
    [
        ("site-a P01", 0.0, 2.0, False, NONE, NONE, 2.1, 5.0, NONE),
        ("site-b P03", 0.0, 14.0, True, NONE, 4.0, NONE, NONE, 14.0),
        ("site-b P04", 0.0, 9.0, False, 3.0, 2.0, 8.0, NONE, 30.0),
        ("site-b P09", 0.0, NONE, False, NONE, NONE, NONE, NONE, NONE),
    ],
    columns=[
        "patient",
        "start",
        "stop",
        "is_ongoing",
        "cr_start",
        "pr_start",
        "progression",
        "death",
        "last_contact",
    ],
)

EVENTS = pd.DataFrame(
    [
        ("dermatologic", grade, group, count, denominator, 100 * count / denominator)
        for group, denominator, counts in (
            ("Long-term survivors", 257, (30, 60, 12, 0)),
            ("Short", 1309, (200, 180, 90, 1)),
        )
        for grade, count in zip((1, 2, 3, None), counts, strict=True)
    ]
    + [
        ("hypertension", 3, "Short", 2, 1309, 100 * 2 / 1309),
        ("hypertension", 5, "Short", 1, 1309, 100 / 1309),
        ("hypertension", 4, "Empty group", 0, 0, NONE),
    ],
    columns=["category", "grade", "group", "patients", "denominator", "percent"],
)

DECILES = pd.DataFrame(
    [(0.05, 0.04, 0.01, 0.1), (0.2, 0.25, 0.18, 0.33), (0.6, 0.55, NONE, NONE), (NONE, 0.5, 0.4, 0.6)],
    columns=["predicted", "observed", "low", "high"],
)

DIFFERENCES = pd.DataFrame(
    [
        ("Age, years", 0.062),
        ("Concomitant chemoembolisation or radiotherapy", 0.71),
        ("AFP, ng/mL", -0.45),
        ("ECOG", NONE),
    ],
    columns=["label", "value"],
)

HISTORY = pd.DataFrame(
    [
        ("dose", 0.0, 3.0, "sorafenib", 800.0),
        ("dose", 3.2, 9.0, "sorafenib", 400.0),
        ("dose", 9.0, 9.5, "sorafenib", NONE),
        ("treatment", 4.0, NONE, "Chemoembolisation", NONE),
        ("scan", -0.5, NONE, None, NONE),
        ("scan", 2.0, NONE, "SD", NONE),
        ("scan", 4.0, NONE, "PR", NONE),
        ("scan", 9.0, NONE, "PD", NONE),
        ("adverse_event", 1.0, 2.0, "Palmar-plantar erythrodysesthesia syndrome", 3.0),
        ("adverse_event", 9.0, NONE, "Palmar-plantar erythrodysesthesia syndrome", NONE),
        ("adverse_event", NONE, NONE, "Diarrhoea", 1.0),
        ("lab", -0.2, NONE, "AFP, ng/mL", 2300.0),
        ("lab", 2.0, NONE, "AFP, ng/mL", 20.0),
        ("lab", 2.0, NONE, "Albumin, g/dL", 3.5),
        ("death", 13.5, NONE, None, NONE),
    ],
    columns=["kind", "start", "end", "label", "value"],
)

Draw = Callable[[Setting], Drawing]


def figures(part: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame) -> dict[str, Draw]:
    """Each figure as a function of the setting, drawn from a part of its frame."""
    sentence = ["Log-rank test: p <0.001"]
    return {
        "flow": partial(flow, part(FLOW)),
        "kaplan_meier": lambda setting: kaplan_meier(part(STEPS), part(MEDIANS), setting=setting, sentences=sentence),
        "cumulative_incidence": partial(cumulative_incidence, part(INCIDENCE), sentences=["Gray's test: p = 0.274"]),
        "forest": partial(forest, part(TERMS), measure="odds_ratio"),
        "waterfall": partial(waterfall, part(CHANGES)),
        "spider": partial(spider, part(SCANS)),
        "swimmer": partial(swimmer, part(SWIMMERS)),
        "adverse_events": partial(adverse_events, part(EVENTS)),
        "calibration": partial(calibration, part(DECILES), sentences=["Slope 1.02, intercept 0.01"]),
        "standardised_differences": partial(standardised_differences, part(DIFFERENCES)),
        "time_line": partial(patient_time_line, part(HISTORY)),
    }


SMALL = figures()
EMPTY = figures(lambda frame: frame.head(0))
ONE = figures(lambda frame: frame.head(1))
