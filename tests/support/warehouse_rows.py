"""Writing loads and canonical rows by hand, for tests of the warehouse."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from etl.loads.books import mark_staged, new_load, next_source_id, see_delivery
from etl.loads.publish import publish


def stage_by_hand(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    site_id: str = "snuh",
    delivery: str = "2026-11",
    is_synthetic: bool = True,
) -> int:
    """Stage a load of one file with the rows given by table; each row is one record."""
    con.begin()
    known = see_delivery(con, site_id, fingerprint=f"files of {delivery}", label=delivery, is_synthetic=is_synthetic)
    load_id = new_load(
        con,
        site_id,
        hospital=f"Hospital {site_id}",
        delivery=delivery,
        fingerprint=f"fingerprint of {site_id} {delivery}",
        mapping_sha256="0" * 64,
        mapping_version=1,
        code_version="0.1.0",
        is_synthetic=is_synthetic,
        delivery_id=known.delivery_id,
    )
    source_id = next_source_id(con)
    con.execute(
        "INSERT INTO audit.source_file (source_id, load_id, source, file, sha256, size_bytes, record_count) "
        "VALUES (?, ?, 'all', 'all.csv', ?, 1, 1)",
        [source_id, load_id, "0" * 64],
    )
    con.execute(
        "INSERT INTO audit.source_column (source_id, position, name, use) VALUES (?, 1, '연구등록번호', 'pseudonymised')",
        [source_id],
    )
    con.execute(
        "INSERT INTO quality.finding (load_id, source_id, rule) VALUES (?, ?, 'unused_column')", [load_id, source_id]
    )
    for table, rows in tables.items():
        for record, row in enumerate(rows, start=1):
            full = {"load_id": load_id, "source_id": source_id, "source_record": record, "source_ordinal": 1, **row}
            names = ", ".join(full)
            con.execute(
                f"INSERT INTO core.{table} ({names}) VALUES ({', '.join('?' * len(full))})", list(full.values())
            )
    mark_staged(con, load_id)
    con.commit()
    return load_id


def publish_by_hand(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Mapping[str, Any]]], **kwargs: Any
) -> int:
    """Stage and publish a load; see `stage_by_hand`."""
    load_id = stage_by_hand(con, tables, **kwargs)
    publish(con, load_id, assessment="clean")
    return load_id
