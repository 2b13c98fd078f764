"""Small deliveries of the kinds that public bug reports tell of, the whole way: the right value, or a finding about it."""

from pathlib import Path

import duckdb
import pytest
from support.small_site import settings_in

from etl.pipeline import ingest
from etl.settings import Settings

MAPPING = """\
site: hill
hospital: Hill Hospital
version: 1
identity: {pid: pseudonymise}
ceilings: {refused_rows_percent: 100, refused_cells_percent: 100}
sources:
  people: {file: "people.csv"}
  labs: {file: "labs*.csv", many: true}
tables:
  patient:
    from: people
    columns:
      patient_id: pid
      birth_date: {column: born, date: "%Y-%m-%d"}
  lab_result:
    from: labs
    columns:
      patient_id: pid
      taken_on: {column: day, date: "%Y-%m-%d"}
      analyte_code: {constant: alt}
      reported_value_text: value
      reported_value: {column: value, number: {}}
      reported_unit: {constant: U/L}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def deliver(settings: Settings, files: dict[str, str]) -> Path:
    """Write the mapping and one delivery."""
    mapping = settings.mappings_dir / "hill" / "mapping.yaml"
    mapping.parent.mkdir(parents=True, exist_ok=True)
    mapping.write_text(MAPPING, encoding="utf-8")
    folder = settings.raw_dir / "hill" / "2026-11"
    folder.mkdir(parents=True)
    (folder / "SYNTHETIC.txt").write_text("synthetic\n", encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(settings: Settings, *rules: str) -> list[tuple[object, ...]]:
    """List the findings of some rules: rule, line, what was found, what was expected."""
    with duckdb.connect(settings.warehouse_path, read_only=True) as con:
        return con.execute(
            "SELECT rule, source_line, found, expected FROM quality.finding WHERE list_contains(?, rule) ORDER BY ALL",
            [rules],
        ).fetchall()


PEOPLE = "pid,born\nP1,1950-01-01\nP2,1951-01-01\n"
LABS = "pid,day,value\nP1,2010-03-05,41\n"


def test_what_lies_about_in_a_delivery_is_a_finding(settings: Settings) -> None:
    folder = deliver(settings, {"people.csv": PEOPLE, "labs.csv": LABS, ".notes": "x"})
    (folder / "old").mkdir()
    (folder / "old" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    ingest("hill", settings=settings)
    assert [row[2] for row in found(settings, "unread_entry")] == [
        ".notes (a hidden file)",
        "old/people.csv (in a subfolder)",
    ]


def test_a_duplicate_names_the_other_file(settings: Settings) -> None:
    labs = LABS + "P2,2010-03-05,7\nP2,2010-03-05,7\n"
    deliver(settings, {"people.csv": PEOPLE, "labs_1.csv": labs, "labs_1 (1).csv": LABS})
    ingest("hill", settings=settings)
    told = [(line, where) for _, line, where, _ in found(settings, "duplicate_key")]
    assert sorted(told) == [(2, "record 1 (line 2) of labs_1 (1).csv"), (4, "record 2 (line 3)")]
