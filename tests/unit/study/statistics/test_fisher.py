"""Fisher's exact test: the same as listing every table with exact fractions, the same twice, and refused when too large."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.exact_tables import fisher_p, tables_with
from scipy import stats

from etl.study.statistics.fisher import fisher_exact

SMALL = st.integers(2, 4).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 4), min_size=columns, max_size=columns), min_size=2, max_size=3)
)


@given(st.lists(st.lists(st.integers(0, 25), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=150, deadline=None)
def test_a_2x2_table_has_the_exact_p(table: list[list[int]]) -> None:
    _compare_with_every_table(table)


@given(SMALL)
@settings(max_examples=80, deadline=None)
def test_a_larger_table_has_the_exact_p(table: list[list[int]]) -> None:
    _compare_with_every_table(table)


@pytest.mark.parametrize("shape", [(2, 5), (2, 4), (3, 3), (4, 3), (5, 2), (2, 7)])
def test_drawn_tables_have_the_exact_p(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(shape[0] * 10 + shape[1])
    for _ in range(4):
        _compare_with_every_table(rng.poisson(2.0 if sum(shape) > 6 else 4.0, shape).tolist())


def _compare_with_every_table(table: list[list[int]]) -> None:
    filled = [row for row in table if sum(row)]
    filled = [list(row) for row in zip(*(column for column in zip(*filled, strict=True) if sum(column)), strict=True)]
    ours = fisher_exact(table)
    if min(len(filled), len(filled[0]) if filled else 0) < 2:
        assert ours.p is None
        assert "Fewer than two" in ours.note
    else:
        assert ours.p == pytest.approx(float(fisher_p(filled)), rel=1e-12)


def test_the_oracle_lists_every_table() -> None:
    assert sorted(tables_with([1, 2], [2, 1])) == [((0, 1), (2, 0)), ((1, 0), (1, 1))]


def test_r_documents_these() -> None:
    assert fisher_exact([[3, 1], [1, 3]]).p == pytest.approx(34 / 70, rel=1e-12)  # the tea tasting lady, two-sided
    job = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
    assert fisher_exact(job).p == pytest.approx(0.7826849389656096, rel=1e-9)  # R 4.2, Agresti's job satisfaction


def test_neither_order_nor_empty_lines_change_p() -> None:
    table = np.array([[3, 0, 5, 2], [1, 4, 2, 9], [0, 1, 1, 3]])
    p = fisher_exact(table).p
    assert fisher_exact(table.T).p == p
    assert fisher_exact(table[::-1, [2, 0, 3, 1]]).p == pytest.approx(p, rel=1e-13)
    assert fisher_exact(np.pad(table, 1)).p == p


def test_ties_that_rounding_would_split_are_counted() -> None:
    # All permutations of the columns are equally probable: p counts each of them.
    table = [[0, 4, 8, 4], [8, 4, 0, 4]]
    assert fisher_exact(table).p == pytest.approx(float(fisher_p(table)), rel=1e-12)


def test_a_table_of_the_study_is_as_simulated() -> None:
    p = fisher_exact([[60, 40, 57, 50, 50], [262, 262, 262, 262, 261]]).p
    simulated = _simulated_p(np.array([[60, 40, 57, 50, 50], [262, 262, 262, 262, 261]]))
    assert p == pytest.approx(simulated, abs=0.006)  # five standard errors of 150,000 draws
    assert p is not None


def _simulated_p(table: np.ndarray, draws: int = 150_000) -> float:
    rng = np.random.default_rng(11)
    drawn = rng.multivariate_hypergeometric(table.sum(axis=0), int(table[0].sum()), size=draws)
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, table.sum() + 1)))])

    def log_probability(first: np.ndarray) -> np.ndarray:
        return -(log_factorials[first] + log_factorials[table.sum(axis=0) - first]).sum(axis=-1)

    return float(np.mean(log_probability(drawn) <= log_probability(table[0]) + 1e-9))


def test_a_hundred_times_the_study_keeps_its_digits() -> None:
    table = [[21_300, 4_400], [104_900, 26_000]]
    expected = stats.fisher_exact(table).pvalue
    assert fisher_exact(table).p == pytest.approx(expected, rel=1e-9)
    assert fisher_exact([[40, 25_660], [170, 130_730]]).p == pytest.approx(
        stats.fisher_exact([[40, 25_660], [170, 130_730]]).pvalue, rel=1e-9
    )


def test_what_takes_too_long_is_refused() -> None:
    rng = np.random.default_rng(4)
    answers = [
        fisher_exact(rng.poisson(3, (20, 20))),
        fisher_exact(rng.poisson(100, (4, 4))),
        fisher_exact(rng.poisson(90, (2, 9))),
        fisher_exact([[300, 400, 500], [500, 600, 10_000], [10_000, 20_000, 30_000]]),
    ]
    assert [answer.p for answer in answers] == [None] * 4
    assert {answer.note for answer in answers} == {"The table has too many arrangements for Fisher's exact test."}


def test_the_same_twice() -> None:
    from etl.study.statistics import fisher

    table = [[12, 7, 9, 3], [4, 11, 2, 8], [5, 5, 6, 1]]
    first = fisher_exact(table).p
    fisher._exact_p.cache_clear()
    assert fisher_exact(table).p == first


@pytest.mark.parametrize("table", [[1, 2], [[1.5, 2], [3, 4]], [[-1, 2], [3, 4]], [[float("nan"), 2], [3, 4]]])
def test_what_is_no_table_of_counts_is_refused(table: object) -> None:
    with pytest.raises(ValueError, match="a table of counts"):
        fisher_exact(table)  # type: ignore[arg-type]
