"""Every analysis of a study, in order; each writes its numbers on sheets."""

from collections.abc import Callable, Iterator

from etl.study.analyses.curves import compare_curves, estimate_incidence
from etl.study.analyses.imputed import fit_imputed
from etl.study.analyses.models import Models, fit_models
from etl.study.analyses.onsets import analyse_onsets
from etl.study.analyses.patients import Patients
from etl.study.analyses.rates import count_rates
from etl.study.analyses.reliability import judge_models
from etl.study.analyses.result import Sheet
from etl.study.analyses.tables import compare_groups
from etl.study.analyses.variants import fit_variants

BEFORE_MODELS: dict[str, Callable[[Patients], Iterator[Sheet]]] = {
    "Comparing groups": compare_groups,
    "Comparing curves": compare_curves,
    "Estimating cumulative incidence": estimate_incidence,
    "Counting events per time": count_rates,
}
AFTER_MODELS: dict[str, Callable[[Patients, Models], Iterator[Sheet]]] = {
    "Fitting the models in other ways": fit_variants,
    "Imputing missing values": fit_imputed,
    "Analysing what begins after time zero": analyse_onsets,
    "Judging the models": judge_models,
}


def run_analyses(patients: Patients, on_step: Callable[[str], None]) -> tuple[list[Sheet], Models]:
    """Run all analyses; `on_step` is called with the name of each before it begins.

    Linear algebra runs in one thread: matrices are narrow, so that further threads mostly wait for one another (ten
    times as long on a busy machine), and the last digits do not depend on how many there are.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        return _run(patients, on_step)


def _run(patients: Patients, on_step: Callable[[str], None]) -> tuple[list[Sheet], Models]:
    sheets: list[Sheet] = []
    for name, analyse in BEFORE_MODELS.items():
        on_step(name)
        sheets += analyse(patients)
    on_step("Fitting the models")
    models = fit_models(patients)
    sheets += models.sheets
    for name, judge in AFTER_MODELS.items():
        on_step(name)
        sheets += judge(patients, models)
    return sheets, models
