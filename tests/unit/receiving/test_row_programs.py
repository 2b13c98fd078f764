"""The list of programs that make rows is whole, and names what is there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from etl.receiving.row_programs import ROW_PROGRAMS, WITHOUT_ROWS, is_listed, row_program_files

RUN = """
import json, sys
from pathlib import Path
import duckdb
from etl.loads.books import see_delivery
from warehouse.progress import Silent
from etl.receiving.receive import receive
from etl.settings import Settings
from etl.staging.stage import stage

folder = Path(sys.argv[1])
settings = Settings(data_dir=folder / "data", reports_dir=folder / "reports", mappings_dir=folder / "maps")
arrival = receive("hill", delivery=None, accept=False, settings=settings, progress=Silent())
con = duckdb.connect(str(settings.warehouse_path))
con.execute("SET enable_progress_bar = false")  # a slow machine would print it between our lines
known = see_delivery(con, "hill", fingerprint=arrival.delivery_fingerprint, label="x", is_synthetic=True)
staged = stage(con, arrival, delivery_id=known.delivery_id, settings=settings, progress=Silent())
rows = con.execute("SELECT count(*) FROM core.lab_result WHERE load_id = ?", [staged.load_id]).fetchone()
ours = [name for name in sys.modules if name.partition(".")[0] in ("schemas", "warehouse", "etl")]
print(json.dumps({"rows": rows[0], "modules": ours}))
"""


def test_every_module_from_receiving_to_staging_is_listed(tmp_path: Path) -> None:
    from support.small_site import settings_in, write_delivery

    write_delivery(settings_in(tmp_path), "2016-04")
    done = subprocess.run([sys.executable, "-c", RUN, str(tmp_path)], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["rows"] == 80
    packages = {name for name in told["modules"] if (Path(*name.split(".")) / "__init__.py").is_file()}
    assert sorted(name for name in told["modules"] if name not in packages and not is_listed(name)) == []


@pytest.mark.parametrize("name", [*ROW_PROGRAMS, *WITHOUT_ROWS])
def test_what_is_listed_is_there_and_only_once(name: str) -> None:
    assert Path(name).exists()
    assert sum(name == each or name.startswith(f"{each}/") for each in (*ROW_PROGRAMS, *WITHOUT_ROWS)) == 1


def test_the_synthetic_study_views_rules_and_reports_make_no_rows() -> None:
    folders = {path.relative_to(Path.cwd()).parts[:2] for path in row_program_files()}
    others = {("etl", name) for name in ("synthetic", "quality", "report", "study", "commands")} | {
        ("warehouse", "views")
    }
    assert folders & others == set()
