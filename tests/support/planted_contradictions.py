"""Plant one contradiction of each kind into a true table, as papers do: a slip in one place, all else as it was.

Every function changes the lines of a table in place and returns the ids of the figures that it made wrong. It plants
what the printed digits can show: where rounding would hide the slip, it takes a larger one.
"""

from collections.abc import Callable
from random import Random

from scipy import stats
from support.printed_tables import CASES, LEVELS, OTHERS, Line, TrueTable, line, odds_ratio, ratio_lines, share

Plant = Callable[[TrueTable, list[Line], Random], list[str]]
ROWS = [f"row_{number}" for number in range(5)]


def find(lines: list[Line], figure_id: str) -> Line:
    return next(each for each in lines if each["figure_id"] == figure_id)


def reprint(lines: list[Line], figure_id: str, printed: str) -> str:
    find(lines, figure_id)["printed"] = printed
    return figure_id


def percentage(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    row, group = random.choice(ROWS), random.choice((CASES, OTHERS))
    figure_id = f"Table 1.{row}.yes.{group}.percent"
    printed = float(find(lines, figure_id)["printed"])
    return [reprint(lines, figure_id, f"{printed + random.choice((2.1, 4.5, 9.0)) * (1 if printed < 50 else -1):.1f}")]


def percentage_of_all(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    figure_id = "Text.row_1.yes.total.percent"
    return [reprint(lines, figure_id, f"{float(find(lines, figure_id)['printed']) + random.choice((-1.5, 0.7)):.1f}")]


def swapped(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    group = random.choice((CASES, OTHERS))
    for row in ROWS:
        n, percent = f"Table 1.{row}.yes.{group}.n", f"Table 1.{row}.yes.{group}.percent"
        before = find(lines, n)["printed"], find(lines, percent)["printed"]
        if not before[1].endswith(".0"):
            return [reprint(lines, n, before[1]), reprint(lines, percent, before[0])]
    raise AssertionError("every percentage is whole")


def levels(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """One level is counted too high, its percentage with it: the levels sum to more than there are patients."""
    place, group = random.choice(((0, CASES), (1, OTHERS)))
    known, size = sum(table.factor[place]), table.sizes[place]
    level = random.randrange(4)
    count = table.factor[place][level] + size - known + random.randint(3, 9)
    return [
        reprint(lines, f"Table 1.factor.{LEVELS[level]}.{group}.n", str(count)),
        reprint(lines, f"Table 1.factor.{LEVELS[level]}.{group}.percent", share(count, known)),
    ]


def groups(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    return [reprint(lines, "Table 1.Patients.total.size", str(sum(table.sizes) + random.choice((-3, -1, 1, 2))))]


def part_above_whole(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    place, group = random.choice(((0, CASES), (1, OTHERS)))
    count = min(table.sizes[place], table.yes["row_0"][place] + random.randint(1, 9))
    return [
        reprint(lines, f"Table 1.part.yes.{group}.n", str(count)),
        reprint(lines, f"Table 1.part.yes.{group}.percent", share(count, table.sizes[place])),
    ]


def group_size(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """The printed size is wrong, the percentages are of the right one."""
    place, group = random.choice(((0, CASES), (1, OTHERS)))
    size = table.sizes[place]
    step = random.choice((-1, 1)) * (1 if size < 120 else 3)
    return [reprint(lines, f"Table 1.Patients.{group}.size", str(size + step))]


def combined(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    figure_id = f"Text.factor.high or highest.{random.choice((CASES, OTHERS))}.percent"
    return [reprint(lines, figure_id, f"{float(find(lines, figure_id)['printed']) + random.choice((-4.2, 3.1)):.1f}")]


def overall(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    figure_id = "Text.row_2.yes.total.percent"
    return [reprint(lines, figure_id, f"{float(find(lines, figure_id)['printed']) + random.choice((-1.9, 1.1)):.1f}")]


def overall_count(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """Count and percentage of all patients agree with each other, and not with the groups."""
    count = sum(table.yes["row_1"]) + random.choice((-2, 1, 8))
    return [
        reprint(lines, "Text.row_1.yes.total.n", str(count)),
        reprint(lines, "Text.row_1.yes.total.percent", share(count, sum(table.sizes))),
    ]


def weighted(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """The mean of all patients lies outside those of the groups, or at the wrong one of them."""
    means = [sample.mean() for sample in table.numbers["visits"]]
    return [reprint(lines, "Table 1.visits.total.mean", f"{max(means) + random.choice((0.3, 2.0)):.2f}")]


def weighted_subgroups(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """A supplement prints means of another grouping that cannot have the mean of all patients."""
    low = min(sample.mean() for sample in table.numbers["visits"])
    added = [
        line("Supplement", "visits", "mean", f"{low - step:.2f}", group=group)
        for group, step in (("row_1=yes", 0.9), ("row_1!=yes", 0.4))
    ]
    lines += added
    return [each["figure_id"] for each in added]


def crude_ratio(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    row = random.choice(ROWS)
    ids = [f"Table 2.{row}.yes.logistic.{word}" for word in ("odds_ratio", "low", "high")]
    factor = random.choice((0.6, 1.4, 2.5))
    return [reprint(lines, each, f"{float(find(lines, each)['printed']) * factor:.3f}") for each in ids]


def inverted(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    row = max(ROWS[1:], key=lambda each: abs(_log_ratio(table, each)))
    ids = []
    for group, count, size in zip((CASES, OTHERS), table.yes[row], table.sizes, strict=True):
        ids.append(reprint(lines, f"Table 1.{row}.yes.{group}.n", str(size - count)))
        reprint(lines, f"Table 1.{row}.yes.{group}.percent", share(size - count, size))
    lines[:] = [each for each in lines if each["place"] != "Text" or each["row"] != row]
    return ids


def other_split(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """The ratios were computed with another lowest cut point than the counts: the reference level is larger."""
    moved = [round(random.uniform(0.3, 0.7) * counts[1]) or 1 for counts in table.factor]
    split = [[c[0] + m, c[1] - m, c[2], c[3]] for c, m in zip(table.factor, moved, strict=True)]
    ids = []
    for place, level in enumerate(LEVELS[1:], start=1):
        cells = (split[0][place], split[0][0], split[1][place], split[1][0])
        made = ratio_lines("Table 2", "factor", cells, level_code=level)
        ids += [reprint(lines, each["figure_id"], each["printed"]) for each in made]
    return ids


def ratio_interval(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    figure_id = "Text.factor.high or highest.logistic, adjusted.odds_ratio"
    printed = float(find(lines, figure_id)["printed"])
    return [reprint(lines, figure_id, f"{printed * random.choice((1.2, 1.5)) + 0.003:.3f}")]


def p_of_interval(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    figure_id = "Text.factor.high or highest.logistic, adjusted.p"
    p = find(lines, figure_id)["printed"]
    return [
        reprint(
            lines,
            figure_id,
            "0.043" if p.startswith("<") or float(p) > 0.3 else "<0.001" if float(p) > 0.1 else "0.700",
        )
    ]


def part_as_whole(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    cells = (table.factor[0][2], table.factor[0][0] + table.factor[0][1], table.factor[1][2], sum(table.factor[1][:2]))
    together = {"level_code": "high or highest", "sum_of": "factor=high + factor=highest"}
    added = ratio_lines("Table 3", "factor", cells, method="logistic, adjusted", level_code="high")
    claimed = ratio_lines("Text", "factor", cells, method="logistic, adjusted", **together)
    lines += added
    return [reprint(lines, each["figure_id"], each["printed"]) for each in claimed]


def hazard_or_odds(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    chosen = find(lines, f"Table 2.{random.choice(ROWS)}.yes.logistic.odds_ratio")
    chosen["statistic"] = "hazard_ratio"
    return [chosen["figure_id"]]


def p_of_counts(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    row = random.choice(ROWS)
    method = find_p(lines, row)["method"]
    p = stats.fisher_exact(_two_by_two(table, row))[1]
    return [reprint(lines, f"Table 1.{row}.{method}.p", "0.500" if p < 0.25 else "0.020")]


def method_of_p(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """Fisher's p is printed and Pearson's chi-square named, in the row where the two are farthest apart."""
    ps = {row: (stats.fisher_exact(_two_by_two(table, row))[1], _pearson(table, row)) for row in ROWS}
    row = max(ROWS, key=lambda each: abs(ps[each][0] - ps[each][1]))
    chosen = find_p(lines, row)
    chosen["method"], chosen["printed"] = "pearson", f"{ps[row][0]:.3f}"
    return [chosen["figure_id"]]


def p_of_means(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    chosen = find_p(lines, random.choice(("age", "score", "visits")))
    printed = chosen["printed"]
    chosen["printed"] = "0.400" if printed.startswith("<") or float(printed) < 0.2 else "0.004"
    return [chosen["figure_id"]]


def spread(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """A supplement prints a p that needs a wider spread than all patients together have."""
    means = [sample.mean() for sample in table.numbers["visits"]]
    added = [
        line("Supplement", "visits", "mean", f"{min(means) - 1.5:.2f}", group="row_1=yes"),
        line("Supplement", "visits", "mean", f"{max(means) + 1.5:.2f}", group="row_1!=yes"),
        line("Supplement", "visits", "p", "0.045", method="t-test"),
    ]
    for each in added:
        each["analysis_id"] = "supplement"
    lines += added
    return [added[2]["figure_id"]]


def printed_twice(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    first = find(
        lines, random.choice(("Table 1.age.cases.mean", "Table 1.visits.others.sd", "Table 1.row_3.yes.cases.n"))
    )
    again = {
        **first,
        "figure_id": "again",
        "place": "Text",
        "printed": str(round(float(first["printed"]) * 1.3 + 1, 2)),
    }
    lines.append(again)
    return [first["figure_id"], "again"]


def mean_or_median(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    lines.append(line("Text", "age", "centre", "12.5", group=CASES))
    return ["Text.age.cases.centre", "Table 1.age.cases.mean"]


def label(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    chosen = [each for each in lines if each["row"] == "factor" and each.get("level_code") == LEVELS[3]]
    for each in chosen:
        each["level"] = "> 25" if each["place"] == "Table 1" else "25–30"
    return [chosen[0]["figure_id"]]


def adjusted_for(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    claim = line("Text", "factor", "adjusted_for", "after adjustment for row 4", level_code="high", sum_of="row_4=yes")
    for each in [*lines, claim]:
        if each["statistic"] == "adjusted_for" or "adjusted" in each.get("method", ""):
            each["analysis_id"] = "model"
    lines.append(claim)
    return [claim["figure_id"]]


def grim(table: TrueTable, lines: list[Line], random: Random) -> list[str]:
    """The mean of whole numbers is one that so few patients cannot have."""
    place, group = min((size, group) for size, group in zip(table.sizes, (CASES, OTHERS), strict=True))
    first = random.randint(300, 500)
    hundredths = next(
        each
        for each in range(first, first + 100)
        if not any(2 * each - 1 <= 200 * whole / place <= 2 * each + 1 for whole in range(2 * place, 7 * place))
    )
    return [reprint(lines, f"Table 1.visits.{group}.mean", f"{hundredths / 100:.2f}")]


PLANTS: dict[Plant, set[str]] = {
    percentage: {"percentage"},
    percentage_of_all: {"percentage"},
    swapped: {"swapped"},
    levels: {"levels"},
    groups: {"groups"},
    part_above_whole: {"part_above_whole"},
    group_size: {"group_size"},
    combined: {"combined"},
    overall: {"overall"},
    overall_count: {"overall"},
    weighted: {"overall"},
    weighted_subgroups: {"overall"},
    crude_ratio: {"odds_ratio"},
    inverted: {"inverted"},
    other_split: {"other_split"},
    ratio_interval: {"ratio_interval"},
    p_of_interval: {"p_of_interval"},
    part_as_whole: {"part_as_whole"},
    hazard_or_odds: {"hazard_or_odds"},
    p_of_counts: {"p_of_counts"},
    method_of_p: {"method_of_p"},
    p_of_means: {"p_of_means"},
    spread: {"spread"},
    printed_twice: {"printed_twice"},
    mean_or_median: {"printed_twice"},
    label: {"label"},
    adjusted_for: {"adjusted_for"},
    grim: {"grim"},
}
"""Each way to plant a contradiction, with the kind that the audit must report."""


def find_p(lines: list[Line], row: str) -> Line:
    return next(each for each in lines if (each["place"], each["row"], each["statistic"]) == ("Table 1", row, "p"))


def _two_by_two(table: TrueTable, row: str) -> list[list[int]]:
    counts = table.yes[row]
    return [counts, [size - count for size, count in zip(table.sizes, counts, strict=True)]]


def _pearson(table: TrueTable, row: str) -> float:
    return float(stats.chi2_contingency(_two_by_two(table, row), correction=False)[1])


def _log_ratio(table: TrueTable, row: str) -> float:
    (first, second), (no_first, no_second) = _two_by_two(table, row)
    return float(odds_ratio((first, no_first, second, no_second))[0] - 1)
