"""Measure once which lines and files each test file reaches, and how long it takes, to know which tests may see a mutant.

Every test file runs in a process of its own: what one process makes once and shares, such as an empty warehouse, is then
counted for each file that needs it.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.mutate.run_tests import run_tests

_MOST_SECONDS = 900.0
_FOLDERS = ("spec", "unit", "integration", "oracle", "generative", "cli")
_CONFIGURATION = """\
[run]
source = schemas, warehouse, etl
parallel = true
patch = subprocess, _exit
data_file = {data_file}
"""


@dataclass(frozen=True)
class Reach:
    """What the fast tests of one file reach, as seen when nothing was changed."""

    seconds: float
    passes: bool
    lines: Mapping[str, tuple[int, ...]]
    """By path of a module: its lines that ran, those of the import included."""
    opened: frozenset[str]
    """SQL and data files of the tree that were opened."""


def measure_reach(copy: Path, kept: Path, *, say: Callable[[str], None]) -> dict[str, Reach]:
    """Run every test file once, or read what a run before has measured.

    Args:
        copy: the copy of the tree.
        kept: the file of the measurements; a test file that is in it is not measured again.
        say: is notified of each file.
    """
    known = read_reach(kept)
    names = sorted(str(path.relative_to(copy)) for path in (copy / "tests").rglob("test_*.py"))
    names.sort(key=lambda name: (folder_order(name), name.count("/")))
    for name in names:
        if name not in known:
            known[name] = _measure(copy, name)
            say(f"{name}: {known[name].seconds:.0f} s" + ("" if known[name].passes else ", FAILS with nothing changed"))
            kept.parent.mkdir(parents=True, exist_ok=True)
            as_json = {each: {**asdict(reach), "opened": sorted(reach.opened)} for each, reach in known.items()}
            kept.write_text(json.dumps(as_json), encoding="utf-8")
    return {name: known[name] for name in names}


def read_reach(kept: Path) -> dict[str, Reach]:
    """Read measurements that were written before."""
    if not kept.exists():
        return {}
    read = json.loads(kept.read_text(encoding="utf-8"))
    return {
        name: Reach(
            each["seconds"],
            each["passes"],
            {path: tuple(lines) for path, lines in each["lines"].items()},
            frozenset(each["opened"]),
        )
        for name, each in read.items()
    }


def folder_order(name: str) -> int:
    """Where the folder of a test file stands among the folders of tests: those of one rule before those of a whole way."""
    folder = name.split("/")[1]
    return _FOLDERS.index(folder) if folder in _FOLDERS else len(_FOLDERS)


def _measure(copy: Path, name: str) -> Reach:
    """Run a test file with coverage; where it fails so, run it plainly: some tests read all that a program prints."""
    from coverage import Coverage

    with tempfile.TemporaryDirectory(prefix="reach-", dir=copy.parent) as folder:
        rules, data_file, opened = Path(folder, "coveragerc"), Path(folder, "data"), Path(folder, "opened")
        rules.write_text(_CONFIGURATION.format(data_file=data_file), encoding="utf-8")
        measured = run_tests(
            copy,
            [name],
            seconds=_MOST_SECONDS,
            before=["-m", "coverage", "run", f"--rcfile={rules}", "-m", "pytest"],
            options=["-p", "tools.mutate.opened_files"],
            environment={"OPENED_FILES": str(opened)},
        )
        plain = measured if measured.verdict == "passed" else run_tests(copy, [name], seconds=_MOST_SECONDS)
        coverage = Coverage(config_file=str(rules))
        coverage.combine([folder], keep=False)
        data = coverage.get_data()
        lines = {
            str(Path(path).relative_to(copy)): tuple(sorted(data.lines(path) or ()))
            for path in data.measured_files()
            if Path(path).is_relative_to(copy)
        }
        paths = opened.read_text(encoding="utf-8").split() if opened.exists() else []
        return Reach(round(plain.seconds, 1), plain.verdict == "passed", lines, frozenset(paths))
