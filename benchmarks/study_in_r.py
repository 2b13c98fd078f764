"""Time what R's survival computes too, ours and R's by turns on the same rows: curves, Cox models, proportional hazards.

R reads its rows before its clock runs; ours are in the warehouse and in memory. Both must find the same likelihood.
"""

import json
import math
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from etl.study.analyses.patients import Patients

TURNS = 3
UNIVARIABLE, FULL = "overall_survival_univariable", "overall_survival_full"
PARTS = ("curves", "univariable", "full", "proportional_hazards")
_CURVE_VIEWS = ("analysis_step.survival_step", "analysis.kaplan_meier", "analysis.survival_summary")
_SCRIPT = """
suppressMessages(library(survival))
rows <- read.csv("rows.csv", check.names = FALSE, stringsAsFactors = TRUE)
for (name in names(levels_of)) rows[[name]] <- factor(rows[[name]], levels = levels_of[[name]])
clock <- function(work) { started <- proc.time(); value <- work(); list(value, (proc.time() - started)[["elapsed"]]) }
os <- Surv(rows$os_time, rows$os_event)
ttp <- Surv(rows$ttp_time, rows$ttp_event)
curves <- function() {
  survfit(os ~ 1); survfit(ttp ~ 1)
  for (name in by) {
    survfit(os ~ rows[[name]]); survdiff(os ~ rows[[name]]); survdiff(os ~ rows[[name]] + strata(rows$site))
  }
}
fit <- function(names) coxph(reformulate(sprintf("`%s`", names), "os"), data = rows, ties = "breslow", model = TRUE)
for (turn in seq_len(turns)) {
  a <- clock(curves)
  b <- clock(function() lapply(variables, fit))
  c <- clock(function() fit(variables))
  d <- clock(function() { lapply(b[[1]], cox.zph); cox.zph(c[[1]]) })
  cat(a[[2]], b[[2]], c[[2]], d[[2]], sprintf("%.12g", c[[1]]$loglik[[2]]), "\\n")
}
"""


def compare_with_r(con: "duckdb.DuckDBPyConnection", patients: "Patients", folder: Path) -> dict[str, dict[str, float]]:
    """Return by part the median seconds of R and of ours, and their ratio; empty without R."""
    from threadpoolctl import threadpool_limits

    from etl.study.analyses.curves import compare_curves
    from etl.study.analyses.fitted import Fitted, fit_model
    from etl.study.analyses.models import check_proportionality
    from warehouse.views.refresh import read_views

    study = patients.study
    model = study.models[UNIVARIABLE]
    variables = list(model.variables)
    views = {view.name: view.sql for view in read_views()}
    fitted: dict[str, list[Fitted]] = {}

    def curves() -> None:
        for name in _CURVE_VIEWS:
            con.execute(f"CREATE OR REPLACE TABLE {name} AS {views[name]}")
        list(compare_curves(patients))

    def univariable() -> None:
        fitted["univariable"] = [fit_model(patients, UNIVARIABLE, [variable], model=model) for variable in variables]

    def full() -> None:
        fitted["full"] = [fit_model(patients, FULL, variables, model=model)]

    def proportional() -> None:
        for name, models in fitted.items():
            check_proportionality(name, models, population=model.population)

    seconds: dict[str, list[float]] = {name: [] for name in PARTS}
    with threadpool_limits(limits=1, user_api="blas"):
        for _ in range(TURNS):
            for name, work in zip(PARTS, (curves, univariable, full, proportional), strict=True):
                seconds[name].append(_time(work))
    in_r, likelihood = _time_r(patients, folder, variables)
    ours = fitted["full"][0].fit.log_likelihood
    assert ours is not None and math.isclose(ours, likelihood, rel_tol=1e-9), f"R finds {likelihood}, ours is {ours}"
    return {
        name: {
            "bare": median(in_r[name]),
            "ours": median(seconds[name]),
            "ratio": median(seconds[name]) / median(in_r[name]),
        }
        for name in PARTS
    }


def _time_r(patients: "Patients", folder: Path, variables: list[str]) -> tuple[dict[str, list[float]], float]:
    frame = patients.frame("eligible")
    by = [curve.by for curve in patients.study.curves.values() if curve.by]
    rows = frame[list(dict.fromkeys([*variables, *by]))].assign(site=frame["site_id"])
    for short, endpoint in (("os", "overall_survival"), ("ttp", "time_to_progression")):
        rows = rows.assign(**{f"{short}_time": frame[f"{endpoint}:time"], f"{short}_event": frame[f"{endpoint}:event"]})
    folder.mkdir(exist_ok=True)
    rows.to_csv(folder / "rows.csv", index=False, na_rep="NA", float_format="%.17g")
    levels = {name: list(rows[name].cat.categories) for name in rows.columns if hasattr(rows[name], "cat")}
    head = [
        f"levels_of <- list({', '.join(f'`{name}` = {_strings(words)}' for name, words in levels.items())})",
        f"by <- {_strings(by)}; variables <- {_strings(variables)}; turns <- {TURNS}",
    ]
    (folder / "study.R").write_text("\n".join([*head, _SCRIPT]), encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "study.R"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    turns = [[float(number) for number in line.split()] for line in done.strip().splitlines()]
    return {name: [turn[place] for turn in turns] for place, name in enumerate(PARTS)}, turns[0][-1]


def _strings(words: list[Any]) -> str:
    return f"c({', '.join(json.dumps(str(word), ensure_ascii=False) for word in words)})"


def _time(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
