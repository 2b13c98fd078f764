"""The R helper hands data over without loss and reads every kind of answer."""

import math

import numpy as np
import pandas as pd
import pytest
from support.r_session import run_r


def test_numbers_texts_and_truth_values_come_back_as_they_went() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "number": [*(rng.normal(size=50) * 10.0 ** rng.integers(-200, 200, 50)), 0.1, np.nan, 1 / 3],
            "whole": range(53),
            "text": ['a "quoted", word', "간\\암", "line\nbreak", *["x"] * 49, None],
            "truth": [True, False, None] * 17 + [True, False],
        }
    )
    result = run_r(
        """
        result <- list(frame = my.frame, one = 0.1, whole = I(7L), text = c("a", NA), truth = c(TRUE, NA),
                       odd = c(NaN, NA, Inf, -Inf), nothing = NULL, inner = list(a = 1, b = list(2, "c")),
                       kind = class(my.frame$truth))
        """,
        {"my.frame": frame},
    )
    numbers = [math.nan if value is None else value for value in result["frame"]["number"]]
    np.testing.assert_allclose(numbers, frame["number"], rtol=1e-15)
    assert result["frame"]["whole"] == list(range(53))
    assert result["frame"]["text"] == [*frame["text"][:-1], None]
    assert result["frame"]["truth"] == list(frame["truth"])
    assert result["kind"] == "logical"
    assert (result["one"], result["whole"], result["text"]) == (0.1, [7], ["a", None])
    assert result["truth"] == [True, None]
    assert math.isnan(result["odd"][0])
    assert result["odd"][1:] == [None, math.inf, -math.inf]
    assert result["inner"] == {"a": 1, "b": [2, "c"]}


def test_an_error_in_r_is_an_error_with_what_r_printed() -> None:
    with pytest.raises(RuntimeError, match="the reason"):
        run_r('stop("the reason")', {})


def test_a_package_that_is_missing_skips_the_test() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"no\.such\.package"):
        run_r("library(no.such.package)\nresult <- list()", {})
