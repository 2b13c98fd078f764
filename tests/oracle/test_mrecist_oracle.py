"""The rules of response against a slow, obvious reading, on generated patients: the same answer for each, no exception."""

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from oracle.assessments import read_course
from oracle.mrecist import Options, best_responses, read_visits
from support.view_names import full_names

from warehouse.views.rules import apply_rule, open_rules, set_options

CHOICES: dict[str, tuple[Any, ...]] = {
    "min_abs_increase_mm": (Fraction(0), Fraction(5), Fraction(5, 2)),
    "pr_kept_until_pd": (False, True),
    "simplified_growth_reference": ("nadir", "baseline"),
    "confirmation_days": (28, 0, 56),
    "confirmation_max_ne": (1, 0, 2),
    "confirmation_max_sd": (0, 1),
    "minimum_sd_days": (42, 0, 56),
    "disease_after_cr": ("progression", "as_read"),
    "target_lesions_from": ("hospital", "derived"),
    "date_back": ("every_proof", "growth_only", "none"),
    "treated_target": ("evaluable", "not_evaluable"),
    "baseline_window_days": (61, 28, 0),
    "assessment_window_days": (14, 7, 0),
    "porta_hepatis_node_mm": (20, 15),
    "porta_hepatis_node_rise_mm": (5, 0),
    "new_node_mm": (15, 10),
    "new_lesion_by": ("reader", "description", "ask"),
    "nadir_zero_rise_mm": (Fraction(0), Fraction(5)),
}
TEXT, INTEGER, LENGTH, YES = pa.string(), pa.int64(), pa.decimal128(18, 6), pa.bool_()
SIZES = (0, 3, 5, 7, 9, 10, "10.5", "13.999999", 14, 15, 19, 20, 21, "24.5", 30, 42)


@pytest.mark.parametrize("seed", range(4))
def test_rules_agree_with_the_slow_reading(seed: int) -> None:
    compare_visits(300, seed)
    compare_best(300, seed)
    compare_lesions(120, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 108))
def test_rules_agree_with_the_slow_reading_on_many(seed: int) -> None:
    compare_visits(3000, seed)
    compare_best(3000, seed)
    compare_lesions(1000, seed)


def compare_visits(patients: int, seed: int) -> None:
    """Every visit's target, overall and simplified response."""
    rng = random.Random(f"visits {seed}")  # noqa: S311
    options, con = open_with_options(rng)
    drawn = {f"p{number}": list(draw_visits(rng)) for number in range(patients)}
    fill(
        con,
        "measured_visit",
        {"patient_id": TEXT, "day": INTEGER, "is_baseline": YES, "target_sum_mm": pa.decimal128(12, 6),
         "targets_measured": TEXT, "are_targets_gone": YES, "non_target_code": TEXT, "has_new_lesion": YES,
         "last_day": INTEGER, "new_lesion_day": INTEGER, "non_target_pd_day": INTEGER, "new_lesion_doubt": TEXT,
         "open_sum_mm": pa.decimal128(12, 6),
         "sums_by_day": pa.list_(pa.struct([("day", INTEGER), ("sum_mm", pa.decimal128(12, 6))]))},
        [
            {"patient_id": name, **dict.fromkeys(("last_day", "new_lesion_day", "non_target_pd_day"), visit["day"])} | visit
            for name, visits in drawn.items()
            for visit in visits
        ],
    )  # fmt: skip
    apply_rule(con, "clinical.visit_response")
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, *answer in con.execute(
        "SELECT patient_id, target_response, overall_response, simplified_response "
        "FROM clinical.visit_response ORDER BY patient_id, day"
    ).fetchall():
        found.setdefault(name, []).append(tuple(answer))
    for name, visits in drawn.items():
        wanted = read_visits([exact(visit) for visit in visits], options)
        assert found[name] == wanted, (seed, options, visits)


def compare_best(patients: int, seed: int) -> None:
    """Every patient's best overall response, unconfirmed and confirmed."""
    rng = random.Random(f"best {seed}")  # noqa: S311
    options, con = open_with_options(rng)
    drawn = {}
    for number in range(patients):
        gap = rng.choice((7, 14, 28, 42))
        visits = {
            rng.choice((1, 2, 3)) * gap + 14 * position: rng.choice(("CR", "PR", "SD", "PD", "NE", "IR/SD", "PR", "SD"))
            for position in range(rng.randint(0, 7))
        }
        responses = list(visits.items())
        drawn[f"p{number}"] = (responses, rng.choice((None, None, 28, 56, 90)))
    rows: list[dict[str, Any]] = []
    for name, (responses, therapy) in drawn.items():
        patient = {"patient_id": name, "reading": "lesions", "new_therapy_day": therapy}
        rows += [patient | {"day": day, "response": kind} for day, kind in responses or [(None, None)]]
    columns = {"patient_id": TEXT, "reading": TEXT, "day": INTEGER, "response": TEXT, "new_therapy_day": INTEGER}
    fill(con, "reported_response", columns, rows)
    apply_rule(con, "clinical.best_response")
    found = {
        name: tuple(best)
        for name, *best in con.execute(
            "SELECT patient_id, best_unconfirmed, best_confirmed FROM clinical.best_response"
        ).fetchall()
    }
    for name, (responses, therapy) in drawn.items():
        assert found[name] == best_responses(responses, therapy, options), (seed, options, sorted(responses), therapy)


def compare_lesions(patients: int, seed: int) -> None:
    """Every visit of patients of whom only days of imaging and lesions are given, and the day that its response takes."""
    rng = random.Random(f"lesions {seed}")  # noqa: S311
    options, con = open_with_options(rng)
    drawn = {f"p{number}": draw_course(rng) for number in range(patients)}
    fill(
        con,
        "imaging_day",
        {"patient_id": TEXT, "day": INTEGER, "can_measure_viable": YES, "non_target_code": TEXT, "has_new_lesion": YES,
         "modality_codes": pa.list_(TEXT), "new_therapy_day": INTEGER},
        [
            {"patient_id": name, "new_therapy_day": therapy} | day
            for name, (days, _, therapy) in drawn.items()
            for day in days
        ],
    )  # fmt: skip
    fill(
        con,
        "measured_lesion",
        {"patient_id": TEXT, "day": INTEGER, "lesion_label": TEXT, "organ_code": TEXT, "role_code": TEXT, "is_node": YES,
         "viable_diameter_mm": LENGTH, "whole_diameter_mm": LENGTH, "short_axis_mm": LENGTH, "enhancement_code": TEXT,
         "pattern_code": TEXT, "is_treated_before": YES, "has_malignant_cells": YES},
        [{"patient_id": name} | lesion for name, (_, lesions, _) in drawn.items() for lesion in lesions],
    )  # fmt: skip
    apply_rule(con, "clinical.visit_response")
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, *answer in con.execute(
        "SELECT patient_id, day, visit.target_sum_mm, visit.targets_measured, visit.non_target_code, visit.has_new_lesion, "
        "response.overall_response, COALESCE(response.progression_day, response.response_day) "
        "FROM clinical_step.measured_visit AS visit "
        "INNER JOIN clinical.visit_response AS response USING (patient_id, day) ORDER BY patient_id, day"
    ).fetchall():
        found.setdefault(name, []).append(tuple(answer))
    for name, (days, lesions, therapy) in drawn.items():
        wanted = [
            (
                visit["day"], visit["target_sum_mm"], visit["targets_measured"], visit["non_target_code"],
                visit["has_new_lesion"] if not visit["is_baseline"] else answer[4], overall, counted,
            )
            for (visit, (_, overall, _), counted), answer in zip(
                read_course(days, [exact(lesion) for lesion in lesions], options, therapy), found.get(name, []), strict=True
            )
        ]  # fmt: skip
        assert found.get(name, []) == wanted, (seed, found.get(name, []), wanted, options, days, lesions, therapy)


def open_with_options(rng: random.Random) -> tuple[Options, duckdb.DuckDBPyConnection]:
    """Draw options, half of the time the defaults."""
    chosen = {name: rng.choice(values) for name, values in CHOICES.items()} if rng.random() < 0.5 else {}
    con = open_rules()
    as_text = {
        name: str(value).lower()
        if isinstance(value, bool)
        else str(float(value) if isinstance(value, Fraction) else value)
        for name, value in chosen.items()
    }
    set_options(con, as_text)
    return Options(**chosen), con


def fill(
    con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, pa.DataType], rows: list[dict[str, Any]]
) -> None:
    """Make an input relation of the rules."""
    drawn = pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items())))
    con.register("drawn", drawn)
    con.execute(f"CREATE TABLE {full_names()[name]} AS SELECT '' AS site_id, * FROM drawn")
    con.unregister("drawn")


def exact(row: dict[str, Any]) -> dict[str, Any]:
    """Turn the decimals of a row into fractions."""
    return {name: Fraction(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def draw_visits(rng: random.Random) -> Iterator[dict[str, Any]]:
    """Draw a course whose sums gather at the borders of the rules: 70 %, 120 %, 0, a millionth beside them."""
    has_targets = rng.random() < 0.85
    sums: list[Decimal] = []
    for number in range(rng.randint(1, 7)):
        is_baseline = number == 0 and rng.random() < 0.93
        measured = rng.choices(("all", "some", "none"), (8, 1, 1))[0] if has_targets else "not_applicable"
        base = rng.choice(sums) if sums else Decimal(rng.choice((10, 35, 50, 100, 101, 333)))
        factor = rng.choice(("1", "0.7", "1.2", "0", "0.5", "1.1", "0.9", "1.3"))
        total = base * (Decimal(factor) if sums else 1) + Decimal(rng.choice((0, 0, 0, 1, -1))) / 1_000_000
        total = max(total, Decimal(0)).quantize(Decimal("0.000001")) if rng.random() < 0.98 else Decimal(0)
        sums += [total] if total > 0 else []
        yield {
            "day": number * 50,
            "is_baseline": is_baseline,
            "target_sum_mm": total if measured in ("all", "some") else None,
            "targets_measured": measured,
            "are_targets_gone": measured == "all" and (total == 0 or rng.random() < 0.05),
            "non_target_code": rng.choice(
                ("none", "CR", "IR/SD", "IR/SD", "NE", "PD" if rng.random() < 0.3 else "none", None)
            ),
            "has_new_lesion": rng.choices((False, True, None), (16, 1, 1))[0],
        }


def draw_course(rng: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int | None]:
    """Draw a patient's days of imaging, lesions and new therapy; days gather, and each shows some of the lesions."""
    has_roles = rng.random() < 0.4
    known = [draw_lesion(rng, f"L{number}") for number in range(rng.randint(0, 8))]
    late = [draw_lesion(rng, f"N{number}") for number in range(rng.randint(0, 2))]
    for lesion in known:
        lesion["role_code"] = rng.choice(("target", "non_target", None)) if has_roles else None
    for lesion in late:
        lesion["role_code"] = rng.choice(("new", "new", None)) if has_roles else None
    before = {rng.choice((-90, -62, -61, -30, -28, -7, -1, 0)) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))}
    after: set[int] = set()
    for start in range(1, 200, 40)[: rng.randint(0, 5)]:
        after |= {start + rng.choice((0, 3, 7, 8, 14, 15, 28)) for _ in range(rng.choice((1, 1, 1, 2, 3)))}
    days, lesions = [], []
    for number in sorted(before | after):
        share = rng.choice((1.0, 0.93, 0.6))
        seen = [remeasure(rng, lesion) for lesion in (known if number <= 0 else known + late) if rng.random() < share]
        if has_roles and rng.random() < 0.05:
            seen = [lesion | {"role_code": rng.choice(("new", None, "target"))} for lesion in seen]
        days.append(
            {
                "day": number,
                "can_measure_viable": rng.random() < 0.85,
                "non_target_code": rng.choice(
                    (None, None, None, None, "IR/SD", "CR", "PD" if rng.random() < 0.4 else "NE")
                ),
                "has_new_lesion": rng.choice((None, False, True if rng.random() < 0.3 else None)),
            }
        )
        lesions += [lesion | {"day": number} for lesion in seen]
    return days, lesions, rng.choice((None, None, 44, 81, 90))


def draw_lesion(rng: random.Random, label: str) -> dict[str, Any]:
    organ = rng.choice(
        ("liver", "liver", "liver", "lymph_node", "porta_hepatis", "lung", "bone", "portal_vein", "other", None)
    )
    return {
        "lesion_label": label,
        "organ_code": organ,
        "is_node": organ in ("lymph_node", "porta_hepatis"),
        "pattern_code": rng.choice(
            ("typical", "typical", "typical", "atypical", "infiltrative", "thrombus", "effusion", "necrotic", None)
        ),
        "enhancement_code": rng.choice(("arterial", "arterial", "none", "faint", "not_assessed", None)),
    }


def remeasure(rng: random.Random, lesion: dict[str, Any]) -> dict[str, Any]:
    def size() -> Decimal | None:
        return Decimal(rng.choice(SIZES)) if rng.random() < 0.9 else None

    enhancement = lesion["enhancement_code"] if rng.random() < 0.8 else rng.choice(("none", "faint", None))
    measured = {"viable_diameter_mm": size(), "whole_diameter_mm": size(), "short_axis_mm": size()}
    return (
        lesion
        | measured
        | {"enhancement_code": enhancement, "is_treated_before": rng.choice((None, False, False, True))}
        | {"has_malignant_cells": rng.choice((None, False, True))}
    )
