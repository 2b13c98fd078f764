"""Helpers that every measured process shares: its command line, its imports, a stopwatch, its peak memory."""

import argparse
import importlib
import json
import pkgutil
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from etl.settings import Settings

SITE = "snuh"
PROJECT = Path(__file__).resolve().parents[1]

_LAYERS = ("schemas", "warehouse", "etl")
_RUN_BY_ALEMBIC = "warehouse.migrations"
# What is imported only when a function runs, by the project or by its packages; `late_imports` reports when one is missing.
_LATE = (
    "alembic.command",
    "alembic.config",
    "encodings.ascii",
    "encodings.utf_8_sig",
    "multiprocessing.synchronize",
    "pandera.accessors.pandas_accessor",
    "pandera.api.geopandas.model",
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.builtin_hypotheses",
    "pandera.backends.pandas.register",
    "pandera.backends.register_checks",
    "pandera.pandas",
    "pandera.strategies.pandas_constraints",
    "pandera.strategies.pandas_strategies",
    "pandera.typing.dask",
    "pandera.typing.modin",
    "pandera.typing.pyspark",
    "psutil",
    "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "sqlglot.dialects.duckdb",
    "sqlglot.generators.duckdb",
)


@dataclass
class Stopwatch:
    """A listener to progress that adds up the seconds of every step; a step lasts until the next begins."""

    label: str
    steps: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.perf_counter)
    _cpu_since: float = field(default_factory=time.process_time)
    _modules: frozenset[str] = field(default_factory=lambda: frozenset(sys.modules))

    def begin(self, label: str, total: int | None = None) -> None:  # noqa: ARG002
        """End the step that runs and start the next; the length is of no interest."""
        now = time.perf_counter()
        self.steps[self.label] = self.steps.get(self.label, 0.0) + now - self._since
        self.label, self._since = label, now

    def advance(self, count: int) -> None:
        """Do nothing."""

    def say(self, message: str) -> None:
        """Do nothing."""

    def stop(self) -> dict[str, object]:
        """End the last step; report the seconds in all and by step, and the peak memory of this process (MB).

        `cpu_seconds` is over all threads; far below `seconds`, the process waited: for the disk or for its neighbours.
        `late_imports` counts the modules that were imported while the clock ran, so that a reader sees whether
        imports really are excluded.
        """
        self.begin("")
        return {
            "seconds": sum(self.steps.values()),
            "cpu_seconds": time.process_time() - self._cpu_since,
            "peak_mb": peak_mb(),
            "steps": self.steps,
            "late_imports": len(frozenset(sys.modules) - self._modules),
        }


def peak_mb() -> float:
    """Read the largest resident memory that this process ever had, imports included, in MB of a million bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024) / 1e6


def import_everything(*, with_expectations: bool) -> None:
    """Import all of the project and what it imports late, so that no import falls into the measured time."""
    for layer in _LAYERS:
        for module in pkgutil.walk_packages([str(PROJECT / layer)], f"{layer}."):
            is_wanted = with_expectations or module.name != "etl.quality.counted_expectations"
            if is_wanted and not module.name.startswith(_RUN_BY_ALEMBIC):
                importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)
    if with_expectations:
        importlib.import_module("great_expectations.core")


def read_arguments(about: str) -> Settings:
    """Read the command line of a measured process: where it works, and with how much."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("data_dir", type=Path, help="a folder that holds raw/ and nothing else")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--memory-limit", required=True)
    options = parser.parse_args()
    return Settings(
        data_dir=options.data_dir,
        reports_dir=options.data_dir / "reports",
        mappings_dir=PROJECT / "site_mappings",
        threads=options.threads,
        memory_limit=options.memory_limit,
    )


def tell(measured: dict[str, object]) -> None:
    """Print what was measured as the last line of this process, for the process that started it."""
    print(json.dumps(measured), flush=True)
