"""One printed figure of a publication: what it counts, what is printed, and the interval that the print stands for."""

import re
from dataclasses import dataclass
from fractions import Fraction

TOTAL = "total"
"""The group that all other groups with a printed size make up."""
COUNTS = ("size", "n", "denominator")
LONGEST_NUMBER = 30
"""Signs of the longest print that is read as a number; what computes with floats holds no more."""
RATIOS = ("odds_ratio", "hazard_ratio")
STATISTICS = {
    "size": "number of patients in a group",
    "n": "number of patients at a level",
    "percent": "the same in percent of the group, without the percent sign or with it",
    "denominator": "number of patients of a group for whom the row is known; without it, the group's size",
    "mean": "arithmetic mean",
    "sd": "standard deviation",
    "median": "median",
    "centre": "a mean or a median, where the text does not say which",
    "odds_ratio": "odds ratio",
    "hazard_ratio": "hazard ratio",
    "reference": "the 1 that marks the reference level of a ratio",
    "low": "lower 95 % limit of a ratio",
    "high": "upper 95 % limit of a ratio",
    "p": "p value",
    "adjusted_for": "a claim that the ratio of this row is adjusted for the row and level named in sum_of",
}
"""What a printed figure can be; the words of the column `statistic`."""


@dataclass(frozen=True)
class Figure:
    """One figure as a publication prints it.

    `value` is None where the print is no number. `bound` is `<` or `>` for a print such as <0.001. `variable` and
    `level_code` say which quantity it is, whatever words the row is printed with; `our_variable` and `our_level` name
    the number of ours where the study calls it otherwise.
    """

    figure_id: str
    statistic: str
    printed: str
    value: Fraction | None
    bound: str = ""
    decimals: int = 0
    place: str = ""
    table: str = ""
    row: str = ""
    level: str = ""
    group: str = ""
    unit: str = ""
    method: str = ""
    part_of: str = ""
    sum_of: str = ""
    whole: str = ""
    note: str = ""
    analysis_id: str = ""
    variable: str = ""
    level_code: str = ""
    group_level: str = ""
    operation: str = ""
    our_variable: str = ""
    our_level: str = ""

    @property
    def home(self) -> str:
        """The table that prints the figure, or the place in the text; `table` where neither is named."""
        return self.table or self.place or "table"

    @property
    def low(self) -> Fraction:
        """The smallest value that the print can stand for: half a unit of its last digit below."""
        if self.value is None or self.bound == "<":
            return Fraction(0)
        return self.value if self.bound else self.value - self._half_unit()

    @property
    def high(self) -> Fraction:
        """The largest value that the print can stand for; both ends count, so both rounding conventions pass."""
        if self.value is None:
            return Fraction(0)
        if self.bound == ">":
            return Fraction(10**12)
        return self.value if self.bound else self.value + self._half_unit()

    def contains(self, value: Fraction | float | None, *, slack: float = 1e-9) -> bool:
        """Say whether the print can stand for this value; `slack` is the relative error of a float."""
        if value is None or self.value is None:
            return False
        if isinstance(value, Fraction):
            return self.low <= value <= self.high
        room = slack * max(1.0, abs(value))
        return float(self.low) - room <= value <= float(self.high) + room

    def overlaps(self, other: "Figure") -> bool:
        """Say whether one value can have been printed in both ways; a count is printed as it is, not rounded."""
        if self.statistic in COUNTS and other.statistic in COUNTS and not (self.bound or other.bound):
            return self.value == other.value
        return self.low <= other.high and other.low <= self.high

    def _half_unit(self) -> Fraction:
        return Fraction(1, 2 * 10**self.decimals)


def split_level(text: str) -> tuple[str, str]:
    """Split `variable=level` into both; without an equals sign the level is empty."""
    variable, _, code = text.partition("=")
    return variable, code


def split_levels(text: str) -> list[tuple[str, str]]:
    """Split levels that are joined by ` + `, as in `sum_of`."""
    return [split_level(part) for part in text.split(" + ")]


def read_print(printed: str) -> tuple[Fraction | None, str, int]:
    """Read what is printed into a value, a bound (`<`, `>` or nothing) and the number of decimals.

    The value is None where the print is not one number, or is longer than `LONGEST_NUMBER` signs. Commas between
    thousands and a percent sign are left out.
    """
    match = re.fullmatch(r"([<>]?)([-−]?\d[\d,]*(?:\.\d+)?|[-−]?\.\d+)%?", re.sub(r"\s", "", printed))
    if not match or len(match[2]) > LONGEST_NUMBER:
        return None, "", 0
    number = match[2].replace(",", "").replace("−", "-")
    return Fraction(number), match[1], len(number.partition(".")[2])
