"""What the figures draw: places of curves, bars and points, numbers at risk, samples, sums, notes."""

import re
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from figure_frames import (
    CHANGES,
    DECILES,
    DIFFERENCES,
    EVENTS,
    FLOW,
    HISTORY,
    INCIDENCE,
    MEDIANS,
    NONE,
    SCANS,
    STEPS,
    SWIMMERS,
    TERMS,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from test_figures_written import svg_text

from etl.study.figures.adverse_events import adverse_events
from etl.study.figures.calibration import calibration
from etl.study.figures.cumulative_incidence import cumulative_incidence
from etl.study.figures.curves import Curve, months_ticks, numbers_at_risk, thinned
from etl.study.figures.drawing import Setting
from etl.study.figures.flow import flow
from etl.study.figures.forest import forest
from etl.study.figures.kaplan_meier import kaplan_meier
from etl.study.figures.sample import sample_patients
from etl.study.figures.spider import spider
from etl.study.figures.standardised_differences import standardised_differences
from etl.study.figures.swimmer import swimmer
from etl.study.figures.time_line import patient_time_line
from etl.study.figures.waterfall import waterfall
from etl.study.figures.write import write_drawing

EN = Setting("en", True)
KO = Setting("ko", True)


def bars(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def points(axes: Axes, marker: str) -> list[tuple[float, float]]:
    return [
        (float(x), float(y))
        for line in axes.lines
        if line.get_marker() == marker
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)  # type: ignore[arg-type]
    ]


def curve(times: list[float], at_risk: list[int]) -> Curve:
    time, empty = np.array(times), np.empty(0)
    return Curve("", time, np.ones(len(time)), empty, empty, empty, np.array(at_risk, dtype=float))


# Flow


def test_the_flow_prints_every_count_and_the_sums_of_who_leaves() -> None:
    words = svg_text(flow(FLOW, EN))
    for said in (
        "Screened n = 1,880",
        "Excluded: a criterion is not met (n = 225)",
        "Child-Pugh A or B: 217",
        "No criterion failed n = 1,655",
        "Excluded: a criterion is unknown (n = 65)",
        "Eligible n = 1,590",
        "n = 257",
        "n = 1,309",
        "Undetermined n = 24",
    ):
        assert said in words
    assert "do not add up" not in words


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (4, "The boxes do not add up: 1,591 patients are left, and 1,590 are eligible."),
        (7, "The groups do not add up: 1,590 patients are eligible, and 1,589 are in a group."),
    ],
)
def test_a_flow_that_does_not_add_up_says_so(step: int, said: str) -> None:
    rows = FLOW.assign(patients=FLOW["patients"] - (FLOW["step"] == step))
    assert said in svg_text(flow(rows, EN))


def test_a_flow_takes_the_study_s_own_words() -> None:
    rows = FLOW.replace({"long_term": "stage_b", "child_pugh_a_b": "own_rule"})
    words = svg_text(flow(rows, EN, labels={"stage_b": "BCLC B"}))
    assert "BCLC B n = 257" in words
    assert "own rule: 217" in words


# Curves


def test_a_kaplan_meier_curve_steps_where_its_rows_do() -> None:
    drawing = kaplan_meier(STEPS, MEDIANS, setting=EN)
    line = drawing.figure.axes[0].lines[0]
    assert line.get_drawstyle() == "steps-post"
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == [(0, 1), (2, 0.75), (5, 0.5), (11, 0)]  # type: ignore[arg-type]
    assert points(drawing.figure.axes[0], "|") == [(5, 0.5), (26, 0.667)]


def test_a_kaplan_meier_figure_prints_medians_and_numbers_at_risk() -> None:
    words = svg_text(kaplan_meier(STEPS, MEDIANS, setting=EN, sentences=["Log-rank test: p = 0.274"]))
    assert "n = 4, events 3, median 8.0 months (95% CI 2.0 to not reached)" in words
    assert "None: n = 3, events 1, median not reached" in words
    assert "Log-rank test: p = 0.274" in words
    months = months_ticks(26)
    assert months == [0, 6, 12, 18, 24]
    assert "Number at risk 4 1 0 0 0 3 2 2 2 2" in words
    assert "중앙값 8.0개월 (95% 신뢰구간 2.0–미도달)" in svg_text(kaplan_meier(STEPS, MEDIANS, setting=KO))


def test_a_curve_that_begins_at_month_0_keeps_its_first_step() -> None:
    rows = STEPS.head(2).assign(time_months=[0.0, 3.0])
    line = kaplan_meier(rows, MEDIANS, setting=EN).figure.axes[0].lines[0]
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == [(0, 0.75), (3, 0.5)]  # type: ignore[arg-type]


@pytest.mark.parametrize("stratum", ["", None, NONE])
def test_the_only_curve_needs_no_name(stratum: object) -> None:
    words = svg_text(
        kaplan_meier(STEPS.head(3).assign(stratum=stratum), MEDIANS.head(1).assign(stratum=stratum), setting=EN)
    )
    assert "n = 4, events 3, median 8.0 months" in words
    assert ": n = 4" not in words
    assert "nan" not in words


def test_a_curve_without_limits_says_so() -> None:
    said = "A curve without a band has no confidence limits."
    with_limits = svg_text(kaplan_meier(STEPS, MEDIANS, setting=EN))
    assert "Bands: 95% confidence limits. Ticks: censored patients. Dotted lines: medians." in with_limits
    assert said not in with_limits
    bare = svg_text(kaplan_meier(STEPS.assign(low=NONE, high=NONE, censored=0), MEDIANS.tail(1), setting=EN))
    assert said in bare
    assert not re.search("Bands|Ticks|Dotted", bare)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(0, 45))
def test_numbers_at_risk_count_who_is_still_there(days: list[int], month: int) -> None:
    times = sorted(set(days))
    at_risk = [sum(day >= time for day in days) for time in times]
    assert numbers_at_risk(curve([float(time) for time in times], at_risk), [month]) == [
        sum(day >= month for day in days)
    ]


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40_000))
def test_thinning_moves_no_step_by_a_pixel(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    times = np.sort(random.exponential(12, size))
    kept = thinned(times, times[-1])
    assert len(kept) <= 2 * 1200 + 2
    assert {0, size - 1} <= set(kept)
    survival = 1 - np.arange(1, size + 1) / size
    asked = np.linspace(times[0], times[-1], 300)
    pixel = times[-1] / 1200
    # The thinned curve at a time lies between the whole curve a pixel earlier and a pixel later.
    drawn = survival[kept][np.searchsorted(times[kept], asked, side="right") - 1]
    earlier = survival[np.maximum(np.searchsorted(times, asked - pixel, side="right") - 1, 0)]
    later = survival[np.searchsorted(times, asked + pixel, side="right") - 1]
    assert ((later <= drawn) & (drawn <= earlier)).all()


def test_curves_of_156600_patients_are_drawn(tmp_path) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(1)
    size = 78_300
    frames = []
    for stratum, scale in (("A", 8.0), ("B", 17.0)):
        times = np.sort(random.exponential(scale, size))
        survival = 1 - np.arange(1, size + 1) / size
        frames.append(
            pd.DataFrame(
                {
                    "stratum": stratum,
                    "time_months": times,
                    "at_risk": np.arange(size, 0, -1),
                    "events": 1,
                    "censored": 0,
                    "survival": survival,
                    "low": survival * 0.97,
                    "high": np.minimum(survival * 1.03, 1),
                }
            )
        )
    drawing = kaplan_meier(pd.concat(frames), MEDIANS, setting=EN)
    written = write_drawing(drawing, tmp_path)
    assert "Number at risk 78,300" in svg_text(drawing)
    assert written.svg.stat().st_size < 400_000
    assert len(drawing.data) == 2 * size


@pytest.mark.parametrize("longest", [0.001, 0.9, 1, 8, 9, 26, 90, 5000, 20000])
def test_ticks_are_regular_and_few(longest: float) -> None:
    ticks = months_ticks(longest)
    assert ticks[0] == 0
    assert len(ticks) <= 17
    assert len(set(np.diff(ticks))) <= 1
    assert ticks[-1] <= longest


def test_cumulative_incidence_is_drawn_for_each_group_and_cause() -> None:
    drawing = cumulative_incidence(INCIDENCE, EN)
    lines = drawing.figure.axes[0].lines
    assert len(lines) == 4
    assert list(lines[0].get_xdata()) == [0, 1, 3.5, 12, 23]
    assert list(lines[0].get_ydata()) == pytest.approx([0, 0.4 / 24, 0.4 * 3.5 / 24, 0.2, 0.4 * 23 / 24])
    assert "Child-Pugh A, progression: 38.3 % at 23.0 months" in svg_text(drawing)


# Forest


def test_a_forest_draws_each_estimate_at_its_place() -> None:
    drawing = forest(TERMS, EN, measure="odds_ratio")
    axes = drawing.figure.axes[0]
    assert axes.get_xscale() == "log"
    assert [x for x, _ in points(axes, "s")] == [1.01, 1.0, 0.104]
    assert [x for x, _ in points(axes, "o")] == [1.0, 0.196, 0.265]
    intervals = [
        tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] != 1
    ]  # type: ignore[arg-type, index]
    first, last = axes.get_xlim()
    assert intervals == [(0.99, 1.02), (0.058, 0.187), (0.1, 0.386), (first, 2.095)]
    assert points(axes, "<")[0][0] == first
    assert last == pytest.approx(1 / first)


def test_a_forest_prints_what_cannot_be_estimated() -> None:
    drawing = forest(TERMS, EN, measure="odds_ratio")
    words = svg_text(drawing)
    assert words.count("not estimable") == 3
    assert "Not estimable: the estimate is missing, zero or infinite." in words
    for said in ("0.104" not in words, "0.10 (0.058–0.19) <0.001" in words, "0.27 (0.002–2.10) 0.310" in words):
        assert said
    assert "1 (reference)" in words
    assert "not in the model" in words
    assert "n 9, events 0" in words
    assert words.count("추정 불가") == 0
    assert svg_text(forest(TERMS, KO, measure="hazard_ratio")).count("추정 불가") == 4


def test_a_forest_of_one_model_has_no_legend() -> None:
    words = svg_text(forest(TERMS[TERMS["model"] == "univariable"], EN, measure="hazard_ratio"))
    assert "Hazard ratio" in words
    assert "multivariable" not in words
    assert "not in the model" not in words


def test_a_forest_of_a_third_model_is_refused() -> None:
    with pytest.raises(ValueError, match="univariable or multivariable, not adjusted"):
        forest(TERMS.assign(model="adjusted"), EN, measure="odds_ratio")


# Response


def test_a_waterfall_falls_and_names_nobody() -> None:
    drawing = waterfall(CHANGES, EN)
    assert [bar.get_height() for bar in bars(drawing.figure.axes[0])] == [100, 25, 3, 0, -4, -12.5, -41, -100]
    assert drawing.data["change_percent"].tolist() == [130, 25, 3, 0, -4, -12.5, -41, -100]
    assert drawing.data["patient"].tolist() == list(range(1, 9))
    assert drawing.data["response"].tolist() == ["PD", "PD", "SD", "NE", "–", "IR/SD", "PR", "CR"]
    words = svg_text(drawing)
    assert "Bars that are cut at +100 %: 1." in words
    assert "Patients without a measured change, not drawn: 1." in words
    assert "shrunk by 30 % or more: 2; best response: CR 1, PR 1, SD 1, IR/SD 1, PD 2, NE 1, – 1" in drawing.alt_text


def test_the_rows_under_a_waterfall_mark_each_patient_once() -> None:
    lanes = waterfall(CHANGES, EN).figure.axes[1:]
    marked = [round(bar.get_x() + bar.get_width() / 2) for lane in lanes for bar in bars(lane)]
    assert sorted(marked) == list(range(8))


def test_a_spider_starts_each_patient_at_nothing() -> None:
    drawing = spider(SCANS, EN)
    lines = [line for line in drawing.figure.axes[0].lines if line.get_marker() not in {"None", None}]
    drawn = sorted(tuple(zip(line.get_xdata(), line.get_ydata(), strict=True)) for line in lines)  # type: ignore[arg-type]
    assert drawn == [((0, 0), (2, -20), (4, -41)), ((0, 0), (2, 150)), ((0, 0), (13, -100))]
    words = svg_text(drawing)
    assert "Measurements beyond +150 %, drawn at +150 %: 1." in words
    assert "Patients without a measured change, not drawn: 1." in words


def test_a_swimmer_has_a_lane_a_patient_the_longest_on_top() -> None:
    drawing = swimmer(SWIMMERS, EN)
    axes = drawing.figure.axes[0]
    assert [bar.get_width() for bar in bars(axes)] == [9, 14, 2]
    assert points(axes, "*") == [(3, 1)]
    assert points(axes, "^") == [(2, 1), (4, 2)]
    assert points(axes, "D") == [(8, 1), (2.1, 3)]
    assert points(axes, "X") == [(5, 3)]
    assert points(axes, ">") == [(14, 2)]
    assert "Patients without a known follow-up, not drawn: 1." in svg_text(drawing)


@pytest.mark.parametrize("draw", [waterfall, spider, swimmer], ids=lambda draw: draw.__name__)
def test_beyond_300_patients_a_sample_is_drawn_and_said(draw) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(3)
    size = 700
    rows = pd.DataFrame(
        {
            "patient": [f"hospital patient {place}" for place in range(size)],
            "months": random.exponential(5, size),
            "change_percent": random.normal(0, 40, size).clip(-100),
            "response": random.choice(["CR", "PR", "SD", "PD"], size),
            "start": 0.0,
            "stop": random.exponential(5, size),
            "is_ongoing": False,
            "cr_start": NONE,
            "pr_start": NONE,
            "progression": random.exponential(4, size),
            "death": random.exponential(9, size) + 5,
            "last_contact": NONE,
        }
    )
    drawing = draw(rows, EN)
    shuffled = draw(rows.sample(frac=1, random_state=5), EN)
    assert drawing.data["patient"].nunique() == 300
    pd.testing.assert_frame_equal(drawing.data, shuffled.data)
    assert "A random sample of 300 of 700 patients is drawn; the seed is in the data file." in svg_text(drawing)
    assert set(drawing.data["sampled_of"]) == {700}
    assert drawing.data["sample_seed"].notna().all()
    assert "hospital" not in drawing.data.to_csv()
    assert "sample" not in svg_text(draw(rows.head(300), EN))


def test_a_sample_takes_whole_patients() -> None:
    frame = pd.DataFrame({"patient": np.repeat(np.arange(50), 3), "value": np.arange(150)})
    sample = sample_patients(frame, 10)
    assert (sample.patients, sample.of, len(sample.rows)) == (10, 50, 30)
    assert (
        sample_patients(frame, 10, seed=1).rows["patient"].unique().tolist() != sample.rows["patient"].unique().tolist()
    )


# Adverse events


def test_adverse_events_are_stacked_by_grade() -> None:
    axes = adverse_events(EVENTS, EN).figure.axes[0]
    stacked = [(round(float(bar.get_x()), 6), round(float(bar.get_width()), 6)) for bar in bars(axes)[:3]]
    first, second, third = (100 * float(Fraction(count, 257)) for count in (30, 60, 12))
    expected = [(0.0, first), (first, second), (first + second, third)]
    assert stacked == [(round(left, 6), round(width, 6)) for left, width in expected]
    assert [bar.get_hatch() for bar in bars(axes)[:3]] == ["", "////", "...."]


def test_adverse_events_print_counts_and_groups_without_any() -> None:
    words = svg_text(adverse_events(EVENTS, EN))
    assert "102 (39.7 %)" in words
    assert "471 (36.0 %)" in words
    assert "3 (0.2 %)" in words
    assert "0 (0.0 %)" in words
    assert words.count("no patients") == 2
    assert "Grade not recorded" in words
    assert "피부" in svg_text(adverse_events(EVENTS, KO))


@pytest.mark.parametrize("grade", [0, 6, 2.5])
def test_a_grade_that_ctcae_does_not_have_is_refused(grade: float) -> None:
    with pytest.raises(ValueError, match="grade 1 to 5"):
        adverse_events(EVENTS.assign(grade=grade), EN)


# Time line, calibration, differences


def test_a_time_line_has_a_lane_for_each_kind() -> None:
    drawing = patient_time_line(HISTORY, EN)
    words = svg_text(drawing)
    headings = [
        "Follow-up",
        "Dose, mg a day",
        "Other treatment",
        "Response at scans",
        "Adverse events",
        "AFP, ng/mL",
        "Albumin, g/dL",
    ]
    places = [words.index(heading) for heading in headings]
    assert len(places) == len(drawing.figure.axes) == 7
    assert "death at 13.5 months" in words
    assert "Palmar-plantar erythrodysesthesia syndrome, grade 3" in words
    assert "Events without a date, not drawn: 1." in words
    assert "Doses and laboratory values without a number, not drawn: 1." in words
    doses = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in bars(drawing.figure.axes[1])]
    assert doses == [(0, 3, 800), (3.2, pytest.approx(5.8), 400)]
    assert drawing.figure.axes[5].get_yscale() == "log"
    assert drawing.figure.axes[6].get_yscale() == "linear"


def test_a_time_line_draws_the_worst_of_many_events() -> None:
    many = pd.DataFrame(
        {"kind": "adverse_event", "start": np.arange(20.0), "end": NONE, "label": "Nausea", "value": 1.0}
    )
    many.loc[17, ["label", "value"]] = ["Bleeding", 4.0]
    words = svg_text(patient_time_line(many, EN))
    assert "The 15 worst of 20 adverse events are drawn." in words
    assert "Bleeding, grade 4" in words


def test_a_time_line_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not surgery"):
        patient_time_line(HISTORY.assign(kind="surgery"), EN)


def test_calibration_draws_observed_against_predicted() -> None:
    drawing = calibration(DECILES, EN)
    assert points(drawing.figure.axes[0], "o") == [(0.05, 0.04), (0.2, 0.25), (0.6, 0.55)]
    assert "observed risk, not drawn: 1." in svg_text(drawing)


def test_differences_are_drawn_with_their_sign() -> None:
    drawing = standardised_differences(DIFFERENCES, EN)
    assert [x for x, _ in points(drawing.figure.axes[0], "o")] == [0.062, 0.71, -0.45]
    words = svg_text(drawing)
    assert "−0.450" in words
    assert "not estimable" in words
