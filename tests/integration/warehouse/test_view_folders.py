"""Views in folders by area: results are what `clinical` and `analysis` show, steps lie in schemas of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.warehouse_rows import publish_by_hand

from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.model.schemas import DERIVED, SCHEMAS, STEPS
from warehouse.model.upgrade import upgrade
from warehouse.reading.describe import describe
from warehouse.views.refresh import VIEWS, is_refreshed, read_views, refresh

RESULTS = {
    "clinical/baseline": "baseline_grade baseline_lab baseline_observation baseline_value comorbidity index_date",
    "clinical/eligibility": "eligibility eligibility_criterion",
    "clinical/event": "adverse_event computed_event event_term graded_event worst_event worst_event_grade",
    "clinical/laboratory": "lab_grade lab_grade_summary",
    "clinical/question": "clinical_question column_question event_question laboratory_question response_question "
    "score_question target_question visit_question",
    "clinical/response": "afp_at_evaluation baseline_lesion best_response reported_response response_agreement "
    "response_disagreement response_rate response_time study_response visit_response",
    "clinical/score": "albi bclc child_pugh child_pugh_component performance_status portal_vein_invasion",
    "clinical/survival": "survival",
    "clinical/treatment": "co_medication dose dose_period last_dose new_therapy other_treatment treatment",
    "analysis/cohort": "cohort onset patient_flow unassigned_row",
    "analysis/curve": "kaplan_meier survival_summary",
    "analysis/model": "model_fit model_step model_term",
    "analysis/study": "published_comparison result study_member study_state",
    "analysis/table": "study_event_grade study_group_size study_response_visit study_table table_1 table_2 table_3 table_4 "
    "table_s1 table_s2 table_s3 table_s4 table_s5 table_s6 table_s7",
}
"""Every table that a statistician is shown, by folder; whatever else is a step."""

STEPS_ALONE = {("clinical", "set_aside")}
"""Areas that show nothing by themselves: what was set aside changes what other areas may conclude."""

FOR_READERS = [Path("README.md"), Path("GLOSSARY.md"), *sorted(Path("docs/reference/rules").glob("*.md"))]


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


def tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE list_contains(?, schema_name)",
        [list(DERIVED)],
    ).fetchall()
    return {name for (name,) in rows}


def test_every_view_lies_in_the_folder_of_a_schema_and_an_area() -> None:
    places = [path.relative_to(VIEWS).parts for path in VIEWS.rglob("*.sql")]
    assert {len(place) for place in places} == {3}
    areas = {tuple(folder.split("/")) for folder in RESULTS}
    assert {(schema.removesuffix("_step"), area) for schema, area, _ in places} == areas | STEPS_ALONE


def test_results_are_those_of_the_table_and_all_else_is_a_step() -> None:
    shown: dict[str, list[str]] = {}
    for path in sorted(VIEWS.rglob("*.sql")):
        schema, area, _ = path.relative_to(VIEWS).parts
        if schema not in STEPS:
            shown.setdefault(f"{schema}/{area}", []).append(path.stem)
    assert shown == {folder: names.split() for folder, names in RESULTS.items()}


@pytest.mark.parametrize("page", FOR_READERS, ids=str)
def test_a_page_for_readers_sends_nobody_to_a_step(page: Path) -> None:
    """What a page names as a result must stay one."""
    assert re.findall(r"\w+_step\.\w+", page.read_text(encoding="utf-8")) == []


def test_each_schema_lists_what_its_folders_hold(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, {"patient": [{"patient_id": "a"}]})
    assert tables(con) == {view.name for view in read_views()}


@pytest.mark.slow
def test_a_warehouse_of_the_layout_before_is_brought_to_this_one(
    con: duckdb.DuckDBPyConnection, warehouse_path: Path, tmp_path: Path
) -> None:
    """Before, steps lay in `clinical` and `analysis`, and no other schema was there."""
    publish_by_hand(con, {"patient": [{"patient_id": "a"}]})
    now = tables(con)
    rows = con.execute("SELECT * FROM clinical.eligibility_criterion ORDER BY ALL").fetchall()
    for view in read_views():
        before = tmp_path / "views" / f"{unstepped(view.name).replace('.', '/')}.sql"
        before.parent.mkdir(parents=True, exist_ok=True)
        before.write_text(unstepped(view.sql), encoding="utf-8")
    refresh(con, views=tmp_path / "views")
    for schema in STEPS:
        con.execute(f"DROP SCHEMA {schema}")  # empty already, or this fails
    con.execute("UPDATE audit.derived SET fingerprint = 'of the program before' WHERE part = 'upgrade'")
    assert tables(con) == {unstepped(name) for name in now}

    engine = open_warehouse(warehouse_path)
    upgrade(engine)
    engine.dispose()
    assert not is_refreshed(con)
    refresh(con)
    assert tables(con) == now
    assert is_refreshed(con)
    assert con.execute("SELECT * FROM clinical.eligibility_criterion ORDER BY ALL").fetchall() == rows
    silent = "SELECT table_name FROM duckdb_tables() WHERE coalesce(comment, '') = '' AND list_contains(?, schema_name)"
    assert con.execute(silent, [list(DERIVED)]).fetchall() == []


def unstepped(text: str) -> str:
    """Write names as they were before the schemas of steps."""
    return re.sub(r"\b(clinical|analysis)_step\.", r"\1.", text)


def test_describe_names_a_schema_of_steps_in_one_line_and_lists_it_when_asked(warehouse_path: Path) -> None:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as con:
        publish_by_hand(con, {"patient": [{"patient_id": "a"}]})
    engine.dispose()
    told = describe(warehouse_path).rows
    assert [name for name, _ in told if "_step." in name] == ["analysis_step.*", "clinical_step.*"]
    assert told[-1][1].startswith("Steps towards the tables of clinical")
    steps = describe(warehouse_path, "clinical_step").rows
    assert {name.partition(".")[0] for name, _ in steps} == {"clinical_step"}
    assert f"{len(steps)} tables; 'hcc describe clinical_step' lists them." in told[-1][1]
    assert describe(warehouse_path, "lab_rung").rows == describe(warehouse_path, "clinical_step.lab_rung").rows
    assert {name.partition(".")[0] for name, _ in told} == set(SCHEMAS)
