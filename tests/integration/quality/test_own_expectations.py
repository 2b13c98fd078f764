"""A hospital's own expectations: judged with the others, counted as plain SQL counts them, and fatal where they say so."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.mapping_site import HEAD, read_site
from support.quality_warehouse import build_warehouse
from support.small_site import SITE, settings_in, write_delivery

from etl.derive import derive
from etl.mapping.language.expectation_forms import Expectation
from etl.pipeline import ingest
from etl.quality.assess import assess
from etl.quality.own_suites import own_suites
from etl.settings import Settings
from warehouse.errors import DeliveryError, MappingError, RefusedError
from warehouse.file.connect import open_warehouse, raw_connection


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("staged") / "warehouse.duckdb"
    build_warehouse(path).dispose()
    return path


@pytest.fixture
def engine(staged: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_warehouse(Path(shutil.copy(staged, tmp_path)))
    yield engine
    engine.dispose()


def _select(engine: sa.Engine, query: str) -> list[tuple]:
    with raw_connection(engine) as con:
        return con.execute(query).fetchall()


RESULTS = (
    "SELECT element_count, unexpected_count, is_success, severity FROM quality.expectation_result "
    "WHERE expectation LIKE 'own_%'"
)
ALL, BROKEN = "count(*)", "count(*) filter"
JUDGED = [
    # what is expected of which table; how plain SQL counts the rows that it judges, and those that break it
    ("patient", {"rows": {"at_least": 60, "at_most": 60}}, f"{ALL}, 0", "patient"),
    ("patient", {"rows": {"at_least": 61}}, f"{ALL}, 0", "patient"),
    ("patient", {"rows": {"at_most": 59}, "where": {"sex": "male"}}, f"{ALL} filter (where sex = 'male'), 0", "patient"),
    ("patient", {"column": "birth_date", "filled_percent": 95}, f"{ALL}, {BROKEN} (where birth_date is null)", "patient"),
    (
        "lab_result",
        {"column": "value", "values": {"at_least": 2, "at_most": 40.5}, "percent": 50},
        f"count(value), {BROKEN} (where value < 2 or value > 40.5)",
        "lab_result",
    ),
    (
        "lab_result",
        {"column": "value", "values": {"at_most": 20}, "where": {"analyte_code": "albumin", "unit": "g/dL"}},
        (f"count(value) filter (where analyte_code = 'albumin' and unit = 'g/dL'), "
        f"{BROKEN} (where analyte_code = 'albumin' and unit = 'g/dL' and value > 20)"),
        "lab_result",
    ),
    (
        "follow_up",
        {"column": "last_contact_on", "values": {"at_least": "2009-06-01"}, "percent": 99.5},
        f"count(last_contact_on), {BROKEN} (where last_contact_on < '2009-06-01')",
        "follow_up",
    ),
    (
        "adverse_event",
        {"rows_per_patient": {"at_least": 5, "at_most": 5}, "percent": 90},
        f"{ALL}, {BROKEN} (where (select count(*) from core.adverse_event e where e.patient_id = p.patient_id) <> 5)",
        "patient p",
    ),
    (
        "procedure",
        {"rows_per_patient": {"at_least": 1}, "where": {"procedure_code": "tace"}},
        (f"{ALL}, {BROKEN} (where not exists (select 1 from core.procedure e where e.patient_id = p.patient_id "
        "and e.procedure_code = 'tace'))"),
        "patient p",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def judged(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """A load with gaps, judged once by the whole table above; an expectation's name is its place there."""
    engine = open_warehouse(Path(shutil.copy(staged, tmp_path_factory.mktemp("judged"))))
    _select(engine, "UPDATE core.patient SET birth_date = NULL, sex = NULL WHERE source_record % 7 = 0")
    _select(engine, "DELETE FROM core.adverse_event WHERE source_record % 11 = 0")
    asked: dict[str, list[Expectation]] = {}
    for number, (table, stated, *_) in enumerate(JUDGED):
        asked.setdefault(table, []).append(Expectation.model_validate({**stated, "name": f"case {number}"}))
    assessment = assess(engine, 1, expectations=asked)
    assert not assessment.is_clean
    assert not assessment.is_fatal
    yield engine
    engine.dispose()


@pytest.mark.parametrize("number", range(len(JUDGED)))
def test_an_expectation_is_judged_on_the_rows_that_it_is_about(judged, number):
    _, stated, counts, source = JUDGED[number]
    ((elements, broken),) = _select(judged, f"SELECT {counts} FROM core.{source}")
    ((found, unexpected, holds, severity),) = _select(judged, f"{RESULTS} AND description LIKE 'case {number}: %'")
    assert (found, unexpected, severity) == (elements, broken, "warning")
    if rows := stated.get("rows"):
        assert holds == (rows.get("at_least", 0) <= elements <= rows.get("at_most", elements))
    else:
        share = stated.get("percent", stated.get("filled_percent", 100))
        assert holds == (100 * (elements - broken) >= share * elements if elements else None)


def test_the_cases_hold_and_fail(judged):
    """The table above is worth something only where some expectations hold and others do not."""
    held = [holds for _, _, holds, _ in _select(judged, RESULTS)]
    assert len(held) == len(JUDGED)
    assert {True, False} <= set(held)


def test_a_fatal_one_that_fails_is_a_sentence(engine):
    asked = {
        "patient": [
            Expectation.model_validate({"rows": {"at_least": 1000}, "severity": "fatal", "name": "whole registry"}),
            Expectation.model_validate({"column": "sex", "filled_percent": 1, "severity": "fatal"}),
        ]
    }
    (told,) = assess(engine, 1, expectations=asked).fatal
    assert told == "patient: whole registry: the mapping expects that there are at least 1000 rows. There are 60."


def test_hostile_words_are_words(engine):
    each = Expectation.model_validate(
        {"column": "visit_text", "filled_percent": 0, "where": {"visit_text": "'; DROP TABLE core.patient; --"}}
    )
    assess(engine, 1, expectations={"imaging_visit": [each]})
    assert _select(engine, "SELECT count(*) FROM core.patient") == [(60,)]
    assert _select(engine, RESULTS) == [(0, 0, None, "warning")]
    assert [suite.table for suite in own_suites({"imaging_visit": [each]}, 1)] == ["imaging_visit"]


EXPECTED = "expectations:\n  patient: {rows: {at_least: LEAST}, severity: SEVERITY}\n"


def _expect(settings: Settings, text: str) -> None:
    path = settings.mappings_dir / SITE / "mapping.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[: whole.find("expectations:")] if "expectations:" in whole else whole, encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.slow
def test_the_whole_way_a_fatal_one_refuses_and_a_changed_one_is_asked_again_without_a_new_load(tmp_path):
    settings = settings_in(tmp_path)
    write_delivery(settings, "2016-04")
    _expect(settings, EXPECTED.replace("LEAST", "41").replace("SEVERITY", "fatal"))
    with pytest.raises(
        RefusedError, match=r"patient: the mapping expects that there are at least 41 rows\. There are 40\."
    ):
        ingest(SITE, settings=settings)
    _expect(settings, EXPECTED.replace("LEAST", "40").replace("SEVERITY", "fatal"))
    load = ingest(SITE, settings=settings).load_id
    _expect(settings, EXPECTED.replace("LEAST", "50").replace("SEVERITY", "warning"))
    assert derive(settings=settings).assessed == (SITE,)
    assert derive(settings=settings).assessed == ()
    assert ingest(SITE, settings=settings).load_id == load
    found = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        assert _select(found, RESULTS + f" AND load_id = {load}") == [(40, 0, False, "warning")]
    finally:
        found.dispose()


@pytest.mark.slow
def test_a_hospital_states_how_many_records_may_be_missing(tmp_path):
    settings = settings_in(tmp_path)
    write_delivery(settings, "2016-04")
    ingest(SITE, settings=settings)
    fewer = [f"H{n:04d},김가나{n},남,1950-01-01,2010-03-01,생존,,2014-06-30" for n in range(1, 31)]
    write_delivery(settings, "2016-05", people=fewer, labs=["H0001,2010-03-01,AFP,7.5,ng/mL"] * 1)
    with pytest.raises(DeliveryError, match="at least 80 % were expected"):
        ingest(SITE, settings=settings)
    _expect(settings, "ceilings: {missing_records_percent: 99}\n")
    assert ingest(SITE, settings=settings).delivery == "2016-05"


TABLES = """\
  lab_result:
    from: visits
    columns:
      patient_id: pid
      taken_on: {column: day, date: "%Y-%m-%d"}
      analyte_code: {column: test, recode: {A: albumin}}
      reported_value: {column: x, number: {}}
      reported_unit: {constant: g/dL}
"""
MISTAKES = [
    ("lab_rsult: {rows: {at_least: 1}}", "'lab_rsult' is not a canonical table. Did you mean 'lab_result'?"),
    ("patient: {rows: {at_least: 1}}", "nothing under 'tables:' fills 'patient'."),
    ("lab_result: {rows: {}}", "say 'at_least', 'at_most' or both"),
    ("lab_result: {rows: {at_least: -1}}", "must be 0 or more; found -1"),
    ("lab_result: {rows: {at_least: 5, at_most: 4}}", "no number lies between 5 and 4; exchange the two."),
    ("lab_result: {rows: {at_leest: 5}}", "'at_leest' is not an option here. Did you mean 'at_least'?"),
    ("lab_result: {rowes: {at_least: 5}}", "'rowes' is not an option here. Did you mean 'rows'?"),
    ("lab_result: {severity: warning}", "say exactly one of rows, rows_per_patient, filled_percent, values; found none"),
    ("lab_result: {rows: {at_least: 1}, values: {at_least: 1}, column: value}", "found rows and values"),
    ("lab_result: {rows: {at_least: 1}, column: value}", "'column' goes with 'filled_percent' or 'values', and they with it"),
    ("lab_result: {filled_percent: 5}", "'column' goes with 'filled_percent' or 'values', and they with it"),
    ("lab_result: {filled_percent: 101, column: value}", "or less; found 101"),
    ("lab_result: {filled_percent: 5, percent: 3, column: value}", "'percent' goes with 'values' or 'rows_per_patient'"),
    ("lab_result: {filled_percent: 5, column: valu}", "'lab_result.valu' is not a canonical column. Did you mean 'value'?"),
    ("lab_result: {filled_percent: 5, column: specimen_text}", "'lab_result.specimen_text' is not a canonical column."),
    ("lab_result: {filled_percent: 5, column: upper_limit}", "nothing under 'tables:' fills 'lab_result.upper_limit'."),
    ("lab_result: {values: {at_least: '5'}, column: value}", "'value' holds numbers; write at_least as a number"),
    ("lab_result: {values: {at_least: 5}, column: taken_on}", "'5' is not a date; write it as 2010-03-05."),
    ("lab_result: {values: {at_least: '2010-02-30'}, column: taken_on}", "'2010-02-30' is not a date"),
    ("lab_result: {values: {at_least: '2010-02-03', at_most: '2009-01-01'}, column: taken_on}", "no number lies between"),
    ("lab_result: {values: {at_least: 1}, column: analyte_code}", "'analyte_code' holds neither numbers nor days"),
    ("lab_result: {rows: {at_least: 1}, where: {analyte_code: albmin}}", "'albmin' is not a code of the list 'analyte'."),
    ("lab_result: {rows: {at_least: 1}, where: {analyte: x}}", "'lab_result.analyte' is not a canonical column."),
    ("lab_result: {rows: {at_least: 1}, severity: error}", "must be one of 'warning' or 'fatal'; found 'error'"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "sentence"), MISTAKES, ids=[stated for stated, _ in MISTAKES])
def test_a_mistake_is_reported_with_its_line(tmp_path, stated, sentence):
    with pytest.raises(MappingError) as raised:
        read_site(tmp_path, HEAD + TABLES + f"expectations:\n  {stated}\n")
    assert any("mapping.yaml:18: " in row and sentence in row for row in str(raised.value).splitlines()), str(
        raised.value
    )


def test_a_count_per_patient_needs_rows_of_patients(tmp_path):
    text = (
        HEAD
        + "  patient: {from: visits, columns: {patient_id: pid}}\nexpectations:\n  patient: {rows_per_patient: {at_least: 1}}\n"
    )
    with pytest.raises(MappingError, match=r"mapping\.yaml:11: 'patient' has no rows of a patient to count\."):
        read_site(tmp_path, text)
