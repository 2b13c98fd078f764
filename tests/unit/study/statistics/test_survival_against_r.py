"""Compare survival statistics with R's survival and cmprsk, on R's own data sets and on generated ones, in one session."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.r_session import run_r
from support.survival_cases import survival_cases

from etl.study.statistics.competing_risk import aalen_johansen
from etl.study.statistics.concordance import concordance
from etl.study.statistics.cox import fit_cox
from etl.study.statistics.gray import gray
from etl.study.statistics.log_rank import log_rank
from etl.study.statistics.proportional_hazards import proportional_hazards

pytestmark = pytest.mark.slow

TIES = ("efron", "breslow", "exact")
CASES = list(survival_cases(240, seed=20261130))
COLUMNS = ["x1", "x2", "x3"]

SCRIPT = r"""
library(survival)
library(cmprsk)
control <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
columns <- c("x1", "x2", "x3")
quietly <- function(code) suppressWarnings(tryCatch(code, error = function(e) NULL))
cox <- function(d, has.entry, has.strata, ties) quietly({
  y <- if (has.entry) Surv(d$entry, d$time, d$event) else Surv(d$time, d$event)
  formula <- if (has.strata) y ~ x1 + x2 + x3 + strata(site) else y ~ x1 + x2 + x3
  fit <- coxph(formula, data = d, ties = ties, control = control)
  answer <- list(coef = unname(coef(fit)), var = as.vector(fit$var), loglik = fit$loglik, score = fit$score)
  if (ties != "exact") for (transform in c("km", "identity")) {
    test <- quietly(cox.zph(fit, transform = transform, terms = FALSE)$table)
    answer[[transform]] <- if (is.null(test)) NULL else I(test[, "chisq"])
  }
  answer
})
can.enumerate <- function(d) {  # R walks through all draws where rows enter late
  at <- unique(d$time[d$event == 1])
  sum(sapply(at, function(t) choose(sum(d$entry < t & d$time >= t), sum(d$time == t & d$event == 1)))) < 1e5
}
analyse <- function(d, has.entry, has.strata) {
  answer <- list()
  with.exact <- nrow(d) < 1000 && (!has.entry || can.enumerate(d))
  for (ties in if (with.exact) c("efron", "breslow", "exact") else c("efron", "breslow"))
    answer[[ties]] <- cox(d, has.entry, has.strata, ties)
  y <- if (has.entry) Surv(d$entry, d$time, d$event) else Surv(d$time, d$event)
  pairs <- if (has.strata) concordance(y ~ x1 + strata(site), data = d, reverse = TRUE)$count
           else concordance(y ~ x1, data = d, reverse = TRUE)$count
  answer$pairs <- if (is.matrix(pairs)) colSums(pairs)[1:3] else pairs[1:3]
  for (name in c("plain", "stratified")) {
    formula <- if (name == "plain") Surv(time, event) ~ arm else Surv(time, event) ~ arm + strata(site)
    answer[[name]] <- quietly(survdiff(formula, data = d)$chisq)
    found <- quietly(if (name == "plain") cuminc(d$time, d$cause, d$arm) else cuminc(d$time, d$cause, d$arm, d$site))
    tests <- found$Tests
    answer[[paste0("gray_", name)]] <- if (is.null(tests)) NULL else I(tests[, "stat"])
    if (name == "plain") {
      curves <- found[setdiff(names(found), "Tests")]
      answer$curves <- lapply(unname(curves), function(curve) {
        steps <- seq(1, length(curve$time), 2)
        list(time = I(curve$time[steps]), est = I(curve$est[steps]), var = I(curve$var[steps]))
      })
      answer$labels <- I(names(curves))
    }
  }
  answer
}
bare <- function(d) { rownames(d) <- NULL; d[complete.cases(d), ] }
sets <- list(
  lung = with(lung, bare(data.frame(x1 = age, x2 = sex, x3 = wt.loss, time = time, entry = 0, event = status - 1,
    cause = (status - 1) * (1 + (ph.karno > 80)), arm = ph.ecog, site = sex))),
  veteran = with(veteran, bare(data.frame(x1 = karno, x2 = trt, x3 = age, time = time, entry = 0, event = status,
    cause = status, arm = as.integer(celltype), site = prior))),
  ovarian = with(ovarian, bare(data.frame(x1 = age, x2 = rx, x3 = ecog.ps, time = futime, entry = 0, event = fustat,
    cause = fustat, arm = rx, site = resid.ds))),
  colon = with(colon[colon$etype == 2, ], bare(data.frame(x1 = age, x2 = sex, x3 = nodes, time = time, entry = 0,
    event = status, cause = status * (1 + obstruct), arm = as.integer(rx), site = differ))),
  mgus2 = with(mgus2, bare(data.frame(x1 = age, x2 = as.integer(sex), x3 = hgb, time = ifelse(pstat == 1, ptime, futime),
    entry = 0, event = as.integer(pstat == 1 | death == 1), cause = ifelse(pstat == 1, 1, 2 * death),
    arm = as.integer(sex), site = as.integer(mspike > 1)))),
  pbc = with(pbc, bare(data.frame(x1 = age, x2 = as.integer(sex), x3 = log(bili), time = time, entry = 0,
    event = as.integer(status == 2), cause = status, arm = trt, site = stage))),
  kidney = with(kidney, bare(data.frame(x1 = age, x2 = sex, x3 = frail, time = time, entry = 0, event = status,
    cause = status, arm = as.integer(disease), site = sex))),
  heart = with(heart, bare(data.frame(x1 = age, x2 = as.integer(transplant), x3 = surgery, time = stop, entry = start,
    event = event, cause = event, arm = surgery, site = 0)))
)
result <- list(
  sets = sets,
  of.sets = lapply(names(sets), function(name) analyse(sets[[name]], name == "heart", name %in% c("colon", "pbc"))),
  of.cases = lapply(split(cases, cases$case), function(d)
    analyse(d, d$has_entry[1], d$has_strata[1]))
)
"""


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, pd.DataFrame, bool, bool, dict[str, Any]]]:
    """Name, data, has delayed entry, has strata, and what R found."""
    frames = [
        case.frame.assign(has_entry=case.has_entry, has_strata=case.has_strata).astype({"case": int}) for case in CASES
    ]
    found = run_r(SCRIPT, {"cases": pd.concat(frames, ignore_index=True)})
    by_case = found["of.cases"]
    answers = [
        (name, pd.DataFrame(columns), name == "heart", name in ("colon", "pbc"), answer)
        for (name, columns), answer in zip(found["sets"].items(), found["of.sets"], strict=True)
    ]
    answers += [(f"case {c.number}", c.frame, c.has_entry, c.has_strata, by_case[str(c.number)]) for c in CASES]
    return answers


def choice(frame: pd.DataFrame, has_entry: bool, has_strata: bool) -> dict[str, Any]:
    return {
        "entry": frame["entry"].to_numpy(float) if has_entry else None,
        "stratum": frame["site"].to_numpy() if has_strata else None,
    }


@pytest.mark.parametrize("ties", TIES)
def test_cox_models(answers, ties):
    compared = 0
    for name, frame, has_entry, has_strata, answer in answers:
        theirs = answer.get(ties)
        if theirs is None:
            continue
        options = choice(frame, has_entry, has_strata)
        fit = fit_cox(frame[COLUMNS].to_numpy(float), frame["time"], frame["event"], ties=ties, **options)
        assert fit.is_converged, name
        if fit.infinite:
            assert np.abs(np.array(theirs["coef"], float)[list(fit.infinite)]).max() > 8, name
            continue
        coefficients = np.array(theirs["coef"], dtype=float)
        assert np.isnan(coefficients).tolist() == np.isnan(fit.coefficients).tolist(), name
        np.testing.assert_allclose(fit.coefficients, coefficients, rtol=1e-8, atol=1e-9, err_msg=name)
        variance = np.array(theirs["var"]).reshape(3, 3)
        np.testing.assert_allclose(np.nan_to_num(fit.covariance), variance, rtol=1e-8, atol=1e-10, err_msg=name)
        assert [fit.log_likelihood_null, fit.log_likelihood] == pytest.approx(theirs["loglik"], rel=1e-9), name
        assert fit.score_test == pytest.approx(theirs["score"], rel=1e-8, abs=1e-9), name
        compared += 1
    assert compared > 150


@pytest.mark.parametrize("transform", ["km", "identity"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_proportional_hazards(answers, ties, transform):
    compared = 0
    for name, frame, has_entry, has_strata, answer in answers:
        theirs = (answer.get(ties) or {}).get(transform)
        if theirs is None:
            continue
        options = choice(frame, has_entry, has_strata)
        matrix, time, event = frame[COLUMNS].to_numpy(float), frame["time"], frame["event"]
        fit = fit_cox(matrix, time, event, ties=ties, **options)
        if fit.infinite:
            continue
        blocks = {str(column): [column] for column in range(3) if column not in fit.aliased}
        tests = proportional_hazards(
            matrix, time, event, fit=fit, blocks=blocks, ties=ties, transform=transform, **options
        )
        found = [test.statistic for test in (*tests.by_block.values(), tests.overall)]
        assert found == pytest.approx(theirs, rel=1e-8, abs=1e-9), name
        compared += 1
    assert compared > 150


def test_concordance(answers):
    for name, frame, has_entry, has_strata, answer in answers:
        found = concordance(frame["x1"], frame["time"], frame["event"], **choice(frame, has_entry, has_strata))
        assert [found.concordant, found.discordant, found.tied_risk] == answer["pairs"], name


@pytest.mark.parametrize("kind", ["plain", "stratified"])
def test_log_rank(answers, kind):
    compared = 0
    for name, frame, _, _, answer in answers:
        stratum = frame["site"] if kind == "stratified" else None
        found = log_rank(frame["time"], frame["event"], frame["arm"], stratum=stratum)
        if answer.get(kind) is None or found.note:
            continue
        assert found.statistic == pytest.approx(answer[kind], rel=1e-9, abs=1e-9), name
        compared += 1
    assert compared > 150


@pytest.mark.parametrize("kind", ["plain", "stratified"])
def test_gray(answers, kind):
    compared = 0
    for name, frame, _, _, answer in answers:
        stratum = frame["site"] if kind == "stratified" else None
        found = gray(frame["time"], frame["cause"], frame["arm"], stratum=stratum)
        theirs = answer.get(f"gray_{kind}")
        if theirs is None:  # R stops at the first cause without a variance
            assert any(test.note for test in found.values()), name
            continue
        for test, statistic in zip(found.values(), theirs, strict=True):
            assert (test.statistic is None) == (statistic == -1) == bool(test.note), name
            if test.statistic is not None:
                assert test.statistic == pytest.approx(statistic, rel=1e-9, abs=1e-9), name
                compared += 1
    assert compared > 300


def test_cumulative_incidence(answers):
    compared = 0
    for name, frame, _, _, answer in answers:
        curves = {f"{c.group} {c.cause}": c for c in aalen_johansen(frame["time"], frame["cause"], frame["arm"])}
        assert set(curves) == set(answer["labels"]), name
        for label, theirs in zip(answer["labels"], answer["curves"], strict=True):
            for time, estimate, variance in zip(theirs["time"], theirs["est"], theirs["var"], strict=True):
                found = curves[label].at(time)
                assert found[0] == pytest.approx(estimate, rel=1e-9, abs=1e-12), (name, label, time)
                assert found[1] == pytest.approx(variance, rel=1e-9, abs=1e-12), (name, label, time)
                compared += 1
    assert compared > 5000
