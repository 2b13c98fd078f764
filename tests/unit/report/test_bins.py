"""Bins hold equally many of the values that can occur, compared with counting them one by one."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from etl.report.load.bins import MOST_BINS, SCALE, STEPS, Bins, find_step, linear_bins, log_bins

COLUMNS = {
    "whole numbers": [each * SCALE for each in range(17, 103)],
    "few whole numbers": [each * SCALE for each in (0, 1, 2, 4)],
    "one value": [7 * SCALE] * 9,
    "tenths": [each * SCALE // 10 for each in range(201, 458)],
    "doses": [each * 200 * SCALE for each in (0, 1, 2, 4)],
    "fives": [each * 5 * SCALE for each in range(9, 40)],
    "below zero": [each * SCALE for each in range(-40, 55)],
    "hundredths": [each * SCALE // 100 for each in range(55, 380, 3)],
}


def counted(numbers: list[int]) -> tuple[int, int, int]:
    """Return the least and greatest number, and the step."""
    kept = {step: sum(number % step == 0 for number in numbers) for step in STEPS}
    return min(numbers), max(numbers), find_step(kept, len(numbers))


def possible(bins: Bins) -> list[int]:
    """Count, for each bin, the multiples of the step that it could hold, one by one."""
    first = bins.edges[0] // bins.step - 1
    last = bins.edges[-1] // bins.step + 1
    inside = Counter(
        place
        for multiple in range(first, last + 1)
        for place, (low, high) in enumerate(pairwise(bins.edges))
        if low <= multiple * bins.step < high
    )
    return [inside[place] for place in range(len(bins.edges) - 1)]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_bin_could_hold_as_many_values_as_its_neighbour(name: str) -> None:
    low, high, step = counted(COLUMNS[name])
    bins = linear_bins(low, high, step)
    assert len(set(possible(bins))) == 1, possible(bins)
    assert len({after - before for before, after in pairwise(bins.edges)}) == 1
    assert bins.edges[0] <= low and high < bins.edges[-1]
    assert len(bins.lasts) <= MOST_BINS + 1


@pytest.mark.parametrize("seed", range(40))
def test_generated_columns_have_honest_bins_on_both_axes(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311  # no secret
    step = drawn.choice(STEPS[3:])
    numbers = [step * drawn.randint(1, drawn.choice((5, 40, 900, 30_000))) for _ in range(drawn.randint(1, 400))]
    low, high, found = counted(numbers)
    assert found >= step
    linear = linear_bins(low, high, found)
    assert len(set(possible(linear))) == 1
    growing = possible(log_bins(low, high, found)) if high > low else [1]
    assert growing == sorted(growing) and growing[0] >= 1


def test_each_whole_number_has_a_bar_of_its_own_where_they_are_few() -> None:
    bins = linear_bins(50 * SCALE, 80 * SCALE, SCALE)
    assert len(bins.lasts) == 31
    assert bins.ends == (50, 80)


def test_a_slip_among_whole_numbers_does_not_make_bins_uneven() -> None:
    numbers = [*COLUMNS["whole numbers"], 58_765_200]
    assert counted(numbers)[2] == SCALE


def test_values_at_an_edge_fall_into_one_bin() -> None:
    bins = linear_bins(0, 10 * SCALE, SCALE // 2)
    for number in range(0, 10 * SCALE + 1, SCALE // 2):
        assert sum(low <= number <= last for low, last in zip(bins.edges, bins.lasts, strict=False)) == 1


def test_an_uneven_division_would_be_seen() -> None:
    assert len(set(possible(Bins((0, 2_500_000, 5_000_000, 7_500_000), SCALE)))) > 1
