"""How a column is written in a file: the SQL of its cells, its name, and a note where the format changes something."""

from collections.abc import Sequence
from dataclasses import dataclass

from etl.export.table_facts import ExportedColumn, ExportedTable
from warehouse.quoting import quote_name


@dataclass(frozen=True)
class ColumnPlan:
    """A column as it is written."""

    column: ExportedColumn
    name: str
    """Its name in the file."""
    stored: str
    """text, whole, double, boolean, day, moment, code or as it is."""
    sql: str
    """The cell, over the columns of the table."""
    notes: tuple[str, ...] = ()

    @property
    def selected(self) -> str:
        """The cell under its name in the file."""
        return f"{self.sql} AS {quote_name(self.name)}"


def select_sql(table: ExportedTable, plans: Sequence[ColumnPlan]) -> str:
    """Write the query of a table's rows as they are written, sorted, so that one state of the warehouse has the same files."""
    return f"SELECT {', '.join(plan.selected for plan in plans)} FROM {table.name} ORDER BY ALL"
