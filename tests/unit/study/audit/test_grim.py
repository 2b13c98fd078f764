"""GRIM against a slow oracle that lists every sum of whole numbers, in exact fractions."""

from fractions import Fraction
from random import Random

import pytest

from etl.study.audit.figure import Figure, read_print
from etl.study.audit.finding import CANNOT_BE_TESTED, IMPOSSIBLE, NOT_APPLICABLE, POSSIBLE
from etl.study.audit.grim import grim


def mean(printed: str, whole: str = "yes") -> Figure:
    value, bound, decimals = read_print(printed)
    return Figure("m", "mean", printed, value, bound, decimals, whole=whole)


def can_be_mean(printed: str, size: int) -> bool:
    """Try every sum: some mean of whole numbers lies half a unit of the last digit away, or nearer."""
    half = Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))
    top = int(float(printed) + 2) * size
    return any(abs(Fraction(total, size) - Fraction(printed)) <= half for total in range(top + 1))


@pytest.mark.parametrize(
    ("printed", "size", "verdict"),
    [
        ("5.19", 28, IMPOSSIBLE),
        ("5.18", 28, POSSIBLE),
        ("58.66", 258, CANNOT_BE_TESTED),
        ("5.19", 100, CANNOT_BE_TESTED),
        ("5.19", 99, POSSIBLE),
        ("5.2", 28, CANNOT_BE_TESTED),
        ("5", 1, CANNOT_BE_TESTED),
        ("5.50", 2, POSSIBLE),
        ("5.49", 2, IMPOSSIBLE),
    ],
)
def test_verdicts(printed: str, size: int, verdict: str) -> None:
    assert grim(mean(printed), size) == verdict


def test_a_measure_that_is_not_whole_is_not_tested() -> None:
    assert grim(mean("5.19", whole="no"), 28) == NOT_APPLICABLE
    assert grim(mean("5.19", whole=""), 28) == NOT_APPLICABLE


def test_grim_agrees_with_trying_every_sum() -> None:
    random, seen = Random(5), set()  # noqa: S311
    for _ in range(600):
        decimals = random.choice((1, 2, 3))
        size = random.randint(1, min(10**decimals - 1, 300))
        printed = f"{random.uniform(0, 9):.{decimals}f}"
        verdict = grim(mean(printed), size)
        assert verdict == (POSSIBLE if can_be_mean(printed, size) else IMPOSSIBLE), (printed, size)
        seen.add(verdict)
    assert seen == {POSSIBLE, IMPOSSIBLE}
