"""Make true published tables from drawn patients, as a paper would print them; scipy and plain arithmetic compute them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import erfc, exp, log, sqrt
from pathlib import Path
from random import Random

import numpy as np
from scipy import stats

from etl.study.audit.audit import Audit, audit
from etl.study.audit.figure import Figure, read_print

Line = dict[str, str]
CASES, OTHERS, TOTAL = "cases", "others", "total"
LEVELS = ("low", "middle", "high", "highest")


def figures_of(lines: Iterable[Line]) -> list[Figure]:
    figures = []
    for line in lines:
        value, bound, decimals = read_print(line["printed"])
        figures.append(Figure(value=value, bound=bound, decimals=decimals, **line))
    return figures


def audit_lines(lines: Iterable[Line]) -> Audit:
    return audit(figures_of(lines))


def line(place: str, row: str, statistic: str, printed: str, **more: str) -> Line:
    key = (place, row, more.get("level_code", ""), more.get("group", ""), more.get("method", ""), statistic)
    return {
        "figure_id": ".".join(part for part in key if part), "place": place, "row": row, "statistic": statistic,
        "printed": printed, "variable": row, "level": more.get("level_code", ""), **more,
    }  # fmt: skip


def share(count: int, size: int) -> str:
    return f"{100 * count / size:.1f}"


def shown_p(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def odds_ratio(cells: Sequence[int]) -> tuple[float, float, float, float]:
    """The odds ratio of level and reference among cases, then among others; its limits, and Wald's p."""
    middle = log(cells[0] * cells[3] / (cells[1] * cells[2]))
    error = sqrt(sum(1 / cell for cell in cells))
    reach = stats.norm.ppf(0.975) * error
    return exp(middle), exp(middle - reach), exp(middle + reach), erfc(abs(middle) / error / sqrt(2))


def ratio_lines(place: str, row: str, cells: Sequence[int], method: str = "logistic", **more: str) -> list[Line]:
    value = odds_ratio(cells)
    words = ("odds_ratio", "low", "high")
    lines = [
        line(place, row, word, f"{number:.3f}", method=method, **more)
        for word, number in zip(words, value[:3], strict=True)
    ]
    return [*lines, line(place, row, "p", shown_p(value[3]), method=method, **more)]


class TrueTable:
    """A table of drawn patients: five yes/no rows, a part of one, a row of four levels, three rows of means."""

    def __init__(self, seed: int, *, sizes: tuple[int, int] | None = None) -> None:
        self.random = Random(seed)  # noqa: S311
        self.sizes = sizes or (self.random.randint(80, 300), self.random.randint(80, 400))
        self.yes = {f"row_{number}": self._yes_no() for number in range(5)}
        self.yes["row_4"] = [
            round(size * 0.3) + more for size, more in zip(self.sizes, (2, -2), strict=True)
        ]  # p near 0.5
        self.part = [self.random.randint(1, count) for count in self.yes["row_0"]]
        self.factor = [self._levels(size) for size in self.sizes]
        self.numbers = {name: self._numbers(name) for name in ("age", "visits", "score")}

    def lines(self) -> list[Line]:
        lines = [
            line("Table 1", "Patients", "size", str(size), group=group)
            for group, size in zip((CASES, OTHERS, TOTAL), (*self.sizes, sum(self.sizes)), strict=True)
        ]
        for row, counts in self.yes.items():
            lines += self._yes_lines(row, counts)
        lines += self._yes_lines("part", self.part, part_of="row_0=yes")
        lines += self._factor_lines()
        for row in self.numbers:
            lines += self._number_lines(row)
        return lines + self._text_lines()

    def _yes_lines(self, row: str, counts: Sequence[int], **more: str) -> list[Line]:
        lines = []
        for group, count, size in zip((CASES, OTHERS), counts, self.sizes, strict=True):
            where = {"group": group, "level_code": "yes", **more}
            lines += [line("Table 1", row, "n", str(count), **where)]
            lines += [line("Table 1", row, "percent", share(count, size), **where)]
        no = [size - count for size, count in zip(self.sizes, counts, strict=True)]
        is_fisher = self.random.random() < 0.5
        table = [list(counts), no]
        p = stats.fisher_exact(table)[1] if is_fisher else stats.chi2_contingency(table, correction=False)[1]
        lines.append(line("Table 1", row, "p", shown_p(p), method="fisher" if is_fisher else "chi-square", **more))
        return lines + ratio_lines("Table 2", row, (counts[0], no[0], counts[1], no[1]), level_code="yes")

    def _factor_lines(self) -> list[Line]:
        lines = []
        for group, counts in zip((CASES, OTHERS), self.factor, strict=True):
            for level, count in zip(LEVELS, counts, strict=True):
                where = {"group": group, "level_code": level}
                lines += [line("Table 1", "factor", "n", str(count), **where)]
                lines += [line("Table 1", "factor", "percent", share(count, sum(counts)), **where)]
            if sum(counts) < self.sizes[group == OTHERS]:
                lines.append(line("Table 1", "factor", "denominator", str(sum(counts)), group=group))
        p = stats.chi2_contingency(self.factor, correction=False)[1]
        lines.append(line("Table 1", "factor", "p", shown_p(p), method="chi-square"))
        lines.append(line("Table 2", "factor", "reference", "1", level_code=LEVELS[0], method="logistic"))
        (first, second) = self.factor
        for place, level in enumerate(LEVELS[1:], start=1):
            cells = (first[place], first[0], second[place], second[0])
            lines += ratio_lines("Table 2", "factor", cells, level_code=level)
        return lines

    def _number_lines(self, row: str) -> list[Line]:
        lines, samples = [], self.numbers[row]
        whole = "yes" if row == "visits" else "no"
        for group, sample in zip((CASES, OTHERS, TOTAL), (*samples, np.concatenate(samples)), strict=True):
            lines += [line("Table 1", row, "mean", f"{sample.mean():.2f}", group=group, whole=whole)]
            lines += [line("Table 1", row, "sd", f"{sample.std(ddof=1):.2f}", group=group)]
        is_welch = self.random.random() < 0.5
        p = stats.ttest_ind(*samples, equal_var=not is_welch).pvalue
        return [*lines, line("Table 1", row, "p", shown_p(p), method="welch" if is_welch else "student")]

    def _text_lines(self) -> list[Line]:
        count = sum(self.yes["row_1"])
        both = [counts[2] + counts[3] for counts in self.factor]
        together = "factor=high + factor=highest"
        lines = [
            line("Text", "row_1", "n", str(count), group=TOTAL, level_code="yes"),
            line("Text", "row_1", "percent", share(count, sum(self.sizes)), group=TOTAL, level_code="yes"),
            line(
                "Text",
                "row_2",
                "percent",
                share(sum(self.yes["row_2"]), sum(self.sizes)),
                group=TOTAL,
                level_code="yes",
            ),
        ]
        for group, counts, known in zip((CASES, OTHERS), both, self.factor, strict=True):
            where = {"group": group, "level_code": "high or highest", "sum_of": together}
            lines.append(line("Text", "factor", "percent", share(counts, sum(known)), **where))
        cells = (both[0], sum(self.factor[0]) - both[0], both[1], sum(self.factor[1]) - both[1])
        where = {"level_code": "high or highest", "sum_of": together}
        return lines + ratio_lines("Text", "factor", cells, method="logistic, adjusted", **where)

    def _yes_no(self) -> list[int]:
        return [max(2, min(size - 2, round(size * self.random.uniform(0.1, 0.9)))) for size in self.sizes]

    def _levels(self, size: int) -> list[int]:
        known = size - self.random.choice((0, 0, 3, 7))
        cuts = sorted(self.random.sample(range(1, known // 4), 3))
        edges = [0, *(cut * 4 for cut in cuts), known]
        return [after - before for before, after in pairwise(edges)]

    def _numbers(self, name: str) -> list["np.ndarray"]:
        draw = np.random.default_rng(self.random.randrange(2**32))
        if name == "visits":
            return [draw.poisson(lam, size).astype(float) for lam, size in zip((4.0, 5.0), self.sizes, strict=True)]
        return [draw.normal(60 + shift, 10, size) for shift, size in zip((0, 1.5), self.sizes, strict=True)]


def write_lines(path: Path, lines: Sequence[Line]) -> Path:
    import csv

    names = list(dict.fromkeys(name for each in lines for name in each))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path
