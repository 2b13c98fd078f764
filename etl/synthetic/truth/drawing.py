"""How numbers are drawn: by shuffled quotas, so that a count is exact, and matched to a printed mean and deviation."""

import zlib
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from etl.synthetic.truth.targets import Group, quota

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


def generator(seed: int, replica: int, domain: str) -> np.random.Generator:
    """Make the random numbers of one domain, so that a change in one domain leaves the others as they were."""
    return np.random.default_rng([seed, replica, zlib.crc32(domain.encode())])


def draw_by_quota(groups: Texts, variable: str, rng: np.random.Generator) -> Texts:
    """Give every patient a category of `variable`: exact counts in the two survivor groups, proportions elsewhere."""
    drawn = np.empty(len(groups), dtype=object)
    for group in _groups_of(groups):
        members = np.flatnonzero(groups == group)
        drawn[members] = shuffled(quota(variable, group), len(members), rng)
    return drawn


def draw_flags(groups: Texts, variable: str, rng: np.random.Generator) -> Flags:
    """Give every patient a yes or no by quota."""
    return np.asarray(draw_by_quota(groups, variable, rng) == "yes")


def shuffled(counts: Mapping[str, int], size: int, rng: np.random.Generator) -> Texts:
    """Deal `size` categories in random order; counts that do not sum to `size` are proportions."""
    values = np.repeat(np.array(list(counts), dtype=object), scaled(list(counts.values()), size))
    rng.shuffle(values)
    return values


def scaled(counts: list[int], size: int) -> list[int]:
    """Share `size` out in proportion to counts, by largest remainder; equal to the counts when they sum to it."""
    total = sum(counts)
    exact = [count * size / total for count in counts]
    whole = [int(value) for value in exact]
    by_remainder = sorted(range(len(counts)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[: size - sum(whole)]:
        whole[i] += 1
    return whole


def choose(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    """Draw one of some names, each with its share; the shares sum to one."""
    chance = rng.random()
    for name, share in shares.items():
        if chance < share:
            return name
        chance -= share
    return name


def draw_matched(
    size: int, rng: np.random.Generator, *, mean: float, sd: float, low: float, high: float, zeros: int = 0
) -> Floats:
    """Draw numbers, gamma-like where the deviation is large, whose mean and deviation come close to those wanted.

    Args:
        size: how many.
        rng: the random numbers.
        mean: the mean wanted, zeros included.
        sd: the sample standard deviation wanted, zeros included.
        low: no number but the zeros lies below this.
        high: no number lies above this.
        zeros: how many of the numbers are 0; they come first.
    """
    rest = size - zeros
    share = size / max(rest, 1)
    mean_of_rest = mean * share
    sd_of_rest = float(np.sqrt((sd**2 * (size - 1) / size + mean**2) * share - mean_of_rest**2))
    floor = low if sd > mean / 2 else 0.0
    values = floor + rng.gamma(
        shape=((mean_of_rest - floor) / sd_of_rest) ** 2, scale=sd_of_rest**2 / (mean_of_rest - floor), size=rest
    )
    for _ in range(60):
        if rest > 1:
            values = mean_of_rest + (values - values.mean()) * (sd_of_rest / max(float(values.std()), 1e-9))
        values = np.clip(values, low, high)
    return np.concatenate([np.zeros(zeros), values])


def whole_numbers(values: Floats) -> Floats:
    """Round numbers so that their sum changes by less than one: down, and up where the most was cut off."""
    whole = np.floor(values)
    missing = round(float(values.sum() - whole.sum()))
    whole[np.argsort(whole - values, kind="stable")[:missing]] += 1
    return whole


def normal_quantiles(size: int, rng: np.random.Generator) -> Floats:
    """Deal evenly spread quantiles of the standard normal in random order, so that chance moves no median."""
    quantiles = [NormalDist().inv_cdf((i + 0.5) / size) for i in range(size)]
    return np.asarray(rng.permutation(quantiles))


def where_known(is_known: npt.ArrayLike, values: npt.ArrayLike) -> Texts:
    """Keep values where they are known; None elsewhere."""
    kept = np.asarray(values, dtype=object).copy()
    kept[~np.asarray(is_known, dtype=bool)] = None
    return kept


def _groups_of(groups: Texts) -> tuple[Group, ...]:
    present = set(groups.tolist())
    every: tuple[Group, ...] = ("long_term", "short_term", "undetermined", "screened")
    return tuple(group for group in every if group in present)
