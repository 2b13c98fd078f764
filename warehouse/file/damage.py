"""Say that a warehouse file is damaged, and what to restore; DuckDB names a block and a checksum instead."""

import re
from pathlib import Path

import duckdb

from warehouse.errors import EnvironmentRefusal
from warehouse.file.versions import newest_version, with_ending

_DRAFT = re.compile(r"\.draft-[0-9a-f]+(?=\.duckdb$)")
_VERSION = re.compile(r"(?P<stem>.+)\.(?P<number>[0-9]+)\.duckdb")


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether DuckDB found a block that is not what was written: for that it has no class of its own."""
    return type(error) is duckdb.Error or isinstance(error, duckdb.SerializationException)


def damaged_warehouse(path: Path, error: duckdb.Error) -> EnvironmentRefusal:
    """Make the error: where the file is, what DuckDB said of it, and what takes its place.

    Args:
        path: the file, one of the numbered versions or a warehouse without versions.
        error: what DuckDB raised.
    """
    path = _published(path)
    found = str(error).splitlines()[0]
    before = _version_before(path)
    if before is not None:
        advice = (
            f"Move it away: the version before it, {before.name}, is then the warehouse; repeat what was done since."
        )
    else:
        advice = (
            "Move it away and put a backup of it in its place; without one, 'hcc ingest-all' makes a new warehouse of "
            "the deliveries under data/raw, with the same pseudonyms as long as the keys are there."
        )
    return EnvironmentRefusal(f"The warehouse file {path} is damaged ({found}). {advice}")


def refuse_log(version: Path) -> None:
    """Refuse a published version with a write-ahead log next to it.

    Versions are checkpointed before they get their name and never written afterwards, so another program has begun a
    change and not finished it. Part of it may be lost: DuckDB reads a log that was cut short without an error.

    Raises:
        EnvironmentRefusal: there is such a log.
    """
    log = with_ending(version, ".wal")
    if _VERSION.fullmatch(version.name) is None or not log.exists() or log.stat().st_size == 0:
        return
    raise EnvironmentRefusal(
        f"Next to the warehouse file {version} lies {log.name}, a log of changes that another program began and did not "
        "finish; whether all of them are in it cannot be known. Delete the log to keep what was published; or, to keep "
        f"the changes too, open {version.name} in that program, check them, and run CHECKPOINT."
    )


def _published(path: Path) -> Path:
    """Name the version that a writer's draft was copied from; any other file is meant itself."""
    base = path.with_name(_DRAFT.sub("", path.name))
    return path if base == path else newest_version(base) or base


def _version_before(path: Path) -> Path | None:
    named = _VERSION.fullmatch(path.name)
    if named is None:
        return None
    older = [
        (int(other["number"]), file)
        for file in path.parent.iterdir()
        if (other := _VERSION.fullmatch(file.name)) is not None
        and other["stem"] == named["stem"]
        and int(other["number"]) < int(named["number"])
    ]
    return max(older)[1] if older else None
