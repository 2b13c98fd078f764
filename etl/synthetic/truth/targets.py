"""The printed figures that the synthetic study is drawn from, read from the CSV files next to this one."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Group = Literal["long_term", "short_term", "undetermined", "screened"]

DIRECTORY = Path(__file__).parent
GROUP_SIZES: dict[Group, int] = {"long_term": 257, "short_term": 1309, "undetermined": 24, "screened": 290}
"""Patients of the whole study by group; the screened ones are those that fail a criterion, or have it unknown."""


@dataclass(frozen=True)
class SiteShare:
    """One hospital: its size relative to the others, what its patients' numbers look like, and what it measures."""

    site_id: str
    hospital: str
    weight: int
    patient_prefix: str
    digits: int
    has_prothrombin_time: bool
    """Its laboratory reports seconds next to the INR."""


@cache
def quota(variable: str, group: Group) -> dict[str, int]:
    """Count the patients of each category that a group must have.

    Undetermined and screened patients resemble short-term survivors: they get that group's counts as proportions.
    A variable that lists only `yes` has `no` for all others.
    """
    column: Group = "long_term" if group == "long_term" else "short_term"
    counts = {row["category"]: int(row[column]) for row in _read("targets.csv") if row["variable"] == variable}
    if set(counts) == {"yes"}:
        counts["no"] = GROUP_SIZES[column] - counts["yes"]
    assert sum(counts.values()) == GROUP_SIZES[column], variable
    return counts


@cache
def moment(variable: str, statistic: str, group: Group | Literal["all"]) -> float:
    """Look up a printed mean, standard deviation (sd) or median; others than survivors resemble short-term ones."""
    column = group if group in ("long_term", "all") else "short_term"
    for row in _read("moments.csv"):
        if (row["variable"], row["statistic"]) == (variable, statistic):
            return float(row[column])
    raise KeyError((variable, statistic))


@cache
def site_shares() -> tuple[SiteShare, ...]:
    """Read the nine hospitals and their sizes."""
    return tuple(
        SiteShare(
            row["site_id"],
            row["hospital"],
            int(row["weight"]),
            row["patient_prefix"],
            int(row["digits"]),
            row["has_prothrombin_time"] == "yes",
        )
        for row in _read("sites.csv")
    )


@cache
def screening_reasons() -> dict[str, int]:
    """Count the screened patients by the one criterion that each fails, or that is unknown for each."""
    return {row["reason"]: int(row["count"]) for row in _read("screening.csv")}


def _read(name: str) -> list[dict[str, str]]:
    with (DIRECTORY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
