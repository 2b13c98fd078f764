"""Which study options a command takes is read from the SQL of its rules."""

import csv
from pathlib import Path

import pytest

from etl.own_files.grading.events import event_options
from etl.own_files.grading.labs import lab_options
from etl.own_files.response.respond import response_options
from etl.own_files.score.score import score_options
from etl.own_files.survival.survive import survival_options

OPTIONS = Path("schemas/reference/study_option.csv")


def test_every_option_of_laboratory_grading_is_taken() -> None:
    with OPTIONS.open(encoding="utf-8", newline="") as file:
        known = {row["name"] for row in csv.DictReader(file)}
    assert lab_options() == {name for name in known if name.startswith("lab_grade_")}


def test_options_of_categories_are_those_of_events() -> None:
    assert event_options() == {"event_anorexia", "event_disease_related_skin"}


def test_options_of_scores() -> None:
    assert score_options() == {
        "bclc_ecog_1_is_advanced",
        "bclc_single_above_5_cm",
        "bclc_vp1_2_is_macrovascular",
        "child_pugh_albumin_edge",
        "karnofsky_90_ecog",
        "score_decides",
    }


def test_an_option_that_another_column_is_made_of_is_taken() -> None:
    """`long_term_months` becomes boundary_days, together with `days_per_month`."""
    assert {"long_term_months", "days_per_month", "data_cut_off", "month_death_placed"} <= survival_options()
    assert not survival_options() & {"minimum_sd_days", "survival_interval", "baseline_days_before"}
    # What a warehouse has set aside is not asked of a file, nor what would say whether it matters.
    assert not survival_options() & {"assessment_window_days", "liver_target_from_mm", "treated_target"}


@pytest.mark.parametrize(
    ("file", "taken", "left_out"),
    [
        ("visits", "response_fall_percent", "node_target_from_mm"),
        ("lesions", "node_target_from_mm", "minimum_sd_days"),
        ("responses", "minimum_sd_days", "response_fall_percent"),
    ],
)
def test_options_of_response_depend_on_the_file(file: str, taken: str, left_out: str) -> None:
    assert taken in response_options(file)  # type: ignore[arg-type]
    assert left_out not in response_options(file)  # type: ignore[arg-type]
