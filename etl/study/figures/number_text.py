"""Numbers as the figures print them."""

import math
from numbers import Real


def count_text(number: float) -> str:
    """A count with thousands apart: 1,566."""
    return f"{int(number):,}"


def decimal_text(number: float | None, decimals: int = 1) -> str:
    """A number with fixed decimals; a dash where there is none."""
    if number is None or math.isnan(number):
        return "–"
    if math.isinf(number):
        return "∞" if number > 0 else "−∞"
    rounded = round(number, decimals) + 0.0  # or a tiny negative number is printed as -0.0
    return f"{rounded:,.{decimals}f}".replace("-", "−")


def ratio_text(number: float | None) -> str:
    """An odds or hazard ratio: two decimals, three below 0.1, one from 100 on; a dash where there is none."""
    if number is None or math.isnan(number) or math.isinf(number):
        return decimal_text(number)
    small, large = 0.1, 100
    if 0 < number < small / 100:
        return "<0.001"
    return decimal_text(number, 3 if 0 < number < small else 1 if number >= large else 2)


def p_text(p: float | None) -> str:
    """A p value: three decimals, below 0.001 said so; a dash where there is none."""
    smallest = 0.001
    if p is not None and p < smallest:
        return "<0.001"
    return decimal_text(p, 3)


def is_number(value: object) -> bool:
    """Whether a cell of a frame holds a finite number."""
    return isinstance(value, Real) and math.isfinite(value)
