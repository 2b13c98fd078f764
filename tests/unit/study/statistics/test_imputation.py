"""Multiple imputation and Rubin's rules."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from etl.study.statistics import imputation
from etl.study.statistics.imputation import impute, nelson_aalen_at
from etl.study.statistics.logistic import fit_logistic
from etl.study.statistics.pooling import Pooled, pool, pooled_wald_test


def draw(seed: int, n: int = 600) -> pd.DataFrame:
    """A number and a factor that explain an outcome; both complete."""
    generator = np.random.default_rng(seed)
    x, z = generator.normal(size=(2, n))
    latent = 0.8 * x + generator.normal(size=n)
    level = pd.Categorical(
        np.select([latent < -0.5, latent < 0.8], ["low", "mid"], "high"), ["low", "mid", "high"], ordered=True
    )
    odds = -0.5 + 0.8 * x + 0.7 * (level == "high")
    outcome = (generator.random(n) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    return pd.DataFrame({"x": x, "level": level, "z": np.round(z), "outcome": outcome})


def remove(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Values missing at random: more often with the outcome, which biases complete cases."""
    generator = np.random.default_rng(seed)
    n, outcome = len(frame), frame["outcome"]
    holes = frame.copy()
    holes.loc[generator.random(n) < 0.1 + 0.4 * outcome * (frame["z"] > 0), "x"] = np.nan
    holes.loc[generator.random(n) < 0.15, "level"] = np.nan
    return holes


def design(frame: pd.DataFrame) -> np.ndarray:
    return np.column_stack([frame["x"], frame["level"] == "mid", frame["level"] == "high"]).astype(np.float64)


def pooled(frame: pd.DataFrame, *, m: int, seed: int) -> Pooled:
    fits = [fit_logistic(design(one), one["outcome"].to_numpy()) for one in impute(frame, m=m, iterations=5, seed=seed)]
    return pool([fit.coefficients for fit in fits], [fit.covariance for fit in fits], complete_df=len(frame) - 4)


def test_what_is_known_stays_and_what_is_drawn_occurs() -> None:
    holes = remove(draw(1), 1)
    copies = list(impute(holes, m=3, iterations=2, seed=5))
    assert len(copies) == 3
    for one in copies:
        assert not one.isna().any().any()
        assert one["level"].dtype == holes["level"].dtype
        for name in holes:
            known = holes[name].notna()
            assert (one.loc[known, name] == holes.loc[known, name]).all()
            assert set(one[name]) <= set(holes.loc[known, name])
    assert not copies[0]["x"].equals(copies[1]["x"])
    assert holes["x"].isna().any()  # the frame itself is not changed


def test_the_same_seed_gives_the_same_copies() -> None:
    holes = remove(draw(1, 200), 1)
    first, again, other = (list(impute(holes, m=2, iterations=2, seed=seed)) for seed in (5, 5, 6))
    assert first[1].equals(again[1])
    assert not first[1].equals(other[1])


def test_an_index_that_is_not_a_count_does_no_harm() -> None:
    holes = remove(draw(2, 100), 2)
    moved = holes.set_index(pd.Index([f"p{number}" for number in range(100)]))
    plain, named = next(iter(impute(holes, m=1, seed=1))), next(iter(impute(moved, m=1, seed=1)))
    assert named.index.equals(moved.index)
    assert named["level"].tolist() == plain["level"].tolist()
    assert named["x"].tolist() == plain["x"].tolist()


@pytest.mark.slow
def test_imputation_covers_the_truth_of_the_complete_data() -> None:
    """Over 60 samples the mean of the pooled estimates is that of the complete data, and 95 % limits hold 0.8."""
    differences, covered = [], 0
    for seed in range(60):
        frame = draw(seed, 400)
        complete = fit_logistic(design(frame), frame["outcome"].to_numpy())
        found = pooled(remove(frame, seed), m=5, seed=seed)
        differences.append(found.estimates - complete.coefficients)
        covered += bool(found.lower[0] <= 0.8 <= found.upper[0])
        assert (np.diag(found.covariance) > np.diag(found.within)).all()
    error = np.std(differences, axis=0) / np.sqrt(60)
    assert (np.abs(np.mean(differences, axis=0)) < 4 * error).all()
    assert covered >= 52


def test_a_relation_survives_that_a_mean_would_break() -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=500)
    y = 2 * x + generator.normal(size=500)
    holes = pd.DataFrame({"x": x, "y": np.where(generator.random(500) < 0.4, np.nan, y)})
    filled = next(iter(impute(holes, m=1, iterations=3, seed=1)))
    missing = holes["y"].isna()
    slope = np.polyfit(filled.loc[missing, "x"], filled.loc[missing, "y"], 1)[0]
    spread = np.std(filled.loc[missing, "y"] - slope * filled.loc[missing, "x"])
    assert slope == pytest.approx(2, abs=0.25)
    assert spread == pytest.approx(1, abs=0.2)


def test_a_factor_that_another_column_separates_is_drawn_without_failing() -> None:
    group = np.repeat(["a", "b"], 100)
    copy = pd.Series(group).where(np.arange(200) % 7 != 0)
    holes = pd.DataFrame(
        {
            "group": pd.Categorical(group, ["a", "b"]),
            "copy": pd.Categorical(copy, ["a", "b", "never"]),
            "y": np.arange(200.0),
        }
    )
    filled = next(iter(impute(holes, m=1, seed=1)))
    assert (filled["copy"].astype(str) == group).mean() > 0.97
    assert "never" not in set(filled["copy"])


def test_columns_that_determine_each_other_do_no_harm() -> None:
    holes = remove(draw(4, 200), 4)
    holes["again"] = holes["z"] * 2 + 1
    holes["same"] = 7.0
    assert not next(iter(impute(holes, m=1, iterations=2, seed=1))).isna().any().any()


def test_nothing_missing_gives_the_same_frame() -> None:
    frame = draw(5, 50)
    assert all(one.equals(frame) for one in impute(frame, m=2, seed=1))


def test_wrong_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody has a value of x"):
        next(impute(pd.DataFrame({"x": [np.nan, np.nan]}), m=1, seed=1))
    with pytest.raises(TypeError, match="neither a Categorical nor a number"):
        next(impute(pd.DataFrame({"x": ["a", "b"]}), m=1, seed=1))


def test_the_multinomial_fit_is_statsmodels() -> None:
    from statsmodels.discrete.discrete_model import MNLogit

    frame = draw(6, 500)
    full = np.column_stack([np.ones(500), frame["x"], frame["z"]])
    codes = frame["level"].cat.codes.to_numpy()
    beta, covariance = imputation._fit_multinomial(full, np.eye(3)[codes], np.ones(500))
    theirs = MNLogit(codes, full).fit(method="newton", disp=0, tol=1e-12)
    assert beta == pytest.approx(np.asarray(theirs.params), abs=1e-4)  # the ridge of 1e-5 is felt
    order = np.arange(6).reshape(3, 2).T.ravel()  # theirs runs over columns first
    assert covariance[np.ix_(order, order)] == pytest.approx(np.asarray(theirs.cov_params()), rel=1e-3, abs=1e-5)


def test_nelson_aalen_by_hand() -> None:
    """Deaths at 2 (of 4), 3 (of 3) and 5 (of 1); censored at 3."""
    found = nelson_aalen_at(np.array([2.0, 3, 3, 5]), np.array([1, 1, 0, 1]))
    assert found == pytest.approx([1 / 4, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 + 1])


def test_rubins_rules_in_fractions() -> None:
    """Estimates 1, 2, 3 with variances 1, 1, 4; 20 degrees of freedom without missing values."""
    found = pool([np.array([float(q)]) for q in (1, 2, 3)], [np.array([[v]]) for v in (1.0, 1.0, 4.0)], complete_df=20)
    within, between = Fraction(2), Fraction(1)
    total = within + Fraction(4, 3) * between
    share = Fraction(4, 3) * between / total
    old = 2 / share**2
    observed = Fraction(21, 23) * 20 * (1 - share)
    df = old * observed / (old + observed)
    increase = Fraction(4, 3) * between / within
    assert found.estimates[0] == 2
    assert found.covariance[0, 0] == pytest.approx(float(total), rel=1e-12)
    assert found.df[0] == pytest.approx(float(df), rel=1e-12)
    assert found.fraction_missing[0] == pytest.approx(float((increase + 2 / (df + 3)) / (increase + 1)), rel=1e-12)
    assert found.standard_errors[0] == pytest.approx(float(total) ** 0.5, rel=1e-12)
    large = pool([np.array([float(q)]) for q in (1, 2, 3)], [np.array([[2.0]])] * 3, complete_df=np.inf)
    assert large.df[0] == pytest.approx(float(old), rel=1e-12)


def test_imputations_that_agree_add_no_variance() -> None:
    found = pool([np.array([1.0])] * 4, [np.array([[4.0]])] * 4, complete_df=np.inf)
    assert (found.covariance[0, 0], found.df[0]) == (4.0, np.inf)
    assert found.p[0] == pytest.approx(0.6170750774519738, rel=1e-12)  # z = 0.5
    assert found.fraction_missing[0] == 0


def test_a_block_of_one_is_the_square_of_t() -> None:
    found = pool([np.array([q, 1.0]) for q in (1.0, 2.0, 3.0)], [np.diag([2.0, 1.0])] * 3, complete_df=np.inf)
    test = pooled_wald_test(found, [0])
    assert test.statistic == pytest.approx((found.estimates[0] / found.standard_errors[0]) ** 2, rel=1e-12)
    assert test.df == 1
    # with k = 1 and m = 3, t = 2: (1 + 1/r)^2 x t x (1 + 1/k) / 2
    assert test.note == f"F with 1 and {2 * (1 + 1 / (2 / 3)) ** 2:.6g} degrees of freedom."
    assert pooled_wald_test(pool([np.ones(1)] * 3, [np.eye(1)] * 3, complete_df=np.inf), [0]).note.startswith(
        "F with 1 and inf"
    )


def test_an_infinite_estimate_is_not_pooled() -> None:
    found = pool([np.array([np.inf, 1.0]), np.array([3.0, 2.0])], [np.diag([np.nan, 1.0]), np.eye(2)], complete_df=50)
    assert np.isnan(found.estimates[0])
    assert found.estimates[1] == 1.5
    assert np.isfinite(found.p[1])
    assert found.note == "1 estimates are not finite in every imputation and cannot be pooled."
    assert pooled_wald_test(found, [0, 1]).p is None
    with pytest.raises(ValueError, match="two imputations"):
        pool([np.ones(1)], [np.eye(1)], complete_df=5)


@pytest.mark.slow
def test_there_are_twenty_copies_of_the_study() -> None:
    generator = np.random.default_rng(8)
    frame = draw(8, 1566)
    for number in range(12):
        frame[f"f{number}"] = pd.Categorical(np.where(generator.random(1566) < 0.3, "yes", "no"), ["no", "yes"])
    holes = remove(frame, 8)
    assert len(list(impute(holes, m=20, iterations=10, seed=1))) == 20
