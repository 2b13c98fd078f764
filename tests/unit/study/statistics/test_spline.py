import numpy as np
import pytest

from etl.study.statistics.median_interval import median_interval
from etl.study.statistics.spline import KNOT_QUANTILES, restricted_cubic_spline, spline_basis


@pytest.mark.parametrize("knots", sorted(KNOT_QUANTILES))
def test_a_spline_is_smooth_and_straight_outside_its_knots(knots):
    spline = restricted_cubic_spline(np.linspace(0, 10, 501) ** 1.5, knots=knots)
    assert len(spline.knots) == knots
    assert spline.basis.shape == (501, knots - 1)
    assert not spline.note
    first, last = spline.knots[0], spline.knots[-1]
    outside = np.concatenate((first - np.arange(3.0), last + np.arange(3.0)))
    tails = spline_basis(outside, spline.knots)
    assert np.allclose(tails[:3, 1:], 0, atol=1e-12)
    assert np.allclose(np.diff(tails[3:], n=2, axis=0), 0, atol=1e-9)
    step = 1e-4
    for knot in spline.knots:  # second differences have no jump at a knot
        around = spline_basis(knot + step * np.arange(-2, 3), spline.knots)
        curvature = np.diff(around, n=2, axis=0) / step**2
        assert np.allclose(curvature[0], curvature[-1], atol=1e-2)


def test_a_basis_computed_by_hand():
    """Knots 0, 1, 3; at 4: (64 - 27 x 3/2 + 1 x 1/2) / 9."""
    assert spline_basis([4.0, 0.5], [0, 1, 3]) == pytest.approx(np.array([[4, 24 / 9], [0.5, 0.125 / 9]]))


def test_the_usual_quantiles():
    assert restricted_cubic_spline(np.arange(101.0), knots=4).knots.tolist() == pytest.approx([5, 35, 65, 95])


def test_too_few_values():
    assert "coincide" in restricted_cubic_spline([*range(1, 20), *[20] * 40], knots=5).note
    flat = restricted_cubic_spline([1.0, *[2.0] * 40, 3.0])
    assert flat.basis.shape == (42, 1)
    assert len(flat.knots) == 0
    assert "no spline" in flat.note
    assert restricted_cubic_spline([]).note == "There are no values."
    with pytest.raises(ValueError, match="3 to 7"):
        restricted_cubic_spline([1.0, 2.0], knots=2)
    with pytest.raises(ValueError, match="complete"):
        restricted_cubic_spline([1.0, np.nan])


def test_median_interval_by_hand():
    """Ten deaths at 1 to 10: S(5) = 0.5; density from S(4) = 0.6 and S(6) = 0.4, 0.1 a day; error sqrt(0.025)."""
    n = 10.0 - np.arange(10)
    survival = (n - 1) / 10
    greenwood = np.cumsum(np.divide(1, n * (n - 1), out=np.full(10, np.inf), where=n > 1))
    found = median_interval(np.arange(1, 11), survival, greenwood)
    assert found.median == 5
    assert found.standard_error == pytest.approx(np.sqrt(0.025) / 0.1)
    assert found.lower == pytest.approx(5 - 1.959963984540054 * np.sqrt(0.025) / 0.1)
    assert found.upper == pytest.approx(5 + 1.959963984540054 * np.sqrt(0.025) / 0.1)


@pytest.mark.parametrize(
    ("time", "survival", "greenwood", "words"),
    [
        ([], [], [], "does not fall"),
        ([1], [0.75], [0.1], "does not fall"),
        ([1, 2], [0.7, 0.48], [0.1, 0.2], "below 0.45"),
        ([1, 2], [0.5, 0.2], [0.1, 0.2], "through 0.55"),
        ([1, 2], [0.6, 0.0], [0.1, np.inf], "Survival is 0"),
    ],
)
def test_a_median_without_an_interval(time, survival, greenwood, words):
    found = median_interval(time, survival, greenwood)
    assert words in found.note
    assert found.standard_error is None


@pytest.mark.parametrize("bad", [([1, 1], [0.6, 0.4]), ([1, 2], [0.4, 0.6]), ([1], [0.6, 0.4])])
def test_a_curve_that_is_none(bad):
    with pytest.raises(ValueError, match=r"rise|length"):
        median_interval(*bad, [0.1, 0.2])
