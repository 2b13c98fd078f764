"""Read drawn and damaged inputs with this project and with a second reader, and compare them cell by cell.

    make fuzz                                         300 cases of every target, seed 1
    make fuzz SAMPLE=10000 SEED=2                     more of them, and others
    python -m tools.fuzz --target xlsx --sample 500   one target; it may be named several times
    python -m tools.fuzz --target xlsx --case 17      one case once more, in this process; its files stay in a folder
    python -m tools.fuzz --page                       also write the figures into docs/reference/fuzzing.md

It ends with 1 when a case failed, each of which is printed with the command that makes it again.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

from tools.fuzz.case import FAILED, Verdict
from tools.fuzz.page import Figures, write_page
from tools.fuzz.run_forked import Judged, judge_all
from tools.fuzz.targets import TARGETS, draw_case, judge_case

_PROJECT = Path(__file__).resolve().parents[2]
_MOST_SHOWN = 20


def main() -> int:
    """Judge the cases; 1 when one failed."""
    options = _options()
    chosen = options.target or list(TARGETS)
    if options.case is not None:
        return _again(chosen[0], options.seed, options.case)
    _import_heavy()
    figures = [_try_target(target, sample=options.sample, seed=options.seed) for target in chosen]
    if options.page:
        write_page(_PROJECT / "docs" / "reference" / "fuzzing.md", figures, seed=options.seed)
    return int(any(each.outcomes[FAILED] for each in figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description="Read drawn and damaged inputs twice.")
    parser.add_argument("--sample", type=int, default=300, help="how many cases of each target")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="only this target")
    parser.add_argument("--case", type=int, help="only the case of this number, in this process")
    parser.add_argument("--page", action="store_true", help="write docs/reference/fuzzing.md")
    return parser.parse_args()


def _again(target: str, seed: int, number: int) -> int:
    """Judge one case here, where a debugger reaches it; its files stay."""
    case = draw_case(target, seed, number)
    kept, folder = (Path(tempfile.mkdtemp(prefix=f"fuzz-{target}-{number}-")) for _ in range(2))
    for name, data in case.files.items():
        (kept / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).write_bytes(data)
    print(f"{case.what}\noptions: {dict(case.options)}\nfiles: {kept}", flush=True)
    _, verdict = judge_case(target, seed, number, folder)
    print(f"{verdict.outcome}: {verdict.why}")
    return int(verdict.outcome == FAILED)


def _import_heavy() -> None:
    """Import once what every child needs; nothing of it may start a thread, since children are forked."""
    import openpyxl
    import pandas
    import pyreadstat
    import python_calamine
    import xlsxwriter

    from etl.mapping import read_mapping

    assert all((openpyxl, pandas, pyreadstat, python_calamine, xlsxwriter, read_mapping))


def _try_target(target: str, *, sample: int, seed: int) -> Figures:
    began = time.monotonic()
    outcomes: Counter[str] = Counter()
    slowest = peak_mb = 0.0
    failures: list[Judged] = []
    for judged in judge_all(partial(_judge, target, seed), range(sample)):
        outcomes[judged.verdict.outcome] += 1
        slowest, peak_mb = max(slowest, judged.seconds), max(peak_mb, judged.peak_mb)
        if judged.verdict.outcome == FAILED:
            failures.append(judged)
            if len(failures) <= _MOST_SHOWN:
                print(f"  {target} {judged.number}: {judged.what}: {judged.verdict.why[:400]}")
                print(f"    python -m tools.fuzz --target {target} --seed {seed} --case {judged.number}", flush=True)
    figures = Figures(target, TARGETS[target].says, sample, outcomes, time.monotonic() - began, slowest, int(peak_mb))
    print(figures.line(), flush=True)
    return figures


def _judge(target: str, seed: int, number: int, folder: Path) -> tuple[str, Verdict]:
    return judge_case(target, seed, number, folder)


if __name__ == "__main__":
    sys.exit(main())
