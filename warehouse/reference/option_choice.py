"""Study options that a person chose with `hcc option`: who, when, and what; the newest choice of an option counts."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.errors import NotFoundError, OptionError
from warehouse.fingerprint import utc_now
from warehouse.reference.study_option import expected_value


@dataclass(frozen=True)
class Choice:
    """A value that stands in place of an option's default."""

    name: str
    value: str
    chosen_by: str
    chosen_at: datetime


def choose_option(con: duckdb.DuckDBPyConnection, name: str, value: str | None, *, by: str) -> None:
    """Record a choice in the caller's transaction; `warehouse.reference.load.load_reference` applies it.

    Args:
        con: a warehouse that is up to date.
        name: the option.
        value: its value; None takes the choice back, so that the default counts.
        by: who chose.

    Raises:
        NotFoundError: there is no such option.
        OptionError: the value is none of the option's own.
    """
    known = dict(con.execute("SELECT name, unit FROM reference.study_option").fetchall())
    if name not in known:
        raise NotFoundError(f"There is no study option '{name}'. 'hcc option list' lists them.")
    expected = "" if value is None else expected_value(con, name, value, known[name])
    if expected:
        raise OptionError(f"The option '{name}' cannot be '{value}'; expected is {expected}. Nothing was changed.")
    con.execute(
        "INSERT INTO audit.option_choice (name, value, chosen_by, chosen_at) VALUES (?, ?, ?, ?)",
        [name, value, by, utc_now()],
    )


def read_choices(con: duckdb.DuckDBPyConnection) -> tuple[Choice, ...]:
    """Read the choices that count, by name of the option."""
    rows = con.execute(
        """
        SELECT name, value, chosen_by, chosen_at FROM audit.option_choice
        QUALIFY row_number() OVER (PARTITION BY name ORDER BY chosen_at DESC, rowid DESC) = 1
        ORDER BY name
        """
    ).fetchall()
    return tuple(Choice(*row) for row in rows if row[1] is not None)


def choices_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Hash the choices that count."""
    chosen = [(choice.name, choice.value, choice.chosen_by, str(choice.chosen_at)) for choice in read_choices(con)]
    return hashlib.sha256(repr(chosen).encode()).hexdigest()
