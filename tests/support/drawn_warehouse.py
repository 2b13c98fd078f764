"""The synthetic study put into a warehouse as it was drawn, without exports: for rules that are compared with an oracle."""

import tempfile
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
from support.drawn_study import study
from support.new_warehouse import copy_new_warehouse
from support.warehouse_rows import stage_by_hand

from etl.loads.publish import publish_together
from etl.synthetic.truth.study import Study
from warehouse.file.connect import open_warehouse, raw_connection


def make_drawn_warehouse(path: Path, *, of: Study | None = None) -> None:
    """Make a warehouse that holds the study's tables, each hospital's rows as its current load.

    Args:
        path: the file to make.
        of: the study; the one that every test shares unless another is given.
    """
    if of is None:
        path.write_bytes(_shared())
    else:
        _make(path, of)


@cache
def _shared() -> bytes:
    """The warehouse of the shared study, made once in a process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "warehouse.duckdb")
        _make(path, study())
        return path.read_bytes()


def _make(path: Path, drawn: Study) -> None:
    engine = open_warehouse(copy_new_warehouse(path))
    with raw_connection(engine) as con:
        loads = {
            site: stage_by_hand(con, {}, site_id=str(site)) for site in drawn.tables["patient"]["site_id"].unique()
        }
        for table, frame in drawn.tables.items():
            _append(con, table, frame.reset_index(drop=True), loads)
        publish_together(con, dict.fromkeys(loads.values(), "clean"))
    engine.dispose()


def _append(con: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame, loads: dict[str, int]) -> None:
    columns = [name for name in frame.columns if name != "site_id"]
    con.register("drawn", frame)
    con.register("drawn_load", pd.DataFrame({"site_id": list(loads), "load_id": list(loads.values())}))
    con.execute(
        f"INSERT INTO core.{table} BY NAME SELECT load_id, source_id, row_number() OVER () AS source_record, "
        f"1 AS source_ordinal, {', '.join(columns)} "
        "FROM drawn INNER JOIN drawn_load USING (site_id) INNER JOIN audit.source_file USING (load_id)"
    )
    con.unregister("drawn")
    con.unregister("drawn_load")
