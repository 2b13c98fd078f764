"""A load's findings as its hospital may read them: in its own files' words, without mapping, model or other hospitals' patients."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from etl.findings import RULES
from etl.report.sentences import Address, Paid, complete, join_sentence

_KEPT = (
    "severity", "file", "sheet", "record", "line", "cell", "source_column", "rule", "found", "expected",
    "rows_quarantined", "cells_set_aside",
)  # fmt: skip
_LIST_FILE = re.compile(r"^codes/.*?\.csv: ")
"""What an unlisted code names before the codes: the file of the mapping that lists them."""


def word_for_hospital(
    con: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]], *, site_id: str, load_id: int
) -> list[dict[str, Any]]:
    """Word findings for their hospital.

    A value that the sentence for the hospital does not name is empty: it may be another hospital's pseudonym, or a name
    of the model. A patient who was withdrawn has the place that the last delivery gave, not a pseudonym.

    Args:
        con: the warehouse.
        rows: rows of `quality.source_finding`, of rules about which the hospital can do something.
        site_id: the hospital.
        load_id: its load.
    """
    withdrawn = [row["found"] for row in rows if row["rule"] == "patient_withdrawn"]
    last_places = _last_places(con, withdrawn, site_id=site_id, load_id=load_id) if withdrawn else {}
    return [_worded(row, last_places) for row in rows]


def _worded(row: dict[str, Any], last_places: dict[str, dict[str, Any]]) -> dict[str, Any]:
    rule = RULES[row["rule"]]
    says = rule.says_to_hospital or rule.says
    told = {name: row[name] for name in _KEPT}
    source = told["file"]
    if rule.name == "patient_withdrawn":
        told |= last_places.get(row["found"], {})
        source = f"{told['file']} of the last delivery" if told["file"] else "the last delivery"
    elif source is None:
        source = _as_a_whole(row)
    told["found"] = row["found"] if "{found}" in says else None
    told["expected"] = _LIST_FILE.sub("", row["expected"] or "") or None if "{expected}" in says else None
    told["sentence"] = join_sentence(
        complete(says, shows=rule.shows, found=told["found"], expected=told["expected"]),
        address=Address(source, *(told[name] for name in ("sheet", "record", "line", "source_column", "cell"))),
        paid=Paid(told["rows_quarantined"], told["cells_set_aside"]),
        found_count=row["found_count"] if told["found"] else 1,
    )
    told["for_hospital"] = rule.for_hospital
    return told


def _as_a_whole(row: dict[str, Any]) -> str | None:
    """Name what no single column holds by its meaning: `the delivery (cause of death)`."""
    touched = [touch["column"] for touch in row["touches"] or () if touch["column"]]
    if row["source_column"] or not touched:
        return None
    return f"the delivery ({touched[0].removesuffix('_code').replace('_', ' ')})"


def _last_places(
    con: duckdb.DuckDBPyConnection, patient_ids: Iterable[str], *, site_id: str, load_id: int
) -> dict[str, dict[str, Any]]:
    """Read where the newest earlier load that holds a patient has the patient's record; nothing where none is left."""
    answer = con.execute(
        """SELECT patient.patient_id, file.file, file.sheet, patient.source_record AS record,
            run.from_line + patient.source_record - run.from_record AS line
        FROM core.patient AS patient
        INNER JOIN audit.load AS load ON patient.load_id = load.load_id
        LEFT JOIN audit.source_file AS file ON patient.source_id = file.source_id
        ASOF LEFT JOIN audit.record_run AS run
            ON patient.source_id = run.source_id AND patient.source_record >= run.from_record
        WHERE load.site_id = $site AND load.load_id < $load AND list_contains($patients, patient.patient_id)
        QUALIFY row_number() OVER (PARTITION BY patient.patient_id ORDER BY patient.load_id DESC) = 1""",
        {"site": site_id, "load": load_id, "patients": list(patient_ids)},
    )
    names = [column[0] for column in answer.description or ()]
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in answer.fetchall()}
