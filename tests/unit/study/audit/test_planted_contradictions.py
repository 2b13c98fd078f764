"""Contradictions of every kind, planted into true tables: all are found, and the true tables give none."""

from pathlib import Path
from random import Random

import pytest
from support.planted_contradictions import PLANTS, Plant
from support.printed_tables import TrueTable, audit_lines, write_lines

from etl.study.audit.audit import audit
from etl.study.audit.finding import KINDS
from etl.study.audit.read_figures import read_figures

SMALL = {"grim"}
"""Plants that need a group of fewer than a hundred."""
NOTES = {"missing", "names", "counts"}
"""Kinds that are never a contradiction."""


def draw(plant: Plant, seed: int) -> TrueTable:
    return TrueTable(seed, sizes=(50 + seed % 30, 90 + seed) if plant.__name__ in SMALL else None)


def find_planted(plant: Plant, seed: int) -> bool:
    table = draw(plant, seed)
    lines = table.lines()
    assert audit_lines(lines).contradictions == ()
    planted = set(plant(table, lines, Random(seed)))  # noqa: S311
    found = audit_lines(lines).contradictions
    return any(each.kind in PLANTS[plant] and planted & set(each.figure_ids) for each in found)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_contradiction_is_found(plant: Plant) -> None:
    assert [seed for seed in range(2) if not find_planted(plant, seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_every_planted_contradiction_is_found(plant: Plant) -> None:
    assert [seed for seed in range(2, 60) if not find_planted(plant, seed)] == []


@pytest.mark.slow
def test_true_tables_give_no_contradiction() -> None:
    assert [seed for seed in range(1000, 1400) if audit_lines(TrueTable(seed).lines()).contradictions] == []


def test_every_kind_is_planted() -> None:
    assert set().union(*PLANTS.values()) == set(KINDS) - NOTES


def test_a_file_gives_what_its_lines_give(tmp_path: Path) -> None:
    lines = TrueTable(7).lines()
    read = read_figures(write_lines(tmp_path / "table.csv", lines))
    assert audit(read) == audit_lines(lines)
