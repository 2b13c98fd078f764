"""Slow, obvious, exact oracles of tables of counts: every table is listed, every number is a fraction."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import comb, factorial, prod

Table = tuple[tuple[int, ...], ...]


def fisher_p(table: Sequence[Sequence[int]]) -> Fraction:
    """Sum the probabilities of all tables with the observed margins that are no more probable than the observed one."""
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    observed = _probability(table, rows, columns)
    probabilities = [_probability(other, rows, columns) for other in tables_with(rows, columns)]
    assert sum(probabilities) == 1
    return sum((probability for probability in probabilities if probability <= observed), Fraction(0))


def tables_with(rows: Sequence[int], columns: Sequence[int]) -> Iterator[Table]:
    """List all tables of counts with the given totals of rows and columns."""
    if len(rows) == 1:
        yield (tuple(columns),)
        return
    for first in _shares(rows[0], columns):
        rest = [column - given for column, given in zip(columns, first, strict=True)]
        for others in tables_with(rows[1:], rest):
            yield (first, *others)


def tails_at(table: Sequence[Sequence[int]], ratio: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """Compute P(first cell <= observed), P(>= observed) and the first cell's mean, at an odds ratio, given the margins."""
    (a, b), (c, d) = table
    masses = {
        x: comb(a + b, x) * comb(c + d, a + c - x) * ratio**x for x in range(max(0, a - d), min(a + b, a + c) + 1)
    }
    total = sum(masses.values())
    below = sum((mass for x, mass in masses.items() if x <= a), Fraction(0))
    above = sum((mass for x, mass in masses.items() if x >= a), Fraction(0))
    mean = sum((x * mass for x, mass in masses.items()), Fraction(0))
    return below / total, above / total, mean / total


def pearson_statistic(table: Sequence[Sequence[int]]) -> Fraction:
    """Compute Pearson's chi-square without correction."""
    return _chi_square(table, Fraction(0))


def yates_statistic(table: Sequence[Sequence[int]]) -> Fraction:
    """Compute the chi-square of a 2x2 table with each difference one half smaller, or 0."""
    return _chi_square(table, Fraction(1, 2))


def mantel_haenszel_ratio(strata: Sequence[Sequence[Sequence[int]]]) -> Fraction | None:
    """Compute the common odds ratio; None where it would divide by 0."""
    for_, against = Fraction(0), Fraction(0)
    for (a, b), (c, d) in strata:
        if a + b + c + d:
            for_ += Fraction(a * d, a + b + c + d)
            against += Fraction(b * c, a + b + c + d)
    return for_ / against if against else None


def mantel_haenszel_log_variance(strata: Sequence[Sequence[Sequence[int]]]) -> Fraction:
    """Compute Robins, Breslow and Greenland's variance of the log of the common odds ratio."""
    r, s, pr, ps_qr, qs = (Fraction(0) for _ in range(5))
    for (a, b), (c, d) in strata:
        n = a + b + c + d
        if n == 0:
            continue
        p, q, r_k, s_k = Fraction(a + d, n), Fraction(b + c, n), Fraction(a * d, n), Fraction(b * c, n)
        r, s = r + r_k, s + s_k
        pr, ps_qr, qs = pr + p * r_k, ps_qr + p * s_k + q * r_k, qs + q * s_k
    return pr / (2 * r**2) + ps_qr / (2 * r * s) + qs / (2 * s**2)


def cochran_mantel_haenszel_statistic(strata: Sequence[Sequence[Sequence[int]]]) -> Fraction | None:
    """Compute the test's chi-square without correction; None where nothing varies."""
    surplus, variance = Fraction(0), Fraction(0)
    for (a, b), (c, d) in strata:
        n = a + b + c + d
        if n > 1:
            surplus += a - Fraction((a + b) * (a + c), n)
            variance += Fraction((a + b) * (c + d) * (a + c) * (b + d), n * n * (n - 1))
    return surplus**2 / variance if variance else None


def breslow_day_statistic(strata: Sequence[Sequence[Sequence[int]]], ratio: Fraction) -> tuple[Fraction, Fraction]:
    """Compute Breslow and Day's chi-square, plain and with Tarone's adjustment, from expected cells found by bisection."""
    squares, differences, variances = Fraction(0), Fraction(0), Fraction(0)
    for (a, b), (c, d) in strata:
        if min(a + b, c + d, a + c, b + d) == 0:
            continue
        low, high = Fraction(max(0, a - d)), Fraction(min(a + b, a + c))
        for _ in range(70):
            x = (low + high) / 2
            is_below = x * (d - a + x) < ratio * (a + b - x) * (a + c - x)
            low, high = (x, high) if is_below else (low, x)
        x = (low + high) / 2
        variance = 1 / (1 / x + 1 / (a + b - x) + 1 / (a + c - x) + 1 / (d - a + x))
        squares += (a - x) ** 2 / variance
        differences += a - x
        variances += variance
    return squares, squares - differences**2 / variances


def _probability(table: Sequence[Sequence[int]], rows: Sequence[int], columns: Sequence[int]) -> Fraction:
    ways = prod(factorial(line) for line in (*rows, *columns))
    return Fraction(ways, factorial(sum(rows)) * prod(factorial(cell) for row in table for cell in row))


def _shares(total: int, limits: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not limits:
        if total == 0:
            yield ()
        return
    for given in range(min(total, limits[0]) + 1):
        for rest in _shares(total - given, limits[1:]):
            yield (given, *rest)


def _chi_square(table: Sequence[Sequence[int]], correction: Fraction) -> Fraction:
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    statistic = Fraction(0)
    for i, row in enumerate(table):
        for j, cell in enumerate(row):
            expected = Fraction(rows[i] * columns[j], sum(rows))
            statistic += max(abs(cell - expected) - correction, Fraction(0)) ** 2 / expected
    return statistic
