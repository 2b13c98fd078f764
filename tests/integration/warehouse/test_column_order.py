"""No program depends on the order in which a warehouse's tables have their columns."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.new_warehouse import copy_new_warehouse
from support.small_site import SITE, lab_rows, people_rows, settings_in, write_delivery

from etl.derive import set_option
from etl.loads.publish import roll_back
from etl.pipeline import ingest
from etl.settings import Settings
from warehouse.file.connect import open_warehouse, raw_connection

SCHEMAS = ("core", "audit", "quality", "reference", "study")
PROGRAMS = [
    path for folder in ("etl", "warehouse") for path in Path(folder).rglob("*.py") if "versions" not in path.parts
]


def turn_round(path: Path) -> None:
    """Give every table its columns in the reverse order, as no migration would, and let everything be projected again."""
    con = duckdb.connect(str(path))
    tables = con.execute(
        "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index DESC) "
        "FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (schema_name, table_name) "
        "WHERE list_contains(?, schema_name) AND table_name <> 'alembic_version' GROUP BY ALL",
        [list(SCHEMAS)],
    ).fetchall()
    for table, columns in tables:
        names = ", ".join(f'"{name}"' for name in columns)
        con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {names} FROM {table}")
    con.execute("DELETE FROM audit.derived WHERE part <> 'reference'")
    con.close()


def everything(settings: Settings) -> dict[str, list[Any]]:
    """Every row of every table, its cells by the names of the columns; without moments."""
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    with raw_connection(engine) as con:
        tables = con.execute(
            "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_name) FROM duckdb_columns() "
            "WHERE NOT internal AND data_type <> 'TIMESTAMP' GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        rows = {}
        for table, columns in tables:
            if table == "audit.derived":  # its hashes hold the moment at which an option was chosen
                continue
            names = ", ".join(f'"{name}"' for name in columns)
            rows[table] = con.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()
    engine.dispose()
    return rows


def report(settings: Settings) -> Any:
    """The hospital's report as data, without moments."""
    text = (settings.reports_dir / f"{SITE}.json").read_text(encoding="utf-8")
    return json.loads(re.sub(r'"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^"]*"', '""', text))


@pytest.mark.slow
def test_a_warehouse_whose_columns_stand_the_other_way_round_holds_the_same(tmp_path: Path) -> None:
    held = []
    for name in ("as made", "turned round"):
        settings = settings_in(tmp_path / name)
        path = copy_new_warehouse(settings.warehouse_path)
        if name == "turned round":
            turn_round(path)
        if held:  # the key of the pseudonyms is drawn: the two share one, so that their patients have the same names
            shutil.copytree(tmp_path / "as made" / "data" / "keys", settings.keys_dir)
        labs = lab_rows(40)
        labs[3] += ",one cell too many"
        labs[5] = labs[5].replace("BIL", "no such test")
        labs[7] = labs[7].replace("H0004", "H9999")
        labs.append(labs[0])
        write_delivery(settings, "2016-04", people=people_rows(40), labs=labs)
        ingest(SITE, settings=settings, accept=True)
        write_delivery(settings, "2016-05", people=people_rows(39), labs=lab_rows(39))
        ingest(SITE, settings=settings, accept=True)
        set_option("long_term_months", "36", settings=settings)
        held.append((everything(settings), report(settings)))
        engine = open_warehouse(settings.warehouse_path)
        with raw_connection(engine) as con:
            roll_back(con, SITE)
        engine.dispose()
        held[-1] += (everything(settings),)
    as_made, turned = held
    assert as_made[0].keys() == turned[0].keys()
    differing = [table for table in as_made[0] if as_made[0][table] != turned[0][table]]
    assert differing == [], [(as_made[0][table], turned[0][table]) for table in differing[:1]]
    assert as_made[1] == turned[1]
    assert as_made[2] == turned[2]
    for table in ("quality.quarantined_row", "quality.finding", "audit.acceptance", "core.lab_result", "audit.attempt"):
        assert as_made[0][table], table


def test_rows_are_inserted_by_the_names_of_their_columns() -> None:
    found = {str(path): unnamed(path.read_text(encoding="utf-8")) for path in PROGRAMS}
    assert len(found) > 300
    assert {path: inserts for path, inserts in found.items() if inserts} == {}


def unnamed(text: str) -> list[str]:
    """Find the statements that insert into a table of the warehouse without naming its columns."""
    inserts = re.findall(r"INSERT INTO ((?:core|audit|quality|reference|study)\.[^\s\"]+[\s\"]+\S+)", text)
    inserts += re.findall(r"insert_selected\(\s*con,\s*f?\"((?:core|audit|quality)\.[^\"]*)\"", text)
    return [insert for insert in inserts if not re.search(r"\(|BY$|BY NAME", insert)]


def test_an_insert_without_names_is_found() -> None:
    assert unnamed('con.execute("INSERT INTO audit.site VALUES (?)")') == ["audit.site VALUES"]
    assert unnamed("INSERT INTO core.{table}\n SELECT 1") == ["core.{table}\n SELECT"]
    assert unnamed('insert_selected(con, "quality.finding", select)') == ["quality.finding"]
    assert unnamed('insert_selected(con, "quality.finding BY NAME", select)') == []
    assert unnamed('con.execute("INSERT INTO audit.site (site_id) VALUES (?)")') == []
