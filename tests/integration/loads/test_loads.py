"""Loads as versions: publish, refuse, roll back, prune, orphans, erasing."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.warehouse_door import door, versions
from support.warehouse_rows import publish_by_hand, stage_by_hand

from etl.loads.books import current_load, read_load, refuse
from etl.loads.publish import check_not_mixed, discard_orphans, prune, publish, roll_back
from warehouse.errors import EnvironmentRefusal, NotFoundError, RefusedError, ViewError
from warehouse.file.connect import open_warehouse, raw_connection
from warehouse.file.versions import newest_version
from warehouse.views.refresh import is_refreshed

PATIENT = {"patient": [{"patient_id": "a"}]}
OTHER = {"patient": [{"patient_id": "b"}, {"patient_id": "c"}]}
LOADED_SCHEMAS = ("core", "quality", "audit")


@pytest.fixture
def con(warehouse_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = open_warehouse(warehouse_path)
    with raw_connection(engine) as connection:
        yield connection
    engine.dispose()


def _shown(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in con.execute("SELECT patient_id FROM analysis.cohort ORDER BY ALL").fetchall()]


def _rows_of(con: duckdb.DuckDBPyConnection, load_id: int) -> dict[str, int]:
    """Count what is left of a load, table by table, its line in the books apart."""
    tables = con.execute(
        "SELECT DISTINCT schema_name || '.' || table_name "
        "FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (schema_name, table_name) "
        "WHERE column_name = 'load_id' AND schema_name IN ('core', 'quality', 'audit')"
    ).fetchall()
    counts = {
        name: con.execute(f"SELECT count(*) FROM {name} WHERE load_id = ?", [load_id]).fetchall()[0][0]
        for (name,) in tables
    }
    return {name: count for name, count in counts.items() if count and name != "audit.load"}


def test_nothing_is_shown_before_it_is_published(con: duckdb.DuckDBPyConnection) -> None:
    load_id = stage_by_hand(con, PATIENT)
    assert con.execute("SELECT * FROM current.patient").fetchall() == []
    published = publish(con, load_id, assessment="with_failures")
    assert _shown(con) == ["a"]
    assert (published.load.state, published.load.assessment, published.replaced) == ("published", "with_failures", None)
    assert is_refreshed(con)


def test_a_second_load_replaces_the_first_and_both_stay(con: duckdb.DuckDBPyConnection) -> None:
    first = publish_by_hand(con, PATIENT, delivery="2026-10")
    published = publish(con, stage_by_hand(con, OTHER, delivery="2026-11"))
    assert _shown(con) == ["b", "c"]
    assert published.replaced is not None
    assert published.replaced.load_id == first
    assert con.execute("SELECT count(*) FROM core.patient").fetchall() == [(3,)]


def test_sites_do_not_disturb_one_another(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, PATIENT, site_id="snuh")
    publish_by_hand(con, OTHER, site_id="amc")
    publish_by_hand(con, PATIENT, site_id="amc", delivery="2026-12")
    roll_back(con, "amc")
    assert con.execute("SELECT site_id, patient_id FROM analysis.cohort ORDER BY ALL").fetchall() == [
        ("amc", "b"),
        ("amc", "c"),
        ("snuh", "a"),
    ]


def test_only_a_staged_load_can_be_published(con: duckdb.DuckDBPyConnection) -> None:
    load_id = publish_by_hand(con, PATIENT)
    with pytest.raises(NotFoundError, match="Load 1 of snuh is published, not staged"):
        publish(con, load_id)
    with pytest.raises(NotFoundError, match="There is no load 7"):
        publish(con, 7)


def test_publishing_is_all_or_nothing(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_by_hand(con, PATIENT, delivery="2026-10")
    load_id = stage_by_hand(con, OTHER)
    broken = tmp_path / "views" / "analysis"
    broken.mkdir(parents=True)
    (broken / "cohort.sql").write_text("SELECT no_such_column FROM current.patient", encoding="utf-8")
    from warehouse.views import refresh as module

    monkeypatch.setattr(
        "etl.loads.publish.refresh", lambda connection: module.refresh(connection, views=tmp_path / "views")
    )
    with pytest.raises(ViewError, match="no_such_column"):
        publish(con, load_id)
    assert _shown(con) == ["a"]
    assert read_load(con, load_id).state == "staged"
    assert is_refreshed(con)


def test_a_refused_load_keeps_its_findings_and_loses_its_rows(con: duckdb.DuckDBPyConnection) -> None:
    load_id = stage_by_hand(con, PATIENT)
    refuse(con, load_id, "Too much was refused.")
    assert _rows_of(con, load_id) == {"audit.source_file": 1, "quality.finding": 1}
    assert con.execute("SELECT state, refusal FROM audit.load").fetchall() == [("refused", "Too much was refused.")]
    assert current_load(con, "snuh") is None


def test_roll_back_shows_the_load_before_and_says_so(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, PATIENT, delivery="2026-10")
    publish_by_hand(con, OTHER, delivery="2026-11")
    done = roll_back(con, "snuh")
    assert done.sentence == (
        "snuh shows load 1 (delivery 2026-10) again; load 2 (delivery 2026-11) is withdrawn. It stays away until a newer "
        "delivery comes, or it is named: hcc ingest snuh --delivery 2026-11."
    )
    assert _shown(con) == ["a"]
    assert is_refreshed(con)


def test_roll_back_of_the_only_load_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotFoundError, match="snuh has no published load"):
        roll_back(con, "snuh")
    publish_by_hand(con, PATIENT)
    with pytest.raises(NotFoundError, match=r"snuh has only load 1 \(delivery 2026-11\); there is no earlier delivery"):
        roll_back(con, "snuh")
    assert _shown(con) == ["a"]


def test_an_ingest_after_a_rollback_is_a_new_load_and_the_withdrawn_one_is_passed_over(
    con: duckdb.DuckDBPyConnection,
) -> None:
    publish_by_hand(con, PATIENT, delivery="2026-10")
    publish_by_hand(con, OTHER, delivery="2026-11")
    roll_back(con, "snuh")
    assert publish_by_hand(con, OTHER, delivery="2026-11") == 3
    assert _shown(con) == ["b", "c"]
    assert roll_back(con, "snuh").current.load_id == 1


def test_a_refused_load_between_two_is_passed_over(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, PATIENT, delivery="2026-09")
    refuse(con, stage_by_hand(con, OTHER, delivery="2026-10"), "No.")
    publish_by_hand(con, OTHER, delivery="2026-11")
    assert roll_back(con, "snuh").current.load_id == 1


def test_orphans_of_a_killed_run_are_removed_whole(con: duckdb.DuckDBPyConnection) -> None:
    publish_by_hand(con, PATIENT, delivery="2026-10")
    orphan = stage_by_hand(con, OTHER)
    assert _rows_of(con, orphan)
    assert [load.load_id for load in discard_orphans(con)] == [orphan]
    assert _rows_of(con, orphan) == {}
    assert con.execute("SELECT count(*) FROM audit.source_column").fetchall() == [(1,)]
    assert read_load(con, orphan).state == "abandoned"
    assert _shown(con) == ["a"]
    assert discard_orphans(con) == ()
    assert stage_by_hand(con, OTHER) == orphan + 1


def test_prune_keeps_the_newest_of_each_site(con: duckdb.DuckDBPyConnection) -> None:
    for month in range(1, 6):
        publish_by_hand(con, PATIENT, delivery=f"2026-0{month}")
    publish_by_hand(con, OTHER, site_id="amc")
    assert [load.load_id for load in prune(con, 3)] == [1, 2]
    assert _rows_of(con, 1) == _rows_of(con, 2) == {}
    assert con.execute("SELECT load_id FROM audit.load WHERE state = 'pruned' ORDER BY ALL").fetchall() == [(1,), (2,)]
    assert _shown(con) == ["a", "b", "c"]
    assert prune(con, 3) == ()


def test_prune_takes_withdrawn_loads_and_old_refused_ones(con: duckdb.DuckDBPyConnection) -> None:
    refuse(con, stage_by_hand(con, PATIENT, delivery="2026-01"), "No.")
    publish_by_hand(con, PATIENT, delivery="2026-02")
    publish_by_hand(con, OTHER, delivery="2026-03")
    roll_back(con, "snuh")
    refuse(con, stage_by_hand(con, OTHER, delivery="2026-04"), "No.")
    assert [load.load_id for load in prune(con, 1)] == [1, 3]
    assert read_load(con, 4).state == "refused"
    with pytest.raises(NotFoundError, match="only load 2"):
        roll_back(con, "snuh")


def test_prune_cannot_take_the_current_load(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        prune(con, 0)


@pytest.mark.parametrize(("is_synthetic", "kind", "other"), [(True, "synthetic", "real"), (False, "real", "synthetic")])
def test_make_believe_never_stands_beside_real_data(
    con: duckdb.DuckDBPyConnection, *, is_synthetic: bool, kind: str, other: str
) -> None:
    check_not_mixed(con, "snuh", is_synthetic=is_synthetic)
    publish_by_hand(con, PATIENT, site_id="amc", is_synthetic=not is_synthetic)
    check_not_mixed(con, "snuh", is_synthetic=not is_synthetic)
    with pytest.raises(
        RefusedError, match=rf"snuh: this delivery is {kind}, and .* holds {other} data \(amc, load 1\)"
    ):
        check_not_mixed(con, "snuh", is_synthetic=is_synthetic)


def test_rewriting_erases_what_was_deleted_and_keeps_the_rest(warehouse_path: Path) -> None:
    secret = "p" + "7f3k9x2m" * 4
    with door(warehouse_path) as draft, raw_connection(draft.write()) as con:
        publish_by_hand(con, {"patient": [{"patient_id": secret}]}, delivery="2026-10")
        publish_by_hand(con, PATIENT, delivery="2026-11")
    with door(warehouse_path) as draft, raw_connection(draft.write()) as con:
        prune(con, 1)
        comments = _comments(con)
    assert [secret.encode() in version.read_bytes() for version in versions(warehouse_path)] == [True, True], (
        "DELETE alone would be enough, and this test proves nothing"
    )

    warehouse_path.with_name("warehouse.duckdb.rewritten").write_bytes(b"left by a killed run of an older version")
    with door(warehouse_path) as draft:
        sizes = draft.compact()
        draft.publish()

    assert [version.name for version in versions(warehouse_path)] == ["warehouse.3.duckdb"]
    assert sizes.bytes_after == warehouse_path.stat().st_size < sizes.bytes_before
    for file in warehouse_path.parent.iterdir():
        assert secret.encode() not in file.read_bytes(), file.name
    assert sorted(file.name for file in warehouse_path.parent.iterdir() if file != warehouse_path) == [
        "warehouse.3.duckdb",
        "warehouse.duckdb.lock",
    ]
    with door(warehouse_path) as draft, raw_connection(draft.write()) as con:
        assert _shown(con) == ["a"]
        assert is_refreshed(con)
        assert _comments(con) == comments
        publish_by_hand(con, OTHER, delivery="2026-12")
        assert _shown(con) == ["b", "c"]


def test_rewriting_that_fails_leaves_the_old_file(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise duckdb.IOException("no space")

    monkeypatch.setattr("warehouse.file.rewrite._copy_view_comments", fails)
    before = warehouse_path.read_bytes()
    with pytest.raises(duckdb.IOException), door(warehouse_path) as draft:
        draft.compact()
    assert warehouse_path.read_bytes() == before
    assert sorted(path.name for path in warehouse_path.parent.glob("warehouse.*")) == [
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    ]


def test_rewriting_that_loses_a_row_erases_nothing(warehouse_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "warehouse.file.rewrite._count_rows", lambda _con, database: {"core.patient": int(database == "warehouse")}
    )
    with pytest.raises(EnvironmentRefusal, match="so nothing was erased"), door(warehouse_path) as draft:
        draft.compact()
    assert newest_version(warehouse_path) == warehouse_path


def test_there_must_be_something_to_rewrite(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no warehouse yet"), door(tmp_path / "none.duckdb", make=False):
        pass
    assert list(tmp_path.iterdir()) == []


def _comments(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal "
        "UNION ALL SELECT schema_name, view_name, '', comment FROM duckdb_views() WHERE NOT internal "
        "UNION ALL SELECT schema_name, table_name, '', comment FROM duckdb_tables() ORDER BY ALL"
    ).fetchall()
