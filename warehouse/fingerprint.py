"""Fingerprints of the project's own files: cheap to take, so that work already done is not done again."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

PROJECT = Path(__file__).parent.parent


def fingerprint_files(files: Iterable[Path]) -> str:
    """Hash names and bytes of the files, in the order of their names."""
    digest = hashlib.sha256()
    for file in sorted(files):
        name = file.relative_to(PROJECT).as_posix() if file.is_relative_to(PROJECT) else file.name
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def read_derived(con: duckdb.DuckDBPyConnection, part: str) -> tuple[str, str | None] | None:
    """Read the fingerprint and the loads that a part was made from; None when it never was."""
    return con.execute("SELECT fingerprint, loads FROM audit.derived WHERE part = ?", [part]).fetchone()


def write_derived(con: duckdb.DuckDBPyConnection, part: str, *, fingerprint: str, loads: str | None = None) -> None:
    """Remember the fingerprint and the loads that a part was made from."""
    con.execute("DELETE FROM audit.derived WHERE part = ?", [part])
    con.execute(
        "INSERT INTO audit.derived (part, fingerprint, loads, derived_at) VALUES (?, ?, ?, ?)",
        [part, fingerprint, loads, utc_now()],
    )


def forget_derived(con: duckdb.DuckDBPyConnection, part: str) -> None:
    """Forget what a part was made from, so that it is made again."""
    con.execute("DELETE FROM audit.derived WHERE part = ?", [part])


def utc_now() -> datetime:
    """The time in UTC, without a zone, as the warehouse stores it."""
    return datetime.now(UTC).replace(tzinfo=None)
