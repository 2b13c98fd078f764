"""The slow oracle itself, on cases small enough to check by head."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from oracle.baseline import read_baseline
from oracle.chart import Chart
from oracle.eligibility import read_verdicts
from oracle.events import is_treatment_emergent
from oracle.response import read_response
from oracle.survival import kaplan_meier_median
from oracle.treatment import read_treatment

INDEX = date(2012, 3, 10)


def day(number: int) -> date:
    return INDEX + timedelta(days=number)


def lesion(number: int, label: str, size: str | None, role: str = "target", **more: Any) -> dict[str, Any]:
    return {
        "imaged_on": day(number), "lesion_label": label, "organ_code": "liver", "role_code": role, "is_lymph_node": False,
        "viable_diameter_mm": size and Decimal(size), "whole_diameter_mm": None, "short_axis_mm": None,
        "enhancement_code": "arterial", "pattern_code": "typical",
    } | more  # fmt: skip


def scan(number: int, **more: Any) -> dict[str, Any]:
    return {
        "imaged_on": day(number), "modality_code": "ct", "region_code": "abdomen", "has_contrast": True,
        "has_arterial_phase": True, "non_target_status_code": "none", "has_new_lesion": False,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("sums", "best", "progressed_on"),
    [
        ("100 | 60:71 | 120:85", "SD", None),
        ("100 | 60:70 | 120:83", "PR", None),
        ("100 | 60:70 | 120:84", "PR", 120),
        ("100 | 60:40 | 120:50", "PR", 120),
        ("100 | 60:120", "PD", 60),
        ("100 | 60:71 | 120:86", "SD", 120),
        ("100 | 60:0 | 120:3", "CR", 120),
        ("100 | 41:100 | 90:130", "PD", 90),
        ("100 | 42:100 | 90:130", "SD", 90),
        ("100 | 41:100", "NE", None),
        ("100 | 60:90 | 120:? | 180:108", "SD", 180),
    ],
)
def test_target_sums_lead_to_the_best_response(sums: str, best: str, progressed_on: int | None) -> None:
    baseline, *later = sums.split(" | ")
    visits = [(-10, baseline), *((int(number), size) for number, size in (visit.split(":") for visit in later))]
    chart: Chart = defaultdict(list)
    chart["imaging_visit"] = [scan(number) for number, _ in visits]
    chart["lesion"] = [lesion(number, "L1", None if size == "?" else size) for number, size in visits]
    response = read_response(chart, INDEX, None)
    assert response.best == best
    assert (response.progression_days if response.has_progressed else None) == progressed_on


@pytest.mark.parametrize(
    ("new", "later", "is_progression"),
    [
        ({"size": "12", "pattern_code": "typical"}, None, True),
        ({"size": "9", "pattern_code": "typical"}, None, False),
        ({"size": "12", "pattern_code": "atypical"}, None, False),
        ({"size": "8", "pattern_code": "atypical"}, "18", True),
        ({"size": "8", "pattern_code": "atypical"}, "17", False),
        ({"size": None, "pattern_code": "effusion", "organ_code": "pleura"}, None, False),
        ({"size": None, "organ_code": "bone"}, None, True),
        ({"size": None, "pattern_code": "thrombus", "organ_code": "portal_vein"}, None, True),
    ],
)
def test_a_new_lesion_is_progression_from_its_first_sight_on_if_it_is_proven(
    new: dict[str, Any], later: str | None, is_progression: bool
) -> None:
    chart: Chart = defaultdict(list)
    chart["imaging_visit"] = [scan(-10), scan(60), scan(120)]
    chart["lesion"] = [lesion(number, "L1", "50") for number in (-10, 60, 120)]
    size, kind = new["size"], {name: value for name, value in new.items() if name != "size"}
    chart["lesion"].append(lesion(60, "N1", size, "new", **kind))
    if later:
        chart["lesion"].append(lesion(120, "N1", later, "new", **kind))
    response = read_response(chart, INDEX, None)
    assert response.has_progressed == is_progression
    assert not is_progression or response.progression_days == 60


def test_what_is_seen_without_contrast_or_after_salvage_does_not_count() -> None:
    chart: Chart = defaultdict(list)
    chart["imaging_visit"] = [scan(-10), scan(60), scan(120, has_contrast=False), scan(200)]
    chart["lesion"] = [
        lesion(-10, "L1", "50"), lesion(60, "L1", "50"), lesion(120, "L1", "70"), lesion(200, "L1", "90"),
    ]  # fmt: skip
    response = read_response(chart, INDEX, salvage_on=day(150))
    assert [visit.overall for visit in response.visits] == ["SD", "NE", "PD"]
    assert (response.best, response.has_progressed, response.progression_days) == ("SD", False, 60)
    assert response.stable_days == 60


def test_nodes_below_ten_millimetres_are_gone() -> None:
    chart: Chart = defaultdict(list)
    node = {"organ_code": "lymph_node", "is_lymph_node": True}
    chart["imaging_visit"] = [scan(-10), scan(60)]
    chart["lesion"] = [
        lesion(-10, "L1", "30"), lesion(-10, "E1", None, **node, short_axis_mm=Decimal(26)),
        lesion(60, "L1", "0", enhancement_code="none"), lesion(60, "E1", None, **node, short_axis_mm=Decimal("9.9")),
    ]  # fmt: skip
    assert read_response(chart, INDEX, None).best == "CR"


def test_a_median_is_the_first_day_at_which_half_are_left() -> None:
    assert kaplan_meier_median([(10, True), (20, True), (30, True), (40, False)]) == 20
    assert kaplan_meier_median([(10, True), (15, False), (20, True), (30, True)]) == 20
    assert kaplan_meier_median([(10, True), (20, False), (30, False)]) is None


def treated_chart() -> Chart:
    chart: Chart = defaultdict(list)
    chart["treatment_course"] = [
        {
            "drug_code": "sorafenib",
            "role_code": "study",
            "started_on": INDEX,
            "started_on_precision": "day",
            "stopped_on": day(9),
        }
    ]
    step = {"drug_code": "sorafenib", "times_per_day": 2}
    chart["exposure"] = [
        step | {"started_on": day(0), "stopped_on": day(3), "dose_mg": Decimal(400)},
        step | {"started_on": day(4), "stopped_on": day(5), "dose_mg": Decimal(0)},
        step | {"started_on": day(6), "stopped_on": day(9), "dose_mg": Decimal(200)},
    ]
    chart["procedure"] = [
        {"procedure_code": "radiotherapy", "target_site_code": "bone", "started_on": day(2)},
        {"procedure_code": "tace", "target_site_code": "liver", "started_on": day(9)},
        {"procedure_code": "haic", "target_site_code": "liver", "started_on": day(10)},
    ]
    return chart


def test_doses_are_spread_over_all_days_and_treatments_have_their_time() -> None:
    treatment = read_treatment(treated_chart())
    assert treatment.days == 9
    assert treatment.mean_dose_mg == Fraction(4 * 800 + 4 * 400, 10)
    assert treatment.concomitant == ("tace",)
    assert (treatment.salvage, treatment.salvage_on) == (("haic",), day(10))
    assert treatment.is_first_line


@pytest.mark.parametrize(
    ("before", "after", "class_"),
    [
        ((100, None), (80, None), "80-120"), ((100, None), (120, None), "80-120"), ((100, None), (79, None), "<80"),
        ((100, None), (121, None), ">120"), ((100, None), (2, "<"), "<80"), ((2, "<"), (2, "<"), None),
        ((60000, ">"), (60000, ">"), None), ((60000, ">"), (48000, None), "<80"),
    ],
)  # fmt: skip
def test_the_ratio_of_afp_is_open_unless_a_bound_settles_it(
    before: tuple[int, str | None], after: tuple[int, str | None], class_: str | None
) -> None:
    chart: Chart = defaultdict(list)
    chart["patient"] = [{"birth_date": date(1960, 3, 11)}]
    chart["imaging_visit"] = [scan(-10), scan(60)]
    chart["lab_result"] = [
        {"analyte_code": "afp", "taken_on": day(number), "value": Decimal(value), "value_qualifier": qualifier}
        for number, (value, qualifier) in ((-5, before), (70, after))
    ]
    baseline = read_baseline(chart, INDEX)
    assert baseline.afp_ratio_class == class_
    assert baseline.age_years == 51


@pytest.mark.parametrize(
    ("onset", "precision", "counts"),
    [
        (0, "day", True),
        (-1, "day", False),
        (39, "day", True),
        (40, "day", False),
        (-9, "month", True),
        (None, None, False),
    ],
)
def test_events_count_from_the_index_date_to_thirty_days_after_the_last_dose(
    onset: int | None, precision: str | None, counts: bool
) -> None:
    row = {
        "is_present_before": False,
        "onset_on": None if onset is None else day(onset),
        "onset_on_precision": precision,
    }
    assert is_treatment_emergent(row, INDEX, day(9)) == counts


@pytest.mark.parametrize(
    ("cancer", "verdict"),
    [
        ({"cancer_site_code": "cervix", "is_in_situ": True}, "met"),
        ({"cancer_site_code": "cervix", "is_in_situ": False}, "not met"),
        ({"cancer_site_code": "bladder", "is_in_situ": None}, "unknown"),
        ({"cancer_site_code": "stomach", "cured_on": day(-1000)}, "met"),
        ({"cancer_site_code": "stomach", "cured_on": day(-1100)}, "not met"),
        ({"cancer_site_code": None}, "unknown"),
    ],
)
def test_another_cancer_excludes_unless_it_is_allowed(cancer: dict[str, Any], verdict: str) -> None:
    chart = treated_chart()
    chart["patient"] = [
        {
            "diagnosis_basis": "clinical",
            "is_unresectable": True,
            "bclc_reported_code": "C",
            "child_pugh_reported_code": "A",
        }
    ]
    chart["imaging_visit"] = [scan(-61), scan(1)]
    nothing = {"condition_code": "other_cancer", "is_present": True, "is_in_situ": None, "cured_on": None}
    chart["medical_history"] = [nothing | cancer]
    verdicts = read_verdicts(chart)
    assert verdicts.pop("no_other_cancer") == verdict
    assert set(verdicts.values()) == {"met"}
