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


def write_reports_fingerprint(con: duckdb.DuckDBPyConnection) -> None:
    """Write down that the reports are being written by the present programs."""
    if (read_derived(con, PART) or ("",))[0] != reports_fingerprint():
        write_derived(con, PART, fingerprint=reports_fingerprint())
