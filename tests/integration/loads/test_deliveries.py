"""Deliveries, loads and derivations told apart: what is compared, what is shown, what is done again, what is on record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery
from support.warehouse_door import door, versions

import etl.derivation.held
import etl.derive
import etl.pipeline
import etl.publishing
import etl.quality.assess
from etl.derivation.freshness import stale_sentence
from etl.derive import derive, set_option
from etl.ingest_all.run import ingest_all
from etl.loads.publish import prune, roll_back
from etl.pipeline import ingest
from etl.publishing import Outcome
from etl.settings import Settings
from warehouse.errors import (
    DeliveryError,
    EnvironmentRefusal,
    HccError,
    MappingError,
    NotFoundError,
    OptionError,
    RefusedError,
    RolledBackError,
)
from warehouse.file.connect import open_warehouse, raw_connection

TEN_TIMES = [row.replace(".1,umol/L", "1,umol/L") for row in lab_rows(40)]
"""Bilirubin without its decimal point: ten times as high."""
RECODED = [row.replace(",남,", ",M,").replace(",여,", ",F,") for row in people_rows(40)]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small hospital; comparisons are made, Great Expectations is left out for its seconds."""
    monkeypatch.setattr(etl.quality.assess, "judge_expectations", lambda *_args, **_kwargs: [])
    return settings_in(tmp_path)


def run(settings: Settings, delivery: str | None = None, *, accept: bool = False) -> Outcome:
    return ingest(SITE, delivery=delivery, accept=accept, settings=settings)


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def write(settings: Settings, work: Callable[[Any], Any]) -> Any:
    with door(settings.warehouse_path) as draft, raw_connection(draft.write()) as con:
        return work(con)


def changes(settings: Settings) -> list[str]:
    """The rules by which the load that is shown differs from the delivery before."""
    return [
        rule
        for (rule,) in ask(
            settings,
            "SELECT DISTINCT rule FROM quality.finding WHERE load_id IN (SELECT current_load_id FROM audit.site) "
            "AND rule IN ('scale_changed', 'patient_withdrawn', 'unit_changed', 'codes_changed') ORDER BY ALL",
        )
    ]


def current(settings: Settings) -> tuple[int, str]:
    ((load_id, label),) = ask(
        settings,
        "SELECT load_id, label FROM audit.site JOIN audit.load ON load_id = current_load_id "
        "JOIN audit.delivery USING (delivery_id)",
    )
    return load_id, label


def edit_mapping(settings: Settings, old: str, new: str) -> None:
    path = settings.mappings_dir / SITE / "mapping.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_meaning(settings: Settings, number: int = 1) -> None:
    edit_mapping(settings, 'missing: ["",', f'missing: ["", "?{number}",')


def deliver_twice(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    write_delivery(settings, "2016-05", people=people_rows(40)[:39], labs=TEN_TIMES[:78])
    run(settings)
    assert changes(settings) == ["patient_withdrawn", "scale_changed"]


def turned_away(settings: Settings) -> list[tuple[Any, ...]]:
    return ask(
        settings,
        "SELECT delivery, exit_code, delivery_fingerprint IS NOT NULL, sentence FROM audit.attempt "
        "WHERE outcome = 'turned away' ORDER BY attempt_id",
    )


# The four faults.


def test_findings_about_change_stand_when_the_mapping_is_corrected(settings: Settings) -> None:
    deliver_twice(settings)
    edit_meaning(settings)
    assert run(settings).load_id == 3
    assert changes(settings) == ["patient_withdrawn", "scale_changed"]
    assert "1 no longer there" in (settings.reports_dir / "hill.html").read_text(encoding="utf-8")


def test_an_accepted_delivery_stays_accepted_under_another_program(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_delivery(settings, "2016-04", people=RECODED)
    with pytest.raises(RefusedError):
        run(settings)
    assert run(settings, accept=True).load_id == 2
    monkeypatch.setattr("etl.receiving.ingredients.row_programs_fingerprint", lambda: "another program")
    assert run(settings).load_id == 3
    assert ask(settings, "SELECT is_accepted FROM audit.load WHERE load_id = 3") == [(True,)]
    assert [end.ending for end in ingest_all([SITE], settings=settings)] == ["in already"]


@pytest.mark.slow
def test_prune_keeps_deliveries_and_going_back_leads_to_another_one(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    write_delivery(settings, "2016-05", people=people_rows(41))
    for number in range(1, 4):
        run(settings)
        edit_meaning(settings, number)
    assert [load.load_id for load in write(settings, lambda con: prune(con, 2))] == [2, 3]
    done = write(settings, lambda con: roll_back(con, SITE))
    assert (done.withdrawn.delivery, done.current.delivery) == ("2016-05", "2016-04")


def test_an_option_is_applied_without_a_load(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    survival = "SELECT DISTINCT survival_group FROM analysis.cohort ORDER BY ALL"
    before = ask(settings, survival)
    set_option("long_term_months", "12", settings=settings)
    assert ask(settings, survival) != before
    assert ask(settings, "SELECT count(*) FROM audit.load") == [(1,)]
    assert ask(
        settings,
        "SELECT value, default_value, chosen_by <> '' FROM reference.study_option WHERE name = 'long_term_months'",
    ) == [("12", "24", True)]
    page = (settings.reports_dir / "hill.html").read_text(encoding="utf-8")
    assert '<b>12</b> months</td><td class="value soft">24</td><td><bdi>' in page
    set_option("long_term_months", None, settings=settings)
    assert ask(settings, survival) == before
    assert ask(settings, "SELECT value FROM audit.option_choice ORDER BY chosen_at") == [("12",), (None,)]


# What makes work, and what does not.


def test_a_renamed_folder_is_the_same_delivery(settings: Settings) -> None:
    folder = write_delivery(settings, "2016-04")
    run(settings)
    folder.rename(folder.with_name("2016-04-final"))
    again = run(settings)
    assert (again.is_noop, again.delivery) == (True, "2016-04-final")
    assert ask(settings, "SELECT label FROM audit.delivery") == [("2016-04-final",)]


def test_a_column_put_under_ignore_changes_notes_and_no_load(settings: Settings) -> None:
    folder = write_delivery(settings, "2016-04")
    labs = folder / "labs.csv"
    header, *rows = labs.read_text(encoding="utf-8").splitlines()
    labs.write_text("\n".join([f"{header},비고", *(f"{row},x" for row in rows)]) + "\n", encoding="utf-8")
    run(settings)
    noted = "SELECT source_column FROM quality.finding WHERE rule = 'unused_column'"
    use = "SELECT use FROM audit.source_column WHERE name = '비고'"
    assert (ask(settings, noted), ask(settings, use)) == ([("비고",)], [("unused",)])
    edit_mapping(settings, "many: true}", 'many: true, ignore: ["비고"]}')
    assert run(settings).is_noop
    assert (ask(settings, noted), ask(settings, use)) == ([], [("ignored",)])
    edit_mapping(settings, ', ignore: ["비고"]', "")
    assert derive(settings=settings).assessed == (SITE,)
    assert (ask(settings, noted), ask(settings, use)) == ([("비고",)], [("unused",)])
    assert ask(settings, "SELECT count(*) FROM audit.load") == [(1,)]


def test_derive_assesses_again_where_rules_have_changed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_twice(settings)
    assert derive(settings=settings).assessed == ()
    write(settings, lambda con: con.execute("DELETE FROM quality.finding"))
    for module in ("derivation.assess_again", "quality.fingerprint"):
        monkeypatch.setattr(f"etl.{module}.assessment_fingerprint", lambda *_: "other rules")
    assert derive(settings=settings).assessed == (SITE,)
    assert changes(settings) == ["patient_withdrawn", "scale_changed"]
    assert current(settings) == (2, "2016-05")


@pytest.mark.slow
def test_findings_about_change_outlive_the_delivery_that_they_compare_with(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_twice(settings)
    write(settings, lambda con: prune(con, 1))
    monkeypatch.setattr("etl.derivation.assess_again.assessment_fingerprint", lambda *_: "other rules")
    derive(settings=settings)
    assert changes(settings) == ["patient_withdrawn", "scale_changed"]
    edit_meaning(settings)
    assert run(settings).load_id == 3
    assert changes(settings) == ["patient_withdrawn", "scale_changed"]


# Rollback.


@pytest.mark.slow
def test_what_was_rolled_back_stays_away_until_it_is_named_or_a_newer_one_comes(settings: Settings) -> None:
    deliver_twice(settings)
    write(settings, lambda con: roll_back(con, SITE))
    assert (current(settings), changes(settings)) == ((1, "2016-04"), [])
    with pytest.raises(
        RolledBackError, match=r"2016-05 was rolled back, so it stays away .* hcc ingest hill --delivery"
    ):
        run(settings)
    (end,) = ingest_all([SITE], settings=settings)
    assert (end.ending, end.error) == ("rolled back", None)
    assert "was rolled back" in str(end.note)
    assert turned_away(settings) == []
    edit_meaning(settings)
    with pytest.raises(RolledBackError):
        run(settings)
    assert run(settings, "2016-05").load_id == 3
    assert changes(settings) == ["patient_withdrawn", "scale_changed"]
    write(settings, lambda con: roll_back(con, SITE))
    write_delivery(settings, "2016-06", people=people_rows(41))
    assert run(settings).delivery == "2016-06"


@pytest.mark.slow
def test_going_back_to_a_named_load(settings: Settings) -> None:
    deliver_twice(settings)
    edit_meaning(settings)
    run(settings)
    done = write(settings, lambda con: roll_back(con, SITE, to=2))
    assert (done.withdrawn.load_id, done.current.load_id) == (3, 2)
    assert "stays away" not in done.sentence
    with pytest.raises(RolledBackError):
        run(settings)
    with pytest.raises(NotFoundError, match=r"cannot go back to load 9\. .* kept: 1 \(delivery 2016-04\), 3 "):
        write(settings, lambda con: roll_back(con, SITE, to=9))
    assert write(settings, lambda con: roll_back(con, SITE, to=3)).current.state == "published"


# Acceptance.


@pytest.mark.slow
def test_an_acceptance_ends_where_more_is_refused(settings: Settings) -> None:
    write_delivery(settings, "2016-04", people=RECODED)
    run(settings, accept=True)
    edit_mapping(settings, "사망: dead, 생존: alive", "사망: dead")
    with pytest.raises(
        RefusedError,
        match=r"It was accepted before, but more is quarantined or set aside now: follow_up.vital_status_code",
    ):
        run(settings)
    assert current(settings)[0] == 1
    run(settings, accept=True)
    edit_meaning(settings)
    assert run(settings).load_id == 4


def test_a_shrunk_delivery_stays_accepted_and_another_one_is_not(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    write_delivery(settings, "2016-05", labs=lab_rows(40)[:30])
    with pytest.raises(DeliveryError):
        run(settings)
    run(settings, accept=True)
    edit_meaning(settings)
    assert run(settings).load_id == 3
    write_delivery(settings, "2016-06", labs=lab_rows(40)[:20])
    with pytest.raises(DeliveryError, match="20 records, 67 % of the 30"):
        run(settings)


# Attempts.


def test_every_attempt_is_a_record_and_the_reports_say_what_was_turned_away(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    folder = write_delivery(settings, "2016-05", labs=lab_rows(40)[:30])
    with pytest.raises(DeliveryError):
        run(settings)
    (folder / "labs.csv").unlink()
    with pytest.raises(DeliveryError):
        run(settings)
    (folder / "labs.csv").write_bytes("번호".encode("cp949"))
    (end,) = ingest_all([SITE], settings=settings)
    assert isinstance(end.error, DeliveryError)
    (folder / "manifest.json").write_text('{"files": {"people.csv": {"sha256": "00"}}}', encoding="utf-8")
    with pytest.raises(DeliveryError):
        run(settings)
    edit_mapping(settings, "sex:", "sexx:")
    with pytest.raises(MappingError):
        run(settings)
    told = turned_away(settings)
    assert [(delivery, code, is_known) for delivery, code, is_known, _ in told] == [
        *[("2016-05", 4, True)] * 4,
        ("2016-05", 3, True),
    ]
    assert "38 % of the 80 of the last delivery" in told[0][3]
    assert "matches none of the files" in told[1][3]
    assert current(settings) == (1, "2016-04")
    for page in ("hill.html", "index.html"):
        text = (settings.reports_dir / page).read_text(encoding="utf-8")
        assert "A newer delivery (2016-05) was turned away on " in text
        assert "sexx" in text
    edit_mapping(settings, "sexx:", "sex:")
    (folder / "manifest.json").unlink()
    (folder / "labs.csv").write_text(
        (folder.parent / "2016-04" / "labs.csv").read_text(encoding="utf-8"), encoding="utf-8"
    )
    run(settings)
    for page in ("hill.html", "index.html"):
        assert "turned away on" not in (settings.reports_dir / page).read_text(encoding="utf-8")
    assert ask(settings, "SELECT outcome, load_id FROM audit.attempt ORDER BY attempt_id DESC LIMIT 1") == [
        ("in already", 1)
    ]


def test_a_fault_of_ours_is_recorded_without_its_words(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_delivery(settings, "2016-04")

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ValueError("a cell of the patient Kim")

    monkeypatch.setattr(etl.pipeline, "stage", fail)
    with pytest.raises(ValueError, match="Kim"):
        run(settings)
    assert turned_away(settings) == [("2016-04", 1, True, "Something unforeseen went wrong (ValueError).")]


def test_what_does_not_exist_was_not_tried(settings: Settings) -> None:
    with pytest.raises(NotFoundError):
        run(settings)
    write_delivery(settings, "2016-04")
    with pytest.raises(NotFoundError):
        run(settings, "2099-01")
    assert turned_away(settings) == []


# Options, and what readers hear.


def test_a_value_that_is_none_of_the_options_own_changes_nothing(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    with pytest.raises(OptionError, match="'long_term_months' cannot be 'two'; expected is a number"):
        set_option("long_term_months", "two", settings=settings)
    with pytest.raises(NotFoundError, match="There is no study option 'no_such'"):
        set_option("no_such", "2", settings=settings)
    assert ask(settings, "SELECT count(*) FROM audit.option_choice") == [(0,)]


def heard(settings: Settings) -> str | None:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return stale_sentence(con, settings)
    finally:
        engine.dispose()


def test_readers_hear_what_differs_and_what_mends_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    assert heard(settings) is None
    edit_mapping(settings, "site: hill", "# a comment\nsite: hill")
    assert heard(settings) is None
    edit_meaning(settings)
    assert heard(settings) == (
        "Loads were made from other files than those of today (hill: mapping): run 'hcc ingest-all'."
    )
    run(settings)
    assert heard(settings) is None
    monkeypatch.setattr("etl.derivation.freshness._programs", lambda: "other bytes")
    assert heard(settings) is None
    monkeypatch.setattr("etl.report.fingerprint.reports_fingerprint", lambda: "other reports")
    monkeypatch.setattr("etl.quality.fingerprint._rules", lambda: "other rules")
    assert heard(settings) == (
        "Files differ from what the warehouse was built from (reports, quality rules): run 'hcc derive'."
    )
    derive(settings=settings)
    assert heard(settings) is None
    edit_mapping(settings, "sex:", "sexx:")
    assert heard(settings) == "The mapping of hill cannot be read: run 'hcc check-mapping hill'."


@pytest.mark.slow
def test_readers_are_not_sent_to_a_command_that_leaves_the_hospital_alone(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    write_delivery(settings, "2016-05", labs=TEN_TIMES)
    run(settings)
    write(settings, lambda con: roll_back(con, SITE))
    assert heard(settings) is None
    edit_meaning(settings)
    assert heard(settings) == (
        "hill shows a load made from other files than those of today (mapping), because what came after it was rolled "
        "back. To make it again, name its delivery: 'hcc ingest hill --delivery 2016-04'."
    )
    (end,) = ingest_all(["hill"], settings=settings)
    assert end.ending == "rolled back", "so the advice would have been in vain"
    run(settings, "2016-04")
    assert heard(settings) is None
    write_delivery(settings, "2016-06", labs=TEN_TIMES[:78])
    edit_meaning(settings, 2)
    assert heard(settings) == (
        "Loads were made from other files than those of today (hill: mapping): run 'hcc ingest-all'."
    )


def test_readers_are_not_sent_to_make_again_the_load_that_was_rolled_back(settings: Settings) -> None:
    write_delivery(settings, "2016-04")
    first = run(settings).load_id
    edit_meaning(settings)
    run(settings)
    write(settings, lambda con: roll_back(con, SITE, to=first))
    assert "name its delivery: 'hcc ingest hill --delivery 2016-04'" in (heard(settings) or "")


@pytest.mark.slow
def test_a_run_with_nothing_to_do_makes_no_version(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ingest, no ingest-all and no derive copies the file; what has to be written makes one version more."""
    write_delivery(settings, "2016-04")
    run(settings)

    def idle() -> list[Path]:
        assert run(settings).is_noop
        assert [end.ending for end in ingest_all([SITE], settings=settings)] == ["in already"]
        assert derive(settings=settings).assessed == ()
        return versions(settings.warehouse_path)

    before = versions(settings.warehouse_path)
    assert idle() == before
    assert ask(settings, "SELECT outcome FROM audit.attempt") == [("published",)]
    edit_mapping(settings, "site: hill", "# a comment\nsite: hill")
    run(settings)
    after_comment = versions(settings.warehouse_path)
    assert after_comment != before, "the bytes for which the load was found to be fresh are written once"
    assert idle() == after_comment
    with monkeypatch.context() as patch:
        patch.setattr("etl.report.fingerprint.reports_fingerprint", lambda: "other reports")
        patch.setattr("etl.derivation.freshness._programs", lambda: "other bytes")
        derive(settings=settings)
        assert idle() != after_comment


def test_an_old_delivery_under_a_new_name_is_known_by_it(settings: Settings) -> None:
    folder = write_delivery(settings, "2016-04")
    run(settings)
    folder.rename(folder.with_name("2016-05"))
    assert run(settings).is_noop
    assert ask(settings, "SELECT label FROM audit.delivery") == [("2016-05",)]
    assert ask(settings, "SELECT outcome, delivery FROM audit.attempt ORDER BY attempt_id") == [
        ("published", "2016-04"),
        ("in already", "2016-05"),
    ]


@pytest.mark.parametrize("command", [run, lambda settings: derive(settings=settings)], ids=["ingest", "derive"])
def test_reports_that_could_not_be_written_are_not_taken_for_fresh(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, command: Callable[[Settings], Any]
) -> None:
    write_delivery(settings, "2016-04")
    run(settings)
    monkeypatch.setattr("etl.report.fingerprint.reports_fingerprint", lambda: "other reports")
    monkeypatch.setattr("etl.derivation.freshness._programs", lambda: "other bytes")

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise EnvironmentRefusal("The folder of the reports is read-only.")

    with monkeypatch.context() as patch:
        for module in (etl.publishing, etl.derive):
            patch.setattr(module, "write_report", refuse)
        with pytest.raises(EnvironmentRefusal, match="read-only"):
            command(settings)
    assert "(reports)" in (heard(settings) or "")
    command(settings)
    assert heard(settings) is None


def test_an_attempt_is_on_record_when_its_draft_is_spoilt(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up or a broken engine leaves a draft that nothing more can be written to; a fresh one can."""
    write_delivery(settings, "2016-04")
    run(settings)
    write_delivery(settings, "2016-05", people=people_rows(45))
    spoilt = []

    def spoil(*_args: Any, **_kwargs: Any) -> None:
        spoilt.append(1)
        raise duckdb.FatalException("the database has been invalidated")

    real = etl.derivation.held.discard_orphans
    monkeypatch.setattr(etl.pipeline, "stage", spoil)
    monkeypatch.setattr(
        etl.derivation.held, "discard_orphans", lambda *each: real(*each) if len(spoilt) > 1 else spoil()
    )
    with pytest.raises(duckdb.FatalException, match="invalidated"):
        run(settings)
    assert len(spoilt) == 2, "nothing was spoilt, and this test proves nothing"
    assert current(settings) == (1, "2016-04")
    assert turned_away(settings) == [("2016-05", 1, True, "Something unforeseen went wrong (FatalException).")]


def test_derive_needs_a_warehouse(tmp_path: Path) -> None:
    with pytest.raises(HccError, match="There is no warehouse yet"):
        derive(settings=settings_in(tmp_path, has_warehouse=False))
