"""Forward conditional stepwise selection: entry by score test, removal by conditional likelihood ratio without refit.

The procedure follows the published description of SPSS's FSTEP(COND); no SPSS was at hand to compare with.

1. Start with the intercept alone (logistic) or no covariate (Cox).
2. Entry: test each variable outside by the score statistic at the present estimates. Enter the one with the smallest p
   value if it is below PIN; else stop.
3. Removal: for each variable inside, take the estimates that the others would have without it by the covariance alone
   (Lawless and Singhal 1978), and compare twice the loss of log likelihood with chi-square. Remove the one with the
   largest p value if it is above POUT, fit again, and repeat 3. Stop if the smaller model was fitted before.
4. Go to 2.

A factor enters and leaves with all of its columns. The patients are the same at every step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from etl.study.statistics.block_tests import chi_square_result, score_block_test
from etl.study.statistics.families import Family, ModelFit
from etl.study.statistics.test_result import TestResult

Numbers = NDArray[np.float64]

DEPENDENT = 1e-8
"""Share of a column's information that the columns before it must leave for it to count as a degree of freedom."""


@dataclass(frozen=True)
class VariableTest:
    """The test of one variable's entry (score) or removal (conditional likelihood ratio)."""

    variable: str
    test: TestResult


@dataclass(frozen=True)
class StepwiseStep:
    """One step: an entry with the removal tests that follow it, a further removal, or the last look for an entry.

    Attributes:
        number: 1, 2, ...
        entry_tests: Of every variable outside, before the entry; empty in a further removal.
        entered: The variable that entered, or None.
        removal_tests: Of every variable inside, after the entry.
        removed: The variable that was removed, or None.
        variables: Those inside after the step, in their order of entry.
        minus_two_log_likelihood: Of the model after the step.
        note: A sentence on what is not as usual; else empty.
    """

    number: int
    entry_tests: tuple[VariableTest, ...]
    entered: str | None
    removal_tests: tuple[VariableTest, ...]
    removed: str | None
    variables: tuple[str, ...]
    minus_two_log_likelihood: float
    note: str = ""


@dataclass(frozen=True)
class Stepwise:
    """The outcome of a selection.

    Attributes:
        variables: Those selected, in their order of entry.
        columns: The columns of the selected variables, in the matrix's order.
        steps: What was done, the last look for an entry included.
        minus_two_log_likelihood_null: Of the model without any of the variables.
        fit: The last model, of the columns of `variables` in their order of entry.
        p_in: Entry needs a smaller p value.
        p_out: Removal needs a larger p value.
        stopped_because: A sentence.
    """

    variables: tuple[str, ...]
    columns: tuple[int, ...]
    steps: tuple[StepwiseStep, ...]
    minus_two_log_likelihood_null: float
    fit: ModelFit
    p_in: float
    p_out: float
    stopped_because: str


def select_forward(
    family: Family, blocks: Mapping[str, Sequence[int]], *, p_in: float = 0.05, p_out: float = 0.10
) -> Stepwise:
    """Select among the variables of `blocks`, each with the numbers of its columns in the family's matrix.

    A variable whose entry leaves a coefficient without a finite estimate is taken back at once and barred, with a note
    in its step, since nothing conditional can be computed from such a model. Raises ValueError unless
    0 < p_in <= p_out < 1.
    """
    if not 0 < p_in <= p_out < 1:
        raise ValueError(f"entry at {p_in} and removal at {p_out} could alternate for ever")
    selection = _Selection(family, {name: list(columns) for name, columns in blocks.items() if len(columns)})
    while not selection.stopped_because:
        entry_tests = selection.entry_tests()
        entered, note = selection.enter(entry_tests, p_in)
        removal_tests, removed = selection.remove(p_out) if entered else ((), None)
        selection.record(entry_tests, entered, removal_tests, removed, note)
        while removed and not selection.stopped_because:
            removal_tests, removed = selection.remove(p_out)
            selection.record((), None, removal_tests, removed, "")
    return Stepwise(
        variables=tuple(selection.inside),
        columns=tuple(sorted(selection.columns_inside)),
        steps=tuple(selection.steps),
        minus_two_log_likelihood_null=selection.null,
        fit=selection.fit,
        p_in=p_in,
        p_out=p_out,
        stopped_because=selection.stopped_because,
    )


class _Selection:
    """A selection under way: the variables inside, their fit, and the steps so far."""

    def __init__(self, family: Family, blocks: Mapping[str, list[int]]) -> None:
        self.family = family
        self.blocks = blocks
        self.inside: list[str] = []
        self.barred: set[str] = set()
        self.fitted: set[frozenset[str]] = {frozenset()}
        self.fit = family.fit([])
        self.null = -2 * self.fit.log_likelihood
        self.steps: list[StepwiseStep] = []
        self.stopped_because = self.fit.problem

    @property
    def columns_inside(self) -> list[int]:
        return [column for variable in self.inside for column in self.blocks[variable]]

    def entry_tests(self) -> tuple[VariableTest, ...]:
        """Test each variable outside by the score, adjusted for those inside: one pass over the patients for all."""
        columns, always = self.columns_inside, self.family.n_always
        inside = [*range(always), *(always + column for column in columns)]
        parameters = np.zeros(always + self.family.n_columns)
        parameters[inside] = self.fit.parameters
        score, information = self.family.score(parameters)
        tests = []
        for variable, block in self.blocks.items():
            if variable in self.inside or variable in self.barred:
                continue
            own = [always + column for column in block]
            cross = information[np.ix_(inside, own)]
            adjusted = information[np.ix_(own, own)] - cross.T @ np.linalg.solve(
                information[np.ix_(inside, inside)], cross
            )
            tests.append(VariableTest(variable, _score_test(score[own], adjusted, information[own, own])))
        return tuple(tests)

    def enter(self, tests: Sequence[VariableTest], p_in: float) -> tuple[str | None, str]:
        """Enter the variable of the smallest p value below `p_in`; its name, or None, and a note."""
        best = _smallest([test for test in tests if test.test.p is not None and test.test.p < p_in])
        if best is None:
            self.stopped_because = f"No variable outside has a score test below {p_in:g}."
            return None, ""
        larger = self.family.fit([*self.columns_inside, *self.blocks[best]])
        if larger.problem:
            self.barred.add(best)
            return None, f"{best} cannot enter. {larger.problem}"
        self.inside.append(best)
        self.fit = larger
        self.fitted.add(frozenset(self.inside))
        return best, ""

    def remove(self, p_out: float) -> tuple[tuple[VariableTest, ...], str | None]:
        """Test each variable inside, and remove the one of the largest p value above `p_out`, if any."""
        tests = tuple(VariableTest(variable, self._removal_test(variable)) for variable in self.inside)
        worst = _largest([test for test in tests if test.test.p is not None and test.test.p > p_out])
        if worst is not None:
            self.inside.remove(worst)
            self.fit = self.family.fit(self.columns_inside)
            if frozenset(self.inside) in self.fitted:
                self.stopped_because = "A removal led back to a model that was fitted before."
            self.fitted.add(frozenset(self.inside))
        return tests, worst

    def record(
        self,
        entry_tests: Sequence[VariableTest],
        entered: str | None,
        removal_tests: Sequence[VariableTest],
        removed: str | None,
        note: str,
    ) -> None:
        self.steps.append(
            StepwiseStep(
                number=len(self.steps) + 1,
                entry_tests=tuple(entry_tests),
                entered=entered,
                removal_tests=tuple(removal_tests),
                removed=removed,
                variables=tuple(self.inside),
                minus_two_log_likelihood=-2 * self.fit.log_likelihood,
                note=note,
            )
        )

    def _removal_test(self, variable: str) -> TestResult:
        """Compare the likelihood with that at the estimates which the others have, by the covariance, without it."""
        columns, always = self.columns_inside, self.family.n_always
        is_out = np.zeros(always + len(columns), dtype=np.bool_)
        is_out[[always + columns.index(column) for column in self.blocks[variable]]] = True
        estimate, covariance = self.fit.parameters, self.fit.covariance
        shift = covariance[np.ix_(~is_out, is_out)] @ np.linalg.solve(
            covariance[np.ix_(is_out, is_out)], estimate[is_out]
        )
        kept = [column for column in columns if column not in self.blocks[variable]]
        without = self.family.log_likelihood(kept, estimate[~is_out] - shift)
        loss = 2 * (self.fit.log_likelihood - without)
        return chi_square_result("conditional_likelihood_ratio", loss, int(is_out.sum()))


def _score_test(score: Numbers, adjusted: Numbers, own: Numbers) -> TestResult:
    """Test by those columns that keep information once the ones inside, and the block's earlier ones, are known."""
    used: list[int] = []
    for column in range(len(score)):
        cross = adjusted[used, column]
        left = adjusted[column, column] - cross @ np.linalg.solve(adjusted[np.ix_(used, used)], cross)
        if left > DEPENDENT * own[column]:
            used.append(column)
    if not used:
        return TestResult("score", None, 0.0, None, "The variables inside determine it.")
    return score_block_test(score[used], adjusted[np.ix_(used, used)])


def _smallest(tests: Sequence[VariableTest]) -> str | None:
    return min(tests, key=_log_p).variable if tests else None


def _largest(tests: Sequence[VariableTest]) -> str | None:
    return max(tests, key=_log_p).variable if tests else None


def _log_p(test: VariableTest) -> float:
    """Return a p value's logarithm, which still ranks what is too small for the p value itself."""
    statistic, df = test.test.statistic, test.test.df
    assert statistic is not None
    assert df is not None
    return float(chi2.logsf(statistic, df))
