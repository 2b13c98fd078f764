"""The odds ratio common to hospitals: exact fractions, statsmodels, and strata that say nothing."""

import math
from fractions import Fraction

import numpy as np
import pytest
from oracle.exact_tables import (
    breslow_day_statistic,
    cochran_mantel_haenszel_statistic,
    mantel_haenszel_log_variance,
    mantel_haenszel_ratio,
)
from statsmodels.stats.contingency_tables import StratifiedTable

from etl.study.statistics.mantel_haenszel import mantel_haenszel


def draw(rng: np.random.Generator, *, mean: float) -> list[list[list[int]]]:
    strata = rng.poisson(mean, (int(rng.integers(1, 10)), 2, 2))
    if rng.random() < 0.3:
        strata[0, int(rng.integers(2))] = 0
    return [[[int(cell) for cell in row] for row in table] for table in strata]


def test_everything_is_that_of_exact_fractions() -> None:
    rng = np.random.default_rng(31)
    seen = {"finite": 0, "not": 0, "heterogeneity": 0}
    for _ in range(200):
        strata = draw(rng, mean=float(rng.choice([0.7, 3, 20])))
        ours = mantel_haenszel(strata)
        statistic = cochran_mantel_haenszel_statistic(strata)
        if statistic is None:
            assert ours.test.p is None
            assert ours.ratio.note == "Every stratum has an empty row or column."
            continue
        assert ours.test.statistic == pytest.approx(float(statistic), rel=1e-11, abs=1e-12)
        ratio = mantel_haenszel_ratio(strata)
        if not ratio:
            assert ours.ratio.value == (math.inf if ratio is None else 0)
            assert (ours.ratio.low, ours.ratio.high, ours.heterogeneity.p) == (None, None, None)
            seen["not"] += 1
            continue
        seen["finite"] += 1
        reach = 1.959963984540054 * math.sqrt(mantel_haenszel_log_variance(strata))
        assert ours.ratio.value == pytest.approx(float(ratio), rel=1e-12)
        assert ours.ratio.low == pytest.approx(float(ratio) * math.exp(-reach), rel=1e-11)
        assert ours.ratio.high == pytest.approx(float(ratio) * math.exp(reach), rel=1e-11)
        if ours.stratum_count > 1:
            seen["heterogeneity"] += 1
            plain, adjusted = breslow_day_statistic(strata, Fraction(float(ratio)))
            assert ours.heterogeneity.statistic == pytest.approx(float(plain), rel=1e-9, abs=1e-9)
            assert ours.adjusted_heterogeneity.statistic == pytest.approx(float(adjusted), rel=1e-8, abs=1e-8)
            assert ours.heterogeneity.df == ours.stratum_count - 1
    assert min(seen.values()) >= 3


def test_statsmodels_agrees() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        strata = rng.poisson(9, (9, 2, 2)) + 1
        ours = mantel_haenszel(strata)
        theirs = StratifiedTable([table.astype(float) for table in strata])
        assert ours.ratio.value == pytest.approx(theirs.oddsratio_pooled, rel=1e-12)
        assert (ours.ratio.low, ours.ratio.high) == pytest.approx(theirs.oddsratio_pooled_confint(), rel=1e-10)
        assert ours.test.p == pytest.approx(theirs.test_null_odds(correction=False).pvalue, rel=1e-9)
        assert ours.heterogeneity.p == pytest.approx(theirs.test_equal_odds(adjust=False).pvalue, rel=1e-8)
        assert ours.adjusted_heterogeneity.p == pytest.approx(theirs.test_equal_odds(adjust=True).pvalue, rel=1e-8)


def test_one_stratum_is_the_plain_odds_ratio() -> None:
    ours = mantel_haenszel([[[71, 187], [158, 1151]]])
    assert [ours.ratio.value, ours.ratio.low, ours.ratio.high] == pytest.approx([2.766, 2.009, 3.808], abs=5e-4)
    assert ours.heterogeneity.p is None
    assert "1 stratum says anything" in ours.heterogeneity.note


def test_strata_that_say_nothing_change_nothing() -> None:
    strata = [[[3, 2], [1, 4]], [[5, 9], [2, 8]]]
    silent = [[[3, 2], [0, 0]], [[0, 7], [0, 4]], [[0, 0], [0, 0]]]
    assert mantel_haenszel(strata + silent) == mantel_haenszel(strata)
    assert mantel_haenszel(silent).stratum_count == 0


def test_a_ratio_near_0_keeps_its_digits() -> None:
    strata = [[[3_000_000, 20_000_000], [20_000_000, 1]], [[1_000_000, 30_000_000], [10_000_000, 2]]]
    ratio = mantel_haenszel_ratio(strata)
    plain, _ = breslow_day_statistic(strata, Fraction(float(ratio)))
    assert 0 < ratio < 1e-6
    assert mantel_haenszel(strata).heterogeneity.statistic == pytest.approx(float(plain), rel=1e-8)


def test_every_ratio_alike_is_no_heterogeneity() -> None:
    ours = mantel_haenszel([[[2, 1], [1, 2]], [[20, 10], [10, 20]], [[4, 1], [2, 2]]])
    assert ours.ratio.value == pytest.approx(4, rel=1e-12)
    assert ours.heterogeneity.statistic == pytest.approx(0, abs=1e-20)
    assert ours.heterogeneity.p == 1
    assert mantel_haenszel([[[2, 2], [3, 3]], [[5, 5], [7, 7]]]).heterogeneity.p == 1


@pytest.mark.parametrize("strata", [[[1, 2], [3, 4]], [[[1, 2, 3], [4, 5, 6]]], [[[1, 2], [3, -4]]]])
def test_what_are_no_2x2_tables_is_refused(strata: object) -> None:
    with pytest.raises(ValueError, match=r"strata are tables|a table of counts"):
        mantel_haenszel(strata)  # type: ignore[arg-type]
