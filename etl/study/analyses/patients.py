"""The patients of a study as frames: one row per patient, one column per variable, in the study's own levels."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from etl.study.definition.study_file import StudyFile
from warehouse.quoting import quote_name, quote_text

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MEMBER = "member:"
"""Begins the columns that say who belongs to a population."""


@dataclass(frozen=True)
class Patients:
    """The patients of one study in a warehouse whose views are up to date."""

    con: "duckdb.DuckDBPyConnection"
    study: StudyFile
    _frames: dict[str, "pd.DataFrame"] = field(default_factory=dict)

    def frame(self, population: str) -> "pd.DataFrame":
        """Read a population, sorted by hospital and patient.

        Columns: site_id, patient_id; every variable (ordered Categorical with the study's levels, or float64, missing
        as NaN); of every endpoint `<endpoint>:time` (days), `<endpoint>:event` (0 or 1), and the same with
        `:competing_time` and `:competing_event`; of every kind of onset `onset:<kind>` (days).
        """
        if population not in self._frames:
            everyone = self._everyone
            is_member = everyone[f"{MEMBER}{population}"]
            kept = [name for name in everyone.columns if not name.startswith(MEMBER)]
            self._frames[population] = everyone.loc[is_member, kept].reset_index(drop=True)
        return self._frames[population]

    @cached_property
    def days_per_month(self) -> float:
        """Length of a month in days (study option days_per_month)."""
        row = self.con.execute("SELECT CAST(days_per_month AS DOUBLE) FROM clinical_step.study_number").fetchone()
        assert row is not None, "clinical_step.study_number has one row"
        return float(row[0])

    @cached_property
    def _everyone(self) -> "pd.DataFrame":
        """The patients of all populations, read at once: the populations share most of them."""
        import pandas as pd

        raw = self.con.execute(self._sql()).df()
        columns: dict[str, pd.Series] = {"site_id": raw["site_id"], "patient_id": raw["patient_id"]}
        for name, variable in self.study.variables.items():
            if variable.kind == "number":
                columns[name] = raw[name].astype("float64")
                continue
            codes = raw[name].fillna(0).astype("int64") - 1
            kinds = pd.CategoricalDtype(list(variable.all_levels), ordered=True)
            columns[name] = pd.Series(pd.Categorical.from_codes(codes.to_numpy(), dtype=kinds), index=raw.index)
        for name in raw.columns:
            if name.startswith(MEMBER):
                columns[name] = raw[name].astype("bool")
            elif ":" in name:
                columns[name] = raw[name].astype("float64")
        return pd.DataFrame(columns)

    def _sql(self) -> str:
        study = quote_text(self.study.study)
        values = ",\n    ".join(
            f"max({'number' if variable.kind == 'number' else 'level_position'}) "
            f"FILTER (study_value.variable = {quote_text(name)}) AS {quote_name(name)}"
            for name, variable in self.study.variables.items()
        )
        times = {
            f"{name}:{part}": column
            for name, endpoint in self.study.endpoints.items()
            for part, column in (
                ("time", endpoint.time),
                ("event", endpoint.event),
                ("competing_time", endpoint.competing_time),
                ("competing_event", endpoint.competing_event),
            )
            if column is not None
        }
        cells = ",\n    ".join(
            f"max({_as_number(part)}) FILTER (column_name = {quote_text(column)}) AS {quote_name(part)}"
            for part, column in times.items()
        )
        kinds = sorted(
            {variable.onset for variable in self.study.variables.values() if variable.onset}
            | set(self.study.sensitivity.event_rates)
            | {"last_dose"}
        )
        onsets = ",\n    ".join(
            f"max(day) FILTER (kind = {quote_text(kind)}) AS {quote_name(f'onset:{kind}')}" for kind in kinds
        )
        populations = ",\n    ".join(
            f"bool_or(population = {quote_text(name)}) AS {quote_name(MEMBER + name)}"
            for name in self.study.populations
        )
        return f"""
WITH member AS (
    SELECT site_id, patient_id,
    {populations}
    FROM analysis.study_member
    WHERE study_id = {study}
    GROUP BY site_id, patient_id
),
known AS (
    SELECT site_id, patient_id,
    {values}
    FROM analysis_step.study_value AS study_value
    WHERE study_id = {study}
    GROUP BY site_id, patient_id
),
timed AS (
    SELECT site_id, patient_id,
    {cells or "NULL AS none"}
    FROM analysis_step.cohort_cell
    WHERE column_name IN ({", ".join(quote_text(column) for column in times.values()) or "''"})
    GROUP BY site_id, patient_id
),
begun AS (
    SELECT site_id, patient_id,
    {onsets}
    FROM analysis.onset
    GROUP BY site_id, patient_id
)
SELECT member.*,
    known.* EXCLUDE (site_id, patient_id),
    timed.* EXCLUDE (site_id, patient_id),
    begun.* EXCLUDE (site_id, patient_id)
FROM member
LEFT JOIN known USING (site_id, patient_id)
LEFT JOIN timed USING (site_id, patient_id)
LEFT JOIN begun USING (site_id, patient_id)
ORDER BY member.site_id, member.patient_id
"""


def _as_number(part: str) -> str:
    """Read a cell of the cohort as a number; true is 1."""
    return "CAST(TRY_CAST(cell AS BOOLEAN) AS DOUBLE)" if part.endswith("event") else "TRY_CAST(cell AS DOUBLE)"
