"""What several sections of a report ask about one load, read once."""

from dataclasses import dataclass
from functools import cached_property

import duckdb

from etl.report.load.causes import collect_causes
from etl.report.load.clinical import collect_clinical
from etl.report.load.model import Cause, ClinicalQuestion, Load, Table
from etl.report.load.tables import collect_tables
from etl.report.verdict import LoadCounts


@dataclass(frozen=True)
class LoadFacts:
    """One load, as the sections ask about it."""

    con: duckdb.DuckDBPyConnection
    load: Load
    counts: LoadCounts

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The findings by cause, the most severe and largest first."""
        return collect_causes(self.con, self.load.load_id)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every canonical table: how complete its columns are, how its values are spread."""
        return collect_tables(self.con, self.load.load_id)

    @cached_property
    def clinical(self) -> tuple[ClinicalQuestion, ...] | None:
        """The clinical questions; None where the load is not the current one, which the clinical views are made from."""
        return collect_clinical(self.con, self.load.site_id) if self.load.is_current else None
