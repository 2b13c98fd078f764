"""Compare logistic regression and what surrounds it with R: base R's data sets and generated ones, in one session."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.r_session import run_r

from etl.study.statistics.block_tests import wald_block_test
from etl.study.statistics.censoring_weights import censoring_weights, fit_weighted_logistic
from etl.study.statistics.discrimination import c_statistic
from etl.study.statistics.influence import logistic_influence
from etl.study.statistics.logistic import fit_logistic, likelihood_ratio_block_test

pytestmark = pytest.mark.slow

N_GENERATED = 200
COLUMNS = ["x1", "x2", "x3", "x4"]

SCRIPT = r"""
library(survival)
library(MASS)
tight <- glm.control(epsilon = 1e-14, maxit = 200)
describe <- function(d) {
  x <- as.matrix(d[, grep("^x", names(d)), drop = FALSE])
  x <- x[, apply(x, 2, function(v) !all(is.na(v))), drop = FALSE]
  fit <- suppressWarnings(glm(d$y ~ x, family = binomial, control = tight))
  # glm's covariance and leverage are those of the weights before its last step: one more step makes them those after
  fit <- suppressWarnings(glm(d$y ~ x, family = binomial, control = tight, start = coef(fit)))
  null <- glm(d$y ~ 1, family = binomial, control = tight)
  null <- glm(d$y ~ 1, family = binomial, control = tight, start = coef(null))
  less <- suppressWarnings(glm(d$y ~ x[, -(1:2)], family = binomial, control = tight))
  list(coef = unname(coef(fit)), var = as.vector(vcov(fit)), loglik = as.numeric(logLik(fit)),
       null = as.numeric(logLik(null)), converged = fit$converged, largest = max(abs(predict(fit))),
       rao = anova(null, fit, test = "Rao")$Rao[2], ratio = less$deviance - fit$deviance,
       dfbeta = as.vector((model.matrix(fit) * residuals(fit, 'response') / (1 - hatvalues(fit))) %*% vcov(fit)),
       cook = unname(cooks.distance(fit)), hat = unname(hatvalues(fit)),
       c = suppressWarnings(unname(concordance(d$y ~ signif(fitted(fit), 11))$concordance)))
}
weighted <- function(d) {
  fit <- suppressWarnings(glm(y ~ x1 + x2, family = binomial, weights = w, data = d, control = tight))
  x <- model.matrix(fit)
  bread <- solve(t(x) %*% (x * (d$w * fitted(fit) * (1 - fitted(fit)))))
  meat <- crossprod(x * (d$w * (d$y - fitted(fit))))
  list(coef = unname(coef(fit)), var = as.vector(bread %*% meat %*% bread), largest = max(abs(predict(fit))))
}
frames <- list(
  infert = with(infert, data.frame(y = case, x1 = as.numeric(education == "6-11yrs"),
    x2 = as.numeric(education == "12+ yrs"), x3 = age, x4 = spontaneous)),
  birthwt = with(birthwt, data.frame(y = low, x1 = as.numeric(race == 2), x2 = as.numeric(race == 3), x3 = lwt, x4 = smoke)),
  lung = with(na.omit(lung[c("status", "age", "sex", "ph.karno", "ph.ecog")]),
    data.frame(y = as.numeric(status == 2), x1 = age, x2 = sex, x3 = ph.karno, x4 = ph.ecog)),
  esoph = with(esoph[rep(seq_len(nrow(esoph)), 2), ], {
    weight <- c(esoph$ncases, esoph$ncontrols)
    y <- rep(c(1, 0), each = nrow(esoph))
    pick <- rep(seq_along(weight), weight)
    data.frame(y = y, x1 = as.numeric(alcgp), x2 = as.numeric(tobgp), x3 = as.numeric(agegp), x4 = as.numeric(agegp)^2)[pick, ]
  })
)
frames <- c(frames, split(cases[c("y", "x1", "x2", "x3", "x4")], cases$set))
result <- list(
  data = lapply(frames[1:4], as.list), fits = lapply(unname(frames), describe),
  weighted = lapply(unname(split(cases, cases$set)), weighted))
"""


def generate() -> pd.DataFrame:
    """Small and large sets, with rare levels, correlated numbers and units far from 1."""
    frames = []
    for number in range(N_GENERATED):
        generator = np.random.default_rng([20261130, number])
        n = int(generator.integers(30, 300))
        level = generator.integers(0, 3, n)
        x3 = generator.normal(size=n)
        x4 = (0.6 * x3 + generator.normal(size=n)) * 10.0 ** generator.integers(-3, 4)
        odds = generator.normal() + 0.7 * (level == 2) - 0.8 * x3
        frames.append(
            pd.DataFrame(
                {
                    "set": number,
                    "x1": (level == 1).astype(np.float64),
                    "x2": (level == 2).astype(np.float64),
                    "x3": x3,
                    "x4": x4,
                    "y": (generator.random(n) < 1 / (1 + np.exp(-odds))).astype(np.float64),
                    "w": generator.exponential(size=n) + 0.2,
                }
            )
        )
    return pd.concat(frames)


@pytest.fixture(scope="module")
def cases() -> pd.DataFrame:
    return generate()


@pytest.fixture(scope="module")
def answer(cases: pd.DataFrame) -> dict[str, Any]:
    return run_r(SCRIPT, {"cases": cases})


def compare(frame: pd.DataFrame, theirs: dict[str, Any]) -> bool:
    """Compare one fit; whether it could be compared, being finite."""
    matrix, outcome = frame[COLUMNS].to_numpy(np.float64), frame["y"].to_numpy(np.float64)
    fit = fit_logistic(matrix, outcome)
    if not fit.is_converged:
        assert theirs["largest"] > 10, "R's predictors are far out, too, where the outcome is separated"
        return False
    close = {"rel": 1e-8, "abs": 1e-10}
    assert [fit.intercept, *fit.coefficients] == pytest.approx(theirs["coef"], **close)
    variance = np.reshape(theirs["var"], (5, 5))
    scale = np.sqrt(np.outer(np.diag(variance), np.diag(variance)))
    assert fit.full_covariance / scale == pytest.approx(variance / scale, abs=1e-8)
    assert fit.log_likelihood == pytest.approx(theirs["loglik"], rel=1e-12)
    assert fit.log_likelihood_null == pytest.approx(theirs["null"], rel=1e-12)
    assert fit.score_test.statistic == pytest.approx(theirs["rao"], **close)
    ratio = likelihood_ratio_block_test(matrix, outcome, [0, 1], fit=fit)
    assert ratio.statistic == pytest.approx(theirs["ratio"], rel=1e-8, abs=1e-9)
    beta = np.array(theirs["coef"])[1:3]
    wald = beta @ np.linalg.solve(variance[1:3, 1:3], beta)
    assert wald_block_test(fit.coefficients, fit.covariance, [0, 1]).statistic == pytest.approx(wald, rel=1e-7)
    found = logistic_influence(matrix, outcome, fit)
    assert found is not None
    size = np.sqrt(np.diag(variance))
    assert found.dfbeta / size == pytest.approx(np.reshape(theirs["dfbeta"], (5, -1)).T / size, abs=1e-7)
    assert found.cooks_distance == pytest.approx(theirs["cook"], rel=1e-6, abs=1e-9)
    assert found.leverage == pytest.approx(theirs["hat"], rel=1e-6, abs=1e-9)
    predicted = matrix @ fit.coefficients
    assert c_statistic(outcome, predicted).value == pytest.approx(theirs["c"], abs=1e-9)
    return True


@pytest.mark.parametrize("number", range(4), ids=["infert", "birthwt", "lung", "esoph"])
def test_rs_own_data_sets(number: int, answer: dict[str, Any]) -> None:
    data = list(answer["data"].values())[number]
    assert compare(pd.DataFrame(data), answer["fits"][number])


def test_generated_sets(cases: pd.DataFrame, answer: dict[str, Any]) -> None:
    compared = [
        compare(frame, theirs) for (_, frame), theirs in zip(cases.groupby("set"), answer["fits"][4:], strict=True)
    ]
    assert sum(compared) > 0.9 * N_GENERATED


def test_weights_and_their_robust_errors(cases: pd.DataFrame, answer: dict[str, Any]) -> None:
    compared = 0
    for (_, frame), theirs in zip(cases.groupby("set"), answer["weighted"], strict=True):
        fit = fit_weighted_logistic(
            frame[["x1", "x2"]].to_numpy(np.float64), frame["y"].to_numpy(np.float64), frame["w"].to_numpy(np.float64)
        )
        if not fit.is_converged:
            assert "separated" in fit.note
            assert theirs["largest"] > 10
            continue
        compared += 1
        assert [fit.intercept, *fit.coefficients] == pytest.approx(theirs["coef"], rel=1e-8, abs=1e-9)
        assert fit.full_covariance.ravel() == pytest.approx(theirs["var"], rel=1e-7, abs=1e-10)
    assert compared > 0.9 * N_GENERATED


def test_weights_of_censoring_give_kaplan_meier_of_r() -> None:
    """R's survfit at 365 days, in all of lung and in each sex."""
    script = """
    library(survival)
    whole <- summary(survfit(Surv(time, status) ~ 1, lung), times = 365)$surv
    each <- summary(survfit(Surv(time, status) ~ sex, lung), times = 365)$surv
    result <- list(lung = lung[c("time", "status", "sex")], whole = whole, each = each)
    """
    found = run_r(script, {})
    lung = pd.DataFrame(found["lung"])
    time, event = lung["time"].to_numpy(np.float64), (lung["status"] == 2).to_numpy(np.float64)
    sex = lung["sex"].to_numpy()
    plain = censoring_weights(time, event, 365)
    assert (plain.weights * plain.is_beyond).sum() / len(time) == pytest.approx(found["whole"], abs=1e-12)
    grouped = censoring_weights(time, event, 365, group=sex)
    for label, expected in zip((1, 2), found["each"], strict=True):
        rows = sex == label
        assert (grouped.weights * grouped.is_beyond)[rows].mean() == pytest.approx(expected, abs=1e-12)
        assert grouped.weights[rows].mean() == pytest.approx(1, abs=1e-12)
