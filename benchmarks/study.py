"""Time the study of sorafenib over many times the patients, part by part, and next to R's survival on the same rows.

Left out: bootstrap samples and imputations, which repeat what is measured as often as one asks. Fisher's exact test of
wide tables is refused at this size by the study itself, and exact ties are not asked for by its file.
"""

import argparse
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from benchmarks.large_study import GIVEN, STUDY, make_large_study
from benchmarks.measure import PROJECT, Stopwatch, import_everything, tell

if TYPE_CHECKING:
    import duckdb

    from etl.study.analyses.patients import Patients

TIMES = 100


def time_study(path: Path, *, threads: int, memory_limit: str, folder: Path) -> dict[str, Any]:
    """Fill the study's views, compute, store and draw; return seconds by part, CPU seconds and peak memory.

    Args:
        path: a warehouse as of `make_large_study`.
        threads: for the database engine; linear algebra has one.
        memory_limit: for the database engine.
        folder: where R's input and the figures go.
    """
    from benchmarks.study_in_r import compare_with_r
    from etl.study.analyses.patients import Patients
    from etl.study.analyses.run import run_analyses
    from etl.study.analyses.store import write_results
    from etl.study.definition.read_study import read_study
    from warehouse.file.connect import open_warehouse, raw_connection
    from warehouse.file.transaction import transaction
    from warehouse.views.refresh import refill, refresh

    definition = read_study(PROJECT / "studies", STUDY)
    asked = definition.study.sensitivity.model_copy(update={"bootstrap": 0, "imputed": []})
    study = definition.study.model_copy(update={"sensitivity": asked})
    engine = open_warehouse(path, threads=threads, memory_limit=memory_limit)
    with raw_connection(engine) as con:
        stopwatch = Stopwatch("Filling the study's views")
        with transaction(con):
            refresh(con, given=GIVEN)
        stopwatch.begin("Reading the patients")
        patients = Patients(con, study)
        for population in study.populations:
            patients.frame(population)
        sheets, _ = run_analyses(patients, stopwatch.begin)
        stopwatch.begin("Storing, and filling the views of results")
        with transaction(con):
            numbers = write_results(con, definition, sheets)
            refill(con, reading="study")
        stopwatch.begin("Drawing the figures")
        drawn = draw_figures(con, patients, folder)
        measured = stopwatch.stop()
        return measured | {
            "patients": len(patients.frame("eligible")),
            "numbers": numbers,
            "figures": drawn,
            "next_to_r": compare_with_r(con, patients, folder),
        }


def draw_figures(con: "duckdb.DuckDBPyConnection", patients: "Patients", folder: Path) -> int:
    """Draw the curves, the forests, the flow and the incidence, and write their files; return how many."""
    from etl.study.figures.cumulative_incidence import cumulative_incidence
    from etl.study.figures.drawing import Setting
    from etl.study.figures.flow import flow
    from etl.study.figures.forest import forest
    from etl.study.figures.kaplan_meier import kaplan_meier
    from etl.study.figures.write import write_drawing

    setting = Setting("en", is_synthetic=True)
    drawings: list[Callable[[], Any]] = [
        lambda: flow(con.execute("SELECT * FROM analysis.patient_flow ORDER BY step").df(), setting)
    ]
    for name in patients.study.curves:
        steps = con.execute(
            "SELECT * FROM analysis.kaplan_meier WHERE study_id = ? AND curve = ? ORDER BY stratum_position, time_days",
            [STUDY, name],
        ).df()
        summary = con.execute(
            "SELECT stratum, value AS median, low AS median_low, high AS median_high FROM analysis.survival_summary "
            "WHERE study_id = ? AND curve = ? AND measure = 'median'",
            [STUDY, name],
        ).df()
        drawings.append(partial(kaplan_meier, steps, summary, setting=setting, name=name))
    measures: dict[str, Literal["odds_ratio", "hazard_ratio"]] = {
        "long_term": "odds_ratio",
        "overall_survival": "hazard_ratio",
    }
    for stem, measure in measures.items():
        terms = con.execute(
            "SELECT variable_label AS variable, level_label AS level, split_part(model, '_', -1) AS model, n, events, "
            "estimate, low, high, p, is_reference FROM analysis.model_term WHERE study_id = ? AND fitted_as = 'model' "
            "AND model IN (?, ?) ORDER BY variable_position, level_position",
            [STUDY, f"{stem}_univariable", f"{stem}_multivariable"],
        ).df()
        drawings.append(partial(forest, terms, setting, measure=measure, name=stem))
    for name in patients.study.sensitivity.competing:
        steps = con.execute(
            'PIVOT (SELECT group_level AS "group", level AS cause, sequence, operation, value FROM '
            "analysis_step.study_statistic WHERE analysis_id = 'incidence.' || ? AND operation IN "
            "('time_months', 'incidence', 'low', 'high')) ON operation IN (time_months, incidence, low, high) "
            'USING first(value) GROUP BY "group", cause, sequence ORDER BY cause, sequence',
            [name],
        ).df()
        steps = steps.rename(columns={"incidence": "estimate"}).assign(group=None)
        drawings.append(partial(cumulative_incidence, steps, setting))
    for draw in drawings:
        write_drawing(draw(), folder)
    return len(drawings)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time the study over many times the patients, next to R's survival.")
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--warehouse", type=Path, help="made by benchmarks.large_study; without it a new one is made")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-limit", default="1GB")
    options = parser.parse_args()
    import_everything(with_expectations=False)
    with tempfile.TemporaryDirectory() as name:
        warehouse = options.warehouse
        if warehouse is None:
            warehouse = Path(name, "large.duckdb")
            make_large_study(warehouse, times=options.times)
        tell(
            time_study(
                warehouse, threads=options.threads, memory_limit=options.memory_limit, folder=Path(name, "written")
            )
        )
