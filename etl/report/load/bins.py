"""Bins of a histogram that are honest: none could hold more of the values that can occur than its neighbours.

Numbers are written with a step: whole numbers, tenths, doses in hundreds. Bins of a width that is no multiple of the step
hold now three and now four whole numbers, and the picture shows peaks and gaps that no patient made. So the step is found
first, and every bin then holds the same number of steps; on a logarithmic axis never fewer than the bin left of it.

Numbers are counted in millionths, as whole numbers, so that no edge is a matter of rounding.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

MOST_BINS = 32
SCALE = 1_000_000
"""Millionths: the canonical model keeps six decimals."""

STEPS = (
    1, 10, 100, 1_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
    20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000,
)  # fmt: skip
"""Steps in which people write numbers, in millionths, the finest first."""

MOSTLY = 0.95
"""A share of the values that keeps to a step: a slip such as 58.7652 among whole numbers does not make bins uneven."""


@dataclass(frozen=True)
class Bins:
    """Bins side by side, in millionths: bin i holds every number from `edges[i]` to below `edges[i + 1]`."""

    edges: tuple[int, ...]
    step: int

    @property
    def lasts(self) -> list[int]:
        """The greatest number of each bin."""
        return [edge - 1 for edge in self.edges[1:]]

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest number on the step that the bins can hold."""
        first = math.ceil(self.edges[0] / self.step) * self.step
        return first / SCALE, (self.edges[-1] - 1) // self.step * self.step / SCALE


def find_step(kept_by: Mapping[int, int], count: int) -> int:
    """Find the coarsest step that most of the values keep to.

    Args:
        kept_by: by step how many values are multiples of it.
        count: how many values there are.
    """
    return max((step for step, kept in kept_by.items() if kept >= MOSTLY * count), default=1)


def linear_bins(low: int, high: int, step: int) -> Bins:
    """Divide a range into bins of one step, or of so many steps that there are few enough; the numbers stand in their middle."""
    first, last = round(low / step), round(high / step)
    width = _nice(math.ceil((last - first + 1) / MOST_BINS))
    first = first // width * width
    count = (last - first) // width + 1
    offset = step // 2
    return Bins(tuple(step * (first + number * width) - offset for number in range(count + 1)), step)


def log_bins(low: int, high: int, step: int) -> Bins:
    """Divide a range of positive numbers into bins that grow by one factor, each of as many whole steps or more than the last."""
    ratio = (high / low) ** (1 / MOST_BINS)
    first, last = max(round(low / step), 1), round(high / step)
    starts, width = [first], 1
    while starts[-1] <= last:
        width = max(width, math.ceil(starts[-1] * (ratio - 1)))
        starts.append(starts[-1] + width)
    offset = step // 2
    return Bins(tuple(step * start - offset for start in starts), step)


def _nice(least: int) -> int:
    """Round up to 1, 2 or 5 times a power of ten, as people divide an axis."""
    power = int("1" + "0" * (len(str(least)) - 1))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
