"""Newton's method for log-likelihoods that are concave, which also recognises estimates that run away to infinity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from etl.study.statistics.risk_sets import Numbers

MOST_ITERATIONS = 100
_SMALL_STEP = 1e-9  # Newton's error is then its square
_NO_GAIN = 1e-10  # of twice the log-likelihood, while a coefficient still moves
_ROUNDING = 1e-8  # the same, where no step improves the log-likelihood any more
_RUNNING = 0.01  # of the linear predictor, over the column's range, in one step
_MOST_HALVINGS = 30


class Evaluated(Protocol):
    """A log-likelihood with its derivatives at one point."""

    @property
    def logarithm(self) -> float:
        """The log-likelihood."""

    @property
    def score(self) -> Numbers:
        """Its first derivative."""

    @property
    def information(self) -> Numbers:
        """Its negative second derivative."""


@dataclass(frozen=True)
class Ascent:
    """Where Newton's method ended.

    Attributes:
        coefficients: The estimates; what stands at an infinite one is how far it had run.
        likelihood: The likelihood there.
        iterations: Steps taken.
        is_converged: Whether the maximum, or its limit, was reached.
        is_infinite: Which estimates run away.
        direction: The last step, whose signs give their direction.
    """

    coefficients: Numbers
    likelihood: Evaluated
    iterations: int
    is_converged: bool
    is_infinite: NDArray[np.bool_]
    direction: Numbers


def climb(evaluate: Callable[[Numbers], Evaluated], initial: Numbers, spread: Numbers) -> Ascent:
    """Maximise a log-likelihood.

    Where the data are separated, each step moves the linear predictor by about 1 and gains less by the factor e: an
    estimate that still moves when nothing is gained any more is infinite.

    Args:
        evaluate: The log-likelihood with its derivatives; columns should be centred and of deviation about 1.
        initial: Where to start.
        spread: Range of each column, which turns a step of a coefficient into one of the linear predictor.
    """
    coefficients = initial
    with np.errstate(all="ignore"):
        here = evaluate(coefficients)
    if not _is_finite(here):  # a start so far away that weights overflow; 0 always has a likelihood
        coefficients = np.zeros(len(initial))
        here = evaluate(coefficients)
    none = np.zeros(len(initial), dtype=bool)
    step = np.zeros(len(initial))
    for iteration in range(MOST_ITERATIONS):
        step = solve(here.information, here.score)
        moved = np.abs(step) * spread
        gain, is_running = float(step @ here.score), moved.max(initial=0.0) > _RUNNING
        if 0 <= gain < _NO_GAIN and is_running:
            return Ascent(coefficients, here, iteration, True, moved > _RUNNING, step)
        taken = _take_step(evaluate, coefficients, step, here)
        if taken is None and initial.any():  # a start so far away that the likelihood is flat, or rounding, there
            return climb(evaluate, np.zeros(len(initial)), spread)
        if taken is None and 0 <= gain < _ROUNDING and is_running:  # what is left to gain drowns in rounding
            return Ascent(coefficients, here, iteration, True, moved > _RUNNING, step)
        if taken is None:
            return Ascent(coefficients, here, iteration, False, none, step)
        coefficients, here = taken
        if np.abs(step).max(initial=0.0) < _SMALL_STEP:
            return Ascent(coefficients, here, iteration + 1, True, none, step)
    return Ascent(coefficients, here, MOST_ITERATIONS, False, none, step)


def solve(information: Numbers, right: Numbers) -> Numbers:
    """Solve after bringing the diagonal to 1; least squares where an escaping direction has no information left."""
    size = np.sqrt(np.maximum(np.diag(information), np.finfo(float).tiny))
    scaled = information / np.outer(size, size)
    by_row = size if right.ndim == 1 else size[:, None]
    try:
        np.linalg.cholesky(scaled)
        solution = np.linalg.solve(scaled, right / by_row)
    except np.linalg.LinAlgError:
        solution = np.linalg.lstsq(scaled, right / by_row, rcond=1e-14)[0]
    return np.asarray(solution / by_row, dtype=np.float64)


def _take_step(
    evaluate: Callable[[Numbers], Evaluated], coefficients: Numbers, step: Numbers, here: Evaluated
) -> tuple[Numbers, Evaluated] | None:
    """Halve the step until the likelihood does not fall by more than rounding; None where it always does."""
    floor = here.logarithm - 1e-12 * abs(here.logarithm) - 1e-12
    for _ in range(_MOST_HALVINGS):
        with np.errstate(all="ignore"):
            there = evaluate(coefficients + step)
        if _is_finite(there) and there.logarithm >= floor:
            return coefficients + step, there
        step = step / 2
    return None


def _is_finite(point: Evaluated) -> bool:
    return bool(
        np.isfinite(point.logarithm) and np.isfinite(point.score).all() and np.isfinite(point.information).all()
    )
