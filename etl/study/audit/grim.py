"""GRIM: can a printed mean be that of so many whole numbers? (Brown and Heathers, Soc Psychol Personal Sci 2017;8:363)."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from etl.study.audit.figure import Figure
from etl.study.audit.finding import (
    CANNOT_BE_TESTED,
    IMPOSSIBLE,
    NOT_APPLICABLE,
    POSSIBLE,
    Finding,
    finding,
    name,
)
from etl.study.audit.members import members
from etl.study.audit.printed import Printed


def check_grim(printed: Printed) -> Iterator[Finding]:
    """Give each mean its verdict; only `impossible` is a contradiction."""
    for mean in printed.find("mean"):
        sizes = members(printed, mean)
        verdicts = [grim(mean, size) for size in sizes] or [CANNOT_BE_TESTED]
        verdict = next(each for each in (NOT_APPLICABLE, CANNOT_BE_TESTED, POSSIBLE, IMPOSSIBLE) if each in verdicts)
        of = f" of {' or '.join(map(str, sizes))}" if sizes else ""
        yield finding(
            "grim", [mean], verdict, f"{name(mean)}: the mean {mean.printed}{of}: {_REASONS[verdict]}.", verdict
        )


def grim(mean: Figure, size: int) -> str:
    """Say whether a printed mean can be that of `size` whole numbers.

    `not applicable` where the measure is not known to be whole (`whole` is not yes), `cannot be tested` where every
    print is the mean of some whole numbers because the size is at least 10 to the number of decimals, else `possible`
    or `impossible`. Both ends of the rounding interval pass.
    """
    if mean.whole != "yes":
        return NOT_APPLICABLE
    if size < 1 or size >= 10**mean.decimals:
        return CANNOT_BE_TESTED
    first, last = ceil(Fraction(mean.low) * size), floor(Fraction(mean.high) * size)
    return POSSIBLE if first <= last else IMPOSSIBLE


_REASONS = {
    POSSIBLE: "whole numbers can have it",
    IMPOSSIBLE: "no whole numbers have it",
    CANNOT_BE_TESTED: "so many decimals say nothing of so many patients",
    NOT_APPLICABLE: "the measure is not known to be whole",
}
