"""Tables that R computes from its own data sets hold no contradiction; one slip in any of their figures is one."""

from pathlib import Path
from typing import Any

import pytest
from support.planted_contradictions import reprint
from support.printed_tables import Line, audit_lines
from support.r_session import run_r

from etl.study.audit.finding import IMPOSSIBLE, POSSIBLE

DATA_SETS = ("infert", "esoph", "mtcars", "ucb", "lung", "titanic")


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Line]]:
    script = Path(__file__).with_name("true_tables.R").read_text(encoding="utf-8")
    return {name: _lines(columns) for name, columns in run_r(script, {}).items()}


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_true_table_of_r_gives_no_contradiction(name: str, tables: dict[str, list[Line]]) -> None:
    assert len(tables[name]) > 30
    assert audit_lines(tables[name]).contradictions == ()


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_changed_percentage_of_r_is_found(name: str, tables: dict[str, list[Line]]) -> None:
    lines = [dict(each) for each in tables[name]]
    chosen = [each for each in lines if each["statistic"] == "percent" and each["group"] == "cases"][1]
    figure_id = reprint(lines, chosen["figure_id"], f"{float(chosen['printed']) + 2.3:.1f}")
    found = audit_lines(lines).contradictions
    assert any(each.kind == "percentage" and figure_id in each.figure_ids for each in found)


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_changed_odds_ratio_of_r_is_found(name: str, tables: dict[str, list[Line]]) -> None:
    lines = [dict(each) for each in tables[name]]
    chosen = next(each for each in lines if each["statistic"] == "odds_ratio")
    figure_id = reprint(lines, chosen["figure_id"], f"{float(chosen['printed']) * 1.2 + 0.01:.3f}")
    kinds = {each.kind for each in audit_lines(lines).contradictions if figure_id in each.figure_ids}
    assert kinds >= {"odds_ratio", "ratio_interval"}


def test_whole_numbers_of_small_groups_are_tested_by_grim(tables: dict[str, list[Line]]) -> None:
    verdicts = {each.figure_ids[0]: each.verdict for each in audit_lines(tables["mtcars"]).notes if each.kind == "grim"}
    assert list(verdicts.values()).count(POSSIBLE) == 6  # horsepower and carburettors, of 13, 19 and 32 cars
    lines = [dict(each) for each in tables["mtcars"]]
    chosen = next(each for each in lines if (each["row"], each["statistic"]) == ("carb", "mean"))
    chosen["printed"] = "2.90"  # 37.7 of 13
    found = audit_lines(lines).contradictions
    assert [each.verdict for each in found if each.figure_ids == (chosen["figure_id"],)] == [IMPOSSIBLE]


def _lines(columns: dict[str, Any]) -> list[Line]:
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return [{**row, "variable": row["row"], "level_code": row["level"]} for row in rows]
