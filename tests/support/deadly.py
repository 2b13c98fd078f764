"""Work in a process of its own that kills itself as `kill -9` would: at a word of progress, in a function, or by a clock.

A server forks the processes with the heavy packages imported once, so that many deaths cost little.
"""

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from etl.settings import Settings

PRELOADED = ["etl.pipeline", "etl.cli", "great_expectations", "pandera.pandas", "etl.quality.run_suites"]


@dataclass(frozen=True)
class Death:
    """When to die; with nothing said, never."""

    at_word: int | None = None
    """At this call of the progress listener, counted from 1."""
    inside: str | None = None
    """At a call of `module:function`, or of `module:Class.method`."""
    at_call: int = 1
    """At which call of it."""
    is_done_first: bool = False
    """Whether the call is done before the end comes."""
    after_seconds: float | None = None


@dataclass(frozen=True)
class End:
    """How a process ended: `was_killed`, else it came to its end; `last_word` is the last step that it began."""

    was_killed: bool
    last_word: str


def run_ingest(settings: Settings, site: str, death: Death, *, begin: str | None = None) -> End:
    """Ingest the newest delivery in a process that dies as said; calls are counted from the first one of `begin` on."""
    return _run(partial(_ingest, begin=begin), settings, site, death=death)


def run_prune(settings: Settings, death: Death) -> End:
    """Prune to one load a site in a process that dies as said."""
    return _run(_prune, settings, "", death=death)


def _run(work: Callable[..., None], settings: Settings, site: str, *, death: Death) -> End:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    note = settings.data_dir.parent / "last_word.txt"
    note.write_text("", encoding="utf-8")
    process = context.Process(target=work, args=(settings.model_dump(), site, death, note))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code in {0, -signal.SIGKILL}, f"neither killed nor done: exit code {code}"
    return End(code != 0, note.read_text(encoding="utf-8"))


def _ingest(values: dict[str, Any], site: str, death: Death, note: Path, *, begin: str | None) -> None:
    from etl.pipeline import ingest

    if begin is None or begin == death.inside:
        _prepare(death)
    else:
        _prepare_at(begin, death)
    ingest(site, settings=Settings(**values), progress=_DeadlyListener(death, note))
    os._exit(0)


def _prune(values: dict[str, Any], _site: str, death: Death, _note: Path) -> None:
    from etl.cli import run

    for name in ("data_dir", "reports_dir", "mappings_dir"):
        os.environ[f"HCC_{name.upper()}"] = str(values[name])
    _prepare(death)
    os._exit(run(["prune", "--keep", "1", "--json"]))


def _prepare_at(begin: str, death: Death) -> None:
    """Lay the trap at the first call of a function."""
    module, _, name = begin.partition(":")
    owner: Any = importlib.import_module(module)
    work = getattr(owner, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        _prepare(death)
        return work(*args, **kwargs)

    setattr(owner, name, call)


def _prepare(death: Death) -> None:
    if death.after_seconds is not None:
        timer = threading.Timer(death.after_seconds, _die)
        timer.daemon = True
        timer.start()
    if death.inside is not None:
        module, _, path = death.inside.partition(":")
        owner: Any = importlib.import_module(module)
        *parents, name = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        setattr(owner, name, _deadly(getattr(owner, name), death))


def _deadly(work: Callable[..., Any], death: Death) -> Callable[..., Any]:
    calls = 0

    def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != death.at_call:
            return work(*args, **kwargs)
        if death.is_done_first:
            work(*args, **kwargs)
        _die()
        return None

    return call


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _DeadlyListener:
    """Notes the step, and dies at the word that is its last."""

    def __init__(self, death: Death, note: Path) -> None:
        self._death, self._note, self._words = death, note, 0

    def begin(self, label: str, total: int | None = None) -> None:
        self._note.write_text(label, encoding="utf-8")
        self._count()

    def advance(self, count: int) -> None:
        self._count()

    def say(self, message: str) -> None:
        pass

    def _count(self) -> None:
        self._words += 1
        if self._words == self._death.at_word:
            _die()
