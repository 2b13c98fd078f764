"""What a run writes is for its owner alone, and a report's JSON holds no cell of a refused record unless it is asked for."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.small_site import SITE, people_rows, settings_in, write_delivery

import etl.pipeline
from etl.pipeline import ingest
from etl.quality.assess import Assessment
from etl.report.load.write import write_report
from etl.settings import Settings


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    clean = Assessment(is_clean=True, is_fatal=False, fatal=(), counts={})
    monkeypatch.setattr(etl.pipeline, "assess", lambda *_args, **_kwargs: clean)
    settings = settings_in(tmp_path, has_warehouse=False)
    rows = people_rows(40)
    rows[4] = rows[4].replace("H0005", "")  # refused in the three tables that are filled from it
    rows.insert(9, "H0099,too few")
    write_delivery(settings, "2016-04", people=rows)
    return settings


@pytest.mark.usefixtures("open_umask")
def test_whatever_the_umask_and_each_record_once(settings: Settings) -> None:
    ingest(SITE, settings=settings)
    assert os.umask(0) == 0, "the umask of the caller's process must be as it was"
    made = [path for folder in (settings.data_dir, settings.reports_dir) for path in folder.rglob("*")]
    made = [path for path in made if not path.is_relative_to(settings.raw_dir)]
    assert {path.suffix for path in made} >= {".duckdb", ".parquet", ".html", ".json", ".key"}
    assert [path.name for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []

    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        refused = con.execute("SELECT count(*) FROM quality.quarantined_row WHERE source_record = 5").fetchall()
        raw = con.execute(
            "SELECT file, source_record, raw FROM quality.raw_record JOIN audit.source_file USING (source_id) ORDER BY ALL"
        ).fetchall()
        assert refused == [(3,)]
        assert [record for file, record, _ in raw if file == "people.csv"] == [5, 10]
        told = json.loads((settings.reports_dir / f"{SITE}.json").read_text(encoding="utf-8"))
        assert len(told["quarantined"]) > len(raw) == 4
        assert not any("raw" in row for row in told["quarantined"])
        write_report(con, SITE, load_id=1, reports_dir=settings.reports_dir, with_cells=True)
        told = json.loads((settings.reports_dir / f"{SITE}.json").read_text(encoding="utf-8"))
        assert {row["raw"] for row in told["quarantined"]} == {cells for *_, cells in raw}
