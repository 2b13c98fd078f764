"""Run test files in a copy of the tree with a time limit and a limit of memory, and say which test failed first."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tools.mutate.forked_tests import run_forked

HASH_SEED = "1"
_PASSED, _NO_TESTS = 0, 5
"""What pytest exits with when all passed, and when every test of a file is deselected."""

Verdict = Literal["passed", "failed", "hung"]


@dataclass(frozen=True)
class TestRun:
    """What became of one run of pytest."""

    __test__ = False  # it is no test class, though its name begins like one

    verdict: Verdict
    seconds: float
    first_failure: str
    """The test that failed, as pytest names it; empty when none is named."""


def run_tests(
    copy: Path,
    test_files: Sequence[str],
    *,
    seconds: float,
    before: Sequence[str] = (),
    options: Sequence[str] = ("-x",),
    environment: Mapping[str, str] | None = None,
) -> TestRun:
    """Run the fast tests of some files, with every source of chance that we know of fixed.

    Args:
        copy: the copy of the tree; its modules are imported, also by the programs that tests start.
        test_files: paths of test files within the tree.
        seconds: after so many the process and all that it started are ended.
        before: arguments of Python that run pytest, such as those that measure coverage too; with them the tests run in a
            process that is started afresh, without them in a fork of this one.
        options: more options of pytest.
        environment: more variables.
    """
    temporary = Path(tempfile.mkdtemp(prefix="tmp-", dir=copy.parent))
    arguments = ["-q", "--tb=no", "-m", "not slow", "--hypothesis-seed=1", "-p", "no:cacheprovider"]
    arguments += [f"--basetemp={temporary / 'base'}", *options, *test_files]
    variables = {
        "PYTHONPATH": str(copy),  # goes before the checkout that the environment has installed
        "PYTHONHASHSEED": HASH_SEED,
        "TMPDIR": str(temporary),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(temporary / "hypothesis"),
        **(environment or {}),
    }
    output = temporary / "output"
    run = _run_anew if before else run_forked
    began = time.monotonic()
    code = run(copy, [*before, *arguments], environment=variables, output=output, seconds=seconds)
    took = time.monotonic() - began
    lines = output.read_text(encoding="utf-8", errors="replace").splitlines() if output.exists() else []
    failures = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    shutil.rmtree(temporary, ignore_errors=True)
    first = failures[0].split(" ", 1)[1].partition(" - ")[0].strip() if failures else ""
    if code is None:
        return TestRun("hung", took, "")
    return TestRun("passed" if code in (_PASSED, _NO_TESTS) else "failed", took, first)


def _run_anew(
    copy: Path, arguments: Sequence[str], *, environment: Mapping[str, str], output: Path, seconds: float
) -> int | None:
    """As `run_forked`, in a process that has imported nothing yet."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=copy,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what it left running, or itself
            process.wait()
