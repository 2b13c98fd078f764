"""Every make-believe hospital: its clean delivery is loaded, and what is loaded equals the truth cell by cell."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from etl.identity.key import read_or_make_key
from etl.pipeline import ingest
from etl.settings import Settings
from etl.synthetic.expected import expected_rows
from etl.synthetic.hospitals import hospital_names
from etl.synthetic.synthesize import synthesize
from etl.synthetic.truth.study import draw_studies
from schemas.tables import TABLES


@pytest.mark.parametrize("site_id", hospital_names())
def test_what_is_loaded_equals_the_truth_cell_by_cell(site_id: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, reports_dir=tmp_path / "reports")
    synthesize(settings.raw_dir, sites=[site_id])
    outcome = ingest(site_id, settings=settings)
    truth = expected_rows(draw_studies(2021), site_id, read_or_make_key(settings.keys_dir, site_id))
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as con:
        for table in TABLES:
            rows = truth.get(table)
            if rows is None:
                assert con.execute(f"SELECT count(*) FROM current.{table}").fetchall() == [(0,)], table
                continue
            columns = ", ".join(f'"{name}"' for name in rows.column_names)
            wanted = Counter(con.execute(f"SELECT {columns} FROM rows").fetchall())
            found = Counter(con.execute(f"SELECT {columns} FROM current.{table}").fetchall())
            assert not wanted - found, (table, "missing", len(list((wanted - found).elements())), first(wanted - found))
            assert not found - wanted, (table, "unknown", len(list((found - wanted).elements())), first(found - wanted))
    assert outcome.report_path.is_file()


def first(rows: Counter[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """A few of the rows, for the message of a failure."""
    return sorted(rows, key=str)[:3]
