"""Which limits of normal can be used, and whether a value can be so, for the slow reading of laboratory grading."""

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from oracle.lab_plausible import Possible, pair_in_unit, possible

Number = Fraction | None


def usable_limits(term: str, unit: str, lln: Number, uln: Number) -> tuple[Number, Number]:
    """Leave out the limits that no laboratory can mean."""
    if lln is not None and uln is not None and 0 <= uln < lln:
        return None, None
    known = possible(term)
    lower, upper = (_in_unit(known, unit, pair) for pair in (known.lower, known.upper))
    if lln is not None and (
        lln < 0 or (lln == 0 and uln is not None and uln <= 0) or (lln > 0 and _is_outside(lln, lower))
    ):
        lln = None
    if uln is not None and (uln <= 0 or _is_outside(uln, upper)):
        uln = None
    return lln, uln


def is_impossible(term: str, unit: str, value: Fraction, *, lln: Number, uln: Number) -> bool:
    """Whether no patient can have the value, or its unit is in doubt because its limits are those of another unit."""
    known = possible(term)
    absurd = _in_unit(known, unit, known.absurd)
    if absurd is None:
        _, usable = usable_limits(term, unit, lln, uln)
        absurd = (Fraction(0), 10000 * usable if usable is not None else value)
    return value < 0 or _is_outside(value, absurd) or _has_limits_of_another_unit(known, unit, value, lln=lln, uln=uln)


def is_of_a_column_of_seconds(term: str, value: Number, *, lln: Number, uln: Number, inrs: Sequence[Fraction]) -> bool:
    """Whether a number without limits lies with the others of its file, which are prothrombin seconds and no INRs."""
    return (
        term == "INR increased"
        and (lln, uln) == (None, None)
        and value is not None
        and value > 5
        and len(inrs) >= 3
        and median(inrs) > 5
    )


def _has_limits_of_another_unit(known: Possible, unit: str, value: Fraction, *, lln: Number, uln: Number) -> bool:
    if unit not in known.units:
        return False
    if lln is not None and uln is not None and 0 <= uln < lln:
        lln, uln = uln, lln
    sides = [
        (limit, pair) for limit, pair in ((lln, known.lower), (uln, known.upper)) if limit is not None and limit > 0
    ]
    judged = [(limit, pair) for limit, pair in sides if pair]
    if not judged or not all(_is_outside(limit, _in_unit(known, unit, pair)) for limit, pair in judged):
        return False
    others = {factor for factor in known.units.values() if Fraction(factor) != Fraction(known.units[unit])}
    fitting = [
        factor for factor in others if not any(_is_outside(limit, pair_in_unit(pair, factor)) for limit, pair in judged)
    ]
    if fitting:
        return any(not _is_outside(value, pair_in_unit(known.plausible, factor)) for factor in fitting)
    return _lies_with_its_limits(known, unit, value, edges=[limit for limit, _ in sides], judged=judged)


def _lies_with_its_limits(
    known: Possible, unit: str, value: Fraction, *, edges: list[Fraction], judged: list[tuple[Fraction, str]]
) -> bool:
    """Near limits that no unit of the analyte has, and on their side of what a limit can be."""
    pairs = [pair for text in (known.lower, known.upper) if (pair := _in_unit(known, unit, text)) is not None]
    limit, text = judged[-1]
    judging = _in_unit(known, unit, text)
    assert judging is not None
    if limit > judging[1]:
        return max(pair[1] for pair in pairs) < value <= 3 * edges[-1]
    return value < min(pair[0] for pair in pairs) and 3 * value >= edges[0]


def _in_unit(known: Possible, unit: str, pair: str) -> tuple[Fraction, Fraction] | None:
    return pair_in_unit(pair, known.units[unit]) if unit in known.units else None


def _is_outside(number: Fraction, pair: tuple[Fraction, Fraction] | None) -> bool:
    return pair is not None and not pair[0] <= number <= pair[1]
