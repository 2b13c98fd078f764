"""The base of every canonical table."""

from typing import Any

import pandera.pandas as pa


def about(*, grain: str, key: tuple[str, ...], parent: str | None) -> dict[str, Any]:
    """State what a table is, for its Config.

    Args:
        grain: what one row stands for.
        key: the columns that tell two rows of one load apart; a second row with the same key is quarantined.
        parent: the table that `patient_id` refers to; None for a table that refers to nobody.
    """
    return {"grain": grain, "key": key, "parent": parent}


class CanonicalTable(pa.DataFrameModel):
    """A table of the canonical model.

    Beside the columns that a model states, every row in the warehouse carries its load and its address: load_id,
    source_id (file and sheet), source_record and source_ordinal. These are given by the pipeline, never by a mapping.
    """

    class Config:
        """Pandera's settings: the plan makes the types, so nothing is coerced, and no column may come or go."""

        strict = True
        coerce = False
