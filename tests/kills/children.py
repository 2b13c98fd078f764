"""Commands and questions in children of this process, which has the heavy packages imported and never opens a warehouse."""

import importlib
import os
import pickle
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HEAVY = (
    "etl.cli",
    "etl.pipeline",
    "etl.derive",
    "etl.study.pipeline",
    "great_expectations",
    "pandera.pandas",
    "statsmodels.api",
)


@dataclass(frozen=True)
class End:
    """How a child ended: by our signal (None) or with a code; after how long; and what it printed."""

    code: int | None
    seconds: float
    printed: str


def import_heavy() -> None:
    """Import once what every command needs."""
    for name in HEAVY:
        importlib.import_module(name)


def run_command(
    arguments: tuple[str, ...], enter: Callable[[], None], folder: Path, *, kill_after: float | None
) -> End:
    """Run a command in a child; after so many seconds it, and all that it started, is killed."""
    output = folder / "printed.txt"

    def work() -> int:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        enter()
        from etl.cli import run

        warnings.simplefilter("ignore")
        return run(list(arguments))

    began = time.monotonic()
    child, reading = _fork(work)
    with os.fdopen(reading, "rb") as pipe:
        wait = None if kill_after is None else max(0.0, began + kill_after - time.monotonic())
        is_done = bool(select.select([pipe], [], [], wait)[0])
        if not is_done:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        code = pickle.loads(pipe.read() or pickle.dumps(None)) if is_done else None  # noqa: S301 - our own child
    os.waitpid(child, 0)
    return End(code, time.monotonic() - began, output.read_text(encoding="utf-8", errors="replace"))


def ask(question: Callable[..., Any], *arguments: Any) -> Any:
    """Answer a question in a child; what it raises is raised here."""
    child, reading = _fork(lambda: question(*arguments))
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        raise RuntimeError("the child that was asked has died")
    found = pickle.loads(answer)  # noqa: S301 - our own child
    if isinstance(found, BaseException):
        raise found
    return found


def _fork(work: Callable[[], Any]) -> tuple[int, int]:
    reading, writing = os.pipe()
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.setsid()
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            answer = work()
        except BaseException as error:  # it is raised again in the parent
            answer = RuntimeError(f"{type(error).__name__}: {error}")
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
    finally:
        os._exit(0)
