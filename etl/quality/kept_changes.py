"""What was found to have changed since the delivery before, kept where that delivery is pruned and cannot be asked again."""

from dataclasses import dataclass
from typing import Any

import duckdb

from etl.findings import rules_against
from etl.gate.write_findings import Found, read_found, write_found
from etl.loads.books import Load, read_loads
from etl.quality.suites import KEEPS_ITS_SCALE
from warehouse.insert import insert_rows


@dataclass(frozen=True)
class KeptChanges:
    """Findings and results of a comparison that cannot be made again, without the load that they belong to."""

    findings: tuple[Found, ...]
    results: tuple[dict[str, Any], ...]

    @property
    def has_failed(self) -> bool:
        """Whether an expectation about the comparison was not met."""
        return any(not result["is_success"] for result in self.results)

    def write(self, con: duckdb.DuckDBPyConnection, load_id: int) -> int:
        """Write them for a load, in the caller's transaction; return how many findings there are."""
        if self.results:
            columns = tuple(self.results[0])
            values = [tuple((row | {"load_id": load_id}).values()) for row in self.results]
            insert_rows(con, "quality.expectation_result", columns, values)
        return write_found(con, self.findings, load_id=load_id)


def keep_changes(con: duckdb.DuckDBPyConnection, load: Load) -> KeptChanges | None:
    """Read what was found of this delivery while the delivery before was there; None when there never was one.

    It is read from the load itself where that was assessed before, else from the newest published load of the delivery.
    """
    if load.previous_delivery_id is None:
        return None
    same = (
        "delivery_id = ? AND previous_delivery_id = ? AND (load_id = ? OR state = 'published') "
        "AND load_id IN (SELECT load_id FROM quality.expectation_result UNION ALL SELECT load_id FROM quality.finding) "
        "AND (load_id <> ? OR assessed_by IS NOT NULL) ORDER BY load_id = ? DESC, load_id DESC LIMIT 1"
    )
    numbers = (load.delivery_id, load.previous_delivery_id, load.load_id, load.load_id, load.load_id)
    source = next(read_loads(con, same, *numbers), None)
    if source is None:
        return None
    return KeptChanges(
        read_found(con, source.load_id, rules_against("last delivery")),
        _rows(con, "expectation_result", "expectation = ?", [source.load_id, KEEPS_ITS_SCALE]),
    )


def _rows(
    con: duckdb.DuckDBPyConnection, table: str, condition: str, parameters: list[object]
) -> tuple[dict[str, Any], ...]:
    answer = con.execute(f"SELECT * FROM quality.{table} WHERE load_id = ? AND {condition} ORDER BY ALL", parameters)
    columns = [column[0] for column in answer.description or ()]
    return tuple(dict(zip(columns, row, strict=True)) for row in answer.fetchall())
