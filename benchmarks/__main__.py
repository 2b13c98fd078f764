"""Measure everything, each time in a process of its own, and write benchmarks/README.md.

    make bench                           all of it, 20 million records included (minutes; 5 GB of disk at TMPDIR)
    python -m benchmarks --without-large without the 20 million records
    python -m benchmarks --only together all hospitals in one process and the formats alone, printed and not written
    python -m benchmarks --only rules    the clinical rules alone, printed and not written
    python -m benchmarks --only study    the study at 100 times the patients, next to R, printed and not written
    python -m benchmarks --quick         few records, printed and not written: to try the benchmark itself

A missed target is a result and no failure; a process that fails is (exit 1).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.figures import Figures, Pair, Start
from benchmarks.readme import README, fill_in, render, render_rules, render_study, render_together

THREADS = 2
MEMORY_LIMIT = "1GB"
HEAVY = ("duckdb", "great_expectations", "pandas", "pandera", "pyarrow")

_RECORDS, _LARGE_RECORDS = 5_000_000, 20_000_000
_QUICK_RECORDS, _QUICK_LARGE_RECORDS = 200_000, 800_000
_RULES = {
    "laboratory grading": ("lab_grading", "--records", 10_000_000),
    "visits to best response": ("responses", "--patients", 1_000_000),
}
"""By what is derived: the module that measures it, and how many it is given."""
_PROJECT = Path(__file__).resolve().parents[1]
_HELP = f"""
import json, sys
from etl.cli import run
code = run(["--help"])
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
sys.exit(code)
"""


def main() -> int:
    """Measure, and write or print the tables; 1 when a process failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("--quick", action="store_true", help="few records; print the tables, write nothing")
    parser.add_argument("--without-large", action="store_true", help="leave out the 20 million records")
    parser.add_argument(
        "--only", choices=("together", "rules", "study"), help="measure this alone, and print the tables"
    )
    options = parser.parse_args()
    records, large = (_QUICK_RECORDS, _QUICK_LARGE_RECORDS) if options.quick else (_RECORDS, _LARGE_RECORDS)
    try:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            if options.only == "together":
                print(render_together(*measure_together(Path(folder))))
                return 0
            if options.only == "rules":
                print(render_rules(measure_rules(is_quick=options.quick)))
                return 0
            if options.only == "study":
                print(render_study(measure_study(is_quick=options.quick)))
                return 0
            figures = measure(Path(folder), records=records, large_records=None if options.without_large else large)
            figures = replace(figures, rules=measure_rules(is_quick=options.quick))
            figures = replace(figures, many_patients=measure_study(is_quick=options.quick))
    except subprocess.CalledProcessError as failure:
        _say(f"{failure.stderr}\nThis process failed: {' '.join(failure.cmd)}")
        return 1
    tables = render(figures)
    if options.quick:
        print(tables)
    else:
        README.write_text(fill_in(README.read_text(encoding="utf-8"), tables), encoding="utf-8")
        _say(f"Written: {README.relative_to(_PROJECT)}")
    return 0


def measure(folder: Path, *, records: int, large_records: int | None) -> Figures:
    """Measure everything in a folder, one delivery after the other, so that the disk holds one at a time."""
    raw_dir = folder / "raw"
    labs, size_mb = _make_delivery(raw_dir, records)
    pairs = [_measure_pair(folder, labs) for _ in range(3)]
    whole = _measure("end_to_end", folder)
    large_pair = None
    if large_records:
        shutil.rmtree(raw_dir)
        labs, _ = _make_delivery(raw_dir, large_records)
        large_pair = _measure_pair(folder, labs)
    shutil.rmtree(raw_dir)
    _make_delivery(raw_dir, None)
    study = [_measure("end_to_end", folder) for _ in range(3)]
    shutil.rmtree(raw_dir)
    hospitals, formats = measure_together(folder)
    starts = [_start_help() for _ in range(3)]
    return Figures(THREADS, MEMORY_LIMIT, size_mb, pairs, large_pair, whole, study, starts, hospitals, formats)


def measure_together(folder: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, float]]]:
    """Measure all hospitals in one process, three times, and every format against its bare library."""
    _say("Making the deliveries of all hospitals")
    _run([sys.executable, "-m", "benchmarks.make_deliveries", str(folder / "raw"), "--all"])
    hospitals = [_measure("together", folder) for _ in range(3)]
    files = folder / "formats"
    files.mkdir()
    return hospitals, _run([sys.executable, "-m", "benchmarks.formats", str(files)])["formats"]


def measure_rules(*, is_quick: bool) -> dict[str, dict[str, float]]:
    """Measure the clinical rules against bare SQL of the same shape."""
    rules = {}
    for what, (module, option, many) in _RULES.items():
        _say(f"Measuring {what}")
        command = [sys.executable, "-m", f"benchmarks.{module}", option, str(many // 100 if is_quick else many)]
        rules[what] = _run(command)
    return rules


def measure_study(*, is_quick: bool) -> dict[str, Any]:
    """Measure the study over 100 times the patients (10 times when quick)."""
    _say("Measuring the study over many patients")
    command = [sys.executable, "-m", "benchmarks.study", "--times", "10" if is_quick else "100"]
    return dict(_run([*command, "--threads", str(THREADS), "--memory-limit", MEMORY_LIMIT]))


def _measure_pair(folder: Path, labs: Path) -> Pair:
    """Run the anchor and ours, one after the other, on the same file."""
    database = folder / "anchor.duckdb"
    anchor = _run_module("anchor", labs, database)
    database.unlink()
    pair = Pair(anchor, _measure("read_to_staged", folder))
    if pair.anchor["records"] != pair.ours["records"]:
        raise SystemExit(f"The anchor made {anchor['records']} records and ours {pair.ours['records']}.")
    return pair


def _measure(module: str, folder: Path) -> dict[str, Any]:
    """Run a measured process in a new data folder, with the deliveries linked into it."""
    data_dir = folder / "data"
    data_dir.mkdir()
    (data_dir / "raw").symlink_to(folder / "raw")
    measured = _run_module(module, data_dir)
    shutil.rmtree(data_dir)
    return measured


def _make_delivery(raw_dir: Path, records: int | None) -> tuple[Path, float]:
    """Have a delivery made; give its path and its size in MB."""
    _say("Making " + (f"a delivery with {records:,} laboratory records" if records else "a study-sized delivery"))
    options = ["--records", str(records)] if records else []
    made = _run([sys.executable, "-m", "benchmarks.make_deliveries", str(raw_dir), *options])
    return Path(made["path"]), made["size_mb"]


def _run_module(module: str, *paths: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, paths)]
    measured = _run([*command, "--threads", str(THREADS), "--memory-limit", MEMORY_LIMIT])
    _say(f"{module}: {measured['records']:,} records, {measured['seconds']:.2f} s, {measured['peak_mb']:,.0f} MB")
    return dict(measured)


def _start_help() -> Start:
    """Time `hcc --help` from outside, and ask inside which of the heavy packages it imported."""
    heavy = _run([sys.executable, "-c", _HELP])
    started = time.perf_counter()
    subprocess.run([Path(sys.executable).with_name("hcc"), "--help"], check=True, capture_output=True, text=True)
    return Start(time.perf_counter() - started, tuple(heavy))


def _run(command: list[str]) -> Any:
    """Run a process and read the JSON in its last line; settings of the caller's environment do not reach it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HCC_")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_PROJECT, env=environment)
    return json.loads(done.stdout.strip().splitlines()[-1])


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
