"""Which version of the report programs wrote the reports."""

from functools import cache
from pathlib import Path

import duckdb

from warehouse.fingerprint import read_derived, write_derived
from warehouse.parsed import fingerprint_parsed

PART = "reports"


@cache
def reports_fingerprint() -> str:
    """Hash the programs and templates of the reports, as parsed."""
    here = Path(__file__).parent
    return fingerprint_parsed(path for path in here.rglob("*") if path.suffix in {".py", ".html", ".css"})


def are_reports_marked(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the warehouse says that the present programs wrote the reports."""
    return (read_derived(con, PART) or ("",))[0] == reports_fingerprint()


def write_reports_fingerprint(con: duckdb.DuckDBPyConnection) -> None:
    """Write down that the reports are being written by the present programs."""
    if not are_reports_marked(con):
        write_derived(con, PART, fingerprint=reports_fingerprint())
