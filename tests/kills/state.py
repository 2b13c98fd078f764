"""What a reader sees after a command: hashes of the warehouse's contents and of files under final names, and drafts."""

import hashlib
from typing import Any

from etl.settings import Settings
from kills.files import damaged_files, files, is_draft
from warehouse.file.connect import open_warehouse, raw_connection

# Pseudonyms rest on a key that is drawn at random.
# Numbers of loads and moments differ from run to run; what rests on them is named by delivery.
_QUESTIONS = {
    "cohort": "SELECT * EXCLUDE (patient_id) FROM analysis.cohort",
    "labs": "SELECT site_id, analyte_code, value, unit, source_record FROM current.lab_result",
    "current": "SELECT load.site_id, load.delivery FROM audit.site INNER JOIN audit.load AS load ON load_id = current_load_id",
    "loads": "SELECT DISTINCT site_id, delivery, state FROM audit.load",
    "rows": "SELECT DISTINCT load_id IN (SELECT load_id FROM audit.load) AS is_known FROM core.patient",
    "options": "SELECT name, value FROM reference.study_option",
    "numbers": "SELECT study_id, count(*) FROM analysis.result GROUP BY study_id",
}


def picture(settings: Settings) -> dict[str, str]:
    """Hash what a reader sees; a warehouse that does not open raises."""
    engine = open_warehouse(settings.warehouse_path, read_only=True)
    seen = {}
    try:
        with raw_connection(engine) as con:
            for name, sql in _QUESTIONS.items():
                rows = con.execute(f"SELECT * FROM ({sql}) ORDER BY ALL").fetchall()
                seen[name] = hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
    finally:
        engine.dispose()
    return seen


def drafts(settings: Settings) -> list[str]:
    """Name what is left of a run that did not end."""
    folder = settings.data_dir.parent
    logs = settings.data_dir.glob("*.wal")
    return sorted({str(path.relative_to(folder)) for path in folder.rglob("*") if is_draft(path, folder)} | {
        path.name for path in logs})  # fmt: skip


def whole(settings: Settings) -> dict[str, Any]:
    """Everything that is looked at, in one answer."""
    return {
        "picture": picture(settings),
        "files": files(settings),
        "damaged": damaged_files(settings),
        "drafts": drafts(settings),
    }
