"""Limits of 95 % lie the same number of standard errors from the estimate, in Python and in SQL."""

import re
from pathlib import Path

from scipy.special import ndtri

from etl.study.statistics.estimate import NORMAL_QUANTILE

STATED = re.compile(r"1\.95996\d*|\b1\.96\b")
SQL = "warehouse/views/analysis_step/curve/survival_step.sql"


def test_the_normal_quantile_is_right_and_stated_once_in_each_language() -> None:
    assert abs(NORMAL_QUANTILE - float(ndtri(0.975))) < 1e-15
    stated = {}
    for folder in ("etl", "warehouse", "schemas"):
        for path in Path(folder).rglob("*"):
            if path.suffix in {".py", ".sql"} and "synthetic" not in path.parts:
                lines = path.read_text(encoding="utf-8").splitlines()
                found = [number for line in lines if "=" in line or "*" in line for number in STATED.findall(line)]
                if found:
                    stated[path.as_posix()] = found
    assert stated == {"etl/study/statistics/estimate.py": [repr(NORMAL_QUANTILE)], SQL: [repr(NORMAL_QUANTILE)]}
