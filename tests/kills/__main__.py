"""Kill every command that writes at random moments, and look at what it leaves: `make kills [SAMPLE=500] [SEED=1]`.

After each kill the warehouse opens and shows the state before or that after the command; every file under a final name is as
before or as after it; the same command, run again, succeeds, shows the state after, and leaves no draft. The figures go to
docs/reference/kills.md. It ends with 1 when one of these did not hold.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from kills.children import ask, import_heavy, run_command
from kills.files import between, only_repeatable
from kills.page import write_page
from kills.scenes import BASE, SCENES, Scene, enter, settings_of, write_base
from kills.state import whole

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "kills.md"


@dataclass
class Tally:
    """What became of the kills of a command."""

    seconds: float
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def main() -> int:
    """Kill so many runs; 1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m kills", description="Kill commands that write, at random moments.")
    parser.add_argument("--sample", type=int, default=500, help="how many kills")
    parser.add_argument("--seed", type=int, default=1, help="which moments")
    parser.add_argument("--scene", action="append", choices=list(SCENES), help="only this command")
    parser.add_argument("--minutes", type=float, default=600.0, help="begin no other kill after so long")
    parser.add_argument("--page", action="store_true", help="write docs/reference/kills.md")
    options = parser.parse_args()
    import_heavy()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        base = _make_base(folder / "base")
        scenes = {each: SCENES[each] for each in options.scene or SCENES}
        tallies = {}
        afters = {}
        for each, scene in scenes.items():
            afters[each], seconds = _undisturbed(scene, base, folder / "undisturbed")
            tallies[each] = Tally(seconds)
            print(f"{each}: {seconds:.1f} s undisturbed", flush=True)
        chance = random.Random(options.seed)  # noqa: S311
        names = list(scenes)
        killed = number = 0
        while killed < options.sample and time.monotonic() < began + 60 * options.minutes:
            each = names[number % len(names)]
            number += 1
            moment = chance.random()
            killed += _kill(
                each, scenes[each], base, folder / str(number), tally=tallies[each], moment=moment, after=afters[each]
            )
    for each, tally in tallies.items():
        print(f"{each}: {dict(tally.outcomes)} {tally.failures[:3] or ''}")
    if options.page:
        write_page(_PAGE, tallies, seed=options.seed, minutes=(time.monotonic() - began) / 60)
    return int(any(tally.failures for tally in tallies.values()))


def _make_base(folder: Path) -> Path:
    settings = settings_of(folder)
    write_base(settings)
    for command in BASE:
        end = run_command(command, partial(enter, settings), folder, kill_after=None)
        assert end.code == 0, f"{command}: {end.printed[-2000:]}"
    return folder


def _undisturbed(scene: Scene, base: Path, folder: Path) -> tuple[Mapping[str, Any], float]:
    """Run a command to its end, twice; return what is seen before and after it, and its seconds.

    A file in which the two runs differ, such as a report that names a moment, is looked at for its form alone.
    """
    seen, seconds = _to_its_end(scene, base, folder)
    again, _ = _to_its_end(scene, base, folder)
    return seen | {"files after": only_repeatable(seen["files after"], again["files after"])}, seconds


def _to_its_end(scene: Scene, base: Path, folder: Path) -> tuple[dict[str, Any], float]:
    settings = settings_of(shutil.copytree(base, folder, symlinks=True))
    scene.prepare(settings)
    before = ask(whole, settings)
    end = run_command(tuple(scene.command), partial(enter, settings), folder, kill_after=None)
    assert end.code == 0, f"{scene.command}: {end.code} {end.printed[-2000:]}"
    after = ask(whole, settings)
    assert after["damaged"] == after["drafts"] == [], after
    shutil.rmtree(folder)
    seen = {
        "before": before["picture"],
        "after": after["picture"],
        "files before": before["files"],
        "files after": after["files"],
    }
    return seen, end.seconds


def _kill(
    name: str, scene: Scene, base: Path, folder: Path, *, tally: Tally, moment: float, after: Mapping[str, Any]
) -> int:
    """Kill one run at a share of its time, look, run it again, look again; return whether it was killed before its end."""
    settings = settings_of(shutil.copytree(base, folder, symlinks=True))
    scene.prepare(settings)
    begin = partial(enter, settings)
    command = tuple(scene.command)
    end = run_command(command, begin, folder, kill_after=moment * tally.seconds)
    if end.code is not None:
        tally.seconds = 0.9 * tally.seconds + 0.1 * end.seconds  # the machine has become faster
        shutil.rmtree(folder)
        return 0
    try:
        seen = ask(whole, settings)
        is_shown = seen["picture"] == after["after"]
        if not is_shown and seen["picture"] != after["before"]:
            raise AssertionError(f"a state between: {_unlike(seen['picture'], after)}")
        if unlike := between(seen["files"], after["files before"], after["files after"]):
            raise AssertionError(f"files between: {unlike}")
        is_done = is_shown and not between(seen["files"], after["files after"], after["files after"])
        if seen["damaged"]:
            raise AssertionError(f"half written: {seen['damaged']}")
        again = run_command(command, begin, folder, kill_after=None)
        if again.code not in (scene.done_already if is_done else {0}):
            raise AssertionError(f"the next run ends with {again.code}: {again.printed[-300:]}")
        seen = ask(whole, settings)
        if seen["picture"] != after["after"]:
            raise AssertionError(f"another state after the next run: {_unlike(seen['picture'], after)}")
        if unlike := between(seen["files"], after["files after"], after["files after"]):
            raise AssertionError(f"other files after the next run: {unlike}")
        if seen["damaged"] or seen["drafts"]:
            raise AssertionError(f"left behind after the next run: {seen['damaged']} {seen['drafts']}")
        changes = any(after[f"{kind}before"] != after[f"{kind}after"] for kind in ("", "files "))
        tally.outcomes["after" if is_done and changes else "before"] += 1
    except (AssertionError, RuntimeError) as error:
        tally.outcomes["failed"] += 1
        tally.failures.append(f"at {moment:.3f}: {error}")
        print(f"  {name} killed at {moment:.3f} of {tally.seconds:.1f} s: {error}", flush=True)
    shutil.rmtree(folder)
    return 1


def _unlike(seen: Mapping[str, str], after: Mapping[str, Any]) -> list[str]:
    return [name for name, found in seen.items() if found not in {after["before"][name], after["after"][name]}] or [
        name for name, found in seen.items() if found != after["after"][name]
    ]


if __name__ == "__main__":
    sys.exit(main())
