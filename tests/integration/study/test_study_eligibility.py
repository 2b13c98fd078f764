"""The synthetic study as it was drawn: verdicts, scores and the flow agree with the slow reading, patient by patient."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from oracle.eligibility import flow
from support.drawn_study import readings
from support.drawn_warehouse import make_drawn_warehouse

from warehouse.views.refresh import refresh
from warehouse.views.rules import set_options


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drawn") / "warehouse.duckdb"
    make_drawn_warehouse(path)
    return path


@pytest.fixture
def con(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(warehouse)) as connection:
        yield connection


def test_every_verdict_agrees(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT site_id, patient_id, criterion, verdict FROM clinical.eligibility_criterion").fetchall()
    assert {(site, patient, criterion): verdict for site, patient, criterion, verdict in rows} == {
        (*reading.person, criterion): verdict.replace(" ", "_")
        for reading in readings()
        for criterion, verdict in reading.verdicts.items()
    }


def test_the_flow_agrees_and_its_sums_hold(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("SELECT flow_box, criterion, patients, patients_left FROM analysis.patient_flow ORDER BY step")
    boxes = rows.fetchall()
    counts = {(box, criterion): patients for box, criterion, patients, _ in boxes}
    named = {
        box if criterion is None else f"{box.replace('_', ' ')}: {criterion}": patients
        for (box, criterion), patients in counts.items()
        if patients and box not in ("screened", "eligible")
    }
    assert named == flow((reading.verdicts, reading.group) for reading in readings())
    assert counts["screened", None] == len(readings()) == sum(named.values())
    assert counts["eligible", None] == 1566 + 24
    assert [counts[group, None] for group in ("long_term", "short_term", "undetermined")] == [257, 1309, 24]
    assert boxes[-1][-1] == 0


def test_scores_at_baseline_agree(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT site_id, patient_id, derived_points, derived_code, ecog "
        "FROM clinical.child_pugh INNER JOIN clinical.performance_status USING (site_id, patient_id)"
    ).fetchall()
    wanted = {
        reading.person: (reading.baseline.child_pugh_points, reading.baseline.child_pugh_class, reading.baseline.ecog)
        if reading.baseline
        else (None, None, None)
        for reading in readings()
    }
    assert {(site, patient): tuple(scores) for site, patient, *scores in rows} == wanted


def test_unknown_counts_as_met_by_option_alone(con: duckdb.DuckDBPyConnection) -> None:
    unknown = con.execute("SELECT count(*) FROM clinical.eligibility WHERE is_eligible IS NULL").fetchall()
    con.begin()
    set_options(con, {"unknown_criterion": "met"})
    refresh(con)
    eligible = con.execute(
        "SELECT is_eligible, count(*) FROM clinical.eligibility GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    kept = con.execute("SELECT count(*) FROM clinical.eligibility_criterion WHERE verdict = 'unknown'").fetchall()
    con.rollback()
    assert unknown == [(65,)]
    assert eligible == [(False, 1880 - 1590 - 65), (True, 1590 + 65)]
    assert kept[0][0] >= 65


def test_a_stage_that_does_not_follow_is_asked_about(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "SELECT question, reported, derived, count(*) FROM clinical.score_question GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert {row[0] for row in rows} == {"bclc_differs"}
    assert ("bclc_differs", "B", "C") in {row[:3] for row in rows}
    assert con.execute("SELECT count(*) FROM clinical.score_question WHERE source_file IS NULL").fetchall() == [(0,)]
