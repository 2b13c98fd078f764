"""Compare a published figure with our own number, and say why they differ where the paper itself explains it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from etl.study.audit.audit import audit
from etl.study.audit.figure import Figure
from etl.study.audit.finding import KINDS

SAME = "same"
SAME_WITHIN_ROUNDING = "same within rounding"
CONTRADICTS_ITSELF = "differs because the paper contradicts itself"
DIFFERS = "differs"
NO_NUMBER = "no number of ours"
VERDICTS = (SAME, SAME_WITHIN_ROUNDING, CONTRADICTS_ITSELF, DIFFERS, NO_NUMBER)

_SLACK = 1e-9
"""Relative error of our own numbers, which are stored with 10 significant digits."""


@dataclass(frozen=True)
class Contradiction:
    """A statement about printed figures that cannot all be right, with the computation that shows it.

    `kind` is one of the audit's kinds, `about` says in words what the kind means. Of the figures that take part,
    `questioned_ids` are those that may be wrong as numbers; the others are what they were compared with. `computed` is
    what follows from the others, `computation` a plain sentence.
    """

    contradiction_id: str
    kind: str
    about: str
    figure_ids: tuple[str, ...]
    questioned_ids: tuple[str, ...]
    printed: str
    computed: str
    computation: str


@dataclass(frozen=True)
class Verdict:
    """What the comparison of one figure came to.

    `difference` is our number minus the printed one, None where either is missing or the print is a bound.
    `contradiction_ids` are those that explain a difference, `reason` their computations or a plain sentence.
    """

    figure_id: str
    verdict: str
    difference: float | None
    contradiction_ids: tuple[str, ...] = ()
    reason: str = ""


def contradictions(figures: Iterable[Figure]) -> list[Contradiction]:
    """Compute the contradictions among the printed figures of a paper; docs/reference/audit_table.md describes the checks."""
    return [
        Contradiction(
            f"{each.kind}.{number}",
            each.kind,
            KINDS[each.kind],
            each.figure_ids,
            each.questioned,
            each.printed,
            each.computed,
            each.sentence,
        )
        for number, each in enumerate(audit(figures).contradictions, start=1)
    ]


def compare(figure: Figure, ours: float | None, contradictions: Collection[Contradiction]) -> Verdict:
    """Compare a printed figure with our own number.

    `same`: rounded to the decimals of the print, our number is what is printed, and it has no more digits than the
    print (a count, a size) or the print is a bound such as <0.001 that it meets. `same within rounding`: our number has
    more digits and lies within half a unit of the last printed digit, both ends included. Otherwise the figure differs;
    where a contradiction of the paper questions it, that is the verdict, with the computation.
    """
    if ours is None:
        return Verdict(figure.figure_id, NO_NUMBER, None, reason="We compute no number with this key.")
    if figure.value is None:
        return Verdict(figure.figure_id, NO_NUMBER, None, reason="The print is a claim, not a number.")
    difference = None if figure.bound else ours - float(figure.value)
    if _meets_bound(figure, ours) if figure.bound else _is_close(ours, float(figure.value)):
        return Verdict(figure.figure_id, SAME, difference)
    if not figure.bound and figure.contains(float(ours), slack=_SLACK):
        return Verdict(figure.figure_id, SAME_WITHIN_ROUNDING, difference)
    explaining = [each for each in contradictions if figure.figure_id in each.questioned_ids]
    if explaining:
        ids = tuple(each.contradiction_id for each in explaining)
        reason = " ".join(dict.fromkeys(each.computation for each in explaining))
        return Verdict(figure.figure_id, CONTRADICTS_ITSELF, difference, ids, reason)
    return Verdict(figure.figure_id, DIFFERS, difference)


def _meets_bound(figure: Figure, ours: float) -> bool:
    return ours < float(figure.high) if figure.bound == "<" else ours > float(figure.low)


def _is_close(ours: float, printed: float) -> bool:
    return abs(ours - printed) <= _SLACK * max(1.0, abs(printed))
