"""Laboratory results drawn for the oracle: near every limit, in every unit, with anything missing or impossible."""

import random
from collections.abc import Iterator
from fractions import Fraction

from oracle.lab_grading import HIGH, HIGH_WITHOUT_NORMAL, LOW, TERMS, TRIGLYCERIDES, ULN_MULTIPLES, Lab
from oracle.lab_plausible import pair_in_unit, possible

FLAGS = (
    *("fasting", "anticoagulated", "symptomatic", "physiologic_consequences", "transfusion", "hospitalized"),
    *("life_threatening", "hemorrhage", "is_baseline"),
)
_OWN_UNITS = {
    "Hypertriglyceridemia": TRIGLYCERIDES,
    "Hemoglobin increased": {"g/dL": "15 17 19", "g/L": "150 170 190"},
    "Fibrinogen decreased": {"mg/dL": "50 150 300", "g/L": "0.5 1.5 3"},
    "Acidosis": {"1": "7.3 7.35"},
    "Alkalosis": {"1": "7.45 7.5"},
    "Acute kidney injury": {"mg/dL": "1 2 4", "umol/L": "88.4 176.8 353.6"},
}
_MULTIPLES = [Fraction(text) for text in ["0.25", "0.5", "0.75", "1", "1.5", "2", "2.5", "3", "5", "6", "10", "20"]]
_STEPS = [Fraction(text) for text in ("0", "0", "0", "0.001", "-0.001", "0.1", "-0.1", "0.000001", "-0.000001")]


def draw_labs(count: int, *, seed: int) -> Iterator[Lab]:
    """Draw results; the same seed draws the same."""
    drawing = random.Random(seed)  # noqa: S311
    for _ in range(count):
        yield _draw(drawing)


def _draw(drawing: random.Random) -> Lab:
    term = drawing.choice(TERMS)
    units = LOW | HIGH | HIGH_WITHOUT_NORMAL | _OWN_UNITS
    columns = units.get(term, {"U/L": "40 100", "mg/dL": "1.2 1.4"})
    unit = drawing.choice(list(columns))
    anchors = [Fraction(text) for text in columns[unit].split() if text != "-"]
    typical = drawing.choice(anchors)
    lln, uln, baseline = (
        _near(drawing, typical * drawing.choice((Fraction("0.9"), 1, Fraction("1.1")))) for _ in "123"
    )
    lln, uln = _limits(drawing, term, unit, lln=lln, uln=uln)
    value = drawing.choice(
        (
            drawing.choice(anchors),
            drawing.choice(_MULTIPLES) * drawing.choice((lln, uln, baseline)),
            _near(drawing, typical),
            baseline + drawing.choice((Fraction("0.3"), 2, 4, Fraction("26.52"))),
            max(uln, baseline) + drawing.choice((2, 4, 20, 40)),
        )
    ) + drawing.choice(_STEPS)
    # Not beyond what a patient can have: that is for the tables of cases.
    value = min(value, (30 if term in ULN_MULTIPLES else Fraction("1.8")) * max(anchors))
    return Lab(
        term=term,
        unit=drawing.choice(("same", "furlong", "", "%")) if drawing.random() < 0.06 else unit,
        value=_maybe(drawing, _six_decimals(value), missing=0.02),
        qualifier=drawing.choice(("<", "<=", ">", ">=")) if drawing.random() < 0.1 else "",
        lln=_maybe(drawing, lln, missing=0.2),
        uln=_maybe(drawing, uln, missing=0.2),
        baseline=_maybe(drawing, baseline, missing=0.3),
        percent_change=_maybe(drawing, Fraction(drawing.randrange(-1000, 2500), 10), missing=0.8),
        cutoff=_maybe(drawing, uln * drawing.choice((1, 2, 10)), missing=0.4) if "troponin" in term else None,
        albumin_g_dl=_maybe(drawing, Fraction(drawing.randrange(15, 50), 10), missing=0.5)
        if "alcemia" in term
        else None,
        flags={name: drawing.random() < 0.3 for name in FLAGS if drawing.random() < 0.2 or name == "fasting"},
    )


def _limits(drawing: random.Random, term: str, unit: str, *, lln: Fraction, uln: Fraction) -> tuple[Fraction, Fraction]:
    """Bring limits mostly to what a laboratory can mean in the unit, else to another unit or out of order."""
    known = possible(term)
    if unit in known.units and drawing.random() < 0.9:
        of_unit = known.units[unit] if drawing.random() < 0.9 else drawing.choice(list(known.units.values()))
        lower, upper = (pair_in_unit(pair, of_unit) for pair in (known.lower, known.upper))
        # 0 and below stay: a limit of 0 says nothing, a negative one is none.
        lln = _six_decimals(max(lower[0], min(lln, lower[1]))) if lower and lln > 0 else lln
        uln = _six_decimals(max(upper[0], min(uln, upper[1]))) if upper and uln > 0 else uln
    if lln > uln and drawing.random() < 0.97:
        lln, uln = uln, lln
    return lln, uln


def _near(drawing: random.Random, typical: Fraction) -> Fraction:
    """Draw around a number, to two decimals; rarely 0 or below."""
    if drawing.random() < 0.005:
        return Fraction(drawing.choice((0, -1)))
    return Fraction(round(typical * drawing.randrange(30, 220)), 100) or Fraction(1, 100)


def _maybe(drawing: random.Random, number: Fraction, *, missing: float) -> Fraction | None:
    return None if drawing.random() < missing else number


def _six_decimals(number: Fraction) -> Fraction:
    return Fraction(round(number * 10**6), 10**6)
