"""kill -9 at every step: the load before stays current with its views, nothing is half-written, the next run works."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from support.deadly import Death, End, run_ingest, run_prune
from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery
from support.warehouse_door import versions

from etl.landing.landed_file import read_sidecar
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.versions import newest_version

pytestmark = pytest.mark.slow

OLD, NEW = 40, 45
MOST_WORDS = 200


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a first delivery is published and a second one waits."""
    folder = tmp_path_factory.mktemp("published")
    settings = settings_in(folder)
    write_delivery(settings, "2016-04")
    assert run_ingest(settings, SITE, Death()) == End(was_killed=False, last_word="Writing the report")
    write_delivery(settings, "2016-05", people=people_rows(NEW), labs=lab_rows(NEW))
    return folder


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    return copy_of(published, tmp_path / "copy")


def copy_of(folder: Path, to: Path) -> Settings:
    shutil.copytree(folder, to)
    return settings_in(to)


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    try:
        with raw_connection(engine) as con:
            return con.execute(sql).fetchall()
    finally:
        engine.dispose()


def picture(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """What a statistician sees, but for the numbers of loads."""
    return {
        "cohort": ask(settings, "SELECT * FROM analysis.cohort ORDER BY ALL"),
        "results": ask(
            settings, "SELECT patient_id, analyte_code, value, unit, source_record FROM current.lab_result ORDER BY ALL"
        ),
        "delivery": ask(
            settings,
            "SELECT load.delivery FROM audit.site INNER JOIN audit.load AS load ON load_id = current_load_id",
        ),
    }


def check_files(settings: Settings) -> None:
    """Everything under a final name is whole."""
    for path in (settings.landed_dir / SITE).iterdir():
        if path.name.startswith("."):
            continue
        landed = read_sidecar(path, source="any", file="any")
        assert landed is not None, path
        rows = [pq.read_table(each).num_rows for each in sorted(path.glob("*.parquet"))]  # type: ignore[no-untyped-call]
        assert landed.record_count in rows
    page = settings.reports_dir / f"{SITE}.html"
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))


def check_recovery(settings: Settings) -> None:
    """The next run brings the new delivery in, and leaves nothing of the killed one behind."""
    assert not run_ingest(settings, SITE, Death()).was_killed
    assert picture(settings)["delivery"] == [("2016-05",)]
    assert len(picture(settings)["cohort"]) == NEW
    assert ask(settings, "SELECT load_id, state FROM audit.load ORDER BY ALL") == [(1, "published"), (2, "published")]
    for table in ("patient", "lab_result"):
        of_loads = f"SELECT DISTINCT load_id FROM core.{table} WHERE load_id NOT IN "
        assert ask(settings, f"{of_loads} (SELECT load_id FROM audit.load WHERE state = 'published')") == []
    assert leftovers(settings) == []


def leftovers(settings: Settings) -> list[str]:
    folders = (settings.data_dir, settings.landed_dir / SITE, settings.keys_dir, settings.reports_dir)
    expected = {f"{SITE}.key", f"{SITE}.html", f"{SITE}.json", "index.html", "raw", "landed", "keys", ".lock"}
    expected |= {
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
        *(version.name for version in versions(settings.warehouse_path)),
    }
    assert len(versions(settings.warehouse_path)) <= 2
    names = [path.name for folder in folders for path in folder.iterdir()]
    return [name for name in names if name not in expected and not (len(name) == 32 and name.isalnum())]


def test_a_kill_at_every_word_of_progress(published: Path, tmp_path: Path) -> None:
    before = picture(settings_in(published))
    assert len(before["cohort"]) == OLD
    steps = []
    for word in range(1, MOST_WORDS):
        settings = copy_of(published, tmp_path / str(word))
        end = run_ingest(settings, SITE, Death(at_word=word))
        if not end.was_killed:
            break
        steps.append(end.last_word)
        check_files(settings)
        if end.last_word == "Writing the report":  # the version is published, its report is not written
            assert picture(settings)["delivery"] == [("2016-05",)]
        else:
            assert picture(settings) == before, end.last_word
        if steps.count(end.last_word) == 1:  # a run after each kill would take minutes
            check_recovery(settings)
        shutil.rmtree(tmp_path / str(word))
    else:
        pytest.fail("no run came to its end")
    for step in ("Landing", "Mapping and checking lab_result", "Drawing the ledger", "Assessing", "Publishing"):
        assert step in steps
    assert len(before["cohort"]) == OLD


INSIDE = {
    "landing, its rows written": Death(inside="etl.landing.land:write_sidecar"),
    "landing, before the name": Death(inside="etl.landing.land:_make_final"),
    "landing, the name given": Death(inside="etl.landing.land:_make_final", is_done_first=True),
    "staging, a table mapped": Death(inside="etl.staging.stage:map_table", at_call=9, is_done_first=True),
    "staging, before the commit": Death(inside="etl.staging.stage:mark_staged", is_done_first=True),
    "publishing, the load flipped": Death(inside="etl.loads.publish:refresh"),
    "publishing, in the midst of the views": Death(inside="warehouse.views.refresh:_fill", at_call=2),
    "publishing, before the commit": Death(inside="etl.loads.publish:refresh", is_done_first=True),
    "the draft, copied": Death(inside="warehouse.file.draft:copy_file", is_done_first=True),
    "the version, before its name": Death(inside="warehouse.file.versions:sync"),
}


AFTER = {
    "the version, named": Death(inside="warehouse.file.versions:sync", at_call=2),
    "the version, old ones removed": Death(inside="warehouse.file.draft:publish_file", is_done_first=True),
}


@pytest.mark.parametrize("death", AFTER.values(), ids=AFTER)
def test_a_kill_after_the_version_has_its_name_leaves_the_new_picture(settings: Settings, death: Death) -> None:
    assert run_ingest(settings, SITE, death).was_killed
    assert (picture(settings)["delivery"], len(picture(settings)["cohort"])) == ([("2016-05",)], NEW)
    check_recovery(settings)


def test_a_kill_of_the_first_run_leaves_no_warehouse_or_a_whole_one(tmp_path: Path) -> None:
    """At the steps that make the first warehouse; the next run is never stopped by what is left."""
    ends = []
    for number, death in enumerate(FIRST):
        settings = settings_in(tmp_path / str(number), has_warehouse=False)
        write_delivery(settings, "2016-05", people=people_rows(NEW), labs=lab_rows(NEW))
        assert run_ingest(settings, SITE, death).was_killed
        ends.append(newest_version(settings.warehouse_path) is not None)
        if ends[-1]:
            assert picture(settings)["delivery"] == [("2016-05",)]
        assert not run_ingest(settings, SITE, Death()).was_killed
        assert len(picture(settings)["cohort"]) == NEW
        assert ask(settings, "SELECT load_id, state FROM audit.load") == [(1, "published")]
        assert leftovers(settings) == []
    assert ends == [False] * (len(FIRST) - 1) + [True]


FIRST = [
    Death(inside="warehouse.file.draft:open_warehouse", is_done_first=True),
    Death(inside="warehouse.model.upgrade:run_alembic", is_done_first=True),
    Death(inside="warehouse.model.upgrade:_project_models", is_done_first=True),
    Death(inside="warehouse.file.draft:publish_file"),
    Death(inside="warehouse.file.versions:_put_in_place"),
]


KEY_STEPS = {
    "before the draft of the key": Death(inside="etl.identity.key:whole_file"),
    "the draft made, nothing in it": Death(inside="os:close", at_call=1, is_done_first=True),
    "the draft written": Death(inside="warehouse.file.whole_file:sync"),
    "the draft synced": Death(inside="warehouse.file.whole_file:sync", is_done_first=True),
    "before the name": Death(inside="os:link"),
    "the name given, the draft still there": Death(inside="os:link", is_done_first=True),
    "the name synced": Death(inside="warehouse.file.whole_file:sync", at_call=2, is_done_first=True),
    "the key written, nothing else": Death(inside="etl.pipeline:keep_new_key", is_done_first=True),
}
"""Steps of the first key; every count is from the beginning of `keep_new_key`."""


@pytest.mark.parametrize("death", KEY_STEPS.values(), ids=KEY_STEPS)
def test_a_kill_while_the_first_key_is_made(tmp_path: Path, death: Death) -> None:
    """There is no key or a whole one; the next run makes or takes it, and leaves nothing else in the folder."""
    settings = settings_in(tmp_path)
    write_delivery(settings, "2016-05", people=people_rows(NEW), labs=lab_rows(NEW))
    assert run_ingest(settings, SITE, death, begin="etl.pipeline:keep_new_key").was_killed
    key = settings.keys_dir / f"{SITE}.key"
    before = key.read_text(encoding="ascii") if key.exists() else None
    assert before is None or len(before.strip()) == 64
    assert len(ask(settings, "SELECT * FROM audit.load")) == 0, "a load without its key would be of people nobody knows"
    assert not run_ingest(settings, SITE, Death()).was_killed
    assert before in {None, key.read_text(encoding="ascii")}, "a key that is there is never replaced"
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.keys_dir.iterdir()] == [key.name]
    assert picture(settings)["delivery"] == [("2016-05",)]
    assert leftovers(settings) == []


def test_a_kill_while_a_refusal_is_published(settings: Settings) -> None:
    """The refused load is there or not; its rows are nowhere, and the run after it says why again."""
    before = picture(settings)
    recoded = [row.replace(",남,", ",M,").replace(",여,", ",F,") for row in people_rows(NEW)]
    write_delivery(settings, "2016-06", people=recoded)
    for death in (Death(inside="warehouse.file.versions:sync"), Death(inside="warehouse.file.versions:_put_in_place")):
        assert run_ingest(settings, SITE, death).was_killed
        assert picture(settings) == before
    assert ask(settings, "SELECT load_id, state FROM audit.load ORDER BY ALL") == [(1, "published"), (2, "refused")]
    assert ask(settings, "SELECT count(*) FROM quality.finding WHERE load_id = 2") > [(0,)]
    assert ask(settings, "SELECT count(*) FROM core.patient WHERE load_id = 2") == [(0,)]
    shutil.rmtree(settings.raw_dir / SITE / "2016-06")
    assert not run_ingest(settings, SITE, Death()).was_killed
    assert picture(settings)["delivery"] == [("2016-05",)]


@pytest.mark.parametrize("death", INSIDE.values(), ids=INSIDE)
def test_a_kill_inside_a_step(settings: Settings, death: Death) -> None:
    before = picture(settings)
    assert run_ingest(settings, SITE, death).was_killed
    check_files(settings)
    assert picture(settings) == before
    check_recovery(settings)


def test_a_kill_while_the_report_is_written_leaves_the_old_page(settings: Settings) -> None:
    page = (settings.reports_dir / f"{SITE}.html").read_text(encoding="utf-8")
    assert run_ingest(
        settings, SITE, Death(inside="pathlib:Path.replace", at_call=3)
    ).was_killed  # after version and link
    check_files(settings)
    assert (settings.reports_dir / f"{SITE}.html").read_text(encoding="utf-8") == page
    assert picture(settings)["delivery"] == [("2016-05",)]
    check_recovery(settings)


def test_kills_by_the_clock(settings: Settings) -> None:
    """Wherever the clock strikes, one sees the old picture or the new one; the seed makes the delays the same."""
    before = picture(settings)
    draw = random.Random(2021)  # noqa: S311
    for _ in range(8):
        end = run_ingest(settings, SITE, Death(after_seconds=draw.uniform(0.05, 1.5)))
        check_files(settings)
        now = picture(settings)
        assert now == before or (now["delivery"], len(now["cohort"])) == ([("2016-05",)], NEW)
        if not end.was_killed or now != before:
            break
    check_recovery(settings)


IN_PRUNE = {
    "before the copy": Death(inside="warehouse.file.draft:write_without_deleted"),
    "the copy half done": Death(inside="warehouse.file.rewrite:_count_rows"),
    "the copy done": Death(inside="warehouse.file.draft:write_without_deleted", is_done_first=True),
    "before the swap": Death(inside="warehouse.file.versions:sync"),
    "after the swap": Death(inside="warehouse.file.versions:sync", at_call=2),
    "before the old versions go": Death(inside="warehouse.file.versions:remove_old_versions"),
}


@pytest.mark.parametrize("death", IN_PRUNE.values(), ids=IN_PRUNE)
def test_a_kill_inside_prune(settings: Settings, death: Death) -> None:
    run_ingest(settings, SITE, Death())
    before = picture(settings)
    assert run_prune(settings, death).was_killed
    assert picture(settings) == before
    assert not run_prune(settings, Death()).was_killed
    assert picture(settings) == before
    assert ask(settings, "SELECT DISTINCT load_id FROM core.patient") == [(2,)]
    assert len(versions(settings.warehouse_path)) == 1, "an older version would hold what was to be erased"
    assert leftovers(settings) == []
