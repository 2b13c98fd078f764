"""The result of a statistical test: statistic, degrees of freedom, p, or a note that says why there is none."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class TestResult:
    """What a test of a hypothesis found.

    Attributes:
        method: the test's name in snake case, as `welch_t` or `pearson_chi_square`.
        statistic: the test statistic; None where the method has none (Fisher's exact test) or it cannot be computed.
        df: the statistic's degrees of freedom, a fraction with Welch's test; None where the method has none.
        p: the two-sided p value, None where it cannot be computed.
        note: a plain sentence; why p is None, or what a reader must know of it.
    """

    __test__: ClassVar[bool] = False  # or pytest collects the class for its name

    method: str
    statistic: float | None
    df: float | None
    p: float | None
    note: str = ""


def untested(method: str, note: str) -> TestResult:
    """Make the result of a test that cannot be computed; `note` says why in a plain sentence."""
    return TestResult(method=method, statistic=None, df=None, p=None, note=note)
