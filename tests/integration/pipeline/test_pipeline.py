"""The whole way on a small hospital: what is published, what is refused, and that a failure changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery

import etl.loads.publish
import etl.pipeline
import etl.publishing
import etl.staging.stage
from etl.identity.key import keep_new_key, new_key
from etl.pipeline import ingest
from etl.publishing import Outcome
from etl.quality.assess import Assessment
from etl.settings import Settings
from warehouse.errors import DeliveryError, EnvironmentRefusal, HccError, RefusedError
from warehouse.file.connect import open_warehouse, raw_connection


@pytest.fixture
def settings(warehouse_path: Path, tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir(exist_ok=True)
    warehouse_path.rename(settings.warehouse_path)
    return settings


@pytest.fixture
def without_expectations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the seconds of Great Expectations out of tests that ingest many times and are about something else."""
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)


def run(settings: Settings, delivery: str | None = None, *, accept: bool = False) -> Outcome:
    return ingest(SITE, delivery=delivery, accept=accept, settings=settings)


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def shown(settings: Settings) -> list[tuple[Any, ...]]:
    """What a reader sees, in one picture."""
    return [
        *ask(settings, "SELECT site_id, current_load_id FROM audit.site"),
        *ask(settings, "SELECT count(*), count(DISTINCT patient_id) FROM current.lab_result"),
        *ask(settings, "SELECT count(*), sum(os_event::INTEGER), round(sum(os_months), 6) FROM analysis.cohort"),
        *ask(settings, "SELECT DISTINCT load_id FROM current.patient"),
    ]


def test_a_delivery_is_published_and_reported(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    outcome = run(settings)
    assert (outcome.load_id, outcome.is_noop, outcome.is_synthetic) == (1, False, True)
    assert ask(settings, "SELECT count(*) FROM analysis.cohort") == [(40,)]
    assert (
        ask(settings, "SELECT value, unit, unit_factor FROM current.lab_result WHERE reported_unit = 'umol/L' LIMIT 1")[
            0
        ][1]
        == "mg/dL"
    )
    assert outcome.report_path.read_text(encoding="utf-8").startswith("<!doctype html>")
    off = ask(
        settings,
        "SELECT * FROM audit.ledger WHERE source_records <> contributing + excluded + unused + unreadable "
        "OR produced <> staged + quarantined + merged + empty_slots",
    )
    assert off == []


@pytest.mark.usefixtures("without_expectations")
def test_the_same_again_is_a_noop_that_makes_the_report_again(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    first = run(settings)
    before = shown(settings)
    first.report_path.unlink()
    second = run(settings)
    assert (second.is_noop, second.load_id) == (True, 1)
    assert second.report_path.exists()
    assert shown(settings) == before
    assert ask(settings, "SELECT count(*) FROM audit.load") == [(1,)]


@pytest.mark.usefixtures("without_expectations")
def test_a_changed_mapping_or_file_makes_a_new_load(settings: Settings) -> None:
    folder = write_delivery(settings, "2016-04")
    run(settings)
    mapping = settings.mappings_dir / SITE / "mapping.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text("# a comment\n" + text.replace("version: 1", "version: 2"), encoding="utf-8")
    assert run(settings).is_noop
    mapping.write_text(text.replace('["", "NA"]', '["", "NA", "?"]'), encoding="utf-8")
    assert run(settings).load_id == 2
    labs = folder / "labs.csv"
    labs.write_text(labs.read_text(encoding="utf-8").replace(",7.5,", ",7.25,"), encoding="utf-8")
    assert run(settings).load_id == 3
    assert ask(settings, "SELECT DISTINCT load_id FROM current.lab_result") == [(3,)]


@pytest.mark.usefixtures("without_expectations")
def test_every_record_ends_somewhere_with_an_address_and_a_reason(settings: Settings) -> None:
    people = people_rows(40)
    people[4] = people[4].replace("남", "M")
    people.append(people[0])  # the same patient again: record 41
    labs = lab_rows(40)
    labs[3] = labs[3].replace("2010-03-01", "2010-02-30")
    labs[6] = labs[6].replace("AFP", "XYZ")
    labs.insert(10, "H9999,2010-03-01,AFP,1,ng/mL")
    labs.insert(20, "H0001,2010-03-01,AFP")
    labs.insert(30, "H0001,2010-03-02,AFP,취소,ng/mL")
    write_delivery(settings, "2016-04", people=people, labs=labs)
    run(settings)
    refused = ask(
        settings,
        "SELECT table_name, file, source_record, source_line, rules FROM quality.quarantined_row "
        "JOIN audit.source_file USING (source_id) ORDER BY ALL",
    )
    assert refused == [
        ("", "labs.csv", 21, 22, ["ragged_record"]),
        ("follow_up", "people.csv", 41, 42, ["duplicate_key"]),
        ("lab_result", "labs.csv", 4, 5, ["not_a_date"]),
        ("lab_result", "labs.csv", 7, 8, ["unlisted_code"]),
        ("lab_result", "labs.csv", 11, 12, ["unknown_parent"]),
        ("patient", "people.csv", 41, 42, ["duplicate_key"]),
        ("treatment_course", "people.csv", 41, 42, ["duplicate_key"]),
    ]
    assert ask(settings, "SELECT kind, rule, records FROM audit.ledger_rule WHERE kind = 'excluded'") == [
        ("excluded", "cancelled", 1)
    ]
    set_aside = ask(
        settings,
        "SELECT table_name, column_name, source_column, source_record, rule, cost, found FROM quality.finding "
        "WHERE cost = 'cell'",
    )
    assert set_aside == [("patient", "sex", "성별", 5, "unlisted_code", "cell", "M")]


@pytest.mark.usefixtures("without_expectations")
def test_a_hospital_that_recodes_a_column_is_refused_and_can_be_accepted(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    before = shown(settings)
    write_delivery(
        settings,
        "2016-05",
        people=[row.replace(",남,", ",M,").replace(",여,", ",F,") for row in people_rows(40)],
        labs=[row.replace("AFP", "AFP2") for row in lab_rows(40)],
    )
    with pytest.raises(RefusedError) as refusal:
        run(settings)
    told = str(refusal.value)
    first, *causes, last = told.splitlines()
    assert first == "Refused: hill 2016-05:", "one line for each cause"
    assert [cause.partition(" (")[0] for cause in causes] == [
        "  40 of 80 lab_result rows would be quarantined",
        "  40 of 40 filled cells of patient.sex would be set aside",
    ]
    assert last.startswith("Extend the mapping or correct the export;")
    assert "Nothing was published." in told
    assert "hill.refused.html" in told
    assert shown(settings) == before
    assert (settings.reports_dir / "hill.refused.html").exists()
    assert ask(settings, "SELECT state, count(*) FROM audit.load GROUP BY ALL ORDER BY ALL") == [
        ("published", 1),
        ("refused", 1),
    ]
    assert run(settings, accept=True).load_id == 3
    assert ask(settings, "SELECT count(*), count(sex) FROM current.patient") == [(40, 0)]
    assert not (settings.reports_dir / "hill.refused.html").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("without_expectations")
def test_another_key_is_refused_before_every_patient_becomes_another(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    before = shown(settings)
    key = settings.keys_dir / "hill.key"
    text = key.read_text()
    key.unlink()
    write_delivery(settings, "2016-05", people=people_rows(45))
    with pytest.raises(
        EnvironmentRefusal, match=r"keys/hill.key is gone, .* so none was made. Restore it from its backup"
    ):
        run(settings)
    assert not key.exists(), "a lost key must not be replaced by a new one"
    keep_new_key(settings.keys_dir, SITE, new_key())
    with pytest.raises(EnvironmentRefusal, match=r"keys/hill.key is not the key .* Restore it from its backup"):
        run(settings)
    assert shown(settings) == before
    key.write_text(text)
    assert run(settings).load_id == 2


@pytest.mark.usefixtures("without_expectations")
def test_a_delivery_that_shrank_is_refused_unless_accepted(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    before = shown(settings)
    write_delivery(settings, "2016-05", labs=lab_rows(40)[:30])
    with pytest.raises(DeliveryError, match=r"source 'labs' has 30 records, 38 % of the 80 of the last delivery"):
        run(settings)
    assert shown(settings) == before
    assert run(settings, accept=True).delivery == "2016-05"


@pytest.mark.usefixtures("without_expectations")
def test_a_column_that_nobody_named_is_told_and_not_kept(settings: Settings) -> None:
    labs = [f"{row},보호자 박하늘" for row in lab_rows(40)]
    labs[3] = labs[3].replace("BIL", "XYZ")
    labs.insert(10, "H0001,2010-03-01,AFP,보호자 박하늘")
    folder = write_delivery(settings, "2016-04", labs=labs)
    file = folder / "labs.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("단위", "단위,비고", 1), encoding="utf-8")
    run(settings)
    told = ask(settings, "SELECT rule, source_column FROM quality.finding WHERE source_column = '비고'")
    assert told == [("unused_column", "비고")]
    assert ask(settings, "SELECT use FROM audit.source_column WHERE name = '비고'") == [("unused",)]
    raw = ask(settings, "SELECT raw FROM quality.raw_record")
    assert len(raw) == 2
    assert "박하늘" not in str(raw)
    for path in settings.landed_dir.rglob("*.parquet"):
        assert "박하늘" not in str(duckdb.read_parquet(str(path)).fetchall())


@pytest.mark.usefixtures("without_expectations")
def test_a_mapped_column_that_is_missing_refuses_the_delivery(settings: Settings) -> None:
    folder = write_delivery(settings, "2016-04")
    people = folder / "people.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("성별", "성 별", 1), encoding="utf-8")
    with pytest.raises(
        DeliveryError, match=r"mapping.yaml:\d+: the source 'people' .* has no column '성별'. Did you mean '성 별'"
    ):
        run(settings)
    assert ask(settings, "SELECT count(*) FROM audit.load") == [(0,)]


STEPS: list[tuple[Any, str]] = [
    (etl.staging.stage, "expose"),
    (etl.staging.stage, "new_load"),
    (etl.staging.stage, "map_table"),
    (etl.staging.stage, "gate_table"),
    (etl.staging.stage, "keep_notes"),
    (etl.staging.stage, "keep_reasons"),
    (etl.staging.stage, "close_ledger"),
    (etl.staging.stage, "mark_staged"),
    (etl.pipeline, "assess"),
    (etl.loads.publish, "refresh"),
]


EVERY_TIME = ("map_table", "assess", "refresh")
"""The others are broken among the slow proofs."""


@pytest.mark.usefixtures("without_expectations")
@pytest.mark.parametrize(
    ("module", "step"),
    [
        pytest.param(module, step, id=step, marks=() if step in EVERY_TIME else pytest.mark.slow)
        for module, step in STEPS
    ],
)
def test_a_fault_at_any_step_leaves_what_is_shown_and_the_next_run_works(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    before = shown(settings)
    write_delivery(settings, "2016-05", people=people_rows(45))
    with monkeypatch.context() as patch:
        patch.setattr(module, step, _fail_after(getattr(module, step)))
        with pytest.raises(HccError, match="planted fault"):
            run(settings)
    assert shown(settings) == before
    assert not ask(
        settings,
        "SELECT load_id FROM core.patient WHERE load_id NOT IN (SELECT load_id FROM audit.load WHERE state <> 'abandoned')",
    )
    again = run(settings)
    assert not again.is_noop
    assert ask(settings, "SELECT count(*) FROM analysis.cohort") == [(45,)]


def _fail_after(work: Callable[..., Any]) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        work(*args, **kwargs)
        raise HccError("planted fault")

    return fail


@pytest.mark.usefixtures("without_expectations")
def test_a_ledger_that_is_off_publishes_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    before = shown(settings)
    write_delivery(settings, "2016-05", people=people_rows(41))
    keep = etl.staging.stage.keep_reasons

    def lose_a_row(con: Any, **kwargs: Any) -> None:
        keep(con, **kwargs)
        con.execute("DELETE FROM core.lab_result WHERE load_id = 2 AND source_record = 7").fetchall()

    monkeypatch.setattr(etl.staging.stage, "keep_reasons", lose_a_row)
    with pytest.raises(RefusedError, match=r"labs.csv to lab_result, \+0 source records and \+1 rows are unexplained"):
        run(settings, accept=True)
    assert shown(settings) == before


@pytest.mark.usefixtures("without_expectations")
def test_a_report_that_fails_does_not_undo_the_publication(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_delivery(settings, "2016-04")
    with monkeypatch.context() as patch:
        patch.setattr(etl.publishing, "write_report", _fail_after(lambda *_args, **_kwargs: None))
        with pytest.raises(HccError, match="planted fault"):
            run(settings)
    assert ask(settings, "SELECT current_load_id FROM audit.site") == [(1,)]
    again = run(settings)
    assert (again.is_noop, again.report_path.exists()) == (True, True)


def test_a_fatal_expectation_stops_publication(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_delivery(settings, "2016-04")
    verdict = Assessment(is_clean=False, is_fatal=True, fatal=("patient: nobody has a birth date.",), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: verdict)
    with pytest.raises(RefusedError, match="patient: nobody has a birth date"):
        run(settings)
    assert ask(settings, "SELECT state, refusal FROM audit.load") == [("refused", "patient: nobody has a birth date.")]
    assert ask(settings, "SELECT count(*) FROM core.patient") == [(0,)]
    assert ask(settings, "SELECT count(*) FROM current.patient") == [(0,)]
