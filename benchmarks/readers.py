"""Time an ingest with and without ten processes that hold the warehouse open and ask it once a second, in pairs.

    python -m benchmarks.readers --pairs 3

A second delivery of the size of the study is brought into a warehouse that holds the first one. CPU seconds of the ingest
alone are compared, since the readers use the same cores.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import SITE

READERS = 10
READER = """
import sys, time
import duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
ask = lambda: con.execute("SELECT count(*) FROM analysis.cohort").fetchone()
first = ask()
print("open", flush=True)
while True:
    time.sleep(1)
    if ask() != first:
        sys.exit("the answer changed")
"""


def time_pairs(folder: Path, *, pairs: int) -> list[dict[str, float]]:
    """Ingest a second delivery without and with readers, so many times; return CPU and wall seconds of each.

    Raises:
        SystemExit: an ingest failed, or a reader did not keep its answer to the end.
    """
    first = folder / "first"
    _make_first(first)
    measured = []
    for number in range(pairs):
        row: dict[str, float] = {}
        for readers in (0, READERS):
            data_dir = folder / f"{number}-{readers}"
            shutil.copytree(first, data_dir, symlinks=True)
            name = "with" if readers else "without"
            row[f"{name}_cpu_seconds"], row[f"{name}_seconds"] = _time_ingest(data_dir, readers)
            shutil.rmtree(data_dir)
        measured.append(row)
    return measured


def _make_first(data_dir: Path) -> None:
    """Bring in the synthetic delivery, and put a second one next to it, with one laboratory record less."""
    _hcc(data_dir, "ingest", SITE)
    delivery = next(path for path in sorted((data_dir / "raw" / SITE).iterdir()) if path.is_dir())
    second = delivery.with_name("9999-01")
    shutil.copytree(delivery, second)
    (second / "manifest.json").unlink(missing_ok=True)  # it has the hash of the file that is shortened
    largest = max(second.glob("*.csv"), key=lambda path: path.stat().st_size)
    lines = largest.read_bytes().splitlines(keepends=True)
    largest.write_bytes(b"".join(lines[:-1]))


def _time_ingest(data_dir: Path, readers: int) -> tuple[float, float]:
    """Return the CPU seconds and the wall seconds of one ingest."""
    command = [sys.executable, "-c", READER, str(data_dir / "warehouse.duckdb")]
    held = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    try:
        for reader in held:
            if reader.stdout is None or reader.stdout.readline() != "open\n":
                raise SystemExit("A reader could not open the warehouse.")
        before, began = os.times(), time.perf_counter()
        _hcc(data_dir, "ingest", SITE)
        seconds, after = time.perf_counter() - began, os.times()
        if any(reader.poll() is not None for reader in held):
            raise SystemExit("A reader did not keep its answer.")
    finally:
        for reader in held:
            reader.kill()
            reader.wait()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return round(cpu, 2), round(seconds, 2)


def _hcc(data_dir: Path, *arguments: str) -> None:
    own = {"HCC_DATA_DIR": str(data_dir), "HCC_REPORTS_DIR": str(data_dir / "reports")}
    done = subprocess.run(
        [Path(sys.executable).with_name("hcc"), *arguments],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time an ingest with and without ten readers.")
    parser.add_argument("--pairs", type=int, default=3)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        print(json.dumps(time_pairs(Path(scratch), pairs=parser.parse_args().pairs), indent=1))
