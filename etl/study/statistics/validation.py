"""Bootstrap validation of stepwise selection: how often each variable is selected, and the optimism of C and slope.

Each bootstrap sample repeats the whole selection (Harrell, Lee and Mark 1996). What the model achieves in its own sample
less what it achieves among all patients is its optimism.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from etl.study.statistics.concordance import concordance
from etl.study.statistics.cox import fit_cox
from etl.study.statistics.discrimination import c_statistic, tie
from etl.study.statistics.families import CoxFamily, Family, LogisticFamily
from etl.study.statistics.independence import independent_columns
from etl.study.statistics.logistic import fit_logistic
from etl.study.statistics.stepwise import select_forward

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class SelectionValidation:
    """What repeating a selection on bootstrap samples says of it.

    Attributes:
        frequencies: Share of the samples in which each variable was selected, in the order of the blocks.
        models: Selected sets, in the order of the blocks, and how often; the most frequent first.
        c_apparent: C statistic of the model that all patients give, among all patients.
        c_optimism: Mean over the samples of C in the sample less C among all patients.
        c_corrected: `c_apparent` less `c_optimism`.
        slope: Mean calibration slope of the samples' models among all patients: the shrinkage that is due.
        n_bootstrap: Samples drawn.
        n_without_slope: Samples that selected nothing, and thus have no slope; their C is one half.
        seed: Of numpy's PCG64 generator.
        note: A sentence on what is not as usual; else empty.
    """

    frequencies: Mapping[str, float]
    models: tuple[tuple[tuple[str, ...], int], ...]
    c_apparent: float | None
    c_optimism: float | None
    c_corrected: float | None
    slope: float | None
    n_bootstrap: int
    n_without_slope: int
    seed: int
    note: str = ""


def validate_logistic_selection(
    matrix: Numbers,
    outcome: Numbers,
    blocks: Mapping[str, Sequence[int]],
    *,
    n_bootstrap: int,
    seed: int,
    p_in: float = 0.05,
    p_out: float = 0.10,
) -> SelectionValidation:
    """Validate the selection among `blocks`, columns of `matrix`, for the log odds of `outcome`."""

    def slope(predictor: Numbers) -> float:
        fit = fit_logistic(predictor[:, None], outcome)
        return float(fit.coefficients[0]) if fit.is_converged else np.nan

    return _validate(
        lambda rows, columns: LogisticFamily(matrix[rows][:, columns], outcome[rows]),
        lambda rows, predictor: c_statistic(outcome[rows], predictor).value,
        slope,
        matrix=matrix,
        blocks=blocks,
        n_bootstrap=n_bootstrap,
        seed=seed,
        limits=(p_in, p_out),
    )


def validate_cox_selection(
    matrix: Numbers,
    time: Numbers,
    event: Numbers,
    blocks: Mapping[str, Sequence[int]],
    *,
    n_bootstrap: int,
    seed: int,
    p_in: float = 0.05,
    p_out: float = 0.10,
    ties: Literal["efron", "breslow"] = "breslow",
) -> SelectionValidation:
    """Validate the selection among `blocks`, columns of `matrix`, for the hazard of `event`; C is Harrell's."""

    def slope(predictor: Numbers) -> float:
        fit = fit_cox(predictor[:, None], time, event, ties=ties)
        return float(fit.coefficients[0]) if fit.is_converged and not fit.infinite else np.nan

    return _validate(
        lambda rows, columns: CoxFamily(matrix[rows][:, columns], time[rows], event[rows], ties=ties),
        lambda rows, predictor: concordance(tie(predictor), time[rows], event[rows]).estimate,
        slope,
        matrix=matrix,
        blocks=blocks,
        n_bootstrap=n_bootstrap,
        seed=seed,
        limits=(p_in, p_out),
    )


def _validate(
    make_family: Callable[[Rows, list[int]], Family],
    measure: Callable[[Rows, Numbers], float | None],
    slope_among_all: Callable[[Numbers], float],
    *,
    matrix: Numbers,
    blocks: Mapping[str, Sequence[int]],
    n_bootstrap: int,
    seed: int,
    limits: tuple[float, float],
) -> SelectionValidation:
    n = len(matrix)
    everybody = np.arange(n)
    generator = np.random.Generator(np.random.PCG64(seed))

    def select(rows: Rows) -> tuple[tuple[str, ...], Numbers]:
        """Select in a sample; the variables, and everybody's linear predictor by its model."""
        columns = independent_columns(matrix[rows])
        place = {column: number for number, column in enumerate(columns)}
        kept = {variable: [place[column] for column in block if column in place] for variable, block in blocks.items()}
        family = make_family(rows, columns)
        found = select_forward(family, kept, p_in=limits[0], p_out=limits[1])
        used = [columns[number] for variable in found.variables for number in kept[variable]]
        predictor = matrix[:, used] @ found.fit.parameters[family.n_always :]
        return tuple(variable for variable in blocks if variable in found.variables), predictor

    _, predictor = select(everybody)
    apparent = measure(everybody, predictor)
    sets: Counter[tuple[str, ...]] = Counter()
    optimism, slopes = [], []
    n_without_slope = n_unusable = 0
    for _ in range(n_bootstrap):
        rows = generator.integers(0, n, n)
        variables, predictor = select(rows)
        sets[variables] += 1
        inside, outside = measure(rows, predictor[rows]), measure(everybody, predictor)
        if inside is None or outside is None:
            n_unusable += 1
            continue
        optimism.append(inside - outside)
        if not variables:
            n_without_slope += 1
        else:
            slopes.append(slope_among_all(predictor))
    is_slope = np.isfinite(slopes)
    n_unusable += int((~is_slope).sum())
    mean_optimism = float(np.mean(optimism)) if optimism else None
    return SelectionValidation(
        frequencies={
            variable: sum(count for chosen, count in sets.items() if variable in chosen) / n_bootstrap
            for variable in blocks
        },
        models=tuple(sorted(sets.items(), key=lambda item: (-item[1], item[0]))),
        c_apparent=apparent,
        c_optimism=mean_optimism,
        c_corrected=None if apparent is None or mean_optimism is None else apparent - mean_optimism,
        slope=float(np.mean(np.asarray(slopes)[is_slope])) if is_slope.any() else None,
        n_bootstrap=n_bootstrap,
        n_without_slope=n_without_slope,
        seed=seed,
        note=f"{n_unusable} samples gave no C statistic or no slope." if n_unusable else "",
    )
