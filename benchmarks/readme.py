"""The tables of benchmarks/README.md; they stand between two markers, and the rest of the file is written by hand."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.figures import Figures, compare

README = Path(__file__).with_name("README.md")
BEGIN = "<!-- measured: begin; written by `make bench` -->"
END = "<!-- measured: end -->"

_PACKAGES = ("duckdb", "pyarrow", "pandas", "pandera", "great-expectations")
_SHORT_SECONDS = 0.05


def render(figures: Figures) -> str:
    """Render everything that was measured as Markdown, with the machine, the versions and the date."""
    parts = (
        _circumstances(figures),
        "### Against the targets",
        _targets(figures),
        "### Read to staged, against the anchor",
        _pairs(figures),
        "### Seconds by step",
        _steps(figures),
        *([render_together(figures.hospitals, figures.formats)] if figures.hospitals else []),
        *([render_rules(figures.rules)] if figures.rules else []),
        *([render_study(figures.many_patients)] if figures.many_patients else []),
        _notes(figures),
    )
    return "\n\n".join(parts)


def render_together(hospitals: Sequence[dict[str, Any]], formats: Mapping[str, Mapping[str, float]]) -> str:
    """Render the runs of all hospitals in one process, and every reader against the bare library."""
    runs = [
        (
            f"{run['hospitals']}",
            f"{run['records']:,}",
            *map(_seconds, (run["seconds"], run["cpu_seconds"], run["seconds"] / run["hospitals"])),
            f"{run['peak_mb']:,.0f}",
        )
        for run in hospitals
    ]
    steps = sorted(_middle(hospitals)["steps"].items(), key=lambda step: -step[1])
    readers = [
        (
            suffix,
            *(f"{each['records'] / each[who]:,.0f}" for who in ("bare", "ours")),
            f"{each['ours'] / each['bare']:.2f}",
        )
        for suffix, each in formats.items()
    ]
    return "\n\n".join(
        (
            "### All hospitals in one process",
            _table(("hospitals", "records", "in all, s", "CPU, s", "a hospital, s", "peak MB"), runs),
            _table(("step, of the run in the middle", "s"), [(label, _seconds(each)) for label, each in steps[:12]]),
            "### Every reader against the bare library",
            _table(("format", "bare, records/s", "ours, records/s", "ours / bare, seconds"), readers),
        )
    )


def render_rules(rules: Mapping[str, Mapping[str, float]]) -> str:
    """Render the clinical rules against bare SQL of the same shape."""
    rows = [
        (
            what,
            f"{each['records']:,}",
            *(f"{each[name]:.2f}" for name in ("bare", "ours", "ratio")),
            f"{each['peak_mb']:,.0f}",
        )
        for what, each in rules.items()
    ]
    header = ("rule", "records", "bare SQL, s", "ours, s", "ours / bare", "peak MB")
    return "\n\n".join(("### Clinical rules against bare SQL", _table(header, rows)))


def render_study(measured: Mapping[str, Any]) -> str:
    """Render the study over many patients by part, and next to R's survival on the same rows."""
    steps = [(label, _seconds(each)) for label, each in measured["steps"].items() if each >= _SHORT_SECONDS]
    ends = [
        ("**in all**", _seconds(measured["seconds"])),
        ("CPU, all threads", _seconds(measured["cpu_seconds"])),
    ]
    rows = [
        (what.replace("_", " "), *(f"{each[name]:.2f}" for name in ("bare", "ours", "ratio")))
        for what, each in measured["next_to_r"].items()
    ]
    return "\n\n".join(
        (
            f"### The study over {measured['patients']:,} eligible patients",
            f"{measured['numbers']:,} numbers, {measured['figures']} figures; peak memory {measured['peak_mb']:,.0f} MB.",
            _table(("part", "s"), [*steps, *ends]),
            _table(("same rows", "R's survival, s", "ours, s", "ours / R"), rows),
        )
    )


def fill_in(text: str, tables: str) -> str:
    """Put the tables between the markers of the file."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, "README.md has lost its markers"
    return f"{before}{begin}\n\n{tables}\n\n{end}{after}"


def _circumstances(figures: Figures) -> str:
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} (UTC) on {_machine()}; {_versions()}.\n"
        f"Every process had {figures.threads} threads and a memory limit of {figures.memory_limit} for DuckDB. "
        f"The laboratory file of {figures.pairs[0].ours['records']:,} records has {figures.file_mb:,.0f} MB."
    )


def _machine() -> str:
    """Describe the machine without naming it."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores ({_processor()}), {memory_gb:.0f} GB of memory, {platform.system()}"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _versions() -> str:
    packages = [f"{name} {version(name)}" for name in _PACKAGES]
    return ", ".join([f"Python {platform.python_version()}", *packages])


def _targets(figures: Figures) -> str:
    words = {True: "yes", False: "**no**", None: ""}
    rows = [(target.what, target.measured, target.asked, words[target.is_met]) for target in compare(figures)]
    return _table(("figure", "measured", "target", "met"), rows)


def _pairs(figures: Figures) -> str:
    pairs = [*figures.pairs, *([figures.large_pair] if figures.large_pair else [])]
    rows = [
        (
            f"{pair.ours['records']:,}",
            f"{pair.anchor['seconds']:.2f}",
            f"{pair.ours['seconds']:.2f}",
            f"{pair.ours['cpu_seconds']:.2f}",
            f"{pair.ratio:.2f}",
            f"{pair.anchor['peak_mb']:,.0f}",
            f"{pair.ours['peak_mb']:,.0f}",
        )
        for pair in pairs
    ]
    header = ("records", "anchor, s", "ours, s", "ours, CPU s", "ours / anchor", "anchor, peak MB", "ours, peak MB")
    return _table(header, rows)


def _steps(figures: Figures) -> str:
    """Render the steps of the run in the middle of each kind; short steps together."""
    runs = {
        f"read to staged, {figures.pairs[0].ours['records']:,}": _middle([pair.ours for pair in figures.pairs]),
        **(
            {f"read to staged, {figures.large_pair.ours['records']:,}": figures.large_pair.ours}
            if figures.large_pair
            else {}
        ),
        f"end to end, {figures.whole['records']:,}": figures.whole,
        f"end to end, study-sized ({figures.study[0]['records']:,})": _middle(figures.study),
    }
    labels = list(dict.fromkeys(label for run in runs.values() for label in run["steps"]))
    longest = {label: max(run["steps"].get(label, 0.0) for run in runs.values()) for label in labels}
    shown = [label for label in labels if longest[label] >= _SHORT_SECONDS]
    rows = [(label, *(_seconds(run["steps"].get(label)) for run in runs.values())) for label in shown]
    rest = [sum(seconds for label, seconds in run["steps"].items() if label not in shown) for run in runs.values()]
    total = [run["seconds"] for run in runs.values()]
    ends = [("shorter steps together", *map(_seconds, rest)), ("**in all**", *map(_seconds, total))]
    return _table(("step", *runs), [*rows, *ends])


def _notes(figures: Figures) -> str:
    """Write what lets a reader see a disturbed run, or a clock that did not leave out the imports."""
    runs = [*(pair.ours for pair in figures.pairs), figures.whole, *figures.study]
    study = ", ".join(f"{run['seconds']:.2f} s (CPU {run['cpu_seconds']:.2f} s)" for run in figures.study)
    late = max(run["late_imports"] for run in runs)
    return f"The study-sized runs took {study}. Modules imported while a clock ran, at most in any process: {late}."


def _middle(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return sorted(runs, key=lambda run: run["seconds"])[len(runs) // 2]


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Render a table whose first column is words and whose others are figures."""
    lines = [header, ["---", *("---:" for _ in header[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
