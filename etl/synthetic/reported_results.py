"""Laboratory results as a hospital reports them: what the warehouse must hold next to the common value."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from etl.synthetic.rendering import numbers
from etl.synthetic.truth.laboratory import panel


def as_reported(labs: pd.DataFrame, *, reported_unit: Mapping[str, str], texts: list[str]) -> pd.DataFrame:
    """Complete the truth's results for a hospital that reports the common numbers, limits next to them.

    Args:
        labs: the truth's rows of lab_result.
        reported_unit: the hospital's units (UCUM) where they are not the common ones, the same number in each case.
        texts: the results as the hospital writes them.
    """
    return labs.assign(
        reported_value=labs["value"],
        reported_value_text=texts,
        reported_unit=labs["unit"].replace(reported_unit),
        unit_factor=np.where(labs["unit"].notna(), 1.0, np.nan),
        limits_source_code="result",
    )


def result_texts(labs: pd.DataFrame) -> list[str]:
    """Write results with the decimals of their analyte and the sign before them: 3.90, <1.3."""
    decimals = labs["analyte_code"].map({code: analyte.decimals for code, analyte in panel().items()})
    signs = labs["value_qualifier"].fillna("").tolist()
    texts = [""] * len(labs)
    for places in decimals.unique().tolist():
        chosen = np.flatnonzero(decimals == places)
        for place, number in zip(chosen.tolist(), numbers(labs["value"].iloc[chosen], places), strict=True):
            texts[place] = f"{signs[place]}{number}"
    return texts
