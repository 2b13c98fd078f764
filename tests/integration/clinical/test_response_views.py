"""Response in a warehouse: from canonical rows to readings side by side, their agreement, and rates with intervals."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scipy.stats import binomtest
from spec.response_tables import SAME_DAY
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.views.rules import apply_rule, open_rules

INDEX = date(2010, 1, 1)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


def day(number: int) -> date:
    return INDEX + timedelta(days=number)


def patient(name: str = "a", *, stopped: int | None = 400) -> Rows:
    stop = None if stopped is None else day(stopped)
    course = {"drug_code": "sorafenib", "started_on": INDEX, "stopped_on": stop}
    return {"patient": [{"patient_id": name}], "treatment_course": [{"patient_id": name} | course]}


def scan(number: int, name: str = "a", **cells: Any) -> dict[str, Any]:
    seen = {"modality_code": "ct", "region_code": "abdomen", "has_contrast": True, "has_arterial_phase": True}
    return {"patient_id": name, "imaged_on": day(number)} | seen | cells


def lesion(number: int, size: int | None, name: str = "a", **cells: Any) -> dict[str, Any]:
    seen = {"organ_code": "liver", "role_code": "target", "enhancement_code": "arterial", "pattern_code": "typical"}
    return {
        "patient_id": name, "imaged_on": day(number), "lesion_label": "L1", "viable_diameter_mm": size, **seen, **cells,
    }  # fmt: skip


def overall(con: duckdb.DuckDBPyConnection) -> list[tuple[int, str | None]]:
    return con.execute("SELECT day, overall_response FROM clinical.visit_response ORDER BY day").fetchall()


def test_the_baseline_has_the_latest_measurement_of_each_lesion(con: duckdb.DuckDBPyConnection) -> None:
    scans = [scan(number) for number in (-40, -10, 0, 60)]
    lung = {"lesion_label": "E1", "organ_code": "lung"}
    lesions = [
        lesion(-40, 10), lesion(-10, 100), lesion(60, 70),
        *(lesion(number, None, whole_diameter_mm=size, **lung) for number, size in ((-62, 90), (-40, 20), (60, 14))),
    ]  # fmt: skip
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": lesions})
    assert overall(con) == [(-10, None), (60, "PR")]
    rows = con.execute("SELECT lesion_label, seen_day, size_mm FROM clinical.baseline_lesion ORDER BY 1").fetchall()
    assert rows == [("E1", -40, 20), ("L1", -10, 100)]


def test_a_visit_of_two_days_counts_for_every_reading(con: duckdb.DuckDBPyConnection) -> None:
    scans = [
        scan(0),
        scan(56, response_physician_code="PR", response_radiologist_code="PR"),
        scan(60, modality_code="mri", response_physician_code="SD", response_radiologist_code="NE"),
        scan(112, response_physician_code="SD", response_radiologist_code="PD"),
        scan(119, response_physician_code="PD"),
    ]
    lung = {"lesion_label": "E1", "organ_code": "lung"}
    lesions = [lesion(0, 40), lesion(56, 20), lesion(112, 40)]
    lesions += [lesion(number, None, whole_diameter_mm=size, **lung) for number, size in ((0, 20), (60, 10), (119, 10))]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": lesions})
    rows = con.execute(
        "SELECT reading, visit_day, day, response FROM clinical.reported_response WHERE reading <> 'simplified' ORDER BY ALL"
    ).fetchall()
    assert rows == [
        ("lesions", 56, 60, "PR"), ("lesions", 112, 112, "PD"),
        ("physician", 56, 60, "SD"), ("physician", 112, 119, "PD"),
        ("radiologist", 56, 60, "PR"), ("radiologist", 112, 112, "PD"),
    ]  # fmt: skip
    differing = con.execute(
        "SELECT day, first_response, second_reading, second_response FROM clinical.response_disagreement "
        "WHERE scope = 'visit' AND first_reading = 'lesions'"
    ).fetchall()
    assert differing == [(56, "PR", "physician", "SD")]
    asked = con.execute("SELECT question, reported, noted_on FROM clinical.response_question ORDER BY ALL").fetchall()
    assert asked == [
        ("physician_against_lesions", "SD", day(60)),
        ("physician_against_radiologist", "SD", day(60)),
    ]


def test_a_visit_ends_where_new_therapy_begins(con: duckdb.DuckDBPyConnection) -> None:
    tace = {"patient_id": "a", "procedure_code": "tace", "started_on": day(58)}
    lesions = [lesion(0, 40), lesion(56, 40), lesion(60, 20)]
    publish_by_hand(con, patient(stopped=50) | {"lesion": lesions, "procedure": [tace]})
    assert overall(con) == [(0, None), (56, "SD"), (60, "PR")]
    rows = con.execute("SELECT best_overall_response FROM clinical.best_response WHERE reading = 'lesions'").fetchall()
    assert rows == [("SD",)]


def test_new_lesions_that_cannot_count_are_asked(con: duckdb.DuckDBPyConnection) -> None:
    scans = [scan(0), scan(60, has_new_lesion=True), scan(120)]
    node = {"lesion_label": "N1", "organ_code": "lymph_node", "role_code": "new"}
    lesions = [lesion(0, 40), lesion(60, 40), lesion(120, 40)]
    lesions += [lesion(number, None, short_axis_mm=size, **node) for number, size in ((60, 12), (120, 13))]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": lesions})
    assert overall(con) == [(0, None), (60, "SD"), (120, "SD")]
    asked = con.execute(
        "SELECT question, reported, derived, noted_on FROM clinical.response_question ORDER BY 1"
    ).fetchall()
    assert asked == [
        ("new_lesion_not_followed", "new lesion", "node, watched", day(60)),
        ("new_node_followed", "N1, 12.0 mm", "node, watched", day(60)),
    ]


def test_a_bland_thrombus_is_no_invasion(con: duckdb.DuckDBPyConnection) -> None:
    vein = {"lesion_label": "V1", "organ_code": "portal_vein", "pattern_code": "thrombus", "role_code": "non_target"}
    lesions = [lesion(-9, None, enhancement_code="arterial", **vein), lesion(0, None, enhancement_code="none", **vein)]
    publish_by_hand(con, patient() | {"lesion": [*lesions, lesion(0, 40)]})
    assert con.execute("SELECT has_thrombus FROM clinical.portal_vein_invasion").fetchall() == [(False,)]


def test_whether_a_thrombus_is_bland_is_unknown_without_an_arterial_phase(con: duckdb.DuckDBPyConnection) -> None:
    vein = {"lesion_label": "V1", "organ_code": "portal_vein", "pattern_code": "thrombus", "role_code": "non_target"}
    scans = [scan(0, has_arterial_phase=False)]
    lesions = [lesion(0, None, enhancement_code="none", **vein), lesion(0, 40)]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": lesions})
    assert con.execute("SELECT has_thrombus FROM clinical.portal_vein_invasion").fetchall() == [(None,)]


def test_the_baseline_has_no_response_by_any_reading(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, patient() | {"lesion": [lesion(0, 100), lesion(60, 70)]})
    rows = con.execute(
        "SELECT day, target_response, simplified_response, overall_response, criterion FROM clinical.visit_response ORDER BY day"
    ).fetchall()
    assert rows == [
        (0, None, None, None, "baseline"),
        (60, "PR", "PR", "PR", "PR: sum at least 30 % below the baseline, no progression elsewhere"),
    ]


def test_a_node_at_the_porta_hepatis_is_measured_as_a_node(con: duckdb.DuckDBPyConnection) -> None:
    nodes = [
        lesion(0, None, lesion_label=label, organ_code="porta_hepatis", role_code=None, short_axis_mm=axis)
        for label, axis in (("N1", 20), ("N2", 19))
    ]
    publish_by_hand(con, patient() | {"lesion": nodes})
    rows = con.execute(
        "SELECT lesion_label, is_node, is_target, size_mm FROM clinical.baseline_lesion ORDER BY 1"
    ).fetchall()
    assert rows == [("N1", True, True, 20), ("N2", True, False, 19)]


def test_nothing_after_the_data_cut_off_counts(con: duckdb.DuckDBPyConnection) -> None:
    late = (date(2016, 4, 2) - INDEX).days
    lesions = [lesion(0, 100), lesion(late - 1, 100), lesion(late, 200)]
    publish_by_hand(con, patient() | {"lesion": lesions})
    assert overall(con) == [(0, None), (late - 1, "SD")]


def test_a_scan_without_an_arterial_phase_measures_no_target(con: duckdb.DuckDBPyConnection) -> None:
    scans = [scan(0), scan(60, has_arterial_phase=False), scan(120, has_contrast=None, has_arterial_phase=None)]
    lesions = [lesion(0, 100), lesion(60, 200), lesion(120, 70)]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": lesions})
    assert overall(con) == [(0, None), (60, "NE"), (120, "PR")]


def test_two_scans_of_a_day_are_one_visit(con: duckdb.DuckDBPyConnection) -> None:
    scans = [
        scan(60, non_target_status_code="IR/SD"),
        scan(60, region_code="chest", has_contrast=False, has_arterial_phase=False, has_new_lesion=True),
    ]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": [lesion(0, 100), lesion(60, 70)]})
    assert overall(con) == [(0, None), (60, "PD")]
    assert con.execute("SELECT target_response FROM clinical.visit_response WHERE day = 60").fetchall() == [("PR",)]


def test_another_modality_is_a_warning_and_no_more(con: duckdb.DuckDBPyConnection) -> None:
    scans = [scan(0), scan(60), scan(120, modality_code="mri")]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": [lesion(0, 9), lesion(60, 9), lesion(120, 9)]})
    rows = con.execute("SELECT day, is_other_modality FROM clinical_step.response_visit ORDER BY day").fetchall()
    assert rows == [(0, False), (60, False), (120, True)]


def test_a_target_treated_after_the_baseline_is_flagged(con: duckdb.DuckDBPyConnection) -> None:
    lesions = [lesion(0, 100, is_treated_before=False), lesion(60, 40, is_treated_before=True)]
    publish_by_hand(con, patient() | {"lesion": lesions})
    rows = con.execute(
        "SELECT is_target_treated, targets_measured FROM clinical_step.measured_visit ORDER BY day"
    ).fetchall()
    assert rows == [(False, "all"), (True, "all")]


@pytest.mark.parametrize("case", [case for case in SAME_DAY.cases if "IR/SD" not in case["responses"]], ids=str)
def test_the_worst_reading_of_a_day_counts(case: dict[str, str], con: duckdb.DuckDBPyConnection) -> None:
    scans = [
        scan(
            60, region_code=region, response_physician_code=response.strip(), response_radiologist_code=response.strip()
        )
        for region, response in zip(("abdomen", "chest"), case["responses"].split(","), strict=True)
    ]
    publish_by_hand(con, patient() | {"imaging_visit": scans})
    rows = con.execute(
        "SELECT DISTINCT response FROM clinical_step.assessed_response WHERE reading IN ('physician', 'radiologist')"
    ).fetchall()
    assert rows == [(case["the day"],)]


@pytest.mark.parametrize(
    ("stopped", "procedure", "expected"),
    [
        (100, 101, 101),
        (100, 100, None),  # on the last day of the drug it is beside the drug
        (100, 50, None),
        (None, 101, None),  # the drug goes on
    ],
)
def test_only_what_begins_after_the_final_stop_is_new_therapy(
    stopped: int | None, procedure: int, expected: int | None, con: duckdb.DuckDBPyConnection
) -> None:
    tace = {"patient_id": "a", "procedure_code": "tace", "started_on": day(procedure)}
    publish_by_hand(con, patient(stopped=stopped) | {"procedure": [tace]})
    rows = con.execute("SELECT new_therapy_on - index_date FROM clinical.new_therapy").fetchall()
    assert rows == [(expected,)]


def test_readings_stand_side_by_side_and_a_difference_is_told(con: duckdb.DuckDBPyConnection) -> None:
    scans = [
        scan(0),
        scan(60, response_physician_code="SD", response_radiologist_code="PR"),
        scan(120, response_physician_code="SD"),
    ]
    lesions = [lesion(0, 100), lesion(60, 70), lesion(120, 65)]
    publish_by_hand(con, patient() | {"imaging_visit": scans, "lesion": lesions})
    best = con.execute("SELECT reading, best_overall_response FROM clinical.best_response ORDER BY 1").fetchall()
    assert best == [("lesions", "PR"), ("physician", "SD"), ("radiologist", "PR"), ("simplified", "PR")]
    differing = con.execute(
        "SELECT scope, day, first_reading, first_response, second_reading, second_response "
        "FROM clinical.response_disagreement ORDER BY ALL"
    ).fetchall()
    assert differing == [
        ("best", None, "lesions", "PR", "physician", "SD"),
        ("best", None, "physician", "SD", "radiologist", "PR"),
        ("visit", 60, "lesions", "PR", "physician", "SD"),
        ("visit", 60, "physician", "SD", "radiologist", "PR"),
        ("visit", 120, "lesions", "PR", "physician", "SD"),
    ]


@pytest.mark.parametrize(
    ("pairs", "kappa", "linear", "quadratic", "band"),
    [
        # 20 agree on SD, 15 on PD, 5 and 10 differ: 0.7 observed, 0.5 expected.
        ({("SD", "SD"): 20, ("SD", "PD"): 5, ("PD", "SD"): 10, ("PD", "PD"): 15}, 0.4, 0.4, 0.4, "fair"),
        ({("SD", "SD"): 20, ("PD", "PD"): 15}, 1.0, 1.0, 1.0, "almost perfect"),
        ({("SD", "SD"): 20, ("NE", "PD"): 3}, None, None, None, None),  # one category only
        ({("NE", "PD"): 3}, None, None, None, None),
        # no-target patients: IR/SD says what the reader's SD says
        ({("IR/SD", "SD"): 5, ("PD", "PD"): 5}, 1.0, 1.0, 1.0, "almost perfect"),
        # by hand: margins 3 CR, 3 PD against 3 CR, 1 SD, 2 PD; expected agreement 15 of 36
        ({("CR", "CR"): 3, ("PD", "PD"): 2, ("PD", "SD"): 1}, 15 / 21, 1 - 6 / 54, 1 - 6 / 150, "substantial"),
    ],
)
def test_kappa(
    pairs: dict[tuple[str, str], int],
    kappa: float | None,
    linear: float | None,
    quadratic: float | None,
    band: str | None,
) -> None:
    with open_rules() as con:
        con.execute(
            "CREATE TABLE clinical_step.response_pair (site_id VARCHAR, scope VARCHAR, first_reading VARCHAR, "
            "first_response VARCHAR, second_reading VARCHAR, second_response VARCHAR)"
        )
        for (first, second), times in pairs.items():
            con.execute(
                "INSERT INTO clinical_step.response_pair SELECT 'snuh', 'visit', 'lesions', ?, 'physician', ? FROM range(?)",
                [first, second, times],
            )
        apply_rule(con, "clinical.response_agreement")
        rows = con.execute(
            "SELECT site_id, kappa, kappa_linear, kappa_quadratic, band, pair_count + not_evaluable_count "
            "FROM clinical.response_agreement ORDER BY site_id NULLS FIRST"
        ).fetchall()
    assert [row[0] for row in rows] == [None, "snuh"]
    for row in rows:
        assert row[1:4] == pytest.approx((kappa, linear, quadratic)) if kappa is not None else row[1:4] == (None,) * 3
        assert row[4:] == (band, sum(pairs.values()))


@pytest.mark.parametrize(
    ("events", "patients"),
    [(0, 1), (1, 1), (0, 30), (30, 30), (1, 30), (15, 30), (147, 1566), (1565, 1566), (769, 1566)],
)
def test_intervals_are_exact(events: int, patients: int) -> None:
    with open_rules() as con:
        con.execute(
            "CREATE TABLE clinical_step.response_count AS SELECT NULL::VARCHAR AS site_id, 'lesions' AS reading, "
            f"'objective_response' AS endpoint, 'treated' AS denominator, {events} AS event_count, "
            f"{patients} AS patient_count"
        )
        apply_rule(con, "clinical.response_rate")
        ((rate, rate_from, rate_to),) = con.execute(
            "SELECT rate, rate_from, rate_to FROM clinical.response_rate"
        ).fetchall()
    exact = binomtest(events, patients).proportion_ci(0.95, method="exact")
    assert (rate, rate_from, rate_to) == pytest.approx((events / patients, exact.low, exact.high), abs=1e-9)


def test_rates_count_the_treated_and_the_evaluable(con: duckdb.DuckDBPyConnection) -> None:
    rows: Rows = {"patient": [], "treatment_course": [], "lesion": []}
    for name, size in (("a", 70), ("b", 90), ("c", 130), ("d", None)):
        for table, more in patient(name).items():
            rows[table] += more
        rows["lesion"] += [lesion(0, 100, name), lesion(60, size, name)]
    publish_by_hand(con, rows)
    counts = con.execute(
        "SELECT endpoint, denominator, event_count, patient_count FROM clinical.response_rate "
        "WHERE reading = 'lesions' AND site_id IS NULL ORDER BY ALL"
    ).fetchall()
    assert counts == [
        ("disease_control", "evaluable", 2, 3),
        ("disease_control", "treated", 2, 4),
        ("objective_response", "evaluable", 1, 3),
        ("objective_response", "treated", 1, 4),
    ]


def test_a_patient_never_imaged_counts_as_not_evaluable(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, patient())
    rows = con.execute(
        "SELECT best_overall_response, is_missing FROM clinical.best_response WHERE reading = 'lesions'"
    ).fetchall()
    assert rows == [("NE", True)]


def test_every_option_of_response_exists(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, {})
    cursor = con.execute("SELECT * FROM clinical_step.response_option")
    names = [column[0] for column in cursor.description or ()]
    assert [name for name, value in zip(names, cursor.fetchall()[0], strict=True) if value is None] == []
