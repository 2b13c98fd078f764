"""Which tables an export holds: whole schemas, or tables by name."""

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from warehouse.errors import NotFoundError, RefusedError
from warehouse.model.schemas import SCHEMAS

if TYPE_CHECKING:
    import duckdb

WHOLE = ("analysis", "clinical", "current")
"""What is exported when nothing is named."""
_WITHOUT_CELLS_OF_DELIVERIES = (*WHOLE, "analysis_step", "clinical_step", "study", "reference")
"""Schemas that may leave: `quality` and `audit` quote cells and files of deliveries, `core` has rows that were replaced."""


def choose_tables(con: "duckdb.DuckDBPyConnection", names: Sequence[str]) -> list[str]:
    """Name the tables and views, each once, schema by schema.

    Args:
        con: the warehouse.
        names: schemas, or tables such as `analysis.cohort` or `cohort`; the whole of analysis, clinical and current
            when none is named.

    Raises:
        NotFoundError: there is no such schema or table.
        RefusedError: it is one that does not leave the warehouse.
    """
    known = _read_names(con)
    chosen: list[str] = []
    for name in names or WHOLE:
        chosen += [table for table in _find(name.strip().lower(), known) if table not in chosen]
    return sorted(chosen, key=lambda table: (list(SCHEMAS).index(table.partition(".")[0]), table))


def _read_names(con: "duckdb.DuckDBPyConnection") -> list[str]:
    rows = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND NOT internal "
        "UNION SELECT schema_name || '.' || view_name FROM duckdb_views() "
        "WHERE database_name = current_database() AND NOT internal ORDER BY ALL"
    ).fetchall()
    return sorted(
        (name for (name,) in rows if name.partition(".")[0] in SCHEMAS),
        key=lambda name: list(SCHEMAS).index(name.partition(".")[0]),
    )


def _find(name: str, known: Sequence[str]) -> list[str]:
    if name in SCHEMAS:
        found = [table for table in known if table.startswith(f"{name}.")]
    else:
        found = [table for table in known if name in (table, table.partition(".")[2])][:1]
    if name not in SCHEMAS and not found:
        near = difflib.get_close_matches(name, [*SCHEMAS, *known, *(table.partition(".")[2] for table in known)], n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "'hcc describe' lists all."
        raise NotFoundError(f"There is no schema or table '{name}' in the warehouse. {hint}")
    schema = name if name in SCHEMAS else found[0].partition(".")[0]
    if schema not in _WITHOUT_CELLS_OF_DELIVERIES:
        raise RefusedError(
            f"'{name}' is not exported: {schema} quotes deliveries, or holds rows that were replaced. Name schemas or tables "
            f"of {', '.join(_WITHOUT_CELLS_OF_DELIVERIES)}; 'hcc query' answers questions about the others."
        )
    return found
