"""Write one mutant into the copy of the tree, run its tests until one fails, and put the file back."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.mutate.areas import Mutant
from tools.mutate.choose_tests import Chosen
from tools.mutate.reach import Reach
from tools.mutate.run_tests import run_tests

_STARTING_SECONDS, _TIMES_AS_LONG = 60.0, 4.0
"""A test file may take as many times as long as it did unchanged, and as much more; then it counts as hung."""

Outcome = Literal["noticed", "hung", "survived", "unreached"]


@dataclass(frozen=True)
class Trial:
    """What became of a mutant."""

    mutant: Mutant
    outcome: Outcome
    """`noticed` by a test that failed, or that `hung`; `survived` all that may see it; `unreached`: no test runs it."""
    noticed_by: str
    """The first test that failed, or the file of the tests that hung."""
    files_run: int
    seconds: float


def try_mutant(
    mutant: Mutant, copy: Path, *, chosen: Chosen, reach: Mapping[str, Reach], with_rest: bool = True
) -> Trial:
    """Run the tests of a mutant, nearest first, and stop at the first failure.

    Args:
        mutant: the change.
        copy: the copy of the tree; its file is as before afterwards, whatever happens.
        chosen: the tests of the mutant.
        reach: how long each test file takes with nothing changed.
        with_rest: run also the tests that are not near.
    """
    path = copy / mutant.path
    text, times = path.read_bytes(), path.stat()
    files = [*chosen.near, *(chosen.rest if with_rest else ())]
    files_run = 0
    began = time.monotonic()
    try:
        path.write_bytes(mutant.change.apply(text.decode()).encode())
        for batch in _batches(files):
            files_run += len(batch)
            limit = _STARTING_SECONDS + _TIMES_AS_LONG * sum(reach[name.partition("::")[0]].seconds for name in batch)
            run = run_tests(copy, batch, seconds=limit, environment={"PYTHONDONTWRITEBYTECODE": "1"})
            if run.verdict != "passed":
                outcome: Outcome = "noticed" if run.verdict == "failed" else "hung"
                by = run.first_failure or ", ".join(batch)
                return Trial(mutant, outcome, by, files_run, time.monotonic() - began)
    finally:
        path.write_bytes(text)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # so that what Python compiled of it holds again
    return Trial(mutant, "survived" if files else "unreached", "", len(files), time.monotonic() - began)


def _batches(files: Sequence[str]) -> Iterator[Sequence[str]]:
    """One file, then two, then four: most mutants fall to the first, and a process of its own costs each file seconds."""
    first, size = 0, 1
    while first < len(files):
        yield files[first : first + size]
        first, size = first + size, 2 * size
