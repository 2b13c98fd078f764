"""Slow, obvious survival statistics: exact fractions for log-rank and Aalen-Johansen, enumeration for Cox, all pairs for C."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np

Row = Sequence[float]


def exact_log_rank(
    time: Sequence[int], event: Sequence[int], group: Sequence, stratum: Sequence | None = None
) -> Fraction:
    """Chi-square of the log-rank test; all groups must be comparable."""
    strata = stratum if stratum is not None else [0] * len(time)
    groups = sorted(set(group))[:-1]
    excess = [Fraction(0)] * len(groups)
    variance = [[Fraction(0)] * len(groups) for _ in groups]
    for name, t in sorted({(s, t) for s, t, e in zip(strata, time, event, strict=True) if e}):
        at_risk = [i for i, s in enumerate(strata) if s == name and time[i] >= t]
        n = len(at_risk)
        deaths = sum(1 for i in at_risk if time[i] == t and event[i])
        of_group = [sum(1 for i in at_risk if group[i] == g) for g in groups]
        for a, g in enumerate(groups):
            seen = sum(1 for i in at_risk if group[i] == g and time[i] == t and event[i])
            excess[a] += seen - Fraction(of_group[a] * deaths, n)
            for b in range(len(groups)):
                if n > 1:
                    share = Fraction(of_group[a] * (n if a == b else 0) - of_group[a] * of_group[b], n * n)
                    variance[a][b] += Fraction(deaths * (n - deaths), n - 1) * share
    return sum((x * y for x, y in zip(excess, _solve(variance, excess), strict=True)), Fraction(0))


def _solve(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = next(i for i in range(column, len(rows)) if rows[i][column] != 0)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for i in range(len(rows)):
            if i != column:
                rows[i] = [value - rows[i][column] * own for value, own in zip(rows[i], rows[column], strict=True)]
    return [row[-1] for row in rows]


def exact_incidence(time: Sequence[int], cause: Sequence[int], kind: int) -> dict[int, Fraction]:
    """Cumulative incidence of one cause from each of its times on."""
    survival, incidence, steps = Fraction(1), Fraction(0), {}
    for t in sorted({t for t, c in zip(time, cause, strict=True) if c}):
        at_risk = sum(1 for other in time if other >= t)
        events = [c for other, c in zip(time, cause, strict=True) if other == t and c]
        own = events.count(kind)
        incidence += survival * Fraction(own, at_risk)
        survival *= 1 - Fraction(len(events), at_risk)
        if own:
            steps[t] = incidence
    return steps


def brute_partial_likelihood(
    rows: Sequence[Row],
    time: Row,
    event: Sequence[int],
    coefficients: Row,
    *,
    ties: str,
    stratum: Sequence | None = None,
    entry: Row | None = None,
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log partial likelihood, score and information, time by time from the definitions."""
    x, beta = np.array(rows, float), np.array(coefficients, float)
    strata = stratum if stratum is not None else [0] * len(time)
    entries = entry if entry is not None else [-math.inf] * len(time)
    logarithm, score, information = 0.0, np.zeros(len(beta)), np.zeros((len(beta), len(beta)))
    for name, t in sorted({(s, t) for s, t, e in zip(strata, time, event, strict=True) if e}):
        at_risk = [i for i in range(len(time)) if strata[i] == name and entries[i] < t <= time[i]]
        dead = [i for i in at_risk if time[i] == t and event[i]]
        if ties == "exact":
            draws = [x[list(chosen)].sum(axis=0) for chosen in combinations(at_risk, len(dead))]
            terms = [(draws, [math.exp(draw @ beta) for draw in draws])]
        else:
            leaving = [k / len(dead) if ties == "efron" else 0.0 for k in range(len(dead))]
            terms = [
                (list(x[at_risk]), [math.exp(x[i] @ beta) * (1 - gone * (i in dead)) for i in at_risk])
                for gone in leaving
            ]
        logarithm += sum(float(x[i] @ beta) for i in dead)
        score += x[dead].sum(axis=0)
        for values, weights in terms:
            total = math.fsum(weights)
            mean = sum(w * v for w, v in zip(weights, values, strict=True)) / total
            logarithm -= math.log(total)
            score -= mean
            information += sum(w * np.outer(v - mean, v - mean) for w, v in zip(weights, values, strict=True)) / total
    return logarithm, score, information


def all_pairs(
    risk: Row, time: Row, event: Sequence[int], *, stratum: Sequence | None = None, entry: Row | None = None
) -> tuple[int, int, int]:
    """Concordant, discordant and tied pairs: one has the event while the other is at risk and does not have it then."""
    strata = stratum if stratum is not None else [0] * len(time)
    entries = entry if entry is not None else [-math.inf] * len(time)
    concordant = discordant = tied = 0
    for i, j in product(range(len(time)), repeat=2):
        is_later = time[j] > time[i] or (time[j] == time[i] and not event[j])
        if not event[i] or strata[i] != strata[j] or not is_later or not entries[j] < time[i]:
            continue
        concordant += risk[i] > risk[j]
        discordant += risk[i] < risk[j]
        tied += risk[i] == risk[j]
    return concordant, discordant, tied
