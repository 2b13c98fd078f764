"""Run an R script on data frames and read its answer: the reference that the study's statistics are compared with.

R starts slowly, so a test hands over all its cases at once: `run_r(script, {"cases": frame})["p"]`.
"""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

PROLOGUE = r"""
options(warn = 1, digits = 17, stringsAsFactors = FALSE)
.text <- function(x) {
  x <- gsub("\\", "\\\\", enc2utf8(x), fixed = TRUE)
  x <- gsub("\"", "\\\"", x, fixed = TRUE)
  x <- gsub("\n", "\\n", gsub("\t", "\\t", gsub("\r", "\\r", x, fixed = TRUE), fixed = TRUE), fixed = TRUE)
  paste0("\"", x, "\"")
}
.cells <- function(x) {
  if (is.factor(x) || is.character(x)) cells <- .text(as.character(x))
  else if (is.logical(x)) cells <- ifelse(x, "true", "false")
  else {
    cells <- sprintf("%.17g", as.double(x))
    cells[is.nan(x)] <- "NaN"
    cells[is.infinite(x)] <- ifelse(x[is.infinite(x)] > 0, "Infinity", "-Infinity")
  }
  cells[is.na(x) & !(is.numeric(x) & is.nan(x))] <- "null"
  cells
}
.json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    parts <- vapply(unclass(x), .json, "")
    if (is.data.frame(x)) parts <- vapply(x, function(column) .json(I(column)), "")
    if (is.null(names(x))) return(paste0("[", paste(parts, collapse = ","), "]"))
    return(paste0("{", paste0(.text(names(x)), ":", parts, collapse = ","), "}"))
  }
  cells <- .cells(x)
  if (length(cells) == 1 && !inherits(x, "AsIs")) return(cells)
  paste0("[", paste(cells, collapse = ","), "]")
}
"""
LONGEST_SECONDS = 300


def run_r(script: str, frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Run `script` in a new R session and return its variable `result`, a named list, as a dict.

    A vector becomes a list, one of length 1 a scalar unless the script wraps it in `I()`; a data frame becomes a dict of
    lists; numbers have 17 digits; NA and NULL become None, NaN and Inf the float's own. The names of vectors are lost.
    The test is skipped where Rscript, or a package that the script asks for by `library()`, is missing.

    Args:
        script: R code that assigns `result`; each frame is there as a data frame of its name.
        frames: the data by name; missing values become NA, categories text, truth values logical.

    Raises:
        RuntimeError: R stopped with an error; the text holds what R printed.
    """
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        readers = []
        for frame_name, frame in frames.items():
            _write(frame, room / f"{frame_name}.csv")
            classes = ", ".join(f'"{_r_class(frame[column])}"' for column in frame.columns)
            readers.append(
                f'{frame_name} <- read.csv("{frame_name}.csv", check.names = FALSE, colClasses = c({classes}))'
            )
        answer = 'writeLines(.json(result), "result.json", useBytes = TRUE)'
        (room / "script.R").write_text("\n".join([PROLOGUE, _packages(script), *readers, script, answer]), "utf-8")
        run = subprocess.run(
            [rscript, "--vanilla", "script.R"],
            cwd=room,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        if missing := re.search(r"^missing package (\S+)$", run.stdout, re.MULTILINE):
            pytest.skip(f"R's package {missing[1]} is not installed")
        if run.returncode != 0:
            raise RuntimeError(f"R stopped:\n{run.stdout}\n{run.stderr}")
        result: dict[str, Any] = json.loads((room / "result.json").read_text("utf-8"))
        return result


def _write(frame: pd.DataFrame, path: Path) -> None:
    truths = [column for column in frame.columns if _r_class(frame[column]) == "logical"]
    words = {column: [{True: "TRUE", False: "FALSE"}.get(value, "NA") for value in frame[column]] for column in truths}
    frame.assign(**words).to_csv(path, index=False, na_rep="NA", float_format="%.17g")


def _r_class(column: pd.Series) -> str:
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "boolean":
        return "logical"
    return "numeric" if kind in {"integer", "floating", "mixed-integer-float", "decimal", "empty"} else "character"


def _packages(script: str) -> str:
    names = re.findall(r"library\((\w[\w.]*)\)", script)
    return "\n".join(
        f'if (!requireNamespace("{name}", quietly = TRUE)) {{ cat("missing package {name}\\n"); quit(status = 3) }}'
        for name in names
    )
