"""Known traps of survival statistics, on R's lung and mgus2 data; the right answers are printed ones."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.r_session import run_r

from etl.study.statistics.cox import fit_cox
from etl.study.statistics.gray import gray
from etl.study.statistics.log_rank import log_rank
from etl.study.statistics.proportional_hazards import proportional_hazards

SCRIPT = """
library(survival)
result <- list(
  lung = lung,
  mgus2 = with(mgus2, data.frame(time = ifelse(pstat == 1, ptime, futime),
                                 cause = ifelse(pstat == 1, 1, 2 * death), sex = as.character(sex)))
)
"""


@pytest.fixture(scope="module")
def data() -> dict[str, pd.DataFrame]:
    answer: dict[str, Any] = run_r(SCRIPT, {})
    return {name: pd.DataFrame(columns) for name, columns in answer.items()}


def lung_model(lung: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Age, sex and ECOG 1, 2, 3 of the 227 with a known ECOG."""
    rows = lung[lung["ph.ecog"].notna()]
    levels = [rows["ph.ecog"] == level for level in (1, 2, 3)]
    matrix = np.column_stack([rows["age"], rows["sex"], *levels]).astype(float)
    return matrix, rows["time"].to_numpy(float), (rows["status"] == 2).to_numpy()


def test_proportional_hazards_of_lung(data):
    """Trap 13."""
    matrix, time, event = lung_model(data["lung"])
    fit = fit_cox(matrix, time, event)
    blocks = {"age": [0], "sex": [1], "ecog": [2, 3, 4]}
    tests = proportional_hazards(matrix, time, event, fit=fit, blocks=blocks)
    found = [(test.statistic, test.df) for test in (*tests.by_block.values(), tests.overall)]
    for (statistic, df), (right, right_df) in zip(
        found, [(0.16322, 1), (2.40643, 1), (5.64986, 3), (7.77673, 5)], strict=True
    ):
        assert statistic == pytest.approx(right, abs=5e-6)
        assert df == right_df


def test_gray_of_mgus2(data):
    """Trap 14."""
    mgus2 = data["mgus2"]
    tests = gray(mgus2["time"], mgus2["cause"], mgus2["sex"])
    assert tests[1].statistic == pytest.approx(1.194508, abs=5e-7)
    assert tests[1].p == pytest.approx(0.274422, abs=5e-7)
    assert tests[2].statistic == pytest.approx(11.651259, abs=5e-7)
    assert tests[2].p == pytest.approx(0.000642, abs=5e-7)
    assert tests[1].df == tests[2].df == 1


def test_log_rank_of_lung(data):
    """Trap 16."""
    lung = data["lung"]
    test = log_rank(lung["time"], lung["status"] == 2, lung["sex"])
    assert test.statistic == pytest.approx(10.3267419549, abs=5e-11)
    assert test.df == 1
