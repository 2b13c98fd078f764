"""BCLC and ALBI of the warehouse's SQL against the slow reading, on every combination and on a grid of values."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import duckdb
import pytest
from oracle.scores import Tumour, possible_stages, read_albi

from warehouse.views.rules import apply_rule, open_rules, set_options

FLAGS = (True, False, None)
TUMOURS = [
    Tumour(*inputs, *count, size)
    for inputs in product((0, 1, 2, 3, 4, None), ("A", "B", "C", None), FLAGS, FLAGS)
    for count in [*product((1, 2, 3, 4), (True, False)), (None, True)]
    for size in [*map(Fraction, ("20", "20.1", "30", "30.1", "50", "50.1")), None]
]
VALUES = [(Fraction(b, 100), Fraction(a, 100)) for b in range(0, 3000, 23) for a in range(0, 600, 5)]
"""Bilirubin in mg/dL and albumin in g/dL."""

GIVEN = "n INT, ecog SMALLINT, cp VARCHAR, mvi BOOLEAN, spread BOOLEAN, count SMALLINT, qualifier VARCHAR, mm DECIMAL(18, 6)"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_rules() as connection:
        yield connection


@pytest.mark.parametrize(
    ("large", "ecog_1"),
    [
        ("A", True),
        *(pytest.param(*chosen, marks=pytest.mark.slow) for chosen in (("B", True), ("A", False), ("B", False))),
    ],
)
def test_every_combination_has_the_stages_that_are_possible(
    con: duckdb.DuckDBPyConnection, large: str, ecog_1: bool
) -> None:
    set_options(con, {"bclc_single_above_5_cm": large, "bclc_ecog_1_is_advanced": str(ecog_1).lower()})
    con.execute("CREATE SCHEMA current")
    rows: list[tuple[object, ...]] = [
        (
            number, tumour.ecog, tumour.child_pugh, tumour.has_invasion, tumour.has_spread, tumour.least_count,
            "exact" if tumour.is_exact else "at_least", None if tumour.largest_mm is None else float(tumour.largest_mm),
        )
        for number, tumour in enumerate(TUMOURS)
    ]  # fmt: skip
    make(con, "given", rows, GIVEN)
    person = "'' AS site_id, n AS patient_id"
    organs = ", ".join(
        f"spread AS has_{organ}_metastasis"
        for organ in ("lymph_node", "lung", "bone", "brain", "adrenal", "peritoneum", "other")
    )
    for relation, columns in {
        "current.patient": "NULL::VARCHAR AS bclc_reported_code, NULL::DATE AS bclc_assessed_on",
        "current.tumour_baseline": f"count AS nodule_count, qualifier AS nodule_count_qualifier, "
        f"mm AS largest_diameter_mm, {organs}",
        "clinical.performance_status": "ecog",
        "clinical.child_pugh": "cp AS child_pugh_code",
        "clinical.portal_vein_invasion": "NULL::VARCHAR AS vp_code, mvi AS is_macrovascular",
    }.items():
        con.execute(f"CREATE VIEW {relation} AS SELECT {person}, {columns} FROM given")
    apply_rule(con, "clinical.bclc")
    found = con.execute("SELECT possible_stages, derived_code FROM clinical.bclc ORDER BY patient_id").fetchall()
    for tumour, (stages, stage) in zip(TUMOURS, found, strict=True):
        wanted = possible_stages(tumour, single_above_5_cm=large, is_ecog_1_advanced=ecog_1)
        assert (stages, stage) == (wanted, wanted if len(wanted) == 1 else None), tumour


def test_albi_on_a_grid_of_values(con: duckdb.DuckDBPyConnection) -> None:
    rows: list[tuple[object, ...]] = [
        (number, code, float(value))
        for number, values in enumerate(VALUES)
        for code, value in zip(("bilirubin_total", "albumin"), values, strict=True)
    ]
    make(con, "given", rows, "n INT, code VARCHAR, value DECIMAL(18, 6)")
    con.execute("CREATE VIEW clinical.index_date AS SELECT DISTINCT '' AS site_id, n AS patient_id FROM given")
    con.execute(
        "CREATE VIEW clinical.baseline_lab AS SELECT '' AS site_id, n AS patient_id, code AS analyte_code, value, "
        "NULL::VARCHAR AS value_qualifier, DATE '2010-01-01' AS taken_on FROM given"
    )
    con.execute(
        "CREATE VIEW clinical_step.baseline_result AS SELECT *, NULL::VARCHAR AS value_fault, 1 AS from_last "
        "FROM clinical.baseline_lab"
    )
    apply_rule(con, "clinical.albi")
    found = con.execute("SELECT albi_score, albi_grade, malbi_grade FROM clinical.albi ORDER BY patient_id").fetchall()
    for values, (score, grade, modified) in zip(VALUES, found, strict=True):
        wanted = read_albi(*values)
        assert (grade, modified) == (wanted[1:] if wanted else (None, None)), values
        assert score == (pytest.approx(wanted[0], abs=1e-9) if wanted else None)


def make(con: duckdb.DuckDBPyConnection, name: str, rows: list[tuple[object, ...]], columns: str) -> None:
    con.execute(f"CREATE TABLE {name} ({columns})")
    literals = ", ".join(f"({', '.join('NULL' if cell is None else repr(cell) for cell in row)})" for row in rows)
    con.execute(f"INSERT INTO {name} VALUES {literals}")
