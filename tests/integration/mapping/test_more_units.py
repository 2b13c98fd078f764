"""Inches, feet, pounds and metres, in columns with a unit of their own and in those whose unit stands beside them."""

from decimal import Decimal

import pytest
from support.mapping_site import HEAD, read_site, run_table

from warehouse.errors import MappingError

OBSERVATION = (
    HEAD
    + """\
  observation:
    from: visits
    columns:
      patient_id: pid
      observed_on: {column: day, date: "%Y-%m-%d"}
      observation_code: {constant: CODE}
      value_number: {column: x, number: {}, unit: "FROM"}
      unit: {constant: INTO}
"""
)
LESION = (
    HEAD
    + """\
  tumour_baseline:
    from: visits
    columns:
      patient_id: pid
      largest_diameter_mm: {column: x, number: {}, unit: UNIT}
"""
)

CASES = [
    # code, unit of the export, unit of the canonical column, cell, value
    ("weight", "[lb_av]", "kg", "150", "68.038856"),
    ("weight", "g", "kg", "61500", "61.5"),
    ("weight", "kg", "kg", "61.5", "61.5"),
    ("height", "m", "cm", "1.62", "162"),
    ("height", "[in_i]", "cm", "64", "162.56"),
    ("height", "[ft_i]", "cm", "5.5", "167.64"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case[:3]))
def test_a_number_is_brought_to_the_unit_beside_it(tmp_path, case):
    code, unit, into, cell, value = case
    text = OBSERVATION.replace("CODE", code).replace("FROM", unit).replace("INTO", into)
    outcome = run_table(
        read_site(tmp_path, text),
        "observation",
        ["pid", "day", "x"],
        [["P1", "2010-03-05", cell], ["P2", "2010-03-05", "?"]],
    )
    assert [(row["value_number"], row["unit"]) for row in outcome.rows] == [(Decimal(value), into), (None, into)]
    assert [(problem["_record"], problem["rule"]) for problem in outcome.problems] == [(2, "not_a_number")]


@pytest.mark.parametrize(
    ("unit", "cell", "value"), [('"[in_i]"', "2", "50.8"), ("um", "30000", "30"), ("m", "0.05", "50")]
)
def test_a_column_with_a_unit_of_its_own_knows_them_too(tmp_path, unit, cell, value):
    mapping = read_site(tmp_path, LESION.replace("UNIT", unit))
    assert run_table(mapping, "tumour_baseline", ["pid", "x"], [["P1", cell]]).values("largest_diameter_mm") == [
        Decimal(value)
    ]


def test_each_row_in_its_own_unit(tmp_path):
    unit = '{column: u, recode: {in: "[in_i]", lb: kg}}'
    with pytest.raises(MappingError, match=r"'kg' cannot be converted to mm\. Known: mm, cm, m, um, \[in_i\]\."):
        read_site(tmp_path, LESION.replace("UNIT", unit))
    mapping = read_site(tmp_path, LESION.replace("UNIT", unit.replace("lb: kg", "센티: cm")))
    outcome = run_table(mapping, "tumour_baseline", ["pid", "x", "u"], [["P1", "2", "in"], ["P2", "2", "센티"]])
    assert outcome.values("largest_diameter_mm") == [Decimal("50.8"), Decimal(20)]


def test_a_unit_beside_that_is_not_constant_is_no_target(tmp_path):
    text = (
        OBSERVATION.replace("CODE", "weight")
        .replace("FROM", "[lb_av]")
        .replace("{constant: INTO}", "{column: u, recode: {kg: kg}}")
    )
    with pytest.raises(
        MappingError, match=r"'\[lb_av\]' cannot be converted to a column whose unit stands in 'unit'\."
    ):
        read_site(tmp_path, text)
