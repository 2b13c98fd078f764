"""Prothrombin time in seconds, as some hospitals report it next to the INR that is computed from it."""

import numpy as np
import pandas as pd

from etl.synthetic.truth.drawing import generator
from etl.synthetic.truth.laboratory import panel, results
from etl.synthetic.truth.targets import site_shares

_CONTROL_SECONDS, _SENSITIVITY_INDEX = 11.4, 1.05
_SPREAD = 0.01


def draw_prothrombin_times(labs: pd.DataFrame, plan: pd.DataFrame, seed: int, replica: int) -> pd.DataFrame:
    """Draw the rows of table lab_result that hold seconds, at the hospitals whose laboratories report them.

    INR = (seconds / control) ^ ISI: WHO Expert Committee on Biological Standardization, Technical Report 889, Annex 3.
    """
    rng = generator(seed, replica, "prothrombin_time")
    analyte = panel()["prothrombin_time"]
    reporting = [share.site_id for share in site_shares() if share.has_prothrombin_time]
    is_reported = plan["site_id"].isin(reporting).to_numpy()
    inr = labs[(labs["analyte_code"] == "inr") & is_reported[labs["person"].to_numpy()]]
    exact = _CONTROL_SECONDS * inr["value"].to_numpy(dtype=float) ** (1 / _SENSITIVITY_INDEX)
    seconds = (exact * np.exp(rng.normal(0, _SPREAD, len(inr)))).clip(analyte.low, analyte.high)
    return results(analyte, inr["person"].to_numpy(), inr["taken_on"].to_numpy(), seconds)
