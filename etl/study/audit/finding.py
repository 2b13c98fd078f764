"""What the audit says of a printed figure: a contradiction, or a note that explains it."""

from collections.abc import Iterable
from dataclasses import dataclass

from etl.study.audit.figure import Figure

CONTRADICTION, EXPLAINED = "contradiction", "explained"
POSSIBLE, IMPOSSIBLE = "possible", "impossible"
CANNOT_BE_TESTED, NOT_APPLICABLE = "cannot be tested", "not applicable"

KINDS = {
    "percentage": "a percentage does not follow from its count",
    "swapped": "count and percentage stand in each other's place",
    "levels": "the levels of a row sum to more than the group",
    "groups": "the groups do not sum to the total",
    "part_above_whole": "a subgroup is larger than the group that it is part of",
    "group_size": "another group size fits more rows than the printed one",
    "combined": "a figure of several levels together does not follow from their counts",
    "overall": "a figure of all patients does not follow from the groups",
    "odds_ratio": "an odds ratio or its interval does not follow from the counts",
    "inverted": "a count is that of the patients without the property",
    "other_split": "the odds ratios follow from another split of the patients",
    "ratio_interval": "a ratio does not lie in the middle of its interval",
    "p_of_interval": "the p value of a ratio does not follow from its interval",
    "part_as_whole": "a ratio is printed for a class and belongs to a part of it",
    "hazard_or_odds": "an odds ratio is called a hazard ratio",
    "p_of_counts": "a p value does not follow from the counts by any method",
    "method_of_p": "a p value is that of another method than the stated one",
    "p_of_means": "a p value does not follow from the means and standard deviations",
    "spread": "a p value needs a wider spread than all patients together have",
    "printed_twice": "the same quantity is printed with two values",
    "label": "the same level is printed with two ranges",
    "adjusted_for": "a claimed adjustment does not stand in the model",
    "grim": "no whole numbers have this mean (GRIM)",
    "missing": "values are missing: the percentages follow from a smaller denominator",
    "names": "the same figure is printed under names that share no word",
    "counts": "counts that are not printed and that give the printed ratio",
}
"""The kinds of findings and notes."""


@dataclass(frozen=True)
class Finding:
    """One thing that the audit found: which figures, what they print, what was computed, and a plain sentence.

    `verdict` is `contradiction`, `explained`, or for GRIM `possible`, `impossible`, `cannot be tested` or
    `not applicable`. `questioned` are those of the figures that may be wrong as numbers; the others are what they were
    compared with.
    """

    kind: str
    verdict: str
    figure_ids: tuple[str, ...]
    questioned: tuple[str, ...]
    printed: str
    computed: str
    sentence: str

    @property
    def is_contradiction(self) -> bool:
        """Whether the printed figures cannot all be right."""
        return self.verdict in {CONTRADICTION, IMPOSSIBLE}


def finding(
    kind: str,
    figures: Iterable[Figure],
    computed: str,
    sentence: str,
    verdict: str = CONTRADICTION,
    *,
    questioned: Iterable[Figure] | None = None,
) -> Finding:
    """Write down what was found of these figures; all of them are questioned unless some are named."""
    listed = tuple(figures)
    doubtful = listed if questioned is None else tuple(questioned)
    return Finding(
        kind,
        verdict,
        _ids(listed),
        _ids(doubtful),
        "; ".join(dict.fromkeys(each.printed for each in listed)),
        computed,
        sentence,
    )


def name(figure: Figure) -> str:
    """Name a figure's row, level, group and place for a sentence."""
    words = [figure.row or figure.variable, figure.level]
    group = f" ({figure.group})" if figure.group else ""
    return f"{figure.home}, {' '.join(word for word in words if word)}{group}"


def _ids(figures: tuple[Figure, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.figure_id for each in figures))
