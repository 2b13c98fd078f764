"""Design matrices: complete rows, reference levels, and what is left out with a note."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from etl.study.statistics.design import DesignColumn, build_design
from etl.study.statistics.independence import independent_columns
from etl.study.statistics.logistic import fit_logistic


def factor(values: list[str | None], levels: list[str]) -> pd.Categorical:
    return pd.Categorical(values, categories=levels, ordered=True)


def test_a_missing_factor_leaves_its_row_out_and_is_not_the_reference() -> None:
    frame = pd.DataFrame({"stage": factor(["B", "C", None, "C"], ["B", "C"]), "age": [50.0, 60.0, 70.0, np.nan]})
    design = build_design(frame, ["stage", "age"])
    assert design.is_complete.tolist() == [True, True, False, False]
    assert dict(design.missing) == {"stage": 1, "age": 1}
    assert design.matrix.tolist() == [[0.0], [1.0]]  # two patients cannot tell age from stage
    assert design.variables == ("stage",)


def test_missing_as_reference_would_change_the_printed_ratios() -> None:
    """The paper's ECOG: 132, 102, 4 of 258 (20 missing), 577, 572, 80 of 1,309 (80 missing): 0.779 and 0.219."""
    values = (
        ["0"] * 132 + ["1"] * 102 + ["2-4"] * 4 + [None] * 20 + ["0"] * 577 + ["1"] * 572 + ["2-4"] * 80 + [None] * 80
    )
    outcome = np.repeat([1.0, 0.0], [258, 1309])
    design = build_design(pd.DataFrame({"ecog": factor(values, ["0", "1", "2-4"])}), ["ecog"])
    assert design.block("ecog") == [0, 1]
    assert design.references == {"ecog": "0"}
    right = np.exp(fit_logistic(design.matrix, outcome[design.is_complete]).coefficients)
    assert right == pytest.approx([102 * 577 / (132 * 572), 4 * 577 / (132 * 80)], rel=1e-10)
    assert right == pytest.approx([0.779, 0.219], abs=5e-4)
    zeros = np.column_stack([[value == "1" for value in values], [value == "2-4" for value in values]]).astype(float)
    assert np.exp(fit_logistic(zeros, outcome).coefficients) == pytest.approx([0.771, 0.216], abs=5e-4)


def test_levels_nobody_has_are_left_out_and_the_reference_moves() -> None:
    frame = pd.DataFrame({"x": factor(["c", "b", "c", "d"], ["a", "b", "c", "d", "e"])})
    design = build_design(frame, ["x"])
    assert design.columns == (DesignColumn("x", "c"), DesignColumn("x", "d"))
    assert design.references == {"x": "b"}
    assert design.matrix.tolist() == [[1, 0], [0, 0], [1, 0], [0, 1]]
    assert design.notes == (
        "x: no complete patient has 'a', 'e'.",
        "x: the reference is 'b', since no complete patient has 'a'.",
    )


def test_a_level_that_only_incomplete_patients_have_is_absent() -> None:
    frame = pd.DataFrame({"x": factor(["a", "b", "c", "b"], ["a", "b", "c"]), "y": [1.0, 2.0, np.nan, 4.0]})
    design = build_design(frame, ["x", "y"])
    assert design.columns == (DesignColumn("x", "b"), DesignColumn("y", None))
    assert design.notes == ("x: no complete patient has 'c'.",)


def test_what_does_not_vary_or_is_determined_is_left_out() -> None:
    frame = pd.DataFrame(
        {
            "one": factor(["a"] * 5, ["a", "b"]),
            "same": [3.3] * 5,
            "x": [1.0, 2.0, 4.0, 1.0, 7.0],
            "twice": [3.0, 5.0, 9.0, 3.0, 15.0],
            "kept": [0.0, 1.0, 0.0, 0.0, 1.0],
        }
    )
    design = build_design(frame, list(frame))
    assert design.variables == ("x", "kept")
    assert design.notes == (
        "one is left out: the complete patients have only the level 'a' of it.",
        "same is left out: every complete patient has the same number.",
        "twice is left out: the columns before it determine it.",
    )


def test_no_complete_patient_leaves_nothing() -> None:
    frame = pd.DataFrame({"x": factor([None, None], ["a", "b"]), "y": [1.0, 2.0]})
    design = build_design(frame, ["x", "y"])
    assert design.matrix.shape == (0, 0)
    assert design.notes[0] == "x is left out: the complete patients have no level of it."


def test_no_variable_keeps_every_row() -> None:
    assert build_design(pd.DataFrame({"x": [1.0, 2.0]}), []).matrix.shape == (2, 0)


@pytest.mark.parametrize(
    ("frame", "variables", "error"),
    [
        ({"x": ["a", "b"]}, ["x"], TypeError),
        ({"x": [1.0, np.inf]}, ["x"], ValueError),
        ({"x": [1.0, 2.0]}, ["x", "x"], ValueError),
        ({"x": [1.0, 2.0]}, ["y"], KeyError),
    ],
)
def test_wrong_input_is_refused(frame: dict, variables: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        build_design(pd.DataFrame(frame), variables)


@pytest.mark.parametrize("seed", range(30))
def test_independent_columns_are_those_that_raise_the_rank(seed: int) -> None:
    """The rank in exact fractions, column by column."""
    generator = np.random.default_rng(seed)
    base = generator.integers(-2, 3, (12, 4))
    mixed = np.column_stack([base, base @ generator.integers(-2, 3, (4, 3)), np.full(12, 5)])
    mixed = mixed[:, generator.permutation(mixed.shape[1])]
    expected, chosen = [], np.ones((12, 1), dtype=int)
    for number in range(mixed.shape[1]):
        larger = np.column_stack([chosen, mixed[:, number]])
        if rank(larger) > rank(chosen):
            expected.append(number)
            chosen = larger
    units = 10.0 ** generator.integers(-8, 9, mixed.shape[1])
    assert independent_columns(mixed * units) == expected


def rank(matrix: np.ndarray) -> int:
    rows = [[Fraction(int(value)) for value in row] for row in matrix]
    found = 0
    for column in range(matrix.shape[1]):
        pivot = next((row for row in range(found, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for row in range(found + 1, len(rows)):
            share = rows[row][column] / rows[found][column]
            rows[row] = [a - share * b for a, b in zip(rows[row], rows[found], strict=True)]
        found += 1
    return found
