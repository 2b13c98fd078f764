"""The p values that printed means and standard deviations allow: an interval, not a number."""

import numpy as np
import pytest
from scipy import stats

from etl.study.statistics.rounded_p import p_interval_from_rounded


def test_the_age_of_the_paper() -> None:
    low, high = p_interval_from_rounded(
        58.66, 10.12, 258, 57.94, 10.65, 1309, mean_decimals=2, sd_decimals=2, method="student_t"
    )
    assert (low, high) == pytest.approx((0.310, 0.324), abs=5e-4)
    assert low < 0.319 < high  # Table 3
    assert not low < 0.163 < high  # Table 1


def test_the_duration_of_partial_responses_is_welch() -> None:
    printed = {"mean_decimals": 2, "sd_decimals": 2}
    student = p_interval_from_rounded(9.53, 14.55, 38, 3.39, 2.88, 101, **printed, method="student_t")
    welch = p_interval_from_rounded(9.53, 14.55, 38, 3.39, 2.88, 101, **printed, method="welch_t")
    assert student[0] < 0.000083 < student[1] < welch[0] < 0.0138 < welch[1]


@pytest.mark.parametrize("method", ["student_t", "welch_t"])
def test_no_number_that_rounds_to_the_printed_ones_falls_outside(method: str) -> None:
    rng = np.random.default_rng(9)
    for _ in range(40):
        n1, n2 = int(rng.integers(2, 60)), int(rng.integers(2, 60))
        mean1, mean2 = (round(float(mean), 1) for mean in rng.normal(0, 2, 2))
        sd1, sd2 = (round(float(sd), 1) for sd in rng.uniform(0.0, 3, 2))
        low, high = p_interval_from_rounded(
            mean1, sd1, n1, mean2, sd2, n2, mean_decimals=1, sd_decimals=1, method=method
        )
        means = rng.uniform(-0.05, 0.05, (2, 3000)) + np.array([[mean1], [mean2]])
        sds = np.maximum(rng.uniform(-0.05, 0.05, (2, 3000)) + np.array([[sd1], [sd2]]), 1e-6)
        corners = np.array([-0.05, 0.05])
        means = np.column_stack([means, [mean1 + corners, mean2 - corners], [mean1 + corners, mean2 - corners]])
        ends = np.maximum(np.array([[sd1 - 0.05, sd1 + 0.05] * 2, [sd2 - 0.05, sd2 + 0.05] * 2]), 1e-6)
        sds = np.column_stack([sds, ends])
        p = stats.ttest_ind_from_stats(
            means[0], sds[0], n1, means[1], sds[1], n2, equal_var=method == "student_t"
        ).pvalue
        assert low <= p.min() * (1 + 1e-9)
        assert p.max() <= high * (1 + 1e-9)
        assert 0 <= low <= high <= 1


def test_means_that_may_be_equal_allow_p_of_1() -> None:
    assert p_interval_from_rounded(5.1, 1, 9, 5.2, 1, 9, mean_decimals=1, sd_decimals=0, method="welch_t")[1] == 1
    assert p_interval_from_rounded(5, 0, 9, 5, 0, 9, mean_decimals=0, sd_decimals=0, method="student_t") == (0, 1)


def test_more_decimals_narrow_the_interval_to_the_one_p() -> None:
    low, high = p_interval_from_rounded(
        58.66, 10.12, 258, 57.94, 10.65, 1309, mean_decimals=12, sd_decimals=12, method="welch_t"
    )
    exact = stats.ttest_ind_from_stats(58.66, 10.12, 258, 57.94, 10.65, 1309, equal_var=False).pvalue
    assert low == pytest.approx(exact, rel=1e-9)
    assert high == pytest.approx(exact, rel=1e-9)


def test_the_smallest_p_may_lie_between_the_ends_of_the_deviations() -> None:
    # The second group has 2 members: a larger first deviation widens the error, yet adds degrees of freedom.
    low, _ = p_interval_from_rounded(40, 30, 20, 0, 10, 2, mean_decimals=9, sd_decimals=-1, method="welch_t")
    first, second = np.linspace(25, 35, 1001)[:, None], np.linspace(5, 15, 11)[None, :]
    p = stats.ttest_ind_from_stats(40, first, 20, 0, second, 2, equal_var=False).pvalue
    ends = p[[0, 0, -1, -1], [0, -1, 0, -1]].min()
    assert low == pytest.approx(p.min(), rel=1e-6)
    assert low < 0.9 * ends


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"n1": 1}, "two members"),
        ({"sd2": -1.0}, "standard deviations"),
        ({"mean1": float("nan")}, "finite"),
        ({"method": "kruskal_wallis"}, "student_t and welch_t"),
    ],
)
def test_what_has_no_t_test_is_refused(changed: dict[str, object], text: str) -> None:
    printed = {"mean1": 1.0, "sd1": 1.0, "n1": 5, "mean2": 2.0, "sd2": 1.0, "n2": 5, "method": "welch_t"}
    with pytest.raises(ValueError, match=text):
        p_interval_from_rounded(**{**printed, **changed}, mean_decimals=1, sd_decimals=1)  # type: ignore[arg-type]
