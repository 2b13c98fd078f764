"""Audit printed figures: run every check, and keep contradictions apart from notes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from etl.study.audit.figure import Figure
from etl.study.audit.finding import Finding
from etl.study.audit.grim import check_grim
from etl.study.audit.group_size import check_group_size, check_groups_sum, fitted_sizes
from etl.study.audit.intervals import check_adjustments, check_intervals
from etl.study.audit.overall import check_combined, check_pooled, check_weighted
from etl.study.audit.p_of_counts import check_p_of_counts
from etl.study.audit.p_of_means import check_p_of_means
from etl.study.audit.percentages import check_levels, check_percentages, check_subgroups
from etl.study.audit.printed import Printed
from etl.study.audit.ratios import check_names_of_ratios, check_odds_ratios
from etl.study.audit.twice import check_labels, check_names, check_printed_twice

CHECKS: tuple[Callable[[Printed], Iterator[Finding]], ...] = (
    check_groups_sum,
    check_group_size,
    check_percentages,
    check_levels,
    check_subgroups,
    check_pooled,
    check_combined,
    check_weighted,
    check_odds_ratios,
    check_names_of_ratios,
    check_intervals,
    check_adjustments,
    check_p_of_counts,
    check_p_of_means,
    check_printed_twice,
    check_labels,
    check_names,
    check_grim,
)
"""Every check, in the order in which its findings are reported."""


@dataclass(frozen=True)
class Audit:
    """The contradictions among printed figures, and the notes that explain or qualify them."""

    contradictions: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def audit(figures: Iterable[Figure]) -> Audit:
    """Compare printed figures with each other by every check.

    A contradiction says that not all of its figures can be right, whatever the data; a note says which test or which
    missing values explain a figure, or why it cannot be tested.
    """
    printed = Printed(figures)
    printed.fitted = fitted_sizes(printed)
    found = tuple(dict.fromkeys(each for check in CHECKS for each in check(printed)))
    return Audit(
        tuple(each for each in found if each.is_contradiction),
        tuple(each for each in found if not each.is_contradiction),
    )
