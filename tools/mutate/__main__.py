"""Change the programs one place at a time, in a copy, and write which changes the fast tests notice.

    make mutate                              300 mutants, seed 1; goes on where a run before was stopped
    make mutate SAMPLE=60 SEED=2             others
    python -m tools.mutate --only warehouse/views/clinical/score/albi.sql:97     every change of a line, printed and not written
    python -m tools.mutate --again           those once more that survived, after tests were written for them
    python -m tools.mutate --near            leave out the tests that are not near to a mutant

The figures go to docs/reference/mutation.md. A mutant that survives is a result and no failure. What is measured and found
is kept under .cache/mutate; removing that folder begins again.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.mutate.areas import Mutant, area_files, file_mutants, is_program
from tools.mutate.choose_tests import Chooser
from tools.mutate.forked_tests import import_heavy
from tools.mutate.page import write_page
from tools.mutate.reach import measure_reach
from tools.mutate.results import Result, read_equivalents, read_results, reason_of, result_of, write_results
from tools.mutate.run_tests import HASH_SEED
from tools.mutate.sample import draw_sample
from tools.mutate.tree_copy import copy_tree
from tools.mutate.try_mutant import Trial, try_mutant

_PROJECT = Path(__file__).resolve().parents[2]
_KEPT = _PROJECT / ".cache" / "mutate"


def main() -> int:
    """Try the mutants; 0 also when some survive, 2 when what was asked for is not there."""
    options = _options()
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED:  # can be chosen only before Python starts
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tools.mutate", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": HASH_SEED},
        )
    _KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mutate-") as folder:
        copy = Path(folder, "tree")
        copy_tree(_PROJECT, copy)
        mutants = _named(copy, options.only) if options.only else draw_sample(copy, options.sample, seed=options.seed)
        if not mutants:
            print(
                f"Nothing can be changed at {options.only}; write PATH or PATH:LINE of a file of an area.",
                file=sys.stderr,
            )
            return 2
        results = _try_all(mutants, copy, options)
    if not options.only:
        write_page(
            _PROJECT / "docs" / "reference",
            results,
            seed=options.seed,
            equivalents=read_equivalents(),
            note=options.note,
        )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description="See whether the tests notice a fault.")
    parser.add_argument("--sample", type=int, default=300, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument(
        "--only", metavar="PATH[:LINE]", help="every change of a file or a line, printed and not written"
    )
    parser.add_argument("--again", action="store_true", help="try again what survived before")
    parser.add_argument("--near", action="store_true", help="run only the tests that are near to a mutant")
    parser.add_argument("--note", default="", help="a sentence on this run, for the page")
    return parser.parse_args()


def _named(copy: Path, only: str) -> list[Mutant]:
    path, _, line = only.partition(":")
    return [
        mutant
        for area, name in area_files(copy)
        if name == path
        for mutant in file_mutants(copy, area, name)
        if (not line or mutant.line == int(line)) and is_program(copy, mutant)
    ]


def _try_all(mutants: Sequence[Mutant], copy: Path, options: argparse.Namespace) -> list[Result]:
    """Try each mutant that has no result yet, and keep every result as soon as it is there."""
    reach = measure_reach(copy, _KEPT / "reach.json", say=lambda line: print(line, flush=True))
    chooser = Chooser(copy, reach)
    import_heavy()
    equivalents = read_equivalents()
    kept = _KEPT / ("only.csv" if options.only else f"seed_{options.seed}.csv")
    known = {} if options.only else read_results(kept)
    results = []
    for number, mutant in enumerate(mutants, start=1):
        before = known.get(mutant.key)
        if before is None or (options.again and not before.is_noticed):
            if reason_of(mutant, equivalents):
                trial = Trial(mutant, "survived", "", 0, 0.0)  # hours of tests would say so too
            else:
                chosen = chooser.choose(mutant)
                trial = try_mutant(mutant, copy, chosen=chosen, reach=reach, with_rest=not options.near)
            known[mutant.key] = result_of(trial, before)
            write_results(kept, known)
            print(f"{number}/{len(mutants)} {_line(known[mutant.key])}", flush=True)
        results.append(known[mutant.key])
    return results


def _line(result: Result) -> str:
    change = f"{_short(result.before)} -> {_short(result.after)}"
    by = f" by {result.noticed_by}" if result.noticed_by else ""
    return f"{result.path}:{result.line}: {change}: {result.outcome}{by} ({result.files_run} files, {result.seconds:.0f} s)"


def _short(text: str) -> str:
    return " ".join(text.split()) or "nothing"


if __name__ == "__main__":
    sys.exit(main())
