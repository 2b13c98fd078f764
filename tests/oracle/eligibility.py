"""Who belongs to the study: every criterion met, not met or unknown, and the flow of patients."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from oracle.baseline import read_baseline
from oracle.chart import Chart, Row, before
from oracle.treatment import index_date, study_courses

Verdict = Literal["met", "not met", "unknown"]

CRITERIA = (
    "index_date", "hcc", "unresectable_bclc_b_c", "imaging_before", "imaging_after", "child_pugh_a_b",
    "no_other_systemic_therapy", "no_serious_condition", "no_other_cancer",
)  # fmt: skip
"""In the order of the flow: the window of the index date, inclusion (a) to (e), exclusion (a) to (c)."""

INDEX_DATES = (date(2007, 1, 1), date(2014, 3, 31))
IMAGING_DAYS = 61
CHEMOTHERAPY = (
    "doxorubicin", "fluorouracil", "cisplatin", "capecitabine", "gemcitabine", "thalidomide", "interferon", "other",
)  # fmt: skip
"""Systemic therapy that excludes. Targeted and immune therapy do not; of an investigational drug it is not known."""

UNDISCLOSED_DRUG = "study_drug_other"
CURED_LESS_THAN_YEARS = 3


def read_verdicts(chart: Chart) -> dict[str, Verdict]:
    """Hold one patient against every criterion; without an index date, what is counted from it is unknown."""
    index = index_date(chart)
    return {
        "index_date": _in_window(chart),
        "hcc": "unknown" if chart["patient"][0]["diagnosis_basis"] is None else "met",
        "unresectable_bclc_b_c": _unresectable_and_b_or_c(chart["patient"][0]),
        "imaging_before": _imaged(chart, before(index, IMAGING_DAYS), index) if index else "unknown",
        "imaging_after": _imaged(chart, before(index, -1), date.max) if index else "unknown",
        "child_pugh_a_b": _child_pugh(chart),
        "no_other_systemic_therapy": _no_other_therapy(chart, index) if index else "unknown",
        "no_serious_condition": _no_serious_condition(chart),
        "no_other_cancer": _no_other_cancer(chart, index) if index else "unknown",
    }


def flow(people: Iterable[tuple[dict[str, Verdict], str]]) -> dict[str, int]:
    """Count everyone once: at the first criterion that is not met, else at the first unknown one, else by group.

    Args:
        people: verdicts and survival group of everyone who was screened.
    """
    boxes: Counter[str] = Counter()
    for verdicts, group in people:
        failed = [name for name in CRITERIA if verdicts[name] == "not met"]
        open_ones = [name for name in CRITERIA if verdicts[name] == "unknown"]
        if failed:
            boxes[f"not met: {failed[0]}"] += 1
        elif open_ones:
            boxes[f"unknown: {open_ones[0]}"] += 1
        else:
            boxes[group] += 1
    return dict(boxes)


def is_eligible(verdicts: dict[str, Verdict]) -> bool:
    """Tell whether every criterion is met; an unknown one is not."""
    return all(verdict == "met" for verdict in verdicts.values())


def _in_window(chart: Chart) -> Verdict:
    if not study_courses(chart):
        return "not met"
    index = index_date(chart)
    if index is None:
        return "unknown"
    return "met" if INDEX_DATES[0] <= index <= INDEX_DATES[1] else "not met"


def _unresectable_and_b_or_c(patient: Row) -> Verdict:
    """Take the reported stage; the derived one does not decide."""
    stage, unresectable = patient["bclc_reported_code"], patient["is_unresectable"]
    if unresectable is False or stage in ("0", "A", "D"):
        return "not met"
    return "unknown" if unresectable is None or stage is None else "met"


def _imaged(chart: Chart, first: date, last: date) -> Verdict:
    """Look for a contrast CT or MRI of the abdomen between two days, both included."""
    verdicts = []
    for row in chart["imaging_visit"]:
        if not first <= row["imaged_on"] <= last:
            continue
        answers = [
            None if row["modality_code"] is None else row["modality_code"] in ("ct", "mri"),
            None if row["region_code"] is None else row["region_code"] in ("abdomen", "whole_body"),
            row["has_contrast"],
        ]
        verdicts.append("not met" if False in answers else "unknown" if None in answers else "met")
    return "met" if "met" in verdicts else "unknown" if "unknown" in verdicts else "not met"


def _child_pugh(chart: Chart) -> Verdict:
    """Take the reported class, or else the one derived from its components at baseline."""
    reported = chart["patient"][0]["child_pugh_reported_code"]
    index = index_date(chart)
    score = reported or (read_baseline(chart, index).child_pugh_class if index else None)
    return "unknown" if score is None else "met" if score in ("A", "B") else "not met"


def _no_other_therapy(chart: Chart, index: date) -> Verdict:
    """Look for systemic therapy before the index date; arterial infusion, targeted and immune therapy are allowed."""
    earlier = [row["drug_code"] for row in chart["treatment_course"] if row["started_on"] < index]
    if [drug for drug in earlier if drug in CHEMOTHERAPY]:
        return "not met"
    return "unknown" if UNDISCLOSED_DRUG in earlier else "met"


def _no_serious_condition(chart: Chart) -> Verdict:
    present = [row["is_present"] for row in chart["medical_history"] if row["condition_code"] == "serious_comorbidity"]
    return "not met" if True in present else "unknown" if None in present else "met"


def _no_other_cancer(chart: Chart, index: date) -> Verdict:
    """Look for another cancer that is neither one of those allowed nor cured within the three years before."""
    verdicts = []
    for row in chart["medical_history"]:
        if row["condition_code"] != "other_cancer" or row["is_present"] is False:
            continue
        allowed = _is_allowed_cancer(row)
        verdicts.append(
            "met" if allowed or _is_cured_lately(row, index)
            else "unknown" if allowed is None or row["is_present"] is None
            else "not met"
        )  # fmt: skip
    return "not met" if "not met" in verdicts else "unknown" if "unknown" in verdicts else "met"


def _is_allowed_cancer(row: Row) -> bool | None:
    """Allow cervical carcinoma in situ, basal cell carcinoma of the skin and superficial tumours of the bladder."""
    if row["cancer_site_code"] == "skin_basal_cell":
        return True
    if row["cancer_site_code"] in ("cervix", "bladder"):
        return bool(row["is_in_situ"]) if row["is_in_situ"] is not None else None
    return None if row["cancer_site_code"] is None else False


def _is_cured_lately(row: Row, index: date) -> bool:
    """As the paper prints it: cured less than three years before enrolment."""
    cured: date | None = row["cured_on"]
    if cured is None:
        return False
    return cured <= index and Decimal((index - cured).days) < CURED_LESS_THAN_YEARS * Decimal("365.25")
