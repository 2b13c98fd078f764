"""Generated survival data: many small data sets with ties, strata without events, constant columns, delayed entry."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Case:
    number: int
    frame: pd.DataFrame
    """Columns x1 to x3, time, entry, event, cause, arm, site."""
    has_entry: bool
    has_strata: bool

    @property
    def matrix(self) -> np.ndarray:
        return self.frame[["x1", "x2", "x3"]].to_numpy(float)

    @property
    def choice(self) -> dict:
        return {
            "entry": self.frame["entry"].to_numpy() if self.has_entry else None,
            "stratum": self.frame["site"].to_numpy() if self.has_strata else None,
        }


def survival_cases(count: int, seed: int, *, most: int = 90) -> Iterator[Case]:
    random = np.random.default_rng(seed)
    for number in range(count):
        n = int(random.integers(12, most))
        x1 = random.normal(60, 10, n).round(1)
        x2 = (random.random(n) < random.choice([0.1, 0.4, 0.5])) * 1.0
        x3 = np.full(n, 2.0) if number % 10 == 7 else random.integers(0, 3, n) * 1.0
        hazard = np.exp(0.02 * (x1 - 60) + 0.7 * x2)
        unit = random.choice([1, 5, 20])  # coarse units tie many times
        time = (np.ceil(random.exponential(60, n) / hazard / unit) * unit).astype(float)
        entry = np.floor(time * random.random(n) * random.choice([0, 0.9], n))
        entry = np.minimum(entry, time - 1)
        event = (random.random(n) < random.choice([0.5, 0.8, 1.0])) * 1
        site = random.integers(0, random.choice([2, 4, 8]), n)
        event[site == 1] = event[site == 1] if number % 3 else 0  # a stratum without an event
        event[random.integers(0, n, 3)] = 1
        cause = event * random.integers(1, 3, n)
        arm = random.integers(0, random.choice([2, 3, 4]), n)
        frame = pd.DataFrame(
            {"case": number, "x1": x1, "x2": x2, "x3": x3, "time": time, "entry": entry, "event": event,
             "cause": cause, "arm": arm, "site": site}
        )  # fmt: skip
        yield Case(number, frame, has_entry=number % 4 == 1, has_strata=number % 2 == 0)
