"""Run tests in a child of this process that has the heavy libraries imported already: seconds less for every mutant.

This process must never import the project itself: its modules are what is changed.
"""

import importlib
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

HEAVY: tuple[str, ...] = (
    "pytest",
    "hypothesis.strategies",
    "sqlglot",
    "alembic",
    "duckdb_engine",
    "pandas",
    "pandera.pandas",
)
HEAVY += ("great_expectations", "statsmodels.api", "matplotlib.pyplot", "typer", "pyreadstat", "xlsxwriter")
HEAVY += ("python_calamine", "jinja2", "rich", "psutil")
"""Libraries that tests spend seconds on importing."""
MEMORY_BYTES = 16 * 2**30
"""Memory that one process of a test may write to; a mutant that fills memory without end stops there."""
PROGRAMS = ("etl", "schemas", "warehouse", "tests")

_PROJECT = Path(__file__).resolve().parents[2]
_LOOK_EVERY_SECONDS = 0.02


def import_heavy() -> None:
    """Import what tests spend seconds on importing, and nothing of the project."""
    for name in HEAVY:
        importlib.import_module(name)
    assert not {name.partition(".")[0] for name in sys.modules} & set(PROGRAMS), "the project is imported already"


def run_forked(
    copy: Path, arguments: Sequence[str], *, environment: Mapping[str, str], output: Path, seconds: float
) -> int | None:
    """Run pytest in a child and return its exit code, or None when it took too long.

    Args:
        copy: the tree in which it runs and whose modules it imports.
        arguments: those of pytest.
        environment: variables that the child has besides ours.
        output: the file to which all that is printed goes.
        seconds: after so many the child and all that it started are ended.
    """
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _be_the_child(copy, arguments, environment, output)
    until = time.monotonic() + seconds
    code = None
    while code is None and time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
        else:
            time.sleep(_LOOK_EVERY_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what it left running, or itself
    if code is None:
        os.waitpid(child, 0)
    return code


def _be_the_child(copy: Path, arguments: Sequence[str], environment: Mapping[str, str], output: Path) -> None:
    """Become a process like one that was started in the copy, run the tests, and end without coming back."""
    code = 70
    try:
        os.setsid()
        os.chdir(copy)
        os.environ.update(environment)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(1, 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)  # not what ours had become
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        for name in [name for name in sys.modules if name.partition(".")[0] == "tools"]:
            del sys.modules[name]
        sys.path[:] = [str(copy), *(path for path in sys.path if path and Path(path).resolve() != _PROJECT)]
        import pytest
        from hypothesis.configuration import set_hypothesis_home_dir

        tempfile.tempdir = None  # chosen again, from the variable
        set_hypothesis_home_dir(environment["HYPOTHESIS_STORAGE_DIRECTORY"])
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
        code = int(pytest.main(["-W", "ignore::pytest.PytestAssertRewriteWarning", *arguments]))
    except BaseException:  # whatever it is, this child must not go on as its parent would
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)
