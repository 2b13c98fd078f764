"""How Korean charts write adverse events: several words for every term of CTCAE, Korean and English."""

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np

from etl.synthetic.truth.targets import DIRECTORY


@dataclass(frozen=True)
class Term:
    """A term of CTCAE with the grades drawn for it, how often it is drawn, and what charts call it."""

    kind: str
    ctcae_term: str
    lowest_grade: int
    highest_grade: int
    weight: float
    texts: tuple[str, ...]


@cache
def terms(*kinds: str) -> tuple[Term, ...]:
    """List the terms of some kinds (event_words.csv)."""
    with (DIRECTORY / "event_words.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Term(
                kind=row["kind"],
                ctcae_term=row["ctcae_term"],
                lowest_grade=int(row["lowest_grade"]),
                highest_grade=int(row["highest_grade"]),
                weight=float(row["weight"]),
                texts=tuple(row["texts"].split("|")),
            )
            for row in csv.DictReader(file)
            if row["kind"] in kinds
        )


def draw_term(pool: tuple[Term, ...], grade: int, rng: np.random.Generator) -> Term:
    """Draw a term that has the grade, frequent ones more often."""
    able = [term for term in pool if term.lowest_grade <= grade <= term.highest_grade]
    reached = np.cumsum([term.weight for term in able])
    return able[int(np.searchsorted(reached, rng.random() * reached[-1], side="right"))]


def draw_text(term: Term, rng: np.random.Generator) -> str:
    """Draw one of the words for a term, the first one most often."""
    return term.texts[0] if rng.random() < 0.4 else term.texts[int(rng.integers(0, len(term.texts)))]
