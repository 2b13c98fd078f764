"""Multiple imputation by chained equations (van Buuren 2007): missing values are drawn from models of all other columns.

Numbers by predictive mean matching, so that only values occur that were observed; factors, ordered or not, by
multinomial logistic regression (logistic with two levels). Each draw takes new parameters from their approximate
posterior. Artificial patients of little weight keep a factor's model finite (White, Daniel and Royston 2010).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Numbers = NDArray[np.float64]

DONORS = 5
RIDGE = 1e-5
"""Share that is added to a column's sum of squares, so that columns that determine each other do no harm."""


@dataclass
class _Column:
    """One column of the frame while it is being filled in: numbers, or the codes of a factor."""

    name: str
    values: Numbers
    is_missing: NDArray[np.bool_]
    n_levels: int  # 0 for a number

    def predictors(self) -> Numbers:
        """Return the number, or indicators of all levels but the first."""
        if not self.n_levels:
            return self.values[:, None]
        return np.asarray(self.values[:, None] == np.arange(1, self.n_levels), dtype=np.float64)


def impute(frame: "pd.DataFrame", *, m: int = 20, iterations: int = 10, seed: int) -> "Iterator[pd.DataFrame]":
    """Yield `m` copies of `frame` with every missing value drawn.

    Columns are Categoricals or numbers, and every column helps to predict every other: the outcome must be among them
    (for survival times the event and `nelson_aalen_at`; White and Royston 2009). Levels that nobody has are never
    drawn. The same `seed` gives the same copies. Raises ValueError where nobody has a value of a column, TypeError where
    one is neither a Categorical nor a number.
    """
    columns = [_read(frame[name], str(name)) for name in frame.columns]
    generators = np.random.Generator(np.random.PCG64(seed)).spawn(m)
    for generator in generators:
        filled = [_Column(one.name, one.values.copy(), one.is_missing, one.n_levels) for one in columns]
        to_fill = sorted((one for one in filled if one.is_missing.any()), key=lambda one: int(one.is_missing.sum()))
        for one in to_fill:
            observed = one.values[~one.is_missing]
            one.values[one.is_missing] = generator.choice(observed, int(one.is_missing.sum()))
        for _ in range(iterations):
            for one in to_fill:
                others = [other.predictors() for other in filled if other is not one]
                predictors = np.column_stack(others) if others else np.empty((len(frame), 0))
                draw = _draw_levels if one.n_levels else _draw_numbers
                one.values[one.is_missing] = draw(one, _standardised(predictors), generator)
        yield _write(frame, filled)


def nelson_aalen_at(time: Numbers, event: Numbers) -> Numbers:
    """Return each patient's cumulative hazard by Nelson and Aalen at the end of the observation."""
    is_event = np.asarray(event) == 1
    days, deaths = np.unique(time[is_event], return_counts=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), days, side="left")
    hazard = np.concatenate([[0.0], np.cumsum(deaths / at_risk)])
    return np.asarray(hazard[np.searchsorted(days, time, side="right")])


def _read(values: "pd.Series", name: str) -> _Column:
    is_missing = np.asarray(values.isna(), dtype=np.bool_)
    if is_missing.all():
        raise ValueError(f"nobody has a value of {name}")
    if hasattr(values, "cat"):
        return _Column(name, np.asarray(values.cat.codes, dtype=np.float64), is_missing, len(values.cat.categories))
    if values.dtype.kind not in "biuf":
        raise TypeError(f"{name} is neither a Categorical nor a number but {values.dtype}")
    return _Column(name, np.asarray(values, dtype=np.float64), is_missing, 0)


def _write(frame: "pd.DataFrame", filled: list[_Column]) -> "pd.DataFrame":
    import pandas as pd

    complete = frame.copy()
    for one in filled:
        if not one.is_missing.any():
            continue
        if one.n_levels:
            complete[one.name] = pd.Categorical.from_codes(one.values.astype(np.int64), dtype=frame[one.name].dtype)
        else:
            complete[one.name] = one.values
    return complete


def _standardised(predictors: Numbers) -> Numbers:
    """Return an intercept and the columns that vary, each of mean 0 and deviation 1."""
    deviation = predictors.std(axis=0)
    varies = deviation > 0
    scaled = (predictors[:, varies] - predictors[:, varies].mean(axis=0)) / deviation[varies]
    return np.column_stack([np.ones(len(predictors)), scaled])


def _draw_numbers(one: _Column, full: Numbers, generator: np.random.Generator) -> Numbers:
    """Draw among the observed values of the patients whose prediction is nearest (type 1 matching)."""
    seen, outcome = full[~one.is_missing], one.values[~one.is_missing]
    n, p = seen.shape
    gram = seen.T @ seen
    inverse = np.linalg.inv(gram + np.diag(RIDGE * np.diag(gram)))
    estimate = inverse @ (seen.T @ outcome)
    residual = float(np.sum((outcome - seen @ estimate) ** 2))
    sigma = np.sqrt(residual / generator.chisquare(max(1, n - p)))
    drawn = estimate + sigma * np.linalg.cholesky(inverse) @ generator.standard_normal(p)
    predicted = seen @ estimate
    order = np.argsort(predicted, kind="stable")
    targets = full[one.is_missing] @ drawn
    n_donors = min(DONORS, n)
    middle = np.searchsorted(predicted[order], targets)
    # the nearest donors of a sorted list lie within so many places of the target's own
    window = np.clip(middle[:, None] + np.arange(-n_donors, n_donors), 0, n - 1)
    distance = np.abs(predicted[order][window] - targets[:, None])
    distance[:, 1:][window[:, 1:] == window[:, :-1]] = np.inf  # clipped to the same donor
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :n_donors]
    chosen = nearest[np.arange(len(targets)), generator.integers(0, n_donors, len(targets))]
    return np.asarray(outcome[order][window[np.arange(len(targets)), chosen]])


def _draw_levels(one: _Column, full: Numbers, generator: np.random.Generator) -> Numbers:
    """Draw levels from their probabilities under drawn parameters of a multinomial logistic regression."""
    present = np.unique(one.values[~one.is_missing])
    if len(present) == 1:
        return np.full(int(one.is_missing.sum()), present[0])
    level = np.searchsorted(present, one.values[~one.is_missing])
    seen, shares, weights = _augment(full[~one.is_missing], np.eye(len(present))[level])
    estimate, covariance = _fit_multinomial(seen, shares, weights)
    drawn = estimate.ravel() + np.linalg.cholesky(covariance) @ generator.standard_normal(estimate.size)
    probability = _probabilities(full[one.is_missing], drawn.reshape(estimate.shape))
    below = np.cumsum(probability, axis=1)[:, :-1]
    return np.asarray(present[(generator.random(len(below))[:, None] > below).sum(axis=1)])


def _augment(seen: Numbers, shares: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Add to each predictor two artificial patients per level, a deviation above and below the mean; weighing p + 1."""
    n_levels, p = shares.shape[1], seen.shape[1] - 1
    if p == 0:
        return seen, shares, np.ones(len(seen))
    deviation = seen[:, 1:].std(axis=0)
    mean = np.concatenate([[1.0], seen[:, 1:].mean(axis=0)])
    steps = np.column_stack([np.zeros(p), np.diag(deviation)])
    added = np.tile(np.concatenate([mean + steps, mean - steps]), (n_levels, 1))
    added_shares = np.repeat(np.eye(n_levels), 2 * p, axis=0)
    weights = np.concatenate([np.ones(len(seen)), np.full(len(added), (p + 1) / len(added))])
    return np.concatenate([seen, added]), np.concatenate([shares, added_shares]), weights


def _fit_multinomial(full: Numbers, shares: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Maximise a weighted multinomial likelihood; log odds against the first level (p x levels - 1), and covariance."""
    p, n_odds = full.shape[1], shares.shape[1] - 1
    beta = np.zeros((p, n_odds))
    probability = _probabilities(full, beta)
    value = float(weights @ np.log(np.sum(shares * probability, axis=1)))
    covariance = np.eye(p * n_odds)
    for _ in range(50):
        gradient = full.T @ (weights[:, None] * (shares - probability)[:, 1:])
        information = np.empty((p, n_odds, p, n_odds))
        for a in range(n_odds):
            for b in range(a + 1):
                curve = weights * probability[:, a + 1] * ((a == b) - probability[:, b + 1])
                information[:, a, :, b] = information[:, b, :, a] = (full * curve[:, None]).T @ full
        square = information.reshape(p * n_odds, p * n_odds)
        covariance = np.linalg.inv(square + np.diag(RIDGE * np.diag(square)))
        step = (covariance @ gradient.ravel()).reshape(p, n_odds)
        gain = float(gradient.ravel() @ step.ravel())
        if gain < 1e-8:  # noqa: PLR2004
            break
        for _ in range(30):
            probability = _probabilities(full, beta + step)
            next_value = float(weights @ np.log(np.maximum(np.sum(shares * probability, axis=1), 1e-300)))
            if next_value > value:
                break
            step /= 2
        beta, value = beta + step, next_value
    return beta, (covariance + covariance.T) / 2


def _probabilities(full: Numbers, beta: Numbers) -> Numbers:
    """Return each row's probability of each level, the first level's log odds being 0."""
    odds = np.column_stack([np.zeros(len(full)), full @ beta])
    odds = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
