"""Every case of the tables of response, compared with the rules' own SQL; a case is a patient, each option a run.

The table `SAME_DAY` is held where records of one day meet: in the warehouse, and in `hcc respond --best`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import pytest
from spec.response_tables import (
    BEST,
    CHOICE,
    CONFIRMED,
    MEASURABLE,
    NEW,
    NON_TARGETS,
    OVERALL,
    SIMPLIFIED,
    TABLES,
    TARGETS,
    TIMES,
)
from spec.table import SpecTable
from support.view_names import full_names

from warehouse.views.rules import apply_rule, open_rules, set_options

Case = dict[str, str]
Given = dict[str, list[tuple[Any, ...]]]
"""Rows of the input relations of the rules, without site_id."""

Answers = dict[str, dict[str, str]]
"""What the rules say of every patient, by the names of the table's columns."""

SUM_OF_TARGET = {"CR": "0", "PR": "70", "SD": "90", "PD": "120", "NE": "-", "no targets": "x"}
RELATIONS = {
    "measured_visit": "patient_id VARCHAR, day BIGINT, is_baseline BOOLEAN, target_sum_mm DECIMAL(12, 6), "
    "targets_measured VARCHAR, are_targets_gone BOOLEAN, non_target_code VARCHAR, has_new_lesion BOOLEAN, "
    "last_day BIGINT, sums_by_day STRUCT(day BIGINT, sum_mm DECIMAL(12, 6))[], non_target_pd_day BIGINT, "
    "new_lesion_day BIGINT, new_lesion_doubt VARCHAR, open_sum_mm DECIMAL(12, 6)",
    "reported_response": "patient_id VARCHAR, reading VARCHAR, day BIGINT, response VARCHAR, new_therapy_day BIGINT",
    "imaging_day": "patient_id VARCHAR, day BIGINT, can_measure_viable BOOLEAN, non_target_code VARCHAR, "
    "has_new_lesion BOOLEAN, modality_codes VARCHAR[], new_therapy_day BIGINT",
    "measured_lesion": "patient_id VARCHAR, day BIGINT, lesion_label VARCHAR, organ_code VARCHAR, role_code VARCHAR, "
    "is_node BOOLEAN, viable_diameter_mm DECIMAL(18, 6), whole_diameter_mm DECIMAL(18, 6), "
    "short_axis_mm DECIMAL(18, 6), enhancement_code VARCHAR, pattern_code VARCHAR, is_treated_before BOOLEAN, "
    "has_malignant_cells BOOLEAN",
    "survival": "patient_id VARCHAR, index_date DATE, died_on DATE, os_event BOOLEAN, is_set_aside BOOLEAN",
    "new_therapy": "patient_id VARCHAR, new_therapy_on DATE, open_from DATE",
}


@dataclass(frozen=True)
class Proof:
    """How a table of cases is compared with the rules."""

    given: Callable[[Case, str], Given]
    answer: Callable[[duckdb.DuckDBPyConnection], Answers]
    options: tuple[tuple[str, str], ...] = ()


def given_sums(case: Case, name: str) -> Given:
    rows = [visit(name, 0, case["baseline"], is_baseline=True)]
    rows += [visit(name, place, total) for place, total in enumerate(parts(case["earlier"]), start=1)]
    return {"measured_visit": [*rows, visit(name, 9, case["now"], new=case.get("new lesion") == "yes")]}


def given_pair(case: Case, name: str) -> Given:
    total = SUM_OF_TARGET[case["target"]]
    others = None if case["non-target"] == "?" else case["non-target"]
    new = {"yes": True, "no": False, "?": None}[case["new lesion"]]
    first = visit(name, 0, "x" if total == "x" else "100", is_baseline=True)
    return {"measured_visit": [first, visit(name, 9, total, non_target=others, new=new)]}


def given_responses(case: Case, name: str) -> Given:
    listed = [part.split() for part in parts(case["visits"])] or [(None, None)]
    return {
        "reported_response": [(name, "lesions", day, response, case.get("therapy") or None) for day, response in listed]
    }


def given_course(case: Case, name: str) -> Given:
    died_on = f"2010-01-01 + {case['death']}" if case["death"] else None
    therapy_on = f"2010-01-01 + {case['therapy']}" if case["therapy"] else None
    return given_responses(case, name) | {
        "survival": [(name, "2010-01-01", died_on, died_on is not None, False)],
        "new_therapy": [(name, therapy_on, None)],
    }


def given_one_lesion(case: Case, name: str) -> Given:
    lengths = [case[column] or None for column in ("viable", "whole", "short axis")]
    row = lesion(name, case["organ"], lengths, pattern=case["pattern"], enhancement=case["enhancement"])
    return {"imaging_day": [imaging(name, 0)], "measured_lesion": [row]}


def given_several_lesions(case: Case, name: str) -> Given:
    roles = [role.strip() or None for role in case["roles"].split(",")] if case["roles"] else []
    rows = []
    for place, described in enumerate(parts(case["lesions"])):
        organ, size = described.split()
        role = roles[place] if roles else None
        rows.append(lesion(name, organ, [size] * 3, label=str(place + 1), role=role))
    return {"imaging_day": [imaging(name, 0)], "measured_lesion": rows}


def given_new_lesion(case: Case, name: str) -> Given:
    days, rows = [imaging(name, 0)], [lesion(name, "liver", ["30"] * 3, label="L1")]
    for described in parts(case["sizes"]):
        day, _, size = described.partition(" ")
        viable, _, whole = size.partition("/")
        lengths = [None if viable == "?" else viable, whole, None] if whole else [size or None] * 3
        days.append(imaging(name, int(day)))
        rows.append(
            lesion(
                name,
                case["organ"],
                lengths,
                label="N",
                day=int(day),
                pattern=case["pattern"],
                enhancement="none" if whole and viable == "0" else "",
            )
        )
    return {"imaging_day": days, "measured_lesion": rows}


def given_non_targets(case: Case, name: str) -> Given:
    rows = [lesion(name, "liver", ["30"] * 3, label="T", role="target", day=day) for day in (0, 60)]
    for place, described in enumerate(parts(case["non-targets"])):
        organ, state = described.split()
        label = f"O{place}"
        rows.append(lesion(name, organ, ["30"] * 3, label=label, role="non_target"))
        if state.isdigit():
            lengths = [None, state, state]
            rows.append(lesion(name, organ, lengths, label=label, role="non_target", day=60, enhancement=""))
        elif state != "missing":
            rows.append(lesion(name, organ, [None] * 3, label=label, role="non_target", day=60, enhancement=state))
    return {"imaging_day": [imaging(name, 0), imaging(name, 60)], "measured_lesion": rows}


def answer_visits(column: str, shown: str) -> Callable[[duckdb.DuckDBPyConnection], Answers]:
    """Read a column of the last visit."""

    def answer(con: duckdb.DuckDBPyConnection) -> Answers:
        apply_rule(con, "clinical.visit_response")
        rows = con.execute(f"SELECT patient_id, {column} FROM clinical.visit_response WHERE day = 9").fetchall()
        return {name: {shown: value or "?"} for name, value in rows}

    return answer


def answer_overall(con: duckdb.DuckDBPyConnection) -> Answers:
    apply_rule(con, "clinical.visit_response")
    rows = con.execute(
        "SELECT patient_id, target_response, overall_response FROM clinical.visit_response WHERE day = 9"
    ).fetchall()
    return {name: {"target": target or "no targets", "overall": overall or "?"} for name, target, overall in rows}


def answer_best(shown: str) -> Callable[[duckdb.DuckDBPyConnection], Answers]:
    """Read the best overall response."""

    def answer(con: duckdb.DuckDBPyConnection) -> Answers:
        apply_rule(con, "clinical.best_response")
        rows = con.execute("SELECT patient_id, best_overall_response FROM clinical.best_response").fetchall()
        return {name: {shown: best} for name, best in rows}

    return answer


def answer_times(con: duckdb.DuckDBPyConnection) -> Answers:
    apply_rule(con, "clinical.response_time")
    rows = con.execute(
        "SELECT patient_id, ttp_days, ttp_event, pfs_days, pfs_event, response_days, response_event, sd_days, ttp_event "
        "FROM clinical.response_time"
    ).fetchall()
    names = ("TTP", "PFS", "response", "SD")
    return {
        name: {
            shown: "" if days is None else f"{days}{'' if is_event else '+'}"
            for shown, days, is_event in zip(names, times[::2], times[1::2], strict=True)
        }
        for name, *times in rows
    }


def answer_measurable(con: duckdb.DuckDBPyConnection) -> Answers:
    apply_rule(con, "clinical.baseline_lesion")
    rows = con.execute("SELECT patient_id, is_target FROM clinical.baseline_lesion").fetchall()
    return {name: {"target": "yes" if is_target else "no"} for name, is_target in rows}


def answer_listed(rule: str, what: str, where: str, shown: str) -> Callable[[duckdb.DuckDBPyConnection], Answers]:
    """List what is true of some of a patient's rows."""

    def answer(con: duckdb.DuckDBPyConnection) -> Answers:
        apply_rule(con, rule)
        rows = con.execute(
            f"SELECT patient_id, STRING_AGG({what}, ', ' ORDER BY {what}) FILTER (WHERE {where}) FROM {rule} GROUP BY ALL"
        ).fetchall()
        return {name: {shown: listed or "none"} for name, listed in rows}

    return answer


def answer_status(con: duckdb.DuckDBPyConnection) -> Answers:
    apply_rule(con, "clinical_step.measured_visit")
    rows = con.execute("SELECT patient_id, non_target_code FROM clinical_step.measured_visit WHERE day = 60").fetchall()
    return {name: {"status": status} for name, status in rows}


PROOFS = {
    TARGETS.title: Proof(given_sums, answer_visits("target_response", "target")),
    OVERALL.title: Proof(given_pair, answer_overall),
    SIMPLIFIED.title: Proof(given_sums, answer_visits("simplified_response", "simplified")),
    BEST.title: Proof(given_responses, answer_best("best")),
    CONFIRMED.title: Proof(
        given_responses, answer_best("confirmed"), options=(("response_confirmation", "confirmed"),)
    ),
    MEASURABLE.title: Proof(given_one_lesion, answer_measurable),
    CHOICE.title: Proof(
        given_several_lesions, answer_listed("clinical.baseline_lesion", "lesion_label", "is_target", "targets")
    ),
    NEW.title: Proof(given_new_lesion, answer_listed("clinical_step.new_lesion", "day", "proves_progression", "PD on")),
    NON_TARGETS.title: Proof(given_non_targets, answer_status),
    TIMES.title: Proof(given_course, answer_times),
}


@pytest.mark.parametrize(
    ("table", "number"),
    [(table, number) for table in TABLES if table.title in PROOFS for number in range(len(table.cases))],
    ids=[
        f"{table.title}: {' | '.join(case.values())}"
        for table in TABLES
        if table.title in PROOFS
        for case in table.cases
    ],
)
def test_case(table: SpecTable, number: int) -> None:
    answer = answers(table.title)[str(number)]
    assert {name: table.cases[number][name] for name in answer} == answer


@cache
def answers(title: str) -> Answers:
    """Run the rules on all cases of a table, once for every option."""
    (table,) = [table for table in TABLES if table.title == title]
    found: Answers = {}
    for option in {case.get("option", "") for case in table.cases}:
        with open_rules() as con:
            name, _, value = option.partition(" = ")
            set_options(con, dict(PROOFS[title].options) | ({name: value} if name else {}))
            rows: Given = {}
            for number, case in enumerate(table.cases):
                if case.get("option", "") == option:
                    for relation, more in PROOFS[title].given(case, str(number)).items():
                        rows.setdefault(relation, []).extend(more)
            for relation, listed in rows.items():
                make(con, relation, listed)
            found |= PROOFS[title].answer(con)
    return found


def make(con: duckdb.DuckDBPyConnection, relation: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Make an input relation of the rules; `2010-01-01 + 56` is a day."""
    con.execute(f"CREATE TABLE {full_names()[relation]} (site_id VARCHAR, {RELATIONS[relation]})")
    literals = ", ".join(f"('', {', '.join(literal(cell) for cell in row)})" for row in rows)
    con.execute(f"INSERT INTO {full_names()[relation]} VALUES {literals}")


def literal(cell: Any) -> str:
    if cell is None:
        return "NULL"
    start, plus, days = str(cell).partition(" + ")
    return f"DATE '{start}' + {days}" if plus else f"'{cell}'"


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def visit(
    name: str,
    day: int,
    total: str,
    *,
    is_baseline: bool = False,
    non_target: str | None = "none",
    new: bool | None = False,
) -> tuple[Any, ...]:
    """Write a visit from a sum in the tables' notation: `40?` some, `-` none, `9*` all gone, `x` no targets."""
    measured = {"-": "none", "x": "not_applicable", "?": "some"}.get(total[-1], "all")
    amount = total.strip("-x?*") or None
    return (
        name, day, is_baseline, amount, measured, total in ("0", "9*"), non_target, new, day, None, day, day, None, None,
    )  # fmt: skip


def imaging(name: str, day: int) -> tuple[Any, ...]:
    return (name, day, True, None, None, None, None)


def lesion(
    name: str,
    organ: str,
    lengths: list[str | None],
    *,
    label: str = "L1",
    role: str | None = None,
    day: int = 0,
    pattern: str = "typical",
    enhancement: str = "arterial",
) -> tuple[Any, ...]:
    is_node = organ in ("lymph_node", "porta_hepatis")
    return (name, day, label, organ, role, is_node, *lengths, enhancement or None, pattern or None, False, None)
