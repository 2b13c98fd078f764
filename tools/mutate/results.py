"""The results of a run: a table that grows with every mutant, so that a run that was stopped goes on where it was."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from tools.mutate.areas import Key, Mutant
from tools.mutate.try_mutant import Trial

EQUIVALENT = Path(__file__).with_name("equivalent.csv")
"""Mutants that no test can notice, because the program means the same: path, code, before, after, and the reason."""


@dataclass(frozen=True)
class Result:
    """A row of the table: a mutant, and what became of it."""

    area: str
    path: str
    line: int
    kind: str
    code: str
    start: int
    before: str
    after: str
    outcome: str
    """Of the last time that it was tried."""
    at_first: str
    """Of the first time, before tests were written for it."""
    noticed_by: str
    files_run: int
    seconds: float

    @property
    def key(self) -> Key:
        """That of its mutant."""
        return self.path, self.code, self.start, self.before, self.after

    @property
    def is_noticed(self) -> bool:
        """Whether a test failed, or hung."""
        return self.outcome in {"noticed", "hung"}


def result_of(trial: Trial, before: Result | None) -> Result:
    """The row of a trial; the row of an earlier trial of the same mutant says what became of it at first."""
    mutant = trial.mutant
    return Result(
        mutant.area,
        mutant.path,
        mutant.line,
        mutant.change.kind,
        mutant.code,
        mutant.change.start,
        mutant.change.before,
        mutant.change.after,
        trial.outcome,
        before.at_first if before else trial.outcome,
        trial.noticed_by,
        trial.files_run,
        round(trial.seconds, 1),
    )


def read_results(path: Path) -> dict[Key, Result]:
    """Read a table that `write_results` wrote, by the key of the mutant; none when there is no file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        results = [_typed(row) for row in csv.DictReader(file)]
    return {result.key: result for result in results}


def _typed(row: Mapping[str, str]) -> Result:
    types = {"line": int, "start": int, "files_run": int, "seconds": float}
    return Result(**{name: types.get(name, str)(text) for name, text in row.items()})


def write_results(path: Path, results: Mapping[Key, Result]) -> None:
    """Write the table; the file is there whole or as it was."""
    names = [field.name for field in fields(Result)]
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(result, name) for name in names] for result in results.values())
    draft.replace(path)


def read_equivalents(path: Path = EQUIVALENT) -> dict[tuple[str, str, str, str], str]:
    """Read why a mutant is equivalent, by path, code of its line, what stands there and what would stand there instead."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["path"], row["code"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def reason_of(result: Result | Mutant, equivalents: Mapping[tuple[str, str, str, str], str]) -> str:
    """Why a mutant is equivalent; empty when it is not."""
    change = result.change if isinstance(result, Mutant) else result
    return equivalents.get((result.path, result.code, change.before, change.after), "")
