"""Judge cases in child processes: one that dies, hangs or grows is that case's failure, and the next child goes on after it."""

import os
import pickle
import resource
import select
import signal
import struct
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tools.fuzz.case import FAILED, Verdict

MOST_SECONDS = 20.0
MOST_MEMORY_MB = 1536
_CASES_A_CHILD = 250
_WAIT = 3
"""How many times the seconds of the processor that a case may take it may last by the clock, on a machine with other work."""
_HEADER = struct.Struct("<i")

Judge = Callable[[int, Path], tuple[str, Verdict]]
"""Draws and judges a case by its number, in a folder that is empty; returns what was drawn and the verdict."""


@dataclass(frozen=True)
class Judged:
    """A case's number, what was drawn, the verdict, seconds of the processor, and the most memory of its process so far."""

    number: int
    what: str
    verdict: Verdict
    seconds: float
    peak_mb: int


def judge_all(judge: Judge, numbers: range, *, most_seconds: float = MOST_SECONDS) -> Iterator[Judged]:
    """Judge the cases of these numbers, in order, at most some hundred in one child."""
    following = numbers.start
    while following < numbers.stop:
        last = min(following + _CASES_A_CHILD, numbers.stop)
        for judged in _judge_in_child(judge, range(following, last), most_seconds):
            yield judged
            following = judged.number + 1


def _judge_in_child(judge: Judge, numbers: range, most_seconds: float) -> Iterator[Judged]:
    """Judge in one child until it is done, or a case ends it."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads: none of ours is in the midst of anything
        child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_child(judge, numbers, writing, most_seconds)
    os.close(writing)
    following, began = numbers.start, time.monotonic()
    why, is_too_large = "", False
    with os.fdopen(reading, "rb") as pipe:
        while following < numbers.stop:
            if not select.select([pipe], [], [], max(0.0, began + _WAIT * most_seconds - time.monotonic()))[0]:
                why = f"it takes longer than {most_seconds:.0f} s"
                break
            head = pipe.read(_HEADER.size)
            if len(head) < _HEADER.size:
                break
            judged: Judged = pickle.loads(pipe.read(*_HEADER.unpack(head)))  # noqa: S301 - written by our own child
            yield judged
            following, began = judged.number + 1, time.monotonic()
            is_too_large = judged.peak_mb > MOST_MEMORY_MB  # its memory would be that of every case after it
            if is_too_large:
                break
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if following < numbers.stop and not is_too_large:
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGPROF:
            why = f"it takes longer than {most_seconds:.0f} s"
        why = why or f"the process dies ({signal.Signals(-code).name if code < 0 else f'exit {code}'})"
        yield Judged(following, "", Verdict(FAILED, why), time.monotonic() - began, 0)


def _be_the_child(judge: Judge, numbers: range, writing: int, most_seconds: float) -> None:
    try:
        os.setsid()
        limit = 2 * MOST_MEMORY_MB << 20  # what it may ask for; what it uses is measured
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 2)
        with os.fdopen(writing, "wb") as pipe:
            for number in numbers:
                signal.setitimer(signal.ITIMER_PROF, most_seconds)  # its signal ends the process
                message = pickle.dumps(_judge_one(judge, number))
                pipe.write(_HEADER.pack(len(message)) + message)
                pipe.flush()
    finally:
        os._exit(0)


def _judge_one(judge: Judge, number: int) -> Judged:
    began, what = time.process_time(), ""
    try:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            what, verdict = judge(number, Path(folder))
    except BaseException as error:  # whatever it is, it is this case's failure
        verdict = Verdict(FAILED, f"{type(error).__name__}: {error}"[:500])
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    if peak_mb > MOST_MEMORY_MB:
        verdict = Verdict(FAILED, f"it takes {peak_mb:,} MB, more than {MOST_MEMORY_MB:,}")
    return Judged(number, what, verdict, time.process_time() - began, peak_mb)
