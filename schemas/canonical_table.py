"""The base of every canonical table, and what each must state of itself."""

from dataclasses import dataclass
from typing import Any

import pandera.pandas as pa


@dataclass(frozen=True)
class Harmonised:
    """The columns by which a reported number reaches the common unit of what was measured.

    Each number states the column of its unit, and `value` the column of what was measured. `factor`, `value` and the
    column of the common unit are derived by `reference.unit_conversion`; no mapping fills them.
    """

    reported_value: str
    factor: str
    value: str


def about(
    *,
    grain: str,
    key: tuple[str, ...],
    parent: str | None,
    day: str | None,
    periods: tuple[tuple[str, str], ...],
    measures: tuple[str, ...],
    harmonised: Harmonised | None,
) -> dict[str, Any]:
    """State what a table is, for its Config. Every question needs its answer, so none has a default.

    Args:
        grain: what one row stands for.
        key: the columns that distinguish two rows of one load; a second row with the same key is quarantined.
        parent: the table that `patient_id` refers to; None for a table that refers to nobody.
        day: the column that says on which day what a row reports was found or began; None where a row has no one day.
        periods: pairs of columns that begin and end something; the end must not lie before the start.
        measures: the columns of measured numbers, whose scale a mistaken unit would move. Each states its unit, or the
            column that holds it, and where one column measures several things, the column that says which (`kind`).
        harmonised: the columns by which numbers reach a common unit; None where the model states the unit.
    """
    return {
        "grain": grain,
        "key": key,
        "parent": parent,
        "day": day,
        "periods": periods,
        "measures": measures,
        "harmonised": harmonised,
    }


class CanonicalTable(pa.DataFrameModel):
    """A table of the canonical model.

    In addition to the columns that a model states, every row in the warehouse carries its load and its address: load_id,
    source_id (file and sheet), source_record and source_ordinal. These are given by the pipeline, never by a mapping.
    """

    class Config:
        """Pandera's settings: the plan makes the types, so nothing is coerced, and no column may come or go."""

        strict = True
        coerce = False
