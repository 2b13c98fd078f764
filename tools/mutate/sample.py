"""Draw mutants: as many of each area, and within an area as many of each kind of change, so far as there are any."""

import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from tools.mutate.areas import AREAS, Mutant, area_files, file_mutants, is_program


def draw_sample(tree: Path, size: int, *, seed: int) -> list[Mutant]:
    """Draw mutants, at most one of a line, in an order in which the areas take turns.

    Args:
        tree: the tree of files.
        size: how many; fewer where an area has not so many lines.
        seed: the same seed draws the same mutants from the same files.
    """
    by_area: dict[str, list[Mutant]] = {area: [] for area in AREAS}
    for area, path in area_files(tree):
        by_area[area] += file_mutants(tree, area, path)
    # A generator for each area: a change in one leaves the sample of the others as it was.
    queues = [_take_turns(mutants, random.Random(f"{seed} {area}")) for area, mutants in by_area.items()]  # noqa: S311
    drawn = (mutant for mutant in _in_turns(queues) if is_program(tree, mutant))
    return list(islice(drawn, size))


def _take_turns(mutants: Sequence[Mutant], chance: random.Random) -> list[Mutant]:
    """Put the mutants of an area in an order in which the kinds of change take turns; one of a line."""
    by_kind: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        by_kind[mutant.change.kind].append(mutant)
    for kind in sorted(by_kind):
        chance.shuffle(by_kind[kind])
    seen: set[tuple[str, int]] = set()
    drawn = []
    for mutant in _in_turns([by_kind[kind] for kind in sorted(by_kind)]):
        if (mutant.path, mutant.line) not in seen:
            seen.add((mutant.path, mutant.line))
            drawn.append(mutant)
    return drawn


def _in_turns(queues: Sequence[Sequence[Mutant]]) -> list[Mutant]:
    longest = max(map(len, queues))
    return [queue[place] for place in range(longest) for queue in queues if place < len(queue)]
