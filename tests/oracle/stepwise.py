"""Forward conditional stepwise selection the slow and obvious way: own likelihoods summed patient by patient."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import chi2

Array = np.ndarray
LogLikelihood = Callable[[Array], float]


def logistic_likelihood(matrix: Array, outcome: Array) -> LogLikelihood:
    """Log likelihood at (intercept, slopes)."""

    def value(parameters: Array) -> float:
        total = 0.0
        for row, event in zip(matrix, outcome, strict=True):
            odds = parameters[0] + sum(a * b for a, b in zip(row, parameters[1:], strict=True))
            total += event * odds - np.logaddexp(0, odds)
        return total

    return value


def logistic_derivatives(matrix: Array, outcome: Array, parameters: Array) -> tuple[Array, Array]:
    size = matrix.shape[1] + 1
    score, information = np.zeros(size), np.zeros((size, size))
    for row, event in zip(matrix, outcome, strict=True):
        full = np.concatenate([[1.0], row])
        chance = 1 / (1 + np.exp(-full @ parameters))
        score += (event - chance) * full
        information += chance * (1 - chance) * np.outer(full, full)
    return score, information


def cox_likelihood(matrix: Array, time: Array, event: Array) -> LogLikelihood:
    """Log partial likelihood with Breslow's ties."""

    def value(parameters: Array) -> float:
        total = 0.0
        for patient in np.flatnonzero(event):
            at_risk = [other for other in range(len(time)) if time[other] >= time[patient]]
            total += matrix[patient] @ parameters - np.log(sum(np.exp(matrix[other] @ parameters) for other in at_risk))
        return total

    return value


def cox_derivatives(matrix: Array, time: Array, event: Array, parameters: Array) -> tuple[Array, Array]:
    size = matrix.shape[1]
    score, information = np.zeros(size), np.zeros((size, size))
    for patient in np.flatnonzero(event):
        at_risk = [other for other in range(len(time)) if time[other] >= time[patient]]
        shares = np.array([np.exp(matrix[other] @ parameters) for other in at_risk])
        shares = shares / shares.sum()
        mean = shares @ matrix[at_risk]
        score += matrix[patient] - mean
        information += (matrix[at_risk].T * shares) @ matrix[at_risk] - np.outer(mean, mean)
    return score, information


class Model:
    """One kind of regression, with what the oracle needs of it."""

    def __init__(self, matrix: Array, outcome: Array, time: Array | None = None) -> None:
        self.matrix, self.outcome, self.time = matrix, outcome, time
        self.always = 1 if time is None else 0

    def likelihood(self, columns: Sequence[int]) -> LogLikelihood:
        part = self.matrix[:, list(columns)]
        return (
            logistic_likelihood(part, self.outcome)
            if self.time is None
            else cox_likelihood(part, self.time, self.outcome)
        )

    def derivatives(self, columns: Sequence[int], parameters: Array) -> tuple[Array, Array]:
        part = self.matrix[:, list(columns)]
        if self.time is None:
            return logistic_derivatives(part, self.outcome, parameters)
        return cox_derivatives(part, self.time, self.outcome, parameters)

    def fit(self, columns: Sequence[int]) -> Array:
        """Newton from zero, with as many steps as it takes."""
        parameters = np.zeros(self.always + len(columns))
        for _ in range(60):
            if not len(parameters):
                break
            score, information = self.derivatives(columns, parameters)
            step = np.linalg.solve(information, score)
            parameters = parameters + step
            if np.abs(step).max() < 1e-12:
                break
        return parameters


def stepwise(model: Model, blocks: dict[str, list[int]], p_in: float, p_out: float) -> list[tuple]:
    """Run the procedure; a list of ("enter" or "remove", variable, {variable: statistic}) and a last ("stop", ...)."""
    inside: list[str] = []
    seen = [frozenset()]
    moves: list[tuple] = []
    while True:
        columns = [column for name in inside for column in blocks[name]]
        fitted = model.fit(columns)
        tests = {}
        for name, block in blocks.items():
            if name in inside:
                continue
            # the score statistic of the larger model at the smaller one's estimates: U' I^-1 U, whole matrices
            score, information = model.derivatives([*columns, *block], np.concatenate([fitted, np.zeros(len(block))]))
            tests[name] = float(score @ np.linalg.solve(information, score))
        chances = {name: chi2.sf(statistic, len(blocks[name])) for name, statistic in tests.items()}
        best = min(chances, key=lambda name: chances[name]) if chances else None
        if best is None or chances[best] >= p_in:
            return [*moves, ("stop", None, tests)]
        moves.append(("enter", best, tests))
        inside.append(best)
        seen.append(frozenset(inside))
        while True:
            removal = {name: conditional_ratio(model, blocks, inside, name) for name in inside}
            chances = {name: chi2.sf(statistic, len(blocks[name])) for name, statistic in removal.items()}
            worst = max(chances, key=lambda name: chances[name])
            if chances[worst] <= p_out:
                moves.append(("keep", None, removal))
                break
            moves.append(("remove", worst, removal))
            inside.remove(worst)
            if frozenset(inside) in seen:
                return moves
            seen.append(frozenset(inside))


def conditional_ratio(model: Model, blocks: dict[str, list[int]], inside: list[str], name: str) -> float:
    """Twice the loss of log likelihood when one variable's coefficients are set to zero and the others follow.

    The others follow along the quadratic approximation of the likelihood at its maximum: minimise, over them, the
    quadratic form of the information with the removed ones fixed.
    """
    columns = [column for other in inside for column in blocks[other]]
    fitted = model.fit(columns)
    information = model.derivatives(columns, fitted)[1]
    out = [model.always + columns.index(column) for column in blocks[name]]
    rest = [number for number in range(len(fitted)) if number not in out]
    moved = fitted[rest]
    if rest:
        moved = moved + np.linalg.solve(information[np.ix_(rest, rest)], information[np.ix_(rest, out)] @ fitted[out])
    kept = [column for column in columns if column not in blocks[name]]
    return 2 * (model.likelihood(columns)(fitted) - model.likelihood(kept)(moved))
