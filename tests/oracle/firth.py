"""Firth's logistic regression the slow way: maximise the penalised likelihood without derivatives of the penalty."""

import numpy as np
from scipy.optimize import brentq, minimize

Array = np.ndarray


def penalised(parameters: Array, matrix: Array, outcome: Array) -> float:
    """Log likelihood plus half the logarithm of the information's determinant, patient by patient."""
    size = matrix.shape[1] + 1
    information, value = np.zeros((size, size)), 0.0
    for row, event in zip(matrix, outcome, strict=True):
        full = np.concatenate([[1.0], row])
        odds = full @ parameters
        chance = 1 / (1 + np.exp(-odds))
        value += event * odds - np.logaddexp(0, odds)
        information += chance * (1 - chance) * np.outer(full, full)
    sign, logarithm = np.linalg.slogdet(information)
    return value + logarithm / 2 if sign > 0 else -np.inf


def maximum(matrix: Array, outcome: Array, fixed: dict[int, float], start: Array | None = None) -> Array:
    """Parameters (intercept first) at the maximum with some of them fixed."""
    size = matrix.shape[1] + 1
    free = [number for number in range(size) if number not in fixed]
    parameters = np.zeros(size) if start is None else start.copy()
    for number, value in fixed.items():
        parameters[number] = value

    def loss(part: Array) -> float:
        whole = parameters.copy()
        whole[free] = part
        return -penalised(whole, matrix, outcome)

    if not free:
        return parameters
    part = parameters[free]
    for _ in range(4):  # a simplex that starts anew does not stay in a fold
        part = minimize(loss, part, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-14, "maxfev": 4000}).x
    parameters[free] = part
    return parameters


def profile_limits(matrix: Array, outcome: Array, number: int, drop: float) -> tuple[float, float]:
    """Where the profile of one parameter lies `drop` below the maximum."""
    best = maximum(matrix, outcome, {})
    top = penalised(best, matrix, outcome)

    def excess(value: float) -> float:
        return top - drop - penalised(maximum(matrix, outcome, {number: value}, best), matrix, outcome)

    limits = []
    for sign in (-1, 1):
        width = 1.0
        while excess(best[number] + sign * width) < 0:
            width *= 2
        limits.append(brentq(excess, *sorted((best[number], best[number] + sign * width)), xtol=1e-10))
    return limits[0], limits[1]
