"""Measured figures, and the targets that they are compared with."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any

MOST_TIMES = 2.5
MOST_MB = 1500
MOST_SECONDS = 3
MOST_GROWTH = 1.25
MOST_SECONDS_TOGETHER = 15
MOST_TIMES_BARE_RULE = 2.0
MOST_SECONDS_STUDY = 60
NOT_FOR_HELP = ("pandas", "duckdb", "great_expectations")

_WHOLE_FROM = 100


@dataclass(frozen=True)
class Pair:
    """The anchor and ours, run one after the other."""

    anchor: dict[str, Any]
    ours: dict[str, Any]

    @property
    def ratio(self) -> float:
        """How many times as long ours takes."""
        return float(self.ours["seconds"] / self.anchor["seconds"])


@dataclass(frozen=True)
class Start:
    """One start of `hcc --help`: seconds from outside, and which heavy packages it imported."""

    seconds: float
    heavy: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """All that one run of the benchmark measured."""

    threads: int
    memory_limit: str
    file_mb: float
    pairs: list[Pair]
    large_pair: Pair | None
    whole: dict[str, Any]
    study: list[dict[str, Any]]
    starts: list[Start]
    hospitals: list[dict[str, Any]] = field(default_factory=list)
    """Runs of all hospitals in one process."""
    formats: dict[str, dict[str, float]] = field(default_factory=dict)
    """By suffix: records, and the seconds of the bare library and of ours."""
    rules: dict[str, dict[str, float]] = field(default_factory=dict)
    """By what is derived: records, the seconds of bare SQL and of ours, their ratio, peak memory."""
    many_patients: dict[str, Any] | None = None
    """The study over 100 times the patients, part by part, and next to R."""


@dataclass(frozen=True)
class Target:
    """One figure, next to what was asked of it; `is_met` is None where nothing was asked."""

    what: str
    measured: str
    asked: str = "reported only"
    is_met: bool | None = None


def compare(figures: Figures) -> list[Target]:
    """Hold every figure against its target."""
    pairs = figures.pairs
    records = f"{pairs[0].ours['records']:,} records"
    heavy = sorted({name for start in figures.starts for name in start.heavy})
    return [
        *_pair_targets(records, median(pair.ratio for pair in pairs), _peak(pairs)),
        *_large_targets(figures),
        _at_most(MOST_SECONDS, median(run["seconds"] for run in figures.study), "end to end, study-sized", unit=" s"),
        *_together_targets(figures),
        *(
            _at_most(MOST_TIMES_BARE_RULE, each["ratio"], f"{what}, {each['records']:,} records: times bare SQL")
            for what, each in figures.rules.items()
        ),
        *_study_targets(figures.many_patients),
        Target(f"end to end, {records}", f"{figures.whole['seconds']:.1f} s"),
        Target(f"end to end, {records}: peak memory", f"{figures.whole['peak_mb']:,.0f} MB"),
        Target(
            "heavy packages that `hcc --help` imports",
            ", ".join(heavy) or "none",
            f"not {', '.join(NOT_FOR_HELP)}",
            not set(NOT_FOR_HELP) & set(heavy),
        ),
        Target("`hcc --help`, from start to end", f"{median(start.seconds for start in figures.starts):.2f} s"),
    ]


def _pair_targets(records: str, ratio: float, peak: float) -> list[Target]:
    return [
        _at_most(MOST_TIMES, ratio, f"read to staged, {records}: times the anchor"),
        _at_most(MOST_MB, peak, f"read to staged, {records}: peak memory", unit=" MB"),
    ]


def _large_targets(figures: Figures) -> list[Target]:
    """Compare the larger file, run once, with the smaller: memory stays flat when it does not grow with the records."""
    pair = figures.large_pair
    if pair is None:
        return []
    times = pair.ours["records"] / figures.pairs[0].ours["records"]
    growth = _peak([pair]) / _peak(figures.pairs)
    return [
        *_pair_targets(f"{pair.ours['records']:,} records", pair.ratio, _peak([pair])),
        _at_most(MOST_GROWTH, growth, f"peak memory with {times:.0f} times the records, times that with the fewer"),
    ]


def _together_targets(figures: Figures) -> list[Target]:
    """Hold the run of all hospitals against its target, and against as many runs of one."""
    if not figures.hospitals:
        return []
    hospitals = figures.hospitals[0]["hospitals"]
    seconds = median(run["seconds"] for run in figures.hospitals)
    alone = median(run["seconds"] for run in figures.study)
    what = f"{hospitals} hospitals in one process, study-sized"
    return [
        _at_most(MOST_SECONDS_TOGETHER, seconds, what, unit=" s"),
        Target(f"{what}: times as many runs of one", f"{seconds / (hospitals * alone):.2f}"),
    ]


def _study_targets(measured: dict[str, Any] | None) -> list[Target]:
    if measured is None:
        return []
    what = f"the study over {measured['patients']:,} eligible patients"
    return [_at_most(MOST_SECONDS_STUDY, measured["seconds"], what, unit=" s")]


def _peak(pairs: list[Pair]) -> float:
    return max(float(pair.ours["peak_mb"]) for pair in pairs)


def _at_most(most: float, measured: float, what: str, *, unit: str = "") -> Target:
    decimals = 0 if measured >= _WHOLE_FROM else 2
    return Target(what, f"{measured:,.{decimals}f}{unit}", f"at most {most:,}{unit}", measured <= most)
