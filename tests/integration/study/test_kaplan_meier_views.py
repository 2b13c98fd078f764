"""The views of Kaplan-Meier curves against exact fractions and against R, on R's own data sets and on drawn ones."""

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from oracle.kaplan_meier import Step, kaplan_meier, median, survival_at
from support.r_session import run_r
from support.study_warehouse import StudyWarehouse, study_warehouse

from warehouse.file.transaction import transaction
from warehouse.views.refresh import refresh

pytestmark = pytest.mark.slow

DAYS = 30.4375
MONTHS = (12, 24, 36)
INTERVALS = {"log": "log", "log_log": "log-log", "plain": "plain"}
"""Study option survival_interval, and what R calls it."""
CLOSE = {"rel": 1e-9, "abs": 1e-9}
GENERATED = 300

SCRIPT = r"""
library(survival)
bare <- function(name, time, event) data.frame(case = name, time = time, event = as.integer(event))
own <- rbind(
  with(lung, bare("lung", time, status - 1)), with(veteran, bare("veteran", time, status)),
  with(ovarian, bare("ovarian", futime, fustat)), with(colon[colon$etype == 2, ], bare("colon", time, status)),
  with(mgus2, bare("mgus2", futime, death)), with(kidney, bare("kidney", time, status)))
every <- rbind(own, drawn)
one <- function(d, type) {
  fit <- survfit(Surv(time, event) ~ 1, data = d, conf.type = type)
  reverse <- survfit(Surv(time, 1 - event) ~ 1, data = d, conf.type = type)
  at <- days[days <= max(d$time)]
  read <- if (length(at)) summary(fit, times = at) else NULL
  three <- c("median", "0.95LCL", "0.95UCL")
  list(time = I(fit$time), risk = I(fit$n.risk), event = I(fit$n.event), censor = I(fit$n.censor), surv = I(fit$surv),
       error = I(fit$std.err * fit$surv), low = I(fit$lower), high = I(fit$upper),
       median = I(unname(summary(fit)$table[three])), reverse = I(unname(summary(reverse)$table[three])),
       at = I(at), share = I(as.double(read$surv)), share.low = I(as.double(read$lower)),
       share.high = I(as.double(read$upper)))
}
days <- frame_of_days$day
result <- list(own = own, cases = lapply(split(every, every$case), function(d)
  lapply(c(log = "log", log_log = "log-log", plain = "plain"), function(type) one(d, type))))
"""


def drawn_cases() -> dict[str, list[tuple[int, bool]]]:
    """Draw small data sets: coarse units tie many, some have no event or nobody censored, some one patient."""
    random = np.random.default_rng(20261130)
    cases: dict[str, list[tuple[int, bool]]] = {}
    for number in range(GENERATED):
        n = 1 if number % 25 == 0 else int(random.integers(2, 40))
        unit, scale = random.choice([1, 7, 30, 365]), random.choice([5, 300, 900])
        time = np.ceil(random.exponential(scale, n) / unit).astype(int) * unit
        if number % 9 == 4:
            time[0] = 0
        event = random.random(n) < (0.0, 1.0, 0.5, 0.7, 0.3)[number % 5]
        cases[f"drawn{number:03}"] = [(int(t), bool(e)) for t, e in zip(time, event, strict=True)]
    cases["trap01"] = [(1, True), (2, True), (3, True), (4, True)]
    cases["trap02"] = [(100, True), (200, True), (300, False), (800, False)]
    cases["trap02dropped"] = [(100, True), (200, True), (800, False)]
    cases["trap03"] = [(5, True), (5, False), (10, True)]
    cases["trap17"] = [(1, True), (2, False), (3, False), (4, False)]
    return cases


Views = dict[str, dict[str, dict[str, list[dict[str, Any]]]]]
"""By limits and case: the rows of kaplan_meier (`curve`) and of survival_summary (`summary`)."""


@pytest.fixture(scope="module")
def drawn() -> dict[str, list[tuple[int, bool]]]:
    return drawn_cases()


@pytest.fixture(scope="module")
def in_r(drawn: dict[str, list[tuple[int, bool]]]) -> dict[str, Any]:
    rows = [(case, time, int(event)) for case, patients in drawn.items() for time, event in patients]
    frames = {
        "drawn": pd.DataFrame(rows, columns=["case", "time", "event"]),
        "frame_of_days": pd.DataFrame({"day": [month * DAYS for month in MONTHS]}),
    }
    return run_r(SCRIPT, frames)


@pytest.fixture(scope="module")
def cases(drawn: dict[str, list[tuple[int, bool]]], in_r: dict[str, Any]) -> dict[str, list[tuple[int, bool]]]:
    own = in_r["own"]
    every = dict(drawn)
    for case, time, event in zip(own["case"], own["time"], own["event"], strict=True):
        every.setdefault(case, []).append((int(time), bool(event)))
    return every


@pytest.fixture(scope="module")
def views(cases: dict[str, list[tuple[int, bool]]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    """Every case is a level of one variable, and so a stratum of one curve."""
    found: Views = {}
    for interval in INTERVALS:
        folder = tmp_path_factory.mktemp(interval)
        with study_of(folder, cases, interval=interval) as made:
            found[interval] = read_views(made)
    yield found


def study_of(folder: Path, cases: dict[str, list[tuple[int, bool]]], *, interval: str) -> Any:
    rows = [
        {"is_eligible": True, "aetiology": case, "os_days": time, "os_event": event}
        for case, patients in cases.items()
        for time, event in patients
    ]
    study = {
        "study": "curves",
        "title": "Curves",
        "populations": {"eligible": {"label": "Eligible", "where": {"is_eligible": ["yes"]}}},
        "variables": {
            "is_eligible": {"column": "is_eligible", "kind": "yes_no", "label": "Eligible"},
            "case": {"column": "aetiology", "label": "Case", "levels": {case: [case] for case in cases}},
        },
        "endpoints": {"survival": {"label": "Survival", "time": "os_days", "event": "os_event"}},
        "curves": {
            "by_case": {"title": "By case", "endpoint": "survival", "population": "eligible", "by": "case"},
            "of_all": {"title": "All", "endpoint": "survival", "population": "eligible"},
        },
    }
    options = {"survival_interval": interval, "survival_at_months": " ".join(map(str, MONTHS))}
    return study_warehouse(folder, rows, study=yaml.safe_dump(study, sort_keys=False), options=options)


def read_views(made: StudyWarehouse) -> dict[str, dict[str, list[dict[str, Any]]]]:
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for key, view, order in (("curve", "kaplan_meier", "time_days"), ("summary", "survival_summary", "measure")):
        cursor = made.con.execute(f"SELECT * FROM analysis.{view} ORDER BY stratum, {order}")
        names = [column[0] for column in cursor.description or ()]
        for row in cursor.fetchall():
            named = dict(zip(names, row, strict=True))
            found.setdefault(named["stratum"], {}).setdefault(key, []).append(named)
    return found


def measure(view: dict[str, list[dict[str, Any]]], name: str) -> dict[str, Any]:
    (row,) = [row for row in view["summary"] if row["measure"] == name]
    return row


def in_days(row: dict[str, Any], names: tuple[str, ...] = ("value", "low", "high")) -> list[float | None]:
    return [None if row[name] is None else row[name] * DAYS for name in names]


def agree(ours: float | None, theirs: float | None) -> bool:
    if theirs is None or (isinstance(theirs, float) and not math.isfinite(theirs)):
        return ours is None
    return ours is not None and bool(ours == pytest.approx(theirs, **CLOSE))


def test_every_case_is_a_stratum(views: Views, cases: dict[str, list[tuple[int, bool]]]) -> None:
    for view in views.values():
        assert view.keys() == {*cases, "all"}
        assert len(view["all"]["curve"]) == len({time for patients in cases.values() for time, _ in patients})


@pytest.mark.parametrize("interval", INTERVALS)
def test_steps_agree_with_exact_fractions(
    views: Views, cases: dict[str, list[tuple[int, bool]]], interval: str
) -> None:
    for case, patients in cases.items():
        times, events = zip(*patients, strict=True)
        rows = views[interval][case]["curve"]
        steps = kaplan_meier(times, events)
        assert [(row["time_days"], row["at_risk"], row["events"], row["censored"]) for row in rows] == [
            (step.day, step.at_risk, step.events, step.censored) for step in steps
        ]
        for row, step in zip(rows, steps, strict=True):
            assert agree(row["survival"], float(step.survival)), case
            assert agree(row["std_error"], error_of(step)), case
            low, high = step.limits(interval)
            assert agree(row["low"], low) and agree(row["high"], high), (case, step, row)


def error_of(step: Step) -> float | None:
    return None if step.survival == 0 else float(step.survival) * math.sqrt(step.greenwood)


def test_medians_and_shares_agree_with_exact_fractions(views: Views, cases: dict[str, list[tuple[int, bool]]]) -> None:
    for case, patients in cases.items():
        times, events = zip(*patients, strict=True)
        for name, steps in (
            ("median", kaplan_meier(times, events)),
            ("median_follow_up", kaplan_meier(times, [not event for event in events])),
        ):
            row, right = measure(views["log"][case], name), median(steps)
            assert agree(in_days(row)[0], None if right is None else float(right)), (case, name)
            assert (row["footnote"] == "not reached") == (right is None)
        steps = kaplan_meier(times, events)
        for month in MONTHS:
            share = survival_at(steps, month * DAYS)
            row = measure(views["log"][case], f"survival_{month}")
            assert agree(row["value"], None if share is None else float(share)), (case, month)
            assert (row["footnote"] == "nobody was followed so long") == (share is None)


@pytest.mark.parametrize("interval", INTERVALS)
def test_steps_agree_with_r(views: Views, in_r: dict[str, Any], interval: str) -> None:
    for case, by_interval in in_r["cases"].items():
        theirs, rows = by_interval[interval], views[interval][case]["curve"]
        for ours, name in (
            ("time_days", "time"), ("at_risk", "risk"), ("events", "event"), ("censored", "censor"),
            ("survival", "surv"), ("low", "low"), ("high", "high"),
        ):  # fmt: skip
            assert len(rows) == len(theirs[name])
            for row, number in zip(rows, theirs[name], strict=True):
                assert agree(row[ours], number), (case, name, row, number)
        for row, number in zip(rows, theirs["error"], strict=True):
            assert row["survival"] == 0 or agree(row["std_error"], number), (case, row, number)


@pytest.mark.parametrize("interval", INTERVALS)
def test_medians_and_shares_agree_with_r(views: Views, in_r: dict[str, Any], interval: str) -> None:
    for case, by_interval in in_r["cases"].items():
        theirs, view = by_interval[interval], views[interval][case]
        for name, key in (("median", "median"), ("median_follow_up", "reverse")):
            for ours, number in zip(in_days(measure(view, name)), theirs[key], strict=True):
                assert agree(ours, number), (case, name, measure(view, name), theirs[key])
        for day, share, low, high in zip(
            theirs["at"], theirs["share"], theirs["share.low"], theirs["share.high"], strict=True
        ):
            row = measure(view, f"survival_{round(day / DAYS)}")
            assert agree(row["value"], share) and agree(row["low"], low) and agree(row["high"], high), (case, day, row)


def test_trap_1_the_median_of_four_deaths_is_the_middle(views: Views) -> None:
    assert in_days(measure(views["log"]["trap01"], "median"))[0] == pytest.approx(2.5)


def test_trap_2_the_undetermined_belong_to_the_curve(views: Views) -> None:
    assert measure(views["log"]["trap02"], "survival_24")["value"] == pytest.approx(0.5, abs=1e-12)
    assert measure(views["log"]["trap02dropped"], "survival_24")["value"] == pytest.approx(1 / 3, abs=1e-12)


def test_trap_3_the_event_comes_before_the_censoring_of_its_day(views: Views) -> None:
    assert [row["survival"] for row in views["log"]["trap03"]["curve"]] == [pytest.approx(2 / 3, abs=1e-12), 0.0]


def test_trap_15_follow_up_is_the_reverse_estimate(views: Views, cases: dict[str, list[tuple[int, bool]]]) -> None:
    assert in_days(measure(views["log"]["lung"], "median_follow_up"))[0] == pytest.approx(588, abs=1e-9)
    assert float(np.median([time for time, _ in cases["lung"]])) == 255.5


@pytest.mark.parametrize(("interval", "limits"), [("log", (285, 363)), ("log_log", (284, 361)), ("plain", (284, 361))])
def test_trap_16_the_median_of_lung(views: Views, interval: str, limits: tuple[int, int]) -> None:
    found = in_days(measure(views[interval]["lung"], "median"))
    assert found == pytest.approx([310, *limits], abs=1e-9)


def test_trap_17_limits_on_the_scale_of_log_log(views: Views) -> None:
    first = views["log_log"]["trap17"]["curve"][0]
    assert (first["survival"], round(first["low"], 4), round(first["high"], 4)) == (0.75, 0.1279, 0.9605)
    last = views["log_log"]["trap01"]["curve"][-1]
    assert (last["survival"], last["low"], last["high"], last["std_error"]) == (0.0, None, None, None)


def test_the_same_patients_in_another_order_give_the_same_bits(
    cases: dict[str, list[tuple[int, bool]]], tmp_path: Path
) -> None:
    few = {case: cases[case] for case in sorted(cases)[:40]}
    with study_of(tmp_path / "one", few, interval="log") as made:
        forth = read_views(made)
    with study_of(tmp_path / "two", {case: few[case][::-1] for case in few}, interval="log") as made:
        assert read_views(made) == forth


def test_months_that_are_not_whole_stand_apart(tmp_path: Path) -> None:
    cases = {"one": [(40, True), (50, True), (60, True), (400, False)]}
    with study_of(tmp_path, cases, interval="log") as made:
        made.con.execute("UPDATE reference.study_option SET value = '1.5 2 2.25' WHERE name = 'survival_at_months'")
        with transaction(made.con):
            refresh(made.con, given=("analysis.cohort", "analysis.onset", "analysis.patient_flow"))
        found = made.rows(
            "SELECT measure, value FROM analysis.survival_summary WHERE measure LIKE 'survival%' AND curve = 'of_all' "
            "ORDER BY value DESC"
        )
    assert found == [
        ("survival_1.5", pytest.approx(0.75)), ("survival_2", pytest.approx(0.25)), ("survival_2.25", pytest.approx(0.25)),
    ]  # fmt: skip


def test_median_is_checked_by_its_definition() -> None:
    """The oracle itself: a curve that rests on one half to its end has its median at the first such day."""
    assert median(kaplan_meier([1, 2, 9, 9], [True, True, False, False])) == 2
    assert median(kaplan_meier([1, 2, 7, 9], [True, True, True, False])) == Fraction(9, 2)
    assert median(kaplan_meier([1, 2], [False, False])) is None
